/* SPDX-License-Identifier: EUPL-1.2 */

/* What a desk hands in, what it is answered, and what it is told of scopes and
 * rights.  The feed stands in alm-desk-feed.c, what a restored server makes of it in
 * alm-desk-epoch.c.
 *
 * Invariants:
 *   1. The waiting commands are the end of the log: n, n + 1, … up to the last.
 *   2. A refused command does not lie over its record any more, but keeps what
 *      it says until somebody dismisses it.
 *   3. A scope that is lost keeps its rows until none of its commands waits.
 * Each public function is one transaction. */

#include "config.h"

#include "alm-desk-sync-private.h"
#include "alm-desk-sync.h"

#include "alm-desk-erase-private.h"
#include "alm-desk-overlay-private.h"
#include "alm-desk-recent-private.h"
#include "alm-desk-scope-private.h"
#include "alm-format-error.h"
#include "alm-plant.h"
#include "alm-store-error.h"

#include <string.h>

void
alm_desk_sync_state_clear (AlmDeskSyncState *self)
{
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->epoch, g_free);
  g_clear_pointer (&self->user, g_free);
}

void
alm_desk_sync_plan_clear (AlmDeskSyncPlan *self)
{
  g_clear_pointer (&self->cursors, alm_value_unref);
  g_clear_pointer (&self->packs, g_ptr_array_unref);
}

void
alm_desk_scope_free (AlmDeskScope *self)
{
  g_free (self->scope);
  g_free (self->title);
  g_clear_pointer (&self->roles, alm_value_unref);
  g_clear_pointer (&self->classes, alm_value_unref);
  g_free (self->digest);
  g_free (self);
}

gboolean
alm_desk_count_waiting (AlmDesk  *self,
                        guint    *waiting,
                        GError  **error)
{
  gint64 count;

  if (!alm_db_get_int (self->db, "SELECT count(*) FROM commands WHERE state = 'waiting'", 0,
                       &count, error))
    return FALSE;
  *waiting = (guint) count;

  return TRUE;
}

gboolean
alm_desk_sync_load (AlmDesk           *desk,
                    AlmDeskSyncState  *state,
                    GError           **error)
{
  *state = (AlmDeskSyncState) { .desk = *alm_desk_get_id (desk) };
  if (!alm_desk_count_waiting (desk, &state->waiting, error))
    return FALSE;

  if (!alm_desk_read_setting (desk, "server_id", &state->server, error)
      || !alm_desk_read_setting (desk, "user", &state->user, error)
      || !alm_desk_read_setting (desk, "epoch", &state->epoch, error))
    {
      alm_desk_sync_state_clear (state);
      return FALSE;
    }
  if (state->epoch == NULL)
    state->epoch = g_strdup ("");

  return TRUE;
}

gboolean
alm_desk_sync_note_login (AlmDesk     *desk,
                          const char  *server,
                          const char  *user,
                          GError     **error)
{
  if (!alm_desk_begin (desk, error))
    return FALSE;

  return alm_desk_end (desk, alm_desk_write_setting (desk, "server", server, error)
                             && alm_desk_write_setting (desk, "user", user, error), error);
}

gboolean
alm_desk_note_contact (AlmDesk  *self,
                       GError  **error)
{
  g_autofree char *now = alm_clock_format (alm_clock_now_us (self->clock));

  return alm_desk_write_setting (self, "last_contact", now, error);
}

/* What to pull; a scope that is lost or not wanted is not in it.
 *
 * @hello: (nullable): names the packs that are offered */
