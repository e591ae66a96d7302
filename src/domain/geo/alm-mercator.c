/* SPDX-License-Identifier: EUPL-1.2 */

/* Web Mercator and its tiles (EPSG:3857, but counted in fractions of the world).
 * Pure functions; any thread. */

#include "config.h"

#include "alm-mercator.h"

#include <math.h>

/* Half the axis of the sphere that EPSG:3857 uses, in metres. */
#define RADIUS 6378137.0

/* Latitudes beyond the square are moved to its edge; NaN stays NaN. */
void
alm_mercator_from_lon_lat (double  lon,
                           double  lat,
                           double *x,
                           double *y)
{
  double s = sin (CLAMP (lat, -ALM_MERCATOR_MAX, ALM_MERCATOR_MAX) * G_PI / 180.0);

  *x = (lon + 180.0) / 360.0 * ALM_WORLD;
  *y = (0.5 - 0.25 * log ((1.0 + s) / (1.0 - s)) / G_PI) * ALM_WORLD;
}

void
alm_mercator_to_lon_lat (double  x,
                         double  y,
                         double *lon,
                         double *lat)
{
  *lon = x / ALM_WORLD * 360.0 - 180.0;
  *lat = atan (sinh (G_PI * (1.0 - 2.0 * y / ALM_WORLD))) * 180.0 / G_PI;
}

/* The nearest unit; what lies outside the world lands on its edge, NaN at 0. */
guint32
alm_mercator_round (double value)
{
  if (!(value > 0.0))
    return 0;
  if (value >= ALM_WORLD - 1.0)
    return G_MAXUINT32;

  return (guint32) (value + 0.5);
}

/* For pixels of which 256 make a tile; fractional zooms are fine. */
double
alm_mercator_units_per_pixel (double zoom)
{
  return ALM_WORLD / (ALM_TILE_SIZE * exp2 (zoom));
}

/* @y: in units */
double
alm_mercator_metres_per_unit (double y)
{
  return 2.0 * G_PI * RADIUS / ALM_WORLD / cosh (G_PI * (1.0 - 2.0 * y / ALM_WORLD));
}

double
alm_mercator_metres_per_pixel (double lat,
                               double zoom)
{
  return 2.0 * G_PI * RADIUS / (ALM_TILE_SIZE * exp2 (zoom)) * cos (lat * G_PI / 180.0);
}

/* The units that fall into a tile and @margin units around it, cut at the world's edge. */
void
alm_mercator_tile_box (guint   zoom,
                       guint   x,
                       guint   y,
                       double  margin,
                       AlmBox *box)
{
  double width = ldexp (ALM_WORLD, -(int) zoom);

  box->west = alm_mercator_round (x * width - margin);
  box->north = alm_mercator_round (y * width - margin);
  box->east = alm_mercator_round ((x + 1) * width - 1.0 + margin);
  box->south = alm_mercator_round ((y + 1) * width - 1.0 + margin);
}

gboolean
alm_box_contains (const AlmBox *self,
                  guint32       x,
                  guint32       y)
{
  return x >= self->west && x <= self->east && y >= self->north && y <= self->south;
}

gboolean
alm_box_intersects (const AlmBox *self,
                    const AlmBox *other)
{
  return self->west <= other->east && other->west <= self->east &&
         self->north <= other->south && other->north <= self->south;
}
