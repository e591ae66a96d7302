/* SPDX-License-Identifier: EUPL-1.2 */

/* Erasing (sync.md, section 4.10): out of the record, its history and its salt, and
 * the list of what was erased, by which desks are told and confirm.
 *
 * Invariants:
 *   1. A line of history stays with its chash and its place in the chain.  What it said
 *      cannot be looked up by guessing: the salt is gone.
 *   2. A line of history of a record that was erased later (`erased`, by seq) cannot be
 *      checked against its chash any more, and need not.
 *   3. Setting "wipe" is written in the transaction of an erasure and taken away when
 *      the files hold nothing of it: after a crash between them the next start goes on. */

#include "config.h"

#include "alm-erasure.h"
#include "alm-hub-private.h"

#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

#define WIPE "wipe"

/* One of the columns of a line of history, without what goes; NULL: nothing is left. */
static gboolean
strip_text (const char      *text,
            const AlmValue  *names,
            char           **rest,
            GError         **error)
{
  g_autoptr (AlmValue) fields = NULL;
  g_autoptr (AlmValue) kept = NULL;

  *rest = NULL;
  if (text == NULL || names == NULL)
    return TRUE;
  fields = alm_json_parse (text, -1, NULL, error);
  if (fields == NULL)
    return FALSE;
  kept = alm_erasure_strip (names, fields);
  if (alm_value_get_size (kept) > 0)
    *rest = alm_value_to_text (kept);

  return TRUE;
}

static const char *const columns[] = { "set_", "old_", "set_p", "old_p" };

typedef struct
{
  gint64  scope;
  gint64  seq;
  char   *texts[G_N_ELEMENTS (columns)];
} Line;

static void
line_free (Line *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_free (self->texts[i]);
  g_free (self);
}

/* (element-type Line): how the lines of @id shall read; NULL with an error */
static GPtrArray *
strip_lines (AlmHub          *self,
             const AlmId     *id,
             const AlmValue  *names,
             GError         **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT scope, seq, set_, old_, set_p, old_p FROM history"
                            " WHERE id = :id");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      Line *line = g_new0 (Line, 1);

      g_ptr_array_add (lines, line);
      line->scope = alm_sql_get_int (query, 0);
      line->seq = alm_sql_get_int (query, 1);
      for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
        if (!strip_text (alm_sql_get_text (query, 2 + (int) i), names, &line->texts[i], error))
          return NULL;
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&lines) : NULL;
}

