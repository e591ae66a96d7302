/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-map-grid.h"
#include "alm-test-bench.h"
#include "alm-test.h"
#include "alm-tile-layer.h"

#include <adwaita.h>

#define ZOOM 14

static const char png[] = "\x89PNG\r\n\x1a\n: no picture follows";

typedef struct
{
  ShumateViewport *viewport;
  AlmTileLayer    *layer;
  GtkWidget       *window;
  guint            n_settled;
} Fixture;

static void
count_cb (guint *n)
{
  (*n)++;
}

/* A window over the corner of four tiles, in the middle of the world. */
static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (ShumateMapSource) source = alm_map_grid_new ();

  fixture->viewport = shumate_viewport_new ();
  shumate_viewport_set_reference_map_source (fixture->viewport, source);
  shumate_viewport_set_zoom_level (fixture->viewport, ZOOM);
  shumate_location_set_location (SHUMATE_LOCATION (fixture->viewport), 0.0, 0.0);
  fixture->layer = alm_tile_layer_new (fixture->viewport);
  g_signal_connect_swapped (fixture->layer, "settled", G_CALLBACK (count_cb),
                            &fixture->n_settled);
  fixture->window = alm_test_bench_show (GTK_WIDGET (fixture->layer));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, GTK_WIDGET (fixture->layer));
  g_assert_finalize_object (fixture->viewport);
}

static gboolean
is_settled (gpointer layer)
{
  return gtk_widget_get_width (layer) > 0 && alm_tile_layer_is_settled (layer);
}

/* Empty tiles: what is on them is the painter's matter. */
static AlmTilePainter *
make_painter (void)
{
  return alm_tile_painter_new_plan (alm_paint_plan_new ());
}

static void
show_painter (Fixture      *fixture,
              const AlmBox *touched,
              guint         n_touched)
{
  g_autoptr (AlmTilePainter) painter = make_painter ();

  alm_tile_layer_set_painter (fixture->layer, painter, touched, n_touched);
}

static void
collect (GskRenderNode *node,
         GHashTable    *textures,
         gboolean      *is_whole)
{
  GskRenderNodeType type = gsk_render_node_get_node_type (node);
  graphene_rect_t bounds;

  if (type == GSK_CONTAINER_NODE)
    {
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        collect (gsk_container_node_get_child (node, i), textures, is_whole);
      return;
    }
  if (type == GSK_CLIP_NODE)
    {
      collect (gsk_clip_node_get_child (node), textures, is_whole);
      return;
    }
  g_assert_cmpint (type, ==, GSK_TEXTURE_NODE);
  gsk_render_node_get_bounds (node, &bounds);
  *is_whole = *is_whole && bounds.origin.x == (float) (int) bounds.origin.x &&
              bounds.origin.y == (float) (int) bounds.origin.y;
  g_hash_table_add (textures, g_object_ref (gsk_texture_node_get_texture (node)));
}

/* The textures of a frame; all of them lie at whole pixels. */
static GHashTable *
look (Fixture *fixture)
{
  GHashTable *textures = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gboolean is_whole = TRUE;
  GskRenderNode *node;

  GTK_WIDGET_GET_CLASS (fixture->layer)->snapshot (GTK_WIDGET (fixture->layer), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    {
      collect (node, textures, &is_whole);
      gsk_render_node_unref (node);
    }
  g_assert_true (is_whole);

  return textures;
}

static guint
count_common (GHashTable *one,
              GHashTable *two)
{
  GHashTableIter iter;
  gpointer texture;
  guint n = 0;

  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &texture, NULL))
    n += g_hash_table_contains (two, texture);

  return n;
}

/* As many as it takes to fill 900 × 700 around a corner: 4 × 4. */
static void
test_the_view_is_filled_and_emptied (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr (GHashTable) before = look (fixture);
  g_autoptr (GHashTable) shown = NULL;
  g_autoptr (GHashTable) after = NULL;

  g_assert_cmpuint (g_hash_table_size (before), ==, 0);
  show_painter (fixture, NULL, 0);
  g_assert_false (alm_tile_layer_is_settled (fixture->layer));
  alm_test_bench_wait (is_settled, fixture->layer);
  g_assert_cmpuint (fixture->n_settled, >, 0);
  g_assert_cmpint (alm_tile_layer_get_trouble (fixture->layer), ==, ALM_TILE_TROUBLE_NONE);
  shown = look (fixture);
  g_assert_cmpuint (g_hash_table_size (shown), ==, 16);

  alm_tile_layer_set_painter (fixture->layer, NULL, NULL, 0);
  after = look (fixture);
  g_assert_cmpuint (g_hash_table_size (after), ==, 0);
}

static void
test_old_tiles_stay_until_new_ones_are_there (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) meanwhile = NULL;
  g_autoptr (GHashTable) second = NULL;

  show_painter (fixture, NULL, 0);
  alm_test_bench_wait (is_settled, fixture->layer);
  first = look (fixture);
  show_painter (fixture, NULL, 0);
  meanwhile = look (fixture);
  g_assert_cmpuint (count_common (first, meanwhile), ==, 16);
  alm_test_bench_wait (is_settled, fixture->layer);
  second = look (fixture);
  g_assert_cmpuint (g_hash_table_size (second), ==, 16);
  g_assert_cmpuint (count_common (first, second), ==, 0);
}

