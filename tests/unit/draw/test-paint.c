/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-paint.h"

#include <math.h>
#include <string.h>

#define ZOOM 16
#define TX   34875
#define TY   21961

/* Points, a square and a line crowded around the corner of four tiles. */
static AlmAssetColumns *
make_columns (gboolean with_shapes)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);
  double corner_x = (double) TX * 65536.0;
  double corner_y = (double) TY * 65536.0;

  for (guint i = 0; i < 3000; i++)
    alm_asset_builder_add_point (builder, i + 1,
                                 (guint32) (corner_x + g_test_rand_int_range (-60000, 60000)),
                                 (guint32) (corner_y + g_test_rand_int_range (-60000, 60000)),
                                 0, i % 5 == 0 ? 50 : 200, (guint8) (i % 3));
  if (with_shapes)
    {
      const double square[] = {
        corner_x - 20000, corner_y - 9000, corner_x + 30000, corner_y - 12000,
        corner_x + 25000, corner_y + 22000, corner_x - 18000, corner_y + 20000
      };
      const double line[] = { corner_x - 50000, corner_y - 40000, corner_x + 1000, corner_y + 500,
                              corner_x + 40000, corner_y + 55000 };
      const guint ring = 0;

      alm_asset_builder_add_shape (builder, 5001, ALM_SHAPE_POLYGON, square, 4, &ring, 1, 0, 200,
                                   0);
      alm_asset_builder_add_shape (builder, 5002, ALM_SHAPE_LINE, line, 3, &ring, 1, 0, 200, 0);
    }

  return alm_asset_builder_seal (builder);
}

static AlmPaintPlan *
make_plan (gboolean with_shapes)
{
  AlmPaintPlan *plan = alm_paint_plan_new ();
  g_autoptr (AlmAssetColumns) columns = make_columns (with_shapes);
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 9.0);

  alm_paint_plan_set_day (plan, 100);
  alm_paint_plan_set_ground (plan, 0xffffff);
  alm_paint_plan_add_assets (plan, columns, symbol, 1.0);

  return plan;
}

/* Four tiles laid side by side are the picture of their common area. */
static void
check_seams (AlmPaintPlan *plan,
             double        scale)
{
  int size = (int) (ALM_TILE_SIZE * scale);
  AlmPaintView view;
  AlmPixels whole;

  alm_paint_plan_set_scale (plan, scale);
  alm_paint_view_init_tile (&view, ZOOM, TX - 1, TY - 1, scale);
  alm_pixels_init (&whole, 2 * size, 2 * size, 0);
  alm_paint (plan, &view, &whole, NULL);
  for (int i = 0; i < 4; i++)
    {
      guint different = 0;
      AlmPixels tile;

      alm_pixels_init (&tile, size, size, 0);
      alm_paint_view_init_tile (&view, ZOOM, (guint) (TX - 1 + i % 2), (guint) (TY - 1 + i / 2),
                                scale);
      alm_paint (plan, &view, &tile, NULL);
      for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++)
          different += tile.data[y * size + x] !=
                       whole.data[(y + i / 2 * size) * 2 * size + x + i % 2 * size];
      /* Floats add up in another order: single steps of 255, not seams. */
      g_assert_cmpuint (different, <=, (guint) (size * size / 500));
      alm_pixels_clear (&tile);
    }
  alm_pixels_clear (&whole);
}

static void
test_tiles_agree_along_their_seams (void)
{
  g_autoptr (AlmPaintPlan) points = make_plan (FALSE);
  g_autoptr (AlmPaintPlan) shapes = make_plan (TRUE);

  check_seams (points, 1.0);
  check_seams (points, 2.0);
  check_seams (shapes, 1.0);
}

static void
test_only_the_living_are_drawn_and_counted (void)
{
  g_autoptr (AlmPaintPlan) plan = make_plan (TRUE);
  AlmPaintView view;
  AlmPixels pixels;
  guint drawn;

  alm_pixels_init (&pixels, 1024, 1024, 0);
  alm_paint_view_init_tile (&view, ZOOM, TX - 2, TY - 2, 1.0);
  alm_paint (plan, &view, &pixels, &drawn);
  g_assert_cmpuint (drawn, ==, 3000 - 600 + 2);
  alm_paint_plan_set_day (plan, 300);
  alm_paint (plan, &view, &pixels, &drawn);
  g_assert_cmpuint (drawn, ==, 0);
  for (int i = 0; i < 1024 * 1024; i++)
    g_assert_cmphex (pixels.data[i], ==, 0xffffffff);
  alm_pixels_clear (&pixels);
}

static AlmAssetColumns *
make_one (guint32 rid,
          double  dx_px)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (1);

  alm_asset_builder_add_point (builder, rid, (guint32) (TX * 65536.0 + (128 + dx_px) * 256),
                               (guint32) (TY * 65536.0 + 128 * 256), 0, 200, 0);

  return alm_asset_builder_seal (builder);
}

