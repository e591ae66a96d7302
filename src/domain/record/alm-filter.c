/* SPDX-License-Identifier: EUPL-1.2 */

/* Filters: the tree, its canonical text, and what it means for a record's
 * fields.  The logic has three values, as in SQL and CQL2, so that this and
 * the store's SQL select the same records.  Pure; any thread.  The recursion
 * ends at the depth that the reader allows. */

#include "config.h"

#include "alm-filter.h"

#include "alm-days.h"
#include "alm-edtf.h"

#include <math.h>
#include <string.h>

typedef enum {
  TRUTH_FALSE,
  TRUTH_UNKNOWN,
  TRUTH_TRUE
} Truth;

static const char *const op_texts[] = {
  [ALM_FILTER_EQ] = "=", [ALM_FILTER_NE] = "<>", [ALM_FILTER_LT] = "<",
  [ALM_FILTER_LE] = "<=", [ALM_FILTER_GT] = ">", [ALM_FILTER_GE] = ">=",
};

static void
clear_value (gpointer value)
{
  alm_value_unref (((AlmFilterValue *) value)->value);
}

static AlmFilter *
filter_new (AlmFilterType  type,
            const char    *field)
{
  AlmFilter *self = g_new0 (AlmFilter, 1);

  self->type = type;
  self->field = g_strdup (field);
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_filter_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (AlmFilterValue));
  g_array_set_clear_func (self->values, clear_value);

  return self;
}

void
alm_filter_free (AlmFilter *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->parts);
  g_array_unref (self->values);
  g_free (self->field);
  g_free (self);
}

AlmFilter *
alm_filter_new_compare (const char  *field,
                        AlmFilterOp  op,
                        AlmValue    *value)
{
  AlmFilter *self = filter_new (ALM_FILTER_COMPARE, field);

  self->op = op;
  if (value != NULL)
    alm_filter_add_value (self, value);

  return self;
}

AlmFilter *
alm_filter_new_in (const char *field)
{
  return filter_new (ALM_FILTER_IN, field);
}

AlmFilter *
alm_filter_new_between (const char *field,
                        AlmValue   *low,
                        AlmValue   *high)
{
  AlmFilter *self = filter_new (ALM_FILTER_BETWEEN, field);

  if (low != NULL && high != NULL)
    {
      alm_filter_add_value (self, low);
      alm_filter_add_value (self, high);
    }

  return self;
}

AlmFilter *
alm_filter_new_like (const char *field,
                     const char *pattern)
{
  AlmFilter *self = filter_new (ALM_FILTER_LIKE, field);

  if (pattern != NULL)
    alm_filter_add_value (self, alm_value_new_text (pattern));

  return self;
}

AlmFilter *
alm_filter_new_is_null (const char *field,
                        gboolean    negated)
{
  AlmFilter *self = filter_new (ALM_FILTER_IS_NULL, field);

  self->negated = negated;

  return self;
}

AlmFilter *
alm_filter_new_join (AlmFilterType type)
{
  g_return_val_if_fail (type <= ALM_FILTER_NOT, NULL);

  return filter_new (type, NULL);
}

void
alm_filter_add_part (AlmFilter *self,
                     AlmFilter *part)
{
  g_return_if_fail (self != NULL && self->type <= ALM_FILTER_NOT);

  g_ptr_array_add (self->parts, part);
}

void
alm_filter_add_value (AlmFilter *self,
                      AlmValue  *value)
{
  AlmFilterValue item = { .value = value };

  g_return_if_fail (self != NULL && value != NULL);

  g_array_append_val (self->values, item);
}

/* FALSE, and nothing is added, if @day is no date YYYY-MM-DD. */
gboolean
alm_filter_add_day (AlmFilter  *self,
                    const char *day)
{
  AlmFilterValue item = { .is_day = TRUE };

  g_return_val_if_fail (self != NULL, FALSE);

  if (!alm_days_parse (day, &item.day))
    return FALSE;

  item.value = alm_value_new_text (day);
  g_array_append_val (self->values, item);

  return TRUE;
}

