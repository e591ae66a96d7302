/* SPDX-License-Identifier: EUPL-1.2 */

/* How things stand with the server.  Main thread. */

#include "config.h"

#include "alm-sync-button.h"

#include "alm-sync-driver.h"
#include "alm-sync-popover.h"
#include "alm-sync-text.h"

#include <glib/gi18n.h>

struct _AlmSyncButton
{
  GtkWidget      parent_instance;

  /* Owned */
  AlmWorkbench  *workbench;

  AlmSyncState   state;        /* as last shown */
  gint64         copied;       /* objects of the first copies, as last told; 0: none come */

  /* Children */
  GtkWidget     *button;
  GtkWidget     *icon;
  GtkWidget     *label;
};

G_DEFINE_FINAL_TYPE (AlmSyncButton, alm_sync_button, GTK_TYPE_WIDGET)

static void
show_state (AlmSyncButton *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  g_autofree char *text = alm_sync_text_short (driver);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                alm_sync_text_icon (alm_sync_driver_get_state (driver)));
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);

  /* All at once the window is empty: nobody should have to look for the reason. */
  if (self->state != ALM_SYNC_STATE_LOST
      && alm_sync_driver_get_state (driver) == ALM_SYNC_STATE_LOST)
    {
      g_autofree char *reason = alm_sync_text_long (driver);

      alm_workbench_say (self->workbench, reason, FALSE);
    }
  self->state = alm_sync_driver_get_state (driver);
}

static gboolean
is_at_work (AlmSyncState state)
{
  return state == ALM_SYNC_STATE_WORKING || state == ALM_SYNC_STATE_WAITING
         || state == ALM_SYNC_STATE_IN_SYNC || state == ALM_SYNC_STATE_CONFLICT
         || state == ALM_SYNC_STATE_REFUSED;
}

/* The end of it is also said: who does something else meanwhile wants to know. */
static void
show_progress (AlmSyncButton *self)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (self->workbench);
  gint64 before = self->copied;
  g_autofree char *text = NULL;

  self->copied = alm_sync_driver_get_status (driver)->copy_total;
  show_state (self);
  if (before == 0 || self->copied > 0 || !is_at_work (alm_sync_driver_get_state (driver)))
    return;

  text = g_strdup_printf (ngettext ("The city’s data is here: %'u object",
                                    "The city’s data is here: %'u objects", (gulong) before),
                          (guint) before);
  alm_workbench_say (self->workbench, text, FALSE);
}

/* It goes on by itself; who knows of a copy wants to know that both go on. */
static void
say_forked (AlmSyncButton *self)
{
  alm_workbench_say (self->workbench,
                     _("This data was a copy of another workplace’s. It is a workplace of its "
                       "own now; nothing is lost."), FALSE);
}

static void
alm_sync_button_dispose (GObject *object)
{
  AlmSyncButton *self = ALM_SYNC_BUTTON (object);

  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_object (&self->workbench);

  G_OBJECT_CLASS (alm_sync_button_parent_class)->dispose (object);
}

static void
alm_sync_button_class_init (AlmSyncButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alm_sync_button_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
alm_sync_button_init (AlmSyncButton *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->icon = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_box_append (GTK_BOX (box), self->icon);
  gtk_box_append (GTK_BOX (box), self->label);
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), box);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}

GtkWidget *
alm_sync_button_new (AlmWorkbench *workbench)
{
  AlmSyncButton *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);

  self = g_object_new (ALM_TYPE_SYNC_BUTTON, NULL);
  self->workbench = g_object_ref (workbench);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button),
                               alm_sync_popover_new (workbench));
  g_signal_connect_object (alm_workbench_get_sync (workbench), "changed",
                           G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "progress",
                           G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (alm_workbench_get_sync (workbench), "forked",
                           G_CALLBACK (say_forked), self, G_CONNECT_SWAPPED);
  show_state (self);

  return GTK_WIDGET (self);
}

void
alm_sync_button_sync_now (AlmSyncButton *self)
{
  AlmSyncDriver *driver;

  g_return_if_fail (ALM_IS_SYNC_BUTTON (self));

  driver = alm_workbench_get_sync (self->workbench);
  if (alm_sync_driver_get_state (driver) == ALM_SYNC_STATE_NO_SERVER)
    alm_workbench_say (self->workbench, _("You work without a server. Everything is saved here."),
                       FALSE);
  else
    alm_sync_driver_sync_now (driver);
}
