/* SPDX-License-Identifier: EUPL-1.2 */

/* Which encoding a foreign text has, and how it becomes UTF-8.
 *
 * Invariants:
 *   1. What a decoder has handed out is valid UTF-8 without U+0000.
 *   2. The answer does not depend on where chunks were cut.
 *   3. A file that is partly UTF-8 and partly not is never read: whichever way
 *      were taken, half of its umlauts would be wrong.
 * Pure; any thread. */

#include "config.h"

#include "alm-encoding.h"

#include "alm-format-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So many sequences by chance alone do not occur in a Latin text. */
#define SEQUENCES_THAT_PROVE 3

static const struct { AlmEncoding encoding; const char *name; } names[] = {
  { ALM_ENCODING_UTF8, "UTF-8" },
  { ALM_ENCODING_LATIN1, "ISO-8859-1" },
  { ALM_ENCODING_WINDOWS, "Windows-1252" },
  { ALM_ENCODING_CP850, "CP850" },
  { ALM_ENCODING_UTF16LE, "UTF-16LE" },
  { ALM_ENCODING_UTF16BE, "UTF-16BE" },
  { ALM_ENCODING_LATIN1, "latin1" },
  { ALM_ENCODING_LATIN1, "ISO8859-1" },
  { ALM_ENCODING_WINDOWS, "CP1252" },
  { ALM_ENCODING_CP850, "IBM850" },
  { ALM_ENCODING_UTF8, "UTF8" },
};

/* 0x80 to 0x9F of Windows-1252; 0 = not printable. */
static const guint16 windows_high[32] = {
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
  0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
  0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

/* 0x80 to 0xFF of code page 850. */
static const guint16 cp850_high[128] = {
  0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7,
  0x00ea, 0x00eb, 0x00e8, 0x00ef, 0x00ee, 0x00ec, 0x00c4, 0x00c5,
  0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
  0x00ff, 0x00d6, 0x00dc, 0x00f8, 0x00a3, 0x00d8, 0x00d7, 0x0192,
  0x00e1, 0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa, 0x00ba,
  0x00bf, 0x00ae, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
  0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x00c1, 0x00c2, 0x00c0,
  0x00a9, 0x2563, 0x2551, 0x2557, 0x255d, 0x00a2, 0x00a5, 0x2510,
  0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x00e3, 0x00c3,
  0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x00a4,
  0x00f0, 0x00d0, 0x00ca, 0x00cb, 0x00c8, 0x0131, 0x00cd, 0x00ce,
  0x00cf, 0x2518, 0x250c, 0x2588, 0x2584, 0x00a6, 0x00cc, 0x2580,
  0x00d3, 0x00df, 0x00d4, 0x00d2, 0x00f5, 0x00d5, 0x00b5, 0x00fe,
  0x00de, 0x00da, 0x00db, 0x00d9, 0x00fd, 0x00dd, 0x00af, 0x00b4,
  0x00ad, 0x00b1, 0x2017, 0x00be, 0x00b6, 0x00a7, 0x00f7, 0x00b8,
  0x00b0, 0x00a8, 0x00b7, 0x00b9, 0x00b3, 0x00b2, 0x25a0, 0x00a0,
};

const char *
alm_encoding_to_text (AlmEncoding encoding)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].encoding == encoding)
      return names[i].name;

  g_assert_not_reached ();
}

gboolean
alm_encoding_from_text (const char  *text,
                        AlmEncoding *encoding)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, text) == 0)
      {
        *encoding = names[i].encoding;
        return TRUE;
      }

  return FALSE;
}

static gboolean
is_latin_letter (guint8 byte)
{
  return memchr ("\xe4\xf6\xfc\xc4\xd6\xdc\xdf", byte, 7) != NULL;
}

static gboolean
is_cp850_letter (guint8 byte)
{
  return memchr ("\x84\x94\x81\x8e\x99\x9a\xe1", byte, 7) != NULL;
}

void
alm_encoding_scan_init (AlmEncodingScan *self)
{
  *self = (AlmEncodingScan) { .line = 1, .previous = '\n' };
}

