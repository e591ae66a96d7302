/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a request's head is HTTP, and HTTP that can be read in one way only.
 *
 * Strict where RFC 9112 leaves a choice: lines end with CR LF, one blank stands
 * between the parts of the first, a header is one line, and what says how long
 * the body is stands there once.  Nobody who speaks to this server needs more,
 * and each liberty is one that another reader might take otherwise.
 *
 * Invariants:
 *   1. What is accepted, libsoup accepts too, and reads the same out of it.
 *   2. A verdict does not depend on how the bytes were cut.
 * Pure; any thread. */

#include "config.h"

#include "alm-front-head.h"

#include "alm-hub-core.h"

#include <string.h>

#define METHOD_MAX 32
#define REQUEST_LINE_MAX   (METHOD_MAX + 1 + ALM_FRONT_TARGET_MAX + 1 + 8)

enum { HOST = 1 << 0, LENGTH = 1 << 1, CODING = 1 << 2 };

/* Bytes that are not copied. */
typedef struct
{
  const char *data;
  gsize       size;
} Span;

static gboolean
refuse (AlmFrontHead *self,
        guint         status,
        const char   *detail)
{
  self->status = status;
  self->code = status == 400 ? "bad-request" : status == 408 ? "too-slow" : "too-large";
  self->detail = detail;

  return FALSE;
}

static gboolean
is_of (char        c,
       const char *set)
{
  return c != '\0' && strchr (set, c) != NULL;
}

static gboolean
is_token (char c)
{
  return g_ascii_isalnum (c) || is_of (c, "!#$%&'*+-.^_`|~");
}

/* RFC 3986: unreserved and sub-delims, in which a percent sign leads two digits. */
static gboolean
is_uri_part (Span        text,
             const char *more)
{
  for (gsize i = 0; i < text.size; i++)
    {
      char c = text.data[i];

      if (c == '%')
        {
          if (text.size - i < 3 || !g_ascii_isxdigit (text.data[i + 1])
              || !g_ascii_isxdigit (text.data[i + 2]))
            return FALSE;
          i += 2;
        }
      else if (!g_ascii_isalnum (c) && !is_of (c, "-._~!$&'()*+,;=") && !is_of (c, more))
        return FALSE;
    }

  return TRUE;
}

/* What stands before the port: "name", "192.0.2.1" or "[2001:db8::1]"; 0: none. */
static gsize
measure_name (Span text)
{
  char address[48];
  gsize n = 0;

  if (text.size == 0 || *text.data != '[')
    {
      while (n < text.size && (g_ascii_isalnum (text.data[n]) || is_of (text.data[n], ".-_")))
        n++;
      return n;
    }

  for (n = 1; n < text.size && text.data[n] != ']'; n++)
    if (n == sizeof address || !(g_ascii_isxdigit (text.data[n]) || is_of (text.data[n], ":.")))
      return 0;
  if (n == text.size)
    return 0;
  memcpy (address, text.data + 1, n - 1);
  address[n - 1] = '\0';

  return strchr (address, ':') != NULL && g_hostname_is_ip_address (address) ? n + 1 : 0;
}

static gboolean
is_host (Span text)
{
  gsize name = measure_name (text);
  guint port = 0;

  if (name == 0 || name == text.size)
    return name > 0;
  if (text.data[name] != ':' || text.size - name < 2 || text.size - name > 6)
    return FALSE;

  for (gsize i = name + 1; i < text.size; i++)
    {
      if (!g_ascii_isdigit (text.data[i]))
        return FALSE;
      port = port * 10 + (guint) (text.data[i] - '0');
    }

  return port <= G_MAXUINT16;
}

/* "/path?query", or the same with "http://host" before it (RFC 9112, 3.2). */
static gboolean
is_target (Span text)
{
  const char *scheme = "http://";
  gsize host = strlen (scheme);
  gsize path = host;

  if (text.size > 0 && *text.data == '/')
    return is_uri_part (text, ":@/?");

  if (text.size < host || g_ascii_strncasecmp (text.data, scheme, host) != 0)
    return FALSE;
  while (path < text.size && text.data[path] != '/' && text.data[path] != '?')
    path++;

  return is_host ((Span) { text.data + host, path - host })
         && is_uri_part ((Span) { text.data + path, text.size - path }, ":@/?");
}

static gboolean
take_request_line (AlmFrontHead *self,
                   Span          line)
{
  static const char *const versions[] = { "HTTP/1.0", "HTTP/1.1" };
  const char *end = line.data + line.size;
  const char *target = line.data;
  const char *version;
  gsize length;

  while (target < end && is_token (*target))
    target++;
  if (target == line.data || target == end || *target != ' '
      || target - line.data > METHOD_MAX)
    return refuse (self, 400, "The first line is no request");
  target++;
  version = memchr (target, ' ', (gsize) (end - target));
  if (version == NULL)
    return refuse (self, 400, "The first line is no request");
  length = (gsize) (version - target);
  if (length > ALM_FRONT_TARGET_MAX)
    return refuse (self, 414, "The path is over 8 KiB");
  if (!is_target ((Span) { target, length }))
    return refuse (self, 400, "The path is none");

  version++;
  self->old = end - version == 8 && strncmp (version, versions[0], 8) == 0;
  if (!self->old && (end - version != 8 || strncmp (version, versions[1], 8) != 0))
    return refuse (self, 400, "Only HTTP/1.0 and HTTP/1.1 are spoken here");

  return TRUE;
}

