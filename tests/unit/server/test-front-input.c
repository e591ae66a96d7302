/* SPDX-License-Identifier: EUPL-1.2 */

/* One request out of a socket, and how the socket is given back. */

#include "config.h"

#include "alm-front-input.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD "POST / HTTP/1.1\r\nHost: x\r\n"

typedef struct
{
  GSocketConnection *here;
  int                there;
  GInputStream      *input;
  guint              left;      /* times that the connection was given back */
  char              *problem;   /* that it was given back with */
} Fixture;

static void
leave_cb (GSocketConnection *connection,
          const char        *problem,
          gpointer           user_data)
{
  Fixture *f = user_data;

  g_assert_true (connection == f->here);
  f->left++;
  f->problem = g_strdup (problem);
}

/* @first came with the head. */
static void
set_up (Fixture    *f,
        const char *first)
{
  AlmFrontHead head = { 0 };
  g_autoptr (GSocket) socket = NULL;
  GByteArray *bytes = g_byte_array_new ();
  int pair[2];

  *f = (Fixture) { 0 };
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  socket = g_socket_new_from_fd (pair[0], NULL);
  f->there = pair[1];
  f->here = g_socket_connection_factory_create_connection (socket);
  g_byte_array_append (bytes, (const guint8 *) first, (guint) strlen (first));
  g_assert_cmpint (alm_front_head_read (&head, first, strlen (first)), ==, ALM_FRONT_HEAD_WHOLE);
  f->input = alm_front_input_new (f->here, bytes, &head, leave_cb, f);
}

static void
tear_down (Fixture *f)
{
  g_assert_finalize_object (f->input);
  g_assert_cmpuint (f->left, ==, 1);
  g_assert_finalize_object (f->here);
  close (f->there);
  g_free (f->problem);
}

static void
send_text (Fixture    *f,
           const char *text)
{
  g_assert_cmpint (write (f->there, text, strlen (text)), ==, strlen (text));
}

/* What is read in steps of @step until it would block (or ends, or fails). */
static char *
read_all (Fixture *f,
          gsize    step,
          int     *code)
{
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (f->input);
  gssize got;

  do
    {
      gboolean readable = g_pollable_input_stream_is_readable (input);
      char buffer[64];

      got = g_pollable_input_stream_read_nonblocking (input, buffer, step, NULL, &error);
      g_assert_cmpint (readable, ==, !g_error_matches (error, G_IO_ERROR,
                                                       G_IO_ERROR_WOULD_BLOCK));
      g_string_append_len (text, buffer, MAX (got, 0));
    }
  while (got > 0);
  *code = error != NULL ? error->code : -1;

  return g_string_free (text, FALSE);
}

static void
expect (Fixture    *f,
        const char *text,
        int         code)
{
  int seen;
  g_autofree char *got = read_all (f, 7, &seen);

  g_assert_cmpstr (got, ==, text);
  g_assert_cmpint (seen, ==, code);
}

static void
test_a_body_and_no_more (void)
{
  const char *head = HEAD "Content-Length: 5\r\n\r\n";
  g_autofree char *first = g_strconcat (head, "ab", NULL);
  Fixture f;

  set_up (&f, first);
  expect (&f, first, G_IO_ERROR_WOULD_BLOCK);
  send_text (&f, "c");
  expect (&f, "c", G_IO_ERROR_WOULD_BLOCK);
  send_text (&f, "deGET / HTTP/1.1\r\n");
  expect (&f, "de", -1);
  expect (&f, "", -1);
  g_assert_cmpuint (f.left, ==, 0);
  tear_down (&f);
  g_assert_null (f.problem);
}

static void
test_none_and_no_more (void)
{
  Fixture f;

  set_up (&f, HEAD "\r\nGET / HTTP/1.1\r\n");
  expect (&f, HEAD "\r\n", -1);
  g_assert_true (g_input_stream_close (f.input, NULL, NULL));
  g_assert_cmpuint (f.left, ==, 1);
  expect (&f, "", -1);
  tear_down (&f);
}

static void
test_chunks_and_no_more (void)
{
  const char *head = HEAD "Transfer-Encoding: chunked\r\n\r\n";
  g_autofree char *first = g_strconcat (head, "2\r\na", NULL);
  Fixture f;

  set_up (&f, first);
  expect (&f, first, G_IO_ERROR_WOULD_BLOCK);
  send_text (&f, "b\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
  expect (&f, "b\r\n0\r\n\r\n", -1);
  tear_down (&f);
}

/* To libsoup a size that is none is the end of the body: it must not see one. */
static void
test_broken_chunks (void)
{
  Fixture f;

  set_up (&f, HEAD "Transfer-Encoding: chunked\r\n\r\n");
  send_text (&f, "2\r\nab\r\nzz\r\n\r\n");
  expect (&f, HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", G_IO_ERROR_INVALID_DATA);
  g_assert_cmpuint (f.left, ==, 1);
  g_assert_nonnull (f.problem);
  expect (&f, "", -1);
  tear_down (&f);
}

static void
test_torn (void)
{
  static const char *const heads[] = { HEAD "Transfer-Encoding: chunked\r\n\r\n0\r\n",
                                       HEAD "Content-Length: 8\r\n\r\n0\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      Fixture f;

      set_up (&f, heads[i]);
      g_assert_cmpint (shutdown (f.there, SHUT_WR), ==, 0);
      expect (&f, heads[i], G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (f.problem, ==, "The body has no end");
      tear_down (&f);
    }
}

static gboolean
count_cb (GObject *stream,
          gpointer user_data)
{
  guint *count = user_data;

  (*count)++;

  return G_SOURCE_REMOVE;
}

static void
wait_until_readable (Fixture *f)
{
  guint count = 0;
  g_autoptr (GSource) source =
    g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (f->input), NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (count_cb), &count, NULL);
  g_source_attach (source, NULL);
  while (count == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Its source fires for what came with the head, for what comes later, and at the end. */
static void
test_source (void)
{
  Fixture f;

  set_up (&f, HEAD "Content-Length: 1\r\n\r\n");
  wait_until_readable (&f);
  expect (&f, HEAD "Content-Length: 1\r\n\r\n", G_IO_ERROR_WOULD_BLOCK);
  send_text (&f, "a");
  wait_until_readable (&f);
  expect (&f, "a", -1);
  wait_until_readable (&f);
  tear_down (&f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/front-input/length", test_a_body_and_no_more);
  g_test_add_func ("/server/front-input/none", test_none_and_no_more);
  g_test_add_func ("/server/front-input/chunks", test_chunks_and_no_more);
  g_test_add_func ("/server/front-input/broken", test_broken_chunks);
  g_test_add_func ("/server/front-input/torn", test_torn);
  g_test_add_func ("/server/front-input/source", test_source);

  return g_test_run ();
}
