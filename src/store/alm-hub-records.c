/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's records: written with their place in the feed, their digest,
 * business key and open conflicts; read with a check of their hash.
 *
 * Invariants:
 *   1. A scope's digest is the sum over its rows in `records`, always.
 *   2. `proposals` names exactly the open conflicts that are not deleted.
 *   3. Fields of class personal stand in body_p and set_p, and nowhere else. */

#include "config.h"

#include "alm-hub-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define CONFLICT "conflict"

/* What of a record's fields goes where. */
typedef struct
{
  char *body;
  char *personal;   /* NULL if there is nothing personal */
} Parts;

static void
parts_clear (Parts *self)
{
  g_free (self->body);
  g_free (self->personal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static gboolean
has_personal (const AlmModel *model)
{
  for (guint i = 0; model != NULL && i < alm_model_get_n_fields (model); i++)
    if (alm_model_get_field (model, i)->class_ == ALM_CLASS_PERSONAL)
      return TRUE;

  return FALSE;
}

static void
split (const AlmValue *fields,
       const AlmModel *model,
       AlmClass        whole,
       Parts          *parts)
{
  if (whole == ALM_CLASS_PERSONAL)
    {
      parts->body = g_strdup ("{}");
      parts->personal = alm_value_to_text (fields);
    }
  else if (whole == 0 && has_personal (model))
    {
      g_autoptr (AlmValue) open = alm_fields_of_class (model, fields, ~(guint) ALM_CLASS_PERSONAL);
      g_autoptr (AlmValue) personal = alm_fields_of_class (model, fields, ALM_CLASS_PERSONAL);

      parts->body = alm_value_to_text (open);
      if (alm_value_get_size (personal) > 0)
        parts->personal = alm_value_to_text (personal);
    }
  else
    parts->body = alm_value_to_text (fields);
}

static guint64
hash_row (const AlmId *id,
          gint64       scope,
          gint64       kind,
          gint64       ver,
          gboolean     deleted,
          const char  *body,
          const char  *personal)
{
  g_autoptr (GString) text = g_string_sized_new (512);

  g_string_append_len (text, (const char *) id->bytes, sizeof id->bytes);
  g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %d ", scope, kind, ver, deleted);
  g_string_append_len (text, body, (gssize) strlen (body) + 1);
  if (personal != NULL)
    g_string_append (text, personal);

  return alm_hash_64 (text->str, text->len);
}

gboolean
alm_hub_check_row (AlmSql  *query,
                   AlmId   *id,
                   GError **error)
{
  gsize id_size;
  gsize hash_size;
  gconstpointer id_bytes = alm_sql_get_blob (query, 0, &id_size);
  gconstpointer hash_bytes = alm_sql_get_blob (query, 7, &hash_size);
  const char *body = alm_sql_get_text (query, 5);
  guint64 hash;

  if (id_size != sizeof id->bytes || hash_size != sizeof hash || body == NULL)
    {
      alm_hub_set_corrupt (error, "A record is damaged");
      return FALSE;
    }
  memcpy (id->bytes, id_bytes, id_size);
  memcpy (&hash, hash_bytes, sizeof hash);
  if (GUINT64_FROM_BE (hash)
      != hash_row (id, alm_sql_get_int (query, 1), alm_sql_get_int (query, 2),
                   alm_sql_get_int (query, 3), alm_sql_get_int (query, 4) != 0, body,
                   alm_sql_get_text (query, 6)))
    {
      char text[ALM_ID_TEXT_SIZE];

      alm_id_print (id, text);
      alm_hub_set_corrupt (error, "Record %s is damaged: its hash is another", text);
      return FALSE;
    }

  return TRUE;
}

/* All fields, from both columns; (transfer full). */
AlmValue *
alm_hub_join_parts (const char  *body,
                    const char  *personal,
                    GError     **error)
{
  g_autoptr (AlmValue) fields = alm_json_parse (body, -1, NULL, error);
  g_autoptr (AlmValue) more = NULL;

  if (fields == NULL || personal == NULL)
    return g_steal_pointer (&fields);

  more = alm_json_parse (personal, -1, NULL, error);
  if (more == NULL)
    return NULL;
  for (guint i = 0; i < alm_value_get_size (more); i++)
    alm_value_set (fields, alm_value_get_key (more, i),
                   alm_value_ref (alm_value_get_item (more, i)));

  return g_steal_pointer (&fields);
}

gboolean
alm_hub_get_record (AlmServerStore  *store,
                    const AlmId     *id,
                    AlmHubRecord   **record,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT id, scope, kind, ver, del, body, body_p, hash FROM records"
                            " WHERE id = :id");
  g_autofree AlmHubRecord *found = NULL;
  AlmSqlStep step;

  *record = NULL;
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_DONE)
    return TRUE;

  found = g_new0 (AlmHubRecord, 1);
  if (step == ALM_SQL_STEP_ERROR || !alm_hub_check_row (query, &found->id, error))
    return FALSE;

  found->scope = alm_hub_name_of (self, alm_sql_get_int (query, 1), error);
  if (found->scope == NULL)
    return FALSE;
  found->kind = alm_hub_name_of (self, alm_sql_get_int (query, 2), error);
  if (found->kind == NULL)
    return FALSE;
  found->ver = alm_sql_get_int (query, 3);
  found->deleted = alm_sql_get_int (query, 4) != 0;
  found->fields = alm_hub_join_parts (alm_sql_get_text (query, 5), alm_sql_get_text (query, 6),
                                      error);
  if (found->fields == NULL)
    return FALSE;
  found->size = strlen (alm_sql_get_text (query, 5));
  *record = g_steal_pointer (&found);

  return TRUE;
}

