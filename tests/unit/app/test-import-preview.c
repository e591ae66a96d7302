/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-preview.h"
#include "alm-map-view.h"
#include "alm-mercator.h"
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

/* Places that came before the map had its size are shown as large as that allows. */
static void
test_the_places_fill_the_map (AlmTestBench  *bench,
                              gconstpointer  user_data)
{
  GtkWidget *preview = alm_import_preview_new (bench->records);
  g_autoptr (GArray) points = make_points (5000);
  AlmBox box = { G_MAXUINT32, G_MAXUINT32, 0, 0 };
  GtkWidget *window;
  AlmMapView *view;
  double zoom;

  for (guint i = 0; i < points->len; i++)
    {
      AlmImportPoint *point = &g_array_index (points, AlmImportPoint, i);
      double x, y;

      alm_mercator_from_lon_lat (point->lon, point->lat, &x, &y);
      box.west = MIN (box.west, alm_mercator_round (x));
      box.east = MAX (box.east, alm_mercator_round (x));
      box.north = MIN (box.north, alm_mercator_round (y));
      box.south = MAX (box.south, alm_mercator_round (y));
    }
  alm_import_preview_set_points (ALM_IMPORT_PREVIEW (preview), points);
  window = alm_test_bench_show (preview);
  alm_test_bench_settle ();
  gtk_widget_set_size_request (preview, 2400, 2000);
  while (gtk_widget_get_width (preview) < 2400)
    g_main_context_iteration (NULL, TRUE);
  alm_test_bench_settle ();

  view = ALM_MAP_VIEW (adw_bin_get_child (ADW_BIN (preview)));
  zoom = alm_map_view_get_zoom (view);
  alm_map_view_show_box (view, &box, 16);
  g_assert_cmpfloat (alm_map_view_get_zoom (view), ==, zoom);
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
  g_test_add ("/app/import-preview/fills", AlmTestBench, NULL, alm_test_bench_set_up,
              test_the_places_fill_the_map, alm_test_bench_tear_down);
  g_test_add ("/app/import-preview/strange", AlmTestBench, NULL, alm_test_bench_set_up,
              test_no_place_is_too_strange, alm_test_bench_tear_down);

  return g_test_run ();
}
