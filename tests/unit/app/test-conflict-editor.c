/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict-editor.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <adwaita.h>

static void
assert_taken (GtkWidget  *editor,
              const char *wanted)
{
  g_autoptr (AlmValue) value = alm_conflict_editor_take (ALM_CONFLICT_EDITOR (editor));
  g_autofree char *text = value != NULL ? alm_value_to_text (value) : NULL;

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_it_begins_with_the_proposal (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  g_autoptr (AlmValue) mine = alm_test_value ("14");
  AlmConflict conflict = { .field = (char *) "height", .mine = mine };
  GtkWidget *editor = alm_conflict_editor_new (bench->workbench, bench->model, &conflict);
  GtkWidget *window = alm_test_bench_show (editor);
  GtkWidget *entry = alm_test_bench_find (editor, GTK_TYPE_ENTRY);

  assert_taken (editor, "14");
  gtk_editable_set_text (GTK_EDITABLE (entry), "15.5");
  assert_taken (editor, "15.5");
  /* What does not fit stays, and is not taken. */
  gtk_editable_set_text (GTK_EDITABLE (entry), "hoch");
  assert_taken (editor, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  assert_taken (editor, "null");

  alm_test_bench_close (window, editor);
}

static void
test_a_group_is_taken_whole (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  g_autoptr (AlmValue) mine = alm_test_value ("{\"width\":2}");
  AlmConflict conflict = { .field = (char *) "size", .mine = mine };
  GtkWidget *editor = alm_conflict_editor_new (bench->workbench, bench->model, &conflict);
  GtkWidget *window = alm_test_bench_show (editor);

  assert_taken (editor, "{\"depth\":null,\"width\":2}");
  alm_test_bench_close (window, editor);
}

static void
test_not_everything_can_be_typed (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  AlmConflict place = { .field = (char *) "geometry" };
  AlmConflict whole = { .field = (char *) "" };
  AlmConflict part = { .field = (char *) "tags", .part = TRUE };

  g_assert_null (alm_conflict_editor_new (bench->workbench, bench->model, &place));
  g_assert_null (alm_conflict_editor_new (bench->workbench, bench->model, &whole));
  g_assert_null (alm_conflict_editor_new (bench->workbench, bench->model, &part));
  g_assert_null (alm_conflict_editor_new (bench->workbench, NULL, &whole));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/conflict-editor/" name, AlmTestBench, NULL, alm_test_bench_set_up, \
              test, alm_test_bench_tear_down)
  ADD ("value", test_it_begins_with_the_proposal);
  ADD ("group", test_a_group_is_taken_whole);
  ADD ("none", test_not_everything_can_be_typed);

  return g_test_run ();
}
