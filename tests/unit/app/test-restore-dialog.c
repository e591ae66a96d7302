/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-restore-dialog.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

static AlmDeskReturn *
plan_new (const char *now,
          const char *set)
{
  AlmDeskReturn *plan = g_new0 (AlmDeskReturn, 1);

  plan->row = g_new0 (AlmRow, 1);
  plan->row->fields = alm_test_value (now);
  plan->set = alm_test_value (set);

  return plan;
}

static void
test_what_changes_is_listed (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  g_autoptr (AlmDeskReturn) plan = plan_new ("{\"height\":14,\"species\":\"Linde\"}",
                                             "{\"height\":12,\"species\":null}");
  AlmCommand command = { .at = (char *) "2026-11-23T08:12:00Z" };
  AlmHistoryEntry entry = { .user = (char *) "anna", .command = &command };
  GtkWidget *dialog = alm_restore_dialog_new (NULL, bench->model, &entry, plan);

  gtk_window_present (GTK_WINDOW (dialog));
  alm_test_bench_expect (dialog, "Höhe: 14 → 12");
  alm_test_bench_expect (dialog, "Art: Linde → (empty)");
  alm_test_bench_expect (dialog, "the change by anna, ");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
test_coming_and_going_is_said (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  g_autoptr (AlmDeskReturn) plan = plan_new ("{}", "{}");
  AlmCommand command = { .at = (char *) "2026-11-23T08:12:00Z" };
  AlmHistoryEntry entry = { .user = (char *) "", .command = &command };
  GtkWidget *dialog;

  plan->row->deleted = TRUE;
  dialog = alm_restore_dialog_new (NULL, bench->model, &entry, plan);
  gtk_window_present (GTK_WINDOW (dialog));
  alm_test_bench_expect (dialog, "The object comes back.");
  alm_test_bench_expect (dialog, "As it was after the change of ");
  gtk_window_destroy (GTK_WINDOW (dialog));

  plan->row->deleted = FALSE;
  plan->deleted = TRUE;
  dialog = alm_restore_dialog_new (NULL, bench->model, &entry, plan);
  gtk_window_present (GTK_WINDOW (dialog));
  alm_test_bench_expect (dialog, "it is deleted again");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/restore-dialog/" name, AlmTestBench, NULL, alm_test_bench_set_up, \
              test, alm_test_bench_tear_down)
  ADD ("fields", test_what_changes_is_listed);
  ADD ("deleted", test_coming_and_going_is_said);

  return g_test_run ();
}
