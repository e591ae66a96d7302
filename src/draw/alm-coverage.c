/* SPDX-License-Identifier: EUPL-1.2 */

/* The coverage rasteriser.
 *
 * For each row of pixels a cell holds by how much the covered area changes at
 * that column; the sum from the left is the signed coverage of a pixel.  An edge
 * adds its height to the column where it runs, parted between this pixel and the
 * next by the area to its right.  (The idea is that of FreeType's smooth
 * rasteriser; here with floats in an array instead of a list of cells.)
 *
 * Invariants:
 *   1. Between two fills every cell outside the touched rows' spans is 0.
 *   2. Edges are clipped in doubles before they become cells, so that no
 *      coordinate, however far, overflows or costs time.
 *
 * One thread at a time. */

#include "config.h"

#include "alm-coverage.h"

#include <math.h>
#include <string.h>

typedef struct
{
  int first;   /* columns that were touched; first > last: none */
  int last;
} Span;

struct _AlmCoverage
{
  int     width;
  int     height;
  int     stride;   /* width + 2: an edge in the last column spills by one */
  float  *cells;
  Span   *spans;    /* one per row */
  int     top;      /* touched rows; top > bottom: none */
  int     bottom;
};

static void
forget_rows (AlmCoverage *self)
{
  self->top = self->height;
  self->bottom = -1;
}

AlmCoverage *
alm_coverage_new (int width,
                  int height)
{
  AlmCoverage *self = g_new0 (AlmCoverage, 1);

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  self->width = width;
  self->height = height;
  self->stride = width + 2;
  self->cells = g_new0 (float, (gsize) self->stride * (gsize) height);
  self->spans = g_new (Span, height);
  for (int y = 0; y < height; y++)
    self->spans[y] = (Span) { self->stride, -1 };
  forget_rows (self);

  return self;
}

void
alm_coverage_free (AlmCoverage *self)
{
  g_free (self->cells);
  g_free (self->spans);
  g_free (self);
}

/* One row's share of an edge: from x0 to x1 while y changes by @height (signed). */
static inline void
add_cells (float  *row,
           double  x0,
           double  x1,
           double  height)
{
  double left = MIN (x0, x1);
  double right = MAX (x0, x1);
  int first = (int) left;
  int last = (int) right;
  double slope;
  double before = 0.0;

  if (first == last)
    {
      double area = height * (first + 1 - (x0 + x1) / 2.0);

      row[first] += (float) area;
      row[first + 1] += (float) (height - area);
      return;
    }

  /* The edge crosses several pixels: each is covered by what came before it fully,
   * by what it gains itself on average. */
  slope = height / (right - left);
  for (int x = first; x <= last; x++)
    {
      double from = MAX (left, x);
      double to = MIN (right, x + 1);
      double gained = slope * (to - from);
      float area = (float) (before + gained * (x + 1 - (from + to) / 2.0));

      row[x] += area;
      row[x + 1] -= area;
      before += gained;
    }
  row[last + 1] += (float) height;
}

/* An edge that lies inside the picture: 0 <= x <= width, 0 <= y <= height. */
static void
add_clipped_edge (AlmCoverage *self,
                  double       x0,
                  double       y0,
                  double       x1,
                  double       y1)
{
  double sign = 1.0;
  double slope;
  int first;
  int last;

  if (y0 == y1)
    return;
  if (y0 > y1)
    {
      double swap;

      swap = y0, y0 = y1, y1 = swap;
      swap = x0, x0 = x1, x1 = swap;
      sign = -1.0;
    }

  slope = (x1 - x0) / (y1 - y0);
  first = (int) y0;
  last = MIN ((int) ceil (y1) - 1, self->height - 1);
  self->top = MIN (self->top, first);
  self->bottom = MAX (self->bottom, last);
  for (int y = first; y <= last; y++)
    {
      double from = MAX (y0, y);
      double to = MIN (y1, y + 1);
      double xa = CLAMP (x0 + (from - y0) * slope, 0.0, self->width);
      double xb = CLAMP (x0 + (to - y0) * slope, 0.0, self->width);
      Span *span = &self->spans[y];

      add_cells (self->cells + (gsize) y * self->stride, xa, xb, sign * (to - from));
      span->first = MIN (span->first, (int) MIN (xa, xb));
      span->last = MAX (span->last, (int) MAX (xa, xb) + 1);
    }
}