static gboolean
write_row (AlmHub              *self,
           const AlmHubRecord  *record,
           gboolean             is_new,
           gint64               scope,
           const Parts         *parts,
           GError             **error)
{
  g_autoptr (AlmQuery) query = NULL;
  guint64 hash;
  gint64 kind;

  if (!alm_hub_number_of (self, record->kind, TRUE, &kind, error))
    return FALSE;

  query = alm_db_query (self->db, is_new
                        ? "INSERT INTO records (id, scope, kind, ver, del, body, body_p, hash)"
                          " VALUES (:id, :scope, :kind, :ver, :del, :body, :body_p, :hash)"
                        : "UPDATE records SET scope = :scope, kind = :kind, ver = :ver,"
                          " del = :del, body = :body, body_p = :body_p, hash = :hash"
                          " WHERE id = :id");
  hash = GUINT64_TO_BE (hash_row (&record->id, scope, kind, record->ver, record->deleted,
                                  parts->body, parts->personal));
  alm_sql_bind_blob (query, ":id", record->id.bytes, sizeof record->id.bytes);
  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":kind", kind);
  alm_sql_bind_int (query, ":ver", record->ver);
  alm_sql_bind_int (query, ":del", record->deleted);
  alm_sql_bind_text (query, ":body", parts->body);
  alm_sql_bind_text (query, ":body_p", parts->personal);
  alm_sql_bind_blob (query, ":hash", &hash, sizeof hash);

  return alm_sql_run (query, error);
}

static void
count (AlmHubScopeState   *scope,
       const AlmHubRecord *before,
       const AlmHubRecord *after,
       const AlmModel     *model,
       AlmClass            whole)
{
  AlmDigest gone = { 0 };

  if (before != NULL)
    {
      alm_digest_add (&gone, &before->id, before->ver, before->kind, before->deleted,
                      before->fields, model, whole);
      alm_digest_subtract (&scope->shown.digest, &gone);
    }
  if (!ALM_PLANTED ("sums-stale"))
    alm_digest_add (&scope->shown.digest, &after->id, after->ver, after->kind, after->deleted,
                    after->fields, model, whole);
}

