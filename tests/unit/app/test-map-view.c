/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-map-view.h"
#include "alm-test-bench.h"

#include <adwaita.h>
#include <math.h>

/* Somewhere in Jena, in units. */
#define X0 2286000000.0
#define Y0 1437000000.0

typedef struct
{
  AlmMapView *view;
  GtkWidget  *window;
  guint       n_moved;
  guint       n_home;
  guint       n_clicked;
  guint       n_boxed;
  guint       n_updates;
  double      x;          /* what was told last */
  double      y;
  AlmBox      box;
  gboolean    takes_drag;
} Fixture;

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
place_cb (Fixture *fixture,
          double   x,
          double   y)
{
  fixture->x = x;
  fixture->y = y;
}

static void
clicked_cb (Fixture  *fixture,
            double    x,
            double    y,
            gboolean  extend)
{
  place_cb (fixture, x, y);
  g_assert_false (extend);
  fixture->n_clicked++;
}

static void
boxed_cb (Fixture      *fixture,
          const AlmBox *box,
          gboolean      extend)
{
  g_assert_false (extend);
  fixture->box = *box;
  fixture->n_boxed++;
}

static gboolean
drag_begin_cb (Fixture *fixture,
               double   x,
               double   y)
{
  place_cb (fixture, x, y);

  return fixture->takes_drag;
}

static void
drag_update_cb (Fixture *fixture,
                double   x,
                double   y)
{
  place_cb (fixture, x, y);
  fixture->n_updates++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  AlmBox box;

  fixture->view = ALM_MAP_VIEW (alm_map_view_new ());
  g_assert_false (alm_map_view_get_box (fixture->view, &box));
  fixture->window = alm_test_bench_show (GTK_WIDGET (fixture->view));
  while (!alm_map_view_get_box (fixture->view, &box))
    g_main_context_iteration (NULL, TRUE);
  alm_map_view_go_to (fixture->view, X0, Y0, 15.0);
#define CONNECT(name, callback, data) \
  g_signal_connect_swapped (fixture->view, name, G_CALLBACK (callback), data)
  CONNECT ("moved", count_cb, &fixture->n_moved);
  CONNECT ("home", count_cb, &fixture->n_home);
  CONNECT ("clicked", clicked_cb, fixture);
  CONNECT ("boxed", boxed_cb, fixture);
  CONNECT ("pointed", place_cb, fixture);
  CONNECT ("drag-begin", drag_begin_cb, fixture);
  CONNECT ("drag-update", drag_update_cb, fixture);
  CONNECT ("drag-end", place_cb, fixture);
#undef CONNECT
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, GTK_WIDGET (fixture->view));
}

static GtkEventController *
find_controller (Fixture *fixture,
                 GType    type)
{
  g_autoptr (GListModel) controllers =
    gtk_widget_observe_controllers (GTK_WIDGET (fixture->view));
  GtkEventController *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && found == NULL; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        found = controller;
    }
  g_assert_nonnull (found);

  return found;
}

/* As GTK tells it: from (100, 80) by (@dx, @dy) pixels. */
static void
drag (Fixture *fixture,
      double   dx,
      double   dy)
{
  GtkEventController *gesture = find_controller (fixture, GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (gesture, "drag-begin", 100.0, 80.0);
  g_signal_emit_by_name (gesture, "drag-update", dx, dy);
  g_signal_emit_by_name (gesture, "drag-end", dx, dy);
}

static void
assert_center (Fixture *fixture,
               double   x,
               double   y)
{
  double is_x;
  double is_y;

  alm_map_view_get_center (fixture->view, &is_x, &is_y);
  g_assert_cmpfloat_with_epsilon (is_x, x, 2.0);
  g_assert_cmpfloat_with_epsilon (is_y, y, 2.0);
}

static void
test_it_goes_where_it_is_sent (Fixture       *fixture,
                               gconstpointer  user_data)
{
  double upp = alm_map_view_get_units_per_pixel (fixture->view);
  AlmBox box;

  assert_center (fixture, X0, Y0);
  g_assert_cmpfloat (upp, ==, 512.0);   /* 2³² / 2⁸ / 2¹⁵ */
  g_assert_true (alm_map_view_get_box (fixture->view, &box));
  g_assert_cmpfloat_with_epsilon ((double) box.east - box.west,
                                  upp * gtk_widget_get_width (GTK_WIDGET (fixture->view)), 3.0);
  g_assert_cmpfloat_with_epsilon (((double) box.north + box.south) / 2.0, Y0, 3.0);
  g_assert_cmpuint (fixture->n_moved, ==, 0);

  alm_map_view_go_to (fixture->view, X0 + 5000.0, Y0, 99.0);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 20.0);
  assert_center (fixture, X0 + 5000.0, Y0);
  g_assert_cmpuint (fixture->n_moved, >, 0);
  alm_map_view_go_to (fixture->view, X0, Y0, -1.0);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 3.0);
}

