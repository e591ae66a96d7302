/* SPDX-License-Identifier: EUPL-1.2 */

/* Files that are what their name says, and parts that go on where they stopped. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* SHA-256 of "abc", FIPS 180-2. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct
{
  char *dir;
  char *file;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = alm_test_make_dir ();
  f->file = g_build_filename (f->dir, "picture", NULL);
  g_assert_true (g_file_set_contents (f->file, "abc", 3, NULL));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_test_remove_dir (f->dir);
  g_free (f->dir);
  g_free (f->file);
}

static void
assert_content (Fixture    *f,
                const char *expected)
{
  g_autofree char *path = alm_blob_store_path (f->dir, ABC);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
count_cb (const AlmBlobFile  *file,
          gpointer            user_data,
          GError            **error)
{
  GString *found = user_data;

  g_string_append_printf (found, "%s%.4s/%s/%d ", file->is_part ? "part " : "", file->sha256,
                          file->owner, (int) file->size);

  return TRUE;
}

static void
assert_files (Fixture    *f,
              const char *whole,
              const char *parts)
{
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_true (alm_blob_store_each (f->dir, count_cb, found, NULL));
  g_assert_cmpstr (found->str, ==, whole);
  g_string_truncate (found, 0);
  g_assert_true (alm_blob_store_each_part (f->dir, count_cb, found, NULL));
  g_assert_cmpstr (found->str, ==, parts);
}

static void
append (Fixture    *f,
        const char *owner,
        gint64      offset,
        const char *text)
{
  g_autoptr (GError) error = NULL;

  alm_blob_store_append (f->dir, ABC, owner, offset, text, strlen (text), &error);
  g_assert_no_error (error);
}

static void
test_a_file_is_taken (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *path = alm_blob_store_path (f->dir, ABC);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  GStatBuf info;
  gint64 size;

  g_assert_cmpint (alm_blob_store_get_size (f->dir, ABC), ==, -1);
  alm_blob_store_take_file (f->dir, f->file, &sha256, &size, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sha256, ==, ABC);
  g_assert_cmpint (size, ==, 3);
  assert_content (f, "abc");
  assert_files (f, "ba78//3 ", "");
  g_assert_cmpint (alm_blob_store_get_size (f->dir, ABC), ==, 3);
  g_assert_true (alm_blob_store_check (f->dir, ABC, NULL));

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
test_the_same_file_again_is_the_same (Fixture       *f,
                                      gconstpointer  data)
{
  gint64 size;

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *sha256 = NULL;

      g_assert_true (alm_blob_store_take_file (f->dir, f->file, &sha256, &size, NULL, NULL));
    }
  assert_files (f, "ba78//3 ", "");
}

static void
test_what_is_no_file_is_refused (Fixture       *f,
                                 gconstpointer  data)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *pipe = g_build_filename (f->dir, "pipe", NULL);
  g_autoptr (GError) error = NULL;
  gint64 size;

  g_assert_false (alm_blob_store_take_file (f->dir, f->dir, &sha256, &size, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_false (alm_blob_store_take_file (f->dir, pipe, &sha256, &size, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_false (alm_blob_store_take_file (f->dir, "/nowhere", &sha256, &size, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (sha256);
  assert_files (f, "", "");
}

static void
test_a_cancelled_copy_leaves_nothing (Fixture       *f,
                                      gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) error = NULL;
  gint64 size;

  g_cancellable_cancel (cancellable);
  g_assert_false (alm_blob_store_take_file (f->dir, f->file, &sha256, &size, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_files (f, "", "");
}

/* A file that says to be large costs no room. */
static void
test_what_is_too_large_is_refused (Fixture       *f,
                                   gconstpointer  data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  append (f, NULL, 0, "a");
  path = alm_blob_store_part_path (f->dir, ABC, NULL, NULL);
  g_assert_cmpint (truncate (path, (off_t) 512 << 20), ==, 0);
  g_assert_false (alm_blob_store_append (f->dir, ABC, NULL, G_GINT64_CONSTANT (512) << 20, "a", 1,
                                         &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "larger than 512 MiB"));
}

