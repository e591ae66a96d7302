/* SPDX-License-Identifier: EUPL-1.2 */

/* What a person does: an edit becomes a command and the record it changes, in
 * one transaction with the derived rows (sync.md, sections 3.2 and 4.4).
 *
 * Invariants:
 *   1. An edit that changes nothing writes nothing and takes no number.
 *   2. A command's `set` holds the fields that really change, a JSON null for one
 *      that goes; `old` what was shown in each of them, the whole group if one
 *      of a group changes.
 *   3. All edits of a call are done, or none.
 * alm-desk-check.c says what is allowed. */

#include "config.h"

#include "alm-desk-overlay-private.h"
#include "alm-desk-private.h"

#include "alm-merge.h"
#include "alm-plant.h"
#include "alm-store-error.h"

#include <math.h>
#include <string.h>

static gboolean
is_null (const AlmValue *value)
{
  return value == NULL || alm_value_is (value, ALM_VALUE_NULL);
}

/* Equal, where absent and null are the same. */
static gboolean
same_value (const AlmValue *a,
            const AlmValue *b)
{
  if (is_null (a) || is_null (b))
    return is_null (a) && is_null (b);

  return alm_value_equal (a, b);
}

/* A copy of @fields without the member @name. */
static AlmValue *
without (const AlmValue *fields,
         const char     *name)
{
  AlmValue *rest = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (fields); i++)
    if (strcmp (alm_value_get_key (fields, i), name) != 0)
      alm_value_set (rest, alm_value_get_key (fields, i),
                     alm_value_ref (alm_value_get_item (fields, i)));

  return rest;
}

/* @fields: owned by us alone, so that it may be changed. */
static void
set_field (AlmValue       **fields,
           const char      *name,
           const AlmValue  *value)
{
  AlmValue *rest;

  if (!is_null (value))
    {
      alm_value_set (*fields, name, alm_value_ref ((AlmValue *) value));
      return;
    }

  if (alm_value_get (*fields, name) == NULL)
    return;

  rest = without (*fields, name);
  alm_value_unref (*fields);
  *fields = rest;
}

/* Are these the same element of a list?  Objects with an `id` by that. */
static gboolean
same_element (const AlmValue *a,
              const AlmValue *b)
{
  const AlmValue *id_a = alm_value_is (a, ALM_VALUE_OBJECT) ? alm_value_get (a, "id") : NULL;
  const AlmValue *id_b = alm_value_is (b, ALM_VALUE_OBJECT) ? alm_value_get (b, "id") : NULL;

  if (id_a != NULL && id_b != NULL)
    return alm_value_equal (id_a, id_b);

  return alm_value_equal (a, b);
}

static int
compare_canonical (gconstpointer a,
                   gconstpointer b)
{
  g_autofree char *text_a = alm_value_to_text (*(AlmValue **) a);
  g_autofree char *text_b = alm_value_to_text (*(AlmValue **) b);

  return strcmp (text_a, text_b);
}

/* @now without the elements of @gone, then with those of @come; sets are kept in
 * canonical order (sync.md, section 4.2). */
static AlmValue *
change_list (const AlmValue *now,
             const AlmValue *gone,
             const AlmValue *come,
             gboolean        is_set)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; now != NULL && i < alm_value_get_size (now); i++)
    {
      AlmValue *item = alm_value_get_item (now, i);
      gboolean keep = TRUE;

      for (guint j = 0; keep && gone != NULL && j < alm_value_get_size (gone); j++)
        keep = !same_element (item, alm_value_get_item (gone, j));
      for (guint j = 0; keep && come != NULL && j < alm_value_get_size (come); j++)
        keep = !same_element (item, alm_value_get_item (come, j));
      if (keep)
        g_ptr_array_add (items, item);
    }
  for (guint j = 0; come != NULL && j < alm_value_get_size (come); j++)
    g_ptr_array_add (items, alm_value_get_item (come, j));

  if (is_set)
    g_ptr_array_sort (items, compare_canonical);
  for (guint i = 0; i < items->len; i++)
    alm_value_append (list, alm_value_ref (items->pdata[i]));

  return list;
}

