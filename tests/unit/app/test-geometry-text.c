/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-geometry-text.h"
#include "alm-test-desk.h"

#include <string.h>

static void
test_the_middle_is_found (void)
{
  static const struct
  {
    const char *geometry;
    double      lon;
    double      lat;
  } cases[] = {
    { "{\"type\":\"Point\",\"coordinates\":[11.5,50.9]}", 11.5, 50.9 },
    { "{\"type\":\"Point\",\"coordinates\":[11.5,50.9,160]}", 11.5, 50.9 },
    { "{\"type\":\"LineString\",\"coordinates\":[[11,50],[13,50],[12,52]]}", 12, 51 },
    { "{\"type\":\"Polygon\",\"coordinates\":[[[10,50],[14,50],[14,54],[10,50]],"
      "[[11,51],[12,51],[12,52],[11,51]]]}", 12, 52 },
    { "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[2,0],[2,2],[0,0]]],"
      "[[[8,8],[10,8],[10,10],[8,8]]]]}", 5, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) geometry = alm_test_value (cases[i].geometry);
      double lon = 0;
      double lat = 0;

      g_assert_true (alm_geometry_text_find_middle (geometry, &lon, &lat));
      g_assert_cmpfloat (lon, ==, cases[i].lon);
      g_assert_cmpfloat (lat, ==, cases[i].lat);
    }
}

static void
test_what_is_no_place_has_none (void)
{
  static const char *const cases[] = {
    "[11.5,50.9]", "\"Point\"", "{}", "{\"coordinates\":7}", "{\"coordinates\":[]}",
    "{\"coordinates\":[11.5]}", "{\"coordinates\":[[],[[]]]}", "{\"coordinates\":[\"a\",\"b\"]}",
  };
  double lon = 7;
  double lat = 8;

  g_assert_false (alm_geometry_text_find_middle (NULL, &lon, &lat));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) geometry = alm_test_value (cases[i]);

      g_assert_false (alm_geometry_text_find_middle (geometry, &lon, &lat));
    }
  g_assert_cmpfloat (lon, ==, 7);
  g_assert_cmpfloat (lat, ==, 8);
}

/* The middle meridian of zone 32 is 9°, of zone 33 it is 15°: east 500 km. */
static void
test_places_are_told_in_metres_and_degrees (void)
{
  g_autofree char *west = alm_geometry_text_show (9, 50);
  g_autofree char *east = alm_geometry_text_show (15, 50);

  g_assert_true (g_str_has_prefix (west, "E 500000.00  N 55"));
  g_assert_true (g_str_has_suffix (west, "(ETRS89/UTM 32)\n50.000000° N, 9.000000° E"));
  g_assert_true (g_str_has_prefix (east, "E 500000.00  N 55"));
  g_assert_nonnull (strstr (east, "UTM 33"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/geometry-text/middle", test_the_middle_is_found);
  g_test_add_func ("/app/geometry-text/no-place", test_what_is_no_place_has_none);
  g_test_add_func ("/app/geometry-text/show", test_places_are_told_in_metres_and_degrees);

  return g_test_run ();
}
