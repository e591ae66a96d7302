/* SPDX-License-Identifier: EUPL-1.2 */

/* From columns and a look to pixels.
 *
 * Invariants:
 *   1. A place's pixels depend on zoom and scale alone: a tile and its neighbours
 *      agree along their seam.  What reaches over a seam (symbols, lines, names) is
 *      looked for in a margin.
 *   2. Order is layer, then array order, in every tile.  Runs of layers with points
 *      only are printed from the topmost down (alm-stamp.c) into a picture of their own.
 *   3. Nothing is written but the picture.
 *
 * Any thread. */

#include "config.h"

#include "alm-paint-private.h"
#include "alm-paint.h"
#include "alm-stamp.h"

#include <math.h>
#include <string.h>

/* Up to this zoom points become a shading: a city of symbols would be a blot. */
#define DENSITY_ZOOM 11.0
/* A cell of the shading, in pixels; it divides a tile. */
#define DENSITY_CELL 2
/* So many in a cell give the full colour. */
#define DENSITY_FULL 48.0

#define HALO_PX 9.0

AlmPaintPlan *
alm_paint_plan_new (void)
{
  AlmPaintPlan *self = g_new0 (AlmPaintPlan, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->layers = g_array_new (FALSE, TRUE, sizeof (AlmPaintLayer));
  self->scale = 1.0;
  self->outline = TRUE;

  return self;
}

AlmPaintPlan *
alm_paint_plan_ref (AlmPaintPlan *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_paint_plan_unref (AlmPaintPlan *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->layers->len; i++)
    {
      AlmPaintLayer *layer = &g_array_index (self->layers, AlmPaintLayer, i);

      alm_asset_columns_unref (layer->columns);
      alm_symbol_unref (layer->symbol);
    }
  g_array_unref (self->layers);
  for (guint i = 0; i < ALM_BASE_N_KINDS; i++)
    g_clear_pointer (&self->base[i], alm_asset_columns_unref);
  g_clear_pointer (&self->labels, alm_labels_unref);
  g_free (self);
}

void
alm_paint_plan_set_day (AlmPaintPlan *self,
                        gint32        day)
{
  self->day = day;
}

void
alm_paint_plan_set_ground (AlmPaintPlan *self,
                           guint32       color)
{
  self->has_ground = TRUE;
  self->ground = color;
}

void
alm_paint_plan_set_dark (AlmPaintPlan *self,
                         gboolean      dark)
{
  self->dark = dark;
}

void
alm_paint_plan_set_outline (AlmPaintPlan *self,
                            gboolean      outline)
{
  self->outline = outline;
}

void
alm_paint_plan_set_scale (AlmPaintPlan *self,
                          double        scale)
{
  self->scale = scale;
}

static guint
add_layer (AlmPaintPlan    *self,
           AlmAssetColumns *columns,
           AlmSymbol       *symbol,
           double           opacity)
{
  AlmPaintLayer layer = {
    .columns = alm_asset_columns_ref (columns), .symbol = alm_symbol_ref (symbol),
    .opacity = opacity
  };

  g_array_append_val (self->layers, layer);

  return self->layers->len - 1;
}

guint
alm_paint_plan_add_assets (AlmPaintPlan    *self,
                           AlmAssetColumns *columns,
                           AlmSymbol       *symbol,
                           double           opacity)
{
  return add_layer (self, columns, symbol, opacity);
}

guint
alm_paint_plan_add_halo (AlmPaintPlan    *self,
                         AlmAssetColumns *columns,
                         AlmSymbol       *symbol,
                         guint32          color)
{
  guint number = add_layer (self, columns, symbol, 1.0);
  AlmPaintLayer *layer = &g_array_index (self->layers, AlmPaintLayer, number);

  layer->is_halo = TRUE;
  layer->halo = color;

  return number;
}

void
alm_paint_plan_set_base (AlmPaintPlan          *self,
                         AlmAssetColumns *const columns[ALM_BASE_N_KINDS],
                         double                 opacity)
{
  for (guint i = 0; i < ALM_BASE_N_KINDS; i++)
    if (columns[i] != NULL)
      self->base[i] = alm_asset_columns_ref (columns[i]);
  self->base_opacity = opacity;
}

void
alm_paint_plan_set_labels (AlmPaintPlan *self,
                           AlmLabels    *labels)
{
  self->labels = alm_labels_ref (labels);
}

void
alm_paint_view_init_tile (AlmPaintView *self,
                          guint         zoom,
                          guint         x,
                          guint         y,
                          double        scale)
{
  double width = ldexp (ALM_WORLD, -(int) zoom);

  self->west = x * width;
  self->north = y * width;
  self->units_per_pixel = width / (ALM_TILE_SIZE * scale);
  self->zoom = zoom;
}

/* The units in a picture and @margin pixels around it. */
void
alm_paint_find_box (const AlmPaintView *view,
                    const AlmPixels    *pixels,
                    double              margin,
                    AlmBox             *box)
{
  double upp = view->units_per_pixel;

  box->west = alm_mercator_round (floor (view->west - margin * upp));
  box->north = alm_mercator_round (floor (view->north - margin * upp));
  box->east = alm_mercator_round (ceil (view->west + (pixels->width + margin) * upp));
  box->south = alm_mercator_round (ceil (view->north + (pixels->height + margin) * upp));
}

/* On dark ground dark colours are lifted towards white. */
guint32
alm_paint_adapt_color (guint32  color,
                       gboolean dark)
{
  guint red = color >> 16 & 0xff;
  guint green = color >> 8 & 0xff;
  guint blue = color & 0xff;

  if (!dark || red * 3 + green * 6 + blue >= 1400)
    return color;

  return (red + (255 - red) * 2 / 5) << 16 | (green + (255 - green) * 2 / 5) << 8 |
         (blue + (255 - blue) * 2 / 5);
}

static guint32
get_outline_color (const AlmPaintPlan *plan)
{
  if (plan->has_ground)
    return plan->ground;

  return plan->dark ? ALM_BASE_GROUND_DARK : 0xffffff;
}

static AlmStamp *
find_stamp (const AlmPaintPlan  *plan,
            const AlmPaintLayer *layer,
            double               zoom,
            guint                class_)
{
  double size = alm_symbol_get_size (layer->symbol, zoom);
  gboolean outline = plan->outline && size >= 6.0;
  AlmStampSpec spec = {
    .shape = alm_symbol_get_shape (layer->symbol),
    .size = size * plan->scale,
    .color = alm_paint_adapt_color (alm_symbol_get_class_color (layer->symbol, class_), plan->dark),
    .outline = outline ? plan->scale : 0.0,
    .outline_color = get_outline_color (plan)
  };

  if (layer->is_halo)
    {
      spec.shape = ALM_SYMBOL_CIRCLE;
      spec.size = (size + HALO_PX) * plan->scale;
      spec.color = layer->halo;
      spec.outline = 1.5 * plan->scale;
    }

  return alm_stamp_get (&spec);
}

static double
get_symbol_margin (const AlmPaintPlan  *plan,
                   const AlmPaintLayer *layer,
                   double               zoom)
{
  double size = alm_symbol_get_size (layer->symbol, zoom);

  if (layer->is_halo)
    size += HALO_PX;

  return ceil (size * plan->scale * 0.6) + 6.0;
}

/* Prints the points of one layer, the last one first. */
static guint
print_points (const AlmPaintPlan  *plan,
              const AlmPaintLayer *layer,
              const AlmPaintView  *view,
              AlmPixels           *pixels)
{
  const AlmAssetColumns *columns = layer->columns;
  double margin = get_symbol_margin (plan, layer, view->zoom);
  /* Keeps the numbers positive, so that cutting off the fraction rounds down. */
  double bias = margin + 2.0;
  double quarters = 4.0 / view->units_per_pixel;
  double west = view->west - bias * view->units_per_pixel;
  double north = view->north - bias * view->units_per_pixel;
  int unbias = (int) bias * 4;
  AlmStamp *stamps[256] = { NULL };
  AlmIndexRange ranges[ALM_ASSET_MAX_RANGES];
  AlmBox box;
  guint n_ranges;
  guint n = 0;

  alm_paint_find_box (view, pixels, margin, &box);
  if (columns->shape_start == NULL)
    {
      n_ranges = alm_asset_columns_find_ranges (columns, &box, ranges);
    }
  else
    {
      ranges[0] = (AlmIndexRange) { 0, columns->n };
      n_ranges = 1;
    }

  while (n_ranges-- > 0)
    for (guint i = ranges[n_ranges].end; i-- > ranges[n_ranges].first;)
      {
        guint class_ = columns->class_[i];

        if (!alm_box_contains (&box, columns->wx[i], columns->wy[i]) ||
            !alm_asset_columns_is_alive (columns, i, plan->day) ||
            (columns->shape_start != NULL && columns->shape_type[i] != ALM_SHAPE_POINT))
          continue;
        if (G_UNLIKELY (stamps[class_] == NULL))
          stamps[class_] = find_stamp (plan, layer, view->zoom, class_);
        alm_stamp_print_under (stamps[class_], pixels,
                               (int) ((columns->wx[i] - west) * quarters) - unbias,
                               (int) ((columns->wy[i] - north) * quarters) - unbias);
        n++;
      }

  return n;
}

/* Shades by how many lie in each cell of a grid that all tiles share. */
static guint
shade_points (const AlmPaintPlan  *plan,
              const AlmPaintLayer *layer,
              const AlmPaintView  *view,
              AlmPixels           *pixels)
{
  int columns = pixels->width / DENSITY_CELL + 1;
  int rows = pixels->height / DENSITY_CELL + 1;
  g_autofree guint16 *counts = g_new0 (guint16, (gsize) columns * (gsize) rows);
  guint32 color = alm_paint_adapt_color (alm_symbol_get_color (layer->symbol), plan->dark);
  AlmAssetSearch search;
  AlmBox box;
  guint index;
  guint n = 0;

  alm_paint_find_box (view, pixels, 0.0, &box);
  alm_asset_search_init (&search, layer->columns, &box, plan->day);
  while (alm_asset_search_next (&search, &index))
    {
      double x = (layer->columns->wx[index] - view->west) / view->units_per_pixel;
      double y = (layer->columns->wy[index] - view->north) / view->units_per_pixel;
      guint16 *count;

      if (x < 0.0 || y < 0.0 || x >= pixels->width || y >= pixels->height)
        continue;
      count = &counts[(int) y / DENSITY_CELL * columns + (int) x / DENSITY_CELL];
      *count = (guint16) MIN (*count + 1, G_MAXUINT16);
      n++;
    }

  for (int y = 0; y < pixels->height; y++)
    for (int x = 0; x < pixels->width; x++)
      {
        guint count = counts[y / DENSITY_CELL * columns + x / DENSITY_CELL];
        guint32 *to = &pixels->data[(gsize) y * pixels->stride + x];

        if (count > 0)
          *to += alm_pixels_scale (
            alm_pixels_premultiply (color, (guint32) (255.0 * MIN (1.0, 0.35 + 0.65 * sqrt (
              count / DENSITY_FULL)))), 255 - (*to >> 24));
      }

  return n;
}

static gboolean
has_shapes (const AlmPaintLayer *layer)
{
  return layer->columns->shape_start != NULL;
}

/* Prints layers @first … @end − 1, all of points, into @pixels, which is empty. */
static void
print_run (const AlmPaintPlan *plan,
           guint               first,
           guint               end,
           const AlmPaintView *view,
           AlmPixels          *pixels,
           guint              *drawn)
{
  for (guint i = end; i-- > first;)
    {
      const AlmPaintLayer *layer = &g_array_index (plan->layers, AlmPaintLayer, i);
      guint n = view->zoom <= DENSITY_ZOOM && !layer->is_halo
                  ? shade_points (plan, layer, view, pixels)
                  : print_points (plan, layer, view, pixels);

      if (drawn != NULL)
        drawn[i] += n;
    }
}

static void
paint_shapes (const AlmPaintPlan *plan,
              guint               number,
              const AlmPaintView *view,
              AlmPixels          *pixels,
              AlmCoverage        *coverage,
              guint              *drawn)
{
  const AlmPaintLayer *layer = &g_array_index (plan->layers, AlmPaintLayer, number);
  double width = MAX (1.0, alm_symbol_get_size (layer->symbol, view->zoom) * 0.4) * plan->scale;
  guint32 fill = alm_paint_adapt_color (alm_symbol_get_fill (layer->symbol), plan->dark);
  AlmAssetSearch search;
  AlmBox box;
  guint index;

  if (layer->is_halo)
    width += HALO_PX * 0.7 * plan->scale;
  alm_paint_find_box (view, pixels, width + 2.0, &box);
  alm_asset_search_init (&search, layer->columns, &box, plan->day);
  while (alm_asset_search_next (&search, &index))
    {
      AlmShapeType type = (AlmShapeType) layer->columns->shape_type[index];
      guint32 color = layer->is_halo
                        ? layer->halo
                        : alm_paint_adapt_color (alm_symbol_get_class_color (
                            layer->symbol, layer->columns->class_[index]), plan->dark);

      if (type == ALM_SHAPE_POINT)
        continue;
      if (type == ALM_SHAPE_POLYGON && !layer->is_halo)
        {
          alm_paint_add_rings (coverage, layer->columns, index, view);
          alm_coverage_fill (coverage, pixels, ALM_COVERAGE_EVEN_ODD,
                             layer->columns->class_[index] > 0 ? color : fill,
                             0.35 * layer->opacity);
        }
      alm_paint_add_strokes (coverage, layer->columns, index, view, width);
      alm_coverage_fill (coverage, pixels, ALM_COVERAGE_UNION, color, layer->opacity);
      if (drawn != NULL)
        drawn[number]++;
    }
}

/* One run of layers that are printed together: as many as have only points and
 * are opaque, or a single one.  Returns the first layer after it. */
static guint
paint_run (const AlmPaintPlan *plan,
           guint               first,
           const AlmPaintView *view,
           AlmPixels          *pixels,
           gboolean            is_empty,
           AlmCoverage       **coverage,
           guint              *drawn)
{
  const AlmPaintLayer *layer = &g_array_index (plan->layers, AlmPaintLayer, first);
  guint end = first;
  AlmPixels scratch;

  while (end < plan->layers->len && layer->opacity >= 1.0 && !has_shapes (layer))
    if (++end < plan->layers->len)
      layer = &g_array_index (plan->layers, AlmPaintLayer, end);
  if (end == first)
    {
      end = first + 1;
      if (has_shapes (layer))
        {
          if (*coverage == NULL)
            *coverage = alm_coverage_new (pixels->width, pixels->height);
          paint_shapes (plan, first, view, pixels, *coverage, drawn);
          is_empty = FALSE;
        }
    }
  else if (is_empty)
    {
      print_run (plan, first, end, view, pixels, drawn);
      return end;
    }

  alm_pixels_init (&scratch, pixels->width, pixels->height, 0);
  print_run (plan, first, end, view, &scratch, drawn);
  alm_pixels_composite (pixels, &scratch,
                        end == first + 1
                          ? (guint32) (g_array_index (plan->layers, AlmPaintLayer, first).opacity *
                                         255.0 + 0.5)
                          : 255);
  alm_pixels_clear (&scratch);

  return end;
}

static void
put_ground (AlmPixels *pixels,
            guint32    color)
{
  guint32 ground = 0xff000000 | color;

  for (int y = 0; y < pixels->height; y++)
    {
      guint32 *row = pixels->data + (gsize) y * pixels->stride;

      for (int x = 0; x < pixels->width; x++)
        if (row[x] >> 24 == 0)
          row[x] = ground;
        else if (row[x] >> 24 != 255)
          row[x] = alm_pixels_over (row[x], ground);
    }
}

void
alm_paint (const AlmPaintPlan *plan,
           const AlmPaintView *view,
           AlmPixels          *pixels,
           guint              *drawn)
{
  AlmCoverage *coverage = NULL;
  gboolean is_empty = TRUE;

  alm_stamp_trim_cache ();
  for (int y = 0; y < pixels->height; y++)
    memset (pixels->data + (gsize) y * pixels->stride, 0, (gsize) pixels->width * 4);
  if (drawn != NULL)
    memset (drawn, 0, plan->layers->len * sizeof *drawn);

  if (plan->base_opacity > 0.0)
    {
      coverage = alm_coverage_new (pixels->width, pixels->height);
      alm_paint_base (plan, view, pixels, coverage);
      is_empty = FALSE;
    }
  if (alm_paint_spans (plan, view, pixels))
    is_empty = FALSE;
  for (guint i = 0; i < plan->layers->len; is_empty = FALSE)
    i = paint_run (plan, i, view, pixels, is_empty, &coverage, drawn);
  if (plan->has_ground)
    put_ground (pixels, plan->ground);
  if (plan->labels != NULL)
    alm_labels_paint (plan->labels, view->west, view->north, view->units_per_pixel, view->zoom,
                      plan->scale, plan->dark, pixels);

  g_clear_pointer (&coverage, alm_coverage_free);
}