static AlmValue *
add_numbers (const AlmValue *now,
             const AlmValue *more)
{
  double a = is_null (now) ? 0 : alm_value_get_double (now);
  double b = alm_value_get_double (more);

  /* As a counter counts: in millionths, so that 0.1 + 0.2 is 0.3. */
  if (fabs (a) < 1e9 && fabs (b) < 1e9)
    return alm_value_new_double (round ((a + b) * 1e6) / 1e6);

  return alm_value_new_double (a + b);
}

/* "add" and "drop" of the edit lines. */
static gboolean
change_by (AlmDesk        *self,
           const AlmRow   *row,
           AlmValue      **fields,
           const AlmValue *members,
           gboolean        add,
           GError        **error)
{
  AlmModel *model = alm_desk_get_model (self, row->kind);

  for (guint i = 0; members != NULL && i < alm_value_get_size (members); i++)
    {
      const char *name = alm_value_get_key (members, i);
      const AlmValue *now = alm_value_get (*fields, name);
      const AlmValue *by = alm_value_get_item (members, i);
      const AlmField *field = model != NULL ? alm_model_find_field (model, name) : NULL;
      gboolean is_set = field != NULL && field->merge == ALM_MERGE_SET;
      g_autoptr (AlmValue) next = NULL;

      if (alm_value_is (by, ALM_VALUE_LIST)
          && (is_null (now) || alm_value_is (now, ALM_VALUE_LIST)))
        next = change_list (is_null (now) ? NULL : now, add ? NULL : by, add ? by : NULL, is_set);
      else if (add && alm_value_is_number (by) && (is_null (now) || alm_value_is_number (now)))
        next = add_numbers (now, by);
      else
        {
          g_set_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT,
                       "field '%s': cannot %s this value", name, add ? "add" : "drop");
          return FALSE;
        }
      set_field (fields, name, next);
    }

  return TRUE;
}

/* The elements of a set stand in canonical order, whoever has typed them in. */
static void
sort_sets (const AlmModel  *model,
           AlmValue       **fields,
           const AlmValue  *set)
{
  for (guint i = 0; model != NULL && i < alm_value_get_size (set); i++)
    {
      const char *name = alm_value_get_key (set, i);
      const AlmField *field = alm_model_find_field (model, name);
      const AlmValue *list = alm_value_get (*fields, name);
      g_autoptr (AlmValue) sorted = NULL;

      if (field == NULL || field->merge != ALM_MERGE_SET || !alm_value_is (list, ALM_VALUE_LIST))
        continue;

      sorted = change_list (list, NULL, NULL, TRUE);
      set_field (fields, name, sorted);
    }
}

/* The fields as the edit wants them; (transfer full). */
static AlmValue *
want_fields (AlmDesk        *self,
             const AlmRow   *row,
             const AlmEdit  *edit,
             GError        **error)
{
  g_autoptr (AlmValue) fields = alm_value_copy (row->fields);

  for (guint i = 0; edit->set != NULL && i < alm_value_get_size (edit->set); i++)
    set_field (&fields, alm_value_get_key (edit->set, i), alm_value_get_item (edit->set, i));
  sort_sets (alm_desk_get_model (self, row->kind), &fields, edit->set);

  if (!change_by (self, row, &fields, edit->add, TRUE, error)
      || !change_by (self, row, &fields, edit->drop, FALSE, error))
    return NULL;

  return g_steal_pointer (&fields);
}

static void
note_difference (AlmValue        *set,
                 AlmValue        *old,
                 const AlmValue  *before,
                 const AlmValue  *after,
                 const char      *name)
{
  AlmValue *was = alm_value_get (before, name);
  AlmValue *is = alm_value_get (after, name);

  alm_value_set (set, name, is != NULL ? alm_value_ref (is) : alm_value_new_null ());
  if (was != NULL)
    alm_value_set (old, name, alm_value_ref (was));
}

