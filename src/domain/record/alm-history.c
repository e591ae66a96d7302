/* SPDX-License-Identifier: EUPL-1.2 */

/* What a record's history says: how the record was at any time, and who has
 * changed what since.  Pure; any thread.
 *
 * Invariant: replaying all entries gives what the server made of them, because
 * both use the same merge on what the authors said. */

#include "config.h"

#include "alm-history.h"

#include "alm-merge.h"

void
alm_history_entry_free (AlmHistoryEntry *self)
{
  g_clear_pointer (&self->command, alm_command_free);
  g_free (self->user);
  g_free (self);
}

AlmHistoryEntry *
alm_history_entry_copy (const AlmHistoryEntry *self)
{
  AlmHistoryEntry *copy = g_memdup2 (self, sizeof *self);

  copy->user = g_strdup (self->user);
  copy->command = alm_command_copy (self->command);

  return copy;
}

/* @fields: (transfer full), after @command (transfer full) */
static AlmValue *
apply (const AlmModel   *model,
       AlmValue         *fields,
       const AlmCommand *command)
{
  g_autoptr (AlmValue) before = fields;
  g_autoptr (GPtrArray) conflicts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);

  if (command->set == NULL)
    return g_steal_pointer (&before);

  return alm_merge_fields (model, command->old, before, command->set, conflicts);
}

/* What the record held before the first entry. */
static AlmValue *
find_start (GPtrArray      *entries,
            const AlmValue *now)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  AlmValue *start = alm_value_new_object ();

  for (guint i = 0; i < entries->len; i++)
    {
      const AlmHistoryEntry *entry = entries->pdata[i];
      const AlmValue *set = entry->command->set;

      for (guint k = 0; set != NULL && k < alm_value_get_size (set); k++)
        {
          const char *name = alm_value_get_key (set, k);
          AlmValue *old = entry->command->old != NULL
                          ? alm_value_get (entry->command->old, name) : NULL;

          if (entry->state != ALM_HISTORY_REFUSED && g_hash_table_add (seen, (gpointer) name)
              && old != NULL)
            alm_value_set (start, name, alm_value_ref (old));
        }
    }
  for (guint i = 0; i < alm_value_get_size (now); i++)
    if (!g_hash_table_contains (seen, alm_value_get_key (now, i)))
      alm_value_set (start, alm_value_get_key (now, i),
                     alm_value_ref (alm_value_get_item (now, i)));

  return start;
}

/* Does the history begin with the record not there? */
static gboolean
begins_with_nothing (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const AlmHistoryEntry *entry = entries->pdata[i];

      if (entry->state != ALM_HISTORY_REFUSED)
        return entry->command->op == ALM_OP_NEW || entry->command->op == ALM_OP_UNDEL;
    }

  return FALSE;
}

AlmValue *
alm_history_replay (const AlmModel *model,
                    GPtrArray      *entries,
                    guint           n,
                    const AlmValue *now,
                    gboolean       *deleted)
{
  AlmValue *fields = find_start (entries, now);

  *deleted = begins_with_nothing (entries);
  for (guint i = 0; i < n; i++)
    {
      const AlmHistoryEntry *entry = entries->pdata[i];

      if (entry->state == ALM_HISTORY_REFUSED)
        continue;

      switch (entry->command->op)
        {
        case ALM_OP_NEW:
        case ALM_OP_UPD:
        case ALM_OP_RESOLVE:
          *deleted = FALSE;
          fields = apply (model, fields, entry->command);
          break;

        case ALM_OP_DEL:
          *deleted = TRUE;
          break;

        case ALM_OP_UNDEL:
          *deleted = FALSE;
          break;

        case ALM_OP_ERASE:       /* its values are in no entry any more */
        default:
          break;
        }
    }

  return fields;
}

static gboolean
may_be_set (const AlmModel *model,
            const char     *name)
{
  const AlmField *field = model != NULL ? alm_model_find_field (model, name) : NULL;

  return field != NULL && !field->read_only;
}

AlmValue *
alm_history_difference (const AlmModel *model,
                        const AlmValue *now,
                        const AlmValue *then)
{
  AlmValue *set = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (then); i++)
    {
      const char *name = alm_value_get_key (then, i);
      AlmValue *value = alm_value_get_item (then, i);

      if (may_be_set (model, name) && !alm_value_equal (alm_value_get (now, name), value))
        alm_value_set (set, name, alm_value_ref (value));
    }
  for (guint i = 0; i < alm_value_get_size (now); i++)
    {
      const char *name = alm_value_get_key (now, i);

      if (may_be_set (model, name) && alm_value_get (then, name) == NULL)
        alm_value_set (set, name, alm_value_new_null ());
    }

  return set;
}

/* Does @set touch @field, or a member of the group @field? */
static gboolean
touches (const AlmModel *model,
         const AlmValue *set,
         const char     *field)
{
  if (alm_value_get (set, field) != NULL)
    return TRUE;

  for (guint i = 0; model != NULL && i < alm_value_get_size (set); i++)
    {
      const AlmField *member = alm_model_find_field (model, alm_value_get_key (set, i));

      if (member != NULL && g_strcmp0 (member->group, field) == 0)
        return TRUE;
    }

  return FALSE;
}

const char *
alm_history_find_later (const AlmModel *model,
                        GPtrArray      *entries,
                        guint           index,
                        const char     *field)
{
  for (guint i = entries->len; i > index + 1; i--)
    {
      const AlmHistoryEntry *entry = entries->pdata[i - 1];

      if (entry->state != ALM_HISTORY_REFUSED && entry->command->set != NULL
          && touches (model, entry->command->set, field))
        return entry->user;
    }

  return NULL;
}
