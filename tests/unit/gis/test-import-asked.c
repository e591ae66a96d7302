/* SPDX-License-Identifier: EUPL-1.2 */

/* An import that cannot go on by itself: it asks which list or which system is meant, or
 * what it reads goes away, changes or does not answer. */

#include "config.h"

#include "alm-gis-process.h"
#include "alm-import.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
             const char *kind)
{
  g_autofree char *path = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import", file, NULL);

  return alm_import_new (path, kind, "ksj/baeume");
}

static gboolean
find_any (const AlmRow  *row,
          gpointer       user_data,
          GError       **error)
{
  g_assert_not_reached ();
}

static void
assert_nothing_is_there (AlmDesk *desk)
{
  static const char *const kinds[] = { "tree", "import" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_assert_true (alm_desk_each (desk, NULL, kinds[i], FALSE, find_any, NULL, NULL));
}

/* What can be chosen is known with the refusal and stays known with the choice: the window
 * offers it, the command line names it. */
static void
test_layers_can_be_chosen_one_after_the_other (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  static const struct
  {
    const char *file, *first, *second, *geometry;
    gint64      count;
    gint64      rows;
  } cases[] = {
    { "two-layers.zip", "a", "b", "Point", 12, 12 },
    { "same-names.zip", "2023/baeume", "2024/baeume", "Point", 3, 4 },
    { "two-tables.zip", "2023", "2024", NULL, -1, 20 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmImport) import = make_import (cases[i].file, "tree");
      g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
      g_autoptr (GError) error = NULL;
      GPtrArray *layers = alm_import_get_layers (import);
      const AlmImportLayer *layer;

      g_assert_false (alm_import_analyse (import, fixture->desk, NULL, &error));
      g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER);
      g_clear_error (&error);
      g_assert_cmpuint (layers->len, ==, 2);
      layer = layers->pdata[0];
      g_assert_cmpstr (layer->name, ==, cases[i].first);
      g_assert_cmpstr (layer->geometry, ==, cases[i].geometry);
      g_assert_cmpint (layer->count, ==, cases[i].count);
      g_assert_true (layer->fits);

      for (guint k = 0; k < 2; k++)
        {
          layer = layers->pdata[k];
          g_free (mapping->layer);
          mapping->layer = g_strdup (layer->name);
          alm_import_set_mapping (import, mapping);
          g_assert_true (alm_import_analyse (import, fixture->desk, NULL, &error));
          g_assert_no_error (error);
          g_assert_cmpstr (alm_import_get_facts (import)->layer, ==, mapping->layer);
          g_assert_cmpuint (layers->len, ==, 2);
        }
      g_assert_cmpstr (((AlmImportLayer *) layers->pdata[1])->name, ==, cases[i].second);
      g_assert_cmpint (alm_import_get_facts (import)->rows, ==, cases[i].rows);
    }
}

/* Trees where roads are wanted: all that is there can be chosen, nothing fits. */
static void
test_layers_that_do_not_fit_are_offered_all_the_same (Fixture       *fixture,
                                                      gconstpointer  user_data)
{
  g_autoptr (AlmImport) import = make_import ("two-layers.zip", "road");
  g_autoptr (GError) error = NULL;
  GPtrArray *layers = alm_import_get_layers (import);

  g_assert_false (alm_import_analyse (import, fixture->desk, NULL, &error));
  g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER);
  g_assert_cmpuint (layers->len, ==, 2);
  g_assert_false (((AlmImportLayer *) layers->pdata[0])->fits);
}

/* Where no system puts the places into the city: the places are known, one can say the
 * system, and what one says wrongly is no dead end. */
static void
test_a_system_can_be_said_after_it_was_asked_for (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  static const struct { const char *crs; gboolean fine; } said[] = {
    { "EPSG:1", FALSE }, { "31468", TRUE }, { "EPSG:99999", FALSE }, { "EPSG:25832", TRUE },
  };
  g_autoptr (AlmImport) import = make_import ("no-prj-far.shp", "tree");
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_import_analyse (import, fixture->desk, NULL, &error));
  g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM);
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      AlmImportPlaces *places = alm_import_get_places (import);
      g_autoptr (AlmImportMapping) mapping = alm_import_make_mapping (import);
      const AlmImportPlaceGuess *guess;

      g_clear_error (&error);
      g_assert_cmpuint (alm_import_places_get_n (places), ==, 1);
      guess = alm_import_places_get (places, 0);
      g_assert_cmpint (guess->type, ==, ALM_IMPORT_PLACE_FILE);
      mapping->place = guess->type;
      g_free (mapping->crs);
      mapping->crs = g_strdup (said[i].crs);
      alm_import_set_mapping (import, mapping);
      g_assert_true (alm_import_analyse (import, fixture->desk, NULL, &error) == said[i].fine);
      if (!said[i].fine)
        {
          g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM);
          g_assert_nonnull (strstr (error->message, said[i].crs));
        }
    }
}

