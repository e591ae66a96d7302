/* SPDX-License-Identifier: EUPL-1.2 */

/* One command: rights on the record, values against the model, the kind's own
 * rule, merge, and what is written of it (sync.md, sections 4.1 to 4.3).
 *
 * Invariants:
 *   1. All that can be refused is refused before the first write; the mark
 *      around a command is taken back if that should ever not be so.
 *   2. What is acknowledged is current in its field, or stands in a conflict.
 *   3. Only a del command deletes. */

#include "config.h"

#include "alm-hub-apply-private.h"

#include "alm-plant.h"

#include <string.h>

#define BRAKE_WINDOW    500
#define BRAKE_DELETIONS 50
#define BRAKE_SHARE     20     /* one in so many: 5 % */

static void
apply_clear (AlmHubApply *self)
{
  alm_hub_refusal_clear (&self->refusal);
  g_clear_pointer (&self->before, alm_hub_record_free);
  g_clear_pointer (&self->after, alm_hub_record_free);
  g_clear_pointer (&self->conflict, alm_hub_record_free);
  g_clear_pointer (&self->trimmed, alm_command_free);
  g_clear_pointer (&self->erased, alm_value_unref);
  g_clear_pointer (&self->collisions, g_ptr_array_unref);
  g_clear_pointer (&self->merged, alm_value_unref);
  g_clear_pointer (&self->conflicts, alm_value_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHubApply, apply_clear)

void
alm_hub_session_changed (AlmHubSession *session,
                         const char    *scope)
{
  if (!g_ptr_array_find_with_equal_func (session->changed, scope, g_str_equal, NULL))
    g_ptr_array_add (session->changed, g_strdup (scope));
}

void
alm_hub_session_clear (AlmHubSession *session)
{
  g_clear_pointer (&session->tallies, g_array_unref);
  g_clear_pointer (&session->changed, g_ptr_array_unref);
  g_clear_pointer (&session->erased, g_ptr_array_unref);
}

/* Writes what the session has counted. */
gboolean
alm_hub_session_finish (AlmHubSession  *session,
                        GError        **error)
{
  AlmServerStore *store = session->core->store;

  for (guint i = 0; i < session->tallies->len; i++)
    {
      const AlmHubTally *tally = &g_array_index (session->tallies, AlmHubTally, i);

      if (!store->api->set_tally (store, &session->actor->desk, tally->scope, tally->commands,
                                  error))
        return FALSE;
    }

  if (session->server_n_changed)
    {
      AlmHubDesk desk = {
        .id = session->core->server,
        .user = (char *) ALM_HUB_USER,
        .name = (char *) ALM_HUB_USER,
        .last_n = session->server_n,
        .seen_us = session->actor->now_us,
      };

      if (!store->api->put_desk (store, &desk, error))
        return FALSE;
    }

  return TRUE;
}

/* How many commands the desk has sent into the scope, this one included. */
static AlmHubTally *
count_command (AlmHubApply  *self,
               GError      **error)
{
  GArray *tallies = self->session->tallies;
  AlmHubTally tally = { self->scope, 0 };

  for (guint i = 0; i < tallies->len; i++)
    if (g_array_index (tallies, AlmHubTally, i).scope == self->scope)
      {
        g_array_index (tallies, AlmHubTally, i).commands++;
        return &g_array_index (tallies, AlmHubTally, i);
      }

  if (!self->store->api->get_tally (self->store, &self->session->actor->desk, self->scope,
                                    &tally.commands, error))
    return NULL;
  tally.commands++;
  g_array_append_val (tallies, tally);

  return &g_array_index (tallies, AlmHubTally, tallies->len - 1);
}

/* What the record holds where nobody has made it yet: the set without its nulls. */
static AlmValue *
first_fields (const AlmValue *set)
{
  AlmValue *fields = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      AlmValue *value = alm_value_get_item (set, i);

      if (!alm_value_is (value, ALM_VALUE_NULL))
        alm_value_set (fields, alm_value_get_key (set, i), alm_value_ref (value));
    }

  return fields;
}

/* Every field of the command becomes a proposal: together with what others
 * have changed meanwhile it would break a rule. */
