/* SPDX-License-Identifier: EUPL-1.2 */

/* Who may do what (sync.md, section 4.8), as a table against the server's core:
 *
 *   rule                                                   test
 *   denied by default; roles; patterns; periods; union     who[]: one server each
 *   new, upd, del, undel, resolve need a role that writes  writes
 *   a field is written by a grant that names its class     writes, "shows-more"
 *   what only the server writes                            writes
 *   feed, pack's lines, history, conflicts: classes        sees
 *   what is refused or answered names nothing hidden       answers, key
 *   a conflict is decided by who may write its field       writes
 *   a grant begins and ends by the server's clock          period, poll
 *   classes change under what is there                     reclassify
 *   an area limits what is changed, before and after       area/… */

#include "config.h"

#include "alm-json.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK_K "00000000-0000-7000-8000-0000000000c1"
#define DESK_L "00000000-0000-7000-8000-0000000000c2"
#define DESK   "00000000-0000-7000-8000-0000000000c3"

#define ALL_CLASSES "\"classes\":[\"public\",\"internal\",\"confidential\",\"personal\"]"
#define KEEPER      "[{\"role\":\"steward\",\"scope\":\"ksj/*\"," ALL_CLASSES "}]"

/* What a field of each class holds, and how it is called. */
static const struct { char letter; const char *field; const char *marker; } classes[] = {
  { 'p', "pub", "MarkPublic" },
  { 'i', "intern", "MarkInternal" },
  { 'c', "conf", "MarkConfidential" },
  { 'x', "pers", "MarkPersonal" },
};

static const char model[] =
  "{\"name\":\"thing\",\"schema\":{\"type\":\"object\",\"title\":\"Ding\","
  "\"x-alm-key\":[\"pub\",\"pers\"],\"properties\":{"
  "\"pub\":{\"type\":\"string\",\"title\":\"P\",\"x-alm-class\":\"public\"},"
  "\"intern\":{\"type\":\"string\",\"title\":\"I\"%s},"
  "\"conf\":{\"type\":\"string\",\"title\":\"C\",\"x-alm-class\":\"confidential\"},"
  "\"pers\":{\"type\":\"string\",\"title\":\"X\",\"x-alm-class\":\"personal\",\"maxLength\":40},"
  "\"place\":{\"format\":\"geometry-any\",\"title\":\"Ort\",\"x-alm-class\":\"public\","
  "\"x-ogc-role\":\"primary-geometry\"},"
  "\"seen\":{\"type\":\"string\",\"title\":\"S\",\"readOnly\":true}}}}";

static const struct
{
  const char *name;
  const char *grants;
  const char *sees;      /* letters of the classes that may be seen */
  const char *writes;
} who[] = {
  { "nobody", "[]", "", "" },
  { "reader", "[{\"role\":\"reader\",\"scope\":\"ksj/dinge\"}]", "pi", "" },
  { "editor", "[{\"role\":\"editor\",\"scope\":\"ksj/dinge\"}]", "pi", "pi" },
  { "reviewer", "[{\"role\":\"reviewer\",\"scope\":\"ksj/*\"}]", "pi", "pi" },
  { "steward", "[{\"role\":\"steward\",\"scope\":\"*\"}]", "pi", "pi" },
  { "public-only", "[{\"role\":\"editor\",\"scope\":\"*\",\"classes\":[\"public\"]}]", "p", "p" },
  { "all", "[{\"role\":\"editor\",\"scope\":\"ksj/*\"," ALL_CLASSES "}]", "picx", "picx" },
  { "personal-only", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"classes\":[\"personal\"]}]",
    "x", "x" },
  { "shows-more", "[{\"role\":\"reader\",\"scope\":\"ksj/*\"," ALL_CLASSES "},"
    "{\"role\":\"editor\",\"scope\":\"ksj/dinge\"}]", "picx", "pi" },
  { "adds-up", "[{\"role\":\"reviewer\",\"scope\":\"ksj/*\",\"classes\":[\"confidential\"]},"
    "{\"role\":\"editor\",\"scope\":\"ksj/dinge\"}]", "pic", "pic" },
  { "elsewhere", "[{\"role\":\"steward\",\"scope\":\"ksj/baeume\"," ALL_CLASSES "}]", "", "" },
  { "below", "[{\"role\":\"steward\",\"scope\":\"ksj/dinge/*\"," ALL_CLASSES "}]", "", "" },
  { "later", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"from\":\"2027-02-01\"}]", "", "" },
  { "over", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"until\":\"2027-01-01\"}]", "", "" },
  { "last-day", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"until\":\"2027-01-15\"}]", "pi",
    "pi" },
  { "reads-longer", "[{\"role\":\"reader\",\"scope\":\"ksj/*\"},"
    "{\"role\":\"editor\",\"scope\":\"ksj/*\",\"until\":\"2027-01-01\"}]", "pi", "" },
  { "manager", "[{\"role\":\"manager\",\"scope\":\"*\"," ALL_CLASSES "}]", "", "" },
  { "operator", "[{\"role\":\"operator\",\"scope\":\"*\"," ALL_CLASSES "}]", "", "" },
  { "auditor", "[{\"role\":\"auditor\",\"scope\":\"*\"," ALL_CLASSES "}]", "", "" },
  { "privacy", "[{\"role\":\"privacy\",\"scope\":\"*\"," ALL_CLASSES "}]", "", "" },
  { "gateway", "[{\"role\":\"gateway\",\"scope\":\"*\"," ALL_CLASSES "}]", "", "" },
  { "board-reads", "[{\"role\":\"board\",\"scope\":\"*\"," ALL_CLASSES "},"
    "{\"role\":\"reader\",\"scope\":\"ksj/*\"}]", "pi", "" },
};

