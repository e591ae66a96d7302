/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-mercator.h"

#include <math.h>

static void
test_places_known_from_the_tile_grid (void)
{
  double x;
  double y;

  alm_mercator_from_lon_lat (0.0, 0.0, &x, &y);
  g_assert_cmpfloat (x, ==, ALM_WORLD / 2);
  g_assert_cmpfloat_with_epsilon (y, ALM_WORLD / 2, 1e-6);

  alm_mercator_from_lon_lat (-180.0, ALM_MERCATOR_MAX, &x, &y);
  g_assert_cmpfloat (x, ==, 0.0);
  g_assert_cmpfloat_with_epsilon (y, 0.0, 1e-3);

  /* The market place of Jena, by PROJ in EPSG:3857, half the world being 20037508.34 m. */
  alm_mercator_from_lon_lat (11.5880, 50.9281, &x, &y);
  g_assert_cmpfloat_with_epsilon (x / ALM_WORLD * 2 - 1, 1289970.25931245 / 20037508.342789244,
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (1 - y / ALM_WORLD * 2, 6608585.28622779 / 20037508.342789244,
                                  1e-12);
}

static void
test_there_and_back (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      double lon = g_test_rand_double_range (-180.0, 180.0);
      double lat = g_test_rand_double_range (-85.0, 85.0);
      double x;
      double y;
      double back_lon;
      double back_lat;

      alm_mercator_from_lon_lat (lon, lat, &x, &y);
      alm_mercator_to_lon_lat (x, y, &back_lon, &back_lat);
      g_assert_cmpfloat_with_epsilon (lon, back_lon, 1e-10);
      g_assert_cmpfloat_with_epsilon (lat, back_lat, 1e-10);
    }
}

static void
test_what_lies_outside_lands_on_the_edge (void)
{
  double x;
  double y;

  g_assert_cmpuint (alm_mercator_round (-5.0), ==, 0);
  g_assert_cmpuint (alm_mercator_round (1e300), ==, G_MAXUINT32);
  g_assert_cmpuint (alm_mercator_round (ALM_WORLD - 0.2), ==, G_MAXUINT32);
  g_assert_cmpuint (alm_mercator_round (NAN), ==, 0);
  g_assert_cmpuint (alm_mercator_round (7.5), ==, 8);

  alm_mercator_from_lon_lat (10.0, 90.0, &x, &y);
  g_assert_cmpfloat_with_epsilon (y, 0.0, 1e-3);
}

static void
test_metres_in_jena (void)
{
  double x;
  double y;

  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  g_assert_cmpfloat_with_epsilon (alm_mercator_metres_per_unit (y), 0.005881, 1e-6);
  g_assert_cmpfloat_with_epsilon (alm_mercator_metres_per_pixel (0.0, 0.0), 156543.034, 1e-3);
  g_assert_cmpfloat_with_epsilon (alm_mercator_units_per_pixel (18.0), 64.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (alm_mercator_metres_per_pixel (50.927, 18.0),
                                  64.0 * alm_mercator_metres_per_unit (y), 1e-9);
}

static void
test_tiles_meet_without_gap_or_overlap (void)
{
  AlmBox left;
  AlmBox right;
  AlmBox whole;
  AlmBox wide;

  alm_mercator_tile_box (14, 8718, 5485, 0.0, &left);
  alm_mercator_tile_box (14, 8719, 5485, 0.0, &right);
  g_assert_cmpuint (left.east + 1, ==, right.west);
  g_assert_cmpuint (right.east - right.west, ==, (1 << 18) - 1);

  alm_mercator_tile_box (0, 0, 0, 100.0, &whole);
  g_assert_cmpuint (whole.west, ==, 0);
  g_assert_cmpuint (whole.south, ==, G_MAXUINT32);

  alm_mercator_tile_box (14, 8719, 5485, 100.0, &wide);
  g_assert_cmpuint (right.west - wide.west, ==, 100);
  g_assert_cmpuint (wide.south - right.south, ==, 100);
}

static void
test_boxes_own_their_sides (void)
{
  const AlmBox box = { 10, 20, 30, 40 };
  const AlmBox corner = { 30, 40, 50, 60 };
  const AlmBox beside = { 31, 20, 50, 40 };

  g_assert_true (alm_box_contains (&box, 10, 20));
  g_assert_true (alm_box_contains (&box, 30, 40));
  g_assert_false (alm_box_contains (&box, 31, 40));
  g_assert_false (alm_box_contains (&box, 10, 19));
  g_assert_true (alm_box_intersects (&box, &corner));
  g_assert_false (alm_box_intersects (&box, &beside));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/mercator/known-places", test_places_known_from_the_tile_grid);
  g_test_add_func ("/geo/mercator/there-and-back", test_there_and_back);
  g_test_add_func ("/geo/mercator/outside", test_what_lies_outside_lands_on_the_edge);
  g_test_add_func ("/geo/mercator/metres", test_metres_in_jena);
  g_test_add_func ("/geo/mercator/tile-box", test_tiles_meet_without_gap_or_overlap);
  g_test_add_func ("/geo/mercator/boxes", test_boxes_own_their_sides);

  return g_test_run ();
}
