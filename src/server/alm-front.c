/* SPDX-License-Identifier: EUPL-1.2 */

/* The front: libsoup's server with limits of our own.
 *
 * libsoup sees what the door lets in: a head that is sound, and a body whose
 * length is clear.  It keeps whatever body it is sent and has no time-outs, so
 * the bytes are counted as they come and not kept beyond the limit, and a
 * client that takes too long loses its connection.
 * Main thread; nothing here parses a body or touches a file. */

#include "config.h"

#include "alm-front.h"

#include "alm-front-door.h"
#include "alm-front-request.h"
#include "alm-listen.h"

#include <libsoup/soup.h>
#include <string.h>

/* To send a head, and a whole request. */
#define PATIENCE_S 30
/* What is over the limit is read off for a while, so that the client hears why. */
#define PATIENCE_BYTES (64 * 1024 * 1024)
/* Of all bodies that are just being read together. */
#define KEPT_MAX (256 * 1024 * 1024)
#define CALL_KEY "alm-call"

struct _AlmFront
{
  SoupServer     *server;
  AlmFrontDoor   *door;
  GSocketAddress *here;      /* what libsoup takes for the name of this end */
  AlmFrontFunc    func;
  gpointer        user_data;
  gboolean        trust_front;
  gboolean        stopped;
  guint           waiting;
  gsize           kept;      /* bytes of bodies that are being read */
};

struct _AlmFrontCall
{
  AlmFront          *front;
  SoupServerMessage *message;    /* borrowed, until the call is handed out */
  GByteArray        *body;
  AlmHubReply       *problem;    /* found in the headers or while reading */
  gsize              seen;       /* bytes of the body, kept or not */
  guint              patience;   /* source */
};

static void
drop_body (AlmFrontCall *self)
{
  if (self->body != NULL)
    self->front->kept -= self->body->len;
  g_clear_pointer (&self->body, g_byte_array_unref);
}

static void
call_free (AlmFrontCall *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  drop_body (self);
  g_clear_pointer (&self->problem, alm_hub_reply_free);
  g_free (self);
}

static gboolean
hang_up_cb (gpointer data)
{
  SoupServerMessage *message = data;
  g_autoptr (GIOStream) connection = soup_server_message_steal_connection (message);

  if (connection != NULL)
    g_io_stream_close (connection, NULL, NULL);

  return G_SOURCE_REMOVE;
}

/* Closes the connection, whatever the client still wants to send: shutting the
 * socket down would leave it sending into a window that nobody empties.  Not
 * from inside libsoup's reading. */
static void
hang_up (SoupServerMessage *message)
{
  soup_server_message_pause (message);
  g_idle_add_full (G_PRIORITY_HIGH, hang_up_cb, g_object_ref (message), g_object_unref);
}

static gboolean
lose_patience_cb (gpointer data)
{
  AlmFrontCall *self = data;

  self->patience = 0;
  hang_up (self->message);

  return G_SOURCE_REMOVE;
}

static void
request_started_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  AlmFrontCall *call = g_new0 (AlmFrontCall, 1);

  call->front = user_data;
  call->message = message;
  call->patience = g_timeout_add_seconds (PATIENCE_S, lose_patience_cb, call);
  g_object_set_data_full (G_OBJECT (message), CALL_KEY, call, (GDestroyNotify) call_free);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           user_data)
{
  AlmFrontCall *call = user_data;
  gsize size = g_bytes_get_size (chunk);

  call->seen += size;
  if (call->seen > PATIENCE_BYTES)
    {
      if (call->seen - size <= PATIENCE_BYTES)
        hang_up (message);
      return;
    }
  if (call->problem == NULL && call->seen > ALM_HUB_BODY_MAX)
    call->problem = alm_hub_reply_problem (413, "too-large", "The body is over 8 MiB");
  else if (call->problem == NULL && call->front->kept + size > KEPT_MAX)
    {
      call->problem = alm_hub_reply_problem (503, "busy", "Too much at once; try again");
      call->problem->retry_after_s = 5;
    }
  if (call->problem != NULL)
    {
      drop_body (call);
      return;
    }

  if (call->body == NULL)
    call->body = g_byte_array_new ();
  g_byte_array_append (call->body, g_bytes_get_data (chunk, NULL), (guint) size);
  call->front->kept += size;
}

/* The file is mapped, not read: libsoup sends the range that was asked for.
 * FALSE: it has gone since it was found, and the answer says so. */
static gboolean
answer_with_file (SoupServerMessage *message,
                  const AlmHubReply *reply)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *condition = soup_message_headers_get_one (asked, "If-Range");
  GMappedFile *file = g_mapped_file_new (reply->file.path, FALSE, NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (file == NULL)
    {
      soup_server_message_set_status (message, 404, NULL);
      return FALSE;
    }
  bytes = g_mapped_file_get_bytes (file);
  g_mapped_file_unref (file);

  /* The rest of another file is of no use (RFC 9110, 13.1.5). */
  if (condition != NULL && strcmp (condition, reply->file.etag) != 0)
    soup_message_headers_remove (asked, "Range");
  soup_message_headers_replace (headers, "ETag", reply->file.etag);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_set_content_type (headers, reply->type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);

  return TRUE;
}

