/* SPDX-License-Identifier: EUPL-1.2 */

/* A server's core for tests: founded, with an administrator, without a socket. */

#include "config.h"

#include "alm-test-hub.h"

#include "alm-hub.h"
#include "alm-json.h"
#include "alm-test.h"

#include <string.h>

gint64 alm_test_hub_now_us;

static const AlmPasswordCost cheap = { 1, 8192 };
static AlmRandom test_random;

static gint64
test_now (AlmClock *clock)
{
  return alm_test_hub_now_us;
}

static void
test_bytes (gpointer buffer,
            gsize    size)
{
  for (gsize i = 0; i < size; i++)
    ((guint8 *) buffer)[i] = (guint8) alm_random_next (&test_random);
}

static AlmClock test_clock = { test_now };

const AlmHubOptions alm_test_hub_options = { &test_clock, test_bytes, &cheap };

static const char tree[] =
  "{\"type\":\"object\",\"title\":\"Baum\",\"x-alm-key\":[\"number\"],"
  "\"required\":[\"species\"],\"properties\":{"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\",\"maxLength\":20},"
  "\"species\":{\"type\":\"string\",\"title\":\"Art\"},"
  "\"year\":{\"type\":\"integer\",\"title\":\"Jahr\",\"minimum\":1500,\"maximum\":2100},"
  "\"height\":{\"type\":\"number\",\"title\":\"Höhe\"},"
  "\"tags\":{\"type\":\"array\",\"title\":\"Merkmale\",\"items\":{\"type\":\"string\"},"
  "\"x-alm-merge\":\"set\"},"
  "\"visits\":{\"type\":\"integer\",\"title\":\"Besuche\",\"x-alm-merge\":\"counter\"},"
  "\"owner\":{\"type\":\"string\",\"title\":\"Eigner\",\"x-alm-class\":\"personal\"},"
  "\"checked\":{\"type\":\"boolean\",\"title\":\"Geprüft\",\"readOnly\":true}}}";

static AlmValue *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (text, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static AlmHubCore *
open_core (AlmTestHub *self)
{
  g_autoptr (GError) error = NULL;
  AlmServerStore *store = alm_hub_open (self->dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);

  g_assert_no_error (error);

  return alm_hub_core_new (store, &alm_test_hub_options);
}

void
alm_test_hub_set_up (AlmTestHub *self)
{
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (AlmServerStore) store = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  AlmValue *model = alm_value_new_object ();

  alm_test_hub_now_us = G_GINT64_CONSTANT (1800000000000000);   /* 15 January 2027 */
  alm_random_seed (&test_random, 2);
  self->dir = alm_test_make_dir ();
  self->path = g_build_filename (self->dir, ALM_HUB_FILE, NULL);
  self->changed = g_string_new (NULL);

  alm_value_set_text (model, "name", "tree");
  alm_value_set (model, "schema", parse (tree));
  g_ptr_array_add (models, model);
  store = alm_hub_open (self->dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (alm_hub_found (store, &alm_test_hub_options, "chef", "ein langes Passwort",
                                models, &said, &error));
  g_assert_no_error (error);
  self->server = g_strdup (alm_value_get_text_of (said, "server"));
  self->epoch = g_strdup (alm_value_get_text_of (said, "epoch"));

  self->core = alm_hub_core_new (g_steal_pointer (&store), &alm_test_hub_options);
  self->admin = alm_test_hub_login (self, "chef", ALM_TEST_ADMIN_DESK);
}

void
alm_test_hub_tear_down (AlmTestHub *self)
{
  g_clear_pointer (&self->core, alm_hub_core_free);
  alm_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->path);
  g_free (self->server);
  g_free (self->epoch);
  g_free (self->admin);
  g_string_free (self->changed, TRUE);
}

void
alm_test_hub_reopen (AlmTestHub *self)
{
  g_clear_pointer (&self->core, alm_hub_core_free);
  self->core = open_core (self);
}

AlmHubReply *
alm_test_hub_ask (AlmTestHub *self,
                  const char *token,
                  const char *method,
                  const char *path,
                  const char *body)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new (method, path);
  char *query = strchr (request->path, '?');
  AlmHubReply *reply;

  if (query != NULL)
    {
      request->query = g_strdup (query + 1);
      *query = '\0';
    }
  if (token != NULL)
    request->authorization = g_strconcat ("Bearer ", token, NULL);
  if (body != NULL)
    request->body = g_bytes_new (body, strlen (body));
  request->remote = g_strdup ("192.0.2.1");

  reply = alm_hub_core_handle (self->core, request);
  if (reply->hash)
    {
      alm_hub_reply_free (reply);
      alm_hub_request_hash (request, &cheap);
      reply = alm_hub_core_handle (self->core, request);
    }
  g_assert_false (reply->fatal);

  for (guint i = 0; reply->changed != NULL && i < reply->changed->len; i++)
    g_string_append_printf (self->changed, "%s ", (char *) reply->changed->pdata[i]);

  return reply;
}

