/* SPDX-License-Identifier: EUPL-1.2 */

/* Open questions as the window needs them.
 * alm_conflict_list() runs on a reader; the rest is pure. */

#include "config.h"

#include "alm-conflict.h"

#include <string.h>

void
alm_conflict_free (AlmConflict *self)
{
  g_free (self->kind);
  g_free (self->label);
  g_free (self->field);
  g_free (self->why);
  g_clear_pointer (&self->base, alm_value_unref);
  g_clear_pointer (&self->theirs, alm_value_unref);
  g_clear_pointer (&self->mine, alm_value_unref);
  g_free (self->theirs_user);
  g_free (self->theirs_at);
  g_free (self->mine_user);
  g_free (self->mine_at);
  g_free (self);
}

static char *
text_of (const AlmValue *fields,
         const char     *key)
{
  const char *text = alm_value_get_text_of (fields, key);

  return g_strdup (text != NULL ? text : "");
}

static AlmValue *
value_of (const AlmValue *fields,
          const char     *key)
{
  AlmValue *value = alm_value_get (fields, key);

  return value != NULL ? alm_value_ref (value) : NULL;
}

static AlmConflict *
read_row (const AlmRow *row)
{
  const char *record = alm_value_get_text_of (row->fields, "record");
  AlmConflict *conflict;
  AlmId id;

  if (record == NULL || !alm_id_parse (&id, record))
    return NULL;

  conflict = g_new0 (AlmConflict, 1);
  conflict->id = row->id;
  conflict->record = id;
  conflict->kind = text_of (row->fields, "kind");
  conflict->field = text_of (row->fields, "field");
  conflict->why = text_of (row->fields, "why");
  conflict->base = value_of (row->fields, "base");
  conflict->theirs = value_of (row->fields, "theirs");
  conflict->mine = value_of (row->fields, "mine");
  conflict->theirs_user = text_of (row->fields, "theirs_user");
  conflict->theirs_at = text_of (row->fields, "theirs_at");
  conflict->mine_user = text_of (row->fields, "mine_user");
  conflict->mine_at = text_of (row->fields, "mine_at");

  return conflict;
}

/* The record's label, and its row where it is here. */
static void
name_record (AlmDesk     *desk,
             AlmConflict *conflict)
{
  g_autoptr (AlmRow) row = alm_desk_get (desk, &conflict->record, NULL);
  AlmModel *model = alm_desk_get_model (desk, conflict->kind);

  if (row != NULL && model != NULL)
    conflict->label = alm_model_format_label (model, row->fields);
  if (row != NULL)
    conflict->rid = row->rid;
  if (conflict->label == NULL || *conflict->label == '\0')
    {
      g_free (conflict->label);
      conflict->label = alm_id_to_text (&conflict->record);
      conflict->label[8] = '\0';
    }
}

GPtrArray *
alm_conflict_list (AlmDesk      *desk,
                   const AlmId  *record,
                   GError      **error)
{
  g_autoptr (GPtrArray) rows = alm_desk_list_conflicts (desk, record, FALSE, error);
  GPtrArray *found;

  if (rows == NULL)
    return NULL;

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_conflict_free);
  for (guint i = 0; i < rows->len; i++)
    {
      AlmConflict *conflict = read_row (g_ptr_array_index (rows, i));

      if (conflict == NULL)
        continue;
      name_record (desk, conflict);
      g_ptr_array_add (found, conflict);
    }

  return found;
}

/* A group's value is an object of its fields; a field that it lacks goes. */
static AlmValue *
make_set (const AlmConflict *self,
          const AlmValue    *value)
{
  AlmValue *set = alm_value_new_object ();
  gboolean is_group = alm_value_is (value, ALM_VALUE_OBJECT) &&
                      alm_value_get (value, self->field) == NULL &&
                      self->base != NULL && alm_value_is (self->base, ALM_VALUE_OBJECT);

  if (!is_group)
    alm_value_set (set, self->field,
                   value != NULL ? alm_value_ref ((AlmValue *) value) : alm_value_new_null ());
  else
    for (guint i = 0; i < alm_value_get_size (value); i++)
      {
        const char *key = alm_value_get_key (value, i);

        alm_value_set (set, key, alm_value_ref (alm_value_get (value, key)));
      }

  return set;
}

void
alm_conflict_make_edit (const AlmConflict *self,
                        gboolean           take_mine,
                        AlmEdit           *edit)
{
  g_return_if_fail (self != NULL && edit != NULL);

  memset (edit, 0, sizeof *edit);
  edit->op = ALM_OP_RESOLVE;
  edit->has_id = TRUE;
  edit->id = self->record;
  edit->conflict = self->id;
  edit->set = take_mine && *self->field != '\0' ? make_set (self, self->mine)
                                                : alm_value_new_object ();
}
