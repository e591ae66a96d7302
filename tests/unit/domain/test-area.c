/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-area.h"

#include "alm-utm.h"

#include <math.h>

/* Metres east and north of here are what the tests speak of. */
#define EPSG   25832
#define EAST   681000.0
#define NORTH  5644000.0

static void
to_units (double  e,
          double  n,
          double *x,
          double *y)
{
  double lon, lat;

  alm_utm_to_lonlat (EPSG, EAST + e, NORTH + n, &lon, &lat);
  alm_mercator_from_lon_lat (lon, lat, x, y);
}

static AlmArea *
make_area (const double *metres,
           guint         n)
{
  g_autofree double *xy = g_new (double, 2 * n);

  for (guint i = 0; i < n; i++)
    to_units (metres[2 * i], metres[2 * i + 1], &xy[2 * i], &xy[2 * i + 1]);

  return alm_area_new (EPSG, xy, n);
}

static gboolean
is_in (const AlmArea *area,
       double         e,
       double         n)
{
  double x, y;

  to_units (e, n, &x, &y);

  return alm_area_contains (area, x, y);
}

/* A U of 1 km, open to the north, drawn clockwise. */
static const double u_shape[] = {
  0, 0, 0, 1000, 300, 1000, 300, 300, 700, 300, 700, 1000, 1000, 1000, 1000, 0
};

