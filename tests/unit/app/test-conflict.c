/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

static AlmDesk *
open_reader (AlmTestBench *bench)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (bench->dir, ALM_DESK_READ, NULL, &error);

  g_assert_no_error (error);

  return desk;
}

static void
test_open_questions_are_listed (AlmTestBench  *bench,
                                gconstpointer  user_data)
{
  g_autoptr (AlmDesk) desk = open_reader (bench);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = alm_conflict_list (desk, NULL, &error);
  g_autoptr (GPtrArray) first = alm_conflict_list (desk, &bench->ids[0], &error);
  g_autoptr (GPtrArray) second = alm_conflict_list (desk, &bench->ids[1], &error);
  const AlmConflict *conflict;

  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_cmpuint (second->len, ==, 0);

  conflict = g_ptr_array_index (all, 0);
  g_assert_true (alm_id_equal (&conflict->record, &bench->ids[0]));
  g_assert_cmpint (conflict->rid, ==, bench->rids[0]);
  g_assert_cmpstr (conflict->kind, ==, "tree");
  g_assert_cmpstr (conflict->field, ==, "status");
  g_assert_cmpstr (conflict->why, ==, "value");
  g_assert_cmpstr (alm_value_get_text (conflict->base), ==, "aktiv");
  g_assert_cmpstr (alm_value_get_text (conflict->theirs), ==, "krank");
  g_assert_cmpstr (alm_value_get_text (conflict->mine), ==, "gefällt");
  g_assert_cmpstr (conflict->theirs_user, ==, "Anna");
  g_assert_cmpstr (conflict->mine_at, ==, "2026-11-26T09:00:00Z");
  /* Its kind has no label: the beginning of its id. */
  g_assert_cmpstr (conflict->label, ==, "01931f2e");
}

typedef struct
{
  const char *field;
  const char *base;
  const char *mine;       /* NULL: taken away */
  gboolean    take_mine;
  const char *set;
} Case;

static void
test_the_answer_is_an_edit (void)
{
  static const Case cases[] = {
    { "status", "\"aktiv\"", "\"krank\"", TRUE, "{\"status\":\"krank\"}" },
    { "status", "\"aktiv\"", "\"krank\"", FALSE, "{}" },
    { "status", "\"aktiv\"", NULL, TRUE, "{\"status\":null}" },
    { "", "\"aktiv\"", NULL, TRUE, "{}" },      /* the whole record */
    /* A group is set field by field. */
    { "size", "{\"depth\":1,\"width\":2}", "{\"depth\":3,\"width\":4}", TRUE,
      "{\"depth\":3,\"width\":4}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmConflict) conflict = g_new0 (AlmConflict, 1);
      g_autofree char *set = NULL;
      AlmEdit edit;

      g_assert_true (alm_id_parse (&conflict->id, "01931f2e-7c1a-7e3b-9d41-00000000c001"));
      g_assert_true (alm_id_parse (&conflict->record, "01931f2e-7c1a-7e3b-9d41-000000000001"));
      conflict->field = g_strdup (cases[i].field);
      conflict->base = alm_test_value (cases[i].base);
      conflict->mine = cases[i].mine != NULL ? alm_test_value (cases[i].mine) : NULL;
      alm_conflict_make_edit (conflict, cases[i].take_mine, &edit);

      g_assert_cmpint (edit.op, ==, ALM_OP_RESOLVE);
      g_assert_true (edit.has_id);
      g_assert_true (alm_id_equal (&edit.id, &conflict->record));
      g_assert_true (alm_id_equal (&edit.conflict, &conflict->id));
      set = alm_value_to_text (edit.set);
      g_assert_cmpstr (set, ==, cases[i].set);
      alm_value_unref (edit.set);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/app/conflict/list", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_open_questions_are_listed, alm_test_bench_tear_down);
  g_test_add_func ("/app/conflict/edit", test_the_answer_is_an_edit);

  return g_test_run ();
}
