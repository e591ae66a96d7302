/* SPDX-License-Identifier: EUPL-1.2 */

/* Requests over libsoup.
 *
 * Invariants:
 *   1. Each request ends: answered, failed, cancelled, or after its time.
 *   2. A token leaves this machine over TLS only, and only to the one address.
 *   3. Memory is bounded: an answer over the limit is an error, what goes to a
 *      file never stands in memory as a whole.
 * Main thread. */

#include "config.h"

#include "alm-http-client.h"

#include "alm-net-error.h"
#include "alm-zstd.h"

#include <libsoup/soup.h>
#include <string.h>

#define BODY_MAX (64u << 20)
#define PIECE    (256 * 1024)

struct _AlmHttpClient
{
  GObject      parent_instance;

  /* owned */
  SoupSession *session;
  char        *address;       /* without a slash at its end */
  char        *token;

  AlmHttpTraffic traffic;
};

G_DEFINE_FINAL_TYPE (AlmHttpClient, alm_http_client, G_TYPE_OBJECT)

/* One request on its way; the task's data. */
typedef struct
{
  SoupMessage   *message;
  char          *path;          /* of the file; NULL: into memory */
  guint64        offset;        /* what was in the file before */
  gint64         left;          /* of the body, as it was announced; −1: it was not */
  GInputStream  *in;
  GOutputStream *out;
  GByteArray    *memory;
  GCancellable  *own;           /* cancelled by the caller's, or when the time is over */
  GCancellable  *theirs;        /* nullable */
  gulong         theirs_id;
  guint          timer;
  gboolean       timed_out;
  guint          timeout_s;
  AlmHttpReply  *reply;
} Request;

void
alm_http_reply_free (AlmHttpReply *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->etag);
  g_free (self);
}

static void
request_free (Request *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->theirs != NULL)
    g_cancellable_disconnect (self->theirs, self->theirs_id);
  g_clear_object (&self->theirs);
  g_clear_object (&self->own);
  g_clear_object (&self->message);
  g_clear_object (&self->in);
  g_clear_object (&self->out);
  g_clear_pointer (&self->memory, g_byte_array_unref);
  g_clear_pointer (&self->reply, alm_http_reply_free);
  g_free (self->path);
  g_free (self);
}

static void
return_error (GTask   *task,
              GError  *error)
{
  Request *request = g_task_get_task_data (task);

  if (request->timed_out)
    {
      g_clear_error (&error);
      g_set_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   "no answer within %u s", request->timeout_s);
    }
  g_task_return_error (task, error);
}

static gboolean
time_over_cb (gpointer data)
{
  Request *request = data;

  request->timer = 0;
  request->timed_out = TRUE;
  g_cancellable_cancel (request->own);

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *theirs,
              gpointer      own)
{
  g_cancellable_cancel (own);
}

static void read_some (GTask *task);

static void
count_traffic (AlmHttpClient *self,
               Request       *request)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (request->message);

  self->traffic.requests++;
  if (metrics == NULL)
    return;

  self->traffic.sent += soup_message_metrics_get_request_header_bytes_sent (metrics)
                        + soup_message_metrics_get_request_body_bytes_sent (metrics);
  self->traffic.received += soup_message_metrics_get_response_header_bytes_received (metrics)
                            + soup_message_metrics_get_response_body_bytes_received (metrics);
}

static void
return_reply (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  count_traffic (g_task_get_source_object (task), request);
  if (request->memory != NULL)
    request->reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&request->memory));
  g_task_return_pointer (task, g_steal_pointer (&request->reply),
                         (GDestroyNotify) alm_http_reply_free);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    return_error (task, error);
  else
    return_reply (task);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    return_error (task, error);
  else
    read_some (task);
}

