/* SPDX-License-Identifier: EUPL-1.2 */

/* A push: checked whole, answered per command, merged, refused without
 * blocking, and the same answer again for the same question. */

#include "config.h"

#include "alm-json.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"
#define DESK_B "00000000-0000-7000-8000-00000000000b"
#define TREE   "00000000-0000-7000-8000-000000000001"
#define TREE_2 "00000000-0000-7000-8000-000000000002"

typedef struct
{
  AlmTestHub hub;
  char      *a;      /* tokens of two editors of ksj/baeume */
  char      *b;
  gint64     n_a;    /* their last numbers */
  gint64     n_b;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
  f->b = alm_test_hub_add (&f->hub, "bert", DESK_B,
                           "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (f->a);
  g_free (f->b);
  alm_test_hub_tear_down (&f->hub);
}

/* One command of a desk, the next in its row; @rest follows "at" in the line.
 * The answer's line. */
static char *
send (Fixture    *f,
      char        desk,
      const char *rest)
{
  gint64 n = desk == 'a' ? ++f->n_a : ++f->n_b;
  g_autofree char *line = g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"cid\":\"%c%015d\","
                                           "\"at\":\"2027-01-15T09:00:00Z\",%s}\n", n, desk,
                                           (int) n, rest);
  g_autofree char *said = alm_test_hub_push (&f->hub, 200, desk == 'a' ? f->a : f->b,
                                             desk == 'a' ? DESK_A : DESK_B, n, line);
  char *end = strchr (said, '\n');

  g_assert_nonnull (end);
  *end = '\0';

  return g_steal_pointer (&said);
}

static void
assert_said (Fixture    *f,
             char        desk,
             const char *rest,
             const char *expected)
{
  g_autofree char *said = send (f, desk, rest);

  g_assert_cmpstr (said, ==, expected);
}

/* The answer refuses with this code. */
static void
assert_refused (Fixture    *f,
                char        desk,
                const char *rest,
                const char *code)
{
  g_autofree char *said = send (f, desk, rest);
  g_autoptr (AlmValue) value = alm_json_parse (said, -1, NULL, NULL);

  if (g_strcmp0 (alm_value_get_text_of (value, "code"), code) != 0)
    g_test_message ("%s", said);
  g_assert_cmpstr (alm_value_get_text_of (value, "r"), ==, "refused");
  g_assert_cmpstr (alm_value_get_text_of (value, "code"), ==, code);
  g_assert_nonnull (alm_value_get_text_of (value, "detail"));
}

#define NEW_TREE(id, set) \
  "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"tree\",\"id\":\"" id "\"," \
  "\"set\":" set
#define UPD(id, base, set, old) \
  "\"op\":\"upd\",\"base\":" #base ",\"id\":\"" id "\",\"set\":" set ",\"old\":" old

/* What a reader of the scope sees after @after, without the last line. */
static char *
feed (Fixture    *f,
      const char *token,
      gint64      after)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/baeume\":%"
                                           G_GINT64_FORMAT "}}", f->hub.epoch, after);
  char *text = alm_test_hub_text (&f->hub, 200, token, "POST", "/v1/feed", body);
  char *last = strrchr (text, '\n');

  *last = '\0';
  last = strrchr (text, '\n');
  if (last != NULL)
    last[1] = '\0';
  else
    *text = '\0';

  return text;
}

/* The one conflict that stands after @after. */
static AlmValue *
get_conflict (Fixture *f,
              gint64   after)
{
  g_autofree char *text = feed (f, f->a, after);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  AlmValue *found = NULL;

  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (AlmValue) value = **line != '\0' ? alm_json_parse (*line, -1, NULL, NULL) : NULL;

      if (g_strcmp0 (alm_value_get_text_of (value, "k"), "conflict") != 0)
        continue;
      g_assert_null (found);
      found = alm_value_copy (alm_value_get (value, "f"));
      alm_value_set_text (found, "id", alm_value_get_text_of (value, "id"));
    }
  g_assert_nonnull (found);

  return found;
}

