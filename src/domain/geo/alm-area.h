/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-asset-columns.h"

G_BEGIN_DECLS

/* An area drawn on the map, for the question what lies in it: a ring of straight
 * edges in a city's metric system.  Immutable; any thread. */
typedef struct _AlmArea AlmArea;

/* @epsg: an ETRS89/UTM system; @xy: pairs of Web Mercator units, the first one
 * may be repeated at the end.  NULL: fewer than three different places, or one
 * of them is none. */
AlmArea  *alm_area_new                   (int                    epsg,
                                          const double          *xy,
                                          guint                  n_vertices);
void      alm_area_free                  (AlmArea               *self);
/* Around all that can lie in it, units. */
void      alm_area_get_box               (const AlmArea         *self,
                                          AlmBox                *box);
/* Even-odd; the boundary counts as inside.  Units. */
gboolean  alm_area_contains              (const AlmArea         *self,
                                          double                 x,
                                          double                 y);
/* A point in it, a line or a polygon that has a point in common with it. */
gboolean  alm_asset_columns_touches_area (const AlmAssetColumns *self,
                                          guint                  index,
                                          const AlmArea         *area);
/* Appends the indexes (guint) of what is alive and touches @area; returns how many. */
guint     alm_asset_columns_select_area  (const AlmAssetColumns *self,
                                          const AlmArea         *area,
                                          gint32                 day,
                                          GArray                *indexes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmArea, alm_area_free)

G_END_DECLS
