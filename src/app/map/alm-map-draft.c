/* SPDX-License-Identifier: EUPL-1.2 */

/* What is drawn or reshaped on the map.
 *
 * Invariants:
 *   1. A ring holds each of its places once: that an area's ring is closed is
 *      known, not stored.
 *   2. While drawing there is one ring and nothing is picked.  While reshaping
 *      every ring has as many places as its shape needs at least.
 *   3. picked names a place that is there, or is_picked is FALSE.
 *   4. A place that nobody has touched goes back into the record bit by bit as it
 *      came, height included.
 * Main thread. */

#include "config.h"

#include "alm-map-draft-private.h"

#include <math.h>

static void
place_clear (gpointer data)
{
  AlmDraftPlace *place = data;

  g_clear_pointer (&place->position, alm_value_unref);
}

static void
ring_free (gpointer data)
{
  AlmDraftRing *ring = data;

  g_array_unref (ring->places);
  g_free (ring);
}

AlmDraftRing *
alm_map_draft_add_ring (AlmMapDraft *self,
                        guint        part,
                        gboolean     is_hole)
{
  AlmDraftRing *ring = g_new0 (AlmDraftRing, 1);

  ring->places = g_array_new (FALSE, FALSE, sizeof (AlmDraftPlace));
  g_array_set_clear_func (ring->places, place_clear);
  ring->part = part;
  ring->is_hole = is_hole;
  g_ptr_array_add (self->rings, ring);

  return ring;
}

AlmMapDraft *
alm_map_draft_new_empty (AlmShapeType shape)
{
  AlmMapDraft *self = g_new0 (AlmMapDraft, 1);

  self->shape = shape;
  self->rings = g_ptr_array_new_with_free_func (ring_free);
  self->pointer_x = self->pointer_y = NAN;

  return self;
}

AlmMapDraft *
alm_map_draft_new (AlmShapeType shape)
{
  AlmMapDraft *self = alm_map_draft_new_empty (shape);

  self->is_new = TRUE;
  alm_map_draft_add_ring (self, 0, FALSE)->is_touched = TRUE;

  return self;
}

void
alm_map_draft_free (AlmMapDraft *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->rings);
  g_free (self);
}

AlmShapeType
alm_map_draft_get_shape (AlmMapDraft *self)
{
  return self->shape;
}

gboolean
alm_map_draft_is_new (AlmMapDraft *self)
{
  return self->is_new;
}

gboolean
alm_map_draft_is_changed (AlmMapDraft *self)
{
  return self->is_changed;
}

guint
alm_map_draft_count (AlmMapDraft *self)
{
  guint n = 0;

  for (guint i = 0; i < self->rings->len; i++)
    n += alm_map_draft_ring (self, i)->places->len;

  return n;
}

/* Changing it. */

static void
touch (AlmMapDraft  *self,
       AlmDraftRing *ring)
{
  ring->is_touched = TRUE;
  self->is_changed = TRUE;
}

static void
add_place (AlmMapDraft *self,
           double       x,
           double       y)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, 0);
  AlmDraftPlace place = { CLAMP (x, 0, ALM_WORLD - 1), CLAMP (y, 0, ALM_WORLD - 1), NULL };

  if (self->shape == ALM_SHAPE_POINT)
    g_array_set_size (ring->places, 0);
  g_array_append_val (ring->places, place);
  touch (self, ring);
}

static void
insert_place (AlmMapDraft *self,
              guint        number,
              guint        index,
              double       x,
              double       y)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, number);
  AlmDraftPlace place = { x, y, NULL };

  g_array_insert_val (ring->places, index, place);
  touch (self, ring);
  self->picked_ring = number;
  self->picked = index;
  self->is_picked = TRUE;
}

/* What is moved keeps its height. */
static void
move_place (AlmMapDraft *self,
            double       x,
            double       y)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, self->picked_ring);
  AlmDraftPlace *place = alm_draft_ring_place (ring, self->picked);
  double lon, lat;

  place->x = CLAMP (x, 0, ALM_WORLD - 1);
  place->y = CLAMP (y, 0, ALM_WORLD - 1);
  if (place->position != NULL && alm_value_get_size (place->position) > 2)
    {
      AlmValue *moved = alm_value_new_list ();

      alm_mercator_to_lon_lat (place->x, place->y, &lon, &lat);
      alm_value_append (moved, alm_value_new_double (round (lon * 1e9) / 1e9));
      alm_value_append (moved, alm_value_new_double (round (lat * 1e9) / 1e9));
      alm_value_append (moved, alm_value_ref (alm_value_get_item (place->position, 2)));
      alm_value_unref (place->position);
      place->position = moved;
    }
  else
    {
      g_clear_pointer (&place->position, alm_value_unref);
    }
  touch (self, ring);
}

