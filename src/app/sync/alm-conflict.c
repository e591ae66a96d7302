/* SPDX-License-Identifier: EUPL-1.2 */

/* Open questions as the window needs them.
 * alm_conflict_list() runs on a reader; the rest is pure. */

#include "config.h"

#include "alm-conflict.h"

static void
clear (gpointer data)
{
  AlmConflict *self = data;

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
  g_clear_pointer (&self->mine_command, alm_stored_command_free);
}

AlmConflict *
alm_conflict_ref (AlmConflict *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
alm_conflict_unref (AlmConflict *self)
{
  g_atomic_rc_box_release_full (self, clear);
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

  conflict = g_atomic_rc_box_new0 (AlmConflict);
  conflict->id = row->id;
  conflict->record = id;
  conflict->kind = text_of (row->fields, "kind");
  conflict->field = text_of (row->fields, "field");
  conflict->part = alm_value_get (row->fields, "part") != NULL;
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
    {
      const AlmField *place = model != NULL ? alm_model_find_role (model, ALM_ROLE_GEOMETRY) : NULL;

      conflict->rid = row->rid;
      conflict->has_place = place != NULL && !row->deleted &&
                            alm_value_get (row->fields, place->name) != NULL;
    }
  if (conflict->label == NULL || *conflict->label == '\0')
    {
      g_free (conflict->label);
      conflict->label = alm_id_to_text (&conflict->record);
      conflict->label[8] = '\0';
    }
}

/* A question about a deletion names no field: then the command says what was done. */
static gboolean
find_command (AlmDesk         *desk,
              const AlmValue  *fields,
              AlmConflict     *conflict,
              GError         **error)
{
  gint64 n = alm_value_get_integer_of (fields, "mine_n", 0);
  const char *text = alm_value_get_text_of (fields, "mine_desk");
  g_autoptr (GPtrArray) commands = NULL;
  AlmId made_by;

  if (*conflict->field != '\0' || text == NULL || !alm_id_parse (&made_by, text))
    return TRUE;
  commands = alm_desk_list_commands (desk, ALM_COMMANDS_ALL, &conflict->record, error);
  if (commands == NULL)
    return FALSE;

  for (guint i = 0; i < commands->len; i++)
    {
      const AlmStoredCommand *stored = g_ptr_array_index (commands, i);

      if (stored->command->n == n && alm_id_equal (&stored->desk, &made_by))
        {
          conflict->mine_command = g_ptr_array_steal_index (commands, i);
          return TRUE;
        }
    }

  return TRUE;
}

/* Those of one record stand together. */
static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const AlmConflict *left = *(AlmConflict *const *) a;
  const AlmConflict *right = *(AlmConflict *const *) b;
  int order = alm_id_compare (&left->record, &right->record);

  return order != 0 ? order : g_strcmp0 (left->field, right->field);
}

GPtrArray *
alm_conflict_list (AlmDesk      *desk,
                   const AlmId  *record,
                   GError      **error)
{
  g_autoptr (GPtrArray) rows = alm_desk_list_conflicts (desk, record, FALSE, error);
  g_autoptr (GPtrArray) found = NULL;

  if (rows == NULL)
    return NULL;

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_conflict_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      const AlmRow *row = g_ptr_array_index (rows, i);
      AlmConflict *conflict = read_row (row);

      if (conflict == NULL)
        continue;
      g_ptr_array_add (found, conflict);
      name_record (desk, conflict);
      if (!find_command (desk, row->fields, conflict, error))
        return NULL;
    }

  g_ptr_array_sort (found, compare_records);

  return g_steal_pointer (&found);
}
