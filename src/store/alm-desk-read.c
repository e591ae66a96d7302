/* SPDX-License-Identifier: EUPL-1.2 */

/* Reading records: one, or many. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-store-error.h"

#define ROW_COLUMNS "rid, id, scope, kind, ver, del, body, body_p, hash"

static gboolean
load_waiting (AlmDesk  *self,
              AlmRow   *row,
              GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT 1 FROM commands"
                                             " WHERE id = :id AND state = 'waiting' LIMIT 1");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", row->id.bytes, sizeof row->id.bytes);
  step = alm_sql_step (query, error);
  row->waiting = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

AlmRow *
alm_desk_get (AlmDesk      *self,
              const AlmId  *id,
              GError      **error)
{
  g_autoptr (AlmRow) row = NULL;

  if (!alm_desk_load (self, id, &row, error))
    return NULL;

  if (row == NULL)
    {
      g_autofree char *text = alm_id_to_text (id);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no record %s", text);
      return NULL;
    }

  return load_waiting (self, row, error) ? g_steal_pointer (&row) : NULL;
}

AlmRow *
alm_desk_get_by_rid (AlmDesk  *self,
                     gint64    rid,
                     GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT " ROW_COLUMNS
                                             " FROM records WHERE rid = :rid");
  g_autoptr (AlmRow) row = NULL;

  alm_sql_bind_int (query, ":rid", rid);
  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ERROR:
      return NULL;

    case ALM_SQL_STEP_DONE:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "there is no row %" G_GINT64_FORMAT, rid);
      return NULL;

    case ALM_SQL_STEP_ROW:
    default:
      row = alm_desk_read_row (self, query, error);
      break;
    }

  if (row == NULL || !load_waiting (self, row, error))
    return NULL;

  return g_steal_pointer (&row);
}

gboolean
alm_desk_append_name (AlmDesk     *self,
                      GString     *sql,
                      const char  *column,
                      const char  *name,
                      GError     **error)
{
  gint64 number;

  if (name == NULL)
    return TRUE;

  number = alm_desk_find_name (self, name, error);
  if (number < 0)
    return FALSE;
  g_string_append_printf (sql, " AND %s = %" G_GINT64_FORMAT, column, number);

  return TRUE;
}

/* " AND scope IN (1,2)"; numbers of ours, so nothing to bind.  A scope that is
 * nowhere in the file has no records. */
static gboolean
add_scopes (AlmDesk            *self,
            const char *const  *scopes,
            GString            *sql,
            GError            **error)
{
  g_string_append (sql, " AND scope IN (0");
  for (; *scopes != NULL; scopes++)
    {
      gint64 number = alm_desk_find_name (self, *scopes, error);

      if (number < 0)
        return FALSE;
      g_string_append_printf (sql, ",%" G_GINT64_FORMAT, number);
    }
  g_string_append_c (sql, ')');

  return TRUE;
}

/* The rows of a walk, by id.  Numbers only: sorting whole rows would hold a
 * million bodies in memory. */
GArray *
alm_desk_list_rids (AlmDesk            *self,
                    const char *const  *scopes,
                    const char         *kind,
                    GError            **error)
{
  g_autoptr (GString) text = g_string_new ("SELECT rid FROM records WHERE 1");
  g_autoptr (AlmSql) sql = NULL;

  if (!alm_desk_append_name (self, text, "kind", kind, error)
      || (scopes != NULL && !add_scopes (self, scopes, text, error)))
    return NULL;
  g_string_append (text, " ORDER BY id");

  sql = alm_sql_prepare (self->db->handle, text->str);

  return alm_desk_take_rids (sql, error);
}

/* (element-type AlmId): the records that have something to send. */
static GHashTable *
list_waiting (AlmDesk  *self,
              GError  **error)
{
  g_autoptr (GHashTable) waiting = g_hash_table_new_full (alm_id_hash, alm_id_equal, g_free, NULL);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle, "SELECT id FROM commands"
                                            " WHERE state = 'waiting'");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gsize length;
      gconstpointer id = alm_sql_get_blob (sql, 0, &length);

      if (length == sizeof (AlmId))
        g_hash_table_add (waiting, g_memdup2 (id, length));
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&waiting) : NULL;
}

static gboolean
walk (AlmDesk     *self,
      GArray      *rids,
      GHashTable  *waiting,
      gboolean     with_deleted,
      AlmRowFunc   func,
      gpointer     user_data,
      GError     **error)
{
  /* Not of the cache: @func may walk, too. */
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle, "SELECT " ROW_COLUMNS
                                            " FROM records WHERE rid = :rid");

  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (AlmRow) row = NULL;
      AlmSqlStep step;

      alm_sql_reset (sql);
      alm_sql_bind_int (sql, ":rid", g_array_index (rids, gint64, i));
      step = alm_sql_step (sql, error);
      if (step == ALM_SQL_STEP_DONE)
        continue;   /* taken away by @func */
      if (step == ALM_SQL_STEP_ERROR)
        return FALSE;
      if (!with_deleted && alm_sql_get_int (sql, 5) != 0)
        continue;

      row = alm_desk_read_row (self, sql, error);
      if (row == NULL)
        return FALSE;

      row->waiting = g_hash_table_contains (waiting, &row->id);
      if (!func (row, user_data, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_desk_each (AlmDesk            *self,
               const char *const  *scopes,
               const char         *kind,
               gboolean            with_deleted,
               AlmRowFunc          func,
               gpointer            user_data,
               GError            **error)
{
  /* A reader sees one state of the file for the whole walk. */
  gboolean frame = !self->db->writable && !alm_db_is_inside (self->db);
  g_autoptr (GArray) rids = NULL;
  g_autoptr (GHashTable) waiting = NULL;
  gboolean done;

  if (frame && !alm_db_begin (self->db, error))
    return FALSE;

  rids = alm_desk_list_rids (self, scopes, kind, error);
  if (rids != NULL)
    waiting = list_waiting (self, error);
  done = waiting != NULL
         && walk (self, rids, waiting, with_deleted, func, user_data, error);
  if (frame)
    alm_db_rollback (self->db);

  return done;
}
