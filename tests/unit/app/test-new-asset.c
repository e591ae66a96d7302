/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-field-row.h"
#include "alm-new-asset.h"
#include "alm-test-bench.h"

/* The entry of the field @name in @widget; NULL: none. */
static GtkEditable *
find_entry (GtkWidget  *widget,
            const char *name)
{
  GtkEditable *found = NULL;

  if (ALM_IS_FIELD_ROW (widget))
    return g_str_equal (alm_field_row_get_field (ALM_FIELD_ROW (widget))->name, name)
           ? GTK_EDITABLE (alm_test_bench_find (widget, GTK_TYPE_ENTRY)) : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child, name);

  return found;
}

static void
note_gone_cb (gpointer  data,
              GObject  *where)
{
  *(gboolean *) data = TRUE;
}

static void
test_a_record_is_made_and_selected (AlmTestBench  *bench,
                                    gconstpointer  user_data)
{
  GtkWidget *dialog = alm_new_asset_new (bench->workbench, bench->model);
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (dialog), note_gone_cb, &gone);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_editable_set_text (find_entry (dialog, "number"), "B 5");
  gtk_editable_set_text (find_entry (dialog, "height"), "7.5");
  gtk_widget_activate_action (dialog, "new-asset.add", NULL);
  while (!gone || alm_selection_get_primary (selection) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (alm_selection_get_primary (selection), >, bench->rids[3]);
  g_assert_cmpstr (bench->said->str, ==, "Baum added\n");
}

/* The dialog stays, says why, and makes nothing. */
static void
test_what_does_not_fit_is_not_made (AlmTestBench  *bench,
                                    gconstpointer  user_data)
{
  GtkWidget *dialog = alm_new_asset_new (bench->workbench, bench->model);

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_editable_set_text (find_entry (dialog, "height"), "hoch");
  gtk_widget_activate_action (dialog, "new-asset.add", NULL);
  alm_test_bench_expect (dialog, "Please enter a number.");
  alm_test_bench_settle ();
  g_assert_cmpstr (bench->said->str, ==, "");
  g_assert_cmpint (
    alm_selection_get_primary (alm_workbench_get_selection (bench->workbench)), ==, 0);

  alm_test_bench_close (dialog, dialog);
}

/* Closed after the button and before the answer: nothing is left behind. */
static void
test_it_may_be_closed_at_once (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  GtkWidget *dialog = alm_new_asset_new (bench->workbench, bench->model);

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_editable_set_text (find_entry (dialog, "number"), "B 6");
  gtk_widget_activate_action (dialog, "new-asset.add", NULL);
  alm_test_bench_close (dialog, dialog);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/new-asset/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("made", test_a_record_is_made_and_selected);
  ADD ("wrong", test_what_does_not_fit_is_not_made);
  ADD ("closed", test_it_may_be_closed_at_once);

  return g_test_run ();
}
