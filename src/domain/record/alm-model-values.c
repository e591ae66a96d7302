/* SPDX-License-Identifier: EUPL-1.2 */

/* Checks values against the fields of a model.
 *
 * Pure; any thread.  The recursion follows the schema and the value, both of
 * which a reader has limited. */

#include "config.h"

#include "alm-blob.h"
#include "alm-days.h"
#include "alm-edtf.h"
#include "alm-geometry-check.h"
#include "alm-id.h"
#include "alm-model-private.h"

#include <math.h>
#include <string.h>

/* A cut in the middle of a character is mended. */
gboolean
alm_model_refuse (char       **reason,
                  const char  *format,
                  ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  if (reason == NULL)
    return FALSE;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  *reason = g_utf8_make_valid (sentence, -1);

  return FALSE;
}

static gboolean
two_digits (const char *text,
            int         most)
{
  return g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[1])
         && (text[0] - '0') * 10 + (text[1] - '0') <= most;
}

/* "08:12:00", "08:12:00.25", then "Z" or "+01:00" (RFC 3339). */
static gboolean
is_time (const char *text)
{
  if (strlen (text) < 9 || !two_digits (text, 23) || text[2] != ':' || !two_digits (text + 3, 59)
      || text[5] != ':' || !two_digits (text + 6, 60))
    return FALSE;

  text += 8;
  if (*text == '.')
    {
      text++;
      if (!g_ascii_isdigit (*text))
        return FALSE;
      while (g_ascii_isdigit (*text))
        text++;
    }
  if (strcmp (text, "Z") == 0)
    return TRUE;

  return strlen (text) == 6 && (*text == '+' || *text == '-') && two_digits (text + 1, 23)
         && text[3] == ':' && two_digits (text + 4, 59);
}

static gboolean
is_date_time (const char *text)
{
  char date[11];

  if (strlen (text) < 20 || text[10] != 'T')
    return FALSE;

  memcpy (date, text, 10);
  date[10] = '\0';

  return alm_days_parse (date, NULL) && is_time (text + 11);
}

/* One @ with something before it and a name with a point after it; no more can be known. */
static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  if (at == NULL || at == text || strchr (at + 1, '@') != NULL || strpbrk (text, " \t\n<>") != NULL)
    return FALSE;

  return at[1] != '.' && strchr (at, '.') != NULL && text[strlen (text) - 1] != '.';
}

static gboolean
is_uri (const char *text)
{
  return g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL);
}

static gboolean
is_edtf (const char  *text,
         char       **reason)
{
  AlmEdtf edtf;
  g_autofree char *fault = NULL;

  if (alm_edtf_parse (text, &edtf, &fault))
    return TRUE;

  return alm_model_refuse (reason, "is no EDTF date: %s", fault);
}

static gboolean
check_format (const AlmField  *field,
              const char      *text,
              char           **reason)
{
  AlmId id;

  switch (field->type)
    {
    case ALM_FIELD_DATE:
      return alm_days_parse (text, NULL) || alm_model_refuse (reason, "is no date YYYY-MM-DD");

    case ALM_FIELD_DATETIME:
      return is_date_time (text)
             || alm_model_refuse (reason, "is no time like 2026-11-23T08:12:00Z (RFC 3339)");

    case ALM_FIELD_EDTF:
      return is_edtf (text, reason);

    case ALM_FIELD_REFERENCE:
      return alm_id_parse (&id, text) || alm_model_refuse (reason, "is no id (UUID in lower case)");

    case ALM_FIELD_TEXT:
      if (g_strcmp0 (field->format, "email") == 0)
        return is_email (text) || alm_model_refuse (reason, "is no e-mail address");
      if (g_strcmp0 (field->format, "time") == 0)
        return is_time (text) || alm_model_refuse (reason, "is no time like 08:12:00Z (RFC 3339)");
      if (g_strcmp0 (field->format, "uri") == 0)
        return is_uri (text) || alm_model_refuse (reason, "is no URI");
      return TRUE;

    case ALM_FIELD_INTEGER:
    case ALM_FIELD_NUMBER:
    case ALM_FIELD_BOOLEAN:
    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return TRUE;
    }
}

