/* SPDX-License-Identifier: EUPL-1.2 */

/* Records as lines of text, as they stand in the file: a body is canonical, so
 * nothing is parsed and printed again.  The hash of each row is checked. */

#include "config.h"

#include "alm-desk-private.h"

#include "alm-store-error.h"

#include <string.h>

typedef struct
{
  AlmDesk          *desk;
  AlmExportFlags    flags;
  GHashTable       *kinds;     /* set of utf8; NULL = all but conflicts */
  GString          *line;
} Export;

static void
append_text (GString    *line,
             const char *key,
             const char *text)
{
  g_autoptr (AlmValue) value = alm_value_new_text (text);

  g_string_append_printf (line, ",\"%s\":", key);
  alm_value_print (value, line);
}

/* Who changed it last, as far as this desk knows: its own newest command. */
static gboolean
append_meta (Export        *self,
             const AlmId   *id,
             gboolean      *waiting,
             GError       **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->desk->db,
    "SELECT at, max (state = 'waiting') OVER () FROM commands WHERE id = :id"
    " ORDER BY k DESC LIMIT 1");
  g_autofree char *user = NULL;
  AlmSqlStep step;

  *waiting = FALSE;
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_DONE;

  *waiting = alm_sql_get_int (query, 1) != 0;
  append_text (self->line, "changed_at", alm_sql_get_text (query, 0));
  user = alm_desk_get_setting (self->desk, "user");
  if (user != NULL)
    append_text (self->line, "changed_by", user);

  return TRUE;
}

/* Members stand in the order of their keys. */
static gboolean
write_line (Export      *self,
            AlmSql      *sql,
            const AlmId *id,
            const char  *scope,
            const char  *kind,
            GError     **error)
{
  const char *body = alm_sql_get_text (sql, 6);
  const char *body_p = alm_sql_get_text (sql, 7);
  char text[ALM_ID_TEXT_SIZE];
  gboolean waiting = FALSE;
  gboolean deleted = alm_sql_get_int (sql, 5) != 0;

  g_string_truncate (self->line, 0);
  if ((self->flags & ALM_EXPORT_META) != 0 && !append_meta (self, id, &waiting, error))
    return FALSE;
  if (deleted)
    g_string_append (self->line, ",\"deleted\":true");

  g_string_append (self->line, ",\"fields\":");
  if (body_p == NULL)
    g_string_append (self->line, body);
  else
    {
      g_autoptr (AlmValue) fields = alm_desk_parse_body (body, body_p, error);

      if (fields == NULL)
        return FALSE;
      alm_value_print (fields, self->line);
    }

  alm_id_print (id, text);
  append_text (self->line, "id", text);
  append_text (self->line, "kind", kind);
  append_text (self->line, "scope", scope);
  if ((self->flags & ALM_EXPORT_META) != 0)
    g_string_append_printf (self->line, ",\"ver\":%" G_GINT64_FORMAT ",\"waiting\":%s",
                            alm_sql_get_int (sql, 4), waiting ? "true" : "false");
  g_string_append (self->line, "}\n");
  self->line->str[0] = '{';

  return TRUE;
}

static gboolean
is_wanted (Export      *self,
           const char  *kind)
{
  if (self->kinds == NULL)
    return strcmp (kind, "conflict") != 0;

  return g_hash_table_contains (self->kinds, kind);
}

/* *wanted: a line was made. */
static gboolean
export_row (Export   *self,
            AlmSql   *sql,
            gboolean *wanted,
            GError  **error)
{
  AlmId id;
  const char *scope, *kind;

  *wanted = FALSE;
  if ((self->flags & ALM_EXPORT_DELETED) == 0 && alm_sql_get_int (sql, 5) != 0)
    return TRUE;

  kind = alm_desk_get_name (self->desk, alm_sql_get_int (sql, 3));
  if (kind != NULL && !is_wanted (self, kind))
    return TRUE;

  scope = alm_desk_get_name (self->desk, alm_sql_get_int (sql, 2));
  if (!alm_desk_check_row (self->desk, sql, &id, error))
    return FALSE;

  *wanted = TRUE;

  return write_line (self, sql, &id, scope, kind, error);
}

static gboolean
export_rows (Export            *self,
             GArray            *rids,
             AlmExportFunc      func,
             gpointer           user_data,
             GError           **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->desk->db->handle,
    "SELECT rid, id, scope, kind, ver, del, body, body_p, hash FROM records WHERE rid = ?1");

  for (guint i = 0; i < rids->len; i++)
    {
      AlmSqlStep step;
      gboolean wanted;

      alm_sql_reset (sql);
      alm_sql_bind_int_at (sql, 1, g_array_index (rids, gint64, i));
      step = alm_sql_step (sql, error);
      if (step == ALM_SQL_STEP_DONE)
        continue;
      if (step == ALM_SQL_STEP_ERROR || !export_row (self, sql, &wanted, error))
        return FALSE;
      if (wanted && !func (self->line->str, self->line->len, user_data, error))
        return FALSE;
    }

  return TRUE;
}

/* All scopes but `system` and `local`, which are told by name only. */
static char **
list_scopes (AlmDesk  *self,
             GError  **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT name FROM names WHERE name NOT IN ('system', 'local')"
    " AND i IN (SELECT scope FROM records)");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (names, g_strdup (alm_sql_get_text (sql, 0)));
  if (step == ALM_SQL_STEP_ERROR)
    return NULL;
  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}

gboolean
alm_desk_export (AlmDesk            *self,
                 const char *const  *scopes,
                 const char *const  *kinds,
                 AlmExportFlags      flags,
                 AlmExportFunc       func,
                 gpointer            user_data,
                 GError            **error)
{
  gboolean frame = !self->db->writable && !alm_db_is_inside (self->db);
  g_autoptr (GHashTable) wanted = NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GArray) rids = NULL;
  g_auto (GStrv) listed = NULL;
  Export export = { self, flags, NULL, line };
  gboolean done = FALSE;

  if (kinds != NULL)
    {
      export.kinds = wanted = g_hash_table_new (g_str_hash, g_str_equal);
      for (const char *const *kind = kinds; *kind != NULL; kind++)
        g_hash_table_add (wanted, (char *) *kind);
    }

  if (frame && !alm_db_begin (self->db, error))
    return FALSE;

  if (scopes == NULL)
    listed = list_scopes (self, error);
  if (scopes != NULL || listed != NULL)
    rids = alm_desk_list_rids (self, scopes != NULL ? scopes : (const char *const *) listed,
                               kinds != NULL && kinds[0] != NULL && kinds[1] == NULL
                               ? kinds[0] : NULL, error);
  if (rids != NULL)
    done = export_rows (&export, rids, func, user_data, error);
  if (frame)
    alm_db_rollback (self->db);

  return done;
}
