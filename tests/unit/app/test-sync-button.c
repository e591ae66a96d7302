/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-sync-button.h"
#include "alm-test-bench.h"

#include <adwaita.h>
#include <string.h>

static void
test_it_says_how_things_stand (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  GtkWidget *button = alm_sync_button_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (button);

  alm_test_bench_expect (button, "Not signed in");
  alm_sync_button_sync_now (ALM_SYNC_BUTTON (button));
  g_assert_cmpstr (bench->said->str, ==, "");
  g_assert_nonnull (alm_test_bench_find (button, GTK_TYPE_MENU_BUTTON));

  alm_test_bench_close (window, button);
}

static void
test_without_a_server_there_is_nothing_to_do (AlmTestBench  *bench,
                                              gconstpointer  user_data)
{
  GtkWidget *button = alm_sync_button_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (button);

  alm_test_bench_expect (button, "Saved here");
  alm_sync_button_sync_now (ALM_SYNC_BUTTON (button));
  g_assert_cmpstr (bench->said->str, ==,
                   "You work without a server. Everything is saved here.\n");

  alm_test_bench_close (window, button);
}

static void
test_a_copy_that_went_its_own_way (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  GtkWidget *button = alm_sync_button_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (button);

  g_signal_emit_by_name (alm_workbench_get_sync (bench->workbench), "forked");
  g_assert_nonnull (strstr (bench->said->str, "It is a workplace of its own now"));

  alm_test_bench_close (window, button);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/sync-button/state", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_it_says_how_things_stand, alm_test_bench_tear_down);
  g_test_add ("/app/sync-button/alone", AlmTestBench, NULL, alm_test_bench_set_up,
              test_without_a_server_there_is_nothing_to_do, alm_test_bench_tear_down);

  g_test_add ("/app/sync-button/forked", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_a_copy_that_went_its_own_way, alm_test_bench_tear_down);

  return g_test_run ();
}
