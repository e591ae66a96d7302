/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-sync-popover.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <adwaita.h>
#include <string.h>

static void
go_cb (AlmWorkbench *workbench,
       const char   *page,
       GString      *out)
{
  g_string_append_printf (out, "%s ", page);
}

static void
test_what_waits_for_a_person_leads_there (AlmTestBench  *bench,
                                          gconstpointer  user_data)
{
  g_autoptr (GString) pages = g_string_new (NULL);
  GtkWidget *popover = alm_sync_popover_new (bench->workbench);
  GtkWidget *window = alm_test_bench_pop_up (popover);
  GObject *row;

  g_signal_connect (bench->workbench, "go", G_CALLBACK (go_cb), pages);
  alm_test_bench_expect (popover, "Everything is saved here. Sign in");
  alm_test_bench_expect (popover, "http://127.0.0.1:1");
  alm_test_bench_expect (popover, "Sign in …");
  alm_test_bench_expect (popover, "Conflicts");
  alm_test_bench_expect (popover, "Refused");
  g_assert_false (alm_test_bench_says (popover, "Only here"));
  g_assert_false (alm_test_bench_says (popover, "Synchronise now"));
  alm_test_bench_expect (popover, "Bäume");        /* the area, with its title */
  alm_test_bench_expect (popover, "objects");

  row = gtk_widget_get_template_child (popover, ALM_TYPE_SYNC_POPOVER, "refused_row");
  g_signal_emit_by_name (gtk_widget_get_parent (GTK_WIDGET (row)), "row-activated", row);
  row = gtk_widget_get_template_child (popover, ALM_TYPE_SYNC_POPOVER, "conflicts_row");
  g_signal_emit_by_name (gtk_widget_get_parent (GTK_WIDGET (row)), "row-activated", row);
  g_assert_cmpstr (pages->str, ==, "refused conflicts ");

  g_signal_handlers_disconnect_by_data (bench->workbench, pages);
  alm_test_bench_close (window, popover);
}

/* A picture that a record names and that is not here. */
static void
test_pictures_on_their_way_are_counted (AlmTestBench  *bench,
                                        gconstpointer  user_data)
{
  g_autoptr (AlmValue) set =
    alm_test_value ("{\"extra\":{\"photo\":{\"size\":9,\"sha256\":"
                    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}}");
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = bench->ids[0], .set = set };
  GtkWidget *popover = alm_sync_popover_new (bench->workbench);
  GtkWidget *window = alm_test_bench_pop_up (popover);

  alm_test_bench_expect (popover, "Conflicts");
  g_assert_false (alm_test_bench_says (popover, "Pictures on their way"));
  alm_records_edit_async (bench->records, &edit, 1, NULL, NULL);
  alm_test_bench_expect (popover, "Pictures on their way");
  alm_test_bench_expect (popover, "0 of 1");
  alm_test_bench_close (window, popover);
}

/* What is only played must not reach a server. */
static void
test_a_training_town_cannot_sign_in (AlmTestBench  *bench,
                                     gconstpointer  user_data)
{
  g_autofree char *mark = g_build_filename (bench->dir, "training.json", NULL);
  GtkWidget *popover;
  GObject *label, *button;

  g_assert_true (g_file_set_contents (mark, "{}", -1, NULL));
  popover = g_object_ref_sink (alm_sync_popover_new (bench->workbench));
  g_signal_emit_by_name (alm_workbench_get_sync (bench->workbench), "changed");

  label = gtk_widget_get_template_child (popover, ALM_TYPE_SYNC_POPOVER, "state_label");
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (label)), "ever sent"));
  button = gtk_widget_get_template_child (popover, ALM_TYPE_SYNC_POPOVER, "account_button");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));

  g_object_unref (popover);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/sync-popover/questions", AlmTestBench, NULL,
              alm_test_bench_set_up_with_server, test_what_waits_for_a_person_leads_there,
              alm_test_bench_tear_down);
  g_test_add ("/app/sync-popover/pictures", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_pictures_on_their_way_are_counted, alm_test_bench_tear_down);
  g_test_add ("/app/sync-popover/training", AlmTestBench, NULL,
              alm_test_bench_set_up_with_server, test_a_training_town_cannot_sign_in,
              alm_test_bench_tear_down);

  return g_test_run ();
}
