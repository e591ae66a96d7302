/* SPDX-License-Identifier: EUPL-1.2 */

/* The disk fails or is full, or the process ends, at the first, second, … write of
 * a whole import of a foreign file: nothing of it is there, or all, as was said,
 * and the next import works. */

#include "config.h"

#include "alm-fault.h"
#include "alm-import.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char *template_bytes;
static gsize template_length;

static void
make_template (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);

  g_assert_no_error (error);
  alm_test_add_builtin (desk, "tree");
  alm_desk_close (desk);
  g_assert_true (g_file_get_contents (path, &template_bytes, &template_length, &error));
  alm_test_remove_dir (dir);
}

static gboolean
count_row (const AlmRow  *row,
           gpointer       user_data,
           GError       **error)
{
  ++*(guint *) user_data;

  return TRUE;
}

static guint
count (AlmDesk    *desk,
       const char *kind)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  alm_desk_each (desk, NULL, kind, FALSE, count_row, &n, &error);
  g_assert_no_error (error);

  return n;
}

static AlmDesk *
open_desk (const char *dir)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE, NULL, &error);

  g_assert_no_error (error);

  return desk;
}

/* One round; TRUE: the fault was hit. */
static gboolean
fail_at (AlmImport *import,
         AlmFault   kind,
         guint      nth)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk;
  gboolean said, hit;
  guint n;

  g_assert_true (g_file_set_contents (path, template_bytes, (gssize) template_length, NULL));
  desk = open_desk (dir);
  alm_fault_arm (&alm_fault_disk, kind, nth);
  said = alm_import_run (import, desk, 0, NULL, &error);
  hit = alm_fault_disarm (&alm_fault_disk);
  alm_desk_close (desk);

  desk = open_desk (dir);
  n = count (desk, "tree");
  g_assert_true (n == 0 || n == 20);
  g_assert_cmpuint (count (desk, "import"), ==, n / 20);
  g_assert_cmpint (said, ==, n == 20);
  g_assert_true (said == (error == NULL));
  if (n == 0)
    {
      g_clear_error (&error);
      alm_import_run (import, desk, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count (desk, "tree"), ==, 20);
    }
  alm_desk_close (desk);
  alm_test_remove_dir (dir);

  return hit;
}

/* A process that ends in the n-th write; TRUE: it got that far. */
static gboolean
die_at (AlmImport *import,
        guint      nth)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autoptr (GError) error = NULL;
  AlmDesk *desk;
  pid_t child;
  int status;
  guint n;

  g_assert_true (g_file_set_contents (path, template_bytes, (gssize) template_length, NULL));
  child = fork ();
  if (child == 0)
    {
      desk = alm_desk_open (dir, ALM_DESK_WRITE, NULL, NULL);
      alm_fault_arm (&alm_fault_disk, ALM_FAULT_KILL, nth);
      _exit (alm_import_run (import, desk, 0, NULL, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && (WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == 70));

  desk = open_desk (dir);
  n = count (desk, "tree");
  g_assert_true (n == 0 || n == 20);
  g_assert_cmpuint (count (desk, "import"), ==, n / 20);
  if (n == 0)
    {
      alm_import_run (import, desk, 0, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count (desk, "tree"), ==, 20);
    }
  else
    g_assert_cmpuint (nth, >, 5);
  alm_desk_close (desk);
  alm_test_remove_dir (dir);

  return WEXITSTATUS (status) == 70;
}

static void
test_killed_in_any_write (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import/good.csv", NULL);
  g_autoptr (AlmImport) import = alm_import_new (path, "tree", "a/b");
  guint n = 1;

  while (die_at (import, n))
    n++;
  g_test_message ("%u places to die", n - 1);
  g_assert_cmpuint (n, >, 5);
}

static void
test_a_full_disk_leaves_nothing (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import/good.csv", NULL);
  g_autoptr (AlmImport) import = alm_import_new (path, "tree", "a/b");

  for (guint kind = ALM_FAULT_ONCE; kind <= ALM_FAULT_FOREVER; kind++)
    {
      guint n = 1;

      while (fail_at (import, kind, n))
        n++;
      g_test_message ("%u places to fail", n - 1);
      g_assert_cmpuint (n, >, 5);
    }

  /* No error, only no room: what is there stays usable in the same process. */
  alm_fault_disk.full = TRUE;
  for (guint n = 1; fail_at (import, ALM_FAULT_FOREVER, n); )
    n++;
  alm_fault_disk.full = FALSE;
}

int
main (int   argc,
      char *argv[])
{
  alm_fault_register_disk ();
  g_test_init (&argc, &argv, NULL);

  make_template ();

  g_test_add_func ("/fault/import/full-disk", test_a_full_disk_leaves_nothing);
  g_test_add_func ("/fault/import/killed", test_killed_in_any_write);

  return g_test_run ();
}
