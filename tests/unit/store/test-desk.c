/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk.h"
#include "alm-store-error.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <glib/gstdio.h>
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
open_again (Fixture *fixture)
{
  alm_desk_close (fixture->desk);
  fixture->desk = open_desk (fixture->dir);
}

static void
assert_fields (Fixture     *fixture,
               const AlmId *id,
               const char  *wanted)
{
  g_autofree char *fields = alm_test_fields (fixture->desk, id);

  g_assert_cmpstr (fields, ==, wanted);
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
test_an_edit_is_there_after_opening_again (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  AlmId id = { 0 };
  AlmId desk_id = *alm_desk_get_id (fixture->desk);

  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree",
                                  "{\"number\":\"12\",\"height\":3.5}"), ==, 1);
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                                  "{\"height\":null,\"species\":\"Tilia\"}"), ==, 2);
  open_again (fixture);
  assert_fields (fixture, &id, "{\"number\":\"12\",\"species\":\"Tilia\"}");
  g_assert_true (alm_id_equal (&desk_id, alm_desk_get_id (fixture->desk)));

  /* Numbers go on where they were. */
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                                  "{\"height\":4}"), ==, 3);
}

static void
test_a_command_says_what_was_and_what_is (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree",
                 "{\"number\":\"12\",\"width\":1,\"depth\":2}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                 "{\"number\":\"12\",\"width\":3,\"species\":\"Acer\"}");
  /* What is as it was is left out; of a group all is said. */
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 2",
                "{\"depth\":2,\"species\":\"Acer\",\"width\":3}");
  assert_asked (fixture, "SELECT old_ FROM commands WHERE n = 2", "{\"depth\":2,\"width\":1}");
  assert_asked (fixture, "SELECT group_concat (state) FROM commands WHERE n > 0",
                "waiting,waiting");
}

/* What a new record's command says stands in the record, until that changes; what
 * is told of it is always the same. */
static void
test_a_new_record_is_written_once (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  static const char said[] = "SELECT coalesce (set_, (SELECT body FROM records r WHERE"
                             " r.id = c.id)) FROM commands c WHERE n = 1";
  AlmId id = { 0 };
  AlmId other = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree",
                 "{\"number\":\"12\",\"height\":3.5}");
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 1", NULL);
  assert_asked (fixture, said, "{\"height\":3.5,\"number\":\"12\"}");

  alm_test_edit (fixture->desk, ALM_OP_DEL, &id, NULL, NULL, NULL);
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 1", NULL);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":4}");
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 1",
                "{\"height\":3.5,\"number\":\"12\"}");
  assert_asked (fixture, "SELECT body FROM records WHERE ver = 0 AND kind IN (SELECT i FROM names"
                         " WHERE name = 'tree')", "{\"height\":4,\"number\":\"12\"}");
  assert_asked (fixture, said, "{\"height\":3.5,\"number\":\"12\"}");

  /* A personal field stands elsewhere in the record. */
  alm_test_edit (fixture->desk, ALM_OP_NEW, &other, "ksj/baeume", "tree",
                 "{\"number\":\"13\",\"inspector\":\"Frau K.\"}");
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 4",
                "{\"inspector\":\"Frau K.\",\"number\":\"13\"}");
}

