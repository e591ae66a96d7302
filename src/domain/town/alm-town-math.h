/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A place in the town: metres east and north of the south-west corner of its
 * extent.  Everything that decides something is first rounded to a millimetre. */
typedef struct
{
  double e;
  double n;
} AlmSpot;

/* A line, or the outline of a polygon (the last corner joins the first). */
typedef struct
{
  AlmSpot *at;
  guint    n;
  guint    size;
} AlmPath;

/* Where a path was met. */
typedef struct
{
  double  distance;   /* from the asked spot */
  guint   segment;    /* between its corners segment and segment + 1 */
  double  t;          /* 0 … 1 on that segment */
  AlmSpot spot;
} AlmPathHit;

double   alm_town_sine        (double         turns);
double   alm_town_cosine      (double         turns);
double   alm_town_noise       (guint64        seed,
                               double         x,
                               double         y);

AlmSpot  alm_spot             (double         e,
                               double         n);
double   alm_spot_distance    (AlmSpot        a,
                               AlmSpot        b);
AlmSpot  alm_spot_between     (AlmSpot        a,
                               AlmSpot        b,
                               double         t);
/* One metre long, from @a to @b; east if they are the same spot. */
AlmSpot  alm_spot_direction   (AlmSpot        a,
                               AlmSpot        b);
/* @forward metres along @direction, then @left metres to its left. */
AlmSpot  alm_spot_moved       (AlmSpot        from,
                               AlmSpot        direction,
                               double         forward,
                               double         left);
double   alm_segment_distance (AlmSpot        p,
                               AlmSpot        a,
                               AlmSpot        b,
                               double        *t);
gboolean alm_segments_cross   (AlmSpot        a,
                               AlmSpot        b,
                               AlmSpot        c,
                               AlmSpot        d,
                               double        *t);

void     alm_path_add         (AlmPath       *self,
                               AlmSpot        spot);
void     alm_path_clear       (AlmPath       *self);
void     alm_path_reverse     (AlmPath       *self);
AlmPath  alm_path_copy        (const AlmPath *self);
double   alm_path_length      (const AlmPath *self);
/* The spot @along metres from the beginning; @direction may be NULL. */
AlmSpot  alm_path_walk        (const AlmPath *self,
                               double         along,
                               AlmSpot       *direction);
AlmPathHit alm_path_nearest   (const AlmPath *self,
                               AlmSpot        spot,
                               gboolean       closed);
gboolean alm_path_contains    (const AlmPath *self,
                               AlmSpot        spot);
/* Positive if counter-clockwise. */
double   alm_path_area        (const AlmPath *self);
AlmSpot  alm_path_middle      (const AlmPath *self);
void     alm_path_box         (const AlmPath *self,
                               AlmSpot       *low,
                               AlmSpot       *high);
/* A smooth line through @self's corners, a corner every @step metres. */
AlmPath  alm_path_smooth      (const AlmPath *self,
                               double         step);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AlmPath, alm_path_clear)

G_END_DECLS
