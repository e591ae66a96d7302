/* SPDX-License-Identifier: EUPL-1.2 */

/* All models that come with the program pass the check, those in data/models
 * and those compiled in. */

#include "config.h"

#include "alm-builtin-models.h"
#include "alm-json.h"
#include "alm-model.h"
#include "alm-paths.h"

#include <string.h>

static const char *const shipped[] = {
  "address", "base-area", "base-building", "base-line", "base-name", "closure", "district",
  "furniture", "inspection", "lamp", "play-device", "playground", "road", "tree",
};

static AlmModel *
model_of (const char *kind,
          const char *text,
          gssize      length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) schema = alm_json_parse (text, length, NULL, &error);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  AlmModel *model;

  if (schema == NULL)
    g_error ("%s: %s", kind, error->message);
  model = alm_model_new (kind, schema, faults);
  if (model == NULL)
    g_error ("%s: %s", kind, (const char *) faults->pdata[0]);

  return model;
}

static AlmModel *
shipped_model (const char *kind)
{
  g_autofree char *name = g_strdup_printf ("models/%s.json", kind);
  g_autofree char *path = alm_path_data (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);

  return model_of (kind, text, (gssize) length);
}

static void
test_shipped_models_pass (void)
{
  g_autofree char *folder = alm_path_data ("models");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, G_N_ELEMENTS (shipped));

  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autoptr (AlmModel) model = shipped_model (shipped[i]);
      g_autofree char *end = g_strdup_printf ("/collections/%s/schema", shipped[i]);

      g_assert_true (g_str_has_suffix (alm_value_get_text_of (alm_model_get_schema (model), "$id"),
                                       end));
      g_assert_cmpint (alm_model_find_field (model, "extra")->merge, ==, ALM_MERGE_JSON);
      g_assert_cmpstr (alm_model_get_title (model, "en"), !=, alm_model_get_name (model));
      for (guint k = 0; k < alm_model_get_n_fields (model); k++)
        {
          const AlmField *field = alm_model_get_field (model, k);

          g_assert_cmpstr (field->title, !=, field->name);
          g_assert_nonnull (field->title_en);
        }
    }
}

/* One column of a foreign list goes to one field. */
static void
test_aliases_are_clear (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shipped); i++)
    {
      g_autoptr (AlmModel) model = shipped_model (shipped[i]);
      g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (guint k = 0; k < alm_model_get_n_fields (model); k++)
        {
          const AlmField *field = alm_model_get_field (model, k);

          for (char **alias = field->aliases; alias != NULL && *alias != NULL; alias++)
            if (!g_hash_table_add (seen, *alias))
              g_error ("%s: the alias %s is there twice", shipped[i], *alias);
        }
    }
}

static void
test_real_columns_are_known (void)
{
  static const char *const cases[][3] = {
    { "tree", "ga_lang", "species" }, { "tree", "baumnummer", "number" },
    { "tree", "kr_durchm", "crown" }, { "tree", "kronendurchmesser", "crown" },
    { "tree", "st_umfang", "girth" }, { "tree", "pflanzjahr", "planted" },
    { "tree", "baumid", "source_id" }, { "tree", "name_dt", "species_de" },
    { "lamp", "mastnr", "number" }, { "lamp", "leuchtentyp", "lamp_type" },
    { "furniture", "amenity", "type" }, { "playground", "leisure", "type" },
    { "address", "plz", "postcode" }, { "road", "highway", "class" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmModel) model = shipped_model (cases[i][0]);
      const AlmField *field = alm_model_find_field (model, cases[i][2]);

      g_assert_nonnull (field);
      g_assert_true (g_strv_contains ((const char *const *) field->aliases, cases[i][1]));
    }
}

static void
test_compiled_in_models_pass (void)
{
  const char *const *kinds = alm_builtin_kinds ();

  for (; *kinds != NULL; kinds++)
    {
      const char *schema = alm_builtin_schema (*kinds);
      g_autoptr (AlmModel) model = model_of (*kinds, schema, -1);

      g_assert_cmpstr (alm_model_get_title (model, "en"), !=, *kinds);
      g_assert_true (alm_builtin_schema (*kinds) == schema);
    }

  g_assert_null (alm_builtin_schema ("tree"));
}

/* Only the kind conflict has fields without a type. */
static void
test_a_conflict_holds_any_value (void)
{
  static const char *const values[] = { "7", "\"a\"", "[1]", "{\"a\":null}", "true", "null" };
  g_autoptr (AlmModel) model = model_of ("conflict", alm_builtin_schema ("conflict"), -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) schema = alm_json_parse (alm_builtin_schema ("conflict"), -1, NULL, &error);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (AlmValue) value = alm_json_parse (values[i], -1, NULL, NULL);

      g_assert_true (alm_field_check (alm_model_find_field (model, "theirs"), value, NULL));
    }

  g_assert_null (alm_model_new ("conflict-two", schema, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/builtin-models/shipped", test_shipped_models_pass);
  g_test_add_func ("/domain/builtin-models/aliases/clear", test_aliases_are_clear);
  g_test_add_func ("/domain/builtin-models/aliases/real", test_real_columns_are_known);
  g_test_add_func ("/domain/builtin-models/compiled-in", test_compiled_in_models_pass);
  g_test_add_func ("/domain/builtin-models/conflict", test_a_conflict_holds_any_value);

  return g_test_run ();
}