static void
assert_field (const AlmValue *fields,
              const char     *name,
              const char     *expected)
{
  g_autofree char *text = alm_value_to_text (alm_value_get (fields, name));

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_tree (Fixture    *f,
             gint64      after,
             const char *fields)
{
  g_autofree char *text = feed (f, f->a, after);
  g_autofree char *start = g_strdup_printf ("{\"f\":%s,\"id\":\"" TREE "\"", fields);

  if (strstr (text, start) == NULL)
    g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, start));
}

static void
test_a_new_record_is_there (Fixture       *f,
                            gconstpointer  data)
{
  g_autofree char *text = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  text = feed (f, f->b, 0);
  g_assert_cmpstr (text, ==, "{\"f\":{\"species\":\"Linde\",\"year\":1990},\"id\":\"" TREE "\","
                             "\"k\":\"tree\",\"s\":\"ksj/baeume\",\"v\":1}\n");
  g_assert_cmpstr (f->hub.changed->str, ==, "system ksj/baeume ");
}

static void
test_the_same_question_the_same_answer (Fixture       *f,
                                        gconstpointer  data)
{
  static const char lines[] =
    "{\"n\":1,\"cid\":\"a000000000000001\"," NEW_TREE (TREE, "{\"species\":\"Linde\"}") "}\n"
    "{\"n\":2,\"cid\":\"a000000000000002\"," NEW_TREE (TREE_2, "{\"year\":1}") "}\n"
    "{\"n\":3,\"cid\":\"a000000000000003\"," UPD (TREE, 1, "{\"year\":1990}", "{}") "}\n";
  g_autofree char *one = alm_test_hub_push (&f->hub, 200, f->a, DESK_A, 1, lines);
  g_autofree char *two = NULL;
  g_autofree char *tail = NULL;
  g_autofree char *history = NULL;

  alm_test_hub_reopen (&f->hub);
  two = alm_test_hub_push (&f->hub, 200, f->a, DESK_A, 1, lines);
  g_assert_cmpstr (one, ==, two);
  g_assert_nonnull (strstr (one, "{\"n\":3,\"r\":\"ok\",\"seq\":2}\n{\"next\":4}\n"));

  /* Also from the middle, and with something new behind it. */
  tail = alm_test_hub_push (&f->hub, 200, f->a, DESK_A, 3,
    "{\"n\":3,\"cid\":\"a000000000000003\"," UPD (TREE, 1, "{\"year\":1990}", "{}") "}\n"
    "{\"n\":4,\"cid\":\"a000000000000004\"," UPD (TREE, 2, "{\"year\":1991}", "{\"year\":1990}")
    "}\n");
  g_assert_cmpstr (tail, ==, "{\"n\":3,\"r\":\"ok\",\"seq\":2}\n{\"n\":4,\"r\":\"ok\",\"seq\":3}\n"
                             "{\"next\":5}\n");
  history = alm_test_query (f->hub.path, "SELECT count (*) FROM history WHERE user = 'anna'");
  g_assert_cmpstr (history, ==, "3");
}

static void
test_a_refused_one_stops_nothing (Fixture       *f,
                                  gconstpointer  data)
{
  g_autofree char *said = alm_test_hub_push (&f->hub, 200, f->a, DESK_A, 1,
    "{\"n\":1,\"cid\":\"a000000000000001\"," NEW_TREE (TREE, "{\"species\":\"Linde\"}") "}\n"
    "{\"n\":2,\"cid\":\"a000000000000002\"," UPD (TREE, 1, "{\"year\":99}", "{}") "}\n"
    "{\"n\":3,\"cid\":\"a000000000000003\"," UPD (TREE, 1, "{\"year\":1990}", "{}") "}\n");

  g_assert_nonnull (strstr (said, "{\"n\":1,\"r\":\"ok\",\"seq\":1}\n"));
  g_assert_nonnull (strstr (said, "\"code\":\"bad-value\""));
  g_assert_nonnull (strstr (said, "field 'year'"));
  g_assert_nonnull (strstr (said, "{\"n\":3,\"r\":\"ok\",\"seq\":2}\n{\"next\":4}\n"));
}

