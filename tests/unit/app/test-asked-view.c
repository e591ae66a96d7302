/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-asked-view.h"
#include "alm-test-bench.h"

static void
test_each_state_is_shown (AlmTestBench  *bench,
                          gconstpointer  user_data)
{
  GtkWidget *view = alm_asked_view_new (gtk_label_new ("what was told"));
  AlmAskedView *asked = ALM_ASKED_VIEW (view);
  GtkWidget *window = alm_test_bench_show (view);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "no");

  alm_test_bench_expect (view, "Asking the server …");
  alm_asked_view_show_content (asked);
  alm_test_bench_expect (view, "what was told");

  /* Asked once more, what is there stays. */
  alm_asked_view_show_asking (asked);
  g_assert_true (alm_test_bench_says (view, "what was told"));

  alm_asked_view_show_error (asked, error);
  alm_test_bench_expect (view, "server cannot be reached");
  alm_asked_view_show_asking (asked);
  alm_test_bench_expect (view, "Asking the server …");

  alm_test_bench_close (window, view);
}

static void
again_cb (guint *times)
{
  ++*times;
}

static void
test_it_can_be_asked_again (AlmTestBench  *bench,
                            gconstpointer  user_data)
{
  GtkWidget *view = alm_asked_view_new (gtk_label_new ("what was told"));
  GtkWidget *window = alm_test_bench_show (view);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "no");
  guint times = 0;

  g_signal_connect_swapped (view, "again", G_CALLBACK (again_cb), &times);
  alm_asked_view_show_error (ALM_ASKED_VIEW (view), error);
  alm_test_bench_press (view, "Try again");
  g_assert_cmpuint (times, ==, 1);

  alm_test_bench_close (window, view);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/asked-view/" name, AlmTestBench, NULL, alm_test_bench_set_up, \
              test, alm_test_bench_tear_down)
  ADD ("states", test_each_state_is_shown);
  ADD ("again", test_it_can_be_asked_again);

  return g_test_run ();
}
