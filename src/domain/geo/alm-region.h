/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* A part of the earth's surface that rights are given for: polygons with straight
 * edges in longitude and latitude, as GeoJSON has them.  Immutable; any thread. */
typedef struct _AlmRegion AlmRegion;

/* A district's boundary has some hundreds; each edit is compared with all of them. */
#define ALM_REGION_POSITIONS_MAX 5000

/* @geometry: a GeoJSON Polygon or MultiPolygon; NULL with a sentence in *reason */
AlmRegion  *alm_region_new          (const AlmValue   *geometry,
                                     char            **reason);
AlmRegion  *alm_region_ref          (AlmRegion        *self);
void        alm_region_unref        (AlmRegion        *self);
/* Does all of @geometry (GeoJSON; nullable: then no) lie inside or on the boundary? */
gboolean    alm_region_covers       (const AlmRegion  *self,
                                     const AlmValue   *geometry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmRegion, alm_region_unref)

G_END_DECLS
