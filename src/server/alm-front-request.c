/* SPDX-License-Identifier: EUPL-1.2 */

/* A request's line and headers, before anybody has looked at who sent them.
 *
 * Pure; any thread. */

#include "config.h"

#include "alm-front-request.h"

#include <string.h>

static void
count_header_cb (const char *name,
                 const char *value,
                 gpointer    user_data)
{
  static const char *const single[] = { "Host", "Content-Length", "Transfer-Encoding", NULL };
  guint *counts = user_data;

  for (guint i = 0; single[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, single[i]) == 0)
      counts[i]++;
}

/* Framing that two readers could understand in two ways is none (RFC 9112, 6.3). */
static AlmHubReply *
judge_framing (SoupMessageHeaders *headers)
{
  const char *length = soup_message_headers_get_list (headers, "Content-Length");
  const char *coding = soup_message_headers_get_list (headers, "Transfer-Encoding");
  guint counts[3] = { 0 };
  guint64 bytes = 0;

  soup_message_headers_foreach (headers, count_header_cb, counts);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > 1)
      return alm_hub_reply_problem (400, "bad-request", "A header stands there twice");

  if (coding != NULL && (length != NULL || g_ascii_strcasecmp (coding, "chunked") != 0))
    return alm_hub_reply_problem (400, "bad-request", "The length of the body is not clear");
  /* GLib lets vertical tabs stand before a number. */
  if (length != NULL
      && (strspn (length, "0123456789") != strlen (length)
          || !g_ascii_string_to_unsigned (length, 10, 0, G_MAXINT64, &bytes, NULL)))
    return alm_hub_reply_problem (400, "bad-request", "\"Content-Length\" is no number");
  if (bytes > ALM_HUB_BODY_MAX)
    return alm_hub_reply_problem (413, "too-large", "The body is over 8 MiB");

  return NULL;
}

static AlmHubReply *
judge_coding (SoupMessageHeaders *headers)
{
  const char *coding = soup_message_headers_get_list (headers, "Content-Encoding");

  if (coding == NULL || g_ascii_strcasecmp (coding, "zstd") == 0
      || g_ascii_strcasecmp (coding, "identity") == 0)
    return NULL;

  return alm_hub_reply_problem (415, "bad-encoding", "The body may be plain or zstd");
}

AlmHubReply *
alm_front_judge_headers (SoupMessageHeaders *headers)
{
  AlmHubReply *problem = judge_framing (headers);

  return problem != NULL ? problem : judge_coding (headers);
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
