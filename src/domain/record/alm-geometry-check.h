/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-value.h"

G_BEGIN_DECLS

/* TRUE for a GeoJSON geometry that @format ("geometry-point", …) allows; else a
 * sentence in *reason (nullable). */
gboolean  alm_geometry_check  (const char      *format,
                               const AlmValue  *value,
                               char           **reason);

G_END_DECLS
