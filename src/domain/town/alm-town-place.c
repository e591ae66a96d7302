/* SPDX-License-Identifier: EUPL-1.2 */

/* From the town's metres to the world's degrees and to Gauß-Krüger.
 *
 * The exact formulas need sines and logarithms, whose last bit differs between
 * C libraries and processors; a town of 6 km does not: a polynomial of the
 * fourth degree in kilometres from the middle, fitted once to PROJ's answers
 * for 575 spots, is within 1e-11 degrees (a micrometre) of them, and is made of
 * products and sums alone.  Gauß-Krüger with the datum shift is within 0.4 mm. */

#include "config.h"

#include "alm-town.h"

#include <math.h>

typedef struct
{
  guint8 east;       /* the powers of both */
  guint8 north;
  double factor;
} Term;

static const Term longitude[] = {
  { 0, 0, 6.9410144279 },
  { 0, 1, -0.000453364135263 },
  { 0, 2, -1.25031886164e-07 },
  { 0, 3, -3.12114476583e-11 },
  { 1, 0, 0.0154699983824 },
  { 1, 1, 3.40044242706e-06 },
  { 1, 2, 9.35861144368e-10 },
  { 1, 3, 2.32913361167e-13 },
  { 2, 0, 1.25031886485e-07 },
  { 2, 1, 9.35852792243e-11 },
  { 2, 2, 4.82278605073e-14 },
  { 3, 0, -3.11952358752e-10 },
  { 3, 1, -2.32535525571e-13 },
};

static const Term latitude[] = {
  { 0, 0, 54.602429578 },
  { 0, 1, 0.00898120728258 },
  { 0, 2, -7.98129453933e-09 },
  { 0, 3, 2.57911507802e-13 },
  { 1, 0, 0.000263203471216 },
  { 1, 1, 8.68538883705e-08 },
  { 1, 2, 1.90482148417e-11 },
  { 2, 0, -9.87928963938e-07 },
  { 2, 1, -3.25449324417e-10 },
  { 2, 2, -6.82214701397e-14 },
  { 3, 0, -1.16985351548e-11 },
  { 3, 1, -7.27396764883e-15 },
};

static const Term gk_right[] = {
  { 0, 0, 3367016.45701 },
  { 0, 1, -0.00169497227536 },
  { 0, 2, 0.000166774361038 },
  { 0, 3, -1.62116810998e-05 },
  { 1, 0, 1000.37202767 },
  { 1, 1, -0.000426979987201 },
  { 1, 2, 3.58413354107e-06 },
  { 2, 0, -1.05729589685e-05 },
  { 2, 1, 2.15639596846e-07 },
  { 3, 0, 4.78082284851e-08 },
};

static const Term gk_up[] = {
  { 0, 0, 6054479.14165 },
  { 0, 1, 1000.40171783 },
  { 0, 2, 0.000133920996291 },
  { 0, 3, -1.35827187471e-05 },
  { 1, 0, 0.00137394773695 },
  { 1, 1, -0.000176278244354 },
  { 1, 2, 3.55817437478e-06 },
  { 2, 0, 8.50563071708e-06 },
  { 2, 1, 8.7237695818e-08 },
  { 3, 0, 1.87224145046e-08 },
};

static double
sum_of (const Term *terms,
        guint       n,
        AlmSpot     spot)
{
  double x[5] = { 1 }, y[5] = { 1 };
  double sum = 0;

  x[1] = (spot.e - ALM_TOWN_WIDTH / 2) / 1000;
  y[1] = (spot.n - ALM_TOWN_HEIGHT / 2) / 1000;
  for (guint i = 2; i < G_N_ELEMENTS (x); i++)
    {
      x[i] = x[i - 1] * x[1];
      y[i] = y[i - 1] * y[1];
    }
  for (guint i = n; i-- > 0;)   /* the small ones first */
    sum += terms[i].factor * x[terms[i].east] * y[terms[i].north];

  return sum;
}

/* Rounded to seven decimals, as the town's files say them. */
void
alm_town_spot_to_lonlat (AlmSpot  spot,
                         double  *lon,
                         double  *lat)
{
  *lon = rint (sum_of (longitude, G_N_ELEMENTS (longitude), spot) * 1e7) / 1e7;
  *lat = rint (sum_of (latitude, G_N_ELEMENTS (latitude), spot) * 1e7) / 1e7;
}

void
alm_town_spot_to_gk3 (AlmSpot  spot,
                      double  *right,
                      double  *up)
{
  *right = rint (sum_of (gk_right, G_N_ELEMENTS (gk_right), spot) * 100) / 100;
  *up = rint (sum_of (gk_up, G_N_ELEMENTS (gk_up), spot) * 100) / 100;
}
