/* SPDX-License-Identifier: EUPL-1.2 */

/* The server's core: login, hello, feed, history, accounts, grants, audit. */

#include "config.h"

#include "alm-hub-core-private.h"
#include "alm-hub.h"
#include "alm-json.h"
#include "alm-store-error.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"
#define DESK_B "00000000-0000-7000-8000-00000000000b"
#define EDITOR "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]"

typedef struct
{
  AlmTestHub hub;
  char      *a;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alm_test_hub_set_up (&f->hub);
  alm_test_hub_make_city (&f->hub);
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A, EDITOR);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (f->a);
  alm_test_hub_tear_down (&f->hub);
}

/* Makes trees 1 … @n by anna's desk, from number @first on. */
static void
plant (Fixture    *f,
       int         first,
       int         n,
       const char *set)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *said = NULL;

  for (int i = first; i < first + n; i++)
    g_string_append_printf (lines, "{\"n\":%d,\"cid\":\"%016d\",\"op\":\"new\",\"base\":0,"
                            "\"scope\":\"ksj/baeume\",\"kind\":\"tree\","
                            "\"id\":\"00000000-0000-7000-8000-%012d\",\"set\":%s}\n", i, i, i, set);
  said = alm_test_hub_push (&f->hub, 200, f->a, DESK_A, first, lines->str);
  g_assert_null (strstr (said, "refused"));
}

static char *
hello_text (Fixture    *f,
            const char *token,
            const char *desk,
            guint       status)
{
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"%s\",\"program\":\"test\",\"protocol\":1}",
                                           desk);

  return alm_test_hub_text (&f->hub, status, token, "POST", "/v1/hello", body);
}

static AlmValue *
hello (Fixture    *f,
       const char *token,
       const char *desk)
{
  g_autofree char *text = hello_text (f, token, desk, 200);
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, (gssize) strlen (text), NULL, &error);

  g_assert_no_error (error);

  return value;
}

/* The feed's answer, whole. */
static char *
feed (Fixture    *f,
      const char *token,
      const char *cursors,
      const char *more)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{%s}%s}", f->hub.epoch,
                                           cursors, more);

  return alm_test_hub_text (&f->hub, 200, token, "POST", "/v1/feed", body);
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *c = text; *c != '\0'; c++)
    n += *c == '\n';

  return n;
}

static AlmValue *
last_line (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  guint n = g_strv_length (lines);

  g_assert_cmpuint (n, >=, 2);

  return alm_json_parse (lines[n - 2], -1, NULL, NULL);
}

static void
test_a_wrong_name_and_a_wrong_password_look_alike (Fixture       *f,
                                                   gconstpointer  data)
{
  g_autofree char *one = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login",
    "{\"user\":\"anna\",\"password\":\"falsch falsch\",\"desk\":\"" DESK_A "\",\"name\":\"x\"}");
  g_autofree char *two = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login",
    "{\"user\":\"nobody\",\"password\":\"falsch falsch\",\"desk\":\"" DESK_A "\",\"name\":\"x\"}");

  g_assert_cmpstr (one, ==, two);
  g_assert_nonnull (strstr (one, "\"code\":\"login-failed\""));
}

/* The same work is asked for, whoever it is. */
static void
test_an_unknown_user_costs_a_hash_too (Fixture       *f,
                                       gconstpointer  data)
{
  static const char body[] = "{\"user\":\"nobody\",\"password\":\"falsch falsch\","
                             "\"desk\":\"" DESK_A "\",\"name\":\"x\"}";
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/login");
  g_autoptr (AlmHubReply) reply = NULL;

  request->body = g_bytes_new_static (body, sizeof body - 1);
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_true (reply->hash);
  g_assert_cmpuint (reply->status, ==, 0);
  g_assert_nonnull (request->against);
}

static void
test_bad_logins (Fixture       *f,
                 gconstpointer  data)
{
  static const char *const bodies[] = {
    "", "{}", "[]", "{\"user\":\"anna\"}", "{\"user\":7,\"password\":\"x\"}",
    "{\"user\":\"anna\",\"password\":\"x\",\"desk\":\"no\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 400, NULL, "POST", "/v1/login",
                                                 bodies[i]);
    }
}

