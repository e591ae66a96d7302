/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks and compiles what a property of a model's schema demands of values:
 * formats, limits, patterns, code lists, and what is inside lists and objects.
 * Recursion ends at the nesting limit of JSON texts.  Pure; any thread. */

#include "config.h"

#include "alm-model-private.h"

#include <string.h>

#define PATTERN_SIZE_MAX 1000

static const struct {
  const char   *name;
  AlmFieldType  type;
} text_formats[] = {
  { "date", ALM_FIELD_DATE },
  { "date-time", ALM_FIELD_DATETIME },
  { "edtf", ALM_FIELD_EDTF },
  { "uuid", ALM_FIELD_REFERENCE },
  { "email", ALM_FIELD_TEXT },
  { "time", ALM_FIELD_TEXT },
  { "uri", ALM_FIELD_TEXT },
};

static void
read_text_format (AlmModelCheck *check,
                  AlmField      *field)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_formats); i++)
    if (strcmp (text_formats[i].name, field->format) == 0)
      {
        field->type = text_formats[i].type;
        return;
      }

  alm_model_check_fault (check, "\"%s\" is no format we know", field->format);
}

static void
read_numbers (AlmModelCheck  *check,
              const AlmValue *schema,
              AlmField       *field)
{
  const AlmValue *at_least = alm_value_get (schema, "minimum");
  const AlmValue *above = alm_value_get (schema, "exclusiveMinimum");
  const AlmValue *at_most = alm_value_get (schema, "maximum");
  const AlmValue *below = alm_value_get (schema, "exclusiveMaximum");
  const AlmValue *multiple = alm_value_get (schema, "multipleOf");

  if (at_least != NULL)
    field->minimum = alm_value_get_double (at_least);
  if (above != NULL && alm_value_get_double (above) >= field->minimum)
    {
      field->minimum = alm_value_get_double (above);
      field->exclusive_minimum = TRUE;
    }
  if (at_most != NULL)
    field->maximum = alm_value_get_double (at_most);
  if (below != NULL && alm_value_get_double (below) <= field->maximum)
    {
      field->maximum = alm_value_get_double (below);
      field->exclusive_maximum = TRUE;
    }
  if (field->minimum > field->maximum
      || (field->minimum == field->maximum
          && (field->exclusive_minimum || field->exclusive_maximum)))
    alm_model_check_fault (check, "the lower limit %g is above the upper limit %g",
                           field->minimum, field->maximum);

  if (multiple != NULL)
    {
      field->multiple_of = alm_value_get_double (multiple);
      if (!(field->multiple_of > 0))
        alm_model_check_fault (check, "multipleOf has to be above 0");
    }
}

static void
read_texts (AlmModelCheck  *check,
            const AlmValue *schema,
            AlmField       *field)
{
  const char *pattern = alm_value_get_text_of (schema, "pattern");
  g_autoptr (GError) error = NULL;

  field->min_length = (int) alm_value_get_integer_of (schema, "minLength", -1);
  field->max_length = (int) alm_value_get_integer_of (schema, "maxLength", -1);
  if (field->max_length >= 0 && field->min_length > field->max_length)
    alm_model_check_fault (check, "minLength %d is above maxLength %d",
                           field->min_length, field->max_length);

  if (pattern == NULL)
    return;

  field->pattern = g_strdup (pattern);
  if (strlen (pattern) > PATTERN_SIZE_MAX)
    alm_model_check_fault (check, "pattern is longer than %d bytes", PATTERN_SIZE_MAX);
  else
    {
      field->regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, &error);
      if (field->regex == NULL)
        alm_model_check_fault (check, "pattern does not compile: %s", error->message);
    }
}

static gboolean
is_of_type (const AlmField *field,
            const AlmValue *value)
{
  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
      return alm_value_is (value, ALM_VALUE_INTEGER);

    case ALM_FIELD_NUMBER:
      return alm_value_is_number (value);

    case ALM_FIELD_BOOLEAN:
      return alm_value_is (value, ALM_VALUE_BOOLEAN);

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
      return alm_value_is (value, ALM_VALUE_TEXT);

    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return FALSE;
    }
}

static gboolean
add_code (AlmModelCheck *check,
          AlmField      *field,
          AlmValue      *value,
          const char    *title,
          const char    *title_en)
{
  AlmCode *code;

  if (!is_of_type (field, value))
    {
      alm_model_check_fault (check, "code %u is not of the property's type", field->n_codes);
      return FALSE;
    }
  for (guint i = 0; i < field->n_codes; i++)
    if (alm_value_equal (field->codes[i].value, value))
      {
        alm_model_check_fault (check, "code %u is there twice", field->n_codes);
        return FALSE;
      }

  code = &field->codes[field->n_codes++];
  code->value = alm_value_ref (value);
  code->title_en = g_strdup (title_en);
  if (title != NULL)
    code->title = g_strdup (title);
  else if (alm_value_get_text (value) != NULL)
    code->title = g_strdup (alm_value_get_text (value));
  else
    code->title = alm_value_to_text (value);

  return TRUE;
}

