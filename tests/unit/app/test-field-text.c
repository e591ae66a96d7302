/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-field-text.h"
#include "alm-test-desk.h"

#include <string.h>

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"properties\":{"
  "\"text\":{\"type\":\"string\",\"title\":\"Text\",\"minLength\":2,\"maxLength\":5},"
  "\"must\":{\"type\":\"string\",\"title\":\"Muss\"},"
  "\"plate\":{\"type\":\"string\",\"title\":\"Marke\",\"pattern\":\"^[A-Z] [0-9]+$\"},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\",\"minimum\":0,\"maximum\":70,"
  "\"x-ogc-unit\":\"m2\"},"
  "\"depth\":{\"type\":\"number\",\"title\":\"Tiefe\",\"maximum\":0},"
  "\"year\":{\"type\":\"integer\",\"title\":\"Jahr\",\"minimum\":1000},"
  "\"any\":{\"type\":\"integer\",\"title\":\"Zahl\"},"
  "\"day\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Tag\"},"
  "\"seen\":{\"type\":\"string\",\"format\":\"date-time\",\"title\":\"Gesehen\"},"
  "\"planted\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gepflanzt\"},"
  "\"safe\":{\"type\":\"boolean\",\"title\":\"Sicher\"},"
  "\"tags\":{\"type\":\"array\",\"title\":\"Merkmale\",\"items\":{\"type\":\"string\"}},"
  "\"kind\":{\"type\":\"string\",\"title\":\"Art\",\"oneOf\":["
  "{\"const\":\"li\",\"title\":\"Linde\",\"x-alm-title\":{\"en\":\"Linden\"}},"
  "{\"const\":\"ei\",\"title\":\"Eiche\"}]},"
  "\"owner\":{\"type\":\"object\",\"title\":\"Wem\"}},\"required\":[\"must\"]}";

typedef struct
{
  const char *field;
  const char *given;
  const char *expected;
} Case;

static AlmModel *
make_model (void)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);
  AlmModel *model = alm_model_new ("tree", value, NULL);

  g_assert_nonnull (model);

  return model;
}

static void
test_values_are_shown (void)
{
  static const Case cases[] = {
    { "text", "null", "" },
    { "text", "\"Ä\"", "Ä" },
    { "height", "12", "12" },
    { "height", "14.5", "14.5" },
    { "height", "0.1", "0.1" },
    { "year", "2026", "2026" },
    { "any", "-9007199254740991", "-9007199254740991" },
    { "day", "\"1950-05-03\"", "03.05.1950" },
    { "seen", "\"2026-11-26T08:12:00Z\"", "26.11.2026 09:12" },
    { "seen", "\"gestern\"", "gestern" },
    { "planted", "\"1950~\"", "about 1950" },
    { "safe", "true", "Yes" },
    { "safe", "false", "No" },
    { "tags", "[\"a\",\"b\",7]", "a, b, 7" },
    { "tags", "[]", "" },
    { "kind", "\"li\"", "Linden" },
    { "kind", "\"ei\"", "Eiche" },
    { "kind", "\"zz\"", "zz" },       /* not in the list any more */
    { "owner", "{\"a\":\"b\",\"n\":[1]}", "a: b\nn: [1]" },
    { "owner", "{\"name\":\"Krone.jpg\",\"size\":1,\"sha256\":"
      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "Krone.jpg" },
    /* A value of another type than the field's is shown as what it is. */
    { "height", "\"hoch\"", "hoch" },
    { "text", "7", "7" },
  };
  g_autoptr (AlmModel) model = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = alm_test_value (cases[i].given);
      g_autofree char *shown = alm_field_text_show (alm_model_find_field (model, cases[i].field),
                                                    value, "en");

      g_assert_cmpstr (shown, ==, cases[i].expected);
    }
}

static void
test_what_people_type_is_read (void)
{
  static const Case cases[] = {
    { "text", "  Au ", "\"Au\"" },
    { "text", "A\xcc\x88h", "\"Äh\"" },      /* composed */
    { "text", "äöüß!", "\"äöüß!\"" },     /* five characters, more bytes */
    { "text", "   ", "null" },
    { "height", "12", "12" },
    { "height", "14.50", "14.5" },
    { "height", "1e1", "10" },
    { "year", "1950", "1950" },
    { "any", "-3.0", "-3" },
    { "day", "3.5.1950", "\"1950-05-03\"" },
    { "planted", "um 1950", "\"1950~\"" },
    { "tags", "a, ,b ,", "[\"a\",\"b\"]" },
  };
  g_autoptr (AlmModel) model = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = NULL;
      g_autofree char *reason = NULL;
      g_autofree char *text = NULL;

      g_assert_true (alm_field_text_read (alm_model_find_field (model, cases[i].field),
                                          cases[i].given, &value, &reason));
      g_assert_null (reason);
      text = value != NULL ? alm_value_to_text (value) : g_strdup ("null");
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* Each says what is wrong, so that one can mend it. */
static void
test_what_does_not_fit_is_explained (void)
{
  static const Case cases[] = {
    { "must", " ", "This must not be empty." },
    { "text", "x", "This is too short: at least 2 characters." },
    { "text", "sechse", "This is too long: at most 5 characters." },
    { "plate", "b 7", "This does not have the form that this field needs." },
    { "height", "hoch", "Please enter a number." },
    { "height", "12 m", "Please enter a number." },
    { "height", "nan", "Please enter a number." },
    { "height", "inf", "Please enter a number." },
    { "height", "0x10", "Please enter a number." },
    { "height", "1e999", "Please enter a number." },
    { "height", "71", "Please enter a number from 0 to 70." },
    { "depth", "1", "Please enter a number of 0 or less." },
    { "year", "12", "Please enter a number of 1000 or more." },
    { "any", "1.5", "Please enter a whole number." },
    { "any", "9007199254740993000", "Please enter a whole number." },
    { "day", "31.2.1950", "Please enter a day such as 23.11.2026." },
    { "planted", "neulich", "Please enter a date such as 1950, 5.1950, 3.5.1950, about 1950 "
                            "or before 1950." },
    { "kind", "zz", "This value does not fit here." },
  };
  g_autoptr (AlmModel) model = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = NULL;
      g_autofree char *reason = NULL;

      g_assert_false (alm_field_text_read (alm_model_find_field (model, cases[i].field),
                                           cases[i].given, &value, &reason));
      g_assert_null (value);
      g_assert_cmpstr (reason, ==, cases[i].expected);
    }
}

static void
test_units_are_written_as_people_do (void)
{
  g_autoptr (AlmModel) model = make_model ();

  g_assert_cmpstr (alm_field_text_unit (alm_model_find_field (model, "height")), ==, "m²");
  g_assert_cmpstr (alm_field_text_unit (alm_model_find_field (model, "year")), ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "UTC-1", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/field-text/show", test_values_are_shown);
  g_test_add_func ("/app/field-text/read", test_what_people_type_is_read);
  g_test_add_func ("/app/field-text/explained", test_what_does_not_fit_is_explained);
  g_test_add_func ("/app/field-text/unit", test_units_are_written_as_people_do);

  return g_test_run ();
}
