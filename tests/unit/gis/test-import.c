/* SPDX-License-Identifier: EUPL-1.2 */

/* The import as a whole: what is understood, what is refused with which words,
 * and that nothing of a refused file is there. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-import.h"
#include "alm-json.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_builtin (fixture->desk, "tree");
  alm_test_add_builtin (fixture->desk, "playground");
  alm_test_add_builtin (fixture->desk, "lamp");
  alm_test_add_builtin (fixture->desk, "road");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->desk, alm_desk_close);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static AlmImport *
make_import (const char *file,
             const char *kind,
             const char *mapping)
{
  g_autofree char *path = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import", file, NULL);
  AlmImport *import = alm_import_new (path, kind, "ksj/baeume");

  if (mapping != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmValue) value = alm_json_parse (mapping, -1, NULL, &error);
      g_autoptr (AlmImportMapping) given = NULL;

      g_assert_no_error (error);
      given = alm_import_mapping_from_value (value, &error);
      g_assert_no_error (error);
      alm_import_set_mapping (import, given);
    }

  return import;
}

static gboolean
collect_row (const AlmRow  *row,
             gpointer       user_data,
             GError       **error)
{
  g_ptr_array_add (user_data, alm_value_ref (row->fields));

  return TRUE;
}

/* The fields of all records of a kind. */
static GPtrArray *
read_all (AlmDesk    *desk,
          const char *kind)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (GError) error = NULL;

  alm_desk_each (desk, NULL, kind, FALSE, collect_row, rows, &error);
  g_assert_no_error (error);

  return rows;
}

static const AlmValue *
find_by (GPtrArray  *rows,
         const char *field,
         const char *value)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (rows->pdata[i], field), value) == 0)
      return rows->pdata[i];

  return NULL;
}

static gint64
count_issue (AlmImport  *import,
             const char *code)
{
  const AlmValue *issues = alm_value_get (alm_import_get_result (import), "issues");

  for (guint i = 0; i < alm_value_get_size (issues); i++)
    if (g_strcmp0 (alm_value_get_text_of (alm_value_get_item (issues, i), "code"), code) == 0)
      return alm_value_get_integer_of (alm_value_get_item (issues, i), "count", 0);

  return 0;
}

static gint64
get_count (AlmImport  *import,
           const char *name)
{
  return alm_value_get_integer_of (alm_import_get_result (import), name, -1);
}

static void
assert_sums (AlmImport *import)
{
  g_assert_cmpint (get_count (import, "rows"), ==,
                   get_count (import, "new") + get_count (import, "changed")
                   + get_count (import, "same") + get_count (import, "rejected"));
  g_assert_cmpint (get_count (import, "placed") + get_count (import, "unplaced"), ==,
                   get_count (import, "rows") - get_count (import, "rejected"));
}

static void
run_fine (Fixture        *fixture,
          AlmImport      *import,
          AlmImportFlags  flags)
{
  g_autoptr (GError) error = NULL;

  alm_import_run (import, fixture->desk, flags, NULL, &error);
  g_assert_no_error (error);
  assert_sums (import);
}

