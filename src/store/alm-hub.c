/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's database in SQLite: the file, its tables, transactions, and
 * what a connection keeps in mind of scopes and names.
 *
 * Invariants:
 *   1. A scope's `seq` grows by one with each change in it and never falls;
 *      a record's `ver` is the seq of its last change.
 *   2. seq, digest and chain head of a scope are written in the transaction of
 *      the changes they speak of.
 *   3. After rollback() or take_back() memory says what the file says.
 * A connection belongs to one worker thread; see AlmServerStore. */

#include "config.h"

#include "alm-hub-private.h"

#include "alm-store-error.h"

#include <string.h>

static const char schema_1[] =
  "CREATE TABLE info (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
  "CREATE TABLE epochs (i INTEGER PRIMARY KEY, epoch TEXT NOT NULL, scope TEXT NOT NULL,"
  " began INTEGER NOT NULL) STRICT;"
  "CREATE TABLE names (i INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
  "CREATE TABLE scopes (scope INTEGER PRIMARY KEY, seq INTEGER NOT NULL, n INTEGER NOT NULL,"
  " sums BLOB NOT NULL, chain BLOB NOT NULL) STRICT;"
  "CREATE TABLE records (rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
  " scope INTEGER NOT NULL, kind INTEGER NOT NULL, ver INTEGER NOT NULL, del INTEGER NOT NULL,"
  " body TEXT NOT NULL, body_p TEXT, hash BLOB NOT NULL) STRICT;"
  "CREATE UNIQUE INDEX records_by_ver ON records (scope, ver);"
  "CREATE TABLE keys (kind INTEGER NOT NULL, key INTEGER NOT NULL, id BLOB NOT NULL,"
  " PRIMARY KEY (kind, key, id)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE proposals (record BLOB NOT NULL, id BLOB NOT NULL,"
  " PRIMARY KEY (record, id)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE salts (id BLOB PRIMARY KEY, salt BLOB NOT NULL, key BLOB) STRICT,"
  " WITHOUT ROWID;"
  "CREATE TABLE history (scope INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,"
  " desk BLOB NOT NULL, n INTEGER NOT NULL, user TEXT NOT NULL, at TEXT,"
  " stored_at INTEGER NOT NULL, op TEXT NOT NULL, set_ TEXT, old_ TEXT, set_p TEXT, old_p TEXT,"
  " chash BLOB NOT NULL, chain BLOB NOT NULL, batch TEXT,"
  " PRIMARY KEY (scope, seq)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX history_by_id ON history (id, seq);"
  "CREATE TABLE desks (id BLOB PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL,"
  " last_n INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE outcomes (desk BLOB NOT NULL, n INTEGER NOT NULL, cid TEXT NOT NULL,"
  " line TEXT NOT NULL, PRIMARY KEY (desk, n)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE tallies (desk BLOB NOT NULL, scope INTEGER NOT NULL, commands INTEGER NOT NULL,"
  " PRIMARY KEY (desk, scope)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE deletions (desk BLOB NOT NULL, scope INTEGER NOT NULL, at INTEGER NOT NULL,"
  " PRIMARY KEY (desk, scope, at)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE accounts (name TEXT PRIMARY KEY, title TEXT NOT NULL, password TEXT NOT NULL,"
  " enabled INTEGER NOT NULL, subject TEXT) STRICT, WITHOUT ROWID;"
  "CREATE TABLE grants (name TEXT NOT NULL REFERENCES accounts, role TEXT NOT NULL,"
  " scope TEXT NOT NULL, classes INTEGER NOT NULL, from_ INTEGER NOT NULL,"
  " until INTEGER NOT NULL, PRIMARY KEY (name, role, scope)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE tokens (hash BLOB PRIMARY KEY, desk BLOB NOT NULL, user TEXT NOT NULL,"
  " via TEXT, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE INDEX tokens_by_desk ON tokens (desk);"
  "CREATE TABLE audit (i INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,"
  " action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, prev BLOB NOT NULL,"
  " mac BLOB NOT NULL) STRICT;"
  "CREATE TABLE erased (seq INTEGER NOT NULL, id BLOB NOT NULL, fields TEXT, reason TEXT) STRICT;"
  "CREATE TABLE erased_seen (desk BLOB NOT NULL, seq INTEGER NOT NULL) STRICT;";

