/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-number.h"
#include "alm-random.h"
#include "alm-test.h"

#include <math.h>
#include <string.h>

/* The rule, said with the C library. */
static void
print_slowly (double  number,
              char   *text)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, ALM_NUMBER_SIZE, formats[i], number);
      if (g_ascii_strtod (text, NULL) == number)
        return;
    }
}

static void
check (double number)
{
  char wanted[ALM_NUMBER_SIZE];
  char got[ALM_NUMBER_SIZE];
  double back;
  gsize length;

  print_slowly (number, wanted);
  length = alm_number_print (number, got);
  if (strcmp (wanted, got) != 0 || length != strlen (got))
    g_error ("%a is %s, not %s", number, wanted, got);

  g_assert_true (alm_number_parse (got, length, &back));
  if (back != number)
    g_error ("%s read back as %a, not %a", got, back, number);
}

static void
test_special_numbers (void)
{
  static const double numbers[] = {
    0.1, 0.3, 1.0 / 3, 2.0 / 3, 0.5, 0.25, 0.0001, 0.00012345, 0.000099999, 1e-5, 5e-324,
    1.7976931348623157e308, 1e22, 1e23, 9007199254740993.0, 999999999.9999999, 999999999.5,
    99999999.99999999, 9.999999999999999, 0.9999999999999999, 1.0000000000000002, 1e9, 1e9 + 0.5,
    11.586123, 50.927, 681730.55, 5644891.93, 123456.7890625, 0.1 + 0.2, 4.35, 2.675, 1.005,
    4194304.25, 0.0625, 3.5, 1e-4, 1.0000000000000001e-4, 536870912.5, 268435455.99999997,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      check (numbers[i]);
      check (-numbers[i]);
      check (nextafter (numbers[i], 0));
      check (nextafter (numbers[i], 2e9));
    }
}

/* Around each power of two and of ten the distance to the next double changes. */
static void
test_around_powers (void)
{
  for (int e = -40; e < 60; e++)
    for (int step = -3; step <= 3; step++)
      {
        double two = ldexp (1, e);
        double ten = pow (10, e % 20);

        check (two + step * (nextafter (two, INFINITY) - two));
        check (ten + step * (nextafter (ten, INFINITY) - ten));
      }
}

static void
test_random_numbers (void)
{
  AlmRandom random;

  alm_random_seed (&random, 1);
  for (guint i = 0; i < ALM_TEST_ROUNDS (300000); i++)
    {
      guint64 bits = alm_random_next (&random);
      double any;

      memcpy (&any, &bits, sizeof any);
      if (isfinite (any) && any != 0)
        check (any);

      check (11.5 + alm_random_unit (&random) * 0.2);
      check (ldexp (1 + alm_random_unit (&random), (int) alm_random_below (&random, 48) - 16));
      check (round (alm_random_unit (&random) * 1e9) / 1e6);
    }
}

/* Texts of all lengths, also such as nobody prints. */
static void
test_random_texts (void)
{
  AlmRandom random;

  alm_random_seed (&random, 2);
  for (guint i = 0; i < ALM_TEST_ROUNDS (300000); i++)
    {
      guint before = 1 + alm_random_below (&random, 12);
      guint after = 1 + alm_random_below (&random, 16);
      g_autoptr (GString) text = g_string_new (alm_random_below (&random, 2) == 0 ? "-" : "");
      double number;

      for (guint d = 0; d < before + after; d++)
        {
          if (d == before)
            g_string_append_c (text, '.');
          g_string_append_c (text, (char) ('0' + alm_random_below (&random, 10)));
        }
      g_assert_true (alm_number_parse (text->str, text->len, &number));
      if (number != g_ascii_strtod (text->str, NULL))
        g_error ("%s read as %a", text->str, number);
    }
}

static void
test_bad_range (void)
{
  g_autofree char *digits = g_strnfill (500, '9');
  double number;

  g_assert_false (alm_number_parse ("1e999", 5, &number));
  g_assert_false (alm_number_parse (digits, 500, &number));
  g_assert_true (alm_number_parse ("1e-999", 6, &number));
  g_assert_cmpfloat (number, ==, 0);
  g_assert_true (alm_number_parse ("-0.0", 4, &number));
  g_assert_true (signbit (number));
}

static void
test_integers (void)
{
  static const gint64 numbers[] = {
    0, 1, -1, 9, 10, -10, 4711, G_GINT64_CONSTANT (9007199254740991), G_MAXINT64, G_MININT64
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *wanted = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);
      char text[ALM_NUMBER_SIZE];

      g_assert_cmpuint (alm_number_print_integer (numbers[i], text), ==, strlen (wanted));
      g_assert_cmpstr (text, ==, wanted);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/domain/number/special", test_special_numbers);
  g_test_add_func ("/domain/number/around-powers", test_around_powers);
  g_test_add_func ("/domain/number/random", test_random_numbers);
  g_test_add_func ("/domain/number/random-texts", test_random_texts);
  g_test_add_func ("/domain/number/bad-range", test_bad_range);
  g_test_add_func ("/domain/number/integers", test_integers);

  return g_test_run ();
}