/* Each row of the table of bad input: refused in these words, nothing there. */
static void
test_bad_files_are_refused_and_leave_nothing (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  static const struct { const char *file, *mapping, *words; } cases[] = {
    { "none.csv", NULL, "no such file" },
    { "empty.csv", NULL, "the file is empty" },
    { "cut-letter.csv", NULL, "line 3: the file ends in the middle of a letter" },
    { "mixed.csv", NULL, "line 1 is UTF-8, line 3 is not" },
    { "latin1.csv", "{\"encoding\":\"UTF-8\"}", "line 1: not UTF-8" },
    { "good.csv", "{\"encoding\":\"EBCDIC\"}", "unknown encoding" },
    { "nul.csv", NULL, "line 3: a NUL" },
    { "open-quotes.csv", NULL, "line 2: the file ends in the middle of a record" },
    { "short-last-row.csv", NULL, "line 3: the file ends in the middle of a record" },
    { "columns-1001.csv", NULL, "more than 1000 columns" },
    { "cut.csv.gz", NULL, "cut off or damaged" },
    { "bomb.csv.gz", NULL, "would unpack to" },
    { "formula.csv", NULL, "line 3, column \"Art\": a formula: =HYPERLINK" },
    { "dde.csv", NULL, "line 2, column \"Art\": a formula: +cmd|" },
    { "many-rejected.csv", NULL, "4 of 20 rows were rejected" },
    { "no-places.csv", NULL, "13 of 20 rows have no place" },
    { "cut.geojson", NULL, "" },
    { "no-dbf.shp", NULL, ".dbf" },
    { "no-shx.shp", NULL, ".shx" },
    { "short.shp", NULL, "not as long as its head says" },
    { "counts.shp", NULL, "12 records, the .dbf 11" },
    { "no-prj-far.shp", NULL, "puts its places into the city" },
    { "bomb.zip", NULL, "times its size" },
    { "entries.zip", NULL, "1001 entries" },
    { "nothing.zip", NULL, "nothing that is read here" },
    { "nested.zip", NULL, "nothing that is read here" },
    { "bomb-table.zip", NULL, "would unpack to 30.0 MB" },
    { "liar.zip", NULL, "cut off or damaged" },
    { "damaged-table.zip", NULL, "cut off or damaged" },
    { "bomb-within.zip", NULL, "would unpack to" },
    { "two-tables.zip", NULL, "choose one: 2023, 2024" },
    { "two-tables.zip", "{\"layer\":\"2025\"}", "" },
    { "cut.zip", NULL, "" },
    { "two-layers.zip", NULL, "choose one: a, b" },
    { "two-layers.zip", "{\"layer\":\"c\"}", "no layer \"c\"" },
    { "same-names.zip", NULL, "choose one: 2023/baeume, 2024/baeume" },
    { "not-a-format.gpkg", NULL, "no format that is read here" },
    { "good.csv", "{\"columns\":{\"Nummer\":\"number\"}}", "no column \"Nummer\"" },
    { "good.csv", "{\"columns\":{\"Lon\":\"length\"}}", "no field \"length\"" },
    { "good.csv", "{\"place\":{\"x\":\"Ost\",\"y\":\"Lat\"}}", "no column \"Ost\"" },
    { "good.csv", "{\"place\":{\"x\":\"Lon\",\"y\":\"Lat\",\"crs\":\"EPSG:1\"}}",
      "unknown reference system" },
    { "good.csv", "{\"key\":[\"length\"]}", "no field \"length\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImport) import = make_import (cases[i].file, "tree", cases[i].mapping);
      g_autoptr (GPtrArray) rows = NULL;
      g_autoptr (GPtrArray) imports = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_import_run (import, fixture->desk, 0, NULL, &error));
      g_assert_nonnull (error);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("%s: \"%s\" does not say \"%s\"", cases[i].file, error->message,
                 cases[i].words);
      rows = read_all (fixture->desk, "tree");
      imports = read_all (fixture->desk, "import");
      g_assert_cmpuint (rows->len + imports->len, ==, 0);
    }
  g_assert_null (alm_import_find_unfinished (fixture->desk));
}

static void
test_an_unknown_kind_is_refused_before_the_file_is_read (Fixture       *fixture,
                                                         gconstpointer  user_data)
{
  g_autoptr (AlmImport) import = make_import ("none.csv", "unicorn", NULL);
  g_autoptr (AlmImport) bad_scope = alm_import_new ("/none", "tree", "No Scope");
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_import_run (import, fixture->desk, 0, NULL, &error));
  g_assert_nonnull (strstr (error->message, "kind 'unicorn' has no model"));
  g_clear_error (&error);
  g_assert_false (alm_import_run (bad_scope, fixture->desk, 0, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no name of a scope"));
}

/* A model that came from the server and is none. */
static void
take_broken_model (AlmDesk *desk)
{
  static const char page_text[] =
    "{\"s\":\"system\",\"v\":3,\"id\":\"01931f2e-7c1a-7e3b-9d41-00000000f003\",\"k\":\"model\","
    "\"f\":{\"name\":\"wonky\",\"schema\":{\"type\":\"object\",\"properties\":{"
    "\"height\":{\"type\":\"length\"}}}}}\n"
    "{\"cursors\":{\"system\":3},\"more\":false,\"rights\":\"r1\",\"digest\":{}}\n";
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (GError) error = NULL;

  alm_desk_sync_take_page (desk, page_text, strlen (page_text), &page, &error);
  g_assert_no_error (error);
}

/* No right, no such scope, a kind whose model is broken: nobody looks at the
 * file, which is not even there. */
static void
test_kind_and_right_are_asked_before_the_file_is_read (AlmDeskFixture *fixture,
                                                       gconstpointer   user_data)
{
  static const struct { const char *kind, *scope, *words; } cases[] = {
    { "tree", "system", "you may only read scope 'system'" },
    { "tree", "ksj/lampen", "scope 'ksj/lampen' is not known here" },
    { "wonky", ALM_FIXTURE_SCOPE, "the model of kind 'wonky' has a fault: /properties/height" },
    { "tree", ALM_FIXTURE_SCOPE, "there is no such file" },
  };

  take_broken_model (fixture->desk);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImport) import = alm_import_new ("/none", cases[i].kind, cases[i].scope);
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_import_analyse (import, fixture->desk, NULL, &error));
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