static gboolean
migrate_1 (AlmDb   *db,
           GError **error)
{
  return alm_sql_exec (db->handle, schema_1, error);
}

/* A grant may be limited to an area. */
static gboolean
add_areas (AlmDb   *db,
           GError **error)
{
  return alm_sql_exec (db->handle, "ALTER TABLE grants ADD COLUMN area TEXT", error);
}

/* Nothing had ever been written into the first two.  `readers`: which desks were told of a
 * scope; `erased_seen`: which of them has to take an erasure over, and when it has (at). */
static const char erasure_schema[] =
  "DROP TABLE erased; DROP TABLE erased_seen;"
  "CREATE TABLE erased (scope INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,"
  " fields TEXT, implied INTEGER NOT NULL, reason TEXT NOT NULL, user TEXT NOT NULL,"
  " at INTEGER NOT NULL, PRIMARY KEY (scope, seq, id)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX erased_by_id ON erased (id, seq);"
  "CREATE TABLE erased_seen (scope INTEGER NOT NULL, seq INTEGER NOT NULL, desk BLOB NOT NULL,"
  " at INTEGER NOT NULL, PRIMARY KEY (scope, seq, desk)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX erased_open ON erased_seen (desk) WHERE at = 0;"
  "CREATE TABLE readers (scope INTEGER NOT NULL, desk BLOB NOT NULL,"
  " PRIMARY KEY (scope, desk)) STRICT, WITHOUT ROWID;";

static gboolean
add_erasures (AlmDb   *db,
              GError **error)
{
  return alm_sql_exec (db->handle, erasure_schema, error);
}

/* Desks that were reported lost. */
static gboolean
add_lost_desks (AlmDb   *db,
                GError **error)
{
  return alm_sql_exec (db->handle,
                       "ALTER TABLE desks ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;"
                       "ALTER TABLE desks ADD COLUMN wiped INTEGER NOT NULL DEFAULT 0;", error);
}

/* Tokens follow one another.  since: −1 = another one is in use. */
static gboolean
add_successors (AlmDb   *db,
                GError **error)
{
  return alm_sql_exec (db->handle, "ALTER TABLE tokens ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
                       "ALTER TABLE tokens ADD COLUMN before BLOB", error);
}

static const AlmMigration migrations[] = {
  migrate_1, alm_hub_make_blob_tables, add_areas, add_erasures,
  add_lost_desks, add_successors,
};

void
alm_hub_set_corrupt (GError     **error,
                     const char  *format,
                     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error_literal (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT, text);
}

static void
forget_names (AlmHub *self)
{
  g_hash_table_remove_all (self->numbers);
  g_ptr_array_set_size (self->names, 0);
  self->new_names = FALSE;
}

static const char *
remember_name (AlmHub     *self,
               gint64      number,
               const char *name)
{
  const char *kept = g_intern_string (name);

  g_hash_table_insert (self->numbers, (gpointer) kept, GSIZE_TO_POINTER ((gsize) number));
  if (self->names->len <= (guint) number)
    g_ptr_array_set_size (self->names, (int) number + 1);
  self->names->pdata[number] = (gpointer) kept;

  return kept;
}

/* *number 0: no such name, and @make is FALSE. */
gboolean
alm_hub_number_of (AlmHub      *self,
                   const char  *name,
                   gboolean     make,
                   gint64      *number,
                   GError     **error)
{
  *number = (gint64) GPOINTER_TO_SIZE (g_hash_table_lookup (self->numbers, name));
  if (*number != 0)
    return TRUE;

  {
    g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT i FROM names WHERE name = :name");
    AlmSqlStep step;

    alm_sql_bind_text (query, ":name", name);
    step = alm_sql_step (query, error);
    if (step == ALM_SQL_STEP_ERROR)
      return FALSE;
    if (step == ALM_SQL_STEP_ROW)
      *number = alm_sql_get_int (query, 0);
  }

  if (*number == 0 && make)
    {
      g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                                 "INSERT INTO names (name) VALUES (:name)");

      alm_sql_bind_text (query, ":name", name);
      if (!alm_sql_run (query, error))
        return FALSE;
      *number = sqlite3_last_insert_rowid (self->db->handle);
      self->new_names = TRUE;
    }

  if (*number != 0)
    remember_name (self, *number, name);

  return TRUE;
}

