/* SPDX-License-Identifier: EUPL-1.2 */

/* What a command may be refused for: the scope, the record and the rights on
 * it, each value against the model, the kind's own rule, the limits.
 *
 * Nothing is written here.  A function returns FALSE with a refusal in
 * `self->refusal`, or with an error of the store. */

#include "config.h"

#include "alm-erasure.h"
#include "alm-hub-apply-private.h"

#include "alm-plant.h"

#include <string.h>

#define RECORD_MAX (2 * 1024 * 1024)
#define FIELD_MAX  (1024 * 1024)
#define FIELDS_MAX 500

static gboolean
find_scope_for_new (AlmHubApply  *self,
                    GError      **error)
{
  const AlmCommand *command = self->command;
  const AlmHubScope *scope;

  if (!self->store->api->get_scope (self->store, command->scope, &scope, error))
    return FALSE;
  if (scope != NULL)
    {
      self->scope = scope->name;
      self->rights = alm_hub_actor_rights (self->session->actor, scope->name);
    }
  if (scope == NULL || !alm_hub_rights_may_read (&self->rights))
    return REFUSE (self, "unknown-scope", "There is no scope %s", command->scope);

  if (!alm_hub_city_knows (&self->core->city, command->kind))
    return REFUSE (self, "unknown-kind", "There is no kind %s", command->kind);
  self->kind = g_intern_string (command->kind);

  if (alm_hub_city_is_system (self->kind) != (strcmp (self->scope, ALM_SCOPE_SYSTEM) == 0))
    return REFUSE (self, "bad-value", "A record of kind %s cannot be in scope %s", self->kind,
                   self->scope);

  return TRUE;
}

/* Where a record with these fields lies; nullable. */
static const AlmValue *
find_place (const AlmHubApply *self,
            const AlmValue    *fields)
{
  const AlmField *geometry = self->model != NULL
                             ? alm_model_find_role (self->model, ALM_ROLE_GEOMETRY) : NULL;

  return geometry != NULL ? alm_value_get (fields, geometry->name) : NULL;
}

/* @somewhere: what could be written in another place of the scope. */
static gboolean
refuse_place (AlmHubApply *self,
              guint        somewhere)
{
  if (somewhere == 0)
    return REFUSE (self, "forbidden", "You may read %s, but not change it", self->scope);

  return REFUSE_LIMIT (self, "area", "You may change %s in your area only, and this lies outside",
                       self->scope);
}

/* Role and area, on the record as it is, or as the command makes it. */
static gboolean
check_write (AlmHubApply *self)
{
  const AlmHubActor *actor = self->session->actor;
  const AlmValue *fields = self->before != NULL ? self->before->fields : self->command->set;
  guint somewhere = self->rights.writes;

  self->rights = alm_hub_rights_at (actor->grants, self->scope, find_place (self, fields),
                                    actor->now_us);

  return alm_hub_rights_may_write (&self->rights) || ALM_PLANTED ("rights-unasked")
         || refuse_place (self, somewhere);
}

/* The record as it would be: what was set must be writable there too. */
gboolean
alm_hub_check_place (AlmHubApply    *self,
                     const AlmValue *fields)
{
  const AlmHubActor *actor = self->session->actor;
  const AlmValue *set = self->command->set;
  const AlmValue *place = find_place (self, fields);
  AlmHubRights after;

  if (self->before == NULL || alm_value_equal (place, find_place (self, self->before->fields)))
    return TRUE;

  after = alm_hub_rights_at (actor->grants, self->scope, place, actor->now_us);
  for (guint i = 0; i < alm_value_get_size (set); i++)
    if ((alm_field_class (self->model, alm_value_get_key (set, i)) & after.writes) == 0)
      return refuse_place (self, self->rights.writes);

  return TRUE;
}

