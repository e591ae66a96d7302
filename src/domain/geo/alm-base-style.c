/* SPDX-License-Identifier: EUPL-1.2 */

/* The drawn base map's look: calm, so that the city's own data carry the colour.
 * A table; any thread. */

#include "config.h"

#include "alm-base-style.h"

#include <string.h>

#define NONE ALM_BASE_NO_COLOR

static const AlmBaseRule rules[] = {
  /* kind, class, order, zoom, metres, pixels, light, dark */
  { ALM_BASE_AREA, "", 0, 0, 0, 0, { 0xe9e6df, NONE }, { 0x26292e, NONE } },
  { ALM_BASE_AREA, "residential", 1, 0, 0, 0, { 0xe9e5dd, NONE }, { 0x272a30, NONE } },
  { ALM_BASE_AREA, "industrial", 1, 0, 0, 0, { 0xe3dfe4, NONE }, { 0x2b2a31, NONE } },
  { ALM_BASE_AREA, "commercial", 1, 0, 0, 0, { 0xe8e0e0, NONE }, { 0x2d2a2e, NONE } },
  { ALM_BASE_AREA, "railway", 1, 0, 0, 0, { 0xe0ddd9, NONE }, { 0x2a2b2e, NONE } },
  { ALM_BASE_AREA, "farmland", 2, 0, 0, 0, { 0xf0ebd6, NONE }, { 0x2a2b27, NONE } },
  { ALM_BASE_AREA, "meadow", 3, 0, 0, 0, { 0xe1ebcc, NONE }, { 0x29332a, NONE } },
  { ALM_BASE_AREA, "grass", 3, 0, 0, 0, { 0xdfeac9, NONE }, { 0x29342a, NONE } },
  { ALM_BASE_AREA, "orchard", 3, 0, 0, 0, { 0xd9e5bb, NONE }, { 0x2a3629, NONE } },
  { ALM_BASE_AREA, "allotments", 3, 0, 0, 0, { 0xdae4c4, NONE }, { 0x2b352b, NONE } },
  { ALM_BASE_AREA, "vineyard", 3, 0, 0, 0, { 0xdde0b4, NONE }, { 0x2f3327, NONE } },
  { ALM_BASE_AREA, "wood", 4, 0, 0, 0, { 0xc3d9b2, NONE }, { 0x23332a, NONE } },
  { ALM_BASE_AREA, "forest", 4, 0, 0, 0, { 0xc3d9b2, NONE }, { 0x23332a, NONE } },
  { ALM_BASE_AREA, "park", 5, 0, 0, 0, { 0xd1e6bf, NONE }, { 0x283a2d, NONE } },
  { ALM_BASE_AREA, "cemetery", 5, 0, 0, 0, { 0xccdcc0, NONE }, { 0x28362f, NONE } },
  { ALM_BASE_AREA, "sports", 5, 0, 0, 0, { 0xc9e4cf, NONE }, { 0x263a33, NONE } },
  { ALM_BASE_AREA, "playground", 6, 14, 0, 0, { 0xe4e7b8, NONE }, { 0x33392a, NONE } },
  { ALM_BASE_AREA, "square", 6, 13, 0, 0, { 0xf5ecdd, 0xe0d5c2 }, { 0x33322f, 0x403d38 } },
  { ALM_BASE_AREA, "parking", 6, 15, 0, 0, { 0xe6e4ea, NONE }, { 0x2f3036, NONE } },
  { ALM_BASE_AREA, "water", 8, 0, 0, 0, { 0xa8cde0, 0x8fbdd4 }, { 0x1f3a4d, 0x2a4a60 } },

  { ALM_BASE_LINE, "", 1, 13, 2, 1.0, { 0xc4bfb6, NONE }, { 0x454a51, NONE } },
  { ALM_BASE_LINE, "river", 0, 8, 8, 1.6, { 0xa8cde0, NONE }, { 0x1f3a4d, NONE } },
  { ALM_BASE_LINE, "stream", 0, 12, 2, 1.2, { 0xa8cde0, NONE }, { 0x1f3a4d, NONE } },
  { ALM_BASE_LINE, "wall", 3, 14, 2, 1.4, { 0xa0948a, NONE }, { 0x6a625c, NONE } },
  { ALM_BASE_LINE, "rail", 2, 10, 3, 1.6, { 0x9c9896, NONE }, { 0x676c73, NONE } },
  { ALM_BASE_LINE, "railway", 2, 10, 3, 1.6, { 0x9c9896, NONE }, { 0x676c73, NONE } },
  { ALM_BASE_LINE, "tram", 2, 13, 2, 1.0, { 0xb0a6a6, NONE }, { 0x62656d, NONE } },
  { ALM_BASE_LINE, "path", 1, 15, 1, 1.0, { 0xcdb9a4, NONE }, { 0x554f48, NONE } },

  { ALM_BASE_BUILDING, "", 0, 14, 0, 0, { 0xd9d0c4, 0xc2b7a8 }, { 0x343a42, 0x454d57 } },
  { ALM_BASE_BUILDING, "public", 1, 14, 0, 0, { 0xd5c3ba, 0xb9a296 }, { 0x41404a, 0x54535f } },
  { ALM_BASE_BUILDING, "church", 1, 14, 0, 0, { 0xcdbcc8, 0xb09dab }, { 0x443c49, 0x584e5e } },
  { ALM_BASE_BUILDING, "industrial", 0, 14, 0, 0, { 0xd3ced3, 0xbdb6bf }, { 0x36373f, 0x484953 } },

  { ALM_BASE_ROAD, "", 2, 13, 6, 2.0, { 0xffffff, 0xccc6bc }, { 0x3c4249, 0x17191c } },
  { ALM_BASE_ROAD, "motorway", 9, 6, 14, 3.6, { 0xf2b896, 0xcf8a63 }, { 0x76543f, 0x17191c } },
  { ALM_BASE_ROAD, "trunk", 8, 7, 12, 3.4, { 0xf6c9a0, 0xd39c68 }, { 0x705641, 0x17191c } },
  { ALM_BASE_ROAD, "primary", 7, 8, 10, 3.2, { 0xfbe0a2, 0xd8b75c }, { 0x655a3a, 0x17191c } },
  { ALM_BASE_ROAD, "secondary", 6, 9, 9, 3.0, { 0xfdefc4, 0xd4c184 }, { 0x555040, 0x17191c } },
  { ALM_BASE_ROAD, "tertiary", 5, 11, 8, 2.6, { 0xfffbe9, 0xcfc5a4 }, { 0x4a4b48, 0x17191c } },
  { ALM_BASE_ROAD, "residential", 4, 12, 6.5, 2.0, { 0xffffff, 0xccc6bc }, { 0x3c4249, 0x17191c } },
  { ALM_BASE_ROAD, "unclassified", 4, 12, 6, 2.0, { 0xffffff, 0xccc6bc }, { 0x3c4249, 0x17191c } },
  { ALM_BASE_ROAD, "living_street", 3, 13, 6, 2.0, { 0xfafafa, 0xccc6bc }, { 0x3a4048, 0x17191c } },
  { ALM_BASE_ROAD, "pedestrian", 3, 13, 6, 2.0, { 0xf1ebe6, 0xcfc3ba }, { 0x40403f, 0x17191c } },
  { ALM_BASE_ROAD, "service", 2, 14, 4, 1.4, { 0xffffff, 0xd6d1c9 }, { 0x383e45, 0x17191c } },
  { ALM_BASE_ROAD, "track", 1, 13, 2.5, 1.1, { 0xd0bd9c, NONE }, { 0x5a5245, NONE } },
  { ALM_BASE_ROAD, "footway", 1, 15, 2, 1.0, { 0xd6b9a3, NONE }, { 0x5b524b, NONE } },
  { ALM_BASE_ROAD, "path", 1, 14, 1.5, 1.0, { 0xd6b9a3, NONE }, { 0x5b524b, NONE } },
  { ALM_BASE_ROAD, "cycleway", 1, 15, 2, 1.0, { 0xa9b7d6, NONE }, { 0x48536a, NONE } },
  { ALM_BASE_ROAD, "steps", 1, 16, 2, 1.0, { 0xd2a898, NONE }, { 0x5f4f49, NONE } },

  { ALM_BASE_DISTRICT, "", 0, 10, 0, 1.2, { 0xb7a7c2, NONE }, { 0x5b5168, NONE } },

  /* Letters, and the light around them. */
  { ALM_BASE_NAME, "", 3, 15, 11, 0, { 0x4a4640, 0xf7f5f1 }, { 0xc3c8d0, 0x1e2125 } },
  { ALM_BASE_NAME, "city", 9, 0, 17, 0, { 0x262320, 0xf7f5f1 }, { 0xe6e9ee, 0x1e2125 } },
  { ALM_BASE_NAME, "town", 8, 9, 15, 0, { 0x262320, 0xf7f5f1 }, { 0xe6e9ee, 0x1e2125 } },
  { ALM_BASE_NAME, "village", 7, 11, 13, 0, { 0x35312c, 0xf7f5f1 }, { 0xd4d9e0, 0x1e2125 } },
  { ALM_BASE_NAME, "district", 7, 12, 13, 0, { 0x6b5a78, 0xf7f5f1 }, { 0xb9a9c8, 0x1e2125 } },
  { ALM_BASE_NAME, "quarter", 6, 13, 12, 0, { 0x6b5a78, 0xf7f5f1 }, { 0xb9a9c8, 0x1e2125 } },
  { ALM_BASE_NAME, "water", 5, 13, 12, 0, { 0x36708c, 0xe3eef4 }, { 0x7fb2cf, 0x1a2b38 } },
  { ALM_BASE_NAME, "river", 5, 13, 12, 0, { 0x36708c, 0xe3eef4 }, { 0x7fb2cf, 0x1a2b38 } },
  { ALM_BASE_NAME, "wood", 5, 13, 12, 0, { 0x4a6b38, 0xe4eedb }, { 0x93b487, 0x1c2820 } },
  { ALM_BASE_NAME, "park", 4, 14, 11.5, 0, { 0x4a6b38, 0xe9f2e0 }, { 0x93b487, 0x1c2820 } },
  { ALM_BASE_NAME, "landmark", 4, 15, 11.5, 0, { 0x5a4a42, 0xf7f5f1 }, { 0xcbbfb6, 0x1e2125 } },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rules) <= 256);