/* Files that are read, with what the result must say. */
static void
test_odd_files_are_read_and_their_oddities_counted (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  static const struct
  {
    const char     *file, *kind;
    AlmImportFlags  flags;
    int             rows, placed, rejected;
    const char     *encoding, *crs, *code;
    int             count;
  } cases[] = {
    { "only-header.csv", "tree", 0, 0, 0, 0, "UTF-8", NULL, NULL, 0 },
    { "good.csv", "tree", 0, 20, 20, 0, "UTF-8", "EPSG:4326", NULL, 0 },
    { "latin1.csv", "tree", 0, 12, 12, 0, "ISO-8859-1", "EPSG:4326", NULL, 0 },
    { "cp850.csv", "tree", 0, 12, 12, 0, "CP850", "EPSG:4326", NULL, 0 },
    { "formula.csv", "tree", ALM_IMPORT_FORMULAS_AS_TEXT, 2, 2, 0, "UTF-8", "EPSG:4326", NULL, 0 },
    { "many-rejected.csv", "tree", ALM_IMPORT_ACCEPT_LOSSES, 20, 16, 4, "UTF-8", "EPSG:4326",
      "row-too-short", 4 },
    { "no-places.csv", "tree", ALM_IMPORT_ACCEPT_LOSSES, 20, 7, 0, "UTF-8", "EPSG:25832",
      "place-missing", 13 },
    { "outside.csv", "tree", 0, 23, 21, 0, "UTF-8", "EPSG:4326", "place-outside-country", 1 },
    { "outside.csv", "tree", ALM_IMPORT_AGAIN, 23, 21, 0, "UTF-8", "EPSG:4326",
      "place-outside-city", 1 },
    { "outside.csv", "tree", ALM_IMPORT_AGAIN, 23, 21, 0, "UTF-8", "EPSG:4326",
      "place-missing", 1 },
    { "swapped.csv", "tree", 0, 20, 20, 0, "UTF-8", "EPSG:25832", "place-repaired", 10 },
    { "header-repeated.csv", "tree", 0, 21, 20, 1, "UTF-8", "EPSG:4326", "header-repeated", 1 },
    { "wkt.csv", "tree", 0, 6, 5, 0, "UTF-8", "EPSG:25832", "place-repaired", 2 },
    { "control.csv", "tree", 0, 6, 6, 0, "UTF-8", "EPSG:4326", "control-character", 2 },
    { "gk4.csv", "lamp", 0, 30, 30, 0, "UTF-8", "EPSG:31468", "accuracy", 30 },
    { "two-systems.csv", "tree", 0, 6, 6, 0, "UTF-8", "EPSG:25832", "coordinates-disagree", 1 },
    { "good.geojson", "tree", 0, 12, 12, 0, NULL, "EPSG:4326", NULL, 0 },
    { "table.zip", "tree", 0, 12, 12, 0, "ISO-8859-1", "EPSG:4326", NULL, 0 },
    { "table-gz.zip", "tree", 0, 12, 12, 0, "CP850", "EPSG:4326", NULL, 0 },
    { "text.zip", "tree", 0, 20, 20, 0, "UTF-8", "EPSG:4326", NULL, 0 },
    { "no-prj.shp", "tree", 0, 12, 12, 0, NULL, "EPSG:31468", "accuracy", 12 },
    { "far.geojson", "tree", 0, 15, 12, 0, NULL, "EPSG:4326", "place-missing", 3 },
    { "self-crossing.geojson", "playground", 0, 3, 2, 0, NULL, "EPSG:4326",
      "geometry-repaired", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImport) import = make_import (cases[i].file, cases[i].kind, NULL);
      g_autoptr (GError) error = NULL;
      const AlmValue *result;

      alm_import_run (import, fixture->desk, cases[i].flags, NULL, &error);
      if (error != NULL)
        g_error ("%s: %s", cases[i].file, error->message);
      assert_sums (import);
      result = alm_import_get_result (import);
      g_test_message ("%s", cases[i].file);
      g_assert_cmpint (get_count (import, "rows"), ==, cases[i].rows);
      g_assert_cmpint (get_count (import, "placed"), ==, cases[i].placed);
      g_assert_cmpint (get_count (import, "rejected"), ==, cases[i].rejected);
      g_assert_cmpstr (alm_value_get_text_of (result, "encoding"), ==, cases[i].encoding);
      g_assert_cmpstr (alm_value_get_text_of (result, "crs"), ==, cases[i].crs);
      if (cases[i].code != NULL)
        g_assert_cmpint (count_issue (import, cases[i].code), ==, cases[i].count);
    }
}

