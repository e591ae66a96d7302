/* SPDX-License-Identifier: EUPL-1.2 */

/* What a cell or a header of a foreign table means (assets-map.md, section
 * 4.8).  Pure; any thread. */

#include "config.h"

#include "alm-import-text.h"

#include "alm-days.h"
#include "alm-edtf.h"
#include "alm-json.h"

#include <math.h>
#include <string.h>

static const char *
skip_blanks (const char *text)
{
  for (;;)
    if (g_ascii_isspace (*text))
      text++;
    else if (g_str_has_prefix (text, "\xc2\xa0"))
      text += 2;
    else
      return text;
}

char *
alm_import_trim (const char *text)
{
  const char *start = skip_blanks (text);
  const char *end = start + strlen (start);

  for (;;)
    if (end > start && g_ascii_isspace (end[-1]))
      end--;
    else if (end > start + 1 && memcmp (end - 2, "\xc2\xa0", 2) == 0)
      end -= 2;
    else
      return g_strndup (start, (gsize) (end - start));
}

gboolean
alm_import_is_null (const char *text)
{
  static const char *const words[] = {
    "", "NULL", "null", "\\N", "k. A.", "k.A.", "k.a.", "k. a.", NULL
  };

  /* This is asked of every cell. */
  if (*text != '\0' && strchr ("Nn\\k", *text) == NULL)
    return FALSE;

  return g_strv_contains (words, text);
}

/* Blanks that people put between groups of three: plain, no-break, narrow. */
static gsize
get_blank_length (const char *text)
{
  if (*text == ' ' || *text == '\'')
    return 1;
  if (g_str_has_prefix (text, "\xc2\xa0"))
    return 2;
  if (g_str_has_prefix (text, "\xe2\x80\xaf") || g_str_has_prefix (text, "\xe2\x80\x89"))
    return 3;

  return 0;
}

/* The whole part, with or without groups; FALSE: the groups are not of three. */
static gboolean
take_whole (const char **text,
            char         group,
            GString     *digits)
{
  const char *at = *text;
  guint in_group = 0, n_groups = 0;
  char used = 0;

  for (;;)
    {
      gsize blank;
      char sign;

      while (g_ascii_isdigit (*at))
        {
          g_string_append_c (digits, *at++);
          in_group++;
        }

      blank = get_blank_length (at);
      sign = blank > 0 ? ' ' : *at == group ? group : 0;
      if (sign == 0 || !g_ascii_isdigit (at[blank > 0 ? blank : 1])
          || (used != 0 && sign != used))
        break;
      if (n_groups == 0 ? in_group > 3 || in_group == 0 : in_group != 3)
        return FALSE;
      used = sign;
      n_groups++;
      in_group = 0;
      at += blank > 0 ? blank : 1;
    }
  *text = at;

  return n_groups == 0 || in_group == 3;
}

gboolean
alm_import_parse_number (const char *text,
                         char        decimal,
                         double     *value)
{
  g_autoptr (GString) digits = g_string_sized_new (32);
  const char *at = text;
  gsize n_whole, n_part = 0;

  if (*at == '-' || *at == '+')
    g_string_append_c (digits, *at++);
  else if (g_str_has_prefix (at, "\xe2\x88\x92"))
    {
      g_string_append_c (digits, '-');
      at += 3;
    }

  n_whole = digits->len;
  if (!take_whole (&at, decimal == ',' ? '.' : ',', digits))
    return FALSE;
  n_whole = digits->len - n_whole;

  if (*at == decimal)
    {
      at++;
      g_string_append_c (digits, '.');
      for (; g_ascii_isdigit (*at); n_part++)
        g_string_append_c (digits, *at++);
    }
  if (n_whole + n_part == 0)
    return FALSE;
  if ((*at == 'e' || *at == 'E') && at[1] != '\0')
    {
      gsize n = 1 + (at[1] == '-' || at[1] == '+');

      if (strspn (at + n, "0123456789") != strlen (at + n) || at[n] == '\0' || strlen (at) > 6)
        return FALSE;
      g_string_append (digits, at);
      at += strlen (at);
    }
  if (*at != '\0')
    return FALSE;

  *value = g_ascii_strtod (digits->str, NULL);

  return isfinite (*value);
}

