/* SPDX-License-Identifier: EUPL-1.2 */

/* A request's line and headers, before anybody has looked at who sent them.
 *
 * Pure; any thread. */

#include "config.h"

#include "alm-front-request.h"

#include <string.h>

AlmHubReply *
alm_front_judge_headers (SoupMessageHeaders *headers)
{
  const char *coding = soup_message_headers_get_list (headers, "Content-Encoding");

  if (coding == NULL || g_ascii_strcasecmp (coding, "zstd") == 0
      || g_ascii_strcasecmp (coding, "identity") == 0)
    return NULL;

  return alm_hub_reply_problem (415, "bad-encoding", "The body may be plain or zstd");
}

/* The longest address there is, IPv6 with IPv4 in it, has 45 characters. */
const char *
alm_front_find_told (SoupMessageHeaders *headers)
{
  const char *told = soup_message_headers_get_one (headers, "X-Real-IP");

  return told != NULL && strlen (told) <= 45 ? told : NULL;
}

AlmHubRequest *
alm_front_make_request (const char         *method,
                        GUri               *uri,
                        SoupMessageHeaders *headers,
                        gboolean           *packed)
{
  const char *coding = soup_message_headers_get_one (headers, "Content-Encoding");
  g_autofree char *path = g_uri_unescape_string (g_uri_get_path (uri), NULL);
  AlmHubRequest *request;

  if (path == NULL || !g_utf8_validate (path, -1, NULL))
    return NULL;

  request = alm_hub_request_new (method, path);
  request->query = g_strdup (g_uri_get_query (uri));
  request->authorization = g_strdup (soup_message_headers_get_list (headers, "Authorization"));
  *packed = coding != NULL && g_ascii_strcasecmp (coding, "zstd") == 0;

  return request;
}

gboolean
alm_front_takes_zstd (SoupMessageHeaders *headers)
{
  const char *accepted = soup_message_headers_get_list (headers, "Accept-Encoding");

  return accepted != NULL && soup_header_contains (accepted, "zstd");
}
