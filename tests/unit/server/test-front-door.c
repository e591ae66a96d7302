/* SPDX-License-Identifier: EUPL-1.2 */

/* Who is let in, who is refused, and that everybody hears which. */

#include "config.h"

#include "alm-front-door.h"
#include "alm-listen.h"

#include <string.h>

#define SOUND "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
#define LONG_MS (60 * 1000)

typedef struct
{
  AlmFrontDoor *door;
  GSocket      *client;
  GPtrArray    *streams;   /* (element-type GIOStream): let in */
  GString      *heard;     /* by the client */
  gboolean      ended;     /* what it hears */
} Fixture;

static void
let_in_cb (GIOStream      *stream,
           GSocketAddress *remote,
           gpointer        user_data)
{
  Fixture *f = user_data;
  g_autofree char *address = g_inet_address_to_string (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));

  g_assert_cmpstr (address, ==, "127.0.0.1");
  g_ptr_array_add (f->streams, g_object_ref (stream));
}

static void
set_up (Fixture *f,
        guint    patience_ms)
{
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = alm_listen_open ("127.0.0.1:0", &url, &error);
  g_autoptr (GSocketAddress) address = NULL;

  g_assert_no_error (error);
  *f = (Fixture) { 0 };
  f->streams = g_ptr_array_new_with_free_func (g_object_unref);
  f->heard = g_string_new (NULL);
  f->door = alm_front_door_new (patience_ms, let_in_cb, f);
  alm_front_door_open (f->door, socket);

  address = g_socket_get_local_address (socket, &error);
  f->client = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                            G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_connect (f->client, address, NULL, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f)
{
  g_ptr_array_unref (f->streams);
  alm_front_door_free (f->door);
  g_object_unref (f->client);
  g_string_free (f->heard, TRUE);
}

/* All of @size bytes, while the door works. */
static void
say (Fixture    *f,
     const char *data,
     gsize       size)
{
  while (size > 0)
    {
      g_autoptr (GError) error = NULL;
      gssize sent = g_socket_send_with_blocking (f->client, data, size, FALSE, NULL, &error);

      if (sent < 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      data += MAX (sent, 0);
      size -= (gsize) MAX (sent, 0);
      g_main_context_iteration (NULL, sent < 0);
    }
}

static gboolean
hear_cb (GSocket      *socket,
         GIOCondition  condition,
         gpointer      user_data)
{
  Fixture *f = user_data;
  g_autoptr (GError) error = NULL;
  char buffer[512];
  gssize got = g_socket_receive (socket, buffer, sizeof buffer, NULL, &error);

  g_assert_no_error (error);
  g_string_append_len (f->heard, buffer, got);
  f->ended = got == 0;

  return got > 0;
}

/* What the client hears until the end. */
static void
hear (Fixture *f)
{
  g_autoptr (GSource) source = g_socket_create_source (f->client, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (hear_cb), f, NULL);
  g_source_attach (source, NULL);
  while (!f->ended)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_stream (Fixture *f)
{
  while (f->streams->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_let_in (void)
{
  g_autoptr (GError) error = NULL;
  char buffer[256] = "";
  GIOStream *stream;
  gsize got;
  Fixture f;

  set_up (&f, LONG_MS);
  say (&f, SOUND "abc", strlen (SOUND "abc"));
  wait_for_stream (&f);
  stream = f.streams->pdata[0];
  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (stream), buffer,
                                          sizeof buffer, &got, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (buffer, ==, SOUND "abc");
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), "answer", 6,
                                            NULL, NULL, &error));
  g_assert_true (g_io_stream_close (stream, NULL, &error));
  g_assert_no_error (error);
  hear (&f);
  g_assert_cmpstr (f.heard->str, ==, "answer");
  tear_down (&f);
}

/* An answer is heard although nobody has read what stands behind the request. */
static void
test_what_is_left_is_read_off (void)
{
  g_autofree char *more = g_strnfill (1024 * 1024, 'x');
  GIOStream *stream;
  Fixture f;

  set_up (&f, LONG_MS);
  say (&f, SOUND "abcdef", strlen (SOUND "abcdef"));
  wait_for_stream (&f);
  stream = f.streams->pdata[0];
  say (&f, more, 1000);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), "answer", 6,
                                            NULL, NULL, NULL));
  g_assert_true (g_io_stream_close (stream, NULL, NULL));
  say (&f, more, strlen (more));
  hear (&f);
  g_assert_cmpstr (f.heard->str, ==, "answer");
  tear_down (&f);
}

