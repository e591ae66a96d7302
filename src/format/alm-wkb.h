/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* Moves places from one system to another, in place; what has no image
 * becomes NAN. */
typedef void (*AlmPlaceFunc) (double   *x,
                              double   *y,
                              gsize     n,
                              gpointer  user_data);

/* ISO WKB, two dimensions, to a GeoJSON geometry in lon/lat: nine decimals,
 * outer rings counter-clockwise.  @func may be NULL. */
AlmValue   *alm_wkb_to_geometry   (const guint8    *bytes,
                                   gsize            length,
                                   AlmPlaceFunc     func,
                                   gpointer         user_data,
                                   GError         **error);
/* Appends the WKB of a valid GeoJSON geometry. */
gboolean    alm_wkb_from_geometry (const AlmValue  *geometry,
                                   AlmPlaceFunc     func,
                                   gpointer         user_data,
                                   GByteArray      *out,
                                   GError         **error);
/* A point as GeoJSON, nine decimals; (transfer full) */
AlmValue   *alm_wkb_make_point    (double           lon,
                                   double           lat);
/* Calls @func for all places of a geometry, ring by ring. */
void        alm_wkb_each_place    (const AlmValue  *geometry,
                                   void           (*func) (double lon, double lat, gpointer data),
                                   gpointer         user_data);

G_END_DECLS
