/* SPDX-License-Identifier: EUPL-1.2 */

/* Which records name which attached file, and who has sent it.
 *
 * Invariants:
 *   1. `blob_refs` names every record that names the file, and may name others: those
 *      that once did.  Who asks looks at the record itself.
 *   2. `uploads` names who has sent the whole file, and nobody else; a file under its
 *      name has a row there. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-blob.h"
#include "alm-hub-private.h"
#include "alm-json.h"

#include <string.h>

#define MARK "\"sha256\":\""

typedef struct
{
  AlmDb       *db;
  const AlmId *id;
  GError     **error;
  gboolean     ok;
} Noting;

static void
note_cb (const AlmBlob *blob,
         gpointer       user_data)
{
  Noting *self = user_data;
  g_autoptr (AlmQuery) query = NULL;

  if (!self->ok)
    return;

  query = alm_db_query (self->db, "INSERT OR IGNORE INTO blob_refs VALUES (:sha256, :id)");
  alm_sql_bind_text (query, ":sha256", blob->sha256);
  alm_sql_bind_blob (query, ":id", self->id->bytes, sizeof self->id->bytes);
  self->ok = alm_sql_run (query, self->error);
}

/* @body, @personal: canonical texts of what @fields holds; most name nothing. */
gboolean
alm_hub_note_blobs (AlmHub          *self,
                    const AlmId     *id,
                    const AlmValue  *fields,
                    const char      *body,
                    const char      *personal,
                    GError         **error)
{
  Noting noting = { self->db, id, error, TRUE };

  if (strstr (body, MARK) != NULL || (personal != NULL && strstr (personal, MARK) != NULL))
    alm_blob_each (fields, note_cb, &noting);

  return noting.ok;
}

static gboolean
note_text (AlmDb        *db,
           const AlmId  *id,
           const char   *text,
           GError      **error)
{
  Noting noting = { db, id, error, TRUE };
  g_autoptr (AlmValue) fields = NULL;

  if (text == NULL)
    return TRUE;

  fields = alm_json_parse (text, -1, NULL, error);
  if (fields == NULL)
    return FALSE;
  alm_blob_each (fields, note_cb, &noting);

  return noting.ok;
}

static const char schema[] =
  "CREATE TABLE blob_refs (sha256 TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (sha256, id))"
  " STRICT, WITHOUT ROWID;"
  "CREATE TABLE uploads (sha256 TEXT NOT NULL, user TEXT NOT NULL, size INTEGER NOT NULL,"
  " at INTEGER NOT NULL, PRIMARY KEY (sha256, user)) STRICT, WITHOUT ROWID;";

gboolean
alm_hub_make_blob_tables (AlmDb   *db,
                          GError **error)
{
  g_autoptr (AlmSql) sql = NULL;
  AlmSqlStep step;

  if (!alm_sql_exec (db->handle, schema, error))
    return FALSE;

  sql = alm_sql_prepare (db->handle, "SELECT id, body, body_p FROM records"
                                     " WHERE instr (body, '\"sha256\":\"') > 0"
                                     " OR instr (coalesce (body_p, ''), '\"sha256\":\"') > 0");
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gsize size;
      gconstpointer bytes = alm_sql_get_blob (sql, 0, &size);
      AlmId id;

      if (size != sizeof id.bytes)
        {
          alm_hub_set_corrupt (error, "A record is damaged");
          return FALSE;
        }
      memcpy (id.bytes, bytes, size);
      if (!note_text (db, &id, alm_sql_get_text (sql, 1), error)
          || !note_text (db, &id, alm_sql_get_text (sql, 2), error))
        return FALSE;
    }

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_hub_list_naming (AlmServerStore  *store,
                     const char      *sha256,
                     GArray         **ids,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "SELECT id FROM blob_refs WHERE sha256 = :sha256");
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AlmId));

  alm_sql_bind_text (query, ":sha256", sha256);
  if (!alm_hub_collect_ids (query, found, error))
    return FALSE;
  *ids = g_steal_pointer (&found);

  return TRUE;
}

gboolean
alm_hub_is_uploader (AlmServerStore  *store,
                     const char      *sha256,
                     const char      *user,
                     gboolean        *is,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT 1 FROM uploads"
                                             " WHERE sha256 = :sha256 AND user = :user");
  AlmSqlStep step;

  alm_sql_bind_text (query, ":sha256", sha256);
  alm_sql_bind_text (query, ":user", user);
  step = alm_sql_step (query, error);
  *is = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

