/* SPDX-License-Identifier: EUPL-1.2 */

/* Without a key ring the token lies in a file that nobody else can read. */

#include "config.h"

#include "alm-test.h"
#include "alm-token-store.h"

#include <glib/gstdio.h>

static gboolean
save (const char *dir,
      const char *token)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean in_file = FALSE;

  alm_token_store_save_async (dir, token, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  alm_token_store_save_finish (result, &in_file, &error);
  g_assert_no_error (error);

  return in_file;
}

static char *
load (const char *dir)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *token;

  alm_token_store_load_async (dir, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  token = alm_token_store_load_finish (result, &error);
  g_assert_no_error (error);

  return token;
}

static void
test_it_is_kept_replaced_and_forgotten (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "token", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  GStatBuf info;

  g_assert_null (load (dir));
  g_assert_true (save (dir, "one"));
  first = load (dir);
  g_assert_cmpstr (first, ==, "one");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_assert_true (save (dir, "two"));
  second = load (dir);
  g_assert_cmpstr (second, ==, "two");
  g_assert_false (save (dir, NULL));
  g_assert_null (load (dir));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (save (dir, NULL));
  alm_test_remove_dir (dir);
}

static void
test_the_last_one_is_replaced (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) nowhere = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failed = NULL;
  g_autofree char *kept = NULL;
  gboolean in_file = FALSE;

  g_assert_true (save (dir, "one"));
  alm_token_store_replace_async (dir, "two", NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_true (alm_token_store_save_finish (result, &in_file, &error));
  g_assert_no_error (error);
  g_assert_true (in_file);
  kept = load (dir);
  g_assert_cmpstr (kept, ==, "two");

  alm_token_store_replace_async ("/proc/no-such-profile", "three", NULL, alm_test_keep_result,
                                 &nowhere);
  alm_test_wait_for (&nowhere);
  g_assert_false (alm_token_store_save_finish (nowhere, NULL, &failed));
  g_assert_nonnull (failed);
  alm_test_remove_dir (dir);
}

static void
test_a_place_that_cannot_be_written_is_an_error (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  alm_token_store_save_async ("/proc/no-such-profile", "one", NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_false (alm_token_store_save_finish (result, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  /* No key ring: nobody's real one is touched either. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "none", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/token-store/it-is-kept-replaced-and-forgotten",
                   test_it_is_kept_replaced_and_forgotten);
  g_test_add_func ("/net/token-store/the-last-one-is-replaced", test_the_last_one_is_replaced);
  g_test_add_func ("/net/token-store/a-place-that-cannot-be-written-is-an-error",
                   test_a_place_that_cannot_be_written_is_an_error);

  return g_test_run ();
}