static void
test_boundary_and_corners_are_inside (void)
{
  g_autoptr (AlmArea) area = make_area (u_shape, 8);
  static const struct { double e, n; gboolean inside; } cases[] = {
    { 150, 500, TRUE }, { 850, 500, TRUE }, { 500, 150, TRUE },
    { 500, 500, FALSE }, { 500, 999, FALSE }, { -1, 500, FALSE }, { 1001, 500, FALSE },
    /* Corners, the inner ones too. */
    { 0, 0, TRUE }, { 0, 1000, TRUE }, { 300, 300, TRUE }, { 700, 1000, TRUE },
    /* Middles of edges, where the screen's straight line is 2 cm away. */
    { 0, 500, TRUE }, { 500, 0, TRUE }, { 500, 300, TRUE }, { 300, 650, TRUE },
    { 1000, 250, TRUE },
    /* Two centimetres beside them. */
    { -0.02, 500, FALSE }, { 500, -0.02, FALSE }, { 500, 300.02, FALSE }, { 500, 299.98, TRUE },
    { 300.02, 650, FALSE }, { 299.98, 650, TRUE },
    /* On the height of a corner, left and right of it. */
    { -50, 300, FALSE }, { 1050, 300, FALSE }, { 50, 1000, TRUE }, { 500, 1000, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%g, %g", cases[i].e, cases[i].n);
      g_assert_cmpint (is_in (area, cases[i].e, cases[i].n), ==, cases[i].inside);
    }
}

static void
test_what_is_no_area (void)
{
  static const double two[] = { 0, 0, 10, 10, 0, 0, 0, 0 };
  const double nowhere[] = { 1, 1, 5, 5, NAN, 3 };
  const double outside[] = { 1, 1, 5, 5, -1, 3 };

  g_assert_null (make_area (two, 2));
  /* Twice the same place is one, and the first one again closes the ring. */
  g_assert_null (make_area (two, 4));
  g_assert_null (alm_area_new (EPSG, nowhere, 3));
  g_assert_null (alm_area_new (EPSG, outside, 3));
}

static void
test_a_ring_may_be_closed_or_not (void)
{
  static const double closed[] = { 0, 0, 100, 0, 0, 100, 0, 0 };
  g_autoptr (AlmArea) one = make_area (closed, 3);
  g_autoptr (AlmArea) other = make_area (closed, 4);

  for (int e = -5; e <= 105; e += 5)
    for (int n = -5; n <= 105; n += 5)
      {
        g_assert_cmpint (is_in (one, e, n), ==, e >= 0 && n >= 0 && e + n <= 100);
        g_assert_cmpint (is_in (other, e, n), ==, is_in (one, e, n));
      }
}

static void
add (AlmAssetBuilder *builder,
     guint32          rid,
     AlmShapeType     type,
     const double    *metres,
     guint            n)
{
  g_autofree double *xy = g_new (double, 2 * n);
  guint first = 0;

  for (guint i = 0; i < n; i++)
    to_units (metres[2 * i], metres[2 * i + 1], &xy[2 * i], &xy[2 * i + 1]);
  if (type == ALM_SHAPE_POINT)
    alm_asset_builder_add_point (builder, rid, alm_mercator_round (xy[0]),
                                 alm_mercator_round (xy[1]), ALM_DAY_OPEN_START,
                                 ALM_DAY_OPEN_END, 0);
  else
    g_assert_true (alm_asset_builder_add_shape (builder, rid, type, xy, n, &first, 1,
                                                ALM_DAY_OPEN_START, ALM_DAY_OPEN_END, 0));
}

/* Everything that has a point in common with the U. */
static void
test_points_lines_and_polygons (void)
{
  g_autoptr (AlmArea) area = make_area (u_shape, 8);
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (AlmAssetColumns) columns = NULL;
  AlmAssetBuilder *builder = alm_asset_builder_new (16);
  static const struct
  {
    AlmShapeType type;
    guint        n;
    double       metres[10];
    gboolean     touches;
  } cases[] = {
    { ALM_SHAPE_POINT, 1, { 150, 150 }, TRUE },
    { ALM_SHAPE_POINT, 1, { 500, 600 }, FALSE },
    /* Inside the notch alone; from leg to leg; through a leg without a vertex in it. */
    { ALM_SHAPE_LINE, 2, { 350, 400, 650, 900 }, FALSE },
    { ALM_SHAPE_LINE, 2, { 150, 700, 850, 700 }, TRUE },
    { ALM_SHAPE_LINE, 2, { -100, 700, 500, 700 }, TRUE },
    /* Ends on the boundary; touches a corner in passing; passes by. */
    { ALM_SHAPE_LINE, 2, { 500, 900, 300, 900 }, TRUE },
    { ALM_SHAPE_LINE, 2, { -100, 1100, 100, 900 }, TRUE },
    { ALM_SHAPE_LINE, 2, { -100, 1100, 2000, 1100 }, FALSE },
    /* In the notch, around all of it, inside a leg, over a leg, a hole of nothing. */
    { ALM_SHAPE_POLYGON, 4, { 350, 400, 650, 400, 650, 900, 350, 900 }, FALSE },
    { ALM_SHAPE_POLYGON, 4, { -500, -500, 2000, -500, 2000, 2000, -500, 2000 }, TRUE },
    { ALM_SHAPE_POLYGON, 4, { 50, 500, 250, 500, 250, 600, 50, 600 }, TRUE },
    { ALM_SHAPE_POLYGON, 4, { -100, 500, 500, 500, 500, 600, -100, 600 }, TRUE },
    { ALM_SHAPE_POLYGON, 4, { 1100, 0, 1200, 0, 1200, 100, 1100, 100 }, FALSE },
    /* Only the edge that closes the ring touches. */
    { ALM_SHAPE_POLYGON, 3, { 350, 1100, 400, 1500, 200, 800 }, TRUE },
  };
  guint expected = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add (builder, i + 1, cases[i].type, cases[i].metres, cases[i].n);
      expected += cases[i].touches;
    }
  columns = alm_asset_builder_seal (builder);

  g_assert_cmpuint (alm_asset_columns_select_area (columns, area, 0, indexes), ==, expected);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint index;
      gboolean found = FALSE;

      g_assert_true (alm_asset_columns_find_rid (columns, i + 1, &index));
      for (guint k = 0; k < indexes->len; k++)
        found = found || g_array_index (indexes, guint, k) == index;
      g_test_message ("case %u", i);
      g_assert_cmpint (found, ==, cases[i].touches);
      g_assert_cmpint (alm_asset_columns_touches_area (columns, index, area), ==, found);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/area/contains/boundary", test_boundary_and_corners_are_inside);
  g_test_add_func ("/geo/area/new/no-area", test_what_is_no_area);
  g_test_add_func ("/geo/area/new/closed", test_a_ring_may_be_closed_or_not);
  g_test_add_func ("/geo/area/select/shapes", test_points_lines_and_polygons);

  return g_test_run ();
}
