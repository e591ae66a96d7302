/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-label-layer.h"
#include "alm-tile-layer.h"

G_BEGIN_DECLS

/* The map as a picture that one can move: the only file that knows libshumate's
 * map.  Places are units of Web Mercator.  Main thread only.
 *
 * Actions (without parameters, so that assistive technology can call them):
 *   map.zoom-in map.zoom-out map.home map.pan-left map.pan-right map.pan-up
 *   map.pan-down
 *
 * Signals:
 *   "moved" (): another part of the world is to be seen.
 *   "pointed" (double x, double y): the pointer is there; NAN: it has left.
 *   "clicked" (double x, double y, gboolean extend)
 *   "double-clicked" (double x, double y, gboolean extend) → gboolean: instead of a
 *   second "clicked" at the same place; where nobody takes it, that comes after all.
 *   "boxed" (const AlmBox *box, gboolean extend): a rectangle was drawn.
 *   "drag-begin" (double x, double y) → gboolean: TRUE takes the drag away from panning.
 *   "drag-update" (double x, double y), "drag-end" (double x, double y)
 *   "home" (): the user wants to see everything. */
#define ALM_TYPE_MAP_VIEW (alm_map_view_get_type ())
G_DECLARE_FINAL_TYPE (AlmMapView, alm_map_view, ALM, MAP_VIEW, GtkWidget)

/* What the next drag does.  PAN makes a rectangle too with Shift, MOVE never. */
typedef enum {
  ALM_MAP_DRAG_PAN,
  ALM_MAP_DRAG_BOX,
  ALM_MAP_DRAG_MOVE
} AlmMapDrag;

GtkWidget    *alm_map_view_new                (void);
/* Above all layers that are there; (transfer none) */
AlmTileLayer *alm_map_view_add_layer          (AlmMapView *self);
AlmLabelLayer *alm_map_view_add_labels        (AlmMapView *self,
                                               AlmRecords *records,
                                               AlmMapData *data);
void          alm_map_view_set_drag           (AlmMapView *self,
                                               AlmMapDrag  drag);
void          alm_map_view_get_center         (AlmMapView *self,
                                               double     *x,
                                               double     *y);
double        alm_map_view_get_zoom           (AlmMapView *self);
void          alm_map_view_go_to              (AlmMapView *self,
                                               double      x,
                                               double      y,
                                               double      zoom);
void          alm_map_view_show_box           (AlmMapView *self,
                                               const AlmBox *box,
                                               double      max_zoom);
void          alm_map_view_zoom_at            (AlmMapView *self,
                                               double      step,
                                               double      widget_x,
                                               double      widget_y);
void          alm_map_view_pan                (AlmMapView *self,
                                               double      dx_px,
                                               double      dy_px);
/* FALSE: it has no size yet. */
gboolean      alm_map_view_get_box            (AlmMapView *self,
                                               AlmBox     *box);
double        alm_map_view_get_units_per_pixel (AlmMapView *self);
void          alm_map_view_to_widget          (AlmMapView *self,
                                               double      x,
                                               double      y,
                                               double     *widget_x,
                                               double     *widget_y);
void          alm_map_view_from_widget        (AlmMapView *self,
                                               double      widget_x,
                                               double      widget_y,
                                               double     *x,
                                               double     *y);
/* Draws on top of everything, in the widget's pixels. */
typedef void (*AlmMapSketchFunc) (AlmMapView    *view,
                                  cairo_t       *cr,
                                  const GdkRGBA *accent,
                                  gpointer       user_data);
/* @func: NULL for nothing.  Again, to have it drawn anew. */
void          alm_map_view_set_sketch         (AlmMapView       *self,
                                               AlmMapSketchFunc  func,
                                               gpointer          user_data);
/* A ring there, for the keyboard's present object; NAN takes it away. */
void          alm_map_view_set_mark           (AlmMapView *self,
                                               double      x,
                                               double      y);

G_END_DECLS
