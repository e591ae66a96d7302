/* SPDX-License-Identifier: EUPL-1.2 */

/* A field that points to another record.
 * Main thread; name_job() on a reader. */

#include "config.h"

#include "alm-reference-entry.h"

#include "alm-links.h"
#include "alm-record-picker.h"

#include <glib/gi18n.h>

struct _AlmReferenceEntry
{
  GtkWidget       parent_instance;

  /* Owned */
  AlmWorkbench   *workbench;
  char           *id;            /* NULL: none */
  GCancellable   *naming;        /* of the read of its label; NULL */

  /* Borrowed */
  const AlmField *field;

  gint64          rid;           /* 0: it is not here */

  /* Children, owned by the widget tree */
  GtkWidget      *open_button;
  GtkWidget      *open_label;
  GtkWidget      *none_label;
  GtkWidget      *choose_button;
  GtkWidget      *clear_button;
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmReferenceEntry, alm_reference_entry, GTK_TYPE_WIDGET)

static const char *
get_title (AlmReferenceEntry *self)
{
  return alm_field_get_title (self->field, alm_workbench_language ());
}

/* @text: (transfer full) */
static void
name_button (GtkWidget *button,
             char      *text)
{
  g_autofree char *name = text;

  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  /* The focus of a menu button sits on the button inside. */
  if (GTK_IS_MENU_BUTTON (button))
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (button)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (button, name);
}

static void
show_label (AlmReferenceEntry *self,
            const char        *label)
{
  /* Translators: a field and the object in it: "Playground: Am Kranich". */
  g_autofree char *name = g_strdup_printf (_("%s: %s"), get_title (self), label);

  gtk_label_set_text (GTK_LABEL (self->open_label), label);
  gtk_widget_set_sensitive (self->open_button, self->rid != 0);
  gtk_widget_set_tooltip_text (self->open_button, self->rid != 0
                                                  ? _("Show this object")
                                                  : _("This object is not here"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->open_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_state (AlmReferenceEntry *self)
{
  gboolean some = self->id != NULL;

  gtk_widget_set_visible (self->open_button, some);
  gtk_widget_set_visible (self->none_label, !some);
  gtk_widget_set_visible (self->clear_button, some && !self->field->required);
}

/* @data: AlmId */
static gpointer
name_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_link_read (desk, data, error);
}

static void
named_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmReferenceEntry) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmLink) link = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  /* Disposed, or it points elsewhere by now. */
  if (link == NULL || self->open_button == NULL ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->rid = link->rid;
  show_label (self, link->label);
}

static void
stop_naming (AlmReferenceEntry *self)
{
  if (self->naming != NULL)
    g_cancellable_cancel (self->naming);
  g_clear_object (&self->naming);
}

static void
read_name (AlmReferenceEntry *self)
{
  AlmId id;

  stop_naming (self);
  if (self->id == NULL || !alm_id_parse (&id, self->id))
    return;
  self->naming = g_cancellable_new ();
  alm_records_read_async (alm_workbench_get_records (self->workbench), name_job,
                          g_memdup2 (&id, sizeof id), g_free, (GDestroyNotify) alm_link_free,
                          self->naming, named_cb, g_object_ref (self));
}

static void
set_id (AlmReferenceEntry *self,
        const char        *id)
{
  if (g_strcmp0 (id, self->id) != 0)
    {
      char *copy = g_strdup (id);

      g_free (self->id);
      self->id = copy;
      self->rid = 0;
      show_label (self, "…");
    }
  show_state (self);
  read_name (self);
}

static void
opened_cb (AlmReferenceEntry *self)
{
  if (self->rid != 0)
    alm_selection_select (alm_workbench_get_selection (self->workbench), self->rid);
}

static void
picked_cb (AlmReferenceEntry *self,
           const char        *id)
{
  g_autoptr (AlmValue) value = alm_value_new_text (id);

  if (g_strcmp0 (id, self->id) == 0)
    return;
  set_id (self, id);
  g_signal_emit (self, signals[CHOSEN], 0, value);
}