typedef struct
{
  AlmTestHub  hub;
  char       *keeper;      /* tokens */
  char       *second;
  char       *user;
  gint64      keeper_n;    /* numbers last used */
  gint64      second_n;
  gint64      user_n;
  char       *limit;       /* of the last refusal; NULL: none */
} Fixture;

/* One command; @rest: its members from "op" on; (transfer full): the outcome. */
static AlmValue *
send_as (Fixture    *f,
         const char *token,
         const char *desk,
         gint64     *n,
         const char *rest)
{
  g_autofree char *line = g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT ",\"cid\":\"%016"
                                           G_GINT64_MODIFIER "x\",%s}\n", *n + 1, *n + 1, rest);
  g_autofree char *said = alm_test_hub_push (&f->hub, 200, token, desk, ++*n, line);
  AlmValue *outcome;

  *strchr (said, '\n') = '\0';
  outcome = alm_json_parse (said, -1, NULL, NULL);
  g_assert_nonnull (outcome);

  return outcome;
}

static void
must (Fixture    *f,
      const char *token,
      const char *desk,
      gint64     *n,
      const char *rest,
      const char *result)
{
  g_autoptr (AlmValue) said = send_as (f, token, desk, n, rest);

  g_assert_cmpstr (alm_value_get_text_of (said, "r"), ==, result);
}

static char *
thing_id (guint i)
{
  return g_strdup_printf ("00000000-0000-7000-8000-0000000010%02x", i);
}

/* A thing with a value of each class; the key is its own. */
static void
plant (Fixture *f,
       guint    i)
{
  g_autofree char *id = thing_id (i);
  g_autofree char *rest = g_strdup_printf (
    "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/dinge\",\"kind\":\"thing\",\"id\":\"%s\",\"set\":{"
    "\"pub\":\"MarkPublic%u\",\"intern\":\"MarkInternal\",\"conf\":\"MarkConfidential\","
    "\"pers\":\"MarkPersonal%u\"}", id, i, i);

  must (f, f->keeper, DESK_K, &f->keeper_n, rest, "ok");
}

/* A conflict about @field of thing @i: another keeper sets it from what never stood there. */
static char *
plant_conflict (Fixture    *f,
                guint       i,
                const char *field)
{
  g_autofree char *id = thing_id (i);
  g_autofree char *rest = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"%s\":\"two\"},\"old\":{\"%s\":\"x\"}", id,
    field, field);
  g_autoptr (AlmValue) said = send_as (f, f->second, DESK_L, &f->second_n, rest);

  g_assert_cmpstr (alm_value_get_text_of (said, "r"), ==, "conflict");

  return g_strdup (alm_value_get_text_of (alm_value_get_item (alm_value_get (said, "conflicts"),
                                                              0), "id"));
}

static char *
model_rest (const char *op,
            const char *class_)
{
  g_autofree char *set = g_strdup_printf (model, class_);

  return g_strdup_printf ("\"op\":\"%s\",\"base\":0,\"scope\":\"system\",\"kind\":\"model\","
                          "\"id\":\"00000000-0000-7000-8000-0000000000b1\",\"set\":%s", op, set);
}

static void
set_up (Fixture       *f,
        gconstpointer  grants)
{
  g_autofree char *rest = model_rest ("new", "");
  gint64 n = 0;

  alm_test_hub_set_up (&f->hub);
  must (f, f->hub.admin, ALM_TEST_ADMIN_DESK, &n,
        "\"op\":\"new\",\"base\":0,\"scope\":\"system\",\"kind\":\"scope\","
        "\"id\":\"00000000-0000-7000-8000-0000000000b0\",\"set\":{\"path\":\"ksj/dinge\","
        "\"title\":\"Dinge\"}", "ok");
  must (f, f->hub.admin, ALM_TEST_ADMIN_DESK, &n, rest, "ok");
  f->keeper = alm_test_hub_add (&f->hub, "keeper", DESK_K, KEEPER);
  f->second = alm_test_hub_add (&f->hub, "second", DESK_L, KEEPER);
  f->user = alm_test_hub_add (&f->hub, "user", DESK, grants);
}

static void
tear_down (Fixture       *f,
           gconstpointer  grants)
{
  g_free (f->keeper);
  g_free (f->second);
  g_free (f->user);
  g_free (f->limit);
  alm_test_hub_tear_down (&f->hub);
}