static gboolean
strip_history (AlmHub          *self,
               const AlmId     *id,
               const AlmValue  *names,
               GError         **error)
{
  g_autoptr (GPtrArray) lines = strip_lines (self, id, names, error);

  if (lines == NULL)
    return FALSE;
  if (ALM_PLANTED ("history-not-erased"))
    return TRUE;

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = lines->pdata[i];
      g_autoptr (AlmQuery) query =
        alm_db_query (self->db, "UPDATE history SET set_ = ?1, old_ = ?2, set_p = ?3, old_p = ?4"
                                " WHERE scope = ?5 AND seq = ?6");

      for (guint k = 0; k < G_N_ELEMENTS (columns); k++)
        alm_sql_bind_text_at (query, 1 + (int) k, line->texts[k]);
      alm_sql_bind_int_at (query, 5, line->scope);
      alm_sql_bind_int_at (query, 6, line->seq);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
drop_salt (AlmHub       *self,
           const AlmId  *id,
           GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM salts WHERE id = :id");

  if (ALM_PLANTED ("salt-kept"))
    return TRUE;
  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_erase (AlmServerStore      *store,
               const AlmHubRecord  *before,
               AlmHubRecord        *after,
               const AlmModel      *model,
               AlmClass             whole,
               const AlmValue      *names,
               AlmHubEntry         *entry,
               GError             **error)
{
  AlmHub *self = (AlmHub *) store;

  return strip_history (self, &before->id, names, error)
         && drop_salt (self, &before->id, error)
         && alm_hub_put_record (store, before, after, model, whole, entry, error)
         && store->api->set_info (store, WIPE, "1", error);
}

gboolean
alm_hub_was_erased (AlmHub       *self,
                    const AlmId  *id,
                    gint64        seq,
                    gboolean     *erased,
                    GError      **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT 1 FROM erased WHERE id = :id AND seq > :seq LIMIT 1");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":seq", seq);
  step = alm_sql_step (query, error);
  *erased = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

/* Every desk that was ever told of the scope may hold it. */
static gboolean
owe (AlmHub       *self,
     gint64        scope,
     gint64        seq,
     GError      **error)
{
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT INTO erased_seen (scope, seq, desk, at)"
                            " SELECT scope, ?2, desk, 0 FROM readers WHERE scope = ?1");

  alm_sql_bind_int_at (query, 1, scope);
  alm_sql_bind_int_at (query, 2, seq);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_add_erasure (AlmServerStore       *store,
                     const AlmHubErasure  *erasure,
                     GError              **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autofree char *fields = erasure->fields != NULL ? alm_value_to_text (erasure->fields) : NULL;
  g_autoptr (AlmQuery) query = NULL;
  gint64 scope;

  if (!alm_hub_number_of (self, erasure->scope, TRUE, &scope, error))
    return FALSE;

  query = alm_db_query (self->db, "INSERT INTO erased (scope, seq, id, fields, implied, reason,"
                                  " user, at) VALUES (:scope, :seq, :id, :fields, :implied,"
                                  " :reason, :user, :at)");
  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":seq", erasure->seq);
  alm_sql_bind_blob (query, ":id", erasure->id.bytes, sizeof erasure->id.bytes);
  alm_sql_bind_text (query, ":fields", fields);
  alm_sql_bind_int (query, ":implied", erasure->implied);
  alm_sql_bind_text (query, ":reason", erasure->reason);
  alm_sql_bind_text (query, ":user", erasure->user);
  alm_sql_bind_int (query, ":at", erasure->at_us);

  return alm_sql_run (query, error) && owe (self, scope, erasure->seq, error);
}

static AlmHubErasure *
read_erasure (AlmHub  *self,
              AlmSql  *query,
              GError **error)
{
  g_autoptr (AlmHubErasure) erasure = g_new0 (AlmHubErasure, 1);
  const char *fields = alm_sql_get_text (query, 3);
  gsize size;
  gconstpointer id = alm_sql_get_blob (query, 2, &size);

  if (size != sizeof erasure->id.bytes)
    {
      alm_hub_set_corrupt (error, "A line about what was erased is damaged");
      return NULL;
    }
  memcpy (erasure->id.bytes, id, size);
  erasure->scope = alm_hub_name_of (self, alm_sql_get_int (query, 0), error);
  if (erasure->scope == NULL)
    return NULL;
  erasure->seq = alm_sql_get_int (query, 1);
  if (fields != NULL)
    {
      erasure->fields = alm_json_parse (fields, -1, NULL, error);
      if (erasure->fields == NULL)
        return NULL;
    }
  erasure->implied = alm_sql_get_int (query, 4) != 0;
  erasure->reason = g_strdup (alm_sql_get_text (query, 5));
  erasure->user = g_strdup (alm_sql_get_text (query, 6));
  erasure->at_us = alm_sql_get_int (query, 7);
  erasure->confirmed = (guint) alm_sql_get_int (query, 8);

  return g_steal_pointer (&erasure);
}

#define ERASED_COLUMNS \
  "e.scope, e.seq, e.id, e.fields, e.implied, e.reason, e.user, e.at," \
  " (SELECT count (*) FROM erased_seen s WHERE s.scope = e.scope AND s.seq = e.seq AND s.at > 0)"

gboolean
alm_hub_list_erasures (AlmServerStore  *store,
                       const char      *scope,
                       const AlmId     *id,
                       const AlmId     *desk,
                       gint64           after,
                       GPtrArray      **erasures,
                       GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_erasure_free);
  g_autoptr (AlmQuery) query = NULL;
  gint64 number = 0;
  AlmSqlStep step;

  if (scope != NULL && !alm_hub_number_of (self, scope, FALSE, &number, error))
    return FALSE;

  query = alm_db_query (self->db, id != NULL
                        ? "SELECT " ERASED_COLUMNS " FROM erased e WHERE e.id = :id"
                          " AND e.seq > :after ORDER BY e.seq"
                        : desk != NULL
                        ? "SELECT " ERASED_COLUMNS " FROM erased_seen o JOIN erased e"
                          " ON e.scope = o.scope AND e.seq = o.seq WHERE o.desk = :desk"
                          " AND o.at = 0 AND e.seq > :after ORDER BY e.scope, e.seq"
                        : scope != NULL
                        ? "SELECT " ERASED_COLUMNS " FROM erased e WHERE e.scope = :scope"
                          " AND e.seq > :after ORDER BY e.seq"
                        : "SELECT " ERASED_COLUMNS " FROM erased e WHERE e.seq > :after"
                          " ORDER BY e.at, e.scope, e.seq");
  if (id != NULL)
    alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  else if (desk != NULL)
    alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  else if (scope != NULL)
    alm_sql_bind_int (query, ":scope", number);
  alm_sql_bind_int (query, ":after", after);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmHubErasure *erasure = read_erasure (self, query, error);

      if (erasure == NULL)
        return FALSE;
      g_ptr_array_add (list, erasure);
    }
  if (step == ALM_SQL_STEP_ERROR)
    return FALSE;
  *erasures = g_steal_pointer (&list);

  return TRUE;
}

