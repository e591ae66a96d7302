/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-recent-list.h"
#include "alm-test-bench.h"

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

  return g_test_run ();
}
