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

#include "alm-erasure.h"
#include "alm-hub-apply-private.h"

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

/* In the list, in the audit trail, and by whom it has to be taken over. */
gboolean
alm_hub_erasure_note (AlmHubSession        *session,
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
          || !alm_hub_erasure_note (session, &implied, error))
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
  if (erasure->at_us == 0)
    erasure->at_us = session->actor->now_us;
  alm_hub_session_changed (session, after.scope);

  return alm_hub_erasure_note (session, erasure, error)
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

/* What desks are told of an erasure: an empty list is the whole record. */
static AlmValue *
told_fields (const AlmHubErasure *erasure)
{
  return erasure->fields != NULL ? alm_value_ref (erasure->fields) : alm_value_new_list ();
}

/* Two erasures of one record are told as one. */
static void
tell_too (AlmValue       *told,
          const AlmValue *fields)
{
  for (guint i = 0; i < alm_value_get_size (fields); i++)
    if (!alm_erasure_takes (told, alm_value_get_text (alm_value_get_item (fields, i))))
      alm_value_append (told, alm_value_ref (alm_value_get_item (fields, i)));
}

/* *told: id → list of names, of all records of @scope that were erased after @after; NULL
 * where there is none.  (transfer full) */
gboolean
alm_hub_list_told (AlmHubCore   *self,
                   const char   *scope,
                   gint64        after,
                   GHashTable  **told,
                   GError      **error)
{
  g_autoptr (GPtrArray) erasures = NULL;

  *told = NULL;
  if (!self->store->api->list_erasures (self->store, scope, NULL, NULL, after, &erasures, error))
    return FALSE;
  if (erasures->len == 0)
    return TRUE;

  *told = g_hash_table_new_full (alm_id_hash, alm_id_equal, g_free,
                                 (GDestroyNotify) alm_value_unref);
  for (guint i = 0; i < erasures->len; i++)
    {
      const AlmHubErasure *erasure = erasures->pdata[i];
      AlmValue *before = g_hash_table_lookup (*told, &erasure->id);
      gboolean whole = erasure->fields == NULL
                       || (before != NULL && alm_value_get_size (before) == 0);
      AlmValue *fields = whole ? alm_value_new_list () : alm_value_copy (erasure->fields);

      if (!whole)
        tell_too (fields, before);
      g_hash_table_replace (*told, g_memdup2 (&erasure->id, sizeof erasure->id), fields);
    }

  return TRUE;
}

/* For hello: the desk may hold what stands in these scopes; and what it has still to take
 * over, also where it may not read any more.  (transfer full), NULL with an error */
AlmValue *
alm_hub_list_owed (AlmHubCore       *self,
                   const AlmId      *desk,
                   const GPtrArray  *scopes,
                   GError          **error)
{
  AlmServerStore *store = self->store;
  g_autoptr (GPtrArray) erasures = NULL;
  AlmValue *list;

  for (guint i = 0; i < scopes->len; i++)
    if (!store->api->add_reader (store, desk, ((AlmHubScope *) scopes->pdata[i])->name, error))
      return NULL;
  if (!store->api->list_erasures (store, NULL, NULL, desk, -1, &erasures, error))
    return NULL;

  list = alm_value_new_list ();
  for (guint i = 0; i < erasures->len; i++)
    {
      const AlmHubErasure *erasure = erasures->pdata[i];
      AlmValue *said = alm_value_new_object ();
      char id[ALM_ID_TEXT_SIZE];

      alm_id_print (&erasure->id, id);
      alm_value_set_text (said, "scope", erasure->scope);
      alm_value_set_integer (said, "seq", erasure->seq);
      alm_value_set_text (said, "id", id);
      alm_value_set (said, "fields", told_fields (erasure));
      alm_value_append (list, said);
    }

  return list;
}

static AlmValue *
describe_owing (AlmHubCore   *self,
                const GArray *desks,
                GError      **error)
{
  g_autoptr (AlmValue) list = alm_value_new_list ();

  for (guint i = 0; i < desks->len; i++)
    {
      g_autoptr (AlmHubDesk) desk = NULL;
      AlmValue *said = alm_value_new_object ();
      char id[ALM_ID_TEXT_SIZE];

      alm_value_append (list, said);
      alm_id_print (&g_array_index (desks, AlmId, i), id);
      alm_value_set_text (said, "desk", id);
      if (!self->store->api->get_desk (self->store, &g_array_index (desks, AlmId, i), &desk,
                                       error))
        return NULL;
      if (desk != NULL)
        {
          g_autofree char *seen = alm_clock_format (desk->seen_us);

          alm_value_set_text (said, "seen", seen);
          alm_value_set_text (said, "user", desk->user);
          alm_value_set_text (said, "name", desk->name);
        }
    }

  return g_steal_pointer (&list);
}