static void
cleared_cb (AlmReferenceEntry *self)
{
  set_id (self, NULL);
  gtk_widget_grab_focus (self->choose_button);
  g_signal_emit (self, signals[CHOSEN], 0, NULL);
}

static void
alm_reference_entry_dispose (GObject *object)
{
  AlmReferenceEntry *self = ALM_REFERENCE_ENTRY (object);
  GtkWidget *child;

  stop_naming (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->open_button = NULL;

  G_OBJECT_CLASS (alm_reference_entry_parent_class)->dispose (object);
}

static void
alm_reference_entry_finalize (GObject *object)
{
  AlmReferenceEntry *self = ALM_REFERENCE_ENTRY (object);

  g_clear_object (&self->workbench);
  g_free (self->id);

  G_OBJECT_CLASS (alm_reference_entry_parent_class)->finalize (object);
}

static void
alm_reference_entry_class_init (AlmReferenceEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_reference_entry_dispose;
  object_class->finalize = alm_reference_entry_finalize;

  signals[CHOSEN] =
    g_signal_new ("chosen", ALM_TYPE_REFERENCE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
build_open_button (AlmReferenceEntry *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->open_label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->open_label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->open_label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->open_label, TRUE);
  gtk_box_append (GTK_BOX (box), self->open_label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("go-next-symbolic"));

  self->open_button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->open_button), box);
  gtk_widget_set_hexpand (self->open_button, TRUE);
  g_signal_connect_swapped (self->open_button, "clicked", G_CALLBACK (opened_cb), self);
  gtk_widget_set_parent (self->open_button, GTK_WIDGET (self));
}

static void
alm_reference_entry_init (AlmReferenceEntry *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  build_open_button (self);

  self->none_label = gtk_label_new (_("Not stated"));
  gtk_label_set_xalign (GTK_LABEL (self->none_label), 0);
  gtk_widget_set_hexpand (self->none_label, TRUE);
  gtk_widget_add_css_class (self->none_label, "dim-label");
  gtk_widget_set_parent (self->none_label, GTK_WIDGET (self));

  self->choose_button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->choose_button), "edit-find-symbolic");
  gtk_widget_set_parent (self->choose_button, GTK_WIDGET (self));

  self->clear_button = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (cleared_cb), self);
  gtk_widget_set_parent (self->clear_button, GTK_WIDGET (self));
}

GtkWidget *
alm_reference_entry_new (AlmWorkbench   *workbench,
                         const AlmField *field)
{
  AlmReferenceEntry *self;
  GtkWidget *picker;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (field != NULL, NULL);

  self = g_object_new (ALM_TYPE_REFERENCE_ENTRY, NULL);
  self->workbench = g_object_ref (workbench);
  self->field = field;
  picker = alm_record_picker_new (workbench, field->collection);
  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->choose_button), picker);
  /* Translators: %s is a field that points to an object, "Playground". */
  name_button (self->choose_button, g_strdup_printf (_("Choose: %s"), get_title (self)));
  name_button (self->clear_button, g_strdup_printf (_("Take away: %s"), get_title (self)));
  show_state (self);

  return GTK_WIDGET (self);
}

void
alm_reference_entry_set_value (AlmReferenceEntry *self,
                               const AlmValue    *value)
{
  const char *id = value != NULL && alm_value_is (value, ALM_VALUE_TEXT)
                   ? alm_value_get_text (value) : NULL;

  g_return_if_fail (ALM_IS_REFERENCE_ENTRY (self));

  set_id (self, id);
}

void
alm_reference_entry_set_editable (AlmReferenceEntry *self,
                                  gboolean           editable)
{
  g_return_if_fail (ALM_IS_REFERENCE_ENTRY (self));

  gtk_widget_set_sensitive (self->choose_button, editable);
  gtk_widget_set_sensitive (self->clear_button, editable);
}
