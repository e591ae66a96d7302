/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's database, through its interface, and what then stands in the file. */

#include "config.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-store-error.h"
#include "alm-test.h"

#include <sqlite3.h>
#include <string.h>

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"x-alm-key\":[\"number\"],\"properties\":{"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"},"
  "\"year\":{\"type\":\"integer\",\"title\":\"Jahr\"},"
  "\"owner\":{\"type\":\"string\",\"title\":\"Eigner\",\"x-alm-class\":\"personal\"}}}";

typedef struct
{
  char           *dir;
  char           *path;
  AlmServerStore *store;
  AlmModel       *model;
} Fixture;

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static AlmServerStore *
open_hub (Fixture     *f,
          AlmHubFlags  flags)
{
  g_autoptr (GError) error = NULL;
  AlmServerStore *store = alm_hub_open (f->dir, flags, &error);

  g_assert_no_error (error);

  return store;
}

#define OK(call) \
  G_STMT_START { \
    g_autoptr (GError) error_ = NULL; \
    gboolean ok_ = (call); \
    g_assert_no_error (error_); \
    g_assert_true (ok_); \
  } G_STMT_END
#define API(f, name, ...) OK ((f)->store->api->name ((f)->store, __VA_ARGS__, &error_))
#define API0(f, name) OK ((f)->store->api->name ((f)->store, &error_))

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr (AlmValue) value = parse (schema);

  f->dir = alm_test_make_dir ();
  f->path = g_build_filename (f->dir, ALM_HUB_FILE, NULL);
  f->store = open_hub (f, ALM_HUB_WRITE | ALM_HUB_CREATE);
  f->model = alm_model_new ("tree", value, NULL);
  g_assert_nonnull (f->model);
  API (f, begin, TRUE);
  API (f, make_scope, "ksj/baeume");
  API0 (f, commit);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_clear_pointer (&f->store, alm_server_store_close);
  alm_model_unref (f->model);
  alm_test_remove_dir (f->dir);
  g_free (f->dir);
  g_free (f->path);
}

static AlmId
make_id (guint8 n)
{
  AlmId id = { { 0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n } };

  return id;
}

/* Writes one record in the running transaction; its version. */
static gint64
put (Fixture    *f,
     guint8      n,
     const char *fields,
     gboolean    deleted)
{
  g_autoptr (AlmHubRecord) before = NULL;
  g_autoptr (AlmValue) value = parse (fields);
  AlmHubRecord after = { .scope = "ksj/baeume", .kind = "tree", .fields = value };
  AlmHubEntry entry = { .n = n, .user = "mueller", .at = "2026-11-23T08:12:00Z", .set = value };

  entry.desk = make_id (99);
  after.id = make_id (n);
  after.deleted = deleted;
  API (f, get_record, &after.id, &before);
  entry.op = before == NULL ? ALM_OP_NEW : ALM_OP_UPD;
  API (f, put_record, before, &after, f->model, 0, &entry);

  return after.ver;
}

static const AlmHubScope *
get_scope (Fixture *f)
{
  const AlmHubScope *scope;

  API (f, get_scope, "ksj/baeume", &scope);

  return scope;
}

static gboolean
add_to_digest_cb (const AlmHubRow  *row,
                  gpointer          user_data,
                  GError          **error)
{
  gpointer *context = user_data;
  g_autoptr (AlmValue) fields = parse (row->body);
  g_autoptr (AlmValue) personal = row->personal != NULL ? parse (row->personal) : NULL;

  for (guint i = 0; i < alm_value_get_size (personal); i++)
    alm_value_set (fields, alm_value_get_key (personal, i),
                   alm_value_ref (alm_value_get_item (personal, i)));
  alm_digest_add (context[0], row->id, row->ver, row->kind, row->deleted, fields, context[1], 0);

  return TRUE;
}

static void
assert_digest (Fixture *f)
{
  AlmDigest sum = { 0 };
  gpointer context[] = { &sum, f->model };
  const AlmHubScope *scope = get_scope (f);

  API (f, feed, "ksj/baeume", 0, -1, add_to_digest_cb, context);
  g_assert_cmpmem (&sum, sizeof sum, &scope->digest, sizeof scope->digest);
}