/* A German letter stands between letters; a frame or an accent rarely does. */
static void
weigh_letter (AlmEncodingScan *self,
              guint8           byte)
{
  if (self->pending != 0)
    {
      gboolean beside = g_ascii_isalpha (byte) || g_ascii_isalpha (self->previous);

      if (beside && is_latin_letter (self->pending))
        self->n_latin_letters++;
      if (beside && is_cp850_letter (self->pending))
        self->n_cp850_letters++;
      self->previous = self->pending;
      self->pending = 0;
    }

  if (byte >= 0x80)
    self->pending = byte;
  else
    self->previous = byte;
}

static void
note_invalid (AlmEncodingScan *self)
{
  self->n_invalid++;
  if (self->invalid_line == 0)
    self->invalid_line = self->line;
}

/* One byte of UTF-8, also where it is none. */
static void
follow_sequence (AlmEncodingScan *self,
                 guint8           byte)
{
  if (self->n_wanted > 0 && (byte & 0xc0) == 0x80)
    {
      self->rune = self->rune << 6 | (byte & 0x3f);
      if (++self->n_got < self->n_wanted)
        return;

      if (self->rune < (self->n_wanted == 1 ? 0x80u : self->n_wanted == 2 ? 0x800u : 0x10000u)
          || self->rune > 0x10ffff || (self->rune >= 0xd800 && self->rune < 0xe000))
        note_invalid (self);
      else
        {
          self->n_sequences++;
          if (self->sequence_line == 0)
            self->sequence_line = self->line;
        }
      self->n_wanted = 0;
      return;
    }

  if (self->n_wanted > 0)
    {
      note_invalid (self);
      self->n_wanted = 0;
    }
  self->n_got = 0;
  if (byte < 0x80)
    return;

  self->n_wanted = byte >= 0xc2 && byte < 0xe0 ? 1 : (byte & 0xf0) == 0xe0 ? 2
                   : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
  self->rune = byte & (0x3fu >> self->n_wanted);
  if (self->n_wanted == 0)
    note_invalid (self);
}

void
alm_encoding_scan_feed (AlmEncodingScan *self,
                        const char      *bytes,
                        gsize            length)
{
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) bytes[i];

      if (self->n_bytes < sizeof self->head)
        self->head[self->n_bytes] = byte;
      self->n_bytes++;

      if (byte >= 0x80 || self->n_wanted > 0)
        follow_sequence (self, byte);
      if (byte >= 0x80 && byte < 0xa0)
        {
          if (windows_high[byte - 0x80] != 0)
            self->n_windows++;
          else
            self->n_c1++;
        }
      weigh_letter (self, byte);

      if (byte == '\n')
        self->line++;
      else if (byte == 0 && self->nul_line == 0)
        self->nul_line = self->line;
    }
}

/* What a byte order mark says; FALSE if there is none. */
static gboolean
read_mark (const AlmEncodingScan *self,
           AlmEncoding           *encoding)
{
  if (self->n_bytes >= 3 && memcmp (self->head, "\xef\xbb\xbf", 3) == 0)
    *encoding = ALM_ENCODING_UTF8;
  else if (self->n_bytes >= 2 && memcmp (self->head, "\xff\xfe", 2) == 0)
    *encoding = ALM_ENCODING_UTF16LE;
  else if (self->n_bytes >= 2 && memcmp (self->head, "\xfe\xff", 2) == 0)
    *encoding = ALM_ENCODING_UTF16BE;
  else
    return FALSE;

  return TRUE;
}

static gboolean
refuse_nul (const AlmEncodingScan  *self,
            GError                **error)
{
  if (self->nul_line != 0)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("line %lu: a NUL byte, so this is no text"), (gulong) self->nul_line);

  return self->nul_line == 0;
}

/* Whether all of it is UTF-8; @error says which line is not. */
static gboolean
check_utf8 (const AlmEncodingScan  *self,
            GError                **error)
{
  guint64 mark = self->n_bytes >= 3 && memcmp (self->head, "\xef\xbb\xbf", 3) == 0;

  if (self->n_invalid == 0 && self->n_wanted == 0)
    return TRUE;

  if (self->n_invalid == 0)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("line %lu: the file ends in the middle of a letter"),
                 (gulong) self->line);
  else if (self->n_sequences - MIN (mark, self->n_sequences) >= SEQUENCES_THAT_PROVE)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("mixed encodings: line %lu is UTF-8, line %lu is not"),
                 (gulong) self->sequence_line, (gulong) self->invalid_line);
  else
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("line %lu: not UTF-8"), (gulong) self->invalid_line);

  return FALSE;
}

