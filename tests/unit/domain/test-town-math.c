/* SPDX-License-Identifier: EUPL-1.2 */

/* The town's own geometry: the series against the C library, and each function
 * of spots and paths at its ends and corners. */

#include "config.h"

#include "alm-town-math.h"

#include <math.h>

#define AGREES(a, b) g_assert_cmpfloat_with_epsilon ((a), (b), 1e-9)

static AlmPath
make_path (const double (*at)[2],
           guint          n)
{
  AlmPath path = { NULL };

  for (guint i = 0; i < n; i++)
    alm_path_add (&path, alm_spot (at[i][0], at[i][1]));

  return path;
}

static const double square[][2] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } };

static void
test_series_are_sine_and_cosine (void)
{
  for (int i = -4000; i <= 4000; i++)
    {
      double turns = i / 1777.0;

      g_assert_cmpfloat_with_epsilon (alm_town_sine (turns), sin (turns * 2 * G_PI), 2e-12);
      g_assert_cmpfloat_with_epsilon (alm_town_cosine (turns), cos (turns * 2 * G_PI), 2e-12);
    }
  g_assert_cmpfloat (alm_town_sine (0), ==, 0);
  g_assert_cmpfloat (alm_town_sine (0.25), ==, 1);
  g_assert_cmpfloat (alm_town_sine (0.75), ==, -1);
}

static void
test_noise_is_smooth_and_bounded (void)
{
  double low = 1, high = -1;

  for (guint i = 0; i < 4000; i++)
    {
      double x = i * 0.37 - 700, y = i * 0.11 - 200;
      double here = alm_town_noise (42, x, y);

      low = MIN (low, here);
      high = MAX (high, here);
      g_assert_cmpfloat_with_epsilon (alm_town_noise (42, x + 1e-6, y), here, 1e-4);
      g_assert_cmpfloat (alm_town_noise (42, x, y), ==, here);
    }
  g_assert_cmpfloat (low, >=, -1);
  g_assert_cmpfloat (high, <=, 1);
  g_assert_cmpfloat (high - low, >, 1);
  g_assert_cmpfloat (alm_town_noise (42, 0.5, 0.5), !=, alm_town_noise (43, 0.5, 0.5));
}

static void
test_spots_are_rounded_to_millimetres (void)
{
  AlmSpot spot = alm_spot (1.00049, -2.00051);
  AlmSpot north = alm_spot_direction (alm_spot (3, 3), alm_spot (3, 8));
  AlmSpot nowhere = alm_spot_direction (spot, spot);
  AlmSpot moved = alm_spot_moved (alm_spot (100, 100), north, 7, 2);

  g_assert_cmpfloat (spot.e, ==, 1.0);
  g_assert_cmpfloat (spot.n, ==, -2.001);
  g_assert_cmpfloat (alm_spot_distance (alm_spot (1, 1), alm_spot (4, 5)), ==, 5);
  AGREES (north.e, 0);
  AGREES (north.n, 1);
  g_assert_cmpfloat (nowhere.e, ==, 1);
  g_assert_cmpfloat (nowhere.n, ==, 0);
  /* Left of north is west. */
  AGREES (moved.e, 98);
  AGREES (moved.n, 107);
}

static void
test_segments_are_met_between_their_ends (void)
{
  AlmSpot a = alm_spot (0, 0), b = alm_spot (10, 0);
  double t = -1;

  AGREES (alm_segment_distance (alm_spot (4, 3), a, b, &t), 3);
  AGREES (t, 0.4);
  AGREES (alm_segment_distance (alm_spot (-3, 4), a, b, &t), 5);
  g_assert_cmpfloat (t, ==, 0);
  AGREES (alm_segment_distance (alm_spot (13, 4), a, b, NULL), 5);
  AGREES (alm_segment_distance (alm_spot (3, 4), a, a, &t), 5);

  g_assert_true (alm_segments_cross (a, b, alm_spot (2, -1), alm_spot (2, 1), &t));
  AGREES (t, 0.2);
  g_assert_true (alm_segments_cross (a, b, alm_spot (10, 0), alm_spot (10, 5), &t));
  AGREES (t, 1);
  g_assert_false (alm_segments_cross (a, b, alm_spot (2, 1), alm_spot (2, 5), NULL));
  g_assert_false (alm_segments_cross (a, b, alm_spot (11, -1), alm_spot (11, 1), NULL));
  g_assert_false (alm_segments_cross (a, b, alm_spot (0, 1), alm_spot (10, 1), NULL));
}

