/* SPDX-License-Identifier: EUPL-1.2 */

/* Crowns: as wide as on the ground, under the symbols, without seams. */

#include "config.h"

#include "alm-paint.h"

#include <math.h>

#define ZOOM 18

/* The corner of four tiles in Jena, or on the equator. */
static const guint corners[][2] = { { 139500, 87844 }, { 139500, 131072 } };

static double
corner_of (guint tile)
{
  return tile * ldexp (ALM_WORLD, -ZOOM);
}

static AlmPaintPlan *
make_plan (AlmAssetColumns *columns,
           double           opacity)
{
  AlmPaintPlan *plan = alm_paint_plan_new ();
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0xff0000, 4.0);

  alm_paint_plan_set_day (plan, 100);
  alm_paint_plan_add_assets (plan, columns, symbol, opacity);

  return plan;
}

/* One tree of @metres at a corner. */
static AlmAssetColumns *
make_one (const guint *corner,
          double       metres)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (1);

  alm_asset_builder_add_point (builder, 1, (guint32) corner_of (corner[0]),
                               (guint32) corner_of (corner[1]), 0, 200, 0);
  alm_asset_builder_set_span (builder, metres);

  return alm_asset_builder_seal (builder);
}

static void
paint (AlmPaintPlan *plan,
       guint         zoom,
       guint         x,
       guint         y,
       double        scale,
       int           n_tiles,
       AlmPixels    *pixels)
{
  int size = (int) (n_tiles * ALM_TILE_SIZE * scale);
  AlmPaintView view;

  alm_paint_plan_set_scale (plan, scale);
  alm_paint_view_init_tile (&view, zoom, x, y, scale);
  alm_pixels_init (pixels, size, size, 0);
  alm_paint (plan, &view, pixels, NULL);
}

/* Across and from the alpha of all its pixels together. */
static void
test_a_crown_is_as_wide_as_on_the_ground (void)
{
  static const double lats[] = { 50.9, 0.0 };

  for (guint c = 0; c < G_N_ELEMENTS (corners); c++)
    for (guint zoom = ZOOM; zoom <= 20; zoom++)
      for (int scale = 1; scale <= 2; scale++)
        {
          guint shift = zoom - ZOOM;
          guint x = corners[c][0] << shift;
          guint y = corners[c][1] << shift;
          g_autoptr (AlmAssetColumns) one = make_one (corners[c], 16.0);
          g_autoptr (AlmPaintPlan) plan = make_plan (one, 1.0);
          double lat = lats[c];
          double lon;
          double radius;
          double sum = 0.0;
          int across = 0;
          AlmPixels pixels;

          alm_mercator_to_lon_lat (corner_of (corners[c][0]), corner_of (corners[c][1]), &lon,
                                   &lat);
          g_assert_cmpfloat_with_epsilon (lat, lats[c], 0.1);
          radius = 8.0 / alm_mercator_metres_per_pixel (lat, zoom) * scale;
          paint (plan, zoom, x - 1, y - 1, scale, 2, &pixels);
          for (int i = 0; i < pixels.width; i++)
            {
              guint32 alpha = pixels.data[pixels.height / 2 * pixels.stride + i] >> 24;

              across += alpha > 31;
              for (int j = 0; j < pixels.height; j++)
                sum += MIN (pixels.data[j * pixels.stride + i] >> 24, 64);
            }
          g_assert_cmpfloat_with_epsilon (across, 2.0 * radius, 1.01);
          g_assert_cmpfloat_with_epsilon (sum / 64.0, G_PI * radius * radius, 0.01 * sum / 64.0);
          alm_pixels_clear (&pixels);
        }
}

