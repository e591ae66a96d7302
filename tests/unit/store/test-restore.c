/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-backup.h"
#include "alm-hub.h"
#include "alm-restore.h"
#include "alm-store-error.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* SHA-256 of "a picture" */
#define PICTURE      "92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b"
#define PICTURE_FILE "blobs/92/" PICTURE

typedef struct
{
  AlmTestHub hub;
  char      *backup;
  char      *to;
  char      *part;       /* below `to` */
} Fixture;

static void
write_file (const char *dir,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
has_file (const char *dir,
          const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr (AlmValue) made = NULL;
  g_autoptr (GError) error = NULL;

  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->backup = g_build_filename (f->hub.dir, "backup", NULL);
  f->to = g_build_filename (f->hub.dir, "again", NULL);
  f->part = g_build_filename (f->to, "restore.part", NULL);
  write_file (f->hub.dir, PICTURE_FILE, "a picture");
  g_free (alm_test_query (f->hub.path, "INSERT INTO uploads VALUES ('" PICTURE "', 'anna', 9, 0)"));
  write_file (f->hub.dir, "erased.ndjson", "{}\n");
  made = alm_backup_make (f->hub.dir, f->backup, &error);
  g_assert_no_error (error);
  g_assert_nonnull (made);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  const char *const words[] = { "rm", "-rf", f->backup, f->to, NULL };
  g_autofree char *blobs = g_build_filename (f->hub.dir, "blobs", NULL);
  const char *const more[] = { "rm", "-rf", blobs, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) more, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  alm_test_hub_tear_down (&f->hub);
  g_free (f->backup);
  g_free (f->to);
  g_free (f->part);
}

/* Gives the restored server its epoch; @data: char **. */
static gboolean
epoch_cb (const char  *dir,
          gpointer     data,
          GError     **error)
{
  g_autoptr (AlmServerStore) store = alm_hub_open (dir, ALM_HUB_WRITE, error);

  /* Until now nobody takes the folder for a server's. */
  g_assert_true (g_str_has_suffix (dir, "restore.part"));

  return store != NULL && alm_hub_begin_epoch (store, &alm_test_hub_options, data, error);
}

static gboolean
failing_cb (const char  *dir,
            gpointer     data,
            GError     **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "not this time");

  return FALSE;
}

static void
assert_refused (Fixture    *f,
                const char *from,
                const char *reason)
{
  g_autofree char *epoch = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_restore_server (from, f->to, epoch_cb, &epoch, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, reason) == NULL)
    g_error ("'%s' instead of '%s'", error->message, reason);
  g_assert_false (alm_hub_exists (f->to));
  g_assert_false (g_file_test (f->part, G_FILE_TEST_EXISTS));
}

static void
assert_restored (Fixture *f)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmServerStore) store = NULL;
  g_autofree char *epoch = NULL;
  g_autofree char *found = NULL;
  g_autofree char *path = g_build_filename (f->to, ALM_HUB_FILE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (alm_restore_server (f->backup, f->to, epoch_cb, &epoch, &error));
  g_assert_no_error (error);
  g_assert_true (has_file (f->to, PICTURE_FILE));
  g_assert_true (has_file (f->to, "erased.ndjson"));
  g_assert_false (has_file (f->to, "restore.part"));
  g_assert_false (has_file (f->to, "manifest.json"));

  found = alm_test_query (path, "SELECT group_concat (scope || ' ' || began) FROM (SELECT * FROM"
                                " epochs WHERE epoch = (SELECT value FROM info WHERE name ="
                                " 'epoch') ORDER BY scope)");
  g_assert_cmpstr (found, ==, " 0,ksj/baeume 0,ksj/geheim 0,system 3");
  g_clear_pointer (&found, g_free);
  found = alm_test_query (path, "SELECT action FROM audit ORDER BY i DESC LIMIT 1");
  g_assert_cmpstr (found, ==, "restore");
  g_clear_pointer (&found, g_free);
  found = alm_test_query (path, "SELECT value FROM info WHERE name = 'epoch'");
  g_assert_cmpstr (found, ==, epoch);
  g_assert_cmpstr (found, !=, f->hub.epoch);

  store = alm_hub_open (f->to, ALM_HUB_READ, &error);
  g_assert_no_error (error);
  g_assert_true (alm_hub_verify (store, findings, &error));
  g_assert_cmpuint (findings->len, ==, 0);
}

