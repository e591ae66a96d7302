/* SPDX-License-Identifier: EUPL-1.2 */

/* Requests to a server in this process: answers, refusals, time, files. */

#include "config.h"

#include "alm-http-client.h"
#include "alm-net-error.h"
#include "alm-test.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  SoupServer    *server;
  AlmHttpClient *client;
  GString       *heard;      /* "METHOD path authorization encoding range" */
  char          *dir;
} Fixture;

/* Ten bytes are announced, and the connection ends after four. */
static void
tear (SoupServerMessage *message)
{
  static const char text[] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n"
                             "ETag: \"v1\"\r\n\r\n0123";
  g_autoptr (GIOStream) connection = soup_server_message_steal_connection (message);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (connection), text, strlen (text), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  g_io_stream_close (connection, NULL, NULL);
}

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *said = soup_server_message_get_response_headers (message);
  const char *range = soup_message_headers_get_one (asked, "Range");
  static const char text[] = "0123456789";

  g_string_printf (fixture->heard, "%s %s %s %s %s", soup_server_message_get_method (message), path,
                   soup_message_headers_get_one (asked, "Authorization"),
                   soup_message_headers_get_one (asked, "Content-Encoding"), range);
  if (strcmp (path, "/silent") == 0)
    {
      soup_server_message_pause (message);
      return;
    }
  if (strcmp (path, "/torn") == 0)
    {
      tear (message);
      return;
    }
  if (strcmp (path, "/busy") == 0)
    {
      soup_message_headers_replace (said, "Retry-After", "17");
      soup_server_message_set_status (message, 503, NULL);
      return;
    }
  if (strcmp (path, "/elsewhere") == 0)
    {
      soup_server_message_set_redirect (message, 302, "/pack");
      return;
    }

  soup_message_headers_replace (said, "ETag", "\"v1\"");
  if (range != NULL)
    soup_message_headers_set_content_range (said, 4, 9, 10);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC,
                                    range != NULL ? text + 4 : text, range != NULL ? 6 : 10);
  soup_server_message_set_status (message, range != NULL ? 206 : 200, NULL);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  GSList *uris;

  fixture->heard = g_string_new (NULL);
  fixture->dir = alm_test_make_dir ();
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
  g_assert_finalize_object (fixture->client);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_string_free (fixture->heard, TRUE);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static AlmHttpReply *
ask (Fixture     *fixture,
     const char  *path,
     GBytes      *body,
     const char  *file,
     const char  *etag,
     guint        timeout_s,
     GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_http_client_send_async (fixture->client, "POST", path, body, file, etag, timeout_s, NULL,
                              alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_http_client_send_finish (fixture->client, result, error);
}

static void
test_addresses (void)
{
  static const char *const good[] = {
    "https://allmende.example.org", "https://example.org/dienst/", "http://127.0.0.1:8080",
    "http://localhost:1", "http://[::1]:80",
  };
  static const char *const bad[] = {
    "", "example.org", "ftp://example.org", "http://example.org", "http://10.0.0.1",
    "https://user:secret@example.org", "https://example.org/?x=1", "http://127.0.0.1.example.org",
    "https://", "http://localhost.example.org",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmHttpClient) client = alm_http_client_new (good[i], &error);

      g_assert_no_error (error);
      g_assert_false (g_str_has_suffix (alm_http_client_get_address (client), "/"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alm_http_client_new (bad[i], &error));
      g_assert_error (error, ALM_NET_ERROR, ALM_NET_ERROR_ADDRESS);
    }
}

static void
test_an_answer_with_its_head (Fixture       *fixture,
                              gconstpointer  data)
{
  static const guint8 packed[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0 };
  g_autoptr (GBytes) body = g_bytes_new_static (packed, sizeof packed);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHttpReply) reply = NULL;
  AlmHttpTraffic traffic;

  alm_http_client_set_token (fixture->client, "geheim");
  reply = ask (fixture, "/pack", body, NULL, NULL, 30, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (reply->etag, ==, "\"v1\"");
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body),
                   "0123456789", 10);
  g_assert_cmpstr (fixture->heard->str, ==, "POST /pack Bearer geheim zstd (null)");
  alm_http_client_get_traffic (fixture->client, &traffic);
  g_assert_cmpuint (traffic.requests, ==, 1);
  g_assert_cmpuint (traffic.received, >, 10);
}

static void
test_any_status_is_an_answer (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (AlmHttpReply) busy = ask (fixture, "/busy", NULL, NULL, NULL, 30, NULL);
  g_autoptr (AlmHttpReply) moved = NULL;

  g_assert_cmpuint (busy->status, ==, 503);
  g_assert_cmpuint (busy->retry_s, ==, 17);

  /* A token is not carried on to where somebody points. */
  moved = ask (fixture, "/elsewhere", NULL, NULL, NULL, 30, NULL);
  g_assert_cmpuint (moved->status, ==, 302);
  g_assert_nonnull (strstr (fixture->heard->str, "/elsewhere"));
}

static void
test_time_ends_and_so_does_cancelling (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_null (ask (fixture, "/silent", NULL, NULL, NULL, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);

  alm_http_client_send_async (fixture->client, "GET", "/silent", NULL, NULL, NULL, 60, cancellable,
                              alm_test_keep_result, &result);
  g_cancellable_cancel (cancellable);
  alm_test_wait_for (&result);
  g_assert_null (alm_http_client_send_finish (fixture->client, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_a_file_is_fetched_and_completed (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "pack.part", NULL);
  g_autofree char *text = NULL;
  g_autoptr (AlmHttpReply) whole = ask (fixture, "/pack", NULL, path, NULL, 30, NULL);
  g_autoptr (AlmHttpReply) rest = NULL;

  g_assert_cmpuint (whole->status, ==, 200);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "0123456789");

  g_assert_true (g_file_set_contents (path, "0123", 4, NULL));
  rest = ask (fixture, "/pack", NULL, path, "\"v1\"", 30, NULL);
  g_assert_cmpuint (rest->status, ==, 206);
  g_assert_nonnull (strstr (fixture->heard->str, "bytes=4-"));
  g_free (text);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "0123456789");
}

static void
test_half_an_answer_is_none (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "pack.part", NULL);
  g_autofree char *text = NULL;
  g_autoptr (AlmHttpReply) half = NULL;
  g_autoptr (AlmHttpReply) rest = NULL;
  g_autoptr (GError) error = NULL;

  half = ask (fixture, "/torn", NULL, NULL, NULL, 30, &error);
  g_assert_null (half);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_clear_error (&error);

  /* What has come into a file stays for the next try. */
  half = ask (fixture, "/torn", NULL, path, NULL, 30, &error);
  g_assert_null (half);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  rest = ask (fixture, "/pack", NULL, path, "\"v1\"", 30, NULL);
  g_assert_cmpuint (rest->status, ==, 206);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "0123456789");
}

#define ADD(name, function) \
  g_test_add ("/net/http-client/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/http-client/addresses", test_addresses);
  ADD ("an-answer-with-its-head", test_an_answer_with_its_head);
  ADD ("any-status-is-an-answer", test_any_status_is_an_answer);
  ADD ("time-ends-and-so-does-cancelling", test_time_ends_and_so_does_cancelling);
  ADD ("a-file-is-fetched-and-completed", test_a_file_is_fetched_and_completed);
  ADD ("half-an-answer-is-none", test_half_an_answer_is_none);

  return g_test_run ();
}
