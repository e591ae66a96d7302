/* SPDX-License-Identifier: EUPL-1.2 */

/* What managers ask, asked of a server in this process. */

#include "config.h"

#include "alm-admin-client.h"
#include "alm-json.h"
#include "alm-test.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  AlmHttpClient *client;
  SoupServer    *server;
  guint          status;     /* to answer with */
  const char    *answer;
  char          *asked;      /* "METHOD path?query body" */
} Fixture;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data != NULL ? body->data : "", body->length);
  const char *asked = g_uri_get_query (soup_server_message_get_uri (message));

  g_free (fixture->asked);
  fixture->asked = g_strdup_printf ("%s %s%s%s %s", soup_server_message_get_method (message), path,
                                    asked != NULL ? "?" : "", asked != NULL ? asked : "",
                                    text);
  soup_server_message_set_status (message, fixture->status, NULL);
  if (fixture->status != 204)
    soup_server_message_set_response (message, "application/x-ndjson", SOUP_MEMORY_COPY,
                                      fixture->answer, strlen (fixture->answer));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  GSList *uris;

  fixture->status = 200;
  fixture->answer = "{\"name\":\"anna\"}\n{\"name\":\"bert\"}\n";
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  address = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->client = alm_http_client_new (address, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->client);
  g_free (fixture->asked);
}

static GPtrArray *
ask (Fixture          *fixture,
     AlmAdminRequest  *request,
     GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_admin_send_async (fixture->client, request, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_admin_send_finish (fixture->client, result, error);
}

static void
test_lines_are_read (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = ask (fixture, alm_admin_list_users (), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (alm_value_get_text_of (lines->pdata[1], "name"), ==, "bert");

  g_clear_pointer (&lines, g_ptr_array_unref);
  fixture->answer = "{\"name\":\"anna\"}\n{";
  lines = ask (fixture, alm_admin_list_users (), &error);
  g_assert_null (lines);
  g_assert_nonnull (error);
}

static void
assert_asked (Fixture         *fixture,
              AlmAdminRequest *request,
              const char      *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = ask (fixture, request, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (fixture->asked, ==, wanted);
}

static void
test_each_request_is_as_the_server_wants_it (Fixture       *fixture,
                                             gconstpointer  data)
{
  g_autoptr (AlmValue) grants = alm_json_parse ("[{\"role\":\"reader\",\"scope\":\"*\"}]", -1,
                                                NULL, NULL);
  AlmId id;

  assert_asked (fixture, alm_admin_list_users (), "GET /v1/users ");
  assert_asked (fixture, alm_admin_add_user ("anna", "", "geheim"),
                "POST /v1/users {\"name\":\"anna\",\"password\":\"geheim\",\"title\":\"anna\"}");
  assert_asked (fixture, alm_admin_set_title ("anna", "Anna B."),
                "PATCH /v1/users/anna {\"title\":\"Anna B.\"}");
  assert_asked (fixture, alm_admin_set_enabled ("an/na", FALSE),
                "PATCH /v1/users/an/na {\"enabled\":false}");
  assert_asked (fixture, alm_admin_set_password ("anna", "geheim"),
                "PATCH /v1/users/anna {\"password\":\"geheim\"}");
  assert_asked (fixture, alm_admin_put_grants ("anna", grants),
                "PUT /v1/users/anna/grants {\"grants\":[{\"role\":\"reader\",\"scope\":\"*\"}]}");
  assert_asked (fixture, alm_admin_list_desks (), "GET /v1/desks ");
  assert_asked (fixture, alm_admin_list_erasures (), "GET /v1/erasures ");
  assert_asked (fixture, alm_admin_list_audit (17), "GET /v1/audit?after=17 ");
  g_assert_true (alm_id_parse (&id, "01931f2e-7c1a-7e3b-9d41-000000000001"));
  assert_asked (fixture, alm_admin_list_history (&id),
                "GET /v1/records/01931f2e-7c1a-7e3b-9d41-000000000001/history ");
  fixture->status = 204;
  assert_asked (fixture, alm_admin_revoke_desk ("d1", FALSE), "DELETE /v1/desks/d1 ");
  assert_asked (fixture, alm_admin_revoke_desk ("d1", TRUE), "DELETE /v1/desks/d1?lost=1 ");
}

static void
test_each_refusal_has_its_code (Fixture       *fixture,
                                gconstpointer  data)
{
  static const struct { guint status; const char *code; int wanted; } table[] = {
    { 403, "forbidden", ALM_ADMIN_ERROR_FORBIDDEN },
    { 401, "login-needed", ALM_ADMIN_ERROR_LOGIN },
    { 400, "bad-password", ALM_ADMIN_ERROR_PASSWORD },
    { 400, "bad-name", ALM_ADMIN_ERROR_NAME },
    { 409, "exists", ALM_ADMIN_ERROR_EXISTS },
    { 400, "bad-grant", ALM_ADMIN_ERROR_GRANT },
    { 409, "last-manager", ALM_ADMIN_ERROR_LAST },
    { 404, "not-found", ALM_ADMIN_ERROR_NOT_FOUND },
    { 500, "failed", ALM_ADMIN_ERROR_REFUSED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *answer =
        g_strdup_printf ("{\"status\":%u,\"code\":\"%s\",\"detail\":\"No.\"}", table[i].status,
                         table[i].code);

      fixture->status = table[i].status;
      fixture->answer = answer;
      g_assert_null (ask (fixture, alm_admin_list_users (), &error));
      g_assert_error (error, ALM_ADMIN_ERROR, table[i].wanted);
      g_assert_cmpstr (error->message, ==, "No.");
    }
}

static void
test_grants_are_put_together (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (AlmValue) grants =
    alm_json_parse ("[{\"role\":\"reader\",\"scope\":\"a/*\"},"
                    "{\"role\":\"editor\",\"scope\":\"a/b\"}]", -1, NULL, NULL);
  g_autoptr (AlmValue) more = NULL;
  g_autoptr (AlmValue) less = NULL;
  g_autofree char *more_text = NULL;
  g_autofree char *less_text = NULL;
  gboolean found;

  more = alm_admin_grants_with (grants, "editor", "a/b",
                                alm_admin_grant_new ("editor", "a/b", NULL, NULL, "2026-12-31"),
                                &found);
  g_assert_true (found);
  more_text = alm_value_to_text (more);
  g_assert_cmpstr (more_text, ==, "[{\"role\":\"reader\",\"scope\":\"a/*\"},"
                   "{\"role\":\"editor\",\"scope\":\"a/b\",\"until\":\"2026-12-31\"}]");

  less = alm_admin_grants_with (grants, "reader", "a/b", NULL, &found);
  g_assert_false (found);
  less_text = alm_value_to_text (less);
  g_assert_cmpstr (less_text, ==, "[{\"role\":\"reader\",\"scope\":\"a/*\"},"
                   "{\"role\":\"editor\",\"scope\":\"a/b\"}]");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/net/admin-client/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("lines", test_lines_are_read);
  ADD ("requests", test_each_request_is_as_the_server_wants_it);
  ADD ("refusals", test_each_refusal_has_its_code);
  ADD ("grants", test_grants_are_put_together);

  return g_test_run ();
}
