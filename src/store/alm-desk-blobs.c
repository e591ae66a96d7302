/* SPDX-License-Identifier: EUPL-1.2 */

/* Attached files of a profile.
 *
 * Invariants:
 *   1. `blob_refs` names exactly the records that are shown, not deleted and name the
 *      file; it is written with the record.
 *   2. What a commit has changed in it decides the file's state in the same transaction:
 *      named and not here, it is wanted; here and not known to be on the server, it waits
 *      to be sent.
 *   3. A file leaves the disk only after the commit that forgets it, and only where the
 *      server has it; the only copy stays. */

#include "config.h"

#include "alm-desk-blobs.h"

#include "alm-blob-store.h"
#include "alm-desk-private.h"

#include <string.h>

#define MARK "\"sha256\":\""

static const char *const state_names[] = {
  [ALM_BLOB_UNKNOWN] = "unknown", [ALM_BLOB_LOCAL] = "local", [ALM_BLOB_WAITING] = "waiting",
  [ALM_BLOB_HERE] = "here", [ALM_BLOB_WANTED] = "wanted", [ALM_BLOB_REMOTE] = "remote",
};

const char *
alm_blob_state_to_text (AlmBlobState state)
{
  return state_names[state];
}

static AlmBlobState
state_from_text (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (text, state_names[i]) == 0)
      return (AlmBlobState) i;

  return ALM_BLOB_UNKNOWN;
}

void
alm_desk_blob_free (AlmDeskBlob *self)
{
  g_free (self->sha256);
  g_free (self->type);
  g_free (self);
}

static AlmDeskBlob *
blob_new (const char *sha256,
          gint64      size,
          const char *type)
{
  AlmDeskBlob *self = g_new0 (AlmDeskBlob, 1);

  self->sha256 = g_strdup (sha256);
  self->size = size;
  self->type = g_strdup (type);

  return self;
}

/* Columns sha256, size, type, state. */
static AlmDeskBlob *
read_blob (AlmDesk *self,
           AlmSql  *sql)
{
  AlmDeskBlob *blob = blob_new (alm_sql_get_text (sql, 0), alm_sql_get_int (sql, 1),
                                alm_sql_get_text (sql, 2));

  blob->state = state_from_text (alm_sql_get_text (sql, 3));
  if (blob->state == ALM_BLOB_WANTED)
    blob->arrived = MIN (alm_blob_store_part_size (self->dir, blob->sha256, NULL), blob->size);

  return blob;
}

gboolean
alm_desk_blob_find (AlmDesk      *self,
                    const char   *sha256,
                    AlmDeskBlob **blob,
                    GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT sha256, size, type, state FROM blobs"
                                                       " WHERE sha256 = :sha256");
  AlmSqlStep step;

  alm_sql_bind_text (query, ":sha256", sha256);
  step = alm_sql_step (query, error);
  *blob = step == ALM_SQL_STEP_ROW ? read_blob (self, query) : NULL;

  return step != ALM_SQL_STEP_ERROR;
}

GPtrArray *
alm_desk_blob_list (AlmDesk  *self,
                    GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT sha256, size, type, state FROM blobs"
                                                       " ORDER BY sha256");
  g_autoptr (GPtrArray) blobs = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                alm_desk_blob_free);
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    g_ptr_array_add (blobs, read_blob (self, query));

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&blobs) : NULL;
}

/* What the records name */

static void
touch (AlmDesk       *self,
       const AlmBlob *blob)
{
  AlmDeskBlob *known = g_hash_table_lookup (self->blobs_touched, blob->sha256);

  if (known == NULL)
    {
      known = blob_new (blob->sha256, blob->size, blob->type);
      g_hash_table_insert (self->blobs_touched, known->sha256, known);
    }
  else if (known->size < 0)
    known->size = blob->size;
}