static gboolean
find_vertex (AlmMapDraft *self,
             double       x,
             double       y,
             double       reach,
             guint       *number,
             guint       *index)
{
  double nearest = reach;
  gboolean found = FALSE;

  for (guint r = 0; r < self->rings->len; r++)
    for (guint i = 0; i < alm_map_draft_ring (self, r)->places->len; i++)
      {
        const AlmDraftPlace *place = alm_draft_ring_place (alm_map_draft_ring (self, r), i);
        double distance = hypot (place->x - x, place->y - y);

        if (distance > nearest)
          continue;
        nearest = distance;
        *number = r;
        *index = i;
        found = TRUE;
      }

  return found;
}

/* The nearest stretch; @index: of the vertex that would come into it. */
static gboolean
find_edge (AlmMapDraft *self,
           double       x,
           double       y,
           double       reach,
           guint       *number,
           guint       *index,
           double      *at_x,
           double      *at_y)
{
  double nearest = reach;
  gboolean found = FALSE;

  for (guint r = 0; r < self->rings->len; r++)
    {
      AlmDraftRing *ring = alm_map_draft_ring (self, r);
      guint n = ring->places->len;
      guint n_edges = self->shape == ALM_SHAPE_POLYGON ? n : MAX (n, 1) - 1;

      for (guint i = 0; self->shape != ALM_SHAPE_POINT && i < n_edges; i++)
        {
          const AlmDraftPlace *a = alm_draft_ring_place (ring, i);
          const AlmDraftPlace *b = alm_draft_ring_place (ring, (i + 1) % n);
          double dx = b->x - a->x, dy = b->y - a->y;
          double length = dx * dx + dy * dy;
          double t = length > 0
                     ? CLAMP (((x - a->x) * dx + (y - a->y) * dy) / length, 0.0, 1.0) : 0.0;
          double px = a->x + t * dx, py = a->y + t * dy;

          if (hypot (px - x, py - y) > nearest)
            continue;
          nearest = hypot (px - x, py - y);
          *number = r;
          *index = i + 1;
          *at_x = px;
          *at_y = py;
          found = TRUE;
        }
    }

  return found;
}

AlmDraftAnswer
alm_map_draft_click (AlmMapDraft *self,
                     double       x,
                     double       y,
                     double       reach)
{
  guint number = 0, index = 0;
  gboolean is_on;

  if (self->is_new)
    {
      add_place (self, x, y);
      return self->shape == ALM_SHAPE_POINT ? ALM_DRAFT_FINISH : ALM_DRAFT_CHANGED;
    }

  /* A single point goes where the click is, unless that is on it; of anything else
   * a vertex is picked. */
  is_on = find_vertex (self, x, y, reach, &number, &index);
  if (self->shape == ALM_SHAPE_POINT && !self->is_multi)
    {
      if (is_on)
        return ALM_DRAFT_CHANGED;
      move_place (self, x, y);
      return ALM_DRAFT_FINISH;
    }
  self->is_picked = is_on;
  if (is_on)
    {
      self->picked_ring = number;
      self->picked = index;
    }

  return ALM_DRAFT_CHANGED;
}

AlmDraftAnswer
alm_map_draft_double_click (AlmMapDraft *self,
                            double       x,
                            double       y,
                            double       reach)
{
  guint number, index;
  double at_x = x, at_y = y;

  if (self->is_new)
    return ALM_DRAFT_FINISH;
  if (find_vertex (self, x, y, reach, &number, &index))
    return ALM_DRAFT_CHANGED;
  if (!find_edge (self, x, y, reach, &number, &index, &at_x, &at_y))
    return ALM_DRAFT_UNUSED;
  insert_place (self, number, index, at_x, at_y);

  return ALM_DRAFT_CHANGED;
}

/* Picks the vertex that is @step on, over all rings and around. */
static AlmDraftAnswer
pick_next (AlmMapDraft *self,
           int          step)
{
  guint total = alm_map_draft_count (self);
  guint at = 0;

  if (self->is_new || total == 0)
    return ALM_DRAFT_UNUSED;

  for (guint r = 0; r < self->picked_ring; r++)
    at += alm_map_draft_ring (self, r)->places->len;
  at += self->picked;
  if (self->is_picked)
    at = (at + total + (guint) step) % total;
  else
    at = step > 0 ? 0 : total - 1;

  self->picked_ring = 0;
  while (at >= alm_map_draft_ring (self, self->picked_ring)->places->len)
    at -= alm_map_draft_ring (self, self->picked_ring++)->places->len;
  self->picked = at;
  self->is_picked = TRUE;

  return ALM_DRAFT_CHANGED;
}

