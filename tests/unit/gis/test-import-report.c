/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-report.h"

static void
test_issues_are_counted_and_named_by_line (void)
{
  g_autoptr (AlmImportReport) report = alm_import_report_new ();
  g_autoptr (AlmValue) value = NULL;
  const AlmValue *first, *second;

  alm_import_report_add (report, "accuracy", 0, 1, "EPSG:31467, ±0.9 m");
  for (gint64 line = 2; line < 40; line++)
    for (guint twice = 0; twice < 2; twice++)
      alm_import_report_add (report, "place-missing", line, 1, NULL);
  g_assert_cmpint (alm_import_report_count (report, "place-missing"), ==, 76);
  g_assert_cmpint (alm_import_report_count (report, "duplicate-key"), ==, 0);
  g_assert_cmpuint (alm_import_report_get_n (report), ==, 2);

  value = alm_import_report_to_value (report);
  first = alm_value_get_item (value, 0);
  second = alm_value_get_item (value, 1);
  g_assert_cmpstr (alm_value_get_text_of (first, "code"), ==, "place-missing");
  g_assert_cmpuint (alm_value_get_size (alm_value_get (first, "lines")), ==, 20);
  g_assert_cmpint (alm_value_get_integer (alm_value_get_item (alm_value_get (first, "lines"), 1)),
                   ==, 3);
  g_assert_cmpuint (alm_value_get_size (alm_value_get (second, "lines")), ==, 0);
  g_assert_true (g_str_has_suffix (alm_value_get_text_of (second, "text"), "±0.9 m"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-report/issues", test_issues_are_counted_and_named_by_line);

  return g_test_run ();
}