/* Moves the end (x, y) of an edge along it until 0 <= y <= height. */
static void
clip_end (double *x,
          double *y,
          double  other_x,
          double  other_y,
          double  height)
{
  double limit = CLAMP (*y, 0.0, height);

  if (limit != *y)
    {
      *x += (other_x - *x) * ((limit - *y) / (other_y - *y));
      *y = limit;
    }
}

/* Cuts off what is above and below, moves what is on the left to the left side,
 * and leaves out what is on the right: it changes no pixel. */
static void
add_edge (AlmCoverage *self,
          double       x0,
          double       y0,
          double       x1,
          double       y1)
{
  double width = self->width;
  double height = self->height;

  if (MAX (y0, y1) <= 0.0 || MIN (y0, y1) >= height || MIN (x0, x1) >= width)
    return;

  clip_end (&x0, &y0, x1, y1, height);
  clip_end (&x1, &y1, x0, y0, height);
  if (MAX (x0, x1) <= 0.0)
    {
      add_clipped_edge (self, 0.0, y0, 0.0, y1);
      return;
    }
  if ((x0 < 0.0) != (x1 < 0.0))
    {
      double y = y0 + (y1 - y0) * (-x0 / (x1 - x0));

      if (x0 < 0.0)
        {
          add_clipped_edge (self, 0.0, y0, 0.0, y);
          x0 = 0.0;
          y0 = y;
        }
      else
        {
          add_clipped_edge (self, 0.0, y, 0.0, y1);
          x1 = 0.0;
          y1 = y;
        }
    }
  if (MIN (x0, x1) >= width)
    return;
  if ((x0 > width) != (x1 > width))
    {
      double y = y0 + (y1 - y0) * ((width - x0) / (x1 - x0));

      if (x0 > width)
        {
          x0 = width;
          y0 = y;
        }
      else
        {
          x1 = width;
          y1 = y;
        }
    }
  add_clipped_edge (self, x0, y0, x1, y1);
}

static gboolean
are_numbers (const double *xy,
             guint         n)
{
  for (guint i = 0; i < 2 * n; i++)
    if (!isfinite (xy[i]))
      return FALSE;

  return TRUE;
}

static void
add_closed (AlmCoverage  *self,
            const double *xy,
            guint         n)
{
  for (guint i = 0, before = n - 1; i < n; before = i++)
    add_edge (self, xy[2 * before], xy[2 * before + 1], xy[2 * i], xy[2 * i + 1]);
}

gboolean
alm_coverage_add_ring (AlmCoverage  *self,
                       const double *xy,
                       guint         n)
{
  if (n < 3 || !are_numbers (xy, n))
    return FALSE;
  add_closed (self, xy, n);

  return TRUE;
}

/* A slice of the disc around (x, y) from the angle @from on, over @sweep (positive:
 * the way round that all pieces of a stroke have). */
static void
add_slice (AlmCoverage *self,
           double       x,
           double       y,
           double       radius,
           double       from,
           double       sweep)
{
  /* As many chords as keep the error below a twentieth of a pixel. */
  double widest = 2.0 * acos (MAX (0.0, 1.0 - 0.05 / MAX (radius, 0.06)));
  guint n = (guint) CLAMP (ceil (sweep / MAX (widest, 0.05)), 1.0, 64.0);
  double before_x = x + radius * cos (from);
  double before_y = y + radius * sin (from);

  add_edge (self, x, y, before_x, before_y);
  for (guint i = 1; i <= n; i++)
    {
      double angle = from + sweep * i / n;
      double next_x = x + radius * cos (angle);
      double next_y = y + radius * sin (angle);

      add_edge (self, before_x, before_y, next_x, next_y);
      before_x = next_x;
      before_y = next_y;
    }
  add_edge (self, before_x, before_y, x, y);
}

/* The outer side of the bend at (x, y) between two directions. */
static void
add_join (AlmCoverage *self,
          double       x,
          double       y,
          double       radius,
          double       before,
          double       after)
{
  double turn = remainder (after - before, 2.0 * G_PI);

  /* Right of a direction is + 90° (y grows downwards). */
  if (turn > 0.0)
    add_slice (self, x, y, radius, before - G_PI / 2.0, turn);
  else if (turn < 0.0)
    add_slice (self, x, y, radius, after + G_PI / 2.0, -turn);
}

