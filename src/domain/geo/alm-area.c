/* SPDX-License-Identifier: EUPL-1.2 */

/* What lies in an area that was drawn on the map: crossing numbers in the city's
 * metric system (assets-map.md, section 4.5).
 *
 * An edge that is straight there is bent on the screen, by 2 cm over a kilometre
 * in Jena; so the box that is searched is wider than the ring's own.  All sums are
 * taken relative to the ring's first place, so that doubles stay exact.
 *
 * Pure functions; any thread. */

#include "config.h"

#include "alm-area.h"

#include "alm-utm.h"

#include <math.h>

/* On the boundary is what the columns cannot tell from it: they hold places in
 * whole units of 6 to 9 mm. */
#define BOUNDARY_M  0.01

/* Of the box: 1/500 of its size, and a few units for very small ones. */
#define BEND        0.002
#define LEAST_BEND  4.0

typedef struct
{
  double e, n;
} Place;

struct _AlmArea
{
  int     epsg;
  Place   origin;
  guint   n;
  AlmBox  box;
  Place   ring[];   /* relative to origin, not closed */
};

/* Metres from the origin. */
static Place
to_city (const AlmArea *self,
         double         x,
         double         y)
{
  double lon, lat;
  Place place;

  alm_mercator_to_lon_lat (x, y, &lon, &lat);
  alm_utm_from_lonlat (self->epsg, lon, lat, &place.e, &place.n);

  return (Place) { place.e - self->origin.e, place.n - self->origin.n };
}

static void
find_box (AlmArea      *self,
          const double *xy,
          guint         n)
{
  double west = xy[0], east = xy[0], north = xy[1], south = xy[1];
  double bend;

  for (guint i = 1; i < n; i++)
    {
      west = fmin (west, xy[2 * i]);
      east = fmax (east, xy[2 * i]);
      north = fmin (north, xy[2 * i + 1]);
      south = fmax (south, xy[2 * i + 1]);
    }
  bend = LEAST_BEND + BEND * fmax (east - west, south - north);
  self->box = (AlmBox) { alm_mercator_round (west - bend), alm_mercator_round (north - bend),
                         alm_mercator_round (east + bend), alm_mercator_round (south + bend) };
}

static gboolean
is_same (Place a,
         Place b)
{
  return a.e == b.e && a.n == b.n;
}

AlmArea *
alm_area_new (int           epsg,
              const double *xy,
              guint         n_vertices)
{
  g_autoptr (AlmArea) self = NULL;

  g_return_val_if_fail (alm_utm_is_system (epsg), NULL);

  if (n_vertices < 3)
    return NULL;

  self = g_malloc0 (sizeof *self + n_vertices * sizeof (Place));
  self->epsg = epsg;
  for (guint i = 0; i < n_vertices; i++)
    {
      Place place;

      if (!(xy[2 * i] >= 0 && xy[2 * i] < ALM_WORLD && xy[2 * i + 1] >= 0 &&
            xy[2 * i + 1] < ALM_WORLD))
        return NULL;
      place = to_city (self, xy[2 * i], xy[2 * i + 1]);
      if (!isfinite (place.e) || !isfinite (place.n))
        return NULL;
      if (i == 0)
        {
          self->origin = place;
          place = (Place) { 0, 0 };
        }
      if (self->n == 0 || !is_same (place, self->ring[self->n - 1]))
        self->ring[self->n++] = place;
    }
  if (self->n > 1 && is_same (self->ring[0], self->ring[self->n - 1]))
    self->n--;
  if (self->n < 3)
    return NULL;
  find_box (self, xy, n_vertices);

  return g_steal_pointer (&self);
}

void
alm_area_free (AlmArea *self)
{
  g_free (self);
}

void
alm_area_get_box (const AlmArea *self,
                  AlmBox        *box)
{
  *box = self->box;
}

static double
distance_to_edge (Place p,
                  Place a,
                  Place b)
{
  double de = b.e - a.e, dn = b.n - a.n;
  double length = de * de + dn * dn;
  double t = length > 0 ? CLAMP (((p.e - a.e) * de + (p.n - a.n) * dn) / length, 0.0, 1.0) : 0.0;

  return hypot (a.e + t * de - p.e, a.n + t * dn - p.n);
}

