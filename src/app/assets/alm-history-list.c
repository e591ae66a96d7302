/* SPDX-License-Identifier: EUPL-1.2 */

/* Who changed what of one record: what this workplace did, newest first, with a
 * way back for each step.
 * Main thread; list_job() on a reader, undo_job() on the writer. */

#include "config.h"

#include "alm-history-list.h"

#include "alm-change-text.h"
#include "alm-moment-text.h"

#include <glib/gi18n.h>

struct _AlmHistoryList
{
  GtkWidget      parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  AlmModel      *model;         /* of the record; NULL */
  GCancellable  *cancellable;
  GCancellable  *reading;

  /* Children */
  GtkWidget     *box;
};

G_DEFINE_FINAL_TYPE (AlmHistoryList, alm_history_list, GTK_TYPE_WIDGET)

/* So many lines are read; more nobody scrolls through. */
#define MOST_SHOWN 30

/* @data: AlmId */
static gpointer
list_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_desk_list_commands (desk, ALM_COMMANDS_ALL, data, error);
}

/* @data: gint64*, the command's number */
static gpointer
undo_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return GINT_TO_POINTER (alm_desk_undo (desk, *(gint64 *) data, NULL, NULL, NULL, error));
}

static void
undo_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &error) == NULL)
    alm_workbench_say_error (self->workbench, error);
  else
    alm_workbench_say (self->workbench, _("The change was undone"), TRUE);
}

static void
undo_clicked_cb (AlmHistoryList *self,
                 GtkWidget      *button)
{
  gint64 *n = g_object_get_data (G_OBJECT (button), "n");

  gtk_widget_set_sensitive (button, FALSE);
  alm_records_write_async (alm_workbench_get_records (self->workbench), undo_job,
                           g_memdup2 (n, sizeof *n), g_free, NULL, undo_ready_cb,
                           g_object_ref (self));
}

static char *
make_detail (const AlmStoredCommand *stored)
{
  g_autofree char *moment = alm_moment_text_show (stored->command->at);

  if (g_str_equal (stored->state, "waiting"))
    /* Translators: day and time of a change that is not sent yet */
    return g_strdup_printf (_("%s · waiting"), moment);
  if (g_str_equal (stored->state, "refused") || g_str_equal (stored->state, "dismissed"))
    return g_strdup_printf (_("%s · refused by the server"), moment);

  return g_steal_pointer (&moment);
}

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
entry_new (AlmHistoryList         *self,
           const AlmStoredCommand *stored)
{
  GtkWidget *entry = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *text = alm_change_text_say (self->model, stored->command,
                                               alm_workbench_language ());
  g_autofree char *detail = make_detail (stored);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), label_new (text, NULL));
  gtk_box_append (GTK_BOX (texts), label_new (detail, "field-hint"));
  gtk_box_append (GTK_BOX (entry), texts);
  if (stored->command->n > 0 &&
      (g_str_equal (stored->state, "waiting") || g_str_equal (stored->state, "acked")))
    {
      GtkWidget *button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
      /* Translators: %s is a change, "Height: 12 m → 14 m". */
      g_autofree char *name = g_strdup_printf (_("Undo: %s"), text);

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_START);
      gtk_widget_set_tooltip_text (button, _("Undo this change"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_object_set_data_full (G_OBJECT (button), "n",
                              g_memdup2 (&stored->command->n, sizeof stored->command->n),
                              g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (undo_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (entry), button);
    }

  return entry;
}

static void
empty_list (AlmHistoryList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) commands = NULL;

  commands = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable) || commands == NULL)
    return;

  empty_list (self);
  for (guint i = commands->len, shown = 0; i > 0 && shown < MOST_SHOWN; i--, shown++)
    gtk_box_append (GTK_BOX (self->box),
                    entry_new (self, g_ptr_array_index (commands, i - 1)));
  if (commands->len == 0)
    gtk_box_append (GTK_BOX (self->box),
                    label_new (_("Nothing was changed at this workplace."), "dim-label"));
}

static void
alm_history_list_dispose (GObject *object)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_history_list_parent_class)->dispose (object);
}

static void
alm_history_list_finalize (GObject *object)
{
  AlmHistoryList *self = ALM_HISTORY_LIST (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->model, alm_model_unref);

  G_OBJECT_CLASS (alm_history_list_parent_class)->finalize (object);
}

static void
alm_history_list_class_init (AlmHistoryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_history_list_dispose;
  object_class->finalize = alm_history_list_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
alm_history_list_init (AlmHistoryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
alm_history_list_new (AlmWorkbench *workbench)
{
  AlmHistoryList *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_HISTORY_LIST, NULL);
  self->workbench = g_object_ref (workbench);

  return GTK_WIDGET (self);
}

void
alm_history_list_show (AlmHistoryList *self,
                       const AlmId    *id,
                       const char     *kind)
{
  AlmRecords *records;

  g_return_if_fail (ALM_IS_HISTORY_LIST (self));
  g_return_if_fail (id != NULL && kind != NULL);

  records = alm_workbench_get_records (self->workbench);
  g_clear_pointer (&self->model, alm_model_unref);
  self->model = alm_records_get_model (records, kind);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  alm_records_read_async (records, list_job, g_memdup2 (id, sizeof *id), g_free,
                          (GDestroyNotify) g_ptr_array_unref, self->reading, list_ready_cb,
                          g_object_ref (self));
}
