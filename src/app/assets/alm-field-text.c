/* SPDX-License-Identifier: EUPL-1.2 */

/* Values of fields as people read and type them: numbers with the locale's
 * comma, days as D.M.YYYY, uncertain dates in words, codes by their titles.
 *
 * Invariant: what alm_field_text_read() returns has passed alm_field_check(),
 * so the store refuses it only for reasons that nobody could see here.
 * Pure functions of their input and the locale; main thread. */

#include "config.h"

#include "alm-field-text.h"

#include "alm-blob.h"
#include "alm-date-text.h"
#include "alm-moment-text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *
show_number (double number)
{
  g_autofree char *digits = NULL;

  if (number == floor (number) && fabs (number) < 1e15)
    return g_strdup_printf ("%'.0f", number);

  /* The shortest that reads back the same, with the locale's comma. */
  for (int precision = 1; precision <= 17; precision++)
    {
      g_free (digits);
      digits = g_strdup_printf ("%.*g", precision, number);
      if (strtod (digits, NULL) == number)
        break;
    }

  return g_steal_pointer (&digits);
}

/* Only what is measured is grouped: a year is not 2.026. */
static char *
show_whole (const AlmField *field,
            gint64          number)
{
  if (field->unit != NULL)
    return g_strdup_printf ("%'" G_GINT64_FORMAT, number);

  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* A text in a list: the title of its code, else as it is. */
static const char *
show_item (const AlmField *field,
           const AlmValue *item,
           const char     *language)
{
  const AlmField *coded = field->items != NULL && field->items->n_codes > 0 ? field->items : field;
  const char *title = alm_field_get_code_title (coded, item, language);

  return title != NULL ? title : alm_value_get_text (item);
}

/* With commas between, or semicolons where a text has a comma itself. */
static char *
show_list (const AlmField *field,
           const AlmValue *value,
           const char     *language)
{
  GString *out = g_string_new (NULL);
  const char *separator = ", ";

  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      AlmValue *item = alm_value_get_item (value, i);

      if (alm_value_is (item, ALM_VALUE_TEXT) &&
          strchr (show_item (field, item, language), ',') != NULL)
        separator = "; ";
    }
  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      AlmValue *item = alm_value_get_item (value, i);
      AlmValue *name = alm_value_get (item, "name");

      if (i > 0)
        g_string_append (out, separator);
      if (alm_value_is (item, ALM_VALUE_TEXT))
        g_string_append (out, show_item (field, item, language));
      else if (name != NULL && alm_value_is (name, ALM_VALUE_TEXT))
        g_string_append (out, alm_value_get_text (name));
      else
        alm_value_print (item, out);
    }

  return g_string_free (out, FALSE);
}

static char *
show_object (const AlmValue *value)
{
  GString *out;
  AlmBlob blob;

  /* A file by its name: who reads the history knows nothing of hashes. */
  if (alm_blob_read (value, &blob) && blob.name != NULL)
    return g_strdup (blob.name);

  out = g_string_new (NULL);
  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      const char *key = alm_value_get_key (value, i);
      AlmValue *member = alm_value_get (value, key);

      if (i > 0)
        g_string_append_c (out, '\n');
      g_string_append_printf (out, "%s: ", key);
      if (alm_value_is (member, ALM_VALUE_TEXT))
        g_string_append (out, alm_value_get_text (member));
      else
        alm_value_print (member, out);
    }

  return g_string_free (out, FALSE);
}

char *
alm_field_text_show (const AlmField *field,
                     const AlmValue *value,
                     const char     *language)
{
  const char *title;

  g_return_val_if_fail (field != NULL, NULL);

  if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
    return g_strdup ("");

  title = field->n_codes > 0 && field->type != ALM_FIELD_LIST
          ? alm_field_get_code_title (field, value, language) : NULL;
  if (title != NULL)
    return g_strdup (title);

  switch (alm_value_get_type (value))
    {
    case ALM_VALUE_BOOLEAN:
      return g_strdup (alm_value_get_boolean (value) ? _("Yes") : _("No"));

    case ALM_VALUE_INTEGER:
      return show_whole (field, alm_value_get_integer (value));

    case ALM_VALUE_DOUBLE:
      return show_number (alm_value_get_double (value));

    case ALM_VALUE_TEXT:
      if (field->type == ALM_FIELD_DATE)
        return alm_date_text_show_day (alm_value_get_text (value));
      if (field->type == ALM_FIELD_EDTF)
        return alm_date_text_show_edtf (alm_value_get_text (value));
      if (field->type == ALM_FIELD_DATETIME)
        return alm_moment_text_show (alm_value_get_text (value));
      return g_strdup (alm_value_get_text (value));

    case ALM_VALUE_LIST:
      return show_list (field, value, language);

    case ALM_VALUE_OBJECT:
      return show_object (value);

    case ALM_VALUE_NULL:
    default:
      return g_strdup ("");
    }
}

