/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict-card.h"
#include "alm-desk-fixture.h"
#include "alm-test-bench.h"
#include "alm-test.h"

#include <adwaita.h>
#include <string.h>

typedef struct
{
  AlmTestBench  bench;
  AlmConflict  *conflict;
} Fixture;

static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_conflict_list (desk, NULL, error);
}

static gpointer
run_job (Fixture      *fixture,
         AlmDeskFunc   job,
         gpointer      data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gpointer made;

  alm_records_write_async (fixture->bench.records, job, data, NULL, NULL, alm_test_keep_result,
                           &result);
  alm_test_wait_for (&result);
  made = alm_records_write_finish (fixture->bench.records, result, &error);
  g_assert_no_error (error);

  return made;
}

static void
read_conflict (Fixture *fixture)
{
  g_autoptr (GPtrArray) conflicts = run_job (fixture, list_job, NULL);

  g_clear_pointer (&fixture->conflict, alm_conflict_unref);
  fixture->conflict = g_ptr_array_steal_index (conflicts, 0);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  alm_test_bench_set_up_with_server (&fixture->bench, NULL);
  read_conflict (fixture);
}

/* The server asks about the first tree, whose height this desk has changed; a
 * deletion has another number. */
static gpointer
ask_job (AlmDesk   *desk,
         gpointer   data,
         GError   **error)
{
  g_autofree char *id = alm_id_to_text (alm_desk_get_id (desk));
  g_autofree char *line =
    g_strdup_printf ("{'s':'" ALM_FIXTURE_SCOPE "','v':10,"
                     "'id':'01931f2e-7c1a-7e3b-9d41-00000000c002','k':'conflict','f':{"
                     "'record':'01931f2e-7c1a-7e3b-9d41-000000000001','kind':'tree','field':'',"
                     "'theirs_user':'Anna','theirs_at':'2026-11-26T08:00:00Z',"
                     "'mine_user':'Bernd','mine_at':'2026-11-26T09:00:00Z','mine_desk':'%s',"
                     "'mine_n':%d,'why':'%s','state':'open'}}", id,
                     g_str_equal (data, "deleted") ? 2 : 99, (const char *) data);
  const char *lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, 10, FALSE, NULL, lines));

  return desk;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_conflict_unref (fixture->conflict);
  alm_test_bench_tear_down (&fixture->bench, NULL);
}

static void
decided_cb (GtkWidget *card,
            gboolean  *decided)
{
  *decided = TRUE;
}

/* Presses @button and returns what became of the record. */
static char *
decide (Fixture    *fixture,
        const char *button)
{
  GtkWidget *card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
  GtkWidget *window = alm_test_bench_show (card);
  gboolean decided = FALSE;

  g_signal_connect (card, "decided", G_CALLBACK (decided_cb), &decided);
  alm_test_bench_press (card, button);
  while (!decided)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->bench.said->str, ==, "");
  alm_test_bench_close (window, card);

  return alm_test_bench_fields (&fixture->bench, &fixture->bench.ids[0]);
}

static void
test_all_three_values_are_shown (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  GtkWidget *card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
  GtkWidget *window = alm_test_bench_show (card);

  g_assert_true (alm_test_bench_says (card, "status"));
  g_assert_true (alm_test_bench_says (card, "Two people have changed this field"));
  g_assert_true (alm_test_bench_says (card, "krank"));
  g_assert_true (alm_test_bench_says (card, "gefällt"));
  g_assert_true (alm_test_bench_says (card, "Before: aktiv"));
  g_assert_true (alm_test_bench_says (card, "Anna, 26.11.2026"));
  g_assert_true (alm_test_bench_says (card, "Bernd, 26.11.2026"));
  alm_test_bench_close (window, card);
}

typedef struct
{
  const char *why;
  const char *question;
  const char *yours;       /* on the side of the reader */
  const char *button;
  gboolean    deleted;     /* afterwards */
} Case;

static gpointer
is_deleted_job (AlmDesk   *desk,
                gpointer   id,
                GError   **error)
{
  g_autoptr (AlmRow) row = alm_desk_get (desk, id, error);

  return GINT_TO_POINTER (row != NULL && row->deleted ? 2 : 1);
}

static gboolean
is_deleted (Fixture *fixture)
{
  return GPOINTER_TO_INT (run_job (fixture, is_deleted_job, &fixture->bench.ids[0])) == 2;
}