static gboolean
take_digits (const char **text,
             guint        least,
             guint        most,
             int         *number)
{
  guint n = 0;

  *number = 0;
  while (n < most && g_ascii_isdigit ((*text)[n]))
    *number = *number * 10 + ((*text)[n++] - '0');
  *text += n;

  return n >= least;
}

/* Nothing, or a time of day, which a date does not keep. */
static gboolean
is_time_or_end (const char *text)
{
  if (*text == '\0')
    return TRUE;
  if (*text != ' ' && *text != 'T')
    return FALSE;

  return strspn (text + 1, "0123456789:.+-Z ") == strlen (text + 1);
}

char *
alm_import_parse_date (const char *text)
{
  const char *at = text;
  int year, month, day;
  gboolean fine;

  if (take_digits (&at, 4, 4, &year) && *at == '-')
    {
      at++;
      fine = take_digits (&at, 2, 2, &month) && *at++ == '-' && take_digits (&at, 2, 2, &day)
             && is_time_or_end (at);
    }
  else if (at - text == 4 && strspn (text, "0123456789") >= 8)
    fine = take_digits (&at, 2, 2, &month) && take_digits (&at, 2, 2, &day)
           && (*at == '\0' || strspn (at, "0123456789") == 6 || is_time_or_end (at));
  else
    {
      at = text;
      fine = take_digits (&at, 1, 2, &day) && *at++ == '.' && take_digits (&at, 1, 2, &month)
             && *at++ == '.' && take_digits (&at, 4, 4, &year) && is_time_or_end (at);
    }

  if (!fine || year < 1 || month < 1 || month > 12 || day < 1
      || day > alm_days_in_month (year, month))
    return NULL;

  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

gboolean
alm_import_parse_boolean (const char *text,
                          gboolean   *value)
{
  static const char *const yes[] = { "ja", "wahr", "j", "x", "1", "true", "yes", "y", NULL };
  static const char *const no[] = { "nein", "falsch", "n", "0", "false", "no", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  *value = g_strv_contains (yes, lower);

  return *value || g_strv_contains (no, lower);
}

char *
alm_import_fold_name (const char *text)
{
  static const struct { const char *from, *to; } umlauts[] = {
    { "ä", "ae" }, { "ö", "oe" }, { "ü", "ue" }, { "ß", "ss" },
  };
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  g_autofree char *lower = g_utf8_strdown (composed != NULL ? composed : "", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    {
      gboolean replaced = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (umlauts) && !replaced; i++)
        if (g_str_has_prefix (at, umlauts[i].from))
          {
            g_string_append (out, umlauts[i].to);
            replaced = TRUE;
          }
      if (!replaced && g_unichar_isalnum (g_utf8_get_char (at)))
        g_string_append_unichar (out, g_utf8_get_char (at));
    }

  return g_strdup (out->str);
}

char *
alm_import_clean_header (const char *text)
{
  g_autofree char *trimmed = alm_import_trim (text);
  g_autoptr (GRegex) dbase = g_regex_new ("^(.+?),[CNDLFM](,\\d+){1,2}$", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (g_regex_match (dbase, trimmed, 0, &match))
    return g_match_info_fetch (match, 1);

  return g_steal_pointer (&trimmed);
}

static const struct { const char *name; double metres; } lengths[] = {
  { "mm", 0.001 }, { "cm", 0.01 }, { "dm", 0.1 }, { "m", 1 }, { "km", 1000 },
};

const char *
alm_import_find_unit (const char  *header,
                      char       **rest)
{
  gsize length = strlen (header);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      const char *unit = lengths[i].name;
      g_autofree char *upper = g_ascii_strup (unit, -1);
      g_autofree char *forms[] = {
        g_strdup_printf ("[%s]", unit), g_strdup_printf ("(%s)", unit),
        g_strdup_printf ("_%s", unit), g_strdup_printf (" in %s", unit),
        g_strdup_printf ("_in_%s", unit), g_strdup_printf (" %s", unit), g_strdup (upper),
      };
      const char *found = NULL;

      /* "…CM": capitals behind a small letter. */
      for (guint k = G_N_ELEMENTS (forms); k-- > 0;)
        {
          gsize n = strlen (forms[k]);

          if (length > n && strcmp (header + length - n, forms[k]) == 0
              && (k < 6 || g_ascii_islower (header[length - n - 1])))
            {
              found = unit;
              *rest = g_strndup (header, length - n);
              g_strchomp (*rest);
              break;
            }
        }
      for (guint k = 0; k < G_N_ELEMENTS (forms); k++)
        g_clear_pointer (&forms[k], g_free);
      if (found != NULL)
        return found;
    }

  return NULL;
}

double
alm_import_unit_factor (const char *from,
                        const char *to)
{
  double a = 0, b = 0;

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      if (g_strcmp0 (lengths[i].name, from) == 0)
        a = lengths[i].metres;
      if (g_strcmp0 (lengths[i].name, to) == 0)
        b = lengths[i].metres;
    }

  return a > 0 && b > 0 ? a / b : 0;
}

gboolean
alm_import_is_near_name (const char *a,
                         const char *b)
{
  gsize n = strlen (a), m = strlen (b);
  gsize head = 0, tail = 0;

  if (n > m)
    return alm_import_is_near_name (b, a);
  if (m - n > 1)
    return FALSE;

  while (head < n && a[head] == b[head])
    head++;
  while (tail < n - head && a[n - 1 - tail] == b[m - 1 - tail])
    tail++;

  return m - head - tail <= 1;
}

static AlmValue *
read_number (const AlmImportRule *rule,
             const char          *text,
             AlmImportFault      *fault)
{
  g_autofree char *bare = NULL;
  double number;

  if (rule->field->unit != NULL && g_str_has_suffix (text, rule->field->unit))
    {
      bare = g_strndup (text, strlen (text) - strlen (rule->field->unit));
      text = g_strchomp (bare);
    }

  *fault = "value-not-a-number";
  if (!alm_import_parse_number (text, rule->decimal, &number))
    return NULL;
  if (rule->scale != 1)
    number = round (number * rule->scale * 1e9) / 1e9;
  if (rule->field->type == ALM_FIELD_INTEGER && number != floor (number))
    return NULL;
  *fault = "value-out-of-range";
  if (fabs (number) > (double) ALM_VALUE_INTEGER_MAX && rule->field->type == ALM_FIELD_INTEGER)
    return NULL;
  *fault = NULL;

  return alm_value_new_double (number);
}

static AlmValue *
read_date (const AlmImportRule *rule,
           const char          *text,
           AlmImportFault      *fault)
{
  g_autofree char *date = alm_import_parse_date (text);
  AlmEdtf edtf;

  *fault = NULL;
  if (date != NULL)
    return alm_value_new_text (date);
  if (rule->field->type == ALM_FIELD_EDTF && alm_edtf_parse (text, &edtf, NULL))
    return alm_value_new_text (text);
  *fault = "date-unreadable";

  return NULL;
}

/* Lists and objects as JSON; a plain text is a list of one. */
static AlmValue *
read_json (const AlmImportRule *rule,
           const char          *text,
           AlmImportFault      *fault)
{
  AlmValueType wanted = rule->field->type == ALM_FIELD_LIST ? ALM_VALUE_LIST : ALM_VALUE_OBJECT;
  g_autoptr (AlmValue) value = alm_json_parse (text, -1, NULL, NULL);

  *fault = NULL;
  if (value != NULL && alm_value_is (value, wanted))
    return g_steal_pointer (&value);
  if (wanted == ALM_VALUE_LIST)
    {
      AlmValue *list = alm_value_new_list ();

      alm_value_append (list, alm_value_new_text (text));
      return list;
    }
  *fault = "value-not-in-list";

  return NULL;
}

/* The other names of a code, `x-alm-aliases` beside its `const`. */
static AlmValue *
find_code_alias (const AlmField *field,
                 const char     *folded)
{
  const AlmValue *codes = alm_value_get (field->schema, "oneOf");

  if (codes == NULL || !alm_value_is (codes, ALM_VALUE_LIST))
    return NULL;
  for (guint i = 0; i < alm_value_get_size (codes); i++)
    {
      const AlmValue *code = alm_value_get_item (codes, i);
      const AlmValue *aliases = alm_value_get (code, "x-alm-aliases");
      AlmValue *value = alm_value_get (code, "const");

      if (aliases == NULL || value == NULL || !alm_value_is (aliases, ALM_VALUE_LIST))
        continue;
      for (guint k = 0; k < alm_value_get_size (aliases); k++)
        {
          const char *alias = alm_value_get_text (alm_value_get_item (aliases, k));
          g_autofree char *name = alias != NULL ? alm_import_fold_name (alias) : NULL;

          if (g_strcmp0 (name, folded) == 0)
            return alm_value_ref (value);
        }
    }

  return NULL;
}

/* The code that a text means: by the mapping, by the code itself or its titles. */
static AlmValue *
find_code (const AlmImportRule *rule,
           const char          *text)
{
  g_autofree char *folded = alm_import_fold_name (text);
  AlmValue *mapped = rule->codes != NULL ? alm_value_get (rule->codes, text) : NULL;

  if (mapped != NULL)
    return alm_value_ref (mapped);

  for (guint i = 0; i < rule->field->n_codes; i++)
    {
      const AlmCode *code = &rule->field->codes[i];
      g_autofree char *own = alm_value_is (code->value, ALM_VALUE_TEXT)
                             ? g_strdup (alm_value_get_text (code->value))
                             : alm_value_to_text (code->value);
      const char *names[] = { own, code->title, code->title_en };

      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        {
          g_autofree char *name = names[k] != NULL ? alm_import_fold_name (names[k]) : NULL;

          if (name != NULL && strcmp (name, folded) == 0)
            return alm_value_ref (code->value);
        }
    }

  return find_code_alias (rule->field, folded);
}

static AlmValue *
read_typed (const AlmImportRule *rule,
            const char          *text,
            AlmImportFault      *fault)
{
  gboolean truth;

  *fault = NULL;
  switch (rule->field->type)
    {
    case ALM_FIELD_INTEGER:
    case ALM_FIELD_NUMBER:
      return read_number (rule, text, fault);

    case ALM_FIELD_DATE:
    case ALM_FIELD_EDTF:
      return read_date (rule, text, fault);

    case ALM_FIELD_BOOLEAN:
      if (alm_import_parse_boolean (text, &truth))
        return alm_value_new_boolean (truth);
      *fault = "value-not-in-list";
      return NULL;

    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
      return read_json (rule, text, fault);

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_REFERENCE:
    case ALM_FIELD_GEOMETRY:
    default:
      return alm_value_new_text (text);
    }
}

AlmValue *
alm_import_read_value (const AlmImportRule *rule,
                       const char          *text,
                       AlmImportFault      *fault)
{
  const AlmField *field = rule->field;
  g_autoptr (AlmValue) value = NULL;

  if (field->n_codes > 0 && (value = find_code (rule, text)) != NULL)
    {
      *fault = NULL;
      return g_steal_pointer (&value);
    }
  if (rule->codes != NULL && alm_value_get (rule->codes, text) != NULL)
    value = alm_value_ref (alm_value_get (rule->codes, text));
  else
    value = read_typed (rule, text, fault);
  if (value == NULL)
    return NULL;

  if (alm_field_check (field, value, NULL))
    {
      *fault = NULL;
      return g_steal_pointer (&value);
    }

  if (field->n_codes > 0)
    *fault = "value-not-in-list";
  else if (field->type == ALM_FIELD_DATETIME)
    *fault = "date-unreadable";
  else if (field->type == ALM_FIELD_TEXT && field->max_length >= 0
           && g_utf8_strlen (text, -1) > field->max_length)
    *fault = "text-too-long";
  else if (field->type == ALM_FIELD_REFERENCE || field->type == ALM_FIELD_TEXT)
    *fault = "value-not-in-list";
  else
    *fault = "value-out-of-range";

  return NULL;
}