/* A profile of the version before: its commands hold their texts themselves. */
static void
test_an_older_profile_is_taken_over (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"number\":\"12\"}");
  assert_asked (fixture, "UPDATE commands SET set_ = '{\"number\":\"12\"}' WHERE n = 1", NULL);
  assert_asked (fixture, "DROP INDEX records_by_ver", NULL);
  assert_asked (fixture, "DROP TABLE blob_refs", NULL);
  assert_asked (fixture, "DROP INDEX blobs_moving", NULL);
  assert_asked (fixture, "DROP TABLE refill", NULL);
  assert_asked (fixture, "DROP TABLE strays", NULL);
  assert_asked (fixture, "CREATE TABLE strays (id BLOB PRIMARY KEY, ver INTEGER NOT NULL,"
                         " scope INTEGER NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL,"
                         " since TEXT NOT NULL) STRICT, WITHOUT ROWID", NULL);
  assert_asked (fixture, "INSERT INTO strays VALUES (zeroblob (16), 7, 1, 1, '{}',"
                         " '2026-11-23T08:12:00Z')", NULL);
  assert_asked (fixture, "PRAGMA user_version = 2", NULL);
  open_again (fixture);
  assert_asked (fixture, "PRAGMA user_version", "5");
  assert_asked (fixture, "SELECT hex (id) || ' ' || ver || ' ' || began FROM strays",
                "00000000000000000000000000000000 7 0");
  assert_asked (fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'records_by_ver'", "1");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"13\"}");
  assert_asked (fixture, "SELECT set_ FROM commands WHERE n = 1", "{\"number\":\"12\"}");
  assert_fields (fixture, &id, "{\"number\":\"13\"}");
}

static void
test_nothing_changed_takes_no_number (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":3}");
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                                  "{\"height\":3.0,\"species\":null}"), ==, -1);
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UNDEL, &id, NULL, NULL, NULL), ==, -1);
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_DEL, &id, NULL, NULL, NULL), ==, 2);
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_DEL, &id, NULL, NULL, NULL), ==, -1);
  assert_fields (fixture, &id, "deleted");
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UNDEL, &id, NULL, NULL, NULL), ==, 3);
  assert_fields (fixture, &id, "{\"height\":3}");
}

/* The same values once more, for what was deleted: it comes back, and the command
 * says just that; one that sets nothing would be refused. */
static void
test_the_same_for_what_is_deleted_brings_it_back (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":3}");
  alm_test_edit (fixture->desk, ALM_OP_DEL, &id, NULL, NULL, NULL);
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":3}"),
                   ==, 3);
  assert_fields (fixture, &id, "{\"height\":3}");
  assert_asked (fixture, "SELECT op || coalesce (set_, '') FROM commands WHERE n = 3", "undel");
}

static void
test_scope_local_has_no_numbers (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  AlmId id = { 0 };

  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree",
                                  "{\"height\":3}"), ==, 0);
  assert_asked (fixture, "SELECT count(*) FROM commands WHERE n IS NOT NULL", "0");
  assert_asked (fixture, "SELECT group_concat (DISTINCT state) FROM commands", "local");
}

static void
test_what_is_not_allowed_is_refused (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  AlmDesk *desk = fixture->desk;
  AlmId id = { 0 };
  AlmId other = { { 1 } };

  alm_test_edit (desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":3}");
  alm_test_refuse (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":71}", "field 'height'");
  alm_test_refuse (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":\"3\"}", "field 'height'");
  alm_test_refuse (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"hight\":3}", "'hight'");
  alm_test_refuse (desk, ALM_OP_NEW, NULL, NULL, "lamp", "{}", "'lamp'");
  alm_test_refuse (desk, ALM_OP_NEW, NULL, "KSJ", "tree", "{}", "'KSJ'");
  alm_test_refuse (desk, ALM_OP_NEW, &id, "local", "tree", "{}", "belongs to");
  alm_test_refuse (desk, ALM_OP_UPD, &other, NULL, NULL, "{}", "no record");
  alm_test_refuse (desk, ALM_OP_NEW, NULL, NULL, "model", "{\"name\":\"x y\",\"schema\":{}}",
                   "field 'name'");
  alm_test_refuse (desk, ALM_OP_NEW, NULL, NULL, "conflict", "{}", "resolve");

  /* Nothing of it was left behind, and no number is missing. */
  assert_fields (fixture, &id, "{\"height\":3}");
  g_assert_cmpint (alm_test_edit (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":4}"), ==, 2);
}

