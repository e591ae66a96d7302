/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-backup.h"
#include "alm-blob-store.h"
#include "alm-desk-blobs.h"
#include "alm-desk.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* SHA-256 of "a picture" */
#define PICTURE "92b2fa58028958317e408bd84ecfa70f5ee35b121991dbc232c49d166353708b"

typedef struct
{
  char    *dir;
  char    *profile;
  char    *copy;
  AlmDesk *desk;
  AlmId    id;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  g_autoptr (AlmDeskBlob) blob = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->profile = g_build_filename (fixture->dir, "profile", NULL);
  fixture->copy = g_build_filename (fixture->dir, "copy", NULL);
  fixture->desk = alm_desk_open (fixture->profile, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL,
                                 &error);
  g_assert_no_error (error);
  alm_test_add_trees (fixture->desk);
  alm_test_edit (fixture->desk, ALM_OP_NEW, &fixture->id, "ksj/baeume", "tree",
                 "{\"number\":\"7\"}");

  file = g_build_filename (fixture->dir, "picture", NULL);
  g_assert_true (g_file_set_contents (file, "a picture", -1, NULL));
  blob = alm_desk_blob_take (fixture->profile, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_blob_note (fixture->desk, blob, NULL));
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_all (inner);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->desk, alm_desk_close);
  remove_all (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->profile);
  g_free (fixture->copy);
}

static guint
count_findings (Fixture *fixture)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gint64 records, commands;

  g_assert_true (alm_backup_check (fixture->copy, findings, &error));
  g_assert_no_error (error);
  g_assert_true (alm_backup_check_databases (fixture->copy, TRUE, findings, &records, &commands,
                                             &error));
  g_assert_no_error (error);

  return findings->len;
}

/* Beside the writer, who goes on; the copy is a profile of its own. */
static void
test_a_copy_beside_the_writer (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) answer = alm_backup_make (fixture->profile, fixture->copy, &error);
  g_autoptr (AlmDesk) copy = NULL;
  g_autofree char *fields = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (alm_value_get_integer_of (answer, "files", 0), ==, 2);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &fixture->id, NULL, NULL, "{\"number\":\"8\"}");
  g_assert_cmpuint (count_findings (fixture), ==, 0);

  copy = alm_desk_open (fixture->copy, ALM_DESK_WRITE, NULL, &error);
  g_assert_no_error (error);
  fields = alm_test_fields (copy, &fixture->id);
  g_assert_cmpstr (fields, ==, "{\"number\":\"7\"}");
}

/* What the profile does not speak of stays behind, and so does what it has half. */
static void
test_only_named_files_are_copied (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *named = alm_blob_store_path (fixture->profile, PICTURE);
  g_autofree char *copied = alm_blob_store_path (fixture->copy, PICTURE);
  g_autofree char *other = g_strconcat (named, "x", NULL);
  g_autoptr (AlmValue) answer = NULL;
  GStatBuf one, two;

  g_assert_true (g_file_set_contents (other, "nobody's", -1, NULL));
  g_assert_true (alm_blob_store_append (fixture->profile, PICTURE, NULL, 0, "half", 4, NULL));
  answer = alm_backup_make (fixture->profile, fixture->copy, &error);
  g_assert_no_error (error);
  g_assert_cmpint (alm_value_get_integer_of (answer, "files", 0), ==, 2);
  g_assert_cmpint (g_stat (named, &one), ==, 0);
  g_assert_cmpint (g_stat (copied, &two), ==, 0);
  g_assert_cmpuint (one.st_ino, ==, two.st_ino);
}

/* It is wanted still, or was lost: the copy is of what there is. */
static void
test_a_file_that_is_not_there_is_no_problem (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) answer = NULL;

  g_assert_true (alm_blob_store_remove (fixture->profile, PICTURE, NULL));
  answer = alm_backup_make (fixture->profile, fixture->copy, &error);
  g_assert_no_error (error);
  g_assert_cmpint (alm_value_get_integer_of (answer, "files", 0), ==, 1);
  g_assert_cmpuint (count_findings (fixture), ==, 0);
}