/* The record as it is, and who may see it. */
gboolean
alm_hub_check_target (AlmHubApply  *self,
                      GError      **error)
{
  const AlmCommand *command = self->command;

  if (command->op == ALM_OP_NEW && !find_scope_for_new (self, error))
    return FALSE;
  if (!self->store->api->get_record (self->store, &command->id, &self->before, error))
    return FALSE;

  if (command->op == ALM_OP_NEW)
    {
      if (self->before != NULL
          && (strcmp (self->before->scope, self->scope) != 0
              || strcmp (self->before->kind, self->kind) != 0))
        return REFUSE (self, "exists", "The id belongs to another record");
    }
  else
    {
      AlmClass whole = 0;

      if (self->before != NULL)
        {
          self->scope = self->before->scope;
          self->kind = self->before->kind;
          self->rights = alm_hub_actor_rights (self->session->actor, self->scope);
          whole = alm_hub_city_whole (&self->core->city, self->kind, self->before->fields);
        }
      if (self->before == NULL || !alm_hub_rights_may_read (&self->rights)
          || (whole != 0 && (whole & self->rights.classes) == 0))
        return REFUSE (self, "unknown-record", "There is no such record");
    }

  self->model = alm_hub_city_model (&self->core->city, self->kind);
  if (strcmp (self->kind, ALM_KIND_CONFLICT) == 0)
    return REFUSE (self, "forbidden", "A conflict is decided, not edited");

  return check_write (self);
}

/* One field of the command against the model and the author's rights. */
static gboolean
check_field (AlmHubApply    *self,
             const char     *name,
             const AlmValue *value)
{
  const AlmField *field = NULL;
  g_autofree char *reason = NULL;

  if (!alm_name_is_field (name))
    return REFUSE (self, "bad-value", "'%s' is no name of a field", name);

  if (self->model != NULL)
    {
      field = alm_model_find_field (self->model, name);
      if (field == NULL)
        return REFUSE (self, "bad-value", "field '%s': kind %s has no such field", name,
                       self->kind);
      /* A group travels whole, and so does what the server has written into it. */
      if (field->read_only
          && !alm_value_equal (value, self->before != NULL
                                      ? alm_value_get (self->before->fields, name) : NULL))
        return REFUSE_LIMIT (self, "field", "field '%s': only the server writes it", name);
    }
  if ((alm_field_class (self->model, name) & self->rights.classes) == 0
      && !ALM_PLANTED ("hidden-written"))
    return REFUSE_LIMIT (self, "field", "field '%s': not among the fields you may see", name);
  if ((alm_field_class (self->model, name) & self->rights.writes) == 0
      && !ALM_PLANTED ("rights-unasked") && !ALM_PLANTED ("hidden-written"))
    return REFUSE_LIMIT (self, "field", "field '%s': not among the fields you may change", name);

  if (field != NULL && !alm_field_check (field, value, &reason))
    return REFUSE (self, "bad-value", "field '%s': %s", name, reason);

  if (self->line->length > FIELD_MAX)
    {
      g_autofree char *text = alm_value_to_text (value);

      if (strlen (text) > FIELD_MAX)
        return REFUSE (self, "too-large", "field '%s' is over 1 MiB", name);
    }

  return TRUE;
}

gboolean
alm_hub_check_values (AlmHubApply *self)
{
  const AlmCommand *command = self->command;
  G_GNUC_UNUSED gint64 at = 0;

  if (ALM_PLANTED ("clock-trusted") && alm_clock_parse (command->at, &at)
      && at > self->session->actor->now_us)
    return REFUSE (self, "bad-value", "This was done in the future");

  for (guint i = 0; i < alm_value_get_size (command->set) && !ALM_PLANTED ("values-unseen"); i++)
    if (!check_field (self, alm_value_get_key (command->set, i),
                      alm_value_get_item (command->set, i)))
      return FALSE;

  /* What the author says he saw goes into the history too. */
  for (guint i = 0; i < alm_value_get_size (command->old); i++)
    {
      const char *name = alm_value_get_key (command->old, i);

      if ((alm_field_class (self->model, name) & self->rights.classes) == 0)
        return REFUSE_LIMIT (self, "field", "field '%s': not among the fields you may see", name);
    }

  return TRUE;
}