/* The user's command ends with this code; NULL: it is taken. */
static void
expect (Fixture    *f,
        const char *what,
        const char *rest,
        const char *code)
{
  g_autoptr (AlmValue) said = send_as (f, f->user, DESK, &f->user_n, rest);
  g_autofree char *text = alm_value_to_text (said);

  if (g_strcmp0 (alm_value_get_text_of (said, "code"), code) != 0)
    g_test_message ("%s: %s", what, text);
  g_assert_cmpstr (alm_value_get_text_of (said, "code"), ==, code);
  g_assert_null (strstr (text, "Mark"));
  g_free (f->limit);
  f->limit = g_strdup (alm_value_get_text_of (said, "limit"));
}

/* What becomes of an edit of a field of class @letter. */
static const char *
verdict (const char *sees,
         const char *writes,
         char        letter,
         const char *unseen)
{
  if (*sees == '\0')
    return unseen;

  return strchr (writes, letter) != NULL ? NULL : "forbidden";
}

static void
check_fields (Fixture    *f,
              const char *sees,
              const char *writes)
{
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    {
      const char *field = classes[c].field;
      g_autofree char *id = thing_id (c);
      g_autofree char *upd = g_strdup_printf (
        "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"%s\":\"new\"},\"old\":{\"%s\":\"%s\"}",
        id, field, field, "x");
      g_autofree char *gone = g_strdup_printf (
        "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"%s\":null},\"old\":{}", id, field);
      g_autofree char *new_id = thing_id (0x40 + c);
      g_autofree char *new = g_strdup_printf (
        "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/dinge\",\"kind\":\"thing\",\"id\":\"%s\","
        "\"set\":{\"%s\":\"new%u\"}", new_id, field, c);

      expect (f, "new", new, verdict (sees, writes, classes[c].letter, "unknown-scope"));
      expect (f, "upd", upd, verdict (sees, writes, classes[c].letter, "unknown-record"));
      expect (f, "null", gone, verdict (sees, writes, classes[c].letter, "unknown-record"));
    }
}

/* On the whole record: any grant that writes does. */
static void
check_records (Fixture    *f,
               const char *sees,
               const char *writes)
{
  const char *code = *sees == '\0' ? "unknown-record" : *writes == '\0' ? "forbidden" : NULL;
  g_autofree char *id = thing_id (5);
  g_autofree char *deleted = thing_id (6);
  g_autofree char *del = g_strdup_printf ("\"op\":\"del\",\"base\":1000,\"id\":\"%s\"", id);
  g_autofree char *undel = g_strdup_printf ("\"op\":\"undel\",\"base\":1000,\"id\":\"%s\"",
                                            deleted);
  g_autofree char *own = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"seen\":\"me\"},\"old\":{}", id);

  expect (f, "del", del, code);
  expect (f, "undel", undel, code);
  expect (f, "server's", own, code == NULL ? "forbidden" : code);
}

static void
check_conflicts (Fixture     *f,
                 char       **conflicts,
                 const char  *sees,
                 const char  *writes)
{
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    {
      char letter = classes[c].letter;
      g_autofree char *id = thing_id (0x10 + c);
      g_autofree char *take = g_strdup_printf (
        "\"op\":\"resolve\",\"base\":1000,\"id\":\"%s\",\"conflict\":\"%s\",\"set\":{}", id,
        conflicts[c]);
      g_autofree char *edit = g_strdup_printf (
        "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"state\":\"resolved\"},\"old\":{}",
        conflicts[c]);
      const char *code = verdict (sees, writes, letter, "unknown-record");

      /* Nobody edits one; and to whom the field is hidden there is none. */
      expect (f, "edit of a conflict", edit,
              strchr (sees, letter) == NULL ? "unknown-record" : "forbidden");
      if (*writes != '\0' && strchr (sees, letter) == NULL)
        code = "unknown-record";
      expect (f, "resolve", take, code);
    }
}

static guint
find_who (gconstpointer grants)
{
  guint i = 0;

  while (who[i].grants != grants)
    i++;

  return i;
}

static void
test_writes (Fixture       *f,
             gconstpointer  grants)
{
  g_autofree char *del = NULL;
  g_autofree char *deleted = thing_id (6);
  char *conflicts[G_N_ELEMENTS (classes)];
  guint i = find_who (grants);

  for (guint k = 0; k < 7; k++)
    plant (f, k);
  del = g_strdup_printf ("\"op\":\"del\",\"base\":1000,\"id\":\"%s\"", deleted);
  must (f, f->keeper, DESK_K, &f->keeper_n, del, "ok");
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    {
      plant (f, 0x10 + c);
      conflicts[c] = plant_conflict (f, 0x10 + c, classes[c].field);
    }

  check_fields (f, who[i].sees, who[i].writes);
  check_records (f, who[i].sees, who[i].writes);
  check_conflicts (f, conflicts, who[i].sees, who[i].writes);
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    g_free (conflicts[c]);
}

static char *
read_feed (Fixture    *f,
           const char *token)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/dinge\":0}}",
                                           f->hub.epoch);

  return alm_test_hub_text (&f->hub, 200, token, "POST", "/v1/feed", body);
}

