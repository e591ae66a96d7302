/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-coverage.h"
#include "alm-paint.h"

G_BEGIN_DECLS

typedef struct
{
  AlmAssetColumns *columns;
  AlmSymbol       *symbol;
  double           opacity;
  gboolean         is_halo;
  guint32          halo;
} AlmPaintLayer;

struct _AlmPaintPlan
{
  gatomicrefcount  ref_count;
  GArray          *layers;      /* AlmPaintLayer */
  AlmAssetColumns *base[ALM_BASE_N_KINDS];
  AlmLabels       *labels;      /* nullable */
  double           base_opacity;   /* 0: no drawn base map */
  gint32           day;
  gboolean         has_ground;
  guint32          ground;
  gboolean         dark;
  gboolean         outline;
  double           scale;
};

void alm_paint_find_box    (const AlmPaintView    *view,
                            const AlmPixels       *pixels,
                            double                 margin,
                            AlmBox                *box);
void alm_paint_add_rings   (AlmCoverage           *coverage,
                            const AlmAssetColumns *columns,
                            guint                  index,
                            const AlmPaintView    *view);
void alm_paint_add_strokes (AlmCoverage           *coverage,
                            const AlmAssetColumns *columns,
                            guint                  index,
                            const AlmPaintView    *view,
                            double                 width);
gboolean alm_paint_spans   (const AlmPaintPlan    *plan,
                            const AlmPaintView    *view,
                            AlmPixels             *pixels);
void alm_paint_base        (const AlmPaintPlan    *plan,
                            const AlmPaintView    *view,
                            AlmPixels             *pixels,
                            AlmCoverage           *coverage);

G_END_DECLS
