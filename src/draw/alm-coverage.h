/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-pixels.h"

G_BEGIN_DECLS

/* Draws polygons and lines by adding up signed areas.  Coordinates are pixels
 * from the picture's upper left corner; what is outside is clipped.  One thread
 * at a time. */
typedef struct _AlmCoverage AlmCoverage;

typedef enum {
  ALM_COVERAGE_EVEN_ODD,   /* polygons */
  ALM_COVERAGE_UNION       /* strokes: every piece runs the same way round */
} AlmCoverageRule;

AlmCoverage *alm_coverage_new        (int              width,
                                      int              height);
void         alm_coverage_free       (AlmCoverage     *self);

/* @xy: pairs; the ring is closed by itself.  FALSE, and nothing is added, if a
 * coordinate is no number. */
gboolean     alm_coverage_add_ring   (AlmCoverage     *self,
                                      const double    *xy,
                                      guint            n);
/* A line of some width with round joins and round ends. */
gboolean     alm_coverage_add_stroke (AlmCoverage     *self,
                                      const double    *xy,
                                      guint            n,
                                      gboolean         closed,
                                      double           width);
/* Lays @color (0xRRGGBB) over @pixels where something was added, and forgets it. */
void         alm_coverage_fill       (AlmCoverage     *self,
                                      AlmPixels       *pixels,
                                      AlmCoverageRule  rule,
                                      guint32          color,
                                      double           opacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmCoverage, alm_coverage_free)

G_END_DECLS
