/* SPDX-License-Identifier: EUPL-1.2 */

/* The strict reader against a table of texts: what is JSON and what it means,
 * what is none, and what is JSON that cannot be kept. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-json.h"
#include "alm-test.h"

#include <string.h>

/* text · canonical text, NULL where they are equal */
static const char *const valid[][2] = {
  { "null", NULL }, { "true", NULL }, { "false", NULL }, { "0", NULL }, { "-0", "0" },
  { "1", NULL }, { "-1", NULL }, { "10", NULL }, { "123456789", NULL },
  { "9007199254740991", NULL }, { "-9007199254740991", NULL },
  { "0.0", "0" }, { "-0.0", "0" }, { "1.0", "1" }, { "-1.50", "-1.5" }, { "0.1", NULL },
  { "0.30000000000000004", NULL }, { "1e0", "1" }, { "1E2", "100" }, { "1e+2", "100" },
  { "1e-2", "0.01" }, { "12.5e1", "125" }, { "1e-400", "0" }, { "-1e-400", "0" },
  { "1e15", "1000000000000000" }, { "1e16", "1e+16" }, { "1e300", "1e+300" },
  { "1.7976931348623157e308", "1.7976931348623157e+308" }, { "5e-324", "4.94065645841247e-324" },
  { "0.000001", "1e-06" }, { "3.141592653589793238462643383279", "3.141592653589793" },
  { "9007199254740993.0", "9007199254740992.0" },
  { "\"\"", NULL }, { "\"a\"", NULL }, { "\"a b\"", NULL }, { "\"\\u0041\"", "\"A\"" },
  { "\"\\n\"", NULL }, { "\"\\t\\r\\b\\f\"", "\"\\t\\r\\b\\f\"" }, { "\"\\/\"", "\"/\"" },
  { "\"\\\\\"", NULL }, { "\"\\\"\"", NULL }, { "\"\\u001f\"", NULL }, { "\"\\u007f\"",
  "\"\x7f\"" },
  { "\"\\u00e4\"", "\"ä\"" }, { "\"\\u00E4\"", "\"ä\"" }, { "\"ä\"", NULL },
  { "\"\\ud83c\\udf33\"", "\"🌳\"" }, { "\"\\uD83C\\uDF33\"", "\"🌳\"" }, { "\"🌳\"", NULL },
  { "\"\\uffff\"", "\"\xef\xbf\xbf\"" }, { "\"\\ue000\"", "\"\xee\x80\x80\"" },
  { "\"\\u2028\"", "\"\xe2\x80\xa8\"" }, { "\"a\\u0308\"", "\"ä\"" }, { "\"a\xcc\x88\"", "\"ä\"" },
  { "\"\xe2\x84\xab\"", "\"Å\"" }, { "\"'\"", NULL }, { "\"<script>&\"", NULL },
  { "\"// no comment\"", NULL }, { "\"NaN\"", NULL },
  { "[]", NULL }, { "[ ]", "[]" }, { "[1]", NULL }, { "[1,2]", NULL }, { "[ 1 , 2 ]", "[1,2]" },
  { "[null]", NULL }, { "[[]]", NULL }, { "[[],[[]]]", NULL }, { "[true,false]", NULL },
  { "[1,\"a\",{}]", NULL }, { "\t[\n1\r,2 ]\n", "[1,2]" },
  { "{}", NULL }, { "{ }", "{}" }, { "{\"a\":1}", NULL }, { " { \"a\" : 1 } ", "{\"a\":1}" },
  { "{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}" }, { "{\"\":1}", NULL },
  { "{\"a\":null}", NULL }, { "{\"a\":{\"b\":[{}]}}", NULL },
  { "{\"aa\":1,\"a\":2,\"b\":3}", "{\"a\":2,\"aa\":1,\"b\":3}" },
  { "{\"A\":1,\"a\":2,\"_\":3}", "{\"A\":1,\"_\":3,\"a\":2}" },
  /* By bytes of UTF-8: a private character stands before one beyond the BMP. */
  { "{\"\xf0\x9f\x8c\xb3\":1,\"\xee\x80\x80\":2}", "{\"\xee\x80\x80\":2,\"\xf0\x9f\x8c\xb3\":1}" },
  { "{\"\\u0061\":1}", "{\"a\":1}" }, { "{\"a\xcc\x88\":1}", "{\"ä\":1}" },
  { "{\"a/b\":1,\"a~b\":2}", NULL }, { "{\"1\":1,\"10\":2,\"9\":3}", NULL },
  { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL },
  { "[1.5,-2.25,1e-7]", "[1.5,-2.25,1e-07]" }, { "{\"n\":-5.0}", "{\"n\":-5}" },
  { "\"\\u00df\\u1e9e\"", "\"ßẞ\"" }, { "\"\\uac00\"", "\"가\"" },
  { "\"\\u1100\\u1161\"", "\"가\"" }, { "\"Stra\xc3\x9f" "e\"", NULL },
};

