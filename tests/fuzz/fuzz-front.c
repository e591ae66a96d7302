/* SPDX-License-Identifier: EUPL-1.2 */

/* What a client sends, up to where it would have to be known: it is refused with a
 * problem, or it is a request that libsoup reads as we do and whose parts are clear
 * text.  However it was cut, it is the same. */

#include "config.h"

#include "alm-front-chunks.h"
#include "alm-front-head.h"
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

/* In parts of @step bytes. */
static AlmFrontHead
read_head (const char *data,
           gsize       size,
           gsize       step)
{
  AlmFrontHead head = { 0 };
  AlmFrontHeadState state = ALM_FRONT_HEAD_MORE;

  for (gsize n = MIN (step, size); state == ALM_FRONT_HEAD_MORE; n = MIN (n + step, size))
    {
      state = alm_front_head_read (&head, data, n);
      if (n == size)
        break;
    }
  g_assert_true ((state == ALM_FRONT_HEAD_WHOLE) == (head.size > 0));
  g_assert_true ((state == ALM_FRONT_HEAD_REFUSED) == (head.status > 0));

  return head;
}

static void
compare_heads (const AlmFrontHead *a,
               const AlmFrontHead *b)
{
  g_assert_cmpuint (a->size, ==, b->size);
  g_assert_cmpuint (a->status, ==, b->status);
  g_assert_cmpstr (a->detail, ==, b->detail);
  g_assert_cmpint (a->chunked, ==, b->chunked);
  g_assert_cmpuint (a->length, ==, b->length);
}

static gssize
read_chunks (AlmFrontChunks *chunks,
             const char     *data,
             gsize           size,
             gsize           step)
{
  gssize sum = 0;

  *chunks = (AlmFrontChunks) { 0 };
  for (gsize from = 0; from < size; from += step)
    {
      gssize passed = alm_front_chunks_read (chunks, data + from, MIN (step, size - from));

      if (passed < 0)
        return -1;
      sum += passed;
    }

  return sum;
}

static void
try_chunks (const char *data,
            gsize       size)
{
  AlmFrontChunks whole;
  AlmFrontChunks parts;
  gssize passed = read_chunks (&whole, data, size, MAX (size, 1));

  g_assert_cmpint (read_chunks (&parts, data, size, 1), ==, passed);
  g_assert_cmpint (parts.state, ==, whole.state);
  g_assert_cmpint (passed, <=, size);
  g_assert_true ((whole.state == ALM_FRONT_CHUNKS_BROKEN) == (passed < 0));
  if (whole.state == ALM_FRONT_CHUNKS_DONE)
    g_assert_true (passed >= 5 && memcmp (data + passed - 4, "\r\n\r\n", 4) == 0);
}

static void
count_cb (const char *name,
          const char *value,
          gpointer    user_data)
{
  guint *count = user_data;

  (*count)++;
}

/* libsoup reads the same out of it. */
static void
check_headers (const AlmFrontHead *head,
               const char         *data,
               SoupMessageHeaders *headers,
               SoupHTTPVersion     version)
{
  guint lines = 0;
  guint count = 0;

  g_assert_cmpstr (soup_message_headers_get_list (headers, "Host"), ==,
                   soup_message_headers_get_one (headers, "Host"));
  /* It takes away what HTTP/1.0 calls the connection's. */
  if (version == SOUP_HTTP_1_0 && soup_message_headers_get_one (headers, "Connection") != NULL)
    return;

  for (gsize i = 0; i < head->size; i++)
    lines += data[i] == '\n';
  soup_message_headers_foreach (headers, count_cb, &count);
  g_assert_cmpuint (count, ==, lines - 2);
  g_assert_cmpint (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED, ==,
                   head->chunked);
  g_assert_cmpint (soup_message_headers_get_content_length (headers), ==, head->length);
  g_assert_true (head->length <= ALM_HUB_BODY_MAX);
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
make_uri (const char         *path,
          SoupMessageHeaders *headers)
{
  const char *host = soup_message_headers_get_one (headers, "Host");
  g_autofree char *text = g_strconcat ("http://", host != NULL ? host : "host", path, NULL);

  return g_uri_parse (*path == '/' ? text : path, SOUP_HTTP_URI_FLAGS, NULL);
}

static void
try_head (const AlmFrontHead *head,
          const char         *data)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *method = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GUri) uri = NULL;
  SoupHTTPVersion version;
  AlmHubReply *problem;
  const char *told;
  guint status = soup_headers_parse_request (data, (int) head->size - 2, headers, &method, &path,
                                             &version);

  g_assert_true (status == SOUP_STATUS_OK || status == SOUP_STATUS_EXPECTATION_FAILED);
  if (status == SOUP_STATUS_OK)
    {
      check_headers (head, data, headers, version);
      uri = make_uri (path, headers);
      g_assert_true (uri != NULL && g_uri_get_host (uri) != NULL);

      told = alm_front_find_told (headers);
      g_assert_true (told == NULL || strlen (told) <= 45);
      alm_front_takes_zstd (headers);
      problem = alm_front_judge_headers (headers);
      if (problem != NULL)
        check_refusal (problem);
      else
        try_request (method, uri, headers);
    }
  soup_message_headers_unref (headers);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = (const char *) data;
  AlmFrontHead head = read_head (text, size, MAX (size, 1));
  AlmFrontHead parts = read_head (text, size, 1);

  compare_heads (&head, &parts);
  if (head.status > 0)
    {
      g_assert_true (head.status >= 400 && head.status < 500);
      check_refusal (alm_hub_reply_problem (head.status, head.code, "%s", head.detail));
    }
  if (head.size > 0)
    {
      try_head (&head, text);
      if (head.chunked)
        try_chunks (text + head.size, size - head.size);
    }

  return 0;
}
