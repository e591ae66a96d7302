/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a geometry lies in a region.
 *
 * An edge is cut where it meets the edges of the other side; the middle of each
 * piece then tells where the whole piece lies.  So it does not matter whether
 * edges cross, touch or run along each other.  Parts of a region may share edges
 * and overlap, as districts that were put together do.
 *
 * Pure; any thread. */

#include "config.h"

#include "alm-region.h"

#include "alm-geometry-check.h"

#include <math.h>
#include <string.h>

/* 0.1 mm: what a record's body holds; nearer than this is on the boundary. */
#define NEAR  1e-9
/* To the side of an edge, to see what lies there. */
#define ASIDE 1e-8

typedef struct
{
  double x, y;
} Place;

typedef struct
{
  Place *places;    /* the last one is the first */
  guint  n;
} Ring;

/* A polygon: its shell and holes; even-odd. */
typedef struct
{
  GArray *rings;    /* (element-type Ring) */
} Part;

struct _AlmRegion
{
  gatomicrefcount ref_count;
  GPtrArray *parts;           /* (element-type Part) */
  double     w, s, e, n;      /* around all of them */
};

static void
ring_clear (gpointer data)
{
  g_free (((Ring *) data)->places);
}

static void
part_free (Part *self)
{
  g_array_unref (self->rings);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Part, part_free)

static Place
read_place (const AlmValue *position)
{
  return (Place) { alm_value_get_double (alm_value_get_item (position, 0)),
                   alm_value_get_double (alm_value_get_item (position, 1)) };
}

static Part *
read_part (const AlmValue *rings)
{
  Part *part = g_new0 (Part, 1);

  part->rings = g_array_new (FALSE, FALSE, sizeof (Ring));
  g_array_set_clear_func (part->rings, ring_clear);
  for (guint i = 0; i < alm_value_get_size (rings); i++)
    {
      const AlmValue *positions = alm_value_get_item (rings, i);
      Ring ring = { .n = alm_value_get_size (positions) };

      ring.places = g_new (Place, ring.n);
      for (guint k = 0; k < ring.n; k++)
        ring.places[k] = read_place (alm_value_get_item (positions, k));
      g_array_append_val (part->rings, ring);
    }

  return part;
}

static guint
count_positions (const AlmValue *coordinates)
{
  guint n = 0;

  if (!alm_value_is (coordinates, ALM_VALUE_LIST))
    return 0;
  if (alm_value_is_number (alm_value_get_item (coordinates, 0)))
    return 1;
  for (guint i = 0; i < alm_value_get_size (coordinates); i++)
    n += count_positions (alm_value_get_item (coordinates, i));

  return n;
}

static void
find_box (AlmRegion *self)
{
  self->w = self->s = INFINITY;
  self->e = self->n = -INFINITY;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const Ring *shell = &g_array_index (((Part *) self->parts->pdata[i])->rings, Ring, 0);

      for (guint k = 0; k < shell->n; k++)
        {
          self->w = fmin (self->w, shell->places[k].x - NEAR);
          self->e = fmax (self->e, shell->places[k].x + NEAR);
          self->s = fmin (self->s, shell->places[k].y - NEAR);
          self->n = fmax (self->n, shell->places[k].y + NEAR);
        }
    }
}

AlmRegion *
alm_region_new (const AlmValue  *geometry,
                char           **reason)
{
  const AlmValue *coordinates = alm_value_get (geometry, "coordinates");
  g_autoptr (AlmRegion) self = NULL;

  if (!alm_geometry_check ("geometry-polygon-or-multipolygon", geometry, reason))
    return NULL;
  if (count_positions (coordinates) > ALM_REGION_POSITIONS_MAX)
    {
      if (reason != NULL)
        *reason = g_strdup_printf ("has %u positions, at most %d are allowed",
                                   count_positions (coordinates), ALM_REGION_POSITIONS_MAX);
      return NULL;
    }

  self = g_new0 (AlmRegion, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  if (strcmp (alm_value_get_text_of (geometry, "type"), "Polygon") == 0)
    g_ptr_array_add (self->parts, read_part (coordinates));
  else
    for (guint i = 0; i < alm_value_get_size (coordinates); i++)
      g_ptr_array_add (self->parts, read_part (alm_value_get_item (coordinates, i)));
  find_box (self);

  return g_steal_pointer (&self);
}

AlmRegion *
alm_region_ref (AlmRegion *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_region_unref (AlmRegion *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->parts);
  g_free (self);
}

static gboolean
is_on_edge (Place p,
            Place a,
            Place b)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  double length = dx * dx + dy * dy;
  double t = length > 0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;

  return hypot (a.x + t * dx - p.x, a.y + t * dy - p.y) <= NEAR;
}

typedef enum { OUTSIDE, ON_BOUNDARY, INSIDE } Where;

