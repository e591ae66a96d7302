/* SPDX-License-Identifier: EUPL-1.2 */

/* A record's history, put together from what the server tells and what this desk
 * did, and the way back to any state in it (sync.md, section 4.10).
 *
 * Invariants:
 *   1. An own command that the server tells of stands in the history once.
 *   2. Going back is ordinary commands: it waits, is sent, and can be undone. */

#include "config.h"

#include "alm-desk-history.h"

#include "alm-desk-private.h"

#include <string.h>

void
alm_desk_history_free (AlmDeskHistory *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

void
alm_desk_return_free (AlmDeskReturn *self)
{
  g_clear_pointer (&self->row, alm_row_free);
  g_clear_pointer (&self->set, alm_value_unref);
  g_free (self);
}

static AlmHistoryEntry *
find_told (GPtrArray              *told,
           const AlmStoredCommand *stored)
{
  for (guint i = 0; told != NULL && stored->command->n > 0 && i < told->len; i++)
    {
      AlmHistoryEntry *entry = told->pdata[i];

      if (entry->command->n == stored->command->n && alm_id_equal (&entry->desk, &stored->desk))
        return entry;
    }

  return NULL;
}

static AlmHistoryEntry *
entry_new (const AlmStoredCommand *stored,
           const char             *user)
{
  AlmHistoryEntry *entry = g_new0 (AlmHistoryEntry, 1);

  entry->seq = stored->seq;
  entry->k = stored->k;
  entry->desk = stored->desk;
  entry->user = g_strdup (user != NULL ? user : "");
  entry->command = alm_command_copy (stored->command);
  if (strcmp (stored->state, "waiting") == 0)
    entry->state = ALM_HISTORY_WAITING;
  else if (strcmp (stored->state, "refused") == 0 || strcmp (stored->state, "dismissed") == 0)
    entry->state = ALM_HISTORY_REFUSED;

  return entry;
}

static GPtrArray *
copy_entries (GPtrArray *told)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_history_entry_free);

  for (guint i = 0; told != NULL && i < told->len; i++)
    g_ptr_array_add (entries, alm_history_entry_copy (told->pdata[i]));

  return entries;
}

/* Adds this desk's commands.  What was done before the record left scope `local`
 * comes first; what the server has heard of and does not tell had no effect. */
static void
add_own (GPtrArray  *entries,
         GPtrArray  *commands,
         GPtrArray  *told,
         const char *user)
{
  gint64 last = entries->len > 0
                ? ((AlmHistoryEntry *) entries->pdata[entries->len - 1])->seq : 0;
  guint before = 0;

  for (guint i = 0; i < commands->len; i++)
    {
      const AlmStoredCommand *stored = commands->pdata[i];
      AlmHistoryEntry *entry = find_told (entries, stored);

      if (entry != NULL)
        entry->k = stored->k;
      else if (told != NULL && strcmp (stored->state, "local") == 0)
        g_ptr_array_insert (entries, before++, entry_new (stored, user));
      else if (told == NULL || strcmp (stored->state, "acked") != 0 || stored->seq > last)
        g_ptr_array_add (entries, entry_new (stored, user));
    }
}

/* Do @entries lead to what the record holds?  Not while this desk and the server are
 * out of step; a deleted record's fields this desk need not know. */
static gboolean
is_consistent (AlmDesk      *self,
               const AlmRow *row,
               GPtrArray    *entries)
{
  gboolean deleted;
  g_autoptr (AlmValue) fields = alm_history_replay (alm_desk_get_model (self, row->kind), entries,
                                                    entries->len, row->fields, &deleted);

  return row->deleted ? deleted : !deleted && alm_value_equal (fields, row->fields);
}

AlmDeskHistory *
alm_desk_load_history (AlmDesk      *self,
                       const AlmId  *id,
                       GPtrArray    *told,
                       GError      **error)
{
  g_autoptr (GPtrArray) commands = alm_desk_list_commands (self, ALM_COMMANDS_ALL, id, error);
  g_autoptr (AlmRow) row = NULL;
  g_autofree char *user = NULL;
  AlmDeskHistory *history;

  if (commands == NULL || !alm_desk_load (self, id, &row, error))
    return NULL;

  user = alm_desk_get_setting (self, "user");
  history = g_new0 (AlmDeskHistory, 1);
  history->entries = copy_entries (told);
  add_own (history->entries, commands, told, user);
  history->whole = row != NULL && (told != NULL || row->ver == 0)
                   && is_consistent (self, row, history->entries);

  return history;
}

gboolean
alm_desk_return_is_idle (const AlmDeskReturn *self)
{
  return self->row->deleted == self->deleted
         && (self->deleted || alm_value_get_size (self->set) == 0);
}

