/* SPDX-License-Identifier: EUPL-1.2 */

/* The draft and its geometry: from GeoJSON, back into it, judged and measured.
 * Judged and measured is on the ground, in the city's system and on the ellipsoid,
 * never on the screen.  Main thread. */

#include "config.h"

#include "alm-geos.h"
#include "alm-map-draft-private.h"
#include "alm-utm.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char   *name;    /* as in GeoJSON */
  AlmShapeType  shape;
  guint         depth;   /* lists around a position */
  gboolean      is_multi;
} Type;

static const Type types[] = {
  { "Point", ALM_SHAPE_POINT, 0, FALSE },
  { "MultiPoint", ALM_SHAPE_POINT, 1, TRUE },
  { "LineString", ALM_SHAPE_LINE, 1, FALSE },
  { "MultiLineString", ALM_SHAPE_LINE, 2, TRUE },
  { "Polygon", ALM_SHAPE_POLYGON, 2, FALSE },
  { "MultiPolygon", ALM_SHAPE_POLYGON, 3, TRUE },
};

static void
take_position (AlmDraftRing *ring,
               AlmValue     *position)
{
  AlmDraftPlace place = { 0 };

  alm_mercator_from_lon_lat (alm_value_get_double (alm_value_get_item (position, 0)),
                             alm_value_get_double (alm_value_get_item (position, 1)),
                             &place.x, &place.y);
  place.position = alm_value_ref (position);
  g_array_append_val (ring->places, place);
}

static void
take_list (AlmMapDraft    *self,
           const AlmValue *list,
           guint           part,
           gboolean        is_hole)
{
  AlmDraftRing *ring = alm_map_draft_add_ring (self, part, is_hole);
  guint n = alm_value_get_size (list) - (self->shape == ALM_SHAPE_POLYGON ? 1 : 0);

  for (guint i = 0; i < n; i++)
    take_position (ring, alm_value_get_item (list, i));
}

/* Points lie one to a ring, so that each is a part of its own. */
static void
take_coordinates (AlmMapDraft    *self,
                  AlmValue       *coordinates,
                  guint           depth,
                  guint           part)
{
  guint n = alm_value_get_size (coordinates);

  if (depth == 0)
    take_position (alm_map_draft_add_ring (self, part, FALSE), coordinates);
  else if (depth == 1 && self->shape == ALM_SHAPE_LINE)
    take_list (self, coordinates, part, FALSE);
  else if (depth == 2 && self->shape == ALM_SHAPE_POLYGON)
    for (guint i = 0; i < n; i++)
      take_list (self, alm_value_get_item (coordinates, i), part, i > 0);
  else
    for (guint i = 0; i < n; i++)
      take_coordinates (self, alm_value_get_item (coordinates, i), depth - 1, i);
}

AlmMapDraft *
alm_map_draft_new_from (const AlmValue  *geometry,
                        GError         **error)
{
  const char *name = alm_value_get_text_of (geometry, "type");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].name, name) == 0)
      {
        AlmMapDraft *self = alm_map_draft_new_empty (types[i].shape);

        self->is_multi = types[i].is_multi;
        take_coordinates (self, alm_value_get (geometry, "coordinates"), types[i].depth, 0);
        /* Of a single point it is clear what is meant. */
        self->is_picked = strcmp (name, "Point") == 0;

        return self;
      }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "a %s cannot be reshaped",
               name != NULL ? name : "record without a place");

  return NULL;
}

/* As a geometry. */

static AlmValue *
make_position (const AlmDraftPlace *place)
{
  AlmValue *position;
  double lon, lat;

  if (place->position != NULL)
    return alm_value_ref (place->position);

  position = alm_value_new_list ();
  alm_mercator_to_lon_lat (place->x, place->y, &lon, &lat);
  alm_value_append (position, alm_value_new_double (round (lon * 1e9) / 1e9));
  alm_value_append (position, alm_value_new_double (round (lat * 1e9) / 1e9));

  return position;
}

/* Twice the ring's area, positive where it runs counter-clockwise as one sees it
 * (y goes down). */
static double
get_turn (AlmDraftRing *ring)
{
  const AlmDraftPlace *origin = alm_draft_ring_place (ring, 0);
  double sum = 0;

  for (guint i = 1; i + 1 < ring->places->len; i++)
    {
      const AlmDraftPlace *a = alm_draft_ring_place (ring, i);
      const AlmDraftPlace *b = alm_draft_ring_place (ring, i + 1);

      sum -= (a->x - origin->x) * (b->y - origin->y) - (b->x - origin->x) * (a->y - origin->y);
    }

  return sum;
}

/* Outer rings counter-clockwise, holes the other way (RFC 7946, 3.1.6); a ring
 * that nobody has touched stays as it came. */
static AlmValue *
make_list (AlmMapDraft  *self,
           AlmDraftRing *ring)
{
  AlmValue *list = alm_value_new_list ();
  guint n = ring->places->len;
  gboolean is_closed = self->shape == ALM_SHAPE_POLYGON;
  gboolean turns = is_closed && n > 2 && ring->is_touched &&
                   (get_turn (ring) > 0) == ring->is_hole;

  for (guint i = 0; i < n; i++)
    alm_value_append (list, make_position (alm_draft_ring_place (ring, turns ? (n - i) % n : i)));
  if (is_closed && n > 0)
    alm_value_append (list, make_position (alm_draft_ring_place (ring, 0)));

  return list;
}