static void
test_tries_are_slowed_down (Fixture       *f,
                            gconstpointer  data)
{
  static const char wrong[] = "{\"user\":\"anna\",\"password\":\"falsch falsch\","
                              "\"desk\":\"" DESK_A "\",\"name\":\"x\"}";
  g_autoptr (AlmHubReply) reply = NULL;
  g_autofree char *token = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login", wrong);
    }
  reply = alm_test_hub_ask (&f->hub, NULL, "POST", "/v1/login", wrong);
  g_assert_cmpuint (reply->status, ==, 429);
  g_assert_cmpuint (reply->retry_after_s, ==, 1);

  /* Never a lock-out: after the delay the right password opens, and all is forgiven. */
  alm_test_hub_now_us += G_USEC_PER_SEC;
  token = alm_test_hub_login (&f->hub, "anna", DESK_A);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login", wrong);
    }
}

static void
test_a_clock_set_back_locks_nobody_out (Fixture       *f,
                                        gconstpointer  data)
{
  static const char wrong[] = "{\"user\":\"anna\",\"password\":\"falsch falsch\","
                              "\"desk\":\"" DESK_A "\",\"name\":\"x\"}";
  g_autofree char *token = NULL;

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login", wrong);
    }

  alm_test_hub_now_us -= 365 * G_TIME_SPAN_DAY;
  token = alm_test_hub_login (&f->hub, "anna", DESK_A);
}

static void
test_a_profile_has_one_user (Fixture       *f,
                             gconstpointer  data)
{
  g_autofree char *b = alm_test_hub_add (&f->hub, "bert", DESK_B, "[]");
  g_autofree char *said = alm_test_hub_text (&f->hub, 409, NULL, "POST", "/v1/login",
    "{\"user\":\"bert\",\"password\":\"ein langes Passwort\",\"desk\":\"" DESK_A "\","
    "\"name\":\"x\"}");

  g_assert_nonnull (strstr (said, "\"code\":\"desk-taken\""));
}

static void
test_tokens_end (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *out = NULL;
  g_autofree char *after = NULL;
  g_autofree char *again = NULL;
  g_autofree char *late = NULL;
  g_autofree char *kept = NULL;

  out = alm_test_hub_text (&f->hub, 204, f->a, "POST", "/v1/logout", NULL);
  after = hello_text (f, f->a, DESK_A, 401);

  again = alm_test_hub_login (&f->hub, "anna", DESK_A);
  alm_test_hub_now_us += 90 * G_TIME_SPAN_DAY;
  late = hello_text (f, again, DESK_A, 401);

  /* Only its hash is in the file. */
  kept = alm_test_query (f->hub.path, "SELECT count (*) FROM tokens WHERE length (hash) = 32");
  g_assert_cmpstr (kept, !=, "0");
}

static void
test_a_used_token_lives_on (Fixture       *f,
                            gconstpointer  data)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  alm_test_hub_now_us += 60 * G_TIME_SPAN_DAY;
  one = hello_text (f, f->a, DESK_A, 200);
  alm_test_hub_now_us += 60 * G_TIME_SPAN_DAY;
  two = hello_text (f, f->a, DESK_A, 200);
}

static void
test_tokens_that_are_none (Fixture       *f,
                           gconstpointer  data)
{
  static const char *const tokens[] = {
    "", "x", "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000 ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autofree char *said = hello_text (f, tokens[i], DESK_A, 401);
    }
}

static void
test_hello_tells_what_there_is (Fixture       *f,
                                gconstpointer  data)
{
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *scopes = NULL;
  AlmValue *list;

  plant (f, 1, 3, "{\"species\":\"Linde\"}");
  said = hello (f, f->a, DESK_A);
  g_assert_cmpstr (alm_value_get_text_of (said, "server"), ==, f->hub.server);
  g_assert_cmpstr (alm_value_get_text_of (said, "epoch"), ==, f->hub.epoch);
  g_assert_cmpint (alm_value_get_integer_of (said, "next", 0), ==, 4);
  g_assert_cmpint (alm_value_get_integer_of (said, "protocol", 0), ==, 1);

  /* Exactly what she may read, `system` first. */
  list = alm_value_get (said, "scopes");
  g_assert_cmpuint (alm_value_get_size (list), ==, 2);
  g_assert_cmpstr (alm_value_get_text_of (alm_value_get_item (list, 0), "scope"), ==, "system");
  g_assert_cmpstr (alm_value_get_text_of (alm_value_get_item (list, 1), "scope"), ==,
                   "ksj/baeume");
  g_assert_cmpstr (alm_value_get_text_of (alm_value_get_item (list, 1), "title"), ==, "Bäume");
  g_assert_cmpint (alm_value_get_integer_of (alm_value_get_item (list, 1), "seq", 0), ==, 3);
  g_assert_cmpint (alm_value_get_integer_of (alm_value_get_item (list, 1), "records", 0), ==, 3);
  scopes = alm_value_to_text (alm_value_get (alm_value_get_item (list, 1), "classes"));
  g_assert_cmpstr (scopes, ==, "[\"public\",\"internal\"]");
}

