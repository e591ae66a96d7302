/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* Where a record is, as the derived tables keep it (assets-map.md, section 3.3). */
typedef struct
{
  int         gtype;          /* OGC: 1 point, 2 line, 3 polygon, 4 … 6 multi, 7 collection */
  guint32     wx, wy;         /* units of Web Mercator */
  double      e0, e1, n0, n1; /* box in the city's system */
  GByteArray *geom;           /* GeoPackage binary */
} AlmPlace;

gboolean alm_place_read  (AlmPlace        *self,
                          const AlmValue  *geometry,
                          int              crs);
void     alm_place_clear (AlmPlace        *self);
/* The box of such a geometry: e0, e1, n0, n1. */
gboolean alm_place_read_box (gconstpointer    geom,
                             gsize            length,
                             double           sides[4]);
guint32  alm_place_hilbert  (double           east,
                             double           north);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmPlace, alm_place_clear)

G_END_DECLS