gboolean
alm_hub_put_upload (AlmServerStore  *store,
                    const char      *sha256,
                    const char      *user,
                    gint64           size,
                    gint64           at_us,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT OR REPLACE INTO uploads VALUES (:sha256, :user, :size, :at)");

  alm_sql_bind_text (query, ":sha256", sha256);
  alm_sql_bind_text (query, ":user", user);
  alm_sql_bind_int (query, ":size", size);
  alm_sql_bind_int (query, ":at", at_us);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_count_unnamed (AlmServerStore  *store,
                       const char      *user,
                       gint64          *bytes,
                       GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT coalesce (sum (size), 0) FROM uploads AS u WHERE user = :user"
                            " AND NOT EXISTS (SELECT 1 FROM blob_refs AS r"
                            " WHERE r.sha256 = u.sha256)");

  alm_sql_bind_text (query, ":user", user);
  if (alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  *bytes = alm_sql_get_int (query, 0);

  return TRUE;
}

/* Named is what stands in a record or in the history of one: that may be taken back. */
#define IS_NAMED \
  "EXISTS (SELECT 1 FROM blob_refs AS r WHERE r.sha256 = u.sha256 AND (" \
  "EXISTS (SELECT 1 FROM records AS c WHERE c.id = r.id AND (instr (c.body, r.sha256) > 0" \
  " OR instr (coalesce (c.body_p, ''), r.sha256) > 0))" \
  " OR EXISTS (SELECT 1 FROM history AS h WHERE h.id = r.id" \
  " AND (instr (coalesce (h.set_, ''), r.sha256) > 0" \
  " OR instr (coalesce (h.old_, ''), r.sha256) > 0" \
  " OR instr (coalesce (h.set_p, ''), r.sha256) > 0" \
  " OR instr (coalesce (h.old_p, ''), r.sha256) > 0))))"

#define UNNAMED \
  "SELECT DISTINCT sha256 FROM uploads AS u" \
  " WHERE (:sha256 IS NULL OR sha256 = :sha256)" \
  " AND NOT EXISTS (SELECT 1 FROM uploads AS o WHERE o.sha256 = u.sha256 AND o.at >= :before)" \
  " AND NOT " IS_NAMED

/* Who has sent it again since may be about to name it in another record. */
#define ERASED \
  "SELECT DISTINCT u.sha256 FROM blob_refs AS u JOIN erased AS e ON e.id = u.id" \
  " WHERE NOT EXISTS (SELECT 1 FROM uploads AS o WHERE o.sha256 = u.sha256 AND o.at > e.at)" \
  " AND NOT " IS_NAMED

static gboolean
collect_names (AlmQuery   *query,
               GPtrArray **names,
               GError    **error)
{
  AlmSqlStep step;

  *names = g_ptr_array_new_with_free_func (g_free);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (*names, g_strdup (alm_sql_get_text (query, 0)));
  if (step == ALM_SQL_STEP_ERROR)
    g_clear_pointer (names, g_ptr_array_unref);

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_hub_list_unnamed (AlmServerStore  *store,
                      const char      *sha256,
                      gint64           before_us,
                      GPtrArray      **names,
                      GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db, UNNAMED);

  alm_sql_bind_text (query, ":sha256", sha256);
  alm_sql_bind_int (query, ":before", before_us);

  return collect_names (query, names, error);
}

gboolean
alm_hub_list_erased_blobs (AlmServerStore  *store,
                           GPtrArray      **names,
                           GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query = alm_db_query (self->db, ERASED);

  return collect_names (query, names, error);
}

/* Verifying */

static gboolean
check_file_cb (const AlmBlobFile  *file,
               gpointer            user_data,
               GError            **error)
{
  GPtrArray *findings = user_data;
  g_autofree char *folder = g_path_get_dirname (file->path);
  g_autofree char *blobs = g_path_get_dirname (folder);
  g_autofree char *dir = g_path_get_dirname (blobs);
  g_autoptr (GError) reason = NULL;

  if (*file->sha256 == '\0' || !alm_blob_store_check (dir, file->sha256, &reason))
    g_ptr_array_add (findings, g_strdup (reason != NULL ? reason->message : file->path));

  return TRUE;
}

/* A command may have come before its file, and the file never. */
static gboolean
find_missing (AlmHub      *self,
              const char  *dir,
              GPtrArray   *findings,
              GError     **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT r.sha256, count(*) FROM blob_refs AS r"
                            " JOIN records AS c ON c.id = r.id WHERE c.del = 0"
                            " AND (instr (c.body, r.sha256) > 0"
                            " OR instr (coalesce (c.body_p, ''), r.sha256) > 0)"
                            " GROUP BY r.sha256");
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    if (alm_blob_store_get_size (dir, alm_sql_get_text (query, 0)) < 0)
      g_ptr_array_add (findings, g_strdup_printf ("blobs/%s: is missing, and %" G_GINT64_FORMAT
                                                  " records name it", alm_sql_get_text (query, 0),
                                                  alm_sql_get_int (query, 1)));

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_hub_verify_blobs (AlmServerStore  *store,
                      const char      *dir,
                      GPtrArray       *findings,
                      GError         **error)
{
  gboolean done;

  if (!alm_blob_store_each (dir, check_file_cb, findings, error)
      || !store->api->begin (store, FALSE, error))
    return FALSE;
  done = find_missing ((AlmHub *) store, dir, findings, error);
  store->api->rollback (store);

  return done;
}

static gboolean
run_with (AlmHub      *self,
          const char  *sql,
          const char  *sha256,
          GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);

  alm_sql_bind_text (query, ":sha256", sha256);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_forget_blob (AlmServerStore  *store,
                     const char      *sha256,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;

  return run_with (self, "DELETE FROM uploads WHERE sha256 = :sha256", sha256, error)
         && run_with (self, "DELETE FROM blob_refs WHERE sha256 = :sha256", sha256, error);
}
