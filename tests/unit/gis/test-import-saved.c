/* SPDX-License-Identifier: EUPL-1.2 */

/* What one delivery of a list leaves for the next: which columns may drift, and
 * which of several mappings is taken. */

#include "config.h"

#include "alm-import-saved.h"
#include "alm-json.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

#define SCOPE "ksj/baeume"

static const char whole[] =
  "{\"encoding\":\"ISO-8859-1\",\"separator\":\";\",\"decimal\":\",\",\"header\":1,"
  "\"place\":{\"x\":\"Rechts\",\"y\":\"Hoch\",\"crs\":\"EPSG:31468\"},"
  "\"columns\":{\"Nr\":\"number\",\"Art\":{\"to\":\"species\",\"codes\":{\"Li\":\"Linde\"}},"
  "\"intern\":null},\"key\":[\"number\"],\"near\":{\"metres\":1,\"then\":\"skip\"}}";

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  self->dir = alm_test_make_dir ();
  self->desk = alm_desk_open (self->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (self->desk);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  alm_desk_close (self->desk);
  alm_test_remove_dir (self->dir);
  g_free (self->dir);
}

static GPtrArray *
split (const char *names)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (names, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (columns, g_strdup (parts[i]));

  return columns;
}

static void
keep (Fixture    *self,
      const char *title,
      const char *scope,
      const char *names,
      const char *text,
      const char *batch)
{
  g_autoptr (GPtrArray) columns = split (names);
  g_autoptr (AlmValue) value = alm_test_value (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmImportMapping) mapping = alm_import_mapping_from_value (value, &error);

  g_assert_no_error (error);
  alm_import_saved_keep (self->desk, "tree", scope, title, columns, mapping, batch, &error);
  g_assert_no_error (error);
}

static AlmImportSaved *
find (Fixture    *self,
      const char *names)
{
  g_autoptr (GPtrArray) columns = split (names);
  g_autoptr (GError) error = NULL;
  AlmImportSaved *saved = alm_import_saved_find (self->desk,
                                                 alm_desk_get_model (self->desk, "tree"), SCOPE,
                                                 columns, &error);

  g_assert_no_error (error);

  return saved;
}

/* The next year's list: what a column means is there, how it was written is not. */
static void
test_the_same_header_gets_the_meaning_back (Fixture       *self,
                                            gconstpointer  user_data)
{
  g_autoptr (AlmImportSaved) saved = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *text = NULL;

  keep (self, "Bäume 2023.csv", SCOPE, "Nr,Art,Rechts,Hoch,intern", whole, NULL);
  saved = find (self, "Nr,Art,Rechts,Hoch,intern");
  g_assert_nonnull (saved);
  g_assert_cmpstr (saved->title, ==, "Bäume 2023.csv");
  g_assert_true (g_str_has_prefix (saved->at, "20"));
  g_assert_cmpuint (g_strv_length (saved->missing) + g_strv_length (saved->added), ==, 0);
  value = alm_import_mapping_to_value (saved->mapping);
  text = alm_value_to_text (value);
  g_assert_cmpstr (text, ==,
                   "{\"columns\":{\"Art\":{\"codes\":{\"Li\":\"Linde\"},\"to\":\"species\"},"
                   "\"Nr\":\"number\",\"intern\":null},\"key\":[\"number\"],"
                   "\"near\":{\"metres\":1,\"then\":\"skip\"},"
                   "\"place\":{\"crs\":\"EPSG:31468\",\"x\":\"Rechts\",\"y\":\"Hoch\"}}");
}

static void
test_columns_drift (Fixture       *self,
                    gconstpointer  user_data)
{
  static const struct
  {
    const char *names;
    const char *missing;   /* NULL = the mapping is not offered */
    const char *added;
  } cases[] = {
    { "intern,Hoch,Rechts,Nr,Art", "", "" },
    { "Nr,Art,Rechts,Hoch,intern,Pflege,Foto", "", "Pflege,Foto" },
    { "Nr,Gattung,Rechts,Hoch", "Art,intern", "Gattung" },
    { "Nr,Art,Ost,Hoch,intern", NULL, NULL },        /* not to be placed */
    { "Nummer,Art,Rechts,Hoch,intern", NULL, NULL }, /* not to be matched */
    { "Rechts,Hoch,Nr", "Art,intern", "" },
    { "Rechts,Hoch", NULL, NULL },
    { "nr,art,rechts,hoch,intern", NULL, NULL },
    { "1,2,3,4,5", NULL, NULL },
  };

  keep (self, "Bäume 2023.csv", SCOPE, "Nr,Art,Rechts,Hoch,intern", whole, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImportSaved) saved = find (self, cases[i].names);
      g_autofree char *missing = saved != NULL ? g_strjoinv (",", saved->missing) : NULL;
      g_autofree char *added = saved != NULL ? g_strjoinv (",", saved->added) : NULL;

      g_test_message ("%s", cases[i].names);
      g_assert_cmpstr (missing, ==, cases[i].missing);
      g_assert_cmpstr (added, ==, cases[i].added);
      for (guint k = 0; saved != NULL && k < saved->mapping->columns->len; k++)
        {
          const AlmImportColumn *column = saved->mapping->columns->pdata[k];

          g_assert_nonnull (strstr (cases[i].names, column->column));
        }
    }
}

