/* SPDX-License-Identifier: EUPL-1.2 */

/* Finding a record of one kind by what is typed.
 * Main thread; find_job() on a reader. */

#include "config.h"

#include "alm-record-picker.h"

#include "alm-links.h"
#include "alm-list-keys.h"

#include <glib/gi18n.h>

struct _AlmRecordPicker
{
  GtkPopover     parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  char          *kind;         /* NULL: every kind */
  GCancellable  *cancellable;
  GCancellable  *finding;      /* of the newest search; NULL */

  /* Children, owned by the widget tree */
  GtkWidget     *entry;
  GtkWidget     *scroller;
  GtkListBox    *list;
  GtkWidget     *nothing_label;
};

enum {
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmRecordPicker, alm_record_picker, GTK_TYPE_POPOVER)

#define MOST_SHOWN 50

typedef struct
{
  char *kind;
  char *text;
} Query;

static void
query_free (Query *query)
{
  g_free (query->kind);
  g_free (query->text);
  g_free (query);
}

/* @data: Query */
static gpointer
find_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  const Query *query = data;

  return alm_links_find (desk, query->kind, query->text, MOST_SHOWN, error);
}

static GtkWidget *
row_new (AlmRecordPicker *self,
         const AlmLink   *link)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (link->label);
  char *id = alm_id_to_text (&link->id);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (texts), label);
  if (self->kind == NULL && link->model != NULL)
    {
      GtkWidget *kind = gtk_label_new (alm_model_get_title (link->model,
                                                            alm_workbench_language ()));

      gtk_label_set_xalign (GTK_LABEL (kind), 0);
      gtk_widget_add_css_class (kind, "field-hint");
      gtk_box_append (GTK_BOX (texts), kind);
    }
  gtk_widget_add_css_class (row, "search-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), texts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, link->label, -1);
  g_object_set_data_full (G_OBJECT (row), "id", id, g_free);

  return row;
}

static void
show_found (AlmRecordPicker *self,
            GPtrArray       *links)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < links->len; i++)
    gtk_list_box_append (self->list, row_new (self, g_ptr_array_index (links, i)));

  gtk_label_set_text (GTK_LABEL (self->nothing_label),
                      *typed != '\0' ? _("Nothing was found.")
                                     : _("Type a part of the name or number."));
  gtk_widget_set_visible (self->scroller, links->len > 0);
  gtk_widget_set_visible (self->nothing_label, links->len == 0);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmRecordPicker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (links == NULL)
    alm_workbench_say_error (self->workbench, error);
  else
    show_found (self, links);
}

static void
look (AlmRecordPicker *self)
{
  Query *query = g_new0 (Query, 1);

  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  self->finding = g_cancellable_new ();
  query->kind = g_strdup (self->kind);
  query->text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  alm_records_read_async (alm_workbench_get_records (self->workbench), find_job, query,
                          (GDestroyNotify) query_free, (GDestroyNotify) g_ptr_array_unref,
                          self->finding, found_cb, g_object_ref (self));
}

static void
shown_cb (AlmRecordPicker *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  look (self);
  gtk_widget_grab_focus (self->entry);
}

static void
pick (AlmRecordPicker *self,
      GtkListBoxRow   *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[PICKED], 0, id);
}

/* Enter takes the first one. */
static void
activated_cb (AlmRecordPicker *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  if (row != NULL && gtk_widget_get_visible (self->scroller))
    pick (self, row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  AlmRecordPicker *self = user_data;

  return keyval == GDK_KEY_Down &&
         gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
alm_record_picker_dispose (GObject *object)
{
  AlmRecordPicker *self = ALM_RECORD_PICKER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);

  G_OBJECT_CLASS (alm_record_picker_parent_class)->dispose (object);
}

static void
alm_record_picker_finalize (GObject *object)
{
  AlmRecordPicker *self = ALM_RECORD_PICKER (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->finding);
  g_free (self->kind);

  G_OBJECT_CLASS (alm_record_picker_parent_class)->finalize (object);
}

static void
alm_record_picker_class_init (AlmRecordPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_record_picker_dispose;
  object_class->finalize = alm_record_picker_finalize;

  signals[PICKED] =
    g_signal_new ("picked", ALM_TYPE_RECORD_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
build_list (AlmRecordPicker *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "search-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Found"), -1);
  alm_list_keys_attach (GTK_WIDGET (self->list));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (pick), self,
                           G_CONNECT_SWAPPED);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), 280);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->list));
}

static void
alm_record_picker_init (AlmRecordPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->cancellable = g_cancellable_new ();
  self->entry = gtk_search_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search"), -1);
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (look), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (gtk_popover_popdown), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (self->entry, keys);
  build_list (self);
  self->nothing_label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->nothing_label), TRUE);
  gtk_widget_add_css_class (self->nothing_label, "search-nothing");
  gtk_widget_set_visible (self->nothing_label, FALSE);
  gtk_widget_set_visible (self->scroller, FALSE);

  gtk_box_append (GTK_BOX (box), self->entry);
  gtk_box_append (GTK_BOX (box), self->scroller);
  gtk_box_append (GTK_BOX (box), self->nothing_label);
  gtk_widget_set_size_request (box, 280, -1);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  g_signal_connect (self, "show", G_CALLBACK (shown_cb), NULL);
}

GtkWidget *
alm_record_picker_new (AlmWorkbench *workbench,
                       const char   *kind)
{
  AlmRecordPicker *self;
  g_autoptr (AlmModel) model = NULL;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_RECORD_PICKER, NULL);
  self->workbench = g_object_ref (workbench);
  self->kind = g_strdup (kind);
  if (kind != NULL)
    model = alm_records_get_model (alm_workbench_get_records (workbench), kind);
  if (model != NULL)
    g_object_set (self->entry, "placeholder-text",
                  alm_model_get_plural (model, alm_workbench_language ()), NULL);

  return GTK_WIDGET (self);
}
