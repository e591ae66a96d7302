/* SPDX-License-Identifier: EUPL-1.2 */

/* Filters: their text, what they match, and that this is what SQL would select.
 * JSON is written with single quotes here. */

#include "config.h"

#include "alm-filter.h"
#include "alm-json.h"
#include "alm-random.h"
#include "alm-test.h"

#include <sqlite3.h>
#include <string.h>

static AlmValue *
value_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  if (value == NULL)
    g_error ("%s: %s", error->message, json);

  return value;
}

static AlmFilter *
filter_of (const char     *text,
           AlmFilterFlags  flags)
{
  g_autofree char *reason = NULL;
  AlmFilter *filter = alm_filter_parse (text, flags, &reason);

  if (filter == NULL)
    g_error ("%s: %s", text, reason);

  return filter;
}

/* text · canonical text, NULL where they are equal */
static const char *const texts[][2] = {
  { "height = 3", NULL }, { "height=3", "height = 3" }, { "height <> -3.5", NULL },
  { "height<3", "height < 3" }, { "height <= 3e2", "height <= 300" }, { "height >= .5",
  "height >= 0.5" },
  { "name = 'Linde'", NULL }, { "name = ''", NULL }, { "name = 'O''Neill'", NULL },
  { "name = 'ä\"🌳'", NULL }, { "\"name\" = 'x'", "name = 'x'" }, { "\"Höhe\" = 1", NULL },
  { "\"a\"\"b\" = 1", NULL }, { "\"in\" = 1", NULL }, { "active = true", "active = TRUE" },
  { "active = FALSE", NULL }, { "a IS NULL", NULL }, { "a is not null", "a IS NOT NULL" },
  { "a IN (1, 2)", NULL }, { "a not in ('x')", "a NOT IN ('x')" },
  { "a BETWEEN 1 AND 2", NULL }, { "a NOT BETWEEN 1 AND 2", NULL },
  { "a LIKE 'x%'", NULL }, { "a NOT LIKE '_\\%'", NULL },
  { "planted < DATE('1980-01-01')", NULL }, { "d between date('2020-01-01') and date('2020-12-31')",
    "d BETWEEN DATE('2020-01-01') AND DATE('2020-12-31')" },
  { "CASEI(a) = CASEI('Linde')", NULL }, { "casei(a) like casei('li%')",
  "CASEI(a) LIKE CASEI('li%')" },
  { "CASEI(a) IN (CASEI('x'), 'y')", "CASEI(a) IN (CASEI('x'), CASEI('y'))" },
  { "a = 1 AND b = 2 AND c = 3", NULL }, { "a = 1 OR b = 2", NULL },
  { "a = 1 AND b = 2 OR c = 3", NULL }, { "a = 1 AND (b = 2 OR c = 3)", NULL },
  { "(a = 1) AND ((b = 2))", "a = 1 AND b = 2" }, { "(a = 1 AND b = 2) AND c = 3", NULL },
  { "NOT a = 1", NULL }, { "not (a = 1)", "NOT a = 1" }, { "NOT (a = 1 AND b = 2)", NULL },
  { "NOT NOT a = 1", NULL }, { "NOT a = 1 AND b = 2", NULL }, { "\ta\n=\r1 ", "a = 1" },
  { "a BETWEEN 1 AND 2 AND b = 3", NULL },
};

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AlmFilter) filter = filter_of (texts[i][0], ALM_FILTER_NONE);
      g_autofree char *text = alm_filter_to_text (filter);
      g_autoptr (AlmFilter) back = filter_of (text, ALM_FILTER_NONE);
      g_autofree char *again = alm_filter_to_text (back);

      g_assert_cmpstr (text, ==, texts[i][1] != NULL ? texts[i][1] : texts[i][0]);
      g_assert_cmpstr (again, ==, text);
    }
}