/* The names that stand there for @id are looked at again, and go. */
static gboolean
drop_refs (AlmDesk      *self,
           const AlmId  *id,
           GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "SELECT sha256 FROM blob_refs WHERE id = ?1");
  g_autoptr (AlmQuery) drop = NULL;
  AlmSqlStep step;
  gboolean any = FALSE;

  alm_sql_bind_blob_at (query, 1, id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmBlob blob = { alm_sql_get_text (query, 0), -1 };

      touch (self, &blob);
      any = TRUE;
    }
  if (step == ALM_SQL_STEP_ERROR || !any)
    return step == ALM_SQL_STEP_DONE;

  drop = alm_db_query (self->db, "DELETE FROM blob_refs WHERE id = ?1");
  alm_sql_bind_blob_at (drop, 1, id->bytes, sizeof id->bytes);

  return alm_sql_run (drop, error);
}

typedef struct
{
  AlmDesk      *desk;
  const AlmRow *row;
  GError      **error;
  gboolean      ok;
} Noting;

static void
note_cb (const AlmBlob *blob,
         gpointer       user_data)
{
  Noting *noting = user_data;
  g_autoptr (AlmQuery) query = NULL;

  if (!noting->ok)
    return;

  touch (noting->desk, blob);
  query = alm_db_query (noting->desk->db, "INSERT OR IGNORE INTO blob_refs VALUES (?1, ?2)");
  alm_sql_bind_blob_at (query, 1, noting->row->id.bytes, sizeof noting->row->id.bytes);
  alm_sql_bind_text_at (query, 2, blob->sha256);
  noting->ok = alm_sql_run (query, noting->error);
}

/* @body, @body_p: what was written of @row; NULL: it is gone. */
gboolean
alm_desk_note_blobs (AlmDesk       *self,
                     const AlmRow  *row,
                     gboolean       is_new,
                     const char    *body,
                     const char    *body_p,
                     GError       **error)
{
  Noting noting = { self, row, error, TRUE };

  if (!is_new && !drop_refs (self, &row->id, error))
    return FALSE;
  if (!row->deleted && ((body != NULL && strstr (body, MARK) != NULL)
                        || (body_p != NULL && strstr (body_p, MARK) != NULL)))
    alm_blob_each (row->fields, note_cb, &noting);

  return noting.ok;
}

typedef struct
{
  AlmDb   *db;
  AlmSql  *row;      /* id, scope, … */
  GError **error;
  gboolean ok;
} Filling;

static void
fill_cb (const AlmBlob *blob,
         gpointer       user_data)
{
  Filling *filling = user_data;
  g_autoptr (AlmQuery) ref = NULL;
  g_autoptr (AlmQuery) query = NULL;
  gconstpointer id;
  gsize size;

  if (!filling->ok)
    return;

  id = alm_sql_get_blob (filling->row, 0, &size);
  ref = alm_db_query (filling->db, "INSERT OR IGNORE INTO blob_refs VALUES (?1, ?2)");
  alm_sql_bind_blob_at (ref, 1, id, size);
  alm_sql_bind_text_at (ref, 2, blob->sha256);
  filling->ok = alm_sql_run (ref, filling->error);
  if (!filling->ok || strcmp (alm_sql_get_text (filling->row, 1), "local") == 0)
    return;

  query = alm_db_query (filling->db, "INSERT OR IGNORE INTO blobs VALUES (?1, ?2, ?3, ?4)");
  alm_sql_bind_text_at (query, 1, blob->sha256);
  alm_sql_bind_int_at (query, 2, blob->size);
  alm_sql_bind_text_at (query, 3, blob->type);
  alm_sql_bind_text_at (query, 4, blob->size <= ALM_BLOB_FETCH_MAX ? "wanted" : "remote");
  filling->ok = alm_sql_run (query, filling->error);
}

static gboolean
fill_from_row (AlmDb   *db,
               AlmSql  *sql,
               GError **error)
{
  Filling filling = { db, sql, error, TRUE };
  g_autoptr (AlmValue) fields = alm_desk_parse_body (alm_sql_get_text (sql, 2),
                                                     alm_sql_get_text (sql, 3), error);

  if (fields == NULL)
    return FALSE;
  alm_blob_each (fields, fill_cb, &filling);

  return filling.ok;
}

