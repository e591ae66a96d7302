/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict.h"
#include "alm-test-bench.h"

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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/app/conflict/list", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_open_questions_are_listed, alm_test_bench_tear_down);

  return g_test_run ();
}
