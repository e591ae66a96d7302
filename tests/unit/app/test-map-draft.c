/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-map-draft.h"
#include "alm-test-desk.h"

#include <gio/gio.h>
#include <math.h>

/* So far a pointer may be from what it means: about 1 m on the ground. */
#define REACH 150.0
/* A hundredth of a degree on the parallel of 50.9° and on the meridian there, by
 * the radii of curvature of GRS80. */
#define PARALLEL_M 703.4846
#define MERIDIAN_M 1112.4646

static void
to_units (double  lon,
          double  lat,
          double *x,
          double *y)
{
  alm_mercator_from_lon_lat (lon, lat, x, y);
}

static AlmDraftAnswer
click (AlmMapDraft *draft,
       double       lon,
       double       lat)
{
  double x, y;

  to_units (lon, lat, &x, &y);

  return alm_map_draft_click (draft, x, y, REACH);
}

static AlmDraftAnswer
double_click (AlmMapDraft *draft,
              double       lon,
              double       lat)
{
  double x, y;

  to_units (lon, lat, &x, &y);

  return alm_map_draft_double_click (draft, x, y, REACH);
}

static gboolean
grab (AlmMapDraft *draft,
      double       lon,
      double       lat)
{
  double x, y;

  to_units (lon, lat, &x, &y);

  return alm_map_draft_grab (draft, x, y, REACH);
}

static void
drag (AlmMapDraft *draft,
      double       lon,
      double       lat)
{
  double x, y;

  to_units (lon, lat, &x, &y);
  alm_map_draft_drag (draft, x, y);
}

static void
assert_is (AlmMapDraft *draft,
           const char  *format,
           const char  *expected)
{
  g_autoptr (AlmValue) geometry = alm_map_draft_to_geometry (draft, format);
  g_autoptr (AlmValue) value = alm_test_value (expected);
  g_autofree char *text = alm_value_to_text (geometry);
  g_autofree char *wanted = alm_value_to_text (value);

  g_assert_cmpstr (text, ==, wanted);
}

static AlmMapDraft *
edit (const char *geometry)
{
  g_autoptr (AlmValue) value = alm_test_value (geometry);
  g_autoptr (GError) error = NULL;
  AlmMapDraft *draft = alm_map_draft_new_from (value, &error);

  g_assert_no_error (error);
  g_assert_false (alm_map_draft_is_new (draft));
  g_assert_false (alm_map_draft_is_changed (draft));

  return draft;
}

static AlmDraftFault
check (AlmMapDraft *draft)
{
  double x, y;

  return alm_map_draft_check (draft, &x, &y);
}

static void
test_a_point_is_done_with_one_click (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_POINT);

  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FAULT_TOO_FEW);
  g_assert_cmpint (click (draft, 11.5, 50.9), ==, ALM_DRAFT_FINISH);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FINE);
  assert_is (draft, "geometry-point", "{\"type\":\"Point\",\"coordinates\":[11.5,50.9]}");
  assert_is (draft, "geometry-multipoint",
             "{\"type\":\"MultiPoint\",\"coordinates\":[[11.5,50.9]]}");
}

static void
test_a_line_grows_and_ends_with_a_double_click (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_LINE);
  AlmMeasure measure;
  double x, y;

  g_assert_false (alm_map_draft_measure (draft, &measure));
  g_assert_cmpint (click (draft, 11.5, 50.9), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FAULT_TOO_FEW);
  g_assert_false (alm_map_draft_measure (draft, &measure));

  /* The stretch to the pointer counts while one draws. */
  to_units (11.51, 50.9, &x, &y);
  alm_map_draft_point (draft, x, y);
  g_assert_true (alm_map_draft_measure (draft, &measure));
  /* N cos φ Δλ, the arc of the parallel; the geodesic is not a millimetre shorter. */
  g_assert_cmpfloat_with_epsilon (measure.length_m, PARALLEL_M, 0.01);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 1);

  g_assert_cmpint (click (draft, 11.51, 50.9), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (click (draft, 11.52, 50.91), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (click (draft, 11.53, 50.91), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_BACK), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (double_click (draft, 11.52, 50.91), ==, ALM_DRAFT_FINISH);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FINE);
  assert_is (draft, "geometry-linestring",
             "{\"type\":\"LineString\",\"coordinates\":[[11.5,50.9],[11.51,50.9],[11.52,50.91]]}");
  assert_is (draft, "geometry-multilinestring",
             "{\"type\":\"MultiLineString\",\"coordinates\":"
             "[[[11.5,50.9],[11.51,50.9],[11.52,50.91]]]}");
}

