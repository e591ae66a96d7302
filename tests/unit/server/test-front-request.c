/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-front-request.h"

#include <string.h>

static SoupMessageHeaders *
read_headers (const char *text)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *whole = g_strconcat ("POST / HTTP/1.1\r\n", text, NULL);

  g_assert_true (soup_headers_parse (whole, (int) strlen (whole), headers));

  return headers;
}

static void
test_headers_are_judged (void)
{
  static const struct { const char *text; guint status; } cases[] = {
    { "Host: x\r\n", 0 },
    { "Content-Encoding: ZSTD\r\n", 0 },
    { "Content-Encoding: identity\r\n", 0 },
    { "Content-Encoding: gzip\r\n", 415 },
    { "Content-Encoding: zstd\r\nContent-Encoding: zstd\r\n", 415 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SoupMessageHeaders *headers = read_headers (cases[i].text);
      AlmHubReply *problem = alm_front_judge_headers (headers);

      g_assert_cmpuint (problem != NULL ? problem->status : 0, ==, cases[i].status);
      g_clear_pointer (&problem, alm_hub_reply_free);
      soup_message_headers_unref (headers);
    }
}

static void
test_request_of_its_parts (void)
{
  SoupMessageHeaders *headers =
    read_headers ("Authorization: Bearer abc\r\nContent-Encoding: zstd\r\n"
                  "Accept-Encoding: gzip, zstd\r\nX-Real-IP: 2001:db8::1\r\n");
  g_autoptr (GUri) uri =
    g_uri_parse ("http://h/v1/users/j%C3%B6rg?a=%26", SOUP_HTTP_URI_FLAGS, NULL);
  gboolean packed = FALSE;
  g_autoptr (AlmHubRequest) request = alm_front_make_request ("GET", uri, headers, &packed);

  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->path, ==, "/v1/users/jörg");
  g_assert_cmpstr (request->query, ==, "a=%26");
  g_assert_cmpstr (request->authorization, ==, "Bearer abc");
  g_assert_null (request->remote);
  g_assert_true (packed);
  g_assert_true (alm_front_takes_zstd (headers));
  g_assert_cmpstr (alm_front_find_told (headers), ==, "2001:db8::1");
  soup_message_headers_unref (headers);
}

static void
test_what_is_no_text_is_no_path (void)
{
  static const char *const urls[] = { "http://h/%ff", "http://h/a%00b", NULL };
  SoupMessageHeaders *headers = read_headers ("Host: h\r\n");
  gboolean packed;

  for (guint i = 0; urls[i] != NULL; i++)
    {
      g_autoptr (GUri) uri = g_uri_parse (urls[i], SOUP_HTTP_URI_FLAGS, NULL);

      g_assert_nonnull (uri);
      g_assert_null (alm_front_make_request ("GET", uri, headers, &packed));
    }
  g_assert_false (alm_front_takes_zstd (headers));
  g_assert_null (alm_front_find_told (headers));
  soup_message_headers_unref (headers);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/front-request/judged", test_headers_are_judged);
  g_test_add_func ("/server/front-request/parts", test_request_of_its_parts);
  g_test_add_func ("/server/front-request/no-text", test_what_is_no_text_is_no_path);

  return g_test_run ();
}