static Where
find_in_part (const Part *part,
              Place       p)
{
  gboolean inside = FALSE;

  for (guint i = 0; i < part->rings->len; i++)
    {
      const Ring *ring = &g_array_index (part->rings, Ring, i);

      for (guint k = 1; k < ring->n; k++)
        {
          Place a = ring->places[k - 1], b = ring->places[k];

          if (is_on_edge (p, a, b))
            return ON_BOUNDARY;
          /* Half-open, so that a corner on the ray counts once. */
          if ((a.y <= p.y) != (b.y <= p.y)
              && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
            inside = !inside;
        }
    }

  return inside ? INSIDE : OUTSIDE;
}

static gboolean
holds_place (const AlmRegion *self,
             Place            p)
{
  if (!(p.x >= self->w && p.x <= self->e && p.y >= self->s && p.y <= self->n))
    return FALSE;

  for (guint i = 0; i < self->parts->len; i++)
    if (find_in_part (self->parts->pdata[i], p) != OUTSIDE)
      return TRUE;

  return FALSE;
}

static void
add_cut (GArray *cuts,
         double  t)
{
  if (t > 0 && t < 1)
    g_array_append_val (cuts, t);
}

/* Where on a–b (0 to 1) does it meet c–d?  Where both run along each other, the edge
 * that leads away from there makes the cut. */
static void
cut_edge (GArray *cuts,
          Place   a,
          Place   b,
          Place   c,
          Place   d)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  double ex = d.x - c.x, ey = d.y - c.y;
  double across = dx * ey - dy * ex;
  double u, slack;

  if (across == 0 || fmax (c.x, d.x) < fmin (a.x, b.x) - NEAR
      || fmin (c.x, d.x) > fmax (a.x, b.x) + NEAR || fmax (c.y, d.y) < fmin (a.y, b.y) - NEAR
      || fmin (c.y, d.y) > fmax (a.y, b.y) + NEAR)
    return;

  u = ((c.x - a.x) * dy - (c.y - a.y) * dx) / across;
  slack = NEAR / fmax (hypot (ex, ey), NEAR);
  if (u >= -slack && u <= 1 + slack)
    add_cut (cuts, ((c.x - a.x) * ey - (c.y - a.y) * ex) / across);
}

static void
cut_by_part (GArray     *cuts,
             Place       a,
             Place       b,
             const Part *part)
{
  for (guint i = 0; i < part->rings->len; i++)
    {
      const Ring *ring = &g_array_index (part->rings, Ring, i);

      for (guint k = 1; k < ring->n; k++)
        cut_edge (cuts, a, b, ring->places[k - 1], ring->places[k]);
    }
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The middles of the pieces; empties and fills @middles (element-type Place). */
static void
find_middles (GArray *cuts,
              Place   a,
              Place   b,
              GArray *middles)
{
  const double end = 1;
  double before = 0;
  double length = hypot (b.x - a.x, b.y - a.y);

  g_array_set_size (middles, 0);
  g_array_append_val (cuts, end);
  g_array_sort (cuts, compare_doubles);
  for (guint i = 0; i < cuts->len; i++)
    {
      double t = g_array_index (cuts, double, i);
      double m = (before + t) / 2;
      Place middle = { a.x + m * (b.x - a.x), a.y + m * (b.y - a.y) };

      if ((t - before) * length > 2 * NEAR)
        g_array_append_val (middles, middle);
      before = t;
    }
  g_array_set_size (cuts, 0);
}

/* What one comparison needs again and again. */
typedef struct
{
  GArray *cuts;       /* (element-type double) */
  GArray *middles;    /* (element-type Place) */
} Work;

static gboolean
holds_edge (const AlmRegion *self,
            Place            a,
            Place            b,
            Work            *work)
{
  if (!holds_place (self, a) || !holds_place (self, b))
    return FALSE;

  for (guint i = 0; i < self->parts->len; i++)
    cut_by_part (work->cuts, a, b, self->parts->pdata[i]);
  find_middles (work->cuts, a, b, work->middles);
  for (guint i = 0; i < work->middles->len; i++)
    if (!holds_place (self, g_array_index (work->middles, Place, i)))
      return FALSE;

  return TRUE;
}

static gboolean
holds_ring (const AlmRegion *self,
            const Ring      *ring,
            Work            *work)
{
  for (guint k = 1; k < ring->n; k++)
    if (!holds_edge (self, ring->places[k - 1], ring->places[k], work))
      return FALSE;

  return TRUE;
}

/* An edge of the region that runs through the inside of @part: is there region on
 * both of its sides? */
static gboolean
holds_both_sides (const AlmRegion *self,
                  const Part      *part,
                  Place            a,
                  Place            b,
                  Work            *work)
{
  double length = hypot (b.x - a.x, b.y - a.y);
  double x = length > 0 ? -(b.y - a.y) / length * ASIDE : 0;
  double y = length > 0 ? (b.x - a.x) / length * ASIDE : 0;

  cut_by_part (work->cuts, a, b, part);
  for (guint i = 0; i < self->parts->len; i++)
    cut_by_part (work->cuts, a, b, self->parts->pdata[i]);
  find_middles (work->cuts, a, b, work->middles);
  for (guint i = 0; i < work->middles->len; i++)
    {
      Place p = g_array_index (work->middles, Place, i);

      if (find_in_part (part, p) == INSIDE
          && (!holds_place (self, (Place) { p.x + x, p.y + y })
              || !holds_place (self, (Place) { p.x - x, p.y - y })))
        return FALSE;
    }

  return TRUE;
}

/* The middle of the widest stretch inside @part on a line across it. */
static Place
find_inner (const Part *part)
{
  g_autoptr (GArray) heights = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (double));
  const Ring *shell = &g_array_index (part->rings, Ring, 0);
  double y = shell->places[0].y, gap = 0, width = -1;
  Place inner = shell->places[0];

  for (guint i = 0; i < part->rings->len; i++)
    {
      const Ring *ring = &g_array_index (part->rings, Ring, i);

      for (guint k = 1; k < ring->n; k++)
        g_array_append_val (heights, ring->places[k].y);
    }
  g_array_sort (heights, compare_doubles);
  for (guint i = 1; i < heights->len; i++)
    {
      double below = g_array_index (heights, double, i - 1);
      double above = g_array_index (heights, double, i);

      if (above - below > gap)
        {
          gap = above - below;
          y = (below + above) / 2;
        }
    }

  for (guint i = 0; i < part->rings->len; i++)
    {
      const Ring *ring = &g_array_index (part->rings, Ring, i);

      for (guint k = 1; k < ring->n; k++)
        {
          Place a = ring->places[k - 1], b = ring->places[k];
          double x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);

          if ((a.y <= y) != (b.y <= y))
            g_array_append_val (crossings, x);
        }
    }
  g_array_sort (crossings, compare_doubles);
  for (guint i = 1; i < crossings->len; i += 2)
    {
      double from = g_array_index (crossings, double, i - 1);
      double to = g_array_index (crossings, double, i);

      if (to - from > width)
        {
          width = to - from;
          inner = (Place) { (from + to) / 2, y };
        }
    }

  return inner;
}

