/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-value.h"

G_BEGIN_DECLS

/* Plane geometry through GEOS, on well-known binary.  One GEOS handle per
 * thread; what is made here belongs to the thread that made it. */

/* WKT of any type to WKB; NULL where it is none. */
GByteArray *alm_geos_read_wkt     (const char    *text);
/* Makes a self-crossing geometry valid; *reason: what GEOS found and where, in its
 * words, NULL: nothing (transfer full).
 * FALSE: it cannot be read at all. */
gboolean    alm_geos_repair       (GByteArray    *wkb,
                                   char         **reason);
/* Is it what OGC Simple Features calls valid: no boundary that crosses or touches
 * itself, holes inside?  *x, *y: where it is not, NAN where that has no place. */
gboolean    alm_geos_is_valid     (const guint8  *wkb,
                                   gsize          length,
                                   double        *x,
                                   double        *y);
/* The same of a GeoJSON geometry, judged in the plane of its UTM zone, where its area
 * is measured too; lines and points are sound.  What cannot be read has no place. */
gboolean    alm_geos_is_sound     (const AlmValue *geometry,
                                   double        *lon,
                                   double        *lat);
/* A point inside; NULL where there is none. */
GByteArray *alm_geos_find_inside  (const guint8  *wkb,
                                   gsize          length);
/* Area and length in the plane of the coordinates. */
gboolean    alm_geos_measure      (const guint8  *wkb,
                                   gsize          length,
                                   double        *area,
                                   double        *perimeter);

/* Several geometries together, prepared for many questions. */
typedef struct _AlmGeosArea AlmGeosArea;

/* @parts: (element-type GByteArray) */
AlmGeosArea *alm_geos_area_new       (GPtrArray     *parts,
                                      GError       **error);
void         alm_geos_area_free      (AlmGeosArea   *self);
/* @box: x0, y0, x1, y1 */
void         alm_geos_area_get_box   (AlmGeosArea   *self,
                                      double         box[4]);
gboolean     alm_geos_area_meets     (AlmGeosArea   *self,
                                      const guint8  *wkb,
                                      gsize          length);
/* Within @most; *distance is exact, 0 = inside or touching. */
gboolean     alm_geos_area_is_near   (AlmGeosArea   *self,
                                      const guint8  *wkb,
                                      gsize          length,
                                      double         most,
                                      double        *distance);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmGeosArea, alm_geos_area_free)

G_END_DECLS
