/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-paths.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* This test runs out of the build folder. */
static void
test_data_come_from_the_source_tree (void)
{
  g_autofree char *path = alm_path_data ("de.jena.Allmende.desktop");

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

static void
test_the_environment_wins (void)
{
  g_autofree char *path = NULL;

  g_setenv ("ALLMENDE_DATADIR", "/somewhere", TRUE);
  path = alm_path_data ("models/tree.json");
  g_unsetenv ("ALLMENDE_DATADIR");

  g_assert_cmpstr (path, ==, "/somewhere/models/tree.json");
}

static void
test_programs_come_from_the_build_folder (void)
{
  g_autofree char *path = alm_path_program ("src/cli/allmendectl");

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE));
}

static void
test_commands_come_from_the_build_folder (void)
{
  g_autofree char *path = alm_path_command ("src/cli/allmendectl");

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE));
}

/* This test as if it were installed below @dir, and what it answers there. */
static char *
ask_installed (const char *dir,
               const char *question)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *bin = g_build_filename (dir, "bin", NULL);
  g_autofree char *copy = g_build_filename (bin, "allmende", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (self);
  g_autoptr (GFile) to = g_file_new_for_path (copy);
  g_autoptr (GError) error = NULL;
  const char *argv[] = { copy, question, NULL };
  char *answer = NULL;

  g_assert_no_errno (g_mkdir (bin, 0700));
  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &answer, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_unlink (copy));
  g_assert_no_errno (g_rmdir (bin));

  return answer;
}

static void
test_an_installed_command_lies_beside_the_program (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *answer = ask_installed (dir, "--say-command");
  g_autofree char *expected = g_build_filename (dir, "bin", "allmendectl", NULL);

  g_assert_cmpstr (answer, ==, expected);

  alm_test_remove_dir (dir);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--say-command") == 0)
    {
      g_autofree char *path = alm_path_command ("src/cli/allmendectl");

      g_print ("%s", path);
      return 0;
    }

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/paths/data", test_data_come_from_the_source_tree);
  g_test_add_func ("/base/paths/environment", test_the_environment_wins);
  g_test_add_func ("/base/paths/program", test_programs_come_from_the_build_folder);

  g_test_add_func ("/base/paths/command", test_commands_come_from_the_build_folder);
  g_test_add_func ("/base/paths/installed", test_an_installed_command_lies_beside_the_program);

  return g_test_run ();
}
