/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-symbol.h"

#include <math.h>

/* A model of a kind "bench" with one field, as text of JSON would say it. */
static AlmModel *
make_model (AlmValue *symbol,
            AlmValue *property)
{
  g_autoptr (AlmValue) schema = alm_value_new_object ();
  AlmValue *properties = alm_value_new_object ();
  AlmModel *model;

  alm_value_set_text (schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
  alm_value_set_text (schema, "$id", "https://daten.example/collections/bench/schema");
  alm_value_set_text (schema, "type", "object");
  alm_value_set_text (schema, "title", "Bank");
  if (symbol != NULL)
    alm_value_set (schema, "x-alm-symbol", symbol);
  alm_value_set (properties, "state", property);
  alm_value_set (schema, "properties", properties);
  model = alm_model_new ("bench", schema, NULL);
  g_assert_nonnull (model);

  return model;
}

static AlmValue *
make_symbol (void)
{
  AlmValue *symbol = alm_value_new_object ();
  AlmValue *sizes = alm_value_new_list ();
  const int stops[][2] = { { 12, 3 }, { 16, 7 } };

  for (guint i = 0; i < 2; i++)
    {
      AlmValue *stop = alm_value_new_list ();

      alm_value_append (stop, alm_value_new_integer (stops[i][0]));
      alm_value_append (stop, alm_value_new_integer (stops[i][1]));
      alm_value_append (sizes, stop);
    }
  alm_value_set_text (symbol, "shape", "diamond");
  alm_value_set_text (symbol, "color", "#2e7d32");
  alm_value_set_text (symbol, "by", "state");
  alm_value_set (symbol, "size", sizes);

  return symbol;
}

static AlmValue *
make_integer_field (gboolean with_codes)
{
  AlmValue *field = alm_value_new_object ();
  AlmValue *codes = alm_value_new_list ();

  alm_value_set_text (field, "type", "integer");
  alm_value_set_text (field, "title", "Zustand");
  for (int i = 0; i < 5; i++)
    {
      AlmValue *code = alm_value_new_object ();

      alm_value_set_integer (code, "const", i);
      alm_value_set_text (code, "title", i == 0 ? "gut" : "schlecht");
      alm_value_append (codes, code);
    }
  if (with_codes)
    alm_value_set (field, "oneOf", codes);
  else
    alm_value_unref (codes);

  return field;
}

static void
test_a_model_with_codes (void)
{
  g_autoptr (AlmModel) model = make_model (make_symbol (), make_integer_field (TRUE));
  g_autoptr (AlmSymbol) symbol = alm_symbol_new (model);

  g_assert_cmpint (alm_symbol_get_shape (symbol), ==, ALM_SYMBOL_DIAMOND);
  g_assert_cmphex (alm_symbol_get_color (symbol), ==, 0x2e7d32);
  g_assert_cmpstr (alm_symbol_get_by (symbol), ==, "state");
  g_assert_cmpuint (alm_symbol_get_n_classes (symbol), ==, 6);
  g_assert_cmpuint (alm_symbol_classify_text (symbol, "0"), ==, 1);
  g_assert_cmpuint (alm_symbol_classify_text (symbol, "4"), ==, 5);
  g_assert_cmpuint (alm_symbol_classify_text (symbol, "9"), ==, 0);
  g_assert_cmpuint (alm_symbol_classify_text (symbol, NULL), ==, 0);
  g_assert_cmpstr (alm_symbol_get_class_title (symbol, 1, "de"), ==, "gut");
  g_assert_cmphex (alm_symbol_get_class_color (symbol, 0), ==, 0x2e7d32);
  g_assert_cmphex (alm_symbol_get_class_color (symbol, 200), ==, 0x2e7d32);
  for (guint i = 1; i < 5; i++)
    g_assert_cmphex (alm_symbol_get_class_color (symbol, i), !=,
                     alm_symbol_get_class_color (symbol, i + 1));
}

static void
test_sizes_between_the_stops (void)
{
  g_autoptr (AlmModel) model = make_model (make_symbol (), make_integer_field (TRUE));
  g_autoptr (AlmSymbol) symbol = alm_symbol_new (model);
  g_autoptr (AlmSymbol) simple = alm_symbol_new_simple (ALM_SYMBOL_STAR, 0x123456, 9.0);

  g_assert_cmpfloat (alm_symbol_get_size (symbol, 3.0), ==, 3.0);
  g_assert_cmpfloat (alm_symbol_get_size (symbol, 12.0), ==, 3.0);
  g_assert_cmpfloat (alm_symbol_get_size (symbol, 14.0), ==, 5.0);
  g_assert_cmpfloat (alm_symbol_get_size (symbol, 22.0), ==, 7.0);
  g_assert_cmpfloat (alm_symbol_get_size (simple, 22.0), ==, 9.0);
}

static void
test_numbers_without_codes_have_quantiles (void)
{
  g_autoptr (AlmModel) model = make_model (make_symbol (), make_integer_field (FALSE));
  g_autoptr (AlmSymbol) symbol = alm_symbol_new (model);
  const double limits[] = { 1, 2, 3, 4 };

  g_assert_true (alm_symbol_has_quantiles (symbol));
  g_assert_cmpuint (alm_symbol_get_n_classes (symbol), ==, ALM_SYMBOL_QUANTILES + 1);
  g_assert_cmpuint (alm_symbol_classify_number (0.5, limits), ==, 1);
  g_assert_cmpuint (alm_symbol_classify_number (1.0, limits), ==, 2);
  g_assert_cmpuint (alm_symbol_classify_number (99.0, limits), ==, 5);
  g_assert_cmpuint (alm_symbol_classify_number (NAN, limits), ==, 0);
}

static void
test_a_field_that_says_how_wide (void)
{
  AlmValue *how = make_symbol ();
  AlmValue *metres = make_integer_field (FALSE);
  g_autoptr (AlmModel) model = NULL;
  g_autoptr (AlmSymbol) symbol = NULL;

  alm_value_set_text (how, "span", "state");
  alm_value_set_text (metres, "x-ogc-unit", "m");
  model = make_model (how, metres);
  symbol = alm_symbol_new (model);
  g_assert_cmpstr (alm_symbol_get_span (symbol), ==, "state");
}

static void
test_a_model_that_says_nothing (void)
{
  g_autoptr (AlmModel) model = make_model (NULL, make_integer_field (FALSE));
  g_autoptr (AlmSymbol) symbol = alm_symbol_new (model);

  g_assert_null (alm_symbol_get_by (symbol));
  g_assert_null (alm_symbol_get_span (symbol));
  g_assert_cmpuint (alm_symbol_get_n_classes (symbol), ==, 1);
  g_assert_cmpfloat (alm_symbol_get_size (symbol, 12.0), >, 2.0);
}

static void
test_colours (void)
{
  guint32 color = 7;

  g_assert_true (alm_symbol_parse_color ("#2e7d32", &color));
  g_assert_cmphex (color, ==, 0x2e7d32);
  g_assert_true (alm_symbol_parse_color ("#abc", &color));
  g_assert_cmphex (color, ==, 0xaabbcc);
  g_assert_false (alm_symbol_parse_color ("#-12345", &color));
  g_assert_false (alm_symbol_parse_color ("#12345", &color));
  g_assert_false (alm_symbol_parse_color ("#12345g", &color));
  g_assert_false (alm_symbol_parse_color ("green", &color));
  g_assert_false (alm_symbol_parse_color (NULL, &color));
  g_assert_cmphex (color, ==, 0xaabbcc);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/geo/symbol/codes", test_a_model_with_codes);
  g_test_add_func ("/geo/symbol/sizes", test_sizes_between_the_stops);
  g_test_add_func ("/geo/symbol/quantiles", test_numbers_without_codes_have_quantiles);
  g_test_add_func ("/geo/symbol/span", test_a_field_that_says_how_wide);
  g_test_add_func ("/geo/symbol/default", test_a_model_that_says_nothing);
  g_test_add_func ("/geo/symbol/colours", test_colours);

  return g_test_run ();
}
