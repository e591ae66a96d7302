/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-overview-page.h"
#include "alm-test-bench.h"

static void
test_it_tells_what_is_here (AlmTestBench  *bench,
                            gconstpointer  user_data)
{
  GtkWidget *page = alm_overview_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  /* Not before both answers have come. */
  g_assert_false (alm_test_bench_says (page, "Nothing is waiting for you"));
  alm_test_bench_expect (page, "Nothing is waiting for you");
  alm_test_bench_expect (page, "4 Baum");
  g_assert_true (alm_test_bench_says (page, "Overview"));
  g_assert_false (alm_test_bench_says (page, "Nothing yet"));

  alm_test_bench_close (window, page);
}

static void
test_it_tells_what_is_to_do (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  GtkWidget *page = alm_overview_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "1 question waits for your answer");
  g_assert_true (alm_test_bench_says (page, "1 change was not taken by the server"));
  alm_test_bench_expect (page, "1 change waits to be sent");
  g_assert_false (alm_test_bench_says (page, "Nothing is waiting for you"));
  /* The server's trees are on no map. */
  g_assert_true (alm_test_bench_says (page, "Nothing yet"));

  alm_test_bench_close (window, page);
}

static void
test_it_keeps_up (AlmTestBench  *bench,
                  gconstpointer  user_data)
{
  GtkWidget *page = alm_overview_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  AlmEdit edit = { .op = ALM_OP_DEL, .has_id = TRUE, .id = bench->ids[0] };

  alm_test_bench_expect (page, "4 Baum");
  alm_workbench_edit (bench->workbench, "Tree deleted", &edit, 1, NULL, NULL, NULL);
  alm_test_bench_expect (page, "3 Baum");
  g_assert_false (alm_test_bench_says (page, "4 Baum"));

  alm_test_bench_close (window, page);
}

/* Whoever works without a server has nothing to send. */
static void
test_nothing_waits_for_no_server (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  GtkWidget *page = alm_overview_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autoptr (AlmValue) fields = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_NEW, .scope = "ksj/baeume", .kind = "tree", .set = fields };

  alm_value_set_text (fields, "number", "B 5");
  alm_workbench_edit (bench->workbench, "Tree added", &edit, 1, NULL, NULL, NULL);
  alm_test_bench_expect (page, "5 Baum");
  alm_test_bench_expect (page, "Nothing is waiting for you");
  g_assert_false (alm_test_bench_says (page, "waits to be sent"));

  alm_test_bench_close (window, page);
}

static void
test_it_goes_at_once (AlmTestBench  *bench,
                      gconstpointer  user_data)
{
  GtkWidget *page = alm_overview_page_new (bench->workbench);

  alm_test_bench_close (alm_test_bench_show (page), page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, set_up, test) \
  g_test_add ("/app/overview-page/" name, AlmTestBench, NULL, set_up, test, \
              alm_test_bench_tear_down)
  ADD ("here", alm_test_bench_set_up, test_it_tells_what_is_here);
  ADD ("to-do", alm_test_bench_set_up_with_server, test_it_tells_what_is_to_do);
  ADD ("keeps-up", alm_test_bench_set_up, test_it_keeps_up);
  ADD ("no-server", alm_test_bench_set_up, test_nothing_waits_for_no_server);
  ADD ("gone", alm_test_bench_set_up, test_it_goes_at_once);

  return g_test_run ();
}