/* text · what the reason holds */
static const char *const broken[][2] = {
  { "", "name of a field expected at character 1" }, { "  ", "at character 3" },
  { "a", "a comparison expected at character 2" }, { "a =", "a value expected at character 4" },
  { "a = = 1", "at character 5" }, { "= 1", "at character 1" }, { "1 = a", "at character 1" },
  { "a = b", "a value expected at character 5" }, { "a == 1", "at character 4" },
  { "a != 1", "unexpected character at character 3" }, { "a = 'x", "not closed at character 5" },
  { "\"a = 1", "not closed" }, { "\"\" = 1", "empty name" }, { "a = 1.2.3", "broken number" },
  { "a = 1e999", "broken number" }, { "a = +1", "broken number" }, { "a = 1 b = 2",
  "AND, OR or the" },
  { "a = 1 AND", "at character 10" }, { "AND a = 1", "at character 1" }, { "a = 1 OR OR b = 2",
  "name" },
  { "(a = 1", "')' expected" }, { "a = 1)", "end expected at character 6" }, { "()", "name" },
  { "a IN", "'(' expected" }, { "a IN ()", "a value expected" }, { "a IN (1", "',' or ')'" },
  { "a IN (1,)", "a value expected" }, { "a IN (1 2)", "',' or ')'" }, { "a BETWEEN 1",
  "AND expected" },
  { "a BETWEEN 1 OR 2", "AND expected" }, { "a LIKE 3", "a text" }, { "a LIKE DATE('2020-01-01')",
  "a text" },
  { "a NOT = 1", "IN, BETWEEN or LIKE" }, { "a IS 1", "NULL expected" }, { "a = NULL",
  "a value expected" },
  { "a = DATE('2020-02-30')", "a day is" }, { "a = DATE 2020", "'(' expected" },
  { "a = DATE(2020)", "a text in" }, { "a = DATE('2020-01-01'", "')' expected" },
  { "a = CASEI('x')", "around the field" }, { "CASEI(a = 'x')", "')' expected" }, { "CASEI a",
  "'('" },
  { "a = 1; DROP TABLE records", "unexpected character at character 6" }, { "a = 1 --",
  "character" },
  { "a = $1", "unexpected character" }, { "ä = 1", "unexpected character at character 1" },
  { "\xff", "not UTF-8 at byte 1" }, { "name = 'ä' AND ä", "at character 16" },
  { "S_INTERSECTS(a, b)", "a comparison expected" },
};

static void
test_broken_texts_name_the_place (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *reason = NULL;
      g_autoptr (AlmFilter) filter = alm_filter_parse (broken[i][0], ALM_FILTER_NONE, &reason);

      if (filter != NULL)
        g_error ("taken: %s", broken[i][0]);
      if (strstr (reason, broken[i][1]) == NULL)
        g_error ("%s: %s", broken[i][0], reason);
    }
}

static void
test_size_and_depth_are_limited (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) nots = g_string_new (NULL);
  g_autoptr (GString) wide = g_string_new ("a = 1");
  g_autofree char *long_text = g_strnfill (70000, ' ');
  g_autofree char *reason = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      g_string_append_c (deep, '(');
      g_string_append (nots, "NOT ");
    }
  g_assert_null (alm_filter_parse (deep->str, ALM_FILTER_NONE, &reason));
  g_assert_nonnull (strstr (reason, "nested too deeply"));
  g_clear_pointer (&reason, g_free);
  g_assert_null (alm_filter_parse (nots->str, ALM_FILTER_NONE, &reason));
  g_assert_nonnull (strstr (reason, "nested too deeply"));
  g_clear_pointer (&reason, g_free);
  g_assert_null (alm_filter_parse (long_text, ALM_FILTER_NONE, &reason));
  g_assert_nonnull (strstr (reason, "too long"));

  for (guint i = 0; i < 1000; i++)
    g_string_append (wide, " OR a = 1");
  alm_filter_free (filter_of (wide->str, ALM_FILTER_NONE));
}

static const char record[] =
  "{'name':'Winterlinde','street':'Am Markt','height':12.5,'vitality':0,'active':true,"
  "'planted':'1548~','checked':'2024-05-15','at':'2024-05-15T08:00:00Z','city':'STRASSE'}";

static const struct {
  const char *text;
  gboolean    matches;
} matches[] = {
  { "name = 'Winterlinde'", TRUE }, { "name = 'winterlinde'", FALSE },
  { "CASEI(name) = CASEI('WINTERLINDE')", TRUE }, { "name <> 'Linde'", TRUE },
  { "name LIKE '%linde'", TRUE }, { "name LIKE 'W_nter%'", TRUE }, { "name LIKE 'Winter'", FALSE },
  { "name LIKE '%'", TRUE }, { "name LIKE '%e%e%'", TRUE }, { "name LIKE '%x%'", FALSE },
  { "name NOT LIKE '%x%'", TRUE }, { "CASEI(name) LIKE CASEI('%LINDE')", TRUE },
  { "CASEI(city) = CASEI('Straße')", TRUE }, { "height = 12.5", TRUE }, { "height > 12", TRUE },
  { "height BETWEEN 12.5 AND 13", TRUE }, { "height BETWEEN 13 AND 14", FALSE },
  { "height NOT BETWEEN 13 AND 14", TRUE }, { "vitality = 0", TRUE }, { "vitality IN (1, 0)",
  TRUE },
  { "vitality NOT IN (1, 0)", FALSE }, { "active = TRUE", TRUE }, { "active = FALSE", FALSE },
  { "active <> FALSE", TRUE }, { "felled IS NULL", TRUE }, { "name IS NOT NULL", TRUE },
  /* Nothing is neither equal nor unequal. */
  { "felled = 'x'", FALSE }, { "felled <> 'x'", FALSE }, { "NOT felled = 'x'", FALSE },
  { "felled = 'x' OR height > 1", TRUE }, { "felled = 'x' AND height > 1", FALSE },
  { "felled NOT IN ('x')", FALSE }, { "felled NOT LIKE 'x'", FALSE },
  { "planted < DATE('1600-01-01')", TRUE }, { "planted = DATE('1548-01-01')", TRUE },
  { "planted > DATE('1548-01-01')", FALSE }, { "checked >= DATE('2024-05-15')", TRUE },
  { "at = DATE('2024-05-15')", TRUE }, { "name < DATE('2024-05-15')", FALSE },
  { "name = 3", FALSE }, { "NOT name = 3", FALSE }, { "height = '12.5'", FALSE },
  { "name = 'x' OR (height > 10 AND NOT vitality = 4)", TRUE },
};