static void
answer (SoupServerMessage *message,
        const AlmHubReply *reply,
        gboolean           packed)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, reply->status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (reply->retry_after_s > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", reply->retry_after_s);

      soup_message_headers_replace (headers, "Retry-After", seconds);
    }
  if (reply->upload_offset >= 0)
    {
      g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, reply->upload_offset);

      soup_message_headers_replace (headers, "Upload-Offset", offset);
    }
  if (packed)
    soup_message_headers_replace (headers, "Content-Encoding", "zstd");
  if (reply->type != NULL)
    soup_message_headers_append (headers, "Vary", "Accept-Encoding");
  if (reply->status == 401)
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  soup_message_headers_replace (headers, "Connection", "close");

  if (reply->file.path != NULL && answer_with_file (message, reply))
    return;
  if (reply->type != NULL)
    soup_server_message_set_response (message, reply->type, SOUP_MEMORY_COPY, reply->body->str,
                                      reply->body->len);
  else if (reply->status != 204)
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "", 0);
}

/* The headers are there, the body is not. */
static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  AlmFrontCall *call = g_object_get_data (G_OBJECT (message), CALL_KEY);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  g_assert (call != NULL);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), call);

  call->problem = alm_front_judge_headers (headers);
  /* Who asks first whether to send the body at all is told not to. */
  if (call->problem != NULL)
    answer (message, call->problem, FALSE);
}

/* Whose address it is: nginx says so through the Unix socket, or where it is
 * trusted; any other client could say anything. */
static char *
find_remote (const AlmFront    *self,
             SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *told = alm_front_find_told (headers);
  GSocketAddress *address = soup_server_message_get_remote_address (message);
  gboolean local = address == NULL || !G_IS_INET_SOCKET_ADDRESS (address);

  if (told != NULL && (local || self->trust_front))
    return g_strdup (told);

  return local ? NULL : g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* NULL: the path is no text. */
static AlmHubRequest *
make_request (AlmFrontCall *call,
              gboolean     *packed)
{
  SoupServerMessage *message = call->message;
  AlmHubRequest *request =
    alm_front_make_request (soup_server_message_get_method (message),
                            soup_server_message_get_uri (message),
                            soup_server_message_get_request_headers (message), packed);

  if (request == NULL)
    return NULL;

  request->remote = find_remote (call->front, message);
  if (call->body != NULL)
    {
      call->front->kept -= call->body->len;
      request->body = g_byte_array_free_to_bytes (g_steal_pointer (&call->body));
    }

  return request;
}

/* The request is there as a whole. */
static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  AlmFrontCall *call = g_object_get_data (G_OBJECT (message), CALL_KEY);
  AlmFront *self = user_data;
  AlmHubRequest *request = NULL;
  gboolean packed = FALSE;

  g_clear_handle_id (&call->patience, g_source_remove);
  if (call->problem == NULL && self->stopped)
    call->problem = alm_hub_reply_problem (503, "stopping", "The server is being stopped");
  if (call->problem == NULL)
    {
      request = make_request (call, &packed);
      if (request == NULL)
        call->problem = alm_hub_reply_problem (400, "bad-request", "The path is no text");
    }
  if (call->problem != NULL)
    {
      answer (message, call->problem, FALSE);
      return;
    }

  self->waiting++;
  g_object_ref (message);
  soup_server_message_pause (message);
  self->func (call, request, packed, self->user_data);
}

gboolean
alm_front_call_takes_zstd (AlmFrontCall *call)
{
  return alm_front_takes_zstd (soup_server_message_get_request_headers (call->message));
}

void
alm_front_reply (AlmFrontCall      *call,
                 const AlmHubReply *reply,
                 gboolean           packed)
{
  SoupServerMessage *message = call->message;

  call->front->waiting--;
  answer (message, reply, packed);
  soup_server_message_unpause (message);
  g_object_unref (message);
}

static void
let_in_cb (GIOStream      *stream,
           GSocketAddress *remote,
           gpointer        user_data)
{
  AlmFront *self = user_data;

  /* It cannot fail: there is nothing to connect. */
  soup_server_accept_iostream (self->server, stream, self->here, remote, NULL);
}

/* @trust_front: also TCP clients may say whose request it is */
AlmFront *
alm_front_new (gboolean     trust_front,
               AlmFrontFunc func,
               gpointer     user_data)
{
  AlmFront *self = g_new0 (AlmFront, 1);

  self->func = func;
  self->user_data = user_data;
  self->trust_front = trust_front;
  self->door = alm_front_door_new (PATIENCE_S * 1000, let_in_cb, self);
  /* Only a request of HTTP/1.0 without a host is named after it. */
  self->here = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  self->server = soup_server_new ("server-header", "allmende", NULL);
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), self);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);

  return self;
}

void
alm_front_free (AlmFront *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  alm_front_door_free (self->door);
  g_object_unref (self->here);
  g_free (self);
}

gboolean
alm_front_listen (AlmFront    *self,
                  const char  *address,
                  char       **url,
                  GError     **error)
{
  g_autoptr (GSocket) socket = alm_listen_open (address, url, error);

  if (socket == NULL)
    return FALSE;
  alm_front_door_open (self->door, socket);

  return TRUE;
}

/* New requests are turned away; those that wait are still answered. */
void
alm_front_stop (AlmFront *self)
{
  self->stopped = TRUE;
}

guint
alm_front_get_waiting (AlmFront *self)
{
  return self->waiting;
}
