/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-format-error.h"
#include "alm-import-mapping.h"
#include "alm-json.h"

#include <string.h>

static const char *const whole =
  "{\"columns\":{\"Höhe_cm\":{\"scale\":0.01,\"to\":\"height\"},"
  "\"Leuchtentyp\":{\"codes\":{\"LED 20\":\"led\"},\"to\":\"lamp_type\"},"
  "\"Mastnr\":\"number\",\"intern\":null},\"constants\":{\"owner\":\"Stadtwerke\"},"
  "\"decimal\":\",\",\"encoding\":\"ISO-8859-1\",\"escape\":\"double\",\"format\":\"csv\","
  "\"header\":1,\"key\":[\"number\"],\"near\":{\"metres\":2,\"then\":\"report\"},"
  "\"place\":{\"crs\":\"EPSG:31468\",\"x\":\"Rechtswert\",\"y\":\"Hochwert\"},"
  "\"quote\":\"\\\"\",\"separator\":\";\"}";

static AlmImportMapping *
parse (const char *text,
       GError    **error)
{
  g_autoptr (AlmValue) value = alm_json_parse (text, -1, NULL, NULL);

  g_assert_nonnull (value);

  return alm_import_mapping_from_value (value, error);
}

static void
assert_comes_back (const char *text,
                   const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmImportMapping) mapping = parse (text, &error);
  g_autoptr (AlmImportMapping) copy = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  copy = alm_import_mapping_copy (mapping);
  value = alm_import_mapping_to_value (copy);
  written = alm_value_to_text (value);
  g_assert_cmpstr (written, ==, wanted);
}

/* The system is part of a copy, whatever else is said. */
static void
test_a_copy_keeps_the_system (void)
{
  static const AlmImportPlaceType places[] = {
    ALM_IMPORT_PLACE_GUESS, ALM_IMPORT_PLACE_FILE, ALM_IMPORT_PLACE_NONE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (AlmImportMapping) mapping = alm_import_mapping_new ();
      g_autoptr (AlmImportMapping) copy = NULL;

      mapping->place = places[i];
      mapping->crs = g_strdup ("EPSG:3035");
      copy = alm_import_mapping_copy (mapping);
      g_assert_cmpint (copy->place, ==, places[i]);
      g_assert_cmpstr (copy->crs, ==, "EPSG:3035");
    }
}

static void
test_what_was_read_is_written (void)
{
  assert_comes_back (whole, whole);
  assert_comes_back ("{}", "{\"columns\":{}}");
  assert_comes_back ("{\"near\":null}", "{\"columns\":{},\"near\":null}");
  assert_comes_back ("{\"near\":\"none\"}", "{\"columns\":{},\"near\":null}");
  assert_comes_back ("{\"place\":null}", "{\"columns\":{},\"place\":null}");
  assert_comes_back ("{\"place\":\"file\",\"layer\":null}", "{\"columns\":{},\"place\":\"file\"}");
  assert_comes_back ("{\"place\":{\"wkt\":\"geom\",\"crs\":\"EPSG:25832\"}}",
                     "{\"columns\":{},\"place\":{\"crs\":\"EPSG:25832\",\"wkt\":\"geom\"}}");
  assert_comes_back ("{\"place\":{\"lon\":\"l\",\"lat\":\"b\"}}",
                     "{\"columns\":{},\"place\":{\"crs\":\"EPSG:4326\",\"x\":\"l\",\"y\":\"b\"}}");
}

static void
test_a_fault_names_its_member (void)
{
  static const struct { const char *text, *words; } cases[] = {
    { "[]", "object" }, { "{\"colums\":{}}", "/colums: unknown member" },
    { "{\"separator\":\";;\"}", "/separator" }, { "{\"quote\":\"ab\"}", "/quote" },
    { "{\"escape\":\"twice\"}", "/escape" }, { "{\"decimal\":\";\"}", "/decimal" },
    { "{\"header\":-1}", "/header" }, { "{\"header\":1.5}", "/header" },
    { "{\"place\":\"map\"}", "/place" }, { "{\"place\":{\"x\":\"a\"}}", "/place" },
    { "{\"columns\":[]}", "/columns" }, { "{\"columns\":{\"a\":1}}", "/columns" },
    { "{\"columns\":{\"a\":{\"scale\":2}}}", "/columns" },
    { "{\"columns\":{\"a\":{\"to\":\"\"}}}", "/columns" },
    { "{\"columns\":{\"a\":{\"to\":\"b\",\"scale\":\"2\"}}}", "/columns" },
    { "{\"key\":\"number\"}", "/key" }, { "{\"key\":[]}", "/key" }, { "{\"key\":[1]}", "/key" },
    { "{\"near\":{\"metres\":0}}", "/near" }, { "{\"near\":{\"metres\":1001}}", "/near" },
    { "{\"near\":{\"metres\":2,\"then\":\"delete\"}}", "/near" },
    { "{\"constants\":[]}", "/constants" }, { "{\"encoding\":1}", "/encoding" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (cases[i].text, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, cases[i].words);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-mapping/there-and-back", test_what_was_read_is_written);
  g_test_add_func ("/gis/import-mapping/faults", test_a_fault_names_its_member);

  g_test_add_func ("/gis/import-mapping/system", test_a_copy_keeps_the_system);

  return g_test_run ();
}
