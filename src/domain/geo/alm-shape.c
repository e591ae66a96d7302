/* SPDX-License-Identifier: EUPL-1.2 */

/* Plane geometry on what is in the columns: distance, inside, box selection, and
 * the one place that stands for a line or polygon.
 *
 * Polygons are even-odd; a boundary counts as inside.  All sums are taken
 * relative to the asset's own place, so that doubles stay exact.  Pure
 * functions; any thread. */

#include "config.h"

#include "alm-shape.h"

#include <math.h>
#include <stdlib.h>

/* Where a line is half its length; of several parts, the longest one's. */
static void
find_line_middle (const double *xy,
                  guint         n_vertices,
                  const guint  *rings,
                  guint         n_rings,
                  double       *x,
                  double       *y)
{
  double longest = -1.0;
  guint first = 0;
  guint end = n_vertices;
  double left;

  for (guint ring = 0; ring < n_rings; ring++)
    {
      guint to = ring + 1 < n_rings ? rings[ring + 1] : n_vertices;
      double length = 0.0;

      for (guint i = rings[ring] + 1; i < to; i++)
        length += hypot (xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
      if (length > longest)
        {
          longest = length;
          first = rings[ring];
          end = to;
        }
    }

  *x = xy[2 * first];
  *y = xy[2 * first + 1];
  left = longest / 2.0;
  for (guint i = first + 1; i < end; i++)
    {
      double dx = xy[2 * i] - xy[2 * i - 2];
      double dy = xy[2 * i + 1] - xy[2 * i - 1];
      double length = hypot (dx, dy);

      if (left <= length && length > 0.0)
        {
          *x = xy[2 * i - 2] + dx * left / length;
          *y = xy[2 * i - 1] + dy * left / length;
          return;
        }
      left -= length;
    }
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  const double *one = a;
  const double *two = b;

  return *one < *two ? -1 : *one > *two;
}

/* The middle of the widest stretch inside along the line of latitude @level. */
static double
find_widest_stretch (const double *xy,
                     guint         n_vertices,
                     const guint  *rings,
                     guint         n_rings,
                     double        level,
                     double       *x)
{
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (double));
  double widest = -1.0;

  for (guint ring = 0; ring < n_rings; ring++)
    {
      guint first = rings[ring];
      guint end = ring + 1 < n_rings ? rings[ring + 1] : n_vertices;

      for (guint i = first, before = end - 1; i < end; before = i++)
        {
          double y0 = xy[2 * before + 1];
          double y1 = xy[2 * i + 1];

          if ((y0 <= level) != (y1 <= level))
            {
              double at = xy[2 * before] + (level - y0) / (y1 - y0) * (xy[2 * i] - xy[2 * before]);

              g_array_append_val (crossings, at);
            }
        }
    }
  if (crossings->len > 1)
    qsort (crossings->data, crossings->len, sizeof (double), compare_doubles);
  for (guint i = 0; i + 1 < crossings->len; i += 2)
    {
      double from = g_array_index (crossings, double, i);
      double to = g_array_index (crossings, double, i + 1);

      if (to - from > widest)
        {
          widest = to - from;
          *x = (from + to) / 2.0;
        }
    }

  return widest;
}

/* A point well inside: of seven lines of latitude, the one with the widest stretch. */
static void
find_inner_point (const double *xy,
                  guint         n_vertices,
                  const guint  *rings,
                  guint         n_rings,
                  double       *x,
                  double       *y)
{
  double top = xy[1];
  double bottom = xy[1];
  double widest = -1.0;

  for (guint i = 0; i < n_vertices; i++)
    {
      top = MIN (top, xy[2 * i + 1]);
      bottom = MAX (bottom, xy[2 * i + 1]);
    }

  *x = xy[0];
  *y = xy[1];
  for (guint i = 1; i < 8; i++)
    {
      /* The middle first; later ones must be clearly wider. */
      guint eighth = i % 2 == 1 ? 4 + i / 2 : 4 - i / 2;
      double level = top + (bottom - top) * eighth / 8.0;
      double at = 0.0;
      double width = find_widest_stretch (xy, n_vertices, rings, n_rings, level, &at);

      if (width > widest * 1.2 && width > 0.0)
        {
          widest = width;
          *x = at;
          *y = level;
        }
    }
}

/* The place that stands for a shape: a line's middle, a point inside a polygon. */
void
alm_shape_find_anchor (AlmShapeType  type,
                       const double *xy,
                       guint         n_vertices,
                       const guint  *rings,
                       guint         n_rings,
                       double       *x,
                       double       *y)
{
  if (type == ALM_SHAPE_LINE)
    find_line_middle (xy, n_vertices, rings, n_rings, x, y);
  else
    find_inner_point (xy, n_vertices, rings, n_rings, x, y);
}

/* Squared distance of the origin from the stretch a–b. */
static double
distance_to_segment (double ax,
                     double ay,
                     double bx,
                     double by)
{
  double dx = bx - ax;
  double dy = by - ay;
  double length = dx * dx + dy * dy;
  double t = length > 0.0 ? CLAMP (-(ax * dx + ay * dy) / length, 0.0, 1.0) : 0.0;
  double px = ax + t * dx;
  double py = ay + t * dy;

  return px * px + py * py;
}

/* The next vertex inside the same ring: where it ends, its first one if it is closed. */
static gboolean
find_edge_end (const AlmAssetColumns *self,
               guint                  index,
               guint                  vertex,
               guint                  ring_start,
               guint                 *next)
{
  guint end = self->shape_start[index + 1];

  if (vertex + 1 < end && !self->ring_first[vertex + 1])
    {
      *next = vertex + 1;
      return TRUE;
    }
  *next = ring_start;

  return self->shape_type[index] == ALM_SHAPE_POLYGON;
}