static void
test_matches (void)
{
  g_autoptr (AlmValue) fields = value_of (record);

  for (guint i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autoptr (AlmFilter) filter = filter_of (matches[i].text, ALM_FILTER_NONE);

      if (alm_filter_match (filter, fields) != matches[i].matches)
        g_error ("%s", matches[i].text);
    }
}

static void
test_case_may_be_implied (void)
{
  g_autoptr (AlmValue) fields = value_of (record);
  g_autoptr (AlmFilter) filter = filter_of ("name LIKE 'winter%'", ALM_FILTER_CASEI);
  g_autofree char *text = alm_filter_to_text (filter);

  g_assert_true (alm_filter_match (filter, fields));
  g_assert_cmpstr (text, ==, "CASEI(name) LIKE CASEI('winter%')");
}

static void
test_types_are_checked_against_a_model (void)
{
  static const char *const cases[][2] = {
    { "name = 'x'", NULL }, { "name = 3", "cannot be compared with 3" },
    { "height > 3", NULL }, { "height > 'x'", "cannot be compared with 'x'" },
    { "height LIKE '1%'", "cannot be compared" }, { "planted < DATE('1900-01-01')", NULL },
    { "planted LIKE '19%'", NULL }, { "name < DATE('1900-01-01')", "DATE('1900-01-01')" },
    { "gone = 1", "no field \"gone\"" }, { "a = 1 AND NOT gone IS NULL", "no field \"a\"" },
    { "active = TRUE", NULL }, { "active = 1", "cannot be compared" }, { "list IS NULL", NULL },
    { "list = 'x'", "cannot be compared" },
  };
  g_autoptr (AlmValue) schema = value_of (
    "{'type':'object','properties':{'name':{'type':'string'},'height':{'type':'number'},"
    "'planted':{'type':'string','format':'edtf'},'active':{'type':'boolean'},"
    "'list':{'type':'array'}}}");
  g_autoptr (AlmModel) model = alm_model_new ("thing", schema, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmFilter) filter = filter_of (cases[i][0], ALM_FILTER_NONE);
      g_autofree char *reason = NULL;

      g_assert_cmpint (alm_filter_check (filter, model, &reason), ==, cases[i][1] == NULL);
      if (cases[i][1] != NULL && strstr (reason, cases[i][1]) == NULL)
        g_error ("%s: %s", cases[i][0], reason);
    }
}

static void
test_chips_make_filters (void)
{
  g_autoptr (AlmFilter) all = alm_filter_new_join (ALM_FILTER_AND);
  AlmFilter *in = alm_filter_new_in ("vitality");
  AlmFilter *since = alm_filter_new_compare ("planted", ALM_FILTER_GE, NULL);
  g_autofree char *text = NULL;

  alm_filter_add_value (in, alm_value_new_integer (3));
  alm_filter_add_value (in, alm_value_new_integer (4));
  g_assert_false (alm_filter_add_day (since, "gestern"));
  g_assert_true (alm_filter_add_day (since, "1980-01-01"));
  alm_filter_add_part (all, in);
  alm_filter_add_part (all, since);
  alm_filter_add_part (all, alm_filter_new_is_null ("felled", FALSE));
  alm_filter_add_part (all, alm_filter_new_like ("street", "Am %"));
  alm_filter_add_part (all, alm_filter_new_between ("height", alm_value_new_integer (1),
                                                    alm_value_new_double (2.5)));
  text = alm_filter_to_text (all);
  g_assert_cmpstr (text, ==,
  "vitality IN (3, 4) AND planted >= DATE('1980-01-01') AND felled IS NULL"
                   " AND street LIKE 'Am %' AND height BETWEEN 1 AND 2.5");
}