/* libsoup takes the end of a connection that was to be closed for the end of the body. */
static gboolean
is_torn (const Request *request)
{
  return request->left > 0 && soup_message_get_method (request->message) != SOUP_METHOD_HEAD;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               &error);
  gsize length;
  gconstpointer data;

  if (piece == NULL)
    {
      return_error (task, error);
      return;
    }

  data = g_bytes_get_data (piece, &length);
  if (request->left >= 0)
    request->left -= (gint64) length;
  if (length == 0 && is_torn (request))
    return_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                                             "the answer broke off"));
  else if (length == 0 && request->out != NULL)
    g_output_stream_close_async (request->out, G_PRIORITY_DEFAULT, request->own, closed_cb,
                                 g_object_ref (task));
  else if (length == 0)
    return_reply (task);
  else if (request->out != NULL)
    {
      /* Lives until written. */
      g_object_set_data_full (G_OBJECT (task), "alm-piece", g_bytes_ref (piece),
                              (GDestroyNotify) g_bytes_unref);
      g_output_stream_write_all_async (request->out, data, length, G_PRIORITY_DEFAULT,
                                       request->own, written_cb, g_object_ref (task));
    }
  else if (request->memory->len + length > BODY_MAX)
    return_error (task, g_error_new (ALM_NET_ERROR, ALM_NET_ERROR_ANSWER,
                                     "the answer is larger than %u MiB", BODY_MAX >> 20));
  else
    {
      g_byte_array_append (request->memory, data, (guint) length);
      read_some (task);
    }
}

static void
read_some (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (request->in, PIECE, G_PRIORITY_DEFAULT, request->own, read_cb,
                                   g_object_ref (task));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *out;

  if (request->reply->status == 206)
    out = g_file_append_to_finish (G_FILE (source), result, &error);
  else
    out = g_file_replace_finish (G_FILE (source), result, &error);
  if (out == NULL)
    {
      return_error (task, error);
      return;
    }

  request->out = G_OUTPUT_STREAM (out);
  read_some (task);
}

static void
read_head (Request *request)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (request->message);
  const char *retry = soup_message_headers_get_one (headers, "Retry-After");
  const char *offset = soup_message_headers_get_one (headers, "Upload-Offset");

  request->left = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
    ? soup_message_headers_get_content_length (headers) : -1;
  request->reply->status = soup_message_get_status (request->message);
  request->reply->etag = g_strdup (soup_message_headers_get_one (headers, "ETag"));
  if (offset == NULL
      || !g_ascii_string_to_signed (offset, 10, 0, G_MAXINT64, &request->reply->upload_offset,
                                    NULL))
    request->reply->upload_offset = -1;
  if (retry != NULL)
    request->reply->retry_s = (guint) CLAMP (g_ascii_strtoll (retry, NULL, 10), 0, 86400);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GFile) file = NULL;

  request->in = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (request->in == NULL)
    {
      return_error (task, error);
      return;
    }

  read_head (request);
  if (request->path == NULL || (request->reply->status != 200 && request->reply->status != 206))
    {
      request->memory = g_byte_array_new ();
      read_some (task);
      return;
    }

  file = g_file_new_for_path (request->path);
  if (request->reply->status == 206)
    g_file_append_to_async (file, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT, request->own,
                            opened_cb, g_object_ref (task));
  else
    g_file_replace_async (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, G_PRIORITY_DEFAULT,
                          request->own, opened_cb, g_object_ref (task));
}

static void
ask_for_rest (Request    *request,
              const char *etag)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (request->message);
  g_autoptr (GFile) file = g_file_new_for_path (request->path);
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *range = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                            NULL);
  if (etag == NULL || info == NULL || g_file_info_get_size (info) <= 0)
    return;

  request->offset = (guint64) g_file_info_get_size (info);
  range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", request->offset);
  soup_message_headers_replace (headers, "Range", range);
  soup_message_headers_replace (headers, "If-Range", etag);
}

static void
set_body (Request    *request,
          const char *method,
          GBytes     *body)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (body, &length);

  /* A file may be Zstandard, and is to stay that. */
  if (strcmp (method, "PUT") == 0)
    {
      soup_message_set_request_body_from_bytes (request->message, "application/octet-stream",
                                                body);
      return;
    }
  if (alm_zstd_is_packed (data, length))
    soup_message_headers_replace (soup_message_get_request_headers (request->message),
                                  "Content-Encoding", "zstd");
  soup_message_set_request_body_from_bytes (request->message, "application/json", body);
}