static gboolean
contains (const AlmArea *self,
          Place          p)
{
  gboolean inside = FALSE;

  for (guint i = 0, before = self->n - 1; i < self->n; before = i++)
    {
      Place a = self->ring[before], b = self->ring[i];

      if (distance_to_edge (p, a, b) <= BOUNDARY_M)
        return TRUE;
      /* Half-open, so that a vertex on the ray counts once. */
      if ((a.n <= p.n) != (b.n <= p.n) &&
          p.e < a.e + (p.n - a.n) / (b.n - a.n) * (b.e - a.e))
        inside = !inside;
    }

  return inside;
}

gboolean
alm_area_contains (const AlmArea *self,
                   double         x,
                   double         y)
{
  return contains (self, to_city (self, x, y));
}

/* Twice the area of the triangle, positive to the left of a–b. */
static double
turn (Place a,
      Place b,
      Place c)
{
  return (b.e - a.e) * (c.n - a.n) - (b.n - a.n) * (c.e - a.e);
}

/* Do the stretches cross properly?  Ends that lie on the boundary are found by
 * contains(). */
static gboolean
crosses (Place a,
         Place b,
         Place c,
         Place d)
{
  return (turn (a, b, c) > 0) != (turn (a, b, d) > 0) &&
         (turn (c, d, a) > 0) != (turn (c, d, b) > 0);
}

static gboolean
edge_touches (const AlmArea *self,
              Place          a,
              Place          b)
{
  for (guint i = 0, before = self->n - 1; i < self->n; before = i++)
    if (crosses (a, b, self->ring[before], self->ring[i]) ||
        distance_to_edge (self->ring[i], a, b) <= BOUNDARY_M)
      return TRUE;

  return FALSE;
}

static gboolean
shape_touches (const AlmAssetColumns *self,
               guint                  index,
               const AlmArea         *area)
{
  guint end = self->shape_start[index + 1];
  gboolean is_closed = self->shape_type[index] == ALM_SHAPE_POLYGON;
  gboolean around = FALSE;      /* is the area's first place inside the polygon? */
  Place first = { 0, 0 };
  Place before = { 0, 0 };

  for (guint v = self->shape_start[index]; v < end; v++)
    {
      Place here = to_city (area, (double) self->wx[index] + self->shape_dx[v],
                            (double) self->wy[index] + self->shape_dy[v]);
      gboolean is_first = v == self->shape_start[index] || self->ring_first[v];
      gboolean is_last = v + 1 == end || self->ring_first[v + 1];

      if (contains (area, here) || (!is_first && edge_touches (area, before, here)))
        return TRUE;
      if (is_first)
        first = here;
      else if ((before.n <= 0) != (here.n <= 0) &&
               before.e - before.n * (here.e - before.e) / (here.n - before.n) > 0)
        around = !around;
      if (is_last && is_closed)
        {
          if (edge_touches (area, here, first))
            return TRUE;
          if ((here.n <= 0) != (first.n <= 0) &&
              here.e - here.n * (first.e - here.e) / (first.n - here.n) > 0)
            around = !around;
        }
      before = here;
    }

  return is_closed && around;
}

gboolean
alm_asset_columns_touches_area (const AlmAssetColumns *self,
                                guint                  index,
                                const AlmArea         *area)
{
  if (self->shape_start == NULL || self->shape_type[index] == ALM_SHAPE_POINT)
    return alm_area_contains (area, self->wx[index], self->wy[index]);

  return alm_box_intersects (&area->box, &self->box[index]) && shape_touches (self, index, area);
}

guint
alm_asset_columns_select_area (const AlmAssetColumns *self,
                               const AlmArea         *area,
                               gint32                 day,
                               GArray                *indexes)
{
  AlmAssetSearch search;
  guint before = indexes->len;
  guint index;

  alm_asset_search_init (&search, self, &area->box, day);
  while (alm_asset_search_next (&search, &index))
    if (alm_asset_columns_touches_area (self, index, area))
      g_array_append_val (indexes, index);

  return indexes->len - before;
}
