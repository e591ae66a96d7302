/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A picture in memory: premultiplied BGRA as a little-endian machine word is
 * 0xAARRGGBB, which is cairo's ARGB32 and GDK_MEMORY_B8G8R8A8_PREMULTIPLIED. */
typedef struct
{
  guint32 *data;
  int      width;
  int      height;
  int      stride;   /* in pixels */
} AlmPixels;

/* x / 255, rounded, exact for 0 … 255 × 255 */
static inline guint32
alm_pixels_divide_by_255 (guint32 x)
{
  return ((x + 128) * 257) >> 16;
}

/* @color: 0xRRGGBB; the premultiplied word */
static inline guint32
alm_pixels_premultiply (guint32 color,
                        guint32 alpha)
{
  return alpha << 24 |
         alm_pixels_divide_by_255 ((color >> 16 & 0xff) * alpha) << 16 |
         alm_pixels_divide_by_255 ((color >> 8 & 0xff) * alpha) << 8 |
         alm_pixels_divide_by_255 ((color & 0xff) * alpha);
}

/* Each of the four bytes times factor / 255. */
static inline guint32
alm_pixels_scale (guint32 pixel,
                  guint32 factor)
{
  return alm_pixels_divide_by_255 ((pixel >> 24) * factor) << 24 |
         alm_pixels_divide_by_255 ((pixel >> 16 & 0xff) * factor) << 16 |
         alm_pixels_divide_by_255 ((pixel >> 8 & 0xff) * factor) << 8 |
         alm_pixels_divide_by_255 ((pixel & 0xff) * factor);
}

/* Porter and Duff's "over". */
static inline guint32
alm_pixels_over (guint32 source,
                 guint32 below)
{
  return source + alm_pixels_scale (below, 255 - (source >> 24));
}

void     alm_pixels_init      (AlmPixels       *self,
                               int              width,
                               int              height,
                               guint32          fill);
void     alm_pixels_clear     (AlmPixels       *self);
void     alm_pixels_composite (AlmPixels       *self,
                               const AlmPixels *above,
                               guint32          opacity);
/* A picture in any format that gdk-pixbuf knows; ended by alm_pixels_clear(). */
gboolean alm_pixels_init_from_bytes (AlmPixels       *self,
                                     GBytes          *bytes,
                                     GError         **error);
gboolean alm_pixels_write_png (const AlmPixels *self,
                               const char      *path,
                               GError         **error);
GBytes  *alm_pixels_to_png    (const AlmPixels *self);

G_END_DECLS