static void
assert_number (const AlmValue *fields,
               const char     *name,
               double          wanted)
{
  g_assert_nonnull (alm_value_get (fields, name));
  g_assert_cmpfloat_with_epsilon (alm_value_get_double (alm_value_get (fields, name)), wanted,
                                  1e-9);
}

static void
test_values_become_those_of_the_model_or_stay_as_text (Fixture       *fixture,
                                                       gconstpointer  user_data)
{
  g_autoptr (AlmImport) import = make_import ("values.csv", "tree", NULL);
  g_autoptr (GPtrArray) rows = NULL;
  const AlmValue *first, *second, *third, *fourth;

  run_fine (fixture, import, 0);
  rows = read_all (fixture->desk, "tree");
  g_assert_cmpuint (rows->len, ==, 8);
  first = find_by (rows, "number", "1");
  assert_number (first, "height", 12.505);
  assert_number (first, "vitality", 0);
  g_assert_cmpstr (alm_value_get_text_of (first, "planted"), ==, "1950");
  g_assert_cmpstr (alm_value_get_text_of (first, "last_inspection"), ==, "2024-02-01");
  g_assert_null (alm_value_get (first, "extra"));

  second = find_by (rows, "number", "2");
  assert_number (second, "vitality", 4);
  g_assert_null (alm_value_get (second, "height"));
  g_assert_cmpstr (alm_value_get_text_of (alm_value_get (second, "extra"), "Höhe_cm"), ==, "hoch");
  g_assert_cmpstr (alm_value_get_text_of (alm_value_get (second, "extra"), "Letzte Kontrolle"),
                   ==, "2024-02-30");

  third = find_by (rows, "number", "3");
  g_assert_null (alm_value_get (third, "height"));
  g_assert_null (alm_value_get (third, "vitality"));

  fourth = find_by (rows, "number", "4");
  g_assert_null (alm_value_get (fourth, "extra"));
  g_assert_null (alm_value_get (fourth, "planted"));

  g_assert_cmpint (count_issue (import, "value-not-a-number"), ==, 1);
  g_assert_cmpint (count_issue (import, "value-out-of-range"), ==, 1);
  g_assert_cmpint (count_issue (import, "value-not-in-list"), ==, 1);
  g_assert_cmpint (count_issue (import, "date-unreadable"), ==, 2);
}

/* An archive of more files than the helper may have open, and the tags that
 * GDAL's OSM driver hides. */
static void
test_one_layer_of_many_and_hidden_tags (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (AlmImport) one = make_import ("many.zip", "tree", "{\"layer\":\"f77\"}");
  g_autoptr (AlmImport) table = make_import ("two-tables.zip", "tree", "{\"layer\":\"2024\"}");
  g_autoptr (AlmImport) roads = make_import ("roads.osm", "road", NULL);
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const AlmValue *road;

  run_fine (fixture, one, 0);
  trees = read_all (fixture->desk, "tree");
  g_assert_cmpuint (trees->len, ==, 1);
  g_assert_cmpstr (alm_value_get_text_of (trees->pdata[0], "number"), ==, "77");

  run_fine (fixture, table, 0);
  g_assert_cmpint (get_count (table, "new"), ==, 20);
  g_assert_cmpstr (alm_value_get_text_of (alm_import_get_result (table), "format"), ==, "csv");

  run_fine (fixture, roads, 0);
  rows = read_all (fixture->desk, "road");
  g_assert_cmpuint (rows->len, ==, 2);
  road = find_by (rows, "name", "Grüner Weg");
  g_assert_cmpstr (alm_value_get_text_of (road, "class"), ==, "residential");
  g_assert_nonnull (alm_value_get (road, "oneway"));
  g_assert_nonnull (alm_value_get (road, "maxspeed"));
}

