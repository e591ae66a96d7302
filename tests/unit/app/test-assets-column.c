/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-assets-column.h"
#include "alm-rows-model.h"
#include "alm-test-bench.h"

#include <adwaita.h>

static void
assert_title (GtkColumnViewColumn *column,
              const char          *expected)
{
  g_assert_cmpstr (gtk_column_view_column_get_title (column), ==, expected);
}

static void
test_the_title_has_an_arrow (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  const AlmField *field = alm_model_find_field (bench->model, "height");
  GtkColumnViewColumn *column = alm_assets_column_new (bench->model, field, FALSE);
  GMenuModel *menu = gtk_column_view_column_get_header_menu (column);
  g_autofree char *target = NULL;

  assert_title (column, "Höhe");
  alm_assets_column_mark (column, 1);
  assert_title (column, "Höhe ▴");
  alm_assets_column_mark (column, -1);
  assert_title (column, "Höhe ▾");
  alm_assets_column_mark (column, 0);
  assert_title (column, "Höhe");
  g_assert_true (alm_assets_column_get_field (column) == field);

  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 2);
  g_assert_true (g_menu_model_get_item_attribute (menu, 1, G_MENU_ATTRIBUTE_TARGET, "s",
                                                  &target));
  g_assert_cmpstr (target, ==, "height down");
  g_assert_finalize_object (column);
}

static int
width_of (AlmTestBench *bench,
          const char   *field)
{
  g_autoptr (GtkColumnViewColumn) column =
    alm_assets_column_new (bench->model, alm_model_find_field (bench->model, field), FALSE);

  return gtk_column_view_column_get_fixed_width (column);
}

static void
test_columns_grow_with_the_text (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int before;
  int dpi;

  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  before = width_of (bench, "species");
  g_assert_cmpint (width_of (bench, "height"), <, before);
  g_object_set (settings, "gtk-xft-dpi", 2 * dpi, NULL);
  g_assert_cmpint (abs (width_of (bench, "species") - 2 * before), <=, 1);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
}

/* The cells of a table with this one column. */
static void
test_cells_follow_their_rows (AlmTestBench  *bench,
                              gconstpointer  user_data)
{
  GArray *rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  AlmRowsModel *rows = alm_rows_model_new (bench->records);
  GtkSelectionModel *selection =
    GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (rows))));
  GtkWidget *table = gtk_column_view_new (selection);
  GtkWidget *window;
  g_autoptr (GtkColumnViewColumn) column =
    alm_assets_column_new (bench->model, alm_model_find_field (bench->model, "height"),
                           TRUE);

  gtk_column_view_append_column (GTK_COLUMN_VIEW (table), column);
  g_array_append_vals (rids, bench->rids, 2);
  alm_rows_model_take (rows, alm_rows_order_new (rids));
  window = alm_test_bench_show (table);
  alm_test_bench_expect (table, "12");
  alm_test_bench_expect (table, "20.5");

  alm_rows_model_take (rows, alm_rows_order_new (g_array_new (FALSE, FALSE, sizeof (gint64))));
  alm_test_bench_close (window, table);
  alm_test_bench_settle ();
  g_assert_finalize_object (rows);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/assets-column/title", AlmTestBench, NULL, alm_test_bench_set_up,
              test_the_title_has_an_arrow, alm_test_bench_tear_down);
  g_test_add ("/app/assets-column/width", AlmTestBench, NULL, alm_test_bench_set_up,
              test_columns_grow_with_the_text, alm_test_bench_tear_down);
  g_test_add ("/app/assets-column/cells", AlmTestBench, NULL, alm_test_bench_set_up,
              test_cells_follow_their_rows, alm_test_bench_tear_down);

  return g_test_run ();
}
