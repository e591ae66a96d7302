/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* Length and area on the ellipsoid GRS80 (Karney's geodesics), and beside them
 * the plane figures of an ETRS89/UTM system.  NAN where a figure makes no sense
 * for the geometry. */
typedef struct
{
  double length_m;         /* of lines */
  double area_m2;          /* of areas, positive, holes subtracted */
  double perimeter_m;
  double azimuth_deg;      /* of a line of two points, 0 to 360 */
  double grid_length_m;
  double grid_area_m2;
} AlmMeasure;

/* @geometry: GeoJSON, lon/lat; @grid: EPSG number */
gboolean alm_measure_geometry (const AlmValue  *geometry,
                               int              grid,
                               AlmMeasure      *measure,
                               GError         **error);

G_END_DECLS