static void
test_what_is_given_counts_before_what_is_guessed (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  const char *mapping =
    "{\"separator\":\";\",\"decimal\":\",\",\"place\":{\"x\":\"Rechtswert\",\"y\":\"Hochwert\","
    "\"crs\":\"EPSG:31468\"},\"columns\":{\"Mastnr\":\"source_id\","
    "\"Leuchtentyp\":{\"to\":\"lamp_type\",\"codes\":{\"LED\":\"gas\"}}},"
    "\"constants\":{\"owner\":\"Stadtwerke\"},\"key\":[\"source_id\"]}";
  g_autoptr (AlmImport) import = make_import ("gk4.csv", "lamp", mapping);
  g_autoptr (AlmImportMapping) complete = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const AlmValue *lamp;

  run_fine (fixture, import, 0);
  rows = read_all (fixture->desk, "lamp");
  g_assert_cmpuint (rows->len, ==, 30);
  lamp = find_by (rows, "source_id", "7");
  g_assert_cmpstr (alm_value_get_text_of (lamp, "lamp_type"), ==, "gas");
  g_assert_cmpstr (alm_value_get_text_of (lamp, "owner"), ==, "Stadtwerke");
  g_assert_null (alm_value_get (lamp, "number"));
  g_assert_cmpint (count_issue (import, "accuracy"), ==, 0);

  complete = alm_import_make_mapping (import);
  value = alm_import_mapping_to_value (complete);
  g_assert_cmpstr (alm_value_get_text_of (value, "format"), ==, "csv");
  g_assert_cmpint (alm_value_get_integer_of (value, "header", -1), ==, 1);
}

/* The next delivery of a list: changed, same, new, missing, and nothing deleted. */
static void
test_a_key_finds_the_records_again (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  const char *mapping = "{\"key\":[\"number\"]}";
  g_autofree char *path = g_build_filename (fixture->dir, "next.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (AlmImport) first = make_import ("good.csv", "tree", mapping);
  g_autoptr (AlmImport) next = alm_import_new (path, "tree", "ksj/baeume");
  g_autoptr (AlmImport) again = make_import ("good.csv", "tree", mapping);
  g_autoptr (AlmValue) value = alm_json_parse (mapping, -1, NULL, NULL);
  g_autoptr (AlmImportMapping) given = alm_import_mapping_from_value (value, NULL);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  run_fine (fixture, first, 0);
  g_assert_cmpint (get_count (first, "new"), ==, 20);
  g_assert_false (alm_import_run (again, fixture->desk, 0, NULL, &error));
  g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_AGAIN);
  run_fine (fixture, again, ALM_IMPORT_AGAIN);
  g_assert_cmpint (get_count (again, "same"), ==, 20);

  /* Rows 3 to 19, one of them moved, one named twice, and a new one. */
  {
    g_autofree char *old = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import/good.csv", NULL);
    g_autoptr (GString) out = g_string_new ("Baumnummer;Lon;Lat;Straße\n");
    g_auto (GStrv) lines = NULL;

    g_assert_true (g_file_get_contents (old, &text, NULL, NULL));
    lines = g_strsplit (text, "\n", -1);
    for (guint i = 4; i <= 20; i++)
      g_string_append_printf (out, "%s;%s\n", lines[i], i == 7 ? "Am Anger" : "");
    g_string_append (out, "19;11,59;50,93;\n20;11,59;50,93;\n");
    g_assert_true (g_file_set_contents (path, out->str, -1, NULL));
  }
  alm_import_set_mapping (next, given);
  /* What the trial says is what the import does. */
  for (guint i = 0; i < 2; i++)
    {
      run_fine (fixture, next, i == 0 ? ALM_IMPORT_DRY_RUN : 0);
      g_assert_cmpint (get_count (next, "rows"), ==, 19);
      g_assert_cmpint (get_count (next, "new"), ==, 1);
      g_assert_cmpint (get_count (next, "changed"), ==, 1);
      g_assert_cmpint (get_count (next, "same"), ==, 16);
      g_assert_cmpint (get_count (next, "rejected"), ==, 1);
      g_assert_cmpint (get_count (next, "missing"), ==, 3);
    }
  g_assert_cmpint (count_issue (next, "duplicate-key"), ==, 1);
  rows = read_all (fixture->desk, "tree");
  g_assert_cmpuint (rows->len, ==, 21);
}

