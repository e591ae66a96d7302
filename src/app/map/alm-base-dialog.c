/* SPDX-License-Identifier: EUPL-1.2 */

/* Asks for an address of tiles.  Main thread. */

#include "config.h"

#include "alm-base-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AlmBaseDialog
{
  AdwWindow      parent_instance;

  /* Owned */
  AlmBaseMaps   *maps;

  /* Template children */
  GtkEntry      *address;
  GtkLabel      *address_error;
  GtkEntry      *words;
  GtkLabel      *words_error;
  GtkSpinButton *max_zoom;
};

enum {
  SIGNAL_ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmBaseDialog, alm_base_dialog, ADW_TYPE_WINDOW)

/* @text: NULL: it fits. */
static void
set_error (GtkEntry   *entry,
           GtkLabel   *label,
           const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  if (text != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
      gtk_widget_grab_focus (GTK_WIDGET (entry));
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

static void
address_changed_cb (AlmBaseDialog *self)
{
  set_error (self->address, self->address_error, NULL);
}

static void
words_changed_cb (AlmBaseDialog *self)
{
  set_error (self->words, self->words_error, NULL);
}

/* What is wrong with an address that has been refused. */
static const char *
explain (const char *address)
{
  if (*address == '\0')
    return _("This must not be empty.");
  if (!g_str_has_prefix (address, "http://") && !g_str_has_prefix (address, "https://"))
    return _("An address of tiles begins with https:// or http://.");
  if (strstr (address, "{z}") == NULL || strstr (address, "{x}") == NULL ||
      strstr (address, "{y}") == NULL)
    return _("The places {z}, {x} and {y} are missing, where zoom, column and row are put in.");

  return _("This is not an address.");
}

static void
destroy_cb (gpointer dialog)
{
  gtk_window_destroy (dialog);
  g_object_unref (dialog);
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  AlmBaseDialog *self = ALM_BASE_DIALOG (widget);
  g_autofree char *address = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address)));
  g_autofree char *words = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words)));
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean has_words = *g_strstrip (words) != '\0';

  g_strstrip (address);
  /* An address is judged though its source is not named yet. */
  if (!alm_base_maps_check_address (address, &error))
    set_error (self->address, self->address_error, explain (address));
  if (!has_words)
    set_error (self->words, self->words_error,
               _("Nobody may show a map without saying whom it is from."));
  if (error != NULL || !has_words)
    {
      if (error != NULL)
        gtk_widget_grab_focus (GTK_WIDGET (self->address));
      return;
    }

  id = alm_base_maps_add_address (self->maps, address, words,
                                  (guint) gtk_spin_button_get_value_as_int (self->max_zoom),
                                  &error);
  g_assert (id != NULL);
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, id);
  /* GTK 4.8 goes on with the button when assistive technology has pressed it. */
  g_idle_add_once (destroy_cb, g_object_ref (self));
}

static void
alm_base_dialog_finalize (GObject *object)
{
  AlmBaseDialog *self = ALM_BASE_DIALOG (object);

  g_clear_object (&self->maps);

  G_OBJECT_CLASS (alm_base_dialog_parent_class)->finalize (object);
}

static void
alm_base_dialog_class_init (AlmBaseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alm_base_dialog_finalize;

  signals[SIGNAL_ADDED] =
    g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "base.add", NULL, add_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/map/base-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmBaseDialog, address);
  gtk_widget_class_bind_template_child (widget_class, AlmBaseDialog, address_error);
  gtk_widget_class_bind_template_child (widget_class, AlmBaseDialog, words);
  gtk_widget_class_bind_template_child (widget_class, AlmBaseDialog, words_error);
  gtk_widget_class_bind_template_child (widget_class, AlmBaseDialog, max_zoom);
}

static void
alm_base_dialog_init (AlmBaseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_placeholder_text (self->address, "https://…/{z}/{x}/{y}.png");
  g_signal_connect_swapped (self->address, "changed", G_CALLBACK (address_changed_cb), self);
  g_signal_connect_swapped (self->words, "changed", G_CALLBACK (words_changed_cb), self);
}

GtkWidget *
alm_base_dialog_new (AlmBaseMaps *maps)
{
  AlmBaseDialog *self = g_object_new (ALM_TYPE_BASE_DIALOG, NULL);

  self->maps = g_object_ref (maps);

  return GTK_WIDGET (self);
}
