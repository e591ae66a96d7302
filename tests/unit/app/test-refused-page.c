/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-refused-page.h"
#include "alm-test-bench.h"

#include <string.h>

static void
test_what_was_refused_is_told_with_the_reason (AlmTestBench  *bench,
                                               gconstpointer  user_data)
{
  GtkWidget *page = alm_refused_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "height: 20 → 21");
  g_assert_true (alm_test_bench_says (page, "You may only read these data now."));
  alm_test_bench_press (page, "Copy");
  g_assert_cmpstr (bench->said->str, ==, "Copied\n");
  /* From there it can be changed in another way. */
  alm_test_bench_press (page, "Show object");
  g_assert_cmpint (alm_selection_get_primary (alm_workbench_get_selection (bench->workbench)), ==,
                   bench->rids[1]);

  alm_test_bench_close (window, page);
}

static void
test_put_aside_it_goes (AlmTestBench  *bench,
                        gconstpointer  user_data)
{
  GtkWidget *page = alm_refused_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autofree char *fields = NULL;

  alm_test_bench_expect (page, "height: 20 → 21");
  alm_test_bench_press (page, "Put aside");
  alm_test_bench_expect (page, "Nothing was refused");
  fields = alm_test_bench_fields (bench, &bench->ids[1]);
  g_assert_nonnull (strstr (fields, "\"height\":20"));

  alm_test_bench_close (window, page);
}

static void
test_tried_again_it_waits (AlmTestBench  *bench,
                           gconstpointer  user_data)
{
  GtkWidget *page = alm_refused_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autofree char *fields = NULL;

  alm_test_bench_expect (page, "height: 20 → 21");
  alm_test_bench_press (page, "Try again");
  alm_test_bench_expect (page, "Nothing was refused");
  fields = alm_test_bench_fields (bench, &bench->ids[1]);
  g_assert_nonnull (strstr (fields, "\"height\":21"));

  alm_test_bench_close (window, page);
}

static void
test_none_is_said (AlmTestBench  *bench,
                   gconstpointer  user_data)
{
  GtkWidget *page = alm_refused_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "Nothing was refused");
  alm_test_bench_close (window, page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, set_up, test) \
  g_test_add ("/app/refused-page/" name, AlmTestBench, NULL, set_up, test, \
              alm_test_bench_tear_down)
  ADD ("reason", alm_test_bench_set_up_with_server,
       test_what_was_refused_is_told_with_the_reason);
  ADD ("aside", alm_test_bench_set_up_with_server, test_put_aside_it_goes);
  ADD ("again", alm_test_bench_set_up_with_server, test_tried_again_it_waits);
  ADD ("none", alm_test_bench_set_up, test_none_is_said);

  return g_test_run ();
}
