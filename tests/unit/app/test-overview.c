/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"
#include "alm-overview.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"
#include "alm-test.h"

static const char bench_schema[] =
  "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-inspections\":[{\"id\":\"regular\","
  "\"title\":\"Kontrolle\",\"last\":\"last\",\"rules\":[{\"every\":\"P1Y\"}]},"
  "{\"id\":\"paint\",\"title\":\"Anstrich\",\"last\":\"painted\",\"rules\":[{\"every\":\"P5Y\"}]}],"
  "\"properties\":{\"last\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Letzte\"},"
  "\"painted\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Gestrichen\"}}}";

static gpointer
add_benches_job (AlmDesk   *desk,
                 gpointer   data,
                 GError   **error)
{
  static const char *const benches[] = {
    "{\"last\":\"2024-03-01\",\"painted\":\"2020-05-01\"}",
    "{\"last\":\"2026-03-01\",\"painted\":\"2025-05-01\"}",
    "{\"last\":\"2025-01-01\",\"painted\":\"2025-05-01\"}",
  };

  alm_test_add_model (desk, "bench", bench_schema);
  for (guint i = 0; i < G_N_ELEMENTS (benches); i++)
    alm_test_edit (desk, ALM_OP_NEW, NULL, "local", "bench", benches[i]);

  return desk;
}

/* What @job finds, on a reader of its own. */
static gpointer
find (AlmTestBench *bench,
      AlmDeskFunc   job,
      gint64        number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_desk_open (bench->dir, ALM_DESK_READ, NULL, &error);
  gpointer found;

  g_assert_no_error (error);
  found = job (desk, &number, &error);
  g_assert_no_error (error);

  return found;
}

static void
test_numbers_kinds_and_changes_are_read (AlmTestBench  *bench,
                                         gconstpointer  user_data)
{
  g_autoptr (AlmOverview) overview = find (bench, alm_overview_read_job, 0);
  const AlmKindCount *count = &g_array_index (overview->kinds, AlmKindCount, 0);

  g_assert_cmpuint (overview->kinds->len, ==, 1);
  g_assert_cmpstr (count->kind, ==, "tree");
  g_assert_cmpint (count->count, ==, ALM_TEST_BENCH_TREES);
  g_assert_cmpuint (overview->recents->own->len, ==, ALM_TEST_BENCH_TREES);
  g_assert_cmpuint (overview->counts.conflicts, ==, 0);
}

static void
test_what_is_due_is_counted_by_kind (AlmTestBench  *bench,
                                     gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) due = NULL;
  g_autofree char *day = NULL;
  const AlmKindDue *one;
  gint64 today;

  alm_records_write_async (bench->records, add_benches_job, NULL, NULL, NULL,
                           alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  alm_records_write_finish (bench->records, result, NULL);

  g_assert_true (alm_days_parse ("2026-06-15", &today));
  due = find (bench, alm_overview_due_job, today);
  g_assert_cmpuint (due->len, ==, 1);      /* trees have no inspections here */
  one = g_ptr_array_index (due, 0);
  g_assert_cmpstr (one->kind, ==, "bench");
  g_assert_cmpuint (one->n, ==, 3);        /* two of the first bench, one of the third */
  g_assert_cmpuint (one->rids->len, ==, 2);
  g_assert_false (one->has_place);
  day = alm_days_to_text (one->due);
  g_assert_cmpstr (day, ==, "2025-03-01");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/app/overview/read", AlmTestBench, NULL, alm_test_bench_set_up,
              test_numbers_kinds_and_changes_are_read, alm_test_bench_tear_down);
  g_test_add ("/app/overview/due", AlmTestBench, NULL, alm_test_bench_set_up,
              test_what_is_due_is_counted_by_kind, alm_test_bench_tear_down);

  return g_test_run ();
}