gboolean
alm_desk_make_plan (AlmDesk             *self,
                    const AlmWireHello  *hello,
                    AlmDeskSyncPlan     *plan,
                    GError             **error)
{
  g_autoptr (GPtrArray) states = alm_scope_state_list (self, error);

  *plan = (AlmDeskSyncPlan) { 0 };
  if (states == NULL || !alm_desk_count_waiting (self, &plan->waiting, error)
      || !alm_desk_wipe_is_due (self, &plan->wipe, error)
      || !alm_desk_settle_blobs (self, error)
      || !alm_desk_count_blobs (self, &plan->blobs, error))
    return FALSE;

  plan->cursors = alm_value_new_object ();
  plan->packs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < states->len; i++)
    {
      const AlmScopeState *state = g_ptr_array_index (states, i);
      const AlmWireScope *told = hello != NULL ? alm_wire_hello_find (hello, state->scope) : NULL;

      if (state->lost || !state->wanted)
        continue;
      alm_value_set_integer (plan->cursors, state->scope, state->cursor);
      if (told != NULL && told->pack_seq > 0 && state->cursor == 0)
        g_ptr_array_add (plan->packs, g_strdup (state->scope));
    }

  return TRUE;
}

/* Handing in */

static gboolean
bad_log (AlmStoredCommand  *command,
         gint64             expected,
         GError           **error)
{
  g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT,
               "the log of commands has a gap: %" G_GINT64_FORMAT " where %" G_GINT64_FORMAT
               " is expected", command->command->n, expected);

  return FALSE;
}

static gboolean
fill_push (AlmDesk   *self,
           AlmSql    *query,
           GString   *body,
           gsize      max_bytes,
           gint64    *first,
           guint     *count,
           GError   **error)
{
  g_autofree char *epoch = NULL;
  AlmSqlStep step;

  if (!alm_desk_read_setting (self, "epoch", &epoch, error))
    return FALSE;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (AlmStoredCommand) stored = alm_desk_read_command (self, query, error);
      gsize before = body->len;

      if (stored == NULL)
        return FALSE;
      if (*count == 0)
        {
          *first = stored->command->n;
          alm_wire_push_begin (body, &self->id, epoch != NULL ? epoch : "", *first);
        }
      else if (stored->command->n != *first + *count)
        return bad_log (stored, *first + *count, error);

      alm_wire_push_add (body, stored->command);
      if (body->len > max_bytes && *count > 0)
        {
          g_string_truncate (body, before);
          return TRUE;
        }
      *count += 1;
    }

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_desk_sync_next_push (AlmDesk   *desk,
                         gsize      max_bytes,
                         guint      max_commands,
                         GBytes   **body,
                         gint64    *first,
                         guint     *count,
                         GError   **error)
{
  /* By k, which is the order of n: the index has it, and the rest of a long queue is
   * not read to be sorted. */
  g_autoptr (AlmQuery) query = alm_db_query (desk->db,
                                             "SELECT " ALM_COMMAND_COLUMNS " FROM commands"
                                             " WHERE state = 'waiting' ORDER BY k LIMIT :max");
  g_autoptr (GString) text = g_string_new (NULL);

  *body = NULL;
  *first = 0;
  *count = 0;
  alm_sql_bind_int (query, ":max", max_commands);
  if (!fill_push (desk, query, text, max_bytes, first, count, error))
    return FALSE;

  if (*count > 0)
    *body = g_string_free_to_bytes (g_steal_pointer (&text));

  return TRUE;
}

/* Answers */

/* What is the same for all answers of one transaction. */
typedef struct
{
  AlmDesk       *desk;
  AlmScopeState *state;    /* of the scope that was last asked for; NULL: not told of */
  char          *scope;
} Taking;

static void
taking_clear (Taking *self)
{
  g_clear_pointer (&self->state, alm_scope_state_free);
  g_clear_pointer (&self->scope, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taking, taking_clear)

/* *stored NULL: it is answered already.  What it says is not read. */
static gboolean
find_waiting (AlmDesk            *self,
              gint64              n,
              AlmStoredCommand  **stored,
              GError            **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT " ALM_COMMAND_HEAD_COLUMNS
                                             " FROM commands WHERE n = :n AND desk = :desk"
                                             " AND state = 'waiting'");

  *stored = NULL;
  alm_sql_bind_int (query, ":n", n);
  alm_sql_bind_blob (query, ":desk", self->id.bytes, sizeof self->id.bytes);
  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ERROR:
      return FALSE;

    case ALM_SQL_STEP_DONE:
      return TRUE;

    case ALM_SQL_STEP_ROW:
    default:
      *stored = alm_desk_read_command (self, query, error);
      return *stored != NULL;
    }
}