/* Writing on, or taking away, what is being read; once, at the first report. */
typedef struct
{
  const char *path;
  int         fate;      /* 0 none, 1 shorter, 2 longer, 3 gone */
} Meddling;

static void
meddle (guint64   done,
        guint64   total,
        gint64    rows,
        gpointer  user_data)
{
  Meddling *meddling = user_data;
  FILE *file;

  if (meddling->fate == 1)
    g_assert_cmpint (truncate (meddling->path, 100), ==, 0);
  else if (meddling->fate == 2)
    {
      file = g_fopen (meddling->path, "a");
      g_assert_cmpint (fputs ("x;y;z\n", file), >, 0);
      fclose (file);
    }
  else if (meddling->fate == 3)
    g_assert_cmpint (g_unlink (meddling->path), ==, 0);
  meddling->fate = 0;
}

static char *
make_long_list (gboolean as_geojson)
{
  GString *text = g_string_new (as_geojson ? "{\"type\":\"FeatureCollection\",\"features\":["
                                           : "number;lon;lat\n");

  for (guint i = 0; i < 4000; i++)
    if (as_geojson)
      g_string_append_printf (text, "%s{\"type\":\"Feature\",\"properties\":{\"number\":\"%u\"},"
                              "\"geometry\":{\"type\":\"Point\","
                              "\"coordinates\":[11.58,50.92]}}", i > 0 ? ",\n" : "", i);
    else
      g_string_append_printf (text, "%u;11,58;50,92 weit hinten im Park\n", i);
  if (as_geojson)
    g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}

static void
test_a_file_that_changes_while_it_is_read_is_told_so (Fixture       *fixture,
                                                      gconstpointer  user_data)
{
  static const char *const words[] = {
    NULL, "changed while it was read", "changed while it was read", "went away while it was read",
  };
  static const char *const names[] = { "long.csv", "long.geojson" };

  for (guint i = 0; i < 2 * (G_N_ELEMENTS (words) - 1); i++)
    {
      g_autofree char *path = g_build_filename (fixture->dir, names[i % 2], NULL);
      g_autofree char *text = make_long_list (i % 2);
      g_autoptr (AlmImport) import = alm_import_new (path, "tree", "ksj/baeume");
      g_autoptr (GError) error = NULL;
      Meddling meddling = { path, 1 + (int) i / 2 };

      g_assert_true (g_file_set_contents (path, text, -1, NULL));
      alm_import_set_progress (import, meddle, &meddling);
      g_assert_false (alm_import_run (import, fixture->desk, 0, NULL, &error));
      g_assert_cmpint (meddling.fate, ==, 0);
      g_assert_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_GONE);
      g_assert_nonnull (strstr (error->message, words[1 + i / 2]));
      assert_nothing_is_there (fixture->desk);
    }
}

/* A shapefile whose table is a pipe that nobody fills: the helper waits, and is waited for
 * only so long; nothing of it runs afterwards. */
static void
test_a_helper_that_hangs_is_given_up (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autofree char *source = g_build_filename (g_getenv ("ALM_TEST_DATA"), "import", NULL);
  g_autofree char *path = g_build_filename (fixture->dir, "counts.shp", NULL);
  g_autofree char *pipe = g_build_filename (fixture->dir, "counts.dbf", NULL);
  g_autoptr (AlmImport) import = alm_import_new (path, "tree", "ksj/baeume");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      const char *name = i == 0 ? "counts.shp" : "counts.shx";
      g_autofree char *from = g_build_filename (source, name, NULL);
      g_autofree char *to = g_build_filename (fixture->dir, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
    }
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);

  alm_gis_process_set_patience (200);
  g_assert_false (alm_import_run (import, fixture->desk, 0, NULL, &error));
  alm_gis_process_set_patience (60000);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "has not answered"));
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  assert_nothing_is_there (fixture->desk);
}

#define ADD(path, func) \
  g_test_add ("/gis/import-asked/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("layer", test_layers_can_be_chosen_one_after_the_other);
  ADD ("no-layer-fits", test_layers_that_do_not_fit_are_offered_all_the_same);
  ADD ("system", test_a_system_can_be_said_after_it_was_asked_for);
  ADD ("changed", test_a_file_that_changes_while_it_is_read_is_told_so);
  ADD ("hangs", test_a_helper_that_hangs_is_given_up);

  return g_test_run ();
}
