/* SPDX-License-Identifier: EUPL-1.2 */

/* Sums by the published vectors; passwords that fit only themselves. */

#include "config.h"

#include "alm-hash.h"

#include <string.h>

static const AlmPasswordCost cheap = { 1, 8192 };

/* RFC 7693's function with a digest of 32 bytes, by Python's hashlib. */
static void
test_blake2b_256 (void)
{
  static const char expected[] = "bddd813c634239723171ef3fee98579b"
                                 "94964e3bb1cb3e427262c8c068d52319";
  guint8 hash[ALM_HASH_SIZE];
  g_autoptr (GString) text = g_string_new (NULL);

  alm_hash_256 (hash, "abc", 3);
  for (guint i = 0; i < sizeof hash; i++)
    g_string_append_printf (text, "%02x", hash[i]);

  g_assert_cmpstr (text->str, ==, expected);
}

/* The head of BLAKE2b-128 of "abc", read from the left. */
static void
test_head_is_big_endian (void)
{
  g_autofree char *text = alm_hash_to_text (alm_hash_64 ("abc", 3));

  g_assert_cmpstr (text, ==, "cf4ab791c62b8d2b");
}

static void
test_a_small_number_keeps_its_zeros (void)
{
  g_autofree char *text = alm_hash_to_text (10);

  g_assert_cmpstr (text, ==, "000000000000000a");
}

static void
test_a_password_fits_itself_alone (void)
{
  g_autofree char *one = alm_password_hash ("correct horse battery", &cheap);
  g_autofree char *two = alm_password_hash ("correct horse battery", &cheap);

  g_assert_true (g_str_has_prefix (one, "$argon2id$v=19$m=8,t=1,p=1$"));
  g_assert_cmpstr (one, !=, two);
  g_assert_true (alm_password_verify (one, "correct horse battery"));
  g_assert_true (alm_password_verify (two, "correct horse battery"));
  g_assert_false (alm_password_verify (one, "correct horse batterY"));
  g_assert_false (alm_password_verify (one, ""));
  g_assert_false (alm_password_verify ("no hash", "correct horse battery"));
}

/* The product's own cost is written into the hash. */
static void
test_cost_of_the_product (void)
{
  g_autofree char *hash = alm_password_hash ("correct horse battery", &alm_password_cost);

  g_assert_true (g_str_has_prefix (hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
}

static void
test_hashes_compared (void)
{
  guint8 a[ALM_HASH_SIZE];
  guint8 b[ALM_HASH_SIZE];

  alm_secret_random (a, sizeof a);
  memcpy (b, a, sizeof b);
  g_assert_true (alm_hash_equal (a, b));
  b[ALM_HASH_SIZE - 1] ^= 1;
  g_assert_false (alm_hash_equal (a, b));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/hash/256", test_blake2b_256);
  g_test_add_func ("/store/hash/64/big-endian", test_head_is_big_endian);
  g_test_add_func ("/store/hash/text/zeros", test_a_small_number_keeps_its_zeros);
  g_test_add_func ("/store/hash/password", test_a_password_fits_itself_alone);
  g_test_add_func ("/store/hash/password/cost", test_cost_of_the_product);
  g_test_add_func ("/store/hash/equal", test_hashes_compared);

  return g_test_run ();
}