static gboolean
write_outcome (AlmDesk               *self,
               gint64                 k,
               const AlmWireOutcome  *outcome,
               GError               **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "UPDATE commands SET state = :state,"
                                             " seq = nullif (:seq, 0), outcome = :outcome"
                                             " WHERE k = :k");
  g_autoptr (AlmValue) value = alm_wire_outcome_to_value (outcome);
  g_autofree char *line = alm_value_to_text (value);

  alm_sql_bind_int (query, ":k", k);
  alm_sql_bind_text (query, ":state", outcome->result != ALM_WIRE_REFUSED ? "acked"
                                      : ALM_PLANTED ("refusal-blocks") ? "waiting"
                                      : ALM_PLANTED ("refusal-untold") ? "dismissed" : "refused");
  alm_sql_bind_int (query, ":seq", outcome->seq);
  alm_sql_bind_text (query, ":outcome", line);

  return alm_sql_run (query, error);
}

/* The server's version of the record as it is known here, 0 = none. */
static gboolean
find_version (AlmDesk      *self,
              const AlmId  *id,
              gint64       *ver,
              GError      **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT ver FROM records WHERE id = :id");
  AlmSqlStep step;

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  step = alm_sql_step (query, error);
  *ver = step == ALM_SQL_STEP_ROW ? alm_sql_get_int (query, 0) : 0;

  return step != ALM_SQL_STEP_ERROR;
}

static gboolean
find_state (Taking      *self,
            const char  *scope,
            GError     **error)
{
  if (g_strcmp0 (self->scope, scope) == 0)
    return TRUE;

  taking_clear (self);
  if (!alm_scope_state_load (self->desk, scope, &self->state, error))
    return FALSE;
  self->scope = g_strdup (scope);

  return TRUE;
}

/* The feed may have been faster than the answer: then the effect is here already. */
static gboolean
is_here (Taking       *self,
         const AlmId  *id,
         const char   *scope,
         gint64        seq,
         gboolean     *here,
         GError      **error)
{
  gint64 ver;

  if (!find_version (self->desk, id, &ver, error) || !find_state (self, scope, error))
    return FALSE;

  *here = !ALM_PLANTED ("feed-unheeded")
          && ((ver > 0 && ver >= seq)
              || (self->state != NULL && self->state->complete && self->state->cursor >= seq));

  return TRUE;
}

/* The record, or the conflict, after one of its commands has been answered.  One that
 * goes on lying over its record changes nothing of what is shown. */
static gboolean
settle (Taking                  *self,
        const AlmStoredCommand  *stored,
        const AlmWireOutcome    *outcome,
        const AlmId             *id,
        GError                 **error)
{
  AlmDesk *desk = self->desk;
  gint64 scope = alm_desk_intern (desk, stored->scope, error);
  gboolean here = TRUE;

  if (scope == 0)
    return FALSE;
  /* An erasure lies over nothing: it comes with the record's line. */
  if (outcome->result != ALM_WIRE_REFUSED && !ALM_PLANTED ("overlay-dropped")
      && stored->command->op != ALM_OP_ERASE
      && !is_here (self, id, stored->scope, outcome->seq, &here, error))
    return FALSE;
  if (!here)
    return alm_desk_passing_add (desk, stored->k, id, scope, outcome->seq, error);

  return (outcome->result == ALM_WIRE_REFUSED && ALM_PLANTED ("refused-shown"))
         || alm_desk_lay_again (desk, id, error);
}

static gboolean
take_outcome (Taking                *self,
              const AlmWireOutcome  *outcome,
              GError               **error)
{
  g_autoptr (AlmStoredCommand) stored = NULL;
  AlmDesk *desk = self->desk;

  if (!find_waiting (desk, outcome->n, &stored, error))
    return FALSE;
  if (stored == NULL)
    return TRUE;
  if (ALM_PLANTED ("conflict-unheard") && outcome->result == ALM_WIRE_CONFLICT)
    return TRUE;

  return write_outcome (desk, stored->k, outcome, error)
         && alm_desk_refill_answered (desk, stored->k, outcome, error)
         && settle (self, stored, outcome, &stored->command->id, error)
         && (stored->command->op != ALM_OP_RESOLVE
             || settle (self, stored, outcome, &stored->command->conflict, error));
}

