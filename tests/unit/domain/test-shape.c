/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-shape.h"

#include <math.h>

#define BASE 2000000000.0

/* A ring of 10 × 10 with a hole of 4 × 4 in its middle, a hundred units to one. */
static const double donut[] = {
  BASE, BASE, BASE + 1000, BASE, BASE + 1000, BASE + 1000, BASE, BASE + 1000,
  BASE + 300, BASE + 300, BASE + 300, BASE + 700, BASE + 700, BASE + 700, BASE + 700, BASE + 300,
};
static const guint donut_rings[] = { 0, 4 };

/* Two parts: one along the x axis, one short and far away. */
static const double lines[] = {
  BASE + 5000, BASE, BASE + 6000, BASE, BASE + 6000, BASE + 100,
  BASE + 9000, BASE + 9000, BASE + 9010, BASE + 9000,
};
static const guint line_parts[] = { 0, 3 };

static AlmAssetColumns *
make_columns (void)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);

  alm_asset_builder_add_shape (builder, 1, ALM_SHAPE_POLYGON, donut, 8, donut_rings, 2,
                               0, 100, 0);
  alm_asset_builder_add_shape (builder, 2, ALM_SHAPE_LINE, lines, 5, line_parts, 2, 0, 100, 0);
  alm_asset_builder_add_point (builder, 3, (guint32) BASE + 500, (guint32) BASE + 510, 0, 100, 0);
  alm_asset_builder_add_point (builder, 4, (guint32) BASE + 500, (guint32) BASE + 500, 0, 50, 0);

  return alm_asset_builder_seal (builder);
}

static double
distance_to (AlmAssetColumns *columns,
             guint32          rid,
             double           x,
             double           y)
{
  guint index;

  g_assert_true (alm_asset_columns_find_rid (columns, rid, &index));

  return alm_asset_columns_distance (columns, index, BASE + x, BASE + y);
}

static void
test_distances (void)
{
  g_autoptr (AlmAssetColumns) columns = make_columns ();

  g_assert_cmpfloat (distance_to (columns, 1, 100, 100), ==, 0.0);
  g_assert_cmpfloat (distance_to (columns, 1, 500, 450), ==, 150.0);   /* in the hole */
  g_assert_cmpfloat (distance_to (columns, 1, -30, -40), ==, 50.0);
  g_assert_cmpfloat (distance_to (columns, 1, 0, 500), ==, 0.0);       /* on the boundary */
  g_assert_cmpfloat (distance_to (columns, 2, 5500, 20), ==, 20.0);
  g_assert_cmpfloat (distance_to (columns, 2, 9005, 9003), ==, 3.0);
  /* No stretch joins the parts. */
  g_assert_cmpfloat (distance_to (columns, 2, 7500, 4550), >, 4000.0);
  g_assert_cmpfloat (distance_to (columns, 3, 503, 514), ==, 5.0);
}

static void
test_hits_are_sorted_and_alive (void)
{
  g_autoptr (AlmAssetColumns) columns = make_columns ();
  AlmAssetHit hits[4];

  g_assert_cmpuint (alm_asset_columns_hit (columns, BASE + 500, BASE + 500, 250, 10, hits, 4),
                    ==, 3);
  g_assert_cmpuint (columns->rid[hits[0].index], ==, 4);
  g_assert_cmpuint (columns->rid[hits[1].index], ==, 3);
  g_assert_cmpuint (columns->rid[hits[2].index], ==, 1);
  g_assert_cmpfloat (hits[2].distance, ==, 200.0);

  /* On day 60 the fourth is gone; only the nearest is wanted. */
  g_assert_cmpuint (alm_asset_columns_hit (columns, BASE + 500, BASE + 500, 250, 60, hits, 1),
                    ==, 1);
  g_assert_cmpuint (columns->rid[hits[0].index], ==, 3);

  g_assert_cmpuint (alm_asset_columns_hit (columns, BASE + 3000, BASE, 100, 10, hits, 4), ==, 0);
}