/* @text without @from, or with @to in its place. */
static char *
replace_all (const char *text,
             const char *from,
             const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

/* Whether each grouping sign stands before exactly three digits. */
static gboolean
is_grouped (const char *text,
            const char *sign)
{
  gsize length = strlen (sign);
  const char *at = *sign != '\0' ? strstr (text, sign) : NULL;

  if (at == NULL || at == text)
    return FALSE;
  for (; at != NULL; at = strstr (at + length, sign))
    if (strspn (at + length, "0123456789") != 3)
      return FALSE;

  return TRUE;
}

/* The locale's comma or a point: "1.234,5" and "12.5" are both what one means. */
static gboolean
read_number (const char *text,
             double     *number)
{
  const struct lconv *locale = localeconv ();
  g_autofree char *ungrouped = NULL;
  g_autofree char *plain = NULL;
  char *end;

  ungrouped = is_grouped (text, locale->thousands_sep)
              ? replace_all (text, locale->thousands_sep, "") : g_strdup (text);
  plain = replace_all (ungrouped, locale->decimal_point, ".");

  errno = 0;
  *number = g_ascii_strtod (plain, &end);

  return end != plain && *end == '\0' && errno == 0 && isfinite (*number) &&
         strspn (plain, "+-0123456789.eE") == strlen (plain);
}

/* What the field's limits say, for people; NULL where they say nothing. */
static char *
explain (const AlmField *field,
         const AlmValue *value)
{
  if (alm_value_is_number (value))
    {
      gboolean low = field->minimum != -INFINITY;
      gboolean high = field->maximum != INFINITY;
      g_autofree char *least = low ? show_number (field->minimum) : NULL;
      g_autofree char *most = high ? show_number (field->maximum) : NULL;

      if (low && high)
        return g_strdup_printf (_("Please enter a number from %s to %s."), least, most);
      if (low)
        return g_strdup_printf (_("Please enter a number of %s or more."), least);
      if (high)
        return g_strdup_printf (_("Please enter a number of %s or less."), most);
    }
  if (alm_value_is (value, ALM_VALUE_TEXT))
    {
      glong length = g_utf8_strlen (alm_value_get_text (value), -1);

      if (field->max_length >= 0 && length > field->max_length)
        return g_strdup_printf (ngettext ("This is too long: at most %d character.",
                                          "This is too long: at most %d characters.",
                                          field->max_length), field->max_length);
      if (field->min_length >= 0 && length < field->min_length)
        return g_strdup_printf (ngettext ("This is too short: at least %d character.",
                                          "This is too short: at least %d characters.",
                                          field->min_length), field->min_length);
      if (field->pattern != NULL)
        return g_strdup (_("This does not have the form that this field needs."));
    }

  return g_strdup (_("This value does not fit here."));
}

static AlmValue *
read_typed_number (const AlmField  *field,
                   const char      *text,
                   char           **reason)
{
  double number;

  if (!read_number (text, &number))
    {
      *reason = g_strdup (_("Please enter a number."));
      return NULL;
    }
  if (field->type == ALM_FIELD_INTEGER)
    {
      if (number != floor (number) || fabs (number) > (double) ALM_VALUE_INTEGER_MAX)
        {
          *reason = g_strdup (_("Please enter a whole number."));
          return NULL;
        }
      return alm_value_new_integer ((gint64) number);
    }

  return number == floor (number) && fabs (number) <= (double) ALM_VALUE_INTEGER_MAX
         ? alm_value_new_integer ((gint64) number) : alm_value_new_double (number);
}

static AlmValue *
read_date (const AlmField  *field,
           const char      *text,
           char           **reason)
{
  g_autofree char *date = NULL;

  if (field->type == ALM_FIELD_DATE)
    {
      date = alm_date_text_read_day (text);
      if (date == NULL)
        *reason = g_strdup (_("Please enter a day such as 23.11.2026."));
    }
  else
    {
      date = alm_date_text_read_edtf (text);
      if (date == NULL)
        *reason = g_strdup (_("Please enter a date such as 1950, 5.1950, 3.5.1950, about 1950 "
                              "or before 1950."));
    }

  return date != NULL ? alm_value_new_text (date) : NULL;
}

/* The code whose title was typed, in whatever language; NULL: no such. */
static AlmValue *
find_code (const AlmField *field,
           const char     *typed)
{
  g_autofree char *wanted = g_utf8_casefold (typed, -1);

  for (guint i = 0; i < field->n_codes; i++)
    for (guint j = 0; j < 2; j++)
      {
        const char *title = j == 0 ? field->codes[i].title : field->codes[i].title_en;
        g_autofree char *folded = title != NULL ? g_utf8_casefold (title, -1) : NULL;

        if (g_strcmp0 (folded, wanted) == 0)
          return field->codes[i].value;
      }

  return NULL;
}

static AlmValue *
read_list (const AlmField *field,
           const char     *text)
{
  const AlmField *coded = field->items != NULL && field->items->n_codes > 0 ? field->items : field;
  g_auto (GStrv) items = g_strsplit (text, strchr (text, ';') != NULL ? ";" : ",", -1);
  AlmValue *list = alm_value_new_list ();

  for (char **item = items; *item != NULL; item++)
    if (*g_strstrip (*item) != '\0')
      {
        AlmValue *code = find_code (coded, *item);

        alm_value_append (list, code != NULL ? alm_value_ref (code) : alm_value_new_text (*item));
      }

  return list;
}

static AlmValue *
read_moment (const char  *text,
             char       **reason)
{
  g_autofree char *moment = alm_moment_text_read (text, reason);

  return moment != NULL ? alm_value_new_text (moment) : NULL;
}

gboolean
alm_field_text_read (const AlmField  *field,
                     const char      *text,
                     AlmValue       **value,
                     char           **reason)
{
  g_autofree char *clean = NULL;
  g_autofree char *technical = NULL;
  g_autoptr (AlmValue) read = NULL;

  g_return_val_if_fail (field != NULL && text != NULL, FALSE);
  g_return_val_if_fail (value != NULL && reason != NULL, FALSE);

  *value = NULL;
  *reason = NULL;
  clean = g_strstrip (g_utf8_normalize (text, -1, G_NORMALIZE_NFC));
  if (*clean == '\0')
    {
      if (field->required)
        *reason = g_strdup (_("This must not be empty."));
      return !field->required;
    }

  if (field->type == ALM_FIELD_INTEGER || field->type == ALM_FIELD_NUMBER)
    read = read_typed_number (field, clean, reason);
  else if (field->type == ALM_FIELD_DATE || field->type == ALM_FIELD_EDTF)
    read = read_date (field, clean, reason);
  else if (field->type == ALM_FIELD_LIST)
    read = read_list (field, clean);
  else if (field->type == ALM_FIELD_DATETIME)
    read = read_moment (clean, reason);
  else
    read = alm_value_new_text (clean);

  if (read == NULL)
    return FALSE;
  if (!alm_field_check (field, read, &technical))
    {
      *reason = explain (field, read);
      return FALSE;
    }
  *value = g_steal_pointer (&read);

  return TRUE;
}

gboolean
alm_field_text_can_read (const AlmField *field)
{
  g_return_val_if_fail (field != NULL, FALSE);

  switch (field->type)
    {
    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_INTEGER:
    case ALM_FIELD_NUMBER:
      return TRUE;

    case ALM_FIELD_LIST:
      return field->items != NULL && field->items->type == ALM_FIELD_TEXT;

    case ALM_FIELD_REFERENCE:
    case ALM_FIELD_BOOLEAN:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return FALSE;
    }
}

const char *
alm_field_text_unit (const AlmField *field)
{
  static const struct
  {
    const char *ucum;
    const char *written;
  } units[] = {
    { "m2", "m²" },
    { "m3", "m³" },
    { "Cel", "°C" },
    { "deg", "°" },
    { "um", "µm" },
    { "1", "" },
    { "a", "J." },
    { "km/h", "km/h" },
    { "{#}", "" },
  };

  g_return_val_if_fail (field != NULL, "");

  if (field->unit == NULL)
    return "";
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].ucum, field->unit))
      return units[i].written;

  return field->unit;
}