static void
test_versions_follow_one_another (Fixture       *f,
                                  gconstpointer  data)
{
  API (f, begin, TRUE);
  g_assert_cmpint (put (f, 1, "{\"year\":1990}", FALSE), ==, 1);
  g_assert_cmpint (put (f, 2, "{\"year\":1991}", FALSE), ==, 2);
  g_assert_cmpint (put (f, 1, "{\"year\":1992}", FALSE), ==, 3);
  API0 (f, commit);

  API (f, begin, FALSE);
  g_assert_cmpint (get_scope (f)->seq, ==, 3);
  g_assert_cmpint (get_scope (f)->digest.n, ==, 2);
  assert_digest (f);
  API0 (f, commit);
}

static void
test_a_digest_is_kept_through_changes (Fixture       *f,
                                       gconstpointer  data)
{
  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990,\"owner\":\"Frau Muster\"}", FALSE);
  put (f, 2, "{\"number\":\"7\"}", FALSE);
  put (f, 1, "{\"year\":1991}", FALSE);
  put (f, 2, "{\"number\":\"7\"}", TRUE);
  put (f, 3, "{\"owner\":\"x\"}", FALSE);
  assert_digest (f);
  API0 (f, commit);
}

static gboolean
collect_cb (const AlmHubRow  *row,
            gpointer          user_data,
            GError          **error)
{
  g_string_append_printf (user_data, "%d:%" G_GINT64_FORMAT " ", row->id->bytes[15], row->ver);

  return ((GString *) user_data)->len < 16;
}

static void
test_the_feed_is_in_the_order_of_versions (Fixture       *f,
                                           gconstpointer  data)
{
  g_autoptr (GString) seen = g_string_new (NULL);

  API (f, begin, TRUE);
  for (guint8 i = 1; i <= 6; i++)
    put (f, (guint8) (7 - i), "{}", FALSE);
  put (f, 5, "{\"year\":1}", FALSE);
  API0 (f, commit);

  API (f, begin, FALSE);
  API (f, feed, "ksj/baeume", 2, 2, collect_cb, seen);
  g_assert_cmpstr (seen->str, ==, "4:3 3:4 ");
  g_string_truncate (seen, 0);
  API (f, feed, "ksj/baeume", 4, -1, collect_cb, seen);
  g_assert_cmpstr (seen->str, ==, "2:5 1:6 5:7 ");
  g_string_truncate (seen, 0);
  API (f, feed, "ksj/baeume", 0, -1, collect_cb, seen);   /* ended by the callback */
  g_assert_cmpstr (seen->str, ==, "6:1 4:3 3:4 2:5 ");
  API0 (f, commit);
}

static void
test_what_is_taken_back_was_never_there (Fixture       *f,
                                         gconstpointer  data)
{
  g_autoptr (AlmHubRecord) record = NULL;
  const AlmHubScope *none;
  AlmId id = make_id (2);
  AlmDigest before;

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990}", FALSE);
  before = get_scope (f)->digest;
  API0 (f, mark);
  put (f, 1, "{\"year\":1991}", FALSE);
  put (f, 2, "{\"year\":1991}", FALSE);
  API (f, make_scope, "ksj/laternen");
  API0 (f, take_back);
  g_assert_cmpint (get_scope (f)->seq, ==, 1);
  g_assert_cmpmem (&before, sizeof before, &get_scope (f)->digest, sizeof before);
  API (f, get_record, &id, &record);
  g_assert_null (record);
  API (f, get_scope, "ksj/laternen", &none);
  g_assert_null (none);

  /* And the numbers go on without a gap. */
  API0 (f, mark);
  g_assert_cmpint (put (f, 2, "{\"year\":1991}", FALSE), ==, 2);
  API (f, make_scope, "ksj/laternen");
  API0 (f, keep);
  API0 (f, commit);
  API (f, begin, FALSE);
  assert_digest (f);
  API (f, get_scope, "ksj/laternen", &none);
  g_assert_nonnull (none);
  API0 (f, commit);
}

static void
test_rolled_back_is_forgotten (Fixture       *f,
                               gconstpointer  data)
{
  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990}", FALSE);
  API0 (f, commit);
  API (f, begin, TRUE);
  put (f, 2, "{\"year\":1990}", FALSE);
  f->store->api->rollback (f->store);

  API (f, begin, TRUE);
  g_assert_cmpint (get_scope (f)->seq, ==, 1);
  g_assert_cmpint (put (f, 3, "{}", FALSE), ==, 2);
  assert_digest (f);
  API0 (f, commit);
}