/* A number for the values of the business key; FALSE where the record has none. */
static gboolean
hash_key (const AlmModel *model,
          const AlmValue *fields,
          gint64         *key)
{
  char **names = model != NULL ? alm_model_get_key (model) : NULL;
  g_autoptr (GString) text = NULL;

  if (names == NULL)
    return FALSE;

  text = g_string_new (NULL);
  for (char **name = names; *name != NULL; name++)
    {
      const AlmValue *value = alm_value_get (fields, *name);

      if (value == NULL)
        return FALSE;
      alm_value_print (value, text);
      g_string_append_c (text, '\0');
    }
  *key = (gint64) alm_hash_64 (text->str, text->len);

  return TRUE;
}

static gboolean
write_key (AlmHub              *self,
           const char          *sql,
           const AlmHubRecord  *record,
           gint64               key,
           GError             **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);
  gint64 kind;

  if (!alm_hub_number_of (self, record->kind, TRUE, &kind, error))
    return FALSE;
  alm_sql_bind_int (query, ":kind", kind);
  alm_sql_bind_int (query, ":key", key);
  alm_sql_bind_blob (query, ":id", record->id.bytes, sizeof record->id.bytes);

  return alm_sql_run (query, error);
}

/* The key of a deleted record is free. */
static gboolean
update_key (AlmHub              *self,
            const AlmHubRecord  *before,
            const AlmHubRecord  *after,
            const AlmModel      *model,
            GError             **error)
{
  gint64 old_key = 0;
  gint64 new_key = 0;
  gboolean had = before != NULL && !before->deleted && hash_key (model, before->fields, &old_key);
  gboolean has = !after->deleted && hash_key (model, after->fields, &new_key);

  if (had && has && old_key == new_key)
    return TRUE;
  if (had && !write_key (self, "DELETE FROM keys WHERE kind = :kind AND key = :key AND id = :id",
                         before, old_key, error))
    return FALSE;

  return !has || write_key (self, "INSERT OR IGNORE INTO keys VALUES (:kind, :key, :id)",
                            after, new_key, error);
}

static gboolean
update_proposal (AlmHub              *self,
                 const AlmHubRecord  *conflict,
                 GError             **error)
{
  gboolean open = !conflict->deleted
                  && g_strcmp0 (alm_value_get_text_of (conflict->fields, "state"), "open") == 0;
  g_autoptr (AlmQuery) query = NULL;
  AlmId record;

  if (!alm_id_parse (&record, alm_value_get_text_of (conflict->fields, "record")))
    return TRUE;

  query = alm_db_query (self->db, open
                        ? "INSERT OR IGNORE INTO proposals VALUES (:record, :id)"
                        : "DELETE FROM proposals WHERE record = :record AND id = :id");
  alm_sql_bind_blob (query, ":record", record.bytes, sizeof record.bytes);
  alm_sql_bind_blob (query, ":id", conflict->id.bytes, sizeof conflict->id.bytes);

  return alm_sql_run (query, error);
}

static gboolean
store_record (AlmHub              *self,
              AlmHubScopeState    *scope,
              const AlmHubRecord  *before,
              AlmHubRecord        *after,
              const AlmModel      *model,
              AlmClass             whole,
              GError             **error)
{
  g_auto (Parts) parts = { 0 };

  alm_hub_touch_scope (self, scope);
  after->ver = ++scope->shown.seq;
  count (scope, before, after, model, whole);
  split (after->fields, model, whole, &parts);

  return write_row (self, after, before == NULL, scope->number, &parts, error)
         && update_key (self, before, after, model, error)
         && alm_hub_note_blobs (self, &after->id, after->fields, parts.body, parts.personal,
                                error)
         && (strcmp (after->kind, CONFLICT) != 0 || update_proposal (self, after, error));
}

/* Writes @after in the place of @before and says so in the history.  Both get
 * the scope's next number. */
gboolean
alm_hub_put_record (AlmServerStore      *store,
                    const AlmHubRecord  *before,
                    AlmHubRecord        *after,
                    const AlmModel      *model,
                    AlmClass             whole,
                    AlmHubEntry         *entry,
                    GError             **error)
{
  AlmHub *self = (AlmHub *) store;
  AlmHubScopeState *scope = alm_hub_find_scope (self, after->scope, error);

  if (scope == NULL || !store_record (self, scope, before, after, model, whole, error))
    return FALSE;

  entry->seq = after->ver;
  entry->id = after->id;

  return ALM_PLANTED ("history-lost")
         || alm_hub_add_history (self, scope, entry, model, whole, error);
}