/* A group travels whole: one changed field takes the others with it. */
static void
complete_groups (const AlmModel  *model,
                 const AlmValue  *before,
                 const AlmValue  *after,
                 AlmValue        *set,
                 AlmValue        *old)
{
  g_autoptr (AlmValue) changed = alm_value_copy (set);

  for (guint i = 0; i < alm_value_get_size (changed); i++)
    {
      const AlmField *field = alm_model_find_field (model, alm_value_get_key (changed, i));

      if (field == NULL || field->group == NULL)
        continue;

      for (guint j = 0; j < alm_model_get_n_fields (model); j++)
        {
          const AlmField *other = alm_model_get_field (model, j);

          if (g_strcmp0 (other->group, field->group) == 0
              && alm_value_get (set, other->name) == NULL
              && (alm_value_get (before, other->name) != NULL
                  || alm_value_get (after, other->name) != NULL))
            note_difference (set, old, before, after, other->name);
        }
    }
}

/* Fills @command's set and old with what differs; FALSE: nothing does. */
gboolean
alm_desk_compare (AlmDesk         *self,
                  const char      *kind,
                  const AlmValue  *before,
                  const AlmValue  *after,
                  AlmCommand      *command)
{
  AlmModel *model = alm_desk_get_model (self, kind);
  g_autoptr (AlmValue) set = alm_value_new_object ();
  g_autoptr (AlmValue) old = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (after); i++)
    {
      const char *name = alm_value_get_key (after, i);

      if (!same_value (alm_value_get (before, name), alm_value_get_item (after, i)))
        note_difference (set, old, before, after, name);
    }
  for (guint i = 0; i < alm_value_get_size (before); i++)
    {
      const char *name = alm_value_get_key (before, i);

      if (alm_value_get (after, name) == NULL)
        note_difference (set, old, before, after, name);
    }

  if (alm_value_get_size (set) == 0)
    return FALSE;

  if (model != NULL)
    complete_groups (model, before, after, set, old);
  command->set = g_steal_pointer (&set);
  command->old = g_steal_pointer (&old);

  return TRUE;
}

/* Gives the command its number and writes it. */
gboolean
alm_desk_write_command (AlmDesk       *self,
                        AlmCommand    *command,
                        const AlmRow  *row,
                        GError       **error)
{
  gboolean local = strcmp (row->scope, "local") == 0;

  command->n = local ? 0 : alm_desk_take_number (self);

  return alm_desk_append_command (self, command, row->fields, row->scope,
                                  local ? "local" : "waiting", error);
}

static gboolean
do_new (AlmDesk        *self,
        const AlmEdit  *edit,
        AlmEditResult  *result,
        GError        **error)
{
  const char *scope = edit->scope != NULL ? edit->scope : "local";
  g_autoptr (AlmRow) row = g_new0 (AlmRow, 1);
  g_autoptr (AlmCommand) command = NULL;
  g_autoptr (AlmValue) wanted = NULL;

  row->id = result->id;
  row->scope = g_strdup (scope);
  row->kind = g_strdup (edit->kind);
  row->fields = alm_value_new_object ();
  if (!alm_desk_check_place (self, scope, edit->kind, error))
    return FALSE;

  wanted = want_fields (self, row, edit, error);
  if (wanted == NULL
      || !alm_desk_check_rights (self, scope, edit->kind, NULL, wanted, wanted, error)
      || !alm_desk_check_new (self, edit->kind, wanted, error))
    return FALSE;

  command = alm_desk_make_command (self, ALM_OP_NEW, row);
  command->batch = g_strdup (edit->batch);
  command->set = alm_value_ref (wanted);
  alm_value_unref (row->fields);
  row->fields = g_steal_pointer (&wanted);   /* one text for both */
  if (!alm_desk_write_command (self, command, row, error)
      || (!ALM_PLANTED ("new-unshown") && !alm_desk_put (self, row, error)))
    return FALSE;

  result->n = command->n;

  return TRUE;
}

