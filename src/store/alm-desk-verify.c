/* SPDX-License-Identifier: EUPL-1.2 */

/* Is the profile sound?  Looks at everything and changes nothing.  All of it is read in
 * one transaction: somebody may be writing meanwhile. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-desk-blobs.h"
#include "alm-desk-derived-private.h"

#include "alm-json.h"

#include <string.h>

typedef struct
{
  AlmDesk       *desk;
  AlmVerifyFunc  func;
  gpointer       data;
  AlmVerifyCounts *counts;
} Verify;

static void
find (Verify     *self,
      const char *place,
      const char *what)
{
  self->counts->problems++;
  if (self->func != NULL)
    self->func (place, what, self->data);
}

/* SQLite's own check of its pages and indexes. */
static gboolean
check_file (Verify  *self,
            GError **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->desk->db->handle, "PRAGMA integrity_check");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    if (strcmp (alm_sql_get_text (sql, 0), "ok") != 0)
      find (self, "profile.db", alm_sql_get_text (sql, 0));

  return step == ALM_SQL_STEP_DONE;
}

/* @sql: rows of ROW_COLUMNS */
static gboolean
check_rows (Verify      *self,
            const char  *text,
            const char  *place,
            guint       *n,
            GError     **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->desk->db->handle, text);
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmRow) row = alm_desk_read_row (self->desk, sql, &reason);

      if (row == NULL)
        find (self, place, reason->message);
      *n += 1;
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
check_commands (Verify  *self,
                GError **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->desk->db->handle, "SELECT " ALM_COMMAND_COLUMNS
                                            " FROM commands ORDER BY k");
  g_autofree char *last_n = NULL;
  gint64 last = 0;
  gint64 highest = 0;
  gint64 given;
  AlmSqlStep step;

  if (!alm_desk_read_setting (self->desk, "last_n", &last_n, error))
    return FALSE;
  given = last_n != NULL ? g_ascii_strtoll (last_n, NULL, 10) : 0;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (AlmStoredCommand) stored = alm_desk_read_command (self->desk, sql, &reason);

      self->counts->commands++;
      if (stored == NULL)
        {
          find (self, "commands", reason->message);
          continue;
        }

      if (stored->command->n == 0 || !alm_id_equal (&stored->desk, &self->desk->id))
        continue;
      if (last > 0 && stored->command->n != last + 1)
        {
          g_autofree char *what = g_strdup_printf ("number %" G_GINT64_FORMAT " follows %"
                                                   G_GINT64_FORMAT, stored->command->n, last);

          find (self, "commands", what);
        }
      last = stored->command->n;
      highest = MAX (highest, last);
    }

  if (step == ALM_SQL_STEP_DONE && highest > given)
    find (self, "commands", "a number is above the last one that was given");

  return step == ALM_SQL_STEP_DONE;
}

/* Two counts that must be equal. */
static gboolean
check_counts (Verify      *self,
              const char  *place,
              const char  *one,
              const char  *other,
              GError     **error)
{
  gint64 a, b;

  if (!alm_db_get_int (self->desk->db, one, 0, &a, error)
      || !alm_db_get_int (self->desk->db, other, 0, &b, error))
    return FALSE;

  if (a != b)
    {
      g_autofree char *what = g_strdup_printf ("%" G_GINT64_FORMAT " rows, %" G_GINT64_FORMAT
                                               " expected", a, b);

      find (self, place, what);
    }

  return TRUE;
}

static gboolean
check_derived (Verify  *self,
               GError **error)
{
  GHashTableIter iter;
  gpointer value;
  gboolean indexed;

  /* So a damaged model leaves it when the profile is opened. */
  if (self->desk->derived == NULL)
    {
      find (self, "models", "they cannot be read, so what is derived was not compared");
      return TRUE;
    }

  g_hash_table_iter_init (&iter, self->desk->derived);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const AlmDerivedKind *kind = value;
      g_autofree char *one = g_strdup_printf ("SELECT count(*) FROM \"%s\"", kind->table);
      g_autofree char *other = g_strdup_printf ("SELECT count(*) FROM records WHERE del = 0"
                                                " AND kind = %" G_GINT64_FORMAT, kind->number);

      if (!kind->stale && !check_counts (self, kind->table, one, other, error))
        return FALSE;
    }

  return alm_desk_is_indexed (self->desk, &indexed, error)
         && (!indexed || check_counts (self, "asset_box", "SELECT count(*) FROM asset_box",
                                       "SELECT count(*) FROM asset", error))
         && check_counts (self, "shadow", "SELECT count(*) FROM shadow",
                          "SELECT count(*) FROM shadow s JOIN records r ON r.id = s.id", error);
}

/* A file that is not here is no problem, unless this is the only place for it. */
static void
check_blob (Verify            *self,
            const AlmDeskBlob *blob)
{
  const char *dir = alm_desk_get_dir (self->desk);
  gboolean only_copy = blob->state == ALM_BLOB_WAITING || blob->state == ALM_BLOB_LOCAL;
  g_autofree char *place = g_strconcat ("blobs/", blob->sha256, NULL);
  g_autoptr (GError) reason = NULL;

  if (alm_blob_store_get_size (dir, blob->sha256) < 0)
    {
      if (only_copy)
        find (self, place, "is missing, and has not been sent yet");
    }
  else if (!alm_blob_store_check (dir, blob->sha256, &reason))
    find (self, place, reason->message);
}

static gboolean
check_blobs (Verify  *self,
             GError **error)
{
  g_autoptr (GPtrArray) blobs = alm_desk_blob_list (self->desk, error);

  for (guint i = 0; blobs != NULL && i < blobs->len; i++)
    check_blob (self, blobs->pdata[i]);

  return blobs != NULL;
}

static gboolean
check_all (Verify  *self,
           GError **error)
{
  guint ignored = 0;

  return check_file (self, error)
         /* What was read when the profile was opened may be old by now. */
         && (self->desk->derived == NULL || alm_desk_refresh (self->desk, error))
         && check_rows (self, "SELECT rid, id, scope, kind, ver, del, body, body_p, hash"
                        " FROM records ORDER BY rid", "records", &self->counts->records, error)
         && check_rows (self, "SELECT r.rid, s.id, r.scope, r.kind, s.ver, s.del, s.body,"
                        " s.body_p, s.hash FROM shadow s JOIN records r ON r.id = s.id",
                        "shadow", &ignored, error)
         && check_commands (self, error)
         && check_derived (self, error)
         && check_blobs (self, error);
}

/* FALSE: it could not be looked at; what is found is told to @func (nullable). */
gboolean
alm_desk_verify (AlmDesk          *self,
                 AlmVerifyFunc     func,
                 gpointer          user_data,
                 AlmVerifyCounts  *counts,
                 GError          **error)
{
  Verify verify = { self, func, user_data, counts };
  gboolean done;

  memset (counts, 0, sizeof *counts);
  if (!alm_db_begin (self->db, error))
    return FALSE;

  done = check_all (&verify, error);
  alm_db_rollback (self->db);

  return done;
}
