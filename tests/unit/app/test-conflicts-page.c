/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-conflicts-page.h"
#include "alm-test-bench.h"

static void
test_each_question_has_a_card (AlmTestBench  *bench,
                               gconstpointer  user_data)
{
  GtkWidget *page = alm_conflicts_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);

  alm_test_bench_expect (page, "1 question waits for your answer.");
  g_assert_true (alm_test_bench_says (page, "gefällt"));
  alm_test_bench_press (page, "Show object");
  g_assert_cmpint (alm_selection_get_primary (selection), ==, bench->rids[0]);

  alm_test_bench_close (window, page);
}

/* The page hears of the decision by itself, from wherever it came. */
static void
test_what_is_decided_goes (AlmTestBench  *bench,
                           gconstpointer  user_data)
{
  GtkWidget *page = alm_conflicts_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "1 question waits for your answer.");
  alm_test_bench_press (page, "Leave what stands");
  alm_test_bench_expect (page, "No conflicts");

  alm_test_bench_close (window, page);
}

static void
test_none_is_said (AlmTestBench  *bench,
                   gconstpointer  user_data)
{
  GtkWidget *page = alm_conflicts_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "No conflicts");
  alm_test_bench_close (window, page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/conflicts-page/card", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_each_question_has_a_card, alm_test_bench_tear_down);
  g_test_add ("/app/conflicts-page/decided", AlmTestBench, NULL,
              alm_test_bench_set_up_with_server, test_what_is_decided_goes,
              alm_test_bench_tear_down);
  g_test_add ("/app/conflicts-page/none", AlmTestBench, NULL, alm_test_bench_set_up,
              test_none_is_said, alm_test_bench_tear_down);

  return g_test_run ();
}