static void
test_into_a_new_folder (Fixture       *f,
                        gconstpointer  data)
{
  assert_restored (f);
}

/* As a service's state folder is: there, empty, and ours to fill. */
static void
test_into_an_empty_folder (Fixture       *f,
                           gconstpointer  data)
{
  g_assert_cmpint (g_mkdir (f->to, 0700), ==, 0);
  assert_restored (f);
}

static void
test_nothing_is_overwritten (Fixture       *f,
                             gconstpointer  data)
{
  g_autofree char *epoch = NULL;
  g_autoptr (GError) error = NULL;

  write_file (f->to, "letter.txt", "mine");
  assert_refused (f, f->backup, "it holds 'letter.txt' already");
  g_assert_true (has_file (f->to, "letter.txt"));
  write_file (f->to, "allmende.db", "a server's");
  g_assert_false (alm_restore_server (f->backup, f->to, epoch_cb, &epoch, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (has_file (f->to, "letter.txt"));
}

/* What was left in the middle is no store, and the next try does not stumble over it. */
static void
test_after_one_that_was_broken_off (Fixture       *f,
                                    gconstpointer  data)
{
  write_file (f->to, "restore.part/allmende.db", "half");
  write_file (f->to, PICTURE_FILE, "half a pict");
  g_assert_false (alm_hub_exists (f->to));
  assert_restored (f);
  {
    g_autofree char *path = g_build_filename (f->to, PICTURE_FILE, NULL);
    g_autofree char *text = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "a picture");
  }
}

static void
test_what_is_no_sound_backup (Fixture       *f,
                              gconstpointer  data)
{
  static const struct { const char *name; const char *text; const char *reason; } cases[] = {
    { PICTURE_FILE, "another picture", "the backup is damaged: " PICTURE_FILE },
    { "allmende.db", "no database", "the backup is damaged: allmende.db" },
    { "manifest.json", "{\"files\":{\"../x\":{}}}", "it names a file outside" },
    { "manifest.json", "{\"files\":{\"/etc/x\":{}}}", "it names a file outside" },
    { "manifest.json", "{\"files\":{\"profile.db\":{}}}", "this is no backup of a server" },
    { "manifest.json", "{}", "it names no files" },
    { "manifest.json", "{", "manifest.json: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (f->backup, cases[i].name, NULL);
      g_autofree char *before = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &before, &length, NULL));
      write_file (f->backup, cases[i].name, cases[i].text);
      assert_refused (f, f->backup, cases[i].reason);
      g_assert_false (has_file (f->hub.dir, "again"));
      g_assert_true (g_file_set_contents (path, before, (gssize) length, NULL));
    }

  assert_refused (f, "/nowhere", "no backup of Allmende");
  assert_restored (f);
}

static void
test_the_last_step_fails (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_restore_server (f->backup, f->to, failing_cb, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_false (has_file (f->hub.dir, "again"));
  assert_restored (f);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/restore/new-folder", test_into_a_new_folder);
  ADD ("/store/restore/empty-folder", test_into_an_empty_folder);
  ADD ("/store/restore/not-empty", test_nothing_is_overwritten);
  ADD ("/store/restore/broken-off", test_after_one_that_was_broken_off);
  ADD ("/store/restore/no-backup", test_what_is_no_sound_backup);
  ADD ("/store/restore/last-step", test_the_last_step_fails);

  return g_test_run ();
}
