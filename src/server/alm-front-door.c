/* SPDX-License-Identifier: EUPL-1.2 */

/* The door: each connection's first request is judged before libsoup sees a byte.
 *
 * libsoup hangs up on much that is malformed without a word, and carries out a
 * request whose head was cut.  So the head is read here, and what is none gets
 * its answer here.  There is one request to a connection: what a client sends
 * behind it is nobody's, so that nothing can be smuggled in, and nginx asks no
 * other way.
 *
 * Who is refused may still be sending; a socket that is closed over unread
 * bytes takes its answer back (RST).  So it is read off for a while first.
 *
 * Invariants:
 *   1. A guest has one source that watches its socket, and one that ends its stay.
 *   2. Nothing blocks.
 * Main thread. */

#include "config.h"

#include "alm-front-door.h"

#include "alm-front-input.h"
#include "alm-hub-core.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* Of what is read off. */
#define FAREWELL_BYTES (64 * 1024 * 1024)
#define BLOCK          (16 * 1024)
/* Where there are no descriptors left, until some may have come free. */
#define PAUSE_MS       100

struct _AlmFrontDoor
{
  AlmFrontDoorFunc  func;
  gpointer          user_data;
  guint             patience_ms;
  GPtrArray        *entrances;   /* (element-type Entrance) */
  GHashTable       *guests;      /* set of Guest */
};

/* A socket that listens. */
typedef struct
{
  AlmFrontDoor *door;
  GSocket      *socket;
  GSource      *source;
} Entrance;

/* A connection that is not libsoup's: not yet, or no longer. */
typedef struct
{
  AlmFrontDoor      *door;
  GSocketConnection *connection;
  GSource           *source;
  guint              patience;   /* source */
  AlmFrontHead       head;
  GByteArray        *bytes;      /* of the head, and what came behind it; NULL: it leaves */
  gsize              read_off;
} Guest;

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
guest_free (Guest *self)
{
  drop_source (&self->source);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_object (&self->connection);
  g_free (self);
}

static void
entrance_free (Entrance *self)
{
  drop_source (&self->source);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_free (self);
}

static void
close_guest (Guest *self)
{
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_hash_table_remove (self->door->guests, self);
}

/* The few bytes fit into the socket, into which nothing has been written. */
static void
say_problem (GSocket    *socket,
             guint       status,
             const char *code,
             const char *detail)
{
  static const struct { guint status; const char *text; } reasons[] = {
    { 400, "Bad Request" }, { 408, "Request Timeout" }, { 413, "Content Too Large" },
    { 414, "URI Too Long" }, { 431, "Request Header Fields Too Large" },
  };
  g_autoptr (AlmHubReply) problem = alm_hub_reply_problem (status, code, "%s", detail);
  g_autoptr (GString) text = g_string_new (NULL);
  guint i = 0;

  while (reasons[i].status != status)
    g_assert (++i < G_N_ELEMENTS (reasons));
  g_string_printf (text, "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                   "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                   "Connection: close\r\n\r\n%s", status, reasons[i].text, problem->type,
                   problem->body->len, problem->body->str);
  g_socket_send_with_blocking (socket, text->str, text->len, FALSE, NULL, NULL);
}

/* No more comes from here; what the other side still sends is read off. */
static void
see_off (Guest *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_socket_shutdown (g_socket_connection_get_socket (self->connection), FALSE, TRUE, NULL);
}

static void
refuse (Guest *self)
{
  say_problem (g_socket_connection_get_socket (self->connection), self->head.status,
               self->head.code, self->head.detail);
  see_off (self);
}

static Guest *receive (AlmFrontDoor *self, GSocketConnection *connection);

/* libsoup has done with it. */
static void
leave_cb (GSocketConnection *connection,
          const char        *problem,
          gpointer           user_data)
{
  AlmFrontDoor *self = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);

  if (problem == NULL && !(g_socket_condition_check (socket, G_IO_IN) & G_IO_IN))
    {
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      return;
    }
  if (problem != NULL)
    say_problem (socket, 400, "bad-request", problem);
  see_off (receive (self, connection));
}

static void
let_in (Guest *self)
{
  AlmFrontDoor *door = self->door;
  g_autoptr (GInputStream) input =
    alm_front_input_new (self->connection, g_steal_pointer (&self->bytes), &self->head, leave_cb,
                         door);
  g_autoptr (GIOStream) stream =
    g_simple_io_stream_new (input, g_io_stream_get_output_stream (G_IO_STREAM (self->connection)));
  g_autoptr (GSocketAddress) remote =
    g_socket_connection_get_remote_address (self->connection, NULL);

  g_hash_table_remove (door->guests, self);
  /* Who has gone already has no address. */
  if (remote != NULL)
    door->func (stream, remote, door->user_data);
}