static guint32
get_middle (AlmPaintPlan *plan)
{
  AlmPaintView view;
  AlmPixels pixels;
  guint32 middle;

  alm_paint_plan_set_day (plan, 100);
  alm_pixels_init (&pixels, 256, 256, 0);
  alm_paint_view_init_tile (&view, ZOOM, TX, TY, 1.0);
  alm_paint (plan, &view, &pixels, NULL);
  middle = pixels.data[128 * 256 + 128];
  alm_pixels_clear (&pixels);

  return middle;
}

static void
test_upper_layers_lie_above_lower_ones (void)
{
  g_autoptr (AlmAssetColumns) one = make_one (1, 0);
  g_autoptr (AlmSymbol) red = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0xff0000, 9.0);
  g_autoptr (AlmSymbol) blue = alm_symbol_new_simple (ALM_SYMBOL_SQUARE, 0x0000ff, 14.0);
  g_autoptr (AlmPaintPlan) plan = alm_paint_plan_new ();
  g_autoptr (AlmPaintPlan) turned = alm_paint_plan_new ();
  g_autoptr (AlmPaintPlan) clear = alm_paint_plan_new ();

  alm_paint_plan_add_assets (plan, one, blue, 1.0);
  alm_paint_plan_add_assets (plan, one, red, 1.0);
  g_assert_cmphex (get_middle (plan), ==, 0xffff0000);

  alm_paint_plan_add_assets (turned, one, red, 1.0);
  alm_paint_plan_add_assets (turned, one, blue, 1.0);
  g_assert_cmphex (get_middle (turned), ==, 0xff0000ff);

  /* Half transparent above, on no ground. */
  alm_paint_plan_add_assets (clear, one, red, 0.5);
  g_assert_cmphex (get_middle (clear), ==, 0x80800000);
  alm_paint_plan_add_assets (clear, one, blue, 1.0);
  g_assert_cmphex (get_middle (clear), ==, 0xff0000ff);
}

static void
test_a_halo_shines_around_what_is_selected (void)
{
  g_autoptr (AlmAssetColumns) beside = make_one (1, 7);
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0xff0000, 8.0);
  g_autoptr (AlmPaintPlan) plan = alm_paint_plan_new ();

  alm_paint_plan_add_assets (plan, beside, symbol, 1.0);
  g_assert_cmphex (get_middle (plan), ==, 0);
  alm_paint_plan_add_halo (plan, beside, symbol, 0x3584e4);
  g_assert_cmphex (get_middle (plan) >> 24, !=, 0);
}

static void
test_far_out_points_become_a_shading (void)
{
  g_autoptr (AlmPaintPlan) plan = make_plan (FALSE);
  AlmPaintView view;
  AlmPixels pixels;
  guint drawn;
  guint inked = 0;

  alm_pixels_init (&pixels, 256, 256, 0);
  alm_paint_view_init_tile (&view, 10, TX >> 6, TY >> 6, 1.0);
  alm_paint (plan, &view, &pixels, &drawn);
  for (int i = 0; i < 256 * 256; i++)
    inked += pixels.data[i] != 0xffffffff;
  g_assert_cmpuint (drawn, >, 500);
  g_assert_cmpuint (inked, >, 4);
  g_assert_cmpuint (inked, <, 400);   /* no blot of circles */
  alm_pixels_clear (&pixels);
}

static void
test_the_drawn_base_map (void)
{
  AlmAssetColumns *base[ALM_BASE_N_KINDS] = { NULL };
  AlmAssetBuilder *builder = alm_asset_builder_new (1);
  guint8 water = alm_base_style_classify (ALM_BASE_AREA, "water");
  const double x = TX * 65536.0;
  const double y = TY * 65536.0;
  const double pond[] = { x + 10000, y + 10000, x + 50000, y + 10000, x + 50000, y + 50000,
                          x + 10000, y + 50000 };
  const guint ring = 0;
  g_autoptr (AlmAssetColumns) areas = NULL;
  g_autoptr (AlmPaintPlan) light = alm_paint_plan_new ();
  g_autoptr (AlmPaintPlan) dark = alm_paint_plan_new ();

  alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_POLYGON, pond, 4, &ring, 1, 0, 200, water);
  base[ALM_BASE_AREA] = areas = alm_asset_builder_seal (builder);
  alm_paint_plan_set_base (light, base, 1.0);
  g_assert_cmphex (get_middle (light), ==,
                   0xff000000 | alm_base_style_get_rule (water)->light[0]);
  alm_paint_plan_set_base (dark, base, 1.0);
  alm_paint_plan_set_dark (dark, TRUE);
  g_assert_cmphex (get_middle (dark), ==, 0xff000000 | alm_base_style_get_rule (water)->dark[0]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/paint/seams", test_tiles_agree_along_their_seams);
  g_test_add_func ("/draw/paint/alive", test_only_the_living_are_drawn_and_counted);
  g_test_add_func ("/draw/paint/order", test_upper_layers_lie_above_lower_ones);
  g_test_add_func ("/draw/paint/halo", test_a_halo_shines_around_what_is_selected);
  g_test_add_func ("/draw/paint/density", test_far_out_points_become_a_shading);
  g_test_add_func ("/draw/paint/base", test_the_drawn_base_map);

  return g_test_run ();
}
