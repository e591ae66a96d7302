/* SPDX-License-Identifier: EUPL-1.2 */

/* Signing in.  A wrong password is said at the password, a server that cannot
 * be reached at the server; the password is forgotten as soon as it was used.
 * Main thread. */

#include "config.h"

#include "alm-login-dialog.h"

#include "alm-error-text.h"
#include "alm-sync-driver.h"

#include <glib/gi18n.h>

struct _AlmLoginDialog
{
  AdwWindow         parent_instance;

  /* Owned */
  AlmWorkbench     *workbench;
  GCancellable     *cancellable;

  /* Template children */
  GtkEntry         *server_entry;
  GtkEntry         *user_entry;
  GtkPasswordEntry *password_entry;
  GtkWidget        *login_button;
  GtkSpinner       *spinner;
  GtkLabel         *error_label;
};

enum {
  SIGNED_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmLoginDialog, alm_login_dialog, ADW_TYPE_WINDOW)

static const char *
get_text (gpointer entry)
{
  return gtk_editable_get_text (GTK_EDITABLE (entry));
}

static void
show_error (AlmLoginDialog *self,
            const char     *text)
{
  gtk_label_set_text (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}

static void
login_ready_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AlmLoginDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = alm_sync_driver_login_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->login_button, TRUE);
  if (!done)
    {
      g_message ("signing in: %s", error->message);
      show_error (self, alm_error_text (error));
      gtk_widget_grab_focus (GTK_WIDGET (self->password_entry));
      return;
    }
  alm_workbench_say (self->workbench, _("Signed in"), FALSE);
  g_signal_emit (self, signals[SIGNED_IN], 0);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
begin (GtkWidget  *widget,
       const char *action_name,
       GVariant   *parameter)
{
  AlmLoginDialog *self = ALM_LOGIN_DIALOG (widget);

  if (*get_text (self->server_entry) == '\0' || *get_text (self->user_entry) == '\0' ||
      *get_text (self->password_entry) == '\0')
    {
      show_error (self, _("Please fill in address, user name and password."));
      return;
    }

  show_error (self, NULL);
  gtk_widget_set_sensitive (self->login_button, FALSE);
  gtk_spinner_start (self->spinner);
  alm_sync_driver_login_async (alm_workbench_get_sync (self->workbench),
                               get_text (self->server_entry), get_text (self->user_entry),
                               get_text (self->password_entry), self->cancellable,
                               login_ready_cb, g_object_ref (self));
  gtk_editable_set_text (GTK_EDITABLE (self->password_entry), "");
}

static void
activated_cb (AlmLoginDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "login.begin", NULL);
}

static void
alm_login_dialog_dispose (GObject *object)
{
  AlmLoginDialog *self = ALM_LOGIN_DIALOG (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_login_dialog_parent_class)->dispose (object);
}

static void
alm_login_dialog_finalize (GObject *object)
{
  AlmLoginDialog *self = ALM_LOGIN_DIALOG (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_login_dialog_parent_class)->finalize (object);
}

static void
alm_login_dialog_class_init (AlmLoginDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_login_dialog_dispose;
  object_class->finalize = alm_login_dialog_finalize;

  signals[SIGNED_IN] =
    g_signal_new ("signed-in", ALM_TYPE_LOGIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "login.begin", NULL, begin);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/sync/login-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, server_entry);
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, user_entry);
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, password_entry);
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, login_button);
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, AlmLoginDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
alm_login_dialog_init (AlmLoginDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_login_dialog_new (AlmWorkbench *workbench)
{
  AlmLoginDialog *self;
  AlmSyncDriver *driver;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_LOGIN_DIALOG, NULL);
  self->workbench = g_object_ref (workbench);
  driver = alm_workbench_get_sync (workbench);
  if (alm_sync_driver_get_server (driver) != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->server_entry),
                             alm_sync_driver_get_server (driver));
      gtk_widget_grab_focus (GTK_WIDGET (self->user_entry));
    }

  return GTK_WIDGET (self);
}

GtkWidget *
alm_login_dialog_begin (AlmWorkbench *workbench,
                        GtkWindow    *parent)
{
  GtkWidget *dialog = alm_login_dialog_new (workbench);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), parent);
  gtk_window_present (GTK_WINDOW (dialog));

  return dialog;
}
