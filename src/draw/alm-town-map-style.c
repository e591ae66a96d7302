/* SPDX-License-Identifier: EUPL-1.2 */

/* What the map looks like: a quiet ground, so that the assets laid over it are
 * what one sees.  Colours are light; water and woods carry the orientation. */

#include "config.h"

#include "alm-town-map-private.h"

#define PART(hex, shift) (((hex) >> (shift) & 0xff) / 255.0)
#define RGB(hex) { PART (hex, 16), PART (hex, 8), PART (hex, 0) }

const AlmTint alm_tint_ground = RGB (0xf5f2ea);
const AlmTint alm_tint_building = RGB (0xdfd6cb);
const AlmTint alm_tint_building_edge = RGB (0xc2b6a7);
const AlmTint alm_tint_landmark = RGB (0xcdbba8);
const AlmTint alm_tint_landmark_edge = RGB (0xa08b75);

/* From the bottom to the top. */
const AlmAreaStyle alm_area_styles[] = {
  { "farmland",    RGB (0xf3eddb), RGB (0xe9e1c9), 0.7, ALM_TEXTURE_NONE,    10 },
  { "meadow",      RGB (0xe1edcd), RGB (0xd2e2b9), 0.5, ALM_TEXTURE_NONE,    10 },
  { "orchard",     RGB (0xdbe9c3), RGB (0xc6dba7), 0.5, ALM_TEXTURE_ORCHARD, 10 },
  { "residential", RGB (0xeeebe6), RGB (0xe4e0d9), 0,   ALM_TEXTURE_NONE,    10 },
  { "industrial",  RGB (0xe9e6ea), RGB (0xdad5dc), 0.6, ALM_TEXTURE_NONE,    10 },
  { "wood",        RGB (0xc5ddb5), RGB (0xb0cd9e), 1.0, ALM_TEXTURE_TREES,   10 },
  { "vineyard",    RGB (0xe6e7c3), RGB (0xd2d4a3), 0.8, ALM_TEXTURE_VINES,   10 },
  { "allotments",  RGB (0xdce9ca), RGB (0xc6d8ae), 0.8, ALM_TEXTURE_GARDENS, 11 },
  { "park",        RGB (0xcde6bc), RGB (0xb7d7a3), 0.8, ALM_TEXTURE_NONE,    10 },
  { "cemetery",    RGB (0xc9dec2), RGB (0xabc6a5), 1.0, ALM_TEXTURE_CROSSES, 11 },
  { "sports",      RGB (0xcbe7cf), RGB (0xa6cdae), 1.2, ALM_TEXTURE_NONE,    12 },
  { "square",      RGB (0xf6f1f0), RGB (0xe0d8d4), 0.8, ALM_TEXTURE_NONE,    13 },
  { "water",       RGB (0xa8d0e6), RGB (0x83b5d3), 1.3, ALM_TEXTURE_NONE,    10 },
};
const guint alm_n_area_styles = G_N_ELEMENTS (alm_area_styles);

/* From the least to the greatest. */
const AlmRoadStyle alm_road_styles[] = {
  { "track",         RGB (0xfaf6ea), RGB (0xd9d0bb), 3.0, { 0, 0, 0, 0, 1.0, 1.5, 2.0 }, 16, 9.5 },
  { "path",          RGB (0xfaf6ea), RGB (0xd9d0bb), 2.0, { 0, 0, 0, 0, 0, 1.2, 1.6 },   16, 9.5 },
  { "pedestrian",    RGB (0xf8f3f2), RGB (0xd6ccc7), 5.0, { 0, 0, 0, 0.8, 1.4, 2.4, 4 }, 16, 10 },
  { "service",       RGB (0xffffff), RGB (0xcfc9c2), 5.5, { 0, 0, 0, 0.7, 1.2, 2.4, 4 }, 16, 9.5 },
  { "living_street", RGB (0xffffff), RGB (0xcbc5bd), 5.0, { 0, 0, 0, 0.9, 1.5, 2.6, 4 }, 16, 10 },
  { "residential",   RGB (0xffffff), RGB (0xc9c3ba), 6.6, { 0, 0, 0.5, 1, 1.8, 3.2, 5 }, 15, 9.5 },
  { "tertiary",      RGB (0xffffff), RGB (0xb9b1a6), 8.0, { 0, 0.6, 0.9, 1.5, 2.6, 4.2, 6.5 },
    15, 10 },
  { "secondary",     RGB (0xfdf3cf), RGB (0xccb57a), 9.6, { 0.9, 1.2, 1.6, 2.4, 3.6, 5.4, 8 },
    14, 10 },
  { "primary",       RGB (0xfbe3b4), RGB (0xcfa562), 10., { 1.2, 1.5, 2.0, 2.8, 4.2, 6.2, 9 },
    14, 10 },
};
const guint alm_n_road_styles = G_N_ELEMENTS (alm_road_styles);

/* From the most to the least important: who comes first has the room. */
const AlmNameStyle alm_name_styles[] = {
  { "town",     RGB (0x2f2b27), { 15, 18, 21, 22, 0, 0, 0 },       FALSE, FALSE, TRUE },
  { "village",  RGB (0x4a443d), { 0, 10.5, 11.5, 12.5, 14, 15, 0 }, FALSE, FALSE, TRUE },
  { "district", RGB (0x7d756b), { 0, 0, 9.5, 10, 11.5, 13, 14 },   TRUE,  FALSE, FALSE },
  { "water",    RGB (0x3f7ba3), { 0, 0, 9.5, 10, 11, 12, 13 },     FALSE, TRUE,  FALSE },
  { "landmark", RGB (0x6b4f38), { 0, 0, 0, 0, 0, 9.5, 10.5 },      FALSE, FALSE, FALSE },
  { "wood",     RGB (0x4f7a45), { 0, 0, 9, 9.5, 10.5, 12, 13 },    FALSE, TRUE,  FALSE },
  { "park",     RGB (0x4f7a45), { 0, 0, 0, 0, 9.5, 10.5, 11.5 },   FALSE, TRUE,  FALSE },
};
const guint alm_n_name_styles = G_N_ELEMENTS (alm_name_styles);
