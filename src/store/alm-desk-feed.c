/* SPDX-License-Identifier: EUPL-1.2 */

/* What the server tells of records: pages of the feed, and what they share with packs
 * (alm-desk-pack.c).
 *
 * Invariants:
 *   1. A page is applied whole, with its cursor, or not at all.
 *   2. A record never goes back: a line older than what is here is passed over,
 *      except while its scope is read again from 0.
 *   3. While a scope is read again, `seen` holds the ids that came; at the end of
 *      the feed what was not seen is taken away, own commands are laid anew.
 *   4. Lines that were made under other rights than the last hello told are read
 *      again after the next one.
 *   5. Models count from their own lines on: those of scope `system` come first.
 * Each public function is one transaction. */

#include "config.h"

#include "alm-desk-erase-private.h"
#include "alm-desk-intake-private.h"
#include "alm-desk-overlay-private.h"
#include "alm-desk-sync-private.h"
#include "alm-desk-sync.h"
#include "alm-json.h"
#include "alm-plant.h"

#include <string.h>

/* So many are kept in memory, for a page or a slice of a pack. */
#define COVERED_MAX 2000

void
alm_intake_clear (AlmIntake *self)
{
  g_clear_pointer (&self->states, g_hash_table_unref);
  g_clear_pointer (&self->covered, g_hash_table_unref);
}

void
alm_desk_sync_page_clear (AlmDeskSyncPage *self)
{
  g_clear_pointer (&self->rights, g_free);
  g_clear_pointer (&self->came, alm_value_unref);
  alm_desk_sync_plan_clear (&self->plan);
}

/* Who has a thousand edits waiting takes a million records past them; who has imported a
 * list takes pages that are far shorter than it. */
static gboolean
list_covered (AlmIntake  *self,
              GError    **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->desk->db, "SELECT id FROM commands"
                                             " WHERE state = 'waiting' UNION ALL"
                                             " SELECT id FROM passing");
  AlmSqlStep step;

  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      gsize length;
      gconstpointer id = alm_sql_get_blob (query, 0, &length);

      if (length != sizeof (AlmId))
        continue;   /* a damaged row: verify finds it */
      if (self->covered != NULL && g_hash_table_size (self->covered) == COVERED_MAX)
        {
          g_clear_pointer (&self->covered, g_hash_table_unref);
          self->many_covered = TRUE;
          return TRUE;
        }
      if (self->covered == NULL)
        self->covered = g_hash_table_new_full (alm_id_hash, alm_id_equal, g_free, NULL);
      g_hash_table_add (self->covered, g_memdup2 (id, length));
    }

  return step == ALM_SQL_STEP_DONE;
}

gboolean
alm_intake_start (AlmIntake  *self,
                  AlmDesk    *desk,
                  GError    **error)
{
  gint64 strays;

  *self = (AlmIntake) { .desk = desk };
  if (!list_covered (self, error)
      || !alm_db_get_int (desk->db, "SELECT EXISTS (SELECT 1 FROM strays)", 0, &strays, error))
    return FALSE;

  self->has_strays = strays != 0;
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                        (GDestroyNotify) alm_scope_state_free);

  return TRUE;
}

gboolean
alm_intake_find (AlmIntake      *self,
                 const char     *scope,
                 AlmScopeState **state,
                 GError        **error)
{
  *state = g_hash_table_lookup (self->states, scope);
  if (*state != NULL)
    return TRUE;

  if (!alm_scope_state_load (self->desk, scope, state, error))
    return FALSE;
  if (*state == NULL)
    return TRUE;

  if ((*state)->lost || !(*state)->wanted)
    {
      g_clear_pointer (state, alm_scope_state_free);
      return TRUE;
    }

  /* The sums of another day's models are made anew when they are asked for. */
  if ((*state)->cursor == 0 && !(*state)->part && !(*state)->sweep && !(*state)->counted)
    (*state)->counted = TRUE;
  g_hash_table_insert (self->states, (*state)->scope, *state);

  return TRUE;
}

