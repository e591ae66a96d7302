/* SPDX-License-Identifier: EUPL-1.2 */

/* The rows of `records` and `shadow`.
 *
 * Invariants:
 *   1. `body` and `body_p` are canonical; the fields of class `personal`, and
 *      only they, stand in `body_p`, which is NULL where there are none.
 *   2. `hash` is the first 8 bytes of BLAKE2b-128 over the row; a row whose hash
 *      does not fit is never shown as if it were sound.
 *   3. Derived rows are written in the transaction of their record. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-json.h"
#include "alm-store-error.h"

#include <sodium.h>
#include <string.h>

/* The columns of read_row(), in that order. */
#define ROW_COLUMNS "rid, id, scope, kind, ver, del, body, body_p, hash"

void
alm_desk_hash (const AlmId *id,
               gint64       scope,
               gint64       kind,
               gint64       ver,
               gboolean     deleted,
               const char  *body,
               const char  *body_p,
               guint8       hash[8])
{
  crypto_generichash_state state;
  guint8 long_hash[16];
  gint64 numbers[4] = { GINT64_TO_LE (scope), GINT64_TO_LE (kind), GINT64_TO_LE (ver),
                        GINT64_TO_LE ((gint64) (deleted != FALSE)) };

  crypto_generichash_init (&state, NULL, 0, sizeof long_hash);
  crypto_generichash_update (&state, id->bytes, sizeof id->bytes);
  crypto_generichash_update (&state, (const guint8 *) numbers, sizeof numbers);
  crypto_generichash_update (&state, (const guint8 *) body, strlen (body) + 1);
  if (body_p != NULL)
    crypto_generichash_update (&state, (const guint8 *) body_p, strlen (body_p));
  crypto_generichash_final (&state, long_hash, sizeof long_hash);
  memcpy (hash, long_hash, 8);
}

/* The value is kept, so that its address stays its own, and is constant. */
const char *
alm_desk_print (AlmDesk   *self,
                AlmValue  *value)
{
  if (self->printed != value)
    {
      g_clear_pointer (&self->printed, alm_value_unref);
      g_free (self->printed_text);
      self->printed = alm_value_ref (value);
      self->printed_text = alm_value_to_text (value);
    }

  return self->printed_text;
}

/* *body_p is NULL where nothing is personal. */
void
alm_desk_split (AlmDesk         *self,
                const char      *kind,
                const AlmValue  *fields,
                char           **body,
                char           **body_p)
{
  AlmModel *model = alm_desk_get_model (self, kind);
  g_autoptr (AlmValue) open = NULL;
  g_autoptr (AlmValue) personal = NULL;
  guint n = alm_value_get_size (fields);

  *body_p = NULL;
  for (guint i = 0; model != NULL && i < n; i++)
    {
      const char *name = alm_value_get_key (fields, i);
      const AlmField *field = alm_model_find_field (model, name);

      if (field == NULL || field->class_ != ALM_CLASS_PERSONAL)
        continue;

      if (personal == NULL)
        personal = alm_value_new_object ();
      alm_value_set (personal, name, alm_value_ref (alm_value_get_item (fields, i)));
    }

  if (personal == NULL)
    {
      *body = g_strdup (alm_desk_print (self, (AlmValue *) fields));
      return;
    }

  open = alm_value_new_object ();
  for (guint i = 0; i < n; i++)
    if (alm_value_get (personal, alm_value_get_key (fields, i)) == NULL)
      alm_value_set (open, alm_value_get_key (fields, i),
                     alm_value_ref (alm_value_get_item (fields, i)));
  *body = alm_value_to_text (open);
  *body_p = alm_value_to_text (personal);
}

AlmValue *
alm_desk_parse_body (const char  *body,
                     const char  *body_p,
                     GError     **error)
{
  g_autoptr (AlmValue) fields = alm_json_parse (body, -1, NULL, error);
  g_autoptr (AlmValue) personal = NULL;
  g_autoptr (AlmValue) all = NULL;

  if (fields == NULL || body_p == NULL)
    return g_steal_pointer (&fields);

  personal = alm_json_parse (body_p, -1, NULL, error);
  if (personal == NULL)
    return NULL;

  all = alm_value_copy (fields);
  for (guint i = 0; i < alm_value_get_size (personal); i++)
    alm_value_set (all, alm_value_get_key (personal, i),
                   alm_value_ref (alm_value_get_item (personal, i)));

  return g_steal_pointer (&all);
}

