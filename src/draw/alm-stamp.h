/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-pixels.h"
#include "alm-symbol.h"

G_BEGIN_DECLS

/* A symbol as it is printed a million times: one picture for each of the 4 × 4
 * quarter-pixel positions.  Immutable. */
typedef struct _AlmStamp AlmStamp;

typedef struct
{
  AlmSymbolShape shape;
  double         size;      /* device pixels across, outline included */
  guint32        color;     /* 0xRRGGBB */
  double         outline;   /* device pixels; 0 = none */
  guint32        outline_color;
} AlmStampSpec;

AlmStamp *alm_stamp_new               (const AlmStampSpec *spec);
void      alm_stamp_free              (AlmStamp           *self);
/* No pixel is touched farther than this from the middle. */
int       alm_stamp_get_reach         (const AlmStamp     *self);
/* Puts the symbol *under* what is there: print the topmost first.
 * @qx, @qy: the middle, in quarters of a pixel from the picture's corner */
void      alm_stamp_print_under       (const AlmStamp     *self,
                                       AlmPixels          *pixels,
                                       int                 qx,
                                       int                 qy);
/* The same without SSE2. */
void      alm_stamp_print_under_plain (const AlmStamp     *self,
                                       AlmPixels          *pixels,
                                       int                 qx,
                                       int                 qy);
/* As alm_stamp_new(), kept for the calling thread until it trims its cache. */
AlmStamp *alm_stamp_get               (const AlmStampSpec *spec);
void      alm_stamp_trim_cache        (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmStamp, alm_stamp_free)

G_END_DECLS
