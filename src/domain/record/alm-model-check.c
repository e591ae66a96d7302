/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks what a model says beyond its single properties: its size, its own
 * keywords, and what its properties have to agree on.  Pure; any thread. */

#include "config.h"

#include "alm-id.h"
#include "alm-model-private.h"

#include <string.h>

void
alm_model_check_fault (AlmModelCheck *self,
                       const char    *format,
                       ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (self->faults, g_strdup_printf ("%s: %s", self->path->len > 0
                                                  ? self->path->str : "/", reason));
}

gsize
alm_model_check_enter (AlmModelCheck *self,
                       const char    *step)
{
  gsize mark = self->path->len;

  g_string_append_c (self->path, '/');
  for (const char *c = step; *c != '\0'; c++)
    if (*c == '~')
      g_string_append (self->path, "~0");
    else if (*c == '/')
      g_string_append (self->path, "~1");
    else
      g_string_append_c (self->path, *c);

  return mark;
}

void
alm_model_check_leave (AlmModelCheck *self,
                       gsize          mark)
{
  g_string_truncate (self->path, mark);
}

/* A fault of one of the schema's own members. */
void
alm_model_check_fault_of (AlmModelCheck *check,
                          const char    *member,
                          const char    *reason)
{
  gsize mark = alm_model_check_enter (check, member);

  alm_model_check_fault (check, "%s", reason);
  alm_model_check_leave (check, mark);
}

static void
check_top_keywords (AlmModelCheck  *check,
                    const AlmValue *schema)
{
  static const char *const known[] = {
    "$id", "$schema", "additionalProperties", "deprecated", "description", "properties",
    "readOnly", "required", "title", "type", "x-alm-inspections", "x-alm-key", "x-alm-label",
    "x-alm-layer", "x-alm-plural", "x-alm-symbol", "x-alm-title", NULL
  };
  static const char *const texts[] = { "$id", "$schema", "description", "title", "x-alm-label" };
  static const char *const titles[] = { "x-alm-title", "x-alm-plural" };

  for (guint i = 0; i < alm_value_get_size (schema); i++)
    {
      const char *name = alm_value_get_key (schema, i);
      gsize mark = alm_model_check_enter (check, name);

      if (!g_strv_contains (known, name)
          && (g_str_has_prefix (name, "x-alm-") || !g_str_has_prefix (name, "x-")))
        alm_model_check_fault (check, "is no keyword of a model");
      alm_model_check_leave (check, mark);
    }

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const AlmValue *value = alm_value_get (schema, texts[i]);

      if (value != NULL && alm_value_get_text (value) == NULL)
        alm_model_check_fault_of (check, texts[i], "has to be a text");
    }
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      gsize mark = alm_model_check_enter (check, titles[i]);

      alm_model_check_titles (check, titles[i], alm_value_get (schema, titles[i]));
      alm_model_check_leave (check, mark);
    }
}

static void
check_top (AlmModelCheck  *check,
           const AlmModel *model)
{
  static const char *const layers[] = { "asset", "base", "network", NULL };
  const AlmValue *layer = alm_value_get (model->schema, "x-alm-layer");
  const AlmValue *rest = alm_value_get (model->schema, "additionalProperties");
  const char *dialect = alm_value_get_text_of (model->schema, "$schema");
  g_autofree char *text = alm_value_to_text (model->schema);

  if (strlen (text) > ALM_MODEL_SIZE_MAX)
    alm_model_check_fault (check, "the schema is larger than %d bytes", ALM_MODEL_SIZE_MAX);
  if (g_strcmp0 (alm_value_get_text_of (model->schema, "type"), "object") != 0)
    alm_model_check_fault_of (check, "type", "has to be \"object\"");
  if (dialect != NULL && strcmp (dialect, "https://json-schema.org/draft/2020-12/schema") != 0
      && strcmp (dialect, "https://json-schema.org/draft/2020-12/schema#") != 0)
    alm_model_check_fault_of (check, "$schema", "has to be draft 2020-12");
  if (!alm_value_is (alm_value_get (model->schema, "properties"), ALM_VALUE_OBJECT))
    alm_model_check_fault_of (check, "properties", "has to be an object of properties");
  if (model->n_fields > ALM_MODEL_PROPERTIES_MAX)
    alm_model_check_fault_of (check, "properties", "more than "
                              G_STRINGIFY (ALM_MODEL_PROPERTIES_MAX) " properties");
  if (layer != NULL && (alm_value_get_text (layer) == NULL
                        || !g_strv_contains (layers, alm_value_get_text (layer))))
    alm_model_check_fault_of (check, "x-alm-layer", "has to be asset, base or network");
  if (rest != NULL && (!alm_value_is (rest, ALM_VALUE_BOOLEAN) || alm_value_get_boolean (rest)))
    alm_model_check_fault_of (check, "additionalProperties", "can only be false: a record has "
                              "no fields that its model does not know");
}