/* Many, some of them wider than a tile: four tiles are the picture of them all. */
static void
test_tiles_agree_to_the_bit (void)
{
  for (guint zoom = ZOOM; zoom <= 20; zoom += 2)
    for (int scale = 1; scale <= 2; scale++)
      {
        guint x = corners[0][0] << (zoom - ZOOM);
        guint y = corners[0][1] << (zoom - ZOOM);
        AlmAssetBuilder *builder = alm_asset_builder_new (0);
        g_autoptr (AlmAssetColumns) columns = NULL;
        g_autoptr (AlmPaintPlan) plan = NULL;
        AlmPixels whole;

        for (guint i = 0; i < 500; i++)
          {
            alm_asset_builder_add_point (
              builder, i + 1,
              (guint32) (corner_of (corners[0][0]) + g_test_rand_int_range (-20000, 20000)),
              (guint32) (corner_of (corners[0][1]) + g_test_rand_int_range (-20000, 20000)), 0,
              200, 0);
            alm_asset_builder_set_span (builder, g_test_rand_double_range (0.0, 40.0));
          }
        columns = alm_asset_builder_seal (builder);
        plan = make_plan (columns, 1.0);
        paint (plan, zoom, x - 1, y - 1, scale, 2, &whole);
        for (guint t = 0; t < 4; t++)
          {
            AlmPixels tile;

            paint (plan, zoom, x - 1 + t % 2, y - 1 + t / 2, scale, 1, &tile);
            for (int j = 0; j < tile.height; j++)
              for (int i = 0; i < tile.width; i++)
                g_assert_cmphex (tile.data[j * tile.stride + i], ==,
                                 whole.data[(j + (int) (t / 2) * tile.height) * whole.stride + i +
                                            (int) (t % 2) * tile.width]);
            alm_pixels_clear (&tile);
          }
        alm_pixels_clear (&whole);
      }
}

/* @dx, @dy: pixels from the tree's middle. */
static guint32
get_pixel (AlmPaintPlan *plan,
           guint         zoom,
           int           dx,
           int           dy)
{
  AlmPixels pixels;
  guint32 pixel;

  if (zoom >= ZOOM)
    paint (plan, zoom, (corners[0][0] << (zoom - ZOOM)) - 1, (corners[0][1] << (zoom - ZOOM)) - 1,
           1.0, 2, &pixels);
  else
    paint (plan, zoom, corners[0][0] / 2 - 1, corners[0][1] / 2 - 1, 1.0, 2, &pixels);
  pixel = pixels.data[(256 + dy) * pixels.stride + 256 + dx];
  alm_pixels_clear (&pixels);

  return pixel;
}

static void
test_crowns_lie_under_the_symbols_of_close_zooms (void)
{
  g_autoptr (AlmAssetColumns) one = make_one (corners[0], 16.0);
  g_autoptr (AlmAssetColumns) bare = make_one (corners[0], NAN);
  g_autoptr (AlmSymbol) lamp = alm_symbol_new_simple (ALM_SYMBOL_SQUARE, 0x0000ff, 30.0);
  g_autoptr (AlmPaintPlan) plan = make_plan (one, 1.0);
  g_autoptr (AlmPaintPlan) faint = make_plan (one, 0.5);
  g_autoptr (AlmPaintPlan) without = make_plan (bare, 1.0);
  g_autoptr (AlmPaintPlan) chosen = alm_paint_plan_new ();
  const double y = corner_of (corners[0][1]);

  g_assert_cmphex (get_pixel (plan, ZOOM, 0, 0), ==, 0xffff0000);
  g_assert_cmphex (get_pixel (plan, ZOOM, 8, 0), ==, 0x40400000);
  g_assert_cmphex (get_pixel (faint, ZOOM, 8, 0), ==, 0x20200000);
  g_assert_cmphex (get_pixel (without, ZOOM, 8, 0), ==, 0);
  g_assert_cmphex (get_pixel (plan, ZOOM - 1, 4, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (alm_paint_plan_get_reach (plan, ZOOM, y),
                                  8.0 / alm_mercator_metres_per_unit (y), 1e-6);
  g_assert_cmpfloat (alm_paint_plan_get_reach (plan, ZOOM - 1, y), ==, 0.0);
  g_assert_cmpfloat (alm_paint_plan_get_reach (without, ZOOM, y), ==, 0.0);

  /* Under those of lower layers too. */
  alm_paint_plan_add_assets (plan, bare, lamp, 1.0);
  g_assert_cmphex (get_pixel (plan, ZOOM, 8, 0), ==, 0xff0000ff);

  /* What is selected is marked, not drawn twice. */
  alm_paint_plan_set_day (chosen, 100);
  alm_paint_plan_add_halo (chosen, one, lamp, 0x3584e4);
  g_assert_cmphex (get_pixel (chosen, 20, 70, 0), ==, 0);

  /* Felled. */
  alm_paint_plan_set_day (plan, 300);
  g_assert_cmphex (get_pixel (plan, ZOOM, 8, 0), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/paint-spans/radius", test_a_crown_is_as_wide_as_on_the_ground);
  g_test_add_func ("/draw/paint-spans/seams", test_tiles_agree_to_the_bit);
  g_test_add_func ("/draw/paint-spans/order", test_crowns_lie_under_the_symbols_of_close_zooms);

  return g_test_run ();
}
