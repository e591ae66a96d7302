/* SPDX-License-Identifier: EUPL-1.2 */

/* Who changed what of one record, newest first, with a way back for each step that
 * was done here.  What this workplace did is read from the profile and shown at
 * once; what others did the server says, where it can be reached.
 *
 * Invariant: an entry of the server that was done here is shown once, in the
 * server's words, and with the way back of the own command.
 * Main thread; list_job() on a reader, undo_job() on the writer. */

#include "config.h"

#include "alm-history-list.h"

#include "alm-change-text.h"
#include "alm-moment-text.h"
#include "alm-sync-history.h"
#include "alm-text-label.h"
#include "alm-wire-history.h"

#include <glib/gi18n.h>

struct _AlmHistoryList
{
  GtkWidget      parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  AlmModel      *model;         /* of the record; NULL */
  GCancellable  *cancellable;
  GCancellable  *reading;
  GPtrArray     *own;           /* (element-type AlmStoredCommand); NULL: not read yet */
  GPtrArray     *told;          /* (element-type AlmHistoryEntry); NULL: not told */

  AlmId          id;            /* of the record */
  gboolean       asking;        /* the server */

  /* Children */
  GtkWidget     *box;           /* NULL after dispose */
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

/* "anna · 23.11.2026 08:12 · waiting"; @user: NULL where nobody has to be named */
static char *
make_detail (const char             *user,
             const char             *at,
             const AlmStoredCommand *stored)
{
  g_autofree char *moment = alm_moment_text_show (at);
  g_autofree char *who = user != NULL ? g_strdup_printf ("%s · %s", user, moment)
                                      : g_strdup (moment);

  if (stored != NULL && g_str_equal (stored->state, "waiting"))
    /* Translators: who did it and when, of a change that is not sent yet */
    return g_strdup_printf (_("%s · waiting"), who);
  if (stored != NULL &&
      (g_str_equal (stored->state, "refused") || g_str_equal (stored->state, "dismissed")))
    return g_strdup_printf (_("%s · refused by the server"), who);

  return g_steal_pointer (&who);
}

static gboolean
can_undo (const AlmStoredCommand *stored)
{
  return stored != NULL && stored->command->n > 0 &&
         (g_str_equal (stored->state, "waiting") || g_str_equal (stored->state, "acked"));
}

static GtkWidget *
undo_button_new (AlmHistoryList *self,
                 gint64          n,
                 const char     *text)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  /* Translators: %s is a change, "Height: 12 m → 14 m". */
  g_autofree char *name = g_strdup_printf (_("Undo: %s"), text);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, _("Undo this change"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "n", g_memdup2 (&n, sizeof n), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (undo_clicked_cb), self,
                           G_CONNECT_SWAPPED);

  return button;
}

/* @user: NULL: done here, and nobody else is listed; @stored: NULL: not done here. */
static void
add_entry (AlmHistoryList         *self,
           const AlmCommand       *command,
           const char             *user,
           const AlmStoredCommand *stored)
{
  GtkWidget *entry = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *text = alm_change_text_say (self->model, command, alm_workbench_language ());
  g_autofree char *detail = make_detail (user, command->at, stored);

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), alm_text_label_new (text, NULL));
  gtk_box_append (GTK_BOX (texts), alm_text_label_new (detail, "field-hint"));
  gtk_box_append (GTK_BOX (entry), texts);
  if (can_undo (stored))
    gtk_box_append (GTK_BOX (entry), undo_button_new (self, stored->command->n, text));
  gtk_box_append (GTK_BOX (self->box), entry);
}

static void
empty_list (AlmHistoryList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

/* The own command behind an entry of the server. */
static const AlmStoredCommand *
find_own (AlmHistoryList      *self,
          const AlmHistoryEntry *change)
{
  for (guint i = 0; self->own != NULL && i < self->own->len; i++)
    {
      const AlmStoredCommand *stored = g_ptr_array_index (self->own, i);

      if (stored->command->n > 0 && stored->command->n == change->command->n &&
          alm_id_equal (&stored->desk, &change->desk))
        return stored;
    }

  return NULL;
}

static gboolean
is_told (AlmHistoryList         *self,
         const AlmStoredCommand *stored)
{
  for (guint i = 0; self->told != NULL && i < self->told->len; i++)
    {
      const AlmHistoryEntry *change = g_ptr_array_index (self->told, i);

      if (stored->command->n > 0 && stored->command->n == change->command->n &&
          alm_id_equal (&stored->desk, &change->desk))
        return TRUE;
    }

  return FALSE;
}

/* What others did is not here: why not. */
static void
add_note (AlmHistoryList *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  const char *text = NULL;

  if (self->told != NULL)
    return;
  if (self->asking)
    text = _("Asking the server what others have done …");
  else if (alm_sync_driver_get_server (driver) != NULL)
    text = _("Only what was changed at this workplace. What others did is shown when the "
             "server can be reached.");
  if (text != NULL)
    gtk_box_append (GTK_BOX (self->box), alm_text_label_new (text, "dim-label"));
}

static void
show_entries (AlmHistoryList *self)
{
  guint shown = 0;

  if (self->own == NULL || self->box == NULL)
    return;

  empty_list (self);
  /* What the server does not have comes first: it is the newest. */
  for (guint i = self->own->len; i > 0 && shown < MOST_SHOWN; i--)
    {
      const AlmStoredCommand *stored = g_ptr_array_index (self->own, i - 1);

      if (is_told (self, stored))
        continue;
      add_entry (self, stored->command, self->told != NULL ? _("You") : NULL, stored);
      shown++;
    }
  for (guint i = self->told != NULL ? self->told->len : 0; i > 0 && shown < MOST_SHOWN; i--)
    {
      const AlmHistoryEntry *change = g_ptr_array_index (self->told, i - 1);

      add_entry (self, change->command, change->user, find_own (self, change));
      shown++;
    }
  if (shown == 0 && !self->asking)
    {
      const char *nothing = self->told != NULL ? _("Nothing was ever changed.")
                                               : _("Nothing was changed at this workplace.");

      gtk_box_append (GTK_BOX (self->box), alm_text_label_new (nothing, "dim-label"));
    }
  add_note (self);
}

static void
list_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *commands = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (commands == NULL)
    return;
  g_clear_pointer (&self->own, g_ptr_array_unref);
  self->own = commands;
  show_entries (self);
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmHistoryList) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *changes = alm_sync_driver_history_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;      /* of another record by now */
  if (changes == NULL)
    g_debug ("history: %s", error->message);

  self->asking = FALSE;
  g_clear_pointer (&self->told, g_ptr_array_unref);
  self->told = changes;
  show_entries (self);
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
  g_clear_pointer (&self->own, g_ptr_array_unref);
  g_clear_pointer (&self->told, g_ptr_array_unref);
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
  /* The same record again keeps what was told until there is something newer. */
  if (!alm_id_equal (&self->id, id))
    {
      g_clear_pointer (&self->own, g_ptr_array_unref);
      g_clear_pointer (&self->told, g_ptr_array_unref);
      empty_list (self);
    }
  self->id = *id;
  self->asking = alm_sync_driver_get_user (alm_workbench_get_sync (self->workbench)) != NULL;
  alm_records_read_async (records, list_job, g_memdup2 (id, sizeof *id), g_free,
                          (GDestroyNotify) g_ptr_array_unref, self->reading, list_ready_cb,
                          g_object_ref (self));
  if (self->asking)
    alm_sync_driver_history_async (alm_workbench_get_sync (self->workbench), id, self->reading,
                                   told_cb, g_object_ref (self));
}