static void
test_a_question_about_a_deletion_has_its_own_words (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  const Case *one = user_data;
  GtkWidget *card;
  GtkWidget *window;

  run_job (fixture, ask_job, (gpointer) one->why);
  read_conflict (fixture);
  g_assert_cmpstr (fixture->conflict->why, ==, one->why);
  card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
  window = alm_test_bench_show (card);
  g_assert_true (alm_test_bench_says (card, "The whole object"));
  g_assert_true (alm_test_bench_says (card, one->question));
  g_assert_true (alm_test_bench_says (card, one->yours));
  g_assert_false (alm_test_bench_says (card, "(empty)"));
  alm_test_bench_close (window, card);

  g_free (decide (fixture, one->button));
  g_assert_true (is_deleted (fixture) == one->deleted);
}

/* Two commands, one decision. */
static void
test_one_undo_takes_the_deletion_back (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  run_job (fixture, ask_job, (gpointer) "edited");
  read_conflict (fixture);
  g_free (decide (fixture, "Delete it all the same"));
  g_assert_true (is_deleted (fixture));

  alm_workbench_undo (fixture->bench.workbench);
  while (fixture->bench.said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fixture->bench.said->str, ==, "Undone: Conflict decided\n");
  g_assert_false (is_deleted (fixture));
}

/* The number that two records have is no choice between two values. */
static void
test_a_double_has_one_answer (Fixture       *fixture,
                              gconstpointer  user_data)
{
  GtkWidget *card;
  GtkWidget *window;

  run_job (fixture, ask_job, (gpointer) "duplicate");
  read_conflict (fixture);
  card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
  window = alm_test_bench_show (card);
  g_assert_true (alm_test_bench_says (card, "Another object has the same value"));
  g_assert_false (alm_test_bench_says (card, "Take my value"));
  alm_test_bench_close (window, card);

  g_free (decide (fixture, "Leave both"));
}

static void
test_mine_is_taken (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autofree char *fields = decide (fixture, "Take my value");

  g_assert_nonnull (strstr (fields, "\"status\":\"gefällt\""));
}

static void
test_what_stands_is_left (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autofree char *fields = decide (fixture, "Leave what stands");

  g_assert_nonnull (strstr (fields, "\"status\":\"krank\""));
}

static const Case cases[] = {
  { "deleted", "somebody else had deleted", "height: 12 → 14", "Delete it again", TRUE },
  { "deleted", "it is back", "height: 12 → 14", "Keep it with my change", FALSE },
  { "edited", "You have deleted", "Deleted", "Keep it", FALSE },
  { "edited", "somebody else had changed", "Deleted", "Delete it all the same", TRUE },
};

/* A third value, made of both. */
static void
test_a_value_of_ones_own_is_taken (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  GtkWidget *card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
  GtkWidget *window = alm_test_bench_show (card);
  g_autofree char *fields = NULL;
  gboolean decided = FALSE;
  GtkWidget *entry;

  g_signal_connect (card, "decided", G_CALLBACK (decided_cb), &decided);
  g_assert_false (alm_test_bench_says (card, "Save this value"));
  alm_test_bench_press (card, "Edit …");
  entry = alm_test_bench_find (card, GTK_TYPE_ENTRY);
  g_assert_nonnull (entry);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "gefällt");
  gtk_editable_set_text (GTK_EDITABLE (entry), "krank, wird gefällt");
  alm_test_bench_press (card, "Save this value");
  while (!decided)
    g_main_context_iteration (NULL, TRUE);
  alm_test_bench_close (window, card);

  fields = alm_test_bench_fields (&fixture->bench, &fixture->bench.ids[0]);
  g_assert_nonnull (strstr (fields, "\"status\":\"krank, wird gefällt\""));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/conflict-card/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("values", test_all_three_values_are_shown);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/app/conflict-card/deletion/%u", i);

      g_test_add (path, Fixture, &cases[i], set_up,
                  test_a_question_about_a_deletion_has_its_own_words, tear_down);
    }
  ADD ("undo", test_one_undo_takes_the_deletion_back);
  ADD ("double", test_a_double_has_one_answer);
  ADD ("mine", test_mine_is_taken);
  ADD ("theirs", test_what_stands_is_left);
  ADD ("value", test_a_value_of_ones_own_is_taken);

  return g_test_run ();
}
