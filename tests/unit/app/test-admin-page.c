/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-admin-page.h"
#include "alm-test-bench.h"

/* @data: the roles */
static gpointer
set_roles_job (AlmDesk   *desk,
               gpointer   data,
               GError   **error)
{
  return GINT_TO_POINTER (alm_desk_set_setting (desk, "roles", data, error));
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_assert_nonnull (alm_records_write_finish (ALM_RECORDS (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static void
give_roles (AlmTestBench *bench,
            const char   *roles)
{
  gboolean done = FALSE;

  alm_records_write_async (bench->records, set_roles_job, (gpointer) roles, NULL, NULL, set_cb,
                           &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_who_manages_nothing_is_told_whom_to_ask (AlmTestBench  *bench,
                                              gconstpointer  user_data)
{
  GtkWidget *page = alm_admin_page_new (bench->workbench);
  GtkWidget *window = alm_test_bench_show (page);

  alm_test_bench_expect (page, "You manage nothing here");
  alm_test_bench_close (window, page);
}

/* Nobody is signed in here: the server cannot be asked, and that is said. */
static void
test_a_manager_asks_the_server (AlmTestBench  *bench,
                                gconstpointer  user_data)
{
  GtkWidget *page = alm_admin_page_new (bench->workbench);
  GtkWidget *window;

  give_roles (bench, "manager operator");
  window = alm_test_bench_show (page);
  alm_test_bench_expect (page, "You are not signed in.");
  g_assert_true (alm_test_bench_says (page, "Workplaces"));
  alm_test_bench_press (page, "Try again");
  alm_test_bench_expect (page, "You are not signed in.");
  alm_test_bench_close (window, page);
}

static void
test_an_auditor_sees_the_trail_alone (AlmTestBench  *bench,
                                      gconstpointer  user_data)
{
  GtkWidget *page = alm_admin_page_new (bench->workbench);
  GtkWidget *window;

  give_roles (bench, "auditor");
  window = alm_test_bench_show (page);
  alm_test_bench_expect (page, "You are not signed in.");
  g_assert_true (alm_test_bench_says (page, "Audit trail"));
  g_assert_false (alm_test_bench_says (page, "Workplaces"));
  alm_test_bench_close (window, page);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/admin-page/" name, AlmTestBench, NULL, alm_test_bench_set_up, \
              test, alm_test_bench_tear_down)
  ADD ("forbidden", test_who_manages_nothing_is_told_whom_to_ask);
  ADD ("manager", test_a_manager_asks_the_server);
  ADD ("auditor", test_an_auditor_sees_the_trail_alone);

  return g_test_run ();
}