static void
test_a_gap_a_fork_a_stranger (Fixture       *f,
                              gconstpointer  data)
{
  static const char other[] =
    "{\"n\":1,\"cid\":\"ffffffffffffffff\"," NEW_TREE (TREE_2, "{\"species\":\"Linde\"}") "}\n"
    "{\"n\":2,\"cid\":\"fffffffffffffffe\"," NEW_TREE (TREE_2, "{\"species\":\"Linde\"}") "}\n";
  g_autofree char *gap = alm_test_hub_push (&f->hub, 409, f->a, DESK_A, 2,
    "{\"n\":2,\"cid\":\"a000000000000002\"," NEW_TREE (TREE, "{\"species\":\"Linde\"}") "}\n");
  g_autofree char *fork = NULL;
  g_autofree char *stranger = NULL;
  g_autofree char *nobody = NULL;
  g_autofree char *count = NULL;

  g_assert_nonnull (strstr (gap, "\"code\":\"gap\""));
  g_assert_nonnull (strstr (gap, "\"next\":1"));

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  fork = alm_test_hub_push (&f->hub, 409, f->a, DESK_A, 1, other);
  g_assert_nonnull (strstr (fork, "\"code\":\"desk-forked\""));
  stranger = alm_test_hub_push (&f->hub, 403, f->b, DESK_A, 1, other);
  g_assert_nonnull (strstr (stranger, "\"code\":\"wrong-desk\""));
  nobody = alm_test_hub_push (&f->hub, 401, "0000", DESK_A, 1, "");

  /* Nothing of any of these was applied. */
  count = alm_test_query (f->hub.path, "SELECT count (*) FROM history WHERE user <> 'chef'"
                                       " AND user <> 'system'");
  g_assert_cmpstr (count, ==, "1");
}

static void
test_another_epoch (Fixture       *f,
                    gconstpointer  data)
{
  g_autofree char *said = alm_test_hub_text (&f->hub, 409, f->a, "POST", "/v1/push",
    "{\"desk\":\"" DESK_A "\",\"epoch\":\"another\",\"first\":1}\n");

  g_assert_nonnull (strstr (said, "\"code\":\"epoch\""));
}

static void
test_a_torn_body_applies_nothing (Fixture       *f,
                                  gconstpointer  data)
{
  static const struct { const char *lines; const char *place; } cases[] = {
    { "{\"n\":1", "Line 2" },
    { "[]\n", "Line 2: no JSON object" },
    { "\n", "Line 2" },
    { "{\"n\":1,\"n\":1}\n", "Line 2" },
    { "{\"n\":2,\"cid\":\"a000000000000001\",\"op\":\"del\",\"id\":\"" TREE "\"}\n", "Line 2" },
    { "{\"n\":1.5,\"cid\":\"a000000000000001\"}\n", "Line 2" },
    { "{\"n\":\"1\",\"cid\":\"a000000000000001\"}\n", "Line 2" },
    { "{\"n\":1,\"cid\":\"A000000000000001\"}\n", "Line 2" },
    { "{\"n\":1,\"cid\":\"a00000000000001\"}\n", "Line 2" },
    { "{\"n\":1,\"cid\":null}\n", "Line 2" },
    { "{\"n\":1,\"cid\":\"a000000000000001\"}\n{\"n\":1,\"cid\":\"a000000000000001\"}\n",
      "Line 3" },
    { "{\"n\":1,\"cid\":\"a000000000000001\"}\n{\"n\":3,\"cid\":\"a000000000000001\"}\n",
      "Line 3" },
    { "{\"n\":1,\"cid\":\"a000000000000001\"} x\n", "Line 2" },
    { "{\"n\":1,\"cid\":\"\xff\"}\n", "Line 2" },
  };
  g_autofree char *count = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *lines = g_strconcat (cases[i].lines, NULL);
      g_autofree char *said = alm_test_hub_push (&f->hub, 400, f->a, DESK_A, 1, lines);

      if (strstr (said, cases[i].place) == NULL)
        g_test_message ("%s → %s", cases[i].lines, said);
      g_assert_nonnull (strstr (said, cases[i].place));
    }
  count = alm_test_query (f->hub.path, "SELECT count (*) FROM outcomes WHERE n = 1");
  g_assert_cmpstr (count, ==, "1");   /* the administrator's */
}

