/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-strays-page.h"
#include "alm-test-bench.h"

#include <string.h>

static void
test_what_is_only_here_is_handed_in (AlmTestBench  *bench,
                                     gconstpointer  user_data)
{
  GtkWidget *page = alm_strays_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autofree char *fields = NULL;

  alm_test_bench_expect (page, "The server has an older state of this object.");
  g_assert_true (alm_test_bench_says (page, "height: 20 → 25"));
  alm_test_bench_press (page, "Hand in again");
  alm_test_bench_expect (page, "Nothing exists only here");
  fields = alm_test_bench_fields (bench, &bench->ids[1]);
  g_assert_nonnull (strstr (fields, "\"height\":25"));

  alm_test_bench_close (window, page);
}

static void
test_put_aside_it_goes (AlmTestBench  *bench,
                        gconstpointer  user_data)
{
  GtkWidget *page = alm_strays_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);
  g_autofree char *fields = NULL;

  alm_test_bench_expect (page, "height: 20 → 25");
  alm_test_bench_press (page, "Put aside");
  g_assert_true (alm_test_bench_says (page, "height: 20 → 25"));
  alm_test_bench_press (page, "Delete for good");
  alm_test_bench_expect (page, "Nothing exists only here");
  fields = alm_test_bench_fields (bench, &bench->ids[1]);
  g_assert_nonnull (strstr (fields, "\"height\":20"));

  alm_test_bench_close (window, page);
}

static void
test_none_is_said (AlmTestBench  *bench,
                   gconstpointer  user_data)
{
  GtkWidget *page = alm_strays_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "Nothing exists only here");
  alm_test_bench_close (window, page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, set_up, test) \
  g_test_add ("/app/strays-page/" name, AlmTestBench, NULL, set_up, test, \
              alm_test_bench_tear_down)
  ADD ("rescue", alm_test_bench_set_up_restored, test_what_is_only_here_is_handed_in);
  ADD ("aside", alm_test_bench_set_up_restored, test_put_aside_it_goes);
  ADD ("none", alm_test_bench_set_up, test_none_is_said);

  return g_test_run ();
}