static void
test_hello_of_another (Fixture       *f,
                       gconstpointer  data)
{
  g_autofree char *wrong = hello_text (f, f->a, DESK_B, 403);
  g_autofree char *old = alm_test_hub_text (&f->hub, 426, f->a, "POST", "/v1/hello",
                                            "{\"desk\":\"" DESK_A "\",\"protocol\":2}");

  g_assert_nonnull (strstr (wrong, "\"code\":\"wrong-desk\""));
}

static void
test_the_feed_comes_in_pages (Fixture       *f,
                              gconstpointer  data)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autoptr (AlmValue) end_one = NULL;
  g_autoptr (AlmValue) end_two = NULL;

  plant (f, 1, 7, "{\"species\":\"Linde\"}");
  one = feed (f, f->a, "\"ksj/baeume\":0", ",\"max\":5");
  end_one = last_line (one);
  g_assert_cmpuint (count_lines (one), ==, 6);
  g_assert_true (alm_value_get_boolean_of (end_one, "more", FALSE));
  g_assert_cmpint (alm_value_get_integer_of (alm_value_get (end_one, "cursors"), "ksj/baeume", 0),
                   ==, 5);
  g_assert_null (alm_value_get (alm_value_get (end_one, "digest"), "ksj/baeume"));

  two = feed (f, f->a, "\"ksj/baeume\":5", ",\"max\":5");
  end_two = last_line (two);
  g_assert_cmpuint (count_lines (two), ==, 3);
  g_assert_false (alm_value_get_boolean_of (end_two, "more", TRUE));
  g_assert_cmpint (alm_value_get_integer_of (alm_value_get (alm_value_get (end_two, "digest"),
                                                            "ksj/baeume"), "n", 0), ==, 7);
}

/* Exactly full, and nothing behind it: no empty page afterwards. */
static void
test_a_page_that_just_fits (Fixture       *f,
                            gconstpointer  data)
{
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) end = NULL;

  plant (f, 1, 5, "{\"species\":\"Linde\"}");
  text = feed (f, f->a, "\"ksj/baeume\":0", ",\"max\":5");
  end = last_line (text);
  g_assert_false (alm_value_get_boolean_of (end, "more", TRUE));
}

static void
test_foreign_scopes_are_left_out (Fixture       *f,
                                  gconstpointer  data)
{
  g_autofree char *text = feed (f, f->a, "\"ksj/geheim\":0,\"nirgends\":0,\"system\":0", "");
  g_autoptr (AlmValue) end = last_line (text);
  g_autofree char *cursors = alm_value_to_text (alm_value_get (end, "cursors"));

  g_assert_cmpstr (cursors, ==, "{\"system\":3}");
  g_assert_null (strstr (text, "ksj/geheim\",\"v\""));
}

static void
test_feeds_that_are_none (Fixture       *f,
                          gconstpointer  data)
{
  g_autofree char *epoch = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"a\":-1}}",
                                            f->hub.epoch);
  const char *const bodies[] = {
    "", "{}", "{\"epoch\":\"x\"}", "{\"epoch\":\"x\",\"cursors\":[]}",
    "{\"cursors\":{}}", "{\"epoch\":\"x\",\"cursors\":{\"a\":\"1\"}}",
    "{\"epoch\":\"x\",\"cursors\":{\"a\":1.5}}", "{\"epoch\":\"x\",\"cursors\":{},\"max\":0}",
    "{\"epoch\":\"x\",\"cursors\":{},\"wait\":-1}", epoch,
  };
  g_autofree char *other = alm_test_hub_text (&f->hub, 409, f->a, "POST", "/v1/feed",
                                              "{\"epoch\":\"x\",\"cursors\":{}}");

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 400, f->a, "POST", "/v1/feed",
                                                 bodies[i]);
    }
}

