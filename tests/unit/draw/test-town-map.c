/* SPDX-License-Identifier: EUPL-1.2 */

/* The rendered map: what is shown and what is not, and that no edge of a tile
 * or of a block cuts anything. */

#include "config.h"

#include "alm-json.h"
#include "alm-town-map.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

/* 0.02° round 6.94 E 54.6 N. */
#define WEST 6.930
#define SOUTH 54.594
#define EAST 6.950
#define NORTH 54.606

static void
take (AlmTownMap *map,
      const char *kind,
      const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) fields = alm_json_parse (json, -1, NULL, &error);

  g_assert_no_error (error);
  alm_town_map_take (map, kind, fields);
}

static AlmTownMap *
small_map (void)
{
  AlmTownMap *map = alm_town_map_new ();

  take (map, "base-area",
        "{\"class\":\"water\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[6.93,54.594],"
        "[6.94,54.594],[6.94,54.6],[6.93,54.6],[6.93,54.594]],"
        "[[6.932,54.596],[6.932,54.598],[6.936,54.598],[6.936,54.596],[6.932,54.596]]]}}");
  take (map, "base-building",
        "{\"class\":\"residential\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
        "[[[6.946,54.602],[6.948,54.602],[6.948,54.604],[6.946,54.604],[6.946,54.602]]]}}");
  take (map, "base-building",
        "{\"class\":\"residential\",\"until\":\"1945\",\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[6.942,54.602],[6.944,54.602],[6.944,54.604],[6.942,54.604],"
        "[6.942,54.602]]]}}");
  take (map, "tree", "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[6.945,54.6]}}");

  return map;
}

static void
add_street (AlmTownMap *map)
{
  take (map, "road",
        "{\"class\":\"primary\",\"name\":\"Lange Kranichfurter Straße\",\"geometry\":"
        "{\"type\":\"LineString\",\"coordinates\":[[6.931,54.5945],[6.949,54.6055]]}}");
}

typedef struct
{
  const guchar *data;
  gsize         left;
} Reader;

static cairo_status_t
read_cb (void          *closure,
         unsigned char *data,
         unsigned int   length)
{
  Reader *reader = closure;

  if (length > reader->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, reader->data, length);
  reader->data += length;
  reader->left -= length;

  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
decode (GBytes *png)
{
  Reader reader = { g_bytes_get_data (png, NULL), g_bytes_get_size (png) };
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream (read_cb, &reader);

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 256);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 256);

  return surface;
}

/* All tiles of a sheet by "x/y". */
static GHashTable *
draw_all (AlmTownMap *map,
          guint       zoom,
          double      west,
          double      north)
{
  g_autoptr (AlmTownSheet) sheet = alm_town_sheet_new (map, zoom, west, SOUTH, EAST, north);
  GHashTable *tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) g_bytes_unref);

  for (guint b = 0; b < alm_town_sheet_n_blocks (sheet); b++)
    {
      g_autoptr (GPtrArray) block = alm_town_sheet_draw (sheet, b);

      for (guint i = 0; i < block->len; i++)
        {
          const AlmTownTile *tile = block->pdata[i];

          g_assert_true (g_hash_table_insert (tiles, g_strdup_printf ("%u/%u", tile->x, tile->y),
                                              g_bytes_ref (tile->png)));
        }
    }

  return tiles;
}

/* The colour at a place. */
static guint32
color_at (GHashTable *tiles,
          guint       zoom,
          double      lon,
          double      lat)
{
  double rad = lat * G_PI / 180;
  double world = (double) (1u << zoom) * 256;
  double x = (lon + 180) / 360 * world;
  double y = (1 - asinh (tan (rad)) / G_PI) / 2 * world;
  g_autofree char *key = g_strdup_printf ("%u/%u", (guint) (x / 256), (guint) (y / 256));
  GBytes *png = g_hash_table_lookup (tiles, key);
  cairo_surface_t *surface;
  const guchar *row;
  guint32 pixel;

  g_assert_nonnull (png);
  surface = decode (png);
  row = cairo_image_surface_get_data (surface)
        + (gsize) ((guint) y % 256) * (gsize) cairo_image_surface_get_stride (surface);
  memcpy (&pixel, row + (gsize) ((guint) x % 256) * 4, 4);
  cairo_surface_destroy (surface);

  return pixel & 0xffffff;
}

