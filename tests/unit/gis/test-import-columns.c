/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-columns.h"
#include "alm-json.h"

static AlmModel *
make_model (void)
{
  const char *text =
    "{\"type\":\"object\",\"properties\":{"
    "\"number\":{\"type\":\"string\",\"title\":\"Baumnummer\",\"x-alm-aliases\":[\"baumnr\"],"
    "\"x-ogc-propertySeq\":1},"
    "\"height\":{\"type\":\"number\",\"title\":\"Höhe\",\"x-ogc-unit\":\"m\","
    "\"x-alm-aliases\":[\"baumhoehe\"],\"x-ogc-propertySeq\":2},"
    "\"planted\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Pflanzjahr\","
    "\"x-ogc-propertySeq\":3},"
    "\"extra\":{\"type\":\"object\",\"title\":\"Weiteres\",\"additionalProperties\":"
    "{\"type\":\"string\"},\"x-ogc-propertySeq\":4}}}";
  g_autoptr (AlmValue) schema = alm_json_parse (text, -1, NULL, NULL);
  AlmModel *model = alm_model_new ("tree", schema, NULL);

  g_assert_nonnull (model);

  return model;
}

/* One column with one value in ten rows; the field it becomes, or "extra". */
static char *
guess_one (const AlmModel *model,
           const char     *header,
           const char     *value,
           double         *scale)
{
  g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (GPtrArray) sample =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_import_sample_free);
  g_autofree AlmImportColumnStats *stats = NULL;
  g_autoptr (GPtrArray) uses = NULL;
  g_autoptr (GError) error = NULL;
  const AlmImportUse *use;
  char decimal;

  g_ptr_array_add (columns, (gpointer) header);
  for (guint i = 0; i < 10; i++)
    {
      AlmImportSample *row = g_new0 (AlmImportSample, 1);

      row->n_cells = 1;
      row->cells = g_new0 (char *, 2);
      row->cells[0] = g_strdup (value);
      g_ptr_array_add (sample, row);
    }
  stats = alm_import_columns_count (sample, 1, mapping, ',', &decimal);
  uses = alm_import_columns_guess (model, mapping, columns, stats, sample, NULL, &error);
  g_assert_no_error (error);
  use = uses->pdata[0];
  g_assert_nonnull (use->reason);
  *scale = use->scale;

  return g_strdup (use->field != NULL ? use->field->name : use->to_extra ? "extra" : "none");
}

static void
test_names_titles_aliases_and_units (void)
{
  static const struct { const char *header, *value, *field; double scale; } cases[] = {
    { "number", "7", "number", 1 }, { "BAUM-NR", "7", "number", 1 },
    { "Baumnummer", "7", "number", 1 }, { "Baumnumer", "7", "number", 1 },
    { "Höhe", "7,5", "height", 1 }, { "hoehe_cm", "750", "height", 0.01 },
    { "Höhe [cm]", "750", "height", 0.01 }, { "baumhoeheM", "7,5", "height", 1 },
    { "Höhe", "hoch", "extra", 1 }, { "Pflanzjahr", "1950", "planted", 1 },
    { "Pflanzjahr", "Eiche", "extra", 1 }, { "Bezirk", "Nord", "extra", 1 },
    { "nr", "7", "extra", 1 },
  };
  g_autoptr (AlmModel) model = make_model ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double scale;
      g_autofree char *field = guess_one (model, cases[i].header, cases[i].value, &scale);

      g_assert_cmpstr (field, ==, cases[i].field);
      g_assert_cmpfloat (scale, ==, cases[i].scale);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-columns/names", test_names_titles_aliases_and_units);

  return g_test_run ();
}
