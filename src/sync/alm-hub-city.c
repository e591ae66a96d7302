/* SPDX-License-Identifier: EUPL-1.2 */

/* The city as its own records describe it: models, and the scopes' titles.
 * Read again when scope `system` has moved on. */

#include "config.h"

#include "alm-hub-core-private.h"

#include "alm-json.h"

#include <string.h>

/* Kinds that need no model of the city: the program itself knows them. */
static const char *const built_in[] = {
  "city", "conflict", "import", "import-mapping", "map-view", "model", "scope", "sheet",
  "sketch", "tour", "unit", NULL
};
/* Of these, the ones that live in scope `system` and nowhere else. */
static const char *const of_system[] = { "city", "model", "scope", "unit", NULL };

gboolean
alm_hub_city_is_built_in (const char *kind)
{
  return g_strv_contains (built_in, kind);
}

gboolean
alm_hub_city_is_system (const char *kind)
{
  return g_strv_contains (of_system, kind);
}

/* (transfer none) (nullable) */
AlmModel *
alm_hub_city_model (const AlmHubCity *self,
                    const char       *kind)
{
  return g_hash_table_lookup (self->models, kind);
}

gboolean
alm_hub_city_knows (const AlmHubCity *self,
                    const char       *kind)
{
  return alm_hub_city_is_built_in (kind) || alm_hub_city_model (self, kind) != NULL;
}

/* A conflict is as secret as its field; 0 for all other kinds. */
AlmClass
alm_hub_city_whole (const AlmHubCity *self,
                    const char       *kind,
                    const AlmValue   *fields)
{
  const char *about;

  if (strcmp (kind, ALM_KIND_CONFLICT) != 0)
    return 0;
  about = alm_value_get_text_of (fields, "kind");

  return alm_conflict_class (about != NULL ? alm_hub_city_model (self, about) : NULL, fields);
}

void
alm_hub_city_forget (AlmHubCore *self)
{
  AlmHubCity *city = &self->city;

  city->seq = -1;
  g_clear_pointer (&city->models, g_hash_table_unref);
  g_clear_pointer (&city->model_ids, g_hash_table_unref);
  g_clear_pointer (&city->classes, g_hash_table_unref);
  g_clear_pointer (&city->titles, g_hash_table_unref);
  g_clear_pointer (&city->scope_ids, g_hash_table_unref);
}

static void
take_model (AlmHubCity     *city,
            const AlmId    *id,
            const AlmValue *fields)
{
  const char *name = alm_value_get_text_of (fields, "name");
  AlmValue *schema = alm_value_get (fields, "schema");
  guint classes = ALM_CLASS_INTERNAL;   /* of what the model does not know */
  AlmModel *model;

  if (!alm_name_is_kind (name) || schema == NULL)
    return;
  model = alm_model_new (name, schema, NULL);
  if (model == NULL)
    {
      g_message ("the model %s has faults and is not used", name);
      return;
    }

  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    classes |= alm_model_get_field (model, i)->class_;
  g_hash_table_replace (city->models, g_strdup (name), model);
  g_hash_table_replace (city->model_ids, g_strdup (name), g_memdup2 (id, sizeof *id));
  g_hash_table_replace (city->classes, g_strdup (name),
                        GUINT_TO_POINTER (classes & ~(guint) ALM_CLASS_PERSONAL));
}

static void
take_scope (AlmHubCity     *city,
            const AlmId    *id,
            const AlmValue *fields)
{
  const char *path = alm_value_get_text_of (fields, "path");
  const char *title = alm_value_get_text_of (fields, "title");

  if (!alm_name_is_scope (path))
    return;
  g_hash_table_replace (city->titles, g_strdup (path), g_strdup (title != NULL ? title : path));
  g_hash_table_replace (city->scope_ids, g_strdup (path), g_memdup2 (id, sizeof *id));
}

/* In the order of ver, so that the newest record of a name counts. */
static gboolean
take_row_cb (const AlmHubRow  *row,
             gpointer          user_data,
             GError          **error)
{
  gboolean is_model = strcmp (row->kind, ALM_KIND_MODEL) == 0;
  g_autoptr (AlmValue) fields = NULL;

  if (row->deleted || (!is_model && strcmp (row->kind, ALM_KIND_SCOPE) != 0))
    return TRUE;

  fields = alm_json_parse (row->body, -1, NULL, error);
  if (fields == NULL)
    return FALSE;
  if (is_model)
    take_model (user_data, row->id, fields);
  else
    take_scope (user_data, row->id, fields);

  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (a, b);
}

static guint64
hash_classes (const AlmHubCity *city)
{
  g_autoptr (GList) kinds = g_list_sort (g_hash_table_get_keys (city->models), compare_names);
  g_autoptr (GString) text = g_string_new (NULL);

  for (const GList *kind = kinds; kind != NULL; kind = kind->next)
    {
      const AlmModel *model = g_hash_table_lookup (city->models, kind->data);

      for (guint i = 0; i < alm_model_get_n_fields (model); i++)
        {
          const AlmField *field = alm_model_get_field (model, i);

          g_string_append_printf (text, "%s %s %u\n", (const char *) kind->data, field->name,
                                  field->class_);
        }
    }

  return alm_hash_64 (text->str, text->len);
}

gboolean
alm_hub_city_read (AlmHubCore  *self,
                   GError     **error)
{
  AlmHubCity *city = &self->city;
  const AlmHubScope *scope;

  if (!self->store->api->get_scope (self->store, ALM_SCOPE_SYSTEM, &scope, error))
    return FALSE;
  if (scope != NULL && city->seq == scope->seq)
    return TRUE;

  alm_hub_city_forget (self);
  city->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) alm_model_unref);
  city->model_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  city->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  city->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  city->scope_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (scope != NULL
      && !self->store->api->feed (self->store, ALM_SCOPE_SYSTEM, 0, -1, take_row_cb, city, error))
    {
      alm_hub_city_forget (self);
      return FALSE;
    }
  city->class_map = hash_classes (city);
  city->seq = scope != NULL ? scope->seq : 0;

  return TRUE;
}