static void
test_what_is_there_is_not_overwritten (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (fixture->copy, 0700), ==, 0);
  g_assert_null (alm_backup_make (fixture->profile, fixture->copy, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  /* And nothing is left of a copy of nothing. */
  g_assert_null (alm_backup_make (fixture->copy, fixture->dir, &error));
  g_clear_error (&error);
  {
    g_autofree char *other = g_build_filename (fixture->dir, "other", NULL);
    g_autofree char *part = g_strconcat (other, ".part", NULL);

    g_assert_null (alm_backup_make (fixture->copy, other, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
    g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  }
}

static void
test_a_changed_file_is_found (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) answer = alm_backup_make (fixture->profile, fixture->copy, &error);
  g_autofree char *blob = alm_blob_store_path (fixture->copy, PICTURE);

  g_assert_nonnull (answer);
  g_assert_true (g_file_set_contents (blob, "another one", -1, NULL));
  g_assert_cmpuint (count_findings (fixture), ==, 1);
  g_assert_cmpint (g_unlink (blob), ==, 0);
  g_assert_cmpuint (count_findings (fixture), ==, 1);
}

static void
test_a_sound_and_a_damaged_profile (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  static const char *const damages[] = {
    "UPDATE records SET body = '{}' WHERE body = '{\"number\":\"7\"}'",
    "UPDATE commands SET set_ = '{' WHERE n = 1",
    "UPDATE commands SET n = 5 WHERE n = 1",
    "DELETE FROM v_tree",
    "UPDATE records SET body = '{}' WHERE kind = (SELECT i FROM names WHERE name = 'model')",
    "DELETE FROM records WHERE body = '{\"number\":\"7\"}'",
  };
  g_autofree char *path = g_build_filename (fixture->profile, "profile.db", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  AlmVerifyCounts counts;
  gsize length;

  g_assert_true (alm_desk_verify (fixture->desk, NULL, NULL, &counts, &error));
  g_assert_cmpuint (counts.problems, ==, 0);
  g_assert_cmpuint (counts.records, ==, 3);    /* the model, the scope and the tree */
  g_clear_pointer (&fixture->desk, alm_desk_close);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *none = NULL;

      g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
      none = alm_test_query (path, damages[i]);
      fixture->desk = alm_desk_open (fixture->profile, ALM_DESK_READ, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (alm_desk_verify (fixture->desk, NULL, NULL, &counts, &error));
      if (counts.problems == 0)
        g_error ("not found: %s", damages[i]);
      g_clear_pointer (&fixture->desk, alm_desk_close);
    }
}

/* What is known of the profile since it was opened is no longer true. */
static void
test_somebody_writes_meanwhile (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr (AlmDesk) reader = alm_desk_open (fixture->profile, ALM_DESK_READ, NULL, NULL);
  AlmVerifyCounts counts;
  AlmId id;

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"number\":\"8\"}");
  g_assert_true (alm_desk_verify (reader, NULL, NULL, &counts, NULL));
  g_assert_cmpuint (counts.problems, ==, 0);
  g_assert_cmpuint (counts.records, ==, 4);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/backup/beside", test_a_copy_beside_the_writer);
  ADD ("/store/backup/named", test_only_named_files_are_copied);
  ADD ("/store/backup/missing", test_a_file_that_is_not_there_is_no_problem);
  ADD ("/store/backup/exists", test_what_is_there_is_not_overwritten);
  ADD ("/store/backup/changed", test_a_changed_file_is_found);
  ADD ("/store/verify/beside", test_somebody_writes_meanwhile);
  ADD ("/store/verify/damage", test_a_sound_and_a_damaged_profile);

  return g_test_run ();
}