static void
test_one_bad_edit_undoes_all_of_its_call (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  g_autoptr (AlmValue) good = alm_test_value ("{\"height\":3}");
  g_autoptr (AlmValue) bad = alm_test_value ("{\"height\":-3}");
  g_autoptr (GError) error = NULL;
  AlmEdit edits[3] = {
    { .op = ALM_OP_NEW, .kind = "tree", .scope = "ksj/neu", .set = good },
    { .op = ALM_OP_NEW, .kind = "tree", .scope = "ksj/neu", .set = good },
    { .op = ALM_OP_NEW, .kind = "tree", .scope = "ksj/neu", .set = bad },
  };
  AlmEditResult results[3];
  AlmId id = { 0 };
  guint failed = 0;

  g_assert_false (alm_desk_edit (fixture->desk, edits, 3, results, &failed, &error));
  g_assert_cmpuint (failed, ==, 2);
  assert_asked (fixture, "SELECT count(*) FROM commands WHERE n IS NOT NULL", "0");
  assert_asked (fixture, "SELECT count(*) FROM v_tree", "0");
  assert_asked (fixture, "SELECT count(*) FROM names WHERE name = 'ksj/neu'", "0");

  /* The numbers are given back, and the scope that was undone is made again. */
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/neu", "tree",
                                  "{\"height\":3}"), ==, 1);
  assert_asked (fixture, "SELECT count(*) FROM records JOIN names ON kind = i"
                         " WHERE name = 'scope'", "1");
}

static void
test_add_and_drop (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr (AlmValue) set = alm_test_value ("{\"visits\":1,\"tags\":[\"b\"]}");
  g_autoptr (AlmValue) add = alm_test_value ("{\"visits\":2,\"tags\":[\"c\",\"a\",\"b\"]}");
  g_autoptr (AlmValue) drop = alm_test_value ("{\"tags\":[\"c\",\"x\"]}");
  g_autoptr (AlmValue) text = alm_test_value ("{\"number\":1}");
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = ALM_OP_UPD, .set = set, .add = add, .drop = drop };
  AlmEditResult result;

  alm_test_edit (fixture->desk, ALM_OP_NEW, &edit.id, NULL, "tree", "{\"number\":\"1\"}");
  g_assert_true (alm_desk_edit (fixture->desk, &edit, 1, &result, NULL, &error));
  assert_fields (fixture, &edit.id, "{\"number\":\"1\",\"tags\":[\"a\",\"b\"],\"visits\":3}");

  edit.set = edit.drop = NULL;
  edit.add = text;
  g_assert_false (alm_desk_edit (fixture->desk, &edit, 1, &result, NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT);
}

static void
test_one_thing_adopted_twice_is_one_record (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  AlmId id;

  g_assert_true (alm_id_parse (&id, "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10"));
  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree",
                 "{\"number\":\"1\",\"height\":3}");
  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree",
                 "{\"species\":\"Acer\",\"height\":9}");
  /* The one that is there stays; the other is a question for the server. */
  assert_fields (fixture, &id, "{\"height\":3,\"number\":\"1\",\"species\":\"Acer\"}");
  assert_asked (fixture, "SELECT count(*) FROM records WHERE id ="
                         " x'01931f2e7c1a7e3b9d415a0f6c2b8e10'", "1");
}

static void
test_personal_fields_stand_apart (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree",
                 "{\"number\":\"1\",\"inspector\":\"Frau Muster\"}");
  assert_fields (fixture, &id, "{\"inspector\":\"Frau Muster\",\"number\":\"1\"}");
  assert_asked (fixture, "SELECT body FROM records ORDER BY rid DESC", "{\"number\":\"1\"}");
  assert_asked (fixture, "SELECT body_p FROM records ORDER BY rid DESC",
                "{\"inspector\":\"Frau Muster\"}");
}