/* Texts that are no JSON. */
static const char *const broken[] = {
  "", " ", "\n", "nul", "nulL", "NULL", "None", "True", "TRUE", "tru", "fals", "falsee", "nullx",
  "undefined", "NaN", "-NaN", "Infinity", "-Infinity", "inf", "+1", "+", "-", "--1", "- 1", "01",
  "00",
  "-01", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1e-", "1E", "0x10", "0b1", "1_000", "1,5", "1 2",
  "1.2.3", "1e2.5", "1e2e3", "١", "½", "0777", "1f", "1L",
  "'a'", "`a`", "\"", "\"a", "a\"", "\"a\"b", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\'\"",
  "\"\\0\"",
  "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\U00000041\"", "\"\\u{41}\"",
  "\"\\u-123\"", "\"\\u 123\"", "\"\\ud83c\\u\"", "\"\\ud83c\\uzzzz\"",
  "\"\n\"", "\"\t\"", "\"\r\"", "\"\x01\"", "\"\x1f\"", "\"\\\n\"",
  "[", "]", "[1", "[1,", "[,", "[,]", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]", "[1]]",
  "[1}", "[\"a\" \"b\"]", "[1,2", "[[]", "[]]", "[1]x", "(1)", "[1]//", "[1]/* */", "[/**/1]",
  "{", "}", "{]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}",
  "{\"a\"=1}", "{\"a\":1;\"b\":2}", "{\"a\":1 \"b\":2}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}",
  "{\"a\":1}}", "{\"a\":1}{}", "{} {}", "{}\n{}", "[1][2]", "{\"a\":1}null", "{\"a\":1},",
  "{:1}", "{\"a\"::1}", "{\"a\":,}", "{\"a\":1,,\"b\":2}", "{\"a\":1]", "{[]:1}", "{\"a\":1,2}",
  /* Doubled keys, however they are written. */
  "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\"\\u0061\":2}",
  "{\"\":1,\"\":2}", "{\"x\":{\"a\":1,\"a\":2}}", "[{\"a\":1,\"a\":2}]",
  "{\"\xc3\xa4\":1,\"a\xcc\x88\":2}", "{\"\\u00e4\":1,\"\\u0061\\u0308\":2}",
  "{\"b\":1,\"a\":2,\"c\":3,\"b\":4}", "{\"constructor\":1,\"constructor\":2}",
  /* Comments, scripts, other dialects. */
  "// a\n1", "/* a */1", "# a\n1", "1 // a", "var x = 1", "x = {}", "{}//", "<a/>", "a=1",
  "---\n- 1",
  "!!str a", "\\u0031", "\xef\xbb\xbf{}", "\xff\xfe{", "{\"a\":1}\f", "\v1", "\xc2\xa0" "1",
  "1\xe2\x80\x89", "\xe2\x80\xa8" "1",
  /* Not UTF-8. */
  "\"\x80\"", "\"\xff\"", "\"\xc3\"", "\"\xc3(\"", "\"\xe2\x82\"", "\"\xf0\x9f\x8c\"",
  "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
  "\"\xf8\x88\x80\x80\x80\"",
  "{\"\xe4\":1}", "\"Stra\xdf" "e\"", "\xe4", "[\xfc]",
  /* Nested too deeply. */
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
  "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
};

/* text · path of the flaw · whether the text is at fault, or else the value */
static const struct {
  const char *text;
  const char *path;
  gboolean    is_text;
} flawed[] = {
  { "\"\\u0000\"", "", TRUE }, { "{\"a\":\"x\\u0000y\"}", "/a", TRUE },
  { "\"\\ud800\"", "", TRUE }, { "\"\\udc00\"", "", TRUE }, { "\"\\ud800x\"", "", TRUE },
  { "\"\\ud800\\n\"", "", TRUE }, { "\"\\ud800\\ud800\"", "", TRUE },
  { "\"\\udc00\\ud800\"", "", TRUE }, { "\"\\ud800\\u0041\"", "", TRUE },
  { "{\"\\u0000\":1}", "", TRUE }, { "{\"a\":1,\"a\\u0000\":2}", "", TRUE },
  { "{\"a\":{\"b\":[1,\"\\udfff\"]}}", "/a/b/1", TRUE },
  { "{\"a/b\":{\"c~d\":\"\\u0000\"}}", "/a~1b/c~0d", TRUE },
  { "9007199254740992", "", FALSE }, { "-9007199254740992", "", FALSE },
  { "9223372036854775808", "", FALSE }, { "100000000000000000000000000000", "", FALSE },
  { "1e309", "", FALSE }, { "-1e309", "", FALSE }, { "1e999999999999", "", FALSE },
  { "{\"n\":1e999}", "/n", FALSE }, { "[0,18446744073709551615]", "/1", FALSE },
  { "{\"a\":1e999,\"b\":\"\\u0000\"}", "/a", FALSE },
};

