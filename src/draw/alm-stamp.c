/* SPDX-License-Identifier: EUPL-1.2 */

/* Stamps: symbols drawn once by 8 × 8 supersampling, then copied.
 *
 * Printing goes from the topmost symbol down ("under"): where a million points
 * crowd, most pixels are opaque after the first few symbols, and four opaque
 * pixels are passed over by one comparison.
 *
 * Invariants:
 *   1. A stamp's rows are a multiple of four pixels long and 16 bytes aligned;
 *      the pixels added for that are transparent.
 *   2. The SSE2 path and the plain path give the same bits.
 *
 * Any thread; alm_stamp_get() keeps one cache for each thread. */

#include "config.h"

#include "alm-stamp.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SAMPLES     8
#define POSITIONS   4
#define MAX_SIZE    256.0
#define CACHE_LIMIT 512

typedef struct
{
  int      left;     /* from the middle's pixel to the first column */
  int      top;
  int      width;    /* a multiple of four */
  int      height;
  guint32 *data;     /* borrowed from memory */
} Print;

struct _AlmStamp
{
  Print    prints[POSITIONS * POSITIONS];
  guint32 *memory;
  int      reach;
};

/* A regular polygon, as the lines of its edges.  A stamp asks for some thousands
 * of distances, so what needs angles is worked out once. */
typedef struct
{
  guint  n_edges;             /* 0: the shape is no polygon */
  double nx[6], ny[6];        /* outwards */
  double apothem;             /* from the middle to each edge */
  double middle_y;
} Polygon;

/* @turn: the angle of one of the corners (0 = right, clockwise) */
static void
polygon_init (Polygon *self,
              double   radius,
              guint    n_corners,
              double   turn,
              double   middle_y)
{
  double step = 2.0 * G_PI / n_corners;

  self->n_edges = n_corners;
  self->apothem = radius * cos (step / 2.0);
  self->middle_y = middle_y;
  for (guint i = 0; i < n_corners; i++)
    {
      self->nx[i] = cos (turn + step * (i + 0.5));
      self->ny[i] = sin (turn + step * (i + 0.5));
    }
}

static void
polygon_init_shape (Polygon        *self,
                    AlmSymbolShape  shape,
                    double          radius)
{
  *self = (Polygon) { 0 };
  switch (shape)
    {
    case ALM_SYMBOL_TRIANGLE:
      /* Lowered, so that its middle is where the place is. */
      polygon_init (self, radius * 1.1, 3, -G_PI / 2.0, radius * 0.1);
      break;

    case ALM_SYMBOL_TRIANGLE_DOWN:
      polygon_init (self, radius * 1.1, 3, G_PI / 2.0, -radius * 0.1);
      break;

    case ALM_SYMBOL_DIAMOND:
      polygon_init (self, radius, 4, 0.0, 0.0);
      break;

    case ALM_SYMBOL_PENTAGON:
      polygon_init (self, radius, 5, -G_PI / 2.0, 0.0);
      break;

    case ALM_SYMBOL_HEXAGON:
      polygon_init (self, radius, 6, 0.0, 0.0);
      break;

    case ALM_SYMBOL_CIRCLE:
    case ALM_SYMBOL_SQUARE:
    case ALM_SYMBOL_STAR:
    case ALM_SYMBOL_CROSS:
    case ALM_SYMBOL_PLUS:
    case ALM_SYMBOL_N_SHAPES:
    default:
      break;
    }
}

/* How far (x, y) lies inside: the distance to the nearest of the edges' lines. */
static double
depth_in_polygon (const Polygon *polygon,
                  double         x,
                  double         y)
{
  double farthest = -G_MAXDOUBLE;

  for (guint i = 0; i < polygon->n_edges; i++)
    farthest = MAX (farthest, polygon->nx[i] * x + polygon->ny[i] * (y - polygon->middle_y));

  return polygon->apothem - farthest;
}