static void
test_a_part_goes_on_at_its_end (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, NULL), ==, 0);
  append (f, NULL, 0, "a");
  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, NULL), ==, 1);
  g_assert_false (alm_blob_store_append (f->dir, ABC, NULL, 0, "a", 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  append (f, NULL, 1, "bc");
  assert_files (f, "", "part ba78//3 ");

  g_assert_true (alm_blob_store_check_part (f->dir, ABC, NULL, 3, NULL));
  g_assert_cmpint (alm_blob_store_get_size (f->dir, ABC), ==, -1);
  g_assert_true (alm_blob_store_keep_part (f->dir, ABC, NULL, NULL));
  assert_content (f, "abc");
  assert_files (f, "ba78//3 ", "");
}

static void
test_a_wrong_part_is_thrown_away (Fixture       *f,
                                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  append (f, NULL, 0, "abd");
  g_assert_false (alm_blob_store_check_part (f->dir, ABC, NULL, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "is something else"));
  assert_files (f, "", "");

  /* The right bytes, and more of them than were told. */
  g_clear_error (&error);
  append (f, NULL, 0, "abc");
  g_assert_false (alm_blob_store_check_part (f->dir, ABC, NULL, 4, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  assert_files (f, "", "");
}

static void
test_parts_of_two_owners_do_not_meet (Fixture       *f,
                                      gconstpointer  data)
{
  append (f, "anna", 0, "ab");
  append (f, "ben.k", 0, "x");
  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, "anna"), ==, 2);
  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, "ben.k"), ==, 1);
  alm_blob_store_drop_part (f->dir, ABC, "anna");
  assert_files (f, "", "part ba78/ben.k/1 ");
}

static void
assert_piece (Fixture    *f,
              gint64      offset,
              gsize       length,
              const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = alm_blob_store_read (f->dir, ABC, offset, length, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (piece, NULL), g_bytes_get_size (piece), expected,
                   strlen (expected));
}

static void
test_a_file_is_read_in_pieces (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) error = NULL;
  gint64 size;

  g_assert_null (alm_blob_store_read (f->dir, ABC, 0, 10, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (alm_blob_store_take_file (f->dir, f->file, &sha256, &size, NULL, NULL));
  assert_piece (f, 0, 10, "abc");
  assert_piece (f, 0, 2, "ab");
  assert_piece (f, 1, 1, "b");
  assert_piece (f, 3, 10, "");
  assert_piece (f, 0, 0, "");
}

static void
test_a_damaged_file_is_found (Fixture       *f,
                              gconstpointer  data)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *path = alm_blob_store_path (f->dir, ABC);
  g_autoptr (GError) error = NULL;
  gint64 size;

  g_assert_true (alm_blob_store_take_file (f->dir, f->file, &sha256, &size, NULL, NULL));
  g_assert_true (g_file_set_contents (path, "abx", 3, NULL));
  g_assert_false (alm_blob_store_check (f->dir, ABC, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);

  g_assert_true (alm_blob_store_remove (f->dir, ABC, NULL));
  g_assert_true (alm_blob_store_remove (f->dir, ABC, NULL));
  assert_files (f, "", "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/blob-store/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("a-file-is-taken", test_a_file_is_taken);
  ADD ("the-same-file-again-is-the-same", test_the_same_file_again_is_the_same);
  ADD ("what-is-no-file-is-refused", test_what_is_no_file_is_refused);
  ADD ("a-cancelled-copy-leaves-nothing", test_a_cancelled_copy_leaves_nothing);
  ADD ("what-is-too-large-is-refused", test_what_is_too_large_is_refused);
  ADD ("a-part-goes-on-at-its-end", test_a_part_goes_on_at_its_end);
  ADD ("a-wrong-part-is-thrown-away", test_a_wrong_part_is_thrown_away);
  ADD ("parts-of-two-owners-do-not-meet", test_parts_of_two_owners_do_not_meet);
  ADD ("a-file-is-read-in-pieces", test_a_file_is_read_in_pieces);
  ADD ("a-damaged-file-is-found", test_a_damaged_file_is_found);

  return g_test_run ();
}
