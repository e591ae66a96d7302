/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk-private.h"
#include "alm-random.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

static AlmDesk *
open_desk (const char *dir)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);

  g_assert_no_error (error);

  return desk;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->dir = alm_test_make_dir ();
  fixture->desk = open_desk (fixture->dir);
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

static void
assert_asked (Fixture    *fixture,
              const char *sql,
              const char *wanted)
{
  g_autofree char *answer = alm_test_ask (fixture->desk, sql);

  g_assert_cmpstr (answer, ==, wanted);
}

/* All that is derived, as one text. */
static char *
dump (AlmDesk *desk)
{
  static const char *const queries[] = {
    "SELECT group_concat (t, x'0a') FROM (SELECT rid || ',' || \":label\" || ',' ||"
    " coalesce (number, '') || ',' || coalesce (height, '') || ',' || coalesce (tags, '') AS t"
    " FROM v_tree ORDER BY rid)",
    "SELECT group_concat (t, x'0a') FROM (SELECT rid || ',' || gtype || ',' || wx || ',' || wy"
    " || ',' || t0 || ',' || t1 || ',' || hex (geom) AS t FROM asset ORDER BY rid)",
    "SELECT group_concat (t, x'0a') FROM (SELECT rid || ',' || e0 || ',' || e1 || ',' || n0"
    " || ',' || n1 AS t FROM asset_box ORDER BY rid)",
    "SELECT group_concat (t, x'0a') FROM (SELECT fid || ',' || label || ',' || detail || ','"
    " || text AS t FROM search_text ORDER BY fid)",
    "SELECT group_concat (rowid) FROM records_fts WHERE records_fts MATCH 'linde*'",
    "SELECT group_concat (rowid) FROM records_fts WHERE records_fts MATCH 'ahorn OR eich'",
  };
  GString *all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *answer = alm_test_ask (desk, queries[i]);

      g_string_append_printf (all, "-- %" G_GSIZE_FORMAT "\n%s\n", i,
                              answer != NULL ? answer : "");
    }

  return g_string_free (all, FALSE);
}

static void
rebuild_all (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (alm_desk_set_setting (fixture->desk, "derived", "of old", &error));
  alm_desk_close (fixture->desk);
  fixture->desk = open_desk (fixture->dir);
}

static void
change_something (AlmDesk   *desk,
                  AlmRandom *random,
                  GArray    *ids)
{
  static const char *const species[] = { "Linde", "Lindenblättrige", "Ahorn", "Eiche" };
  AlmId id = { 0 };
  g_autofree char *set =
    g_strdup_printf ("{\"species\":\"%s\",\"number\":\"%u\",\"height\":%u,\"tags\":[\"x%u\"],"
                     "\"planted\":\"19%uX\",\"geometry\":%s}",
                     species[alm_random_below (random, 4)], alm_random_below (random, 50),
                     alm_random_below (random, 60), alm_random_below (random, 3),
                     alm_random_below (random, 10),
                     alm_random_below (random, 3) == 0 ? "null"
                     : "{\"type\":\"Point\",\"coordinates\":[11.58,50.92]}");

  if (ids->len > 0)
    id = g_array_index (ids, AlmId, alm_random_below (random, ids->len));

  switch (ids->len < 5 ? 0 : alm_random_below (random, 5))
    {
    case 0:
      memset (&id, 0, sizeof id);
      alm_test_edit (desk, ALM_OP_NEW, &id, NULL, "tree", set);
      g_array_append_val (ids, id);
      break;

    case 1:
      alm_test_edit (desk, ALM_OP_DEL, &id, NULL, NULL, NULL);
      break;

    case 2:
      alm_test_edit (desk, ALM_OP_UNDEL, &id, NULL, NULL, NULL);
      break;

    default:
      alm_test_edit (desk, ALM_OP_UPD, &id, NULL, NULL, set);
      break;
    }
}

/* Whatever was edited in whatever order: the same as made from the records. */
static void
test_derived_is_rebuilt (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  AlmRandom random;

  alm_random_seed (&random, 1);
  for (guint i = 0; i < 200; i++)
    change_something (fixture->desk, &random, ids);

  before = dump (fixture->desk);
  g_assert_nonnull (strstr (before, "Ahorn"));
  rebuild_all (fixture);
  after = dump (fixture->desk);
  g_assert_cmpstr (after, ==, before);
  assert_asked (fixture, "PRAGMA integrity_check", "ok");
}