static void
test_hits_among_many_against_brute_force (void)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (0);
  g_autoptr (AlmAssetColumns) columns = NULL;

  for (guint i = 0; i < 20000; i++)
    alm_asset_builder_add_point (builder, i, (guint32) g_test_rand_int_range (1000, 100000),
                                 (guint32) g_test_rand_int_range (1000, 100000), 0, 1, 0);
  columns = alm_asset_builder_seal (builder);

  for (guint round = 0; round < 100; round++)
    {
      double x = g_test_rand_double_range (0, 101000);
      double y = g_test_rand_double_range (0, 101000);
      double nearest = INFINITY;
      AlmAssetHit hits[8];
      guint n = alm_asset_columns_hit (columns, x, y, 1500, 0, hits, 8);

      for (guint i = 0; i < columns->n; i++)
        nearest = MIN (nearest, hypot (columns->wx[i] - x, columns->wy[i] - y));
      if (nearest > 1500)
        {
          g_assert_cmpuint (n, ==, 0);
          continue;
        }
      g_assert_cmpfloat (hits[0].distance, ==, nearest);
      for (guint i = 1; i < n; i++)
        g_assert_cmpfloat (hits[i].distance, >=, hits[i - 1].distance);
    }
}

static guint
count_in_box (AlmAssetColumns *columns,
              double           west,
              double           north,
              double           east,
              double           south)
{
  const AlmBox box = { (guint32) (BASE + west), (guint32) (BASE + north),
                       (guint32) (BASE + east), (guint32) (BASE + south) };
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));

  return alm_asset_columns_select_box (columns, &box, 10, indexes);
}

static void
test_selection_by_box_is_exact (void)
{
  g_autoptr (AlmAssetColumns) columns = make_columns ();

  g_assert_cmpuint (count_in_box (columns, 400, 400, 600, 520), ==, 2);    /* in the hole */
  g_assert_cmpuint (count_in_box (columns, 100, 100, 200, 200), ==, 1);    /* in the ring */
  g_assert_cmpuint (count_in_box (columns, 1000, 1000, 1100, 1100), ==, 1); /* its corner */
  g_assert_cmpuint (count_in_box (columns, 5400, -10, 5500, 10), ==, 1);   /* across the line */
  g_assert_cmpuint (count_in_box (columns, 5400, 20, 5500, 90), ==, 0);    /* inside its box */
  g_assert_cmpuint (count_in_box (columns, -100, -100, 10000, 10000), ==, 4);
}

static void
test_the_place_of_a_shape_lies_on_it (void)
{
  const double hook[] = { 0, 0, 1000, 0, 1000, 100, 100, 100, 100, 1000, 0, 1000 };
  const guint ring = 0;
  double x;
  double y;

  alm_shape_find_anchor (ALM_SHAPE_LINE, lines, 5, line_parts, 2, &x, &y);
  g_assert_cmpfloat (x, ==, BASE + 5550);
  g_assert_cmpfloat (y, ==, BASE);

  alm_shape_find_anchor (ALM_SHAPE_POLYGON, hook, 6, &ring, 1, &x, &y);
  g_assert_true ((x > 0 && x < 100 && y < 1000) || (y > 0 && y < 100 && x < 1000));

  /* Not in the hole. */
  alm_shape_find_anchor (ALM_SHAPE_POLYGON, donut, 8, donut_rings, 2, &x, &y);
  g_assert_true (x < BASE + 300 || x > BASE + 700 || y < BASE + 300 || y > BASE + 700);
  g_assert_true (x > BASE && x < BASE + 1000 && y > BASE && y < BASE + 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/shape/distance", test_distances);
  g_test_add_func ("/geo/shape/hit", test_hits_are_sorted_and_alive);
  g_test_add_func ("/geo/shape/hit-many", test_hits_among_many_against_brute_force);
  g_test_add_func ("/geo/shape/select-box", test_selection_by_box_is_exact);
  g_test_add_func ("/geo/shape/anchor", test_the_place_of_a_shape_lies_on_it);

  return g_test_run ();
}