/* One {"const", "title"} of oneOf. */
static gboolean
read_code (AlmModelCheck  *check,
           const AlmValue *item,
           AlmField       *field)
{
  static const char *const known[] = {
    "const", "deprecated", "description", "title", "x-alm-aliases", "x-alm-title", NULL
  };
  const AlmValue *titles = alm_value_get (item, "x-alm-title");

  for (guint i = 0; alm_value_is (item, ALM_VALUE_OBJECT) && i < alm_value_get_size (item); i++)
    {
      const char *key = alm_value_get_key (item, i);

      if (!g_strv_contains (known, key)
          && (!g_str_has_prefix (key, "x-") || g_str_has_prefix (key, "x-alm-")))
        {
          alm_model_check_fault (check, "\"%s\" is no keyword of a code", key);
          return FALSE;
        }
    }
  if (alm_value_get (item, "const") == NULL || alm_value_get_text_of (item, "title") == NULL)
    {
      alm_model_check_fault (check, "each code of oneOf has const and title");
      return FALSE;
    }

  if (!alm_model_check_titles (check, "x-alm-title", titles)
      || !add_code (check, field, alm_value_get (item, "const"),
                    alm_value_get_text_of (item, "title"), alm_value_get_text_of (titles, "en")))
    return FALSE;

  field->codes[field->n_codes - 1].aliases
    = alm_model_check_aliases (check, alm_value_get (item, "x-alm-aliases"));

  return TRUE;
}

static void
read_codes (AlmModelCheck  *check,
            const AlmValue *schema,
            AlmField       *field)
{
  const AlmValue *one_of = alm_value_get (schema, "oneOf");
  const AlmValue *plain = alm_value_get (schema, "enum");
  AlmValue *constant = alm_value_get (schema, "const");
  const AlmValue *list = one_of != NULL ? one_of : plain;
  guint size = constant != NULL ? 1 : alm_value_get_size (list);

  if ((one_of != NULL) + (plain != NULL) + (constant != NULL) > 1)
    {
      alm_model_check_fault (check, "only one of oneOf, enum and const");
      return;
    }
  if (list == NULL && constant == NULL)
    return;
  if (size == 0)
    {
      alm_model_check_fault (check, "the code list is empty");
      return;
    }

  field->codes = g_new0 (AlmCode, size);
  for (guint i = 0; i < size; i++)
    if (!(constant != NULL ? add_code (check, field, constant, NULL, NULL)
          : one_of != NULL ? read_code (check, alm_value_get_item (list, i), field)
          : add_code (check, field, alm_value_get_item (list, i), NULL, NULL)))
      return;
}

static AlmField *
read_inner (AlmModelCheck *check,
            const char    *step,
            AlmValue      *schema)
{
  AlmField *inner = g_new0 (AlmField, 1);

  check->depth++;
  alm_model_check_property (check, step, schema, inner);
  check->depth--;

  return inner;
}

static void
read_inner_required (AlmModelCheck  *check,
                     const AlmValue *required,
                     AlmField       *field)
{
  for (guint i = 0; i < alm_value_get_size (required); i++)
    {
      const char *name = alm_value_get_text (alm_value_get_item (required, i));
      guint k;

      for (k = 0; k < field->n_members; k++)
        if (g_strcmp0 (field->members[k].name, name) == 0)
          break;
      if (k == field->n_members)
        alm_model_check_fault (check, "required names \"%s\", which is not among its properties",
                               name != NULL ? name : "");
      else
        field->members[k].required = TRUE;
    }
}

static void
read_members (AlmModelCheck  *check,
              const AlmValue *schema,
              AlmField       *field)
{
  const AlmValue *properties = alm_value_get (schema, "properties");
  AlmValue *rest = alm_value_get (schema, "additionalProperties");

  if (properties != NULL)
    {
      gsize mark = alm_model_check_enter (check, "properties");

      field->n_members = alm_value_get_size (properties);
      field->members = g_new0 (AlmField, MAX (field->n_members, 1));
      check->depth++;
      for (guint i = 0; i < field->n_members; i++)
        alm_model_check_property (check, alm_value_get_key (properties, i),
                                  alm_value_get_item (properties, i), &field->members[i]);
      check->depth--;
      alm_model_check_leave (check, mark);
      if (field->n_members > ALM_MODEL_PROPERTIES_MAX)
        alm_model_check_fault (check, "more than %d properties", ALM_MODEL_PROPERTIES_MAX);
    }

  if (alm_value_is (rest, ALM_VALUE_OBJECT))
    field->rest = read_inner (check, "additionalProperties", rest);
  else if (alm_value_is (rest, ALM_VALUE_BOOLEAN))
    field->closed = !alm_value_get_boolean (rest);
  read_inner_required (check, alm_value_get (schema, "required"), field);
}

/* What only one type has: format first, codes after it.  @flag: ALM_FOR_… */
void
alm_model_check_limits (AlmModelCheck  *check,
                        const AlmValue *schema,
                        guint           flag,
                        AlmField       *field)
{
  AlmValue *standard = alm_value_get (schema, "default");
  guint before = check->faults->len;
  g_autofree char *reason = NULL;

  if (flag == ALM_FOR_TEXT && field->format != NULL)
    read_text_format (check, field);
  if (flag == ALM_FOR_TEXT)
    read_texts (check, schema, field);
  else if (flag == ALM_FOR_NUMBER)
    read_numbers (check, schema, field);
  else if (flag == ALM_FOR_OBJECT)
    read_members (check, schema, field);
  else if (flag == ALM_FOR_LIST && alm_value_get (schema, "items") != NULL)
    field->items = read_inner (check, "items", alm_value_get (schema, "items"));
  read_codes (check, schema, field);

  if (standard != NULL && check->faults->len == before
      && !alm_field_check (field, standard, &reason))
    alm_model_check_fault (check, "default breaks the property's own rules: %s", reason);
}