/* As many at once as are indexed afterwards, all over the town, some twice in one place. */
static void
add_many (AlmDesk *desk,
          guint    n)
{
  static const char *const species[] = { "Linde", "Ahorn", "Eiche" };
  g_autoptr (GError) error = NULL;
  AlmDeskImport *import = alm_desk_import_begin (desk, &error);
  AlmRandom random;

  alm_random_seed (&random, 2);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"number\":\"%u\",\"species\":\"%s\",\"geometry\":{\"type\":"
                         "\"Point\",\"coordinates\":[11.%u,50.%u]}}", i, species[i % 3],
                         50 + alm_random_below (&random, 20), 85 + alm_random_below (&random, 10));
      g_autoptr (AlmValue) fields = alm_test_value (text);

      g_assert_true (alm_desk_import_add (import, NULL, NULL, "tree", fields, NULL, &error));
    }
  g_assert_true (alm_desk_import_commit (import, NULL, NULL, &error));
}

static void
assert_indexed (Fixture *fixture)
{
  assert_asked (fixture, "SELECT count(*) FROM settings WHERE name = 'unindexed'", "0");
  assert_asked (fixture, "SELECT rtreecheck ('asset_box')", "ok");
  assert_asked (fixture, "SELECT (SELECT count(*) FROM asset_box) - (SELECT count(*) FROM asset)",
                "0");
}

/* Made at once or one by one: the same, and it can be changed afterwards. */
static void
test_many_at_once (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  AlmRandom random;

  alm_random_seed (&random, 3);
  add_many (fixture->desk, 6000);
  assert_indexed (fixture);
  assert_asked (fixture, "SELECT count(*) FROM asset_box", "6000");
  assert_asked (fixture, "SELECT (SELECT count(*) FROM asset_box_node) > 6000 / 51", "1");
  /* What lies in one corner, by the tree and by looking at each. */
  assert_asked (fixture, "SELECT (SELECT count(*) FROM asset_box WHERE e0 < 680000 AND n0 <"
                         " 5640000) - (SELECT count(*) FROM asset_box WHERE +e0 < 680000 AND"
                         " +n0 < 5640000)", "0");
  assert_asked (fixture, "SELECT count(*) FROM records_fts WHERE records_fts MATCH 'eich*'",
                "2000");

  for (guint i = 0; i < 200; i++)
    change_something (fixture->desk, &random, ids);
  assert_asked (fixture, "SELECT rtreecheck ('asset_box')", "ok");
  before = dump (fixture->desk);
  rebuild_all (fixture);
  assert_indexed (fixture);
  after = dump (fixture->desk);
  g_assert_cmpstr (after, ==, before);
  assert_asked (fixture, "PRAGMA integrity_check", "ok");
}

/* A crash after the rows and before the indexes: the next opening makes them,
 * whatever was edited in between. */
static void
test_indexed_at_the_next_opening (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  AlmRandom random;

  alm_random_seed (&random, 4);
  for (guint i = 0; i < 100; i++)
    change_something (fixture->desk, &random, ids);
  before = dump (fixture->desk);
  assert_asked (fixture, "DELETE FROM records_fts WHERE rowid IN (SELECT fid FROM search_text"
                         " LIMIT 10)", NULL);
  assert_asked (fixture, "DELETE FROM asset_box WHERE rid IN (SELECT rid FROM asset LIMIT 10)",
                NULL);
  g_assert_true (alm_desk_set_setting (fixture->desk, "unindexed", "1", &error));

  alm_desk_close (fixture->desk);
  fixture->desk = open_desk (fixture->dir);
  after = dump (fixture->desk);
  g_assert_cmpstr (after, ==, before);
  assert_indexed (fixture);
}

static void
test_a_place_in_the_citys_system (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"number\":\"1\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[11.586,50.927]}}");
  /* Little-endian GeoPackage without a box, EPSG:25832, then a WKB point. */
  assert_asked (fixture, "SELECT hex (substr (geom, 1, 13)) FROM asset",
                "47500001E86400000101000000");
  /* By gdaltransform: 681730.55, 5644891.93 */
  assert_asked (fixture, "SELECT (CAST (e0 AS INT) / 10) || ' ' || (CAST (n0 AS INT) / 10)"
                         " FROM asset_box", "68173 564489");
  assert_asked (fixture, "SELECT (wx >> 16) || ' ' || (wy >> 16) FROM asset", "34877 21961");
  assert_asked (fixture, "SELECT t0 || ' ' || t1 FROM asset", "-2147483648 2147483647");
}