/* @text shows the values of the classes in @sees and of no other. */
static void
assert_shows (const char *where,
              const char *text,
              const char *sees)
{
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    {
      gboolean shown = strstr (text, classes[c].marker) != NULL;
      gboolean may = strchr (sees, classes[c].letter) != NULL;

      if (shown != may)
        g_test_message ("%s: %s in %s", where, classes[c].marker, text);
      g_assert_cmpint (shown, ==, may);
    }
}

static void
test_sees (Fixture       *f,
           gconstpointer  grants)
{
  g_autofree char *id = thing_id (1);
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  g_autofree char *feed = NULL;
  g_autofree char *history = NULL;
  g_autofree char *hello = NULL;
  const char *sees = who[find_who (grants)].sees;

  plant (f, 1);
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    g_free (plant_conflict (f, 1, classes[c].field));

  feed = read_feed (f, f->user);
  assert_shows ("feed", feed, sees);
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    {
      g_autofree char *about = g_strdup_printf ("\"field\":\"%s\"", classes[c].field);
      gboolean may = strchr (sees, classes[c].letter) != NULL;

      g_assert_cmpint (strstr (feed, about) != NULL, ==, may);
    }

  history = alm_test_hub_text (&f->hub, *sees != '\0' ? 200 : 404, f->user, "GET", path, NULL);
  assert_shows ("history", history, sees);
  hello = alm_test_hub_text (&f->hub, 200, f->user, "POST", "/v1/hello",
                             "{\"desk\":\"" DESK "\",\"program\":\"t\",\"protocol\":1}");
  g_assert_cmpint (strstr (hello, "\"ksj/dinge\"") != NULL, ==, *sees != '\0');
}

/* That two keys are the same says what stands in all fields of the key: of this one
 * only half may be seen. */
static void
test_a_key_of_hidden_fields (Fixture       *f,
                             gconstpointer  grants)
{
  g_autofree char *one = thing_id (1);
  g_autofree char *rest = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *feed = NULL;
  g_autofree char *all = NULL;
  g_autofree char *same = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"pers\":\"MarkPersonal2\"},"
    "\"old\":{\"pers\":\"MarkPersonal1\"}", one);

  plant (f, 1);
  plant (f, 2);
  must (f, f->keeper, DESK_K, &f->keeper_n, same, "ok");

  rest = g_strdup_printf ("\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"pub\":"
                          "\"MarkPublic2\"},\"old\":{\"pub\":\"MarkPublic1\"}", one);
  said = send_as (f, f->user, DESK, &f->user_n, rest);
  g_assert_cmpstr (alm_value_get_text_of (said, "r"), ==, "ok");
  feed = read_feed (f, f->user);
  all = read_feed (f, f->keeper);
  g_assert_null (strstr (feed, "duplicate"));
  g_assert_nonnull (strstr (all, "duplicate"));
}

/* What an author says he saw is kept as history; of what is hidden he saw nothing. */
static void
test_old_values_are_checked_too (Fixture       *f,
                                 gconstpointer  grants)
{
  g_autofree char *one = thing_id (1);
  g_autofree char *rest = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"pub\":\"a\"},\"old\":{\"pers\":\"b\"}",
    one);

  plant (f, 1);
  expect (f, "old", rest, "forbidden");
}

/* A pushed answer and a poll are judged at the hour they are given. */
static void
test_the_hour_counts (Fixture       *f,
                      gconstpointer  grants)
{
  g_autofree char *one = thing_id (1);
  g_autofree char *rest = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1,\"id\":\"%s\",\"set\":{\"pub\":\"a\"},\"old\":{}", one);
  g_autofree char *before = NULL;
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;

  plant (f, 1);
  before = read_feed (f, f->user);
  expect (f, "before", rest, "unknown-record");
  assert_shows ("before", before, "");

  alm_test_hub_now_us += 20 * G_TIME_SPAN_DAY;
  during = read_feed (f, f->user);
  assert_shows ("during", during, "pi");
  expect (f, "during", rest, NULL);

  alm_test_hub_now_us += 10 * G_TIME_SPAN_DAY;
  after = read_feed (f, f->user);
  assert_shows ("after", after, "");
  expect (f, "after", rest, "unknown-record");
}

/* A poll hangs, the grant ends, something happens: the answer knows nothing of it. */
static void
test_a_grant_ends_while_a_poll_hangs (Fixture       *f,
                                      gconstpointer  grants)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/feed");
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/dinge\":1000},"
                                           "\"wait\":30}", f->hub.epoch);
  AlmHubReply *reply;

  request->authorization = g_strconcat ("Bearer ", f->user, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_cmpuint (reply->wait_s, ==, 30);
  alm_hub_reply_free (reply);

  alm_test_hub_now_us += 10 * G_TIME_SPAN_DAY;
  plant (f, 1);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (body);
  body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/dinge\":0},\"wait\":30}",
                          f->hub.epoch);
  request->body = g_bytes_new (body, strlen (body));
  request->waited = TRUE;
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_cmpuint (reply->status, ==, 200);
  assert_shows ("poll", reply->body->str, "");
  g_assert_null (strstr (reply->body->str, "ksj/dinge"));
  alm_hub_reply_free (reply);
}