gboolean
alm_encoding_scan_guess (AlmEncodingScan  *self,
                         AlmEncoding      *encoding,
                         const char      **reason,
                         GError          **error)
{
  if (self->n_bytes == 0)
    {
      g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX, _("the file is empty"));
      return FALSE;
    }

  weigh_letter (self, '\n');
  if (read_mark (self, encoding))
    {
      *reason = N_("byte order mark");
      return *encoding != ALM_ENCODING_UTF8
             || (refuse_nul (self, error) && check_utf8 (self, error));
    }
  if (!refuse_nul (self, error))
    return FALSE;

  *encoding = ALM_ENCODING_UTF8;
  if (self->n_invalid == 0 && self->n_wanted == 0)
    {
      *reason = self->n_sequences > 0 ? N_("all of it is valid UTF-8") : N_("plain ASCII");
      return TRUE;
    }
  if (self->n_sequences >= SEQUENCES_THAT_PROVE)
    return check_utf8 (self, error);

  if (self->n_cp850_letters > self->n_latin_letters)
    {
      *encoding = ALM_ENCODING_CP850;
      *reason = N_("umlauts of code page 850 stand between letters");
    }
  else if (self->n_windows > 0)
    {
      *encoding = ALM_ENCODING_WINDOWS;
      *reason = N_("no UTF-8, and signs that only Windows-1252 has");
    }
  else
    {
      *encoding = ALM_ENCODING_LATIN1;
      *reason = N_("no UTF-8, umlauts of ISO-8859-1");
    }

  return TRUE;
}

gboolean
alm_encoding_scan_allows (AlmEncodingScan  *self,
                          AlmEncoding       encoding,
                          GError          **error)
{
  gboolean is_wide = encoding == ALM_ENCODING_UTF16LE || encoding == ALM_ENCODING_UTF16BE;
  AlmEncoding marked = encoding;

  if (self->n_bytes == 0)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX, _("the file is empty"));
  else if (read_mark (self, &marked) && marked != encoding)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("the file says that it is %s, not %s"), alm_encoding_to_text (marked),
                 alm_encoding_to_text (encoding));
  else if (is_wide)
    return TRUE;
  else if (!refuse_nul (self, error))
    return FALSE;
  else if (encoding == ALM_ENCODING_UTF8)
    return check_utf8 (self, error);
  else if (self->n_sequences >= SEQUENCES_THAT_PROVE)
    g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                 _("line %lu: the bytes are UTF-8, not %s"),
                 (gulong) self->sequence_line, alm_encoding_to_text (encoding));
  else
    return TRUE;

  return FALSE;
}

void
alm_decoder_init (AlmDecoder  *self,
                  AlmEncoding  encoding)
{
  *self = (AlmDecoder) { .encoding = encoding, .line = 1 };
}

static gboolean
refuse_byte (AlmDecoder  *self,
             const char  *what,
             GError     **error)
{
  g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
               _("line %lu: %s"), (gulong) self->line, what);

  return FALSE;
}

static gboolean
decode_utf8 (AlmDecoder  *self,
             const char  *bytes,
             gsize        length,
             GString     *out,
             GError     **error)
{
  const char *bad;
  gsize rest;

  /* Letter by letter until the cut one is whole. */
  while (self->n_kept > 0 && length > 0)
    {
      gunichar rune;

      self->kept[self->n_kept++] = (guint8) *bytes++;
      length--;
      rune = g_utf8_get_char_validated ((const char *) self->kept, (gssize) self->n_kept);
      if (rune == (gunichar) -2 && self->n_kept < 4)
        continue;
      if (rune >= (gunichar) -2)
        return refuse_byte (self, _("not UTF-8"), error);
      g_string_append_len (out, (const char *) self->kept, (gssize) self->n_kept);
      self->n_kept = 0;
    }

  if (!g_utf8_validate_len (bytes, length, &bad))
    {
      rest = length - (gsize) (bad - bytes);
      if (rest > 3 || *bad == '\0'
          || g_utf8_get_char_validated (bad, (gssize) rest) != (gunichar) -2)
        {
          for (const char *c = bytes; c < bad; c++)
            self->line += *c == '\n';
          return refuse_byte (self, *bad == '\0' ? _("a NUL byte, so this is no text")
                                                 : _("not UTF-8"), error);
        }
      memcpy (self->kept, bad, rest);
      self->n_kept = (guint) rest;
      length -= rest;
    }

  for (const char *c = bytes; (c = memchr (c, '\n', length - (gsize) (c - bytes))) != NULL; c++)
    self->line++;
  g_string_append_len (out, bytes, (gssize) length);

  return TRUE;
}