static AlmImport *
make_delivery (Fixture    *fixture,
               const char *name,
               const char *text)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return alm_import_new (path, "tree", "ksj/baeume");
}

/* The list of one year in Latin-1 with semicolons, of the next in UTF-8 with
 * commas and another column: what its columns are is known, and matches. */
static void
test_the_next_delivery_is_understood_as_the_last_one (Fixture       *fixture,
                                                      gconstpointer  user_data)
{
  g_autoptr (AlmImport) first =
    make_delivery (fixture, "2023.csv", "Kennzahl;Kr\xe4nze;L;B\n1;drei;11,58;50,92\n"
                   "2;zwei;11,581;50,921\n");
  g_autoptr (AlmImport) next =
    make_delivery (fixture, "2024.csv", "B,L,Foto,Kennzahl,Kränze\n50.92,11.58,a.jpg,1,fünf\n"
                   "50.921,11.581,b.jpg,2,zwei\n50.922,11.582,c.jpg,3,eins\n");
  g_autoptr (AlmImport) other = make_delivery (fixture, "other.csv", "Nr,L,B\n1,11.58,50.92\n");
  g_autoptr (AlmImportMapping) said = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const AlmImportSaved *saved;

  alm_import_set_use_saved (first, TRUE);
  g_assert_true (alm_import_analyse (first, fixture->desk, NULL, &error));
  g_assert_null (alm_import_get_saved (first));
  said = alm_import_make_mapping (first);
  alm_import_mapping_map (said, "Kennzahl", "number", 1, NULL);
  alm_import_mapping_map (said, "Kränze", "species", 1, NULL);
  said->key = g_strsplit ("number", ",", -1);
  alm_import_set_mapping (first, said);
  run_fine (fixture, first, 0);
  g_assert_true (alm_import_keep_mapping (first, fixture->desk, &error));
  g_assert_no_error (error);

  alm_import_set_use_saved (next, TRUE);
  g_assert_true (alm_import_analyse (next, fixture->desk, NULL, &error));
  saved = alm_import_get_saved (next);
  g_assert_nonnull (saved);
  g_assert_cmpstr (saved->title, ==, "2023.csv");
  g_assert_cmpstr (saved->added[0], ==, "Foto");
  g_assert_cmpint (alm_import_get_facts (next)->separator, ==, ',');
  g_assert_cmpstr (alm_import_get_facts (next)->encoding, ==, "UTF-8");
  run_fine (fixture, next, 0);
  g_assert_cmpint (get_count (next, "changed"), ==, 2);   /* each has a photograph now */
  g_assert_cmpint (get_count (next, "new"), ==, 1);
  rows = read_all (fixture->desk, "tree");
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (alm_value_get_text_of (find_by (rows, "number", "1"), "species"), ==, "fünf");

  alm_import_set_use_saved (other, TRUE);
  g_assert_true (alm_import_analyse (other, fixture->desk, NULL, &error));
  g_assert_null (alm_import_get_saved (other));
}

