/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-preview.h"
#include "alm-test-bench.h"

static GArray *
make_points (guint n)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (AlmImportPoint));

  for (guint i = 0; i < n; i++)
    {
      AlmImportPoint point = { i + 1, 11.5 + 0.001 * (i % 100), 50.9 + 0.001 * (i / 100) };

      g_array_append_val (points, point);
    }

  return points;
}

static void
test_places_come_and_go (AlmTestBench  *bench,
                         gconstpointer  user_data)
{
  GtkWidget *preview = alm_import_preview_new (bench->records);
  GtkWidget *window = alm_test_bench_show (preview);
  g_autoptr (GArray) one = make_points (1);
  g_autoptr (GArray) many = make_points (5000);
  g_autoptr (GArray) none = make_points (0);

  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), one);
  alm_test_bench_settle ();
  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), many);
  alm_test_bench_settle ();
  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), none);
  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), NULL);
  alm_test_bench_settle ();

  alm_test_bench_close (window, preview);
}

/* A file may hold places that are on no map. */
static void
test_no_place_is_too_strange (AlmTestBench  *bench,
                              gconstpointer  user_data)
{
  static const AlmImportPoint strange[] = {
    { 1, 0, 0 }, { 2, 180, 90 }, { 3, -180, -90 }, { 4, 4475000, 5643000 },
  };
  GtkWidget *preview = alm_import_preview_new (bench->records);
  GtkWidget *window = alm_test_bench_show (preview);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AlmImportPoint));

  g_array_append_vals (points, strange, G_N_ELEMENTS (strange));
  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), points);
  alm_test_bench_settle ();
  alm_test_bench_close (window, preview);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/import-preview/places", AlmTestBench, NULL, alm_test_bench_set_up,
              test_places_come_and_go, alm_test_bench_tear_down);
  g_test_add ("/app/import-preview/strange", AlmTestBench, NULL, alm_test_bench_set_up,
              test_no_place_is_too_strange, alm_test_bench_tear_down);

  return g_test_run ();
}
