/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gdal.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* The helper is one process for one file; it ends with it. */

/* The datasets that one file or archive holds. */
typedef struct
{
  GPtrArray *datasets;     /* (element-type GDALDatasetH) */
  char      *driver;
} AlmHelperSource;

void     alm_helper_source_clear (AlmHelperSource  *self);
gboolean alm_helper_open         (const char       *path,
                                  AlmHelperSource  *source,
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
