/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflict.h"
#include "alm-inspected.h"
#include "alm-test-bench.h"

static AlmInspected *
inspect (AlmTestBench *bench,
         gint64        rid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_desk_open (bench->dir, ALM_DESK_READ, NULL, &error);
  AlmInspected *inspected;

  g_assert_no_error (error);
  inspected = alm_inspected_read_job (desk, &rid, &error);
  g_assert_no_error (error);

  return inspected;
}

static void
test_a_place_is_found (AlmTestBench  *bench,
                       gconstpointer  user_data)
{
  g_autoptr (AlmInspected) placed = inspect (bench, bench->rids[0]);
  g_autoptr (AlmInspected) nowhere = inspect (bench, bench->rids[2]);

  g_assert_true (alm_id_equal (&placed->row->id, &bench->ids[0]));
  g_assert_true (placed->has_place);
  g_assert_cmpfloat (placed->lon, ==, 11.586);
  g_assert_cmpfloat (placed->lat, ==, 50.927);
  g_assert_cmpuint (placed->conflicts->len, ==, 0);
  g_assert_false (nowhere->has_place);
}

static void
test_what_waits_and_what_is_open_is_named (AlmTestBench  *bench,
                                           gconstpointer  user_data)
{
  g_autoptr (AlmInspected) first = inspect (bench, bench->rids[0]);
  g_autoptr (AlmInspected) second = inspect (bench, bench->rids[1]);

  g_assert_cmpuint (g_strv_length (first->waiting), ==, 1);
  g_assert_cmpstr (first->waiting[0], ==, "height");
  g_assert_cmpuint (first->conflicts->len, ==, 1);
  g_assert_cmpstr (((AlmConflict *) g_ptr_array_index (first->conflicts, 0))->field, ==,
                   "status");

  g_assert_cmpuint (first->writes, ==,
                    ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL | ALM_CLASS_PERSONAL);

  /* What was refused does not wait. */
  g_assert_null (second->waiting);
  g_assert_cmpuint (second->conflicts->len, ==, 0);
}

static void
test_what_is_gone_is_an_error (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_desk_open (bench->dir, ALM_DESK_READ, NULL, &error);
  gint64 rid = 99999;

  g_assert_null (alm_inspected_read_job (desk, &rid, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/app/inspected/place", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_place_is_found, alm_test_bench_tear_down);
  g_test_add ("/app/inspected/named", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_what_waits_and_what_is_open_is_named, alm_test_bench_tear_down);
  g_test_add ("/app/inspected/gone", AlmTestBench, NULL, alm_test_bench_set_up,
              test_what_is_gone_is_an_error, alm_test_bench_tear_down);

  return g_test_run ();
}