/* Counts in the file's open columns; what is left of a value is found by its text. */
static gint64
count_open (Fixture    *f,
            const char *marker)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT (SELECT count(*) FROM records WHERE body LIKE '%%%s%%') + (SELECT count(*) FROM"
    " history WHERE coalesce (set_, '') || coalesce (old_, '') LIKE '%%%s%%')", marker, marker);
  g_autofree char *text = alm_test_query (f->hub.path, sql);

  return g_ascii_strtoll (text, NULL, 10);
}

static char *
make_schema (const char *class_)
{
  g_autofree char *set = g_strdup_printf (model, class_);
  g_autoptr (AlmValue) value = alm_json_parse (set, -1, NULL, NULL);

  return alm_value_to_text (alm_value_get (value, "schema"));
}

static void
set_class (Fixture    *f,
           gint64      n,
           const char *from,
           const char *to)
{
  g_autofree char *schema = make_schema (to);
  g_autofree char *old = make_schema (from);
  g_autofree char *rest = g_strdup_printf (
    "\"op\":\"upd\",\"base\":1000,\"id\":\"00000000-0000-7000-8000-0000000000b1\","
    "\"set\":{\"schema\":%s},\"old\":{\"schema\":%s}", schema, old);

  must (f, f->hub.admin, ALM_TEST_ADMIN_DESK, &n, rest, "ok");
}

/* The sums that the server tells are those of the lines that it sends. */
static void
assert_sums (Fixture    *f,
             const char *class_)
{
  g_autofree char *feed = read_feed (f, f->keeper);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (feed), "\n", 0);
  g_autofree char *set = g_strdup_printf (model, class_);
  g_autoptr (AlmValue) value = alm_json_parse (set, -1, NULL, NULL);
  g_autoptr (AlmModel) thing = alm_model_new ("thing", alm_value_get (value, "schema"), NULL);
  g_autoptr (AlmValue) end = NULL;
  const AlmValue *told;
  AlmDigest digest = { 0 };
  guint n = g_strv_length (lines);

  end = alm_json_parse (lines[n - 1], -1, NULL, NULL);
  told = alm_value_get (alm_value_get (end, "digest"), "ksj/dinge");
  for (guint i = 0; i + 1 < n; i++)
    {
      g_autoptr (AlmValue) line = alm_json_parse (lines[i], -1, NULL, NULL);
      const AlmValue *fields = alm_value_get (line, "f");
      gboolean conflict = g_str_equal (alm_value_get_text_of (line, "k"), "conflict");
      AlmId id;

      g_assert_true (alm_id_parse (&id, alm_value_get_text_of (line, "id")));
      alm_digest_add (&digest, &id, alm_value_get_integer_of (line, "v", 0),
                      alm_value_get_text_of (line, "k"), FALSE, fields, conflict ? NULL : thing,
                      conflict ? alm_conflict_class (thing, fields) : 0);
    }
  for (guint c = 0; c < ALM_DIGEST_CLASSES; c++)
    {
      g_autofree char *sum = alm_hash_to_text (digest.sums[c]);

      g_assert_cmpstr (sum, ==, alm_value_get_text_of (told, alm_class_names[c]));
    }
}

/* A field becomes personal and comes back: its values move, in the record, in the
 * history and in the conflict about it, and the sums go with them. */
static void
test_classes_change (Fixture       *f,
                     gconstpointer  grants)
{
  g_autofree char *conflict = NULL;
  g_autofree char *hidden = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *taken = NULL;
  g_autofree char *id = thing_id (1);
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  g_autofree char *history = NULL;

  plant (f, 1);
  conflict = plant_conflict (f, 1, "intern");
  g_assert_cmpint (count_open (f, "MarkInternal"), >, 0);
  g_assert_cmpint (count_open (f, "\"two\""), >, 0);

  set_class (f, 2, "", ",\"x-alm-class\":\"personal\"");
  g_assert_cmpint (count_open (f, "MarkInternal"), ==, 0);
  g_assert_cmpint (count_open (f, "\"two\""), ==, 0);
  hidden = read_feed (f, f->user);
  g_assert_null (strstr (hidden, "conflict"));
  g_assert_null (strstr (hidden, "MarkInternal"));
  history = alm_test_hub_text (&f->hub, 200, f->user, "GET", path, NULL);
  g_assert_null (strstr (history, "MarkInternal"));
  g_assert_nonnull (strstr (history, "MarkPublic"));
  assert_sums (f, ",\"x-alm-class\":\"personal\"");

  set_class (f, 3, ",\"x-alm-class\":\"personal\"", "");
  g_assert_cmpint (count_open (f, "MarkInternal"), >, 0);
  shown = read_feed (f, f->user);
  g_assert_nonnull (strstr (shown, "conflict"));
  taken = g_strdup_printf ("\"op\":\"resolve\",\"base\":1000,\"id\":\"%s\",\"conflict\":\"%s\","
                           "\"set\":{}", id, conflict);
  must (f, f->user, DESK, &f->user_n, taken, "ok");
  assert_sums (f, "");
}