/* Those that have not confirmed it yet. */
gboolean
alm_hub_list_owing (AlmServerStore       *store,
                    const AlmHubErasure  *erasure,
                    GArray              **desks,
                    GError              **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT desk FROM erased_seen WHERE scope = :scope AND seq = :seq"
                            " AND at = 0 ORDER BY desk");
  gint64 number;

  if (!alm_hub_number_of (self, erasure->scope, FALSE, &number, error))
    return FALSE;
  alm_sql_bind_int (query, ":scope", number);
  alm_sql_bind_int (query, ":seq", erasure->seq);
  if (!alm_hub_collect_ids (query, found, error))
    return FALSE;
  *desks = g_steal_pointer (&found);

  return TRUE;
}

/* @desk has taken over everything that was erased in @scope up to @seq. */
gboolean
alm_hub_note_seen (AlmServerStore  *store,
                   const AlmId     *desk,
                   const char      *scope,
                   gint64           seq,
                   gint64           at_us,
                   GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "UPDATE erased_seen SET at = :at WHERE desk = :desk"
                            " AND scope = :scope AND seq <= :seq AND at = 0");
  gint64 number;

  if (!alm_hub_number_of (self, scope, FALSE, &number, error))
    return FALSE;
  alm_sql_bind_int (query, ":at", at_us);
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);
  alm_sql_bind_int (query, ":scope", number);
  alm_sql_bind_int (query, ":seq", seq);

  return alm_sql_run (query, error);
}

/* @desk was told of @scope: from now on it may hold what stands there. */
gboolean
alm_hub_add_reader (AlmServerStore  *store,
                    const AlmId     *desk,
                    const char      *scope,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "INSERT OR IGNORE INTO readers (scope, desk) VALUES (:scope, :desk)");
  gint64 number;

  if (!alm_hub_number_of (self, scope, TRUE, &number, error))
    return FALSE;
  alm_sql_bind_int (query, ":scope", number);
  alm_sql_bind_blob (query, ":desk", desk->bytes, sizeof desk->bytes);

  return alm_sql_run (query, error);
}

gboolean
alm_hub_copy_reader (AlmServerStore  *store,
                     const AlmId     *from,
                     const AlmId     *to,
                     GError         **error)
{
  static const char *const sql[] = {
    "INSERT OR IGNORE INTO readers (scope, desk) SELECT scope, :to FROM readers"
    " WHERE desk = :from",
    "INSERT OR IGNORE INTO erased_seen (scope, seq, desk, at)"
    " SELECT scope, seq, :to, 0 FROM erased_seen WHERE desk = :from",
  };
  AlmHub *self = (AlmHub *) store;

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    {
      g_autoptr (AlmQuery) query = alm_db_query (self->db, sql[i]);

      alm_sql_bind_blob (query, ":from", from->bytes, sizeof from->bytes);
      alm_sql_bind_blob (query, ":to", to->bytes, sizeof to->bytes);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_hub_end_reader (AlmServerStore  *store,
                    const AlmId     *desk,
                    gint64           at_us,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) seen =
    alm_db_query (self->db, "UPDATE erased_seen SET at = :at WHERE desk = :desk AND at = 0");
  g_autoptr (AlmQuery) readers =
    alm_db_query (self->db, "DELETE FROM readers WHERE desk = :desk");

  alm_sql_bind_int (seen, ":at", at_us);
  alm_sql_bind_blob (seen, ":desk", desk->bytes, sizeof desk->bytes);
  alm_sql_bind_blob (readers, ":desk", desk->bytes, sizeof desk->bytes);

  return alm_sql_run (seen, error) && alm_sql_run (readers, error);
}

/* All conflicts about a record, decided or not.  Rare enough to look through all. */
gboolean
alm_hub_list_about (AlmServerStore  *store,
                    const AlmId     *record,
                    GArray         **ids,
                    GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autofree char *text = alm_id_to_text (record);
  g_autofree char *member = g_strdup_printf ("\"record\":\"%s\"", text);
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT id FROM records WHERE kind = (SELECT i FROM names"
                            " WHERE name = 'conflict') AND (instr (body, :member) > 0"
                            " OR instr (body_p, :member) > 0) ORDER BY id");

  alm_sql_bind_text (query, ":member", member);
  if (!alm_hub_collect_ids (query, found, error))
    return FALSE;
  *ids = g_steal_pointer (&found);

  return TRUE;
}

typedef struct
{
  AlmId   desk;
  gint64  n;
  char   *line;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_free (self->line);
}

/* The line of a refusal without its detail; NULL: it is none, or says nothing. */
static char *
blank_detail (const char *line,
              const char *member)
{
  g_autoptr (AlmValue) said = alm_json_parse (line, -1, NULL, NULL);
  const char *detail = alm_value_get_text_of (said, "detail");

  if (detail == NULL || strstr (detail, member) == NULL)
    return NULL;
  alm_value_set_text (said, "detail", member);

  return alm_value_to_text (said);
}

static gboolean
write_outcomes (AlmHub   *self,
                GArray   *outcomes,
                GError  **error)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      const Outcome *outcome = &g_array_index (outcomes, Outcome, i);
      g_autoptr (AlmQuery) query =
        alm_db_query (self->db, "UPDATE outcomes SET line = ?1 WHERE desk = ?2 AND n = ?3");

      alm_sql_bind_text_at (query, 1, outcome->line);
      alm_sql_bind_blob_at (query, 2, outcome->desk.bytes, sizeof outcome->desk.bytes);
      alm_sql_bind_int_at (query, 3, outcome->n);
      if (!alm_sql_run (query, error))
        return FALSE;
    }

  return TRUE;
}

