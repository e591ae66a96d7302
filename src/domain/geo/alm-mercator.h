/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Web Mercator, measured in units: the world is 2³² units wide and high, x from
 * 180° west, y from the north (85.051…° N).  One unit is 9.3 mm × cos φ on the
 * ground.  A tile of zoom z is 2^(32 − z) units wide. */
#define ALM_WORLD         4294967296.0
#define ALM_MERCATOR_MAX  85.0511287798066
#define ALM_TILE_SIZE     256

/* A box of whole units; all four sides belong to it. */
typedef struct
{
  guint32 west;
  guint32 north;
  guint32 east;
  guint32 south;
} AlmBox;

void     alm_mercator_from_lon_lat      (double         lon,
                                         double         lat,
                                         double        *x,
                                         double        *y);
void     alm_mercator_to_lon_lat        (double         x,
                                         double         y,
                                         double        *lon,
                                         double        *lat);
guint32  alm_mercator_round             (double         value);
double   alm_mercator_units_per_pixel   (double         zoom);
double   alm_mercator_metres_per_unit   (double         y);
double   alm_mercator_metres_per_pixel  (double         lat,
                                         double         zoom);
void     alm_mercator_tile_box          (guint          zoom,
                                         guint          x,
                                         guint          y,
                                         double         margin,
                                         AlmBox        *box);
gboolean alm_box_contains               (const AlmBox  *self,
                                         guint32        x,
                                         guint32        y);
gboolean alm_box_intersects             (const AlmBox  *self,
                                         const AlmBox  *other);

G_END_DECLS