static void
test_a_path_is_walked_by_metres (void)
{
  static const double corner[][2] = { { 0, 0 }, { 0, 0 }, { 10, 0 }, { 10, 20 } };
  g_auto (AlmPath) path = make_path (corner, G_N_ELEMENTS (corner));
  g_auto (AlmPath) copy = alm_path_copy (&path);
  AlmSpot direction, spot;

  g_assert_cmpuint (path.n, ==, 3);
  AGREES (alm_path_length (&path), 30);
  spot = alm_path_walk (&path, 15, &direction);
  AGREES (spot.e, 10);
  AGREES (spot.n, 5);
  AGREES (direction.n, 1);
  spot = alm_path_walk (&path, 99, NULL);
  AGREES (spot.n, 20);
  spot = alm_path_walk (&path, -1, NULL);
  AGREES (spot.e, 0);

  alm_path_reverse (&path);
  spot = alm_path_walk (&path, 5, &direction);
  AGREES (spot.n, 15);
  AGREES (direction.n, -1);
  AGREES (copy.at[0].e, 0);
  g_assert_cmpfloat (copy.at[2].n, ==, 20);

  alm_path_clear (&path);
  g_assert_cmpuint (path.n, ==, 0);
  AGREES (alm_path_length (&path), 0);
}

static void
test_the_nearest_place_may_be_on_the_closing_edge (void)
{
  g_auto (AlmPath) path = make_path (square, G_N_ELEMENTS (square));
  AlmPathHit open = alm_path_nearest (&path, alm_spot (-2, 5), FALSE);
  AlmPathHit closed = alm_path_nearest (&path, alm_spot (-2, 5), TRUE);

  g_assert_cmpuint (closed.segment, ==, 3);
  AGREES (closed.distance, 2);
  AGREES (closed.t, 0.5);
  AGREES (closed.spot.n, 5);
  AGREES (open.distance, sqrt (29));
}

static void
test_areas_know_inside_and_turn (void)
{
  static const double notch[][2] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 5, 2 }, { 0, 10 } };
  g_auto (AlmPath) path = make_path (square, G_N_ELEMENTS (square));
  g_auto (AlmPath) bay = make_path (notch, G_N_ELEMENTS (notch));
  AlmSpot low, high, middle = alm_path_middle (&path);

  g_assert_true (alm_path_contains (&path, alm_spot (5, 5)));
  g_assert_false (alm_path_contains (&path, alm_spot (11, 5)));
  g_assert_false (alm_path_contains (&path, alm_spot (5, -0.001)));
  g_assert_false (alm_path_contains (&bay, alm_spot (5, 5)));
  g_assert_true (alm_path_contains (&bay, alm_spot (1, 5)));
  /* Level with a corner: counted once. */
  g_assert_false (alm_path_contains (&bay, alm_spot (-1, 2)));

  AGREES (alm_path_area (&path), 100);
  alm_path_reverse (&path);
  AGREES (alm_path_area (&path), -100);
  AGREES (middle.e, 5);
  alm_path_box (&bay, &low, &high);
  g_assert_true (low.e == 0 && low.n == 0 && high.e == 10 && high.n == 10);
}

static void
test_a_smooth_line_keeps_its_corners (void)
{
  static const double corner[][2] = { { 0, 0 }, { 100, 0 }, { 100, 100 } };
  g_auto (AlmPath) path = make_path (corner, G_N_ELEMENTS (corner));
  g_auto (AlmPath) smooth = alm_path_smooth (&path, 10);

  g_assert_cmpuint (smooth.n, ==, 21);
  for (guint i = 0; i < 3; i++)
    AGREES (alm_path_nearest (&smooth, path.at[i], FALSE).distance, 0);
  for (guint i = 1; i < smooth.n; i++)
    g_assert_cmpfloat (alm_spot_distance (smooth.at[i - 1], smooth.at[i]), <, 16);
  g_assert_cmpfloat (alm_path_length (&smooth), >, alm_spot_distance (path.at[0], path.at[2]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/town-math/series", test_series_are_sine_and_cosine);
  g_test_add_func ("/town-math/noise", test_noise_is_smooth_and_bounded);
  g_test_add_func ("/town-math/spots", test_spots_are_rounded_to_millimetres);
  g_test_add_func ("/town-math/segments", test_segments_are_met_between_their_ends);
  g_test_add_func ("/town-math/walk", test_a_path_is_walked_by_metres);
  g_test_add_func ("/town-math/nearest", test_the_nearest_place_may_be_on_the_closing_edge);
  g_test_add_func ("/town-math/areas", test_areas_know_inside_and_turn);
  g_test_add_func ("/town-math/smooth", test_a_smooth_line_keeps_its_corners);

  return g_test_run ();
}
