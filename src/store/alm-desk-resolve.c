/* SPDX-License-Identifier: EUPL-1.2 */

/* A conflict is decided by ordinary commands about its record: an edit of the
 * field, or nothing of it, and for a question about deletion a `del` before. */

#include "config.h"

#include "alm-desk-resolve.h"

#include "alm-desk-private.h"
#include "alm-store-error.h"

#include <string.h>

gboolean
alm_take_from_text (const char *text,
                    AlmTake    *take)
{
  static const char *const words[] = { "theirs", "mine", "base" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (text, words[i]) == 0)
      {
        *take = (AlmTake) i;
        return TRUE;
      }

  return FALSE;
}

/* @list with the element of @id replaced, taken away, or added. */
static AlmValue *
replace_element (const AlmValue *list,
                 const AlmValue *id,
                 AlmValue       *element)
{
  AlmValue *result = alm_value_new_list ();
  gboolean found = alm_value_is (element, ALM_VALUE_NULL);

  for (guint i = 0; alm_value_is (list, ALM_VALUE_LIST) && i < alm_value_get_size (list); i++)
    {
      AlmValue *item = alm_value_get_item (list, i);

      if (!alm_value_equal (alm_value_get (item, "id"), id))
        {
          alm_value_append (result, alm_value_ref (item));
          continue;
        }
      if (!found)
        alm_value_append (result, alm_value_ref (element));
      found = TRUE;
    }
  if (!found)
    alm_value_append (result, alm_value_ref (element));

  return result;
}

/* @whole with the member at @path, a JSON pointer, replaced or taken away. */
static AlmValue *
replace_member (const AlmValue  *whole,
                char           **path,
                AlmValue        *member)
{
  AlmValue *result;
  g_autofree char *key = NULL;
  g_auto (GStrv) tilde = NULL;
  g_auto (GStrv) slash = NULL;

  if (*path == NULL)
    return alm_value_ref (member);

  slash = g_strsplit (*path, "~1", -1);
  key = g_strjoinv ("/", slash);
  tilde = g_strsplit (key, "~0", -1);
  g_free (key);
  key = g_strjoinv ("~", tilde);

  result = alm_value_is (whole, ALM_VALUE_OBJECT) ? alm_value_copy (whole)
                                                  : alm_value_new_object ();
  if (path[1] == NULL && alm_value_is (member, ALM_VALUE_NULL))
    alm_value_set (result, key, NULL);
  else
    alm_value_set (result, key, replace_member (alm_value_get (whole, key), path + 1, member));

  return result;
}

/* The field as it will be; (transfer full). */
static AlmValue *
place_value (const AlmValue *now,
             const AlmValue *part,
             AlmValue       *value)
{
  const char *path = alm_value_get_text_of (part, "path");

  if (path != NULL)
    {
      g_auto (GStrv) steps = g_strsplit (path, "/", -1);

      return replace_member (now, steps[0] != NULL ? steps + 1 : steps, value);
    }
  if (alm_value_get (part, "id") != NULL)
    return replace_element (now, alm_value_get (part, "id"), value);

  return alm_value_ref (value);
}

/* What the deciding command sets; (transfer full), empty: the record stays. */
static AlmValue *
make_set (AlmDesk        *self,
          const AlmRow   *row,
          const AlmValue *conflict,
          AlmValue       *value)
{
  AlmValue *set = alm_value_new_object ();
  const char *field = alm_value_get_text_of (conflict, "field");
  AlmModel *model = alm_desk_get_model (self, row->kind);

  for (guint i = 0; model != NULL && i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *member = alm_model_get_field (model, i);
      AlmValue *part = alm_value_get (value, member->name);

      if (g_strcmp0 (member->group, field) == 0)
        alm_value_set (set, member->name, part != NULL ? alm_value_ref (part)
                                                       : alm_value_new_null ());
    }
  if (alm_value_get_size (set) == 0)
    alm_value_set (set, field, place_value (alm_value_get (row->fields, field),
                                            alm_value_get (conflict, "part"), value));

  return set;
}

static gboolean
refuse (GError     **error,
        const char  *reason)
{
  g_set_error_literal (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT, reason);

  return FALSE;
}

/* About a deletion: is the record to be gone?  FALSE: the question is another one. */
static gboolean
asks_about_deletion (const AlmValue *conflict,
                     AlmTake         take,
                     gboolean       *gone)
{
  const char *why = alm_value_get_text_of (conflict, "why");

  if (g_strcmp0 (why, "deleted") == 0)
    *gone = take == ALM_TAKE_THEIRS;
  else if (g_strcmp0 (why, "edited") == 0)
    *gone = take == ALM_TAKE_MINE;
  else
    return FALSE;

  return TRUE;
}

static gboolean
decide (AlmDesk         *self,
        const AlmId     *conflict_id,
        const AlmValue  *conflict,
        const AlmRow    *row,
        AlmTake          take,
        AlmValue        *value,
        const char      *batch,
        AlmEditResult   *result,
        GError         **error)
{
  static const char *const members[] = { "theirs", "mine", "base" };
  g_autoptr (AlmValue) nothing = alm_value_new_null ();
  g_autoptr (AlmValue) set = NULL;
  AlmEditResult results[2];
  AlmEdit edits[2] = {
    { .op = ALM_OP_DEL, .has_id = TRUE, .id = row->id, .batch = batch },
    { .op = ALM_OP_RESOLVE, .has_id = TRUE, .id = row->id, .conflict = *conflict_id,
      .batch = batch },
  };
  gboolean gone = FALSE;

  if (!asks_about_deletion (conflict, take, &gone)
      && g_strcmp0 (alm_value_get_text_of (conflict, "why"), "duplicate") != 0
      && take != ALM_TAKE_THEIRS)
    {
      if (take != ALM_TAKE_VALUE)
        value = alm_value_get (conflict, members[take]);
      set = make_set (self, row, conflict, value != NULL ? value : nothing);
    }
  edits[1].set = set;

  if (!alm_desk_edit (self, gone ? edits : edits + 1, gone ? 2 : 1, results, NULL, error))
    return FALSE;
  *result = results[gone ? 1 : 0];

  return TRUE;
}

gboolean
alm_desk_resolve (AlmDesk        *self,
                  const AlmId    *conflict,
                  AlmTake         take,
                  AlmValue       *value,
                  const char     *batch,
                  AlmEditResult  *result,
                  GError        **error)
{
  g_autoptr (AlmRow) question = alm_desk_get (self, conflict, error);
  g_autoptr (AlmRow) row = NULL;
  AlmId id;

  if (question == NULL)
    return FALSE;
  if (strcmp (question->kind, "conflict") != 0
      || !alm_id_parse (&id, alm_value_get_text_of (question->fields, "record")))
    return refuse (error, "this is no conflict");
  if (g_strcmp0 (alm_value_get_text_of (question->fields, "state"), "open") != 0)
    return refuse (error, "this conflict is resolved already");

  row = alm_desk_get (self, &id, error);

  return row != NULL && decide (self, conflict, question->fields, row, take, value, batch, result,
                                error);
}
