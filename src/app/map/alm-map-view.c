/* SPDX-License-Identifier: EUPL-1.2 */

/* The map's widget.
 *
 * libshumate gives panning, pinching and kinetic movement; what it lacks is here:
 * whole zoom steps of the wheel around the pointer, keys, actions, a role and a
 * name, rubber band, home.
 *
 * Main thread. */

#include "config.h"

#include "alm-map-view.h"

#include "alm-map-grid.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_ZOOM  20.0
#define MIN_ZOOM  3.0
#define PAN_PX    120.0
#define CLICK_PX  6.0

struct _AlmMapView
{
  GtkWidget        parent_instance;

  /* Owned */
  GtkWidget       *map;         /* ShumateMap, a child */
  ShumateViewport *viewport;    /* borrowed from map */
  GtkGesture      *drag;        /* borrowed: belongs to the widget */
  GtkWidget       *overlay;     /* draws band and mark; a child */

  AlmMapDrag       drag_mode;
  gboolean         is_banding;
  gboolean         is_dragging;
  gboolean         has_moved;   /* farther than a click does */
  guint32          click_time;  /* of the last click, 0: none that another could follow */
  double           click_x;     /* widget */
  double           click_y;
  AlmMapSketchFunc sketch;      /* nullable */
  gpointer         sketch_data; /* borrowed */
  double           drag_x;      /* widget: where the drag began */
  double           drag_y;
  double           band_x;      /* widget: where it is now */
  double           band_y;
  double           scrolled;    /* what a touchpad has scrolled since the last step */
  double           mark_x;      /* units, or NAN */
  double           mark_y;
  double           pointer_x;
  double           pointer_y;
};

enum {
  SIGNAL_MOVED,
  SIGNAL_POINTED,
  SIGNAL_CLICKED,
  SIGNAL_DOUBLE_CLICKED,
  SIGNAL_BOXED,
  SIGNAL_DRAG_BEGIN,
  SIGNAL_DRAG_UPDATE,
  SIGNAL_DRAG_END,
  SIGNAL_HOME,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmMapView, alm_map_view, GTK_TYPE_WIDGET)

double
alm_map_view_get_zoom (AlmMapView *self)
{
  return shumate_viewport_get_zoom_level (self->viewport);
}

double
alm_map_view_get_units_per_pixel (AlmMapView *self)
{
  return alm_mercator_units_per_pixel (alm_map_view_get_zoom (self));
}

void
alm_map_view_get_center (AlmMapView *self,
                         double     *x,
                         double     *y)
{
  alm_mercator_from_lon_lat (
    shumate_location_get_longitude (SHUMATE_LOCATION (self->viewport)),
    shumate_location_get_latitude (SHUMATE_LOCATION (self->viewport)), x, y);
}

void
alm_map_view_go_to (AlmMapView *self,
                    double      x,
                    double      y,
                    double      zoom)
{
  double lon;
  double lat;

  g_return_if_fail (ALM_IS_MAP_VIEW (self));

  alm_mercator_to_lon_lat (CLAMP (x, 0.0, ALM_WORLD - 1.0), CLAMP (y, 0.0, ALM_WORLD - 1.0), &lon,
                           &lat);
  shumate_map_stop_go_to (SHUMATE_MAP (self->map));
  g_object_freeze_notify (G_OBJECT (self->viewport));
  shumate_viewport_set_zoom_level (self->viewport, CLAMP (zoom, MIN_ZOOM, MAX_ZOOM));
  shumate_location_set_location (SHUMATE_LOCATION (self->viewport), lat, lon);
  g_object_thaw_notify (G_OBJECT (self->viewport));
}

void
alm_map_view_to_widget (AlmMapView *self,
                        double      x,
                        double      y,
                        double     *widget_x,
                        double     *widget_y)
{
  double upp = alm_map_view_get_units_per_pixel (self);
  double center_x;
  double center_y;

  alm_map_view_get_center (self, &center_x, &center_y);
  *widget_x = (x - center_x) / upp + gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  *widget_y = (y - center_y) / upp + gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
}