/* Discarded, it is as if there had been none. */
static void
test_a_mapping_that_was_taken_over_can_be_discarded (Fixture       *fixture,
                                                     gconstpointer  user_data)
{
  static const char list[] = "Kennzahl;L;B\n1;11,58;50,92\n2;11,581;50,921\n";
  g_autoptr (AlmImport) first = make_delivery (fixture, "a.csv", list);
  g_autoptr (AlmImport) next = make_delivery (fixture, "b.csv", list);
  g_autoptr (AlmImportMapping) said = alm_import_mapping_new ();
  g_autoptr (AlmImportMapping) nothing = alm_import_mapping_new ();
  g_autoptr (GError) error = NULL;
  GPtrArray *uses;

  alm_import_mapping_map (said, "Kennzahl", "number", 1, NULL);
  alm_import_set_mapping (first, said);
  run_fine (fixture, first, 0);
  g_assert_true (alm_import_keep_mapping (first, fixture->desk, &error));

  alm_import_set_use_saved (next, TRUE);
  g_assert_true (alm_import_analyse (next, fixture->desk, NULL, &error));
  g_assert_nonnull (alm_import_get_saved (next));
  uses = alm_import_get_columns (next);
  g_assert_cmpstr (((AlmImportUse *) uses->pdata[0])->field->name, ==, "number");

  alm_import_set_use_saved (next, FALSE);
  alm_import_set_mapping (next, nothing);
  g_assert_true (alm_import_analyse (next, fixture->desk, NULL, &error));
  g_assert_null (alm_import_get_saved (next));
  uses = alm_import_get_columns (next);
  g_assert_null (((AlmImportUse *) uses->pdata[0])->field);
}

static void
test_what_is_near_is_told_or_skipped (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autoptr (AlmImport) first = make_import ("good.csv", "tree", NULL);
  g_autoptr (AlmImport) told = make_import ("good.csv", "tree", NULL);
  g_autoptr (AlmImport) silent = make_import ("good.csv", "tree", "{\"near\":null}");
  g_autoptr (AlmImport) skipped = make_import ("good.csv", "tree",
                                               "{\"near\":{\"metres\":2,\"then\":\"skip\"}}");

  run_fine (fixture, first, 0);
  run_fine (fixture, told, ALM_IMPORT_AGAIN | ALM_IMPORT_DRY_RUN);
  g_assert_cmpint (count_issue (told, "duplicate-place"), ==, 20);
  g_assert_cmpint (get_count (told, "new"), ==, 20);
  run_fine (fixture, silent, ALM_IMPORT_AGAIN | ALM_IMPORT_DRY_RUN);
  g_assert_cmpint (count_issue (silent, "duplicate-place"), ==, 0);
  run_fine (fixture, skipped, ALM_IMPORT_AGAIN);
  g_assert_cmpint (count_issue (skipped, "duplicate-place"), ==, 20);
  g_assert_cmpint (get_count (skipped, "same"), ==, 20);
}

static void
test_a_dry_run_says_the_same_and_keeps_nothing (Fixture       *fixture,
                                                gconstpointer  user_data)
{
  g_autoptr (AlmImport) dry = make_import ("outside.csv", "tree", NULL);
  g_autoptr (AlmImport) real = make_import ("outside.csv", "tree", NULL);
  static const char *const members[] = { "rows", "new", "placed", "unplaced", "rejected" };
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  run_fine (fixture, dry, ALM_IMPORT_DRY_RUN);
  before = read_all (fixture->desk, "tree");
  g_assert_cmpuint (before->len, ==, 0);
  run_fine (fixture, real, 0);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_cmpint (get_count (dry, members[i]), ==, get_count (real, members[i]));
  g_assert_true (alm_value_equal (alm_value_get (alm_import_get_result (dry), "issues"),
                                  alm_value_get (alm_import_get_result (real), "issues")));
  after = read_all (fixture->desk, "tree");
  g_assert_cmpuint (after->len, ==, 23);
}

/* People go on working while it is being prepared. */
static void
test_what_is_edited_between_the_steps_stays (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (AlmImport) first = make_delivery (fixture, "2025.csv", "Nummer;Straße;Lon;Lat\n"
                                               "1;Markt;11,59;50,93\n");
  g_autoptr (AlmImport) next = make_delivery (fixture, "2026.csv", "Nummer;Straße;Lon;Lat\n"
                                              "1;Anger;11,59;50,93\n");
  g_autoptr (AlmValue) value = alm_json_parse ("{\"key\":[\"number\"],\"near\":null}", -1, NULL,
                                               NULL);
  g_autoptr (AlmImportMapping) given = alm_import_mapping_from_value (value, NULL);
  g_autoptr (GArray) rids = NULL;
  g_autoptr (AlmRow) tree = NULL;
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (GError) error = NULL;

  alm_import_set_mapping (first, given);
  alm_import_set_mapping (next, given);
  run_fine (fixture, first, 0);
  rids = alm_desk_query_ids (fixture->desk, "tree", NULL, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rids->len, ==, 1);
  tree = alm_desk_get_by_rid (fixture->desk, g_array_index (rids, gint64, 0), &error);
  g_assert_no_error (error);

  alm_import_prepare (next, fixture->desk, 0, NULL, &error);
  g_assert_no_error (error);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &tree->id, "ksj/baeume", "tree",
                 "{\"number\":\"7\"}");
  alm_import_write (next, fixture->desk, NULL, &error);
  g_assert_no_error (error);

  row = alm_desk_get (fixture->desk, &tree->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (alm_value_get_text_of (row->fields, "number"), ==, "7");
  g_assert_cmpstr (alm_value_get_text_of (row->fields, "street"), ==, "Markt");
  g_assert_cmpint (get_count (next, "new"), ==, 1);
}