static void
propose_all (AlmHubApply *self)
{
  const AlmCommand *command = self->command;

  g_ptr_array_set_size (self->collisions, 0);
  for (guint i = 0; i < alm_value_get_size (command->set); i++)
    {
      const char *name = alm_value_get_key (command->set, i);
      AlmMergeConflict *collision = g_new0 (AlmMergeConflict, 1);
      AlmValue *base = alm_value_get (command->old, name);
      AlmValue *theirs = alm_value_get (self->before->fields, name);

      collision->field = g_strdup (name);
      collision->base = base != NULL ? alm_value_ref (base) : NULL;
      collision->theirs = theirs != NULL ? alm_value_ref (theirs) : NULL;
      collision->mine = alm_value_ref (alm_value_get_item (command->set, i));
      g_ptr_array_add (self->collisions, collision);
    }
  self->why = "invalid";
}

/* Which fields came out otherwise than the author has set them. */
static void
note_merged (AlmHubApply    *self,
             const AlmValue *fields)
{
  const AlmValue *set = self->command->set;

  for (guint i = 0; i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);

      if (!alm_value_equal (alm_value_get (fields, name), alm_value_get_item (set, i)))
        alm_value_append (self->merged, alm_value_new_text (name));
    }
}

static void
set_after (AlmHubApply *self,
           AlmValue    *fields,
           gboolean     deleted)
{
  if (self->before != NULL && self->before->deleted == deleted
      && alm_value_equal (self->before->fields, fields))
    return;

  self->after = g_new0 (AlmHubRecord, 1);
  self->after->id = self->command->id;
  self->after->scope = self->scope;
  self->after->kind = self->kind;
  self->after->deleted = deleted;
  self->after->fields = alm_value_ref (fields);
}

/* new, upd, and the set of resolve. */
static gboolean
prepare_edit (AlmHubApply *self)
{
  const AlmCommand *command = self->command;
  g_autoptr (AlmValue) fields = NULL;
  gboolean proposal;

  if (!alm_hub_check_values (self))
    return FALSE;

  if (self->before == NULL)
    fields = first_fields (command->set);
  else
    {
      fields = alm_merge_fields (self->model, ALM_PLANTED ("wrong-base") ? self->before->fields
                                                                         : command->old,
                                 self->before->fields, command->set,
                                 self->collisions);
      self->op = command->op == ALM_OP_NEW ? ALM_OP_UPD : command->op;
    }
  if (!alm_hub_check_size (self, fields) || !alm_hub_check_whole (self, fields, &proposal))
    return FALSE;
  if (proposal)
    {
      propose_all (self);
      return TRUE;
    }
  if (!alm_hub_check_place (self, fields) || !alm_hub_check_kind (self, fields))
    return FALSE;

  note_merged (self, fields);
  set_after (self, fields, FALSE);

  return TRUE;
}

/* The brake: an own tool gone wild must not take the city's records along. */
static gboolean
brake (AlmHubApply  *self,
       AlmHubTally  *tally,
       GError      **error)
{
  const AlmId *desk = &self->session->actor->desk;
  const AlmHubScope *scope;
  gboolean own;
  gint64 count;

  if (!self->store->api->is_maker (self->store, &self->command->id, desk, &own, error))
    return FALSE;
  if (own)
    return TRUE;
  if (!self->store->api->count_deletions (self->store, desk, self->scope,
                                          tally->commands - BRAKE_WINDOW, &count, error)
      || !self->store->api->get_scope (self->store, self->scope, &scope, error))
    return FALSE;

  /* This one included; the share is of what stood there before the first of them. */
  count++;
  if (count > BRAKE_DELETIONS && count * BRAKE_SHARE > scope->digest.n + count - 1
      && !(self->command->confirm && alm_hub_rights_is_steward (&self->rights)))
    return REFUSE (self, "mass-delete", "More than %d deletions, over 5 %% of %s",
                   BRAKE_DELETIONS, self->scope);

  return self->store->api->add_deletion (self->store, desk, self->scope, tally->commands, error);
}

static gboolean
prepare_delete (AlmHubApply  *self,
                AlmHubTally  *tally,
                GError      **error)
{
  gboolean changed;

  if (self->before->deleted)
    return TRUE;
  if (strcmp (self->kind, ALM_KIND_MODEL) == 0 || strcmp (self->kind, ALM_KIND_SCOPE) == 0)
    return REFUSE (self, "forbidden", "A %s cannot be deleted", self->kind);
  if (!self->store->api->changed_since (self->store, &self->command->id, self->command->base,
                                        &self->session->actor->desk, &changed, error))
    return FALSE;
  if (changed && !ALM_PLANTED ("delete-blind"))
    {
      AlmMergeConflict *collision = g_new0 (AlmMergeConflict, 1);

      collision->field = g_strdup ("");
      g_ptr_array_add (self->collisions, collision);
      self->why = "edited";
      return TRUE;
    }
  if (!brake (self, tally, error))
    return FALSE;
  set_after (self, self->before->fields, TRUE);

  return TRUE;
}

