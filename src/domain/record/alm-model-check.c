/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks what a model says beyond its single properties: its size, its own
 * keywords, roles that exclude each other, and the rules, labels, keys and
 * symbols that name fields.  Pure; any thread. */

#include "config.h"

#include "alm-duration.h"
#include "alm-id.h"
#include "alm-model-private.h"

#include <string.h>

#define SYMBOL_STOPS_MAX 32
#define SYMBOL_PIXELS_MAX 256

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

static gsize
enter_place (AlmModelCheck *self,
             const char    *list,
             guint          place)
{
  gsize mark = alm_model_check_enter (self, list);

  g_string_append_printf (self->path, "/%u", place);

  return mark;
}

void
alm_model_check_leave (AlmModelCheck *self,
                       gsize          mark)
{
  g_string_truncate (self->path, mark);
}

/* Every member's key is one of @known. */
static gboolean
check_known (AlmModelCheck      *check,
             const AlmValue     *object,
             const char *const  *known)
{
  if (!alm_value_is (object, ALM_VALUE_OBJECT))
    {
      alm_model_check_fault (check, "has to be an object");
      return FALSE;
    }

  for (guint i = 0; i < alm_value_get_size (object); i++)
    if (!g_strv_contains (known, alm_value_get_key (object, i)))
      {
        alm_model_check_fault (check, "\"%s\" is unknown here", alm_value_get_key (object, i));
        return FALSE;
      }

  return TRUE;
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
        alm_model_check_fault (check, "%s has to be a text", texts[i]);
    }
  alm_model_check_titles (check, "x-alm-title", alm_value_get (schema, "x-alm-title"));
  alm_model_check_titles (check, "x-alm-plural", alm_value_get (schema, "x-alm-plural"));
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
    alm_model_check_fault (check, "type has to be \"object\"");
  if (dialect != NULL && strcmp (dialect, "https://json-schema.org/draft/2020-12/schema") != 0
      && strcmp (dialect, "https://json-schema.org/draft/2020-12/schema#") != 0)
    alm_model_check_fault (check, "$schema has to be draft 2020-12");
  if (!alm_value_is (alm_value_get (model->schema, "properties"), ALM_VALUE_OBJECT))
    alm_model_check_fault (check, "properties are missing");
  if (model->n_fields > ALM_MODEL_PROPERTIES_MAX)
    alm_model_check_fault (check, "more than %d properties", ALM_MODEL_PROPERTIES_MAX);
  if (layer != NULL && (alm_value_get_text (layer) == NULL
                        || !g_strv_contains (layers, alm_value_get_text (layer))))
    alm_model_check_fault (check, "x-alm-layer has to be asset, base or network");
  if (rest != NULL && (!alm_value_is (rest, ALM_VALUE_BOOLEAN) || alm_value_get_boolean (rest)))
    alm_model_check_fault (check, "additionalProperties can only be false: "
                           "a record has no fields that its model does not know");
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

/* "number", or "species_de|species": the first that has something to show. */
static void
check_label_names (AlmModelCheck  *check,
                   const AlmModel *model,
                   const char     *names)
{
  g_auto (GStrv) list = g_strsplit (names, "|", -1);

  if (*list == NULL)
    alm_model_check_fault (check, "'{}' names no property");
  for (char **name = list; *name != NULL; name++)
    {
      const AlmField *field = alm_model_find_field (model, *name);

      if (field == NULL)
        alm_model_check_fault (check, "there is no property \"%s\"", *name);
      else if (field->type == ALM_FIELD_LIST || field->type == ALM_FIELD_OBJECT
               || field->type == ALM_FIELD_GEOMETRY)
        alm_model_check_fault (check, "\"%s\" cannot be shown in a label", *name);
    }
}

static void
check_label (AlmModelCheck  *check,
             const AlmModel *model)
{
  gsize mark = alm_model_check_enter (check, "x-alm-label");

  for (const char *c = model->label; c != NULL && *c != '\0'; c++)
    {
      g_autofree char *names = NULL;
      gsize length;

      if (*c == '}')
        alm_model_check_fault (check, "'}' without '{'");
      if (*c != '{')
        continue;

      length = strcspn (c + 1, "{}");
      names = g_strndup (c + 1, length);
      if (c[1 + length] != '}')
        {
          alm_model_check_fault (check, "'{' without '}'");
          break;
        }
      check_label_names (check, model, names);
      c += 1 + length;
    }
  alm_model_check_leave (check, mark);
}

