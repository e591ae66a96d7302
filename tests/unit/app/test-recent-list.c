/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-recent-list.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"
#include "alm-test.h"

static AlmRecents *
read_recents (AlmTestBench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_desk_open (bench->dir, ALM_DESK_READ, NULL, &error);
  AlmRecents *recents;

  g_assert_no_error (error);
  recents = alm_desk_list_recent (desk, 0, 10, &error);
  g_assert_no_error (error);

  return recents;
}

static void
test_each_change_is_a_line_that_opens_it (AlmTestBench  *bench,
                                          gconstpointer  user_data)
{
  g_autoptr (AlmRecents) recents = read_recents (bench);
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);
  GtkWidget *list = alm_recent_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  GtkWidget *row;

  g_assert_true (alm_test_bench_says (list, "Nothing has changed since yesterday"));
  alm_recent_list_show (ALM_RECENT_LIST (list), recents);
  g_assert_false (alm_test_bench_says (list, "Nothing has changed"));
  g_assert_true (alm_test_bench_says (list, "B 4 Ahorn"));
  g_assert_true (alm_test_bench_says (list, "You · Added · "));

  row = alm_test_bench_find (list, ADW_TYPE_ACTION_ROW);
  while (!gtk_widget_get_visible (row))
    row = gtk_widget_get_next_sibling (row);
  g_signal_emit_by_name (row, "activated");      /* the newest is the first */
  g_assert_cmpint (alm_selection_get_primary (selection), ==, bench->rids[3]);

  alm_test_bench_close (window, list);
}

/* Of others only the server knows who; where it is not reached, that is said. */
static void
test_others_are_said_to_be_others (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  g_autoptr (AlmRecents) recents = read_recents (bench);
  GtkWidget *list = alm_recent_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  AlmRecent *recent = g_ptr_array_index (recents->own, 0);

  g_clear_pointer (&recent->command, alm_stored_command_free);
  recent->n = 3;
  g_ptr_array_add (recents->others, g_ptr_array_steal_index (recents->own, 0));
  alm_recent_list_show (ALM_RECENT_LIST (list), recents);
  g_assert_true (alm_test_bench_says (list, "B 4 Ahorn and 2 more"));
  alm_test_bench_expect (list, "Changed by others");

  alm_test_bench_close (window, list);
}

static gpointer
import_job (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  g_autoptr (AlmValue) about =
    alm_test_value ("{\"file\":\"Bäume.csv\",\"kind\":\"tree\",\"scope\":\"local\",\"result\":{}}");
  AlmDeskImport *import = alm_desk_import_begin (desk, error);

  g_assert_nonnull (import);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"number\":\"B 1%u\"}", i);
      g_autoptr (AlmValue) fields = alm_test_value (text);

      g_assert_true (alm_desk_import_add (import, NULL, NULL, "tree", fields, NULL, error));
    }
  g_assert_true (alm_desk_import_commit (import, about, NULL, error));

  return desk;
}

static void
note_kind_cb (GtkWidget *widget,
              GVariant  *parameter)
{
  g_object_set_data_full (G_OBJECT (widget), "shown", g_variant_dup_string (parameter, NULL),
                          g_free);
}

/* All that one file brought is one line, which leads to the table. */
static void
test_an_import_is_one_line (AlmTestBench  *bench,
                            gconstpointer  user_data)
{
  GtkWidget *list = alm_recent_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  GSimpleActionGroup *actions = g_simple_action_group_new ();
  GSimpleAction *action = g_simple_action_new ("show-kind", G_VARIANT_TYPE_STRING);
  g_autoptr (AlmRecents) recents = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *row;

  alm_records_write_async (bench->records, import_job, NULL, NULL, NULL, alm_test_keep_result,
                           &result);
  alm_test_wait_for (&result);
  alm_records_write_finish (bench->records, result, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (action, "activate", G_CALLBACK (note_kind_cb), window);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));

  recents = read_recents (bench);
  alm_recent_list_show (ALM_RECENT_LIST (list), recents);
  g_assert_true (alm_test_bench_says (list, "3 Baum"));
  g_assert_true (alm_test_bench_says (list, "You · Imported from Bäume.csv · "));
  g_assert_false (alm_test_bench_says (list, "B 12"));

  row = alm_test_bench_find (list, ADW_TYPE_ACTION_ROW);
  while (!gtk_widget_get_visible (row))
    row = gtk_widget_get_next_sibling (row);
  g_signal_emit_by_name (row, "activated");
  g_assert_cmpstr (g_object_get_data (G_OBJECT (window), "shown"), ==, "tree");

  alm_test_bench_close (window, list);
  g_object_unref (action);
  g_object_unref (actions);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/recent-list/lines", AlmTestBench, NULL, alm_test_bench_set_up,
              test_each_change_is_a_line_that_opens_it, alm_test_bench_tear_down);
  g_test_add ("/app/recent-list/others", AlmTestBench, NULL, alm_test_bench_set_up,
              test_others_are_said_to_be_others, alm_test_bench_tear_down);
  g_test_add ("/app/recent-list/import", AlmTestBench, NULL, alm_test_bench_set_up,
              test_an_import_is_one_line, alm_test_bench_tear_down);

  return g_test_run ();
}
