/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* The point of a GeoJSON point, the middle of the box of anything else. */
gboolean  alm_geometry_text_find_middle (const AlmValue *geometry,
                                         double         *lon,
                                         double         *lat);
/* Two lines for people: metric in the city's system, degrees; (transfer full) */
char     *alm_geometry_text_show        (double          lon,
                                         double          lat);

G_END_DECLS