static AlmDraftAnswer
delete_picked (AlmMapDraft *self)
{
  AlmDraftRing *ring;

  if (self->is_new || !self->is_picked)
    return ALM_DRAFT_UNUSED;

  ring = alm_map_draft_ring (self, self->picked_ring);
  if (ring->places->len <= alm_map_draft_least (self))
    return ALM_DRAFT_TOO_FEW;
  g_array_remove_index (ring->places, self->picked);
  self->picked = MIN (self->picked, ring->places->len - 1);
  touch (self, ring);

  return ALM_DRAFT_CHANGED;
}

/* In the middle of the stretch that follows; at a line's end of the one before. */
static AlmDraftAnswer
insert_after_picked (AlmMapDraft *self)
{
  const AlmDraftPlace *a, *b;
  AlmDraftRing *ring;
  guint from;

  if (self->is_new || !self->is_picked || self->shape == ALM_SHAPE_POINT)
    return ALM_DRAFT_UNUSED;

  ring = alm_map_draft_ring (self, self->picked_ring);
  from = self->picked;
  if (self->shape == ALM_SHAPE_LINE && from + 1 == ring->places->len)
    from--;
  a = alm_draft_ring_place (ring, from);
  b = alm_draft_ring_place (ring, (from + 1) % ring->places->len);
  insert_place (self, self->picked_ring, from + 1, (a->x + b->x) / 2, (a->y + b->y) / 2);

  return ALM_DRAFT_CHANGED;
}

static AlmDraftAnswer
take_last_back (AlmMapDraft *self)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, 0);

  if (!self->is_new)
    return delete_picked (self);
  if (ring->places->len > 0)
    g_array_set_size (ring->places, ring->places->len - 1);
  self->is_changed = ring->places->len > 0;

  return ALM_DRAFT_CHANGED;
}

AlmDraftAnswer
alm_map_draft_press (AlmMapDraft *self,
                     AlmDraftKey  key)
{
  switch (key)
    {
    case ALM_DRAFT_KEY_FINISH:
      return ALM_DRAFT_FINISH;

    case ALM_DRAFT_KEY_CANCEL:
      return ALM_DRAFT_CANCEL;

    case ALM_DRAFT_KEY_BACK:
      return take_last_back (self);

    case ALM_DRAFT_KEY_DELETE:
      return self->is_new ? take_last_back (self) : delete_picked (self);

    case ALM_DRAFT_KEY_INSERT:
      return insert_after_picked (self);

    case ALM_DRAFT_KEY_NEXT:
      return pick_next (self, 1);

    case ALM_DRAFT_KEY_PREVIOUS:
      return pick_next (self, -1);

    default:
      g_assert_not_reached ();
    }
}

AlmDraftAnswer
alm_map_draft_nudge (AlmMapDraft *self,
                     double       dx,
                     double       dy)
{
  const AlmDraftPlace *place;

  if (!self->is_picked)
    return ALM_DRAFT_UNUSED;

  place = alm_draft_ring_place (alm_map_draft_ring (self, self->picked_ring), self->picked);
  move_place (self, place->x + dx, place->y + dy);

  return ALM_DRAFT_CHANGED;
}

gboolean
alm_map_draft_grab (AlmMapDraft *self,
                    double       x,
                    double       y,
                    double       reach)
{
  const AlmDraftPlace *place;
  guint number, index;

  if (self->is_new || !find_vertex (self, x, y, reach, &number, &index))
    return FALSE;
  self->picked_ring = number;
  self->picked = index;
  self->is_picked = TRUE;
  place = alm_draft_ring_place (alm_map_draft_ring (self, number), index);
  self->grab_x = place->x - x;
  self->grab_y = place->y - y;

  return TRUE;
}

void
alm_map_draft_drag (AlmMapDraft *self,
                    double       x,
                    double       y)
{
  g_return_if_fail (self->is_picked);

  move_place (self, x + self->grab_x, y + self->grab_y);
}

void
alm_map_draft_point (AlmMapDraft *self,
                     double       x,
                     double       y)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

/* Drawing it. */

guint
alm_map_draft_get_n_rings (AlmMapDraft *self)
{
  return self->rings->len;
}

const AlmDraftPlace *
alm_map_draft_get_ring (AlmMapDraft *self,
                        guint        number,
                        guint       *n)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, number);

  *n = ring->places->len;

  return (const AlmDraftPlace *) (gpointer) ring->places->data;
}

gboolean
alm_map_draft_get_picked (AlmMapDraft *self,
                          guint       *ring,
                          guint       *index)
{
  *ring = self->picked_ring;
  *index = self->picked;

  return self->is_picked;
}

gboolean
alm_map_draft_get_pointer (AlmMapDraft *self,
                           double      *x,
                           double      *y)
{
  *x = self->pointer_x;
  *y = self->pointer_y;

  return self->is_new && self->shape != ALM_SHAPE_POINT && !isnan (self->pointer_x) &&
         alm_map_draft_ring (self, 0)->places->len > 0;
}