static gboolean
find_conflict (AlmHubApply  *self,
               GError      **error)
{
  char text[ALM_ID_TEXT_SIZE];
  AlmHubRecord *found;

  if (!self->store->api->get_record (self->store, &self->command->conflict, &self->conflict,
                                     error))
    return FALSE;

  found = self->conflict;
  alm_id_print (&self->command->id, text);
  if (found == NULL || strcmp (found->kind, ALM_KIND_CONFLICT) != 0
      || strcmp (found->scope, self->scope) != 0
      || g_strcmp0 (alm_value_get_text_of (found->fields, "record"), text) != 0
      || (alm_conflict_class (self->model, found->fields) & self->rights.classes) == 0)
    return REFUSE (self, "unknown-record", "There is no such conflict about this record");
  if ((alm_conflict_class (self->model, found->fields) & self->rights.writes) == 0)
    return REFUSE_LIMIT (self, "field", "field '%s': not among the fields you may change",
                         alm_value_get_text_of (found->fields, "field"));

  return TRUE;
}

/* The first part: all may be refused, and no record is written. */
static gboolean
prepare (AlmHubApply  *self,
         GError      **error)
{
  AlmHubTally *tally;

  if (self->line->refusal.code != NULL)
    return REFUSE (self, self->line->refusal.code, "%s", self->line->refusal.detail);
  if (self->command->op == ALM_OP_ERASE)
    return alm_hub_erase_prepare (self, error);
  if (!alm_hub_check_target (self, error) || !alm_hub_erase_trim (self, error))
    return FALSE;

  tally = count_command (self, error);
  if (tally == NULL)
    return FALSE;

  switch (self->command->op)
    {
    case ALM_OP_NEW:
    case ALM_OP_UPD:
      return prepare_edit (self);

    case ALM_OP_RESOLVE:
      if (!find_conflict (self, error))
        return FALSE;
      return alm_value_get_size (self->command->set) == 0 || prepare_edit (self);

    case ALM_OP_DEL:
      return prepare_delete (self, tally, error);

    case ALM_OP_UNDEL:
      if (self->before->deleted && !ALM_PLANTED ("undelete-blind"))
        set_after (self, self->before->fields, FALSE);
      return TRUE;

    case ALM_OP_ERASE:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
write_record (AlmHubApply  *self,
              GError      **error)
{
  const AlmCommand *command = self->command;
  AlmHubActor *actor = self->session->actor;
  AlmHubEntry entry = {
    .desk = actor->desk,
    .n = self->line->n,
    .user = actor->user,
    .at = command->at,
    .stored_us = actor->now_us,
    .op = self->op,
    .set = command->set,
    .old = command->old,
    .batch = command->batch,
  };

  if (self->after == NULL)
    return TRUE;
  if (!self->store->api->put_record (self->store, self->before, self->after, self->model, 0,
                                     &entry, error))
    return FALSE;
  self->seq = self->after->ver;
  alm_hub_session_changed (self->session, self->scope);

  return TRUE;
}

/* A conflict about a field that the author may not see is not his to hear of. */
static gboolean
sees_conflict (const AlmHubApply     *self,
               const AlmHubCollision *collision)
{
  return *collision->field == '\0'
         || (alm_field_or_group_class (self->model, collision->field)
             & self->rights.classes) != 0;
}

static gboolean
raise_one (AlmHubApply            *self,
           const AlmHubCollision  *collision,
           GError                **error)
{
  AlmValue *said;
  char text[ALM_ID_TEXT_SIZE];
  gint64 seq;
  AlmId id;

  if (!alm_hub_conflict_raise (self->session, collision, &id, &seq, error))
    return FALSE;

  self->seq = MAX (self->seq, seq);
  if (!sees_conflict (self, collision))
    return TRUE;

  said = alm_value_new_object ();
  alm_id_print (&id, text);
  alm_value_set_text (said, "id", text);
  alm_value_set_text (said, "field", collision->field);
  alm_value_append (self->conflicts, said);

  return TRUE;
}

static gboolean
raise_conflicts (AlmHubApply  *self,
                 GError      **error)
{
  AlmHubCollision raised = {
    .record = self->after != NULL ? self->after : self->before,
    .model = self->model,
    .command = self->command,
    .why = self->why,
  };

  for (guint i = 0; i < self->collisions->len; i++)
    {
      const AlmMergeConflict *collision = self->collisions->pdata[i];

      raised.field = collision->field;
      raised.part = collision->part;
      raised.base = collision->base;
      raised.theirs = collision->theirs;
      raised.mine = collision->mine;
      if (!raise_one (self, &raised, error))
        return FALSE;
    }

  /* It was edited after it had been deleted: it is back, and somebody should know. */
  if (self->before != NULL && self->before->deleted && self->after != NULL
      && self->command->op != ALM_OP_UNDEL)
    {
      raised = (AlmHubCollision) { raised.record, self->model, self->command, "deleted", "" };
      if (!raise_one (self, &raised, error))
        return FALSE;
    }

  return TRUE;
}

/* The field of the key that the fewest may see: that two keys are the same says what
 * stands in all of them. */
static const char *
closest_field (const AlmModel *model,
               char          **key)
{
  const char *found = key[0];

  for (char **name = key + 1; *name != NULL; name++)
    if (alm_field_class (model, *name) > alm_field_class (model, found))
      found = *name;

  return found;
}

/* A business key that another record has too is accepted, and said. */
static gboolean
raise_duplicates (AlmHubApply  *self,
                  GError      **error)
{
  char **key = self->model != NULL ? alm_model_get_key (self->model) : NULL;
  g_autoptr (GArray) others = NULL;
  const char *field;
  gboolean same = self->before != NULL && !self->before->deleted;

  if (key == NULL || self->after == NULL || self->after->deleted)
    return TRUE;
  for (char **name = key; *name != NULL && same; name++)
    same = alm_value_equal (alm_value_get (self->before->fields, *name),
                            alm_value_get (self->after->fields, *name));
  if (same)
    return TRUE;
  if (!self->store->api->list_same_key (self->store, self->model, self->after, &others, error))
    return FALSE;

  field = closest_field (self->model, key);
  for (guint i = 0; i < others->len; i++)
    {
      g_autoptr (AlmValue) part = alm_value_new_object ();
      g_autofree char *other = alm_id_to_text (&g_array_index (others, AlmId, i));
      AlmHubCollision raised = {
        .record = self->after, .model = self->model, .command = self->command,
        .why = "duplicate", .field = field, .part = part,
        .mine = alm_value_get (self->after->fields, field),
      };

      alm_value_set_text (part, "id", other);
      if (!raise_one (self, &raised, error))
        return FALSE;
    }

  return TRUE;
}

/* What the person has chosen, told from what is written. */
static const char *
find_choice (AlmHubApply *self)
{
  const AlmValue *conflict = self->conflict->fields;
  const char *field = alm_value_get_text_of (conflict, "field");
  const char *why = alm_value_get_text_of (conflict, "why");
  gboolean deleted = self->after != NULL ? self->after->deleted : self->before->deleted;
  const AlmValue *set = alm_value_get (self->command->set, field);

  if (g_strcmp0 (why, "deleted") == 0)
    return deleted ? "theirs" : "mine";
  if (g_strcmp0 (why, "edited") == 0)
    return deleted ? "mine" : "theirs";
  if (alm_value_get_size (self->command->set) == 0)
    return "theirs";

  if (set == NULL)
    set = self->command->set;   /* a group: the object of its fields */
  if (alm_value_equal (set, alm_value_get (conflict, "mine")))
    return "mine";

  return alm_value_equal (set, alm_value_get (conflict, "base")) ? "base" : "value";
}

static gboolean
close_conflicts (AlmHubApply  *self,
                 GError      **error)
{
  gint64 seq = 0;

  if (self->conflict != NULL)
    {
      const char *state = alm_value_get_text_of (self->conflict->fields, "state");

      if (g_strcmp0 (state, "open") == 0 && !ALM_PLANTED ("decision-lost")
          && !alm_hub_conflict_close (self->session, self->conflict, self->model,
                                      find_choice (self), &seq, error))
        return FALSE;
    }
  else if (self->before != NULL && self->command->op == ALM_OP_UPD
           && !alm_hub_conflict_agree (self->session, self->before, self->model, self->command,
                                       self->collisions, &seq, error))
    return FALSE;
  self->seq = MAX (self->seq, seq);

  return TRUE;
}

/* A model and a scope take effect in the transaction that brings them. */
static gboolean
take_effect (AlmHubApply  *self,
             GError      **error)
{
  g_autoptr (AlmModel) last = NULL;
  AlmModel *now;
  guint64 class_map;

  if (self->after == NULL || !alm_hub_city_is_system (self->kind))
    return TRUE;

  if (strcmp (self->kind, ALM_KIND_SCOPE) == 0 && !self->after->deleted
      && !self->store->api->make_scope (self->store,
                                        alm_value_get_text_of (self->after->fields, "path"),
                                        error))
    return FALSE;
  if (strcmp (self->kind, ALM_KIND_MODEL) == 0)
    {
      const char *name = alm_value_get_text_of (self->after->fields, "name");

      last = alm_hub_city_model (&self->core->city, name);
      if (last != NULL)
        alm_model_ref (last);
      class_map = self->core->city.class_map;
      if (!alm_hub_city_read (self->core, error))
        return FALSE;
      now = alm_hub_city_model (&self->core->city, name);
      if (last != NULL && now != NULL && class_map != self->core->city.class_map
          && !self->store->api->reclassify (self->store, last, now, error))
        return FALSE;
    }

  return alm_hub_city_read (self->core, error);
}

static gboolean
write_all (AlmHubApply  *self,
           GError      **error)
{
  if (self->command->op == ALM_OP_ERASE)
    return alm_hub_erase_write (self, error);

  return write_record (self, error)
         && (ALM_PLANTED ("conflict-lost") || raise_conflicts (self, error))
         && raise_duplicates (self, error) && close_conflicts (self, error)
         && take_effect (self, error);
}

static char *
say_outcome (AlmHubApply *self)
{
  g_autoptr (AlmValue) said = NULL;

  if (self->seq == 0 && self->before != NULL)
    self->seq = self->before->ver;

  if (self->refusal.code == NULL && alm_value_get_size (self->conflicts) == 0
      && alm_value_get_size (self->merged) == 0)
    return g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"r\":\"ok\",\"seq\":%" G_GINT64_FORMAT
                            "}", self->line->n, self->seq);

  said = alm_value_new_object ();
  alm_value_set_integer (said, "n", self->line->n);
  if (self->refusal.code != NULL)
    {
      alm_value_set_text (said, "r", "refused");
      alm_value_set_text (said, "code", self->refusal.code);
      alm_value_set_text (said, "detail", self->refusal.detail);
      alm_value_set_text (said, "limit", self->refusal.limit);
      return alm_value_to_text (said);
    }

  alm_value_set_integer (said, "seq", self->seq);
  if (alm_value_get_size (self->conflicts) > 0)
    {
      alm_value_set_text (said, "r", "conflict");
      alm_value_set (said, "conflicts", alm_value_ref (self->conflicts));
    }
  else
    {
      alm_value_set_text (said, "r", "merged");
      alm_value_set (said, "merged", alm_value_ref (self->merged));
    }

  return alm_value_to_text (said);
}

/* Applies one command.  FALSE: the store failed, and the transaction with it.
 *
 * @outcome: (transfer full): the answer's line */
gboolean
alm_hub_apply (AlmHubSession     *session,
               const AlmHubLine  *line,
               char             **outcome,
               GError           **error)
{
  AlmServerStore *store = session->core->store;
  g_auto (AlmHubApply) self = {
    .session = session,
    .core = session->core,
    .store = store,
    .line = line,
    .command = line->command,
    .why = "value",
    .op = line->command != NULL ? line->command->op : ALM_OP_UPD,
  };
  GError *failure = NULL;

  self.collisions = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  self.merged = alm_value_new_list ();
  self.conflicts = alm_value_new_list ();

  if (!store->api->mark (store, error))
    return FALSE;
  if (prepare (&self, &failure) && write_all (&self, &failure))
    {
      if (!store->api->keep (store, error))
        return FALSE;
    }
  else if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  else
    {
      g_assert (self.refusal.code != NULL);
      if (!store->api->take_back (store, error))
        return FALSE;
    }
  *outcome = say_outcome (&self);

  return TRUE;
}