void
alm_map_view_from_widget (AlmMapView *self,
                          double      widget_x,
                          double      widget_y,
                          double     *x,
                          double     *y)
{
  double upp = alm_map_view_get_units_per_pixel (self);
  double center_x;
  double center_y;

  alm_map_view_get_center (self, &center_x, &center_y);
  *x = center_x + (widget_x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0) * upp;
  *y = center_y + (widget_y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0) * upp;
}

gboolean
alm_map_view_get_box (AlmMapView *self,
                      AlmBox     *box)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double west;
  double north;
  double east;
  double south;

  if (width <= 0 || height <= 0)
    return FALSE;

  alm_map_view_from_widget (self, 0, 0, &west, &north);
  alm_map_view_from_widget (self, width, height, &east, &south);
  *box = (AlmBox) { alm_mercator_round (west), alm_mercator_round (north),
                    alm_mercator_round (east), alm_mercator_round (south) };

  return TRUE;
}

/* A whole zoom, as large as the box allows. */
void
alm_map_view_show_box (AlmMapView   *self,
                       const AlmBox *box,
                       double        max_zoom)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 200) * 0.92;
  double height = MAX (gtk_widget_get_height (GTK_WIDGET (self)), 200) * 0.92;
  double upp = MAX (((double) box->east - box->west) / width,
                    ((double) box->south - box->north) / height);
  double zoom = upp > 0.0 ? floor (log2 (ALM_WORLD / (ALM_TILE_SIZE * upp))) : max_zoom;

  alm_map_view_go_to (self, ((double) box->west + box->east) / 2.0,
                      ((double) box->north + box->south) / 2.0, MIN (zoom, max_zoom));
}

/* What is at (widget_x, widget_y) stays there. */
void
alm_map_view_zoom_at (AlmMapView *self,
                      double      step,
                      double      widget_x,
                      double      widget_y)
{
  double zoom = alm_map_view_get_zoom (self);
  double target = CLAMP (round (zoom + step), MIN_ZOOM, MAX_ZOOM);
  double upp = alm_mercator_units_per_pixel (target);
  double x;
  double y;

  alm_map_view_from_widget (self, widget_x, widget_y, &x, &y);
  alm_map_view_go_to (self, x - (widget_x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0) * upp,
                      y - (widget_y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0) * upp,
                      target);
}

void
alm_map_view_pan (AlmMapView *self,
                  double      dx_px,
                  double      dy_px)
{
  double upp = alm_map_view_get_units_per_pixel (self);
  double x;
  double y;

  alm_map_view_get_center (self, &x, &y);
  alm_map_view_go_to (self, x + dx_px * upp, y + dy_px * upp, alm_map_view_get_zoom (self));
}

void
alm_map_view_set_mark (AlmMapView *self,
                       double      x,
                       double      y)
{
  self->mark_x = x;
  self->mark_y = y;
  gtk_widget_queue_draw (self->overlay);
}

void
alm_map_view_set_sketch (AlmMapView       *self,
                         AlmMapSketchFunc  func,
                         gpointer          user_data)
{
  self->sketch = func;
  self->sketch_data = user_data;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_widget_queue_draw (self->overlay);
}

void
alm_map_view_set_drag (AlmMapView *self,
                       AlmMapDrag  drag)
{
  self->drag_mode = drag;
}

AlmTileLayer *
alm_map_view_add_layer (AlmMapView *self)
{
  AlmTileLayer *layer = alm_tile_layer_new (self->viewport);

  shumate_map_add_layer (SHUMATE_MAP (self->map), SHUMATE_LAYER (layer));

  return layer;
}

AlmLabelLayer *
alm_map_view_add_labels (AlmMapView *self,
                         AlmRecords *records,
                         AlmMapData *data)
{
  AlmLabelLayer *layer = alm_label_layer_new (self->viewport, records, data);

  shumate_map_add_layer (SHUMATE_MAP (self->map), SHUMATE_LAYER (layer));

  return layer;
}

static void
zoom_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  alm_map_view_zoom_at (ALM_MAP_VIEW (widget), g_str_has_suffix (name, "in") ? 1.0 : -1.0,
                        gtk_widget_get_width (widget) / 2.0,
                        gtk_widget_get_height (widget) / 2.0);
}

static void
pan_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  double dx = g_str_has_suffix (name, "left") ? -1.0 : g_str_has_suffix (name, "right");
  double dy = g_str_has_suffix (name, "up") ? -1.0 : g_str_has_suffix (name, "down");

  alm_map_view_pan (ALM_MAP_VIEW (widget), dx * PAN_PX, dy * PAN_PX);
}

