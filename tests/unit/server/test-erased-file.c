/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-erased-file.h"
#include "alm-store-error.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static gboolean
append (const char  *path,
        const char  *one,
        const char  *two,
        GError     **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();

  g_ptr_array_add (lines, (gpointer) one);
  if (two != NULL)
    g_ptr_array_add (lines, (gpointer) two);

  return alm_erased_file_append (path, lines, error);
}

static void
assert_holds (const char *path,
              const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_lines_follow_each_other (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, ALM_ERASED_FILE, NULL);
  GStatBuf info;

  g_assert_true (append (path, "{\"seq\":1}", "{\"seq\":2}", NULL));
  g_assert_true (append (path, "{\"seq\":3}", NULL, NULL));
  assert_holds (path, "{\"seq\":1}\n{\"seq\":2}\n{\"seq\":3}\n");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  alm_test_remove_dir (dir);
}

/* Nobody was answered for it. */
static void
test_half_a_line_is_cut_off (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, ALM_ERASED_FILE, NULL);

  g_assert_true (g_file_set_contents (path, "{\"seq\":1}\n{\"se", -1, NULL));
  g_assert_true (append (path, "{\"seq\":2}", NULL, NULL));
  assert_holds (path, "{\"seq\":1}\n{\"seq\":2}\n");

  g_assert_true (g_file_set_contents (path, "{\"se", -1, NULL));
  g_assert_true (append (path, "{\"seq\":2}", NULL, NULL));
  assert_holds (path, "{\"seq\":2}\n");
  alm_test_remove_dir (dir);
}

static void
test_what_cannot_be_written_is_told (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "nowhere", ALM_ERASED_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) full = NULL;

  g_assert_false (append (path, "{}", NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "nowhere"));

  g_assert_false (append ("/dev/full", "{}", NULL, &full));
  g_assert_true (full->domain == ALM_STORE_ERROR);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/erased-file/lines-follow-each-other", test_lines_follow_each_other);
  g_test_add_func ("/erased-file/half-a-line-is-cut-off", test_half_a_line_is_cut_off);
  g_test_add_func ("/erased-file/what-cannot-be-written", test_what_cannot_be_written_is_told);

  return g_test_run ();
}
