/* SPDX-License-Identifier: EUPL-1.2 */

/* German words: order, folding for the search, and how far two are apart.
 *
 * Order: DIN 5007-1 ("ä" beside "a", "ß" as "ss"), numbers by value, so that
 * house number 2 stands before 10; equal texts by their bytes.
 * Folding: what people type is found whether they write "Müller", "Mueller" or
 * "Muller", "Straße", "Strasse" or "Str."; "ae", "oe", "ue" fold to one letter on
 * both sides, so a word that merely holds them still finds itself.
 * Pure; any thread. */

#include "config.h"

#include "alm-german.h"

#include <string.h>

/* Gives the letters of a text one by one, lower case, without accents. */
typedef struct
{
  const char *at;
  const char *end;
  char        pending;   /* the second letter of "ß", "æ"; 0 for none */
} Letters;

static gunichar
strip_accent (gunichar letter)
{
  gunichar base, mark;

  while (g_unichar_decompose (letter, &base, &mark) && mark != 0)
    letter = base;

  return letter;
}

/* 0 at the end. */
static gunichar
next_letter (Letters *self)
{
  gunichar letter;

  if (self->pending != 0)
    {
      letter = (guchar) self->pending;
      self->pending = 0;
      return letter;
    }

  if (self->at >= self->end)
    return 0;

  if ((guchar) *self->at < 0x80)
    return (guchar) g_ascii_tolower (*self->at++);

  letter = g_utf8_get_char_validated (self->at, self->end - self->at);
  if (letter == (gunichar) -1 || letter == (gunichar) -2)
    return (guchar) *self->at++ | 0x110000;   /* after all real letters */

  self->at = g_utf8_next_char (self->at);
  letter = strip_accent (g_unichar_tolower (letter));
  if (letter == 0xdf)         /* ß */
    {
      self->pending = 's';
      return 's';
    }
  if (letter == 0xe6)         /* æ */
    {
      self->pending = 'e';
      return 'a';
    }
  if (letter == 0xf8)         /* ø */
    return 'o';

  return letter;
}

static guint64
read_number (Letters   *self,
             gunichar  *letter)
{
  guint64 number = 0;

  for (; *letter < 0x80 && g_ascii_isdigit ((char) *letter); *letter = next_letter (self))
    number = number > G_MAXUINT64 / 16 ? number : number * 10 + (*letter - '0');

  return number;
}

/* As strcmp(). */
int
alm_german_compare (const char *a,
                    gsize       length_a,
                    const char *b,
                    gsize       length_b)
{
  Letters one = { a, a + length_a, 0 };
  Letters two = { b, b + length_b, 0 };
  gunichar x = next_letter (&one);
  gunichar y = next_letter (&two);
  int bytes;

  while (x != 0 && y != 0)
    {
      if (x < 0x80 && y < 0x80 && g_ascii_isdigit ((char) x) && g_ascii_isdigit ((char) y))
        {
          guint64 m = read_number (&one, &x);
          guint64 n = read_number (&two, &y);

          if (m != n)
            return m < n ? -1 : 1;
          continue;
        }
      if (x != y)
        return x < y ? -1 : 1;
      x = next_letter (&one);
      y = next_letter (&two);
    }
  if (x != y)
    return x < y ? -1 : 1;

  bytes = memcmp (a, b, MIN (length_a, length_b));
  if (bytes != 0)
    return bytes;

  return length_a < length_b ? -1 : length_a > length_b;
}

/* Bytes whose order is that of alm_german_compare() but for its last word, the
 * bytes of equal texts.  A number: where digits stand among the letters, then how
 * many digits it has, then these. */
void
alm_german_add_key (GByteArray *key,
                    const char *text)
{
  Letters letters = { text, text + strlen (text), 0 };
  gunichar letter = next_letter (&letters);

  while (letter != 0)
    {
      guint8 bytes[6];
      int length;

      if (letter < 0x80 && g_ascii_isdigit ((char) letter))
        {
          guint begin = key->len;

          g_byte_array_append (key, (const guint8 *) "0\0", 2);
          for (; letter < 0x80 && g_ascii_isdigit ((char) letter); letter = next_letter (&letters))
            if ((letter != '0' || key->len > begin + 2) && key->len < begin + 2 + G_MAXUINT8)
              {
                bytes[0] = (guint8) letter;
                g_byte_array_append (key, bytes, 1);
              }
          key->data[begin + 1] = (guint8) (key->len - begin - 2);
          continue;
        }

      /* What is no letter comes after all that are. */
      length = g_unichar_to_utf8 (letter, (char *) bytes);
      g_byte_array_append (key, bytes, (guint) length);
      letter = next_letter (&letters);
    }
}

static gboolean
ends_with (const GString *word,
           gsize          start,
           const char    *tail)
{
  gsize length = strlen (tail);

  return word->len - start >= length
         && memcmp (word->str + word->len - length, tail, length) == 0;
}

/* The word that begins at @start is complete. */
static void
finish_word (GString *out,
             gsize    start)
{
  if (ends_with (out, start, "strasse"))
    g_string_truncate (out, out->len - strlen ("asse"));
}

/* Words of letters and digits, folded, one blank between; (transfer full). */
char *
alm_german_fold (const char *text)
{
  Letters letters = { text, text + strlen (text), 0 };
  GString *out = g_string_new (NULL);
  gsize start = 0;
  gunichar letter;

  while ((letter = next_letter (&letters)) != 0)
    {
      gboolean inside = out->len > start;

      if (letter > 0x10ffff || !g_unichar_isalnum (letter))
        {
          if (inside)
            {
              finish_word (out, start);
              g_string_append_c (out, ' ');
              start = out->len;
            }
          continue;
        }

      if (letter == 'e' && inside && strchr ("aou", out->str[out->len - 1]) != NULL)
        continue;

      g_string_append_unichar (out, letter);
    }
  finish_word (out, start);
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

#define WORD_MAX 48

/* How many letters must be changed, left out, put in or swapped with their
 * neighbour to make @a from @b (optimal string alignment); with @prefix from
 * some beginning of @b.  More than @limit is told as @limit + 1.  Bytes: the
 * words are folded, so nearly all letters are one. */
guint
alm_german_distance (const char *a,
                     const char *b,
                     gboolean    prefix,
                     guint       limit)
{
  gsize m = strlen (a);
  gsize n = strlen (b);
  guint rows[3][WORD_MAX + 1];
  guint best;

  if (m > WORD_MAX || n > WORD_MAX || m > n + limit || (!prefix && n > m + limit))
    return limit + 1;

  /* Longer beginnings than this only cost more. */
  n = MIN (n, m + limit);
  for (gsize j = 0; j <= n; j++)
    rows[0][j] = (guint) j;

  for (gsize i = 1; i <= m; i++)
    {
      guint *now = rows[i % 3];
      guint *before = rows[(i + 2) % 3];
      guint *two_before = rows[(i + 1) % 3];
      guint least = now[0] = (guint) i;

      for (gsize j = 1; j <= n; j++)
        {
          guint cost = before[j - 1] + (a[i - 1] != b[j - 1]);

          cost = MIN (cost, MIN (before[j], now[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            cost = MIN (cost, two_before[j - 2] + 1);
          now[j] = cost;
          least = MIN (least, cost);
        }
      if (least > limit)
        return limit + 1;
    }

  best = rows[m % 3][n];
  for (gsize j = 0; prefix && j < n; j++)
    best = MIN (best, rows[m % 3][j]);

  return MIN (best, limit + 1);
}