static void
test_another_process_reads_beside_the_writer (Fixture       *f,
                                              gconstpointer  data)
{
  AlmServerStore *writer = f->store;
  AlmServerStore *reader = open_hub (f, ALM_HUB_READ);

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990}", FALSE);
  f->store = reader;
  API (f, begin, FALSE);
  g_assert_cmpint (get_scope (f)->seq, ==, 0);
  API0 (f, commit);
  f->store = writer;
  API0 (f, commit);

  f->store = reader;
  API (f, begin, FALSE);
  g_assert_cmpint (get_scope (f)->seq, ==, 1);
  assert_digest (f);
  API0 (f, commit);
  f->store = writer;
  alm_server_store_close (reader);
}

static void
test_a_second_writer_is_refused (Fixture       *f,
                                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_hub_open (f->dir, ALM_HUB_WRITE, &error));
  g_assert_nonnull (error);
  g_assert_true (strstr (error->message, "in use by") != NULL);
}

static void
run_sql (Fixture    *f,
         const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_a_changed_byte_is_noticed (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHubRecord) record = NULL;
  g_autoptr (GString) seen = g_string_new (NULL);
  AlmId id = make_id (1);

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990}", FALSE);
  API0 (f, commit);
  g_clear_pointer (&f->store, alm_server_store_close);
  run_sql (f, "UPDATE records SET body = replace (body, '1990', '1991')");
  f->store = open_hub (f, ALM_HUB_WRITE);

  API (f, begin, FALSE);
  g_assert_false (f->store->api->get_record (f->store, &id, &record, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (f->store->api->feed (f->store, "ksj/baeume", 0, -1, collect_cb, seen, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT);
  f->store->api->rollback (f->store);
}

/* The column for the public has nothing of it, in records and in history. */
static void
test_personal_fields_stand_apart (Fixture       *f,
                                  gconstpointer  data)
{
  g_autofree char *body = NULL;
  g_autofree char *personal = NULL;
  g_autofree char *set = NULL;
  g_autofree char *set_personal = NULL;
  g_autoptr (AlmHubRecord) record = NULL;
  g_autofree char *all = NULL;
  AlmId id = make_id (1);

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990,\"owner\":\"Frau Muster\"}", FALSE);
  API (f, get_record, &id, &record);
  all = alm_value_to_text (record->fields);
  API0 (f, commit);

  body = alm_test_query (f->path, "SELECT body FROM records");
  personal = alm_test_query (f->path, "SELECT body_p FROM records");
  set = alm_test_query (f->path, "SELECT set_ FROM history");
  set_personal = alm_test_query (f->path, "SELECT set_p FROM history");
  g_assert_cmpstr (all, ==, "{\"owner\":\"Frau Muster\",\"year\":1990}");
  g_assert_cmpstr (body, ==, "{\"year\":1990}");
  g_assert_cmpstr (personal, ==, "{\"owner\":\"Frau Muster\"}");
  g_assert_cmpstr (set, ==, "{\"year\":1990}");
  g_assert_cmpstr (set_personal, ==, "{\"owner\":\"Frau Muster\"}");
}

static gboolean
collect_entry_cb (const AlmHubEntry  *entry,
                  gpointer            user_data,
                  GError            **error)
{
  g_autofree char *set = alm_value_to_text (entry->set);

  g_string_append_printf (user_data, "%" G_GINT64_FORMAT " %s %s %s\n", entry->seq,
                          alm_op_to_text (entry->op), entry->user, set);

  return TRUE;
}

static void
test_history_tells_all_oldest_first (Fixture       *f,
                                     gconstpointer  data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  AlmId id = make_id (1);
  AlmId desk = make_id (99);
  AlmId other = make_id (98);
  gboolean is;

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990,\"owner\":\"x\"}", FALSE);
  put (f, 2, "{}", FALSE);
  put (f, 1, "{\"year\":1991}", FALSE);
  API (f, history, &id, collect_entry_cb, seen);
  g_assert_cmpstr (seen->str, ==, "1 new mueller {\"owner\":\"x\",\"year\":1990}\n"
                                  "3 upd mueller {\"year\":1991}\n");

  API (f, is_maker, &id, &desk, &is);
  g_assert_true (is);
  API (f, is_maker, &id, &other, &is);
  g_assert_false (is);
  API (f, changed_since, &id, 2, &other, &is);
  g_assert_true (is);
  API (f, changed_since, &id, 3, &other, &is);
  g_assert_false (is);
  API (f, changed_since, &id, 2, &desk, &is);   /* one's own change */
  g_assert_false (is);
  API0 (f, commit);
}