static gboolean
check_text (const AlmField  *field,
            const AlmValue  *value,
            char           **reason)
{
  const char *text = alm_value_get_text (value);
  glong length;

  if (text == NULL)
    return alm_model_refuse (reason, "has to be a text");
  if (!check_format (field, text, reason))
    return FALSE;

  if (field->min_length > 0 || field->max_length >= 0)
    {
      length = g_utf8_strlen (text, -1);
      if (length < field->min_length)
        return alm_model_refuse (reason, "has %ld characters, at least %d are needed", length,
                                 field->min_length);
      if (field->max_length >= 0 && length > field->max_length)
        return alm_model_refuse (reason, "has %ld characters, at most %d are allowed", length,
                                 field->max_length);
    }
  if (field->regex != NULL && !g_regex_match (field->regex, text, 0, NULL))
    return alm_model_refuse (reason, "does not have the form %s", field->pattern);

  return TRUE;
}

static gboolean
check_number (const AlmField  *field,
              const AlmValue  *value,
              char           **reason)
{
  double number = alm_value_get_double (value);
  double quotient;

  if (field->type == ALM_FIELD_INTEGER && !alm_value_is (value, ALM_VALUE_INTEGER))
    return alm_model_refuse (reason, "has to be a whole number");
  if (!alm_value_is_number (value))
    return alm_model_refuse (reason, "has to be a number");

  if (number < field->minimum || (field->exclusive_minimum && number <= field->minimum))
    return alm_model_refuse (reason, "%.15g is below the limit of %.15g", number, field->minimum);
  if (number > field->maximum || (field->exclusive_maximum && number >= field->maximum))
    return alm_model_refuse (reason, "%.15g is above the limit of %.15g", number, field->maximum);

  if (field->multiple_of > 0)
    {
      quotient = number / field->multiple_of;
      if (fabs (quotient - round (quotient)) > 1e-9 * fmax (1, fabs (quotient)))
        return alm_model_refuse (reason, "%.15g is no multiple of %.15g", number,
                                 field->multiple_of);
    }

  return TRUE;
}

static gboolean
check_code (const AlmField  *field,
            const AlmValue  *value,
            char           **reason)
{
  g_autofree char *text = NULL;

  for (guint i = 0; i < field->n_codes; i++)
    if (alm_value_equal (field->codes[i].value, value))
      return TRUE;

  text = alm_value_to_text (value);

  return alm_model_refuse (reason, "%.60s is not in the code list", text);
}

static gboolean check_value (const AlmField  *field,
                             const AlmValue  *value,
                             char           **reason);

static gboolean
check_list (const AlmField  *field,
            const AlmValue  *value,
            char           **reason)
{
  if (!alm_value_is (value, ALM_VALUE_LIST))
    return alm_model_refuse (reason, "has to be a list");

  for (guint i = 0; field->items != NULL && i < alm_value_get_size (value); i++)
    {
      g_autofree char *inner = NULL;
      const AlmValue *item = alm_value_get_item (value, i);

      if (alm_value_is (item, ALM_VALUE_NULL))
        return alm_model_refuse (reason, "item %u is null", i);
      if (!check_value (field->items, item, &inner))
        return alm_model_refuse (reason, "item %u: %s", i, inner);
    }

  return TRUE;
}

static const AlmField *
find_member (const AlmField *field,
             const char     *key)
{
  for (guint i = 0; i < field->n_members; i++)
    if (strcmp (field->members[i].name, key) == 0)
      return &field->members[i];

  return field->rest;
}

static gboolean
check_object (const AlmField  *field,
              const AlmValue  *value,
              char           **reason)
{
  AlmBlob blob;

  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return alm_model_refuse (reason, "has to be an object");

  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      const char *key = alm_value_get_key (value, i);
      const AlmValue *item = alm_value_get_item (value, i);
      const AlmField *member = find_member (field, key);
      g_autofree char *inner = NULL;

      if (member == NULL && field->closed)
        return alm_model_refuse (reason, "has no member \"%.60s\"", key);
      if (alm_value_is (item, ALM_VALUE_NULL))
        return alm_model_refuse (reason, "member \"%.60s\" is null", key);
      if (member != NULL && !check_value (member, item, &inner))
        return alm_model_refuse (reason, "member \"%.60s\": %s", key, inner);
    }

  for (guint i = 0; i < field->n_members; i++)
    if (field->members[i].required && alm_value_get (value, field->members[i].name) == NULL)
      return alm_model_refuse (reason, "member \"%s\" is missing", field->members[i].name);

  if (alm_field_is_blob (field) && !alm_blob_read (value, &blob))
    return alm_model_refuse (reason, "names no file: \"sha256\" has %d hex digits, \"size\" is at "
                             "most %d MiB", ALM_BLOB_DIGITS, (int) (ALM_BLOB_SIZE_MAX >> 20));

  return TRUE;
}

