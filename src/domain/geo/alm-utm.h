/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-geo.h"

G_BEGIN_DECLS

/* ETRS89/UTM, zones 28 to 38: the systems a city may have. */
#define ALM_UTM_FIRST 25828
#define ALM_UTM_LAST  25838

gboolean alm_utm_is_system   (int      epsg);
/* Degrees in, metres out.  Not finite where the place is more than 80° of
 * longitude from the zone's middle or no place at all. */
void     alm_utm_from_lonlat (int      epsg,
                              double   lon,
                              double   lat,
                              double  *east,
                              double  *north);
void     alm_utm_to_lonlat   (int      epsg,
                              double   east,
                              double   north,
                              double  *lon,
                              double  *lat);
/* The zone in which a longitude lies, as its EPSG number; the nearest of ours. */
int      alm_utm_choose      (double   lon);

G_END_DECLS