static gboolean
say_damaged (const AlmId  *id,
             const char   *what,
             GError      **error)
{
  g_autofree char *text = alm_id_to_text (id);

  g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
               "record %s is damaged: %s", text, what);

  return FALSE;
}

/* Fills @row from columns ver, del, body, body_p, hash, the first being @column;
 * its id, scope and kind are there. */
static gboolean
read_state (AlmDesk  *self,
            AlmSql   *sql,
            int       column,
            AlmRow   *row,
            GError  **error)
{
  const char *body = alm_sql_get_text (sql, column + 2);
  const char *body_p = alm_sql_get_text (sql, column + 3);
  g_autoptr (GError) reason = NULL;
  guint8 hash[8];
  gconstpointer kept;
  gsize length;

  row->ver = alm_sql_get_int (sql, column);
  row->deleted = alm_sql_get_int (sql, column + 1) != 0;
  kept = alm_sql_get_blob (sql, column + 4, &length);
  if (body == NULL)
    return say_damaged (&row->id, "it has no body", error);

  /* Both names have just been read, so their numbers are known. */
  alm_desk_hash (&row->id, alm_desk_find_name (self, row->scope, NULL),
                 alm_desk_find_name (self, row->kind, NULL), row->ver, row->deleted,
                 body, body_p, hash);
  if (length != sizeof hash || memcmp (kept, hash, sizeof hash) != 0)
    return say_damaged (&row->id, "its hash does not fit", error);

  row->fields = alm_desk_parse_body (body, body_p, &reason);
  if (row->fields == NULL)
    return say_damaged (&row->id, reason->message, error);

  return TRUE;
}

AlmRow *
alm_desk_read_row (AlmDesk  *self,
                   AlmSql   *sql,
                   GError  **error)
{
  g_autoptr (AlmRow) row = g_new0 (AlmRow, 1);
  gconstpointer id;
  gsize length;

  row->rid = alm_sql_get_int (sql, 0);
  id = alm_sql_get_blob (sql, 1, &length);
  if (length != sizeof row->id.bytes)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                   "row %" G_GINT64_FORMAT " of the records is damaged", row->rid);
      return NULL;
    }
  memcpy (row->id.bytes, id, length);
  row->scope = g_strdup (alm_desk_get_name (self, alm_sql_get_int (sql, 2)));
  row->kind = g_strdup (alm_desk_get_name (self, alm_sql_get_int (sql, 3)));
  if (row->scope == NULL || row->kind == NULL)
    {
      say_damaged (&row->id, "its scope or kind has no name", error);
      return NULL;
    }

  return read_state (self, sql, 4, row, error) ? g_steal_pointer (&row) : NULL;
}

gboolean
alm_desk_check_row (AlmDesk  *self,
                    AlmSql   *sql,
                    AlmId    *id,
                    GError  **error)
{
  const char *body = alm_sql_get_text (sql, 6);
  gconstpointer bytes, kept;
  guint8 hash[8];
  gsize length;

  bytes = alm_sql_get_blob (sql, 1, &length);
  if (length != sizeof id->bytes)
    {
      g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
                   "row %" G_GINT64_FORMAT " of the records is damaged", alm_sql_get_int (sql, 0));
      return FALSE;
    }
  memcpy (id->bytes, bytes, length);

  if (alm_desk_get_name (self, alm_sql_get_int (sql, 2)) == NULL
      || alm_desk_get_name (self, alm_sql_get_int (sql, 3)) == NULL)
    return say_damaged (id, "its scope or kind has no name", error);
  if (body == NULL)
    return say_damaged (id, "it has no body", error);

  alm_desk_hash (id, alm_sql_get_int (sql, 2), alm_sql_get_int (sql, 3), alm_sql_get_int (sql, 4),
                 alm_sql_get_int (sql, 5) != 0, body, alm_sql_get_text (sql, 7), hash);
  kept = alm_sql_get_blob (sql, 8, &length);

  return (length == sizeof hash && memcmp (kept, hash, length) == 0)
         || say_damaged (id, "its hash does not fit", error);
}