static double
distance_to_shape (const AlmAssetColumns *self,
                   guint                  index,
                   double                 x,
                   double                 y)
{
  guint ring_start = self->shape_start[index];
  double nearest = INFINITY;
  gboolean inside = FALSE;

  for (guint i = ring_start; i < self->shape_start[index + 1]; i++)
    {
      double ax = self->shape_dx[i] - x;
      double ay = self->shape_dy[i] - y;
      double bx;
      double by;
      guint next;

      if (self->ring_first[i])
        ring_start = i;
      if (!find_edge_end (self, index, i, ring_start, &next))
        continue;
      bx = self->shape_dx[next] - x;
      by = self->shape_dy[next] - y;
      nearest = MIN (nearest, distance_to_segment (ax, ay, bx, by));
      if ((ay <= 0.0) != (by <= 0.0) && ax - ay * (bx - ax) / (by - ay) > 0.0)
        inside = !inside;
    }

  if (inside && self->shape_type[index] == ALM_SHAPE_POLYGON)
    return 0.0;

  return sqrt (nearest);
}

/* In units; 0 inside a polygon. */
double
alm_asset_columns_distance (const AlmAssetColumns *self,
                            guint                  index,
                            double                 x,
                            double                 y)
{
  double dx = x - self->wx[index];
  double dy = y - self->wy[index];

  if (self->shape_start == NULL || self->shape_type[index] == ALM_SHAPE_POINT)
    return hypot (dx, dy);

  return distance_to_shape (self, index, dx, dy);
}

/* Liang–Barsky: has the stretch a–b a point with 0 <= x <= width, 0 <= y <= height? */
static gboolean
segment_meets_box (double ax,
                   double ay,
                   double bx,
                   double by,
                   double width,
                   double height)
{
  const double p[] = { ax - bx, bx - ax, ay - by, by - ay };
  const double q[] = { ax, width - ax, ay, height - ay };
  double from = 0.0;
  double to = 1.0;

  for (guint side = 0; side < G_N_ELEMENTS (p); side++)
    if (p[side] < 0.0)
      from = MAX (from, q[side] / p[side]);
    else if (p[side] > 0.0)
      to = MIN (to, q[side] / p[side]);
    else if (q[side] < 0.0)
      return FALSE;

  return from <= to;
}

/* Exact: a box inside a polygon touches it, the bounding boxes alone do not. */
gboolean
alm_asset_columns_touches_box (const AlmAssetColumns *self,
                               guint                  index,
                               const AlmBox          *box)
{
  double west = (double) box->west - self->wx[index];
  double north = (double) box->north - self->wy[index];
  double width = (double) box->east - box->west;
  double height = (double) box->south - box->north;
  guint ring_start;

  if (self->shape_start == NULL || self->shape_type[index] == ALM_SHAPE_POINT)
    return alm_box_contains (box, self->wx[index], self->wy[index]);
  if (!alm_box_intersects (box, &self->box[index]))
    return FALSE;

  ring_start = self->shape_start[index];
  for (guint i = ring_start; i < self->shape_start[index + 1]; i++)
    {
      guint next;

      if (self->ring_first[i])
        ring_start = i;
      if (find_edge_end (self, index, i, ring_start, &next) &&
          segment_meets_box (self->shape_dx[i] - west, self->shape_dy[i] - north,
                             self->shape_dx[next] - west, self->shape_dy[next] - north,
                             width, height))
        return TRUE;
    }

  return self->shape_type[index] == ALM_SHAPE_POLYGON &&
         distance_to_shape (self, index, west, north) == 0.0;
}

static void
grow_reach (double   middle,
            double   radius,
            guint32 *from,
            guint32 *to)
{
  *from = alm_mercator_round (floor (middle - radius));
  *to = alm_mercator_round (ceil (middle + radius));
}

/* What is alive within @radius units of a place, nearest first, equally near ones
 * in array order; the @max_hits nearest.  Returns how many. */
guint
alm_asset_columns_hit (const AlmAssetColumns *self,
                       double                 x,
                       double                 y,
                       double                 radius,
                       gint32                 day,
                       AlmAssetHit           *hits,
                       guint                  max_hits)
{
  AlmAssetSearch search;
  AlmBox box;
  guint n = 0;
  guint index;

  g_return_val_if_fail (max_hits > 0, 0);

  grow_reach (x, radius, &box.west, &box.east);
  grow_reach (y, radius, &box.north, &box.south);
  alm_asset_search_init (&search, self, &box, day);
  while (alm_asset_search_next (&search, &index))
    {
      double distance = alm_asset_columns_distance (self, index, x, y);
      guint at;

      if (distance > radius || (n == max_hits && distance >= hits[n - 1].distance))
        continue;
      if (n < max_hits)
        n++;
      for (at = n - 1; at > 0 && hits[at - 1].distance > distance; at--)
        hits[at] = hits[at - 1];
      hits[at] = (AlmAssetHit) { index, distance };
    }

  return n;
}

/* Appends the indexes (guint) of what is alive and touches @box; returns how many. */
guint
alm_asset_columns_select_box (const AlmAssetColumns *self,
                              const AlmBox          *box,
                              gint32                 day,
                              GArray                *indexes)
{
  AlmAssetSearch search;
  guint before = indexes->len;
  guint index;

  alm_asset_search_init (&search, self, box, day);
  while (alm_asset_search_next (&search, &index))
    if (alm_asset_columns_touches_box (self, index, box))
      g_array_append_val (indexes, index);

  return indexes->len - before;
}
