/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-bench-plain.h"
#include "alm-test.h"

/* The yardstick does what it says: a row in each of the three tables. */
static void
test_the_rows_are_there (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "plain.db", NULL);
  g_autofree char *count = NULL;
  g_autofree char *place = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (lines, g_strdup ("{\"id\":\"a\",\"fields\":{\"number\":\"1\","
                                    "\"geometry\":{\"coordinates\":[11.5,50.5]}}}"));
  g_ptr_array_add (lines, g_strdup ("{\"id\":\"b\",\"fields\":{\"number\":\"2\","
                                    "\"geometry\":{\"coordinates\":[12.5,51.5]}}}"));
  g_assert_true (alm_bench_plain_import (dir, lines, &error));
  g_assert_no_error (error);
  count = alm_test_query (path, "SELECT count(*) FROM t JOIN v USING (rid) JOIN b USING (rid)");
  place = alm_test_query (path, "SELECT number FROM v JOIN b USING (rid) WHERE e0 > 12");
  g_assert_cmpstr (count, ==, "2");
  g_assert_cmpstr (place, ==, "2");
  alm_test_remove_dir (dir);
}

static void
test_each_commit_is_timed (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) times = alm_bench_bare_commits (dir, 3, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (times->len, ==, 3);
  g_assert_cmpfloat (alm_bench_sync_rate (dir), >, 0);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/bench-plain/rows", test_the_rows_are_there);
  g_test_add_func ("/store/bench-plain/commits", test_each_commit_is_timed);

  return g_test_run ();
}