const char *
alm_hub_name_of (AlmHub  *self,
                 gint64   number,
                 GError **error)
{
  g_autoptr (AlmQuery) query = NULL;

  if (number > 0 && number < (gint64) self->names->len && self->names->pdata[number] != NULL)
    return self->names->pdata[number];

  query = alm_db_query (self->db, "SELECT name FROM names WHERE i = :i");
  alm_sql_bind_int (query, ":i", number);
  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ROW:
      return remember_name (self, number, alm_sql_get_text (query, 0));

    case ALM_SQL_STEP_DONE:
      alm_hub_set_corrupt (error, "Name %" G_GINT64_FORMAT " is missing", number);
      return NULL;

    case ALM_SQL_STEP_ERROR:
    default:
      return NULL;
    }
}

static void
forget_scopes (AlmHub *self)
{
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
}

static int
compare_states (gconstpointer a,
                gconstpointer b)
{
  const AlmHubScopeState *one = *(AlmHubScopeState *const *) a;
  const AlmHubScopeState *two = *(AlmHubScopeState *const *) b;

  return strcmp (one->shown.name, two->shown.name);
}

static void
show_scopes (AlmHub *self)
{
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  self->shown = g_ptr_array_new ();
  g_ptr_array_sort (self->scopes, compare_states);
  for (guint i = 0; i < self->scopes->len; i++)
    g_ptr_array_add (self->shown, &((AlmHubScopeState *) self->scopes->pdata[i])->shown);
}

static gboolean
read_scope (AlmHub  *self,
            AlmSql  *query,
            GError **error)
{
  g_autofree AlmHubScopeState *scope = g_new0 (AlmHubScopeState, 1);
  gconstpointer sums;
  gconstpointer chain;
  gsize n_sums;
  gsize n_chain;

  scope->number = alm_sql_get_int (query, 0);
  scope->shown.seq = alm_sql_get_int (query, 1);
  scope->shown.digest.n = alm_sql_get_int (query, 2);
  sums = alm_sql_get_blob (query, 3, &n_sums);
  chain = alm_sql_get_blob (query, 4, &n_chain);
  if (n_sums != sizeof scope->shown.digest.sums || n_chain != sizeof scope->chain)
    {
      alm_hub_set_corrupt (error, "Scope %" G_GINT64_FORMAT " is damaged", scope->number);
      return FALSE;
    }

  for (guint i = 0; i < ALM_DIGEST_CLASSES; i++)
    {
      guint64 sum;

      memcpy (&sum, (const guint8 *) sums + 8 * i, sizeof sum);
      scope->shown.digest.sums[i] = GUINT64_FROM_BE (sum);
    }
  memcpy (scope->chain, chain, sizeof scope->chain);
  g_ptr_array_add (self->scopes, g_steal_pointer (&scope));

  return TRUE;
}

static gboolean
read_scopes (AlmHub  *self,
             GError **error)
{
  g_autoptr (AlmQuery) query = NULL;
  AlmSqlStep step;

  if (self->scopes != NULL)
    return TRUE;

  self->scopes = g_ptr_array_new_with_free_func (g_free);
  query = alm_db_query (self->db, "SELECT scope, seq, n, sums, chain FROM scopes");
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    if (!read_scope (self, query, error))
      {
        step = ALM_SQL_STEP_ERROR;
        break;
      }

  for (guint i = 0; i < self->scopes->len && step != ALM_SQL_STEP_ERROR; i++)
    {
      AlmHubScopeState *scope = self->scopes->pdata[i];

      scope->shown.name = alm_hub_name_of (self, scope->number, error);
      if (scope->shown.name == NULL)
        step = ALM_SQL_STEP_ERROR;
    }

  if (step == ALM_SQL_STEP_ERROR)
    {
      forget_scopes (self);
      return FALSE;
    }
  show_scopes (self);

  return TRUE;
}