static void
print_field (const char *field,
             GString    *out)
{
  static const char *const words[] = {
    "and", "between", "casei", "date", "false", "in", "is", "like", "not", "null", "or", "true",
    NULL
  };
  gboolean plain = g_ascii_isalpha (field[0]) || field[0] == '_';

  for (const char *c = field; *c != '\0' && plain; c++)
    plain = g_ascii_isalnum (*c) || *c == '_';
  for (guint i = 0; words[i] != NULL && plain; i++)
    plain = g_ascii_strcasecmp (words[i], field) != 0;

  if (plain)
    g_string_append (out, field);
  else
    {
      g_string_append_c (out, '"');
      for (const char *c = field; *c != '\0'; c++)
        {
          if (*c == '"')
            g_string_append_c (out, '"');
          g_string_append_c (out, *c);
        }
      g_string_append_c (out, '"');
    }
}

static void
print_value (const AlmFilter *self,
             guint            index,
             GString         *out)
{
  const AlmFilterValue *item = &g_array_index (self->values, AlmFilterValue, index);
  const char *text = alm_value_get_text (item->value);
  gboolean casei = self->casei && text != NULL && !item->is_day;

  if (text == NULL)
    {
      if (alm_value_is (item->value, ALM_VALUE_BOOLEAN))
        g_string_append (out, alm_value_get_boolean (item->value) ? "TRUE" : "FALSE");
      else
        alm_value_print (item->value, out);
      return;
    }

  g_string_append (out, item->is_day ? "DATE('" : casei ? "CASEI('" : "'");
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '\'')
        g_string_append_c (out, '\'');
      g_string_append_c (out, *c);
    }
  g_string_append (out, item->is_day || casei ? "')" : "'");
}

static void
print_values (const AlmFilter *self,
              GString         *out)
{
  const char *not = self->negated ? "NOT " : "";

  switch (self->type)
    {
    case ALM_FILTER_COMPARE:
      g_string_append_printf (out, " %s ", op_texts[self->op]);
      print_value (self, 0, out);
      break;

    case ALM_FILTER_LIKE:
      g_string_append_printf (out, " %sLIKE ", not);
      print_value (self, 0, out);
      break;

    case ALM_FILTER_BETWEEN:
      g_string_append_printf (out, " %sBETWEEN ", not);
      print_value (self, 0, out);
      g_string_append (out, " AND ");
      print_value (self, 1, out);
      break;

    case ALM_FILTER_IN:
      g_string_append_printf (out, " %sIN (", not);
      for (guint i = 0; i < self->values->len; i++)
        {
          if (i > 0)
            g_string_append (out, ", ");
          print_value (self, i, out);
        }
      g_string_append_c (out, ')');
      break;

    case ALM_FILTER_IS_NULL:
    case ALM_FILTER_AND:
    case ALM_FILTER_OR:
    case ALM_FILTER_NOT:
    default:
      g_string_append_printf (out, " IS %sNULL", not);
      break;
    }
}

static void print_filter (const AlmFilter *self,
                          GString         *out);

/* In brackets where it would be read otherwise. */
static void
print_part (const AlmFilter *self,
            AlmFilterType    outer,
            GString         *out)
{
  gboolean brackets = self->type == ALM_FILTER_OR
                      || (self->type == ALM_FILTER_AND && outer != ALM_FILTER_OR);

  if (brackets)
    g_string_append_c (out, '(');
  print_filter (self, out);
  if (brackets)
    g_string_append_c (out, ')');
}

static void
print_filter (const AlmFilter *self,
              GString         *out)
{
  if (self->type == ALM_FILTER_NOT)
    {
      g_string_append (out, "NOT ");
      print_part (self->parts->pdata[0], ALM_FILTER_NOT, out);
    }
  else if (self->type == ALM_FILTER_AND || self->type == ALM_FILTER_OR)
    for (guint i = 0; i < self->parts->len; i++)
      {
        if (i > 0)
          g_string_append (out, self->type == ALM_FILTER_AND ? " AND " : " OR ");
        print_part (self->parts->pdata[i], self->type, out);
      }
  else
    {
      if (self->casei)
        g_string_append (out, "CASEI(");
      print_field (self->field, out);
      if (self->casei)
        g_string_append_c (out, ')');
      print_values (self, out);
    }
}

char *
alm_filter_to_text (const AlmFilter *self)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  print_filter (self, out);

  return g_string_free (out, FALSE);
}

