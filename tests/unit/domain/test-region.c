/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-random.h"
#include "alm-region.h"
#include "alm-test.h"

#include <string.h>

/* Coordinates in the tests are steps of this, east and north of a place in Jena. */
#define STEP 0.001
#define EAST 11.58
#define NORTH 50.92

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static AlmRegion *
make_region (const char *text)
{
  g_autoptr (AlmValue) geometry = parse (text);
  g_autofree char *reason = NULL;
  AlmRegion *region = alm_region_new (geometry, &reason);

  g_assert_cmpstr (reason, ==, NULL);

  return region;
}

#define SQUARE "[[0,0],[10,0],[10,10],[0,10],[0,0]]"
#define HOLE   "[[4,4],[6,4],[6,6],[4,6],[4,4]]"
#define FRAME  "{'type':'Polygon','coordinates':[" SQUARE "," HOLE "]}"
#define POLYGON(rings) "{'type':'Polygon','coordinates':[" rings "]}"
#define U_SHAPE POLYGON ("[[0,0],[10,0],[10,10],[7,10],[7,3],[3,3],[3,10],[0,10],[0,0]]")
/* Two districts with a common boundary, and one apart. */
#define DISTRICTS "{'type':'MultiPolygon','coordinates':[[[[0,0],[5,0],[5,5],[0,5],[0,0]]]," \
                  "[[[5,0],[10,0],[10,5],[5,5],[5,0]]],[[[20,0],[25,0],[25,5],[20,0]]]]}"
/* Four that lie around a gap which is nobody's hole. */
#define AROUND "{'type':'MultiPolygon','coordinates':[[[[0,0],[9,0],[9,3],[0,3],[0,0]]]," \
               "[[[0,6],[9,6],[9,9],[0,9],[0,6]]],[[[0,3],[3,3],[3,6],[0,6],[0,3]]]," \
               "[[[6,3],[9,3],[9,6],[6,6],[6,3]]]]}"

