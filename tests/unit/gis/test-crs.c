/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-crs.h"
#include "alm-random.h"
#include "alm-utm.h"

#include <gio/gio.h>
#include <math.h>
#include <proj.h>

static void
test_the_own_series_is_proj_to_a_micrometre (void)
{
  PJ_CONTEXT *context = proj_context_create ();
  AlmRandom random;
  double worst = 0;

  alm_random_seed (&random, 89);
  for (int epsg = ALM_UTM_FIRST; epsg <= ALM_UTM_LAST; epsg++)
    {
      g_autofree char *target = g_strdup_printf ("EPSG:%d", epsg);
      PJ *raw = proj_create_crs_to_crs (context, "EPSG:4258", target, NULL);
      PJ *way = proj_normalize_for_visualization (context, raw);

      for (guint i = 0; i < 1000; i++)
        {
          double lon = (epsg - 25800) * 6 - 183 + 10 * (alm_random_unit (&random) - 0.5);
          double lat = 34 + 38 * alm_random_unit (&random);
          PJ_COORD place = proj_trans (way, PJ_FWD, proj_coord (lon, lat, 0, 0));
          PJ_COORD back;
          double east, north, lon2, lat2;

          alm_utm_from_lonlat (epsg, lon, lat, &east, &north);
          worst = MAX (worst, hypot (east - place.xy.x, north - place.xy.y));

          back = proj_trans (way, PJ_INV, proj_coord (east, north, 0, 0));
          alm_utm_to_lonlat (epsg, east, north, &lon2, &lat2);
          worst = MAX (worst, 111320 * hypot ((lon2 - back.lp.lam) * cos (lat * G_PI / 180),
                                              lat2 - back.lp.phi));
        }
      proj_destroy (way);
      proj_destroy (raw);
    }
  g_test_message ("worst: %g m", worst);
  g_assert_cmpfloat (worst, <=, 1e-6);
  proj_context_destroy (context);
}

/* One place in the middle of Jena in every system that is guessed. */
static void
test_every_candidate_leads_home (void)
{
  guint n;
  const int *systems = alm_crs_candidates (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("EPSG:%d", systems[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmCrs) crs = alm_crs_new (id, &error);
      double x[2] = { 11.586, 11.6 }, y[2] = { 50.927, 50.95 };

      g_assert_no_error (error);
      g_assert_cmpstr (alm_crs_get_id (crs), ==, id);
      alm_crs_from_lonlat (crs, x, y, 2);
      if (systems[i] != 2399 && systems[i] != 31466 && systems[i] != 31467)
        g_assert_true (alm_crs_may_hold (systems[i], x[0], y[0]));
      alm_crs_to_lonlat (crs, x, y, 2);
      /* The shift of Pulkovo 1942 comes back to a millimetre only. */
      g_assert_cmpfloat_with_epsilon (x[1], 11.6, 3e-8);
      g_assert_cmpfloat_with_epsilon (y[1], 50.95, 3e-8);
    }
}

static void
test_axes_point_east_and_north (void)
{
  g_autoptr (AlmCrs) crs = alm_crs_new ("EPSG:31468", NULL);
  g_autofree char *words = NULL;
  double x = 4470000, y = 5643000;

  alm_crs_to_lonlat (crs, &x, &y, 1);
  g_assert_cmpfloat_with_epsilon (x, 11.57, 0.02);
  g_assert_cmpfloat_with_epsilon (y, 50.92, 0.02);
  /* With the grid of the package proj-data; 3 m without. */
  g_assert_cmpfloat (alm_crs_get_accuracy (crs), <=, 0.9);
  words = alm_crs_describe (crs);
  g_assert_cmpstr (words, ==, "EPSG:31468, ±0.9 m");
}

/* Two of one definition have each their own memory of the operation used last,
 * and one may be freed under the other's feet. */
static void
test_two_of_one_kind_are_apart (void)
{
  AlmCrs *one = alm_crs_new ("EPSG:31468", NULL);
  AlmCrs *two = alm_crs_new ("EPSG:31468", NULL);
  double x = 4470000, y = 5643000;
  double x2 = 4470000, y2 = 5643000;

  g_assert_true (one != two);
  alm_crs_to_lonlat (one, &x, &y, 1);
  g_assert_cmpfloat (alm_crs_get_accuracy (one), ==, 0.9);
  g_assert_cmpfloat (alm_crs_get_accuracy (two), ==, -1.0);
  alm_crs_free (one);
  alm_crs_to_lonlat (two, &x2, &y2, 1);
  g_assert_true (x == x2 && y == y2);
  g_assert_cmpstr (alm_crs_get_id (two), ==, "EPSG:31468");
  g_assert_cmpstr (alm_crs_get_name (two), ==, "DHDN / 3-degree Gauss-Kruger zone 4");
  alm_crs_free (two);
}

/* More ways to write them than a thread keeps. */
static void
test_of_many_each_is_itself (void)
{
  g_autoptr (AlmCrs) first = alm_crs_new ("EPSG:31468", NULL);
  double x = 4470000, y = 5643000;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("EPSG:%d", 25828 + i % 11);
      g_autofree char *text = g_strdup_printf ("%*s%s", i, "", id);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmCrs) crs = alm_crs_new (text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (alm_crs_get_id (crs), ==, id);
    }
  alm_crs_to_lonlat (first, &x, &y, 1);
  g_assert_cmpfloat_with_epsilon (x, 11.57, 0.02);
}