static double
depth_in_star (double x,
               double y,
               double radius)
{
  const double step = 2.0 * G_PI / 5.0;
  double angle = fabs (fmod (atan2 (y, x) + G_PI / 2.0 + 4.0 * G_PI, step) - step / 2.0);
  /* The edge from an outer corner (angle step/2 here) to an inner one (angle 0). */
  double inner = radius * 0.5;
  double ox = radius * cos (step / 2.0);
  double oy = radius * sin (step / 2.0);
  double px = hypot (x, y) * cos (angle);
  double py = hypot (x, y) * sin (angle);
  double length = hypot (ox - inner, oy);

  return ((ox - inner) * py - oy * (px - inner)) / length;
}

static double
depth_in_plus (double x,
               double y,
               double radius)
{
  /* Wide enough for a whole pixel in the middle, with an outline around it. */
  double arm = MIN (radius, MAX (radius * 0.36, 1.9));
  double ax = fabs (x);
  double ay = fabs (y);
  double upright = MIN (arm - ax, radius - ay);
  double across = MIN (arm - ay, radius - ax);

  return MAX (upright, across);
}

/* Distance to the boundary, positive inside; nearly exact, which is enough for
 * an outline of a pixel.  Over a way of one pixel it changes by one at most. */
static double
depth_in_shape (AlmSymbolShape  shape,
                const Polygon  *polygon,
                double          x,
                double          y,
                double          radius)
{
  if (polygon->n_edges > 0)
    return depth_in_polygon (polygon, x, y);

  switch (shape)
    {
    case ALM_SYMBOL_SQUARE:
      return radius * 0.9 - MAX (fabs (x), fabs (y));

    case ALM_SYMBOL_STAR:
      return depth_in_star (x, y, radius * 1.05);

    case ALM_SYMBOL_CROSS:
      return depth_in_plus ((x + y) * G_SQRT2 / 2.0, (x - y) * G_SQRT2 / 2.0, radius * 1.1);

    case ALM_SYMBOL_PLUS:
      return depth_in_plus (x, y, radius);

    case ALM_SYMBOL_CIRCLE:
    case ALM_SYMBOL_TRIANGLE:
    case ALM_SYMBOL_TRIANGLE_DOWN:
    case ALM_SYMBOL_DIAMOND:
    case ALM_SYMBOL_PENTAGON:
    case ALM_SYMBOL_HEXAGON:
    case ALM_SYMBOL_N_SHAPES:
    default:
      return radius - sqrt (x * x + y * y);
    }
}

/* The mean of 8 × 8 samples of the pixel whose corner lies at (x, y) from the middle. */
static guint32
sample_pixel (const AlmStampSpec *spec,
              const Polygon      *polygon,
              double              x,
              double              y)
{
  double middle = depth_in_shape (spec->shape, polygon, x + 0.5, y + 0.5, spec->size / 2.0);
  guint inside = 0;
  guint filled = 0;

  /* No corner of the pixel is farther from its middle than this. */
  if (middle < -G_SQRT2 / 2.0)
    return 0;
  if (middle > MAX (spec->outline, 0.0) + G_SQRT2 / 2.0)
    return alm_pixels_premultiply (spec->color, 255);

  for (guint i = 0; i < SAMPLES * SAMPLES; i++)
    {
      double depth = depth_in_shape (spec->shape, polygon, x + (i % SAMPLES + 0.5) / SAMPLES,
                                     y + (i / SAMPLES + 0.5) / SAMPLES, spec->size / 2.0);

      if (depth > 0.0)
        {
          inside++;
          if (depth >= spec->outline)
            filled++;
        }
    }

  return alm_pixels_premultiply (spec->color, (filled * 255 + 32) / 64) +
         alm_pixels_premultiply (spec->outline_color,
                                 (inside * 255 + 32) / 64 - (filled * 255 + 32) / 64);
}

static void
size_print (Print  *print,
            double  radius,
            double  fraction_x,
            double  fraction_y)
{
  print->left = (int) floor (fraction_x - radius);
  print->top = (int) floor (fraction_y - radius);
  print->width = ((int) ceil (fraction_x + radius) - print->left + 3) / 4 * 4;
  print->height = (int) ceil (fraction_y + radius) - print->top;
}

