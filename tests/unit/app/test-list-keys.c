/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-list-keys.h"
#include "alm-test-bench.h"

/* A button, a list of three rows, a button. */
typedef struct
{
  GtkWidget *before;
  GtkWidget *list;
  GtkWidget *after;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->before = gtk_button_new_with_label ("before");
  fixture->list = gtk_list_box_new ();
  fixture->after = gtk_button_new_with_label ("after");
  for (guint i = 0; i < 3; i++)
    gtk_list_box_append (GTK_LIST_BOX (fixture->list), gtk_button_new_with_label ("row"));
  gtk_box_append (GTK_BOX (box), fixture->before);
  gtk_box_append (GTK_BOX (box), fixture->list);
  gtk_box_append (GTK_BOX (box), fixture->after);
  alm_list_keys_attach (fixture->list);
  fixture->window = alm_test_bench_show (box);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  alm_test_bench_settle ();
}

/* As GTK hands a key to the controllers of @list; whether one took it. */
static gboolean
press (GtkWidget       *list,
       guint            keyval,
       GdkModifierType  state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (list);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !taken; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller) &&
          gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, state, &taken);
    }

  return taken;
}

static void
focus_row (Fixture *fixture)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (fixture->list), 0);

  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (row)));
}

static void
test_one_tab_leaves_the_list (Fixture       *fixture,
                              gconstpointer  user_data)
{
  focus_row (fixture);
  g_assert_true (press (fixture->list, GDK_KEY_Tab, 0));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == fixture->after);

  focus_row (fixture);
  g_assert_true (press (fixture->list, GDK_KEY_ISO_Left_Tab, GDK_SHIFT_MASK));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == fixture->before);
}

static void
test_what_cannot_take_the_focus_is_passed (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  gtk_widget_set_visible (fixture->after, FALSE);
  focus_row (fixture);
  g_assert_true (press (fixture->list, GDK_KEY_Tab, 0));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == fixture->before);
}

static void
test_other_keys_are_the_lists (Fixture       *fixture,
                               gconstpointer  user_data)
{
  focus_row (fixture);
  g_assert_false (press (fixture->list, GDK_KEY_Down, 0));
  g_assert_false (press (fixture->list, GDK_KEY_Tab, GDK_CONTROL_MASK));
  g_assert_false (press (fixture->list, GDK_KEY_Tab, GDK_ALT_MASK));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add ("/app/list-keys/leave", Fixture, NULL, set_up, test_one_tab_leaves_the_list,
              tear_down);
  g_test_add ("/app/list-keys/passed", Fixture, NULL, set_up,
              test_what_cannot_take_the_focus_is_passed, tear_down);
  g_test_add ("/app/list-keys/other", Fixture, NULL, set_up, test_other_keys_are_the_lists,
              tear_down);

  return g_test_run ();
}
