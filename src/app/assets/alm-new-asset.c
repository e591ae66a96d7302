/* SPDX-License-Identifier: EUPL-1.2 */

/* Makes a new record of one kind.
 *
 * The record goes where its like already are; where there are none, into the
 * first scope that the profile has, else it stays local.
 * Main thread; choose_scope_job() on a reader. */

#include "config.h"

#include "alm-new-asset.h"

#include "alm-error-text.h"
#include "alm-record-form.h"

#include <glib/gi18n.h>

struct _AlmNewAsset
{
  AdwWindow        parent_instance;

  /* Owned */
  AlmWorkbench    *workbench;
  AlmModel        *model;
  AlmValue        *fields;
  GCancellable    *cancellable;

  /* Borrowed from the widget tree */
  AlmRecordForm   *form;

  /* Template children */
  AdwToastOverlay *toasts;
  AdwWindowTitle  *title;
  GtkWidget       *hint_label;
  AdwBin          *form_place;
  GtkWidget       *add_button;
};

G_DEFINE_FINAL_TYPE (AlmNewAsset, alm_new_asset, ADW_TYPE_WINDOW)

static gboolean
take_scope (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  char **scope = user_data;

  *scope = g_strdup (row->scope);

  return FALSE;
}

/* @data: the kind.  "" = none found. */
static gpointer
choose_scope_job (AlmDesk   *desk,
                  gpointer   data,
                  GError   **error)
{
  char *scope = NULL;

  /* The walk ends at the first record, which is no error. */
  if (!alm_desk_each (desk, NULL, data, FALSE, take_scope, &scope, error) && scope == NULL)
    return NULL;

  return scope != NULL ? scope : g_strdup ("");
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmWorkbench) workbench = user_data;
  g_autoptr (AlmRow) row = alm_records_get_finish (ALM_RECORDS (source), result, NULL);

  if (row != NULL)
    alm_selection_select (alm_workbench_get_selection (workbench), row->rid);
}

static void
added_cb (GObject      *owner,
          GArray       *results,
          const GError *error,
          gpointer      user_data)
{
  AlmNewAsset *self = ALM_NEW_ASSET (owner);
  g_autofree char *what = user_data;
  AlmEditResult *result;

  if (error != NULL)
    {
      g_message ("a new record: %s", error->message);
      if (!g_cancellable_is_cancelled (self->cancellable))
        {
          adw_toast_overlay_add_toast (self->toasts, adw_toast_new (alm_error_text (error)));
          gtk_widget_set_sensitive (self->add_button, TRUE);
        }
      return;
    }

  result = &g_array_index (results, AlmEditResult, 0);
  alm_records_get_async (alm_workbench_get_records (self->workbench), &result->id, NULL,
                         found_cb, g_object_ref (self->workbench));
  alm_workbench_say (self->workbench, what, TRUE);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
scope_ready_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmNewAsset) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *scope = NULL;
  g_autoptr (AlmValue) fields = alm_value_copy (self->fields);
  AlmEdit edit = { .op = ALM_OP_NEW };

  scope = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (scope == NULL)
    {
      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (alm_error_text (error)));
      gtk_widget_set_sensitive (self->add_button, TRUE);
      return;
    }

  edit.scope = *scope != '\0' ? scope : NULL;
  edit.kind = alm_model_get_name (self->model);
  edit.set = fields;
  alm_workbench_edit (self->workbench, adw_window_title_get_title (self->title), &edit, 1,
                      G_OBJECT (self), added_cb,
                      g_strdup_printf (_("%s added"),
                                       alm_model_get_title (self->model,
                                                            alm_workbench_language ())));
}

static void
add (GtkWidget  *widget,
     const char *action_name,
     GVariant   *parameter)
{
  AlmNewAsset *self = ALM_NEW_ASSET (widget);
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;

  alm_record_form_commit (self->form);
  if (alm_record_form_is_typing (self->form))
    return;   /* Something does not fit and says so. */
  if (!alm_model_check_fields (self->model, self->fields, &name, &reason))
    {
      AlmFieldRow *row = name != NULL ? alm_record_form_find_row (self->form, name) : NULL;

      g_message ("a new record: %s: %s", name, reason);
      if (row != NULL)
        alm_field_row_set_error (row, _("This must not be empty."));
      return;
    }

  gtk_widget_set_sensitive (self->add_button, FALSE);
  alm_records_read_async (alm_workbench_get_records (self->workbench), choose_scope_job,
                          g_strdup (alm_model_get_name (self->model)), g_free, g_free,
                          self->cancellable, scope_ready_cb, g_object_ref (self));
}

static void
field_edited_cb (AlmNewAsset *self,
                 const char  *name,
                 AlmValue    *value)
{
  AlmFieldRow *row = alm_record_form_find_row (self->form, name);

  alm_value_set (self->fields, name, value != NULL ? alm_value_ref (value) : NULL);
  alm_field_row_set_value (row, value);
}

static void
alm_new_asset_dispose (GObject *object)
{
  AlmNewAsset *self = ALM_NEW_ASSET (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_new_asset_parent_class)->dispose (object);
}

static void
alm_new_asset_finalize (GObject *object)
{
  AlmNewAsset *self = ALM_NEW_ASSET (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->fields, alm_value_unref);

  G_OBJECT_CLASS (alm_new_asset_parent_class)->finalize (object);
}

static void
alm_new_asset_class_init (AlmNewAssetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_new_asset_dispose;
  object_class->finalize = alm_new_asset_finalize;

  gtk_widget_class_install_action (widget_class, "new-asset.add", NULL, add);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "new-asset.add", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/assets/new-asset.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmNewAsset, toasts);
  gtk_widget_class_bind_template_child (widget_class, AlmNewAsset, title);
  gtk_widget_class_bind_template_child (widget_class, AlmNewAsset, hint_label);
  gtk_widget_class_bind_template_child (widget_class, AlmNewAsset, form_place);
  gtk_widget_class_bind_template_child (widget_class, AlmNewAsset, add_button);
}

static void
alm_new_asset_init (AlmNewAsset *self)
{
  self->cancellable = g_cancellable_new ();
  self->fields = alm_value_new_object ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_new_asset_new (AlmWorkbench *workbench,
                   AlmModel     *model)
{
  AlmNewAsset *self;
  g_autofree char *title = NULL;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (ALM_TYPE_NEW_ASSET, NULL);
  self->workbench = g_object_ref (workbench);
  self->model = alm_model_ref (model);
  self->form = ALM_RECORD_FORM (alm_record_form_new (workbench));
  adw_bin_set_child (self->form_place, GTK_WIDGET (self->form));
  g_signal_connect_object (self->form, "edited", G_CALLBACK (field_edited_cb), self,
                           G_CONNECT_SWAPPED);
  /* Translators: %s is a kind, "Tree". */
  title = g_strdup_printf (_("New: %s"), alm_model_get_title (model, alm_workbench_language ()));
  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_widget_set_visible (self->hint_label, alm_model_find_role (model, ALM_ROLE_GEOMETRY) != NULL);
  alm_record_form_set_model (self->form, model);
  alm_record_form_set_fields (self->form, self->fields, FALSE);

  return GTK_WIDGET (self);
}

void
alm_new_asset_begin (AlmWorkbench *workbench,
                     AlmModel     *model,
                     GtkWindow    *parent)
{
  GtkWidget *dialog = alm_new_asset_new (workbench, model);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), parent);
  gtk_window_present (GTK_WINDOW (dialog));
}