/* For the migration: nothing of what is named is here yet. */
gboolean
alm_desk_fill_blobs (AlmDb   *db,
                     GError **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (db->handle, "SELECT r.id, n.name, r.body, r.body_p"
                                            " FROM records AS r JOIN names AS n ON n.i = r.scope"
                                            " WHERE r.del = 0 AND (instr (r.body, :mark) > 0"
                                            " OR instr (coalesce (r.body_p, ''), :mark) > 0)");
  AlmSqlStep step;

  alm_sql_bind_text (sql, ":mark", MARK);
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    if (!fill_from_row (db, sql, error))
      return FALSE;

  return step == ALM_SQL_STEP_DONE;
}

/* What follows from it */

static gboolean
set_state (AlmDesk            *self,
           const AlmDeskBlob  *blob,
           AlmBlobState        state,
           GError            **error)
{
  g_autoptr (AlmQuery) query = NULL;

  if (state == ALM_BLOB_UNKNOWN)
    {
      query = alm_db_query (self->db, "DELETE FROM blobs WHERE sha256 = :sha256");
      alm_sql_bind_text (query, ":sha256", blob->sha256);
      return alm_sql_run (query, error);
    }

  query = alm_db_query (self->db, "INSERT INTO blobs (sha256, size, type, state)"
                                  " VALUES (:sha256, :size, :type, :state)"
                                  " ON CONFLICT (sha256) DO UPDATE SET state = excluded.state,"
                                  " type = coalesce (type, excluded.type)");
  alm_sql_bind_text (query, ":sha256", blob->sha256);
  alm_sql_bind_int (query, ":size", blob->size);
  alm_sql_bind_text (query, ":type", blob->type);
  alm_sql_bind_text (query, ":state", state_names[state]);

  return alm_sql_run (query, error);
}

typedef struct
{
  gboolean any;      /* some record names it */
  gboolean sent;     /* … one in a scope that is sent */
} Named;

static gboolean
look_who_names (AlmDesk     *self,
                const char  *sha256,
                Named       *named,
                GError     **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT max (n.name <> 'local') FROM blob_refs AS b"
                            " JOIN records AS r ON r.id = b.id JOIN names AS n ON n.i = r.scope"
                            " WHERE b.sha256 = :sha256");

  alm_sql_bind_text (query, ":sha256", sha256);
  if (alm_sql_step (query, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  named->any = !alm_sql_is_null (query, 0);
  named->sent = alm_sql_get_int (query, 0) != 0;

  return TRUE;
}

static AlmBlobState
choose_state (AlmBlobState  now,
              const Named  *named,
              gboolean      is_here,
              gint64        size)
{
  if (named->sent)
    {
      if (now != ALM_BLOB_UNKNOWN && (now != ALM_BLOB_LOCAL || !is_here))
        return now == ALM_BLOB_LOCAL ? ALM_BLOB_WANTED : now;
      if (is_here)
        return ALM_BLOB_WAITING;
      return size <= ALM_BLOB_FETCH_MAX ? ALM_BLOB_WANTED : ALM_BLOB_REMOTE;
    }

  /* The server's copy is enough of what nobody names here. */
  if (now == ALM_BLOB_WANTED || now == ALM_BLOB_REMOTE || (now == ALM_BLOB_HERE && !named->any))
    return ALM_BLOB_UNKNOWN;

  return is_here ? ALM_BLOB_LOCAL : ALM_BLOB_UNKNOWN;
}

static gboolean
settle (AlmDesk            *self,
        const AlmDeskBlob  *touched,
        GError            **error)
{
  gboolean is_here = alm_blob_store_get_size (self->dir, touched->sha256) >= 0;
  g_autoptr (AlmDeskBlob) known = NULL;
  AlmBlobState now;
  AlmBlobState next;
  Named named;

  if (!alm_desk_blob_find (self, touched->sha256, &known, error)
      || !look_who_names (self, touched->sha256, &named, error))
    return FALSE;

  now = known != NULL ? known->state : ALM_BLOB_UNKNOWN;
  next = choose_state (now, &named, is_here, touched->size);
  if (next == now || (known == NULL && touched->size < 0))
    return TRUE;
  if (now == ALM_BLOB_HERE && next == ALM_BLOB_UNKNOWN)
    g_ptr_array_add (self->blobs_gone, g_strdup (touched->sha256));

  return set_state (self, touched, next, error);
}

/* Before the commit, or before somebody counts them. */
gboolean
alm_desk_settle_blobs (AlmDesk  *self,
                       GError  **error)
{
  GHashTableIter iter;
  gpointer blob;

  g_hash_table_iter_init (&iter, self->blobs_touched);
  while (g_hash_table_iter_next (&iter, NULL, &blob))
    if (!settle (self, blob, error))
      return FALSE;
  g_hash_table_remove_all (self->blobs_touched);

  return TRUE;
}

/* After it. */
void
alm_desk_remove_blobs (AlmDesk *self)
{
  for (guint i = 0; i < self->blobs_gone->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!alm_blob_store_remove (self->dir, self->blobs_gone->pdata[i], &error))
        g_message ("%s", error->message);
    }
}

