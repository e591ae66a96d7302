/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-town-math.h"

G_BEGIN_DECLS

/* What stands where: spots, lines and polygons in cells of 40 m, each with a
 * margin round it (half a road's width, for instance). */
typedef struct _AlmTownIndex AlmTownIndex;

AlmTownIndex *alm_town_index_new         (void);
void          alm_town_index_free        (AlmTownIndex  *self);

void          alm_town_index_add_spot    (AlmTownIndex  *self,
                                          AlmSpot        spot,
                                          double         margin,
                                          guint          tag);
void          alm_town_index_add_line    (AlmTownIndex  *self,
                                          const AlmPath *path,
                                          double         margin,
                                          guint          tag);
void          alm_town_index_add_polygon (AlmTownIndex  *self,
                                          const AlmPath *path,
                                          double         margin,
                                          guint          tag);

/* Is anything nearer than @distance beyond its margin?  Inside a polygon is near. */
gboolean      alm_town_index_near        (AlmTownIndex  *self,
                                          AlmSpot        spot,
                                          double         distance);
/* The tag of what is nearest within @distance, or G_MAXUINT. */
guint         alm_town_index_find        (AlmTownIndex  *self,
                                          AlmSpot        spot,
                                          double         distance);
/* Does the polygon touch anything, or come nearer than @gap beyond its margin?
 * What bears the tag @but is not looked at. */
gboolean      alm_town_index_hits        (AlmTownIndex  *self,
                                          const AlmPath *polygon,
                                          double         gap,
                                          guint          but);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTownIndex, alm_town_index_free)

G_END_DECLS
