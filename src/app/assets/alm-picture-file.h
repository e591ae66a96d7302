/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* A picture from a file, scaled to fit into @size pixels each way, upright as the camera
 * was held, and never made larger.  JPEG, PNG and WebP; what claims to be larger than
 * ALM_PICTURE_PIXELS_MAX is not decoded.  Decodes in the shared pool. */
#define ALM_PICTURE_PIXELS_MAX (100 * 1000 * 1000)

void        alm_picture_file_load_async  (const char           *path,
                                          int                   size,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
/* G_IO_ERROR_NOT_SUPPORTED: no picture that can be shown. */
GdkTexture *alm_picture_file_load_finish (GAsyncResult         *result,
                                          GError              **error);

G_END_DECLS