static void
test_heads_that_are_none (Fixture       *f,
                          gconstpointer  data)
{
  static const char *const bodies[] = {
    "", "\n", "x", "[]", "{}", "{\"desk\":\"" DESK_A "\",\"first\":1}",
    "{\"desk\":\"" DESK_A "\",\"epoch\":\"e\",\"first\":0}",
    "{\"desk\":\"" DESK_A "\",\"epoch\":\"e\"}", "{\"desk\":\"a\",\"epoch\":\"e\",\"first\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 400, f->a, "POST", "/v1/push",
                                                 bodies[i]);

      g_assert_nonnull (strstr (said, "Line 1"));
    }
}

static void
test_too_many_commands (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *said = NULL;

  for (int i = 1; i <= ALM_HUB_COMMANDS_MAX + 1; i++)
    g_string_append_printf (lines, "{\"n\":%d,\"cid\":\"%016d\"}\n", i, i);
  said = alm_test_hub_push (&f->hub, 413, f->a, DESK_A, 1, lines->str);
}

/* Well-formed JSON that cannot be kept: refused with its reason, one by one. */
static void
test_refusals (Fixture       *f,
               gconstpointer  data)
{
  static const struct { const char *rest; const char *code; } cases[] = {
    { NEW_TREE (TREE_2, "{\"species\":\"a\\u0000b\"}"), "bad-text" },
    { NEW_TREE (TREE_2, "{\"species\":\"\\ud800\"}"), "bad-text" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"height\":1e999}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"year\":9223372036854775808}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"year\":\"1990\"}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"colour\":1}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"Year\":1}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"year\":1990}"), "bad-value" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"owner\":\"Frau Muster\"}"), "forbidden" },
    { NEW_TREE (TREE_2, "{\"species\":\"x\",\"checked\":true}"), "forbidden" },
    { NEW_TREE ("no-id", "{\"species\":\"x\"}"), "bad-id" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/nirgends\",\"kind\":\"tree\",\"id\":\"" TREE_2
      "\",\"set\":{\"species\":\"x\"}", "unknown-scope" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/geheim\",\"kind\":\"tree\",\"id\":\"" TREE_2
      "\",\"set\":{\"species\":\"x\"}", "unknown-scope" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"lamp\",\"id\":\"" TREE_2
      "\",\"set\":{\"species\":\"x\"}", "unknown-kind" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"conflict\",\"id\":\"" TREE_2
      "\",\"set\":{\"field\":\"year\"}", "forbidden" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"scope\",\"id\":\"" TREE_2
      "\",\"set\":{\"path\":\"x\"}", "bad-value" },
    { "\"op\":\"new\",\"base\":0,\"scope\":\"system\",\"kind\":\"scope\",\"id\":\"" TREE_2
      "\",\"set\":{\"path\":\"x\",\"title\":\"x\"}", "forbidden" },
    { UPD (TREE_2, 1, "{\"year\":1990}", "{}"), "unknown-record" },
    { "\"op\":\"del\",\"base\":1,\"id\":\"" TREE_2 "\"", "unknown-record" },
    { "\"op\":\"fly\",\"base\":1,\"id\":\"" TREE_2 "\"", "unknown-op" },
    { "\"op\":\"resolve\",\"base\":1,\"id\":\"" TREE_2 "\",\"conflict\":\"" TREE "\"",
      "unknown-record" },
    /* a scope's own record, which every account may read */
    { "\"op\":\"del\",\"base\":1,\"id\":\"00000000-0000-7000-8000-0000000000a1\"", "forbidden" },
  };
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (f, 'a', cases[i].rest, cases[i].code);
  text = feed (f, f->a, 0);
  g_assert_cmpstr (text, ==, "");
}

static void
test_an_id_of_another_kind (Fixture       *f,
                            gconstpointer  data)
{
  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_refused (f, 'b', "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baeume\",\"kind\":\"sketch\","
                          "\"id\":\"" TREE "\",\"set\":{\"title\":\"x\"}", "exists");
  /* The same thing adopted twice is one record. */
  assert_said (f, 'b', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":2,\"r\":\"ok\",\"seq\":2}");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1990}");
}

static void
test_different_fields_are_both_kept (Fixture       *f,
                                     gconstpointer  data)
{
  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  assert_said (f, 'a', UPD (TREE, 1, "{\"species\":\"Ahorn\"}", "{\"species\":\"Linde\"}"),
               "{\"n\":2,\"r\":\"ok\",\"seq\":3}");
  assert_tree (f, 0, "{\"species\":\"Ahorn\",\"year\":1991}");
}