static AlmFilter *
random_filter (AlmRandom *random,
               guint      depth)
{
  static const char *const fields[] = { "a", "b", "c" };
  const char *field = fields[alm_random_below (random, 3)];
  guint kind = alm_random_below (random, depth > 0 ? 8 : 5);
  AlmFilter *filter;

  if (kind >= 5)
    {
      filter = alm_filter_new_join ((AlmFilterType) (kind - 5));
      for (guint n = kind == 7 ? 1 : 2 + alm_random_below (random, 2); n > 0; n--)
        alm_filter_add_part (filter, random_filter (random, depth - 1));
      return filter;
    }

  filter = kind == 0 ? alm_filter_new_compare (field, (AlmFilterOp) alm_random_below (random, 6),
                                               NULL)
         : kind == 1 ? alm_filter_new_in (field)
         : kind == 2 ? alm_filter_new_between (field, NULL, NULL)
         : kind == 3 ? alm_filter_new_is_null (field, alm_random_below (random, 2) == 1)
                     : alm_filter_new_like (field, NULL);
  if (kind == 1 || kind == 2 || kind == 4)
    filter->negated = alm_random_below (random, 2) == 1;
  for (guint n = kind == 3 ? 0 : kind == 1 ? 1 + alm_random_below (random, 3) : kind == 2 ? 2 : 1;
       n > 0; n--)
    {
      char text[] = { 'x' + (char) alm_random_below (random, 3), '\0', '\0' };

      if (kind == 4)
        text[alm_random_below (random, 2)] = "%_"[alm_random_below (random, 2)];
      alm_filter_add_value (filter, alm_value_new_text (text));
    }

  return filter;
}

/* Every text literal and operator is written alike in CQL2 and in SQL, but for
 * the escape of LIKE, which does not occur here. */
static void
test_agrees_with_sql (void)
{
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;
  sqlite3 *db = NULL;
  guint selected = 0;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed (&random, seed);
  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA case_sensitive_like=ON", NULL, NULL, NULL), ==,
  SQLITE_OK);
  for (guint i = 0; i < ALM_TEST_ROUNDS (5000); i++)
    {
      g_autoptr (AlmFilter) filter = random_filter (&random, 3);
      g_autoptr (AlmValue) fields = alm_value_new_object ();
      g_autoptr (GString) sql = g_string_new ("WITH r AS (SELECT ");
      g_autofree char *text = alm_filter_to_text (filter);
      g_autoptr (AlmFilter) back = filter_of (text, ALM_FILTER_NONE);
      g_autofree char *again = alm_filter_to_text (back);
      sqlite3_stmt *query = NULL;
      gboolean wanted;

      g_assert_cmpstr (again, ==, text);
      for (guint k = 0; k < 3; k++)
        {
          char name[] = { 'a' + (char) k, '\0' };
          char value[] = { 'x' + (char) alm_random_below (&random, 3), '\0' };
          gboolean nothing = alm_random_below (&random, 3) == 0;

          alm_value_set_text (fields, name, nothing ? NULL : value);
          if (nothing)
            g_string_append_printf (sql, "%sNULL AS %s", k > 0 ? "," : "", name);
          else
            g_string_append_printf (sql, "%s'%s' AS %s", k > 0 ? "," : "", value, name);
        }
      g_string_append_printf (sql, ") SELECT 1 FROM r WHERE %s", text);

      if (sqlite3_prepare_v2 (db, sql->str, -1, &query, NULL) != SQLITE_OK)
        g_error ("%s: %s", sqlite3_errmsg (db), sql->str);
      wanted = sqlite3_step (query) == SQLITE_ROW;
      sqlite3_finalize (query);
      if (alm_filter_match (filter, fields) != wanted)
        g_error ("SQL says %d: %s", wanted, sql->str);
      selected += wanted;
    }
  g_assert_cmpuint (selected, >, ALM_TEST_ROUNDS (500));
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/filter/text", test_texts);
  g_test_add_func ("/domain/filter/broken", test_broken_texts_name_the_place);
  g_test_add_func ("/domain/filter/limits", test_size_and_depth_are_limited);
  g_test_add_func ("/domain/filter/match", test_matches);
  g_test_add_func ("/domain/filter/casei", test_case_may_be_implied);
  g_test_add_func ("/domain/filter/check", test_types_are_checked_against_a_model);
  g_test_add_func ("/domain/filter/chips", test_chips_make_filters);
  g_test_add_func ("/domain/filter/sql", test_agrees_with_sql);

  return g_test_run ();
}
