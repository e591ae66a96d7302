/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <shumate/shumate.h>

#include "alm-tile-painter.h"

G_BEGIN_DECLS

/* Shows the tiles of a painter as textures at whole-pixel places.  No widget and
 * no render node for a single feature.  Main thread only.
 *
 * Signals:
 *   "settled" (): nothing that is in view is waiting any more. */
#define ALM_TYPE_TILE_LAYER (alm_tile_layer_get_type ())
G_DECLARE_FINAL_TYPE (AlmTileLayer, alm_tile_layer, ALM, TILE_LAYER, ShumateLayer)

AlmTileLayer *alm_tile_layer_new         (ShumateViewport *viewport);
/* Old tiles stay to be seen until new ones are there.
 * @painter: (nullable): NULL shows nothing
 * @touched: (nullable): only tiles that meet one of these boxes are old; all are
 *   without it */
void          alm_tile_layer_set_painter (AlmTileLayer    *self,
                                          AlmTilePainter  *painter,
                                          const AlmBox    *touched,
                                          guint            n_touched);
gboolean      alm_tile_layer_is_settled  (AlmTileLayer    *self);
/* The error of the last tile that could not be had, if any of those in view. */
const char   *alm_tile_layer_get_problem (AlmTileLayer    *self);

G_END_DECLS
