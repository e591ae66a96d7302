/* SPDX-License-Identifier: EUPL-1.2 */

/* The form of one record: a section for what the model lists, one for what
 * came along with an import.  The geometry has its own place in the inspector.
 *
 * Invariant: rows has one AlmFieldRow for each field of the model that is shown,
 * in the model's order.
 * Main thread. */

#include "config.h"

#include "alm-record-form.h"

#include <glib/gi18n.h>

struct _AlmRecordForm
{
  GtkWidget     parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  AlmModel     *model;
  GPtrArray    *rows;      /* (element-type AlmFieldRow), borrowed from the widget tree */
};

enum {
  EDITED,
  CONFLICT_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmRecordForm, alm_record_form, GTK_TYPE_WIDGET)

static void
row_edited_cb (AlmRecordForm *self,
               AlmValue      *value,
               AlmFieldRow   *row)
{
  g_signal_emit (self, signals[EDITED], 0, alm_field_row_get_field (row)->name, value);
}

static void
row_conflict_cb (AlmRecordForm *self,
                 AlmFieldRow   *row)
{
  g_signal_emit (self, signals[CONFLICT_ACTIVATED], 0, alm_field_row_get_field (row)->name,
                 alm_field_row_get_mark (row));
}

static gboolean
is_shown (const AlmField *field)
{
  return field->type != ALM_FIELD_GEOMETRY;
}

static void
empty_form (AlmRecordForm *self)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->rows, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
fill_form (AlmRecordForm *self)
{
  guint n_fields = alm_model_get_n_fields (self->model);

  for (guint i = 0; i < n_fields; i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);
      GtkWidget *row;

      if (!is_shown (field))
        continue;
      row = alm_field_row_new (self->workbench, self->model, field);
      g_signal_connect_object (row, "edited", G_CALLBACK (row_edited_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "conflict-activated", G_CALLBACK (row_conflict_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_set_parent (row, GTK_WIDGET (self));
      g_ptr_array_add (self->rows, row);
    }
}

static gboolean
is_named (const char *const *names,
          const char        *name)
{
  return names != NULL && g_strv_contains (names, name);
}

/* A field with nothing in it that nobody can fill says nothing. */
static void
show_row (AlmFieldRow *row,
          gboolean     filled)
{
  gtk_widget_set_visible (GTK_WIDGET (row), filled || !alm_field_row_is_fixed (row));
}

static void
alm_record_form_dispose (GObject *object)
{
  empty_form (ALM_RECORD_FORM (object));

  G_OBJECT_CLASS (alm_record_form_parent_class)->dispose (object);
}

static void
alm_record_form_finalize (GObject *object)
{
  AlmRecordForm *self = ALM_RECORD_FORM (object);

  g_clear_object (&self->workbench);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_record_form_parent_class)->finalize (object);
}

static void
alm_record_form_class_init (AlmRecordFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_record_form_dispose;
  object_class->finalize = alm_record_form_finalize;

  signals[EDITED] =
    g_signal_new ("edited", ALM_TYPE_RECORD_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signals[CONFLICT_ACTIVATED] =
    g_signal_new ("conflict-activated", ALM_TYPE_RECORD_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, GTK_TYPE_WIDGET);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
alm_record_form_init (AlmRecordForm *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->rows = g_ptr_array_new ();
}

GtkWidget *
alm_record_form_new (AlmWorkbench *workbench)
{
  AlmRecordForm *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_RECORD_FORM, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_record_form_set_model (AlmRecordForm *self,
                           AlmModel      *model)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  if (model == self->model)
    return;

  empty_form (self);
  g_clear_pointer (&self->model, alm_model_unref);
  if (model != NULL)
    {
      self->model = alm_model_ref (model);
      fill_form (self);
    }
}

void
alm_record_form_set_fields (AlmRecordForm  *self,
                            const AlmValue *fields,
                            gboolean        same)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      AlmFieldRow *row = g_ptr_array_index (self->rows, i);
      AlmValue *value = alm_value_get (fields, alm_field_row_get_field (row)->name);

      if (!same)
        alm_field_row_revert (row);
      alm_field_row_set_value (row, value);
      show_row (row, value != NULL);
    }
}

void
alm_record_form_set_waiting (AlmRecordForm     *self,
                             const char *const *names)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      AlmFieldRow *row = g_ptr_array_index (self->rows, i);

      alm_field_row_set_waiting (row, is_named (names, alm_field_row_get_field (row)->name));
    }
}

void
alm_record_form_set_conflicts (AlmRecordForm     *self,
                               const char *const *names)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      AlmFieldRow *row = g_ptr_array_index (self->rows, i);
      const AlmField *field = alm_field_row_get_field (row);

      /* A conflict of a group of fields stands at each of them. */
      alm_field_row_set_conflict (row, is_named (names, field->name) ||
                                       (field->group != NULL && is_named (names, field->group)));
    }
}

/* Where some fields may be changed, one that may not says why. */
void
alm_record_form_set_writes (AlmRecordForm *self,
                            guint          classes)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    {
      AlmFieldRow *row = g_ptr_array_index (self->rows, i);
      gboolean editable = (alm_field_row_get_field (row)->class_ & classes) != 0;

      alm_field_row_set_editable (row, editable);
      gtk_widget_set_tooltip_text (GTK_WIDGET (row), classes == 0 || editable
                                   ? NULL : _("You may only read this field."));
    }
}

/* NULL where the form has no such field. */
AlmFieldRow *
alm_record_form_find_row (AlmRecordForm *self,
                          const char    *name)
{
  g_return_val_if_fail (ALM_IS_RECORD_FORM (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      AlmFieldRow *row = g_ptr_array_index (self->rows, i);

      if (g_strcmp0 (alm_field_row_get_field (row)->name, name) == 0)
        return row;
    }

  return NULL;
}

gboolean
alm_record_form_is_typing (AlmRecordForm *self)
{
  g_return_val_if_fail (ALM_IS_RECORD_FORM (self), FALSE);

  for (guint i = 0; i < self->rows->len; i++)
    if (alm_field_row_is_typing (g_ptr_array_index (self->rows, i)))
      return TRUE;

  return FALSE;
}

void
alm_record_form_commit (AlmRecordForm *self)
{
  g_return_if_fail (ALM_IS_RECORD_FORM (self));

  for (guint i = 0; i < self->rows->len; i++)
    alm_field_row_commit (g_ptr_array_index (self->rows, i));
}