#define SQUARE(w, e) "{\"coordinates\":[[[" #w ",50],[" #e ",50],[" #e ",51],[" #w ",51],[" #w \
                     ",50]]],\"type\":\"Polygon\"}"
#define POINT(x) "{\"type\":\"Point\",\"coordinates\":[" #x ",50.5]}"
#define LINE "{\"type\":\"LineString\",\"coordinates\":[[10.5,50.5],[11.5,50.5]]}"

/* West of 11 degrees internal fields, west of 10.4 all of them; and all of 12 to 13. */
static const char limited[] =
  "[{\"role\":\"editor\",\"scope\":\"ksj/dinge\",\"area\":" SQUARE (10, 11) "},"
  "{\"role\":\"steward\",\"scope\":\"ksj/*\",\"area\":" SQUARE (12, 13) "},"
  "{\"role\":\"reviewer\",\"scope\":\"ksj/*\",\"area\":" SQUARE (10, 10.4) "," ALL_CLASSES "}]";

/* Things 1: at 10.2, 2: at 10.6, 3: at 12.5, 4: at 11.5, 5: nowhere, 6: a line from
 * inside to outside, 7: deleted, at 10.6, 8: deleted, at 11.5. */
static void
plant_places (Fixture *f)
{
  static const char *const places[] = {
    POINT (10.2), POINT (10.6), POINT (12.5), POINT (11.5), NULL, LINE, POINT (10.6), POINT (11.5)
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *id = thing_id (i + 1);
      g_autofree char *place = places[i] == NULL ? g_strdup ("")
                                                 : g_strdup_printf (",\"place\":%s", places[i]);
      g_autofree char *rest = g_strdup_printf (
        "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/dinge\",\"kind\":\"thing\",\"id\":\"%s\","
        "\"set\":{\"intern\":\"a\",\"pers\":\"b\"%s}", id, place);
      g_autofree char *gone = g_strdup_printf ("\"op\":\"del\",\"base\":1000,\"id\":\"%s\"", id);

      must (f, f->keeper, DESK_K, &f->keeper_n, rest, "ok");
      if (i >= 6)
        must (f, f->keeper, DESK_K, &f->keeper_n, gone, "ok");
    }
}

#define AREA_ID(i) "\"id\":\"00000000-0000-7000-8000-0000000010" #i "\""
#define AREA_UPD(i, set) "\"op\":\"upd\",\"base\":1000," AREA_ID (i) ",\"set\":" set
#define AREA_NEW(i, set) "\"op\":\"new\",\"base\":0,\"scope\":\"ksj/dinge\",\"kind\":\"thing\"," \
                         AREA_ID (i) ",\"set\":" set
#define OLD(place) ",\"old\":{\"place\":" place "}"
#define AN_INTERNAL ",\"old\":{\"intern\":\"a\"}"

static void
test_an_area_limits_what_is_changed (Fixture       *f,
                                     gconstpointer  grants)
{
  static const struct { const char *what; const char *rest; const char *code; } cases[] = {
    { "inside", AREA_UPD (02, "{\"intern\":\"c\"}") AN_INTERNAL, NULL },
    { "inside the other", AREA_UPD (03, "{\"intern\":\"c\"}") AN_INTERNAL, NULL },
    { "outside", AREA_UPD (04, "{\"intern\":\"c\"}") AN_INTERNAL, "forbidden" },
    { "nowhere", AREA_UPD (05, "{\"intern\":\"c\"}") AN_INTERNAL, "forbidden" },
    { "across", AREA_UPD (06, "{\"intern\":\"c\"}") AN_INTERNAL, "forbidden" },
    { "personal where all may", AREA_UPD (01, "{\"pers\":\"c\"},\"old\":{\"pers\":\"b\"}"), NULL },
    { "personal elsewhere", AREA_UPD (02, "{\"pers\":\"c\"},\"old\":{\"pers\":\"b\"}"),
      "forbidden" },
    { "moves within", AREA_UPD (02, "{\"place\":" POINT (10.7) "}") OLD (POINT (10.6)), NULL },
    { "moves out", AREA_UPD (02, "{\"place\":" POINT (11.5) "}") OLD (POINT (10.7)), "forbidden" },
    { "loses its place", AREA_UPD (02, "{\"place\":null}") OLD (POINT (10.7)), "forbidden" },
    { "moves in", AREA_UPD (04, "{\"place\":" POINT (10.7) "}") OLD (POINT (11.5)), "forbidden" },
    { "gets a place", AREA_UPD (05, "{\"place\":" POINT (10.7) "},\"old\":{}"), "forbidden" },
    { "moves to the other", AREA_UPD (02, "{\"place\":" POINT (12.6) "}") OLD (POINT (10.7)),
      NULL },
    { "takes a field along that is not its there",
      AREA_UPD (01, "{\"pers\":\"d\",\"place\":" POINT (10.6) "},\"old\":{\"pers\":\"c\",\"place\":"
                POINT (10.2) "}"), "forbidden" },
    { "made inside", AREA_NEW (21, "{\"intern\":\"c\",\"place\":" POINT (10.6) "}"), NULL },
    { "made outside", AREA_NEW (22, "{\"intern\":\"c\",\"place\":" POINT (11.6) "}"), "forbidden" },
    { "made nowhere", AREA_NEW (23, "{\"intern\":\"c\"}"), "forbidden" },
    { "made with a personal field", AREA_NEW (24, "{\"pers\":\"c\",\"place\":" POINT (10.6) "}"),
      "forbidden" },
    { "adopted from outside", AREA_NEW (04, "{\"intern\":\"a\",\"place\":" POINT (10.6) "}"),
      "forbidden" },
    { "comes back inside", "\"op\":\"undel\",\"base\":1000," AREA_ID (07), NULL },
    { "comes back outside", "\"op\":\"undel\",\"base\":1000," AREA_ID (08), "forbidden" },
    { "deleted inside", "\"op\":\"del\",\"base\":1000," AREA_ID (07), NULL },
    { "deleted outside", "\"op\":\"del\",\"base\":1000," AREA_ID (04), "forbidden" },
    { "deleted across", "\"op\":\"del\",\"base\":1000," AREA_ID (06), "forbidden" },
  };

  plant_places (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      expect (f, cases[i].what, cases[i].rest, cases[i].code);
      g_assert_cmpstr (f->limit, ==, cases[i].code == NULL ? NULL
                                     : strstr (cases[i].what, "personal") != NULL ? "field"
                                                                                  : "area");
    }
}

