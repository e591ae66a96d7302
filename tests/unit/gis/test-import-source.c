/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-source.h"
#include "alm-test.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;

static AlmImportSource *
open_text (const char        *name,
           const char        *text,
           AlmImportMapping  *mapping,
           GError           **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (AlmImportMapping) plain = alm_import_mapping_new ();

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return alm_import_source_open (path, mapping != NULL ? mapping : plain, "point", NULL, NULL,
                                 NULL, NULL, error);
}

static gboolean
print_row (const AlmImportRow  *row,
           gpointer             user_data,
           GError             **error)
{
  g_string_append_printf (user_data, "%d:", (int) row->line);
  for (guint i = 0; i < row->n_cells; i++)
    g_string_append_printf (user_data, "%s|", row->cells[i] != NULL ? row->cells[i] : "~");

  return TRUE;
}

static void
test_header_title_lines_and_none (void)
{
  static const struct
  {
    const char *text;
    int         header, wanted;
    const char *columns, *rows;
  } cases[] = {
    { "a;b\n1;2\n3;4\n", -1, 1, "a,b", "2:1|2|3:3|4|" },
    { "Liste der Stadt\n\na;b\nx;2\ny;4\n", -1, 2, "a,b", "4:x|2|5:y|4|" },
    { "Markt;27\nAnger;13\n", -1, 0, "1,2", "1:Markt|27|2:Anger|13|" },
    { "a;b\nc;d\n", 0, 0, "1,2", "1:a|b|2:c|d|" },
    { "x;y\na;b\n1;2\n", 2, 2, "a,b", "3:1|2|" },
    { "\"name,C,40\";\"hoehe,N,5,1\"\nx;1\ny;2\n", -1, 1, "name,hoehe", "2:x|1|3:y|2|" },
    { "a;;b\nx;y;z\n", -1, 1, "a,2,b", "2:x|y|z|" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmImportSource) source = NULL;
      g_autoptr (GString) rows = g_string_new (NULL);
      g_autofree char *columns = NULL;
      GPtrArray *names;

      mapping->header = cases[i].header;
      source = open_text ("t.csv", cases[i].text, mapping, &error);
      g_assert_no_error (error);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (alm_import_source_get_facts (source)->header, ==, cases[i].wanted);
      names = alm_import_source_get_columns (source);
      g_ptr_array_add (names, NULL);
      columns = g_strjoinv (",", (char **) names->pdata);
      g_ptr_array_remove_index (names, names->len - 1);
      g_assert_cmpstr (columns, ==, cases[i].columns);
      g_assert_true (alm_import_source_each (source, print_row, rows, NULL));
      g_assert_cmpstr (rows->str, ==, cases[i].rows);
    }
}

static void
test_features_become_rows_of_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (AlmImportSource) source =
    open_text ("t.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
               "\"properties\":{\"a\":1.5,\"b\":null,\"c\":true,\"d\":\"Straße\"},\"geometry\":"
               "{\"type\":\"Point\",\"coordinates\":[11,50]}}]}", NULL, &error);
  const AlmImportFacts *facts;

  g_assert_no_error (error);
  facts = alm_import_source_get_facts (source);
  g_assert_cmpstr (facts->format, ==, "GeoJSON");
  g_assert_cmpstr (facts->crs, ==, "EPSG:4326");
  g_assert_false (facts->is_text);
  g_assert_cmpint (facts->rows, ==, 1);
  g_assert_true (alm_import_source_each (source, print_row, rows, NULL));
  g_assert_cmpstr (rows->str, ==, "1:1.5|~|true|Straße|");
}

static void
test_a_cell_or_record_over_the_limit_is_refused_with_its_line (void)
{
  g_autoptr (GString) text = g_string_new ("a;b\n1;");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 7000; i++)
    g_string_append (text, "0123456789");
  g_string_append (text, "\n");
  g_assert_null (open_text ("t.csv", text->str, NULL, &error));
  g_assert_nonnull (strstr (error->message, "line 2: more than 65536 bytes in a cell"));
}

static void
test_more_rows_than_are_read_are_refused_with_the_limit (void)
{
  static const struct { const char *name, *text; } cases[] = {
    { "t.csv", "a;b\n1;x\n2;y\n3;z\n" },
    { "t.geojson", "{\"type\":\"FeatureCollection\",\"features\":["
      "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null},"
      "{\"type\":\"Feature\",\"properties\":{\"a\":2},\"geometry\":null},"
      "{\"type\":\"Feature\",\"properties\":{\"a\":3},\"geometry\":null}]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmImportSource) just = NULL;

      alm_import_source_set_rows_max (3);
      just = open_text (cases[i].name, cases[i].text, NULL, &error);
      g_assert_no_error (error);
      alm_import_source_set_rows_max (2);
      g_assert_null (open_text (cases[i].name, cases[i].text, NULL, &error));
      g_assert_nonnull (strstr (error->message, "more than 2 rows; split the list"));
      alm_import_source_set_rows_max (ALM_IMPORT_ROWS_MAX);
    }
}

/* A file with a hole: it has the size, but takes no room. */
static void
test_a_geojson_over_the_limit_is_refused_before_it_is_read (void)
{
  g_autofree char *path = g_build_filename (dir, "huge.geojson", NULL);
  g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "{", -1, NULL));
  g_assert_cmpint (truncate (path, (off_t) ALM_IMPORT_WHOLE_MAX + 1), ==, 0);
  g_assert_null (alm_import_source_open (path, mapping, "point", NULL, NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "read up to 1.1 GB"));
}

/* A pipe is not waited for; a drive that answers with an error has a sentence. */
static void
test_what_cannot_be_read_is_told (void)
{
  g_autofree char *pipe = g_build_filename (dir, "pipe.csv", NULL);
  const struct { const char *path, *words; } cases[] = {
    { pipe, "no file but a folder, a pipe or a device" },
    { dir, "no file but a folder, a pipe or a device" },
    { "/dev/null", "no file but a folder, a pipe or a device" },
    { "/none/at/all.csv", "there is no such file" },
    { "/proc/self/mem", "could not be read to its end" },
  };

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_import_source_open (cases[i].path, mapping, "point", NULL, NULL, NULL,
                                             NULL, &error));
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

int
main (int   argc,
      char *argv[])
{
  int code;

  g_test_init (&argc, &argv, NULL);
  dir = alm_test_make_dir ();

  g_test_add_func ("/gis/import-source/header", test_header_title_lines_and_none);
  g_test_add_func ("/gis/import-source/features", test_features_become_rows_of_text);
  g_test_add_func ("/gis/import-source/limits",
                   test_a_cell_or_record_over_the_limit_is_refused_with_its_line);

  g_test_add_func ("/gis/import-source/rows",
                   test_more_rows_than_are_read_are_refused_with_the_limit);
  g_test_add_func ("/gis/import-source/size",
                   test_a_geojson_over_the_limit_is_refused_before_it_is_read);
  g_test_add_func ("/gis/import-source/unreadable", test_what_cannot_be_read_is_told);

  code = g_test_run ();
  alm_test_remove_dir (dir);
  g_free (dir);

  return code;
}