static void
test_a_long_poll_waits_for_news (Fixture       *f,
                                 gconstpointer  data)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/baeume\":1},"
                                           "\"wait\":99}", f->hub.epoch);
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/feed");
  AlmHubReply *reply;

  plant (f, 1, 1, "{\"species\":\"Linde\"}");
  request->authorization = g_strconcat ("Bearer ", f->a, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_cmpuint (reply->status, ==, 0);
  g_assert_cmpuint (reply->wait_s, ==, ALM_HUB_WAIT_MAX_S);
  g_assert_cmpuint (reply->watch->len, ==, 1);
  g_assert_cmpstr (reply->watch->pdata[0], ==, "ksj/baeume");
  alm_hub_reply_free (reply);

  plant (f, 2, 1, "{\"species\":\"Ahorn\"}");
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (count_lines (reply->body->str), ==, 2);
  alm_hub_reply_free (reply);

  /* And when it has waited long enough it says that there is nothing. */
  g_clear_pointer (&request->body, g_bytes_unref);
  body[strlen (body) - 1] = '\0';
  {
    g_autofree char *later = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{\"ksj/baeume\":2},"
                                              "\"wait\":5}", f->hub.epoch);

    request->body = g_bytes_new (later, strlen (later));
  }
  request->waited = TRUE;
  reply = alm_hub_core_handle (f->hub.core, request);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (count_lines (reply->body->str), ==, 1);
  alm_hub_reply_free (reply);
}

/* Classes: who may not see a field does not see it, by any way. */
static void
test_what_is_personal_is_masked_everywhere (Fixture       *f,
                                            gconstpointer  data)
{
  g_autofree char *p = alm_test_hub_add (&f->hub, "petra", DESK_B,
    "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"classes\":[\"public\",\"internal\","
    "\"personal\"]}]");
  static const char tree[] = "00000000-0000-7000-8000-000000000001";
  g_autofree char *history_path = g_strdup_printf ("/v1/records/%s/history", tree);
  g_autofree char *said = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *masked = NULL;
  g_autofree char *history = NULL;
  g_autofree char *history_masked = NULL;
  g_autoptr (AlmValue) end = NULL;
  g_autoptr (AlmValue) end_masked = NULL;

  plant (f, 1, 1, "{\"species\":\"Linde\"}");
  said = alm_test_hub_push (&f->hub, 200, p, DESK_B, 1,
    "{\"n\":1,\"cid\":\"b000000000000001\",\"op\":\"upd\",\"base\":1,"
    "\"id\":\"00000000-0000-7000-8000-000000000001\","
    "\"set\":{\"owner\":\"Frau Muster\"},\"old\":{}}\n");
  g_assert_nonnull (strstr (said, "\"r\":\"ok\""));

  seen = feed (f, p, "\"ksj/baeume\":0", "");
  masked = feed (f, f->a, "\"ksj/baeume\":0", "");
  g_assert_nonnull (strstr (seen, "Frau Muster"));
  g_assert_null (strstr (masked, "Muster"));
  g_assert_nonnull (strstr (masked, "\"f\":{\"species\":\"Linde\"}"));
  end = last_line (seen);
  end_masked = last_line (masked);
  g_assert_nonnull (alm_value_get (alm_value_get (alm_value_get (end, "digest"), "ksj/baeume"),
                                   "personal"));
  g_assert_null (alm_value_get (alm_value_get (alm_value_get (end_masked, "digest"),
                                               "ksj/baeume"), "personal"));

  history = alm_test_hub_text (&f->hub, 200, p, "GET", history_path, NULL);
  history_masked = alm_test_hub_text (&f->hub, 200, f->a, "GET", history_path, NULL);
  g_assert_nonnull (strstr (history, "Frau Muster"));
  g_assert_null (strstr (history_masked, "Muster"));
  g_assert_cmpuint (count_lines (history_masked), ==, 2);
}

