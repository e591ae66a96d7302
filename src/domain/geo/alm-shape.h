/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-asset-columns.h"

G_BEGIN_DECLS

/* An asset near a place; distance 0 = on it or inside it. */
typedef struct
{
  guint  index;
  double distance;   /* units */
} AlmAssetHit;

void     alm_shape_find_anchor         (AlmShapeType           type,
                                        const double          *xy,
                                        guint                  n_vertices,
                                        const guint           *rings,
                                        guint                  n_rings,
                                        double                *x,
                                        double                *y);
double   alm_asset_columns_distance    (const AlmAssetColumns *self,
                                        guint                  index,
                                        double                 x,
                                        double                 y);
gboolean alm_asset_columns_touches_box (const AlmAssetColumns *self,
                                        guint                  index,
                                        const AlmBox          *box);
guint    alm_asset_columns_hit         (const AlmAssetColumns *self,
                                        double                 x,
                                        double                 y,
                                        double                 radius,
                                        gint32                 day,
                                        AlmAssetHit           *hits,
                                        guint                  max_hits);
guint    alm_asset_columns_select_box  (const AlmAssetColumns *self,
                                        const AlmBox          *box,
                                        gint32                 day,
                                        GArray                *indexes);

G_END_DECLS