void
alm_desk_forget_blobs (AlmDesk *self)
{
  g_hash_table_remove_all (self->blobs_touched);
  g_ptr_array_set_size (self->blobs_gone, 0);
}

/* Files that come in by hand */

static char *
guess_type (const char *file)
{
  g_autoptr (GFile) place = g_file_new_for_path (file);
  g_autoptr (GFileInfo) info = g_file_query_info (place, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);
  const char *type = info != NULL ? g_file_info_get_content_type (info) : NULL;

  return type != NULL ? g_content_type_get_mime_type (type) : NULL;
}

AlmDeskBlob *
alm_desk_blob_take (const char    *dir,
                    const char    *file,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *sha256 = NULL;
  g_autofree char *type = NULL;
  gint64 size;

  if (!alm_blob_store_take_file (dir, file, &sha256, &size, cancellable, error))
    return NULL;

  type = guess_type (file);

  return blob_new (sha256, size, type != NULL ? type : "application/octet-stream");
}

/* Where it is in one of @states. */
static gboolean
change (AlmDesk            *self,
        const AlmDeskBlob  *blob,
        guint               states,
        AlmBlobState        next,
        GError            **error)
{
  g_autoptr (AlmDeskBlob) known = NULL;
  AlmBlobState now;

  if (!alm_desk_blob_find (self, blob->sha256, &known, error))
    return FALSE;
  now = known != NULL ? known->state : ALM_BLOB_UNKNOWN;

  return (states & (1u << now)) == 0 || set_state (self, blob, next, error);
}

#define IN(state) (1u << ALM_BLOB_ ## state)

/* Tells of the records that name it: their pictures are to be drawn anew. */
static gboolean
note_naming (AlmDesk     *self,
             const char  *sha256,
             GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT r.rid, r.kind FROM blob_refs AS b"
                                             " JOIN records AS r ON r.id = b.id"
                                             " WHERE b.sha256 = :sha256");
  AlmSqlStep step;

  alm_sql_bind_text (query, ":sha256", sha256);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      const char *kind = alm_desk_get_name (self, alm_sql_get_int (query, 1));

      if (kind != NULL)
        alm_desk_note_change (self, alm_sql_get_int (query, 0), kind);
    }

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
commit_if (AlmDesk     *self,
           gboolean     ok,
           const char  *sha256,
           GError     **error)
{
  if (ok && note_naming (self, sha256, error))
    return alm_desk_commit (self, error);

  alm_desk_rollback (self);

  return FALSE;
}

