/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-asset-columns.h"
#include "alm-base-style.h"
#include "alm-labels.h"
#include "alm-pixels.h"
#include "alm-symbol.h"

G_BEGIN_DECLS

/* From here on what stands on the ground is close: zoom 18, which a window shows
 * from halfway between 17 and 18 on. */
#define ALM_PAINT_CLOSE_ZOOM 17.5

/* What is to be seen, bottom to top.  Filled by one thread, then immutable;
 * reference-counted atomically, so that drawing threads share it. */
typedef struct _AlmPaintPlan AlmPaintPlan;

AlmPaintPlan *alm_paint_plan_new          (void);
AlmPaintPlan *alm_paint_plan_ref          (AlmPaintPlan          *self);
void          alm_paint_plan_unref        (AlmPaintPlan          *self);
void          alm_paint_plan_set_day      (AlmPaintPlan          *self,
                                           gint32                 day);
/* 0xRRGGBB under everything; without one the picture is transparent. */
void          alm_paint_plan_set_ground   (AlmPaintPlan          *self,
                                           guint32                color);
void          alm_paint_plan_set_dark     (AlmPaintPlan          *self,
                                           gboolean               dark);
/* Points get a line of a pixel in the ground's colour around them; on by default. */
void          alm_paint_plan_set_outline  (AlmPaintPlan          *self,
                                           gboolean               outline);
/* Device pixels per pixel: 1 or 2. */
void          alm_paint_plan_set_scale    (AlmPaintPlan          *self,
                                           double                 scale);
/* Returns the layer's number, counted from 0. */
guint         alm_paint_plan_add_assets   (AlmPaintPlan          *self,
                                           AlmAssetColumns       *columns,
                                           AlmSymbol             *symbol,
                                           double                 opacity);
/* A ring of light around each, in @color: what is selected. */
guint         alm_paint_plan_add_halo     (AlmPaintPlan          *self,
                                           AlmAssetColumns       *columns,
                                           AlmSymbol             *symbol,
                                           guint32                color);
/* The drawn base map.  @columns: one for each AlmBaseKind, nullable; the classes
 * in them are those of alm_base_style_classify(). */
void          alm_paint_plan_set_base     (AlmPaintPlan          *self,
                                           AlmAssetColumns *const columns[ALM_BASE_N_KINDS],
                                           double                 opacity);
/* Names above everything else. */
void          alm_paint_plan_set_labels   (AlmPaintPlan          *self,
                                           AlmLabels             *labels);

/* Which part of the world lies in a picture. */
typedef struct
{
  double west;             /* units: the picture's upper left corner */
  double north;
  double units_per_pixel;  /* device pixels */
  double zoom;             /* for sizes */
} AlmPaintView;

void          alm_paint_view_init_tile    (AlmPaintView          *self,
                                           guint                  zoom,
                                           guint                  x,
                                           guint                  y,
                                           double                 scale);

/* A symbol's colour on light or dark ground; legends use it too. */
guint32       alm_paint_adapt_color       (guint32                color,
                                           gboolean               dark);

/* How far around its place an asset may be drawn to scale, in units; 0 where none is.
 * @y: units, where on the globe */
double        alm_paint_plan_get_reach    (const AlmPaintPlan    *self,
                                           double                 zoom,
                                           double                 y);

/* Fills the whole picture.  Pure; any thread.
 * @drawn: (nullable): for each layer how many assets were drawn */
void          alm_paint                   (const AlmPaintPlan    *plan,
                                           const AlmPaintView    *view,
                                           AlmPixels             *pixels,
                                           guint                 *drawn);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmPaintPlan, alm_paint_plan_unref)

G_END_DECLS
