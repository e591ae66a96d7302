/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-days.h"
#include "alm-due.h"
#include "alm-test-desk.h"

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"x-alm-inspections\":[{\"id\":\"regular\","
  "\"title\":\"Regelkontrolle\",\"x-alm-title\":{\"en\":\"Regular inspection\"},"
  "\"last\":\"last\",\"rules\":["
  "{\"if\":{\"felled\":{\"set\":true}},\"every\":null},"
  "{\"if\":{\"active\":{\"in\":[false]}},\"every\":null},"
  "{\"if\":{\"vitality\":{\"min\":3}},\"every\":\"P1Y\"},"
  "{\"if\":{\"vitality\":{\"max\":0},\"height\":{\"max\":5}},\"every\":\"P5Y\"},"
  "{\"if\":{\"planted\":{\"older\":\"P80Y\"}},\"every\":\"P6M\"},"
  "{\"if\":{\"planted\":{\"younger\":\"P15Y\"}},\"every\":\"P3Y\"},"
  "{\"every\":\"P2Y\"}]},"
  "{\"id\":\"monthly\",\"title\":\"Monatlich\",\"last\":\"seen\",\"rules\":[{\"every\":\"P1M\"}]}],"
  "\"properties\":{"
  "\"planted\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gepflanzt\","
  "\"x-ogc-role\":\"primary-interval-start\"},"
  "\"felled\":{\"type\":\"string\",\"format\":\"edtf\",\"title\":\"Gefällt\","
  "\"x-ogc-role\":\"primary-interval-end\"},"
  "\"active\":{\"type\":\"boolean\",\"title\":\"Im Bestand\"},"
  "\"vitality\":{\"type\":\"integer\",\"title\":\"Vitalität\"},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\"},"
  "\"last\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Letzte\"},"
  "\"seen\":{\"type\":\"string\",\"format\":\"date-time\",\"title\":\"Gesehen\"},"
  "\"extra_check\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Zusatz\"}}}";

/* The first inspection, asked on 15 June 2026, a Monday. */
static const struct
{
  const char *fields;
  const char *due;       /* NULL: none */
  int         rule;
} cases[] = {
  /* By the rules, in their order. */
  { "{\"last\":\"2025-03-01\"}", "2027-03-01", 6 },
  { "{\"last\":\"2025-03-01\",\"vitality\":2}", "2027-03-01", 6 },
  { "{\"last\":\"2025-03-01\",\"vitality\":3}", "2026-03-01", 2 },
  { "{\"last\":\"2025-03-01\",\"vitality\":4,\"felled\":\"2025\"}", NULL, 0 },
  { "{\"last\":\"2025-03-01\",\"active\":false}", NULL, 0 },
  { "{\"last\":\"2025-03-01\",\"active\":true}", "2027-03-01", 6 },
  /* Both conditions of a rule have to hold. */
  { "{\"last\":\"2025-03-01\",\"vitality\":0,\"height\":5}", "2030-03-01", 3 },
  { "{\"last\":\"2025-03-01\",\"vitality\":0,\"height\":5.1}", "2027-03-01", 6 },
  { "{\"last\":\"2025-03-01\",\"vitality\":0}", "2027-03-01", 6 },
  /* Eighty years to the day; of an uncertain date the earliest day. */
  { "{\"last\":\"2026-01-31\",\"planted\":\"1946-06-15\"}", "2026-07-31", 4 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"1946-06-16\"}", "2028-01-31", 6 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"194X\"}", "2026-07-31", 4 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"1946~\"}", "2026-07-31", 4 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"../1900\"}", "2028-01-31", 6 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"2011-06-15\"}", "2028-01-31", 6 },
  { "{\"last\":\"2026-01-31\",\"planted\":\"2011-06-16\"}", "2029-01-31", 5 },
  /* The month has no such day. */
  { "{\"last\":\"2026-08-31\",\"planted\":\"1900\"}", "2027-02-28", 4 },
  { "{\"last\":\"2024-02-29\",\"vitality\":5}", "2025-02-28", 2 },
  /* Never inspected: due since it began; since today where nobody knows. */
  { "{\"planted\":\"2020\"}", "2020-01-01", 5 },
  { "{\"planted\":\"2026-09-01\"}", "2026-09-01", 5 },
  { "{}", "2026-06-15", 6 },
  /* An extra one, if it comes first, until somebody has been there. */
  { "{\"last\":\"2026-01-31\",\"extra_check\":\"2026-07-01\"}", "2026-07-01", -1 },
  { "{\"last\":\"2026-01-31\",\"extra_check\":\"2028-07-01\"}", "2028-01-31", 6 },
  { "{\"last\":\"2026-06-01\",\"extra_check\":\"2026-05-01\"}", "2028-06-01", 6 },
  { "{\"active\":false,\"extra_check\":\"2026-07-01\"}", "2026-07-01", -1 },
  { "{\"felled\":\"2025\",\"extra_check\":\"2026-07-01\"}", NULL, 0 },
  /* What makes no sense is no date. */
  { "{\"last\":\"neulich\"}", "2026-06-15", 6 },
};