gboolean
alm_desk_load (AlmDesk      *self,
               const AlmId  *id,
               AlmRow      **row,
               GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT " ROW_COLUMNS
                                             " FROM records WHERE id = :id");
  AlmSqlStep step;

  *row = NULL;
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  if (step == ALM_SQL_STEP_ROW)
    {
      *row = alm_desk_read_row (self, query, error);
      return *row != NULL;
    }

  return step == ALM_SQL_STEP_DONE;
}

/* The server's state of @row, if something of ours lies over it. */
gboolean
alm_desk_load_shadow (AlmDesk       *self,
                      const AlmRow  *row,
                      AlmRow       **shadow,
                      GError       **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT ver, del, body, body_p, hash"
                                             " FROM shadow WHERE id = :id");
  g_autoptr (AlmRow) state = NULL;
  AlmSqlStep step;

  *shadow = NULL;
  alm_sql_bind_blob (query, ":id", row->id.bytes, sizeof row->id.bytes);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_DONE;

  state = g_new0 (AlmRow, 1);
  state->id = row->id;
  state->rid = row->rid;
  state->scope = g_strdup (row->scope);
  state->kind = g_strdup (row->kind);
  if (!read_state (self, query, 0, state, error))
    return FALSE;

  *shadow = g_steal_pointer (&state);

  return TRUE;
}

/* ?1 to ?6 of each statement that writes a row. */
static void
bind_state (AlmSql        *query,
            const AlmRow  *row,
            const char    *body,
            const char    *body_p,
            const guint8   hash[8])
{
  alm_sql_bind_blob_at (query, 1, row->id.bytes, sizeof row->id.bytes);
  alm_sql_bind_int_at (query, 2, row->ver);
  alm_sql_bind_int_at (query, 3, row->deleted != FALSE);
  alm_sql_bind_text_at (query, 4, body);
  alm_sql_bind_text_at (query, 5, body_p);
  alm_sql_bind_blob_at (query, 6, hash, 8);
}

static gboolean
write_row (AlmDesk  *self,
           AlmRow   *row,
           gint64    scope,
           gint64    kind,
           GError  **error)
{
  g_autofree char *body = NULL;
  g_autofree char *body_p = NULL;
  g_autoptr (AlmQuery) query = NULL;
  gboolean is_new = row->rid == 0;
  guint8 hash[8];

  alm_desk_split (self, row->kind, row->fields, &body, &body_p);
  alm_desk_hash (&row->id, scope, kind, row->ver, row->deleted, body, body_p, hash);

  if (is_new)
    {
      query = alm_db_query (self->db,
                            "INSERT INTO records (id, scope, kind, ver, del, body, body_p, hash)"
                            " VALUES (?1, ?7, ?8, ?2, ?3, ?4, ?5, ?6)");
      bind_state (query, row, body, body_p, hash);
    }
  else
    {
      if (!alm_desk_keep_said (self, row, body, error))
        return FALSE;
      query = alm_db_query (self->db,
                            "UPDATE records SET scope = ?7, kind = ?8, ver = ?2, del = ?3,"
                            " body = ?4, body_p = ?5, hash = ?6 WHERE rid = ?9 AND id = ?1");
      bind_state (query, row, body, body_p, hash);
      alm_sql_bind_int_at (query, 9, row->rid);
    }
  alm_sql_bind_int_at (query, 7, scope);
  alm_sql_bind_int_at (query, 8, kind);
  if (!alm_sql_run (query, error))
    return FALSE;

  if (is_new)
    row->rid = sqlite3_last_insert_rowid (self->db->handle);

  return alm_desk_note_blobs (self, row, is_new, body, body_p, error);
}

gboolean
alm_desk_put (AlmDesk  *self,
              AlmRow   *row,
              GError  **error)
{
  gint64 scope = alm_desk_intern (self, row->scope, error);
  gint64 kind = scope > 0 ? alm_desk_intern (self, row->kind, error) : 0;
  gboolean is_new = row->rid == 0;

  g_assert (alm_db_is_inside (self->db));

  if (kind == 0 || !write_row (self, row, scope, kind, error))
    return FALSE;

  alm_desk_note_change (self, row->rid, row->kind);
  if (strcmp (row->kind, "model") == 0
      && (!alm_desk_load_models (self, error) || !alm_desk_derive_mark (self, error)))
    return FALSE;

  if (row->deleted)
    return is_new || alm_desk_derive_remove (self, row, error);

  return alm_desk_derive (self, row, is_new, error);
}

/* The columns of the other indexes are left alone, so that only that over the versions is
 * written.  A model of today may split the body otherwise. */
