/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-asset-columns.h"

#include <math.h>

#define N 20000

/* Points crowded in a square of a million units, some in the same place. */
static AlmAssetColumns *
make_points (guint n)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (n);

  for (guint i = 0; i < n; i++)
    {
      guint32 wx = 2000000000u + (guint32) g_test_rand_int_range (0, 1000000);
      guint32 wy = 1400000000u + (guint32) g_test_rand_int_range (0, 1000000);

      if (i % 10 == 0)
        wx = wy = 2000500000u;
      alm_asset_builder_add_point (builder, i + 1, wx, wy, (gint32) (i % 100),
                                   50 + (gint32) (i % 100), (guint8) (i % 7));
    }

  return alm_asset_builder_seal (builder);
}

/* A square of @size units whose upper left corner is (x, y). */
static void
add_square (AlmAssetBuilder *builder,
            guint32          rid,
            double           x,
            double           y,
            double           size)
{
  const double xy[] = { x, y, x + size, y, x + size, y + size, x, y + size };
  const guint ring = 0;

  g_assert_true (alm_asset_builder_add_shape (builder, rid, ALM_SHAPE_POLYGON, xy, 4, &ring, 1,
                                              ALM_DAY_OPEN_START, ALM_DAY_OPEN_END, 3));
}

static void
test_sealed_columns_are_in_morton_order (void)
{
  g_autoptr (AlmAssetColumns) columns = make_points (N);
  g_autofree guint8 *seen = g_new0 (guint8, N + 1);

  g_assert_cmpuint (columns->n, ==, N);
  for (guint i = 0; i < N; i++)
    {
      guint32 rid = columns->rid[i];

      g_assert_false (seen[rid]);
      seen[rid] = TRUE;
      g_assert_cmpint (columns->t0[i], ==, (gint32) ((rid - 1) % 100));
      g_assert_cmpint (columns->class_[i], ==, (rid - 1) % 7);
      if (i > 0)
        {
          guint64 before = alm_morton_encode (columns->wx[i - 1], columns->wy[i - 1]);
          guint64 here = alm_morton_encode (columns->wx[i], columns->wy[i]);

          g_assert_cmpuint (before, <=, here);
          if (before == here)
            g_assert_cmpuint (columns->rid[i - 1], <, rid);
        }
    }
  g_assert_cmpuint (alm_asset_columns_get_bytes (columns), <, 32 * N);
}

static void
test_searches_against_brute_force (void)
{
  g_autoptr (AlmAssetColumns) columns = make_points (N);

  for (guint round = 0; round < 200; round++)
    {
      guint32 west = 2000000000u + (guint32) g_test_rand_int_range (0, 900000);
      guint32 north = 1400000000u + (guint32) g_test_rand_int_range (0, 900000);
      AlmBox box = { west, north, west + (guint32) g_test_rand_int_range (0, 200000),
                     north + (guint32) g_test_rand_int_range (0, 200000) };
      gint32 day = g_test_rand_int_range (0, 150);
      AlmAssetSearch search;
      guint found;

      alm_asset_search_init (&search, columns, &box, day);
      for (guint i = 0; i < N; i++)
        if (alm_box_contains (&box, columns->wx[i], columns->wy[i]) &&
            columns->t0[i] <= day && day < columns->t1[i])
          {
            g_assert_true (alm_asset_search_next (&search, &found));
            g_assert_cmpuint (found, ==, i);
          }
      g_assert_false (alm_asset_search_next (&search, &found));
      g_assert_false (alm_asset_search_next (&search, &found));
    }
}

static void
test_a_shape_is_found_far_from_its_middle (void)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);
  const AlmBox edge = { 1899990, 1000500, 1899995, 1000600 };
  const AlmBox outside = { 1900001, 1000500, 1900005, 1000600 };
  g_autoptr (AlmAssetColumns) columns = NULL;
  AlmAssetSearch search;
  guint found;

  for (guint i = 0; i < 500; i++)
    add_square (builder, i + 2, 3000000 + i * 2000, 3000000, 1000);
  add_square (builder, 1, 1000000, 1000000, 900000);
  alm_asset_builder_add_point (builder, 999, 1899992, 1000550, 0, 10, 0);
  columns = alm_asset_builder_seal (builder);

  alm_asset_search_init (&search, columns, &edge, 5);
  g_assert_true (alm_asset_search_next (&search, &found));
  g_assert_true (columns->rid[found] == 1 || columns->rid[found] == 999);
  g_assert_true (alm_asset_search_next (&search, &found));
  g_assert_false (alm_asset_search_next (&search, &found));

  alm_asset_search_init (&search, columns, &outside, 5);
  g_assert_false (alm_asset_search_next (&search, &found));

  g_assert_true (alm_asset_columns_find_rid (columns, 1, &found));
  g_assert_cmpuint (columns->box[found].west, ==, 1000000);
  g_assert_cmpuint (columns->box[found].south, ==, 1900000);
  g_assert_cmpuint (columns->shape_start[found + 1] - columns->shape_start[found], ==, 4);
  g_assert_cmpint (columns->shape_dx[columns->shape_start[found]], ==,
                   (gint32) (1000000 - columns->wx[found]));
  g_assert_false (alm_asset_columns_find_rid (columns, 12345, &found));
}

