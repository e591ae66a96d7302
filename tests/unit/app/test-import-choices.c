/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-choices.h"
#include "alm-test-bench.h"

/* In a list, as rows are. */
static GtkWidget *
show_row (GtkWidget *row)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_append (GTK_LIST_BOX (list), row);

  return alm_test_bench_show (list);
}

/* What is chosen is shown by its first line; in the list both are there. */
static void
test_an_entry_has_two_lines (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  GtkWidget *row = adw_combo_row_new ();
  GtkWidget *window;
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  alm_import_choices_set_up (ADW_COMBO_ROW (row));
  alm_import_choices_append (list, "EPSG:31468", "98 % in the city");
  alm_import_choices_append (list, "Another system…", NULL);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  window = show_row (row);
  alm_test_bench_settle ();

  g_assert_true (alm_test_bench_says (row, "EPSG:31468"));
  g_assert_false (alm_test_bench_says (row, "98 % in the city"));

  gtk_widget_activate (row);
  alm_test_bench_settle ();
  g_assert_true (alm_test_bench_says (row, "98 % in the city"));
  g_assert_true (alm_test_bench_says (row, "Another system…"));

  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  alm_test_bench_settle ();
  alm_test_bench_close (window, gtk_widget_get_parent (row));
}

/* A row that goes while its list was never opened, or filled anew, takes all with it. */
static void
test_it_can_be_filled_again_and_again (AlmTestBench  *bench,
                                       gconstpointer  user_data)
{
  GtkWidget *row = adw_combo_row_new ();
  GtkWidget *window;

  alm_import_choices_set_up (ADW_COMBO_ROW (row));
  window = show_row (row);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

      for (guint k = 0; k <= i; k++)
        {
          g_autofree char *title = g_strdup_printf ("list %u, entry %u", i, k);

          alm_import_choices_append (list, title, "why");
        }
      adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
      alm_test_bench_settle ();
    }
  g_assert_true (alm_test_bench_says (row, "list 2, entry 2"));
  alm_test_bench_close (window, gtk_widget_get_parent (row));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/import-choices/lines", AlmTestBench, NULL, alm_test_bench_set_up,
              test_an_entry_has_two_lines, alm_test_bench_tear_down);
  g_test_add ("/app/import-choices/again", AlmTestBench, NULL, alm_test_bench_set_up,
              test_it_can_be_filled_again_and_again, alm_test_bench_tear_down);

  return g_test_run ();
}
