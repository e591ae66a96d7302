/* SPDX-License-Identifier: EUPL-1.2 */

/* What a desk does when its server came back from a backup (sync.md, section 4.7):
 * what the server has lost is handed in again, and what only this desk can still
 * know is kept apart until somebody's journal has brought it back.
 *
 * Invariants:
 *   1. Nothing is taken away because a server does not know it: before the scopes
 *      are read again, each record with a version that the server has lost stands
 *      in `strays`, also where the server does not know the scope any more.
 *   2. From here on nothing says that its author has seen a version which the
 *      server has lost: the next change there gets that number again.
 *   3. `refill` names commands that wait for their second answer, and refused ones
 *      about what another desk has yet to bring back.
 * Runs inside the caller's transaction. */

#include "config.h"

#include "alm-desk-overlay-private.h"
#include "alm-desk-scope-private.h"
#include "alm-desk-sync-private.h"

#include <string.h>

#define CONFLICT "conflict"

gboolean
alm_desk_requeue (AlmDesk  *self,
                  gint64    next,
                  GError  **error)
{
  g_autoptr (AlmQuery) mark = NULL;
  g_autoptr (AlmQuery) passing = NULL;
  g_autoptr (AlmQuery) query = NULL;

  mark = alm_db_query (self->db, "INSERT OR IGNORE INTO refill SELECT k FROM commands"
                       " WHERE n >= :next AND desk = :desk AND state = 'acked'");
  alm_sql_bind_int (mark, ":next", next);
  alm_sql_bind_blob (mark, ":desk", self->id.bytes, sizeof self->id.bytes);
  if (!alm_sql_run (mark, error))
    return FALSE;

  query = alm_db_query (self->db, "UPDATE commands SET state = 'waiting', seq = NULL,"
                        " outcome = NULL WHERE n >= :next AND desk = :desk"
                        " AND state IN ('acked', 'refused', 'dismissed')");
  alm_sql_bind_int (query, ":next", next);
  alm_sql_bind_blob (query, ":desk", self->id.bytes, sizeof self->id.bytes);
  if (!alm_sql_run (query, error))
    return FALSE;

  passing = alm_db_query (self->db, "DELETE FROM passing WHERE k IN"
                          " (SELECT k FROM commands WHERE state = 'waiting')");

  return alm_sql_run (passing, error);
}

/* Strays */

static gboolean
write_stray (AlmDesk       *self,
             const AlmRow  *row,
             gint64         ver,
             gint64         began,
             const char    *now,
             GError       **error)
{
  g_autofree char *body = alm_value_to_text (row->fields);
  gint64 scope = alm_desk_intern (self, row->scope, error);
  gint64 kind = scope > 0 ? alm_desk_intern (self, row->kind, error) : 0;
  g_autoptr (AlmQuery) query = NULL;

  if (kind == 0)
    return FALSE;

  query = alm_db_query (self->db, "INSERT OR REPLACE INTO strays"
                                  " (id, ver, scope, kind, body, since, began)"
                                  " VALUES (:id, :ver, :scope, :kind, :body, :now, :began)");
  alm_sql_bind_blob (query, ":id", row->id.bytes, sizeof row->id.bytes);
  alm_sql_bind_int (query, ":ver", ver);
  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":kind", kind);
  alm_sql_bind_text (query, ":body", body);
  alm_sql_bind_text (query, ":now", now);
  alm_sql_bind_int (query, ":began", began);

  return alm_sql_run (query, error);
}

/* (transfer full) (element-type AlmId) */
static GArray *
list_ids (AlmDesk     *self,
          const char  *sql,
          gint64       scope,
          gint64       began,
          GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":began", began);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      gsize length;
      gconstpointer id = alm_sql_get_blob (query, 0, &length);

      if (length == sizeof (AlmId))   /* else a damaged row: verify finds it */
        g_array_append_vals (ids, id, 1);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/* Conflicts come again by themselves, with the same ids, when what collided is handed
 * in; a deletion holds nothing that could be lost.  The version: see invariant 2; it
 * never falls to 0, which would say that the server has never known the record. */
