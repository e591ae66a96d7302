/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-stamp.h"

#include <math.h>
#include <string.h>

#define SIZE 64

static void
test_the_fast_path_gives_the_same_bits (void)
{
  for (guint shape = 0; shape < ALM_SYMBOL_N_SHAPES; shape++)
    {
      const AlmStampSpec spec = {
        .shape = (AlmSymbolShape) shape,
        .size = shape % 3 == 0 ? 7.0 : g_test_rand_double_range (2.0, 20.0),
        .color = (guint32) g_test_rand_int () & 0xffffff, .outline = shape % 2,
        .outline_color = 0xffffff
      };
      g_autoptr (AlmStamp) stamp = alm_stamp_new (&spec);
      AlmPixels fast;
      AlmPixels plain;

      alm_pixels_init (&fast, SIZE, SIZE, 0);
      alm_pixels_init (&plain, SIZE, SIZE, 0);
      for (guint i = 0; i < 500; i++)
        {
          int qx = g_test_rand_int_range (-60, 4 * SIZE + 60);
          int qy = g_test_rand_int_range (-60, 4 * SIZE + 60);

          alm_stamp_print_under (stamp, &fast, qx, qy);
          alm_stamp_print_under_plain (stamp, &plain, qx, qy);
        }
      g_assert_cmpmem (fast.data, SIZE * SIZE * 4, plain.data, SIZE * SIZE * 4);
      alm_pixels_clear (&fast);
      alm_pixels_clear (&plain);
    }
}

static void
test_the_middle_has_exactly_the_colour (void)
{
  for (guint shape = 0; shape < ALM_SYMBOL_N_SHAPES; shape++)
    for (int position = 0; position < 16; position++)
      {
        const AlmStampSpec spec = {
          .shape = (AlmSymbolShape) shape, .size = 12.0, .color = 0x2e7d32,
          .outline = 1.0, .outline_color = 0xffffff
        };
        g_autoptr (AlmStamp) stamp = alm_stamp_new (&spec);
        AlmPixels pixels;

        alm_pixels_init (&pixels, SIZE, SIZE, 0);
        alm_stamp_print_under (stamp, &pixels, 4 * 32 + position % 4, 4 * 32 + position / 4);
        g_assert_cmphex (pixels.data[32 * SIZE + 32], ==, 0xff2e7d32);
        alm_pixels_clear (&pixels);
      }
}

static void
measure (AlmPixels *pixels,
         double    *area,
         double    *x,
         double    *y)
{
  *area = *x = *y = 0.0;
  for (int i = 0; i < SIZE * SIZE; i++)
    {
      double alpha = (pixels->data[i] >> 24) / 255.0;

      *area += alpha;
      *x += alpha * (i % SIZE + 0.5);
      *y += alpha * (i / SIZE + 0.5);
    }
  *x /= *area;
  *y /= *area;
}

/* Area and centre of a circle are right to a hundredth, at each of the 16 places. */
static void
test_a_circle_is_round_and_where_it_should_be (void)
{
  const AlmStampSpec spec = { .shape = ALM_SYMBOL_CIRCLE, .size = 7.0, .color = 0x123456 };
  g_autoptr (AlmStamp) stamp = alm_stamp_new (&spec);

  for (int position = 0; position < 16; position++)
    {
      AlmPixels pixels;
      double area;
      double x;
      double y;

      alm_pixels_init (&pixels, SIZE, SIZE, 0);
      alm_stamp_print_under (stamp, &pixels, 100 + position % 4, 100 + position / 4);
      measure (&pixels, &area, &x, &y);
      g_assert_cmpfloat_with_epsilon (area, G_PI * 3.5 * 3.5, 0.15);
      g_assert_cmpfloat_with_epsilon (x, (100 + position % 4 + 0.5) / 4.0, 0.01);
      g_assert_cmpfloat_with_epsilon (y, (100 + position / 4 + 0.5) / 4.0, 0.01);
      alm_pixels_clear (&pixels);
    }
}

static void
test_the_first_one_lies_on_top (void)
{
  const AlmStampSpec red = { .shape = ALM_SYMBOL_SQUARE, .size = 10.0, .color = 0xff0000 };
  const AlmStampSpec blue = { .shape = ALM_SYMBOL_SQUARE, .size = 14.0, .color = 0x0000ff };
  g_autoptr (AlmStamp) above = alm_stamp_new (&red);
  g_autoptr (AlmStamp) below = alm_stamp_new (&blue);
  AlmPixels pixels;

  alm_pixels_init (&pixels, SIZE, SIZE, 0);
  alm_stamp_print_under (above, &pixels, 128, 128);
  alm_stamp_print_under (below, &pixels, 128, 128);
  g_assert_cmphex (pixels.data[32 * SIZE + 32], ==, 0xffff0000);
  g_assert_cmphex (pixels.data[32 * SIZE + 37], ==, 0xff0000ff);
  alm_pixels_clear (&pixels);
}

static void
test_nothing_is_touched_beyond_the_reach (void)
{
  const AlmStampSpec spec = { .shape = ALM_SYMBOL_STAR, .size = 15.0, .color = 0xff0000 };
  g_autoptr (AlmStamp) stamp = alm_stamp_new (&spec);
  int reach = alm_stamp_get_reach (stamp);
  AlmPixels pixels;

  alm_pixels_init (&pixels, SIZE, SIZE, 0);
  alm_stamp_print_under (stamp, &pixels, -4 * reach, 128);
  alm_stamp_print_under (stamp, &pixels, 4 * (SIZE + reach), 128);
  alm_stamp_print_under (stamp, &pixels, 128, -4 * reach);
  for (int i = 0; i < SIZE * SIZE; i++)
    g_assert_cmphex (pixels.data[i], ==, 0);
  alm_pixels_clear (&pixels);
}

static void
test_stamps_are_kept_for_the_thread (void)
{
  AlmStampSpec spec = { .shape = ALM_SYMBOL_CIRCLE, .size = 5.0, .color = 1 };
  AlmStamp *first = alm_stamp_get (&spec);

  g_assert_true (alm_stamp_get (&spec) == first);
  spec.size = 6.0;
  g_assert_true (alm_stamp_get (&spec) != first);
  alm_stamp_trim_cache ();
  spec.size = 5.0;
  g_assert_true (alm_stamp_get (&spec) == first);   /* two are not many */
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/stamp/fast-path", test_the_fast_path_gives_the_same_bits);
  g_test_add_func ("/draw/stamp/middle", test_the_middle_has_exactly_the_colour);
  g_test_add_func ("/draw/stamp/circle", test_a_circle_is_round_and_where_it_should_be);
  g_test_add_func ("/draw/stamp/order", test_the_first_one_lies_on_top);
  g_test_add_func ("/draw/stamp/reach", test_nothing_is_touched_beyond_the_reach);
  g_test_add_func ("/draw/stamp/cache", test_stamps_are_kept_for_the_thread);

  return g_test_run ();
}