/* Each line binds all before it: the chain of a scope is never the same twice. */
static void
test_the_chain_moves_with_each_line (Fixture       *f,
                                     gconstpointer  data)
{
  g_autofree char *different = NULL;
  g_autofree char *head = NULL;

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990}", FALSE);
  put (f, 1, "{\"year\":1990}", FALSE);
  put (f, 2, "{\"year\":1990}", FALSE);
  API0 (f, commit);

  different = alm_test_query (f->path, "SELECT count (DISTINCT chain) FROM history");
  head = alm_test_query (f->path, "SELECT h.chain = s.chain FROM history AS h JOIN scopes AS s"
                                  " USING (scope) ORDER BY h.seq DESC");
  g_assert_cmpstr (different, ==, "3");
  g_assert_cmpstr (head, ==, "1");
}

static guint
count_same_key (Fixture    *f,
                guint8      n,
                const char *fields)
{
  g_autoptr (GArray) ids = NULL;
  g_autoptr (AlmValue) value = parse (fields);
  AlmHubRecord record = { .kind = "tree", .fields = value };

  record.id = make_id (n);
  API (f, list_same_key, f->model, &record, &ids);

  return ids->len;
}

static void
test_business_keys (Fixture       *f,
                    gconstpointer  data)
{
  API (f, begin, TRUE);
  put (f, 1, "{\"number\":\"17\"}", FALSE);
  g_assert_cmpuint (count_same_key (f, 2, "{\"number\":\"17\"}"), ==, 1);
  g_assert_cmpuint (count_same_key (f, 1, "{\"number\":\"17\"}"), ==, 0);   /* itself */
  g_assert_cmpuint (count_same_key (f, 2, "{\"number\":\"18\"}"), ==, 0);
  g_assert_cmpuint (count_same_key (f, 2, "{}"), ==, 0);
  put (f, 1, "{\"number\":\"18\"}", FALSE);
  g_assert_cmpuint (count_same_key (f, 2, "{\"number\":\"17\"}"), ==, 0);
  g_assert_cmpuint (count_same_key (f, 2, "{\"number\":\"18\"}"), ==, 1);
  put (f, 1, "{\"number\":\"18\"}", TRUE);                                  /* deleted: free */
  g_assert_cmpuint (count_same_key (f, 2, "{\"number\":\"18\"}"), ==, 0);
  API0 (f, commit);
}

static void
test_loaded_records_count_like_others (Fixture       *f,
                                       gconstpointer  data)
{
  g_autofree char *lines = NULL;

  API (f, begin, TRUE);
  for (guint8 i = 1; i <= 5; i++)
    {
      g_autoptr (AlmValue) fields = parse ("{\"number\":\"1\",\"year\":1990}");
      AlmId id = make_id (i);

      OK (alm_hub_load_record (f->store, &id, "ksj/baeume", "tree", fields, f->model, &error_));
    }
  g_assert_cmpint (get_scope (f)->seq, ==, 5);
  g_assert_cmpint (get_scope (f)->digest.n, ==, 5);
  assert_digest (f);
  API0 (f, commit);
  lines = alm_test_query (f->path, "SELECT count (*) FROM history");
  g_assert_cmpstr (lines, ==, "0");
}

static void
test_where_an_epoch_began (Fixture       *f,
                           gconstpointer  data)
{
  static const struct { const char *epoch; gint64 began; } cases[] = {
    { "one", 2 }, { "two", 3 }, { "three", -1 }, { "never", 0 },
  }, later[] = {
    { "one", 0 }, { "two", 0 }, { "three", 1 }, { "four", -1 }, { "never", 0 },
  };

  API (f, begin, TRUE);
  API (f, set_info, "epoch", "one");
  put (f, 1, "{}", FALSE);
  put (f, 2, "{}", FALSE);
  API (f, set_info, "epoch", "two");
  put (f, 3, "{}", FALSE);
  API (f, set_info, "epoch", "three");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 began;

      API (f, get_began, cases[i].epoch, "ksj/baeume", &began);
      g_assert_cmpint (began, ==, cases[i].began);
    }

  /* A scope that came after the second epoch's beginning has all of it since then. */
  API (f, make_scope, "ksj/neu");
  {
    g_autoptr (AlmValue) fields = parse ("{}");
    AlmHubRecord record = { .id = make_id (9), .scope = "ksj/neu", .kind = "tree",
                            .fields = fields };
    AlmHubEntry entry = { .desk = make_id (99), .n = 4, .user = "mueller", .op = ALM_OP_NEW };

    API (f, put_record, NULL, &record, f->model, 0, &entry);
  }
  API (f, set_info, "epoch", "four");
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    {
      gint64 began;

      API (f, get_began, later[i].epoch, "ksj/neu", &began);
      g_assert_cmpint (began, ==, later[i].began);
    }
  API0 (f, commit);
}

