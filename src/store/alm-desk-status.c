/* SPDX-License-Identifier: EUPL-1.2 */

/* What the profile can say of itself: its queue, its conflicts, its numbers. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

GPtrArray *
alm_desk_list_commands (AlmDesk        *self,
                        AlmCommandsOf   which,
                        const AlmId    *id,
                        GError        **error)
{
  static const char *const states[] = {
    "state IN ('waiting','refused')", "state = 'waiting'", "state = 'refused'", "1",
  };
  g_autofree char *text = g_strdup_printf ("SELECT " ALM_COMMAND_COLUMNS " FROM commands"
                                           " WHERE %s%s ORDER BY k", states[which],
                                           id != NULL ? " AND id = :id" : "");
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle, text);
  g_autoptr (GPtrArray) commands =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stored_command_free);
  AlmSqlStep step;

  if (id != NULL)
    alm_sql_bind_blob (sql, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      AlmStoredCommand *stored = alm_desk_read_command (self, sql, error);

      if (stored == NULL)
        return NULL;
      g_ptr_array_add (commands, stored);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&commands) : NULL;
}

static gboolean
dismiss (AlmDesk  *self,
         gint64    n,
         GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
    "UPDATE commands SET state = 'dismissed' WHERE k = (SELECT max (k) FROM commands"
    " WHERE n = :n AND state = 'refused')");

  alm_sql_bind_int (query, ":n", n);
  if (!alm_sql_run (query, error))
    return FALSE;

  if (sqlite3_changes (self->db->handle) > 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "there is no refused command %" G_GINT64_FORMAT, n);

  return FALSE;
}

gboolean
alm_desk_dismiss (AlmDesk  *self,
                  gint64    n,
                  GError  **error)
{
  if (!alm_desk_begin (self, error))
    return FALSE;

  if (!ALM_PLANTED ("aside-forgotten") && !dismiss (self, n, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

/* (element-type AlmId): conflicts whose decision waits to be sent. */
static GHashTable *
list_decided (AlmDesk  *self,
              GError  **error)
{
  g_autoptr (GHashTable) decided = g_hash_table_new_full (alm_id_hash, alm_id_equal, g_free, NULL);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT more FROM commands WHERE op = 'resolve' AND state = 'waiting' AND more IS NOT NULL");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (AlmValue) more = alm_json_parse (alm_sql_get_text (sql, 0), -1, NULL, NULL);
      const char *text = more != NULL ? alm_value_get_text_of (more, "conflict") : NULL;
      AlmId id;

      if (text != NULL && alm_id_parse (&id, text))
        g_hash_table_add (decided, g_memdup2 (&id, sizeof id));
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&decided) : NULL;
}

typedef struct
{
  GHashTable *decided;
  const char *record;      /* nullable */
  gboolean    all;
  GPtrArray  *rows;
} ConflictSearch;

static gboolean
take_conflict_cb (const AlmRow  *row,
                  gpointer       user_data,
                  GError       **error)
{
  ConflictSearch *search = user_data;
  gboolean open = g_strcmp0 (alm_value_get_text_of (row->fields, "state"), "open") == 0
                  && !g_hash_table_contains (search->decided, &row->id);

  if ((open || search->all)
      && (search->record == NULL
          || g_strcmp0 (alm_value_get_text_of (row->fields, "record"), search->record) == 0))
    g_ptr_array_add (search->rows, alm_row_copy (row));

  return TRUE;
}

GPtrArray *
alm_desk_list_conflicts (AlmDesk      *self,
                         const AlmId  *id,
                         gboolean      all,
                         GError      **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_row_free);
  g_autoptr (GHashTable) decided = list_decided (self, error);
  g_autofree char *record = id != NULL ? alm_id_to_text (id) : NULL;
  ConflictSearch search = { decided, record, all, rows };

  if (decided == NULL
      || !alm_desk_each (self, NULL, "conflict", FALSE, take_conflict_cb, &search, error))
    return NULL;

  return g_steal_pointer (&rows);
}

static gboolean
count_one (AlmDesk     *self,
           const char  *sql,
           guint       *number,
           GError     **error)
{
  gint64 value;

  if (!alm_db_get_int (self->db, sql, 0, &value, error))
    return FALSE;

  *number = (guint) value;

  return TRUE;
}

