/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-match.h"
#include "alm-json.h"
#include "alm-random.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <math.h>

#define TREES 300

static double lons[TREES], lats[TREES];

static void
add_trees (AlmDesk *desk)
{
  AlmRandom random;

  alm_random_seed (&random, 7);
  alm_test_add_trees (desk);
  for (guint i = 0; i < TREES; i++)
    {
      AlmId id = { { 2, (guint8) (i >> 8), (guint8) i } };
      g_autofree char *fields = NULL;

      lons[i] = floor ((11.58 + 0.002 * alm_random_unit (&random)) * 1e7) / 1e7;
      lats[i] = floor ((50.92 + 0.002 * alm_random_unit (&random)) * 1e7) / 1e7;
      fields = g_strdup_printf ("{\"number\":\"%u\",\"geometry\":{\"type\":\"Point\","
                                "\"coordinates\":[%.7f,%.7f]}}", i, lons[i], lats[i]);
      alm_test_edit (desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", fields);
    }
}

static double
get_nearest (double lon,
             double lat)
{
  double best = INFINITY;

  for (guint i = 0; i < TREES; i++)
    best = MIN (best, hypot ((lons[i] - lon) * cos (lat * G_PI / 180), lats[i] - lat));

  return best * 6371000.0 * G_PI / 180;
}

/* The grid against asking everyone. */
static void
test_near_and_key_against_asking_everyone (void)
{
  static const char *const key[] = { "number", NULL };
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_autoptr (AlmImportMatch) match = NULL;
  g_autoptr (AlmValue) fields = alm_json_parse ("{\"number\":\"17\"}", -1, NULL, NULL);
  g_autofree char *text = alm_import_match_make_key (key, fields);
  AlmValue *extra;
  AlmRandom random;
  AlmId id;

  g_assert_no_error (error);
  add_trees (desk);
  match = alm_import_match_new (desk, "tree", "ksj/baeume", key, "geometry", 5, &error);
  g_assert_no_error (error);

  alm_random_seed (&random, 8);
  for (guint i = 0; i < 5000; i++)
    {
      double lon = 11.58 + 0.002 * alm_random_unit (&random);
      double lat = 50.92 + 0.002 * alm_random_unit (&random);
      double nearest = get_nearest (lon, lat);

      if (fabs (nearest - 5) > 1e-6)
        g_assert_cmpint (alm_import_match_is_near (match, lon, lat), ==, nearest < 5);
    }

  g_assert_true (alm_import_match_find (match, text, &id, &extra));
  g_assert_cmpint (id.bytes[2], ==, 17);
  g_assert_false (alm_import_match_find (match, "none", &id, &extra));
  g_assert_false (alm_import_match_find (match, NULL, &id, &extra));
  g_assert_cmpuint (alm_import_match_count_missing (match), ==, TREES - 1);
  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-match/everyone", test_near_and_key_against_asking_everyone);

  return g_test_run ();
}