static void
test_a_lifespan_in_days (Fixture       *fixture,
                         gconstpointer  user_data)
{
  alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"planted\":\"0001-01-02\",\"felled\":\"0001-02\",\"geometry\":"
                 "{\"type\":\"Point\",\"coordinates\":[11.586,50.927]}}");
  /* Up to the day after the latest day: 31 + 28 days have passed on 1 March. */
  assert_asked (fixture, "SELECT t0 || ' ' || t1 FROM asset", "1 59");
}

/* A place that goes takes its rows with it. */
static void
test_a_place_that_goes (Fixture       *fixture,
                        gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree",
                 "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.586,50.927]}}");
  assert_asked (fixture, "SELECT count(*) FROM asset_box", "1");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"geometry\":null}");
  assert_asked (fixture, "SELECT (SELECT count(*) FROM asset_box) +"
                         " (SELECT count(*) FROM asset)", "0");
  assert_asked (fixture, "SELECT count(*) FROM v_tree", "1");
}

/* A model that gains a field has the new column, with the values that were
 * waiting in the records, and keeps what was derived. */
static void
test_a_changed_model (Fixture       *fixture,
                      gconstpointer  user_data)
{
  alm_test_add_model (fixture->desk, "bench",
                      "{\"type\":\"object\",\"title\":\"Bank\",\"properties\":"
                      "{\"name\":{\"type\":\"string\"}}}");
  alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "bench", "{\"name\":\"am See\"}");
  assert_asked (fixture, "SELECT name FROM v_bench", "am See");

  alm_test_add_model (fixture->desk, "bench",
                      "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-label\":\"{name}\","
                      "\"properties\":{\"name\":{\"type\":\"string\"},"
                      "\"rid\":{\"type\":\"integer\"}}}");
  alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "bench", "{\"name\":\"2\",\"rid\":7}");
  assert_asked (fixture, "SELECT group_concat (name || coalesce (\"rid:\", '-')) FROM v_bench",
                "am See-,27");
  assert_asked (fixture, "SELECT count(*) FROM records_fts WHERE records_fts MATCH 'see'", "1");
}

