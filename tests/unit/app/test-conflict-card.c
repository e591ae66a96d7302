/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict-card.h"
#include "alm-test-bench.h"

#include <adwaita.h>
#include <string.h>

typedef struct
{
  AlmTestBench  bench;
  AlmConflict  *conflict;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;

  alm_test_bench_set_up_with_server (&fixture->bench, NULL);
  desk = alm_desk_open (fixture->bench.dir, ALM_DESK_READ, NULL, &error);
  g_assert_no_error (error);
  conflicts = alm_conflict_list (desk, NULL, &error);
  g_assert_no_error (error);
  fixture->conflict = g_ptr_array_steal_index (conflicts, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_conflict_free (fixture->conflict);
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
  g_assert_true (alm_test_bench_says (card, "aktiv"));
  g_assert_true (alm_test_bench_says (card, "Anna, 26.11.2026"));
  g_assert_true (alm_test_bench_says (card, "Bernd, 26.11.2026"));
  alm_test_bench_close (window, card);
}

static void
test_every_reason_has_a_sentence (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  static const char *const reasons[][2] = {
    { "deleted", "somebody else has deleted" },
    { "edited", "You deleted what somebody" },
    { "invalid", "break a rule" },
    { "duplicate", "the same number" },
    { "a reason of next year", "Two people" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      GtkWidget *card;
      GtkWidget *window;

      g_free (fixture->conflict->why);
      fixture->conflict->why = g_strdup (reasons[i][0]);
      g_clear_pointer (&fixture->conflict->mine, alm_value_unref);
      card = alm_conflict_card_new (fixture->bench.workbench, fixture->conflict);
      window = alm_test_bench_show (card);
      g_assert_true (alm_test_bench_says (card, reasons[i][1]));
      g_assert_true (alm_test_bench_says (card, "(empty)"));
      alm_test_bench_close (window, card);
    }
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

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/conflict-card/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("values", test_all_three_values_are_shown);
  ADD ("reasons", test_every_reason_has_a_sentence);
  ADD ("mine", test_mine_is_taken);
  ADD ("theirs", test_what_stands_is_left);

  return g_test_run ();
}