/* GET: to whom may see the audit trail of the scope. */
static AlmHubReply *
list_erasures (AlmHubCore   *self,
               AlmHubActor  *actor,
               GError      **error)
{
  g_autoptr (AlmHubReply) reply = alm_hub_reply_new (200, "application/x-ndjson");
  g_autoptr (GPtrArray) erasures = NULL;

  if ((alm_hub_rights_anywhere (actor->grants, actor->now_us) & ALM_ROLE_BIT_AUDITOR) == 0)
    return alm_hub_reply_problem (403, "forbidden", "You may not do this");
  if (!self->store->api->list_erasures (self->store, NULL, NULL, NULL, -1, &erasures, error))
    return NULL;

  for (guint i = 0; i < erasures->len; i++)
    {
      const AlmHubErasure *erasure = erasures->pdata[i];
      AlmHubRights rights = alm_hub_actor_rights (actor, erasure->scope);
      g_autoptr (AlmValue) said = NULL;
      g_autoptr (GArray) desks = NULL;
      AlmValue *owing;

      if (erasure->implied || (rights.roles & ALM_ROLE_BIT_AUDITOR) == 0)
        continue;
      if (!self->store->api->list_owing (self->store, erasure, &desks, error))
        return NULL;
      owing = describe_owing (self, desks, error);
      if (owing == NULL)
        return NULL;
      said = alm_hub_erasure_to_value (erasure);
      alm_value_set_integer (said, "confirmed", erasure->confirmed);
      alm_value_set (said, "open", owing);
      alm_hub_reply_say (reply, said);
    }

  return g_steal_pointer (&reply);
}

static gboolean
audit_confirmed (AlmHubCore       *self,
                 AlmHubActor      *actor,
                 const GPtrArray  *owed,
                 const char       *scope,
                 gint64            seq,
                 GError          **error)
{
  for (guint i = 0; i < owed->len; i++)
    {
      const AlmHubErasure *erasure = owed->pdata[i];
      g_autofree char *desk = NULL;
      g_autofree char *detail = NULL;
      char id[ALM_ID_TEXT_SIZE];

      if (erasure->implied || strcmp (erasure->scope, scope) != 0 || erasure->seq > seq)
        continue;
      alm_id_print (&erasure->id, id);
      desk = alm_id_to_text (&actor->desk);
      detail = g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", scope, erasure->seq, desk);
      if (!alm_hub_core_audit (self, actor->user, "erase-confirmed", id, detail, error))
        return FALSE;
    }

  return TRUE;
}

/* POST {"seen": {scope: seq}}: the desk holds nothing any more of what was erased there up
 * to that version.  → {"open": how many it still owes} */
static AlmHubReply *
take_seen (AlmHubCore     *self,
           AlmHubActor    *actor,
           AlmHubRequest  *request,
           GError        **error)
{
  AlmServerStore *store = self->store;
  AlmHubReply *refusal = NULL;
  g_autoptr (AlmValue) asked = alm_hub_request_json (request, &refusal);
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (GPtrArray) owed = NULL;
  g_autoptr (GPtrArray) left = NULL;
  const AlmValue *seen = alm_value_get (asked, "seen");

  if (asked == NULL)
    return refusal;
  if (!alm_value_is (seen, ALM_VALUE_OBJECT))
    return alm_hub_reply_problem (400, "bad-request", "\"seen\" is no object");
  for (guint i = 0; i < alm_value_get_size (seen); i++)
    if (!alm_value_is (alm_value_get_item (seen, i), ALM_VALUE_INTEGER)
        || !alm_name_is_scope (alm_value_get_key (seen, i)))
      return alm_hub_reply_problem (400, "bad-request", "\"seen\" is not of scopes and numbers");
  if (!store->api->list_erasures (store, NULL, NULL, &actor->desk, -1, &owed, error))
    return NULL;

  for (guint i = 0; i < alm_value_get_size (seen); i++)
    {
      const char *scope = alm_value_get_key (seen, i);
      gint64 seq = alm_value_get_integer (alm_value_get_item (seen, i));

      if (!audit_confirmed (self, actor, owed, scope, seq, error)
          || !store->api->note_seen (store, &actor->desk, scope, seq, actor->now_us, error))
        return NULL;
    }
  if (!store->api->list_erasures (store, NULL, NULL, &actor->desk, -1, &left, error))
    return NULL;
  alm_value_set_integer (said, "open", left->len);

  return alm_hub_reply_value (200, said);
}

AlmHubReply *
alm_hub_erasures (AlmHubCore     *self,
                  AlmHubActor    *actor,
                  AlmHubRequest  *request,
                  GError        **error)
{
  return strcmp (request->method, "POST") == 0 ? take_seen (self, actor, request, error)
                                               : list_erasures (self, actor, error);
}
