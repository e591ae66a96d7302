/* SPDX-License-Identifier: EUPL-1.2 */

/* The town's own geometry.  Only + − × ÷ and square roots, which IEEE 754
 * rounds the same way on every machine; sine and cosine are series of our own,
 * because those of the C library differ in the last bit.  Pure; any thread. */

#include "config.h"

#include "alm-town-math.h"

#include "alm-random.h"

#include <math.h>
#include <string.h>

/* sin x for 0 ≤ x ≤ π/4, twelve digits. */
static double
sine_series (double x)
{
  double q = x * x;

  return x * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0
           * (1.0 - q / 110.0 * (1.0 - q / 156.0))))));
}

static double
cosine_series (double x)
{
  double q = x * x;

  return 1.0 - q / 2.0 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0
             * (1.0 - q / 90.0 * (1.0 - q / 132.0)))));
}

/* The sine of an angle in whole turns. */
double
alm_town_sine (double turns)
{
  const double two_pi = 6.283185307179586;
  double part = turns - floor (turns);
  double sign = 1.0;

  if (part >= 0.5)
    {
      part -= 0.5;
      sign = -1.0;
    }
  if (part > 0.25)
    part = 0.5 - part;

  return sign * (part <= 0.125
                 ? sine_series (part * two_pi)
                 : cosine_series ((0.25 - part) * two_pi));
}

double
alm_town_cosine (double turns)
{
  return alm_town_sine (turns + 0.25);
}

static double
lattice (guint64 seed,
         gint64  x,
         gint64  y)
{
  guint64 state = seed ^ ((guint64) x * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15))
                       ^ ((guint64) y * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f));

  return (double) (alm_split_mix (&state) >> 11) * 0x1p-52 - 1.0;
}

/* Smooth noise, −1 … 1, one hill per unit of x and y. */
double
alm_town_noise (guint64 seed,
                double  x,
                double  y)
{
  double x0 = floor (x), y0 = floor (y);
  double u = x - x0, v = y - y0;
  gint64 i = (gint64) x0, j = (gint64) y0;
  double low, high;

  u = u * u * (3.0 - 2.0 * u);
  v = v * v * (3.0 - 2.0 * v);
  low = lattice (seed, i, j) * (1.0 - u) + lattice (seed, i + 1, j) * u;
  high = lattice (seed, i, j + 1) * (1.0 - u) + lattice (seed, i + 1, j + 1) * u;

  return low * (1.0 - v) + high * v;
}

AlmSpot
alm_spot (double e,
          double n)
{
  AlmSpot spot = { rint (e * 1000.0) / 1000.0, rint (n * 1000.0) / 1000.0 };

  return spot;
}

double
alm_spot_distance (AlmSpot a,
                   AlmSpot b)
{
  double e = a.e - b.e, n = a.n - b.n;

  return sqrt (e * e + n * n);
}

AlmSpot
alm_spot_between (AlmSpot a,
                  AlmSpot b,
                  double  t)
{
  return alm_spot (a.e + (b.e - a.e) * t, a.n + (b.n - a.n) * t);
}

AlmSpot
alm_spot_direction (AlmSpot a,
                    AlmSpot b)
{
  double length = alm_spot_distance (a, b);
  AlmSpot east = { 1.0, 0.0 };
  AlmSpot result;

  if (length < 1e-9)
    return east;
  result.e = (b.e - a.e) / length;
  result.n = (b.n - a.n) / length;

  return result;
}

AlmSpot
alm_spot_moved (AlmSpot from,
                AlmSpot direction,
                double  forward,
                double  left)
{
  return alm_spot (from.e + direction.e * forward - direction.n * left,
                   from.n + direction.n * forward + direction.e * left);
}

double
alm_segment_distance (AlmSpot  p,
                      AlmSpot  a,
                      AlmSpot  b,
                      double  *t)
{
  double de = b.e - a.e, dn = b.n - a.n;
  double square = de * de + dn * dn;
  double along = square > 0 ? ((p.e - a.e) * de + (p.n - a.n) * dn) / square : 0;
  AlmSpot foot;

  along = CLAMP (along, 0.0, 1.0);
  foot.e = a.e + de * along;
  foot.n = a.n + dn * along;
  if (t != NULL)
    *t = along;

  return alm_spot_distance (p, foot);
}

/* Do a–b and c–d cross?  @t: where on a–b. */
gboolean
alm_segments_cross (AlmSpot  a,
                    AlmSpot  b,
                    AlmSpot  c,
                    AlmSpot  d,
                    double  *t)
{
  double re = b.e - a.e, rn = b.n - a.n;
  double se = d.e - c.e, sn = d.n - c.n;
  double cross = re * sn - rn * se;
  double u, v;

  if (cross == 0)
    return FALSE;
  u = ((c.e - a.e) * sn - (c.n - a.n) * se) / cross;
  v = ((c.e - a.e) * rn - (c.n - a.n) * re) / cross;
  if (u < 0 || u > 1 || v < 0 || v > 1)
    return FALSE;
  if (t != NULL)
    *t = u;

  return TRUE;
}

