/* SPDX-License-Identifier: EUPL-1.2 */

/* Asking, trouble, or content.  Main thread. */

#include "config.h"

#include "alm-asked-view.h"

#include "alm-error-text.h"

#include <glib/gi18n.h>

struct _AlmAskedView
{
  AdwBin         parent_instance;

  /* Borrowed from the widget tree */
  GtkStack      *stack;
  GtkSpinner    *spinner;
  AdwStatusPage *trouble;

  gboolean       has_content;
};

enum {
  AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmAskedView, alm_asked_view, ADW_TYPE_BIN)

static void
again_clicked_cb (AlmAskedView *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static GtkWidget *
trouble_new (AlmAskedView *self)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Try again"));

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "network-offline-symbolic");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_object (button, "clicked", G_CALLBACK (again_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), button);

  return page;
}

static GtkWidget *
asking_new (AlmAskedView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (_("Asking the server …"));

  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->spinner), 32, 32);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spinner),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Asking the server …"), -1);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 48);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (box), label);

  return box;
}

static void
show_page (AlmAskedView *self,
           const char   *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "asking"));
}

void
alm_asked_view_show_asking (AlmAskedView *self)
{
  g_return_if_fail (ALM_IS_ASKED_VIEW (self));

  if (!self->has_content)
    show_page (self, "asking");
}

void
alm_asked_view_show_content (AlmAskedView *self)
{
  g_return_if_fail (ALM_IS_ASKED_VIEW (self));

  self->has_content = TRUE;
  show_page (self, "content");
}

void
alm_asked_view_show_error (AlmAskedView *self,
                           const GError *error)
{
  g_return_if_fail (ALM_IS_ASKED_VIEW (self));
  g_return_if_fail (error != NULL);

  self->has_content = FALSE;
  adw_status_page_set_title (self->trouble, _("The server does not tell"));
  adw_status_page_set_description (self->trouble, alm_error_text (error));
  show_page (self, "trouble");
}

static void
alm_asked_view_class_init (AlmAskedViewClass *klass)
{
  signals[AGAIN] = g_signal_new ("again", ALM_TYPE_ASKED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
alm_asked_view_init (AlmAskedView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  self->trouble = ADW_STATUS_PAGE (trouble_new (self));
  gtk_stack_add_named (self->stack, asking_new (self), "asking");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->trouble), "trouble");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
alm_asked_view_new (GtkWidget *content)
{
  AlmAskedView *self = g_object_new (ALM_TYPE_ASKED_VIEW, NULL);

  gtk_stack_add_named (self->stack, content, "content");
  show_page (self, "asking");

  return GTK_WIDGET (self);
}