static gboolean
keep_record (AlmDesk      *self,
             const AlmId  *id,
             gint64        began,
             const char   *now,
             GError      **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };

  if (!alm_desk_load_layers (self, id, &layers, error))
    return FALSE;
  if (layers.server == NULL || layers.server->ver <= began)
    return TRUE;

  if (!layers.server->deleted && strcmp (layers.server->kind, CONFLICT) != 0
      && !write_stray (self, layers.server, layers.server->ver, began, now, error))
    return FALSE;

  return alm_desk_put_ver (self, layers.shown, MAX (began, 1), error);
}

/* What was answered under another number of this desk (it was a copy once) and has not
 * come back in a feed: it cannot be handed in again, but it is shown. */
static gboolean
keep_passing (AlmDesk              *self,
              const AlmScopeState  *state,
              gint64                began,
              const char           *now,
              GError              **error)
{
  g_autoptr (GArray) ids = list_ids (self, "SELECT DISTINCT id FROM passing"
                                     " WHERE scope = :scope AND seq > :began", state->number,
                                     began, error);
  g_autoptr (AlmQuery) query = NULL;

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AlmRow) row = NULL;

      if (!alm_desk_load (self, &g_array_index (ids, AlmId, i), &row, error))
        return FALSE;
      if (row != NULL && !row->deleted && strcmp (row->kind, CONFLICT) != 0
          && !write_stray (self, row, MAX (row->ver, began) + 1, began, now, error))
        return FALSE;
    }

  query = alm_db_query (self->db, "DELETE FROM passing WHERE scope = :scope AND seq > :began");
  alm_sql_bind_int (query, ":scope", state->number);
  alm_sql_bind_int (query, ":began", began);

  return alm_sql_run (query, error);
}

/* What is said of versions that the server has lost. */
static gboolean
lower (AlmDesk     *self,
       const char  *sql,
       gint64       scope,
       gint64       began,
       GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, sql);

  alm_sql_bind_int (query, ":scope", scope);
  alm_sql_bind_int (query, ":began", began);

  return alm_sql_run (query, error);
}

static gboolean
keep_scope (AlmDesk              *self,
            AlmScopeState        *state,
            gint64                began,
            const char           *now,
            GError              **error)
{
  g_autoptr (GArray) ids = NULL;

  if (!keep_passing (self, state, began, now, error))
    return FALSE;

  ids = list_ids (self, "SELECT id FROM records WHERE scope = :scope AND ver > :began",
                  state->number, began, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!keep_record (self, &g_array_index (ids, AlmId, i), began, now, error))
      return FALSE;

  /* The rows have other versions now. */
  state->counted = FALSE;

  return alm_scope_state_save (self, state, error)
         && lower (self, "UPDATE strays SET began = :began WHERE scope = :scope"
                         " AND began > :began", state->number, began, error)
         && lower (self, "UPDATE commands SET base = :began WHERE state = 'waiting'"
                         " AND scope = :scope AND base > :began", state->number, began, error);
}

/* A scope that is not told any more was made after the backup, or the right to read it
 * was given after it: either way the server may know nothing of what is here. */