/* A file of before grants had areas: none of them is limited. */
static void
test_a_file_of_the_first_form (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *none = NULL;
  g_autoptr (GPtrArray) grants = NULL;

  g_clear_pointer (&f->store, alm_server_store_close);
  none = alm_test_query (f->path, "ALTER TABLE grants DROP COLUMN area;"
                         "ALTER TABLE tokens DROP COLUMN since;"
                         "ALTER TABLE tokens DROP COLUMN before;"
                         "ALTER TABLE desks DROP COLUMN lost;"
                         "ALTER TABLE desks DROP COLUMN wiped;"
                         "INSERT INTO accounts VALUES ('anna', 'Anna', 'x', 1, NULL);"
                         "INSERT INTO grants VALUES ('anna', 'editor', 'ksj/*', 3, 0, 0);"
                         "DROP TABLE readers; PRAGMA user_version = 2");
  f->store = open_hub (f, ALM_HUB_WRITE);
  API (f, begin, FALSE);
  API (f, list_grants, "anna", &grants);
  f->store->api->rollback (f->store);
  g_assert_cmpuint (grants->len, ==, 1);
  g_assert_cmpstr (((AlmHubGrant *) grants->pdata[0])->role, ==, "editor");
  g_assert_null (((AlmHubGrant *) grants->pdata[0])->area);
}

static void
test_the_audit_trail_is_a_chain (Fixture       *f,
                                 gconstpointer  data)
{
  AlmHubAudit line = { .at_us = 7, .actor = (char *) "chef", .action = (char *) "grants",
                       .subject = (char *) "mueller", .detail = (char *) "reader *" };
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *bound = NULL;

  API (f, begin, TRUE);
  for (guint i = 0; i < 3; i++)
    API (f, add_audit, &line);
  API (f, list_audit, 1, 10, &lines);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpint (((AlmHubAudit *) lines->pdata[0])->i, ==, 2);
  g_assert_cmpstr (((AlmHubAudit *) lines->pdata[0])->detail, ==, "reader *");
  API0 (f, commit);
  bound = alm_test_query (f->path, "SELECT count (*) FROM audit AS a JOIN audit AS b"
                                   " ON b.i = a.i + 1 AND b.prev = a.mac AND b.mac <> a.mac");
  g_assert_cmpstr (bound, ==, "2");
}

static void
test_a_class_that_changes_moves_the_field (Fixture       *f,
                                           gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new (schema);
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (AlmModel) before = alm_model_ref (f->model);
  g_autofree char *body = NULL;
  g_autofree char *personal = NULL;

  API (f, begin, TRUE);
  put (f, 1, "{\"year\":1990,\"owner\":\"x\"}", FALSE);
  g_string_replace (text, "\"Jahr\"", "\"Jahr\",\"x-alm-class\":\"personal\"", 0);
  value = parse (text->str);
  g_clear_pointer (&f->model, alm_model_unref);
  f->model = alm_model_new ("tree", value, NULL);
  API (f, reclassify, before, f->model);
  assert_digest (f);
  API0 (f, commit);

  body = alm_test_query (f->path, "SELECT body FROM records");
  personal = alm_test_query (f->path, "SELECT body_p FROM records");
  g_assert_cmpstr (body, ==, "{}");
  g_assert_cmpstr (personal, ==, "{\"owner\":\"x\",\"year\":1990}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store/hub/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("versions", test_versions_follow_one_another);
  ADD ("digest", test_a_digest_is_kept_through_changes);
  ADD ("feed", test_the_feed_is_in_the_order_of_versions);
  ADD ("take-back", test_what_is_taken_back_was_never_there);
  ADD ("rollback", test_rolled_back_is_forgotten);
  ADD ("reader", test_another_process_reads_beside_the_writer);
  ADD ("second-writer", test_a_second_writer_is_refused);
  ADD ("damaged", test_a_changed_byte_is_noticed);
  ADD ("personal", test_personal_fields_stand_apart);
  ADD ("history", test_history_tells_all_oldest_first);
  ADD ("chain", test_the_chain_moves_with_each_line);
  ADD ("keys", test_business_keys);
  ADD ("load", test_loaded_records_count_like_others);
  ADD ("epochs", test_where_an_epoch_began);
  ADD ("first-form", test_a_file_of_the_first_form);
  ADD ("audit", test_the_audit_trail_is_a_chain);
  ADD ("reclassify", test_a_class_that_changes_moves_the_field);

  return g_test_run ();
}