/* A change in the middle of the tile left above the corner is that tile's alone. */
static void
test_only_what_was_touched_is_painted_again (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) second = NULL;
  AlmBox tile;
  AlmBox spot;

  show_painter (fixture, NULL, 0);
  alm_test_bench_wait (is_settled, fixture->layer);
  first = look (fixture);
  alm_mercator_tile_box (ZOOM, (1 << (ZOOM - 1)) - 1, (1 << (ZOOM - 1)) - 1, 0.0, &tile);
  spot.west = spot.east = tile.west + (tile.east - tile.west) / 2;
  spot.north = spot.south = tile.north + (tile.south - tile.north) / 2;
  show_painter (fixture, &spot, 1);
  alm_test_bench_wait (is_settled, fixture->layer);
  second = look (fixture);
  g_assert_cmpuint (count_common (first, second), ==, 15);
}

/* A crown wider than a tile is cut down: its whole circle is painted again, and a
 * ring of tiles beyond it is not. */
static void
test_what_reaches_far_touches_more (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (1);
  const guint32 middle = 1u << 31;
  const AlmBox spot = { middle - 2048, middle - 2048, middle - 2048, middle - 2048 };
  g_autoptr (AlmSymbol) symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, 0x2e7d32, 5.0);
  g_autoptr (AlmAssetColumns) columns = NULL;
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) second = NULL;
  AlmPaintPlan *plan = alm_paint_plan_new ();
  g_autoptr (AlmTilePainter) painter = alm_tile_painter_new_plan (plan);

  shumate_viewport_set_zoom_level (fixture->viewport, 20);
  alm_asset_builder_add_point (builder, 1, spot.west, spot.north, 0, 1, 0);
  alm_asset_builder_set_span (builder, 45.0);   /* 151 pixels to each side */
  columns = alm_asset_builder_seal (builder);
  alm_paint_plan_add_assets (plan, columns, symbol, 1.0);
  alm_tile_layer_set_painter (fixture->layer, painter, NULL, 0);
  alm_test_bench_wait (is_settled, fixture->layer);
  first = look (fixture);
  show_painter (fixture, &spot, 1);
  alm_test_bench_wait (is_settled, fixture->layer);
  second = look (fixture);
  /* Its own tile and those around it. */
  g_assert_cmpuint (count_common (first, second), ==, 16 - 9);
}

/* A deeper zoom shows the same tile larger until its own are there. */
static void
test_a_parent_stands_in (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) deeper = NULL;

  show_painter (fixture, NULL, 0);
  alm_test_bench_wait (is_settled, fixture->layer);
  first = look (fixture);
  shumate_viewport_set_zoom_level (fixture->viewport, ZOOM + 1);
  g_assert_false (alm_tile_layer_is_settled (fixture->layer));
  deeper = look (fixture);
  g_assert_cmpuint (g_hash_table_size (deeper), ==, 4);
  g_assert_cmpuint (count_common (first, deeper), ==, 4);
}

static void
test_a_broken_file_is_a_problem_and_a_hole_is_none (Fixture       *fixture,
                                                    gconstpointer  user_data)
{
  g_autofree char *dir = alm_test_make_dir ();
  const AlmMbtilesInfo info = {
    .name = (char *) "Probe", .attribution = (char *) "© Stadt", .format = (char *) "png",
    .min_zoom = 3, .max_zoom = 3, .west = -180, .south = -85, .east = 180, .north = 85
  };

  /* The only tile is far from the middle, or there. */
  for (guint broken = 0; broken < 2; broken++)
    {
      guint place = broken ? 3 : 0;
      g_autofree char *path = g_build_filename (dir, broken ? "broken" : "holes", NULL);
      AlmMbtilesWriter *writer = alm_mbtiles_writer_new (path, &info, NULL);
      g_autoptr (AlmTilePainter) painter = NULL;

      g_assert_true (alm_mbtiles_writer_add (writer, 3, place, place, png, sizeof png, NULL));
      g_assert_true (alm_mbtiles_writer_finish (writer, NULL));
      alm_mbtiles_writer_free (writer);
      painter = alm_tile_painter_new_mbtiles (alm_mbtiles_open (path, NULL));
      alm_tile_layer_set_painter (fixture->layer, painter, NULL, 0);
      alm_test_bench_wait (is_settled, fixture->layer);
      alm_tile_layer_set_has_grid (fixture->layer, FALSE);
      {
        g_autoptr (GHashTable) shown = look (fixture);

        g_assert_cmpint (alm_tile_layer_get_trouble (fixture->layer), ==,
                         broken ? ALM_TILE_TROUBLE_BROKEN : ALM_TILE_TROUBLE_MISSING);
        g_assert_cmpuint (g_hash_table_size (shown), ==, 0);
      }
      /* With a grid there is one texture, as often as it is needed. */
      alm_tile_layer_set_has_grid (fixture->layer, TRUE);
      {
        g_autoptr (GHashTable) shown = look (fixture);

        g_assert_cmpuint (g_hash_table_size (shown), ==, 1);
      }
    }
  show_painter (fixture, NULL, 0);
  g_assert_cmpint (alm_tile_layer_get_trouble (fixture->layer), ==, ALM_TILE_TROUBLE_NONE);
  alm_test_remove_dir (dir);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/tile-layer/fill", test_the_view_is_filled_and_emptied);
  ADD ("/app/tile-layer/old", test_old_tiles_stay_until_new_ones_are_there);
  ADD ("/app/tile-layer/touched", test_only_what_was_touched_is_painted_again);
  ADD ("/app/tile-layer/reach", test_what_reaches_far_touches_more);
  ADD ("/app/tile-layer/parent", test_a_parent_stands_in);
  ADD ("/app/tile-layer/problem", test_a_broken_file_is_a_problem_and_a_hole_is_none);

  return g_test_run ();
}
