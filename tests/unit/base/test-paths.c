/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-paths.h"

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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/paths/data", test_data_come_from_the_source_tree);
  g_test_add_func ("/base/paths/environment", test_the_environment_wins);
  g_test_add_func ("/base/paths/program", test_programs_come_from_the_build_folder);

  return g_test_run ();
}