static void
test_valid_texts_have_one_meaning (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (valid); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (AlmJsonFlaw) flaw = { 0 };
      g_autoptr (AlmValue) value = alm_json_parse (valid[i][0], -1, &flaw, &error);
      g_autofree char *text = NULL;

      if (value == NULL)
        g_error ("%s: %s", valid[i][0], error->message);
      text = alm_value_to_text (value);
      g_assert_cmpstr (text, ==, valid[i][1] != NULL ? valid[i][1] : valid[i][0]);
      g_assert_cmpint (flaw.code, ==, 0);
    }
}

static void
test_broken_texts_are_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (AlmJsonFlaw) flaw = { 0 };
      g_autoptr (AlmValue) value = alm_json_parse (broken[i], -1, &flaw, &error);

      if (value != NULL)
        g_error ("taken: %s", broken[i]);
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_flaws_are_of_one_value (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (flawed); i++)
    {
      int code = flawed[i].is_text ? ALM_FORMAT_ERROR_BAD_TEXT : ALM_FORMAT_ERROR_BAD_VALUE;
      g_autoptr (GError) error = NULL;
      g_auto (AlmJsonFlaw) flaw = { 0 };
      g_autoptr (AlmValue) value = alm_json_parse (flawed[i].text, -1, &flaw, &error);
      g_autoptr (AlmValue) strict = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (value);
      g_assert_cmpint (flaw.code, ==, code);
      g_assert_cmpstr (flaw.path, ==, flawed[i].path);

      /* Without a place for the flaw it is an error. */
      strict = alm_json_parse (flawed[i].text, -1, NULL, &error);
      g_assert_null (strict);
      g_assert_error (error, ALM_FORMAT_ERROR, code);
    }
}

/* The member whose key cannot be kept does not take another one's place. */
static void
test_a_flawed_key_hides_no_other (void)
{
  g_auto (AlmJsonFlaw) flaw = { 0 };
  g_autoptr (AlmValue) value = alm_json_parse ("{\"a\\u0000\":2,\"a\":1}", -1, &flaw, NULL);

  g_assert_nonnull (value);
  g_assert_cmpint (alm_value_get_integer_of (value, "a", 0), ==, 1);
  g_assert_cmpuint (alm_value_get_size (value), ==, 1);
}

static void
test_nul_and_length (void)
{
  static const char text[] = "[1]\0[2]";
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) whole = alm_json_parse (text, sizeof text - 1, NULL, &error);
  g_autoptr (AlmValue) part = NULL;

  g_assert_null (whole);
  g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
  g_assert_nonnull (strstr (error->message, "NUL at byte 4"));

  part = alm_json_parse ("[12]", 3, NULL, NULL);
  g_assert_null (part);
  part = alm_json_parse ("12]", 2, NULL, NULL);
  g_assert_cmpint (alm_value_get_integer (part), ==, 12);
}

static void
test_places_are_named (void)
{
  static const char *const cases[][2] = {
    { "{\"a\":tru}", "byte 6" }, { "{\"year\":1,\"year\":2}", "\"year\"" }, { "[1,2", "byte 5" },
    { "\"ab\xff\"", "not UTF-8 at byte 4" }, { "1 2", "byte 3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmValue) value = alm_json_parse (cases[i][0], -1, NULL, &error);

      g_assert_null (value);
      g_assert_nonnull (strstr (error->message, cases[i][1]));
    }
}

/* Every beginning of a text is refused, and none reads past its end. */
static void
test_cut_texts_are_refused (void)
{
  static const char text[] = "{\"a\":[1,-2.5e3,\"x\\u00e4\\n🌳\",{\"b\":null}],\"c\":true}";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char *cut = g_memdup2 (text, MAX (length, 1));
      g_autoptr (AlmValue) value = alm_json_parse (cut, (gssize) length, NULL, NULL);

      g_assert_null (value);
    }
}

/* Written backwards, an object takes no more steps than forwards; the time
 * limit of the runner finds a quadratic reader. */
static void
test_many_members (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (AlmValue) value = NULL;
  int n = ALM_TEST_ROUNDS (600000);

  for (int i = n; i > 0; i--)
    g_string_append_printf (text, "\"%06d\":1%s", i, i > 1 ? "," : "}");

  value = alm_json_parse (text->str, (gssize) text->len, NULL, NULL);
  g_assert_cmpuint (alm_value_get_size (value), ==, n);
  g_assert_cmpstr (alm_value_get_key (value, 0), ==, "000001");
  g_assert_nonnull (alm_value_get (value, "045678"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/format/json/valid", test_valid_texts_have_one_meaning);
  g_test_add_func ("/format/json/broken", test_broken_texts_are_refused);
  g_test_add_func ("/format/json/flawed", test_flaws_are_of_one_value);
  g_test_add_func ("/format/json/flawed-key", test_a_flawed_key_hides_no_other);
  g_test_add_func ("/format/json/nul", test_nul_and_length);
  g_test_add_func ("/format/json/place", test_places_are_named);
  g_test_add_func ("/format/json/cut", test_cut_texts_are_refused);
  g_test_add_func ("/format/json/many-members", test_many_members);

  return g_test_run ();
}