/* A conflict about a personal field: not even that there is one. */
static void
test_a_conflict_is_as_secret_as_its_field (Fixture       *f,
                                           gconstpointer  data)
{
  static const char grants[] = "[{\"role\":\"editor\",\"scope\":\"ksj/*\",\"classes\":"
                               "[\"public\",\"internal\",\"personal\"]}]";
  static const char other[] = "00000000-0000-7000-8000-00000000000c";
  static const char line[] =
    "{\"n\":1,\"cid\":\"b000000000000001\",\"op\":\"upd\",\"base\":1,"
    "\"id\":\"00000000-0000-7000-8000-000000000001\",\"set\":{\"owner\":\"Muster %s\"},"
    "\"old\":{}}\n";
  g_autofree char *p = alm_test_hub_add (&f->hub, "petra", DESK_B, grants);
  g_autofree char *q = alm_test_hub_add (&f->hub, "quirin", other, grants);
  g_autofree char *line_p = g_strdup (line);
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *masked = NULL;

  plant (f, 1, 1, "{\"species\":\"Linde\"}");
  one = alm_test_hub_push (&f->hub, 200, p, DESK_B, 1, line_p);
  memcpy (strstr (line_p, "%s"), "XY", 2);
  two = alm_test_hub_push (&f->hub, 200, q, other, 1, line_p);
  g_assert_nonnull (strstr (two, "\"r\":\"conflict\""));

  seen = feed (f, p, "\"ksj/baeume\":0", "");
  masked = feed (f, f->a, "\"ksj/baeume\":0", "");
  g_assert_nonnull (strstr (seen, "\"k\":\"conflict\""));
  g_assert_null (strstr (masked, "conflict"));
  g_assert_null (strstr (masked, "Muster"));
}

static void
test_a_history_of_what_one_may_not_see (Fixture       *f,
                                        gconstpointer  data)
{
  static const char *const paths[] = {
    "/v1/records/00000000-0000-7000-8000-000000000001/history",
    "/v1/records/00000000-0000-7000-8000-000000000099/history",
    "/v1/records/none/history",
  };
  g_autofree char *b = alm_test_hub_add (&f->hub, "bert", DESK_B, "[]");

  plant (f, 1, 1, "{\"species\":\"Linde\"}");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 404, b, "GET", paths[i], NULL);
    }
}

static void
test_rights_change_under_way (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr (AlmValue) before = hello (f, f->a, DESK_A);
  g_autoptr (AlmValue) after = NULL;
  g_autoptr (AlmValue) end = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmHubReply) reply = NULL;

  reply = alm_test_hub_ask (&f->hub, f->hub.admin, "PUT", "/v1/users/anna/grants",
                            "{\"grants\":[{\"role\":\"reader\",\"scope\":\"ksj/*\"}]}");
  g_assert_true (reply->rights_changed);
  after = hello (f, f->a, DESK_A);
  g_assert_cmpstr (alm_value_get_text_of (before, "rights"), !=,
                   alm_value_get_text_of (after, "rights"));
  g_assert_cmpuint (alm_value_get_size (alm_value_get (after, "scopes")), ==, 3);
  text = feed (f, f->a, "\"ksj/baeume\":0", "");
  end = last_line (text);
  g_assert_cmpstr (alm_value_get_text_of (end, "rights"), ==,
                   alm_value_get_text_of (after, "rights"));
}

static void
test_a_disabled_account_is_out (Fixture       *f,
                                gconstpointer  data)
{
  g_autofree char *done = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PATCH",
                                             "/v1/users/anna", "{\"enabled\":false}");
  g_autofree char *out = hello_text (f, f->a, DESK_A, 401);
  g_autofree char *no = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login",
    "{\"user\":\"anna\",\"password\":\"ein langes Passwort\",\"desk\":\"" DESK_A "\"}");

  g_assert_nonnull (strstr (done, "\"enabled\":false"));
}

static void
test_a_new_password_ends_the_old_tokens (Fixture       *f,
                                         gconstpointer  data)
{
  g_autofree char *done = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PATCH",
                                             "/v1/users/anna",
                                             "{\"password\":\"ein ganz anderes Wort\"}");
  g_autofree char *out = hello_text (f, f->a, DESK_A, 401);
  g_autofree char *in = alm_test_hub_text (&f->hub, 200, NULL, "POST", "/v1/login",
    "{\"user\":\"anna\",\"password\":\"ein ganz anderes Wort\",\"desk\":\"" DESK_A "\"}");
}

