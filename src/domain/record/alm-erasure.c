/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-erasure.h"

#include <string.h>

/* What is shorter stands in many a sentence by chance. */
#define TOLD_LEAST 4

gboolean
alm_erasure_takes (const AlmValue *names,
                   const char     *field)
{
  for (guint i = 0; i < alm_value_get_size (names); i++)
    if (g_strcmp0 (alm_value_get_text (alm_value_get_item (names, i)), field) == 0)
      return TRUE;

  return names == NULL;
}

static AlmValue *
change (const AlmValue *names,
        const AlmValue *fields,
        gboolean        with_nulls)
{
  AlmValue *rest = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    {
      const char *name = alm_value_get_key (fields, i);

      if (!alm_erasure_takes (names, name))
        alm_value_set (rest, name, alm_value_ref (alm_value_get_item (fields, i)));
      else if (with_nulls)
        alm_value_set (rest, name, alm_value_new_null ());
    }

  return rest;
}

AlmValue *
alm_erasure_strip (const AlmValue *names,
                   const AlmValue *fields)
{
  return change (names, fields, FALSE);
}

AlmValue *
alm_erasure_blank (const AlmValue *names,
                   const AlmValue *fields)
{
  return change (names, fields, TRUE);
}

gboolean
alm_erasure_takes_conflict (const AlmValue *names,
                            const AlmModel *model,
                            const AlmValue *conflict)
{
  const char *about = alm_value_get_text_of (conflict, "field");

  if (alm_erasure_takes (names, about))
    return TRUE;

  for (guint i = 0; model != NULL && i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);

      if (field->group != NULL && g_strcmp0 (field->group, about) == 0
          && alm_erasure_takes (names, field->name))
        return TRUE;
    }

  return FALSE;
}

AlmValue *
alm_erasure_conflict_names (void)
{
  static const char *const names[] = { "base", "mine", "part", "theirs" };
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    alm_value_append (list, alm_value_new_text (names[i]));

  return list;
}

gboolean
alm_erasure_is_told (const AlmValue *names,
                     const AlmValue *fields,
                     const char     *text)
{
  g_autofree char *low = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  for (guint i = 0; low != NULL && i < alm_value_get_size (fields); i++)
    {
      const char *value = alm_value_get_text (alm_value_get_item (fields, i));
      g_autofree char *low_value = NULL;

      if (value == NULL || g_utf8_strlen (value, -1) < TOLD_LEAST
          || !alm_erasure_takes (names, alm_value_get_key (fields, i)))
        continue;
      low_value = g_utf8_casefold (value, -1);
      if (strstr (low, low_value) != NULL)
        return TRUE;
    }

  return FALSE;
}