static gunichar
decode_byte (AlmEncoding encoding,
             guint8      byte)
{
  if (byte >= 0x80 && encoding == ALM_ENCODING_CP850)
    return cp850_high[byte - 0x80];
  if (byte >= 0x80 && byte < 0xa0 && encoding == ALM_ENCODING_WINDOWS
      && windows_high[byte - 0x80] != 0)
    return windows_high[byte - 0x80];

  return byte;
}

static gboolean
decode_bytes (AlmDecoder  *self,
              const char  *bytes,
              gsize        length,
              GString     *out,
              GError     **error)
{
  for (gsize i = 0; i < length;)
    {
      gsize run = i;

      while (run < length && (guint8) bytes[run] < 0x80 && bytes[run] != '\0')
        self->line += bytes[run++] == '\n';
      g_string_append_len (out, bytes + i, (gssize) (run - i));
      i = run;
      if (i == length)
        break;
      if (bytes[i] == '\0')
        return refuse_byte (self, _("a NUL byte, so this is no text"), error);
      g_string_append_unichar (out, decode_byte (self->encoding, (guint8) bytes[i++]));
    }

  return TRUE;
}

static gboolean
decode_units (AlmDecoder  *self,
              const char  *bytes,
              gsize        length,
              GString     *out,
              GError     **error)
{
  guint high = self->encoding == ALM_ENCODING_UTF16BE ? 0 : 1;

  for (gsize i = 0; i < length; i++)
    {
      guint unit, second;

      self->kept[self->n_kept++] = (guint8) bytes[i];
      if (self->n_kept % 2 != 0)
        continue;

      unit = (guint) self->kept[high] << 8 | self->kept[1 - high];
      second = (guint) self->kept[2 + high] << 8 | self->kept[3 - high];
      if (unit == 0)
        return refuse_byte (self, _("a NUL byte, so this is no text"), error);
      if (unit >= 0xd800 && unit < 0xdc00 && self->n_kept == 2)
        continue;
      if ((unit >= 0xdc00 && unit < 0xe000)
          || (self->n_kept == 4 && (second < 0xdc00 || second >= 0xe000)))
        return refuse_byte (self, _("half a surrogate pair"), error);

      g_string_append_unichar (out, self->n_kept == 2 ? unit
                                    : 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00));
      self->line += unit == '\n';
      self->n_kept = 0;
    }

  return TRUE;
}

gboolean
alm_decoder_feed (AlmDecoder  *self,
                  const char  *bytes,
                  gsize        length,
                  GString     *out,
                  GError     **error)
{
  gsize before = out->len;
  gboolean fine;

  switch (self->encoding)
    {
    case ALM_ENCODING_UTF8:
      fine = decode_utf8 (self, bytes, length, out, error);
      break;

    case ALM_ENCODING_UTF16LE:
    case ALM_ENCODING_UTF16BE:
      fine = decode_units (self, bytes, length, out, error);
      break;

    case ALM_ENCODING_LATIN1:
    case ALM_ENCODING_WINDOWS:
    case ALM_ENCODING_CP850:
    default:
      fine = decode_bytes (self, bytes, length, out, error);
      break;
    }

  /* The mark comes out whole, since no letter is handed out in pieces. */
  if (!self->began && out->len > before)
    {
      self->began = TRUE;
      if (strncmp (out->str + before, "\xef\xbb\xbf", 3) == 0)
        g_string_erase (out, (gssize) before, 3);
    }

  return fine;
}

gboolean
alm_decoder_finish (AlmDecoder  *self,
                    GError     **error)
{
  if (self->n_kept > 0)
    return refuse_byte (self, _("the file ends in the middle of a letter"), error);

  return TRUE;
}