static void
test_accounts_that_cannot_be (Fixture       *f,
                              gconstpointer  data)
{
  static const struct { guint status; const char *body; } cases[] = {
    { 400, "{\"name\":\"X\",\"password\":\"ein langes Passwort\"}" },
    { 400, "{\"name\":\"system\",\"password\":\"ein langes Passwort\"}" },
    { 400, "{\"name\":\"karl\",\"password\":\"zu kurz\"}" },
    { 400, "{\"name\":\"karl-friedrich\",\"password\":\"karl-friedrich\"}" },
    { 400, "{\"name\":\"karl\"}" },
    { 409, "{\"name\":\"anna\",\"password\":\"ein langes Passwort\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, cases[i].status, f->hub.admin, "POST",
                                                 "/v1/users", cases[i].body);
    }
}

static void
test_what_only_a_manager_may (Fixture       *f,
                              gconstpointer  data)
{
  static const struct { const char *method; const char *path; const char *body; } cases[] = {
    { "GET", "/v1/users", NULL },
    { "POST", "/v1/users", "{\"name\":\"karl\",\"password\":\"ein langes Passwort\"}" },
    { "PATCH", "/v1/users/anna", "{\"enabled\":true}" },
    { "PUT", "/v1/users/anna/grants", "{\"grants\":[{\"role\":\"steward\",\"scope\":\"*\"}]}" },
    { "GET", "/v1/desks", NULL },
    { "DELETE", "/v1/desks/" DESK_A, NULL },
    { "GET", "/v1/audit", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *no = alm_test_hub_text (&f->hub, 403, f->a, cases[i].method, cases[i].path,
                                               cases[i].body);
    }
}

static void
test_a_manager_inside_his_pattern (Fixture       *f,
                                   gconstpointer  data)
{
  static const struct { guint status; const char *grants; } cases[] = {
    { 200, "[{\"role\":\"editor\",\"scope\":\"ksj/baeume\"}]" },
    { 200, "[{\"role\":\"reader\",\"scope\":\"ksj/*\"}]" },
    { 403, "[{\"role\":\"reader\",\"scope\":\"*\"}]" },
    { 403, "[{\"role\":\"reader\",\"scope\":\"stadt/bau\"}]" },
    { 403, "[{\"role\":\"auditor\",\"scope\":\"ksj/baeume\"}]" },
    { 403, "[{\"role\":\"manager\",\"scope\":\"ksj/baeume\"}]" },
    { 400, "[{\"role\":\"king\",\"scope\":\"ksj/baeume\"}]" },
    { 400, "[{\"role\":\"reader\",\"scope\":\"ksj/\"}]" },
    { 400, "[{\"role\":\"reader\",\"scope\":\"ksj/a\",\"classes\":[\"secret\"]}]" },
    { 400, "[{\"role\":\"reader\",\"scope\":\"ksj/a\",\"until\":\"tomorrow\"}]" },
    { 400, "[{\"role\":\"reader\",\"scope\":\"ksj/a\"},"
           "{\"role\":\"reader\",\"scope\":\"ksj/a\"}]" },
    { 400, "7" },
  };
  g_autofree char *m = alm_test_hub_add (&f->hub, "meike", DESK_B,
                                         "[{\"role\":\"manager\",\"scope\":\"ksj/*\"}]");
  g_autofree char *admin = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"grants\":%s}", cases[i].grants);
      g_autofree char *said = alm_test_hub_text (&f->hub, cases[i].status, m, "PUT",
                                                 "/v1/users/anna/grants", body);
    }

  /* Nor may she take away what lies outside, or touch who holds it. */
  admin = alm_test_hub_text (&f->hub, 403, m, "PUT", "/v1/users/chef/grants", "{\"grants\":[]}");
  g_free (g_steal_pointer (&admin));
  admin = alm_test_hub_text (&f->hub, 403, m, "PATCH", "/v1/users/chef", "{\"enabled\":false}");
}

/* An administrator of accounts sees no field of a record. */
static void
test_who_runs_the_server_sees_no_data (Fixture       *f,
                                       gconstpointer  data)
{
  g_autofree char *text = NULL;

  plant (f, 1, 1, "{\"species\":\"Linde\"}");
  text = feed (f, f->hub.admin, "\"ksj/baeume\":0,\"system\":0", "");
  g_assert_null (strstr (text, "Linde"));
}

