/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-asset-columns.h"

G_BEGIN_DECLS

/* Lines and areas of a GeoPackage blob (OGC 12-128r18, clause 2.1.3) as plain
 * arrays, to be filled again and again. */
typedef struct
{
  AlmShapeType  type;
  GArray       *xy;       /* (element-type double) pairs, as they stand in the blob */
  GArray       *rings;    /* (element-type guint) where each ring or line begins */
} AlmGpkgShape;

#define ALM_GPKG_SHAPE_INIT { ALM_SHAPE_POINT, NULL, NULL }

void     alm_gpkg_shape_clear (AlmGpkgShape *self);
/* FALSE: no blob, cut off, over the limits, or only points; what is in @self then
 * means nothing. */
gboolean alm_gpkg_read        (AlmGpkgShape *self,
                               const guint8 *data,
                               gsize         length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmGpkgShape, alm_gpkg_shape_clear)

G_END_DECLS
