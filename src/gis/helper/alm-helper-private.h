/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gdal.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* The helper is one process for one file; it ends with it. */

/* What one file or archive holds.  Of an archive one dataset is open at a time:
 * it may have more entries than this process may have descriptors. */
typedef struct
{
  GPtrArray   *paths;      /* (element-type utf8) */
  GDALDatasetH open;       /* nullable */
  guint        index;      /* which path it is */
} AlmHelperSource;

void     alm_helper_source_clear (AlmHelperSource  *self);
gboolean alm_helper_open         (const char       *path,
                                  AlmHelperSource  *source,
                                  GError          **error);
GDALDatasetH alm_helper_source_get (AlmHelperSource *self,
                                  guint             index,
                                  GError          **error);
gboolean alm_helper_is_archive   (const char       *path);
gboolean alm_helper_check_zip    (const char       *path,
                                  GError          **error);
/* Whether so many bytes may come out of an archive of that size. */
gboolean alm_helper_check_unpacked (guint64         total,
                                  guint64           packed,
                                  GError          **error);
GPtrArray *alm_helper_list_archive (const char     *path,
                                  const char *const *endings);
guint64  alm_helper_get_size     (const char       *path);
gboolean alm_helper_check_shapefile (const char    *path,
                                  GError          **error);
/* What GDAL has complained of first; NULL = nothing.  Starts anew. */
char    *alm_helper_take_failure (void);
void     alm_helper_watch        (void);

gboolean alm_helper_read         (const char       *path,
                                  const char       *layer,
                                  GError          **error);
/* Puts the one table of an archive, or the one of that name, into @folder and prints
 * "table PATH"; before that, or instead, "choose NAME" for each of several; nothing
 * where @path is no archive or holds something else. */
gboolean alm_helper_unpack       (const char       *path,
                                  const char       *folder,
                                  const char       *wanted,
                                  GError          **error);
gboolean alm_helper_write        (const char       *driver,
                                  const char       *path,
                                  GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHelperSource, alm_helper_source_clear)

G_END_DECLS