/* FALSE: the guest is gone. */
static gboolean
take (Guest      *self,
      const char *data,
      gssize      size)
{
  if (self->bytes == NULL)
    {
      self->read_off += (gsize) MAX (size, 0);
      if (size > 0 && self->read_off < FAREWELL_BYTES)
        return TRUE;
      close_guest (self);
      return FALSE;
    }
  if (size <= 0)
    {
      /* Who has said nothing is owed nothing. */
      if (size < 0 || self->bytes->len == 0)
        {
          close_guest (self);
          return FALSE;
        }
      alm_front_head_end (&self->head, 400);
      refuse (self);
      return TRUE;
    }

  g_byte_array_append (self->bytes, (const guint8 *) data, (guint) size);
  switch (alm_front_head_read (&self->head, (const char *) self->bytes->data, self->bytes->len))
    {
    case ALM_FRONT_HEAD_WHOLE:
      let_in (self);
      return FALSE;
    case ALM_FRONT_HEAD_REFUSED:
      refuse (self);
      return TRUE;
    case ALM_FRONT_HEAD_MORE:
    default:
      return TRUE;
    }
}

/* A block at a time, so that others have their turn. */
static gboolean
readable_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  Guest *self = user_data;
  char block[BLOCK];
  g_autoptr (GError) error = NULL;
  gssize size = g_socket_receive_with_blocking (socket, block, sizeof block, FALSE, NULL, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    take (self, block, size);

  return G_SOURCE_CONTINUE;
}

/* Who had begun to ask is told so, and has as long again to hear it. */
static gboolean
lose_patience_cb (gpointer data)
{
  Guest *self = data;

  if (self->bytes != NULL && self->bytes->len > 0)
    {
      alm_front_head_end (&self->head, 408);
      refuse (self);
      return G_SOURCE_CONTINUE;
    }
  self->patience = 0;
  close_guest (self);

  return G_SOURCE_REMOVE;
}

static Guest *
receive (AlmFrontDoor      *self,
         GSocketConnection *connection)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->door = self;
  guest->connection = g_object_ref (connection);
  guest->bytes = g_byte_array_new ();
  guest->patience = g_timeout_add (self->patience_ms, lose_patience_cb, guest);
  guest->source = g_socket_create_source (g_socket_connection_get_socket (connection), G_IO_IN,
                                          NULL);
  g_source_set_callback (guest->source, G_SOURCE_FUNC (readable_cb), guest, NULL);
  g_source_attach (guest->source, NULL);
  g_hash_table_add (self->guests, guest);

  return guest;
}

static void watch (Entrance *self);

static gboolean
watch_again_cb (gpointer data)
{
  watch (data);

  return G_SOURCE_REMOVE;
}

/* There is no descriptor for another one: looking at once again would only be busy. */
static void
pause_for_a_while (Entrance *self)
{
  drop_source (&self->source);
  self->source = g_timeout_source_new (PAUSE_MS);
  g_source_set_callback (self->source, watch_again_cb, self, NULL);
  g_source_attach (self->source, NULL);
}

static gboolean
accept_cb (GSocket      *socket,
           GIOCondition  condition,
           gpointer      user_data)
{
  Entrance *self = user_data;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);

  if (accepted == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        pause_for_a_while (self);
      return G_SOURCE_CONTINUE;
    }

  if (g_socket_get_family (accepted) != G_SOCKET_FAMILY_UNIX)
    g_socket_set_option (accepted, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  connection = g_socket_connection_factory_create_connection (accepted);
  receive (self->door, connection);

  return G_SOURCE_CONTINUE;
}

static void
watch (Entrance *self)
{
  drop_source (&self->source);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->source, NULL);
}

AlmFrontDoor *
alm_front_door_new (guint             patience_ms,
                    AlmFrontDoorFunc  func,
                    gpointer          user_data)
{
  AlmFrontDoor *self = g_new0 (AlmFrontDoor, 1);

  self->func = func;
  self->user_data = user_data;
  self->patience_ms = patience_ms;
  self->entrances = g_ptr_array_new_with_free_func ((GDestroyNotify) entrance_free);
  self->guests = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) guest_free, NULL);

  return self;
}

void
alm_front_door_free (AlmFrontDoor *self)
{
  g_ptr_array_unref (self->entrances);
  g_hash_table_unref (self->guests);
  g_free (self);
}

void
alm_front_door_open (AlmFrontDoor *self,
                     GSocket      *socket)
{
  Entrance *entrance = g_new0 (Entrance, 1);

  entrance->door = self;
  entrance->socket = g_object_ref (socket);
  g_socket_set_blocking (socket, FALSE);
  watch (entrance);
  g_ptr_array_add (self->entrances, entrance);
}
