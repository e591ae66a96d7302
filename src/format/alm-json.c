/* SPDX-License-Identifier: EUPL-1.2 */

/* The one strict reader of JSON (RFC 8259).
 *
 * json-glib and SQLite read the same bytes differently (doubled keys, numbers
 * out of range, escapes of U+0000, comments), so neither may be the judge of
 * what came from outside: what a command says must be the same on a desk and
 * on the server.  This reader takes nothing that is not JSON, and builds the
 * values at once, so that there is no second reading.
 *
 * Refused: not UTF-8, a raw control character, a doubled key, text after the
 * value, nesting over 32.  A text with U+0000 or half a surrogate pair and a
 * number out of range are flaws of a value in an otherwise sound text.
 *
 * Pure; any thread.  Recursion ends at the depth limit. */

#include "config.h"

#include "alm-json.h"

#include "alm-format-error.h"
#include "alm-number.h"

#include <string.h>

/* A step from the whole text to the value being read. */
typedef struct
{
  const char *key;     /* NULL in a list */
  guint       index;   /* in a list */
} Step;

typedef struct
{
  const char  *start;
  const char  *at;
  const char  *end;
  guint        depth;
  GString     *scratch;
  Step         steps[ALM_JSON_DEPTH_MAX];
  guint        n_steps;
  AlmJsonFlaw *flaw;      /* NULL: a flaw is an error */
  GError     **error;
} Reader;

static AlmValue *read_value (Reader *self);

static gboolean
refuse (Reader     *self,
        const char *what)
{
  g_set_error (self->error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
               "%s at byte %" G_GSIZE_FORMAT, what, (gsize) (self->at - self->start) + 1);

  return FALSE;
}

/* Where the value being read stands, as a JSON pointer.  Printed for a flaw
 * only: most values have none. */
static char *
print_path (const Reader *self)
{
  GString *path = g_string_new (NULL);

  for (guint i = 0; i < self->n_steps; i++)
    {
      g_string_append_c (path, '/');
      if (self->steps[i].key == NULL)
        g_string_append_printf (path, "%u", self->steps[i].index);
      else
        for (const char *c = self->steps[i].key; *c != '\0'; c++)
          if (*c == '~')
            g_string_append (path, "~0");
          else if (*c == '/')
            g_string_append (path, "~1");
          else
            g_string_append_c (path, *c);
    }

  return g_string_free (path, FALSE);
}

/* Returns whether reading may go on. */
static gboolean
note_flaw (Reader     *self,
           int         code,
           const char *reason)
{
  if (self->flaw == NULL)
    {
      g_autofree char *path = print_path (self);

      g_set_error (self->error, ALM_FORMAT_ERROR, code, "%s: %s", *path != '\0' ? path : "/",
                   reason);
      return FALSE;
    }

  if (self->flaw->code == 0)
    {
      self->flaw->code = code;
      self->flaw->path = print_path (self);
      self->flaw->reason = g_strdup (reason);
    }

  return TRUE;
}

static void
skip_blanks (Reader *self)
{
  while (self->at < self->end
         && (*self->at == ' ' || *self->at == '\t' || *self->at == '\n' || *self->at == '\r'))
    self->at++;
}

static gboolean
read_word (Reader     *self,
           const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return refuse (self, "unexpected text");

  self->at += length;

  return TRUE;
}

static int
read_hex (Reader *self)
{
  int value = 0;

  if (self->end - self->at < 4)
    return -1;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (self->at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  self->at += 4;

  return value;
}

/* After "\u".  *@bad is set where the text cannot be kept. */
static gboolean
read_unicode_escape (Reader   *self,
                     gboolean *bad)
{
  int unit = read_hex (self);

  if (unit < 0)
    return refuse (self, "broken \\u escape");

  if (unit == 0)
    *bad = TRUE;
  else if (unit >= 0xdc00 && unit <= 0xdfff)
    *bad = TRUE;
  else if (unit >= 0xd800 && unit <= 0xdbff)
    {
      int second = 0;

      if (self->end - self->at >= 6 && self->at[0] == '\\' && self->at[1] == 'u')
        {
          const char *back = self->at;

          self->at += 2;
          second = read_hex (self);
          if (second < 0)
            return refuse (self, "broken \\u escape");
          if (second < 0xdc00 || second > 0xdfff)
            self->at = back;
        }
      if (second >= 0xdc00 && second <= 0xdfff)
        g_string_append_unichar (self->scratch,
                                 (gunichar) (0x10000 + ((unit - 0xd800) << 10)
                                             + (second - 0xdc00)));
      else
        *bad = TRUE;
    }
  else
    g_string_append_unichar (self->scratch, (gunichar) unit);

  return TRUE;
}

static gboolean
read_escape (Reader   *self,
             gboolean *bad)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (self->at >= self->end)
    return refuse (self, "text ends in the middle");

  if (*self->at == 'u')
    {
      self->at++;
      return read_unicode_escape (self, bad);
    }

  found = *self->at != '\0' ? strchr (from, *self->at) : NULL;
  if (found == NULL)
    return refuse (self, "unknown escape");

  g_string_append_c (self->scratch, to[found - from]);
  self->at++;

  return TRUE;
}

