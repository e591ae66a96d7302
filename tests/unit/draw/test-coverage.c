/* SPDX-License-Identifier: EUPL-1.2 */

/* cairo is the judge: mean difference of a picture's alpha at most 1/255, and at
 * most 0.5 % of its pixels off by more than 16.  It draws four times as large and
 * is averaged, because its own rows are sampled at 15 heights only. */

#include "config.h"

#include "alm-coverage.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>

#define SIZE 200
#define FINE 4

typedef struct
{
  double xy[2 * 64];
  guint  n;
} Path;

static void
trace (cairo_t    *cr,
       const Path *path,
       gboolean    closed)
{
  cairo_new_sub_path (cr);
  for (guint i = 0; i < path->n; i++)
    cairo_line_to (cr, path->xy[2 * i], path->xy[2 * i + 1]);
  if (closed)
    cairo_close_path (cr);
}

/* The mean alpha of what cairo has drawn for one of our pixels. */
static int
get_mean (const guint32 *data,
          int            x,
          int            y)
{
  int sum = 0;

  for (int i = 0; i < FINE * FINE; i++)
    sum += (int) (data[(y * FINE + i / FINE) * SIZE * FINE + x * FINE + i % FINE] >> 24);

  return (sum + FINE * FINE / 2) / (FINE * FINE);
}

static void
compare (AlmPixels       *ours,
         cairo_surface_t *theirs)
{
  const guint32 *data;
  guint64 sum = 0;
  guint far = 0;

  cairo_surface_flush (theirs);
  data = (const guint32 *) cairo_image_surface_get_data (theirs);
  for (int i = 0; i < SIZE * SIZE; i++)
    {
      int difference = abs ((int) (ours->data[i] >> 24) -
                            get_mean (data, i % SIZE, i / SIZE));

      sum += (guint64) difference;
      far += difference > 16;
    }
  g_assert_cmpfloat ((double) sum / (SIZE * SIZE), <=, 1.0);
  g_assert_cmpuint (far, <=, SIZE * SIZE / 200);
}

static cairo_t *
begin (AlmPixels    *pixels,
       AlmCoverage **coverage)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIZE * FINE,
                                                         SIZE * FINE);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  cairo_scale (cr, FINE, FINE);
  cairo_set_source_rgb (cr, 0.2, 0.4, 0.6);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_BEST);
  alm_pixels_init (pixels, SIZE, SIZE, 0);
  *coverage = alm_coverage_new (SIZE, SIZE);

  return cr;
}

static void
end (AlmPixels   *pixels,
     AlmCoverage *coverage,
     cairo_t     *cr)
{
  compare (pixels, cairo_get_target (cr));
  cairo_destroy (cr);
  alm_coverage_free (coverage);
  alm_pixels_clear (pixels);
}

/* A ring around (x, y) whose corners lie between two distances. */
static void
make_ring (Path   *path,
           double  x,
           double  y,
           double  from,
           double  to)
{
  path->n = (guint) g_test_rand_int_range (3, 40);
  for (guint i = 0; i < path->n; i++)
    {
      double radius = g_test_rand_double_range (from, to);
      double angle = 2.0 * G_PI * i / path->n;

      path->xy[2 * i] = x + radius * cos (angle);
      path->xy[2 * i + 1] = y + radius * sin (angle);
    }
}

/* Bends up to 110°.  (Where a stroke runs back beside itself in the same pixels,
 * their shares are added up: that is the method's limit.) */
static void
make_walk (Path *path)
{
  double direction = g_test_rand_double_range (0, 2.0 * G_PI);

  path->n = (guint) g_test_rand_int_range (2, 7);
  for (guint i = 0; i < path->n; i++)
    {
      double length = g_test_rand_double_range (20, 120);

      path->xy[2 * i] = i == 0 ? g_test_rand_double_range (-20, SIZE + 20)
                               : path->xy[2 * i - 2] + length * cos (direction);
      path->xy[2 * i + 1] = i == 0 ? g_test_rand_double_range (-20, SIZE + 20)
                                   : path->xy[2 * i - 1] + length * sin (direction);
      direction += g_test_rand_double_range (-1.9, 1.9);
    }
}

static void
test_polygons_with_holes_match_cairo (void)
{
  for (guint round = 0; round < 60; round++)
    {
      AlmCoverage *coverage;
      AlmPixels pixels;
      cairo_t *cr = begin (&pixels, &coverage);
      double x = g_test_rand_double_range (-20, SIZE + 20);
      double y = g_test_rand_double_range (-20, SIZE + 20);
      Path outer;
      Path hole;

      make_ring (&outer, x, y, 60, 140);
      make_ring (&hole, x, y, 10, 50);
      alm_coverage_add_ring (coverage, outer.xy, outer.n);
      alm_coverage_add_ring (coverage, hole.xy, hole.n);
      alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_EVEN_ODD, 0x336699, 1.0);
      trace (cr, &outer, TRUE);
      trace (cr, &hole, TRUE);
      cairo_fill (cr);
      end (&pixels, coverage, cr);
    }
}

