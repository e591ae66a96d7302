/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-mbtiles.h"
#include "alm-store-error.h"
#include "alm-test.h"

#include <string.h>

static const AlmMbtilesInfo info = {
  .name = (char *) "Probe", .attribution = (char *) "© Stadt", .format = (char *) "png",
  .min_zoom = 2, .max_zoom = 3, .west = 11.5, .south = 50.8, .east = 11.7, .north = 51.0
};

static const char png[] = "\x89PNG\r\n\x1a\n: the rest of a picture";

static char *
write_file (const char           *dir,
            const AlmMbtilesInfo *what)
{
  g_autofree char *path = g_build_filename (dir, "base.mbtiles", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmMbtilesWriter) writer = alm_mbtiles_writer_new (path, what, &error);

  g_assert_no_error (error);
  g_assert_true (alm_mbtiles_writer_add (writer, 2, 1, 0, png, sizeof png, &error));
  g_assert_true (alm_mbtiles_writer_add (writer, 3, 3, 1, png, 8, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (alm_mbtiles_writer_finish (writer, &error));
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

static void
test_what_was_written_is_read_back (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = write_file (dir, &info);
  g_autofree char *row = alm_test_query (path, "SELECT tile_row FROM tiles WHERE zoom_level = 2");
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmMbtiles) file = alm_mbtiles_open (path, &error);
  g_autoptr (GBytes) tile = NULL;
  const AlmMbtilesInfo *read;

  g_assert_no_error (error);
  read = alm_mbtiles_get_info (file);
  g_assert_cmpstr (read->name, ==, "Probe");
  g_assert_cmpstr (read->attribution, ==, "© Stadt");
  g_assert_cmpstr (read->format, ==, "png");
  g_assert_cmpuint (read->min_zoom, ==, 2);
  g_assert_cmpuint (read->max_zoom, ==, 3);
  g_assert_cmpfloat (read->north, ==, 51.0);
  g_assert_cmpstr (row, ==, "3");   /* from the south, as the specification has it */

  tile = alm_mbtiles_read_tile (file, 2, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (tile, NULL), g_bytes_get_size (tile), png, sizeof png);

  g_assert_null (alm_mbtiles_read_tile (file, 2, 1, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (alm_mbtiles_read_tile (file, 60, 1, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  alm_test_remove_dir (dir);
}

static void
test_an_unfinished_file_leaves_nothing (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "base.mbtiles", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) rest = NULL;
  AlmMbtilesWriter *writer = alm_mbtiles_writer_new (path, &info, &error);

  g_assert_true (alm_mbtiles_writer_add (writer, 2, 1, 0, png, sizeof png, &error));
  g_assert_false (alm_mbtiles_writer_add (writer, 2, 1, 0, png, sizeof png, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT);
  alm_mbtiles_writer_free (writer);

  rest = g_dir_open (dir, 0, NULL);
  g_assert_null (g_dir_read_name (rest));

  alm_test_remove_dir (dir);
}

static void
test_an_existing_file_is_not_overwritten (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = write_file (dir, &info);
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_mbtiles_writer_new (path, &info, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);

  alm_test_remove_dir (dir);
}

/* GDAL's files name their source only there. */
static void
test_a_description_stands_in_for_the_attribution (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = write_file (dir, &info);
  g_autofree char *done =
    alm_test_query (path, "UPDATE metadata SET name = 'description' WHERE name = 'attribution'");
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmMbtiles) file = alm_mbtiles_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (alm_mbtiles_get_info (file)->attribution, ==, "© Stadt");

  alm_test_remove_dir (dir);
}

/* What is done to a sound file, and the word that the refusal must hold. */
static const struct
{
  const char *name;
  const char *sql;
  const char *word;
} broken[] = {
  { "attribution", "DELETE FROM metadata WHERE name = 'attribution'", "attribution" },
  { "blank", "UPDATE metadata SET value = '  ' WHERE name = 'attribution'", "attribution" },
  { "vector", "UPDATE tiles SET tile_data = x'1f8b08'", "vector" },
  { "empty", "DELETE FROM tiles", "no tiles" },
  { "zoom", "UPDATE tiles SET zoom_level = 77", "77" },
  { "table", "DROP TABLE metadata", "metadata" },
};

static void
test_broken_files_are_refused (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = write_file (dir, &info);
  g_autofree char *index = NULL;
  g_autofree char *done = NULL;
  g_autoptr (GError) error = NULL;

  index = alm_test_query (path, "DROP INDEX tile_index");
  done = alm_test_query (path, broken[i].sql);
  g_assert_null (alm_mbtiles_open (path, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, broken[i].word));
  g_assert_true (g_str_has_prefix (error->message, path));

  alm_test_remove_dir (dir);
}

static void
test_foreign_bytes_are_refused (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "note.txt", NULL);
  g_autofree char *missing = g_build_filename (dir, "missing.mbtiles", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "no database at all, but long enough to look at", -1,
                                      NULL));
  g_assert_null (alm_mbtiles_open (path, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  g_clear_error (&error);

  g_assert_null (alm_mbtiles_open (missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (strstr (error->message, "SQLite"));
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));

  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/mbtiles/there-and-back", test_what_was_written_is_read_back);
  g_test_add_func ("/store/mbtiles/unfinished", test_an_unfinished_file_leaves_nothing);
  g_test_add_func ("/store/mbtiles/existing", test_an_existing_file_is_not_overwritten);
  g_test_add_func ("/store/mbtiles/description", test_a_description_stands_in_for_the_attribution);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *path = g_strconcat ("/store/mbtiles/broken/", broken[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_broken_files_are_refused);
    }
  g_test_add_func ("/store/mbtiles/foreign", test_foreign_bytes_are_refused);

  return g_test_run ();
}