static void
test_a_grant_of_no_time (Fixture       *f,
                         gconstpointer  data)
{
  static const struct { const char *grant; const char *detail; } cases[] = {
    { "\"from\":\"2027-02-01\",\"until\":\"2027-01-31\"", "is not after" },
    { "\"from\":\"2027-02-31\"", "\\\"from\\\" is wrong" },
    { "\"until\":\"soon\"", "\\\"until\\\" is wrong" },
    { "\"classes\":[\"foo\"]", "\\\"classes\\\" is wrong" },
  };
  g_autofree char *day = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"grants\":[{\"role\":\"editor\","
                                               "\"scope\":\"ksj/*\",%s}]}", cases[i].grant);
      g_autofree char *said = alm_test_hub_text (&f->hub, 400, f->hub.admin, "PUT",
                                                 "/v1/users/anna/grants", body);

      if (strstr (said, cases[i].detail) == NULL)
        g_test_message ("%s", said);
      g_assert_nonnull (strstr (said, cases[i].detail));
    }
  /* One day is a time. */
  day = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PUT", "/v1/users/anna/grants",
                           "{\"grants\":[{\"role\":\"editor\",\"scope\":\"ksj/*\","
                           "\"from\":\"2027-02-01\",\"until\":\"2027-02-01\"}]}");
}

static void
test_a_grant_until_a_day (Fixture       *f,
                          gconstpointer  data)
{
  g_autofree char *set = alm_test_hub_text (&f->hub, 200, f->hub.admin, "PUT",
    "/v1/users/anna/grants",
    "{\"grants\":[{\"role\":\"editor\",\"scope\":\"ksj/baeume\",\"until\":\"2027-01-20\"}]}");
  g_autoptr (AlmValue) during = NULL;
  g_autoptr (AlmValue) after = NULL;

  alm_clock_parse ("2027-01-20T23:59:59Z", &alm_test_hub_now_us);
  during = hello (f, f->a, DESK_A);
  g_assert_cmpuint (alm_value_get_size (alm_value_get (during, "scopes")), ==, 2);
  alm_clock_parse ("2027-01-21T00:00:00Z", &alm_test_hub_now_us);
  after = hello (f, f->a, DESK_A);
  g_assert_cmpuint (alm_value_get_size (alm_value_get (after, "scopes")), ==, 1);
}

static void
test_the_audit_trail (Fixture       *f,
                      gconstpointer  data)
{
  static const char *const actions[] = {
    "init", "login", "user-add", "grants", "login", "login-failed", "logout", NULL
  };
  g_autofree char *wrong = alm_test_hub_text (&f->hub, 401, NULL, "POST", "/v1/login",
    "{\"user\":\"anna\",\"password\":\"falsch falsch\",\"desk\":\"" DESK_A "\"}");
  g_autofree char *out = alm_test_hub_text (&f->hub, 204, f->a, "POST", "/v1/logout", NULL);
  g_autofree char *text = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET", "/v1/audit", NULL);
  g_autofree char *rest = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET",
                                             "/v1/audit?after=5", NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

  for (guint i = 0; actions[i] != NULL; i++)
    {
      g_autoptr (AlmValue) line = alm_json_parse (lines[i], -1, NULL, NULL);

      g_assert_cmpint (alm_value_get_integer_of (line, "i", 0), ==, i + 1);
      g_assert_cmpstr (alm_value_get_text_of (line, "action"), ==, actions[i]);
    }
  g_assert_cmpuint (count_lines (text), ==, 7);
  g_assert_cmpuint (count_lines (rest), ==, 2);
  /* What is typed as a password is never written down. */
  g_assert_null (strstr (text, "Passwort"));
  g_assert_null (strstr (text, "falsch"));
}

static void
test_paths_and_methods (Fixture       *f,
                        gconstpointer  data)
{
  static const struct { guint status; const char *method; const char *path; } cases[] = {
    { 200, "GET", "/healthz" }, { 200, "HEAD", "/healthz" }, { 405, "POST", "/healthz" },
    { 404, "GET", "/" }, { 404, "GET", "" }, { 404, "GET", "/v1" }, { 404, "GET", "/v1/feed/" },
    { 405, "GET", "/v1/feed" }, { 405, "DELETE", "/v1/users" }, { 404, "GET", "/v1/users/" },
    { 404, "GET", "/v1/records//history" }, { 404, "PUT", "/v1/users//grants" },
    { 404, "GET", "/v1/records/a/b/history" }, { 401, "GET", "/v1/users" },
    { 405, "get", "/v1/users" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, cases[i].status, NULL, cases[i].method,
                                                 cases[i].path, NULL);
    }
}