static gboolean
check_model_record (AlmHubApply    *self,
                    const AlmValue *fields)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  const char *name = alm_value_get_text_of (fields, "name");
  AlmValue *schema = alm_value_get (fields, "schema");
  g_autoptr (AlmModel) model = NULL;
  const AlmModel *last;

  if (!alm_name_is_kind (name))
    return REFUSE (self, "bad-value", "field 'name': no name of a kind");
  if (self->before != NULL
      && g_strcmp0 (name, alm_value_get_text_of (self->before->fields, "name")) != 0)
    return REFUSE (self, "bad-value", "field 'name': a kind cannot be renamed");
  if (alm_hub_city_is_built_in (name))
    return REFUSE (self, "bad-value", "field 'name': kind %s is the program's own", name);
  if (schema != NULL)
    model = alm_model_new (name, schema, faults);
  if (model == NULL)
    return REFUSE (self, "bad-value", "field 'schema': %s",
                   faults->len > 0 ? (const char *) faults->pdata[0] : "it is missing");

  last = alm_hub_city_model (&self->core->city, name);
  if (last != NULL && !alm_model_can_become (last, model, faults))
    return REFUSE (self, "bad-value", "field 'schema': %s",
                   faults->len > 0 ? (const char *) faults->pdata[0] : "not from the last one");

  return TRUE;
}

static gboolean
check_scope_record (AlmHubApply    *self,
                    const AlmValue *fields)
{
  const char *path = alm_value_get_text_of (fields, "path");
  const AlmId *other;

  if (!alm_name_is_scope (path) || strcmp (path, ALM_SCOPE_LOCAL) == 0)
    return REFUSE (self, "bad-value", "field 'path': no name of a scope");
  if (self->before != NULL && !self->before->deleted
      && g_strcmp0 (path, alm_value_get_text_of (self->before->fields, "path")) != 0)
    return REFUSE (self, "bad-value", "field 'path': a scope cannot be renamed");

  other = g_hash_table_lookup (self->core->city.scope_ids, path);
  if (other != NULL && !alm_id_equal (other, &self->command->id))
    return REFUSE (self, "bad-value", "field 'path': scope %s exists", path);

  return TRUE;
}

/* The rules of kinds that the server itself acts on. */
gboolean
alm_hub_check_kind (AlmHubApply    *self,
                    const AlmValue *fields)
{
  if (strcmp (self->kind, ALM_KIND_MODEL) == 0)
    return check_model_record (self, fields);
  if (strcmp (self->kind, ALM_KIND_SCOPE) == 0)
    return check_scope_record (self, fields);

  return TRUE;
}

gboolean
alm_hub_check_size (AlmHubApply    *self,
                    const AlmValue *fields)
{
  g_autofree char *text = NULL;

  if (alm_value_get_size (fields) > FIELDS_MAX)
    return REFUSE (self, "too-large", "More than %d fields", FIELDS_MAX);
  if (self->line->length + (self->before != NULL ? self->before->size : 0) <= RECORD_MAX)
    return TRUE;

  text = alm_value_to_text (fields);
  if (strlen (text) > RECORD_MAX)
    return REFUSE (self, "too-large", "The record is over 2 MiB");

  return TRUE;
}

/* The record after the merge against the whole model.  Sets *proposal where the
 * command is sound by itself and only does not go together with others'. */
gboolean
alm_hub_check_whole (AlmHubApply    *self,
                     const AlmValue *fields,
                     gboolean       *proposal)
{
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *ignored_name = NULL;
  g_autofree char *ignored_reason = NULL;

  *proposal = FALSE;
  if (self->model == NULL || alm_model_check_fields (self->model, fields, &name, &reason))
    return TRUE;
  /* Required or not: what was erased is not asked for again. */
  if (self->erased != NULL && alm_erasure_takes (self->erased, name))
    return TRUE;

  /* An old record that a new model does not like may still be edited. */
  if (self->before != NULL && !self->before->deleted
      && !alm_model_check_fields (self->model, self->before->fields, &ignored_name,
                                  &ignored_reason))
    return TRUE;

  if (self->before != NULL && self->before->ver != self->command->base)
    {
      *proposal = TRUE;
      return TRUE;
    }

  if ((alm_field_class (self->model, name) & self->rights.classes) == 0)
    return REFUSE (self, "bad-value", "The record breaks a rule of its kind in a field that you"
                   " may not see");

  return REFUSE (self, "bad-value", "field '%s': %s", name, reason);
}