gboolean
alm_hub_load_record (AlmServerStore  *store,
                     const AlmId     *id,
                     const char      *scope_name,
                     const char      *kind,
                     AlmValue        *fields,
                     const AlmModel  *model,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  AlmHubScopeState *scope = alm_hub_find_scope (self, scope_name, error);
  g_autoptr (AlmHubRecord) before = NULL;
  AlmHubRecord after = { .id = *id, .kind = kind, .fields = fields };

  if (scope == NULL || !alm_hub_get_record (store, id, &before, error))
    return FALSE;

  after.scope = scope->shown.name;
  if (before != NULL && before->scope != after.scope)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "The record is in scope %s already",
                   before->scope);
      return FALSE;
    }

  return store_record (self, scope, before, &after, model, 0, error);
}

gboolean
alm_hub_feed (AlmServerStore  *store,
              const char      *scope,
              gint64           after,
              int              limit,
              AlmHubRowFunc    func,
              gpointer         user_data,
              GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT id, scope, kind, ver, del, body, body_p, hash FROM records"
                            " WHERE scope = :scope AND ver > :after ORDER BY ver LIMIT :limit");
  AlmSqlStep step;
  gint64 number;

  if (!alm_hub_number_of (self, scope, FALSE, &number, error))
    return FALSE;
  after += after > 0 && ALM_PLANTED ("feed-skips");
  alm_sql_bind_int (query, ":scope", number);
  alm_sql_bind_int (query, ":after", after);
  alm_sql_bind_int (query, ":limit", limit);

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      GError *stopped = NULL;
      AlmHubRow row;
      AlmId id;

      if (!alm_hub_check_row (query, &id, error))
        return FALSE;
      row.id = &id;
      row.kind = alm_hub_name_of (self, alm_sql_get_int (query, 2), error);
      if (row.kind == NULL)
        return FALSE;
      row.ver = alm_sql_get_int (query, 3);
      row.deleted = alm_sql_get_int (query, 4) != 0;
      row.body = alm_sql_get_text (query, 5);
      row.personal = alm_sql_get_text (query, 6);
      if (!func (&row, user_data, &stopped))
        {
          if (stopped != NULL)
            g_propagate_error (error, stopped);
          return stopped == NULL;
        }
    }

  return step == ALM_SQL_STEP_DONE;
}

/* The one blob of each row, as ids. */
gboolean
alm_hub_collect_ids (AlmSql  *query,
                     GArray  *ids,
                     GError **error)
{
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      gsize size;
      gconstpointer bytes = alm_sql_get_blob (query, 0, &size);

      if (size != sizeof (AlmId))
        {
          alm_hub_set_corrupt (error, "An id is damaged");
          return FALSE;
        }
      g_array_append_vals (ids, bytes, 1);
    }

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_hub_list_conflicts (AlmServerStore  *store,
                        const AlmId     *record,
                        GArray         **ids,
                        GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT id FROM proposals WHERE record = :record ORDER BY id");
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AlmId));

  alm_sql_bind_blob (query, ":record", record->bytes, sizeof record->bytes);
  if (!alm_hub_collect_ids (query, found, error))
    return FALSE;
  *ids = g_steal_pointer (&found);

  return TRUE;
}

gboolean
alm_hub_list_same_key (AlmServerStore      *store,
                       const AlmModel      *model,
                       const AlmHubRecord  *record,
                       GArray             **ids,
                       GError             **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (AlmQuery) query = NULL;
  gint64 kind;
  gint64 key;

  if (!hash_key (model, record->fields, &key))
    {
      *ids = g_steal_pointer (&found);
      return TRUE;
    }

  query = alm_db_query (self->db, "SELECT id FROM keys WHERE kind = :kind AND key = :key"
                                  " AND id <> :id ORDER BY id");
  if (!alm_hub_number_of (self, record->kind, FALSE, &kind, error))
    return FALSE;
  alm_sql_bind_int (query, ":kind", kind);
  alm_sql_bind_int (query, ":key", key);
  alm_sql_bind_blob (query, ":id", record->id.bytes, sizeof record->id.bytes);
  if (!alm_hub_collect_ids (query, found, error))
    return FALSE;
  *ids = g_steal_pointer (&found);

  return TRUE;
}

