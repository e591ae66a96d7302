/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-asset-columns.h"
#include "alm-base-style.h"
#include "alm-pixels.h"

G_BEGIN_DECLS

/* Names on a map.  Filled by one thread, then immutable; reference-counted
 * atomically. */
typedef struct _AlmLabels AlmLabels;

AlmLabels *alm_labels_new       (void);
AlmLabels *alm_labels_ref       (AlmLabels          *self);
void       alm_labels_unref     (AlmLabels          *self);
guint      alm_labels_get_count (const AlmLabels    *self);

/* A name beside nothing, its middle at (x, y) units. */
void       alm_labels_add_point (AlmLabels          *self,
                                 const char         *text,
                                 const AlmBaseRule  *rule,
                                 double              x,
                                 double              y);
/* A name along the straightest part of a line; @xy in units.
 * @rank: higher names come first */
void       alm_labels_add_line  (AlmLabels          *self,
                                 const char         *text,
                                 const AlmBaseRule  *rule,
                                 int                 rank,
                                 double              min_zoom,
                                 const double       *xy,
                                 guint               n);

/* The names of a kind of the base map: points, streets along their lines, districts
 * in their middle.  @names: one for each index, each nullable */
void       alm_labels_add_base  (AlmLabels             *self,
                                 AlmBaseKind            kind,
                                 const AlmAssetColumns *columns,
                                 char *const           *names);

/* A name as it stands in a picture; pixels from its corner. */
typedef struct
{
  double x;            /* its middle */
  double y;
  double half_width;   /* before it is turned */
  double half_height;
  double angle;
} AlmLabelName;

/* The names that alm_labels_paint() writes at scale 1, those beside the picture
 * included that may reach into it; (transfer full) (element-type AlmLabelName). */
GArray    *alm_labels_list      (const AlmLabels    *self,
                                 double              west,
                                 double              north,
                                 double              units_per_pixel,
                                 double              zoom,
                                 int                 width,
                                 int                 height);

/* Writes what fits into a picture whose corner is (west, north).  Whether a name
 * is shown depends on zoom and place alone, not on the picture: tiles agree. */
void       alm_labels_paint     (const AlmLabels    *self,
                                 double              west,
                                 double              north,
                                 double              units_per_pixel,
                                 double              zoom,
                                 double              scale,
                                 gboolean            dark,
                                 AlmPixels          *pixels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmLabels, alm_labels_unref)

G_END_DECLS