static void
count_outcome (AlmDeskSyncOutcomes  *outcomes,
               const AlmWireOutcome *outcome)
{
  guint *const counters[] = {
    [ALM_WIRE_OK] = &outcomes->ok,
    [ALM_WIRE_MERGED] = &outcomes->merged,
    [ALM_WIRE_CONFLICT] = &outcomes->conflict,
    [ALM_WIRE_REFUSED] = &outcomes->refused,
  };

  *counters[outcome->result] += 1;
}

static gboolean
take_outcomes (AlmDesk              *self,
               GPtrArray            *list,
               AlmDeskSyncOutcomes  *outcomes,
               GError              **error)
{
  g_auto (Taking) taking = { .desk = self };

  for (guint i = 0; i < list->len; i++)
    {
      if (!take_outcome (&taking, g_ptr_array_index (list, i), error))
        return FALSE;
      count_outcome (outcomes, g_ptr_array_index (list, i));
    }

  return alm_desk_drop_lost (self, error)
         && alm_desk_note_contact (self, error)
         && alm_desk_count_waiting (self, &outcomes->waiting, error);
}

/* Commits if @done, else takes everything back. */
gboolean
alm_desk_end (AlmDesk   *self,
              gboolean   done,
              GError   **error)
{
  if (!done)
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}

gboolean
alm_desk_sync_take_outcomes (AlmDesk              *desk,
                             const char           *text,
                             gsize                 length,
                             gint64                first,
                             guint                 count,
                             AlmDeskSyncOutcomes  *outcomes,
                             GError              **error)
{
  g_autoptr (GPtrArray) list = NULL;
  gint64 next;

  *outcomes = (AlmDeskSyncOutcomes) { 0 };
  list = alm_wire_push_parse_reply (text, length, first, count, &next, error);
  if (list == NULL || !alm_desk_begin (desk, error))
    return FALSE;

  return alm_desk_end (desk, take_outcomes (desk, list, outcomes, error), error);
}

gboolean
alm_desk_sync_requeue (AlmDesk  *desk,
                       gint64    next,
                       guint    *waiting,
                       GError  **error)
{
  if (!alm_desk_begin (desk, error))
    return FALSE;

  return alm_desk_end (desk, alm_desk_requeue (desk, next, error)
                             && alm_desk_count_waiting (desk, waiting, error), error);
}

/* Hello */

static gboolean
purge_rows (AlmDesk              *self,
            const AlmScopeState  *state,
            GError              **error)
{
  g_autoptr (GArray) ids = NULL;

  if (ALM_PLANTED ("lost-rows-kept"))
    return TRUE;

  /* What was taken and has not come back yet: nothing will bring it. */
  if (!ALM_PLANTED ("lost-sent-kept")
      && !alm_desk_passing_end (self, state->number, G_MAXINT64, error))
    return FALSE;

  ids = alm_scope_state_list_ids (self, state, FALSE, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AlmRow) row = NULL;

      if (!alm_desk_load (self, &g_array_index (ids, AlmId, i), &row, error)
          || !alm_desk_purge (self, row, error))
        return FALSE;
    }

  return TRUE;
}

/* Where nothing of the server's was ever taken, nothing has to go. */
static gboolean
holds_rows (const AlmScopeState *state)
{
  return state->cursor > 0 || state->part || state->sweep;
}

/* What only this desk has of it is not its reader's any more either. */
static gboolean
forget_strays (AlmDesk              *self,
               const AlmScopeState  *state,
               GError              **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
                                             "DELETE FROM strays WHERE scope = :scope");

  alm_sql_bind_int (query, ":scope", state->number);

  return alm_sql_run (query, error);
}

