/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-state.h"
#include "alm-test.h"

#include <glib/gstdio.h>

static void
test_what_was_saved_is_there_again (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "window.ini", NULL);
  g_autofree char *text = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  {
    g_autoptr (AlmState) state = alm_state_load (dir);

    alm_state_set_text (state, "window", "page", "Bäume\n=[x]");
    g_key_file_set_integer (alm_state_get_file (state), "window", "width", 900);
    alm_state_set_text (state, "window", "gone", "x");
    alm_state_set_text (state, "window", "gone", NULL);
    alm_state_set_text (state, "nowhere", "gone", NULL);
    g_assert_true (alm_state_save (state, &error));
    g_assert_no_error (error);
  }
  {
    g_autoptr (AlmState) state = alm_state_load (dir);

    text = alm_state_get_text (state, "window", "page");
    none = alm_state_get_text (state, "window", "gone");
    g_assert_cmpstr (text, ==, "Bäume\n=[x]");
    g_assert_null (none);
    g_assert_cmpint (alm_state_get_integer (state, "window", "width", 1), ==, 900);
    g_assert_cmpint (alm_state_get_integer (state, "window", "height", 600), ==, 600);
    g_assert_cmpint (alm_state_get_integer (state, "window", "page", 7), ==, 7);
  }
  /* Only its owner may read what somebody looked at. */
  g_assert_no_errno (g_stat (path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  alm_test_remove_dir (dir);
}

static void
test_a_damaged_file_counts_as_empty (void)
{
  static const char *const contents[] = { "", "no group", "[window\nwidth=9", "\xff\xfe\x01" };
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "window.ini", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (AlmState) state = NULL;

      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      state = alm_state_load (dir);
      g_assert_cmpint (alm_state_get_integer (state, "window", "width", 900), ==, 900);
      g_assert_true (alm_state_save (state, NULL));
    }

  alm_test_remove_dir (dir);
}

static void
test_what_cannot_be_saved_is_told (void)
{
  g_autoptr (AlmState) state = alm_state_load ("/nowhere/at/all");
  g_autoptr (GError) error = NULL;

  alm_state_set_text (state, "window", "page", "map");
  g_assert_false (alm_state_save (state, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/state/again", test_what_was_saved_is_there_again);
  g_test_add_func ("/app/state/damaged", test_a_damaged_file_counts_as_empty);
  g_test_add_func ("/app/state/told", test_what_cannot_be_saved_is_told);

  return g_test_run ();
}
