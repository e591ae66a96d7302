/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-sync-text.h"
#include "alm-test-bench.h"

#include <string.h>

static void
test_each_state_has_an_icon (void)
{
  static const char *const warnings[] = { "dialog-warning-symbolic", "dialog-error-symbolic" };

  for (int state = 0; state <= ALM_SYNC_STATE_TOO_OLD; state++)
    g_assert_true (g_str_has_suffix (alm_sync_text_icon (state), "-symbolic"));
  g_assert_cmpstr (alm_sync_text_icon (ALM_SYNC_STATE_CONFLICT), ==, warnings[0]);
  g_assert_cmpstr (alm_sync_text_icon (ALM_SYNC_STATE_REFUSED), ==, warnings[0]);
  g_assert_cmpstr (alm_sync_text_icon (ALM_SYNC_STATE_LOST), ==, warnings[1]);
  g_assert_cmpstr (alm_sync_text_icon (ALM_SYNC_STATE_IN_SYNC), ==, "emblem-ok-symbolic");
}

static void
test_moments_are_short (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *today = alm_sync_text_moment (g_date_time_to_unix (now) * G_USEC_PER_SEC);
  g_autofree char *then = alm_sync_text_moment (G_GINT64_CONSTANT (1500000000000000));
  g_autofree char *never = alm_sync_text_moment (0);

  g_assert_cmpuint (strlen (today), <=, strlen ("23:59"));
  g_assert_nonnull (strchr (today, ':'));
  g_assert_cmpstr (then, ==, "14.07.2017 03:40");
  g_assert_cmpstr (never, ==, "");
}

/* As when the server's disk is full. */
static void
test_a_server_that_takes_nothing_is_told_of (void)
{
  g_autofree char *soon = alm_sync_text_waiting (1, FALSE);
  g_autofree char *later = alm_sync_text_waiting (2, TRUE);

  g_assert_cmpstr (soon, ==, "1 change waits to be sent. It is saved here.");
  g_assert_cmpstr (later, ==, "2 changes wait to be sent. They are saved here. The server takes "
                              "nothing at the moment; it is tried again by itself.");
}

static void
test_what_is_left_is_rounded (void)
{
  static const struct
  {
    gint64      done, total, left_s;
    const char *expected;
  } cases[] = {
    { 0, 1, -1, "0 of 1 object" },
    { 3000, 20000, -1, "3000 of 20000 objects" },
    { 3000, 20000, 0, "3000 of 20000 objects, a few seconds left" },
    { 3000, 20000, 10, "3000 of 20000 objects, a few seconds left" },
    { 3000, 20000, 11, "3000 of 20000 objects, about 20 seconds left" },
    { 3000, 20000, 59, "3000 of 20000 objects, about 60 seconds left" },
    { 3000, 20000, 60, "3000 of 20000 objects, about 1 minute left" },
    { 3000, 20000, 90, "3000 of 20000 objects, about 2 minutes left" },
    { 3000, 20000, 3600, "3000 of 20000 objects, about 60 minutes left" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = alm_sync_text_copied (cases[i].done, cases[i].total,
                                                    cases[i].left_s);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* The texts of the state that the driver comes to by itself. */
static void
expect_texts (AlmTestBench *bench,
              AlmSyncState  state,
              const char   *short_text,
              const char   *long_text)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (bench->workbench);
  g_autofree char *brief = NULL;
  g_autofree char *sentence = NULL;

  while (alm_sync_driver_get_state (driver) != state)
    g_main_context_iteration (NULL, TRUE);
  brief = alm_sync_text_short (driver);
  sentence = alm_sync_text_long (driver);
  g_assert_cmpstr (brief, ==, short_text);
  g_assert_cmpstr (sentence, ==, long_text);
}

static void
test_without_a_server_all_is_here (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  alm_test_bench_settle ();
  expect_texts (bench, ALM_SYNC_STATE_NO_SERVER, "Saved here",
                "You work without a server. Everything is saved on this computer.");
}

static void
test_without_a_login_it_says_so (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  expect_texts (bench, ALM_SYNC_STATE_SIGNED_OUT, "Not signed in",
                "Everything is saved here. Sign in so that others can see it.");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC-1", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/sync-text/icon", test_each_state_has_an_icon);
  g_test_add_func ("/app/sync-text/moment", test_moments_are_short);
  g_test_add_func ("/app/sync-text/waiting", test_a_server_that_takes_nothing_is_told_of);
  g_test_add_func ("/app/sync-text/left", test_what_is_left_is_rounded);
  g_test_add ("/app/sync-text/alone", AlmTestBench, NULL, alm_test_bench_set_up,
              test_without_a_server_all_is_here, alm_test_bench_tear_down);
  g_test_add ("/app/sync-text/signed-out", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_without_a_login_it_says_so, alm_test_bench_tear_down);

  return g_test_run ();
}
