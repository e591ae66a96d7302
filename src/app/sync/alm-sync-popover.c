/* SPDX-License-Identifier: EUPL-1.2 */

/* What waits, what needs a person, when each scope was last heard of, and who is
 * signed in.  Main thread. */

#include "config.h"

#include "alm-sync-popover.h"

#include "alm-admin-places.h"
#include "alm-desk-sync.h"
#include "alm-login-dialog.h"
#include "alm-sync-driver.h"
#include "alm-sync-progress.h"
#include "alm-sync-text.h"
#include "alm-training.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

struct _AlmSyncPopover
{
  GtkPopover     parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;
  GCancellable  *cancellable;
  gboolean       training;     /* nothing is ever sent from here */

  /* Template children */
  GtkImage      *state_icon;
  GtkLabel      *state_label;
  GtkLabel      *detail_label;
  GtkProgressBar *progress_bar;
  GtkWidget     *now_button;
  GtkWidget     *question_list;
  GtkWidget     *conflicts_row;
  GtkLabel      *conflicts_label;
  GtkWidget     *refused_row;
  GtkLabel      *refused_label;
  GtkWidget     *strays_row;
  GtkLabel      *strays_label;
  GtkWidget     *blobs_row;
  GtkLabel      *blobs_label;
  GtkWidget     *admin_list;
  GtkWidget     *scopes_scroller;
  GtkListBox    *scope_list;
  GtkLabel      *account_label;
  GtkButton     *account_button;
};

G_DEFINE_FINAL_TYPE (AlmSyncPopover, alm_sync_popover, GTK_TYPE_POPOVER)

static gboolean
show_number (GtkWidget *row,
             GtkLabel  *label,
             guint      number)
{
  g_autofree char *text = g_strdup_printf ("%'u", number);

  gtk_label_set_text (label, text);
  gtk_widget_set_visible (row, number > 0);

  return number > 0;
}

/* No question, but why it is not all in step yet. */
static gboolean
show_blobs (AlmSyncPopover *self,
            AlmSyncDriver  *driver)
{
  g_autofree char *text = alm_sync_text_blobs (driver);

  gtk_label_set_text (self->blobs_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->blobs_row, text != NULL);

  return text != NULL;
}

static void
show_questions (AlmSyncPopover *self,
                AlmSyncDriver  *driver)
{
  gboolean any = FALSE;

  any |= show_number (self->conflicts_row, self->conflicts_label,
                      alm_sync_driver_get_conflicts (driver));
  any |= show_number (self->refused_row, self->refused_label,
                      alm_sync_driver_get_refused (driver));
  any |= show_number (self->strays_row, self->strays_label,
                      alm_sync_driver_get_strays (driver));
  any |= show_blobs (self, driver);
  gtk_widget_set_visible (self->question_list, any);
}

static void
show_account (AlmSyncPopover *self,
              AlmSyncDriver  *driver)
{
  const char *server = alm_sync_driver_get_server (driver);
  const char *user = alm_sync_driver_get_user (driver);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->account_button), !self->training);
  if (self->training)
    text = g_strdup (_("Training town"));
  else if (user != NULL && server != NULL)
    text = g_strdup_printf ("%s\n%s", user, server);
  else if (server != NULL)
    text = g_strdup (server);
  else
    text = g_strdup (_("No server"));
  gtk_label_set_text (self->account_label, text);
  gtk_button_set_label (self->account_button, user != NULL     ? _("Sign out")
                                              : server != NULL ? _("Sign in …")
                                                               : _("Connect …"));
}

static void
show_state (AlmSyncPopover *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  AlmSyncState state = alm_sync_driver_get_state (driver);
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);
  gint64 contact = alm_sync_driver_get_last_contact (driver);
  g_autofree char *sentence = alm_sync_text_long (driver);
  g_autofree char *moment = alm_sync_text_moment (contact);
  g_autofree char *detail = alm_sync_progress_show (self->progress_bar, status);

  gtk_image_set_from_icon_name (self->state_icon, alm_sync_text_icon (state));
  gtk_label_set_text (self->state_label,
                      self->training ? _("Everything stays in the training town. Nothing of it is "
                                         "ever sent.")
                                     : sentence);
  if (detail == NULL && contact != 0 && state != ALM_SYNC_STATE_NO_SERVER)
    detail = g_strdup_printf (_("Last heard of at %s"), moment);
  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_widget_set_visible (self->now_button, state != ALM_SYNC_STATE_NO_SERVER &&
                                            state != ALM_SYNC_STATE_SIGNED_OUT &&
                                            state != ALM_SYNC_STATE_LOST);
  show_questions (self, driver);
  show_account (self, driver);
}

/* What comes of it for the first time; NULL: nothing. */
static const AlmSyncCopy *
find_copy (AlmSyncDriver *driver,
           const char    *scope)
{
  const GPtrArray *copies = alm_sync_driver_get_copies (driver);

  for (guint i = 0; i < copies->len; i++)
    if (strcmp (((const AlmSyncCopy *) copies->pdata[i])->scope, scope) == 0)
      return copies->pdata[i];

  return NULL;
}

static char *
make_detail (const AlmDeskScope *scope,
             const AlmSyncCopy  *copy)
{
  g_autofree char *heard = NULL;

  if (copy != NULL)
    return alm_sync_text_copied (copy->done, copy->total, -1);

  heard = alm_sync_text_moment (scope->heard_us);

  /* Translators: number of objects, then when they were last heard of. */
  return *heard != '\0'
         ? g_strdup_printf (ngettext ("%'u object · %s", "%'u objects · %s", scope->records),
                            (guint) scope->records, heard)
         : g_strdup_printf (ngettext ("%'u object", "%'u objects", scope->records),
                            (guint) scope->records);
}

