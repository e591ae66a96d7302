/* SPDX-License-Identifier: EUPL-1.2 */

/* The drawn base map: areas, lines, buildings, roads with their casings,
 * districts, in this order.  Any thread. */

#include "config.h"

#include "alm-paint-private.h"

#include <math.h>

/* Features of one kind that meet the picture, by rule. */
typedef struct
{
  guint8 rule;
  guint  index;
} Feature;

/* Puts the vertices of ring or part @first … into @points, as pixels; consecutive
 * ones that are nearer than a quarter of a pixel are left out.  Returns the next
 * ring's first vertex. */
static guint
take_part (GArray                *points,
           const AlmAssetColumns *columns,
           guint                  index,
           guint                  first,
           const AlmPaintView    *view)
{
  guint end = columns->shape_start[index + 1];
  double x0 = (columns->wx[index] - view->west) / view->units_per_pixel;
  double y0 = (columns->wy[index] - view->north) / view->units_per_pixel;
  double before[2] = { G_MAXDOUBLE, G_MAXDOUBLE };
  guint i;

  g_array_set_size (points, 0);
  for (i = first; i < end && (i == first || !columns->ring_first[i]); i++)
    {
      double point[] = {
        x0 + columns->shape_dx[i] / view->units_per_pixel,
        y0 + columns->shape_dy[i] / view->units_per_pixel
      };
      gboolean is_last = i + 1 == end || columns->ring_first[i + 1];

      if (!is_last && fabs (point[0] - before[0]) < 0.25 && fabs (point[1] - before[1]) < 0.25)
        continue;
      g_array_append_vals (points, point, 2);
      before[0] = point[0];
      before[1] = point[1];
    }

  return i;
}

void
alm_paint_add_rings (AlmCoverage           *coverage,
                     const AlmAssetColumns *columns,
                     guint                  index,
                     const AlmPaintView    *view)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = columns->shape_start[index]; i < columns->shape_start[index + 1];)
    {
      i = take_part (points, columns, index, i, view);
      alm_coverage_add_ring (coverage, (const double *) points->data, points->len / 2);
    }
}

void
alm_paint_add_strokes (AlmCoverage           *coverage,
                       const AlmAssetColumns *columns,
                       guint                  index,
                       const AlmPaintView    *view,
                       double                 width)
{
  gboolean closed = columns->shape_type[index] == ALM_SHAPE_POLYGON;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = columns->shape_start[index]; i < columns->shape_start[index + 1];)
    {
      i = take_part (points, columns, index, i, view);
      alm_coverage_add_stroke (coverage, (const double *) points->data, points->len / 2, closed,
                               width);
    }
}

static int
compare_features (gconstpointer a,
                  gconstpointer b)
{
  const Feature *one = a;
  const Feature *two = b;
  int first = alm_base_style_get_rule (one->rule)->order;
  int second = alm_base_style_get_rule (two->rule)->order;

  if (first != second)
    return first < second ? -1 : 1;

  return one->index < two->index ? -1 : one->index > two->index;
}

static GArray *
find_features (const AlmPaintPlan *plan,
               AlmBaseKind         kind,
               const AlmPaintView *view,
               const AlmPixels    *pixels)
{
  GArray *features = g_array_new (FALSE, FALSE, sizeof (Feature));
  const AlmAssetColumns *columns = plan->base[kind];
  AlmAssetSearch search;
  AlmBox box;
  guint index;

  if (columns == NULL || columns->shape_start == NULL)
    return features;

  alm_paint_find_box (view, pixels, 48.0 * plan->scale, &box);
  alm_asset_search_init (&search, columns, &box, plan->day);
  while (alm_asset_search_next (&search, &index))
    {
      Feature feature = { columns->class_[index], index };

      if (columns->shape_type[index] != ALM_SHAPE_POINT &&
          view->zoom >= alm_base_style_get_rule (feature.rule)->min_zoom)
        g_array_append_val (features, feature);
    }
  g_array_sort (features, compare_features);

  return features;
}

