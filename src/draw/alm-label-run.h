/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-pixels.h"

G_BEGIN_DECLS

/* A line of text with a halo, as a picture.  Any thread. */
typedef struct
{
  double   size;         /* pixels of the letters */
  double   scale;        /* device pixels per pixel */
  gboolean is_dark;      /* light letters, dark halo */
  gboolean is_strong;
  guint8   opacity;
} AlmLabelStyle;

/* Pixels, halo included. */
void alm_label_run_measure (const char          *text,
                            const AlmLabelStyle *style,
                            int                 *width,
                            int                 *height);
/* Of the measured size, in device pixels; ended by alm_pixels_clear(). */
void alm_label_run_paint   (const char          *text,
                            const AlmLabelStyle *style,
                            AlmPixels           *pixels);

G_END_DECLS