static void
test_strokes_match_cairo (void)
{
  for (guint round = 0; round < 60; round++)
    {
      AlmCoverage *coverage;
      AlmPixels pixels;
      cairo_t *cr = begin (&pixels, &coverage);
      double width = g_test_rand_double_range (0.7, 16.0);
      gboolean closed = round % 3 == 0;
      Path path;

      if (closed)
        {
          make_ring (&path, 100, 100, 85, 100);
        }
      else
        {
          make_walk (&path);
        }
      alm_coverage_add_stroke (coverage, path.xy, path.n, closed, width);
      alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_UNION, 0x336699, 1.0);
      trace (cr, &path, closed);
      cairo_set_line_width (cr, width);
      cairo_stroke (cr);
      end (&pixels, coverage, cr);
    }
}

/* A polygon larger than the picture by a thousand times covers all of it, and
 * after a fill nothing of it is left. */
static void
test_far_coordinates_are_clipped (void)
{
  const double far[] = { -1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9 };
  const double beside[] = { 300, 10, 400, 10, 400, 90 };
  g_autoptr (AlmCoverage) coverage = alm_coverage_new (50, 40);
  AlmPixels pixels;

  alm_pixels_init (&pixels, 50, 40, 0);
  g_assert_true (alm_coverage_add_ring (coverage, far, 4));
  alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_EVEN_ODD, 0x112233, 1.0);
  for (int i = 0; i < 50 * 40; i++)
    g_assert_cmphex (pixels.data[i], ==, 0xff112233);

  g_assert_true (alm_coverage_add_ring (coverage, beside, 3));
  alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_EVEN_ODD, 0xffffff, 1.0);
  for (int i = 0; i < 50 * 40; i++)
    g_assert_cmphex (pixels.data[i], ==, 0xff112233);

  alm_pixels_clear (&pixels);
}

static void
test_what_is_no_number_adds_nothing (void)
{
  const double bad[] = { 1, 1, NAN, 2, 30, 30 };
  const double infinite[] = { 1, 1, INFINITY, 2, 30, 30 };
  const double same[] = { 5, 5, 5, 5 };
  g_autoptr (AlmCoverage) coverage = alm_coverage_new (40, 40);
  AlmPixels pixels;

  alm_pixels_init (&pixels, 40, 40, 0);
  g_assert_false (alm_coverage_add_ring (coverage, bad, 3));
  g_assert_false (alm_coverage_add_ring (coverage, infinite, 3));
  g_assert_false (alm_coverage_add_stroke (coverage, bad, 3, FALSE, 2.0));
  g_assert_false (alm_coverage_add_stroke (coverage, same, 2, FALSE, 2.0));
  g_assert_false (alm_coverage_add_stroke (coverage, infinite, 1, FALSE, 2.0));
  alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_UNION, 0xff0000, 1.0);
  for (int i = 0; i < 40 * 40; i++)
    g_assert_cmphex (pixels.data[i], ==, 0);

  alm_pixels_clear (&pixels);
}

/* A line that turns back on itself is not darker where it lies twice. */
static void
test_opacity_counts_once_in_a_stroke (void)
{
  const double back[] = { 5, 20, 35, 20, 5, 20 };
  g_autoptr (AlmCoverage) coverage = alm_coverage_new (40, 40);
  AlmPixels pixels;

  alm_pixels_init (&pixels, 40, 40, 0);
  g_assert_true (alm_coverage_add_stroke (coverage, back, 3, FALSE, 6.0));
  alm_coverage_fill (coverage, &pixels, ALM_COVERAGE_UNION, 0xff0000, 0.5);
  g_assert_cmphex (pixels.data[20 * 40 + 20], ==, 0x80800000);

  alm_pixels_clear (&pixels);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/coverage/polygons", test_polygons_with_holes_match_cairo);
  g_test_add_func ("/draw/coverage/strokes", test_strokes_match_cairo);
  g_test_add_func ("/draw/coverage/far", test_far_coordinates_are_clipped);
  g_test_add_func ("/draw/coverage/no-number", test_what_is_no_number_adds_nothing);
  g_test_add_func ("/draw/coverage/opacity", test_opacity_counts_once_in_a_stroke);

  return g_test_run ();
}