static gboolean
keep_all (AlmDesk             *self,
          const AlmWireHello  *hello,
          GError             **error)
{
  g_autofree char *now = alm_clock_format (alm_clock_now_us (self->clock));
  g_autoptr (GPtrArray) states = alm_scope_state_list (self, error);

  if (states == NULL)
    return FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      AlmScopeState *state = states->pdata[i];
      const AlmWireScope *told = alm_wire_hello_find (hello, state->scope);

      state->unknown = told == NULL;
      if (!state->lost
          && !keep_scope (self, state, told != NULL ? told->began : 0, now, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_desk_take_epoch (AlmDesk             *self,
                     const AlmWireHello  *hello,
                     gboolean            *is_new,
                     GError             **error)
{
  g_autofree char *epoch = NULL;

  if (!alm_desk_read_setting (self, "epoch", &epoch, error))
    return FALSE;

  *is_new = epoch != NULL && *epoch != '\0' && strcmp (epoch, hello->epoch) != 0;

  return alm_desk_requeue (self, hello->next, error)
         && (!*is_new || keep_all (self, hello, error))
         && alm_desk_write_setting (self, "epoch", hello->epoch, error)
         && alm_desk_write_setting (self, "server_id", hello->server, error);
}

/* Refill */

/* Refused because of what another desk has to hand in first? */
static gboolean
is_early (const AlmWireOutcome *outcome)
{
  static const char *const codes[] = { "unknown-record", "unknown-scope", "unknown-kind", NULL };

  return outcome->result == ALM_WIRE_REFUSED && outcome->code != NULL
         && g_strv_contains (codes, outcome->code);
}

gboolean
alm_desk_refill_answered (AlmDesk               *self,
                          gint64                 k,
                          const AlmWireOutcome  *outcome,
                          GError               **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "DELETE FROM refill WHERE k = :k");

  if (is_early (outcome))
    return TRUE;
  alm_sql_bind_int (query, ":k", k);

  return alm_sql_run (query, error);
}

static gboolean
is_known (AlmDesk      *self,
          const AlmId  *id,
          gboolean     *known,
          GError      **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };

  if (!alm_desk_load_layers (self, id, &layers, error))
    return FALSE;
  *known = layers.server != NULL;

  return TRUE;
}

static gboolean
can_be_taken (AlmDesk                 *self,
              const AlmStoredCommand  *stored,
              gboolean                *can,
              GError                 **error)
{
  const AlmCommand *command = stored->command;
  g_autoptr (AlmScopeState) state = NULL;

  if (!alm_scope_state_load (self, stored->scope, &state, error))
    return FALSE;
  *can = FALSE;
  if (state == NULL || state->lost || state->sweep)
    return TRUE;

  if (command->op == ALM_OP_NEW)
    {
      *can = command->kind != NULL && alm_desk_get_model (self, command->kind) != NULL;
      return TRUE;
    }
  if (!is_known (self, &command->id, can, error))
    return FALSE;

  return !*can || command->op != ALM_OP_RESOLVE
         || is_known (self, &command->conflict, can, error);
}

/* As a new command; the one that was refused has done its part. */
static gboolean
revive (AlmDesk           *self,
        AlmStoredCommand  *stored,
        GError           **error)
{
  AlmCommand *command = stored->command;
  g_autoptr (AlmQuery) done = NULL;
  g_autoptr (AlmQuery) forget = NULL;

  command->n = alm_desk_take_number (self);
  g_free (command->cid);
  command->cid = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", alm_random_next (&self->random));
  if (!alm_desk_append_command (self, command, NULL, stored->scope, "waiting", error))
    return FALSE;

  done = alm_db_query (self->db, "UPDATE commands SET state = 'dismissed' WHERE k = :k");
  alm_sql_bind_int (done, ":k", stored->k);
  if (!alm_sql_run (done, error))
    return FALSE;
  forget = alm_db_query (self->db, "DELETE FROM refill WHERE k = :k");
  alm_sql_bind_int (forget, ":k", stored->k);

  return alm_sql_run (forget, error)
         && alm_desk_lay_again (self, &command->id, error)
         && (command->op != ALM_OP_RESOLVE
             || alm_desk_lay_again (self, &command->conflict, error));
}

/* (transfer full) (element-type AlmStoredCommand), in the order they were given */
static GPtrArray *
list_early (AlmDesk  *self,
            GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT " ALM_COMMAND_COLUMNS
                                             " FROM commands WHERE state = 'refused'"
                                             " AND k IN (SELECT k FROM refill) ORDER BY k");
  g_autoptr (GPtrArray) early =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_stored_command_free);
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      AlmStoredCommand *stored = alm_desk_read_command (self, query, error);

      if (stored == NULL)
        return NULL;
      g_ptr_array_add (early, stored);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&early) : NULL;
}

gboolean
alm_desk_refill_again (AlmDesk  *self,
                       guint    *revived,
                       GError  **error)
{
  g_autoptr (GPtrArray) early = NULL;
  gint64 any;

  *revived = 0;
  if (!alm_db_get_int (self->db, "SELECT EXISTS (SELECT 1 FROM refill)", 0, &any, error))
    return FALSE;
  if (any == 0)
    return TRUE;

  early = list_early (self, error);
  if (early == NULL)
    return FALSE;
  for (guint i = 0; i < early->len; i++)
    {
      gboolean can;

      if (!can_be_taken (self, early->pdata[i], &can, error)
          || (can && !revive (self, early->pdata[i], error)))
        return FALSE;
      *revived += can;
    }

  return TRUE;
}