char *
alm_test_hub_text (AlmTestHub *self,
                   guint       status,
                   const char *token,
                   const char *method,
                   const char *path,
                   const char *body)
{
  g_autoptr (AlmHubReply) reply = alm_test_hub_ask (self, token, method, path, body);

  if (reply->status != status)
    g_test_message ("%s %s: %u %s", method, path, reply->status, reply->body->str);
  g_assert_cmpuint (reply->status, ==, status);

  return g_strndup (reply->body->str, reply->body->len);
}

AlmValue *
alm_test_hub_expect (AlmTestHub *self,
                     guint       status,
                     const char *token,
                     const char *method,
                     const char *path,
                     const char *body)
{
  g_autofree char *text = alm_test_hub_text (self, status, token, method, path, body);
  char *end = strchr (text, '\n');

  if (end != NULL)
    *end = '\0';

  return *text != '\0' ? parse (text) : NULL;
}

char *
alm_test_hub_login (AlmTestHub *self,
                    const char *user,
                    const char *desk)
{
  g_autofree char *body = g_strdup_printf ("{\"user\":\"%s\",\"password\":\"ein langes Passwort\","
                                           "\"desk\":\"%s\",\"name\":\"Rechner\"}", user, desk);
  g_autoptr (AlmValue) said = alm_test_hub_expect (self, 200, NULL, "POST", "/v1/login", body);

  return g_strdup (alm_value_get_text_of (said, "token"));
}

char *
alm_test_hub_add (AlmTestHub *self,
                  const char *user,
                  const char *desk,
                  const char *grants)
{
  g_autofree char *account = g_strdup_printf ("{\"name\":\"%s\",\"title\":\"%s\","
                                              "\"password\":\"ein langes Passwort\"}", user, user);
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/grants", user);
  g_autofree char *given = g_strdup_printf ("{\"grants\":%s}", grants);
  g_autofree char *added = alm_test_hub_text (self, 201, self->admin, "POST", "/v1/users", account);
  g_autofree char *granted = alm_test_hub_text (self, 200, self->admin, "PUT", path, given);

  return alm_test_hub_login (self, user, desk);
}

char *
alm_test_hub_push (AlmTestHub *self,
                   guint       status,
                   const char *token,
                   const char *desk,
                   gint64      first,
                   const char *lines)
{
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"%s\",\"epoch\":\"%s\",\"first\":%"
                                           G_GINT64_FORMAT "}\n%s", desk, self->epoch, first,
                                           lines);

  return alm_test_hub_text (self, status, token, "POST", "/v1/push", body);
}

void
alm_test_hub_make_city (AlmTestHub *self)
{
  g_autofree char *said = alm_test_hub_push (
    self, 200, self->admin, ALM_TEST_ADMIN_DESK, 1,
    "{\"n\":1,\"cid\":\"00000000000000a1\",\"op\":\"new\",\"base\":0,\"scope\":\"system\","
    "\"kind\":\"scope\",\"id\":\"00000000-0000-7000-8000-0000000000a1\","
    "\"set\":{\"path\":\"ksj/baeume\",\"title\":\"Bäume\"},\"at\":\"2027-01-15T08:00:00Z\"}\n"
    "{\"n\":2,\"cid\":\"00000000000000a2\",\"op\":\"new\",\"base\":0,\"scope\":\"system\","
    "\"kind\":\"scope\",\"id\":\"00000000-0000-7000-8000-0000000000a2\","
    "\"set\":{\"path\":\"ksj/geheim\",\"title\":\"Geheim\"},\"at\":\"2027-01-15T08:00:00Z\"}\n");

  g_assert_cmpstr (said, ==, "{\"n\":1,\"r\":\"ok\",\"seq\":2}\n{\"n\":2,\"r\":\"ok\",\"seq\":3}\n"
                             "{\"next\":3}\n");
}
