/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* A map source without tiles: it tells libshumate how the world is parted. */
#define ALM_TYPE_MAP_GRID (alm_map_grid_get_type ())
G_DECLARE_FINAL_TYPE (AlmMapGrid, alm_map_grid, ALM, MAP_GRID, ShumateMapSource)

ShumateMapSource *alm_map_grid_new (void);

G_END_DECLS