gboolean
alm_desk_put_same (AlmDesk  *self,
                   AlmRow   *row,
                   GError  **error)
{
  gint64 scope = alm_desk_intern (self, row->scope, error);
  gint64 kind = scope > 0 ? alm_desk_intern (self, row->kind, error) : 0;
  g_autofree char *body = NULL;
  g_autofree char *body_p = NULL;
  g_autoptr (AlmQuery) query = NULL;
  guint8 hash[8];

  g_assert (alm_db_is_inside (self->db) && row->rid != 0);

  if (kind == 0)
    return FALSE;

  alm_desk_split (self, row->kind, row->fields, &body, &body_p);
  alm_desk_hash (&row->id, scope, kind, row->ver, row->deleted, body, body_p, hash);
  if (!alm_desk_keep_said (self, row, body, error))
    return FALSE;

  query = alm_db_query (self->db, "UPDATE records SET ver = ?2, body = ?4, body_p = ?5, hash = ?6"
                                  " WHERE rid = ?7 AND id = ?1 AND del = ?3");
  bind_state (query, row, body, body_p, hash);
  alm_sql_bind_int_at (query, 7, row->rid);
  alm_desk_note_change (self, row->rid, row->kind);

  return alm_sql_run (query, error);
}

gboolean
alm_desk_put_shadow (AlmDesk       *self,
                     const AlmRow  *row,
                     GError       **error)
{
  gint64 scope = alm_desk_intern (self, row->scope, error);
  gint64 kind = scope > 0 ? alm_desk_intern (self, row->kind, error) : 0;
  g_autofree char *body = NULL;
  g_autofree char *body_p = NULL;
  g_autoptr (AlmQuery) query = NULL;
  guint8 hash[8];

  if (kind == 0)
    return FALSE;

  alm_desk_split (self, row->kind, row->fields, &body, &body_p);
  alm_desk_hash (&row->id, scope, kind, row->ver, row->deleted, body, body_p, hash);
  query = alm_db_query (self->db,
                        "INSERT OR REPLACE INTO shadow (id, ver, del, body, body_p, hash)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  bind_state (query, row, body, body_p, hash);

  return alm_sql_run (query, error);
}

gboolean
alm_desk_put_ver (AlmDesk  *self,
                  AlmRow   *row,
                  gint64    ver,
                  GError  **error)
{
  gint64 scope = alm_desk_find_name (self, row->scope, error);
  gint64 kind = scope > 0 ? alm_desk_find_name (self, row->kind, error) : 0;
  g_autoptr (AlmRow) shadow = NULL;

  if (kind <= 0 || !alm_desk_load_shadow (self, row, &shadow, error))
    return FALSE;

  row->ver = ver;
  if (shadow != NULL)
    shadow->ver = ver;
  alm_desk_note_change (self, row->rid, row->kind);

  return write_row (self, row, scope, kind, error)
         && (shadow == NULL || alm_desk_put_shadow (self, shadow, error));
}

gboolean
alm_desk_keep_shadow (AlmDesk       *self,
                      const AlmRow  *row,
                      GError       **error)
{
  g_autoptr (AlmRow) shadow = NULL;

  if (row->ver == 0)
    return TRUE;

  if (!alm_desk_load_shadow (self, row, &shadow, error))
    return FALSE;

  return shadow != NULL || alm_desk_put_shadow (self, row, error);
}

gboolean
alm_desk_drop_shadow (AlmDesk      *self,
                      const AlmId  *id,
                      GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM shadow WHERE id = :id");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);

  return alm_sql_run (query, error);
}

gboolean
alm_desk_purge (AlmDesk       *self,
                const AlmRow  *row,
                GError       **error)
{
  g_autoptr (AlmQuery) query = NULL;

  g_assert (alm_db_is_inside (self->db));

  if (!alm_desk_keep_said (self, row, NULL, error))
    return FALSE;

  query = alm_db_query (self->db, "DELETE FROM records WHERE rid = :rid");
  alm_sql_bind_int (query, ":rid", row->rid);
  if (!alm_sql_run (query, error))
    return FALSE;

  alm_desk_note_change (self, row->rid, row->kind);

  return alm_desk_drop_shadow (self, &row->id, error)
         && alm_desk_note_blobs (self, row, FALSE, NULL, NULL, error)
         && alm_desk_derive_remove (self, row, error);
}