gboolean
alm_desk_count (AlmDesk        *self,
                AlmDeskCounts  *counts,
                GError        **error)
{
  g_autofree char *contact = alm_desk_get_setting (self, "last_contact");
  g_autoptr (GPtrArray) conflicts = NULL;

  memset (counts, 0, sizeof *counts);
  if (contact != NULL)
    alm_clock_parse (contact, &counts->last_contact_us);

  conflicts = alm_desk_list_conflicts (self, NULL, FALSE, error);
  if (conflicts == NULL)
    return FALSE;
  counts->conflicts = conflicts->len;

  return count_one (self, "SELECT count(*) FROM commands WHERE state = 'waiting'",
                    &counts->waiting, error)
         && count_one (self, "SELECT count(*) FROM commands WHERE state = 'refused'",
                       &counts->refused, error)
         && count_one (self, "SELECT count(*) FROM strays", &counts->stray, error)
         && alm_desk_count_blobs (self, &counts->blobs, error);
}

gboolean
alm_desk_count_records (AlmDesk     *self,
                        const char  *scope,
                        const char  *kind,
                        gint64      *count,
                        GError     **error)
{
  g_autoptr (GString) text = g_string_new ("SELECT count(*) FROM records WHERE del = 0");

  return alm_desk_append_name (self, text, "kind", kind, error)
         && alm_desk_append_name (self, text, "scope", scope, error)
         && alm_db_get_int (self->db, text->str, 0, count, error);
}

static void
set_setting (AlmDesk    *self,
             AlmValue   *object,
             const char *name)
{
  g_autofree char *value = alm_desk_get_setting (self, name);

  if (value != NULL)
    alm_value_set_text (object, name, value);
  else
    alm_value_set (object, name, alm_value_new_null ());
}

/* Each scope that has records or that the server has told of. */
static gboolean
describe_scopes (AlmDesk   *self,
                 AlmValue  *list,
                 GError   **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT n.name, (SELECT count(*) FROM records r WHERE r.scope = n.i AND r.del = 0) AS records,"
    " c.seq, json_extract (c.info, '$.digest'), c.scope IS NOT NULL FROM names n"
    " LEFT JOIN cursors c ON c.scope = n.name"
    " WHERE c.scope IS NOT NULL OR n.i IN (SELECT scope FROM records) ORDER BY n.name");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      AlmValue *scope = alm_value_new_object ();
      const char *digest = alm_sql_get_text (sql, 3);

      alm_value_set_text (scope, "scope", alm_sql_get_text (sql, 0));
      alm_value_set_integer (scope, "records", alm_sql_get_int (sql, 1));
      alm_value_set_integer (scope, "cursor", alm_sql_get_int (sql, 2));
      alm_value_set_text (scope, "digest", digest != NULL ? digest : "unknown");
      alm_value_append (list, scope);
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
describe_numbers (AlmDesk   *self,
                  AlmValue  *object,
                  GError   **error)
{
  g_autoptr (AlmValue) scopes = alm_value_new_list ();
  AlmDeskCounts counts;

  if (!alm_desk_count (self, &counts, error)
      || !describe_scopes (self, scopes, error))
    return FALSE;

  alm_value_set_integer (object, "waiting", counts.waiting);
  alm_value_set_integer (object, "refused", counts.refused);
  alm_value_set_integer (object, "conflicts", counts.conflicts);
  alm_value_set_integer (object, "stray", counts.stray);
  alm_value_set_integer (object, "blobs_waiting", counts.blobs);
  alm_value_set (object, "scopes", g_steal_pointer (&scopes));

  return TRUE;
}

AlmValue *
alm_desk_describe (AlmDesk  *self,
                   GError  **error)
{
  g_autoptr (AlmValue) object = alm_value_new_object ();
  g_autoptr (GError) reason = NULL;
  g_autofree char *id = alm_id_to_text (&self->id);
  g_autofree char *dir = g_filename_display_name (self->dir);
  g_autofree char *fault = alm_desk_get_fault (self);

  alm_value_set_text (object, "profile", dir);
  alm_value_set_text (object, "desk", id);
  alm_value_set (object, "fault",
                 fault != NULL ? alm_value_new_text (fault) : alm_value_new_null ());
  set_setting (self, object, "server");
  set_setting (self, object, "user");
  set_setting (self, object, "epoch");
  set_setting (self, object, "last_contact");

  /* A damaged profile may have numbers that cannot be counted: its fault says why. */
  if (!describe_numbers (self, object, &reason) && fault == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  return g_steal_pointer (&object);
}
