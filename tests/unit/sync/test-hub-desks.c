/* SPDX-License-Identifier: EUPL-1.2 */

/* Desks over HTTP: the list, copied profiles, those that are lost. */

#include "config.h"

#include "alm-json.h"
#include "alm-test-hub.h"

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

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *c = text; *c != '\0'; c++)
    n += *c == '\n';

  return n;
}

static void
test_desks_are_listed_and_revoked (Fixture       *f,
                                   gconstpointer  data)
{
  g_autofree char *list = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET", "/v1/desks", NULL);
  g_autofree char *gone = NULL;
  g_autofree char *out = NULL;
  g_autofree char *none = NULL;

  g_assert_cmpuint (count_lines (list), ==, 2);
  g_assert_nonnull (strstr (list, "{\"desk\":\"" DESK_A "\",\"last_n\":0,\"name\":\"Rechner\","
                                  "\"seen\":\"2027-01-15T08:00:00Z\",\"state\":\"known\","
                                  "\"user\":\"anna\"}"));
  gone = alm_test_hub_text (&f->hub, 204, f->hub.admin, "DELETE", "/v1/desks/" DESK_A, NULL);
  out = hello_text (f, f->a, DESK_A, 401);
  none = alm_test_hub_text (&f->hub, 404, f->hub.admin, "DELETE", "/v1/desks/" DESK_B, NULL);
}

static void
test_a_copied_profile_becomes_a_desk (Fixture       *f,
                                      gconstpointer  data)
{
  static const char ask[] = "{\"desk\":\"" DESK_B "\",\"user\":\"anna\"}";
  g_autofree char *early = hello_text (f, f->a, DESK_B, 403);
  g_autofree char *stranger = alm_test_hub_text (&f->hub, 403, f->a, "POST", "/v1/desks",
                                                 "{\"desk\":\"" DESK_B "\",\"user\":\"bert\"}");
  g_autoptr (AlmValue) unheard = alm_test_hub_expect (&f->hub, 201, f->a, "POST", "/v1/desks", ask);
  g_autoptr (AlmValue) said = alm_test_hub_expect (&f->hub, 201, f->a, "POST", "/v1/desks", ask);
  const char *token = alm_value_get_text_of (said, "token");
  g_autoptr (AlmValue) told = hello (f, token, DESK_B);
  g_autofree char *list = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET", "/v1/desks", NULL);
  g_autofree char *first = hello_text (f, alm_value_get_text_of (unheard, "token"), DESK_B, 401);
  g_autofree char *pushed = NULL;
  g_autofree char *twice = NULL;
  g_autofree char *old = NULL;

  g_assert_cmpint (alm_value_get_integer_of (told, "next", 0), ==, 1);
  g_assert_nonnull (strstr (list, "{\"desk\":\"" DESK_B "\",\"last_n\":0,\"name\":\"Rechner\","));

  /* Once it has sent something nobody else gets it. */
  pushed = alm_test_hub_push (&f->hub, 200, token, DESK_B, 1,
    "{\"n\":1,\"cid\":\"b000000000000001\",\"op\":\"del\",\"base\":0,"
    "\"id\":\"00000000-0000-7000-8000-0000000000ff\"}\n");
  twice = alm_test_hub_text (&f->hub, 409, f->a, "POST", "/v1/desks", ask);
  g_assert_nonnull (strstr (twice, "\"code\":\"desk-taken\""));
  old = hello_text (f, f->a, DESK_A, 200);
}

static void
test_a_lost_desk_hears_of_it_and_nothing_else (Fixture       *f,
                                               gconstpointer  data)
{
  static const char *const asked[][2] = {
    { "POST", "/v1/hello" }, { "POST", "/v1/feed" }, { "GET", "/v1/pack?scope=ksj/baeume" },
    { "GET", "/v1/desks" }, { "POST", "/v1/desks" }, { "GET", "/v1/audit" },
    { "GET", "/v1/records/00000000-0000-7000-8000-000000000001/history" },
  };
  g_autofree char *gone = alm_test_hub_text (&f->hub, 204, f->hub.admin, "DELETE",
                                             "/v1/desks/" DESK_A "?lost=1", NULL);
  g_autofree char *pushed = NULL;
  g_autofree char *login = NULL;
  g_autofree char *list = NULL;
  g_autofree char *end = NULL;
  g_autofree char *after = NULL;
  g_autofree char *late = NULL;
  g_autofree char *still = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *said = alm_test_hub_text (&f->hub, 410, f->a, asked[i][0], asked[i][1],
                                                 "{}");

      g_assert_nonnull (strstr (said, "\"code\":\"desk-lost\""));
    }
  pushed = alm_test_hub_push (&f->hub, 410, f->a, DESK_A, 1,
    "{\"n\":1,\"cid\":\"a000000000000001\",\"op\":\"del\",\"base\":0,"
    "\"id\":\"00000000-0000-7000-8000-0000000000ff\"}\n");
  login = alm_test_hub_text (&f->hub, 410, NULL, "POST", "/v1/login",
                             "{\"user\":\"anna\",\"password\":\"ein langes Passwort\","
                             "\"desk\":\"" DESK_A "\",\"name\":\"x\"}");

  /* Its token is known for that for ever. */
  alm_test_hub_now_us += 400 * G_TIME_SPAN_DAY;
  g_free (alm_test_hub_text (&f->hub, 410, f->a, "POST", "/v1/hello", "{}"));
  end = alm_test_hub_text (&f->hub, 204, f->a, "POST", "/v1/logout", NULL);
  after = alm_test_hub_text (&f->hub, 410, f->a, "POST", "/v1/hello", "{}");
  g_free (f->hub.admin);
  f->hub.admin = alm_test_hub_login (&f->hub, "chef", ALM_TEST_ADMIN_DESK);
  list = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET", "/v1/desks", NULL);
  g_assert_nonnull (strstr (list, "\"state\":\"wiped\""));
  /* What is gone cannot be called off. */
  late = alm_test_hub_text (&f->hub, 204, f->hub.admin, "DELETE", "/v1/desks/" DESK_A, NULL);
  still = alm_test_hub_text (&f->hub, 200, f->hub.admin, "GET", "/v1/desks", NULL);
  g_assert_cmpstr (list, ==, still);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sync/hub-desks/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("list", test_desks_are_listed_and_revoked);
  ADD ("lost", test_a_lost_desk_hears_of_it_and_nothing_else);
  ADD ("copy", test_a_copied_profile_becomes_a_desk);

  return g_test_run ();
}