static const char *
find_title (const AlmDeskScope *scope)
{
  if (strcmp (scope->scope, "system") == 0)
    return _("Set-up of the city");

  return scope->title != NULL && *scope->title != '\0' ? scope->title : scope->scope;
}

static GtkWidget *
scope_row_new (AlmSyncDriver      *driver,
               const AlmDeskScope *scope)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *detail = make_detail (scope, find_copy (driver, scope->scope));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), find_title (scope));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data_full (G_OBJECT (row), "scope", g_strdup (scope->scope), g_free);

  return row;
}

static void
scopes_ready_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (AlmSyncPopover) self = user_data;
  AlmSyncDriver *driver = ALM_SYNC_DRIVER (source);
  g_autoptr (GPtrArray) scopes = NULL;
  GtkWidget *child;

  scopes = alm_sync_driver_scopes_finish (driver, result, NULL);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->scope_list))) != NULL)
    gtk_list_box_remove (self->scope_list, child);
  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    gtk_list_box_append (self->scope_list,
                         scope_row_new (driver, g_ptr_array_index (scopes, i)));
  gtk_widget_set_visible (self->scopes_scroller, scopes != NULL && scopes->len > 0);
}

static void
read_scopes (AlmSyncPopover *self)
{
  alm_sync_driver_scopes_async (alm_workbench_get_sync (self->workbench), self->cancellable,
                                scopes_ready_cb, g_object_ref (self));
}

/* The areas that come get on; at the end they are read like all others. */
static void
show_progress (AlmSyncPopover *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;

  show_state (self);
  if (alm_sync_driver_get_copies (driver)->len == 0)
    {
      read_scopes (self);
      return;
    }
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->scope_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      const AlmSyncCopy *copy = find_copy (driver, g_object_get_data (G_OBJECT (row), "scope"));
      g_autofree char *detail = copy != NULL ? make_detail (NULL, copy) : NULL;

      if (detail != NULL)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
    }
}

static void
roles_ready_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmSyncPopover) self = user_data;
  g_autofree char *roles = alm_records_read_finish (ALM_RECORDS (source), result, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_widget_set_visible (self->admin_list, roles != NULL &&
                                            (alm_admin_roles_has (roles, "manager") ||
                                             alm_admin_roles_has (roles, "auditor")));
}

static void
shown_cb (AlmSyncPopover *self)
{
  show_state (self);
  read_scopes (self);
  alm_records_read_async (alm_workbench_get_records (self->workbench), alm_admin_roles_job, NULL,
                          NULL, g_free, self->cancellable, roles_ready_cb, g_object_ref (self));
}

static void
admin_activated_cb (AlmSyncPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  alm_workbench_go (self->workbench, "admin");
}

static void
question_activated_cb (AlmSyncPopover *self,
                       GtkListBoxRow  *row)
{
  GtkWidget *chosen = GTK_WIDGET (row);

  gtk_popover_popdown (GTK_POPOVER (self));
  alm_workbench_go (self->workbench, chosen == self->refused_row  ? "refused"
                                     : chosen == self->strays_row ? "strays" : "conflicts");
}

static void
signed_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmSyncPopover) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!alm_sync_driver_logout_finish (ALM_SYNC_DRIVER (source), result, &error) &&
      !g_cancellable_is_cancelled (self->cancellable))
    alm_workbench_say_error (self->workbench, error);
}

static void
account_clicked_cb (AlmSyncPopover *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);

  gtk_popover_popdown (GTK_POPOVER (self));
  if (alm_sync_driver_get_user (driver) != NULL)
    alm_sync_driver_logout_async (driver, self->cancellable, signed_out_cb,
                                  g_object_ref (self));
  else
    alm_login_dialog_begin (self->workbench, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
}

static void
alm_sync_popover_dispose (GObject *object)
{
  AlmSyncPopover *self = ALM_SYNC_POPOVER (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_sync_popover_parent_class)->dispose (object);
}

static void
alm_sync_popover_finalize (GObject *object)
{
  AlmSyncPopover *self = ALM_SYNC_POPOVER (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_sync_popover_parent_class)->finalize (object);
}

static void
alm_sync_popover_class_init (AlmSyncPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_sync_popover_dispose;
  object_class->finalize = alm_sync_popover_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/sync/sync-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, state_icon);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, state_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, detail_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, now_button);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, question_list);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, conflicts_row);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, conflicts_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, refused_row);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, refused_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, strays_row);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, strays_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, blobs_row);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, blobs_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, admin_list);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, scopes_scroller);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, scope_list);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, account_label);
  gtk_widget_class_bind_template_child (widget_class, AlmSyncPopover, account_button);
  gtk_widget_class_bind_template_callback (widget_class, question_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, admin_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_clicked_cb);
}

static void
alm_sync_popover_init (AlmSyncPopover *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->scopes_scroller, FALSE);
  g_signal_connect (self, "show", G_CALLBACK (shown_cb), NULL);
}

GtkWidget *
alm_sync_popover_new (AlmWorkbench *workbench)
{
  AlmSyncPopover *self;
  g_autofree char *town = NULL;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_SYNC_POPOVER, NULL);
  self->workbench = g_object_ref (workbench);
  town = alm_training_town (alm_records_get_dir (alm_workbench_get_records (workbench)));
  self->training = town != NULL;
  g_signal_connect_object (alm_workbench_get_sync (workbench), "changed",
                           G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "progress",
                           G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
