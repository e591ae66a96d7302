/* SPDX-License-Identifier: EUPL-1.2 */

/* Erasing: who may, what goes, who has to know (sync.md, section 4.10).
 *
 * Invariants:
 *   1. What was erased does not come back by what was written before: a command whose
 *      author had not seen the erasure loses the erased fields, and is refused `erased`
 *      where nothing else is left of it.  Who has seen it may write a new value.
 *   2. Of a record that was erased whole nothing comes back, whoever writes it.
 *   3. No value is named anywhere: not in the answer, the audit or the list. */

#include "config.h"

#include "alm-hub-apply-private.h"

#include "alm-erasure.h"

#include <string.h>

static char *
describe (const AlmHubErasure *erasure)
{
  g_autoptr (GString) text = g_string_new (erasure->scope);

  g_string_append_printf (text, " %" G_GINT64_FORMAT, erasure->seq);
  for (guint i = 0; i < alm_value_get_size (erasure->fields); i++)
    g_string_append_printf (text, "%s %s", i > 0 ? "," : "",
                            alm_value_get_text (alm_value_get_item (erasure->fields, i)));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* As a line of erased.ndjson and of GET /v1/erasures. */
AlmValue *
alm_hub_erasure_to_value (const AlmHubErasure *erasure)
{
  AlmValue *said = alm_value_new_object ();
  g_autofree char *at = alm_clock_format (erasure->at_us);
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&erasure->id, id);
  alm_value_set_text (said, "scope", erasure->scope);
  alm_value_set_integer (said, "seq", erasure->seq);
  alm_value_set_text (said, "id", id);
  alm_value_set (said, "fields", erasure->fields != NULL ? alm_value_ref (erasure->fields)
                                                         : alm_value_new_null ());
  alm_value_set_text (said, "reason", erasure->reason);
  alm_value_set_text (said, "user", erasure->user);
  alm_value_set_text (said, "at", at);

  return said;
}

static gboolean
note (AlmHubSession        *session,
      const AlmHubErasure  *erasure,
      GError              **error)
{
  AlmServerStore *store = session->core->store;
  char id[ALM_ID_TEXT_SIZE];

  if (!store->api->add_erasure (store, erasure, error))
    return FALSE;
  if (!erasure->implied)
    {
      g_autoptr (AlmValue) line = alm_hub_erasure_to_value (erasure);
      g_autofree char *detail = describe (erasure);

      alm_id_print (&erasure->id, id);
      g_ptr_array_add (session->erased, alm_value_to_text (line));
      if (!alm_hub_core_audit (session->core, erasure->user, "erase", id, detail, error))
        return FALSE;
    }

  return TRUE;
}

