/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-map-grid.h"
#include "alm-mercator.h"
#include "alm-test.h"

static void
test_the_world_is_parted_as_our_tiles_are (void)
{
  ShumateMapSource *grid = alm_map_grid_new ();
  double x;
  double y;

  g_assert_cmpstr (shumate_map_source_get_id (grid), ==, "allmende");
  g_assert_cmpint (shumate_map_source_get_projection (grid), ==,
                   SHUMATE_MAP_PROJECTION_MERCATOR);
  g_assert_cmpuint (shumate_map_source_get_tile_size (grid), ==, ALM_TILE_SIZE);
  g_assert_cmpuint (shumate_map_source_get_min_zoom_level (grid), ==, 0);
  g_assert_cmpuint (shumate_map_source_get_max_zoom_level (grid), ==, 20);

  /* libshumate's pixels are our units, on every zoom. */
  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  for (guint zoom = 0; zoom <= 20; zoom++)
    {
      double upp = alm_mercator_units_per_pixel (zoom);

      g_assert_cmpfloat_with_epsilon (shumate_map_source_get_x (grid, zoom, 11.586), x / upp, 0.01);
      g_assert_cmpfloat_with_epsilon (shumate_map_source_get_y (grid, zoom, 50.927), y / upp, 0.01);
    }

  g_assert_finalize_object (grid);
}

/* libshumate is told that the tile is there, and there is nothing in it. */
static void
test_a_tile_is_filled_with_nothing (void)
{
  ShumateMapSource *grid = alm_map_grid_new ();
  ShumateTile *tile = shumate_tile_new_full (1, 2, 256, 3);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  shumate_map_source_fill_tile_async (grid, tile, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_true (shumate_map_source_fill_tile_finish (grid, result, &error));
  g_assert_no_error (error);
  g_assert_null (shumate_tile_get_paintable (tile));

  g_clear_object (&result);
  g_assert_finalize_object (tile);
  g_assert_finalize_object (grid);
}

static void
test_a_cancelled_tile_says_so (void)
{
  ShumateMapSource *grid = alm_map_grid_new ();
  ShumateTile *tile = shumate_tile_new_full (0, 0, 256, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  shumate_map_source_fill_tile_async (grid, tile, cancellable, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_false (shumate_map_source_fill_tile_finish (grid, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_object (&result);
  g_assert_finalize_object (tile);
  g_assert_finalize_object (grid);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/map-grid/world", test_the_world_is_parted_as_our_tiles_are);
  g_test_add_func ("/app/map-grid/fill", test_a_tile_is_filled_with_nothing);
  g_test_add_func ("/app/map-grid/cancel", test_a_cancelled_tile_says_so);

  return g_test_run ();
}