static void
test_sets_and_counters_merge (Fixture       *f,
                              gconstpointer  data)
{
  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"tags\":[\"a\"],\"visits\":3}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"tags\":[\"a\",\"b\"],\"visits\":4}",
                            "{\"tags\":[\"a\"],\"visits\":3}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  assert_said (f, 'a', UPD (TREE, 1, "{\"tags\":[\"c\"],\"visits\":5}",
                            "{\"tags\":[\"a\"],\"visits\":3}"),
               "{\"merged\":[\"tags\",\"visits\"],\"n\":2,\"r\":\"merged\",\"seq\":3}");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"tags\":[\"b\",\"c\"],\"visits\":6}");
}

static void
test_a_collision_becomes_a_proposal (Fixture       *f,
                                     gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  said = send (f, 'a', UPD (TREE, 1, "{\"year\":1992}", "{\"year\":1990}"));
  conflict = get_conflict (f, 2);
  g_assert_cmpstr (alm_value_get_text_of (conflict, "field"), ==, "year");
  assert_field (conflict, "base", "1990");
  assert_field (conflict, "theirs", "1991");
  assert_field (conflict, "mine", "1992");
  assert_field (conflict, "theirs_user", "\"bert\"");
  assert_field (conflict, "mine_user", "\"anna\"");
  assert_field (conflict, "mine_n", "2");
  assert_field (conflict, "mine_desk", "\"" DESK_A "\"");
  assert_field (conflict, "record", "\"" TREE "\"");
  assert_field (conflict, "kind", "\"tree\"");
  assert_field (conflict, "why", "\"value\"");
  assert_field (conflict, "state", "\"open\"");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1991}");   /* the first stays */
  g_assert_nonnull (strstr (said, "\"r\":\"conflict\""));
  g_assert_nonnull (strstr (said, "\"seq\":3"));
  g_assert_nonnull (strstr (said, alm_value_get_text_of (conflict, "id")));
}

/* Three edits offline are one proposal, with the first base and the last value. */
static void
test_a_chain_is_one_proposal (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  one = send (f, 'a', UPD (TREE, 1, "{\"year\":1992}", "{\"year\":1990}"));
  two = send (f, 'a', UPD (TREE, 1, "{\"year\":1993}", "{\"year\":1992}"));
  conflict = get_conflict (f, 2);
  assert_field (conflict, "base", "1990");
  assert_field (conflict, "theirs", "1991");
  assert_field (conflict, "mine", "1993");
  assert_field (conflict, "mine_n", "3");
  g_assert_nonnull (strstr (two, "\"r\":\"conflict\""));
  g_assert_nonnull (strstr (two, "\"seq\":4"));
}

/* Who comes round to what stands has no proposal left. */
static void
test_a_chain_that_agrees_closes_it (Fixture       *f,
                                    gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *one = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  one = send (f, 'a', UPD (TREE, 1, "{\"year\":1992}", "{\"year\":1990}"));
  assert_said (f, 'a', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1992}"),
               "{\"n\":3,\"r\":\"ok\",\"seq\":4}");
  conflict = get_conflict (f, 2);
  assert_field (conflict, "state", "\"resolved\"");
  assert_field (conflict, "choice", "\"theirs\"");
}

static void
test_a_conflict_is_decided (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autoptr (AlmValue) after = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *command = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1991}", "{\"year\":1990}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  one = send (f, 'a', UPD (TREE, 1, "{\"year\":1992}", "{\"year\":1990}"));
  conflict = get_conflict (f, 2);
  command = g_strdup_printf ("\"op\":\"resolve\",\"base\":2,\"id\":\"" TREE "\","
                             "\"conflict\":\"%s\",\"set\":{\"year\":1992},\"old\":{\"year\":1991}",
                             alm_value_get_text_of (conflict, "id"));
  two = send (f, 'b', command);
  g_assert_cmpstr (two, ==, "{\"n\":2,\"r\":\"ok\",\"seq\":5}");
  after = get_conflict (f, 2);
  assert_field (after, "state", "\"resolved\"");
  assert_field (after, "choice", "\"mine\"");
  assert_field (after, "resolved_by", "\"bert\"");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1992}");

  /* Deciding again changes nothing. */
  g_free (g_steal_pointer (&two));
  two = send (f, 'b', command);
  g_assert_nonnull (strstr (two, "\"seq\":4"));
}

