/* SPDX-License-Identifier: EUPL-1.2 */

/* Attached files as values name them. */

#include "config.h"

#include "alm-blob.h"
#include "alm-json.h"

#include <string.h>

#define ONE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TWO "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static void
test_a_value_names_a_file (void)
{
  g_autoptr (AlmValue) value = parse ("{\"sha256\":\"" TWO "\",\"size\":12,\"name\":\"a.jpg\","
                                      "\"type\":\"image/jpeg\"}");
  g_autoptr (AlmValue) again = NULL;
  AlmBlob blob;

  g_assert_true (alm_blob_read (value, &blob));
  g_assert_cmpstr (blob.sha256, ==, TWO);
  g_assert_cmpint (blob.size, ==, 12);
  g_assert_cmpstr (blob.name, ==, "a.jpg");
  g_assert_cmpstr (blob.type, ==, "image/jpeg");

  again = alm_blob_to_value (&blob);
  g_assert_true (alm_value_equal (value, again));
}

static void
test_other_values_name_none (void)
{
  static const char *const texts[] = {
    "null", "\"" ONE "\"", "[]", "{}",
    "{\"sha256\":\"" ONE "\"}",
    "{\"sha256\":\"" ONE "\",\"size\":\"1\"}",
    "{\"sha256\":\"" ONE "\",\"size\":1.5}",
    "{\"sha256\":\"" ONE "\",\"size\":-1}",
    "{\"sha256\":\"" ONE "\",\"size\":536870913}",
    "{\"sha256\":\"" ONE "a\",\"size\":1}",
    "{\"size\":1,\"sha256\":\"Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
    "{\"size\":1,\"sha256\":\"../../../../../../../../../../../../../../../../../../etc/passwd\"}",
  };
  AlmBlob blob;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AlmValue) value = parse (texts[i]);

      g_test_message ("%s", texts[i]);
      g_assert_false (alm_blob_read (value, &blob));
    }
  g_assert_false (alm_blob_read (NULL, &blob));
}

static void
append_cb (const AlmBlob *blob,
           gpointer       user_data)
{
  g_string_append_printf (user_data, "%c%d ", blob->sha256[0], (int) blob->size);
}

static void
test_each_is_found_however_deep (void)
{
  g_autoptr (AlmValue) value =
    parse ("{\"photo\":{\"sha256\":\"" ONE "\",\"size\":1},\"note\":\"" TWO "\","
           "\"mine\":{\"more\":[{\"sha256\":\"" TWO "\",\"size\":2},{\"sha256\":\"x\"}]}}");
  g_autoptr (GString) found = g_string_new (NULL);

  alm_blob_each (value, append_cb, found);
  g_assert_cmpstr (found->str, ==, "02 a1 ");
  g_assert_true (alm_blob_is_named (value, TWO));
  g_assert_false (alm_blob_is_named (value, "b" TWO));
  g_assert_false (alm_blob_is_named (NULL, TWO));
}

static AlmModel *
make_model (void)
{
  g_autoptr (AlmValue) schema =
    parse ("{\"type\":\"object\",\"title\":\"X\",\"properties\":{"
           "\"photo\":{\"type\":\"object\",\"required\":[\"sha256\",\"size\"],\"properties\":{"
           "\"sha256\":{\"type\":\"string\"},\"size\":{\"type\":\"integer\"}}},"
           "\"extra\":{\"type\":\"object\",\"properties\":{\"sha256\":{\"type\":\"string\"}}},"
           "\"text\":{\"type\":\"string\"}}}");
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  AlmModel *model = alm_model_new ("x", schema, faults);

  g_assert_cmpuint (faults->len, ==, 0);

  return model;
}

static void
test_a_field_says_by_its_members_that_it_is_one (void)
{
  g_autoptr (AlmModel) model = make_model ();

  g_assert_true (alm_field_is_blob (alm_model_find_field (model, "photo")));
  g_assert_false (alm_field_is_blob (alm_model_find_field (model, "extra")));
  g_assert_false (alm_field_is_blob (alm_model_find_field (model, "text")));
}

/* The model may forget to say so itself. */
static void
test_a_field_takes_nothing_else (void)
{
  g_autoptr (AlmModel) model = make_model ();
  const AlmField *photo = alm_model_find_field (model, "photo");
  g_autoptr (AlmValue) good = parse ("{\"sha256\":\"" ONE "\",\"size\":536870912}");
  g_autoptr (AlmValue) large = parse ("{\"sha256\":\"" ONE "\",\"size\":536870913}");
  g_autoptr (AlmValue) bad = parse ("{\"sha256\":\"abc\",\"size\":1}");
  g_autofree char *reason = NULL;

  g_assert_true (alm_field_check (photo, good, NULL));
  g_assert_false (alm_field_check (photo, bad, NULL));
  g_assert_false (alm_field_check (photo, large, &reason));
  g_assert_nonnull (strstr (reason, "at most 512 MiB"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/blob/a-value-names-a-file", test_a_value_names_a_file);
  g_test_add_func ("/blob/other-values-name-none", test_other_values_name_none);
  g_test_add_func ("/blob/each-is-found-however-deep", test_each_is_found_however_deep);
  g_test_add_func ("/blob/a-field-says-by-its-members-that-it-is-one",
                   test_a_field_says_by_its_members_that_it_is_one);
  g_test_add_func ("/blob/a-field-takes-nothing-else", test_a_field_takes_nothing_else);

  return g_test_run ();
}
