/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-random.h"
#include "alm-utm.h"

#include <math.h>

static void
test_known_places (void)
{
  /* The last two by PROJ 9.1. */
  static const struct { int epsg; double lon, lat, east, north; } places[] = {
    { 25832, 9.0, 0.0, 500000.0, 0.0 },
    { 25832, 11.586, 50.927, 681730.545090715, 5644891.92542711 },
    { 25833, 13.4, 52.5, 391390.731338828, 5817855.24069339 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      double east, north;

      alm_utm_from_lonlat (places[i].epsg, places[i].lon, places[i].lat, &east, &north);
      g_assert_cmpfloat_with_epsilon (east, places[i].east, 1e-6);
      g_assert_cmpfloat_with_epsilon (north, places[i].north, 1e-6);
    }
}

static void
test_there_and_back_is_the_same_place (void)
{
  AlmRandom random;

  alm_random_seed (&random, 25832);
  for (guint i = 0; i < 10000; i++)
    {
      int epsg = ALM_UTM_FIRST + (int) alm_random_below (&random, 11);
      double lon = (epsg - 25800) * 6 - 183 + 12 * (alm_random_unit (&random) - 0.5);
      double lat = 84 * alm_random_unit (&random);
      double east, north, lon2, lat2;

      alm_utm_from_lonlat (epsg, lon, lat, &east, &north);
      alm_utm_to_lonlat (epsg, east, north, &lon2, &lat2);
      /* 1e-11 degrees are a micrometre. */
      g_assert_cmpfloat_with_epsilon (lon * cos (lat * G_PI / 180),
                                      lon2 * cos (lat * G_PI / 180), 1e-11);
      g_assert_cmpfloat_with_epsilon (lat, lat2, 1e-11);
    }
}

static void
test_no_place_is_not_finite (void)
{
  double a, b;

  alm_utm_from_lonlat (25832, 9, 91, &a, &b);
  g_assert_true (isnan (a) && isnan (b));
  alm_utm_from_lonlat (25832, NAN, 50, &a, &b);
  g_assert_true (isnan (a) && isnan (b));
  alm_utm_from_lonlat (25832, -100, 50, &a, &b);
  g_assert_true (isnan (a) && isnan (b));
  alm_utm_to_lonlat (25832, INFINITY, 5e6, &a, &b);
  g_assert_true (isnan (a) && isnan (b));
  alm_utm_to_lonlat (25832, 5e5, 1e9, &a, &b);
  g_assert_true (isnan (a) && isnan (b));
}

static void
test_the_zone_of_a_longitude (void)
{
  g_assert_cmpint (alm_utm_choose (11.6), ==, 25832);
  g_assert_cmpint (alm_utm_choose (12.0), ==, 25833);
  g_assert_cmpint (alm_utm_choose (-170), ==, 25828);
  g_assert_cmpint (alm_utm_choose (170), ==, 25838);
  g_assert_false (alm_utm_is_system (25827));
  g_assert_true (alm_utm_is_system (25838));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/domain/utm/known-places", test_known_places);
  g_test_add_func ("/domain/utm/there-and-back", test_there_and_back_is_the_same_place);
  g_test_add_func ("/domain/utm/no-place", test_no_place_is_not_finite);
  g_test_add_func ("/domain/utm/zone", test_the_zone_of_a_longitude);

  return g_test_run ();
}