/* Lists without a header are told apart by the number of their columns only. */
static void
test_numbered_columns_must_be_the_same (Fixture       *self,
                                        gconstpointer  user_data)
{
  g_autoptr (AlmImportSaved) same = NULL;

  keep (self, "a.tsv", SCOPE, "1,2,3",
        "{\"header\":0,\"place\":{\"x\":\"2\",\"y\":\"3\"},\"columns\":{\"1\":\"street\"}}", NULL);
  same = find (self, "1,2,3");
  g_assert_nonnull (same);
  g_assert_null (find (self, "1,2,3,4"));
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
count_records (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  alm_desk_each (self->desk, NULL, "import-mapping", FALSE, count_row, &n, &error);
  g_assert_no_error (error);

  return n;
}

static void
assert_found (Fixture    *self,
              const char *names,
              const char *title)
{
  g_autoptr (AlmImportSaved) saved = find (self, names);

  g_assert_nonnull (saved);
  g_assert_cmpstr (saved->title, ==, title);
}

static void
test_the_nearest_counts_and_one_header_has_one (Fixture       *self,
                                                gconstpointer  user_data)
{
  static const char plain[] = "{\"columns\":{\"Nr\":\"number\"}}";

  keep (self, "2022", SCOPE, "Nr,Art,Hoehe", plain, NULL);
  keep (self, "2023", SCOPE, "Hoehe,Nr,Art", plain, NULL);
  g_assert_cmpuint (count_records (self), ==, 1);
  assert_found (self, "Nr,Art,Hoehe", "2023");
  keep (self, "2024", SCOPE, "Nr,Art,Baumhoehe", plain, NULL);
  g_assert_cmpuint (count_records (self), ==, 2);
  assert_found (self, "Nr,Art,Hoehe", "2023");
  assert_found (self, "Nr,Art,Baumhoehe", "2024");
  assert_found (self, "Nr,Art,Baumhoehe,Foto", "2024");
  keep (self, "elsewhere", "ksj/lampen", "Nr,Art,Baumhoehe", plain, NULL);
  g_assert_cmpuint (count_records (self), ==, 3);
  assert_found (self, "Nr,Art,Baumhoehe", "2024");
}

/* What the model no longer has, and records that somebody else has written. */
static void
test_what_is_not_sound_is_left_alone (Fixture       *self,
                                      gconstpointer  user_data)
{
  g_autoptr (AlmImportSaved) saved = NULL;
  AlmId id = { { 3, 1 } };

  alm_test_edit (self->desk, ALM_OP_NEW, &id, SCOPE, "import-mapping",
                 "{\"title\":\"x\",\"kind\":\"tree\",\"header\":[\"Nr\"],"
                 "\"mapping\":{\"columns\":{\"Nr\":7}}}");
  g_assert_null (find (self, "Nr"));
  keep (self, "old", SCOPE, "Nr,Farbe", "{\"columns\":{\"Nr\":\"number\",\"Farbe\":\"colour\"}}",
        NULL);
  saved = find (self, "Nr,Farbe");
  g_assert_nonnull (saved);
  g_assert_cmpuint (saved->mapping->columns->len, ==, 1);
}

static void
test_it_is_undone_with_its_import (Fixture       *self,
                                   gconstpointer  user_data)
{
  static const char batch[] = "01931f2e-7c1a-7e3b-9d41-0000000000b1";
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint undone = 0;

  keep (self, "2023", SCOPE, "Nr,Art", "{\"columns\":{\"Nr\":\"number\"}}", batch);
  g_assert_cmpuint (count_records (self), ==, 1);
  g_assert_true (alm_desk_undo (self->desk, 0, batch, &undone, left, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_records (self), ==, 0);
}

#define ADD(path, func) \
  g_test_add ("/gis/import-saved/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("same", test_the_same_header_gets_the_meaning_back);
  ADD ("drift", test_columns_drift);
  ADD ("numbered", test_numbered_columns_must_be_the_same);
  ADD ("nearest", test_the_nearest_counts_and_one_header_has_one);
  ADD ("unsound", test_what_is_not_sound_is_left_alone);
  ADD ("undone", test_it_is_undone_with_its_import);

  return g_test_run ();
}