static void
find (Fixture     *fixture,
      const char  *text,
      const char  *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = alm_desk_search (fixture->desk, text, 10, &error);
  g_autoptr (GString) labels = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? "|" : "",
                            ((AlmHit *) hits->pdata[i])->label);
  if (strcmp (labels->str, wanted) != 0)
    g_error ("'%s' finds '%s', not '%s'", text, labels->str, wanted);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  user_data)
{
  static const char *const trees[] = {
    "{\"number\":\"12\",\"species\":\"Winter-Linde\",\"street\":\"Westbahnhofstraße\"}",
    "{\"number\":\"123\",\"species\":\"Säulen-Eiche\",\"street\":\"Am Planetarium\"}",
    "{\"number\":\"7\",\"species\":\"Bergahorn\",\"street\":\"Karl-Liebknecht-Straße\","
    "\"inspector\":\"Zacharias\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (trees); i++)
    alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree", trees[i]);

  find (fixture, "", "");
  find (fixture, "  -- ", "");
  find (fixture, "linde", "12 Winter-Linde");
  find (fixture, "WINTER", "12 Winter-Linde");
  find (fixture, "westbahnhofstr.", "12 Winter-Linde");
  find (fixture, "westbahnhofstrasse 12", "12 Winter-Linde");
  find (fixture, "Westbahnhofstra", "12 Winter-Linde");
  find (fixture, "saeulen", "123 Säulen-Eiche");
  find (fixture, "SÄULEN eiche", "123 Säulen-Eiche");
  find (fixture, "saulen", "123 Säulen-Eiche");
  find (fixture, "12", "12 Winter-Linde|123 Säulen-Eiche");
  find (fixture, "Liebknechtstraße", "7 Bergahorn");
  find (fixture, "Westbahnofstraße", "12 Winter-Linde");    /* a letter missing */
  find (fixture, "Plaentarium", "123 Säulen-Eiche");        /* two swapped */
  find (fixture, "bergahrn", "7 Bergahorn");
  find (fixture, "linde eiche", "");
  find (fixture, "xyzzy", "");
  find (fixture, "Zacharias", "");                          /* personal */
  find (fixture, "\" OR * NEAR(", "");
}

/* A beginning finds words of letters, what goes on with a number, and words of
 * which there are more than the vocabulary wants to name. */
static void
test_search_by_beginnings (Fixture       *fixture,
                           gconstpointer  user_data)
{
  static const char *const trees[] = {
    "{\"number\":\"1\",\"street\":\"Spielplatz3\"}",
    "{\"number\":\"2\",\"street\":\"Spielplatzweg\"}",
    "{\"number\":\"KB77\",\"street\":\"Hauptstraße\"}",
    "{\"number\":\"4\",\"street\":\"Haltepunkt9\"}",
    "{\"number\":\"5\",\"street\":\"Ha\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (trees); i++)
    alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree", trees[i]);
  find (fixture, "spielplatz", "1|2");
  find (fixture, "spielpl", "2");             /* as long as words of letters are found */
  find (fixture, "haltep", "4");              /* nothing else begins so */
  find (fixture, "kb", "KB77");
  find (fixture, "kb7", "KB77");
  find (fixture, "ha", "5|KB77");
  find (fixture, "hau kb", "KB77");
  find (fixture, "spielplatz 2", "2");

  for (int i = 0; i < 26 * 26; i++)
    {
      g_autofree char *tree = g_strdup_printf ("{\"number\":\"%03d\",\"street\":\"Hx%c%cweg\"}",
                                               i, 'a' + i / 26, 'a' + i % 26);

      alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree", tree);
    }
  find (fixture, "hxzzw", "675");
  find (fixture, "hx 675", "675");
  find (fixture, "hxzzwge", "675");            /* two swapped */
  find (fixture, "h x", "");
}

/* What a window's reader does whenever it is handed a job. */
static void
refresh_cb (AlmDesk   *desk,
            AlmChange *change,
            gpointer   user_data)
{
  g_autoptr (GError) error = NULL;

  alm_change_free (change);
  g_assert_true (alm_desk_refresh (user_data, &error));
  g_assert_no_error (error);
}

static guint
count_devices (AlmDesk *reader)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = NULL;

  g_assert_true (alm_desk_refresh (reader, &error));
  g_assert_no_error (error);
  rids = alm_desk_query_ids (reader, "device", NULL, NULL, FALSE, &error);
  g_assert_no_error (error);

  return rids->len;
}

/* The model is written first, the table of its kind in a change after it: who looks in
 * between finds the one without the other, and looks again. */
static void
test_a_reader_between_the_model_and_its_table_finds_both (Fixture       *fixture,
                                                          gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) reader = alm_desk_open (fixture->dir, ALM_DESK_READ, NULL, &error);

  g_assert_no_error (error);
  alm_desk_set_changed_func (fixture->desk, refresh_cb, reader);
  alm_test_add_model (fixture->desk, "device",
                      "{\"type\":\"object\",\"title\":\"Gerät\",\"properties\":{"
                      "\"name\":{\"type\":\"string\",\"title\":\"Name\"}}}");
  g_assert_cmpuint (count_devices (reader), ==, 0);

  alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, "local", "device", "{\"name\":\"Rutsche\"}");
  g_assert_cmpuint (count_devices (reader), ==, 1);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/derived/rebuilt", test_derived_is_rebuilt);
  ADD ("/store/derived/many-at-once", test_many_at_once);
  ADD ("/store/derived/next-opening", test_indexed_at_the_next_opening);
  ADD ("/store/derived/place", test_a_place_in_the_citys_system);
  ADD ("/store/derived/place-goes", test_a_place_that_goes);
  ADD ("/store/derived/lifespan", test_a_lifespan_in_days);
  ADD ("/store/derived/model", test_a_changed_model);
  ADD ("/store/derived/between", test_a_reader_between_the_model_and_its_table_finds_both);
  ADD ("/store/derived/search", test_search);
  ADD ("/store/derived/search/beginnings", test_search_by_beginnings);

  return g_test_run ();
}
