/* SPDX-License-Identifier: EUPL-1.2 */

/* Rows of the form that the inspector has, with the proposal in them.  Main thread. */

#include "config.h"

#include "alm-conflict-editor.h"

#include "alm-field-row.h"

#include <string.h>

struct _AlmConflictEditor
{
  GtkWidget  parent_instance;

  /* Owned */
  AlmModel  *model;
  GPtrArray *rows;        /* (element-type AlmFieldRow), borrowed from the tree */
  AlmValue  *values;      /* what stands in them: by field, null where empty */
  gboolean   group;       /* the question is about several fields */

  /* Children; NULL after dispose */
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (AlmConflictEditor, alm_conflict_editor, GTK_TYPE_WIDGET)

static void
edited_cb (AlmConflictEditor *self,
           AlmValue          *value,
           AlmFieldRow       *row)
{
  alm_value_set (self->values, alm_field_row_get_field (row)->name,
                 value != NULL ? alm_value_ref (value) : alm_value_new_null ());
}

/* @start: nullable */
static void
add_row (AlmConflictEditor *self,
         AlmWorkbench      *workbench,
         const AlmField    *field,
         AlmValue          *start)
{
  GtkWidget *row = alm_field_row_new (workbench, self->model, field);

  alm_value_set (self->values, field->name,
                 start != NULL ? alm_value_ref (start) : alm_value_new_null ());
  alm_field_row_set_value (ALM_FIELD_ROW (row),
                           alm_value_is (start, ALM_VALUE_NULL) ? NULL : start);
  g_signal_connect_object (row, "edited", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  gtk_box_append (GTK_BOX (self->box), row);
}

static gboolean
can_be_typed (const AlmField *field)
{
  return field->type != ALM_FIELD_GEOMETRY && !field->read_only;
}

static void
add_rows (AlmConflictEditor *self,
          AlmWorkbench      *workbench,
          const AlmConflict *conflict)
{
  const AlmField *one = alm_model_find_field (self->model, conflict->field);

  if (one != NULL && can_be_typed (one))
    add_row (self, workbench, one, conflict->mine);
  for (guint i = 0; one == NULL && i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (g_strcmp0 (field->group, conflict->field) != 0 || !can_be_typed (field))
        continue;
      self->group = TRUE;
      add_row (self, workbench, field,
               alm_value_is (conflict->mine, ALM_VALUE_OBJECT)
               ? alm_value_get (conflict->mine, field->name) : NULL);
    }
}

static void
alm_conflict_editor_dispose (GObject *object)
{
  AlmConflictEditor *self = ALM_CONFLICT_EDITOR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_conflict_editor_parent_class)->dispose (object);
}

static void
alm_conflict_editor_finalize (GObject *object)
{
  AlmConflictEditor *self = ALM_CONFLICT_EDITOR (object);

  g_clear_pointer (&self->model, alm_model_unref);
  g_ptr_array_unref (self->rows);
  alm_value_unref (self->values);

  G_OBJECT_CLASS (alm_conflict_editor_parent_class)->finalize (object);
}

static void
alm_conflict_editor_class_init (AlmConflictEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_conflict_editor_dispose;
  object_class->finalize = alm_conflict_editor_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
alm_conflict_editor_init (AlmConflictEditor *self)
{
  self->rows = g_ptr_array_new ();
  self->values = alm_value_new_object ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
alm_conflict_editor_new (AlmWorkbench      *workbench,
                         AlmModel          *model,
                         const AlmConflict *conflict)
{
  AlmConflictEditor *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (conflict != NULL, NULL);

  /* An element of a list or a member of an object is no field of its own. */
  if (model == NULL || *conflict->field == '\0' || conflict->part)
    return NULL;

  self = g_object_new (ALM_TYPE_CONFLICT_EDITOR, NULL);
  self->model = alm_model_ref (model);
  add_rows (self, workbench, conflict);
  if (self->rows->len == 0)
    {
      g_object_ref_sink (self);
      g_object_unref (self);
      return NULL;
    }

  return GTK_WIDGET (self);
}

AlmValue *
alm_conflict_editor_take (AlmConflictEditor *self)
{
  g_return_val_if_fail (ALM_IS_CONFLICT_EDITOR (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (!alm_field_row_commit (self->rows->pdata[i]))
      return NULL;

  if (self->group)
    return alm_value_copy (self->values);

  return alm_value_ref (alm_value_get_item (self->values, 0));
}