/* Two clicks at one place are no line. */
static void
test_the_same_place_twice_is_too_few (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_LINE);

  click (draft, 11.5, 50.9);
  click (draft, 11.5, 50.9);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FAULT_TOO_FEW);
}

static void
test_backspace_down_to_nothing (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_LINE);

  click (draft, 11.5, 50.9);
  g_assert_true (alm_map_draft_is_changed (draft));
  alm_map_draft_press (draft, ALM_DRAFT_KEY_BACK);
  g_assert_false (alm_map_draft_is_changed (draft));
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_BACK), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 0);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_CANCEL), ==, ALM_DRAFT_CANCEL);
}

/* Drawn clockwise, stored counter-clockwise and closed. */
static void
test_an_area_runs_counter_clockwise (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_POLYGON);
  AlmMeasure measure;

  click (draft, 11.5, 50.9);
  click (draft, 11.5, 50.91);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FAULT_TOO_FEW);
  g_assert_true (alm_map_draft_measure (draft, &measure));
  g_assert_true (isnan (measure.area_m2));
  g_assert_cmpfloat_with_epsilon (measure.length_m, MERIDIAN_M, 0.01);
  click (draft, 11.51, 50.91);
  click (draft, 11.51, 50.9);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_FINISH), ==, ALM_DRAFT_FINISH);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FINE);
  g_assert_true (alm_map_draft_measure (draft, &measure));
  g_assert_cmpfloat_with_epsilon (measure.area_m2, PARALLEL_M * MERIDIAN_M, 200);
  assert_is (draft, "geometry-any",
             "{\"type\":\"Polygon\",\"coordinates\":[[[11.5,50.9],[11.51,50.9],[11.51,50.91],"
             "[11.5,50.91],[11.5,50.9]]]}");
  assert_is (draft, "geometry-multipolygon",
             "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[11.5,50.9],[11.51,50.9],"
             "[11.51,50.91],[11.5,50.91],[11.5,50.9]]]]}");
}

static void
test_an_area_that_crosses_itself_says_where (void)
{
  g_autoptr (AlmMapDraft) draft = alm_map_draft_new (ALM_SHAPE_POLYGON);
  double x, y, lon, lat;

  click (draft, 11.500, 50.900);
  click (draft, 11.501, 50.901);
  click (draft, 11.501, 50.900);
  click (draft, 11.500, 50.901);
  g_assert_cmpint (alm_map_draft_check (draft, &x, &y), ==, ALM_DRAFT_FAULT_CROSSING);
  alm_mercator_to_lon_lat (x, y, &lon, &lat);
  g_assert_cmpfloat_with_epsilon (lon, 11.5005, 1e-6);
  g_assert_cmpfloat_with_epsilon (lat, 50.9005, 1e-6);

  /* A line may. */
  {
    g_autoptr (AlmMapDraft) line = alm_map_draft_new (ALM_SHAPE_LINE);

    click (line, 11.500, 50.900);
    click (line, 11.501, 50.901);
    click (line, 11.501, 50.900);
    click (line, 11.500, 50.901);
    g_assert_cmpint (check (line), ==, ALM_DRAFT_FINE);
  }
}