/* Reads a text into the scratch; the whole input is known to be UTF-8. */
static gboolean
read_text (Reader   *self,
           gboolean *bad)
{
  *bad = FALSE;
  g_string_truncate (self->scratch, 0);
  self->at++;

  for (;;)
    {
      const char *run = self->at;

      while (self->at < self->end && (guint8) *self->at >= 0x20
             && *self->at != '"' && *self->at != '\\')
        self->at++;
      g_string_append_len (self->scratch, run, self->at - run);

      if (self->at >= self->end)
        return refuse (self, "text ends in the middle");
      if ((guint8) *self->at < 0x20)
        return refuse (self, "control character in a text");

      if (*self->at++ == '"')
        return TRUE;
      if (!read_escape (self, bad))
        return FALSE;
    }
}

static AlmValue *
read_number (Reader *self)
{
  const char *start = self->at;
  gboolean whole = TRUE;
  char buffer[20];
  double number;
  gsize length;

  if (self->at < self->end && *self->at == '-')
    self->at++;
  if (self->at >= self->end || !g_ascii_isdigit (*self->at))
    return refuse (self, "unexpected character"), NULL;
  if (*self->at == '0' && self->end - self->at > 1 && g_ascii_isdigit (self->at[1]))
    return refuse (self, "number with a leading zero"), NULL;
  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;

  if (self->at < self->end && *self->at == '.')
    {
      whole = FALSE;
      self->at++;
      if (self->at >= self->end || !g_ascii_isdigit (*self->at))
        return refuse (self, "broken number"), NULL;
      while (self->at < self->end && g_ascii_isdigit (*self->at))
        self->at++;
    }
  if (self->at < self->end && (*self->at == 'e' || *self->at == 'E'))
    {
      whole = FALSE;
      self->at++;
      if (self->at < self->end && (*self->at == '+' || *self->at == '-'))
        self->at++;
      if (self->at >= self->end || !g_ascii_isdigit (*self->at))
        return refuse (self, "broken number"), NULL;
      while (self->at < self->end && g_ascii_isdigit (*self->at))
        self->at++;
    }

  length = (gsize) (self->at - start);
  if (whole && length <= 17)
    {
      gint64 integer;

      memcpy (buffer, start, length);
      buffer[length] = '\0';
      integer = g_ascii_strtoll (buffer, NULL, 10);
      if (ABS (integer) <= ALM_VALUE_INTEGER_MAX)
        return alm_value_new_integer (integer);
    }
  else if (!whole && alm_number_parse (start, length, &number))
    return alm_value_new_double (number);

  return note_flaw (self, ALM_FORMAT_ERROR_BAD_VALUE, "number out of range")
         ? alm_value_new_null () : NULL;
}

/* The key just read, in NFC. */
static char *
take_key (Reader *self)
{
  for (gsize i = 0; i < self->scratch->len; i++)
    if ((guint8) self->scratch->str[i] >= 0xcc)
      return g_utf8_normalize (self->scratch->str, (gssize) self->scratch->len, G_NORMALIZE_NFC);

  return g_strndup (self->scratch->str, self->scratch->len);
}

/* A key that cannot be kept takes its member with it. */
static gboolean
read_member (Reader   *self,
             AlmValue *object)
{
  g_autofree char *key = NULL;
  AlmValue *member;
  gboolean bad;

  skip_blanks (self);
  if (self->at >= self->end || *self->at != '"')
    return refuse (self, "key expected");
  if (!read_text (self, &bad))
    return FALSE;
  key = take_key (self);
  if (bad && !note_flaw (self, ALM_FORMAT_ERROR_BAD_TEXT, "a key that cannot be kept"))
    return FALSE;

  skip_blanks (self);
  if (self->at >= self->end || *self->at != ':')
    return refuse (self, "':' expected");
  self->at++;

  self->steps[self->n_steps++] = (Step) { .key = key };
  member = read_value (self);
  self->n_steps--;
  if (member == NULL)
    return FALSE;

  if (bad)
    alm_value_unref (member);
  else
    alm_value_add_member (object, g_steal_pointer (&key), member);

  return TRUE;
}

