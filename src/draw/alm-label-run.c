/* SPDX-License-Identifier: EUPL-1.2 */

/* A label as a picture: stroking a halo costs 0.2 ms, so it is done once and not in
 * every frame.  Any thread. */

#include "config.h"

#include "alm-label-run.h"

#include "alm-labels-private.h"

#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>

#define HALO_PX 1.5

#define INK_LIGHT  0x1d1d1d
#define HALO_LIGHT 0xffffff
#define INK_DARK   0xf4f4f4
#define HALO_DARK  0x16181c

static PangoLayout *
get_layout (const char          *text,
            const AlmLabelStyle *style)
{
  PangoLayout *layout = alm_labels_get_layout ();
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family_static (font, ALM_LABELS_FAMILY);
  pango_font_description_set_absolute_size (font, style->size * PANGO_SCALE);
  if (style->is_strong)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);

  return layout;
}

/* Room for the letters and their halo; some letters begin before their place and end
 * after it, accents are in the font's height.  Returns where the text begins. */
static int
measure (PangoLayout *layout,
         int         *width,
         int         *height)
{
  PangoRectangle ink;
  PangoRectangle logical;
  int begin;

  pango_layout_get_pixel_extents (layout, &ink, &logical);
  begin = MAX (0, -ink.x) + (int) ceil (HALO_PX);
  *width = begin + MAX (ink.x + ink.width, logical.width) + (int) ceil (HALO_PX);
  *height = logical.height;

  return begin;
}

void
alm_label_run_measure (const char          *text,
                       const AlmLabelStyle *style,
                       int                 *width,
                       int                 *height)
{
  measure (get_layout (text, style), width, height);
}

static void
fade (AlmPixels *pixels,
      guint8     opacity)
{
  for (int i = 0; opacity < 255 && i < pixels->height * pixels->stride; i++)
    pixels->data[i] = alm_pixels_scale (pixels->data[i], opacity);
}

void
alm_label_run_paint (const char          *text,
                     const AlmLabelStyle *style,
                     AlmPixels           *pixels)
{
  PangoLayout *layout = get_layout (text, style);
  cairo_surface_t *surface;
  cairo_t *cr;
  int width;
  int height;
  int begin = measure (layout, &width, &height);

  alm_pixels_init (pixels, (int) (width * style->scale), (int) (height * style->scale), 0);
  surface = cairo_image_surface_create_for_data ((unsigned char *) pixels->data,
                                                 CAIRO_FORMAT_ARGB32, pixels->width,
                                                 pixels->height, pixels->stride * 4);
  cr = cairo_create (surface);
  cairo_scale (cr, style->scale, style->scale);
  cairo_move_to (cr, begin, 0.0);
  alm_labels_write (cr, layout, style->is_dark ? INK_DARK : INK_LIGHT,
                    style->is_dark ? HALO_DARK : HALO_LIGHT, HALO_PX);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
  fade (pixels, style->opacity);
}