/* The deepest whole zoom that has all of it. */
static void
test_a_box_is_shown_whole (Fixture       *fixture,
                           gconstpointer  user_data)
{
  const AlmBox box = { (guint32) X0, (guint32) Y0, (guint32) X0 + 300000, (guint32) Y0 + 700000 };
  const AlmBox point = { (guint32) X0, (guint32) Y0, (guint32) X0, (guint32) Y0 };
  AlmBox seen;
  double zoom;

  alm_map_view_show_box (fixture->view, &box, 20.0);
  assert_center (fixture, X0 + 150000.0, Y0 + 350000.0);
  g_assert_true (alm_map_view_get_box (fixture->view, &seen));
  g_assert_cmpuint (seen.north, <=, box.north);
  g_assert_cmpuint (seen.south, >=, box.south);
  zoom = alm_map_view_get_zoom (fixture->view);
  g_assert_cmpfloat (zoom, ==, floor (zoom));
  g_assert_cmpuint ((seen.south - seen.north) / 2, <, (box.south - box.north) * 1.1);

  alm_map_view_show_box (fixture->view, &box, 9.0);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 9.0);
  alm_map_view_show_box (fixture->view, &point, 18.0);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 18.0);
}

static void
test_actions_move_it (Fixture       *fixture,
                      gconstpointer  user_data)
{
  GtkWidget *widget = GTK_WIDGET (fixture->view);
  double step = 120.0 * alm_map_view_get_units_per_pixel (fixture->view);

  g_assert_true (gtk_widget_activate_action (widget, "map.pan-right", NULL));
  assert_center (fixture, X0 + step, Y0);
  g_assert_true (gtk_widget_activate_action (widget, "map.pan-down", NULL));
  assert_center (fixture, X0 + step, Y0 + step);
  g_assert_true (gtk_widget_activate_action (widget, "map.pan-left", NULL));
  g_assert_true (gtk_widget_activate_action (widget, "map.pan-up", NULL));
  assert_center (fixture, X0, Y0);
  g_assert_true (gtk_widget_activate_action (widget, "map.zoom-out", NULL));
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 14.0);
  assert_center (fixture, X0, Y0);
  g_assert_true (gtk_widget_activate_action (widget, "map.home", NULL));
  g_assert_cmpuint (fixture->n_home, ==, 1);
}

static void
test_a_short_drag_is_a_click_and_a_long_one_a_box (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  double x;
  double y;

  alm_map_view_from_widget (fixture->view, 103.0, 78.0, &x, &y);
  drag (fixture, 3.0, -2.0);
  g_assert_cmpuint (fixture->n_clicked, ==, 1);
  g_assert_cmpfloat (fixture->x, ==, x);
  g_assert_cmpfloat (fixture->y, ==, y);

  drag (fixture, 50.0, 40.0);   /* pans, and that is libshumate's */
  g_assert_cmpuint (fixture->n_clicked + fixture->n_boxed, ==, 1);

  alm_map_view_set_drag (fixture->view, ALM_MAP_DRAG_BOX);
  alm_map_view_from_widget (fixture->view, 50.0, 80.0, &x, &y);
  drag (fixture, -50.0, 40.0);
  g_assert_cmpuint (fixture->n_boxed, ==, 1);
  g_assert_cmpfloat_with_epsilon (fixture->box.west, x, 1.0);
  g_assert_cmpfloat_with_epsilon (fixture->box.north, y, 1.0);
  g_assert_cmpuint (fixture->box.east - fixture->box.west, ==, 50 * 512);
  g_assert_cmpuint (fixture->box.south - fixture->box.north, ==, 40 * 512);
}