static void
set_headers (AlmHttpClient *self,
             SoupMessage   *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_COLLECT_METRICS);
  soup_message_headers_replace (headers, "Accept-Encoding", "zstd");
  if (self->token == NULL)
    return;

  bearer = g_strconcat ("Bearer ", self->token, NULL);
  soup_message_headers_replace (headers, "Authorization", bearer);
}

void
alm_http_client_send_async (AlmHttpClient       *self,
                            const char          *method,
                            const char          *path,
                            GBytes              *body,
                            const char          *file,
                            const char          *etag,
                            guint                timeout_s,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *uri = g_strconcat (self->address, path, NULL);
  Request *request = g_new0 (Request, 1);

  g_return_if_fail (ALM_IS_HTTP_CLIENT (self));
  g_return_if_fail (path[0] == '/');

  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request->reply = g_new0 (AlmHttpReply, 1);
  request->own = g_cancellable_new ();
  request->path = g_strdup (file);
  request->timeout_s = timeout_s;
  request->message = soup_message_new (method, uri);
  if (request->message == NULL)
    {
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_ADDRESS,
                               "%s is no address", uri);
      return;
    }

  set_headers (self, request->message);
  if (body != NULL)
    set_body (request, method, body);
  if (file != NULL)
    ask_for_rest (request, etag);

  if (cancellable != NULL)
    {
      request->theirs = g_object_ref (cancellable);
      request->theirs_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                  request->own, NULL);
    }
  request->timer = g_timeout_add_seconds (timeout_s, time_over_cb, request);
  soup_session_send_async (self->session, request->message, G_PRIORITY_DEFAULT, request->own,
                           sent_cb, g_object_ref (task));
}

AlmHttpReply *
alm_http_client_send_finish (AlmHttpClient  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
alm_http_client_finalize (GObject *object)
{
  AlmHttpClient *self = ALM_HTTP_CLIENT (object);

  g_clear_object (&self->session);
  g_free (self->address);
  g_free (self->token);

  G_OBJECT_CLASS (alm_http_client_parent_class)->finalize (object);
}

static void
alm_http_client_class_init (AlmHttpClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alm_http_client_finalize;
}

static void
alm_http_client_init (AlmHttpClient *self)
{
}

static gboolean
is_this_machine (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* The address as it is kept, or NULL with an error. */
static char *
check_address (const char  *text,
               gboolean    *local,
               GError     **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *address = NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL
      || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || (strcmp (scheme, "https") != 0 && strcmp (scheme, "http") != 0))
    {
      g_set_error (error, ALM_NET_ERROR, ALM_NET_ERROR_ADDRESS,
                   "'%s' is no address of a server", text);
      return NULL;
    }

  *local = is_this_machine (host);
  if (strcmp (scheme, "http") == 0 && !*local)
    {
      g_set_error (error, ALM_NET_ERROR, ALM_NET_ERROR_ADDRESS,
                   "'%s': without https only this machine can be asked", text);
      return NULL;
    }

  address = g_uri_to_string (uri);
  while (g_str_has_suffix (address, "/"))
    address[strlen (address) - 1] = '\0';

  return g_steal_pointer (&address);
}

AlmHttpClient *
alm_http_client_new (const char  *address,
                     GError     **error)
{
  g_autoptr (AlmHttpClient) self = g_object_new (ALM_TYPE_HTTP_CLIENT, NULL);
  gboolean local = FALSE;

  self->address = check_address (address, &local, error);
  if (self->address == NULL)
    return NULL;

  self->session = soup_session_new_with_options ("user-agent", "allmende/" ALM_VERSION,
                                                 "timeout", 0, "max-conns-per-host", 4, NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  if (local)
    soup_session_set_proxy_resolver (self->session, NULL);

  return g_steal_pointer (&self);
}

const char *
alm_http_client_get_address (AlmHttpClient *self)
{
  return self->address;
}

/* @token: (nullable) */
void
alm_http_client_set_token (AlmHttpClient *self,
                           const char    *token)
{
  char *copy = g_strdup (token);

  g_free (self->token);
  self->token = copy;
}

/* Of all requests that were answered, heads and bodies. */
void
alm_http_client_get_traffic (AlmHttpClient  *self,
                             AlmHttpTraffic *traffic)
{
  *traffic = self->traffic;
}
