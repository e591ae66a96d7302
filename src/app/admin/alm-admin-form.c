/* SPDX-License-Identifier: EUPL-1.2 */

/* A dialog with one request behind its button.
 *
 * Invariant: while the server is asked the button rests; what was typed stays until
 * the server has taken it.
 * Main thread. */

#include "config.h"

#include "alm-admin-form.h"

#include "alm-error-text.h"
#include "alm-text-label.h"

#include <glib/gi18n.h>

#define WIDTH 460

struct _AlmAdminForm
{
  AdwWindow     parent_instance;

  /* Owned */
  AlmWorkbench *workbench;
  GCancellable *cancellable;

  /* Borrowed from the widget tree */
  GtkBox       *box;
  GtkWidget    *button;
  GtkSpinner   *spinner;
  GtkLabel     *error_label;
};

enum {
  SEND,
  TAKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmAdminForm, alm_admin_form, ADW_TYPE_WINDOW)

static void
set_sending (AlmAdminForm *self,
             gboolean      sending)
{
  gtk_widget_set_sensitive (self->button, !sending);
  gtk_spinner_set_spinning (self->spinner, sending);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), sending);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AlmAdminForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
    alm_sync_driver_admin_finish (ALM_SYNC_DRIVER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  set_sending (self, FALSE);
  if (lines == NULL)
    {
      g_message ("%s: %s", gtk_window_get_title (GTK_WINDOW (self)), error->message);
      alm_admin_form_say (self, alm_error_text (error));
      return;
    }
  g_signal_emit (self, signals[TAKEN], 0, lines);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
send_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AlmAdminForm *self = ALM_ADMIN_FORM (widget);

  alm_admin_form_say (self, NULL);
  g_signal_emit (self, signals[SEND], 0);
}

static void
entry_activated_cb (AlmAdminForm *self)
{
  if (gtk_widget_get_sensitive (self->button))
    gtk_widget_activate_action (GTK_WIDGET (self), "form.send", NULL);
}

static void
alm_admin_form_dispose (GObject *object)
{
  AlmAdminForm *self = ALM_ADMIN_FORM (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_admin_form_parent_class)->dispose (object);
}

static void
alm_admin_form_finalize (GObject *object)
{
  AlmAdminForm *self = ALM_ADMIN_FORM (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (alm_admin_form_parent_class)->finalize (object);
}

static void
alm_admin_form_class_init (AlmAdminFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_admin_form_dispose;
  object_class->finalize = alm_admin_form_finalize;

  signals[SEND] = g_signal_new ("send", ALM_TYPE_ADMIN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[TAKEN] = g_signal_new ("taken", ALM_TYPE_ADMIN_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);

  gtk_widget_class_install_action (widget_class, "form.send", NULL, send_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static GtkWidget *
header_new (AlmAdminForm *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->button = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->button), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "form.send");
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "window.close");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->button);

  return header;
}

static GtkWidget *
foot_new (AlmAdminForm *self)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Asking the server …"), -1);
  self->error_label = GTK_LABEL (alm_text_label_new ("", "field-error"));
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  gtk_box_append (GTK_BOX (foot), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (foot), GTK_WIDGET (self->error_label));

  return foot;
}

static void
alm_admin_form_init (AlmAdminForm *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->cancellable = g_cancellable_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_widget_set_margin_top (inner, 12);
  gtk_widget_set_margin_bottom (inner, 24);
  gtk_widget_set_margin_start (inner, 24);
  gtk_widget_set_margin_end (inner, 24);
  gtk_box_append (GTK_BOX (outer), header_new (self));
  gtk_box_append (GTK_BOX (inner), GTK_WIDGET (self->box));
  gtk_box_append (GTK_BOX (inner), foot_new (self));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), inner);
  gtk_box_append (GTK_BOX (outer), scroller);
  adw_window_set_content (ADW_WINDOW (self), outer);
  gtk_window_set_modal (GTK_WINDOW (self), TRUE);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->button);
}

GtkWidget *
alm_admin_form_new (AlmWorkbench *workbench,
                    GtkWindow    *parent,
                    const char   *title,
                    const char   *verb,
                    int           height)
{
  AlmAdminForm *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_ADMIN_FORM, "title", title, NULL);
  self->workbench = g_object_ref (workbench);
  gtk_button_set_label (GTK_BUTTON (self->button), verb);
  gtk_window_set_default_size (GTK_WINDOW (self), WIDTH, height);
  gtk_window_set_transient_for (GTK_WINDOW (self), parent);
  gtk_box_append (self->box, alm_text_label_new (title, "title-2"));

  return GTK_WIDGET (self);
}

void
alm_admin_form_append (AlmAdminForm *self,
                       GtkWidget    *child)
{
  g_return_if_fail (ALM_IS_ADMIN_FORM (self));

  gtk_box_append (self->box, child);
}

GtkWidget *
alm_admin_form_add_entry (AlmAdminForm *self,
                          const char   *title,
                          const char   *hint,
                          gboolean      secret)
{
  GtkWidget *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *entry = secret ? gtk_password_entry_new () : gtk_entry_new ();

  g_return_val_if_fail (ALM_IS_ADMIN_FORM (self), NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  if (hint != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    hint, -1);
  g_signal_connect_object (entry, "activate", G_CALLBACK (entry_activated_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (group), alm_text_label_new (title, "field-title"));
  gtk_box_append (GTK_BOX (group), entry);
  if (hint != NULL)
    gtk_box_append (GTK_BOX (group), alm_text_label_new (hint, "field-hint"));
  gtk_box_append (self->box, group);

  return entry;
}

void
alm_admin_form_send (AlmAdminForm    *self,
                     AlmAdminRequest *request)
{
  g_return_if_fail (ALM_IS_ADMIN_FORM (self));

  set_sending (self, TRUE);
  alm_sync_driver_admin_async (alm_workbench_get_sync (self->workbench), request,
                               self->cancellable, sent_cb, g_object_ref (self));
}

void
alm_admin_form_say (AlmAdminForm *self,
                    const char   *text)
{
  g_return_if_fail (ALM_IS_ADMIN_FORM (self));

  gtk_label_set_text (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}
