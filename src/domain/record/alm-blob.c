/* SPDX-License-Identifier: EUPL-1.2 */

/* Attached files, as records name them.
 *
 * A value names a file by its form and not by its model: a conflict's proposal, or a
 * record whose model is not here yet, names its picture all the same.  Pure; any
 * thread. */

#include "config.h"

#include "alm-blob.h"

#include <string.h>

gboolean
alm_blob_is_name (const char *text)
{
  return text != NULL && strlen (text) == ALM_BLOB_DIGITS
         && strspn (text, "0123456789abcdef") == ALM_BLOB_DIGITS;
}

gboolean
alm_blob_read (const AlmValue *value,
               AlmBlob        *blob)
{
  const AlmValue *size;

  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return FALSE;

  blob->sha256 = alm_value_get_text_of (value, "sha256");
  size = alm_value_get (value, "size");
  if (!alm_blob_is_name (blob->sha256) || !alm_value_is (size, ALM_VALUE_INTEGER))
    return FALSE;

  blob->size = alm_value_get_integer (size);
  blob->name = alm_value_get_text_of (value, "name");
  blob->type = alm_value_get_text_of (value, "type");

  return blob->size >= 0 && blob->size <= ALM_BLOB_SIZE_MAX;
}

AlmValue *
alm_blob_to_value (const AlmBlob *blob)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set_text (value, "sha256", blob->sha256);
  alm_value_set_integer (value, "size", blob->size);
  if (blob->name != NULL)
    alm_value_set_text (value, "name", blob->name);
  if (blob->type != NULL)
    alm_value_set_text (value, "type", blob->type);

  return value;
}

void
alm_blob_each (const AlmValue *value,
               AlmBlobFunc     func,
               gpointer        user_data)
{
  AlmBlob blob;

  if (alm_blob_read (value, &blob))
    {
      func (&blob, user_data);
      return;
    }
  if (!alm_value_is (value, ALM_VALUE_OBJECT) && !alm_value_is (value, ALM_VALUE_LIST))
    return;

  /* Recursion ends at the nesting limit of JSON texts. */
  for (guint i = 0; i < alm_value_get_size (value); i++)
    alm_blob_each (alm_value_get_item (value, i), func, user_data);
}

typedef struct
{
  const char *sha256;
  gboolean    found;
} Search;

static void
compare_cb (const AlmBlob *blob,
            gpointer       user_data)
{
  Search *search = user_data;

  search->found |= strcmp (blob->sha256, search->sha256) == 0;
}

gboolean
alm_blob_is_named (const AlmValue *value,
                   const char     *sha256)
{
  Search search = { .sha256 = sha256 };

  alm_blob_each (value, compare_cb, &search);

  return search.found;
}

gboolean
alm_field_is_blob (const AlmField *field)
{
  gboolean has_name = FALSE;
  gboolean has_size = FALSE;

  for (guint i = 0; field->type == ALM_FIELD_OBJECT && i < field->n_members; i++)
    {
      const AlmField *member = &field->members[i];

      has_name |= member->required && member->type == ALM_FIELD_TEXT
                  && strcmp (member->name, "sha256") == 0;
      has_size |= member->required && member->type == ALM_FIELD_INTEGER
                  && strcmp (member->name, "size") == 0;
    }

  return has_name && has_size;
}
