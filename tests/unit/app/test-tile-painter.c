/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-test.h"
#include "alm-tile-painter.h"

#define ZOOM 14

/* Waits for one tile. */
static GdkTexture *
paint (AlmTilePainter        *painter,
       const AlmTileRequest  *request,
       GCancellable          *cancellable,
       GError               **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_tile_painter_paint_async (painter, request, 0, cancellable, alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_tile_painter_paint_finish (result, error);
}

/* A plan with one circle of pure green in the middle of the tile 5/7. */
static AlmTilePainter *
make_painter (double scale)
{
  AlmPaintPlan *plan = alm_paint_plan_new ();
  AlmAssetBuilder *builder = alm_asset_builder_new (1);
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x00ff00, 11);
  g_autoptr (AlmAssetColumns) columns = NULL;
  AlmBox box;

  alm_mercator_tile_box (ZOOM, 5, 7, 0.0, &box);
  alm_asset_builder_add_point (builder, 1, box.west + (box.east - box.west) / 2 + 1,
                               box.north + (box.south - box.north) / 2 + 1,
                               ALM_DAY_OPEN_START, ALM_DAY_OPEN_END, 0);
  columns = alm_asset_builder_seal (builder);
  alm_paint_plan_set_scale (plan, scale);
  alm_paint_plan_add_assets (plan, columns, symbol, 1.0);

  return alm_tile_painter_new_plan (plan);
}

static guint32
get_pixel (GdkTexture *texture,
           int         x,
           int         y)
{
  int width = gdk_texture_get_width (texture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * (gsize) width);

  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * sizeof (guint32));

  return pixels[y * width + x];
}

static void
test_a_plan_is_painted_where_it_lies (void)
{
  for (int scale = 1; scale <= 2; scale++)
    {
      g_autoptr (AlmTilePainter) painter = make_painter (scale);
      AlmTileRequest request = { .zoom = ZOOM, .x = 5, .y = 7, .scale = scale };
      g_autoptr (GError) error = NULL;
      GdkTexture *texture = paint (painter, &request, NULL, &error);
      int size = ALM_TILE_SIZE * scale;

      g_assert_no_error (error);
      g_assert_cmpuint (alm_tile_painter_get_max_zoom (painter), ==, 20);
      g_assert_cmpint (gdk_texture_get_width (texture), ==, size);
      g_assert_cmpint (gdk_texture_get_height (texture), ==, size);
      g_assert_cmphex (get_pixel (texture, size / 2, size / 2), ==, 0xff00ff00);
      g_assert_cmphex (get_pixel (texture, 0, 0), ==, 0);
      g_assert_finalize_object (texture);

      request.x++;   /* the next tile has nothing of it */
      texture = paint (painter, &request, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmphex (get_pixel (texture, size / 2, size / 2), ==, 0);
      g_assert_finalize_object (texture);
    }
}

/* A tile under way holds the painter, and one that nobody wants is not painted. */
static void
test_a_painter_lives_as_long_as_its_tiles (void)
{
  AlmTilePainter *painter = make_painter (1);
  const AlmTileRequest request = { .zoom = ZOOM, .x = 5, .y = 7, .scale = 1 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  alm_tile_painter_paint_async (alm_tile_painter_ref (painter), &request, 0, NULL,
                                alm_test_keep_result, &result);
  g_cancellable_cancel (cancellable);
  alm_tile_painter_paint_async (painter, &request, 1, cancellable, alm_test_keep_result,
                                &cancelled);
  alm_tile_painter_unref (painter);
  alm_tile_painter_unref (painter);

  alm_test_wait_for (&cancelled);
  g_assert_null (alm_tile_painter_paint_finish (cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  alm_test_wait_for (&result);
  texture = alm_tile_painter_paint_finish (result, NULL);
  g_assert_cmphex (get_pixel (texture, 128, 128), ==, 0xff00ff00);
}

static void
test_a_file_gives_its_pictures_holes_and_errors (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "base.mbtiles", NULL);
  const AlmMbtilesInfo info = {
    .name = (char *) "Probe", .attribution = (char *) "© Stadt", .format = (char *) "png",
    .min_zoom = 2, .max_zoom = 3, .west = -180, .south = -85, .east = 180, .north = 85
  };
  AlmTileRequest request = { .zoom = 3, .x = 1, .y = 2, .scale = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmTilePainter) painter = NULL;
  g_autoptr (GBytes) png = NULL;
  AlmMbtilesWriter *writer = alm_mbtiles_writer_new (path, &info, &error);
  GdkTexture *texture;
  AlmPixels pixels;

  alm_pixels_init (&pixels, 256, 256, 0xff336699);
  png = alm_pixels_to_png (&pixels);
  alm_pixels_clear (&pixels);
  g_assert_true (alm_mbtiles_writer_add (writer, 3, 1, 2, g_bytes_get_data (png, NULL),
                                         g_bytes_get_size (png), &error));
  g_assert_true (alm_mbtiles_writer_add (writer, 3, 2, 2, "no picture", 10, &error));
  g_assert_true (alm_mbtiles_writer_finish (writer, &error));
  alm_mbtiles_writer_free (writer);
  painter = alm_tile_painter_new_mbtiles (alm_mbtiles_open (path, &error));
  g_assert_no_error (error);

  g_assert_cmpuint (alm_tile_painter_get_max_zoom (painter), ==, 3);
  texture = paint (painter, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmphex (get_pixel (texture, 200, 3), ==, 0xff336699);
  g_assert_finalize_object (texture);

  request.x = 2;
  g_assert_null (paint (painter, &request, NULL, &error));
  g_assert_nonnull (error);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_clear_error (&error);
  request.x = 3;
  g_assert_null (paint (painter, &request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_clear_pointer (&painter, alm_tile_painter_unref);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/tile-painter/plan", test_a_plan_is_painted_where_it_lies);
  g_test_add_func ("/app/tile-painter/life", test_a_painter_lives_as_long_as_its_tiles);
  g_test_add_func ("/app/tile-painter/file", test_a_file_gives_its_pictures_holes_and_errors);

  return g_test_run ();
}
