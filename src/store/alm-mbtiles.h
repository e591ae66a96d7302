/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Raster tiles in one file, as the MBTiles specification 1.3 has it.  Rows are
 * counted from the north everywhere here; the file counts them from the south. */
typedef struct
{
  char   *name;
  char   *attribution;   /* never empty: without it there is no layer */
  char   *format;        /* "png", "jpg" or "webp" */
  guint   min_zoom;
  guint   max_zoom;
  double  west;
  double  south;
  double  east;
  double  north;
} AlmMbtilesInfo;

/* A reader belongs to one thread at a time. */
typedef struct _AlmMbtiles AlmMbtiles;

AlmMbtiles           *alm_mbtiles_open          (const char            *path,
                                                 GError               **error);
void                  alm_mbtiles_close         (AlmMbtiles            *self);
const AlmMbtilesInfo *alm_mbtiles_get_info      (const AlmMbtiles      *self);
/* G_IO_ERROR_NOT_FOUND where the file has no such tile; (transfer full) */
GBytes               *alm_mbtiles_read_tile     (AlmMbtiles            *self,
                                                 guint                  zoom,
                                                 guint                  x,
                                                 guint                  y,
                                                 GError               **error);

/* Writes a new file: nothing stands at @path before finish() has returned TRUE. */
typedef struct _AlmMbtilesWriter AlmMbtilesWriter;

AlmMbtilesWriter     *alm_mbtiles_writer_new    (const char            *path,
                                                 const AlmMbtilesInfo  *info,
                                                 GError               **error);
gboolean              alm_mbtiles_writer_add    (AlmMbtilesWriter      *self,
                                                 guint                  zoom,
                                                 guint                  x,
                                                 guint                  y,
                                                 gconstpointer          data,
                                                 gsize                  length,
                                                 GError               **error);
gboolean              alm_mbtiles_writer_finish (AlmMbtilesWriter      *self,
                                                 GError               **error);
/* An unfinished file is removed. */
void                  alm_mbtiles_writer_free   (AlmMbtilesWriter      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmMbtiles, alm_mbtiles_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmMbtilesWriter, alm_mbtiles_writer_free)

G_END_DECLS