/* What a deleted record keeps: read again, it may be for fewer eyes than before. */
static AlmValue *
keep_fields (AlmIntake            *self,
             const AlmScopeState  *state,
             const AlmRow         *before)
{
  if (!state->sweep || ALM_PLANTED ("hidden-kept"))
    return alm_value_ref (before->fields);

  return alm_fields_of_class (alm_desk_get_model (self->desk, before->kind), before->fields,
                              alm_class_from_names (state->classes));
}

static AlmRow *
make_server_row (AlmIntake            *self,
                 const AlmScopeState  *state,
                 const AlmWireRecord  *record,
                 const AlmRow         *before)
{
  AlmRow *row = g_new0 (AlmRow, 1);

  row->id = record->id;
  row->ver = record->ver;
  row->deleted = record->deleted && !ALM_PLANTED ("deletion-unread");
  row->scope = g_strdup (record->scope);
  row->kind = g_strdup (record->kind);
  if (record->fields != NULL)
    row->fields = alm_value_ref (record->fields);
  else if (before != NULL)
    {
      g_autoptr (AlmValue) kept = keep_fields (self, state, before);

      row->fields = alm_desk_erase_kept (record->erased, kept);
    }
  else
    row->fields = alm_value_new_object ();

  return row;
}

static gboolean
mark_seen (AlmDesk              *desk,
           const AlmScopeState  *state,
           const AlmId          *id,
           GError              **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, "INSERT OR IGNORE INTO seen (id, scope)"
                                             " VALUES (:id, :scope)");

  alm_sql_bind_blob (query, ":id", id->bytes, sizeof id->bytes);
  alm_sql_bind_int (query, ":scope", state->number);

  return alm_sql_run (query, error);
}

/* A stray that the server has again, with the same fields, is none. */
static gboolean
drop_stray (AlmDesk              *desk,
            const AlmWireRecord  *record,
            GError              **error)
{
  g_autofree char *body = record->fields != NULL ? alm_value_to_text (record->fields) : NULL;
  g_autoptr (AlmQuery) query = alm_db_query (desk->db, "DELETE FROM strays WHERE id = :id"
                                             " AND body = :body");

  alm_sql_bind_blob (query, ":id", record->id.bytes, sizeof record->id.bytes);
  alm_sql_bind_text (query, ":body", body);

  return alm_sql_run (query, error);
}

/* A new record with nothing over it, the usual case of a first copy. */
static gboolean
put_plain (AlmDesk        *desk,
           AlmDeskLayers  *layers,
           GError        **error)
{
  layers->server->rid = layers->shown != NULL ? layers->shown->rid : 0;

  return alm_desk_put (desk, layers->server, error);
}

/* A conflict may be decided by a command about another record. */
static gboolean
find_covered (const AlmIntake      *self,
              const AlmWireRecord  *record,
              gboolean             *covered,
              GError              **error)
{
  *covered = FALSE;
  if ((self->covered == NULL && !self->many_covered) || ALM_PLANTED ("overlay-buried"))
    return TRUE;

  *covered = strcmp (record->kind, "conflict") == 0
             || (self->covered != NULL && g_hash_table_contains (self->covered, &record->id));

  return *covered || !self->many_covered
         || alm_desk_is_covered (self->desk, &record->id, covered, error);
}

static gboolean
write_record (AlmIntake            *self,
              AlmScopeState        *state,
              const AlmWireRecord  *record,
              AlmDeskLayers        *layers,
              GError              **error)
{
  AlmRow *row = make_server_row (self, state, record, layers->server);
  gboolean covered;

  alm_scope_state_count (self->desk, state, layers->server, row);
  g_clear_pointer (&layers->server, alm_row_free);
  layers->server = row;

  if (!find_covered (self, record, &covered, error))
    return FALSE;
  if (!covered)
    return put_plain (self->desk, layers, error);

  return alm_desk_passing_drop (self->desk, &record->id, record->ver, error)
         && alm_desk_lay (self->desk, &record->id, layers, error);
}

/* Models that came in this transaction count for what follows them. */
static gboolean
refresh_models (AlmIntake            *self,
                const AlmWireRecord  *record,
                GError              **error)
{
  if (self->models_loaded || !self->desk->models_touched || strcmp (record->kind, "model") == 0)
    return TRUE;

  self->models_loaded = TRUE;

  return alm_desk_load_models (self->desk, error);
}

