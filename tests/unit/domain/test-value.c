/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-random.h"
#include "alm-test.h"
#include "alm-value.h"

#include <math.h>
#include <string.h>

static char *
text_of_double (double number)
{
  g_autoptr (AlmValue) value = alm_value_new_double (number);

  return alm_value_to_text (value);
}

/* Numbers of RFC 8785, appendix B, in our form. */
static void
test_numbers_have_one_text (void)
{
  static const struct {
    guint64     bits;
    const char *text;
  } cases[] = {
    { 0x0000000000000000, "0" }, { 0x8000000000000000, "0" },
    { 0x0000000000000001, "4.94065645841247e-324" }, { 0x8000000000000001,
    "-4.94065645841247e-324" },
    { 0x7fefffffffffffff, "1.7976931348623157e+308" },
    { 0x4340000000000000, "9007199254740992.0" }, { 0xc340000000000000, "-9007199254740992.0" },
    { 0x433fffffffffffff, "9007199254740991" }, { 0x4430000000000000, "2.9514790517935283e+20" },
    { 0x44b52d02c7e14af5, "9.999999999999997e+22" }, { 0x44b52d02c7e14af6, "1e+23" },
    { 0x44b52d02c7e14af7, "1.0000000000000001e+23" }, { 0x444b1ae4d6e2ef4f,
    "9.999999999999999e+20" },
    { 0x444b1ae4d6e2ef50, "1e+21" }, { 0x3eb0c6f7a0b5ed8d, "1e-06" },
    { 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-07" }, { 0x41b3de4355555553, "333333333.3333332" },
    { 0x41b3de4355555555, "333333333.3333333" }, { 0xbecbf647612f3696, "-3.3333333333333333e-06" },
    { 0x43143ff3c1cb0959, "1424953923781206.2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double number;
      g_autofree char *text = NULL;

      memcpy (&number, &cases[i].bits, sizeof number);
      text = text_of_double (number);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_equal_numbers_are_equal (void)
{
  g_autoptr (AlmValue) whole = alm_value_new_double (3.0);
  g_autoptr (AlmValue) integer = alm_value_new_integer (3);
  g_autoptr (AlmValue) fraction = alm_value_new_double (3.5);

  g_assert_true (alm_value_is (whole, ALM_VALUE_INTEGER));
  g_assert_true (alm_value_equal (whole, integer));
  g_assert_false (alm_value_equal (whole, fraction));
  g_assert_true (alm_value_is_number (fraction));
  g_assert_cmpfloat (alm_value_get_double (integer), ==, 3);
  g_assert_cmpint (alm_value_get_integer (fraction), ==, 0);
  g_assert_true (isnan (alm_value_get_double (NULL)));
}

static void
test_null_is_absent (void)
{
  g_autoptr (AlmValue) null = alm_value_new_null ();

  g_assert_true (alm_value_equal (null, NULL));
  g_assert_true (alm_value_is (NULL, ALM_VALUE_NULL));
  g_assert_cmpuint (alm_value_get_size (NULL), ==, 0);
  g_assert_null (alm_value_get (NULL, "a"));
  g_assert_null (alm_value_get_text (NULL));
  g_assert_false (alm_value_get_boolean (NULL));
}

static void
test_members_are_sorted_and_single (void)
{
  g_autoptr (AlmValue) object = alm_value_new_object ();
  g_autofree char *text = NULL;

  g_assert_false (alm_value_set (object, "b", alm_value_new_integer (1)));
  g_assert_false (alm_value_set (object, "a", alm_value_new_integer (2)));
  g_assert_false (alm_value_set (object, "c", alm_value_new_integer (3)));
  g_assert_true (alm_value_set (object, "b", alm_value_new_integer (4)));
  g_assert_true (alm_value_set (object, "c", NULL));
  g_assert_false (alm_value_set (object, "c", NULL));
  alm_value_set_text (object, "aa", "x");
  alm_value_set_text (object, "zz", NULL);

  text = alm_value_to_text (object);
  g_assert_cmpstr (text, ==, "{\"a\":2,\"aa\":\"x\",\"b\":4}");
  g_assert_cmpint (alm_value_get_integer_of (object, "b", 0), ==, 4);
  g_assert_cmpint (alm_value_get_integer_of (object, "c", -1), ==, -1);
  g_assert_cmpstr (alm_value_get_text_of (object, "aa"), ==, "x");
  g_assert_cmpstr (alm_value_get_key (object, 1), ==, "aa");
}

static void
test_added_members_are_sorted_at_the_end (void)
{
  g_autoptr (AlmValue) object = alm_value_new_object ();

  alm_value_add_member (object, g_strdup ("b"), alm_value_new_integer (1));
  alm_value_add_member (object, g_strdup ("a"), alm_value_new_integer (2));
  g_assert_null (alm_value_sort_members (object));
  g_assert_cmpint (alm_value_get_integer_of (object, "a", 0), ==, 2);

  alm_value_add_member (object, g_strdup ("a"), alm_value_new_integer (3));
  g_assert_cmpstr (alm_value_sort_members (object), ==, "a");
}

static void
test_a_copy_is_another_list (void)
{
  g_autoptr (AlmValue) list = alm_value_new_list ();
  g_autoptr (AlmValue) copy = NULL;
  g_autofree char *text = NULL;

  alm_value_append (list, alm_value_new_text ("a"));
  copy = alm_value_copy (list);
  alm_value_append (copy, alm_value_new_text ("b"));
  text = alm_value_to_text (list);
  g_assert_cmpstr (text, ==, "[\"a\"]");
  g_assert_true (alm_value_get_item (list, 0) == alm_value_get_item (copy, 0));
}

static void
test_text_is_composed (void)
{
  g_autoptr (AlmValue) composed = alm_value_new_text ("B\xc3\xa4ume");
  g_autoptr (AlmValue) decomposed = alm_value_new_text ("Ba\xcc\x88ume");

  g_assert_true (alm_value_equal (composed, decomposed));
  g_assert_cmpstr (alm_value_get_text (decomposed), ==, "B\xc3\xa4ume");
}

static gunichar
random_character (AlmRandom *random)
{
  static const gunichar limits[] = { 0x20, 0x80, 0x250, 0x370, 0x2100, 0xd800, 0x110000 };
  guint range = alm_random_below (random, G_N_ELEMENTS (limits));
  gunichar low = range > 0 ? limits[range - 1] : 1;
  gunichar c = low + alm_random_below (random, limits[range] - low);

  return c >= 0xd800 && c < 0xe000 ? 0xfffd : c;
}

static AlmValue *
random_text (AlmRandom *random)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint n = alm_random_below (random, 8); n > 0; n--)
    g_string_append_unichar (text, random_character (random));

  return alm_value_new_text_len (text->str, text->len);
}

static AlmValue *
random_number (AlmRandom *random)
{
  guint64 bits = alm_random_next (random);
  double number;

  switch (alm_random_below (random, 4))
    {
    case 0:
      return alm_value_new_integer ((gint64) (bits % (2 * (guint64) ALM_VALUE_INTEGER_MAX))
                                    - ALM_VALUE_INTEGER_MAX);

    case 1:
      return alm_value_new_double ((double) (gint64) bits / 1000);

    default:
      memcpy (&number, &bits, sizeof number);
      return alm_value_new_double (isfinite (number) ? number : 0.5);
    }
}

static AlmValue *
random_value (AlmRandom *random,
              guint      depth)
{
  guint kind = alm_random_below (random, depth > 0 ? 7 : 5);
  AlmValue *value;

  if (kind == 0)
    return alm_value_new_null ();
  if (kind == 1)
    return alm_value_new_boolean (alm_random_below (random, 2) == 1);
  if (kind == 2)
    return random_text (random);
  if (kind < 5)
    return random_number (random);

  value = kind == 5 ? alm_value_new_list () : alm_value_new_object ();
  for (guint n = alm_random_below (random, 5); n > 0; n--)
    {
      g_autoptr (AlmValue) key = random_text (random);

      if (kind == 5)
        alm_value_append (value, random_value (random, depth - 1));
      else
        alm_value_set (value, alm_value_get_text (key), random_value (random, depth - 1));
    }

  return value;
}

/* What is printed reads back as an equal value, and prints the same again. */
static void
test_random_values_read_back_equal (void)
{
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed (&random, seed);
  for (guint i = 0; i < ALM_TEST_ROUNDS (100000); i++)
    {
      g_autoptr (AlmValue) value = random_value (&random, 3);
      g_autofree char *text = alm_value_to_text (value);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmValue) back = alm_json_parse (text, -1, NULL, &error);
      g_autofree char *again = NULL;

      if (back == NULL)
        g_error ("%s: %s", error->message, text);
      g_assert_true (alm_value_equal (value, back));
      again = alm_value_to_text (back);
      g_assert_cmpstr (again, ==, text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/value/number/text", test_numbers_have_one_text);
  g_test_add_func ("/domain/value/number/equal", test_equal_numbers_are_equal);
  g_test_add_func ("/domain/value/null", test_null_is_absent);
  g_test_add_func ("/domain/value/object/set", test_members_are_sorted_and_single);
  g_test_add_func ("/domain/value/object/add", test_added_members_are_sorted_at_the_end);
  g_test_add_func ("/domain/value/copy", test_a_copy_is_another_list);
  g_test_add_func ("/domain/value/text/composed", test_text_is_composed);
  g_test_add_func ("/domain/value/random", test_random_values_read_back_equal);

  return g_test_run ();
}
