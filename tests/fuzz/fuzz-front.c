/* SPDX-License-Identifier: EUPL-1.2 */

/* A request's line and headers, up to where somebody would have to be known: they are
 * refused with a problem, or they make a request whose parts are clear text. */

#include "config.h"

#include "alm-front-request.h"
#include "alm-hub-core-private.h"
#include "alm-wire.h"
#include "fuzz-target.h"

#include <string.h>

/* A refusal is one that the desk can read. */
static void
check_refusal (AlmHubReply *reply)
{
  g_auto (AlmWireProblem) problem = { 0 };

  g_assert_true (g_utf8_validate (reply->body->str, (gssize) reply->body->len, NULL));
  if (reply->status != 200)
    {
      g_assert_true (reply->status >= 400 && reply->status < 500);
      alm_wire_problem_parse (&problem, reply->body->str, reply->body->len);
      g_assert_cmpstr (problem.code, !=, "");
      g_assert_nonnull (problem.detail);
    }
  alm_hub_reply_free (reply);
}

/* What the headers promise can only be read in one way. */
static void
check_framing (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");
  const char *coding = soup_message_headers_get_list (headers, "Transfer-Encoding");

  g_assert_cmpstr (soup_message_headers_get_list (headers, "Host"), ==,
                   soup_message_headers_get_one (headers, "Host"));
  g_assert_true (length == NULL || coding == NULL);
  if (length != NULL)
    {
      g_assert_true (strspn (length, "0123456789") == strlen (length));
      g_assert_cmpint (soup_message_headers_get_content_length (headers), <=, ALM_HUB_BODY_MAX);
    }
  if (coding != NULL)
    g_assert_cmpint (soup_message_headers_get_encoding (headers), ==, SOUP_ENCODING_CHUNKED);
}

/* Asked for again by its own spelling it is the same path. */
static void
check_path (const AlmHubRequest *request)
{
  g_autofree char *escaped = g_uri_escape_string (request->path, "/", FALSE);
  g_autofree char *path = g_uri_unescape_string (escaped, NULL);

  g_assert_true (g_utf8_validate (request->path, -1, NULL));
  g_assert_cmpstr (path, ==, request->path);
}

static void
try_request (const char         *method,
             GUri               *uri,
             SoupMessageHeaders *headers)
{
  static const char *const names[] = { "scope", "after", "x" };
  gboolean packed = FALSE;
  g_autoptr (AlmHubRequest) request = alm_front_make_request (method, uri, headers, &packed);
  AlmHubReply *refusal = NULL;
  const char *coding;
  AlmHubRoute route;

  if (request == NULL)
    return;
  check_path (request);
  coding = soup_message_headers_get_list (headers, "Content-Encoding");
  g_assert_true (packed == (coding != NULL && g_ascii_strcasecmp (coding, "zstd") == 0));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = alm_hub_request_query (request, names[i]);

      g_assert_true (value == NULL || g_utf8_validate (value, -1, NULL));
    }

  route = alm_hub_route (request, &refusal);
  g_assert_true ((route == ALM_HUB_ROUTE_NONE) == (refusal != NULL));
  if (refusal != NULL)
    check_refusal (refusal);
}

/* As libsoup makes it of a request's line. */
static GUri *
make_uri (const char *path)
{
  g_autofree char *text = *path == '/' ? g_strconcat ("http://host", path, NULL)
                                       : g_strdup (path);
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL ? g_steal_pointer (&uri) : NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *method = NULL;
  g_autofree char *path = NULL;
  SoupHTTPVersion version;
  const char *told;

  if (size > 0 && size < G_MAXINT
      && soup_headers_parse_request ((const char *) data, (int) size, headers, &method, &path,
                                     &version) == SOUP_STATUS_OK)
    {
      AlmHubReply *problem = alm_front_judge_headers (headers);
      g_autoptr (GUri) uri = make_uri (path);

      told = alm_front_find_told (headers);
      g_assert_true (told == NULL || strlen (told) <= 45);
      alm_front_takes_zstd (headers);
      if (problem != NULL)
        check_refusal (problem);
      else
        {
          check_framing (headers);
          if (uri != NULL)
            try_request (method, uri, headers);
        }
    }
  soup_message_headers_unref (headers);

  return 0;
}