static gboolean
check_value (const AlmField  *field,
             const AlmValue  *value,
             char           **reason)
{
  gboolean ok;

  if (field->any)
    return TRUE;

  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
    case ALM_FIELD_NUMBER:
      ok = check_number (field, value, reason);
      break;

    case ALM_FIELD_BOOLEAN:
      ok = alm_value_is (value, ALM_VALUE_BOOLEAN)
           || alm_model_refuse (reason, "has to be true or false");
      break;

    case ALM_FIELD_LIST:
      ok = check_list (field, value, reason);
      break;

    case ALM_FIELD_OBJECT:
      ok = check_object (field, value, reason);
      break;

    case ALM_FIELD_GEOMETRY:
      ok = alm_geometry_check (field->format, value, reason);
      break;

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
    default:
      ok = check_text (field, value, reason);
      break;
    }

  return ok && (field->n_codes == 0 || check_code (field, value, reason));
}

/* What the canonical text takes at most: a byte of text becomes six. */
static gsize
most_bytes (const AlmValue *value)
{
  const char *text = alm_value_get_text (value);
  gsize bytes = 32;

  if (text != NULL)
    return 6 * strlen (text) + 2;

  if (alm_value_is (value, ALM_VALUE_LIST) || alm_value_is (value, ALM_VALUE_OBJECT))
    for (guint i = 0; i < alm_value_get_size (value); i++)
      {
        bytes += most_bytes (alm_value_get_item (value, i)) + 1;
        if (alm_value_is (value, ALM_VALUE_OBJECT))
          bytes += 6 * strlen (alm_value_get_key (value, i)) + 3;
      }

  return bytes;
}

/* Printed only if it may be over the limit. */
static gboolean
is_too_large (const AlmValue *value)
{
  g_autofree char *printed = NULL;

  if (most_bytes (value) <= ALM_FIELD_SIZE_MAX)
    return FALSE;

  printed = alm_value_to_text (value);

  return strlen (printed) > ALM_FIELD_SIZE_MAX;
}

gboolean
alm_field_check (const AlmField  *field,
                 const AlmValue  *value,
                 char           **reason)
{
  g_return_val_if_fail (field != NULL, FALSE);

  if (alm_value_is (value, ALM_VALUE_NULL))
    return TRUE;
  if (is_too_large (value))
    return alm_model_refuse (reason, "is larger than %d bytes", ALM_FIELD_SIZE_MAX);

  return check_value (field, value, reason);
}

gboolean
alm_model_check_fields (const AlmModel  *self,
                        const AlmValue  *fields,
                        char           **name,
                        char           **reason)
{
  const char *bad = "";

  g_return_val_if_fail (self != NULL, FALSE);

  if (!alm_value_is (fields, ALM_VALUE_OBJECT))
    alm_model_refuse (reason, "the fields of a record are an object");
  else if (alm_value_get_size (fields) > ALM_RECORD_FIELDS_MAX)
    alm_model_refuse (reason, "more than %d fields", ALM_RECORD_FIELDS_MAX);
  else
    {
      bad = NULL;
      for (guint i = 0; bad == NULL && i < alm_value_get_size (fields); i++)
        {
          const char *key = alm_value_get_key (fields, i);
          const AlmField *field = alm_model_find_field (self, key);

          if (field == NULL)
            {
              alm_model_refuse (reason, "the kind %s has no such field", self->name);
              bad = key;
            }
          else if (!alm_field_check (field, alm_value_get_item (fields, i), reason))
            bad = key;
        }
      for (guint i = 0; bad == NULL && i < self->n_fields; i++)
        if (self->fields[i].required
            && alm_value_is (alm_value_get (fields, self->fields[i].name), ALM_VALUE_NULL))
          {
            alm_model_refuse (reason, "is required");
            bad = self->fields[i].name;
          }
    }

  if (bad != NULL && name != NULL)
    *name = g_strdup (bad);

  return bad == NULL;
}
