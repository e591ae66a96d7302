/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Map tiles from an address with {z} {x} {y}, kept on disk: what was seen once is
 * there without a network.  Asks with the program's name, at most six requests at
 * once.  Main thread; files are read and written in the pool. */
#define ALM_TYPE_TILE_CLIENT (alm_tile_client_get_type ())
G_DECLARE_FINAL_TYPE (AlmTileClient, alm_tile_client, ALM, TILE_CLIENT, GObject)

/* G_IO_ERROR_INVALID_ARGUMENT: no http(s) address with all three places.
 * @cache_dir: made when the first tile is kept */
AlmTileClient *alm_tile_client_new          (const char           *address,
                                             const char           *cache_dir,
                                             GError              **error);
/* The address of one tile; {-y} counts rows from the south; (transfer full) */
char          *alm_tile_client_make_address (AlmTileClient        *self,
                                             guint                 zoom,
                                             guint                 x,
                                             guint                 y);
/* G_IO_ERROR_NOT_FOUND where the server has no such tile; (transfer full) */
void           alm_tile_client_fetch_async  (AlmTileClient        *self,
                                             guint                 zoom,
                                             guint                 x,
                                             guint                 y,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GBytes        *alm_tile_client_fetch_finish (AlmTileClient        *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