static void
test_what_is_shown (void)
{
  g_autoptr (AlmTownMap) map = small_map ();
  g_autoptr (GHashTable) tiles = draw_all (map, 16, WEST, NORTH);
  guint32 ground = color_at (tiles, 16, 6.9395, 54.6040);
  guint32 water = color_at (tiles, 16, 6.9385, 54.5950);
  guint32 house = color_at (tiles, 16, 6.9470, 54.6030);

  g_assert_cmphex (ground, ==, 0xf5f2ea);
  g_assert_cmphex (water, ==, 0xa8d0e6);
  g_assert_cmphex (house, !=, ground);
  /* An island is ground; what was bombed is gone; a tree is no part of the base map. */
  g_assert_cmphex (color_at (tiles, 16, 6.9340, 54.5970), ==, ground);
  g_assert_cmphex (color_at (tiles, 16, 6.9430, 54.6030), ==, ground);
  g_assert_cmphex (color_at (tiles, 16, 6.9450, 54.6000), ==, ground);
}

static void
test_houses_come_with_the_zoom (void)
{
  g_autoptr (AlmTownMap) map = small_map ();
  g_autoptr (GHashTable) far = draw_all (map, 13, WEST, NORTH);
  g_autoptr (GHashTable) near = draw_all (map, 14, WEST, NORTH);

  g_assert_cmphex (color_at (far, 13, 6.9470, 54.6030), ==, 0xf5f2ea);
  g_assert_cmphex (color_at (near, 14, 6.9470, 54.6030), !=, 0xf5f2ea);
}

/* The greatest difference of any colour of any pixel. */
static int
difference (GBytes *a,
            GBytes *b)
{
  cairo_surface_t *x = decode (a), *y = decode (b);
  int most = 0;

  for (int row = 0; row < 256; row++)
    for (int i = 0; i < 1024; i++)
      if (i % 4 != 3)
        {
          int p = cairo_image_surface_get_data (x)[row * cairo_image_surface_get_stride (x) + i];
          int q = cairo_image_surface_get_data (y)[row * cairo_image_surface_get_stride (y) + i];

          most = MAX (most, ABS (p - q));
        }
  cairo_surface_destroy (x);
  cairo_surface_destroy (y);

  return most;
}

/* The same map in sheets that begin some tiles further out: all blocks end
 * elsewhere, and yet each tile is the same, its part of the name included (but
 * for roundings that cairo makes where it clips). */
static void
test_no_seams (void)
{
  g_autoptr (AlmTownMap) map = small_map ();
  g_autoptr (GHashTable) here = NULL;
  g_autoptr (GHashTable) there = NULL;
  GHashTableIter iter;
  gpointer key, png;
  guint compared = 0;

  add_street (map);
  here = draw_all (map, 16, WEST, NORTH);
  there = draw_all (map, 16, WEST - 3 * 360.0 / 65536, NORTH + 0.0096);
  g_assert_cmpuint (g_hash_table_size (here), >, 8);
  g_assert_cmpuint (g_hash_table_size (there), >, g_hash_table_size (here));
  g_hash_table_iter_init (&iter, here);
  while (g_hash_table_iter_next (&iter, &key, &png))
    {
      GBytes *other = g_hash_table_lookup (there, key);

      g_assert_nonnull (other);
      g_test_message ("%s: %d", (char *) key, difference (png, other));
      g_assert_cmpint (difference (png, other), <=, 8);
      compared++;
    }
  g_assert_cmpuint (compared, ==, g_hash_table_size (here));
}

static guint
dark_pixels (GHashTable *tiles)
{
  GHashTableIter iter;
  gpointer png;
  guint n = 0;

  g_hash_table_iter_init (&iter, tiles);
  while (g_hash_table_iter_next (&iter, NULL, &png))
    {
      cairo_surface_t *surface = decode (png);

      for (int row = 0; row < 256; row++)
        for (int column = 0; column < 256; column++)
          n += cairo_image_surface_get_data (surface)[row * cairo_image_surface_get_stride (surface)
                                                      + column * 4 + 1] < 120;
      cairo_surface_destroy (surface);
    }

  return n;
}

/* Ink that is nowhere but in letters. */
static void
test_streets_have_names (void)
{
  g_autoptr (AlmTownMap) map = small_map ();
  g_autoptr (GHashTable) without = draw_all (map, 16, WEST, NORTH);
  g_autoptr (GHashTable) with = NULL;
  g_autoptr (GHashTable) far = NULL;

  add_street (map);
  with = draw_all (map, 16, WEST, NORTH);
  far = draw_all (map, 13, WEST, NORTH);
  g_assert_cmpuint (dark_pixels (without), ==, 0);
  g_assert_cmpuint (dark_pixels (with), >, 50);
  g_assert_cmpuint (dark_pixels (far), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/town-map/what-is-shown", test_what_is_shown);
  g_test_add_func ("/town-map/houses-come-with-the-zoom", test_houses_come_with_the_zoom);
  g_test_add_func ("/town-map/no-seams", test_no_seams);
  g_test_add_func ("/town-map/streets-have-names", test_streets_have_names);

  return g_test_run ();
}