/* All is read, wherever it lies. */
static void
test_an_area_limits_no_reading (Fixture       *f,
                                gconstpointer  grants)
{
  g_autofree char *feed = NULL;

  plant_places (f);
  feed = read_feed (f, f->user);
  for (guint i = 1; i <= 8; i++)
    {
      g_autofree char *id = thing_id (i);

      g_assert_nonnull (strstr (feed, id));
    }
}

/* A conflict outside is decided by others; one that would bring the thing out, too. */
static void
test_conflicts_and_areas (Fixture       *f,
                          gconstpointer  grants)
{
  g_autofree char *outside = NULL;
  g_autofree char *inside = NULL;
  g_autofree char *rest_outside = NULL;
  g_autofree char *rest_out = NULL;
  g_autofree char *rest_inside = NULL;

  plant_places (f);
  outside = plant_conflict (f, 4, "intern");
  inside = plant_conflict (f, 2, "intern");
  rest_outside = g_strdup_printf ("\"op\":\"resolve\",\"base\":1000," AREA_ID (04) ","
                                  "\"conflict\":\"%s\",\"set\":{}", outside);
  rest_out = g_strdup_printf ("\"op\":\"resolve\",\"base\":1000," AREA_ID (02) ","
                              "\"conflict\":\"%s\",\"set\":{\"intern\":\"two\",\"place\":"
                              POINT (11.5) "},"
                              "\"old\":{\"intern\":\"a\",\"place\":" POINT (10.6) "}", inside);
  rest_inside = g_strdup_printf ("\"op\":\"resolve\",\"base\":1000," AREA_ID (02) ","
                                 "\"conflict\":\"%s\",\"set\":{}", inside);
  expect (f, "outside", rest_outside, "forbidden");
  expect (f, "out", rest_out, "forbidden");
  expect (f, "inside", rest_inside, NULL);
}

static AlmValue *
say_hello (Fixture *f)
{
  return alm_test_hub_expect (&f->hub, 200, f->user, "POST", "/v1/hello",
                              "{\"desk\":\"" DESK "\",\"program\":\"t\",\"protocol\":1}");
}

static const AlmValue *
find_scope (const AlmValue *hello,
            const char     *name)
{
  const AlmValue *scopes = alm_value_get (hello, "scopes");

  for (guint i = 0; i < alm_value_get_size (scopes); i++)
    if (g_str_equal (alm_value_get_text_of (alm_value_get_item (scopes, i), "scope"), name))
      return alm_value_get_item (scopes, i);

  return NULL;
}

static void
assert_text (const AlmValue *value,
             const char     *expected)
{
  g_autofree char *text = alm_value_to_text (value);

  g_assert_cmpstr (text, ==, expected);
}

