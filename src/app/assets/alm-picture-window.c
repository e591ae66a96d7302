/* SPDX-License-Identifier: EUPL-1.2 */

/* A picture in full.  Main thread. */

#include "config.h"

#include "alm-picture-window.h"

#include "alm-picture-file.h"

#include <glib/gi18n.h>

/* No screen shows more. */
#define LARGEST 3840

struct _AlmPictureWindow
{
  AdwWindow     parent_instance;

  GCancellable *cancellable;   /* owned */

  /* Children, owned by the widget tree */
  GtkWidget    *stack;
  GtkWidget    *picture;
};

G_DEFINE_FINAL_TYPE (AlmPictureWindow, alm_picture_window, ADW_TYPE_WINDOW)

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmPictureWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = alm_picture_file_load_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (texture != NULL)
    gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), texture != NULL ? "picture" : "none");
}

static void
alm_picture_window_dispose (GObject *object)
{
  AlmPictureWindow *self = ALM_PICTURE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_picture_window_parent_class)->dispose (object);
}

static void
alm_picture_window_finalize (GObject *object)
{
  g_clear_object (&ALM_PICTURE_WINDOW (object)->cancellable);

  G_OBJECT_CLASS (alm_picture_window_parent_class)->finalize (object);
}

static void
alm_picture_window_class_init (AlmPictureWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alm_picture_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = alm_picture_window_finalize;

  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0,
                                       "window.close", NULL);
}

static void
alm_picture_window_init (AlmPictureWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *none = adw_status_page_new ();

  self->cancellable = g_cancellable_new ();
  self->picture = gtk_picture_new ();
  adw_status_page_set_title (ADW_STATUS_PAGE (none), _("This picture cannot be shown"));
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (none), "image-missing-symbolic");
  gtk_spinner_start (GTK_SPINNER (spinner));
  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_stack_add_named (GTK_STACK (self->stack), spinner, "loading");
  gtk_stack_add_named (GTK_STACK (self->stack), self->picture, "picture");
  gtk_stack_add_named (GTK_STACK (self->stack), none, "none");
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), self->stack);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 900, 700);
}

GtkWidget *
alm_picture_window_new (GtkWindow  *parent,
                        const char *title,
                        const char *path)
{
  AlmPictureWindow *self = g_object_new (ALM_TYPE_PICTURE_WINDOW, "title", title,
                                         "transient-for", parent, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  alm_picture_file_load_async (path, LARGEST, self->cancellable, loaded_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}
