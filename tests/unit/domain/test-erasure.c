/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-erasure.h"
#include "alm-json.h"

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

/* @value: (transfer full) */
static void
assert_is (AlmValue   *value,
           const char *expected)
{
  g_autofree char *text = alm_value_to_text (value);

  g_assert_cmpstr (text, ==, expected);
  alm_value_unref (value);
}

static void
test_fields_go_or_stand_empty (void)
{
  g_autoptr (AlmValue) names = parse ("[\"owner\",\"phone\"]");
  g_autoptr (AlmValue) fields = parse ("{\"owner\":\"Müller\",\"year\":1990}");

  assert_is (alm_erasure_strip (names, fields), "{\"year\":1990}");
  assert_is (alm_erasure_blank (names, fields), "{\"owner\":null,\"year\":1990}");
  assert_is (alm_erasure_strip (NULL, fields), "{}");
  assert_is (alm_erasure_blank (NULL, fields), "{\"owner\":null,\"year\":null}");
  assert_is (alm_erasure_strip (names, NULL), "{}");
}

static void
test_conflicts_about_a_field_or_its_group (void)
{
  g_autoptr (AlmValue) schema = parse (
    "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
    "\"street\":{\"type\":\"string\",\"title\":\"Straße\",\"x-alm-group\":\"address\"},"
    "\"number\":{\"type\":\"string\",\"title\":\"Nummer\",\"x-alm-group\":\"address\"},"
    "\"year\":{\"type\":\"integer\",\"title\":\"Jahr\"}}}");
  g_autoptr (AlmModel) model = alm_model_new ("tree", schema, NULL);
  g_autoptr (AlmValue) names = parse ("[\"street\"]");
  g_autoptr (AlmValue) address = parse ("{\"field\":\"address\"}");
  g_autoptr (AlmValue) street = parse ("{\"field\":\"street\"}");
  g_autoptr (AlmValue) year = parse ("{\"field\":\"year\"}");
  g_autoptr (AlmValue) whole = parse ("{\"field\":\"\"}");

  g_assert_nonnull (model);
  g_assert_true (alm_erasure_takes_conflict (names, model, street));
  g_assert_true (alm_erasure_takes_conflict (names, model, address));
  g_assert_false (alm_erasure_takes_conflict (names, model, year));
  g_assert_false (alm_erasure_takes_conflict (names, model, whole));
  g_assert_false (alm_erasure_takes_conflict (names, NULL, address));
  g_assert_true (alm_erasure_takes_conflict (NULL, NULL, year));
}

static void
test_a_reason_that_tells_it (void)
{
  g_autoptr (AlmValue) names = parse ("[\"owner\",\"code\"]");
  g_autoptr (AlmValue) fields = parse ("{\"code\":\"am\",\"owner\":\"Müller\",\"year\":1990,"
                                       "\"species\":\"Linde\"}");

  g_assert_true (alm_erasure_is_told (names, fields, "Frau MÜLLER will es so"));
  g_assert_false (alm_erasure_is_told (names, fields, "am Tag der Linde"));
  g_assert_false (alm_erasure_is_told (names, fields, NULL));
  g_assert_true (alm_erasure_is_told (NULL, fields, "am Tag der Linde"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/erasure/fields-go-or-stand-empty", test_fields_go_or_stand_empty);
  g_test_add_func ("/erasure/conflicts", test_conflicts_about_a_field_or_its_group);
  g_test_add_func ("/erasure/a-reason-that-tells-it", test_a_reason_that_tells_it);

  return g_test_run ();
}
