/* SPDX-License-Identifier: EUPL-1.2 */

/* A picture in memory and its way out as PNG.  Any thread, one at a time for
 * each picture. */

#include "config.h"

#include "alm-pixels.h"

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>
#include <string.h>

/* Memory of its own, every pixel @fill; ended by alm_pixels_clear(). */
void
alm_pixels_init (AlmPixels *self,
                 int        width,
                 int        height,
                 guint32    fill)
{
  gsize n = (gsize) width * (gsize) height;

  self->width = width;
  self->height = height;
  self->stride = width;
  self->data = g_new0 (guint32, n);
  for (gsize i = 0; fill != 0 && i < n; i++)
    self->data[i] = fill;
}

void
alm_pixels_clear (AlmPixels *self)
{
  g_clear_pointer (&self->data, g_free);
}

/* Lays @above, a picture of the same size, over this one.
 *
 * @opacity: 0 … 255 */
void
alm_pixels_composite (AlmPixels       *self,
                      const AlmPixels *above,
                      guint32          opacity)
{
  g_return_if_fail (self->width == above->width && self->height == above->height);

  for (int y = 0; y < self->height; y++)
    {
      guint32 *to = self->data + (gsize) y * self->stride;
      const guint32 *from = above->data + (gsize) y * above->stride;

      for (int x = 0; x < self->width; x++)
        {
          guint32 pixel = from[x];

          if (pixel == 0)
            continue;
          if (opacity < 255)
            pixel = alm_pixels_scale (pixel, opacity);
          to[x] = pixel >> 24 == 255 ? pixel : alm_pixels_over (pixel, to[x]);
        }
    }
}

static guint32
read_pixel (const guint8 *from,
            int           n_channels)
{
  guint32 color = (guint32) from[0] << 16 | (guint32) from[1] << 8 | from[2];

  return alm_pixels_premultiply (color, n_channels == 4 ? from[3] : 255);
}

gboolean
alm_pixels_init_from_bytes (AlmPixels  *self,
                            GBytes     *bytes,
                            GError    **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new_from_stream (stream, NULL, error);
  const guint8 *rows;

  if (picture == NULL)
    return FALSE;

  rows = gdk_pixbuf_read_pixels (picture);
  alm_pixels_init (self, gdk_pixbuf_get_width (picture), gdk_pixbuf_get_height (picture), 0);
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      self->data[y * self->stride + x] =
        read_pixel (rows + y * gdk_pixbuf_get_rowstride (picture) +
                      x * gdk_pixbuf_get_n_channels (picture),
                    gdk_pixbuf_get_n_channels (picture));

  return TRUE;
}

static cairo_surface_t *
make_surface (const AlmPixels *self)
{
  return cairo_image_surface_create_for_data ((unsigned char *) self->data, CAIRO_FORMAT_ARGB32,
                                              self->width, self->height, self->stride * 4);
}

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

/* (transfer full) */
GBytes *
alm_pixels_to_png (const AlmPixels *self)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = make_surface (self);
  cairo_status_t status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);

  cairo_surface_destroy (surface);
  g_assert (status == CAIRO_STATUS_SUCCESS);

  return g_byte_array_free_to_bytes (bytes);
}

gboolean
alm_pixels_write_png (const AlmPixels  *self,
                      const char       *path,
                      GError          **error)
{
  g_autoptr (GBytes) png = alm_pixels_to_png (self);
  gsize length;
  const char *data = g_bytes_get_data (png, &length);

  return g_file_set_contents (path, data, (gssize) length, error);
}
