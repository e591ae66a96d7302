/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <shumate/shumate.h>

#include "alm-tile-painter.h"

G_BEGIN_DECLS

/* Shows the tiles of a painter as textures at whole-pixel places.  No widget and
 * no render node for a single feature.  Main thread only.
 *
 * Signals:
 *   "settled" (): nothing that is in view is waiting any more.
 *   "troubled" (): a tile cannot be had. */
#define ALM_TYPE_TILE_LAYER (alm_tile_layer_get_type ())
G_DECLARE_FINAL_TYPE (AlmTileLayer, alm_tile_layer, ALM, TILE_LAYER, ShumateLayer)

/* Why a tile is not there; the later one is the one worth telling. */
typedef enum {
  ALM_TILE_TROUBLE_NONE,
  ALM_TILE_TROUBLE_MISSING,      /* the map has none there */
  ALM_TILE_TROUBLE_BROKEN,       /* what came is no picture */
  ALM_TILE_TROUBLE_REFUSED,      /* the server answers, but not with a tile */
  ALM_TILE_TROUBLE_SILENT,       /* the server does not answer in time */
  ALM_TILE_TROUBLE_UNREACHABLE   /* no way to the server */
} AlmTileTrouble;

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
/* Where a tile cannot be had, a grid of lines is drawn in its stead; off by default. */
void          alm_tile_layer_set_has_grid (AlmTileLayer   *self,
                                           gboolean        has_grid);
/* The worst that has happened to the tiles in view. */
AlmTileTrouble alm_tile_layer_get_trouble (AlmTileLayer   *self);
/* A place in view has nothing to show yet. */
gboolean      alm_tile_layer_is_waiting  (AlmTileLayer    *self);
/* What could not be had is asked for again. */
void          alm_tile_layer_retry       (AlmTileLayer    *self);

G_END_DECLS
