/* SPDX-License-Identifier: EUPL-1.2 */

/* Legend pictures: the map's own stamps, so that legend and map cannot differ.
 * Main thread. */

#include "config.h"

#include "alm-symbol-icon.h"

#include "alm-paint.h"
#include "alm-stamp.h"

#define ICON_PX 16

GdkPaintable *
alm_symbol_icon_new (const AlmSymbol *symbol,
                     guint            class_,
                     gboolean         dark,
                     int              scale)
{
  const AlmStampSpec spec = {
    .shape = alm_symbol_get_shape (symbol), .size = 13.0 * scale,
    .color = alm_paint_adapt_color (alm_symbol_get_class_color (symbol, class_), dark),
    .outline = scale, .outline_color = dark ? 0x1e2125 : 0xffffff
  };
  g_autoptr (AlmStamp) stamp = alm_stamp_new (&spec);
  g_autoptr (GBytes) bytes = NULL;
  int size = ICON_PX * scale;
  AlmPixels pixels;

  alm_pixels_init (&pixels, size, size, 0);
  alm_stamp_print_under (stamp, &pixels, size * 2, size * 2);
  bytes = g_bytes_new_take (pixels.data, (gsize) size * (gsize) size * 4);

  return GDK_PAINTABLE (gdk_memory_texture_new (size, size, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                                                bytes, (gsize) size * 4));
}