static void
test_lonlat_is_taken_as_it_is (void)
{
  g_autoptr (AlmCrs) crs = alm_crs_new ("4326", NULL);
  double x = 11.123456789, y = 50.987654321;

  g_assert_true (alm_crs_is_lonlat (crs));
  alm_crs_to_lonlat (crs, &x, &y, 1);
  g_assert_true (x == 11.123456789 && y == 50.987654321);
}

static void
test_a_files_own_wkt_is_recognised (void)
{
  const char *wkt =
    "PROJCS[\"ETRS_1989_UTM_Zone_32N\",GEOGCS[\"GCS_ETRS_1989\",DATUM[\"D_ETRS_1989\","
    "SPHEROID[\"GRS_1980\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],"
    "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
    "PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",0.0],"
    "PARAMETER[\"Central_Meridian\",9.0],PARAMETER[\"Scale_Factor\",0.9996],"
    "PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]";
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmCrs) crs = alm_crs_new (wkt, &error);

  g_assert_no_error (error);
  g_assert_cmpint (alm_crs_get_epsg (crs), ==, 25832);
}

static void
test_what_is_no_system_is_refused (void)
{
  static const char *const texts[] = {
    "", "EPSG:1", "hello", "+proj=utm +zone=32", "urn:x", "PROJCS[", "EPSG:99999",
    "/etc/passwd", "+proj=pipeline +step +proj=hgridshift +grids=/etc/passwd",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_crs_new (texts[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
}

static void
test_no_place_becomes_nan (void)
{
  static const char *const systems[] = { "EPSG:4326", "EPSG:25832", "EPSG:31468" };

  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      g_autoptr (AlmCrs) crs = alm_crs_new (systems[i], NULL);
      double x[3] = { INFINITY, NAN, 1e12 }, y[3] = { 5, 5, 1e12 };

      alm_crs_to_lonlat (crs, x, y, 3);
      for (guint k = 0; k < 3; k++)
        g_assert_true (isnan (x[k]) && isnan (y[k]));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/crs/series", test_the_own_series_is_proj_to_a_micrometre);
  g_test_add_func ("/gis/crs/candidates", test_every_candidate_leads_home);
  g_test_add_func ("/gis/crs/axes", test_axes_point_east_and_north);
  g_test_add_func ("/gis/crs/apart", test_two_of_one_kind_are_apart);
  g_test_add_func ("/gis/crs/many", test_of_many_each_is_itself);
  g_test_add_func ("/gis/crs/lonlat", test_lonlat_is_taken_as_it_is);
  g_test_add_func ("/gis/crs/wkt", test_a_files_own_wkt_is_recognised);
  g_test_add_func ("/gis/crs/refused", test_what_is_no_system_is_refused);
  g_test_add_func ("/gis/crs/no-place", test_no_place_becomes_nan);

  return g_test_run ();
}
