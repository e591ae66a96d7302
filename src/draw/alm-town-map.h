/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-value.h"

G_BEGIN_DECLS

/* The training town as a map to look at: its base records, drawn as raster
 * tiles.  First everything is taken, then sheets are made of it; from then on
 * it is constant, and any thread may draw. */
typedef struct _AlmTownMap AlmTownMap;

AlmTownMap *alm_town_map_new        (void);
void        alm_town_map_free       (AlmTownMap     *self);
/* A record; kinds and classes that the map does not show are left out. */
void        alm_town_map_take       (AlmTownMap     *self,
                                     const char     *kind,
                                     const AlmValue *fields);

/* The map at one zoom, its lettering placed once for the whole of it, so that
 * no tile's edge cuts a word. */
typedef struct _AlmTownSheet AlmTownSheet;

typedef struct
{
  guint   x;
  guint   y;
  GBytes *png;
} AlmTownTile;

AlmTownSheet *alm_town_sheet_new    (AlmTownMap     *map,
                                     guint           zoom,
                                     double          west,
                                     double          south,
                                     double          east,
                                     double          north);
void        alm_town_sheet_free     (AlmTownSheet   *self);
/* Blocks of up to 4 × 4 tiles are drawn in one go. */
guint       alm_town_sheet_n_blocks (AlmTownSheet   *self);
/* (transfer full) (element-type AlmTownTile) by x, then y */
GPtrArray  *alm_town_sheet_draw     (AlmTownSheet   *self,
                                     guint           block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTownMap, alm_town_map_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTownSheet, alm_town_sheet_free)

G_END_DECLS