static void
home_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_HOME], 0);
}

static gboolean
scroll_cb (AlmMapView               *self,
           double                    dx,
           double                    dy,
           GtkEventControllerScroll *controller)
{
  self->scrolled += dy;
  if (fabs (self->scrolled) < 1.0)
    return TRUE;

  alm_map_view_zoom_at (self, self->scrolled < 0.0 ? 1.0 : -1.0, self->pointer_x,
                        self->pointer_y);
  self->scrolled = 0.0;

  return TRUE;
}

static void
motion_cb (AlmMapView *self,
           double      widget_x,
           double      widget_y)
{
  double x;
  double y;

  self->pointer_x = widget_x;
  self->pointer_y = widget_y;
  alm_map_view_from_widget (self, widget_x, widget_y, &x, &y);
  g_signal_emit (self, signals[SIGNAL_POINTED], 0, x, y);
}

static void
leave_cb (AlmMapView *self)
{
  g_signal_emit (self, signals[SIGNAL_POINTED], 0, NAN, NAN);
}

static gboolean
has_state (GtkGesture      *gesture,
           GdkModifierType  wanted)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  return (state & wanted) != 0;
}

/* Shift and Ctrl both add to what is selected; where Shift has made the rectangle,
 * Ctrl alone. */
static gboolean
is_extending (AlmMapView *self,
              GtkGesture *gesture,
              gboolean    is_click)
{
  return has_state (gesture, GDK_CONTROL_MASK) ||
         ((is_click || self->drag_mode == ALM_MAP_DRAG_BOX) &&
          has_state (gesture, GDK_SHIFT_MASK));
}

/* Does this come so soon after a click, and so near, that it makes a double one? */
static gboolean
follows_click (AlmMapView *self,
               GtkGesture *gesture,
               double      widget_x,
               double      widget_y)
{
  guint32 time = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
  int most_ms;
  int most_px;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &most_ms,
                "gtk-double-click-distance", &most_px, NULL);

  return self->click_time != 0 && time - self->click_time <= (guint32) most_ms &&
         hypot (widget_x - self->click_x, widget_y - self->click_y) <= most_px;
}

static void
drag_begin_cb (AlmMapView *self,
               double      widget_x,
               double      widget_y,
               GtkGesture *gesture)
{
  gboolean taken = FALSE;
  double x;
  double y;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_x = self->band_x = widget_x;
  self->drag_y = self->band_y = widget_y;
  self->is_banding = FALSE;
  self->is_dragging = FALSE;
  self->has_moved = FALSE;
  if (self->drag_mode == ALM_MAP_DRAG_BOX ||
      (self->drag_mode == ALM_MAP_DRAG_PAN && has_state (gesture, GDK_SHIFT_MASK)))
    {
      self->is_banding = TRUE;
      return;
    }

  alm_map_view_from_widget (self, widget_x, widget_y, &x, &y);
  g_signal_emit (self, signals[SIGNAL_DRAG_BEGIN], 0, x, y, &taken);
  self->is_dragging = taken;
}

static void
drag_update_cb (AlmMapView *self,
                double      dx,
                double      dy,
                GtkGesture *gesture)
{
  double x;
  double y;

  if (!self->is_banding && !self->is_dragging)
    return;
  if (hypot (dx, dy) > CLICK_PX)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
      self->has_moved = TRUE;
    }
  if (!self->has_moved)
    return;
  self->band_x = self->drag_x + dx;
  self->band_y = self->drag_y + dy;
  if (self->is_dragging)
    {
      alm_map_view_from_widget (self, self->band_x, self->band_y, &x, &y);
      g_signal_emit (self, signals[SIGNAL_DRAG_UPDATE], 0, x, y);
    }
  gtk_widget_queue_draw (self->overlay);
}

static void
end_band (AlmMapView *self,
          gboolean    extend)
{
  double x0;
  double y0;
  double x1;
  double y1;
  AlmBox box;

  alm_map_view_from_widget (self, MIN (self->drag_x, self->band_x),
                            MIN (self->drag_y, self->band_y), &x0, &y0);
  alm_map_view_from_widget (self, MAX (self->drag_x, self->band_x),
                            MAX (self->drag_y, self->band_y), &x1, &y1);
  box = (AlmBox) { alm_mercator_round (x0), alm_mercator_round (y0), alm_mercator_round (x1),
                   alm_mercator_round (y1) };
  g_signal_emit (self, signals[SIGNAL_BOXED], 0, &box, extend);
}