static AlmDuePlan *
make_plan (void)
{
  g_autoptr (AlmValue) value = alm_test_value (schema);
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmModel) model = alm_model_new ("tree", value, faults);
  AlmDuePlan *plan;

  g_assert_cmpuint (faults->len, ==, 0);
  plan = alm_due_plan_new (model);
  g_assert_nonnull (plan);

  return plan;
}

static void
test_the_first_rule_that_holds_says_when (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (AlmDuePlan) plan = make_plan ();
  g_autoptr (AlmValue) fields = alm_test_value (cases[i].fields);
  g_autofree char *day = NULL;
  gint64 today;
  AlmDue due;

  g_assert_true (alm_days_parse ("2026-06-15", &today));
  if (!alm_due_plan_find (plan, 0, fields, today, &due))
    {
      g_assert_null (cases[i].due);
      return;
    }
  day = alm_days_to_text (due.due);
  g_assert_cmpstr (day, ==, cases[i].due);
  g_assert_cmpint (due.rule, ==, cases[i].rule);
}

static void
test_each_inspection_has_its_own_last_one (void)
{
  g_autoptr (AlmDuePlan) plan = make_plan ();
  g_autoptr (AlmValue) fields =
    alm_test_value ("{\"last\":\"2026-06-01\",\"seen\":\"2026-01-31T08:00:00Z\"}");
  g_autofree char *day = NULL;
  AlmDue due;

  g_assert_cmpuint (alm_due_plan_get_size (plan), ==, 2);
  g_assert_cmpstr (alm_due_plan_get_id (plan, 0), ==, "regular");
  g_assert_cmpstr (alm_due_plan_get_title (plan, 0, "en"), ==, "Regular inspection");
  g_assert_cmpstr (alm_due_plan_get_title (plan, 0, "de"), ==, "Regelkontrolle");
  g_assert_cmpstr (alm_due_plan_get_title (plan, 1, "en"), ==, "Monatlich");
  g_assert_true (alm_due_plan_find (plan, 1, fields, 0, &due));
  day = alm_days_to_text (due.due);
  g_assert_cmpstr (day, ==, "2026-02-28");
  g_assert_true (due.has_last);
}

static void
test_all_fields_are_named_once (void)
{
  g_autoptr (AlmDuePlan) plan = make_plan ();
  g_autofree char *names = g_strjoinv (" ", (char **) alm_due_plan_get_fields (plan));

  g_assert_cmpstr (names, ==, "last felled active vitality height planted seen extra_check");
}

static void
test_a_kind_without_inspections_has_no_plan (void)
{
  g_autoptr (AlmValue) value = alm_test_value ("{\"type\":\"object\",\"title\":\"Bank\","
                                               "\"properties\":{}}");
  g_autoptr (AlmModel) model = alm_model_new ("bench", value, NULL);

  g_assert_nonnull (model);
  g_assert_null (alm_due_plan_new (model));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/domain/due/rule/%u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_the_first_rule_that_holds_says_when);
    }
  g_test_add_func ("/domain/due/each", test_each_inspection_has_its_own_last_one);
  g_test_add_func ("/domain/due/fields", test_all_fields_are_named_once);
  g_test_add_func ("/domain/due/none", test_a_kind_without_inspections_has_no_plan);

  return g_test_run ();
}