static void
test_a_server_is_founded_once (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (AlmServerStore) store = NULL;
  g_autoptr (GError) error = NULL;
  static const struct { const char *admin; const char *password; } bad[] = {
    { "Chef", "ein langes Passwort" }, { "system", "ein langes Passwort" },
    { "chef", "kurz" }, { "chef-chef-chef", "chef-chef-chef" },
  };
  g_autoptr (AlmValue) said = NULL;
  AlmValue *none = NULL;

  store = alm_hub_open (dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (alm_hub_found (store, &alm_test_hub_options, bad[i].admin, bad[i].password,
                                     NULL, &none, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
    }
  g_assert_true (alm_hub_found (store, &alm_test_hub_options, "chef", "ein langes Passwort", NULL,
                                &said, &error));
  g_assert_no_error (error);
  g_assert_false (alm_hub_found (store, &alm_test_hub_options, "chef", "ein langes Passwort",
                                 NULL, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_pointer (&store, alm_server_store_close);
  alm_test_remove_dir (dir);
}

/* After one of these only a new process may write. */
static void
test_errors_that_end_a_server (Fixture       *fixture,
                               gconstpointer  data)
{
  const struct
  {
    GQuark   domain;
    int      code;
    gboolean ends;
  } errors[] = {
    { ALM_STORE_ERROR, ALM_STORE_ERROR_FAILED, TRUE },
    { ALM_STORE_ERROR, ALM_STORE_ERROR_CORRUPT, TRUE },
    { ALM_STORE_ERROR, ALM_STORE_ERROR_FULL, FALSE },
    { ALM_STORE_ERROR, ALM_STORE_ERROR_BUSY, FALSE },
    /* An earlier one was met by a request that only read. */
    { G_IO_ERROR, G_IO_ERROR_READ_ONLY, TRUE },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (errors[i].domain, errors[i].code, "-");

      g_assert_cmpint (alm_hub_core_is_fatal (error), ==, errors[i].ends);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sync/hub-core/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("login/alike", test_a_wrong_name_and_a_wrong_password_look_alike);
  ADD ("login/unknown", test_an_unknown_user_costs_a_hash_too);
  ADD ("login/bad", test_bad_logins);
  ADD ("login/slowed", test_tries_are_slowed_down);
  ADD ("login/clock-set-back", test_a_clock_set_back_locks_nobody_out);
  ADD ("login/desk-taken", test_a_profile_has_one_user);
  ADD ("token/ends", test_tokens_end);
  ADD ("token/slides", test_a_used_token_lives_on);
  ADD ("token/none", test_tokens_that_are_none);
  ADD ("hello", test_hello_tells_what_there_is);
  ADD ("hello/wrong", test_hello_of_another);
  ADD ("feed/pages", test_the_feed_comes_in_pages);
  ADD ("feed/just-fits", test_a_page_that_just_fits);
  ADD ("feed/foreign", test_foreign_scopes_are_left_out);
  ADD ("feed/bad", test_feeds_that_are_none);
  ADD ("feed/wait", test_a_long_poll_waits_for_news);
  ADD ("classes/masked", test_what_is_personal_is_masked_everywhere);
  ADD ("classes/conflict", test_a_conflict_is_as_secret_as_its_field);
  ADD ("history/hidden", test_a_history_of_what_one_may_not_see);
  ADD ("rights/change", test_rights_change_under_way);
  ADD ("users/disabled", test_a_disabled_account_is_out);
  ADD ("users/password", test_a_new_password_ends_the_old_tokens);
  ADD ("users/bad", test_accounts_that_cannot_be);
  ADD ("users/manager-only", test_what_only_a_manager_may);
  ADD ("grants/pattern", test_a_manager_inside_his_pattern);
  ADD ("grants/no-data", test_who_runs_the_server_sees_no_data);
  ADD ("grants/until", test_a_grant_until_a_day);
  ADD ("grants/no-time", test_a_grant_of_no_time);
  ADD ("audit", test_the_audit_trail);
  ADD ("paths", test_paths_and_methods);
  ADD ("errors", test_errors_that_end_a_server);
  ADD ("found", test_a_server_is_founded_once);

  return g_test_run ();
}