static void
test_only_del_deletes (Fixture       *f,
                       gconstpointer  data)
{
  g_autofree char *text = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', "\"op\":\"del\",\"base\":1,\"id\":\"" TREE "\"",
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  text = feed (f, f->a, 0);
  g_assert_cmpstr (text, ==, "{\"del\":true,\"id\":\"" TREE "\",\"k\":\"tree\","
                             "\"s\":\"ksj/baeume\",\"v\":2}\n");
  /* Deleted twice: fine, and no new version. */
  assert_said (f, 'a', "\"op\":\"del\",\"base\":1,\"id\":\"" TREE "\"",
               "{\"n\":2,\"r\":\"ok\",\"seq\":2}");
  assert_said (f, 'a', "\"op\":\"undel\",\"base\":2,\"id\":\"" TREE "\"",
               "{\"n\":3,\"r\":\"ok\",\"seq\":3}");
  assert_said (f, 'a', "\"op\":\"undel\",\"base\":3,\"id\":\"" TREE "\"",
               "{\"n\":4,\"r\":\"ok\",\"seq\":3}");
  assert_tree (f, 0, "{\"species\":\"Linde\"}");
}

static void
test_what_was_edited_stays (Fixture       *f,
                            gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1990}", "{}"), "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  said = send (f, 'a', "\"op\":\"del\",\"base\":1,\"id\":\"" TREE "\"");
  g_assert_nonnull (strstr (said, "\"r\":\"conflict\""));
  conflict = get_conflict (f, 2);
  assert_field (conflict, "why", "\"edited\"");
  assert_field (conflict, "field", "\"\"");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1990}");
}

/* One's own edits are no reason against one's own deletion. */
static void
test_ones_own_edit_may_be_deleted (Fixture       *f,
                                   gconstpointer  data)
{
  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1990}", "{}"), "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  assert_said (f, 'b', "\"op\":\"del\",\"base\":1,\"id\":\"" TREE "\"",
               "{\"n\":2,\"r\":\"ok\",\"seq\":3}");
}

static void
test_what_was_deleted_comes_back_with_an_edit (Fixture       *f,
                                               gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_said (f, 'b', "\"op\":\"del\",\"base\":1,\"id\":\"" TREE "\"",
               "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  said = send (f, 'a', UPD (TREE, 1, "{\"year\":1990}", "{}"));
  g_assert_nonnull (strstr (said, "\"r\":\"conflict\""));
  conflict = get_conflict (f, 2);
  assert_field (conflict, "why", "\"deleted\"");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1990}");
}

static void
test_two_with_one_number (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\",\"number\":\"17\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  said = send (f, 'b', NEW_TREE (TREE_2, "{\"species\":\"Ahorn\",\"number\":\"17\"}"));
  g_assert_nonnull (strstr (said, "\"r\":\"conflict\""));
  conflict = get_conflict (f, 2);
  assert_field (conflict, "why", "\"duplicate\"");
  assert_field (conflict, "field", "\"number\"");
  assert_field (conflict, "part", "{\"id\":\"" TREE "\"}");
  assert_field (conflict, "record", "\"" TREE_2 "\"");
}

/* What is required and taken away: by oneself a mistake, after somebody else's
 * edit a question. */
static void
test_a_rule_over_the_whole_record (Fixture       *f,
                                   gconstpointer  data)
{
  g_autoptr (AlmValue) conflict = NULL;
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  assert_refused (f, 'a', UPD (TREE, 1, "{\"species\":null}", "{\"species\":\"Linde\"}"),
                  "bad-value");
  assert_said (f, 'b', UPD (TREE, 1, "{\"year\":1990}", "{}"), "{\"n\":1,\"r\":\"ok\",\"seq\":2}");
  said = send (f, 'a', UPD (TREE, 1, "{\"species\":null}", "{\"species\":\"Linde\"}"));
  g_assert_nonnull (strstr (said, "\"r\":\"conflict\""));
  conflict = get_conflict (f, 2);
  assert_field (conflict, "why", "\"invalid\"");
  assert_tree (f, 0, "{\"species\":\"Linde\",\"year\":1990}");
}