void
alm_path_add (AlmPath *self,
              AlmSpot  spot)
{
  if (self->n > 0 && self->at[self->n - 1].e == spot.e && self->at[self->n - 1].n == spot.n)
    return;
  if (self->n == self->size)
    {
      self->size = MAX (8, self->size * 2);
      self->at = g_renew (AlmSpot, self->at, self->size);
    }
  self->at[self->n++] = spot;
}

void
alm_path_clear (AlmPath *self)
{
  g_clear_pointer (&self->at, g_free);
  self->n = self->size = 0;
}

void
alm_path_reverse (AlmPath *self)
{
  for (guint i = 0; i < self->n / 2; i++)
    {
      AlmSpot spot = self->at[i];

      self->at[i] = self->at[self->n - 1 - i];
      self->at[self->n - 1 - i] = spot;
    }
}

AlmPath
alm_path_copy (const AlmPath *self)
{
  AlmPath copy = { g_new (AlmSpot, MAX (1, self->n)), self->n, MAX (1, self->n) };

  if (self->n > 0)
    memcpy (copy.at, self->at, self->n * sizeof (AlmSpot));

  return copy;
}

double
alm_path_length (const AlmPath *self)
{
  double length = 0;

  for (guint i = 1; i < self->n; i++)
    length += alm_spot_distance (self->at[i - 1], self->at[i]);

  return length;
}

AlmSpot
alm_path_walk (const AlmPath *self,
               double         along,
               AlmSpot       *direction)
{
  g_assert (self->n >= 2);

  for (guint i = 1; i < self->n; i++)
    {
      double length = alm_spot_distance (self->at[i - 1], self->at[i]);

      if (along <= length || i + 1 == self->n)
        {
          if (direction != NULL)
            *direction = alm_spot_direction (self->at[i - 1], self->at[i]);
          return alm_spot_between (self->at[i - 1], self->at[i],
                                   length > 0 ? CLAMP (along / length, 0.0, 1.0) : 0);
        }
      along -= length;
    }

  g_assert_not_reached ();
}

AlmPathHit
alm_path_nearest (const AlmPath *self,
                  AlmSpot        spot,
                  gboolean       closed)
{
  AlmPathHit hit = { .distance = INFINITY };

  for (guint i = 0; i + (closed ? 0 : 1) < self->n; i++)
    {
      AlmSpot a = self->at[i], b = self->at[(i + 1) % self->n];
      double t;
      double distance = alm_segment_distance (spot, a, b, &t);

      if (distance < hit.distance)
        {
          hit.distance = distance;
          hit.segment = i;
          hit.t = t;
          hit.spot = alm_spot_between (a, b, t);
        }
    }

  return hit;
}

/* Crossing number: an edge counts with its lower end, not with its upper one. */
gboolean
alm_path_contains (const AlmPath *self,
                   AlmSpot        spot)
{
  gboolean inside = FALSE;

  for (guint i = 0, j = self->n - 1; i < self->n; j = i++)
    {
      AlmSpot a = self->at[i], b = self->at[j];

      if ((a.n > spot.n) != (b.n > spot.n)
          && spot.e < (b.e - a.e) * (spot.n - a.n) / (b.n - a.n) + a.e)
        inside = !inside;
    }

  return inside;
}

double
alm_path_area (const AlmPath *self)
{
  double twice = 0;

  for (guint i = 0, j = self->n - 1; i < self->n; j = i++)
    twice += self->at[j].e * self->at[i].n - self->at[i].e * self->at[j].n;

  return twice / 2;
}

AlmSpot
alm_path_middle (const AlmPath *self)
{
  double e = 0, n = 0;

  for (guint i = 0; i < self->n; i++)
    {
      e += self->at[i].e;
      n += self->at[i].n;
    }

  return alm_spot (e / MAX (1, self->n), n / MAX (1, self->n));
}

void
alm_path_box (const AlmPath *self,
              AlmSpot       *low,
              AlmSpot       *high)
{
  *low = *high = self->at[0];
  for (guint i = 1; i < self->n; i++)
    {
      low->e = MIN (low->e, self->at[i].e);
      low->n = MIN (low->n, self->at[i].n);
      high->e = MAX (high->e, self->at[i].e);
      high->n = MAX (high->n, self->at[i].n);
    }
}

static double
catmull_rom (double p0,
             double p1,
             double p2,
             double p3,
             double t)
{
  return 0.5 * (2.0 * p1 + (p2 - p0) * t + (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3) * t * t
                + (3.0 * p1 - p0 - 3.0 * p2 + p3) * t * t * t);
}

AlmPath
alm_path_smooth (const AlmPath *self,
                 double         step)
{
  AlmPath smooth = { NULL };

  for (guint i = 0; i + 1 < self->n; i++)
    {
      AlmSpot a = self->at[i > 0 ? i - 1 : 0], b = self->at[i], c = self->at[i + 1];
      AlmSpot d = self->at[MIN (i + 2, self->n - 1)];
      guint parts = MAX (1, (guint) (alm_spot_distance (b, c) / step));

      for (guint k = 0; k < parts; k++)
        alm_path_add (&smooth,
                      alm_spot (catmull_rom (a.e, b.e, c.e, d.e, (double) k / parts),
                                catmull_rom (a.n, b.n, c.n, d.n, (double) k / parts)));
    }
  alm_path_add (&smooth, self->at[self->n - 1]);

  return smooth;
}
