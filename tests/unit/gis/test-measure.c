/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-measure.h"

#include <math.h>

static void
measure (const char *text,
         AlmMeasure *figures)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) geometry = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (alm_measure_geometry (geometry, 25832, figures, &error));
  g_assert_no_error (error);
}

/* A degree of the meridian at the equator and a degree of the equator itself:
 * figures of GRS80 as Karney's GeodSolve gives them. */
static void
test_known_lengths (void)
{
  AlmMeasure figures;

  measure ("{\"type\":\"LineString\",\"coordinates\":[[9,0],[9,1]]}", &figures);
  g_assert_cmpfloat_with_epsilon (figures.length_m, 110574.38856, 1e-4);
  g_assert_cmpfloat_with_epsilon (figures.azimuth_deg, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (figures.grid_length_m, 110574.38856 * 0.9996, 1e-4);
  measure ("{\"type\":\"LineString\",\"coordinates\":[[10,0],[9,0]]}", &figures);
  g_assert_cmpfloat_with_epsilon (figures.length_m, 111319.49079, 1e-4);
  g_assert_cmpfloat_with_epsilon (figures.azimuth_deg, 270, 1e-9);
  g_assert_true (isnan (figures.area_m2));
}

static void
test_holes_are_subtracted_whichever_way_they_run (void)
{
  AlmMeasure whole, one, other;

  measure ("{\"type\":\"Polygon\",\"coordinates\":[[[11,50],[11.1,50],[11.1,50.1],[11,50.1],"
           "[11,50]]]}", &whole);
  measure ("{\"type\":\"Polygon\",\"coordinates\":[[[11,50],[11.1,50],[11.1,50.1],[11,50.1],"
           "[11,50]],[[11.02,50.02],[11.02,50.04],[11.04,50.04],[11.04,50.02],[11.02,50.02]]]}",
           &one);
  measure ("{\"type\":\"Polygon\",\"coordinates\":[[[11,50],[11,50.1],[11.1,50.1],[11.1,50],"
           "[11,50]],[[11.02,50.02],[11.04,50.02],[11.04,50.04],[11.02,50.04],[11.02,50.02]]]}",
           &other);
  g_assert_cmpfloat (whole.area_m2, >, 7.9e7);
  g_assert_cmpfloat_with_epsilon (one.area_m2 / whole.area_m2, 0.96, 1e-4);
  g_assert_cmpfloat_with_epsilon (one.area_m2, other.area_m2, 1e-3);
  g_assert_cmpfloat_with_epsilon (one.grid_area_m2 / one.area_m2, 1, 1e-3);
  g_assert_cmpfloat (one.perimeter_m, >, whole.perimeter_m);
  g_assert_true (isnan (one.length_m) && isnan (one.azimuth_deg));
}

static void
test_a_point_has_no_size_and_nonsense_no_answer (void)
{
  static const char *const bad[] = {
    "{\"type\":\"LineString\",\"coordinates\":[[9,0]]}", "{\"type\":\"Circle\"}", "[]",
    "{\"type\":\"LineString\",\"coordinates\":[[9,0],[9,\"a\"]]}",
    "{\"type\":\"LineString\",\"coordinates\":[[9,0],[900,0]]}",
  };
  AlmMeasure figures;

  measure ("{\"type\":\"Point\",\"coordinates\":[9,0]}", &figures);
  g_assert_true (isnan (figures.length_m) && isnan (figures.area_m2));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (AlmValue) geometry = alm_json_parse (bad[i], -1, NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_measure_geometry (geometry, 25832, &figures, &error));
      g_assert_nonnull (error);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/measure/lengths", test_known_lengths);
  g_test_add_func ("/gis/measure/holes", test_holes_are_subtracted_whichever_way_they_run);
  g_test_add_func ("/gis/measure/none", test_a_point_has_no_size_and_nonsense_no_answer);

  return g_test_run ();
}