static void
test_a_reader_reads (Fixture       *f,
                     gconstpointer  data)
{
  static const char desk[] = "00000000-0000-7000-8000-00000000000c";
  g_autofree char *c = alm_test_hub_add (&f->hub, "carl", desk,
                                         "[{\"role\":\"reader\",\"scope\":\"ksj/*\"}]");
  g_autofree char *said = NULL;

  assert_said (f, 'a', NEW_TREE (TREE, "{\"species\":\"Linde\"}"),
               "{\"n\":1,\"r\":\"ok\",\"seq\":1}");
  said = alm_test_hub_push (&f->hub, 200, c, desk, 1,
    "{\"n\":1,\"cid\":\"c000000000000001\"," UPD (TREE, 1, "{\"year\":1990}", "{}") "}\n");
  g_assert_nonnull (strstr (said, "\"code\":\"forbidden\""));
}

static char *
push_admin (Fixture    *f,
            gint64      n,
            const char *rest)
{
  g_autofree char *line = g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"cid\":\"%016d\",%s}\n", n,
                                           (int) n, rest);

  return alm_test_hub_push (&f->hub, 200, f->hub.admin, ALM_TEST_ADMIN_DESK, n, line);
}

#define NEW_SYSTEM(kind, n, set) \
  "\"op\":\"new\",\"base\":0,\"scope\":\"system\",\"kind\":\"" kind "\"," \
  "\"id\":\"00000000-0000-7000-8000-0000000001" n "\",\"set\":" set

static void
test_scopes_and_models_take_effect_at_once (Fixture       *f,
                                            gconstpointer  data)
{
  static const struct { const char *rest; const char *said; } cases[] = {
    { NEW_SYSTEM ("model", "01", "{\"name\":\"bench\",\"schema\":{\"type\":\"object\","
                  "\"title\":\"Bank\",\"properties\":{\"seats\":{\"type\":\"integer\","
                  "\"title\":\"Plätze\"}}}}"), "\"r\":\"ok\"" },
    { NEW_SYSTEM ("model", "02", "{\"name\":\"Bench\",\"schema\":{}}"), "\"code\":\"bad-value\"" },
    { NEW_SYSTEM ("model", "03", "{\"name\":\"lamp\",\"schema\":{\"type\":\"object\","
                  "\"properties\":{\"x\":{\"type\":\"nonsense\"}}}}"), "\"code\":\"bad-value\"" },
    { NEW_SYSTEM ("model", "04", "{\"name\":\"scope\",\"schema\":{\"type\":\"object\","
                  "\"title\":\"x\",\"properties\":{}}}"), "\"code\":\"bad-value\"" },
    { NEW_SYSTEM ("scope", "05", "{\"path\":\"ksj/baeume\",\"title\":\"x\"}"),
      "\"code\":\"bad-value\"" },
    { NEW_SYSTEM ("scope", "06", "{\"path\":\"local\",\"title\":\"x\"}"),
      "\"code\":\"bad-value\"" },
    { NEW_SYSTEM ("scope", "07", "{\"path\":\"ksj/baenke\",\"title\":\"Bänke\"}"),
      "\"r\":\"ok\"" },
    { "\"op\":\"del\",\"base\":9,\"id\":\"00000000-0000-7000-8000-000000000107\"",
      "\"code\":\"forbidden\"" },
    { NEW_SYSTEM ("tree", "08", "{\"species\":\"Linde\"}"), "\"code\":\"bad-value\"" },
  };
  g_autofree char *d = NULL;
  g_autofree char *bench = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said = push_admin (f, 3 + i, cases[i].rest);

      if (strstr (said, cases[i].said) == NULL)
        g_test_message ("%s → %s", cases[i].rest, said);
      g_assert_nonnull (strstr (said, cases[i].said));
    }

  d = alm_test_hub_add (&f->hub, "doris", "00000000-0000-7000-8000-00000000000d",
                        "[{\"role\":\"editor\",\"scope\":\"ksj/baenke\"}]");
  bench = alm_test_hub_push (&f->hub, 200, d, "00000000-0000-7000-8000-00000000000d", 1,
    "{\"n\":1,\"cid\":\"d000000000000001\",\"op\":\"new\",\"base\":0,\"scope\":\"ksj/baenke\","
    "\"kind\":\"bench\",\"id\":\"" TREE "\",\"set\":{\"seats\":4}}\n");
  g_assert_cmpstr (bench, ==, "{\"n\":1,\"r\":\"ok\",\"seq\":1}\n{\"next\":2}\n");
}

