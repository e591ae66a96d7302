/* SPDX-License-Identifier: EUPL-1.2 */

/* Reading a town's folder: its manifest and its records, line by line. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-format-error.h"
#include "alm-json.h"

#include <string.h>

AlmValue *
alm_town_read_manifest (const char  *dir,
                        GError     **error)
{
  g_autofree char *path = g_build_filename (dir, "manifest.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) manifest = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  manifest = alm_json_parse (text, (gssize) length, NULL, error);
  if (manifest == NULL)
    {
      g_prefix_error (error, "manifest.json: ");
      return NULL;
    }
  if (alm_value_get_integer_of (manifest, "format", 0) != 1
      || alm_value_get_text_of (manifest, "town") == NULL
      || !alm_value_is (alm_value_get (manifest, "files"), ALM_VALUE_LIST))
    {
      g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE,
                   "manifest.json: not a town of format 1");
      return NULL;
    }

  return g_steal_pointer (&manifest);
}

gboolean
alm_town_file_is_whole (const char      *dir,
                        const AlmValue  *entry,
                        char           **reason)
{
  const char *path = alm_value_get_text_of (entry, "path");
  g_autofree char *full = NULL;
  g_autofree char *sum = NULL;
  g_autoptr (GMappedFile) map = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL || strstr (path, "..") != NULL || g_path_is_absolute (path))
    {
      *reason = g_strdup ("a file without a good path");
      return FALSE;
    }
  full = g_build_filename (dir, path, NULL);
  map = g_mapped_file_new (full, FALSE, &error);
  if (map == NULL)
    {
      *reason = g_strdup_printf ("cannot be read: %s", error->message);
      return FALSE;
    }
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                     (const guchar *) g_mapped_file_get_contents (map),
                                     g_mapped_file_get_length (map));
  if (g_strcmp0 (sum, alm_value_get_text_of (entry, "sha256")) != 0)
    {
      *reason = g_strdup ("is not what the manifest says");
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_line (const char         *text,
           gsize               length,
           guint64             line,
           AlmTownRecordFunc   func,
           gpointer            user_data,
           GError            **error)
{
  g_autoptr (AlmValue) value = alm_json_parse (text, (gssize) length, NULL, error);
  AlmTownRecord record = { .line = line };

  if (value == NULL)
    return FALSE;
  record.id_text = alm_value_get_text_of (value, "id");
  record.kind = alm_value_get_text_of (value, "kind");
  record.scope = alm_value_get_text_of (value, "scope");
  record.fields = alm_value_get (value, "fields");
  if (!alm_id_parse (&record.id, record.id_text)
      || record.kind == NULL || !alm_name_is_kind (record.kind)
      || record.scope == NULL || !alm_name_is_scope (record.scope)
      || !alm_value_is (record.fields, ALM_VALUE_OBJECT))
    {
      g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE, "not a record");
      return FALSE;
    }

  return func (&record, user_data, error);
}

gboolean
alm_town_read_records (const char         *dir,
                       AlmTownRecordFunc   func,
                       gpointer            user_data,
                       GError            **error)
{
  g_autofree char *path = g_build_filename (dir, "records.ndjson", NULL);
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, error);
  const char *text, *end;
  guint64 line = 1;

  if (map == NULL)
    return FALSE;
  text = g_mapped_file_get_contents (map);
  for (end = text + g_mapped_file_get_length (map); text < end; line++)
    {
      const char *stop = memchr (text, '\n', (gsize) (end - text));

      if (stop == NULL)
        {
          g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE,
                       "records.ndjson: line %" G_GUINT64_FORMAT ": ends in the middle of a record",
                       line);
          return FALSE;
        }
      if (!read_line (text, (gsize) (stop - text), line, func, user_data, error))
        {
          g_prefix_error (error, "records.ndjson: line %" G_GUINT64_FORMAT ": ", line);
          return FALSE;
        }
      text = stop + 1;
    }

  return TRUE;
}
