/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-mbtiles.h"
#include "alm-paint.h"
#include "alm-tile-client.h"

G_BEGIN_DECLS

/* Where the tiles of a layer come from.  Immutable for its users; reference-counted
 * atomically. */
typedef struct _AlmTilePainter AlmTilePainter;

typedef struct
{
  guint  zoom;
  guint  x;
  guint  y;
  int    scale;   /* device pixels per pixel */
} AlmTileRequest;

/* (transfer full) @plan; its scale is that of the requests */
AlmTilePainter *alm_tile_painter_new_plan    (AlmPaintPlan         *plan);
/* (transfer full) @file */
AlmTilePainter *alm_tile_painter_new_mbtiles (AlmMbtiles           *file);
/* (transfer full) @client; only the main thread may let the last reference go */
AlmTilePainter *alm_tile_painter_new_client  (AlmTileClient        *client,
                                              guint                 max_zoom);
AlmTilePainter *alm_tile_painter_ref         (AlmTilePainter       *self);
void            alm_tile_painter_unref       (AlmTilePainter       *self);
/* Deeper tiles are parts of these, drawn larger. */
guint           alm_tile_painter_get_max_zoom (const AlmTilePainter *self);

/* As alm_paint_plan_get_reach(); 0 for what is not painted here. */
double          alm_tile_painter_get_reach   (const AlmTilePainter *self,
                                              guint                 zoom,
                                              double                y);

/* Lower @priority first. */
void            alm_tile_painter_paint_async  (AlmTilePainter       *self,
                                               const AlmTileRequest *request,
                                               int                   priority,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
/* (transfer full) */
GdkTexture     *alm_tile_painter_paint_finish (GAsyncResult         *result,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTilePainter, alm_tile_painter_unref)

G_END_DECLS