static const char *const kind_names[ALM_BASE_N_KINDS] = {
  "base-area", "base-line", "base-building", "road", "district", "base-name"
};

const char *
alm_base_kind_get_name (AlmBaseKind kind)
{
  g_return_val_if_fail (kind < ALM_BASE_N_KINDS, NULL);

  return kind_names[kind];
}

gboolean
alm_base_kind_find (const char  *name,
                    AlmBaseKind *kind)
{
  for (guint i = 0; i < ALM_BASE_N_KINDS; i++)
    if (strcmp (kind_names[i], name) == 0)
      {
        *kind = (AlmBaseKind) i;
        return TRUE;
      }

  return FALSE;
}

guint8
alm_base_style_classify (AlmBaseKind  kind,
                         const char  *class_)
{
  guint8 other = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].kind == kind)
      {
        if (*rules[i].class_ == '\0')
          other = (guint8) i;
        else if (class_ != NULL && strcmp (rules[i].class_, class_) == 0)
          return (guint8) i;
      }

  return other;
}

const AlmBaseRule *
alm_base_style_get_rule (guint8 number)
{
  return &rules[MIN (number, G_N_ELEMENTS (rules) - 1)];
}

guint
alm_base_style_count (void)
{
  return G_N_ELEMENTS (rules);
}
