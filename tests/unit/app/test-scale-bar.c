/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-scale-bar.h"
#include "alm-view-list.h"

static void
test_the_bar_is_round_and_fits (void)
{
  g_assert_cmpfloat (alm_scale_bar_choose (1.0, 110.0), ==, 100.0);
  g_assert_cmpfloat (alm_scale_bar_choose (1.0, 99.0), ==, 50.0);
  g_assert_cmpfloat (alm_scale_bar_choose (0.094, 110.0), ==, 10.0);
  g_assert_cmpfloat (alm_scale_bar_choose (24.1, 110.0), ==, 2000.0);
  for (double metres = 0.01; metres < 1e5; metres *= 1.37)
    {
      double chosen = alm_scale_bar_choose (metres, 110.0);

      g_assert_cmpfloat (chosen / metres, <=, 110.0 + 1e-9);
      g_assert_cmpfloat (chosen / metres, >, 110.0 * 0.39);
    }
}

static void
test_places_are_told_in_words (void)
{
  const double y = 1.44e9;
  double metre = 1.0 / alm_mercator_metres_per_unit (y);
  g_autofree char *here = alm_view_list_describe_place (2e9, y, 2e9, y);
  g_autofree char *north = alm_view_list_describe_place (2e9, y, 2e9, y - 120 * metre);
  g_autofree char *east = alm_view_list_describe_place (2e9, y, 2e9 + 1500 * metre, y);
  g_autofree char *south_west = alm_view_list_describe_place (2e9, y, 2e9 - 30 * metre,
                                                              y + 40 * metre);

  g_assert_cmpstr (here, ==, "in the middle");
  g_assert_cmpstr (north, ==, "120 m north");
  g_assert_cmpstr (east, ==, "1.5 km east");
  g_assert_cmpstr (south_west, ==, "50 m south-west");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/scale-bar/choose", test_the_bar_is_round_and_fits);
  g_test_add_func ("/app/view-list/place", test_places_are_told_in_words);

  return g_test_run ();
}