/* "new" of an id that is there: the same thing, adopted by two (sync.md, 3.2). */
static gboolean
do_adopt (AlmDesk        *self,
          const AlmEdit  *edit,
          AlmRow         *row,
          AlmEditResult  *result,
          GError        **error)
{
  const char *scope = edit->scope != NULL ? edit->scope : "local";
  AlmModel *model = alm_desk_get_model (self, row->kind);
  g_autoptr (GPtrArray) conflicts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmCommand) command = NULL;
  g_autoptr (AlmValue) empty = alm_value_new_object ();
  g_autoptr (AlmValue) merged = NULL;

  if (strcmp (row->scope, scope) != 0 || strcmp (row->kind, edit->kind) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   "the id belongs to a record of kind %s in %s", row->kind, row->scope);
      return FALSE;
    }

  if (!alm_desk_check_place (self, scope, edit->kind, error)
      || (edit->set != NULL && !alm_desk_check_change (self, row, edit->set, error)))
    return FALSE;

  merged = alm_merge_fields (model, empty, row->fields,
                             edit->set != NULL ? edit->set : empty, conflicts);
  if (!row->deleted && alm_value_equal (merged, row->fields) && conflicts->len == 0)
    {
      result->same = TRUE;
      return TRUE;
    }
  if (!alm_desk_check_rights (self, scope, row->kind, row->fields, merged, edit->set, error))
    return FALSE;

  command = alm_desk_make_command (self, ALM_OP_NEW, row);
  command->base = 0;
  command->batch = g_strdup (edit->batch);
  command->set = alm_value_ref (edit->set != NULL ? edit->set : empty);
  if (!alm_desk_keep_shadow (self, row, error)
      || !alm_desk_write_command (self, command, row, error))
    return FALSE;

  result->n = command->n;
  row->deleted = FALSE;
  alm_value_unref (row->fields);
  row->fields = g_steal_pointer (&merged);

  return alm_desk_put (self, row, error);
}

static gboolean
do_upd (AlmDesk        *self,
        const AlmEdit  *edit,
        AlmRow         *row,
        AlmEditResult  *result,
        GError        **error)
{
  g_autoptr (AlmCommand) command = alm_desk_make_command (self, edit->op, row);
  g_autoptr (AlmValue) wanted = want_fields (self, row, edit, error);
  gboolean differs;

  if (wanted == NULL)
    return FALSE;

  differs = alm_desk_compare (self, row->kind, row->fields, wanted, command);
  if (!differs && !row->deleted && edit->op == ALM_OP_UPD)
    {
      result->same = TRUE;
      return TRUE;
    }

  if (!alm_desk_check_rights (self, row->scope, row->kind, row->fields, wanted,
                              differs ? command->set : NULL, error)
      || (differs && !alm_desk_check_change (self, row, command->set, error)))
    return FALSE;

  command->batch = g_strdup (edit->batch);
  command->conflict = edit->conflict;
  /* Nothing but that it comes back. */
  if (!differs && edit->op == ALM_OP_UPD)
    command->op = ALM_OP_UNDEL;
  else if (!differs)
    command->set = alm_value_new_object ();
  if (!alm_desk_keep_shadow (self, row, error)
      || !alm_desk_write_command (self, command, row, error))
    return FALSE;

  result->n = command->n;
  if (edit->op == ALM_OP_UPD || differs)
    row->deleted = FALSE;
  alm_value_unref (row->fields);
  row->fields = g_steal_pointer (&wanted);
  if (!alm_desk_put (self, row, error))
    return FALSE;

  /* The question is answered here at once. */
  return edit->op != ALM_OP_RESOLVE || alm_desk_lay_again (self, &edit->conflict, error);
}