AlmStamp *
alm_stamp_new (const AlmStampSpec *spec)
{
  AlmStamp *self = g_new0 (AlmStamp, 1);
  double radius = CLAMP (spec->size, 1.0, MAX_SIZE) / 2.0 * 1.15;
  AlmStampSpec clamped = *spec;
  Polygon polygon;
  gsize n_pixels = 0;
  guint32 *next;

  clamped.size = CLAMP (spec->size, 1.0, MAX_SIZE);
  if (spec->shape == ALM_SYMBOL_CIRCLE || spec->shape == ALM_SYMBOL_SQUARE)
    radius = clamped.size / 2.0;
  polygon_init_shape (&polygon, clamped.shape, clamped.size / 2.0);
  self->reach = (int) ceil (radius) + 5;

  for (guint i = 0; i < POSITIONS * POSITIONS; i++)
    {
      /* In the middle of the quarter. */
      size_print (&self->prints[i], radius, (i % POSITIONS + 0.5) / POSITIONS,
                  (i / POSITIONS + 0.5) / POSITIONS);
      n_pixels += (gsize) self->prints[i].width * (gsize) self->prints[i].height;
    }
  self->memory = g_aligned_alloc0 (n_pixels, sizeof (guint32), 16);

  next = self->memory;
  for (guint i = 0; i < POSITIONS * POSITIONS; i++)
    {
      Print *print = &self->prints[i];

      print->data = next;
      for (int y = 0; y < print->height; y++)
        for (int x = 0; x < print->width; x++)
          *next++ = sample_pixel (&clamped, &polygon,
                                  print->left + x - (i % POSITIONS + 0.5) / POSITIONS,
                                  print->top + y - (i / POSITIONS + 0.5) / POSITIONS);
    }

  return self;
}

void
alm_stamp_free (AlmStamp *self)
{
  g_aligned_free (self->memory);
  g_free (self);
}

int
alm_stamp_get_reach (const AlmStamp *self)
{
  return self->reach;
}

static const Print *
find_print (const AlmStamp *self,
            int             qx,
            int             qy)
{
  return &self->prints[(qy & (POSITIONS - 1)) * POSITIONS + (qx & (POSITIONS - 1))];
}

/* Shifting a negative number right rounds downwards with every compiler we use. */
void
alm_stamp_print_under_plain (const AlmStamp *self,
                             AlmPixels      *pixels,
                             int             qx,
                             int             qy)
{
  const Print *print = find_print (self, qx, qy);
  int left = (qx >> 2) + print->left;
  int top = (qy >> 2) + print->top;
  int from_x = MAX (0, -left);
  int to_x = MIN (print->width, pixels->width - left);
  int from_y = MAX (0, -top);
  int to_y = MIN (print->height, pixels->height - top);

  for (int y = from_y; y < to_y; y++)
    {
      const guint32 *from = print->data + y * print->width;
      guint32 *to = pixels->data + (gsize) (top + y) * pixels->stride + left;

      for (int x = from_x; x < to_x; x++)
        to[x] += alm_pixels_scale (from[x], 255 - (to[x] >> 24));
    }
}

#ifdef __SSE2__

/* Four pixels of @source under the four at @to. */
static inline void
print_four (guint32 *to,
            __m128i  source)
{
  const __m128i zero = _mm_setzero_si128 ();
  const __m128i half = _mm_set1_epi16 (128);
  const __m128i by_257 = _mm_set1_epi16 (257);
  const __m128i full = _mm_set1_epi32 (255);
  __m128i there = _mm_loadu_si128 ((const __m128i *) to);
  __m128i left = _mm_sub_epi32 (full, _mm_srli_epi32 (there, 24));
  __m128i low;
  __m128i high;

  /* Four 32-bit factors become eight 16-bit pairs, then sixteen. */
  left = _mm_or_si128 (left, _mm_slli_epi32 (left, 16));
  low = _mm_mullo_epi16 (_mm_unpacklo_epi8 (source, zero), _mm_unpacklo_epi32 (left, left));
  high = _mm_mullo_epi16 (_mm_unpackhi_epi8 (source, zero), _mm_unpackhi_epi32 (left, left));
  low = _mm_mulhi_epu16 (_mm_add_epi16 (low, half), by_257);
  high = _mm_mulhi_epu16 (_mm_add_epi16 (high, half), by_257);
  _mm_storeu_si128 ((__m128i *) to, _mm_add_epi8 (there, _mm_packus_epi16 (low, high)));
}