/* A scope that may not be read is forgotten, one that is not wanted begins anew. */
static gboolean
leave_scope (AlmDesk        *self,
             AlmScopeState  *state,
             GError        **error)
{
  if (!purge_rows (self, state, error))
    return FALSE;
  if (holds_rows (state) && !alm_desk_wipe_note (self, TRUE, NULL, 0, error))
    return FALSE;
  if (state->lost)
    return (state->unknown || forget_strays (self, state, error))
           && alm_scope_state_remove (self, state, error);

  if (!alm_scope_state_read_again (self, state, error))
    return FALSE;
  state->sweep = FALSE;
  state->counted = TRUE;
  state->digest = (AlmDigest) { 0 };

  return alm_scope_state_save (self, state, error);
}

static gboolean
has_waiting (AlmDesk   *self,
             gint64     scope,
             gboolean  *has,
             GError   **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT 1 FROM commands"
                                             " WHERE state = 'waiting' AND scope = :scope"
                                             " LIMIT 1");
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope);
  step = alm_sql_step (query, error);
  *has = step == ALM_SQL_STEP_ROW;

  return step != ALM_SQL_STEP_ERROR;
}

gboolean
alm_desk_drop_lost (AlmDesk  *self,
                    GError  **error)
{
  g_autoptr (GPtrArray) states = alm_scope_state_list (self, error);

  if (states == NULL)
    return FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      AlmScopeState *state = g_ptr_array_index (states, i);
      gboolean waits = FALSE;

      if (!state->lost && (state->wanted || !holds_rows (state)))
        continue;
      if (!has_waiting (self, state->number, &waits, error)
          || (!waits && !leave_scope (self, state, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_scope (AlmDesk             *self,
            const AlmWireScope  *told,
            gboolean             new_epoch,
            GError             **error)
{
  g_autoptr (AlmScopeState) state = NULL;
  gboolean again;

  if (!alm_scope_state_load (self, told->scope, &state, error))
    return FALSE;
  if (state == NULL)
    state = alm_scope_state_new (self, told->scope, error);
  if (state == NULL)
    return FALSE;

  again = new_epoch || (state->grant != NULL && strcmp (state->grant, told->grant) != 0
                        && !ALM_PLANTED ("rights-unread"));
  if (again)
    {
      state->tried = FALSE;
      if (!alm_scope_state_read_again (self, state, error))
        return FALSE;
    }

  /* Reading again has helped once, so it may help again. */
  if (strcmp (state->verdict, "repaired") == 0)
    state->tried = FALSE;
  state->lost = FALSE;
  state->unknown = FALSE;
  g_free (state->grant);
  state->grant = g_strdup (told->grant);
  g_free (state->title);
  state->title = g_strdup (told->title);
  alm_value_unref (state->roles);
  state->roles = alm_value_ref (told->roles);
  alm_value_unref (state->classes);
  state->classes = alm_value_ref (told->classes);
  if (ALM_PLANTED ("hello-unkept"))
    return TRUE;

  return alm_scope_state_save (self, state, error);
}

static gboolean
mark_lost (AlmDesk             *self,
           const AlmWireHello  *hello,
           GError             **error)
{
  g_autoptr (GPtrArray) states = alm_scope_state_list (self, error);

  if (states == NULL)
    return FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      AlmScopeState *state = g_ptr_array_index (states, i);

      if (alm_wire_hello_find (hello, state->scope) != NULL)
        continue;
      if (ALM_PLANTED ("loss-unnoticed"))
        continue;
      state->lost = TRUE;
      if (!alm_scope_state_save (self, state, error))
        return FALSE;
    }

  return TRUE;
}

/* What the user may do at all, beside the scopes: for the page of the managers. */
static gboolean
take_roles (AlmDesk             *self,
            const AlmWireHello  *hello,
            GError             **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < alm_value_get_size (hello->roles); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            alm_value_get_text (alm_value_get_item (hello->roles, i)));

  return alm_desk_write_setting (self, "roles", text->len > 0 ? text->str : NULL, error);
}

static gboolean
take_hello (AlmDesk             *self,
            const AlmWireHello  *hello,
            AlmDeskSyncPlan     *plan,
            GError             **error)
{
  gboolean new_epoch;

  if (!alm_desk_take_epoch (self, hello, &new_epoch, error) || !take_roles (self, hello, error)
      || !mark_lost (self, hello, error)
      || (new_epoch && !alm_desk_doubt_blobs (self, error)))
    return FALSE;
  for (guint i = 0; i < hello->scopes->len; i++)
    if (!take_scope (self, g_ptr_array_index (hello->scopes, i), new_epoch, error))
      return FALSE;

  for (guint i = 0; i < hello->erased->len; i++)
    if (!alm_desk_erase_owed (self, g_ptr_array_index (hello->erased, i), error))
      return FALSE;

  return alm_desk_drop_lost (self, error)
         && alm_desk_note_rights (self, hello, error)
         && alm_desk_note_contact (self, error)
         && alm_desk_note_day (self, error)
         && alm_desk_make_plan (self, hello, plan, error);
}

gboolean
alm_desk_sync_take_hello (AlmDesk             *desk,
                          const AlmWireHello  *hello,
                          AlmDeskSyncPlan     *plan,
                          GError             **error)
{
  gboolean done;

  *plan = (AlmDeskSyncPlan) { 0 };
  if (!alm_desk_begin (desk, error))
    return FALSE;

  done = alm_desk_end (desk, take_hello (desk, hello, plan, error), error);
  if (!done)
    alm_desk_sync_plan_clear (plan);

  return done;
}

/* Scopes */

static gboolean
count_records (AlmDesk  *self,
               gint64    scope,
               gint64   *count,
               GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT count(*) FROM records"
                                             " WHERE scope = :scope AND del = 0");
  AlmSqlStep step;

  alm_sql_bind_int (query, ":scope", scope);
  step = alm_sql_step (query, error);
  *count = step == ALM_SQL_STEP_ROW ? alm_sql_get_int (query, 0) : 0;

  return step != ALM_SQL_STEP_ERROR;
}

GPtrArray *
alm_desk_sync_list_scopes (AlmDesk  *desk,
                           GError  **error)
{
  g_autoptr (GPtrArray) states = alm_scope_state_list (desk, error);
  g_autoptr (GPtrArray) list = NULL;

  if (states == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_desk_scope_free);
  for (guint i = 0; i < states->len; i++)
    {
      const AlmScopeState *state = g_ptr_array_index (states, i);
      AlmDeskScope *scope = g_new0 (AlmDeskScope, 1);

      g_ptr_array_add (list, scope);
      scope->scope = g_strdup (state->scope);
      scope->title = g_strdup (state->title);
      scope->roles = alm_value_ref (state->roles);
      scope->classes = alm_value_ref (state->classes);
      scope->cursor = state->cursor;
      scope->wanted = state->wanted;
      scope->digest = g_strdup (state->verdict);
      if (state->heard != NULL)
        alm_clock_parse (state->heard, &scope->heard_us);
      if (!count_records (desk, state->number, &scope->records, error))
        return NULL;
    }

  return g_steal_pointer (&list);
}

static gboolean
subscribe (AlmDesk     *self,
           const char  *scope,
           gboolean     wanted,
           GError     **error)
{
  g_autoptr (AlmScopeState) state = NULL;

  if (!wanted && strcmp (scope, "system") == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "nothing works without scope 'system'");
      return FALSE;
    }
  if (!alm_scope_state_load (self, scope, &state, error))
    return FALSE;
  if (state == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no scope '%s' was told of", scope);
      return FALSE;
    }

  state->wanted = wanted;

  return alm_scope_state_save (self, state, error) && alm_desk_drop_lost (self, error);
}

gboolean
alm_desk_sync_subscribe (AlmDesk     *desk,
                         const char  *scope,
                         gboolean     wanted,
                         GError     **error)
{
  if (!alm_desk_begin (desk, error))
    return FALSE;

  return alm_desk_end (desk, subscribe (desk, scope, wanted, error), error);
}
