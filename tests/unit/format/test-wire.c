/* SPDX-License-Identifier: EUPL-1.2 */

/* The wire's lines: what is built is read back, what is not sound is refused. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-json.h"
#include "alm-wire.h"

#include <string.h>

#define HELLO "{\"server\":\"s\",\"epoch\":\"e\",\"protocol\":1,\"next\":1,\"scopes\":"

static void
test_lines_are_counted_and_may_lack_the_last_end (void)
{
  static const char text[] = "one\n\nthree";
  const char *const expected[] = { "one", "", "three" };
  AlmWireLines lines;
  const char *line;
  gsize length;

  alm_wire_lines_start (&lines, text, strlen (text));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_true (alm_wire_lines_next (&lines, &line, &length));
      g_assert_cmpmem (line, length, expected[i], strlen (expected[i]));
      g_assert_cmpuint (lines.number, ==, i + 1);
    }
  g_assert_false (alm_wire_lines_next (&lines, &line, &length));
}

static void
test_hello_comes_back_as_it_was (void)
{
  static const char text[] =
    "{\"epoch\":\"e1\",\"limits\":{\"body\":65536,\"commands\":7},\"next\":42,\"protocol\":1,"
    "\"rights\":\"abc\",\"roles\":[\"editor\"],\"scopes\":[{\"began\":3,\"classes\":[\"public\"],"
    "\"grant\":\"g\",\"pack\":{\"bytes\":10,\"etag\":\"t\",\"seq\":8},\"records\":20,"
    "\"roles\":[\"reader\"],\"scope\":\"ksj/baeume\",\"seq\":9,\"title\":\"Bäume\"}],"
    "\"server\":\"s1\"}";
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmWireHello) hello = alm_wire_hello_parse (text, strlen (text), &error);
  g_autoptr (AlmWireHello) copy = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *back = NULL;

  g_assert_no_error (error);
  copy = alm_wire_hello_copy (hello);
  value = alm_wire_hello_to_value (copy);
  back = alm_value_to_text (value);
  g_assert_cmpstr (back, ==, text);
  g_assert_cmpint (alm_wire_hello_find (hello, "ksj/baeume")->pack_seq, ==, 8);
  g_assert_null (alm_wire_hello_find (hello, "ksj"));
}

#define SQUARE "{\"coordinates\":[[[1,1],[2,1],[2,2],[1,1]]],\"type\":\"Polygon\"}"
#define AREAS(list, of_scope) \
  "{\"areas\":" list ",\"epoch\":\"e1\",\"limits\":{\"body\":65536,\"commands\":7},\"next\":42," \
  "\"protocol\":1,\"roles\":[],\"scopes\":[{\"areas\":" of_scope ",\"began\":3," \
  "\"classes\":[\"public\"],\"grant\":\"g\",\"records\":0,\"roles\":[],\"scope\":\"a\",\"seq\":9," \
  "\"title\":\"A\",\"writes\":[\"public\"]}],\"server\":\"s1\"}"

static void
test_areas_of_grants (void)
{
  static const char good[] = AREAS ("[" SQUARE "]", "[{\"area\":0,\"classes\":[\"public\"]}]");
  static const char *const bad[] = {
    AREAS ("7", "[]"), AREAS ("[7]", "[]"), AREAS ("[{}]", "[]"),
    AREAS ("[{\"type\":\"Point\",\"coordinates\":[1,1]}]", "[]"), AREAS ("[]", "{}"),
    AREAS ("[]", "[{\"area\":0,\"classes\":[]}]"),
    AREAS ("[" SQUARE "]", "[{\"area\":-1,\"classes\":[]}]"),
    AREAS ("[" SQUARE "]", "[{\"area\":0}]"), AREAS ("[" SQUARE "]", "[0]"),
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmWireHello) hello = alm_wire_hello_parse (good, strlen (good), &error);
  g_autoptr (AlmWireHello) copy = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *back = NULL;

  g_assert_no_error (error);
  copy = alm_wire_hello_copy (hello);
  value = alm_wire_hello_to_value (copy);
  back = alm_value_to_text (value);
  g_assert_cmpstr (back, ==, good);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) refused = NULL;

      if (alm_wire_hello_parse (bad[i], strlen (bad[i]), &refused) != NULL)
        g_error ("taken: %s", bad[i]);
      g_assert_error (refused, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_a_hello_that_promises_too_little_is_refused (void)
{
  static const char *const bad[] = {
    "", "[]", "{}", "null", HELLO "{}}", HELLO "[{}]}", HELLO "[{\"scope\":\"A B\",\"seq\":1}]}",
    HELLO "[{\"scope\":\"a\",\"seq\":-1,\"grant\":\"\"}]}",
    HELLO "[{\"scope\":\"a\",\"seq\":1}]}",
    HELLO "[{\"scope\":\"a\",\"seq\":1,\"grant\":\"g\",\"roles\":[1]}]}",
    HELLO "[{\"scope\":\"a\",\"seq\":1,\"grant\":\"g\",\"pack\":{}}]}",
    HELLO "[{\"scope\":\"a\",\"seq\":1,\"grant\":\"g\"},{\"scope\":\"a\",\"seq\":1,"
    "\"grant\":\"g\"}]}",
    HELLO "[],\"limits\":{\"commands\":0}}", HELLO "[]} x",
    "{\"server\":\"\",\"epoch\":\"e\",\"protocol\":1,\"next\":1,\"scopes\":[]}",
    "{\"server\":\"s\",\"epoch\":\"e\",\"protocol\":1,\"next\":0,\"scopes\":[]}",
    "{\"server\":\"s\",\"epoch\":\"e\",\"protocol\":1,\"next\":1.5,\"scopes\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      AlmWireHello *hello = alm_wire_hello_parse (bad[i], strlen (bad[i]), &error);

      if (hello != NULL)
        g_error ("taken: %s", bad[i]);
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_outcomes_come_back_as_they_were (void)
{
  static const char *const lines[] = {
    "{\"n\":1,\"r\":\"ok\",\"seq\":5}",
    "{\"merged\":[\"height\"],\"n\":2,\"r\":\"merged\",\"seq\":6}",
    "{\"conflicts\":[{\"field\":\"height\",\"id\":\"01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10\"}],"
    "\"n\":3,\"r\":\"conflict\",\"seq\":7}",
    "{\"code\":\"forbidden\",\"detail\":\"nur lesen\",\"limit\":\"area\",\"n\":4,"
    "\"r\":\"refused\"}",
  };
  g_autofree char *text = g_strjoin ("\n", lines[0], lines[1], lines[2], lines[3],
                                     "{\"next\":5}", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  gint64 next;

  outcomes = alm_wire_push_parse_reply (text, strlen (text), 1, 4, &next, &error);
  g_assert_no_error (error);
  g_assert_cmpint (next, ==, 5);
  for (guint i = 0; i < outcomes->len; i++)
    {
      g_autoptr (AlmValue) value = alm_wire_outcome_to_value (outcomes->pdata[i]);
      g_autofree char *back = alm_value_to_text (value);

      g_assert_cmpstr (back, ==, lines[i]);
    }
}

static void
test_no_cut_of_an_answer_is_taken_for_the_whole (void)
{
  static const char text[] = "{\"n\":1,\"r\":\"ok\",\"seq\":5}\n"
                             "{\"n\":2,\"r\":\"ok\",\"seq\":6}\n{\"next\":3}";

  for (gsize cut = 0; cut < strlen (text); cut++)
    {
      g_autoptr (GError) error = NULL;
      gint64 next;

      g_assert_null (alm_wire_push_parse_reply (text, cut, 1, 2, &next, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_outcomes_that_make_no_sense_are_refused (void)
{
  static const char *const bad[] = {
    "{\"n\":0,\"r\":\"ok\",\"seq\":5}", "{\"n\":1,\"r\":\"ok\"}", "{\"n\":1,\"r\":\"fine\"}",
    "{\"n\":1,\"r\":\"refused\"}", "{\"n\":1,\"r\":\"conflict\",\"seq\":5}",
    "{\"n\":1,\"r\":\"conflict\",\"seq\":5,\"conflicts\":[{\"id\":\"x\",\"field\":\"f\"}]}",
    "{\"n\":1,\"r\":\"merged\",\"seq\":5,\"merged\":\"f\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (AlmValue) value = alm_json_parse (bad[i], -1, NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_wire_outcome_from_value (value, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
}

static void
test_a_problem_is_read_from_anything (void)
{
  static const char gap[] = "{\"status\":409,\"code\":\"gap\",\"detail\":\"d\",\"next\":7}";
  static const char page[] = "<html>502 Bad Gateway</html>";
  g_auto (AlmWireProblem) problem = { 0 };

  alm_wire_problem_parse (&problem, gap, strlen (gap));
  g_assert_cmpstr (problem.code, ==, "gap");
  g_assert_cmpstr (problem.detail, ==, "d");
  g_assert_cmpint (problem.next, ==, 7);
  alm_wire_problem_clear (&problem);
  alm_wire_problem_parse (&problem, page, strlen (page));
  g_assert_cmpstr (problem.code, ==, "");
  g_assert_cmpint (problem.next, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/wire/lines-are-counted-and-may-lack-the-last-end",
                   test_lines_are_counted_and_may_lack_the_last_end);
  g_test_add_func ("/format/wire/hello-comes-back-as-it-was", test_hello_comes_back_as_it_was);
  g_test_add_func ("/format/wire/areas-of-grants", test_areas_of_grants);
  g_test_add_func ("/format/wire/a-hello-that-promises-too-little-is-refused",
                   test_a_hello_that_promises_too_little_is_refused);
  g_test_add_func ("/format/wire/outcomes-come-back-as-they-were",
                   test_outcomes_come_back_as_they_were);
  g_test_add_func ("/format/wire/no-cut-of-an-answer-is-taken-for-the-whole",
                   test_no_cut_of_an_answer_is_taken_for_the_whole);
  g_test_add_func ("/format/wire/outcomes-that-make-no-sense-are-refused",
                   test_outcomes_that_make_no_sense_are_refused);
  g_test_add_func ("/format/wire/a-problem-is-read-from-anything",
                   test_a_problem_is_read_from_anything);

  return g_test_run ();
}
