/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-morton.h"

static guint32
random_u32 (void)
{
  return (guint32) g_test_rand_int ();
}

static guint64
encode_bit_by_bit (guint32 x,
                   guint32 y)
{
  guint64 key = 0;

  for (guint bit = 0; bit < 32; bit++)
    key |= (guint64) (x >> bit & 1) << 2 * bit | (guint64) (y >> bit & 1) << (2 * bit + 1);

  return key;
}

static void
test_bits_are_interleaved (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      guint32 x = random_u32 ();
      guint32 y = random_u32 ();
      guint32 back_x;
      guint32 back_y;

      g_assert_cmpuint (alm_morton_encode (x, y), ==, encode_bit_by_bit (x, y));
      alm_morton_decode (alm_morton_encode (x, y), &back_x, &back_y);
      g_assert_cmpuint (x, ==, back_x);
      g_assert_cmpuint (y, ==, back_y);
    }
}

static void
test_a_tile_is_one_range (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      guint zoom = (guint) g_test_rand_int_range (0, 23);
      guint x = random_u32 () & ((1u << zoom) - 1);
      guint y = random_u32 () & ((1u << zoom) - 1);
      AlmMortonRange ranges[ALM_MORTON_MAX_RANGES];
      AlmBox box;

      alm_mercator_tile_box (zoom, x, y, 0.0, &box);
      g_assert_cmpuint (alm_morton_cover (&box, ranges), ==, 1);
      g_assert_cmpuint (ranges[0].first, ==, alm_morton_encode (box.west, box.north));
      g_assert_cmpuint (ranges[0].last, ==, alm_morton_encode (box.east, box.south));
    }
}

static gboolean
ranges_contain (const AlmMortonRange *ranges,
                guint                 n,
                guint64               key)
{
  for (guint i = 0; i < n; i++)
    if (key >= ranges[i].first && key <= ranges[i].last)
      return TRUE;

  return FALSE;
}

/* Small worlds in the corner of the big one: every unit is tried. */
static void
test_small_boxes_against_brute_force (void)
{
  for (guint i = 0; i < 300; i++)
    {
      AlmBox box = { random_u32 () % 64, random_u32 () % 64, 0, 0 };
      AlmMortonRange ranges[ALM_MORTON_MAX_RANGES];
      guint n;

      box.east = box.west + random_u32 () % (64 - box.west);
      box.south = box.north + random_u32 () % (64 - box.north);
      n = alm_morton_cover (&box, ranges);
      g_assert_cmpuint (n, <=, ALM_MORTON_MAX_RANGES);
      for (guint r = 1; r < n; r++)
        g_assert_cmpuint (ranges[r].first, >, ranges[r - 1].last + 1);
      for (guint32 x = box.west; x <= box.east; x++)
        for (guint32 y = box.north; y <= box.south; y++)
          g_assert_true (ranges_contain (ranges, n, alm_morton_encode (x, y)));
    }
}

/* A box of a screen's shape anywhere: covered, and not by much more than itself. */
static void
test_large_boxes_are_covered_tightly (void)
{
  double worst = 0.0;

  for (guint i = 0; i < 1000; i++)
    {
      guint32 width = 1 + random_u32 () % 3000000;
      guint32 height = width / 4 * 3 + 1;
      AlmBox box = { random_u32 () / 2, random_u32 () / 2, 0, 0 };
      AlmMortonRange ranges[ALM_MORTON_MAX_RANGES];
      double covered = 0.0;
      guint n;

      box.east = box.west + width;
      box.south = box.north + height;
      n = alm_morton_cover (&box, ranges);
      for (guint r = 0; r < n; r++)
        covered += (double) (ranges[r].last - ranges[r].first) + 1.0;
      for (guint p = 0; p < 50; p++)
        {
          guint32 x = box.west + random_u32 () % (width + 1);
          guint32 y = box.north + random_u32 () % (height + 1);

          g_assert_true (ranges_contain (ranges, n, alm_morton_encode (x, y)));
        }
      worst = MAX (worst, covered / ((width + 1.0) * (height + 1.0)));
    }
  g_assert_cmpfloat (worst, <, 2.0);
}

static void
test_the_ends_of_the_world (void)
{
  const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };
  const AlmBox corner = { G_MAXUINT32, G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 };
  const AlmBox empty = { 5, 5, 4, 9 };
  AlmMortonRange ranges[ALM_MORTON_MAX_RANGES];

  g_assert_cmpuint (alm_morton_cover (&world, ranges), ==, 1);
  g_assert_cmpuint (ranges[0].first, ==, 0);
  g_assert_cmpuint (ranges[0].last, ==, G_MAXUINT64);

  g_assert_cmpuint (alm_morton_cover (&corner, ranges), ==, 1);
  g_assert_cmpuint (ranges[0].first, ==, G_MAXUINT64);
  g_assert_cmpuint (ranges[0].last, ==, G_MAXUINT64);

  g_assert_cmpuint (alm_morton_cover (&empty, ranges), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/morton/interleaved", test_bits_are_interleaved);
  g_test_add_func ("/geo/morton/tile", test_a_tile_is_one_range);
  g_test_add_func ("/geo/morton/small-boxes", test_small_boxes_against_brute_force);
  g_test_add_func ("/geo/morton/large-boxes", test_large_boxes_are_covered_tightly);
  g_test_add_func ("/geo/morton/world", test_the_ends_of_the_world);

  return g_test_run ();
}