static gboolean
refuse (char       **reason,
        const char  *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (char       **reason,
        const char  *format,
        ...)
{
  va_list args;

  va_start (args, format);
  if (reason != NULL)
    *reason = g_strdup_vprintf (format, args);
  va_end (args);

  return FALSE;
}

static gboolean
fits_type (const AlmField       *field,
           const AlmFilterValue *item)
{
  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
    case ALM_FIELD_NUMBER:
      return alm_value_is_number (item->value);

    case ALM_FIELD_BOOLEAN:
      return alm_value_is (item->value, ALM_VALUE_BOOLEAN);

    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
      return alm_value_is (item->value, ALM_VALUE_TEXT);

    case ALM_FIELD_TEXT:
    case ALM_FIELD_REFERENCE:
      return alm_value_is (item->value, ALM_VALUE_TEXT) && !item->is_day;

    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return FALSE;
    }
}

gboolean
alm_filter_check (const AlmFilter  *self,
                  const AlmModel   *model,
                  char            **reason)
{
  const AlmField *field;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (model != NULL, FALSE);

  for (guint i = 0; i < self->parts->len; i++)
    if (!alm_filter_check (self->parts->pdata[i], model, reason))
      return FALSE;
  if (self->field == NULL)
    return TRUE;

  field = alm_model_find_field (model, self->field);
  if (field == NULL)
    return refuse (reason, "the kind %s has no field \"%s\"", alm_model_get_name (model),
                   self->field);
  for (guint i = 0; i < self->values->len; i++)
    if (!fits_type (field, &g_array_index (self->values, AlmFilterValue, i)))
      {
        g_autoptr (GString) literal = g_string_new (NULL);

        print_value (self, i, literal);
        return refuse (reason, "the field \"%s\" cannot be compared with %s", self->field,
                       literal->str);
      }
  if (self->type == ALM_FILTER_LIKE && field->type != ALM_FIELD_TEXT
      && field->type != ALM_FIELD_REFERENCE && field->type != ALM_FIELD_EDTF
      && field->type != ALM_FIELD_DATE && field->type != ALM_FIELD_DATETIME)
    return refuse (reason, "LIKE needs a text, which the field \"%s\" is not", self->field);

  return TRUE;
}