static inline gboolean
are_opaque (__m128i pixels)
{
  __m128i opaque = _mm_cmpeq_epi8 (pixels, _mm_set1_epi8 (-1));

  return (_mm_movemask_epi8 (opaque) & 0x8888) == 0x8888;
}

static inline __m128i
load_four (const guint32 *pixels)
{
  return _mm_loadu_si128 ((const __m128i *) pixels);
}

/* The usual case, up to about 8 pixels across: one question for each row. */
static void
print_narrow (const Print *print,
              guint32     *to,
              int          stride)
{
  const guint32 *from = print->data;

  for (int y = 0; y < print->height; y++, to += stride, from += 8)
    if (!are_opaque (_mm_and_si128 (load_four (to), load_four (to + 4))))
      {
        print_four (to, _mm_load_si128 ((const __m128i *) from));
        print_four (to + 4, _mm_load_si128 ((const __m128i *) (from + 4)));
      }
}

void
alm_stamp_print_under (const AlmStamp *self,
                       AlmPixels      *pixels,
                       int             qx,
                       int             qy)
{
  const Print *print = find_print (self, qx, qy);
  int left = (qx >> 2) + print->left;
  int top = (qy >> 2) + print->top;
  const guint32 *from = print->data;
  guint32 *to;

  if (left < 0 || top < 0 || left + print->width > pixels->width ||
      top + print->height > pixels->height)
    {
      alm_stamp_print_under_plain (self, pixels, qx, qy);
      return;
    }

  to = pixels->data + (gsize) top * pixels->stride + left;
  if (print->width == 8)
    {
      print_narrow (print, to, pixels->stride);
      return;
    }
  for (int y = 0; y < print->height; y++, to += pixels->stride, from += print->width)
    for (int x = 0; x < print->width; x += 4)
      if (!are_opaque (load_four (to + x)))
        print_four (to + x, _mm_load_si128 ((const __m128i *) (from + x)));
}

#else

void
alm_stamp_print_under (const AlmStamp *self,
                       AlmPixels      *pixels,
                       int             qx,
                       int             qy)
{
  alm_stamp_print_under_plain (self, pixels, qx, qy);
}

#endif

static guint
hash_spec (gconstpointer key)
{
  const AlmStampSpec *spec = key;
  guint size = (guint) (spec->size * 64.0);
  guint outline = (guint) (spec->outline * 64.0);

  return (((size * 31 + spec->color) * 31 + outline) * 31 + spec->outline_color) * 31 +
         (guint) spec->shape;
}

static gboolean
specs_are_equal (gconstpointer a,
                 gconstpointer b)
{
  const AlmStampSpec *one = a;
  const AlmStampSpec *two = b;

  return one->shape == two->shape && one->size == two->size && one->color == two->color &&
         one->outline == two->outline && one->outline_color == two->outline_color;
}

static void
free_cache (gpointer cache)
{
  g_hash_table_unref (cache);
}

static GPrivate private_cache = G_PRIVATE_INIT (free_cache);

/* Forgets this thread's stamps if there are many; nothing that alm_stamp_get()
 * has given to this thread may be in use. */
void
alm_stamp_trim_cache (void)
{
  GHashTable *cache = g_private_get (&private_cache);

  if (cache != NULL && g_hash_table_size (cache) > CACHE_LIMIT)
    g_hash_table_remove_all (cache);
}

AlmStamp *
alm_stamp_get (const AlmStampSpec *spec)
{
  GHashTable *cache = g_private_get (&private_cache);
  AlmStamp *stamp;

  if (cache == NULL)
    {
      cache = g_hash_table_new_full (hash_spec, specs_are_equal, g_free,
                                     (GDestroyNotify) alm_stamp_free);
      g_private_set (&private_cache, cache);
    }

  stamp = g_hash_table_lookup (cache, spec);
  if (stamp == NULL)
    {
      stamp = alm_stamp_new (spec);
      g_hash_table_insert (cache, g_memdup2 (spec, sizeof *spec), stamp);
    }

  return stamp;
}