static gboolean
take_length (AlmFrontHead *self,
             Span          value)
{
  if (value.size == 0)
    return refuse (self, 400, "\"Content-Length\" is no number");

  for (gsize i = 0; i < value.size; i++)
    {
      if (!g_ascii_isdigit (value.data[i]))
        return refuse (self, 400, "\"Content-Length\" is no number");
      /* No more than that it is too much need be known of it. */
      if (self->length <= ALM_HUB_BODY_MAX)
        self->length = self->length * 10 + (guint64) (value.data[i] - '0');
    }

  return TRUE;
}

/* The headers that say where the request ends and whom it is for. */
static gboolean
take_single (AlmFrontHead *self,
             Span          name,
             Span          value)
{
  static const char *const names[] = { "Host", "Content-Length", "Transfer-Encoding", NULL };
  guint i = 0;

  while (names[i] != NULL && (strlen (names[i]) != name.size
                              || g_ascii_strncasecmp (names[i], name.data, name.size) != 0))
    i++;
  if (names[i] == NULL)
    return TRUE;
  if (self->single & (1u << i))
    return refuse (self, 400, "A header stands there twice");

  self->single |= 1u << i;
  switch (1u << i)
    {
    case HOST:
      return is_host (value) || refuse (self, 400, "\"Host\" is none");
    case LENGTH:
      return take_length (self, value);
    default:
      self->chunked = value.size == 7 && g_ascii_strncasecmp (value.data, "chunked", 7) == 0;
      return self->chunked || refuse (self, 400, "A body may come in chunks, and no otherwise");
    }
}

static gboolean
take_header (AlmFrontHead *self,
             Span          line)
{
  const char *colon = memchr (line.data, ':', line.size);
  Span name = { line.data, 0 };
  Span value;

  if (self->n_lines - 1 > ALM_FRONT_HEADERS_MAX)
    return refuse (self, 431, "There are over 100 headers");
  if (*line.data == ' ' || *line.data == '\t')
    return refuse (self, 400, "A header goes on in a second line");
  while (name.size < line.size && is_token (line.data[name.size]))
    name.size++;
  if (name.size == 0 || name.data + name.size != colon)
    return refuse (self, 400, "A header has no name");

  value.data = colon + 1;
  value.size = line.size - name.size - 1;
  while (value.size > 0 && (*value.data == ' ' || *value.data == '\t'))
    value.data++, value.size--;
  while (value.size > 0
         && (value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t'))
    value.size--;

  return take_single (self, name, value);
}

/* Framing that two readers could understand in two ways is none (RFC 9112, 6.3). */
static gboolean
take_end (AlmFrontHead *self)
{
  if (!self->old && !(self->single & HOST))
    return refuse (self, 400, "\"Host\" is missing");
  if (self->chunked && (self->old || self->single & LENGTH))
    return refuse (self, 400, "The length of the body is not clear");
  if (self->length > ALM_HUB_BODY_MAX)
    return refuse (self, 413, "The body is over 8 MiB");

  self->size = self->seen + 1;

  return TRUE;
}

static gboolean
take_line (AlmFrontHead *self,
           Span          line)
{
  if (self->n_lines++ == 0)
    return take_request_line (self, line);
  if (line.size > 0)
    return take_header (self, line);

  return take_end (self);
}

/* The byte at `seen`, which ends no line. */
static gboolean
take_byte (AlmFrontHead *self,
           const char   *data)
{
  char c = data[self->seen];
  gsize length = self->seen - self->line;

  if (length > 0 && data[self->seen - 1] == '\r')
    return refuse (self, 400, "A line ends with half an end");
  if (g_ascii_iscntrl (c) && c != '\t' && c != '\r')
    return refuse (self, 400, "There are bytes that are no text");
  /* A path that never ends need not be waited for. */
  if (self->n_lines == 0 && length > REQUEST_LINE_MAX)
    return memchr (data, ' ', METHOD_MAX + 1) != NULL
      ? refuse (self, 414, "The path is over 8 KiB")
      : refuse (self, 400, "The first line is no request");

  return TRUE;
}

AlmFrontHeadState
alm_front_head_read (AlmFrontHead *self,
                     const char   *data,
                     gsize         size)
{
  for (; self->status == 0 && self->size == 0 && self->seen < size; self->seen++)
    {
      if (self->seen == ALM_FRONT_HEAD_MAX)
        refuse (self, 431, "The headers are over 32 KiB");
      else if (data[self->seen] != '\n')
        take_byte (self, data);
      else if (self->seen == self->line || data[self->seen - 1] != '\r')
        refuse (self, 400, "A line ends with half an end");
      else
        {
          take_line (self, (Span) { data + self->line, self->seen - 1 - self->line });
          self->line = self->seen + 1;
        }
    }

  return self->status != 0 ? ALM_FRONT_HEAD_REFUSED
         : self->size != 0 ? ALM_FRONT_HEAD_WHOLE : ALM_FRONT_HEAD_MORE;
}

void
alm_front_head_end (AlmFrontHead *self,
                    guint         status)
{
  refuse (self, status, status == 408 ? "The headers did not come in time"
                                      : "The headers have no end");
}
