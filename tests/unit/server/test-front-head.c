/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-front-head.h"

#include <string.h>

#define GET  "GET / HTTP/1.1\r\n"
#define HOST "Host: x\r\n"
#define END  "\r\n"

static AlmFrontHeadState
judge (AlmFrontHead *head,
       const char   *text,
       gsize         size)
{
  *head = (AlmFrontHead) { 0 };

  return alm_front_head_read (head, text, size);
}

/* @status of @text at once, and of @text that comes in two parts, cut anywhere. */
static void
check (const char *text,
       gsize       size,
       guint       status)
{
  for (gsize cut = 0; cut <= size; cut += MAX (size / 200, 1))
    {
      AlmFrontHead head;
      AlmFrontHeadState state = judge (&head, text, cut);

      if (state == ALM_FRONT_HEAD_MORE)
        state = alm_front_head_read (&head, text, size);
      g_assert_cmpuint (head.status, ==, status);
      g_assert_cmpint (state, ==, status == 0 ? ALM_FRONT_HEAD_WHOLE : ALM_FRONT_HEAD_REFUSED);
      g_assert_true (status == 0 || (head.code != NULL && head.detail != NULL));
      g_assert_true (status != 0 || (head.size > 0 && head.size <= size));
    }
}

static void
test_sound (void)
{
  static const char *const texts[] = {
    GET HOST END, "GET / HTTP/1.0\r\n\r\n", "get /?a=b&c=%20 HTTP/1.1\r\nHOST:x\r\n\r\n",
    "M-SEARCH /a:b@c;d,e~f HTTP/1.1\r\nHost: \t x.example:65535 \t\r\n\r\n",
    "GET HTTP://x.example:80 HTTP/1.1\r\n" HOST END, "GET http://[::1]?x HTTP/1.1\r\n" HOST END,
    GET "Host: [2001:db8::192.0.2.1]\r\n\r\n", GET "Host: a_b-c.:1\r\n\r\n",
    GET HOST "A:\r\nB: \t\r\nC: \xc3\xb6 \xff\t!\"\r\nA: again\r\n\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check (texts[i], strlen (texts[i]), 0);
}

static void
test_first_line (void)
{
  static const char *const texts[] = {
    "\r\n", "\n", " GET / HTTP/1.1\r\n", "GET\r\n", "GET /\r\n", "GET / \r\n", "GET  HTTP/1.1\r\n",
    "GET / HTTP/1.2\r\n", "GET / HTTP/1.10\r\n", "GET / HTTP/2.0\r\n", "GET / http/1.1\r\n",
    "GET / HTTP/1.1 \r\n", "GET /  HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\n", "G:T / HTTP/1.1\r\n",
    " / HTTP/1.1\r\n", "GET * HTTP/1.1\r\n", "GET x HTTP/1.1\r\n", "GET x:80 HTTP/1.1\r\n",
    "GET https://x/ HTTP/1.1\r\n", "GET http:///x HTTP/1.1\r\n", "GET http:// HTTP/1.1\r\n",
    "GET http://a@b/ HTTP/1.1\r\n", "GET http://[/ HTTP/1.1\r\n", "GET http://[]/ HTTP/1.1\r\n",
    "GET http://[1]/ HTTP/1.1\r\n", "GET http://[::1/ HTTP/1.1\r\n", "GET http://x: HTTP/1.1\r\n",
    "GET http://x:65536/ HTTP/1.1\r\n", "GET /%2 HTTP/1.1\r\n", "GET /%g0 HTTP/1.1\r\n",
    "GET /% HTTP/1.1\r\n", "GET /\\ HTTP/1.1\r\n", "GET /\x80 HTTP/1.1\r\n", "GET /\" HTTP/1.1\r\n",
    "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\r\n", "GET /\rx HTTP/1.1\r\n", "GET /\x01",
    "\x16\x03\x01",
    "GETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check (texts[i], strlen (texts[i]), 400);
  check (GET "\0", sizeof GET, 400);
}

static void
test_headers (void)
{
  static const char *const texts[] = {
    GET END, GET "Host: x\n\r\n", GET HOST "\n", GET HOST "A\r\n", GET HOST ": x\r\n",
    GET HOST "A : x\r\n", GET HOST "A\t: x\r\n", GET HOST "A b: x\r\n", GET HOST "\xc3\xa4: x\r\n",
    GET HOST " A: x\r\n", GET HOST "\tA: x\r\n", GET HOST "A: x\r\n y\r\n", GET HOST "A: x\ry\r\n",
    GET HOST "A: \x01\r\n", GET HOST "A: \x7f\r\n", GET HOST HOST, GET HOST "host: y\r\n",
    GET "Host:\r\n", GET "Host: a b\r\n", GET "Host: a/b\r\n", GET "Host: [::1\r\n",
    GET "Host: [::1]x\r\n", GET "Host: [fe80::1%25eth0]\r\n", GET "Host: \xc3\xa4\r\n",
    GET "Host: [00000000000000000000000000000000000000000000000::1]\r\n",
    GET "Host: x:\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check (texts[i], strlen (texts[i]), 400);
}

static void
test_length (void)
{
  static const struct {
    const char *text;
    guint       status;
    guint64     length;
    gboolean    chunked;
  } cases[] = {
    { "", 0, 0, FALSE },
    { "Content-Length: 0\r\n", 0, 0, FALSE },
    { "content-length:007\r\n", 0, 7, FALSE },
    { "Content-Length: 8388608\r\n", 0, 8388608, FALSE },
    { "Transfer-Encoding: Chunked \r\n", 0, 0, TRUE },
    { "Content-Length: 8388609\r\n", 413, 0, FALSE },
    { "Content-Length: 184467440737095516160\r\n", 413, 0, FALSE },
    { "Content-Length:\r\n", 400, 0, FALSE },
    { "Content-Length: +1\r\n", 400, 0, FALSE },
    { "Content-Length: -1\r\n", 400, 0, FALSE },
    { "Content-Length: 0x1\r\n", 400, 0, FALSE },
    { "Content-Length: 1, 1\r\n", 400, 0, FALSE },
    { "Content-Length: 99999999x\r\n", 400, 0, FALSE },
    { "Content-Length: 1\r\nContent-Length: 1\r\n", 400, 0, FALSE },
    { "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400, 0, FALSE },
    { "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", 400, 0, FALSE },
    { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400, 0, FALSE },
    { "Transfer-Encoding: gzip, chunked\r\n", 400, 0, FALSE },
    { "Transfer-Encoding:\r\n", 400, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (GET HOST, cases[i].text, END "body", NULL);
      AlmFrontHead head;

      check (text, strlen (text), cases[i].status);
      if (judge (&head, text, strlen (text)) != ALM_FRONT_HEAD_WHOLE)
        continue;
      g_assert_cmpuint (head.size, ==, strlen (text) - 4);
      g_assert_cmpuint (head.length, ==, cases[i].length);
      g_assert_cmpint (head.chunked, ==, cases[i].chunked);
    }
  check ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 48, 400);
}

/* Each limit, and one more. */
static void
test_limits (void)
{
  for (guint more = 0; more < 2; more++)
    {
      g_autofree char *path = g_strnfill (ALM_FRONT_TARGET_MAX - 1 + more, 'a');
      gsize room = ALM_FRONT_HEAD_MAX - strlen (GET HOST "A: \r\n" END);
      g_autofree char *value = g_strnfill (room + more, 'a');
      g_autofree char *target = g_strdup_printf ("GET /%s HTTP/1.1\r\n" HOST END, path);
      g_autofree char *size = g_strdup_printf (GET HOST "A: %s\r\n" END, value);
      g_autoptr (GString) number = g_string_new (GET HOST);

      check (target, strlen (target), more ? 414 : 0);
      check (size, strlen (size), more ? 431 : 0);
      for (guint i = 1; i < ALM_FRONT_HEADERS_MAX + more; i++)
        g_string_append (number, "A: b\r\n");
      g_string_append (number, END);
      check (number->str, number->len, more ? 431 : 0);
    }
}

/* What has no end is refused before it has one. */
static void
test_endless (void)
{
  g_autofree char *dots = g_strnfill (2 * ALM_FRONT_HEAD_MAX, '.');
  g_autofree char *path = g_strconcat ("GET /", dots, NULL);
  g_autofree char *header = g_strconcat (GET "A: ", dots, NULL);

  check (dots, strlen (dots), 400);
  check (path, strlen (path), 414);
  check (header, strlen (header), 431);
}

static void
test_end (void)
{
  AlmFrontHead head;

  g_assert_cmpint (judge (&head, GET HOST, strlen (GET HOST)), ==, ALM_FRONT_HEAD_MORE);
  alm_front_head_end (&head, 400);
  g_assert_cmpuint (head.status, ==, 400);
  g_assert_cmpstr (head.code, ==, "bad-request");
  alm_front_head_end (&head, 408);
  g_assert_cmpuint (head.status, ==, 408);
  g_assert_cmpstr (head.code, ==, "too-slow");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/front-head/sound", test_sound);
  g_test_add_func ("/server/front-head/first-line", test_first_line);
  g_test_add_func ("/server/front-head/headers", test_headers);
  g_test_add_func ("/server/front-head/length", test_length);
  g_test_add_func ("/server/front-head/limits", test_limits);
  g_test_add_func ("/server/front-head/endless", test_endless);
  g_test_add_func ("/server/front-head/end", test_end);

  return g_test_run ();
}
