/* SPDX-License-Identifier: EUPL-1.2 */

/* What libsoup reads of a connection: one request, and then the end.
 *
 * Its head has been judged, its chunks are while they pass.  Where they are none
 * or end too early the connection is taken away from libsoup, to which the body
 * would be whole: it would have the request carried out.
 * Main thread; never blocks. */

#include "config.h"

#include "alm-front-input.h"

#include "alm-front-chunks.h"

#include <string.h>

struct _AlmFrontInput
{
  GInputStream       parent_instance;

  GSocketConnection *connection;
  GByteArray        *first;      /* what was read with the head; nullable */
  gsize              used;       /* of it */
  gsize              head;       /* bytes of the head that are still to pass */
  guint64            left;       /* bytes of the body, where it is not chunked */
  gboolean           chunked;
  AlmFrontChunks     chunks;
  AlmFrontInputFunc  func;
  gpointer           user_data;
};

static void pollable_init (GPollableInputStreamInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AlmFrontInput, alm_front_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_init))

static GPollableInputStream *
get_base (AlmFrontInput *self)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));
}

static void
let_go (AlmFrontInput *self,
        const char    *problem)
{
  g_autoptr (GSocketConnection) connection = g_steal_pointer (&self->connection);

  if (connection != NULL)
    self->func (connection, problem, self->user_data);
}

static gboolean
has_ended (AlmFrontInput *self)
{
  return self->connection == NULL
         || (self->head == 0
             && (self->chunked ? self->chunks.state == ALM_FRONT_CHUNKS_DONE : self->left == 0));
}

static gssize
fetch (AlmFrontInput  *self,
       void           *buffer,
       gsize           count,
       GError        **error)
{
  gsize there = self->first != NULL ? self->first->len - self->used : 0;

  if (there == 0)
    return g_pollable_input_stream_read_nonblocking (get_base (self), buffer, count, NULL, error);

  count = MIN (count, there);
  memcpy (buffer, self->first->data + self->used, count);
  self->used += count;
  if (count == there)
    g_clear_pointer (&self->first, g_byte_array_unref);

  return (gssize) count;
}

static gssize
give_up (AlmFrontInput  *self,
         const char     *problem,
         GError        **error)
{
  let_go (self, problem);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, problem);

  return -1;
}

static gssize
alm_front_input_read (GInputStream  *stream,
                      void          *buffer,
                      gsize          count,
                      GCancellable  *cancellable,
                      GError       **error)
{
  AlmFrontInput *self = ALM_FRONT_INPUT (stream);
  gssize got;

  if (has_ended (self))
    return 0;

  /* The head passes by itself, so that what follows is all of one kind. */
  if (self->head > 0)
    count = MIN (count, self->head);
  else if (!self->chunked)
    count = (gsize) MIN (count, self->left);
  got = fetch (self, buffer, count, error);
  if (got < 0)
    return got;
  if (got == 0)
    return give_up (self, "The body has no end", error);

  if (self->head > 0)
    self->head -= (gsize) got;
  else if (!self->chunked)
    self->left -= (guint64) got;
  else
    {
      got = alm_front_chunks_read (&self->chunks, buffer, (gsize) got);
      if (got < 0)
        return give_up (self, "The body should come in chunks and does not", error);
    }

  return got;
}

static gboolean
alm_front_input_close (GInputStream  *stream,
                       GCancellable  *cancellable,
                       GError       **error)
{
  let_go (ALM_FRONT_INPUT (stream), NULL);

  return TRUE;
}

static gboolean
alm_front_input_is_readable (GPollableInputStream *stream)
{
  AlmFrontInput *self = ALM_FRONT_INPUT (stream);

  return self->first != NULL || has_ended (self)
         || g_pollable_input_stream_is_readable (get_base (self));
}

static GSource *
alm_front_input_create_source (GPollableInputStream *stream,
                               GCancellable         *cancellable)
{
  AlmFrontInput *self = ALM_FRONT_INPUT (stream);
  g_autoptr (GSource) base = self->first != NULL || has_ended (self)
    ? g_timeout_source_new (0)
    : g_pollable_input_stream_create_source (get_base (self), cancellable);
  GSource *source = g_pollable_source_new (G_OBJECT (stream));

  g_source_set_dummy_callback (base);
  g_source_add_child_source (source, base);

  return source;
}

static gssize
alm_front_input_read_nonblocking (GPollableInputStream  *stream,
                                  void                  *buffer,
                                  gsize                  count,
                                  GError               **error)
{
  return alm_front_input_read (G_INPUT_STREAM (stream), buffer, count, NULL, error);
}

static void
alm_front_input_finalize (GObject *object)
{
  AlmFrontInput *self = ALM_FRONT_INPUT (object);

  g_clear_pointer (&self->first, g_byte_array_unref);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (alm_front_input_parent_class)->finalize (object);
}

static void
pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = alm_front_input_is_readable;
  interface->create_source = alm_front_input_create_source;
  interface->read_nonblocking = alm_front_input_read_nonblocking;
}

static void
alm_front_input_class_init (AlmFrontInputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  object_class->finalize = alm_front_input_finalize;
  stream_class->read_fn = alm_front_input_read;
  stream_class->close_fn = alm_front_input_close;
}

static void
alm_front_input_init (AlmFrontInput *self)
{
}

GInputStream *
alm_front_input_new (GSocketConnection  *connection,
                     GByteArray         *bytes,
                     const AlmFrontHead *head,
                     AlmFrontInputFunc   func,
                     gpointer            user_data)
{
  AlmFrontInput *self = g_object_new (ALM_TYPE_FRONT_INPUT, NULL);

  g_return_val_if_fail (bytes->len >= head->size, NULL);

  self->connection = g_object_ref (connection);
  self->first = bytes;
  self->head = head->size;
  self->left = head->length;
  self->chunked = head->chunked;
  self->func = func;
  self->user_data = user_data;

  return G_INPUT_STREAM (self);
}
