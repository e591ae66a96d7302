/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-random.h"

/* The reference output of SplitMix64 for seed 1234567, from its authors' test vector. */
static void
test_split_mix_is_the_published_one (void)
{
  guint64 state = 1234567;

  g_assert_cmpuint (alm_split_mix (&state), ==, G_GUINT64_CONSTANT (6457827717110365317));
  g_assert_cmpuint (alm_split_mix (&state), ==, G_GUINT64_CONSTANT (3203168211198807973));
  g_assert_cmpuint (alm_split_mix (&state), ==, G_GUINT64_CONSTANT (9817491932198370423));
}

/* xoshiro256** by its definition, written down a second time with plain arithmetic:
 * state (1, 2, 3, 4) gives 11520 and then 0 (2 × 5 = 10, rotated by 7, × 9; and so on). */
static void
test_xoshiro_is_the_published_one (void)
{
  AlmRandom random = { { 1, 2, 3, 4 } };

  g_assert_cmpuint (alm_random_next (&random), ==, 11520);
  g_assert_cmpuint (alm_random_next (&random), ==, 0);
  g_assert_cmpuint (alm_random_next (&random), ==, 1509978240);
}

static void
test_names_have_streams_of_their_own (void)
{
  AlmRandom street;
  AlmRandom same;
  AlmRandom other;

  alm_random_seed_by (&street, 1, "tree/street/113");
  alm_random_seed_by (&same, 1, "tree/street/113");
  alm_random_seed_by (&other, 1, "tree/street/114");

  for (guint i = 0; i < 100; i++)
    {
      guint64 number = alm_random_next (&street);

      g_assert_cmpuint (number, ==, alm_random_next (&same));
      g_assert_cmpuint (number, !=, alm_random_next (&other));
    }
}

static void
test_below_stays_below_and_reaches_all (void)
{
  AlmRandom random;
  guint seen[7] = { 0 };

  alm_random_seed (&random, 42);
  for (guint i = 0; i < 70000; i++)
    {
      guint32 number = alm_random_below (&random, 7);

      g_assert_cmpuint (number, <, 7);
      seen[number]++;
    }
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpuint (seen[i], >, 9500);
      g_assert_cmpuint (seen[i], <, 10500);
    }
}

static void
test_unit_is_half_open (void)
{
  AlmRandom random;
  double sum = 0;

  alm_random_system (&random);
  for (guint i = 0; i < 10000; i++)
    {
      double number = alm_random_unit (&random);

      g_assert_true (number >= 0 && number < 1);
      sum += number;
    }
  g_assert_true (sum > 4500 && sum < 5500);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/random/split-mix", test_split_mix_is_the_published_one);
  g_test_add_func ("/base/random/xoshiro", test_xoshiro_is_the_published_one);
  g_test_add_func ("/base/random/seed-by", test_names_have_streams_of_their_own);
  g_test_add_func ("/base/random/below", test_below_stays_below_and_reaches_all);
  g_test_add_func ("/base/random/unit", test_unit_is_half_open);

  return g_test_run ();
}