static void
test_bad_shapes_are_not_taken (void)
{
  g_autoptr (AlmAssetBuilder) builder = alm_asset_builder_new (0);
  g_autoptr (AlmAssetColumns) columns = NULL;
  const double nan_line[] = { 1, 2, NAN, 4 };
  const double outside[] = { 1, 2, 3, ALM_WORLD };
  const double fine[] = { 1, 2, 3, 4 };
  const guint ring = 0;

  g_assert_false (alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_LINE, nan_line, 2, &ring, 1,
                                               0, 1, 0));
  g_assert_false (alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_LINE, outside, 2, &ring, 1,
                                               0, 1, 0));
  g_assert_false (alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_POLYGON, fine, 2, &ring, 1,
                                               0, 1, 0));
  g_assert_true (alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_LINE, fine, 2, &ring, 1,
                                              0, 1, 0));
  columns = alm_asset_builder_seal (g_steal_pointer (&builder));
  g_assert_cmpuint (columns->n, ==, 1);
}

static void
test_no_assets_at_all (void)
{
  g_autoptr (AlmAssetColumns) columns = alm_asset_builder_seal (alm_asset_builder_new (0));
  const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };
  AlmAssetSearch search;
  guint found;

  alm_asset_search_init (&search, columns, &world, 0);
  g_assert_false (alm_asset_search_next (&search, &found));
}

static void
test_merging_takes_out_and_puts_in (void)
{
  g_autoptr (AlmAssetColumns) columns = make_points (N);
  g_autoptr (AlmAssetColumns) merged = NULL;
  g_autoptr (AlmAssetColumns) added = NULL;
  AlmAssetBuilder *builder = alm_asset_builder_new (0);
  const guint32 gone[] = { 17, 8209, 500, 999999 };   /* 17 and 8209 share a bit */
  guint found;

  alm_asset_builder_add_point (builder, 17, 2000000500u, 1400000500u, 0, 100, 5);
  add_square (builder, N + 1, 2000100000.0, 1400100000.0, 5000.0);
  added = alm_asset_builder_seal (builder);
  merged = alm_asset_columns_merge (columns, gone, G_N_ELEMENTS (gone), added);

  g_assert_cmpuint (merged->n, ==, N - 3 + 2);
  for (guint i = 1; i < merged->n; i++)
    g_assert_cmpuint (alm_morton_encode (merged->wx[i - 1], merged->wy[i - 1]), <=,
                      alm_morton_encode (merged->wx[i], merged->wy[i]));
  g_assert_false (alm_asset_columns_find_rid (merged, 500, &found));
  g_assert_false (alm_asset_columns_find_rid (merged, 8209, &found));
  g_assert_true (alm_asset_columns_find_rid (merged, 17, &found));
  g_assert_cmpuint (merged->wx[found], ==, 2000000500u);
  g_assert_cmpint (merged->shape_type[found], ==, ALM_SHAPE_POINT);
  g_assert_true (alm_asset_columns_find_rid (merged, N + 1, &found));
  g_assert_cmpint (merged->shape_type[found], ==, ALM_SHAPE_POLYGON);
  g_assert_cmpuint (merged->shape_start[found + 1] - merged->shape_start[found], ==, 4);
  g_assert_cmpuint (merged->box[found].east, ==, 2000105000u);
}

/* A tree of each metre, one of which is not known. */
static void
test_spans_go_with_their_assets (void)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);
  g_autoptr (AlmAssetColumns) none = make_points (3);
  g_autoptr (AlmAssetColumns) columns = NULL;
  g_autoptr (AlmAssetColumns) merged = NULL;
  g_autoptr (AlmAssetColumns) widest = NULL;
  const double odd[] = { NAN, -3.0, 1e9 };
  const guint32 gone = 20;
  guint index;

  for (guint i = 0; i < 20; i++)
    {
      alm_asset_builder_add_point (builder, i + 1, 5000 - 7 * i, 900 * (i % 3), 0, 1, 0);
      alm_asset_builder_set_span (builder, i);
    }
  columns = alm_asset_builder_seal (builder);
  g_assert_null (none->span);
  g_assert_cmpuint (columns->max_span, ==, 190);
  for (guint i = 0; i < columns->n; i++)
    g_assert_cmpuint (columns->span[i], ==, 10 * (columns->rid[i] - 1));

  /* Without the widest, and with some of which nothing is known. */
  merged = alm_asset_columns_merge (columns, &gone, 1, none);
  g_assert_cmpuint (merged->max_span, ==, 180);
  g_assert_true (alm_asset_columns_find_rid (merged, 10, &index));
  g_assert_cmpuint (merged->span[index], ==, 90);

  builder = alm_asset_builder_new (0);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      alm_asset_builder_add_point (builder, i + 1, i, i, 0, 1, 0);
      alm_asset_builder_set_span (builder, odd[i]);
    }
  widest = alm_asset_builder_seal (builder);
  g_assert_cmpuint (widest->span[0], ==, 0);
  g_assert_cmpuint (widest->span[1], ==, 0);
  g_assert_cmpuint (widest->max_span, ==, G_MAXUINT16);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/asset-columns/order", test_sealed_columns_are_in_morton_order);
  g_test_add_func ("/geo/asset-columns/search", test_searches_against_brute_force);
  g_test_add_func ("/geo/asset-columns/shape", test_a_shape_is_found_far_from_its_middle);
  g_test_add_func ("/geo/asset-columns/bad-shapes", test_bad_shapes_are_not_taken);
  g_test_add_func ("/geo/asset-columns/empty", test_no_assets_at_all);
  g_test_add_func ("/geo/asset-columns/merge", test_merging_takes_out_and_puts_in);
  g_test_add_func ("/geo/asset-columns/span", test_spans_go_with_their_assets);

  return g_test_run ();
}