static Truth
truth_of (gboolean value)
{
  return value ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Below, equal or above 0 in *order; FALSE where the two cannot be compared. */
static gboolean
compare (const AlmFilter      *self,
         const AlmValue       *value,
         const AlmFilterValue *item,
         int                  *order)
{
  const char *text = alm_value_get_text (value);
  const char *other = alm_value_get_text (item->value);

  if (item->is_day)
    {
      gint64 first;
      g_autofree char *date = text != NULL && strlen (text) > 10 && text[10] == 'T'
                              ? g_strndup (text, 10) : g_strdup (text);

      if (date == NULL || !alm_edtf_bounds (date, &first, NULL))
        return FALSE;
      *order = first < item->day ? -1 : first > item->day ? 1 : 0;
    }
  else if (text != NULL && other != NULL)
    {
      g_autofree char *a = self->casei ? g_utf8_casefold (text, -1) : NULL;
      g_autofree char *b = self->casei ? g_utf8_casefold (other, -1) : NULL;

      *order = self->casei ? strcmp (a, b) : strcmp (text, other);
    }
  else if (alm_value_is_number (value) && alm_value_is_number (item->value))
    {
      double a = alm_value_get_double (value);
      double b = alm_value_get_double (item->value);

      *order = a < b ? -1 : a > b ? 1 : 0;
    }
  else if (alm_value_is (value, ALM_VALUE_BOOLEAN) && alm_value_is (item->value, ALM_VALUE_BOOLEAN))
    *order = alm_value_get_boolean (value) - alm_value_get_boolean (item->value);
  else
    return FALSE;

  return TRUE;
}

static gboolean
holds (AlmFilterOp op,
       int         order)
{
  switch (op)
    {
    case ALM_FILTER_EQ:
      return order == 0;

    case ALM_FILTER_NE:
      return order != 0;

    case ALM_FILTER_LT:
      return order < 0;

    case ALM_FILTER_LE:
      return order <= 0;

    case ALM_FILTER_GT:
      return order > 0;

    case ALM_FILTER_GE:
    default:
      return order >= 0;
    }
}

/* Greedy from left to right: after a '%' only the last one need be tried again,
 * so the time is the product of both lengths at most. */
gboolean
alm_filter_is_like (const char *text,
                    const char *pattern)
{
  const char *again_text = NULL;
  const char *again_pattern = NULL;

  while (*text != '\0')
    {
      const char *literal = *pattern == '\\' && pattern[1] != '\0' ? pattern + 1 : pattern;

      if (*pattern == '%')
        {
          again_pattern = ++pattern;
          again_text = text;
        }
      else if (*pattern == '_'
               || (*literal != '\0'
                   && g_utf8_get_char (literal) == g_utf8_get_char (text)))
        {
          pattern = g_utf8_next_char (*pattern == '_' ? pattern : literal);
          text = g_utf8_next_char (text);
        }
      else if (again_pattern != NULL)
        {
          again_text = g_utf8_next_char (again_text);
          text = again_text;
          pattern = again_pattern;
        }
      else
        return FALSE;
    }
  while (*pattern == '%')
    pattern++;

  return *pattern == '\0';
}

static Truth
match_like (const AlmFilter *self,
            const AlmValue  *value)
{
  const char *text = alm_value_get_text (value);
  const char *pattern = alm_value_get_text (g_array_index (self->values, AlmFilterValue, 0).value);
  g_autofree char *folded = NULL;
  g_autofree char *folded_pattern = NULL;

  if (text == NULL || pattern == NULL)
    return TRUTH_UNKNOWN;
  if (!self->casei)
    return truth_of (alm_filter_is_like (text, pattern));

  folded = g_utf8_casefold (text, -1);
  folded_pattern = g_utf8_casefold (pattern, -1);

  return truth_of (alm_filter_is_like (folded, folded_pattern));
}

static Truth
match_in (const AlmFilter *self,
          const AlmValue  *value)
{
  gboolean known = TRUE;
  int order;

  for (guint i = 0; i < self->values->len; i++)
    if (!compare (self, value, &g_array_index (self->values, AlmFilterValue, i), &order))
      known = FALSE;
    else if (order == 0)
      return TRUTH_TRUE;

  return known ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

static Truth
match_between (const AlmFilter *self,
               const AlmValue  *value)
{
  int low, high;

  if (!compare (self, value, &g_array_index (self->values, AlmFilterValue, 0), &low)
      || !compare (self, value, &g_array_index (self->values, AlmFilterValue, 1), &high))
    return TRUTH_UNKNOWN;

  return truth_of (low >= 0 && high <= 0);
}

static Truth evaluate (const AlmFilter *self,
                       const AlmValue  *fields);

/* AND is the least of its parts, OR the greatest. */
static Truth
join (const AlmFilter *self,
      const AlmValue  *fields)
{
  gboolean is_and = self->type == ALM_FILTER_AND;
  Truth result = is_and ? TRUTH_TRUE : TRUTH_FALSE;

  for (guint i = 0; i < self->parts->len; i++)
    {
      Truth part = evaluate (self->parts->pdata[i], fields);

      result = is_and ? MIN (result, part) : MAX (result, part);
    }

  return result;
}

static Truth
negate (Truth truth)
{
  return truth == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_of (truth == TRUTH_FALSE);
}

static Truth
evaluate (const AlmFilter *self,
          const AlmValue  *fields)
{
  const AlmValue *value = self->field != NULL ? alm_value_get (fields, self->field) : NULL;
  Truth truth = TRUTH_UNKNOWN;
  int order;

  switch (self->type)
    {
    case ALM_FILTER_AND:
    case ALM_FILTER_OR:
      return join (self, fields);

    case ALM_FILTER_NOT:
      return negate (evaluate (self->parts->pdata[0], fields));

    case ALM_FILTER_IS_NULL:
      truth = truth_of (alm_value_is (value, ALM_VALUE_NULL));
      break;

    case ALM_FILTER_COMPARE:
      if (compare (self, value, &g_array_index (self->values, AlmFilterValue, 0), &order))
        truth = truth_of (holds (self->op, order));
      break;

    case ALM_FILTER_IN:
      truth = match_in (self, value);
      break;

    case ALM_FILTER_BETWEEN:
      truth = match_between (self, value);
      break;

    case ALM_FILTER_LIKE:
    default:
      truth = match_like (self, value);
      break;
    }

  return self->negated ? negate (truth) : truth;
}

gboolean
alm_filter_match (const AlmFilter *self,
                  const AlmValue  *fields)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return evaluate (self, fields) == TRUTH_TRUE;
}
