/* SPDX-License-Identifier: EUPL-1.2 */

/* A cell or a header of a foreign table: a value fits its field, or there is a reason;
 * days, numbers and names that were read are read as the same again. */

#include "config.h"

#include "alm-import-text.h"
#include "alm-json.h"
#include "fuzz-target.h"

#include <math.h>
#include <string.h>

static const char schema[] =
  "{\"type\":\"object\",\"properties\":{"
  "\"boolean\":{\"type\":\"boolean\"},"
  "\"code\":{\"type\":\"string\",\"oneOf\":[{\"const\":\"lime\",\"title\":\"Linde\","
  "\"x-alm-aliases\":[\"Li.\"]},{\"const\":\"oak\",\"title\":\"Eiche\"}]},"
  "\"date\":{\"type\":\"string\",\"format\":\"date\"},"
  "\"edtf\":{\"type\":\"string\",\"format\":\"edtf\"},"
  "\"integer\":{\"type\":\"integer\",\"minimum\":-5},"
  "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
  "\"moment\":{\"type\":\"string\",\"format\":\"date-time\"},"
  "\"number\":{\"type\":\"number\",\"x-ogc-unit\":\"cm\"},"
  "\"object\":{\"type\":\"object\"},"
  "\"reference\":{\"type\":\"string\",\"format\":\"uuid\",\"x-ogc-role\":\"reference\","
  "\"x-ogc-collectionId\":\"tree\"},"
  "\"text\":{\"type\":\"string\",\"maxLength\":20}}}";

/* Never changes; made once, as it takes longer than all the rest. */
static AlmModel *
get_model (void)
{
  static AlmModel *model;

  if (model == NULL)
    {
      g_autoptr (AlmValue) value = alm_json_parse (schema, -1, NULL, NULL);

      model = alm_model_new ("tree", value, NULL);
      g_assert_nonnull (model);
    }

  return model;
}

static void
try_values (const char *text)
{
  AlmModel *model = get_model ();

  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);
      AlmImportRule rule = { .field = field, .decimal = i % 2 ? ',' : '.', .scale = 1 };
      AlmImportFault fault = "unset";
      g_autoptr (AlmValue) read = alm_import_read_value (&rule, text, &fault);

      g_assert_true ((read == NULL) == (fault != NULL));
      if (read != NULL)
        g_assert_true (alm_field_check (field, read, NULL));
    }
}

static void
try_day (const char *text)
{
  g_autofree char *day = alm_import_parse_date (text);
  g_autofree char *again = day != NULL ? alm_import_parse_date (day) : NULL;

  g_assert_cmpstr (again, ==, day);
}

static void
try_number (const char *text,
            char        decimal)
{
  char written[32];
  double number, again;

  if (!alm_import_parse_number (text, decimal, &number))
    return;
  g_assert_true (isfinite (number));
  g_ascii_formatd (written, sizeof written, "%.17g", number);
  g_assert_true (alm_import_parse_number (written, '.', &again));
  g_assert_true (again == number);
}

static void
try_names (const char *text)
{
  g_autofree char *trimmed = alm_import_trim (text);
  g_autofree char *trimmed_twice = alm_import_trim (trimmed);
  g_autofree char *folded = alm_import_fold_name (text);
  g_autofree char *folded_twice = alm_import_fold_name (folded);
  g_autofree char *header = alm_import_clean_header (text);
  g_autofree char *rest = NULL;

  g_assert_cmpstr (trimmed_twice, ==, trimmed);
  g_assert_cmpstr (folded_twice, ==, folded);
  g_assert_true (g_utf8_validate (trimmed, -1, NULL));
  g_assert_true (g_utf8_validate (folded, -1, NULL));
  g_assert_true (g_utf8_validate (header, -1, NULL));
  g_assert_true (alm_import_is_near_name (text, text));
  if (alm_import_find_unit (header, &rest) != NULL)
    g_assert_true (g_str_has_prefix (header, rest) && g_utf8_validate (rest, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  /* The reader of the table has seen to that. */
  if (!g_utf8_validate (text, -1, NULL))
    return 0;

  try_values (text);
  try_day (text);
  try_number (text, '.');
  try_number (text, ',');
  try_names (text);

  return 0;
}
