/* SPDX-License-Identifier: EUPL-1.2 */

/* What stands on the ground, drawn as wide as it is: crowns of trees, a thin disc
 * under the symbols.
 *
 * A disc's pixels depend on the distance to its middle alone, and that is an exact
 * number wherever a tile begins: neighbours agree to the bit.  Any thread. */

#include "config.h"

#include "alm-paint-private.h"

#include <math.h>

/* Of 255: a quarter. */
#define ALPHA 64.0

static double
get_radius_m (guint16 span)
{
  return span / 20.0;
}

/* Lays @pixel over each of @x0 … @x1 − 1 of a row. */
static void
fill_row (guint32 *row,
          int      x0,
          int      x1,
          guint32  pixel)
{
  for (int x = x0; x < x1; x++)
    row[x] = alm_pixels_over (pixel, row[x]);
}

/* The rim of a row, a pixel wide and more where it is steep. */
static void
fill_rim (guint32 *row,
          int      x0,
          int      x1,
          double   cx,
          double   dy,
          double   radius,
          guint32  color,
          double   alpha)
{
  for (int x = x0; x < x1; x++)
    {
      double dx = x + 0.5 - cx;
      double covered = CLAMP (radius + 0.5 - sqrt (dx * dx + dy * dy), 0.0, 1.0);

      row[x] = alm_pixels_over (alm_pixels_premultiply (color, (guint32) (alpha * covered + 0.5)),
                                row[x]);
    }
}

/* All in device pixels; @alpha of 255. */
static void
fill_disc (AlmPixels *pixels,
           double     cx,
           double     cy,
           double     radius,
           guint32    color,
           double     alpha)
{
  guint32 pixel = alm_pixels_premultiply (color, (guint32) (alpha + 0.5));
  double outer = radius + 0.5;
  double inner = MAX (radius - 0.5, 0.0);
  int y0 = (int) MAX (0.0, floor (cy - outer));
  int y1 = (int) MIN (pixels->height, ceil (cy + outer));

  for (int y = y0; y < y1; y++)
    {
      guint32 *row = pixels->data + (gsize) y * pixels->stride;
      double dy = y + 0.5 - cy;
      double out = sqrt (MAX (outer * outer - dy * dy, 0.0));
      double in = sqrt (MAX (inner * inner - dy * dy, 0.0));
      int from = (int) CLAMP (floor (cx - out), 0, pixels->width);
      int to = (int) CLAMP (ceil (cx + out), 0, pixels->width);
      int full_from = (int) CLAMP (ceil (cx - in), from, to);
      int full_to = (int) CLAMP (floor (cx + in), full_from, to);

      fill_rim (row, from, full_from, cx, dy, radius, color, alpha);
      fill_row (row, full_from, full_to, pixel);
      fill_rim (row, full_to, to, cx, dy, radius, color, alpha);
    }
}

/* Of the widest of a layer, near @y. */
static double
get_reach (const AlmPaintLayer *layer,
           double               y)
{
  return get_radius_m (layer->columns->max_span) / alm_mercator_metres_per_unit (y);
}

static void
fill_layer (const AlmPaintPlan  *plan,
            const AlmPaintLayer *layer,
            const AlmPaintView  *view,
            AlmPixels           *pixels)
{
  const AlmAssetColumns *columns = layer->columns;
  double upp = view->units_per_pixel;
  /* The nearer to a pole, the larger. */
  double reach = MAX (get_reach (layer, view->north),
                      get_reach (layer, view->north + pixels->height * upp));
  AlmAssetSearch search;
  AlmBox box;
  guint i;

  alm_paint_find_box (view, pixels, ceil (reach / upp) + 2.0, &box);
  alm_asset_search_init (&search, columns, &box, plan->day);
  while (alm_asset_search_next (&search, &i))
    if (columns->span[i] > 0)
      fill_disc (pixels, (columns->wx[i] - view->west) / upp, (columns->wy[i] - view->north) / upp,
                 get_radius_m (columns->span[i]) / alm_mercator_metres_per_unit (columns->wy[i]) /
                   upp,
                 alm_paint_adapt_color (alm_symbol_get_class_color (layer->symbol,
                                                                    columns->class_[i]),
                                        plan->dark),
                 ALPHA * layer->opacity);
}

static gboolean
has_spans (const AlmPaintLayer *layer)
{
  return layer->columns->max_span > 0 && !layer->is_halo;
}

double
alm_paint_plan_get_reach (const AlmPaintPlan *self,
                          double              zoom,
                          double              y)
{
  double reach = 0.0;

  for (guint i = 0; zoom >= ALM_PAINT_CLOSE_ZOOM && i < self->layers->len; i++)
    {
      const AlmPaintLayer *layer = &g_array_index (self->layers, AlmPaintLayer, i);

      if (has_spans (layer))
        reach = MAX (reach, get_reach (layer, y));
    }

  return reach;
}

/* Those of all layers, from the lowest on; FALSE if there was nothing to draw. */
gboolean
alm_paint_spans (const AlmPaintPlan *plan,
                 const AlmPaintView *view,
                 AlmPixels          *pixels)
{
  gboolean any = FALSE;

  for (guint i = 0; view->zoom >= ALM_PAINT_CLOSE_ZOOM && i < plan->layers->len; i++)
    {
      const AlmPaintLayer *layer = &g_array_index (plan->layers, AlmPaintLayer, i);

      if (!has_spans (layer))
        continue;
      fill_layer (plan, layer, view, pixels);
      any = TRUE;
    }

  return any;
}