static gboolean
holds_polygon (const AlmRegion *self,
               const AlmValue  *rings,
               Work            *work)
{
  g_autoptr (Part) part = read_part (rings);

  for (guint i = 0; i < part->rings->len; i++)
    if (!holds_ring (self, &g_array_index (part->rings, Ring, i), work))
      return FALSE;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const GArray *own = ((Part *) self->parts->pdata[i])->rings;

      for (guint k = 0; k < own->len; k++)
        {
          const Ring *ring = &g_array_index (own, Ring, k);

          for (guint m = 1; m < ring->n; m++)
            if (!holds_both_sides (self, part, ring->places[m - 1], ring->places[m], work))
              return FALSE;
        }
    }

  /* No edge runs through it: then it is inside as a whole, or fills a hole. */
  return holds_place (self, find_inner (part));
}

static gboolean
holds_line (const AlmRegion *self,
            const AlmValue  *positions,
            Work            *work)
{
  for (guint i = 1; i < alm_value_get_size (positions); i++)
    if (!holds_edge (self, read_place (alm_value_get_item (positions, i - 1)),
                     read_place (alm_value_get_item (positions, i)), work))
      return FALSE;

  return TRUE;
}

static gboolean
holds_point (const AlmRegion *self,
             const AlmValue  *position,
             Work            *work)
{
  return holds_place (self, read_place (position));
}

static gboolean
holds_geometry (const AlmRegion *self,
                const AlmValue  *geometry,
                Work            *work)
{
  static const struct
  {
    const char *type;
    gboolean    many;
    gboolean  (*holds) (const AlmRegion *self, const AlmValue *coordinates, Work *work);
  } types[] = {
    { "Point", FALSE, holds_point }, { "MultiPoint", TRUE, holds_point },
    { "LineString", FALSE, holds_line }, { "MultiLineString", TRUE, holds_line },
    { "Polygon", FALSE, holds_polygon }, { "MultiPolygon", TRUE, holds_polygon },
  };
  const char *type = alm_value_get_text_of (geometry, "type");
  const AlmValue *parts = alm_value_get (geometry, "geometries");
  const AlmValue *coordinates = alm_value_get (geometry, "coordinates");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (strcmp (types[i].type, type) != 0)
        continue;
      if (!types[i].many)
        return types[i].holds (self, coordinates, work);
      for (guint k = 0; k < alm_value_get_size (coordinates); k++)
        if (!types[i].holds (self, alm_value_get_item (coordinates, k), work))
          return FALSE;
      return TRUE;
    }

  for (guint i = 0; i < alm_value_get_size (parts); i++)
    if (!holds_geometry (self, alm_value_get_item (parts, i), work))
      return FALSE;

  return TRUE;
}

gboolean
alm_region_covers (const AlmRegion *self,
                   const AlmValue  *geometry)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) middles = g_array_new (FALSE, FALSE, sizeof (Place));
  Work work = { cuts, middles };

  /* What is no geometry lies nowhere. */
  return alm_value_is (geometry, ALM_VALUE_OBJECT)
         && alm_geometry_check ("geometry-any", geometry, NULL)
         && holds_geometry (self, geometry, &work);
}
