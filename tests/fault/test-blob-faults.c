/* SPDX-License-Identifier: EUPL-1.2 */

/* A file is taken in, or sent in parts, while the first call of the system fails, then
 * the second, …: under its name there is the whole file or nothing, and doing it again
 * comes right. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-fault.h"
#include "alm-test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* SHA-256 of "abc", FIPS 180-2. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef gboolean (*Work) (const char *dir, GError **error);

typedef struct
{
  const char *path;
  Work        work;
  AlmFault    kind;
  gboolean    full;
  guint       calls;   /* so many pass: writes, fsync of file and folders, rename */
} Case;

static gboolean
take (const char  *dir,
      GError     **error)
{
  g_autofree char *file = g_build_filename (dir, "picture", NULL);
  g_autofree char *sha256 = NULL;
  gint64 size;

  return alm_blob_store_take_file (dir, file, &sha256, &size, NULL, error);
}

/* As a sender does who is told how far it has come. */
static gboolean
receive (const char  *dir,
         GError     **error)
{
  for (;;)
    {
      gint64 offset = alm_blob_store_part_size (dir, ABC, "anna");

      if (alm_blob_store_get_size (dir, ABC) == 3)
        return TRUE;
      if (offset == 3)
        break;
      if (!alm_blob_store_append (dir, ABC, "anna", offset, "abc" + offset, 1, error))
        return FALSE;
    }

  return alm_blob_store_check_part (dir, ABC, "anna", 3, error)
         && alm_blob_store_keep_part (dir, ABC, "anna", error);
}

static void
assert_whole (const char *dir)
{
  g_autoptr (GError) error = NULL;

  alm_blob_store_check (dir, ABC, &error);
  g_assert_no_error (error);
}

static gboolean
run (const Case *c,
     const char *dir,
     guint       n,
     gboolean   *done)
{
  g_autoptr (GError) error = NULL;
  int status;
  pid_t child;

  alm_fault_file.full = c->full;
  if (c->kind != ALM_FAULT_KILL)
    {
      alm_fault_arm (&alm_fault_file, c->kind, n);
      *done = c->work (dir, &error);
      g_assert_true (*done == (error == NULL));
      if (error != NULL)
        g_assert_true (g_error_matches (error, G_IO_ERROR,
                                        (int) (c->full ? G_IO_ERROR_NO_SPACE
                                                       : G_IO_ERROR_FAILED)));
      return alm_fault_disarm (&alm_fault_file);
    }

  child = fork ();
  if (child == 0)
    {
      alm_fault_arm (&alm_fault_file, ALM_FAULT_KILL, n);
      _exit (c->work (dir, NULL) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  *done = WEXITSTATUS (status) == 0;

  return WEXITSTATUS (status) == 70;
}

static gboolean
fail_one (const Case *c,
          guint       n)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *file = g_build_filename (dir, "picture", NULL);
  g_autoptr (GError) error = NULL;
  gboolean done;
  gboolean hit;

  g_assert_true (g_file_set_contents (file, "abc", 3, NULL));
  hit = run (c, dir, n, &done);
  if (done || alm_blob_store_get_size (dir, ABC) >= 0)
    assert_whole (dir);
  if (!hit)
    g_assert_true (done);

  c->work (dir, &error);
  g_assert_no_error (error);
  assert_whole (dir);
  alm_test_remove_dir (dir);

  return hit;
}

static void
test_each_call (gconstpointer data)
{
  const Case *c = data;
  guint n = 1;

  while (fail_one (c, n))
    n++;
  g_assert_cmpuint (n, ==, c->calls + 1);
}

int
main (int   argc,
      char *argv[])
{
  static const Case cases[] = {
    { "/blob-faults/take/error", take, ALM_FAULT_ONCE, FALSE, 5 },
    { "/blob-faults/take/full", take, ALM_FAULT_FOREVER, TRUE, 5 },
    { "/blob-faults/take/kill", take, ALM_FAULT_KILL, FALSE, 5 },
    { "/blob-faults/receive/error", receive, ALM_FAULT_ONCE, FALSE, 7 },
    { "/blob-faults/receive/full", receive, ALM_FAULT_FOREVER, TRUE, 7 },
    { "/blob-faults/receive/kill", receive, ALM_FAULT_KILL, FALSE, 7 },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_each_call);

  return g_test_run ();
}