static void
click (AlmMapView *self,
       GtkGesture *gesture,
       double      widget_x,
       double      widget_y)
{
  guint32 time = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (gesture));
  gboolean extend = is_extending (self, gesture, TRUE);
  gboolean second = follows_click (self, gesture, widget_x, widget_y);
  gboolean taken = FALSE;
  double x;
  double y;

  /* A third click would be the first one again. */
  self->click_time = second ? 0 : time;
  self->click_x = widget_x;
  self->click_y = widget_y;
  alm_map_view_from_widget (self, widget_x, widget_y, &x, &y);
  if (second)
    g_signal_emit (self, signals[SIGNAL_DOUBLE_CLICKED], 0, x, y, extend, &taken);
  if (!taken)
    g_signal_emit (self, signals[SIGNAL_CLICKED], 0, x, y, extend);
}

static void
drag_end_cb (AlmMapView *self,
             double      dx,
             double      dy,
             GtkGesture *gesture)
{
  gboolean was_banding = self->is_banding;
  gboolean was_dragging = self->is_dragging;
  gboolean is_click = hypot (dx, dy) <= CLICK_PX;
  double x;
  double y;

  self->is_banding = self->is_dragging = FALSE;
  gtk_widget_queue_draw (self->overlay);
  alm_map_view_from_widget (self, self->drag_x + dx, self->drag_y + dy, &x, &y);
  self->band_x = self->drag_x + dx;
  self->band_y = self->drag_y + dy;
  /* Of a quick drag the end may be all that is told. */
  if (was_dragging && (self->has_moved || !is_click))
    g_signal_emit (self, signals[SIGNAL_DRAG_END], 0, x, y);
  else if (is_click)
    click (self, gesture, self->drag_x + dx, self->drag_y + dy);
  else if (was_banding)
    end_band (self, is_extending (self, gesture, FALSE));
}

static void
viewport_cb (AlmMapView *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
  gtk_widget_queue_draw (self->overlay);
}

static void
draw_overlay (GtkDrawingArea *area,
              cairo_t        *cr,
              int             width,
              int             height,
              gpointer        user_data)
{
  AlmMapView *self = user_data;
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (area)),
                                       "accent_color", &color))
    color = (GdkRGBA) { 0.1f, 0.4f, 0.9f, 1.0f };
  if (self->is_banding)
    {
      cairo_rectangle (cr, MIN (self->drag_x, self->band_x) + 0.5,
                       MIN (self->drag_y, self->band_y) + 0.5,
                       fabs (self->band_x - self->drag_x), fabs (self->band_y - self->drag_y));
      cairo_set_source_rgba (cr, color.red, color.green, color.blue, 0.15);
      cairo_fill_preserve (cr);
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_set_line_width (cr, 1.0);
      cairo_stroke (cr);
    }
  if (self->sketch != NULL)
    self->sketch (self, cr, &color, self->sketch_data);
  if (!isnan (self->mark_x))
    {
      double x;
      double y;

      alm_map_view_to_widget (self, self->mark_x, self->mark_y, &x, &y);
      cairo_arc (cr, x, y, 13.0, 0.0, 2.0 * G_PI);
      cairo_set_source_rgba (cr, 1.0, 1.0, 1.0, 0.9);
      cairo_set_line_width (cr, 5.0);
      cairo_stroke_preserve (cr);
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_set_line_width (cr, 2.5);
      cairo_stroke (cr);
    }
}

static void
alm_map_view_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  AlmMapView *self = ALM_MAP_VIEW (widget);

  gtk_widget_snapshot_child (widget, self->map, snapshot);
  /* Drawn only where there is something to draw: a full-size cairo node costs. */
  if (self->is_banding || self->sketch != NULL || !isnan (self->mark_x))
    gtk_widget_snapshot_child (widget, self->overlay, snapshot);
}