/* The desk hears where it may change what; and of another area without reading all again. */
static void
test_hello_tells_the_areas (Fixture       *f,
                            gconstpointer  grants)
{
  g_autoptr (AlmValue) before = say_hello (f);
  g_autoptr (AlmValue) after = NULL;
  g_autofree char *said = NULL;
  const AlmValue *scope = find_scope (before, "ksj/dinge");

  assert_text (alm_value_get (scope, "writes"), "[]");
  assert_text (alm_value_get (scope, "areas"),
               "[{\"area\":0,\"classes\":[\"public\",\"internal\"]},"
               "{\"area\":1,\"classes\":[\"public\",\"internal\",\"confidential\",\"personal\"]},"
               "{\"area\":2,\"classes\":[\"public\",\"internal\"]}]");
  assert_text (alm_value_get_item (alm_value_get (before, "areas"), 0), SQUARE (10, 11));

  said = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PUT", "/v1/users/user/grants",
    "{\"grants\":[{\"role\":\"editor\",\"scope\":\"ksj/dinge\",\"area\":" SQUARE (10, 12) "},"
    "{\"role\":\"steward\",\"scope\":\"ksj/*\",\"area\":" SQUARE (12, 13) "},"
    "{\"role\":\"reviewer\",\"scope\":\"ksj/*\"," ALL_CLASSES "}]}");
  g_assert_nonnull (strstr (said, "\"area\":" SQUARE (10, 12)));
  after = say_hello (f);
  scope = find_scope (after, "ksj/dinge");
  assert_text (alm_value_get (scope, "writes"),
               "[\"public\",\"internal\",\"confidential\",\"personal\"]");
  g_assert_cmpstr (alm_value_get_text_of (after, "rights"), !=,
                   alm_value_get_text_of (before, "rights"));
  g_assert_cmpstr (alm_value_get_text_of (scope, "grant"), ==,
                   alm_value_get_text_of (find_scope (before, "ksj/dinge"), "grant"));
}

static void
test_areas_that_are_none (Fixture       *f,
                          gconstpointer  grants)
{
  static const struct { const char *grant; const char *detail; } cases[] = {
    { "\"role\":\"editor\",\"scope\":\"ksj/*\",\"area\":" POINT (10), "a Point is not allowed" },
    { "\"role\":\"editor\",\"scope\":\"ksj/*\",\"area\":7", "an object" },
    { "\"role\":\"editor\",\"scope\":\"ksj/*\",\"area\":{}", "no type of geometry" },
    { "\"role\":\"reader\",\"scope\":\"ksj/*\",\"area\":" SQUARE (10, 11), "changes nothing" },
    { "\"role\":\"manager\",\"scope\":\"*\",\"area\":" SQUARE (10, 11), "changes nothing" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"grants\":[{%s}]}", cases[i].grant);
      g_autofree char *said = alm_test_hub_text (&f->hub, 400, f->hub.admin, "PUT",
                                                 "/v1/users/user/grants", body);

      if (strstr (said, cases[i].detail) == NULL)
        g_test_message ("%s", said);
      g_assert_nonnull (strstr (said, "bad-grant"));
      g_assert_nonnull (strstr (said, cases[i].detail));
    }
}

/* An area stays over a restart, and one that is damaged makes no wider grant. */
static void
test_an_area_is_kept (Fixture       *f,
                      gconstpointer  grants)
{
  g_autofree char *feed_body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{}}", f->hub.epoch);
  g_autofree char *said = NULL;
  g_autofree char *done = NULL;

  plant_places (f);
  alm_test_hub_reopen (&f->hub);
  expect (f, "inside", AREA_UPD (02, "{\"intern\":\"c\"}") AN_INTERNAL, NULL);
  expect (f, "outside", AREA_UPD (04, "{\"intern\":\"c\"}") AN_INTERNAL, "forbidden");

  done = alm_test_query (f->hub.path, "UPDATE grants SET area = '{}' WHERE role = 'editor'");
  g_test_expect_message ("alm-sync", G_LOG_LEVEL_MESSAGE, "*area of a grant is damaged*");
  said = alm_test_hub_text (&f->hub, 500, f->user, "POST", "/v1/feed", feed_body);
  g_test_assert_expected_messages ();
}

int
main (int   argc,
      char *argv[])
{
  static const char editor[] = "[{\"role\":\"editor\",\"scope\":\"ksj/*\"}]";

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (who); i++)
    {
      g_autofree char *writes = g_strconcat ("/sync/hub-rules/writes/", who[i].name, NULL);
      g_autofree char *sees = g_strconcat ("/sync/hub-rules/sees/", who[i].name, NULL);

      g_test_add (writes, Fixture, who[i].grants, set_up, test_writes, tear_down);
      g_test_add (sees, Fixture, who[i].grants, set_up, test_sees, tear_down);
    }

#define ADD(path, grants, func) \
  g_test_add ("/sync/hub-rules/" path, Fixture, grants, set_up, func, tear_down)

  ADD ("key", editor, test_a_key_of_hidden_fields);
  ADD ("old", editor, test_old_values_are_checked_too);
  ADD ("period", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"from\":\"2027-02-01\","
       "\"until\":\"2027-02-10\"}]", test_the_hour_counts);
  ADD ("poll", "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"until\":\"2027-01-20\"}]",
       test_a_grant_ends_while_a_poll_hangs);
  ADD ("reclassify", editor, test_classes_change);
  ADD ("area/writes", limited, test_an_area_limits_what_is_changed);
  ADD ("area/reads", limited, test_an_area_limits_no_reading);
  ADD ("area/conflicts", limited, test_conflicts_and_areas);
  ADD ("area/hello", limited, test_hello_tells_the_areas);
  ADD ("area/none", editor, test_areas_that_are_none);
  ADD ("area/kept", limited, test_an_area_is_kept);

  return g_test_run ();
}
