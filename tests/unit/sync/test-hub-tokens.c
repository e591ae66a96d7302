/* SPDX-License-Identifier: EUPL-1.2 */

/* Tokens that follow one another: whatever gets lost, nobody is signed out by it. */

#include "config.h"

#include "alm-hub.h"
#include "alm-test-hub.h"
#include "alm-test.h"

#include <string.h>

#define DESK_A "00000000-0000-7000-8000-00000000000a"

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
  f->a = alm_test_hub_add (&f->hub, "anna", DESK_A, "[]");
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_free (f->a);
  alm_test_hub_tear_down (&f->hub);
}

#define ROTATE "{\"desk\":\"" DESK_A "\",\"program\":\"t\",\"protocol\":1,\"rotate\":true}"

/* Says hello with @token; the successor that is given, nullable. */
static char *
rotate (Fixture    *f,
        const char *token)
{
  g_autoptr (AlmValue) said = alm_test_hub_expect (&f->hub, 200, token, "POST", "/v1/hello",
                                                   ROTATE);

  return g_strdup (alm_value_get_text_of (said, "token"));
}

static void
assert_token (Fixture    *f,
              const char *token,
              guint       status)
{
  g_autofree char *body = g_strdup_printf ("{\"epoch\":\"%s\",\"cursors\":{}}", f->hub.epoch);
  g_autofree char *said = alm_test_hub_text (&f->hub, status, token, "POST", "/v1/feed", body);
}

/* A token of yesterday gets a successor; it is good until that one has been used. */
static void
test_tokens_follow_one_another (Fixture       *f,
                                gconstpointer  data)
{
  g_autofree char *young = rotate (f, f->a);
  g_autofree char *old_program = NULL;
  g_autofree char *lost = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *late = NULL;
  g_autofree char *none = NULL;
  g_autofree char *retired = NULL;

  g_assert_null (young);
  alm_test_hub_now_us += 25 * G_TIME_SPAN_HOUR;
  old_program = alm_test_hub_text (&f->hub, 200, f->a, "POST", "/v1/hello",
                                   "{\"desk\":\"" DESK_A "\",\"program\":\"t\",\"protocol\":1}");
  g_assert_null (strstr (old_program, "\"token\""));

  /* The first answer is lost; the desk lives on with what it has. */
  lost = rotate (f, f->a);
  g_assert_nonnull (lost);
  assert_token (f, f->a, 200);
  stored = rotate (f, f->a);
  g_assert_cmpstr (stored, !=, lost);
  g_assert_cmpstr (stored, !=, f->a);

  /* It dies here, before or after it has stored the new one: either of them will do. */
  alm_test_hub_now_us += 30 * G_TIME_SPAN_DAY;
  alm_test_hub_reopen (&f->hub);
  assert_token (f, f->a, 200);
  assert_token (f, stored, 200);
  /* A hello that was on its way for long takes nothing away. */
  late = rotate (f, f->a);
  assert_token (f, stored, 200);

  /* Used: what is under way with the last one still arrives, and that is all. */
  none = rotate (f, stored);
  assert_token (f, lost, 401);
  assert_token (f, late, 401);
  assert_token (f, f->a, 200);
  alm_test_hub_now_us += 2 * G_TIME_SPAN_HOUR;
  assert_token (f, f->a, 401);
  assert_token (f, stored, 200);
}

/* In its last minutes a token is neither prolonged nor succeeded. */
static void
test_a_retired_token_ends (Fixture       *f,
                           gconstpointer  data)
{
  g_autofree char *next = NULL;
  g_autofree char *used = NULL;
  g_autofree char *late = NULL;

  alm_test_hub_now_us += 59 * G_TIME_SPAN_MINUTE + G_TIME_SPAN_DAY;
  next = rotate (f, f->a);
  g_assert_nonnull (next);
  alm_test_hub_now_us += 59 * G_TIME_SPAN_MINUTE;
  used = rotate (f, next);
  g_assert_null (used);
  alm_test_hub_now_us += 5 * G_TIME_SPAN_MINUTE;
  late = rotate (f, f->a);
  g_assert_null (late);
  alm_test_hub_now_us += 6 * G_TIME_SPAN_MINUTE;
  assert_token (f, f->a, 401);
  assert_token (f, next, 200);
}

/* However many answers are lost, nobody is signed out, and the file does not grow. */
static void
test_many_answers_are_lost (Fixture       *f,
                            gconstpointer  data)
{
  g_autofree char *kept = NULL;
  g_autofree char *last = NULL;

  alm_test_hub_now_us += 2 * G_TIME_SPAN_DAY;
  for (guint i = 0; i < 40; i++)
    {
      alm_test_hub_now_us += G_TIME_SPAN_SECOND;
      g_free (last);
      last = rotate (f, f->a);
      g_assert_nonnull (last);
    }
  kept = alm_test_query (f->hub.path, "SELECT count (*) FROM tokens WHERE before IS NOT NULL");
  g_assert_cmpstr (kept, ==, "16");
  assert_token (f, f->a, 200);
  assert_token (f, last, 200);
}

/* Logging out ends those that were given and never used, too. */
static void
test_a_logout_ends_successors (Fixture       *f,
                               gconstpointer  data)
{
  g_autofree char *next = NULL;
  g_autofree char *out = NULL;

  alm_test_hub_now_us += 2 * G_TIME_SPAN_DAY;
  next = rotate (f, f->a);
  out = alm_test_hub_text (&f->hub, 204, f->a, "POST", "/v1/logout", NULL);
  assert_token (f, f->a, 401);
  assert_token (f, next, 401);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sync/hub-tokens/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("follow", test_tokens_follow_one_another);
  ADD ("retired", test_a_retired_token_ends);
  ADD ("lost", test_many_answers_are_lost);
  ADD ("logout", test_a_logout_ends_successors);

  return g_test_run ();
}