/* NULL with G_IO_ERROR_NOT_FOUND where there is none. */
AlmHubScopeState *
alm_hub_find_scope (AlmHub      *self,
                    const char  *name,
                    GError     **error)
{
  if (!read_scopes (self, error))
    return NULL;

  for (guint i = 0; i < self->scopes->len; i++)
    {
      AlmHubScopeState *scope = self->scopes->pdata[i];

      if (scope->shown.name == name || strcmp (scope->shown.name, name) == 0)
        return scope;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no scope %s", name);

  return NULL;
}

/* Call before the first change of a scope's state. */
void
alm_hub_touch_scope (AlmHub           *self,
                     AlmHubScopeState *scope)
{
  g_assert (self->writing);

  if (scope->saved_at != self->mark)
    {
      scope->saved_at = self->mark;
      scope->saved = scope->shown;
      memcpy (scope->saved_chain, scope->chain, sizeof scope->chain);
    }
  scope->dirty = TRUE;
}

static gboolean
write_scope (AlmHub            *self,
             AlmHubScopeState  *scope,
             GError           **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO scopes VALUES (:scope, :seq, :n, :sums, :chain)"
                            " ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq,"
                            " n = excluded.n, sums = excluded.sums, chain = excluded.chain");
  guint64 sums[ALM_DIGEST_CLASSES];

  for (guint i = 0; i < ALM_DIGEST_CLASSES; i++)
    sums[i] = GUINT64_TO_BE (scope->shown.digest.sums[i]);

  alm_sql_bind_int (query, ":scope", scope->number);
  alm_sql_bind_int (query, ":seq", scope->shown.seq);
  alm_sql_bind_int (query, ":n", scope->shown.digest.n);
  alm_sql_bind_blob (query, ":sums", sums, sizeof sums);
  alm_sql_bind_blob (query, ":chain", scope->chain, sizeof scope->chain);

  return alm_sql_run (query, error);
}

static void
hub_rollback (AlmServerStore *store)
{
  AlmHub *self = (AlmHub *) store;

  alm_db_rollback (self->db);
  forget_scopes (self);
  if (self->writing)
    forget_names (self);
  self->writing = FALSE;
}

static gboolean
hub_begin (AlmServerStore  *store,
           gboolean         write,
           GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  if (!alm_db_begin (self->db, error))
    return FALSE;

  self->writing = write;
  self->mark = 1;
  self->new_names = FALSE;
  /* A reader sees what others have written since. */
  if (!self->db->writable)
    forget_scopes (self);

  return TRUE;
}

static gboolean
hub_commit (AlmServerStore  *store,
            GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  for (guint i = 0; self->scopes != NULL && i < self->scopes->len; i++)
    {
      AlmHubScopeState *scope = self->scopes->pdata[i];

      if (scope->dirty && !write_scope (self, scope, error))
        {
          hub_rollback (store);
          return FALSE;
        }
    }

  if (!alm_db_commit (self->db, error))
    {
      hub_rollback (store);
      return FALSE;
    }

  for (guint i = 0; self->scopes != NULL && i < self->scopes->len; i++)
    {
      AlmHubScopeState *scope = self->scopes->pdata[i];

      scope->dirty = FALSE;
      scope->saved_at = 0;
      scope->made_at = 0;
    }
  self->writing = FALSE;

  return TRUE;
}

static gboolean
run_plain (AlmHub      *self,
           const char  *sql,
           GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);

  return alm_sql_run (query, error);
}

static gboolean
hub_mark (AlmServerStore  *store,
          GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  self->mark++;
  self->new_names = FALSE;

  return run_plain (self, "SAVEPOINT command", error);
}

static gboolean
hub_keep (AlmServerStore  *store,
          GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  /* What is changed from here on belongs to no mark that could be taken back. */
  self->mark++;

  return run_plain (self, "RELEASE command", error);
}

static gboolean
hub_take_back (AlmServerStore  *store,
               GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  if (!run_plain (self, "ROLLBACK TO command", error)
      || !run_plain (self, "RELEASE command", error))
    return FALSE;

  for (guint i = self->scopes != NULL ? self->scopes->len : 0; i-- > 0;)
    {
      AlmHubScopeState *scope = self->scopes->pdata[i];

      if (scope->made_at == self->mark)
        {
          g_ptr_array_remove_index (self->scopes, i);
          continue;
        }
      if (scope->saved_at == self->mark)
        {
          scope->shown = scope->saved;
          memcpy (scope->chain, scope->saved_chain, sizeof scope->chain);
          scope->saved_at = 0;
        }
    }
  if (self->scopes != NULL)
    show_scopes (self);
  if (self->new_names)
    forget_names (self);
  self->mark++;

  return TRUE;
}

static gboolean
hub_get_info (AlmServerStore  *store,
              const char      *name,
              char           **value,
              GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "SELECT value FROM info WHERE name = :name");
  AlmSqlStep step;

  *value = NULL;
  alm_sql_bind_text (query, ":name", name);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    *value = g_strdup (alm_sql_get_text (query, 0));

  return step != ALM_SQL_STEP_ERROR;
}