/* Two pushes in one transaction: each sees the one before. */
static void
test_a_group_is_one_transaction (Fixture       *f,
                                 gconstpointer  data)
{
  g_autoptr (AlmHubRequest) one = alm_hub_request_new ("POST", "/v1/push");
  g_autoptr (AlmHubRequest) two = alm_hub_request_new ("POST", "/v1/push");
  g_autofree char *body_one = g_strdup_printf (
    "{\"desk\":\"" DESK_A "\",\"epoch\":\"%s\",\"first\":1}\n"
    "{\"n\":1,\"cid\":\"a000000000000001\"," NEW_TREE (TREE, "{\"species\":\"Linde\"}") "}\n",
    f->hub.epoch);
  g_autofree char *body_two = g_strdup_printf (
    "{\"desk\":\"" DESK_B "\",\"epoch\":\"%s\",\"first\":1}\n"
    "{\"n\":1,\"cid\":\"b000000000000001\"," UPD (TREE, 1, "{\"year\":1990}", "{}") "}\n",
    f->hub.epoch);
  AlmHubPush *pushes[2];
  AlmHubReply *replies[2];
  AlmHubReply *refusal = NULL;

  one->body = g_bytes_new (body_one, strlen (body_one));
  two->body = g_bytes_new (body_two, strlen (body_two));
  one->authorization = g_strconcat ("Bearer ", f->a, NULL);
  two->authorization = g_strconcat ("Bearer ", f->b, NULL);
  pushes[0] = alm_hub_push_parse (one, &refusal);
  pushes[1] = alm_hub_push_parse (two, &refusal);
  g_assert_null (refusal);
  g_assert_cmpuint (alm_hub_push_size (pushes[0]), ==, 1);
  alm_hub_core_push (f->hub.core, pushes, 2, replies);
  g_assert_cmpstr (replies[0]->body->str, ==, "{\"n\":1,\"r\":\"ok\",\"seq\":1}\n{\"next\":2}\n");
  g_assert_cmpstr (replies[1]->body->str, ==, "{\"n\":1,\"r\":\"ok\",\"seq\":2}\n{\"next\":2}\n");

  for (guint i = 0; i < 2; i++)
    {
      alm_hub_push_free (pushes[i]);
      alm_hub_reply_free (replies[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sync/hub-push/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("new", test_a_new_record_is_there);
  ADD ("repeat", test_the_same_question_the_same_answer);
  ADD ("refused-in-the-middle", test_a_refused_one_stops_nothing);
  ADD ("gap-fork-stranger", test_a_gap_a_fork_a_stranger);
  ADD ("epoch", test_another_epoch);
  ADD ("torn", test_a_torn_body_applies_nothing);
  ADD ("head", test_heads_that_are_none);
  ADD ("too-many", test_too_many_commands);
  ADD ("refusals", test_refusals);
  ADD ("exists", test_an_id_of_another_kind);
  ADD ("merge/fields", test_different_fields_are_both_kept);
  ADD ("merge/sets", test_sets_and_counters_merge);
  ADD ("conflict", test_a_collision_becomes_a_proposal);
  ADD ("conflict/chain", test_a_chain_is_one_proposal);
  ADD ("conflict/agree", test_a_chain_that_agrees_closes_it);
  ADD ("conflict/resolve", test_a_conflict_is_decided);
  ADD ("delete", test_only_del_deletes);
  ADD ("delete/edited", test_what_was_edited_stays);
  ADD ("delete/own-edit", test_ones_own_edit_may_be_deleted);
  ADD ("delete/comes-back", test_what_was_deleted_comes_back_with_an_edit);
  ADD ("duplicate", test_two_with_one_number);
  ADD ("invalid", test_a_rule_over_the_whole_record);
  ADD ("reader", test_a_reader_reads);
  ADD ("system", test_scopes_and_models_take_effect_at_once);
  ADD ("group", test_a_group_is_one_transaction);

  return g_test_run ();
}
