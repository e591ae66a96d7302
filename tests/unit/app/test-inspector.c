/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-inspector.h"
#include "alm-test-bench.h"
#include "alm-test.h"

#include <string.h>

static GtkWidget *
open_inspector (AlmTestBench  *bench,
                GtkWidget    **window)
{
  GtkWidget *inspector = alm_inspector_new (bench->workbench);

  *window = alm_test_bench_show (inspector);

  return inspector;
}

static AlmSelection *
selection_of (AlmTestBench *bench)
{
  return alm_workbench_get_selection (bench->workbench);
}

/* The entry that holds @text now. */
static GtkEditable *
find_entry (GtkWidget  *widget,
            const char *text)
{
  GtkEditable *found = NULL;

  if (GTK_IS_ENTRY (widget))
    return g_str_equal (gtk_editable_get_text (GTK_EDITABLE (widget)), text)
           ? GTK_EDITABLE (widget) : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child, text);

  return found;
}

static void
wait_for_toast (AlmTestBench *bench)
{
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_it_shows_what_is_selected (AlmTestBench  *bench,
                                gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);

  alm_test_bench_expect (inspector, "Nothing selected");
  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "B 1 Linde");
  g_assert_true (alm_test_bench_says (inspector, "50.927000° N, 11.586000° E"));
  alm_selection_select (selection_of (bench), bench->rids[2]);
  alm_test_bench_expect (inspector, "B 3 Linde");
  g_assert_false (alm_test_bench_says (inspector, "° N"));
  alm_selection_set (selection_of (bench), bench->rids, 3, 0);
  alm_test_bench_expect (inspector, "3 objects selected");
  alm_selection_select (selection_of (bench), 99999);
  alm_test_bench_expect (inspector, "This cannot be shown");
  alm_selection_clear (selection_of (bench));
  alm_test_bench_expect (inspector, "Nothing selected");

  alm_test_bench_close (window, inspector);
}

/* What is typed is saved when one looks at something else. */
static void
test_another_selection_saves_what_was_typed (AlmTestBench  *bench,
                                             gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);
  g_autofree char *fields = NULL;

  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "B 1 Linde");
  gtk_editable_set_text (find_entry (inspector, "12"), "14");
  g_assert_true (alm_inspector_is_typing (ALM_INSPECTOR (inspector)));
  alm_selection_select (selection_of (bench), bench->rids[1]);
  alm_test_bench_expect (inspector, "B 2 Eiche");
  g_assert_false (alm_inspector_is_typing (ALM_INSPECTOR (inspector)));

  /* Writes are done in their order, so this undo comes after it. */
  alm_workbench_undo (bench->workbench);
  wait_for_toast (bench);
  g_assert_cmpstr (bench->said->str, ==, "Undone: Höhe changed\n");
  fields = alm_test_bench_fields (bench, &bench->ids[0]);
  g_assert_nonnull (strstr (fields, "\"height\":12"));

  alm_test_bench_close (window, inspector);
}

static void
test_deleting_can_be_taken_back (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);

  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "B 1 Linde");
  gtk_widget_activate_action (inspector, "inspector.delete", NULL);
  wait_for_toast (bench);
  g_assert_cmpstr (bench->said->str, ==, "B 1 Linde deleted\n");
  alm_test_bench_expect (inspector, "This object is deleted.");
  g_assert_false (gtk_editable_get_editable (find_entry (inspector, "12")));

  gtk_widget_activate_action (inspector, "inspector.restore", NULL);
  while (alm_test_bench_says (inspector, "This object is deleted."))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_editable_get_editable (find_entry (inspector, "12")));

  alm_test_bench_close (window, inspector);
}

static void
shown_cb (AlmSelection *selection,
          gint64        rid,
          double        lon,
          double        lat,
          gint64       *shown)
{
  g_assert_cmpfloat (lon, ==, 11.586);
  g_assert_cmpfloat (lat, ==, 50.927);
  *shown = rid;
}

static void
test_it_leads_to_the_map (AlmTestBench  *bench,
                          gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);
  gint64 shown = 0;

  g_signal_connect (selection_of (bench), "show-on-map", G_CALLBACK (shown_cb), &shown);
  gtk_widget_activate_action (inspector, "inspector.show-on-map", NULL);
  g_assert_cmpint (shown, ==, 0);
  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "B 1 Linde");
  gtk_widget_activate_action (inspector, "inspector.show-on-map", NULL);
  g_assert_cmpint (shown, ==, bench->rids[0]);
  gtk_widget_activate_action (inspector, "inspector.copy-coordinates", NULL);
  g_assert_cmpstr (bench->said->str, ==, "Coordinates copied\n");

  g_signal_handlers_disconnect_by_data (selection_of (bench), &shown);
  alm_test_bench_close (window, inspector);
}

static void
test_what_waits_is_marked (AlmTestBench  *bench,
                           gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);

  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "changes are waiting for synchronisation");
  alm_test_bench_expect (inspector, "waiting");
  alm_test_bench_press (inspector, "Conflict");
  alm_test_bench_expect (inspector, "Leave what stands");
  alm_test_bench_press (inspector, "Leave what stands");
  while (find_entry (inspector, "krank") == NULL || alm_test_bench_says (inspector, "Conflict"))
    g_main_context_iteration (NULL, TRUE);

  /* Closed in the middle of a reading. */
  alm_selection_select (selection_of (bench), bench->rids[1]);
  alm_test_bench_close (window, inspector);
}

/* As if the server had told that nothing may be changed any more. */
static gpointer
take_rights_job (AlmDesk   *desk,
                 gpointer   data,
                 GError   **error)
{
  return alm_desk_set_setting (desk, "rights", "{\"scopes\":{}}", error)
         && alm_desk_set_setting (desk, "rights_hash", "0", error) ? desk : NULL;
}

static void
test_what_may_only_be_read_says_so (AlmTestBench  *bench,
                                    gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;
  GtkWidget *inspector = open_inspector (bench, &window);

  alm_records_write_async (bench->records, take_rights_job, NULL, NULL, NULL,
                           alm_test_keep_result, &done);
  alm_test_wait_for (&done);
  g_assert_nonnull (alm_records_write_finish (bench->records, done, &error));
  g_assert_no_error (error);
  g_assert_false (alm_test_bench_says (inspector, "You may only read this object."));

  alm_selection_select (selection_of (bench), bench->rids[0]);
  alm_test_bench_expect (inspector, "You may only read this object.");
  g_assert_false (gtk_editable_get_editable (find_entry (inspector, "14")));

  alm_test_bench_close (window, inspector);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/inspector/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("shows", test_it_shows_what_is_selected);
  ADD ("typed", test_another_selection_saves_what_was_typed);
  ADD ("delete", test_deleting_can_be_taken_back);
  ADD ("map", test_it_leads_to_the_map);
  g_test_add ("/app/inspector/waiting", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_what_waits_is_marked, alm_test_bench_tear_down);
  g_test_add ("/app/inspector/reads", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_what_may_only_be_read_says_so, alm_test_bench_tear_down);

  return g_test_run ();
}