static void
test_a_drag_can_be_taken (Fixture       *fixture,
                          gconstpointer  user_data)
{
  double x;
  double y;

  fixture->takes_drag = TRUE;
  alm_map_view_from_widget (fixture->view, 150.0, 90.0, &x, &y);
  drag (fixture, 50.0, 10.0);
  g_assert_cmpuint (fixture->n_updates, ==, 1);
  g_assert_cmpfloat (fixture->x, ==, x);
  g_assert_cmpfloat (fixture->y, ==, y);
  g_assert_cmpuint (fixture->n_clicked + fixture->n_boxed, ==, 0);
}

/* Of a quick one GTK tells no more than beginning and end. */
static void
test_a_quick_drag_is_a_drag (Fixture       *fixture,
                             gconstpointer  user_data)
{
  GtkEventController *gesture = find_controller (fixture, GTK_TYPE_GESTURE_DRAG);
  double x;
  double y;

  fixture->takes_drag = TRUE;
  alm_map_view_from_widget (fixture->view, 150.0, 90.0, &x, &y);
  g_signal_emit_by_name (gesture, "drag-begin", 100.0, 80.0);
  g_signal_emit_by_name (gesture, "drag-end", 50.0, 10.0);
  g_assert_cmpfloat (fixture->x, ==, x);
  g_assert_cmpfloat (fixture->y, ==, y);

  /* What hardly moves is a click, and moves nothing. */
  drag (fixture, 2.0, 1.0);
  g_assert_cmpuint (fixture->n_updates, ==, 0);
  g_assert_cmpuint (fixture->n_clicked, ==, 1);

  alm_map_view_set_drag (fixture->view, ALM_MAP_DRAG_BOX);
  g_signal_emit_by_name (gesture, "drag-begin", 100.0, 80.0);
  g_signal_emit_by_name (gesture, "drag-end", 50.0, 40.0);
  g_assert_cmpuint (fixture->n_boxed, ==, 1);
  g_assert_cmpuint (fixture->box.east - fixture->box.west, ==, 50 * 512);
}

static void
test_the_pointer_is_told_and_zoomed_at (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  GtkEventController *motion = find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *scroll = find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  gboolean taken = FALSE;
  double x;
  double y;

  alm_map_view_from_widget (fixture->view, 10.0, 20.0, &x, &y);
  g_signal_emit_by_name (motion, "motion", 10.0, 20.0);
  g_assert_cmpfloat (fixture->x, ==, x);
  /* Two halves of a touchpad's step are one. */
  g_signal_emit_by_name (scroll, "scroll", 0.0, -0.5, &taken);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 15.0);
  g_signal_emit_by_name (scroll, "scroll", 0.0, -0.5, &taken);
  g_assert_true (taken);
  g_assert_cmpfloat (alm_map_view_get_zoom (fixture->view), ==, 16.0);
  alm_map_view_to_widget (fixture->view, x, y, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 10.0, 0.02);
  g_assert_cmpfloat_with_epsilon (y, 20.0, 0.02);
  g_signal_emit_by_name (motion, "leave");
  g_assert_true (isnan (fixture->x) && isnan (fixture->y));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/map-view/go-to", test_it_goes_where_it_is_sent);
  ADD ("/app/map-view/box", test_a_box_is_shown_whole);
  ADD ("/app/map-view/actions", test_actions_move_it);
  ADD ("/app/map-view/drag", test_a_short_drag_is_a_click_and_a_long_one_a_box);
  ADD ("/app/map-view/taken", test_a_drag_can_be_taken);
  ADD ("/app/map-view/quick", test_a_quick_drag_is_a_drag);
  ADD ("/app/map-view/pointer", test_the_pointer_is_told_and_zoomed_at);

  return g_test_run ();
}
