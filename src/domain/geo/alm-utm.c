/* SPDX-License-Identifier: EUPL-1.2 */

/* Longitude and latitude to ETRS89/UTM and back, without PROJ: the series of
 * Krüger (1912) to the fourth power of the third flattening n, in the form of
 * Karney, "Transverse Mercator with an accuracy of a few nanometers" (2011),
 * equations 7 to 21, 35 and 36.  The fifth power is below 0.2 µm here.
 * Pure functions, any thread. */

#include "config.h"

#include "alm-utm.h"

#include <math.h>

#define SCALE 0.9996
#define FALSE_EAST 500000.0
#define ORDER 4

#define RADIANS(degrees) ((degrees) * (G_PI / 180.0))
#define DEGREES(radians) ((radians) * (180.0 / G_PI))

/* n = f / (2 − f); all that follows is constant, so the compiler folds it. */
#define N  (ALM_GEO_GRS80_F / (2.0 - ALM_GEO_GRS80_F))
#define N2 (N * N)
#define N3 (N * N * N)
#define N4 (N * N * N * N)

/* The radius of the circle with the meridian's length, times the zone's scale. */
#define RADIUS (SCALE * ALM_GEO_GRS80_A / (1.0 + N) * (1.0 + N2 / 4.0 + N4 / 64.0))

static const double alpha[ORDER] = {
  N / 2.0 - 2.0 / 3.0 * N2 + 5.0 / 16.0 * N3 + 41.0 / 180.0 * N4,
  13.0 / 48.0 * N2 - 3.0 / 5.0 * N3 + 557.0 / 1440.0 * N4,
  61.0 / 240.0 * N3 - 103.0 / 140.0 * N4,
  49561.0 / 161280.0 * N4,
};

static const double beta[ORDER] = {
  N / 2.0 - 2.0 / 3.0 * N2 + 37.0 / 96.0 * N3 - 1.0 / 360.0 * N4,
  1.0 / 48.0 * N2 + 1.0 / 15.0 * N3 - 437.0 / 1440.0 * N4,
  17.0 / 480.0 * N3 - 37.0 / 840.0 * N4,
  4397.0 / 161280.0 * N4,
};

static double
get_eccentricity (void)
{
  return sqrt (ALM_GEO_GRS80_F * (2.0 - ALM_GEO_GRS80_F));
}

static double
get_middle (int epsg)
{
  return (epsg - 25800) * 6.0 - 183.0;
}

/* The tangent of the conformal latitude from that of the latitude. */
static double
to_conformal (double tau,
              double e)
{
  double sigma = sinh (e * atanh (e * tau / sqrt (1.0 + tau * tau)));

  return tau * sqrt (1.0 + sigma * sigma) - sigma * sqrt (1.0 + tau * tau);
}

/* The other way, by Newton's method: three steps reach the last bit. */
static double
from_conformal (double wanted,
                double e)
{
  double e2m = 1.0 - e * e;
  double tau = wanted / e2m;

  for (guint i = 0; i < 5; i++)
    {
      double now = to_conformal (tau, e);
      double step = (wanted - now) / sqrt (1.0 + now * now)
                    * (1.0 + e2m * tau * tau) / (e2m * sqrt (1.0 + tau * tau));

      tau += step;
      if (fabs (step) < 1e-15 * (1.0 + fabs (tau)))
        break;
    }

  return tau;
}

gboolean
alm_utm_is_system (int epsg)
{
  return epsg >= ALM_UTM_FIRST && epsg <= ALM_UTM_LAST;
}

int
alm_utm_choose (double lon)
{
  return CLAMP (25800 + (int) floor ((lon + 180.0) / 6.0) + 1, ALM_UTM_FIRST, ALM_UTM_LAST);
}

void
alm_utm_from_lonlat (int     epsg,
                     double  lon,
                     double  lat,
                     double *east,
                     double *north)
{
  double lambda = RADIANS (lon - get_middle (epsg));
  double tau, xi, eta, sum_xi, sum_eta;

  g_return_if_fail (alm_utm_is_system (epsg));

  if (!(fabs (lambda) <= RADIANS (80.0)) || !(fabs (lat) <= 90.0))
    {
      *east = *north = NAN;
      return;
    }

  tau = to_conformal (tan (RADIANS (lat)), get_eccentricity ());
  sum_xi = xi = atan2 (tau, cos (lambda));
  sum_eta = eta = asinh (sin (lambda) / hypot (tau, cos (lambda)));
  for (guint j = 0; j < ORDER; j++)
    {
      double k = 2.0 * (j + 1);

      sum_xi += alpha[j] * sin (k * xi) * cosh (k * eta);
      sum_eta += alpha[j] * cos (k * xi) * sinh (k * eta);
    }

  *east = FALSE_EAST + RADIUS * sum_eta;
  *north = RADIUS * sum_xi;
}

void
alm_utm_to_lonlat (int     epsg,
                   double  east,
                   double  north,
                   double *lon,
                   double *lat)
{
  double xi = north / RADIUS;
  double eta = (east - FALSE_EAST) / RADIUS;
  double xi1 = xi, eta1 = eta;
  double s, c, tau;

  g_return_if_fail (alm_utm_is_system (epsg));

  if (!(fabs (xi) <= G_PI_2) || !(fabs (eta) <= 3.0))
    {
      *lon = *lat = NAN;
      return;
    }

  for (guint j = 0; j < ORDER; j++)
    {
      double k = 2.0 * (j + 1);

      xi1 -= beta[j] * sin (k * xi) * cosh (k * eta);
      eta1 -= beta[j] * cos (k * xi) * sinh (k * eta);
    }

  s = sinh (eta1);
  c = cos (xi1);
  tau = from_conformal (sin (xi1) / hypot (s, c), get_eccentricity ());

  *lon = get_middle (epsg) + DEGREES (atan2 (s, c));
  *lat = DEGREES (atan (tau));
}