static void
test_what_lies_in_it (void)
{
  static const struct { const char *region; const char *geometry; gboolean covers; } cases[] = {
    { FRAME, "{'type':'Point','coordinates':[1,1]}", TRUE },
    { FRAME, "{'type':'Point','coordinates':[1,1,200]}", TRUE },
    { FRAME, "{'type':'Point','coordinates':[0,0]}", TRUE },
    { FRAME, "{'type':'Point','coordinates':[10,3.7]}", TRUE },
    { FRAME, "{'type':'Point','coordinates':[4,5]}", TRUE },
    { FRAME, "{'type':'Point','coordinates':[5,5]}", FALSE },
    { FRAME, "{'type':'Point','coordinates':[11,5]}", FALSE },
    { FRAME, "{'type':'Point','coordinates':[10.00001,5]}", FALSE },
    { FRAME, "{'type':'MultiPoint','coordinates':[[1,1],[2,2]]}", TRUE },
    { FRAME, "{'type':'MultiPoint','coordinates':[[1,1],[5,5]]}", FALSE },
    { FRAME, "{'type':'LineString','coordinates':[[1,1],[9,1]]}", TRUE },
    { FRAME, "{'type':'LineString','coordinates':[[0,0],[10,0],[10,10]]}", TRUE },
    { FRAME, "{'type':'LineString','coordinates':[[1,5],[9,5]]}", FALSE },
    { FRAME, "{'type':'LineString','coordinates':[[4,4],[6,4]]}", TRUE },
    { FRAME, "{'type':'LineString','coordinates':[[4,4],[6,6]]}", FALSE },
    { FRAME, "{'type':'LineString','coordinates':[[2,4],[8,4]]}", TRUE },
    { FRAME, "{'type':'LineString','coordinates':[[2,6],[6,2]]}", TRUE },
    { FRAME, "{'type':'MultiLineString','coordinates':[[[1,1],[2,2]],[[1,5],[9,5]]]}", FALSE },
    { FRAME, POLYGON ("[[1,1],[3,1],[3,3],[1,1]]"), TRUE },
    { FRAME, POLYGON ("[[1,1],[9,1],[9,9],[1,9],[1,1]]"), FALSE },
    { FRAME, POLYGON ("[[1,1],[9,1],[9,9],[1,9],[1,1]]," HOLE), TRUE },
    { FRAME, POLYGON (HOLE), FALSE },
    { FRAME, POLYGON (SQUARE), FALSE },
    { FRAME, FRAME, TRUE },
    { FRAME, POLYGON ("[[2,4],[6,4],[6,2],[2,2],[2,4]]"), TRUE },
    { U_SHAPE, "{'type':'LineString','coordinates':[[1,9],[9,9]]}", FALSE },
    { U_SHAPE, "{'type':'LineString','coordinates':[[0,10],[3,10]]}", TRUE },
    { U_SHAPE, "{'type':'LineString','coordinates':[[3,10],[7,10]]}", FALSE },
    { U_SHAPE, POLYGON ("[[3,3],[7,3],[7,10],[3,10],[3,3]]"), FALSE },
    { DISTRICTS, POLYGON ("[[1,1],[9,1],[9,4],[1,4],[1,1]]"), TRUE },
    { DISTRICTS, POLYGON ("[[0,0],[10,0],[10,5],[0,5],[0,0]]"), TRUE },
    { DISTRICTS, "{'type':'LineString','coordinates':[[5,0],[5,5]]}", TRUE },
    { DISTRICTS, "{'type':'LineString','coordinates':[[9,1],[21,1]]}", FALSE },
    { DISTRICTS, "{'type':'MultiPolygon','coordinates':[[[[1,1],[2,1],[2,2],[1,1]]],"
                 "[[[21,0.2],[22,0.2],[22,1],[21,0.2]]]]}", TRUE },
    { AROUND, POLYGON ("[[1,1],[8,1],[8,8],[1,8],[1,1]]"), FALSE },
    { AROUND, POLYGON ("[[1,1],[8,1],[8,2],[1,2],[1,1]]"), TRUE },
    { AROUND, POLYGON ("[[1,1],[2,1],[2,8],[1,8],[1,1]]"), TRUE },
    { FRAME, "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,1]},"
             "{'type':'LineString','coordinates':[[1,1],[2,2]]}]}", TRUE },
    { FRAME, "{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,1]},"
             "{'type':'Point','coordinates':[5,5]}]}", FALSE },
    { FRAME, "{'type':'Point'}", FALSE },
    { FRAME, "{'type':'Circle','coordinates':[1,1]}", FALSE },
    { FRAME, "{}", FALSE },
    { FRAME, "null", FALSE },
    { FRAME, "'Jena'", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmRegion) region = make_region (cases[i].region);
      g_autoptr (AlmValue) geometry = parse (cases[i].geometry);

      if (alm_region_covers (region, geometry) != cases[i].covers)
        g_test_message ("%s in %s", cases[i].geometry, cases[i].region);
      g_assert_cmpint (alm_region_covers (region, geometry), ==, cases[i].covers);
    }
}

static void
test_nothing_lies_nowhere (void)
{
  g_autoptr (AlmRegion) region = make_region (FRAME);

  g_assert_false (alm_region_covers (region, NULL));
}