/* A record may have named it before it came. */
gboolean
alm_desk_blob_note (AlmDesk            *self,
                    const AlmDeskBlob  *blob,
                    GError            **error)
{
  gboolean ok;

  if (!alm_desk_begin (self, error))
    return FALSE;

  ok = change (self, blob, IN (UNKNOWN), ALM_BLOB_LOCAL, error)
       && change (self, blob, IN (WANTED) | IN (REMOTE), ALM_BLOB_WAITING, error);

  return commit_if (self, ok, blob->sha256, error);
}

gboolean
alm_desk_blob_want (AlmDesk     *self,
                    const char  *sha256,
                    GError     **error)
{
  g_autoptr (AlmDeskBlob) blob = NULL;
  gboolean ok;

  if (!alm_desk_blob_find (self, sha256, &blob, error) || blob == NULL)
    return FALSE;
  if (!alm_desk_begin (self, error))
    return FALSE;

  ok = change (self, blob, IN (REMOTE), ALM_BLOB_WANTED, error);

  return commit_if (self, ok, sha256, error);
}

/* Sending and fetching */

gboolean
alm_desk_count_blobs (AlmDesk  *self,
                      guint    *count,
                      GError  **error)
{
  gint64 value = 0;
  gboolean done = alm_db_get_int (self->db, "SELECT count(*) FROM blobs"
                                  " WHERE state IN ('waiting', 'wanted')", 0, &value, error);

  *count = (guint) value;

  return done;
}

gboolean
alm_desk_doubt_blobs (AlmDesk  *self,
                      GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "UPDATE blobs SET state = 'waiting'"
                                                       " WHERE state = 'here'");

  return alm_sql_run (query, error);
}

gboolean
alm_desk_blob_next (AlmDesk      *self,
                    GHashTable   *but,
                    AlmDeskBlob **blob,
                    GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT sha256, size, type, state FROM blobs"
                                             " WHERE state IN ('waiting', 'wanted')"
                                             " ORDER BY state, size, sha256");
  AlmSqlStep step;

  *blob = NULL;
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    if (!g_hash_table_contains (but, alm_sql_get_text (query, 0)))
      {
        *blob = read_blob (self, query);
        return TRUE;
      }

  return step == ALM_SQL_STEP_DONE;
}

/* What came is for somebody still, or is thrown away. */
static gboolean
keep_arrived (AlmDesk            *self,
              const AlmDeskBlob  *blob,
              GError            **error)
{
  if (blob->state != ALM_BLOB_WANTED)
    {
      alm_blob_store_drop_part (self->dir, blob->sha256, NULL);
      return TRUE;
    }

  return alm_blob_store_keep_part (self->dir, blob->sha256, NULL, error)
         && set_state (self, blob, ALM_BLOB_HERE, error);
}

static gboolean
lose (AlmDesk            *self,
      const AlmDeskBlob  *blob,
      GError            **error)
{
  g_ptr_array_add (self->blobs_gone, g_strdup (blob->sha256));

  return change (self, blob, IN (WAITING), ALM_BLOB_WANTED, error);
}

gboolean
alm_desk_blob_take_news (AlmDesk      *self,
                         const char   *sha256,
                         AlmBlobNews   news,
                         GError      **error)
{
  g_autoptr (AlmDeskBlob) blob = NULL;
  gboolean ok;

  if (!alm_desk_begin (self, error))
    return FALSE;

  ok = alm_desk_blob_find (self, sha256, &blob, error);
  if (ok && blob == NULL)
    {
      alm_desk_rollback (self);
      alm_blob_store_drop_part (self->dir, sha256, NULL);
      return TRUE;
    }
  if (ok && news == ALM_BLOB_SENT)
    ok = change (self, blob, IN (WAITING), ALM_BLOB_HERE, error);
  else if (ok)
    ok = news == ALM_BLOB_ARRIVED ? keep_arrived (self, blob, error) : lose (self, blob, error);

  return commit_if (self, ok, sha256, error);
}
