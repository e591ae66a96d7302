/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-place.h"
#include "alm-import-text.h"
#include "alm-json.h"

#include <math.h>

static void
test_numbers_as_people_write_them (void)
{
  static const struct { const char *text; char decimal; double value; } cases[] = {
    { "12", ',', 12 }, { "-3,5", ',', -3.5 }, { "+3.5", '.', 3.5 }, { "1.234,5", ',', 1234.5 },
    { "1,234.5", '.', 1234.5 }, { "1 234 567,25", ',', 1234567.25 }, { "1'234", '.', 1234 },
    { "5640608,495", ',', 5640608.495 }, { ",5", ',', 0.5 }, { "7,", ',', 7 },
    { "1\xc2\xa0" "234", ',', 1234 }, { "\xe2\x88\x92" "4", ',', -4 }, { "1e3", '.', 1000 },
    { "1.5e-05", '.', 1.5e-05 }, { "007", ',', 7 },
  };
  static const struct { const char *text; char decimal; } bad[] = {
    { "", ',' }, { "-", ',' }, { "1.234.56", ',' }, { "1.234.56", '.' }, { "1,2,3", ',' },
    { "12.34", ',' }, { "1234.567", ',' }, { "12 m", ',' }, { "1.2345", ',' }, { "0x10", '.' },
    { "1e999", '.' }, { "NaN", '.' }, { "inf", '.' }, { "1 23", ',' }, { "1.234 567", ',' },
    { ".", '.' }, { "--1", '.' }, { "1e", '.' }, { "1.234.567,8.9", ',' },
  };
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (alm_import_parse_number (cases[i].text, cases[i].decimal, &value));
      g_assert_cmpfloat (value, ==, cases[i].value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (alm_import_parse_number (bad[i].text, bad[i].decimal, &value))
      g_error ("\"%s\" is no number, but %g was read", bad[i].text, value);
}

static void
test_dates (void)
{
  static const struct { const char *text, *date; } cases[] = {
    { "7.11.2022", "2022-11-07" }, { "07.11.2022", "2022-11-07" }, { "2022-11-07", "2022-11-07" },
    { "20221107", "2022-11-07" }, { "20221107093000", "2022-11-07" },
    { "07.11.2022 09:30", "2022-11-07" }, { "2022-11-07T09:30:00Z", "2022-11-07" },
    { "29.02.2024", "2024-02-29" }, { "29.02.2023", NULL }, { "32.1.2023", NULL },
    { "1.13.2023", NULL }, { "2023", NULL }, { "1.1.23", NULL }, { "2023-1-1", NULL },
    { "", NULL }, { "20231301", NULL }, { "2022-11-07x", NULL }, { "12345678901", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = alm_import_parse_date (cases[i].text);

      g_assert_cmpstr (date, ==, cases[i].date);
    }
}

static void
test_yes_and_no_and_nothing (void)
{
  static const char *const yes[] = { "ja", "WAHR", "j", "x", "X", "1", "true" };
  static const char *const no[] = { "nein", "Falsch", "n", "0", "false" };
  static const char *const nothing[] = { "", "NULL", "\\N", "k. A." };
  gboolean value;

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    g_assert_true (alm_import_parse_boolean (yes[i], &value) && value);
  for (guint i = 0; i < G_N_ELEMENTS (no); i++)
    g_assert_true (alm_import_parse_boolean (no[i], &value) && !value);
  g_assert_false (alm_import_parse_boolean ("vielleicht", &value));
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    g_assert_true (alm_import_is_null (nothing[i]));
  g_assert_false (alm_import_is_null ("0"));
}

static void
test_headers (void)
{
  static const struct { const char *text, *clean, *folded, *unit; } cases[] = {
    { "Höhe [m]", "Höhe [m]", "hoehem", "m" }, { "hoehe_cm", "hoehe_cm", "hoehecm", "cm" },
    { "stammumfangCM", "stammumfangCM", "stammumfangcm", "cm" },
    { "name,C,40", "name", "name", NULL }, { "hoehe,N,5,1", "hoehe", "hoehe", NULL },
    { " Straße ", "Straße", "strasse", NULL },
    { "Umfang in cm", "Umfang in cm", "umfangincm", "cm" },
    { "addr:street", "addr:street", "addrstreet", NULL }, { "BAUM", "BAUM", "baum", NULL },
    { "kronendurchmesserM", "kronendurchmesserM", "kronendurchmesserm", "m" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = alm_import_clean_header (cases[i].text);
      g_autofree char *folded = alm_import_fold_name (clean);
      g_autofree char *rest = NULL;

      g_assert_cmpstr (clean, ==, cases[i].clean);
      g_assert_cmpstr (folded, ==, cases[i].folded);
      g_assert_cmpstr (alm_import_find_unit (clean, &rest), ==, cases[i].unit);
    }
  g_assert_cmpfloat (alm_import_unit_factor ("cm", "m"), ==, 0.01);
  g_assert_cmpfloat (alm_import_unit_factor ("m", "cm"), ==, 100);
  g_assert_cmpfloat (alm_import_unit_factor ("cm", "W"), ==, 0);
}

static void
test_one_letter_beside (void)
{
  g_assert_true (alm_import_is_near_name ("hausnummer", "hausnumer"));
  g_assert_true (alm_import_is_near_name ("hausnumer", "hausnummer"));
  g_assert_true (alm_import_is_near_name ("hausnummer", "hausnummel"));
  g_assert_true (alm_import_is_near_name ("abc", "abc"));
  g_assert_false (alm_import_is_near_name ("hausnummer", "hausnume"));
  g_assert_false (alm_import_is_near_name ("abcdef", "abdcef"));
}

static void
test_points_of_well_meant_wkt (void)
{
  static const struct { const char *text; double x, y; gboolean odd; } cases[] = {
    { "POINT (681234.5 5644321.75)", 681234.5, 5644321.75, FALSE },
    { "POINT (681234,5) (5644321,75)", 681234.5, 5644321.75, TRUE },
    { "point(11.5 50.9)", 11.5, 50.9, FALSE }, { "SRID=4326;POINT(11.5 50.9)", 11.5, 50.9, FALSE },
    { "POINT (681234,5 5644321,75)", 681234.5, 5644321.75, TRUE },
    { "POINT (11.5, 50.9)", 11.5, 50.9, TRUE },
    { "POINT (1.0000000000000000000000000000000000000001 2)", 1, 2, TRUE },
  };
  static const char *const bad[] = {
    "", "POINT", "POINT ()", "POINT (1)", "POINT (1 2 3)", "POINT (a b)", "POINT EMPTY",
    "LINESTRING (1 2, 3 4)", "11.5 50.9", "POINT (1;2)",
  };
  double x, y;
  gboolean odd;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (alm_import_parse_point (cases[i].text, &x, &y, &odd));
      g_assert_cmpfloat (x, ==, cases[i].x);
      g_assert_cmpfloat (y, ==, cases[i].y);
      g_assert_cmpint (odd, ==, cases[i].odd);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (alm_import_parse_point (bad[i], &x, &y, &odd));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-text/numbers", test_numbers_as_people_write_them);
  g_test_add_func ("/gis/import-text/dates", test_dates);
  g_test_add_func ("/gis/import-text/booleans", test_yes_and_no_and_nothing);
  g_test_add_func ("/gis/import-text/headers", test_headers);
  g_test_add_func ("/gis/import-text/near-names", test_one_letter_beside);
  g_test_add_func ("/gis/import-text/points", test_points_of_well_meant_wkt);

  return g_test_run ();
}