/* Of the part that begins with ring *number, which is moved on to the next part. */
static AlmValue *
make_part (AlmMapDraft *self,
           guint       *number)
{
  AlmDraftRing *ring = alm_map_draft_ring (self, *number);
  guint part = ring->part;
  AlmValue *rings;

  if (self->shape != ALM_SHAPE_POLYGON)
    {
      (*number)++;
      return self->shape == ALM_SHAPE_LINE ? make_list (self, ring)
                                           : make_position (alm_draft_ring_place (ring, 0));
    }

  rings = alm_value_new_list ();
  while (*number < self->rings->len && alm_map_draft_ring (self, *number)->part == part)
    alm_value_append (rings, make_list (self, alm_map_draft_ring (self, (*number)++)));

  return rings;
}

static const char *
name_type (AlmShapeType shape,
           gboolean     is_multi)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].shape == shape && types[i].is_multi == is_multi)
      return types[i].name;

  g_assert_not_reached ();
}

/* "geometry-multipolygon" wants several parts, "geometry-polygon-or-multipolygon"
 * takes one. */
static gboolean
wants_several (const char *format)
{
  return format != NULL && g_str_has_prefix (format, "geometry-multi");
}

AlmValue *
alm_map_draft_to_geometry (AlmMapDraft *self,
                           const char  *format)
{
  gboolean is_multi = self->is_multi || wants_several (format);
  AlmValue *geometry = alm_value_new_object ();
  AlmValue *coordinates = NULL;
  guint number = 0;

  g_return_val_if_fail (alm_map_draft_ring (self, 0)->places->len > 0, geometry);

  if (is_multi)
    {
      coordinates = alm_value_new_list ();
      while (number < self->rings->len)
        alm_value_append (coordinates, make_part (self, &number));
    }
  else
    {
      coordinates = make_part (self, &number);
    }
  alm_value_set_text (geometry, "type", name_type (self->shape, is_multi));
  alm_value_set (geometry, "coordinates", coordinates);

  return geometry;
}

/* Judging it. */

static gboolean
is_same (const AlmDraftPlace *a,
         const AlmDraftPlace *b)
{
  return a->x == b->x && a->y == b->y;
}

/* Different places one after the other: a double click's second one is no place. */
static guint
count_different (AlmDraftRing *ring)
{
  guint n = ring->places->len;

  for (guint i = 1; i < ring->places->len; i++)
    if (is_same (alm_draft_ring_place (ring, i), alm_draft_ring_place (ring, i - 1)))
      n--;

  return n;
}

static gboolean
is_sound (AlmMapDraft *self,
          double      *x,
          double      *y)
{
  g_autoptr (AlmValue) geometry = alm_map_draft_to_geometry (self, NULL);
  double lon, lat;

  if (alm_geos_is_sound (geometry, &lon, &lat))
    return TRUE;

  if (!isnan (lon))
    alm_mercator_from_lon_lat (lon, lat, x, y);

  return FALSE;
}

AlmDraftFault
alm_map_draft_check (AlmMapDraft *self,
                     double      *x,
                     double      *y)
{
  *x = *y = NAN;
  for (guint i = 0; i < self->rings->len; i++)
    {
      AlmDraftRing *ring = alm_map_draft_ring (self, i);

      if (count_different (ring) >= alm_map_draft_least (self))
        continue;
      if (ring->places->len > 0)
        {
          *x = alm_draft_ring_place (ring, 0)->x;
          *y = alm_draft_ring_place (ring, 0)->y;
        }
      return ALM_DRAFT_FAULT_TOO_FEW;
    }

  if (self->shape == ALM_SHAPE_POLYGON && !is_sound (self, x, y))
    return ALM_DRAFT_FAULT_CROSSING;

  return ALM_DRAFT_FINE;
}

gboolean
alm_map_draft_measure (AlmMapDraft *self,
                       AlmMeasure  *measure)
{
  g_autoptr (AlmValue) geometry = NULL;
  double x, y;
  gboolean with_pointer = alm_map_draft_get_pointer (self, &x, &y);
  AlmDraftRing *first = alm_map_draft_ring (self, 0);
  AlmShapeType shape = self->shape;
  double lon, lat;

  if (self->shape == ALM_SHAPE_POINT || first->places->len + with_pointer < 2)
    return FALSE;

  if (with_pointer)
    {
      AlmDraftPlace place = { x, y, NULL };

      g_array_append_val (first->places, place);
    }
  /* Two corners of an area are a line so far. */
  if (first->places->len == 2)
    self->shape = ALM_SHAPE_LINE;
  geometry = alm_map_draft_to_geometry (self, NULL);
  self->shape = shape;
  if (with_pointer)
    g_array_set_size (first->places, first->places->len - 1);

  alm_mercator_to_lon_lat (alm_draft_ring_place (first, 0)->x,
                           alm_draft_ring_place (first, 0)->y, &lon, &lat);

  return alm_measure_geometry (geometry, alm_utm_choose (lon), measure, NULL);
}
