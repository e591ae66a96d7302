/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-assets-page.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

static GtkColumnView *
find_table (GtkWidget *page)
{
  return GTK_COLUMN_VIEW (alm_test_bench_find (page, GTK_TYPE_COLUMN_VIEW));
}

static guint
count_rows (GtkWidget *page)
{
  return g_list_model_get_n_items (
    G_LIST_MODEL (gtk_column_view_get_model (find_table (page))));
}

static void
test_the_table_shows_the_kind (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  GtkWidget *page = alm_assets_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "4 Baum");
  g_assert_cmpuint (count_rows (page), ==, 4);
  alm_test_bench_expect (page, "Eiche");
  alm_test_bench_expect (page, "Höhe");

  alm_test_bench_close (window, page);
}

static void
test_the_selection_is_shared (AlmTestBench  *bench,
                              gconstpointer  user_data)
{
  GtkWidget *page = alm_assets_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);
  GtkSelectionModel *rows;

  alm_test_bench_expect (page, "4 Baum");
  rows = gtk_column_view_get_model (find_table (page));
  alm_selection_set (selection, bench->rids, 2, 0);
  g_assert_true (gtk_selection_model_is_selected (rows, 0));
  g_assert_true (gtk_selection_model_is_selected (rows, 1));
  g_assert_false (gtk_selection_model_is_selected (rows, 2));
  g_assert_true (alm_test_bench_says (page, "4 Baum · 2 selected"));

  gtk_selection_model_select_item (rows, 3, TRUE);
  g_assert_cmpuint (alm_selection_get_size (selection), ==, 1);
  g_assert_cmpint (alm_selection_get_primary (selection), ==, bench->rids[3]);

  alm_test_bench_close (window, page);
}

/* Another order is another list; the selection stays with its records. */
static void
test_sorting_keeps_the_selection (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  GtkWidget *page = alm_assets_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  GtkSelectionModel *rows;

  alm_test_bench_expect (page, "4 Baum");
  rows = gtk_column_view_get_model (find_table (page));
  alm_selection_select (alm_workbench_get_selection (bench->workbench), bench->rids[0]);
  g_assert_true (gtk_selection_model_is_selected (rows, 0));

  gtk_widget_activate_action (page, "page.sort", "s", "height down");   /* 20.5, 12, 3, none */
  alm_test_bench_expect (page, "Höhe ▾");
  while (!gtk_selection_model_is_selected (rows, 1))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (gtk_selection_model_is_selected (rows, 0));
  gtk_widget_activate_action (page, "page.sort", "s", "nonsense");

  alm_test_bench_close (window, page);
}

static void
test_a_new_record_comes_by_itself (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  GtkWidget *page = alm_assets_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autoptr (AlmValue) fields = alm_test_value ("{\"number\":\"B 5\"}");
  AlmEdit edit = { .op = ALM_OP_NEW, .kind = "tree", .set = fields };

  alm_test_bench_expect (page, "4 Baum");
  alm_workbench_edit (bench->workbench, "Tree added", &edit, 1, NULL, NULL, NULL);
  alm_test_bench_expect (page, "5 Baum");

  alm_test_bench_close (window, page);
}

/* Closed before it has read anything. */
static void
test_it_goes_at_once (AlmTestBench  *bench,
                      gconstpointer  user_data)
{
  GtkWidget *page = alm_assets_page_new (bench->workbench);

  alm_test_bench_close (alm_test_bench_show (page), page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/assets-page/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("table", test_the_table_shows_the_kind);
  ADD ("selection", test_the_selection_is_shared);
  ADD ("sort", test_sorting_keeps_the_selection);
  ADD ("new", test_a_new_record_comes_by_itself);
  ADD ("gone", test_it_goes_at_once);

  return g_test_run ();
}