static gboolean
is_colour (const char *text)
{
  if (text == NULL || text[0] != '#' || strlen (text) != 7)
    return FALSE;

  for (guint i = 1; i < 7; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;

  return TRUE;
}

static gboolean
is_pixels (const AlmValue *value)
{
  return alm_value_is_number (value) && alm_value_get_double (value) > 0
         && alm_value_get_double (value) <= SYMBOL_PIXELS_MAX;
}

/* Pixels, or stops [zoom, pixels] with rising zoom. */
static gboolean
is_symbol_size (const AlmValue *size)
{
  double last = -1;

  if (size == NULL || is_pixels (size))
    return TRUE;
  if (!alm_value_is (size, ALM_VALUE_LIST) || alm_value_get_size (size) == 0
      || alm_value_get_size (size) > SYMBOL_STOPS_MAX)
    return FALSE;

  for (guint i = 0; i < alm_value_get_size (size); i++)
    {
      const AlmValue *stop = alm_value_get_item (size, i);
      double zoom;

      if (!alm_value_is (stop, ALM_VALUE_LIST) || alm_value_get_size (stop) != 2
          || !alm_value_is_number (alm_value_get_item (stop, 0))
          || !is_pixels (alm_value_get_item (stop, 1)))
        return FALSE;
      zoom = alm_value_get_double (alm_value_get_item (stop, 0));
      if (!(zoom > last && zoom <= 30))
        return FALSE;
      last = zoom;
    }

  return TRUE;
}

static void
check_symbol (AlmModelCheck  *check,
              const AlmModel *model)
{
  static const char *const known[] = { "by", "color", "shape", "size", NULL };
  static const char *const shapes[] = {
    "circle", "cross", "diamond", "hexagon", "pentagon", "square", "star", "triangle", NULL
  };
  const AlmValue *symbol = alm_value_get (model->schema, "x-alm-symbol");
  gsize mark;

  if (symbol == NULL)
    return;

  mark = alm_model_check_enter (check, "x-alm-symbol");
  if (check_known (check, symbol, known))
    {
      const AlmValue *shape = alm_value_get (symbol, "shape");
      const AlmValue *by = alm_value_get (symbol, "by");
      const AlmField *field = alm_model_find_field (model, alm_value_get_text (by));

      if (shape != NULL && (alm_value_get_text (shape) == NULL
                            || !g_strv_contains (shapes, alm_value_get_text (shape))))
        alm_model_check_fault (check, "this shape is not known");
      if (!is_colour (alm_value_get_text_of (symbol, "color")))
        alm_model_check_fault (check, "color has to be #rrggbb");
      if (!is_symbol_size (alm_value_get (symbol, "size")))
        alm_model_check_fault (check, "size has to be pixels or rising stops [zoom, pixels]");
      if (by != NULL && field == NULL)
        alm_model_check_fault (check, "by names no property");
      else if (field != NULL && field->n_codes == 0 && field->type != ALM_FIELD_INTEGER
               && field->type != ALM_FIELD_NUMBER && field->type != ALM_FIELD_BOOLEAN)
        alm_model_check_fault (check, "by needs a code list, a number or a boolean");
    }
  alm_model_check_leave (check, mark);
}

static gboolean
is_duration (const AlmValue *value)
{
  AlmDuration duration;

  return alm_value_get_text (value) != NULL
         && alm_duration_parse (alm_value_get_text (value), &duration);
}

static gboolean
is_temporal (const AlmField *field)
{
  return field->type == ALM_FIELD_DATE || field->type == ALM_FIELD_DATETIME
         || field->type == ALM_FIELD_EDTF;
}

/* {"min": 3} of one field. */
static void
check_condition (AlmModelCheck  *check,
                 const AlmField *field,
                 const AlmValue *tests)
{
  static const char *const known[] = { "in", "max", "min", "older", "set", "younger", NULL };

  if (!check_known (check, tests, known))
    return;

  if (alm_value_get_size (tests) == 0)
    alm_model_check_fault (check, "a condition without a test");
  for (guint i = 0; i < alm_value_get_size (tests); i++)
    {
      const char *name = alm_value_get_key (tests, i);
      const AlmValue *value = alm_value_get_item (tests, i);

      if (strcmp (name, "set") == 0 && !alm_value_is (value, ALM_VALUE_BOOLEAN))
        alm_model_check_fault (check, "set has to be true or false");
      else if ((strcmp (name, "min") == 0 || strcmp (name, "max") == 0)
               && (!alm_value_is_number (value) || (field->type != ALM_FIELD_INTEGER
                                                    && field->type != ALM_FIELD_NUMBER)))
        alm_model_check_fault (check, "%s needs a number, and a number's property", name);
      else if (strcmp (name, "in") == 0 && !alm_value_is (value, ALM_VALUE_LIST))
        alm_model_check_fault (check, "in has to be a list");
      else if ((strcmp (name, "older") == 0 || strcmp (name, "younger") == 0)
               && (!is_duration (value) || !is_temporal (field)))
        alm_model_check_fault (check, "%s needs a duration like P10Y, and a date's property", name);
    }
}

static void
check_field_name (AlmModelCheck  *check,
                  const AlmModel *model,
                  const AlmValue *object,
                  const char     *member,
                  gboolean        temporal)
{
  const AlmValue *value = alm_value_get (object, member);
  const AlmField *field = alm_model_find_field (model, alm_value_get_text (value));

  if (value != NULL && field == NULL)
    alm_model_check_fault (check, "%s names no property", member);
  else if (field != NULL && temporal && !is_temporal (field))
    alm_model_check_fault (check, "%s has to be a date", member);
}

static void
check_rule (AlmModelCheck  *check,
            const AlmModel *model,
            const AlmValue *rule)
{
  static const char *const known[] = { "every", "if", "not_by", NULL };
  const AlmValue *conditions = alm_value_get (rule, "if");
  const AlmValue *every = alm_value_get (rule, "every");

  if (!check_known (check, rule, known))
    return;

  if (every == NULL || (!alm_value_is (every, ALM_VALUE_NULL) && !is_duration (every)))
    alm_model_check_fault (check, "every has to be a duration like P1Y, or null");
  check_field_name (check, model, rule, "not_by", FALSE);
  if (conditions != NULL && !alm_value_is (conditions, ALM_VALUE_OBJECT))
    {
      alm_model_check_fault (check, "if has to be an object");
      return;
    }
  for (guint i = 0; i < alm_value_get_size (conditions); i++)
    {
      const char *name = alm_value_get_key (conditions, i);
      const AlmField *field = alm_model_find_field (model, name);

      if (field == NULL)
        alm_model_check_fault (check, "there is no property \"%s\"", name);
      else
        check_condition (check, field, alm_value_get_item (conditions, i));
    }
}

static void
check_inspection (AlmModelCheck  *check,
                  const AlmModel *model,
                  const AlmValue *inspection,
                  GHashTable     *ids)
{
  static const char *const known[] = {
    "description", "id", "last", "not_by", "rules", "title", "x-alm-title", NULL
  };
  const char *id = alm_value_get_text_of (inspection, "id");
  const AlmValue *rules = alm_value_get (inspection, "rules");

  if (!check_known (check, inspection, known))
    return;

  if (id == NULL || !alm_name_is_kind (id))
    alm_model_check_fault (check, "id has to be a name");
  else if (!g_hash_table_add (ids, (gpointer) id))
    alm_model_check_fault (check, "id \"%s\" is there twice", id);
  if (alm_value_get_text_of (inspection, "title") == NULL)
    alm_model_check_fault (check, "title is missing");
  alm_model_check_titles (check, "x-alm-title", alm_value_get (inspection, "x-alm-title"));
  if (alm_value_get (inspection, "last") == NULL)
    alm_model_check_fault (check, "last is missing");
  check_field_name (check, model, inspection, "last", TRUE);
  check_field_name (check, model, inspection, "not_by", FALSE);

  if (!alm_value_is (rules, ALM_VALUE_LIST) || alm_value_get_size (rules) == 0)
    {
      alm_model_check_fault (check, "rules have to be a list");
      return;
    }
  for (guint i = 0; i < alm_value_get_size (rules); i++)
    {
      gsize mark = enter_place (check, "rules", i);

      check_rule (check, model, alm_value_get_item (rules, i));
      alm_model_check_leave (check, mark);
    }
}

static void
check_inspections (AlmModelCheck  *check,
                   const AlmModel *model)
{
  const AlmValue *inspections = alm_value_get (model->schema, "x-alm-inspections");
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  if (inspections != NULL && !alm_value_is (inspections, ALM_VALUE_LIST))
    {
      alm_model_check_fault (check, "x-alm-inspections has to be a list");
      return;
    }

  for (guint i = 0; i < alm_value_get_size (inspections); i++)
    {
      gsize mark = enter_place (check, "x-alm-inspections", i);

      check_inspection (check, model, alm_value_get_item (inspections, i), ids);
      alm_model_check_leave (check, mark);
    }
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
  check_label (check, model);
  check_symbol (check, model);
  check_inspections (check, model);
}
