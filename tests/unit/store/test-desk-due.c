/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"
#include "alm-desk-due.h"
#include "alm-test-desk.h"
#include "alm-test.h"

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"x-alm-inspections\":[{\"id\":\"regular\","
  "\"title\":\"Regelkontrolle\",\"last\":\"last\",\"rules\":["
  "{\"if\":{\"active\":{\"in\":[false]}},\"every\":null},"
  "{\"if\":{\"height\":{\"min\":10.5}},\"every\":\"P1Y\"},"
  "{\"if\":{\"vitality\":{\"in\":[4]}},\"every\":\"P1M\"},"
  "{\"every\":\"P2Y\"}]}],\"properties\":{"
  "\"active\":{\"type\":\"boolean\",\"title\":\"Im Bestand\"},"
  "\"vitality\":{\"type\":\"integer\",\"title\":\"Vitalität\"},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\"},"
  "\"last\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Letzte\"}}}";

static void
note_due (gint64            rid,
          const AlmDuePlan *plan,
          guint             index,
          const AlmDue     *due,
          gpointer          user_data)
{
  g_autofree char *day = alm_days_to_text (due->due);

  g_string_append_printf (user_data, "%s/%d ", day, due->rule);
}

static void
add_tree (AlmDesk    *desk,
          const char *fields)
{
  alm_test_edit (desk, ALM_OP_NEW, NULL, "local", "tree", fields);
}

/* Each type of column comes back as the rule wants it, and what is deleted is not due. */
static void
test_the_columns_say_what_the_records_say (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) found = g_string_new (NULL);
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  gint64 today;
  AlmId gone = { { 0 } };

  g_assert_no_error (error);
  alm_test_add_model (desk, "tree", schema);
  add_tree (desk, "{\"last\":\"2024-01-31\",\"active\":true}");
  add_tree (desk, "{\"last\":\"2024-01-31\",\"active\":false}");
  add_tree (desk, "{\"last\":\"2024-01-31\",\"height\":10.5}");
  add_tree (desk, "{\"last\":\"2024-01-31\",\"vitality\":4}");
  add_tree (desk, "{\"last\":\"2026-01-31\"}");
  alm_test_edit (desk, ALM_OP_NEW, &gone, "local", "tree", "{\"last\":\"2024-01-31\"}");
  alm_test_edit (desk, ALM_OP_DEL, &gone, NULL, NULL, NULL);

  g_assert_true (alm_days_parse ("2026-06-15", &today));
  g_assert_true (alm_desk_each_due (desk, "tree", today, today, note_due, found, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (found->str, ==, "2026-01-31/3 2025-01-31/1 2024-02-29/2 ");

  g_string_truncate (found, 0);
  g_assert_true (alm_desk_each_due (desk, "no-such-kind", today, today, note_due, found, &error));
  g_assert_cmpstr (found->str, ==, "");

  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

/* A place has no column in the typed table. */
static void
test_a_rule_may_ask_for_the_place (void)
{
  static const char lamps[] =
    "{\"type\":\"object\",\"title\":\"Leuchte\",\"x-alm-inspections\":[{\"id\":\"regular\","
    "\"title\":\"Kontrolle\",\"last\":\"last\",\"rules\":["
    "{\"if\":{\"geometry\":{\"set\":true}},\"every\":\"P1Y\"},{\"every\":null}]}],"
    "\"properties\":{\"last\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Letzte\"},"
    "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"}}}";
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) found = g_string_new (NULL);
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  gint64 today;

  g_assert_no_error (error);
  alm_test_add_model (desk, "lamp", lamps);
  alm_test_edit (desk, ALM_OP_NEW, NULL, "local", "lamp",
                 "{\"last\":\"2024-03-01\",\"geometry\":"
                 "{\"type\":\"Point\",\"coordinates\":[11.6,50.9]}}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, "local", "lamp", "{\"last\":\"2024-01-01\"}");

  g_assert_true (alm_days_parse ("2026-06-15", &today));
  g_assert_true (alm_desk_each_due (desk, "lamp", today, today, note_due, found, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (found->str, ==, "2025-03-01/0 ");

  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/desk-due/columns", test_the_columns_say_what_the_records_say);

  g_test_add_func ("/store/desk-due/place", test_a_rule_may_ask_for_the_place);

  return g_test_run ();
}