static void
expect_problem (Fixture    *f,
                const char *line)
{
  hear (f);
  g_test_message ("%s", f->heard->str);
  g_assert_true (g_str_has_prefix (f->heard->str, line));
  g_assert_nonnull (strstr (f->heard->str, "\r\nContent-Type: application/problem+json\r\n"));
  g_assert_nonnull (strstr (f->heard->str, "\r\nConnection: close\r\n"));
  g_assert_true (g_str_has_suffix (f->heard->str, "}\n"));
  g_assert_cmpuint (f->streams->len, ==, 0);
}

static void
test_refused (void)
{
  static const struct { const char *text; const char *line; } cases[] = {
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n" },
    { "\r\n", "HTTP/1.1 400 Bad Request\r\n" },
    { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
      "HTTP/1.1 413 Content Too Large\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f;

      set_up (&f, LONG_MS);
      say (&f, cases[i].text, strlen (cases[i].text));
      expect_problem (&f, cases[i].line);
      tear_down (&f);
    }
}

/* Still sending, it hears why nobody listens. */
static void
test_refused_while_it_sends (void)
{
  static const struct { const char *begin; const char *line; } cases[] = {
    { "GET /", "HTTP/1.1 414 URI Too Long\r\n" },
    { "GET / HTTP/1.1\r\nX: ", "HTTP/1.1 431 Request Header Fields Too Large\r\n" },
  };
  g_autofree char *more = g_strnfill (4 * 1024 * 1024, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f;

      set_up (&f, LONG_MS);
      say (&f, cases[i].begin, strlen (cases[i].begin));
      say (&f, more, strlen (more));
      expect_problem (&f, cases[i].line);
      tear_down (&f);
    }
}

static void
test_ends_too_early (void)
{
  Fixture f;

  set_up (&f, LONG_MS);
  say (&f, SOUND, strlen (SOUND) - 2);
  g_assert_true (g_socket_shutdown (f.client, FALSE, TRUE, NULL));
  expect_problem (&f, "HTTP/1.1 400 Bad Request\r\n");
  tear_down (&f);
}

static void
test_too_slow (void)
{
  Fixture f;

  set_up (&f, 20);
  say (&f, SOUND, 10);
  expect_problem (&f, "HTTP/1.1 408 Request Timeout\r\n");
  tear_down (&f);
}

/* Who says nothing, or only that it has nothing to say, hears nothing. */
static void
test_silent (void)
{
  for (guint i = 0; i < 2; i++)
    {
      Fixture f;

      set_up (&f, i == 0 ? 20 : LONG_MS);
      if (i == 1)
        g_assert_true (g_socket_shutdown (f.client, FALSE, TRUE, NULL));
      hear (&f);
      g_assert_cmpstr (f.heard->str, ==, "");
      tear_down (&f);
    }
}

/* One that is refused and stays is sent away. */
static void
test_will_not_leave (void)
{
  g_autoptr (GError) error = NULL;
  Fixture f;
  gssize sent;

  set_up (&f, 20);
  say (&f, "\r\n", 2);
  expect_problem (&f, "HTTP/1.1 400 Bad Request\r\n");
  do
    {
      g_main_context_iteration (NULL, FALSE);
      sent = g_socket_send_with_blocking (f.client, "x", 1, FALSE, NULL, &error);
    }
  while (sent == 1);
  g_assert_nonnull (error);
  tear_down (&f);
}

/* It closes while some are in the room. */
static void
test_closes (void)
{
  Fixture f;

  set_up (&f, LONG_MS);
  say (&f, SOUND, 10);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  tear_down (&f);
  g_assert_false (g_main_context_pending (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/front-door/let-in", test_let_in);
  g_test_add_func ("/server/front-door/left", test_what_is_left_is_read_off);
  g_test_add_func ("/server/front-door/refused", test_refused);
  g_test_add_func ("/server/front-door/sending", test_refused_while_it_sends);
  g_test_add_func ("/server/front-door/early-end", test_ends_too_early);
  g_test_add_func ("/server/front-door/slow", test_too_slow);
  g_test_add_func ("/server/front-door/silent", test_silent);
  g_test_add_func ("/server/front-door/stays", test_will_not_leave);
  g_test_add_func ("/server/front-door/closes", test_closes);

  return g_test_run ();
}