static gboolean
do_del (AlmDesk        *self,
        const AlmEdit  *edit,
        AlmRow         *row,
        AlmEditResult  *result,
        GError        **error)
{
  gboolean gone = edit->op == ALM_OP_DEL;
  g_autoptr (AlmCommand) command = NULL;

  if (row->deleted == gone)
    {
      result->same = TRUE;
      return TRUE;
    }

  if (!alm_desk_check_rights (self, row->scope, row->kind, row->fields, row->fields, NULL, error)
      || (gone && !alm_desk_check_brake (self, row, edit->confirm, error)))
    return FALSE;

  command = alm_desk_make_command (self, edit->op, row);
  command->batch = g_strdup (edit->batch);
  command->confirm = gone && edit->confirm;
  if (!alm_desk_keep_shadow (self, row, error)
      || !alm_desk_write_command (self, command, row, error))
    return FALSE;

  result->n = command->n;
  row->deleted = gone;

  return alm_desk_put (self, row, error);
}

gboolean
alm_desk_try_edit (AlmDesk        *self,
                   const AlmEdit  *edit,
                   const AlmRow   *row,
                   gboolean       *same,
                   GError        **error)
{
  g_autoptr (AlmValue) nothing = alm_value_new_object ();
  const AlmRow fresh = { .kind = (char *) edit->kind, .fields = nothing };
  g_autoptr (AlmCommand) command = g_new0 (AlmCommand, 1);
  g_autoptr (AlmValue) wanted = want_fields (self, row != NULL ? row : &fresh, edit, error);

  *same = FALSE;
  if (wanted == NULL)
    return FALSE;
  if (row == NULL)
    return alm_desk_check_new (self, edit->kind, wanted, error);

  *same = !alm_desk_compare (self, row->kind, row->fields, wanted, command);

  return *same || (alm_desk_check_rights (self, row->scope, row->kind, row->fields, wanted,
                                          command->set, error)
                   && alm_desk_check_change (self, row, command->set, error));
}

/* A new record whose id, if it has one, the caller knows to be free. */
gboolean
alm_desk_new_one (AlmDesk        *self,
                  const AlmEdit  *edit,
                  AlmEditResult  *result,
                  GError        **error)
{
  memset (result, 0, sizeof *result);
  result->id = edit->id;
  if (!edit->has_id)
    alm_id_make_v7 (&result->id, alm_clock_now_us (self->clock), &self->random);

  return do_new (self, edit, result, error);
}

/* One edit inside a transaction. */
gboolean
alm_desk_edit_one (AlmDesk        *self,
                   const AlmEdit  *edit,
                   AlmEditResult  *result,
                   GError        **error)
{
  g_autoptr (AlmRow) row = NULL;

  memset (result, 0, sizeof *result);
  result->id = edit->id;
  if (edit->op == ALM_OP_NEW && !edit->has_id)
    alm_id_make_v7 (&result->id, alm_clock_now_us (self->clock), &self->random);
  else if (!alm_desk_load (self, &edit->id, &row, error))
    return FALSE;

  if (edit->op == ALM_OP_NEW)
    return row != NULL ? do_adopt (self, edit, row, result, error)
                       : do_new (self, edit, result, error);

  if (row == NULL)
    {
      g_autofree char *id = alm_id_to_text (&edit->id);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no record %s", id);
      return FALSE;
    }

  if (!alm_desk_check_place (self, row->scope, row->kind, error))
    return FALSE;

  switch (edit->op)
    {
    case ALM_OP_UPD:
    case ALM_OP_RESOLVE:
      return do_upd (self, edit, row, result, error);

    case ALM_OP_DEL:
    case ALM_OP_UNDEL:
      return do_del (self, edit, row, result, error);

    case ALM_OP_NEW:
    case ALM_OP_ERASE:
    default:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this is no edit");
      return FALSE;
    }
}

gboolean
alm_desk_edit (AlmDesk        *self,
               const AlmEdit  *edits,
               guint           n_edits,
               AlmEditResult  *results,
               guint          *failed,
               GError        **error)
{
  if (failed != NULL)
    *failed = 0;
  if (!alm_desk_begin (self, error))
    return FALSE;

  for (guint i = 0; i < n_edits; i++)
    if (!alm_desk_edit_one (self, &edits[i], &results[i], error))
      {
        if (failed != NULL)
          *failed = i;
        alm_desk_rollback (self);
        return FALSE;
      }

  return alm_desk_commit (self, error);
}