/* What desks were told when a value of @field was refused: the reason may name a part of
 * it.  It is not kept about which record that was, so all of that field lose it. */
gboolean
alm_hub_blank_outcomes (AlmServerStore  *store,
                        const char      *field,
                        GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  g_autofree char *member = g_strdup_printf ("field '%s'", field);
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT desk, n, line FROM outcomes WHERE instr (line, :member) > 0");
  AlmSqlStep step;

  g_array_set_clear_func (outcomes, (GDestroyNotify) outcome_clear);
  alm_sql_bind_text (query, ":member", member);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      Outcome outcome = { .n = alm_sql_get_int (query, 1) };
      gsize size;
      gconstpointer desk = alm_sql_get_blob (query, 0, &size);

      outcome.line = blank_detail (alm_sql_get_text (query, 2), member);
      if (size != sizeof outcome.desk.bytes || outcome.line == NULL)
        continue;
      memcpy (outcome.desk.bytes, desk, size);
      g_array_append_val (outcomes, outcome);
    }

  return step == ALM_SQL_STEP_DONE && write_outcomes (self, outcomes, error);
}

/* The names of all fields that the history of @id ever held. */
gboolean
alm_hub_list_fields (AlmServerStore  *store,
                     const AlmId     *id,
                     GHashTable      *names,
                     GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autoptr (AlmQuery) query =
    alm_db_query (self->db, "SELECT DISTINCT j.key FROM history h,"
                            " json_each (json_array (h.set_, h.old_, h.set_p, h.old_p)) c,"
                            " json_each (c.value) j WHERE h.id = :id AND c.value IS NOT NULL");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    g_hash_table_add (names, g_strdup (alm_sql_get_text (query, 0)));

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
forget_wipe (AlmHub  *self,
             GError **error)
{
  if (!alm_db_begin (self->db, error))
    return FALSE;
  if (!alm_sql_exec (self->db->handle, "DELETE FROM info WHERE name = '" WIPE "'", error))
    {
      alm_db_rollback (self->db);
      return FALSE;
    }

  return alm_db_commit (self->db, error);
}

/* Where something was erased since the last time: takes it out of the files.  Outside a
 * transaction; *done FALSE: a reader is in the way, so ask again. */
gboolean
alm_hub_wipe (AlmServerStore  *store,
              gboolean        *done,
              GError         **error)
{
  AlmHub *self = (AlmHub *) store;
  g_autofree char *due = NULL;

  *done = TRUE;
  if (!store->api->get_info (store, WIPE, &due, error))
    return FALSE;
  if (due == NULL)
    return TRUE;
  if (!alm_db_wipe (self->db, done, error))
    return FALSE;

  return !*done || forget_wipe (self, error);
}
