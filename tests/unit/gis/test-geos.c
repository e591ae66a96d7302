/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-geos.h"

#include <math.h>

static GByteArray *
wkt (const char *text)
{
  GByteArray *wkb = alm_geos_read_wkt (text);

  g_assert_nonnull (wkb);

  return wkb;
}

static void
test_a_bow_tie_becomes_two_triangles (void)
{
  g_autoptr (GByteArray) bow = wkt ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))");
  g_autoptr (GByteArray) good = wkt ("POLYGON ((0 0, 2 0, 2 2, 0 0))");
  double area, perimeter;
  g_autofree char *none = NULL;
  g_autofree char *reason = NULL;

  g_assert_true (alm_geos_repair (good, &none));
  g_assert_null (none);
  g_assert_true (alm_geos_repair (bow, &reason));
  g_assert_cmpstr (reason, ==, "Self-intersection[1 1]");
  g_assert_true (alm_geos_measure (bow->data, bow->len, &area, &perimeter));
  g_assert_cmpfloat_with_epsilon (area, 2, 1e-12);
}

static void
test_nearness_is_exact_and_inside_is_zero (void)
{
  g_autoptr (GPtrArray) parts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (AlmGeosArea) area = NULL;
  static const struct { const char *text; double most; gboolean near; double distance; } cases[] = {
    { "POINT (5 5)", 1, TRUE, 0 }, { "POINT (10 5)", 1, TRUE, 0 },
    { "POINT (13 14)", 5, TRUE, 5 }, { "POINT (13 14)", 4.999, FALSE, 0 },
    { "LINESTRING (-5 -5, -3 -4)", 5, TRUE, 5 }, { "POINT (103 100)", 3, TRUE, 3 },
  };
  double box[4];

  g_ptr_array_add (parts, wkt ("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"));
  g_ptr_array_add (parts, wkt ("POINT (100 100)"));
  area = alm_geos_area_new (parts, NULL);
  g_assert_nonnull (area);
  alm_geos_area_get_box (area, box);
  g_assert_cmpfloat (box[0], ==, 0);
  g_assert_cmpfloat (box[3], ==, 100);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) shape = wkt (cases[i].text);
      double distance = -1;

      g_assert_cmpint (alm_geos_area_is_near (area, shape->data, shape->len, cases[i].most,
                                              &distance), ==, cases[i].near);
      if (cases[i].near)
        g_assert_cmpfloat_with_epsilon (distance, cases[i].distance, 1e-12);
      g_assert_cmpint (alm_geos_area_meets (area, shape->data, shape->len), ==,
                       cases[i].near && cases[i].distance == 0);
    }
}

static void
test_what_is_no_geometry_is_none (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_geos_read_wkt ("POINT"));
  g_assert_null (alm_geos_read_wkt ("POLYGON EMPTY"));
  g_assert_null (alm_geos_area_new (none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_what_crosses_itself_is_found_where_it_does (void)
{
  static const struct { const char *text; gboolean valid; double x, y; } cases[] = {
    { "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", TRUE, NAN, NAN },
    { "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", FALSE, 1, 1 },
    { "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))", TRUE, NAN, NAN },
    { "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 0)), ((5 5, 7 7, 7 5, 5 7, 5 5)))", FALSE, 6, 6 },
    /* A line may cross itself. */
    { "LINESTRING (0 0, 2 2, 2 0, 0 2)", TRUE, NAN, NAN },
  };
  static const guint8 rubbish[] = { 1, 2, 3 };
  double x, y;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) shape = wkt (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (alm_geos_is_valid (shape->data, shape->len, &x, &y), ==, cases[i].valid);
      g_assert_cmpint (isnan (x), ==, cases[i].valid);
      if (!cases[i].valid)
        {
          g_assert_cmpfloat (x, ==, cases[i].x);
          g_assert_cmpfloat (y, ==, cases[i].y);
        }
    }
  g_assert_false (alm_geos_is_valid (rubbish, sizeof rubbish, &x, &y));
  g_assert_true (isnan (x));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/geos/repair", test_a_bow_tie_becomes_two_triangles);
  g_test_add_func ("/gis/geos/near", test_nearness_is_exact_and_inside_is_zero);
  g_test_add_func ("/gis/geos/valid", test_what_crosses_itself_is_found_where_it_does);
  g_test_add_func ("/gis/geos/none", test_what_is_no_geometry_is_none);

  return g_test_run ();
}
