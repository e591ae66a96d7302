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
gboolean alm_helper_check_zip    (const char       *path,
                                  GError          **error);
gboolean alm_helper_check_shapefile (const char    *path,
                                  GError          **error);
/* What GDAL has complained of first; NULL = nothing.  Starts anew. */
char    *alm_helper_take_failure (void);
void     alm_helper_watch        (void);

gboolean alm_helper_read         (const char       *path,
                                  const char       *layer,
                                  GError          **error);
gboolean alm_helper_write        (const char       *driver,
                                  const char       *path,
                                  GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmHelperSource, alm_helper_source_clear)

G_END_DECLS