static void
fill_areas (const AlmPaintPlan *plan,
            AlmBaseKind         kind,
            const AlmPaintView *view,
            AlmPixels          *pixels,
            AlmCoverage        *coverage)
{
  g_autoptr (GArray) features = find_features (plan, kind, view, pixels);
  const AlmAssetColumns *columns = plan->base[kind];

  for (guint i = 0; i < features->len; i++)
    {
      const Feature *feature = &g_array_index (features, Feature, i);
      const AlmBaseRule *rule = alm_base_style_get_rule (feature->rule);
      const guint32 *colors = plan->dark ? rule->dark : rule->light;

      if (columns->shape_type[feature->index] != ALM_SHAPE_POLYGON)
        continue;
      alm_paint_add_rings (coverage, columns, feature->index, view);
      alm_coverage_fill (coverage, pixels, ALM_COVERAGE_EVEN_ODD, colors[0], plan->base_opacity);
      if (colors[1] != ALM_BASE_NO_COLOR && view->zoom >= 15.0)
        {
          alm_paint_add_strokes (coverage, columns, feature->index, view, plan->scale);
          alm_coverage_fill (coverage, pixels, ALM_COVERAGE_UNION, colors[1],
                             plan->base_opacity);
        }
    }
}

/* Device pixels: as wide as on the ground, but never so thin that it vanishes. */
static double
get_line_width (const AlmPaintPlan *plan,
                const AlmBaseRule  *rule,
                const AlmPaintView *view)
{
  double metres = view->units_per_pixel * alm_mercator_metres_per_unit (view->north);
  double least = rule->min_px * CLAMP (0.4 + (view->zoom - 11.0) * 0.15, 0.4, 1.6);

  return MAX (rule->width_m / metres, least * plan->scale);
}

/* Strokes all features of one order in one go, so that they join without seams. */
static void
stroke_features (const AlmPaintPlan *plan,
                 AlmBaseKind         kind,
                 const GArray       *features,
                 gboolean            casing,
                 const AlmPaintView *view,
                 AlmPixels          *pixels,
                 AlmCoverage        *coverage)
{
  for (guint i = 0; i < features->len;)
    {
      const Feature *first = &g_array_index (features, Feature, i);
      const AlmBaseRule *rule = alm_base_style_get_rule (first->rule);
      guint32 color = (plan->dark ? rule->dark : rule->light)[casing];
      double width = get_line_width (plan, rule, view);
      gboolean wanted = color != ALM_BASE_NO_COLOR && (!casing || width >= 2.5 * plan->scale);

      if (casing)
        width += (view->zoom >= 16.0 ? 2.0 : 1.4) * plan->scale;
      for (; i < features->len && g_array_index (features, Feature, i).rule == first->rule; i++)
        if (wanted)
          alm_paint_add_strokes (coverage, plan->base[kind],
                                 g_array_index (features, Feature, i).index, view, width);
      if (wanted)
        alm_coverage_fill (coverage, pixels, ALM_COVERAGE_UNION, color, plan->base_opacity);
    }
}

static void
draw_lines (const AlmPaintPlan *plan,
            AlmBaseKind         kind,
            const AlmPaintView *view,
            AlmPixels          *pixels,
            AlmCoverage        *coverage)
{
  g_autoptr (GArray) features = find_features (plan, kind, view, pixels);

  stroke_features (plan, kind, features, TRUE, view, pixels, coverage);
  stroke_features (plan, kind, features, FALSE, view, pixels, coverage);
}

static void
put_sheet (AlmPixels *pixels,
           guint32    color,
           double     opacity)
{
  guint32 pixel = alm_pixels_premultiply (color, (guint32) (opacity * 255.0 + 0.5));

  for (int y = 0; y < pixels->height; y++)
    for (int x = 0; x < pixels->width; x++)
      pixels->data[(gsize) y * pixels->stride + x] = pixel;
}

/* Fills @pixels, which is empty. */
void
alm_paint_base (const AlmPaintPlan *plan,
                const AlmPaintView *view,
                AlmPixels          *pixels,
                AlmCoverage        *coverage)
{
  put_sheet (pixels, plan->dark ? ALM_BASE_GROUND_DARK : ALM_BASE_GROUND_LIGHT,
             plan->base_opacity);
  fill_areas (plan, ALM_BASE_AREA, view, pixels, coverage);
  draw_lines (plan, ALM_BASE_LINE, view, pixels, coverage);
  fill_areas (plan, ALM_BASE_BUILDING, view, pixels, coverage);
  draw_lines (plan, ALM_BASE_ROAD, view, pixels, coverage);
  if (view->zoom < 16.0)
    draw_lines (plan, ALM_BASE_DISTRICT, view, pixels, coverage);
}
