/* SPDX-License-Identifier: EUPL-1.2 */

/* Makes the derived rows of a whole kind anew, after its model has changed:
 * rows first, the indexes over them afterwards. */

#include "config.h"

#include "alm-desk-derived-private.h"

/* Takes the kind's rows out of the tables that all kinds share. */
static gboolean
remove_rows (AlmDesk         *self,
             AlmDerivedKind  *kind,
             gboolean        *had_text,
             GError         **error)
{
  g_autofree char *boxes =
    g_strdup_printf ("DELETE FROM asset_box WHERE rid IN (SELECT rid FROM asset"
                     " WHERE kind = %" G_GINT64_FORMAT ")", kind->number);
  g_autofree char *places =
    g_strdup_printf ("DELETE FROM asset WHERE kind = %" G_GINT64_FORMAT, kind->number);
  g_autoptr (AlmQuery) query = NULL;

  if ((!self->unindexed && !alm_sql_exec (self->db->handle, boxes, error))
      || !alm_sql_exec (self->db->handle, places, error))
    return FALSE;

  query = alm_db_query (self->db, "DELETE FROM search_text WHERE kind = :kind");
  alm_sql_bind_int (query, ":kind", kind->number);
  if (!alm_sql_run (query, error))
    return FALSE;

  *had_text = sqlite3_changes (self->db->handle) > 0;

  return TRUE;
}

static gboolean
derive_all (AlmDesk         *self,
            AlmDerivedKind  *kind,
            gboolean        *any,
            GError         **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT rid, id, scope, kind, ver, del, body, body_p, hash FROM records"
    " WHERE kind = :kind AND del = 0 ORDER BY rid");
  AlmSqlStep step;

  *any = FALSE;
  alm_sql_bind_int (sql, ":kind", kind->number);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (AlmRow) row = alm_desk_read_row (self, sql, error);

      if (row == NULL || !alm_desk_derive (self, row, TRUE, error))
        return FALSE;
      *any = TRUE;
    }

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_desk_derive_again (AlmDesk         *self,
                       AlmDerivedKind  *kind,
                       GError         **error)
{
  gboolean had_text, any;
  gboolean done;

  if (!remove_rows (self, kind, &had_text, error))
    return FALSE;

  /* The index is made from `search_text` at the end, at once. */
  self->rebuilding = TRUE;
  done = derive_all (self, kind, &any, error);
  self->rebuilding = FALSE;

  if (!done || !alm_desk_derive_flush (self, error))
    return FALSE;

  if (self->unindexed || (!had_text && !(any && kind->searchable)))
    return TRUE;

  return alm_sql_exec (self->db->handle,
                       "INSERT INTO records_fts (records_fts) VALUES ('rebuild')", error)
         && (self->texts_to == G_MAXINT64 || alm_desk_note_indexed (self, error));
}
