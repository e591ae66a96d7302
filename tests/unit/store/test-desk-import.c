/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk.h"
#include "alm-test-desk.h"
#include "alm-test.h"

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
  alm_test_add_trees (fixture->desk);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->desk, alm_desk_close);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static AlmDeskImport *
begin (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  AlmDeskImport *import = alm_desk_import_begin (fixture->desk, &error);

  g_assert_no_error (error);

  return import;
}

static AlmImportOutcome
add (AlmDeskImport *import,
     const AlmId   *id,
     const char    *fields)
{
  g_autoptr (AlmValue) value = alm_test_value (fields);
  g_autoptr (GError) error = NULL;
  AlmImportOutcome outcome;
  gboolean done = alm_desk_import_add (import, id, "ksj/lampen", "tree", value, &outcome, &error);

  g_assert_no_error (error);
  g_assert_true (done);

  return outcome;
}

static void
assert_asked (Fixture    *fixture,
              const char *sql,
              const char *wanted)
{
  g_autofree char *answer = alm_test_ask (fixture->desk, sql);

  g_assert_cmpstr (answer, ==, wanted);
}

static void
test_many_at_once (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) about = alm_test_value ("{\"file\":\"lampen.csv\"}");
  g_autofree char *batch = NULL;
  g_autofree char *record = NULL;
  AlmDeskImport *import = begin (fixture);
  AlmImportCounts counts;

  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *fields =
        g_strdup_printf ("{\"number\":\"%u\",\"geometry\":{\"type\":\"Point\","
                         "\"coordinates\":[11.%u,50.%u]}}", i, 50000 + i, 90000 + i);

      g_assert_cmpint (add (import, NULL, fields), ==, ALM_IMPORT_NEW);
    }
  g_assert_true (alm_desk_import_commit (import, about, &counts, &error));
  g_assert_cmpuint (counts.n_new, ==, 6000);
  assert_asked (fixture, "SELECT count(*) FROM v_tree", "6000");
  assert_asked (fixture, "SELECT count(*) FROM asset_box", "6000");
  assert_asked (fixture, "SELECT count(*) FROM records_fts WHERE records_fts MATCH '5999'", "1");
  assert_asked (fixture, "SELECT count(DISTINCT n) || ' ' || min(n) || ' ' || max(n)"
                         " FROM commands WHERE n > 0", "6001 1 6001");

  batch = alm_test_ask (fixture->desk, "SELECT max (batch) FROM commands");
  record = alm_id_to_text (&counts.id);
  g_assert_cmpstr (batch, ==, record);
  assert_asked (fixture, "SELECT count(*) FROM commands WHERE batch IS NOT NULL", "6001");
  {
    g_autofree char *fields = alm_test_fields (fixture->desk, &counts.id);

    g_assert_cmpstr (fields, ==, "{\"file\":\"lampen.csv\",\"kind\":\"tree\",\"result\":"
                                 "{\"changed\":0,\"new\":6000,\"same\":0},"
                                 "\"scope\":\"ksj/lampen\"}");
  }
  assert_asked (fixture, "PRAGMA integrity_check", "ok");
}

static void
test_again_changes_what_differs (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) about = alm_test_value ("{}");
  AlmId ids[3] = { { { 1 } }, { { 2 } }, { { 3 } } };
  g_autofree char *fields = NULL;
  AlmImportCounts counts;
  AlmDeskImport *import = begin (fixture);

  for (guint i = 0; i < 3; i++)
    add (import, &ids[i], "{\"number\":\"1\",\"height\":3}");
  g_assert_true (alm_desk_import_commit (import, NULL, &counts, &error));
  alm_test_edit (fixture->desk, ALM_OP_DEL, &ids[2], NULL, NULL, NULL);

  import = begin (fixture);
  g_assert_cmpint (add (import, &ids[0], "{\"number\":\"1\"}"), ==, ALM_IMPORT_SAME);
  g_assert_cmpint (add (import, &ids[1], "{\"number\":\"2\"}"), ==, ALM_IMPORT_CHANGED);
  g_assert_cmpint (add (import, &ids[2], "{\"number\":\"1\"}"), ==, ALM_IMPORT_CHANGED);
  g_assert_true (alm_desk_import_commit (import, NULL, &counts, &error));
  g_assert_cmpuint (counts.n_same, ==, 1);
  g_assert_cmpuint (counts.n_changed, ==, 2);
  fields = alm_test_fields (fixture->desk, &ids[1]);
  g_assert_cmpstr (fields, ==, "{\"height\":3,\"number\":\"2\"}");
  assert_asked (fixture, "SELECT set_ FROM commands WHERE op = 'upd'", "{\"number\":\"2\"}");

  /* A third time nothing is left to do: no command, no record of an import. */
  import = begin (fixture);
  add (import, &ids[1], "{\"number\":\"2\"}");
  g_assert_true (alm_desk_import_commit (import, about, &counts, &error));
  assert_asked (fixture, "SELECT count(*) FROM records JOIN names ON kind = i"
                         " WHERE name = 'import'", "0");
}

static void
test_all_or_nothing (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autoptr (AlmValue) bad = alm_test_value ("{\"height\":-3}");
  g_autoptr (GError) error = NULL;
  AlmDeskImport *import = begin (fixture);

  add (import, NULL, "{\"number\":\"1\"}");
  g_assert_false (alm_desk_import_add (import, NULL, NULL, "tree", bad, NULL, &error));
  g_assert_nonnull (error);
  alm_desk_import_abort (import);
  assert_asked (fixture, "SELECT count(*) FROM v_tree", "0");
  assert_asked (fixture, "SELECT count(*) FROM commands WHERE batch IS NOT NULL", "0");
}

static void
test_a_model_is_added_once (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr (AlmValue) schema =
    alm_test_value ("{\"type\":\"object\",\"title\":\"Bank\",\"properties\":"
                    "{\"name\":{\"type\":\"string\"}}}");
  g_autoptr (AlmValue) less =
    alm_test_value ("{\"type\":\"object\",\"title\":\"Bank\",\"properties\":"
                    "{\"title\":{\"type\":\"string\"}}}");
  g_autoptr (GError) error = NULL;
  AlmImportOutcome outcome;

  g_assert_true (alm_desk_set_model (fixture->desk, "system", "bench", schema, NULL, &outcome,
                                     &error));
  g_assert_cmpint (outcome, ==, ALM_IMPORT_NEW);
  g_assert_nonnull (alm_desk_get_model (fixture->desk, "bench"));
  g_assert_true (alm_desk_set_model (fixture->desk, "system", "bench", schema, NULL, &outcome,
                                     &error));
  g_assert_cmpint (outcome, ==, ALM_IMPORT_SAME);

  /* Old commands must keep their meaning. */
  g_assert_false (alm_desk_set_model (fixture->desk, "system", "bench", less, NULL, &outcome,
                                      &error));
  g_assert_nonnull (error);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/import/many", test_many_at_once);
  ADD ("/store/import/again", test_again_changes_what_differs);
  ADD ("/store/import/all-or-nothing", test_all_or_nothing);
  ADD ("/store/import/model", test_a_model_is_added_once);

  return g_test_run ();
}
