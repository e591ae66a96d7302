/* SPDX-License-Identifier: EUPL-1.2 */

/* Doubles as decimal text and back, exactly as the C library has them.
 *
 * A record has four or five numbers with a point, and each of them is read and
 * printed several times on its way; printf and strtod took half of the time of a
 * first copy.  The usual ones, from 0.0001 to 10^9, fit into 128 bits whole:
 * number = m / 2^s, so m × 10^k is exact, and so is what is left after the shift.
 * From the rest follows at once whether the text reads back the same.  All others
 * go to the C library.
 *
 * Invariant: the fast way and the C library give the same bytes; a test compares
 * them.  Pure; any thread. */

#include "config.h"

#include "alm-number.h"

#include <math.h>
#include <string.h>

#define TEXT_MAX 400

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 Wide;

/* Up to 10^19 they fit into 64 bits. */
#define POWERS 20

static const guint64 powers[POWERS] = {
  1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
  G_GUINT64_CONSTANT (10000000000), G_GUINT64_CONSTANT (100000000000),
  G_GUINT64_CONSTANT (1000000000000), G_GUINT64_CONSTANT (10000000000000),
  G_GUINT64_CONSTANT (100000000000000), G_GUINT64_CONSTANT (1000000000000000),
  G_GUINT64_CONSTANT (10000000000000000), G_GUINT64_CONSTANT (100000000000000000),
  G_GUINT64_CONSTANT (1000000000000000000), G_GUINT64_CONSTANT (10000000000000000000),
};

static Wide
power_of_ten (guint k)
{
  return k < POWERS ? powers[k] : (Wide) powers[POWERS - 1] * powers[k - (POWERS - 1)];
}

/* m / 2^s to @precision digits, half to even: digits / 10^k.  Returns whether
 * the nearest double to that is m / 2^s again. */
static gboolean
round_to (guint64   m,
          guint     s,
          guint     precision,
          int      *exponent,
          guint64  *digits,
          guint    *k)
{
  Wide scale, product, half = (Wide) 1 << (s - 1), rest;
  guint64 q;

  for (;;)
    {
      *k = (guint) ((int) precision - 1 - *exponent);
      scale = power_of_ten (*k);
      product = (Wide) m * scale;
      q = (guint64) (product >> s);
      if (q >= powers[precision - 1])
        break;
      *exponent -= 1;   /* the estimate was one too high */
    }

  rest = product & (((Wide) 1 << s) - 1);
  if (rest > half || (rest == half && (q & 1) != 0))
    {
      q++;
      rest = ((Wide) 1 << s) - rest;
    }
  *digits = q;

  /* Half the distance to the next double is 1 / 2^(s + 1); a tie goes to the even one. */
  return 2 * rest < scale || (2 * rest == scale && (m & 1) == 0);
}

/* Digits and the place of the point, as %g has them. */
static gsize
lay_out (guint64   digits,
         guint     k,
         gboolean  negative,
         char     *text)
{
  char reversed[24];
  guint n = 0;
  gsize length = 0;

  while (k > 0 && digits % 10 == 0)
    {
      digits /= 10;
      k--;
    }
  while (digits > 0 || n <= k)
    {
      reversed[n++] = (char) ('0' + digits % 10);
      digits /= 10;
    }

  if (negative)
    text[length++] = '-';
  while (n > 0)
    {
      if (n == k)
        text[length++] = '.';
      text[length++] = reversed[--n];
    }
  text[length] = '\0';

  return length;
}

/* 0: not one of the usual numbers. */
static gsize
print_usual (double  number,
             char   *text)
{
  double size = fabs (number);
  int binary, exponent = 0;
  guint64 m, digits;
  guint s, k;

  if (!(size >= 1e-4 && size < 1e9) || size == floor (size))
    return 0;

  m = (guint64) ldexp (frexp (size, &binary), 53);
  s = (guint) (53 - binary);
  if (m == G_GUINT64_CONSTANT (1) << 52)
    return 0;   /* a power of two: its neighbours are not equally far */

  while (exponent < 8 && size >= (double) powers[exponent + 1])
    exponent++;
  for (guint precision = 15; precision <= 17; precision++)
    if (round_to (m, s, precision, &exponent, &digits, &k) || precision == 17)
      break;

  return lay_out (digits, k, number < 0, text);
}

/* The quotient of the digits and 10^k, rounded once. */
static double
divide (guint64 digits,
        guint   k)
{
  Wide dividend = (Wide) digits << 63;
  Wide quotient = dividend / powers[k];
  gboolean exact = quotient * powers[k] == dividend;
  guint bits = 64 + (quotient >> 64 != 0 ? 64 - (guint) __builtin_clzll ((guint64) (quotient >> 64))
                                         : 0);
  guint shift;
  Wide rest, half;

  if (bits == 64)
    bits = 64 - (guint) __builtin_clzll ((guint64) quotient);
  shift = bits - 53;
  half = (Wide) 1 << (shift - 1);
  rest = quotient & (((Wide) 1 << shift) - 1);
  quotient >>= shift;
  if (rest > half || (rest == half && (!exact || (quotient & 1) != 0)))
    quotient++;

  return ldexp ((double) (guint64) quotient, (int) shift - 63);
}

static gboolean
parse_usual (const char *text,
             gsize       length,
             double     *number)
{
  gboolean negative = length > 0 && text[0] == '-';
  guint64 digits = 0;
  guint n = 0, k = 0;
  gboolean point = FALSE;

  for (gsize i = negative; i < length; i++)
    if (text[i] == '.')
      point = TRUE;
    else if (g_ascii_isdigit (text[i]) && n < POWERS - 1)
      {
        digits = digits * 10 + (guint64) (text[i] - '0');
        n++;
        k += point;
      }
    else
      return FALSE;

  if (digits == 0)
    return FALSE;

  /* Two doubles that are exact give a quotient that is rounded once. */
  if (digits < G_GUINT64_CONSTANT (1) << 53)
    *number = (double) digits / (double) powers[k];
  else
    *number = divide (digits, k);
  if (negative)
    *number = -*number;

  return TRUE;
}

#else

static gsize
print_usual (double  number,
             char   *text)
{
  return 0;
}

static gboolean
parse_usual (const char *text,
             gsize       length,
             double     *number)
{
  return FALSE;
}

#endif

gsize
alm_number_print (double number,
                  char   text[ALM_NUMBER_SIZE])
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  gsize length = print_usual (number, text);

  for (guint i = 0; length == 0 && i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, ALM_NUMBER_SIZE, formats[i], number);
      if (i == 2 || g_ascii_strtod (text, NULL) == number)
        length = strlen (text);
    }

  return length;
}

gsize
alm_number_print_integer (gint64 number,
                          char   text[ALM_NUMBER_SIZE])
{
  guint64 left = number < 0 ? -(guint64) number : (guint64) number;
  char reversed[24];
  guint n = 0;
  gsize length = 0;

  do
    {
      reversed[n++] = (char) ('0' + left % 10);
      left /= 10;
    }
  while (left > 0);

  if (number < 0)
    text[length++] = '-';
  while (n > 0)
    text[length++] = reversed[--n];
  text[length] = '\0';

  return length;
}

gboolean
alm_number_parse (const char *text,
                  gsize       length,
                  double     *number)
{
  char copy[TEXT_MAX];

  if (parse_usual (text, length, number))
    return TRUE;
  if (length >= sizeof copy)
    return FALSE;

  memcpy (copy, text, length);
  copy[length] = '\0';
  *number = g_ascii_strtod (copy, NULL);

  return isfinite (*number);
}
