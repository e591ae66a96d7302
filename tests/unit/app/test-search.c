/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-search.h"
#include "alm-test-bench.h"

#include <adwaita.h>

typedef struct
{
  AlmTestBench  bench;
  GtkWidget    *search;
  GtkWidget    *window;
  GtkEditable  *entry;
  GtkListBox   *list;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  alm_test_bench_set_up (&fixture->bench, NULL);
  fixture->search = alm_search_new (fixture->bench.workbench);
  fixture->window = alm_test_bench_show (fixture->search);
  fixture->entry = GTK_EDITABLE (alm_test_bench_find (fixture->search, GTK_TYPE_SEARCH_ENTRY));
  fixture->list = GTK_LIST_BOX (alm_test_bench_find (fixture->search, GTK_TYPE_LIST_BOX));
  alm_search_begin (ALM_SEARCH (fixture->search));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, fixture->search);
  alm_test_bench_tear_down (&fixture->bench, NULL);
}

static void
test_records_are_found_and_selected (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  AlmSelection *selection = alm_workbench_get_selection (fixture->bench.workbench);

  gtk_editable_set_text (fixture->entry, "Eiche");
  alm_test_bench_expect (fixture->search, "B 2 Eiche");
  g_assert_false (alm_test_bench_says (fixture->search, "B 1 Linde"));
  g_signal_emit_by_name (fixture->list, "row-activated",
                         gtk_list_box_get_row_at_index (fixture->list, 0));
  g_assert_cmpint (alm_selection_get_primary (selection), ==, fixture->bench.rids[1]);
  /* Done: the entry is empty for the next one. */
  g_assert_cmpstr (gtk_editable_get_text (fixture->entry), ==, "");
}

static void
go_cb (AlmWorkbench *workbench,
       const char   *page,
       GString      *out)
{
  g_string_append (out, page);
}

/* What has no place is shown in the table. */
static void
test_without_a_place_it_leads_to_the_table (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GString) pages = g_string_new (NULL);
  AlmWorkbench *workbench = fixture->bench.workbench;
  gulong id = g_signal_connect (workbench, "go", G_CALLBACK (go_cb), pages);

  gtk_editable_set_text (fixture->entry, "Ahorn");
  alm_test_bench_expect (fixture->search, "B 4 Ahorn");
  g_signal_emit_by_name (fixture->entry, "activate");
  g_assert_cmpstr (pages->str, ==, "assets");
  g_assert_cmpint (alm_selection_get_primary (alm_workbench_get_selection (workbench)), ==,
                   fixture->bench.rids[3]);
  g_signal_handler_disconnect (workbench, id);
}

static void
undo_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       done)
{
  *(gboolean *) done = TRUE;
}

static void
test_commands_are_found_too (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("undo", NULL);
  gboolean done = FALSE;

  g_signal_connect (action, "activate", G_CALLBACK (undo_cb), &done);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (group));
  gtk_editable_set_text (fixture->entry, "UNDO");
  alm_test_bench_expect (fixture->search, "Undo");
  g_signal_emit_by_name (fixture->entry, "activate");
  g_assert_true (done);
}

static void
test_strange_words_find_nothing (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const char *const words[] = { "xyzzyq", "\"'* OR NEAR(", "%%%%" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gtk_editable_set_text (fixture->entry, words[i]);
      alm_test_bench_expect (fixture->search, "Nothing found.");
      g_signal_emit_by_name (fixture->entry, "activate");
      g_assert_cmpstr (gtk_editable_get_text (fixture->entry), ==, words[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/search/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("records", test_records_are_found_and_selected);
  ADD ("no-place", test_without_a_place_it_leads_to_the_table);
  ADD ("commands", test_commands_are_found_too);
  ADD ("nothing", test_strange_words_find_nothing);

  return g_test_run ();
}