/* Also where the record itself is here already: what was sent may hold more than it. */
static gboolean
erase (AlmIntake            *self,
       AlmScopeState        *state,
       const AlmWireRecord  *record,
       GError              **error)
{
  return record->erased == NULL
         || (alm_desk_erase_record (self->desk, &record->id, record->erased, error)
             && alm_desk_wipe_note (self->desk, TRUE, state->scope, record->ver, error));
}

gboolean
alm_intake_take (AlmIntake            *self,
                 const AlmWireRecord  *record,
                 GError              **error)
{
  g_auto (AlmDeskLayers) layers = { 0 };
  AlmScopeState *state;

  if (!alm_intake_find (self, record->scope, &state, error)
      || !refresh_models (self, record, error))
    return FALSE;
  if (state == NULL || (record->deleted && ALM_PLANTED ("tombstone-skipped")))
    return TRUE;

  self->records++;
  state->came += !record->deleted;
  if (state->sweep && !ALM_PLANTED ("sweep-takes-all")
      && !mark_seen (self->desk, state, &record->id, error))
    return FALSE;
  if (self->has_strays && !drop_stray (self->desk, record, error))
    return FALSE;
  if ((record->erased != NULL && !alm_desk_erase_note_blobs (self->desk, &record->id, error))
      || !alm_desk_load_layers (self->desk, &record->id, &layers, error))
    return FALSE;
  if (layers.server != NULL && layers.server->ver >= record->ver && !state->sweep)
    return erase (self, state, record, error);

  return write_record (self, state, record, &layers, error)
         && erase (self, state, record, error);
}

/* The end of reading again. */
static gboolean
sweep (AlmDesk        *desk,
       AlmScopeState  *state,
       GError        **error)
{
  g_autoptr (GArray) ids = alm_scope_state_list_ids (desk, state, TRUE, error);
  g_autoptr (AlmQuery) query = NULL;

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      const AlmId *id = &g_array_index (ids, AlmId, i);
      g_auto (AlmDeskLayers) layers = { 0 };

      if (!alm_desk_load_layers (desk, id, &layers, error))
        return FALSE;
      alm_scope_state_count (desk, state, layers.server, NULL);
      if (ALM_PLANTED ("sweep-spares"))
        continue;
      g_clear_pointer (&layers.server, alm_row_free);
      if (!alm_desk_lay (desk, id, &layers, error))
        return FALSE;
    }

  query = alm_db_query (desk->db, "DELETE FROM seen WHERE scope = :scope");
  alm_sql_bind_int (query, ":scope", state->number);
  state->sweep = FALSE;

  /* What did not come again may not be kept any more. */
  return alm_sql_run (query, error) && alm_desk_wipe_note (desk, TRUE, NULL, 0, error);
}

AlmValue *
alm_intake_list_came (AlmIntake *self)
{
  AlmValue *came = alm_value_new_object ();
  GHashTableIter iter;
  gpointer state;

  g_hash_table_iter_init (&iter, self->states);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    alm_value_set_integer (came, ((AlmScopeState *) state)->scope,
                           ((AlmScopeState *) state)->came);

  return came;
}

static void
set_verdict (AlmScopeState *state,
             const char    *verdict)
{
  g_free (state->verdict);
  state->verdict = g_strdup (verdict);
}

/* Compares with what the server told, mends what is wrong: first our own sum,
 * then, once, the rows. */
static gboolean
compare (AlmDesk         *desk,
         AlmScopeState   *state,
         const AlmValue  *told,
         guint           *repairs,
         GError         **error)
{
  gboolean agrees;

  if (told == NULL || alm_value_get_integer_of (told, "seq", -1) != state->cursor
      || state->sweep)
    return TRUE;

  agrees = state->counted && alm_scope_state_agrees (state, told);
  if (!agrees)
    {
      if (!alm_scope_state_recount (desk, state, error))
        return FALSE;
      agrees = alm_scope_state_agrees (state, told);
    }

  if (agrees)
    {
      set_verdict (state, state->tried ? "repaired" : "equal");
      return TRUE;
    }

  set_verdict (state, "unknown");
  if (state->tried)
    return TRUE;

  g_message ("scope %s differs from the server's: it is read again", state->scope);
  state->tried = TRUE;
  *repairs += 1;

  return alm_scope_state_read_again (desk, state, error);
}

