/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks the parts of a model that name its properties: the label, the symbol,
 * the rules of inspections.  Pure; any thread. */

#include "config.h"

#include "alm-duration.h"
#include "alm-id.h"
#include "alm-model-private.h"

#include <string.h>

#define SYMBOL_STOPS_MAX 32
#define SYMBOL_PIXELS_MAX 256

static gsize
enter_place (AlmModelCheck *self,
             const char    *list,
             guint          place)
{
  gsize mark = alm_model_check_enter (self, list);

  g_string_append_printf (self->path, "/%u", place);

  return mark;
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

/* @label: nullable */
static void
check_label (AlmModelCheck  *check,
             const AlmModel *model,
             const char     *member,
             const char     *label)
{
  gsize mark = alm_model_check_enter (check, member);

  for (const char *c = label; c != NULL && *c != '\0'; c++)
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

static gboolean
is_length (const AlmField *field)
{
  return field != NULL && (field->type == ALM_FIELD_NUMBER || field->type == ALM_FIELD_INTEGER)
         && g_strcmp0 (field->unit, "m") == 0;
}

static void
check_symbol (AlmModelCheck  *check,
              const AlmModel *model)
{
  static const char *const known[] = { "by", "color", "label", "shape", "size", "span", NULL };
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
      const AlmField *span = alm_model_find_field (model,
                                                   alm_value_get_text_of (symbol, "span"));

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
      if (alm_value_get (symbol, "span") != NULL && !is_length (span))
        alm_model_check_fault (check, "span has to name a number in metres");
      if (alm_value_get (symbol, "label") != NULL
          && alm_value_get_text_of (symbol, "label") == NULL)
        alm_model_check_fault (check, "label has to be text");
      check_label (check, model, "label", alm_value_get_text_of (symbol, "label"));
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
      alm_model_check_fault_of (check, "x-alm-inspections", "has to be a list");
      return;
    }

  for (guint i = 0; i < alm_value_get_size (inspections); i++)
    {
      gsize mark = enter_place (check, "x-alm-inspections", i);

      check_inspection (check, model, alm_value_get_item (inspections, i), ids);
      alm_model_check_leave (check, mark);
    }
}

void
alm_model_check_rules (AlmModelCheck  *check,
                       const AlmModel *model)
{
  check_label (check, model, "x-alm-label", model->label);
  check_symbol (check, model);
  check_inspections (check, model);
}