static void
test_a_record_s_point_is_moved (void)
{
  g_autoptr (AlmMapDraft) draft = edit ("{\"type\":\"Point\",\"coordinates\":[11.5,50.9,160.5]}");
  guint ring, index;

  g_assert_true (alm_map_draft_get_picked (draft, &ring, &index));
  g_assert_cmpint (alm_map_draft_nudge (draft, 1000, -500), ==, ALM_DRAFT_CHANGED);
  g_assert_true (alm_map_draft_is_changed (draft));
  /* Back again, as exactly as the record's nine decimals. */
  g_assert_cmpint (alm_map_draft_nudge (draft, -1000, 500), ==, ALM_DRAFT_CHANGED);
  assert_is (draft, NULL, "{\"type\":\"Point\",\"coordinates\":[11.5,50.9,160.5]}");
  /* A click on it moves nothing. */
  g_assert_cmpint (click (draft, 11.5, 50.900001), ==, ALM_DRAFT_CHANGED);
  assert_is (draft, NULL, "{\"type\":\"Point\",\"coordinates\":[11.5,50.9,160.5]}");
  g_assert_cmpint (click (draft, 11.6, 50.8), ==, ALM_DRAFT_FINISH);
  assert_is (draft, NULL, "{\"type\":\"Point\",\"coordinates\":[11.6,50.8,160.5]}");

  g_assert_true (grab (draft, 11.6, 50.8));
  drag (draft, 11.7, 50.7);
  assert_is (draft, NULL, "{\"type\":\"Point\",\"coordinates\":[11.7,50.7,160.5]}");
  g_assert_false (grab (draft, 11.6, 50.8));
}

#define SQUARE "[[11.5,50.9],[11.51,50.9],[11.51,50.91],[11.5,50.91],[11.5,50.9]]"
#define HOLE   "[[11.502,50.902],[11.502,50.904],[11.504,50.904],[11.502,50.902]]"
/* As somebody else has written it: more decimals than ours, a height, clockwise. */
#define FOREIGN "[[11.6000000000001,50.9,3],[11.6,50.91],[11.61,50.91],[11.6000000000001,50.9,3]]"

/* What nobody has touched comes back bit by bit. */
static void
test_the_other_parts_stay_as_they_were (void)
{
  g_autoptr (AlmMapDraft) draft =
    edit ("{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "," HOLE "],[" FOREIGN "]]}");

  g_assert_cmpuint (alm_map_draft_get_n_rings (draft), ==, 3);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 10);
  assert_is (draft, NULL,
             "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "," HOLE "],[" FOREIGN "]]}");

  g_assert_true (grab (draft, 11.51, 50.91));
  drag (draft, 11.512, 50.912);
  assert_is (draft, "geometry-polygon-or-multipolygon",
             "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[11.5,50.9],[11.51,50.9],"
             "[11.512,50.912],[11.5,50.91],[11.5,50.9]]," HOLE "],[" FOREIGN "]]}");
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FINE);

  /* A corner pulled over the hole. */
  drag (draft, 11.501, 50.901);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FAULT_CROSSING);
}

/* Seized beside its middle it does not jump under the pointer. */
static void
test_a_drag_keeps_its_distance (void)
{
  g_autoptr (AlmMapDraft) draft = edit ("{\"type\":\"Point\",\"coordinates\":[11.5,50.9]}");

  g_assert_true (grab (draft, 11.500005, 50.900004));
  drag (draft, 11.600005, 50.900004);
  assert_is (draft, NULL, "{\"type\":\"Point\",\"coordinates\":[11.6,50.9]}");
}

static void
test_a_first_corner_is_the_last_one_too (void)
{
  g_autoptr (AlmMapDraft) draft = edit ("{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}");

  g_assert_true (grab (draft, 11.5, 50.9));
  drag (draft, 11.499, 50.899);
  assert_is (draft, NULL,
             "{\"type\":\"Polygon\",\"coordinates\":[[[11.499,50.899],[11.51,50.9],[11.51,50.91],"
             "[11.5,50.91],[11.499,50.899]]]}");
}