typedef struct
{
  const char *kind;
  GPtrArray  *records;   /* (element-type AlmHubRecord): of the kind, and conflicts about it */
} Reclassify;

/* A conflict is as a whole of the class of its field; 0 for all other kinds. */
static AlmClass
class_of_whole (const AlmHubRecord *record,
                const AlmModel     *model)
{
  return strcmp (record->kind, CONFLICT) == 0 ? alm_conflict_class (model, record->fields) : 0;
}

static gboolean
keep_row_cb (const AlmHubRow  *row,
             gpointer          user_data,
             GError          **error)
{
  Reclassify *self = user_data;
  gboolean conflict = strcmp (row->kind, CONFLICT) == 0;
  g_autoptr (AlmHubRecord) record = NULL;

  if (strcmp (row->kind, self->kind) != 0 && !conflict)
    return TRUE;

  record = g_new0 (AlmHubRecord, 1);
  record->id = *row->id;
  record->ver = row->ver;
  record->deleted = row->deleted;
  record->kind = row->kind;
  record->fields = alm_hub_join_parts (row->body, row->personal, error);
  if (record->fields == NULL)
    return FALSE;
  if (!conflict || g_strcmp0 (alm_value_get_text_of (record->fields, "kind"), self->kind) == 0)
    g_ptr_array_add (self->records, g_steal_pointer (&record));

  return TRUE;
}

static gboolean
reclassify_record (AlmHub            *self,
                   AlmHubScopeState  *scope,
                   AlmHubRecord      *record,
                   const AlmModel    *before,
                   const AlmModel    *after,
                   GError           **error)
{
  AlmClass whole = class_of_whole (record, after);
  const AlmModel *model = whole != 0 ? NULL : after;
  g_auto (Parts) parts = { 0 };
  AlmDigest gone = { 0 };

  alm_digest_add (&gone, &record->id, record->ver, record->kind, record->deleted, record->fields,
                  whole != 0 ? NULL : before, class_of_whole (record, before));
  alm_digest_subtract (&scope->shown.digest, &gone);
  alm_digest_add (&scope->shown.digest, &record->id, record->ver, record->kind, record->deleted,
                  record->fields, model, whole);
  split (record->fields, model, whole, &parts);

  return write_row (self, record, FALSE, scope->number, &parts, error)
         && alm_hub_split_history (self, &record->id, model, whole, error);
}

/* Fields move between the columns and the sums of their classes, in the record and in
 * its history; the versions stay. */
static gboolean
reclassify_scope (AlmHub            *self,
                  AlmHubScopeState  *scope,
                  const AlmModel    *before,
                  const AlmModel    *after,
                  GError           **error)
{
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_record_free);
  Reclassify context = { alm_model_get_name (after), records };

  if (!alm_hub_feed (&self->parent, scope->shown.name, 0, -1, keep_row_cb, &context, error))
    return FALSE;
  if (records->len > 0)
    alm_hub_touch_scope (self, scope);

  for (guint i = 0; i < records->len; i++)
    if (!reclassify_record (self, scope, records->pdata[i], before, after, error))
      return FALSE;

  return TRUE;
}

gboolean
alm_hub_reclassify (AlmServerStore  *store,
                    const AlmModel  *before,
                    const AlmModel  *after,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  GPtrArray *scopes;

  if (!store->api->list_scopes (store, &scopes, error))
    return FALSE;

  for (guint i = 0; i < scopes->len; i++)
    {
      const AlmHubScope *shown = scopes->pdata[i];
      AlmHubScopeState *scope = alm_hub_find_scope (self, shown->name, error);

      if (scope == NULL || !reclassify_scope (self, scope, before, after, error))
        return FALSE;
    }

  return TRUE;
}