static void
test_a_damaged_row_is_never_shown (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree", "{\"number\":\"1\"}");
  alm_desk_close (g_steal_pointer (&fixture->desk));
  {
    g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
    g_autofree char *none = alm_test_query (path, "UPDATE records SET body = '{\"number\":\"2\"}'"
                                            " WHERE rid = (SELECT max(rid) FROM records)");
  }
  fixture->desk = open_desk (fixture->dir);
  g_assert_null (alm_desk_get (fixture->desk, &id, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
}

static void
test_one_writer_at_a_time (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) reader = NULL;
  g_autofree char *pid = g_strdup_printf ("in use by test-desk (pid %d)", (int) getpid ());
  AlmId id = { 0 };

  g_assert_null (alm_desk_open (fixture->dir, ALM_DESK_WRITE, NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, pid));
  g_clear_error (&error);

  /* A reader is welcome, sees each edit, and cannot write. */
  reader = alm_desk_open (fixture->dir, ALM_DESK_READ, NULL, &error);
  g_assert_no_error (error);
  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree", "{\"number\":\"1\"}");
  {
    g_autofree char *seen = alm_test_fields (reader, &id);

    g_assert_cmpstr (seen, ==, "{\"number\":\"1\"}");
  }
  alm_test_refuse (reader, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"2\"}", "for reading");
}

static void
test_the_rules_of_the_file (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *lock = g_build_filename (fixture->dir, "lock", NULL);
  GStatBuf info;

  assert_asked (fixture, "PRAGMA journal_mode", "wal");
  assert_asked (fixture, "PRAGMA page_size", "4096");
  assert_asked (fixture, "PRAGMA user_version", "5");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (lock, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_a_missing_profile_is_not_made_by_readers (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *missing = g_build_filename (dir, "not", "there", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_desk_open (missing, ALM_DESK_READ, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (alm_desk_open (dir, ALM_DESK_READ, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));
  alm_test_remove_dir (dir);
}

static void
test_what_a_newer_version_wrote_is_left_alone (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autofree char *none = NULL;
  g_autofree char *version = NULL;
  g_autoptr (GError) error = NULL;

  alm_desk_close (open_desk (dir));
  none = alm_test_query (path, "PRAGMA user_version = 999");
  g_assert_null (alm_desk_open (dir, ALM_DESK_WRITE, NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_NEWER);
  version = alm_test_query (path, "PRAGMA user_version");
  g_assert_cmpstr (version, ==, "999");
  alm_test_remove_dir (dir);
}

static void
test_a_file_that_is_no_database_is_refused (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autofree char *now = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "a letter to the mayor, which is long enough to be"
                                      " taken for a header by nobody who looks at it, and so on,"
                                      " over a hundred bytes", -1, NULL));
  g_assert_null (alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));

  /* Nothing is lost: the file is as it was. */
  g_assert_true (g_file_get_contents (path, &now, NULL, NULL));
  g_assert_true (g_str_has_prefix (now, "a letter to the mayor"));
  alm_test_remove_dir (dir);
}

static gboolean
take_line_cb (const char  *line,
              gsize        length,
              gpointer     user_data,
              GError     **error)
{
  return TRUE;
}

/* Names that cannot be looked up are no names that are not there. */
static void
test_damaged_names_are_no_empty_city (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  static const char *const scopes[] = { "local", NULL };
  g_autofree char *fault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = open_desk (dir);
  AlmId id = { 0 };
  gint64 count;

  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, &id, NULL, "tree", "{\"number\":\"1\"}");
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_spoil (path, "sqlite_autoindex_names_1");

  desk = alm_desk_open (dir, ALM_DESK_WRITE, NULL, &error);
  g_assert_no_error (error);
  fault = alm_desk_get_fault (desk);
  g_assert_nonnull (fault);
  g_assert_false (alm_desk_export (desk, scopes, NULL, 0, take_line_cb, NULL, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (alm_desk_count_records (desk, "local", "tree", &count, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

/* A page in the middle is garbage: what is sound can be read, nothing is written. */
static void
test_a_damaged_file_opens_read_only (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "profile.db", NULL);
  g_autofree char *fault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = open_desk (dir);
  AlmId id = { 0 };

  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, &id, NULL, "tree", "{\"number\":\"1\"}");
  g_clear_pointer (&desk, alm_desk_close);

  alm_test_spoil (path, "derived");

  desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  fault = alm_desk_get_fault (desk);
  g_assert_nonnull (fault);
  {
    g_autofree char *seen = alm_test_fields (desk, &id);

    g_assert_cmpstr (seen, ==, "{\"number\":\"1\"}");
  }
  alm_test_refuse (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"2\"}", "damaged");
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

static void
keep_change_cb (AlmDesk    *desk,
                AlmChange  *change,
                gpointer    user_data)
{
  AlmChange **kept = user_data;

  g_clear_pointer (kept, alm_change_free);
  *kept = change;
}

static void
test_a_change_is_told_after_the_commit (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (AlmChange) change = NULL;
  AlmId id = { 0 };

  alm_desk_set_changed_func (fixture->desk, keep_change_cb, &change);
  alm_test_refuse (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree", "{\"height\":-1}", "height");
  g_assert_null (change);

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree", "{\"number\":\"1\"}");
  g_assert_nonnull (change);
  g_assert_false (change->all);
  g_assert_false (change->models);
  g_assert_cmpuint (change->rids->len, ==, 1);
  g_assert_cmpuint (change->kinds->len, ==, 1);
  g_assert_cmpstr (change->kinds->pdata[0], ==, "tree");
  {
    g_autoptr (AlmRow) row = alm_desk_get_by_rid (fixture->desk,
                                                  g_array_index (change->rids, gint64, 0), NULL);

    g_assert_true (alm_id_equal (&row->id, &id));
  }
  alm_desk_set_changed_func (fixture->desk, NULL, NULL);
}

/* The server's state stays known under the first edit of ours. */
static void
test_the_servers_state_is_kept_beside (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":2}");
  assert_asked (fixture, "SELECT count(*) FROM shadow", "0");   /* the server knows nothing */
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_set_prgname ("test-desk");

  ADD ("/store/desk/edit/durable", test_an_edit_is_there_after_opening_again);
  ADD ("/store/desk/edit/command", test_a_command_says_what_was_and_what_is);
  ADD ("/store/desk/edit/once", test_a_new_record_is_written_once);
  ADD ("/store/desk/open/older", test_an_older_profile_is_taken_over);
  ADD ("/store/desk/edit/same", test_nothing_changed_takes_no_number);
  ADD ("/store/desk/edit/same-of-deleted", test_the_same_for_what_is_deleted_brings_it_back);
  ADD ("/store/desk/edit/local", test_scope_local_has_no_numbers);
  ADD ("/store/desk/edit/refused", test_what_is_not_allowed_is_refused);
  ADD ("/store/desk/edit/all-or-nothing", test_one_bad_edit_undoes_all_of_its_call);
  ADD ("/store/desk/edit/add-drop", test_add_and_drop);
  ADD ("/store/desk/edit/adopt", test_one_thing_adopted_twice_is_one_record);
  ADD ("/store/desk/edit/personal", test_personal_fields_stand_apart);
  ADD ("/store/desk/edit/shadow", test_the_servers_state_is_kept_beside);
  ADD ("/store/desk/read/damaged-row", test_a_damaged_row_is_never_shown);
  ADD ("/store/desk/open/one-writer", test_one_writer_at_a_time);
  ADD ("/store/desk/open/rules", test_the_rules_of_the_file);
  g_test_add_func ("/store/desk/open/missing", test_a_missing_profile_is_not_made_by_readers);
  g_test_add_func ("/store/desk/open/not-a-database",
                   test_a_file_that_is_no_database_is_refused);
  g_test_add_func ("/store/desk/open/newer", test_what_a_newer_version_wrote_is_left_alone);
  g_test_add_func ("/store/desk/open/damaged", test_a_damaged_file_opens_read_only);
  g_test_add_func ("/store/desk/open/damaged-names", test_damaged_names_are_no_empty_city);
  ADD ("/store/desk/changed", test_a_change_is_told_after_the_commit);

  return g_test_run ();
}