gboolean
alm_intake_end_scope (AlmIntake       *self,
                      AlmScopeState   *state,
                      const AlmValue  *told,
                      const char      *now,
                      guint           *repairs,
                      GError         **error)
{
  g_free (state->heard);
  state->heard = g_strdup (now);

  if (state->complete && state->sweep && !sweep (self->desk, state, error))
    return FALSE;
  if (state->complete && (self->covered != NULL || self->many_covered)
      && !alm_desk_passing_end (self->desk, state->number, state->cursor, error))
    return FALSE;

  return compare (self->desk, state, told, repairs, error)
         && (ALM_PLANTED ("cursor-unkept") || alm_scope_state_save (self->desk, state, error));
}

/* Were these lines made under other rights than the last hello told?  They may show
 * less than we may see, or more, and rights that came and went between two hellos
 * leave no other trace. */
static gboolean
is_of_other_rights (AlmIntake          *self,
                    const AlmWirePage  *page,
                    gboolean           *other,
                    GError            **error)
{
  g_autofree char *told = NULL;

  if (!alm_desk_read_setting (self->desk, "rights_word", &told, error))
    return FALSE;

  *other = told != NULL && page->rights != NULL && strcmp (told, page->rights) != 0;

  return TRUE;
}

/* No hello tells this grant: the next one has the scope read again. */
static void
doubt_grant (AlmScopeState *state)
{
  g_free (state->grant);
  state->grant = g_strdup ("");
}

static gboolean
end_page (AlmIntake          *self,
          const AlmWirePage  *page,
          AlmDeskSyncPage    *result,
          GError            **error)
{
  g_autofree char *now = alm_clock_format (alm_clock_now_us (self->desk->clock));
  gboolean other;

  /* Rows of other scopes are counted under the new models. */
  if (self->desk->models_touched && !self->models_loaded
      && !alm_desk_load_models (self->desk, error))
    return FALSE;
  if (!is_of_other_rights (self, page, &other, error))
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (page->cursors); i++)
    {
      const char *scope = alm_value_get_key (page->cursors, i);
      gint64 cursor = alm_value_get_integer (alm_value_get_item (page->cursors, i));
      AlmScopeState *state;

      if (!alm_intake_find (self, scope, &state, error))
        return FALSE;
      if (state == NULL || cursor < state->cursor)
        continue;

      state->cursor = cursor + ALM_PLANTED ("cursor-ahead");
      state->complete = !page->more;
      if (other && state->came > 0)
        doubt_grant (state);
      if (!alm_intake_end_scope (self, state, alm_value_get (page->digest, scope), now,
                                 &result->repairs, error))
        return FALSE;
    }

  result->records = self->records;
  result->came = alm_intake_list_came (self);
  result->more = page->more;
  result->rights = g_strdup (page->rights);

  return alm_desk_note_contact (self->desk, error)
         && (page->more || alm_desk_refill_again (self->desk, &result->revived, error))
         && alm_desk_make_plan (self->desk, NULL, &result->plan, error);
}

static gboolean
take_page (AlmDesk            *desk,
           const AlmWirePage  *page,
           AlmDeskSyncPage    *result,
           GError            **error)
{
  g_auto (AlmIntake) intake = { 0 };

  if (!alm_intake_start (&intake, desk, error))
    return FALSE;

  for (guint i = 0; i < page->records->len; i++)
    if (!alm_intake_take (&intake, &g_array_index (page->records, AlmWireRecord, i), error))
      return FALSE;

  return end_page (&intake, page, result, error);
}

gboolean
alm_desk_sync_take_page (AlmDesk          *desk,
                         const char       *text,
                         gsize             length,
                         AlmDeskSyncPage  *page,
                         GError          **error)
{
  g_autoptr (AlmWirePage) told = NULL;
  gboolean done;

  *page = (AlmDeskSyncPage) { 0 };
  told = alm_wire_page_parse (text, length, error);
  if (told == NULL || !alm_desk_begin (desk, error))
    return FALSE;

  done = alm_desk_end (desk, take_page (desk, told, page, error), error);
  if (!done)
    alm_desk_sync_page_clear (page);

  return done;
}