static void
test_regions_that_are_none (void)
{
  static const struct { const char *geometry; const char *reason; } cases[] = {
    { "{'type':'Point','coordinates':[1,1]}", "a Point is not allowed here" },
    { "{'type':'GeometryCollection','geometries':[]}", "not allowed" },
    { "{'type':'Polygon','coordinates':[[[0,0],[1,0],[0,0]]]}", "at least 4" },
    { "{'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,1]]]}", "end where it begins" },
    { "{'type':'Polygon','coordinates':[[[0,0],[500,0],[1,1],[0,0]]]}", "not on the globe" },
    { "{'type':'Polygon','coordinates':[]}", "empty" },
    { "{'type':'Polygon'}", "members" },
    { "[]", "an object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) geometry = parse (cases[i].geometry);
      g_autofree char *reason = NULL;

      g_assert_null (alm_region_new (geometry, &reason));
      g_assert_nonnull (reason);
      if (strstr (reason, cases[i].reason) == NULL)
        g_test_message ("%s", reason);
      g_assert_nonnull (strstr (reason, cases[i].reason));
    }
}

static AlmValue *
make_comb (guint n)
{
  g_autoptr (GString) text = g_string_new ("{\"type\":\"Polygon\",\"coordinates\":[[[0,0]");

  for (guint i = 0; i < n - 2; i++)
    g_string_append_printf (text, ",[%g,%u]", 1 + i * 0.001, i % 2 + 1);
  g_string_append (text, ",[0,0]]]}");

  return alm_json_parse (text->str, -1, NULL, NULL);
}

static void
test_a_region_has_a_limit (void)
{
  g_autoptr (AlmValue) fits = make_comb (ALM_REGION_POSITIONS_MAX);
  g_autoptr (AlmValue) over = make_comb (ALM_REGION_POSITIONS_MAX + 1);
  g_autoptr (AlmRegion) region = alm_region_new (fits, NULL);
  g_autofree char *reason = NULL;

  g_assert_nonnull (region);
  g_assert_null (alm_region_new (over, &reason));
  g_assert_nonnull (strstr (reason, "5001 positions"));
}

/* Rectangles of a grid, against its cells: the region is some of them, shared edges,
 * overlaps and gaps as they come. */
#define GRID 6

typedef struct
{
  int x, y, w, h;
} Rectangle;

static Rectangle
random_rectangle (AlmRandom *random)
{
  Rectangle r = { .x = (int) (alm_random_next (random) % GRID),
                  .y = (int) (alm_random_next (random) % GRID) };

  r.w = 1 + (int) (alm_random_next (random) % (guint64) (GRID - r.x));
  r.h = 1 + (int) (alm_random_next (random) % (guint64) (GRID - r.y));

  return r;
}

static void
append_ring (GString   *out,
             Rectangle  r)
{
  const int corners[5][2] = { { r.x, r.y }, { r.x + r.w, r.y }, { r.x + r.w, r.y + r.h },
                              { r.x, r.y + r.h }, { r.x, r.y } };

  g_string_append_c (out, '[');
  for (guint i = 0; i < 5; i++)
    g_string_append_printf (out, "%s[%.9f,%.9f]", i > 0 ? "," : "", EAST + corners[i][0] * STEP,
                            NORTH + corners[i][1] * STEP);
  g_string_append_c (out, ']');
}

static gboolean
has_cell (Rectangle r,
          int       x,
          int       y)
{
  return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static void
test_as_the_cells_of_a_grid (void)
{
  AlmRandom random;
  guint covered = 0;

  alm_random_seed (&random, 7);
  for (guint round = 0; round < ALM_TEST_ROUNDS (20000); round++)
    {
      g_autoptr (GString) text = g_string_new ("{\"type\":\"MultiPolygon\",\"coordinates\":[");
      g_autoptr (GString) asked = g_string_new ("{\"type\":\"Polygon\",\"coordinates\":[");
      g_autoptr (AlmValue) value = NULL;
      g_autoptr (AlmValue) geometry = NULL;
      g_autoptr (AlmRegion) region = NULL;
      guint n = 1 + (guint) (alm_random_next (&random) % 6);
      Rectangle parts[6];
      Rectangle one = random_rectangle (&random);
      gboolean all = TRUE;

      for (guint i = 0; i < n; i++)
        {
          parts[i] = random_rectangle (&random);
          g_string_append (text, i > 0 ? ",[" : "[");
          append_ring (text, parts[i]);
          g_string_append_c (text, ']');
        }
      g_string_append (text, "]}");
      append_ring (asked, one);
      g_string_append (asked, "]}");

      for (int x = one.x; x < one.x + one.w; x++)
        for (int y = one.y; y < one.y + one.h; y++)
          {
            gboolean there = FALSE;

            for (guint i = 0; i < n; i++)
              there |= has_cell (parts[i], x, y);
            all &= there;
          }

      value = alm_json_parse (text->str, -1, NULL, NULL);
      geometry = alm_json_parse (asked->str, -1, NULL, NULL);
      region = alm_region_new (value, NULL);
      g_assert_nonnull (region);
      if (alm_region_covers (region, geometry) != all)
        g_test_message ("round %u: %s in %s", round, asked->str, text->str);
      g_assert_cmpint (alm_region_covers (region, geometry), ==, all);
      covered += all;
    }
  g_assert_cmpuint (covered, >, ALM_TEST_ROUNDS (20000) / 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/domain/region/covers", test_what_lies_in_it);
  g_test_add_func ("/domain/region/nothing", test_nothing_lies_nowhere);
  g_test_add_func ("/domain/region/none", test_regions_that_are_none);
  g_test_add_func ("/domain/region/limit", test_a_region_has_a_limit);
  g_test_add_func ("/domain/region/grid", test_as_the_cells_of_a_grid);

  return g_test_run ();
}
