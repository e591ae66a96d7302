/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-legend.h"

#define BY_HEIGHT ",\"by\":\"height\""

/* Titles of all lines, in one text.
 * @by: end of the symbol's description */
static char *
make_titles (const char   *by,
             const char   *property,
             const double *limits)
{
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-layer\":\"asset\",\"x-alm-symbol\":{"
    "\"shape\":\"square\",\"color\":\"#808080\"%s},\"properties\":{\"geometry\":{"
    "\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},\"height\":%s}}", by,
    property);
  g_autoptr (AlmValue) schema = alm_json_parse (text, -1, NULL, NULL);
  g_autoptr (AlmModel) model = alm_model_new ("bench", schema, NULL);
  g_autoptr (AlmSymbol) symbol = alm_symbol_new (model);
  g_autoptr (GPtrArray) lines = alm_legend_make (model, symbol, limits);
  GString *titles = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const AlmLegendLine *line = g_ptr_array_index (lines, i);

      g_assert_cmpstr (line->of, ==, "Height");
      g_string_append_printf (titles, "%u %s;", line->class_, line->title);
    }

  return g_string_free (titles, FALSE);
}

static void
test_parts_are_named_by_their_limits (void)
{
  static const char height[] = "{\"type\":\"number\",\"title\":\"Height\",\"x-ogc-unit\":\"m\"}";
  const double limits[] = { 0.5, 4, 4, 12345 };
  const double years[] = { 1900, 1950, 1975, 2000 };
  g_autofree char *metres = make_titles (BY_HEIGHT, height, limits);
  g_autofree char *planted = make_titles (BY_HEIGHT,
                                          "{\"type\":\"integer\",\"title\":\"Height\"}", years);

  /* The third of them is empty: nothing is both 4 and more and less than 4. */
  g_assert_cmpstr (metres, ==, "1 under 0.5 m;2 0.5 m to under 4 m;4 4 m to under 12345 m;"
                               "5 12345 m or more;0 not given;");
  g_assert_cmpstr (planted, ==, "1 under 1900;2 1900 to under 1950;3 1950 to under 1975;"
                                "4 1975 to under 2000;5 2000 or more;0 not given;");
}

static void
test_codes_are_named_by_their_titles (void)
{
  g_autofree char *titles = make_titles (
    BY_HEIGHT,
    "{\"type\":\"integer\",\"title\":\"Height\",\"oneOf\":[{\"const\":0,\"title\":\"low\"},"
    "{\"const\":1,\"title\":\"high\"}]}", NULL);

  g_assert_cmpstr (titles, ==, "1 low;2 high;0 not given;");
}

static void
test_one_colour_needs_no_words (void)
{
  g_autofree char *titles = make_titles ("", "{\"type\":\"number\",\"title\":\"Height\"}", NULL);

  g_assert_cmpstr (titles, ==, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/legend/limits", test_parts_are_named_by_their_limits);
  g_test_add_func ("/app/legend/codes", test_codes_are_named_by_their_titles);
  g_test_add_func ("/app/legend/none", test_one_colour_needs_no_words);

  return g_test_run ();
}