/* A list of names of fields, each once. */
static void
check_field_list (AlmModelCheck  *check,
                  const AlmModel *model,
                  const char     *keyword,
                  gboolean        may_be_empty)
{
  const AlmValue *list = alm_value_get (model->schema, keyword);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize mark;

  if (list == NULL)
    return;

  mark = alm_model_check_enter (check, keyword);
  if (!alm_value_is (list, ALM_VALUE_LIST) || (!may_be_empty && alm_value_get_size (list) == 0))
    alm_model_check_fault (check, "has to be a list of names of properties");
  for (guint i = 0; alm_value_is (list, ALM_VALUE_LIST) && i < alm_value_get_size (list); i++)
    {
      const char *name = alm_value_get_text (alm_value_get_item (list, i));

      if (name == NULL)
        alm_model_check_fault (check, "has to be a list of names of properties");
      else if (alm_model_find_field (model, name) == NULL)
        alm_model_check_fault (check, "there is no property \"%s\"", name);
      else if (!g_hash_table_add (seen, (gpointer) name))
        alm_model_check_fault (check, "\"%s\" is there twice", name);
    }
  alm_model_check_leave (check, mark);
}

static void
check_key (AlmModelCheck  *check,
           const AlmModel *model)
{
  gsize mark = alm_model_check_enter (check, "x-alm-key");

  for (guint i = 0; model->key != NULL && model->key[i] != NULL; i++)
    {
      const AlmField *field = alm_model_find_field (model, model->key[i]);

      if (field != NULL && (field->type == ALM_FIELD_GEOMETRY || field->type == ALM_FIELD_LIST
                            || field->type == ALM_FIELD_OBJECT))
        alm_model_check_fault (check, "\"%s\" cannot be part of a key", model->key[i]);
    }
  alm_model_check_leave (check, mark);
}

/* Roles that stand alone, exclude each other or have to agree; sequence numbers. */
static void
check_roles (AlmModelCheck  *check,
             const AlmModel *model)
{
  const AlmField *holders[ALM_ROLE_REFERENCE + 1] = { NULL };
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  gsize mark = alm_model_check_enter (check, "properties");

  for (guint i = 0; i < model->n_fields; i++)
    {
      const AlmField *field = &model->fields[i];
      gsize inner = alm_model_check_enter (check, field->name);

      if (field->role != ALM_ROLE_NONE && field->role != ALM_ROLE_REFERENCE)
        {
          if (holders[field->role] != NULL)
            alm_model_check_fault (check, "%s has the same x-ogc-role",
                                   holders[field->role]->name);
          holders[field->role] = field;
        }
      if (field->seq != G_MAXINT && !g_hash_table_add (seen, GINT_TO_POINTER (field->seq)))
        alm_model_check_fault (check, "x-ogc-propertySeq %d is there twice", field->seq);
      if (field->role == ALM_ROLE_INSTANT
          && (alm_model_find_role (model, ALM_ROLE_START) != NULL
              || alm_model_find_role (model, ALM_ROLE_END) != NULL))
        alm_model_check_fault (check, "primary-instant and an interval exclude each other");
      alm_model_check_leave (check, inner);
    }

  if (holders[ALM_ROLE_START] != NULL && holders[ALM_ROLE_END] != NULL
      && (holders[ALM_ROLE_START]->type == ALM_FIELD_DATETIME)
         != (holders[ALM_ROLE_END]->type == ALM_FIELD_DATETIME))
    {
      alm_model_check_enter (check, holders[ALM_ROLE_END]->name);
      alm_model_check_fault (check, "start and end of the interval have to be equally fine");
    }
  alm_model_check_leave (check, mark);
}

/* A group is one value with one author: its fields share class and collision. */
static void
check_groups (AlmModelCheck  *check,
              const AlmModel *model)
{
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  gsize mark = alm_model_check_enter (check, "properties");

  for (guint i = 0; i < model->n_fields; i++)
    {
      const AlmField *field = &model->fields[i];
      const AlmField *first;
      gsize inner = alm_model_check_enter (check, field->name);

      if (field->group != NULL)
        {
          first = g_hash_table_lookup (groups, field->group);
          if (first == NULL)
            g_hash_table_insert (groups, field->group, (gpointer) field);
          else if (first->class_ != field->class_ || first->later_wins != field->later_wins)
            alm_model_check_fault (check, "all fields of group \"%s\" need the same x-alm-class "
                                   "and x-alm-collision", field->group);
          if (alm_model_find_field (model, field->group) != NULL)
            alm_model_check_fault (check, "the group has the name of a property");
        }
      alm_model_check_leave (check, inner);
    }
  alm_model_check_leave (check, mark);
}

/* Everything but the single properties, which @model has already. */
void
alm_model_check_whole (AlmModelCheck  *check,
                       const AlmModel *model)
{
  if (!alm_value_is (model->schema, ALM_VALUE_OBJECT))
    {
      alm_model_check_fault (check, "the schema has to be an object");
      return;
    }

  check_top_keywords (check, model->schema);
  check_top (check, model);
  check_field_list (check, model, "required", TRUE);
  check_field_list (check, model, "x-alm-key", FALSE);
  check_key (check, model);
  check_roles (check, model);
  check_groups (check, model);
  alm_model_check_rules (check, model);
}
