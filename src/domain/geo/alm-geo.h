/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The ellipsoid GRS80, on which ETRS89 lies. */
#define ALM_GEO_GRS80_A             6378137.0
#define ALM_GEO_GRS80_F             (1.0 / 298.257222101)

/* Where there is no `city` record: Jena, Germany (assets-map.md, section 3.2). */
#define ALM_GEO_CRS_DEFAULT         25832
#define ALM_GEO_COUNTRY_WEST        5.8
#define ALM_GEO_COUNTRY_SOUTH       47.2
#define ALM_GEO_COUNTRY_EAST        15.1
#define ALM_GEO_COUNTRY_NORTH       55.1
#define ALM_GEO_CITY_WEST           11.49
#define ALM_GEO_CITY_SOUTH          50.85
#define ALM_GEO_CITY_EAST           11.68
#define ALM_GEO_CITY_NORTH          51.00

/* Decimals of degrees in a record's body: 0.1 mm. */
#define ALM_GEO_DECIMALS            9

/* West, south, east, north in degrees. */
typedef struct
{
  double w, s, e, n;
} AlmGeoBox;

G_END_DECLS