/* What the conflicts about the record hold of it goes, too; an open one is over. */
static gboolean
erase_conflicts (AlmHubSession        *session,
                 const AlmHubErasure  *erasure,
                 const AlmModel       *model,
                 GError              **error)
{
  AlmServerStore *store = session->core->store;
  g_autoptr (AlmValue) names = alm_erasure_conflict_names ();
  g_autoptr (GArray) ids = NULL;

  if (!store->api->list_about (store, &erasure->id, &ids, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AlmHubRecord) conflict = NULL;
      AlmHubErasure implied = *erasure;

      implied.id = g_array_index (ids, AlmId, i);
      implied.implied = TRUE;
      implied.fields = names;
      if (!store->api->get_record (store, &implied.id, &conflict, error))
        return FALSE;
      if (conflict == NULL
          || !alm_erasure_takes_conflict (erasure->fields, model, conflict->fields))
        continue;
      implied.scope = conflict->scope;
      if (!alm_hub_conflict_erase (session, conflict, model, names, &implied.seq, error)
          || !note (session, &implied, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
blank_outcomes (AlmHubSession  *session,
                GHashTable     *names,
                GError        **error)
{
  AlmServerStore *store = session->core->store;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!store->api->blank_outcomes (store, name, error))
      return FALSE;

  return TRUE;
}

/* The names of @erasure, or all that the record ever had. */
static GHashTable *
list_names (AlmHubSession        *session,
            const AlmHubErasure  *erasure,
            const AlmHubRecord   *before,
            GError              **error)
{
  AlmServerStore *store = session->core->store;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < alm_value_get_size (erasure->fields); i++)
    g_hash_table_add (names, g_strdup (alm_value_get_text (
                                         alm_value_get_item (erasure->fields, i))));
  if (erasure->fields == NULL)
    {
      for (guint i = 0; i < alm_value_get_size (before->fields); i++)
        g_hash_table_add (names, g_strdup (alm_value_get_key (before->fields, i)));
      if (!store->api->list_fields (store, &before->id, names, error))
        return NULL;
    }

  return g_steal_pointer (&names);
}

/* Fills in where and when; @entry: whose command it is. */
gboolean
alm_hub_erase_record (AlmHubSession       *session,
                      const AlmHubRecord  *before,
                      AlmHubErasure       *erasure,
                      AlmHubEntry         *entry,
                      GError             **error)
{
  AlmHubCore *core = session->core;
  const AlmModel *model = alm_hub_city_model (&core->city, before->kind);
  g_autoptr (GHashTable) names = list_names (session, erasure, before, error);
  g_autoptr (AlmValue) fields = alm_erasure_strip (erasure->fields, before->fields);
  AlmHubRecord after = *before;

  if (names == NULL)
    return FALSE;

  after.fields = fields;
  after.deleted = before->deleted || erasure->fields == NULL;
  if (!core->store->api->erase (core->store, before, &after, model, 0, erasure->fields, entry,
                                error))
    return FALSE;
  erasure->scope = after.scope;
  erasure->seq = after.ver;
  erasure->id = after.id;
  erasure->at_us = session->actor->now_us;
  alm_hub_session_changed (session, after.scope);

  return note (session, erasure, error)
         && erase_conflicts (session, erasure, model, error)
         && blank_outcomes (session, names, error);
}

gboolean
alm_hub_erase_prepare (AlmHubApply  *self,
                       GError      **error)
{
  const AlmCommand *command = self->command;
  gboolean may = FALSE;

  if (!self->store->api->get_record (self->store, &command->id, &self->before, error))
    return FALSE;
  if (self->before != NULL)
    {
      self->scope = self->before->scope;
      self->kind = self->before->kind;
      self->rights = alm_hub_actor_rights (self->session->actor, self->scope);
      may = (self->rights.roles & ALM_ROLE_BIT_AUDITOR) != 0;
    }
  if (self->before == NULL || (!may && !alm_hub_rights_may_read (&self->rights)))
    return REFUSE (self, "unknown-record", "There is no such record");

  if (!may)
    return REFUSE (self, "forbidden", "Only an auditor may erase in %s", self->scope);
  if (strcmp (self->kind, ALM_KIND_CONFLICT) == 0 || strcmp (self->kind, ALM_KIND_MODEL) == 0
      || strcmp (self->kind, ALM_KIND_SCOPE) == 0)
    return REFUSE (self, "forbidden", "A %s cannot be erased", self->kind);
  if (command->reason == NULL || *command->reason == '\0')
    return REFUSE (self, "bad-value", "reason: is missing");
  if (alm_erasure_is_told (command->fields, self->before->fields, command->reason))
    return REFUSE (self, "bad-value", "reason: repeats what is to be erased");

  return TRUE;
}

gboolean
alm_hub_erase_write (AlmHubApply  *self,
                     GError      **error)
{
  AlmHubActor *actor = self->session->actor;
  AlmHubErasure erasure = {
    .fields = self->command->fields,
    .reason = self->command->reason,
    .user = actor->user,
  };
  AlmHubEntry entry = {
    .desk = actor->desk,
    .n = self->line->n,
    .user = actor->user,
    .at = self->command->at,
    .stored_us = actor->now_us,
    .op = ALM_OP_ERASE,
    .batch = self->command->batch,
  };

  if (!alm_hub_erase_record (self->session, self->before, &erasure, &entry, error))
    return FALSE;
  self->seq = erasure.seq;

  return TRUE;
}

/* Which fields the author of the command could not know to be erased; *whole: all. */
static gboolean
list_unseen (AlmHubApply  *self,
             AlmValue     *names,
             gboolean     *whole,
             GError      **error)
{
  const AlmCommand *command = self->command;
  g_autoptr (GPtrArray) erasures = NULL;

  *whole = FALSE;
  if (!self->store->api->list_erasures (self->store, NULL, &command->id, NULL, -1, &erasures,
                                        error))
    return FALSE;

  for (guint i = 0; i < erasures->len; i++)
    {
      const AlmHubErasure *erasure = erasures->pdata[i];

      *whole |= erasure->fields == NULL;
      if (command->op != ALM_OP_NEW && self->before != NULL && command->base >= erasure->seq)
        continue;
      for (guint k = 0; k < alm_value_get_size (erasure->fields); k++)
        alm_value_append (names, alm_value_ref (alm_value_get_item (erasure->fields, k)));
    }

  return TRUE;
}

/* Takes out of a late command what was erased meanwhile. */
gboolean
alm_hub_erase_trim (AlmHubApply  *self,
                    GError      **error)
{
  const AlmCommand *command = self->command;
  g_autoptr (AlmValue) names = alm_value_new_list ();
  g_autoptr (AlmValue) set = NULL;
  AlmCommand *trimmed;
  gboolean whole;

  if (!list_unseen (self, names, &whole, error))
    return FALSE;
  if (whole && command->op != ALM_OP_DEL)
    return REFUSE (self, "erased", "The record was erased");
  if (alm_value_get_size (names) == 0 || command->set == NULL)
    return TRUE;

  set = alm_erasure_strip (names, command->set);
  if (alm_value_get_size (set) == 0 && alm_value_get_size (command->set) > 0
      && command->op != ALM_OP_NEW)
    return REFUSE (self, "erased", "field '%s': it was erased after this was written",
                   alm_value_get_key (command->set, 0));

  self->trimmed = trimmed = alm_command_copy (command);
  alm_value_unref (trimmed->set);
  trimmed->set = alm_value_ref (set);
  if (trimmed->old != NULL)
    {
      alm_value_unref (trimmed->old);
      trimmed->old = alm_erasure_strip (names, command->old);
    }
  for (guint i = 0; i < alm_value_get_size (command->set); i++)
    {
      const char *name = alm_value_get_key (command->set, i);

      if (alm_erasure_takes (names, name))
        alm_value_append (self->merged, alm_value_new_text (name));
    }
  self->erased = g_steal_pointer (&names);
  self->command = trimmed;

  return TRUE;
}