static void
test_it_can_be_cancelled_and_leaves_nothing (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (AlmImport) import = make_import ("good.csv", "tree", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (alm_import_analyse (import, fixture->desk, NULL, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (alm_import_run (import, fixture->desk, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  rows = read_all (fixture->desk, "tree");
  g_assert_cmpuint (rows->len, ==, 0);
}

/* What the assistant shows between choosing a file and importing it. */
static void
test_an_analysis_shows_rows_guesses_and_points (Fixture       *fixture,
                                                gconstpointer  user_data)
{
  g_autoptr (AlmImport) import = make_import ("two-systems.csv", "tree", NULL);
  g_autoptr (AlmImportMapping) mapping = NULL;
  g_autoptr (GArray) points = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *uses;
  const AlmImportUse *use;

  g_assert_true (alm_import_analyse (import, fixture->desk, NULL, &error));
  g_assert_cmpuint (alm_import_get_sample (import)->len, ==, 6);
  g_assert_cmpint (alm_import_get_facts (import)->separator, ==, ';');
  uses = alm_import_get_columns (import);
  g_assert_cmpuint (uses->len, ==, 5);
  use = uses->pdata[0];
  g_assert_cmpstr (use->field->name, ==, "number");
  g_assert_cmpstr (use->samples[1], ==, "1");
  g_assert_cmpstr (use->reason, ==, "a usual name of the field");
  g_assert_cmpuint (alm_import_places_get_n (alm_import_get_places (import)), ==, 2);
  points = alm_import_locate_sample (import);
  g_assert_cmpuint (points->len, ==, 6);
  g_assert_cmpfloat_with_epsilon (g_array_index (points, AlmImportPoint, 0).lon, 11.586, 1e-6);

  /* Choosing the other way needs no second reading. */
  mapping = alm_import_make_mapping (import);
  mapping->place = ALM_IMPORT_PLACE_NONE;
  alm_import_set_mapping (import, mapping);
  g_assert_nonnull (alm_import_get_facts (import));
  g_assert_true (alm_import_analyse (import, fixture->desk, NULL, &error));
  g_assert_cmpuint (alm_import_places_get_n (alm_import_get_places (import)), ==, 0);
}

#define ADD(path, func) g_test_add ("/gis/import/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("refused", test_bad_files_are_refused_and_leave_nothing);
  ADD ("unknown-kind", test_an_unknown_kind_is_refused_before_the_file_is_read);
  g_test_add ("/gis/import/asked-first", AlmDeskFixture, NULL, alm_desk_fixture_set_up,
              test_kind_and_right_are_asked_before_the_file_is_read, alm_desk_fixture_tear_down);
  ADD ("odd", test_odd_files_are_read_and_their_oddities_counted);
  ADD ("values", test_values_become_those_of_the_model_or_stay_as_text);
  ADD ("layers", test_one_layer_of_many_and_hidden_tags);
  ADD ("mapping", test_what_is_given_counts_before_what_is_guessed);
  ADD ("key", test_a_key_finds_the_records_again);
  ADD ("next-delivery", test_the_next_delivery_is_understood_as_the_last_one);
  ADD ("discarded", test_a_mapping_that_was_taken_over_can_be_discarded);
  ADD ("near", test_what_is_near_is_told_or_skipped);
  ADD ("dry-run", test_a_dry_run_says_the_same_and_keeps_nothing);
  ADD ("between", test_what_is_edited_between_the_steps_stays);
  ADD ("cancelled", test_it_can_be_cancelled_and_leaves_nothing);
  ADD ("analysis", test_an_analysis_shows_rows_guesses_and_points);

  return g_test_run ();
}