/* The same fields would go from the same values to the same values. */
static gboolean
same_return (const AlmDeskReturn *a,
             const AlmDeskReturn *b)
{
  for (guint i = 0; i < alm_value_get_size (a->set); i++)
    {
      const char *name = alm_value_get_key (a->set, i);

      if (!alm_value_equal (alm_value_get (a->row->fields, name),
                            alm_value_get (b->row->fields, name)))
        return FALSE;
    }

  return a->row->deleted == b->row->deleted && a->deleted == b->deleted
         && alm_value_equal (a->set, b->set);
}

/* A deletion is told without the fields, so what is kept of the record is what it
 * held when this desk last saw it; the history knows better. */
static void
learn_fields (AlmDesk   *self,
              AlmRow    *row,
              GPtrArray *entries)
{
  gboolean deleted;
  AlmValue *fields;

  if (!row->deleted || row->waiting || row->ver == 0)
    return;

  fields = alm_history_replay (alm_desk_get_model (self, row->kind), entries, entries->len,
                               row->fields, &deleted);
  alm_value_unref (row->fields);
  row->fields = fields;
}

gboolean
alm_desk_learn_row (AlmDesk    *self,
                    AlmRow     *row,
                    GPtrArray  *entries,
                    GError    **error)
{
  g_autoptr (AlmValue) before = alm_value_ref (row->fields);

  learn_fields (self, row, entries);

  return alm_value_equal (before, row->fields) || alm_desk_put (self, row, error);
}

AlmDeskReturn *
alm_desk_plan_return (AlmDesk    *self,
                      GPtrArray  *entries,
                      guint       n,
                      GError    **error)
{
  g_autoptr (AlmDeskReturn) plan = g_new0 (AlmDeskReturn, 1);
  g_autoptr (AlmValue) then = NULL;
  const AlmHistoryEntry *entry;
  AlmModel *model;

  g_return_val_if_fail (n > 0 && n <= entries->len, NULL);

  entry = entries->pdata[n - 1];
  plan->row = alm_desk_get (self, &entry->command->id, error);
  if (plan->row == NULL)
    return NULL;

  learn_fields (self, plan->row, entries);
  model = alm_desk_get_model (self, plan->row->kind);
  then = alm_history_replay (model, entries, n, plan->row->fields, &plan->deleted);
  plan->set = alm_history_difference (model, plan->row->fields, then);

  return g_steal_pointer (&plan);
}

/* The commands of @plan: what was deleted comes back before it is edited. */
static guint
make_edits (const AlmDeskReturn *plan,
            const char          *batch,
            AlmEdit              edits[2])
{
  AlmEdit edit = { .has_id = TRUE, .id = plan->row->id, .batch = batch };
  guint n = 0;

  if (plan->deleted && plan->row->deleted)
    return 0;
  if (plan->deleted != plan->row->deleted)
    {
      edit.op = plan->deleted ? ALM_OP_DEL : ALM_OP_UNDEL;
      edits[n++] = edit;
    }
  if (!plan->deleted && alm_value_get_size (plan->set) > 0)
    {
      edit.op = ALM_OP_UPD;
      edit.set = plan->set;
      edits[n++] = edit;
    }

  return n;
}

static gboolean
write_edits (AlmDesk        *self,
             const AlmRow   *planned,
             GPtrArray      *entries,
             const AlmEdit  *edits,
             guint           n_edits,
             GError        **error)
{
  g_autoptr (AlmRow) row = NULL;
  AlmEditResult result;

  if (!alm_desk_load (self, &planned->id, &row, error)
      || (row != NULL && !alm_desk_learn_row (self, row, entries, error)))
    return FALSE;

  for (guint i = 0; i < n_edits; i++)
    if (!alm_desk_edit_one (self, &edits[i], &result, error))
      return FALSE;

  return TRUE;
}

gboolean
alm_desk_return (AlmDesk             *self,
                 GPtrArray           *entries,
                 guint                n,
                 const AlmDeskReturn *expected,
                 const char          *batch,
                 gboolean            *same,
                 GError             **error)
{
  g_autoptr (AlmDeskReturn) plan = alm_desk_plan_return (self, entries, n, error);
  AlmEdit edits[2];
  guint n_edits;

  if (plan == NULL)
    return FALSE;
  if (expected != NULL && !same_return (expected, plan))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG,
                           "the record has been changed meanwhile");
      return FALSE;
    }

  n_edits = make_edits (plan, batch, edits);
  *same = n_edits == 0;
  if (n_edits == 0)
    return TRUE;
  if (!alm_desk_begin (self, error))
    return FALSE;
  if (!write_edits (self, plan->row, entries, edits, n_edits, error))
    {
      alm_desk_rollback (self);
      return FALSE;
    }

  return alm_desk_commit (self, error);
}