/* Is the stretch so far outside that no pixel can be touched? */
static gboolean
is_far_away (const AlmCoverage *self,
             const double      *from,
             const double      *to,
             double             radius)
{
  return MAX (from[0], to[0]) < -radius || MIN (from[0], to[0]) > self->width + radius ||
         MAX (from[1], to[1]) < -radius || MIN (from[1], to[1]) > self->height + radius;
}

static void
add_stretch (AlmCoverage  *self,
             const double *from,
             const double *to,
             double        direction,
             double        radius)
{
  double nx = -sin (direction) * radius;
  double ny = cos (direction) * radius;
  const double quad[] = {
    from[0] - nx, from[1] - ny, to[0] - nx, to[1] - ny,
    to[0] + nx, to[1] + ny, from[0] + nx, from[1] + ny
  };

  add_closed (self, quad, 4);
}

static double
get_direction (const double *from,
               const double *to)
{
  return atan2 (to[1] - from[1], to[0] - from[0]);
}

gboolean
alm_coverage_add_stroke (AlmCoverage  *self,
                         const double *xy,
                         guint         n,
                         gboolean      closed,
                         double        width)
{
  double radius = width / 2.0;
  double first = 0.0;
  double before = 0.0;
  guint n_stretches = 0;
  guint last = 0;

  if (n < 2 || !are_numbers (xy, n) || !(width > 0.0))
    return FALSE;

  for (guint i = 0; i < (closed ? n : n - 1); i++)
    {
      const double *from = xy + 2 * last;
      const double *to = xy + 2 * ((i + 1) % n);
      double direction;

      if (from[0] == to[0] && from[1] == to[1])
        continue;
      direction = get_direction (from, to);
      if (n_stretches == 0)
        first = direction;
      if (!is_far_away (self, from, to, radius))
        {
          add_stretch (self, from, to, direction, radius);
          if (n_stretches > 0)
            add_join (self, from[0], from[1], radius, before, direction);
          else if (!closed)
            add_slice (self, from[0], from[1], radius, direction + G_PI / 2.0, G_PI);
        }
      else if (n_stretches > 0)
        {
          add_join (self, from[0], from[1], radius, before, direction);
        }
      before = direction;
      last = (i + 1) % n;
      n_stretches++;
    }

  if (n_stretches == 0)
    return FALSE;
  if (closed)
    add_join (self, xy[2 * last], xy[2 * last + 1], radius, before, first);
  else
    add_slice (self, xy[2 * last], xy[2 * last + 1], radius, before - G_PI / 2.0, G_PI);

  return TRUE;
}

/* Signed sums to 0 … 1. */
static inline float
get_coverage (float           sum,
              AlmCoverageRule rule)
{
  float area = fabsf (sum);

  if (area <= 1.0f || rule == ALM_COVERAGE_UNION)
    return MIN (area, 1.0f);

  area = fmodf (area, 2.0f);

  return area > 1.0f ? 2.0f - area : area;
}

static void
fill_row (guint32         *to,
          float           *cells,
          int              width,
          const Span      *span,
          AlmCoverageRule  rule,
          guint32          color,
          float            opacity)
{
  float sum = 0.0f;
  guint32 alpha = 0;
  guint32 source = 0;

  /* Where something reaches out on the right, its right edge was never added. */
  for (int x = span->first; x <= span->last || (alpha != 0 && x < width); x++)
    {
      if (cells[x] != 0.0f)
        {
          sum += cells[x];
          cells[x] = 0.0f;
          alpha = (guint32) (get_coverage (sum, rule) * opacity + 0.5f);
          source = alm_pixels_premultiply (color, alpha);
        }
      if (x >= width)
        continue;   /* an edge on the right side has spilled there */
      if (alpha == 255)
        to[x] = source;
      else if (alpha != 0)
        to[x] = alm_pixels_over (source, to[x]);
    }
}

void
alm_coverage_fill (AlmCoverage     *self,
                   AlmPixels       *pixels,
                   AlmCoverageRule  rule,
                   guint32          color,
                   double           opacity)
{
  g_return_if_fail (pixels->width == self->width && pixels->height == self->height);

  for (int y = self->top; y <= self->bottom; y++)
    {
      Span *span = &self->spans[y];

      if (span->first <= span->last)
        fill_row (pixels->data + (gsize) y * pixels->stride,
                  self->cells + (gsize) y * self->stride, self->width, span, rule, color,
                  (float) (opacity * 255.0));
      *span = (Span) { self->stride, -1 };
    }
  forget_rows (self);
}
