/* SPDX-License-Identifier: EUPL-1.2 */

/* A profile begins anew as another desk: with all it holds, because it was a copy and
 * the first one has gone on under its name (sync.md, section 4.7); or with nothing,
 * because its computer was reported lost.
 *
 * Invariants:
 *   1. The new id is in the file before the server hears of it: whatever happens to the
 *      answer, the next try is for the same desk.
 *   2. What was answered stays answered, under the id by which it was sent.
 *   3. After a wipe nothing of what was here can be read from the files: freed pages
 *      are overwritten (secure_delete), the log is emptied.
 * Each public function is one transaction. */

#include "config.h"

#include "alm-backup-private.h"
#include "alm-desk-derived-private.h"
#include "alm-desk-sync-private.h"

#include <glib/gstdio.h>
#include <string.h>

#define CHECKPOINT_MS 10000

static gboolean
write_id (AlmDesk      *self,
          const AlmId  *id,
          GError      **error)
{
  g_autofree char *text = alm_id_to_text (id);

  return alm_desk_write_setting (self, "desk", text, error);
}

/* Nobody but this desk has made what it has had answered: the author of a waiting command
 * knows it, also where the feed had not brought it yet.  Under the old name the server
 * saw that by itself. */
static gboolean
raise_bases (AlmDesk  *self,
             GError  **error)
{
  return alm_sql_exec (self->db->handle,
                       "UPDATE commands SET base = max (base, coalesce ((SELECT max (c.seq)"
                       " FROM commands c WHERE c.id = commands.id AND c.k < commands.k"
                       " AND c.state = 'acked'), 0)) WHERE state = 'waiting'", error);
}

static gboolean
renumber (AlmDesk      *self,
          const AlmId  *id,
          GError      **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "UPDATE commands SET desk = :desk, n = n - :before"
                            " WHERE state = 'waiting'");
  gint64 first;
  guint count;

  if (!alm_db_get_int (self->db, "SELECT min (n) FROM commands WHERE state = 'waiting'", 1, &first,
                       error)
      || !alm_desk_count_waiting (self, &count, error))
    return FALSE;

  alm_sql_bind_blob (query, ":desk", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":before", first - 1);
  self->last_n = count;
  self->last_n_touched = TRUE;
  /* So that readers read the id again. */
  self->models_touched = TRUE;

  return alm_sql_run (query, error) && write_id (self, id, error);
}

gboolean
alm_desk_sync_fork (AlmDesk           *desk,
                    AlmDeskSyncState  *state,
                    GError           **error)
{
  AlmId id;

  *state = (AlmDeskSyncState) { 0 };
  alm_id_make_v7 (&id, alm_clock_now_us (desk->clock), &desk->random);
  if (!alm_desk_begin (desk, error)
      || !alm_desk_end (desk, raise_bases (desk, error) && renumber (desk, &id, error), error))
    return FALSE;

  desk->id = id;

  return alm_desk_sync_load (desk, state, error);
}

/* Wiping */

/* Whatever table there is: one that comes later is not forgotten here. */
static gboolean
empty_tables (AlmDesk  *self,
              GError  **error)
{
  g_autoptr (GPtrArray) deletes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle,
    "SELECT 'DELETE FROM \"' || name || '\"' FROM sqlite_schema WHERE type = 'table'"
    " AND name NOT GLOB 'sqlite_*'");
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (deletes, g_strdup (alm_sql_get_text (sql, 0)));
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;
  g_clear_pointer (&sql, alm_sql_free);

  for (guint i = 0; i < deletes->len; i++)
    if (!alm_sql_exec (self->db->handle, deletes->pdata[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
wipe_tables (AlmDesk      *self,
             const AlmId  *id,
             GError      **error)
{
  g_autofree char *models = alm_desk_get_setting (self, "models");

  /* Readers see by the number of "models" that what they know is old. */
  if (!alm_desk_derive_drop (self, error)
      || !empty_tables (self, error)
      || !write_id (self, id, error)
      || !alm_desk_write_setting (self, "models", models != NULL ? models : "0", error))
    return FALSE;

  g_hash_table_remove_all (self->name_texts);
  g_hash_table_remove_all (self->name_numbers);
  g_hash_table_remove_all (self->scopes);
  g_hash_table_remove_all (self->words_seen);
  if (self->derived != NULL)
    g_hash_table_remove_all (self->derived);
  self->last_n = 0;
  self->last_n_touched = TRUE;
  self->models_touched = TRUE;
  self->changed_all = TRUE;

  return alm_desk_load_models (self, error);
}

/* The log still holds what was there.  A reader that is at work is waited for. */
static gboolean
empty_log (AlmDesk  *self,
           GError  **error)
{
  int rc;

  sqlite3_busy_timeout (self->db->handle, CHECKPOINT_MS);
  rc = sqlite3_wal_checkpoint_v2 (self->db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (self->db->handle, 0);
  if (rc != SQLITE_OK)
    alm_sql_set_error (self->db->handle, rc, error);

  return rc == SQLITE_OK;
}

static void
remove_files (AlmDesk *self)
{
  g_autofree char *blobs = g_build_filename (self->dir, "blobs", NULL);
  g_autofree char *pack = g_build_filename (self->dir, "pack.part", NULL);

  alm_backup_remove_tree (blobs);
  g_unlink (pack);
}

gboolean
alm_desk_empty (AlmDesk  *self,
                GError  **error)
{
  gboolean done = FALSE;
  AlmId id;

  alm_id_make_v7 (&id, alm_clock_now_us (self->clock), &self->random);
  g_clear_pointer (&self->pack, alm_desk_pack_free);
  /* None of them may know a table that goes. */
  g_hash_table_remove_all (self->db->statements);
  if (!alm_desk_begin (self, error)
      || !alm_desk_end (self, wipe_tables (self, &id, error), error))
    return FALSE;

  self->id = id;
  remove_files (self);
  if (!empty_log (self, error) || !alm_db_wipe (self->db, &done, error))
    return FALSE;
  if (!done)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "somebody is still reading the profile");

  return done;
}
