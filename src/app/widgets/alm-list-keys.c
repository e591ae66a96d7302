/* SPDX-License-Identifier: EUPL-1.2 */

/* Tab and Shift+Tab in a list go to what stands after or before the list.
 * Main thread. */

#include "config.h"

#include "alm-list-keys.h"

/* Outwards, the next sibling that takes the focus; round the window at its end. */
static gboolean
leave (GtkWidget        *list,
       GtkDirectionType  direction)
{
  GtkWidget *widget = list;
  GtkRoot *root = gtk_widget_get_root (list);

  for (GtkWidget *parent = gtk_widget_get_parent (widget);
       parent != NULL;
       widget = parent, parent = gtk_widget_get_parent (widget))
    {
      GtkWidget *sibling = widget;

      while ((sibling = direction == GTK_DIR_TAB_BACKWARD
                        ? gtk_widget_get_prev_sibling (sibling)
                        : gtk_widget_get_next_sibling (sibling)) != NULL)
        if (gtk_widget_get_mapped (sibling) && gtk_widget_child_focus (sibling, direction))
          return TRUE;
    }

  /* Else the window would go on where it is, which is the next row. */
  for (widget = list; widget != NULL; widget = gtk_widget_get_parent (widget))
    gtk_widget_set_focus_child (widget, NULL);

  return root != NULL && gtk_widget_child_focus (GTK_WIDGET (root), direction);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  gboolean back = keyval == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0;

  if ((keyval != GDK_KEY_Tab && keyval != GDK_KEY_ISO_Left_Tab) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  return leave (list, back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD);
}

void
alm_list_keys_attach (GtkWidget *list)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_return_if_fail (GTK_IS_WIDGET (list));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), NULL);
  gtk_widget_add_controller (list, keys);
}