static gboolean
close_object (Reader   *self,
              AlmValue *object)
{
  const char *doubled = alm_value_sort_members (object);
  g_autofree char *shown = NULL;

  if (doubled == NULL)
    return TRUE;

  shown = g_utf8_substring (doubled, 0, MIN (g_utf8_strlen (doubled, -1), 60));
  g_set_error (self->error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
               "doubled key \"%s\"", shown);

  return FALSE;
}

static gboolean
read_item (Reader   *self,
           AlmValue *list)
{
  AlmValue *item;

  self->steps[self->n_steps++] = (Step) { .index = alm_value_get_size (list) };
  item = read_value (self);
  self->n_steps--;
  if (item == NULL)
    return FALSE;

  alm_value_append (list, item);

  return TRUE;
}

/* A list or an object. */
static AlmValue *
read_container (Reader   *self,
                gboolean  is_object)
{
  g_autoptr (AlmValue) value = is_object ? alm_value_new_object () : alm_value_new_list ();
  char close = is_object ? '}' : ']';

  if (++self->depth > ALM_JSON_DEPTH_MAX)
    return refuse (self, "nested too deeply"), NULL;

  self->at++;
  skip_blanks (self);
  if (self->at < self->end && *self->at == close)
    {
      self->at++;
      self->depth--;
      return g_steal_pointer (&value);
    }

  for (;;)
    {
      if (!(is_object ? read_member (self, value) : read_item (self, value)))
        return NULL;

      skip_blanks (self);
      if (self->at < self->end && *self->at == close)
        {
          self->at++;
          self->depth--;
          return !is_object || close_object (self, value) ? g_steal_pointer (&value) : NULL;
        }
      if (self->at >= self->end || *self->at != ',')
        return refuse (self, is_object ? "',' or '}' expected" : "',' or ']' expected"), NULL;
      self->at++;
    }
}

static AlmValue *
read_value (Reader *self)
{
  gboolean bad;

  skip_blanks (self);
  if (self->at >= self->end)
    return refuse (self, "value expected"), NULL;

  switch (*self->at)
    {
    case '{':
    case '[':
      return read_container (self, *self->at == '{');

    case '"':
      if (!read_text (self, &bad))
        return NULL;
      if (bad)
        return note_flaw (self, ALM_FORMAT_ERROR_BAD_TEXT,
                          "a text with U+0000 or half a surrogate pair")
               ? alm_value_new_null () : NULL;
      return alm_value_new_text_len (self->scratch->str, self->scratch->len);

    case 't':
      return read_word (self, "true") ? alm_value_new_boolean (TRUE) : NULL;

    case 'f':
      return read_word (self, "false") ? alm_value_new_boolean (FALSE) : NULL;

    case 'n':
      return read_word (self, "null") ? alm_value_new_null () : NULL;

    default:
      return read_number (self);
    }
}

/**
 * alm_json_parse:
 * @text: the bytes
 * @length: how many, or -1 if NUL-terminated
 * @flaw: (out) (optional): where a value could not be kept; zeroed before.
 *   Without it a flaw is an error.
 *
 * Reads one JSON value and nothing else.
 *
 * Returns: (transfer full): the value, or %NULL with %ALM_FORMAT_ERROR
 */
AlmValue *
alm_json_parse (const char   *text,
                gssize        length,
                AlmJsonFlaw  *flaw,
                GError      **error)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  g_autoptr (AlmValue) value = NULL;
  const char *bad;
  Reader reader;

  g_return_val_if_fail (text != NULL, NULL);

  if (length < 0)
    length = (gssize) strlen (text);
  if (flaw != NULL)
    *flaw = (AlmJsonFlaw) { 0 };

  reader = (Reader) {
    .start = text, .at = text, .end = text + length, .scratch = scratch,
    .flaw = flaw, .error = error,
  };

  if (!g_utf8_validate_len (text, (gsize) length, &bad))
    {
      reader.at = bad;
      refuse (&reader, *bad == '\0' ? "NUL" : "not UTF-8");
      return NULL;
    }

  value = read_value (&reader);
  if (value == NULL)
    return NULL;

  skip_blanks (&reader);
  if (reader.at != reader.end)
    {
      refuse (&reader, "text after the value");
      return NULL;
    }

  return g_steal_pointer (&value);
}

void
alm_json_flaw_clear (AlmJsonFlaw *flaw)
{
  g_clear_pointer (&flaw->path, g_free);
  g_clear_pointer (&flaw->reason, g_free);
  flaw->code = 0;
}
