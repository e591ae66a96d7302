/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-history-list.h"
#include "alm-test-bench.h"

#include <adwaita.h>
#include <string.h>

static void
test_what_was_done_here_is_listed (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  GtkWidget *list = alm_history_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);

  alm_history_list_show (ALM_HISTORY_LIST (list), &bench->ids[0], "tree");
  alm_test_bench_expect (list, "height: 12 → 14");
  g_assert_true (alm_test_bench_says (list, "· waiting"));

  alm_history_list_show (ALM_HISTORY_LIST (list), &bench->ids[1], "tree");
  alm_test_bench_expect (list, "height: 20 → 21");
  g_assert_true (alm_test_bench_says (list, "· refused by the server"));
  /* That it could be taken back is not offered. */
  g_assert_null (alm_test_bench_find (list, GTK_TYPE_BUTTON));

  alm_test_bench_close (window, list);
}

static void
test_one_change_is_taken_back (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  GtkWidget *list = alm_history_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  g_autofree char *fields = NULL;

  alm_history_list_show (ALM_HISTORY_LIST (list), &bench->ids[0], "tree");
  alm_test_bench_expect (list, "height: 12 → 14");
  g_assert_nonnull (alm_test_bench_find (list, GTK_TYPE_BUTTON));
  gtk_widget_activate_action (list, "history.undo", "u", 0);
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (bench->said->str, ==, "The change was undone\n");
  fields = alm_test_bench_fields (bench, &bench->ids[0]);
  g_assert_nonnull (strstr (fields, "\"height\":12"));

  alm_test_bench_close (window, list);
}

static gboolean
has_dialog (gpointer data)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow **dialog = data;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        *dialog = window;
    }

  return *dialog != NULL;
}

static void
edited_cb (GObject      *owner,
           GArray       *results,
           const GError *error,
           gpointer      user_data)
{
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* A profile without a server has the whole history: any state comes back. */
static void
test_a_state_is_shown_and_comes_back (AlmTestBench  *bench,
                                      gconstpointer  user_data)
{
  GtkWidget *list = alm_history_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  g_autofree char *before = alm_test_bench_fields (bench, &bench->ids[0]);
  g_autofree char *fields = NULL;
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = bench->ids[0], .set = set };
  GtkWindow *dialog = NULL;
  gboolean edited = FALSE;

  alm_value_set_integer (set, "height", 33);
  alm_workbench_edit (bench->workbench, "raised", &edit, 1, NULL, edited_cb, &edited);
  while (!edited)
    g_main_context_iteration (NULL, TRUE);
  alm_history_list_show (ALM_HISTORY_LIST (list), &bench->ids[0], "tree");
  alm_test_bench_expect (list, "→ 33");

  gtk_widget_activate_action (list, "history.restore", "u", 0);
  alm_test_bench_wait (has_dialog, &dialog);
  g_assert_true (alm_test_bench_says (GTK_WIDGET (dialog), "Höhe: 33 → "));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "restore");
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (bench->said->str, ==, "The earlier state was restored\n");
  fields = alm_test_bench_fields (bench, &bench->ids[0]);
  g_assert_cmpstr (fields, ==, before);

  /* Once more there is nothing to be done. */
  g_string_truncate (bench->said, 0);
  gtk_widget_activate_action (list, "history.restore", "u", 0);
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (bench->said->str, ==, "The object is in this state already\n");

  alm_test_bench_close (window, list);
}

static void
test_no_change_is_said_too (AlmTestBench  *bench,
                            gconstpointer  user_data)
{
  GtkWidget *list = alm_history_list_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (list);
  AlmId nobody;

  g_assert_true (alm_id_parse (&nobody, "01931f2e-7c1a-7e3b-9d41-0000000000ff"));
  alm_history_list_show (ALM_HISTORY_LIST (list), &nobody, "of no model");
  alm_test_bench_expect (list, "Nothing was changed at this workplace.");

  /* Closed in the middle of a reading. */
  alm_history_list_show (ALM_HISTORY_LIST (list), &bench->ids[0], "tree");
  alm_test_bench_close (window, list);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/history-list/" name, AlmTestBench, NULL, alm_test_bench_set_up_with_server, \
              test, alm_test_bench_tear_down)
  ADD ("listed", test_what_was_done_here_is_listed);
  ADD ("undo", test_one_change_is_taken_back);
  g_test_add ("/app/history-list/restore", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_state_is_shown_and_comes_back, alm_test_bench_tear_down);
  ADD ("nothing", test_no_change_is_said_too);

  return g_test_run ();
}