static void
alm_map_view_dispose (GObject *object)
{
  AlmMapView *self = ALM_MAP_VIEW (object);

  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer (&self->map, gtk_widget_unparent);

  G_OBJECT_CLASS (alm_map_view_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char                  *name;
    GtkWidgetActionActivateFunc  func;
    guint                        keys[3];
  } actions[] = {
    { "map.zoom-in", zoom_action, { GDK_KEY_plus, GDK_KEY_KP_Add, GDK_KEY_equal } },
    { "map.zoom-out", zoom_action, { GDK_KEY_minus, GDK_KEY_KP_Subtract, 0 } },
    { "map.home", home_action, { GDK_KEY_Home, GDK_KEY_KP_Home, 0 } },
    { "map.pan-left", pan_action, { GDK_KEY_Left, GDK_KEY_KP_Left, 0 } },
    { "map.pan-right", pan_action, { GDK_KEY_Right, GDK_KEY_KP_Right, 0 } },
    { "map.pan-up", pan_action, { GDK_KEY_Up, GDK_KEY_KP_Up, 0 } },
    { "map.pan-down", pan_action, { GDK_KEY_Down, GDK_KEY_KP_Down, 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].func);
      for (guint k = 0; k < G_N_ELEMENTS (actions[i].keys); k++)
        if (actions[i].keys[k] != 0)
          gtk_widget_class_add_binding_action (widget_class, actions[i].keys[k], 0,
                                               actions[i].name, NULL);
    }
}

static void
install_signals (GType type)
{
  signals[SIGNAL_MOVED] =
    g_signal_new ("moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_POINTED] =
    g_signal_new ("pointed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_CLICKED] =
    g_signal_new ("clicked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                  G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
  signals[SIGNAL_DOUBLE_CLICKED] =
    g_signal_new ("double-clicked", type, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3,
                  G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
  signals[SIGNAL_BOXED] =
    g_signal_new ("boxed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[SIGNAL_DRAG_BEGIN] =
    g_signal_new ("drag-begin", type, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                  NULL, NULL, G_TYPE_BOOLEAN, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_DRAG_UPDATE] =
    g_signal_new ("drag-update", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_DRAG_END] =
    g_signal_new ("drag-end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_HOME] =
    g_signal_new ("home", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
alm_map_view_class_init (AlmMapViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_map_view_dispose;
  widget_class->snapshot = alm_map_view_snapshot;

  install_signals (G_TYPE_FROM_CLASS (klass));
  install_actions (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "mapview");
}

static void
add_controllers (AlmMapView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);

  self->drag = gtk_gesture_drag_new ();
  g_signal_connect_swapped (self->drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (self->drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (self->drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (self->drag),
                                              GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->drag));
}

/* libshumate 1.0.3 zooms at a double click, whatever it was told. */
static void
drop_double_click (GtkWidget *map)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (map);

  for (guint i = g_list_model_get_n_items (controllers); i-- > 0;)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller))
        gtk_widget_remove_controller (map, controller);
    }
}

static void
alm_map_view_init (AlmMapView *self)
{
  g_autoptr (ShumateMapSource) grid = alm_map_grid_new ();

  self->mark_x = self->mark_y = NAN;
  self->map = GTK_WIDGET (shumate_map_new ());
  self->viewport = shumate_map_get_viewport (SHUMATE_MAP (self->map));
  shumate_map_set_map_source (SHUMATE_MAP (self->map), grid);
  shumate_viewport_set_reference_map_source (self->viewport, grid);
  shumate_viewport_set_min_zoom_level (self->viewport, (guint) MIN_ZOOM);
  shumate_viewport_set_max_zoom_level (self->viewport, (guint) MAX_ZOOM);
  drop_double_click (self->map);
  gtk_widget_set_focusable (self->map, FALSE);
  gtk_widget_set_parent (self->map, GTK_WIDGET (self));

  self->overlay = gtk_drawing_area_new ();
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->overlay), draw_overlay, self, NULL);
  gtk_widget_set_can_target (self->overlay, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->overlay),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Marks on the map"), -1);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));

  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map"),
                                  -1);
  add_controllers (self);
  g_signal_connect_object (self->viewport, "notify", G_CALLBACK (viewport_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
alm_map_view_new (void)
{
  return g_object_new (ALM_TYPE_MAP_VIEW, NULL);
}