static void
test_vertices_come_and_go (void)
{
  g_autoptr (AlmMapDraft) draft =
    edit ("{\"type\":\"LineString\",\"coordinates\":[[11.5,50.9],[11.51,50.9]]}");
  guint ring, index;

  /* Nothing is picked yet. */
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_DELETE), ==, ALM_DRAFT_UNUSED);
  g_assert_cmpint (alm_map_draft_nudge (draft, 1, 1), ==, ALM_DRAFT_UNUSED);
  g_assert_cmpint (double_click (draft, 11.505, 50.95), ==, ALM_DRAFT_UNUSED);

  g_assert_cmpint (double_click (draft, 11.505, 50.9), ==, ALM_DRAFT_CHANGED);
  assert_is (draft, NULL,
             "{\"type\":\"LineString\",\"coordinates\":[[11.5,50.9],[11.505,50.9],[11.51,50.9]]}");
  /* On a vertex there is nothing to insert. */
  g_assert_cmpint (double_click (draft, 11.505, 50.9), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 3);

  g_assert_true (alm_map_draft_get_picked (draft, &ring, &index));
  g_assert_cmpuint (index, ==, 1);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_DELETE), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_DELETE), ==, ALM_DRAFT_TOO_FEW);
  assert_is (draft, NULL,
             "{\"type\":\"LineString\",\"coordinates\":[[11.5,50.9],[11.51,50.9]]}");
}

static void
test_by_keyboard_alone (void)
{
  g_autoptr (AlmMapDraft) draft = edit ("{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "," HOLE
                                        "]}");
  static const guint expected[][2] = { { 0, 0 }, { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 0 }, { 1, 1 },
                                       { 1, 2 }, { 0, 0 } };
  guint ring, index;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT), ==, ALM_DRAFT_CHANGED);
      g_assert_true (alm_map_draft_get_picked (draft, &ring, &index));
      g_assert_cmpuint (ring, ==, expected[i][0]);
      g_assert_cmpuint (index, ==, expected[i][1]);
    }
  alm_map_draft_press (draft, ALM_DRAFT_KEY_PREVIOUS);
  g_assert_true (alm_map_draft_get_picked (draft, &ring, &index));
  g_assert_cmpuint (ring, ==, 1);
  g_assert_cmpuint (index, ==, 2);
  alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT);
  alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT);
  alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT);
  alm_map_draft_press (draft, ALM_DRAFT_KEY_NEXT);

  /* The edge after the last corner closes the ring. */
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_INSERT), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 8);
  g_assert_cmpint (alm_map_draft_nudge (draft, -500, 0), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpint (check (draft), ==, ALM_DRAFT_FINE);
  g_assert_cmpint (alm_map_draft_press (draft, ALM_DRAFT_KEY_BACK), ==, ALM_DRAFT_CHANGED);
  g_assert_cmpuint (alm_map_draft_count (draft), ==, 7);
  assert_is (draft, NULL,
             "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "," HOLE "]}");
}

static void
test_a_collection_is_refused (void)
{
  g_autoptr (AlmValue) value = alm_test_value (
    "{\"type\":\"GeometryCollection\","
    "\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1,2]}]}");
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_map_draft_new_from (value, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/map-draft/draw/point", test_a_point_is_done_with_one_click);
  g_test_add_func ("/app/map-draft/draw/line", test_a_line_grows_and_ends_with_a_double_click);
  g_test_add_func ("/app/map-draft/draw/same-place", test_the_same_place_twice_is_too_few);
  g_test_add_func ("/app/map-draft/draw/back", test_backspace_down_to_nothing);
  g_test_add_func ("/app/map-draft/draw/area", test_an_area_runs_counter_clockwise);
  g_test_add_func ("/app/map-draft/check/crossing", test_an_area_that_crosses_itself_says_where);
  g_test_add_func ("/app/map-draft/edit/point", test_a_record_s_point_is_moved);
  g_test_add_func ("/app/map-draft/edit/parts", test_the_other_parts_stay_as_they_were);
  g_test_add_func ("/app/map-draft/edit/drag", test_a_drag_keeps_its_distance);
  g_test_add_func ("/app/map-draft/edit/first", test_a_first_corner_is_the_last_one_too);
  g_test_add_func ("/app/map-draft/edit/vertices", test_vertices_come_and_go);
  g_test_add_func ("/app/map-draft/edit/keyboard", test_by_keyboard_alone);
  g_test_add_func ("/app/map-draft/edit/collection", test_a_collection_is_refused);

  return g_test_run ();
}