/* Noting another "epoch" also notes where each scope stands when it begins. */
static gboolean
hub_set_info (AlmServerStore  *store,
              const char      *name,
              const char      *value,
              GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  {
    g_autoptr (AlmQuery) query =
      alm_db_query (self->db, "INSERT INTO info VALUES (:name, :value)"
                              " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

    alm_sql_bind_text (query, ":name", name);
    alm_sql_bind_text (query, ":value", value);
    if (!alm_sql_run (query, error))
      return FALSE;
  }

  if (strcmp (name, "epoch") != 0)
    return TRUE;
  if (!read_scopes (self, error))
    return FALSE;

  /* The line without a scope says that the epoch is one of ours, scopes or none. */
  for (int i = -1; i < (int) self->scopes->len; i++)
    {
      const AlmHubScopeState *scope = i < 0 ? NULL : self->scopes->pdata[i];
      g_autoptr (AlmQuery) query =
        alm_db_query (self->db, "INSERT INTO epochs (epoch, scope, began)"
                                " VALUES (:epoch, :scope, :began)");

      alm_sql_bind_text (query, ":epoch", value);
      alm_sql_bind_text (query, ":scope", scope != NULL ? scope->shown.name : "");
      alm_sql_bind_int (query, ":began", scope != NULL ? scope->shown.seq : 0);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

/* A scope that was not there when an epoch began has everything of it since: 0. */
static gboolean
hub_get_began (AlmServerStore  *store,
               const char      *epoch,
               const char      *scope,
               gint64          *began,
               GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db,
                  "SELECT known.last,"
                  " (SELECT min (coalesce ((SELECT began FROM epochs AS here"
                  "   WHERE here.epoch = later.epoch AND here.scope = :scope), 0))"
                  "  FROM epochs AS later WHERE later.i > known.last AND later.scope = '')"
                  " FROM (SELECT max (i) AS last FROM epochs WHERE epoch = :epoch) AS known");

  alm_sql_bind_text (query, ":epoch", epoch);
  alm_sql_bind_text (query, ":scope", scope);
  if (alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;

  if (alm_sql_is_null (query, 0))
    *began = 0;
  else
    *began = alm_sql_is_null (query, 1) ? -1 : alm_sql_get_int (query, 1);

  return TRUE;
}

static gboolean
hub_list_scopes (AlmServerStore  *store,
                 GPtrArray      **scopes,
                 GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  if (!read_scopes (self, error))
    return FALSE;
  *scopes = self->shown;

  return TRUE;
}

/* *scope NULL: there is none. */
static gboolean
hub_get_scope (AlmServerStore     *store,
               const char         *name,
               const AlmHubScope **scope,
               GError            **error)
{
  AlmHub *self = (AlmHub *) store;
  AlmHubScopeState *found;

  *scope = NULL;
  if (!read_scopes (self, error))
    return FALSE;

  found = alm_hub_find_scope (self, name, NULL);
  if (found != NULL)
    *scope = &found->shown;

  return TRUE;
}

/* Fine if there is one already. */
static gboolean
hub_make_scope (AlmServerStore  *store,
                const char      *name,
                GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  AlmHubScopeState *scope;

  if (!read_scopes (self, error))
    return FALSE;
  if (alm_hub_find_scope (self, name, NULL) != NULL)
    return TRUE;

  scope = g_new0 (AlmHubScopeState, 1);
  g_ptr_array_add (self->scopes, scope);
  scope->made_at = self->mark;
  if (!alm_hub_number_of (self, name, TRUE, &scope->number, error))
    {
      g_ptr_array_remove_index (self->scopes, self->scopes->len - 1);
      return FALSE;
    }
  scope->shown.name = g_intern_string (name);
  scope->dirty = TRUE;
  show_scopes (self);

  return TRUE;
}

static gboolean
hub_raise_seq (AlmServerStore  *store,
               const char      *scope,
               gint64           seq,
               gint64          *now,
               GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  AlmHubScopeState *found = alm_hub_find_scope (self, scope, error);

  if (found == NULL)
    return FALSE;
  alm_hub_touch_scope (self, found);
  found->shown.seq = MAX (found->shown.seq + 1, seq);
  *now = found->shown.seq;

  return TRUE;
}

static void
hub_close (AlmServerStore *store)
{
  AlmHub *self = (AlmHub *) store;

  forget_scopes (self);
  g_hash_table_unref (self->numbers);
  g_ptr_array_unref (self->names);
  g_clear_pointer (&self->db, alm_db_close);
  g_free (self);
}

static const AlmServerStoreApi api = {
  .close = hub_close,
  .begin = hub_begin,
  .commit = hub_commit,
  .rollback = hub_rollback,
  .mark = hub_mark,
  .keep = hub_keep,
  .take_back = hub_take_back,
  .get_info = hub_get_info,
  .set_info = hub_set_info,
  .get_began = hub_get_began,
  .list_scopes = hub_list_scopes,
  .get_scope = hub_get_scope,
  .make_scope = hub_make_scope,
  .raise_seq = hub_raise_seq,
  .get_record = alm_hub_get_record,
  .put_record = alm_hub_put_record,
  .feed = alm_hub_feed,
  .list_conflicts = alm_hub_list_conflicts,
  .list_same_key = alm_hub_list_same_key,
  .reclassify = alm_hub_reclassify,
  .history = alm_hub_history,
  .changed_since = alm_hub_changed_since,
  .is_maker = alm_hub_is_maker,
  .erase = alm_hub_erase,
  .add_erasure = alm_hub_add_erasure,
  .list_erasures = alm_hub_list_erasures,
  .list_owing = alm_hub_list_owing,
  .note_seen = alm_hub_note_seen,
  .add_reader = alm_hub_add_reader,
  .copy_reader = alm_hub_copy_reader,
  .end_reader = alm_hub_end_reader,
  .list_about = alm_hub_list_about,
  .blank_outcomes = alm_hub_blank_outcomes,
  .list_fields = alm_hub_list_fields,
  .wipe = alm_hub_wipe,
  .get_outcome = alm_hub_get_outcome,
  .put_outcome = alm_hub_put_outcome,
  .get_tally = alm_hub_get_tally,
  .set_tally = alm_hub_set_tally,
  .add_deletion = alm_hub_add_deletion,
  .count_deletions = alm_hub_count_deletions,
  .get_desk = alm_hub_get_desk,
  .put_desk = alm_hub_put_desk,
  .list_desks = alm_hub_list_desks,
  .get_token = alm_hub_get_token,
  .put_token = alm_hub_put_token,
  .retire_token = alm_hub_retire_token,
  .drop_token = alm_hub_drop_token,
  .drop_tokens_of = alm_hub_drop_tokens_of,
  .get_account = alm_hub_get_account,
  .put_account = alm_hub_put_account,
  .list_accounts = alm_hub_list_accounts,
  .list_grants = alm_hub_list_grants,
  .set_grants = alm_hub_set_grants,
  .add_audit = alm_hub_add_audit,
  .list_audit = alm_hub_list_audit,
  .list_naming = alm_hub_list_naming,
  .is_uploader = alm_hub_is_uploader,
  .put_upload = alm_hub_put_upload,
  .count_unnamed = alm_hub_count_unnamed,
  .list_unnamed = alm_hub_list_unnamed,
  .list_erased_blobs = alm_hub_list_erased_blobs,
  .forget_blob = alm_hub_forget_blob,
};

/* The server's database in the folder @dir. */
AlmServerStore *
alm_hub_open (const char   *dir,
              AlmHubFlags   flags,
              GError      **error)
{
  AlmDbFlags db_flags = ALM_DB_READ;
  AlmHub *self;
  AlmDb *db;

  g_return_val_if_fail (dir != NULL, NULL);

  if ((flags & ALM_HUB_WRITE) != 0)
    db_flags |= ALM_DB_WRITE;
  if ((flags & ALM_HUB_CREATE) != 0)
    db_flags |= ALM_DB_CREATE;
  if ((flags & ALM_HUB_FROZEN) != 0)
    db_flags |= ALM_DB_FROZEN;
  db = alm_db_open (dir, ALM_HUB_FILE, db_flags, migrations, G_N_ELEMENTS (migrations), error);
  if (db == NULL)
    return NULL;

  self = g_new0 (AlmHub, 1);
  self->parent.api = &api;
  self->db = db;
  self->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->names = g_ptr_array_new ();

  return &self->parent;
}

gboolean
alm_hub_exists (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, ALM_HUB_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}
