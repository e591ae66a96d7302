/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-format-error.h"
#include "alm-json.h"
#include "alm-wkb.h"

#include <math.h>
#include <string.h>

static const char *const geometries[] = {
  "{\"coordinates\":[11.5,50.9],\"type\":\"Point\"}",
  "{\"coordinates\":[[11.5,50.9],[11.6,50.95]],\"type\":\"LineString\"}",
  "{\"coordinates\":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[1,1]]],"
  "\"type\":\"Polygon\"}",
  "{\"coordinates\":[[1,2],[3,4]],\"type\":\"MultiPoint\"}",
  "{\"coordinates\":[[[1,2],[3,4]],[[5,6],[7,8]]],\"type\":\"MultiLineString\"}",
  "{\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]],"
  "\"type\":\"MultiPolygon\"}",
  "{\"geometries\":[{\"coordinates\":[1,2],\"type\":\"Point\"},"
  "{\"coordinates\":[[1,2],[3,4]],\"type\":\"LineString\"}],\"type\":\"GeometryCollection\"}",
};

static void
test_each_type_goes_there_and_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (geometries); i++)
    {
      g_autoptr (AlmValue) geometry = alm_json_parse (geometries[i], -1, NULL, NULL);
      g_autoptr (GByteArray) wkb = g_byte_array_new ();
      g_autoptr (AlmValue) back = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_assert_true (alm_wkb_from_geometry (geometry, NULL, NULL, wkb, &error));
      back = alm_wkb_to_geometry (wkb->data, wkb->len, NULL, NULL, &error);
      g_assert_no_error (error);
      text = alm_value_to_text (back);
      g_assert_cmpstr (text, ==, geometries[i]);

      /* Cut off anywhere it is refused, and never read beyond its end. */
      for (guint length = 0; length < wkb->len; length++)
        {
          g_autofree guint8 *cut = g_memdup2 (wkb->data, length);
          g_autoptr (GError) reason = NULL;

          g_assert_null (alm_wkb_to_geometry (cut, length, NULL, NULL, &reason));
          g_assert_error (reason, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE);
        }
    }
}

static AlmValue *
read_polygon (const double  *xy,
              guint32        n,
              GError       **error)
{
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  guint32 head[3] = { GUINT32_TO_LE (3), GUINT32_TO_LE (1), GUINT32_TO_LE (n) };

  g_byte_array_append (wkb, (const guint8 *) "\1", 1);
  g_byte_array_append (wkb, (const guint8 *) head, sizeof head);
  g_byte_array_append (wkb, (const guint8 *) xy, 16 * n);

  return alm_wkb_to_geometry (wkb->data, wkb->len, NULL, NULL, error);
}

static void
test_rings_are_turned_and_closed (void)
{
  static const double clockwise[] = { 0, 0, 0, 4, 4, 4, 4, 0, 0, 0 };
  static const double open[] = { 0, 0, 4, 0, 4, 4 };
  g_autoptr (AlmValue) a = read_polygon (clockwise, 5, NULL);
  g_autoptr (AlmValue) b = read_polygon (open, 3, NULL);
  g_autofree char *text_a = alm_value_to_text (a);
  g_autofree char *text_b = alm_value_to_text (b);

  g_assert_cmpstr (text_a, ==,
                   "{\"coordinates\":[[[0,0],[4,0],[4,4],[0,4],[0,0]]],\"type\":\"Polygon\"}");
  g_assert_cmpstr (text_b, ==,
                   "{\"coordinates\":[[[0,0],[4,0],[4,4],[0,0]]],\"type\":\"Polygon\"}");
}

static void
test_what_is_no_shape_is_refused (void)
{
  static const double two[] = { 0, 0, 4, 0, 4, 0, 0, 0 };
  static const double far[] = { 0, 0, 400, 0, 4, 4, 0, 0 };
  const double none[] = { 0, 0, NAN, 0, 4, 4, 0, 0 };
  const double *all[] = { two, far, none };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_polygon (all[i], 4, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE);
    }
}

static void
shift (double   *x,
       double   *y,
       gsize     n,
       gpointer  user_data)
{
  for (gsize i = 0; i < n; i++)
    {
      x[i] += 1;
      y[i] = y[i] / 3;
    }
}

static void
test_places_are_moved_and_rounded_to_nine_decimals (void)
{
  g_autoptr (AlmValue) point = alm_wkb_make_point (10, 1);
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (AlmValue) moved = NULL;
  g_autofree char *text = NULL;

  g_assert_true (alm_wkb_from_geometry (point, NULL, NULL, wkb, NULL));
  moved = alm_wkb_to_geometry (wkb->data, wkb->len, shift, NULL, NULL);
  text = alm_value_to_text (moved);
  g_assert_cmpstr (text, ==, "{\"coordinates\":[11,0.333333333],\"type\":\"Point\"}");
}

static void
count_place (double   lon,
             double   lat,
             gpointer data)
{
  ++*(guint *) data;
}

static void
test_all_places_are_visited (void)
{
  static const guint wanted[] = { 1, 2, 9, 2, 4, 8, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (geometries); i++)
    {
      g_autoptr (AlmValue) geometry = alm_json_parse (geometries[i], -1, NULL, NULL);
      guint n = 0;

      alm_wkb_each_place (geometry, count_place, &n);
      g_assert_cmpuint (n, ==, wanted[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/wkb/there-and-back", test_each_type_goes_there_and_back);
  g_test_add_func ("/format/wkb/rings", test_rings_are_turned_and_closed);
  g_test_add_func ("/format/wkb/refused", test_what_is_no_shape_is_refused);
  g_test_add_func ("/format/wkb/moved", test_places_are_moved_and_rounded_to_nine_decimals);
  g_test_add_func ("/format/wkb/visited", test_all_places_are_visited);

  return g_test_run ();
}
