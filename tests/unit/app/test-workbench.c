/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <string.h>

/* The next toast; what was said before is forgotten. */
static void
expect_said (AlmTestBench *bench,
             const char   *text)
{
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (bench->said->str, ==, text);
  g_string_truncate (bench->said, 0);
}

static void
edited_cb (GObject      *owner,
           GArray       *results,
           const GError *error,
           gpointer      user_data)
{
  GString *out = user_data;

  if (error != NULL)
    g_string_append (out, "failed");
  else
    g_string_append_printf (out, "%u%s", results->len,
                            g_array_index (results, AlmEditResult, 0).same ? " same" : "");
}

/* Gives both first trees this height and says how it went. */
static void
set_heights (AlmTestBench *bench,
             const char   *set,
             const char   *expected)
{
  g_autoptr (AlmValue) fields = alm_test_value (set);
  g_autoptr (GString) answer = g_string_new (NULL);
  AlmEdit edits[2] = {
    { .op = ALM_OP_UPD, .has_id = TRUE, .id = bench->ids[0], .set = fields },
    { .op = ALM_OP_UPD, .has_id = TRUE, .id = bench->ids[1], .set = fields },
  };

  alm_workbench_edit (bench->workbench, "Height changed", edits, 2, NULL, edited_cb, answer);
  while (answer->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (answer->str, ==, expected);
}

static void
assert_height (AlmTestBench *bench,
               guint         index,
               const char   *expected)
{
  g_autofree char *fields = alm_test_bench_fields (bench, &bench->ids[index]);

  g_assert_nonnull (strstr (fields, expected));
}

/* One step for everything that was done at once, with the words for it. */
static void
test_what_was_done_is_taken_back_and_done_again (AlmTestBench  *bench,
                                                 gconstpointer  user_data)
{
  set_heights (bench, "{\"height\":7}", "2");
  assert_height (bench, 0, "\"height\":7,");
  assert_height (bench, 1, "\"height\":7,");

  alm_workbench_undo (bench->workbench);
  alm_workbench_undo (bench->workbench);     /* while one is under way, none */
  expect_said (bench, "Undone: Height changed\n");
  assert_height (bench, 0, "\"height\":12,");
  assert_height (bench, 1, "\"height\":20.5,");

  alm_workbench_redo (bench->workbench);
  expect_said (bench, "Done again: Height changed\n");
  assert_height (bench, 0, "\"height\":7,");
  alm_workbench_redo (bench->workbench);
  expect_said (bench, "There is nothing to do again\n");
}

static void
test_what_changes_nothing_leaves_nothing_to_undo (AlmTestBench  *bench,
                                                  gconstpointer  user_data)
{
  set_heights (bench, "{\"height\":7}", "2");
  set_heights (bench, "{\"height\":7}", "2 same");
  alm_workbench_undo (bench->workbench);
  expect_said (bench, "Undone: Height changed\n");
}

static void
test_an_edit_that_is_refused_is_told (AlmTestBench  *bench,
                                      gconstpointer  user_data)
{
  g_autoptr (AlmValue) fields = alm_test_value ("{\"height\":-1}");
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = bench->ids[0], .set = fields };

  set_heights (bench, "{\"height\":-1}", "failed");
  assert_height (bench, 0, "\"height\":12,");
  g_assert_cmpuint (bench->said->len, ==, 0);

  /* With nobody to tell it to, the workbench says it. */
  alm_workbench_edit (bench->workbench, "Height changed", &edit, 1, NULL, NULL, NULL);
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
go_cb (AlmWorkbench *workbench,
       const char   *page,
       GString      *out)
{
  g_string_append (out, page);
}

static void
test_it_passes_on_what_pages_say (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  g_autoptr (GString) pages = g_string_new (NULL);
  gulong id = g_signal_connect (bench->workbench, "go", G_CALLBACK (go_cb), pages);

  alm_workbench_say (bench->workbench, "Grüß Gott", FALSE);
  g_assert_cmpstr (bench->said->str, ==, "Grüß Gott\n");
  alm_workbench_go (bench->workbench, "assets");
  g_assert_cmpstr (pages->str, ==, "assets");
  g_signal_handler_disconnect (bench->workbench, id);

  g_assert_true (alm_workbench_get_records (bench->workbench) == bench->records);
  g_assert_nonnull (alm_workbench_get_selection (bench->workbench));
  g_assert_nonnull (alm_workbench_get_sync (bench->workbench));
  g_assert_cmpstr (alm_workbench_language (), ==, "en");
}

static void
test_it_goes_with_its_last_user (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  AlmWorkbench *other = alm_workbench_new (bench->records);
  gpointer gone = other;

  g_object_add_weak_pointer (G_OBJECT (other), &gone);
  g_object_unref (other);
  while (gone != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/app/workbench/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("undo", test_what_was_done_is_taken_back_and_done_again);
  ADD ("same", test_what_changes_nothing_leaves_nothing_to_undo);
  ADD ("refused", test_an_edit_that_is_refused_is_told);
  ADD ("pages", test_it_passes_on_what_pages_say);
  ADD ("gone", test_it_goes_with_its_last_user);

  return g_test_run ();
}
