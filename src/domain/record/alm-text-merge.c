/* SPDX-License-Identifier: EUPL-1.2 */

/* Merges two changes of one text by words.
 *
 * Words are letters and digits, with - ' ’ between letters; every other sign is
 * a token of its own.  White space belongs to the token after it and takes no
 * part in the comparison: as tokens of their own, blanks would make two
 * insertions at one place look like two places.
 *
 * The comparison is Myers' (An O(ND) Difference Algorithm and Its Variations,
 * 1986), the merge diff3 as Khanna, Kunal and Pierce describe it (A Formal
 * Investigation of Diff3, 2007).  Pure and the same on every machine, so that
 * desk and server decide alike.  Any thread. */

#include "config.h"

#include "alm-text-merge.h"

#include <string.h>

/* More changed words than this are not one text any more; keeps time and memory
 * (most² numbers) bounded for any input. */
#define CHANGES_MAX 3000

static gboolean
is_joiner (gunichar c)
{
  return c == '-' || c == '\'' || c == 0x2019;
}

static const char *
skip_word (const char *at)
{
  gunichar c = g_utf8_get_char (at);

  if (!g_unichar_isalnum (c))
    return g_utf8_next_char (at);

  for (;;)
    {
      const char *next;
      gboolean letter = g_unichar_isalpha (c) || g_unichar_ismark (c);

      at = g_utf8_next_char (at);
      c = *at != '\0' ? g_utf8_get_char (at) : 0;
      if (c != 0 && (g_unichar_isalnum (c) || g_unichar_ismark (c)))
        continue;
      if (c == 0 || !letter || !is_joiner (c))
        return at;

      next = g_utf8_next_char (at);
      if (*next == '\0' || !g_unichar_isalpha (g_utf8_get_char (next)))
        return at;
    }
}

static guint32
number_word (GHashTable *words,
             const char *start,
             const char *end)
{
  g_autofree char *word = g_strndup (start, (gsize) (end - start));
  guint32 number = GPOINTER_TO_UINT (g_hash_table_lookup (words, word));

  if (number == 0)
    {
      number = g_hash_table_size (words) + 1;
      g_hash_table_insert (words, g_steal_pointer (&word), GUINT_TO_POINTER (number));
    }

  return number;
}

GArray *
alm_tokenize (const char *text,
              GHashTable *words)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (AlmToken));
  const char *at = text;

  for (;;)
    {
      AlmToken token = { .blank = (guint32) (at - text) };
      const char *end;

      while (*at != '\0' && g_unichar_isspace (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      token.start = token.end = (guint32) (at - text);
      if (*at == '\0')
        {
          g_array_append_val (tokens, token);
          return tokens;
        }

      end = skip_word (at);
      token.end = (guint32) (end - text);
      token.word = number_word (words, at, end);
      g_array_append_val (tokens, token);
      at = end;
    }
}

static guint32
word_at (const GArray *tokens,
         int           index)
{
  return g_array_index (tokens, AlmToken, index).word;
}

/* Follows the furthest points of each number of changes back to the start.
 * trace: for d = 0, 1, … the furthest x on the diagonals −d … d. */
static void
trace_back (const GArray *trace,
            int           first,
            int           n,
            int           m,
            int          *partners)
{
  int x = n;
  int y = m;

  for (int d = (int) trace->len - 1; d > 0; d--)
    {
      const int *before = g_array_index (trace, int *, d - 1);
      int k = x - y;
      gboolean down = k == -d || (k != d && before[k - 1 + d - 1] < before[k + 1 + d - 1]);
      int previous_k = down ? k + 1 : k - 1;
      int previous_x = before[previous_k + d - 1];
      int previous_y = previous_x - previous_k;

      while (x > previous_x && y > previous_y)
        {
          x--;
          y--;
          partners[first + x] = first + y;
        }
      x = previous_x;
      y = previous_y;
    }
  while (x > 0 && y > 0)
    {
      x--;
      y--;
      partners[first + x] = first + y;
    }
}

static void
free_row (gpointer row)
{
  g_free (*(int **) row);
}

/* The part between the common beginning and end: n tokens of a, m of b. */
static gboolean
diff_middle (const GArray *a,
             const GArray *b,
             int           first,
             int           n,
             int           m,
             guint         most,
             int          *partners)
{
  g_autoptr (GArray) trace = g_array_new (FALSE, FALSE, sizeof (int *));

  g_array_set_clear_func (trace, free_row);
  for (int d = 0; d <= (int) most; d++)
    {
      const int *before = d > 0 ? g_array_index (trace, int *, d - 1) : NULL;
      int *row = g_new (int, 2 * d + 1);

      g_array_append_val (trace, row);
      for (int k = -d; k <= d; k += 2)
        {
          int x, y;

          if (d == 0)
            x = 0;
          else if (k == -d || (k != d && before[k - 1 + d - 1] < before[k + 1 + d - 1]))
            x = before[k + 1 + d - 1];
          else
            x = before[k - 1 + d - 1] + 1;
          y = x - k;
          while (x < n && y < m && word_at (a, first + x) == word_at (b, first + y))
            {
              x++;
              y++;
            }
          row[k + d] = x;
          if (x >= n && y >= m)
            {
              trace_back (trace, first, n, m, partners);
              return TRUE;
            }
        }
    }

  return FALSE;
}

int *
alm_diff (const GArray *a,
          const GArray *b,
          guint         most)
{
  int n = (int) a->len;
  int m = (int) b->len;
  int first = 0;
  int same_end = 0;
  g_autofree int *partners = g_new (int, MAX (n, 1));

  for (int i = 0; i < n; i++)
    partners[i] = -1;

  /* The ends of both texts are partners in any case. */
  while (same_end < n && same_end < m
         && word_at (a, n - 1 - same_end) == word_at (b, m - 1 - same_end))
    {
      partners[n - 1 - same_end] = m - 1 - same_end;
      same_end++;
    }
  while (first < n - same_end && first < m - same_end
         && word_at (a, first) == word_at (b, first))
    {
      partners[first] = first;
      first++;
    }

  if (!diff_middle (a, b, first, n - same_end - first, m - same_end - first, most, partners))
    return NULL;

  return g_steal_pointer (&partners);
}

/* A text with its tokens and where the merge stands in it. */
typedef struct
{
  const char *text;
  GArray     *tokens;
  int         at;
} Side;

static char *
blank_before (const Side *side)
{
  const AlmToken *token = &g_array_index (side->tokens, AlmToken, side->at);

  return g_strndup (side->text + token->blank, token->start - token->blank);
}

/* A token that all three have; of its white space the changed one is taken. */
static gboolean
append_stable (const Side *base,
               const Side *theirs,
               const Side *mine,
               GString    *out)
{
  g_autofree char *base_blank = blank_before (base);
  g_autofree char *their_blank = blank_before (theirs);
  g_autofree char *my_blank = blank_before (mine);
  const AlmToken *token = &g_array_index (base->tokens, AlmToken, base->at);

  if (strcmp (base_blank, their_blank) == 0)
    g_string_append (out, my_blank);
  else if (strcmp (base_blank, my_blank) == 0 || strcmp (their_blank, my_blank) == 0)
    g_string_append (out, their_blank);
  else
    return FALSE;

  g_string_append_len (out, base->text + token->start, token->end - token->start);

  return TRUE;
}

static char *
take_run (const Side *side,
          int         end)
{
  const AlmToken *first = &g_array_index (side->tokens, AlmToken, side->at);
  const AlmToken *last = &g_array_index (side->tokens, AlmToken, end - 1);

  return side->at < end ? g_strndup (side->text + first->blank, last->end - first->blank)
                        : g_strdup ("");
}

/* A run that at least one side has changed, if only its white space. */
static gboolean
append_changed (const Side *base,
                const Side *theirs,
                const Side *mine,
                const int  *ends,
                GString    *out)
{
  g_autofree char *base_run = take_run (base, ends[0]);
  g_autofree char *their_run = take_run (theirs, ends[1]);
  g_autofree char *my_run = take_run (mine, ends[2]);

  if (strcmp (their_run, base_run) == 0)
    g_string_append (out, my_run);
  else if (strcmp (my_run, base_run) == 0 || strcmp (my_run, their_run) == 0)
    g_string_append (out, their_run);
  else
    return FALSE;

  return TRUE;
}

static gboolean
merge_tokens (Side      *base,
              Side      *theirs,
              Side      *mine,
              const int *their_partners,
              const int *my_partners,
              GString   *out)
{
  int n = (int) base->tokens->len;

  while (base->at < n)
    {
      int ends[3];

      if (their_partners[base->at] == theirs->at && my_partners[base->at] == mine->at)
        {
          if (!append_stable (base, theirs, mine, out))
            return FALSE;
          base->at++;
          theirs->at++;
          mine->at++;
          continue;
        }

      /* Up to the next token that all three have; the end is one. */
      for (ends[0] = base->at; their_partners[ends[0]] < 0 || my_partners[ends[0]] < 0; ends[0]++)
        ;
      ends[1] = their_partners[ends[0]];
      ends[2] = my_partners[ends[0]];
      if (!append_changed (base, theirs, mine, ends, out))
        return FALSE;
      base->at = ends[0];
      theirs->at = ends[1];
      mine->at = ends[2];
    }

  return TRUE;
}

char *
alm_text_merge (const char *base,
                const char *theirs,
                const char *mine)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) base_tokens = alm_tokenize (base, words);
  g_autoptr (GArray) their_tokens = alm_tokenize (theirs, words);
  g_autoptr (GArray) my_tokens = alm_tokenize (mine, words);
  g_autofree int *their_partners = alm_diff (base_tokens, their_tokens, CHANGES_MAX);
  g_autofree int *my_partners = alm_diff (base_tokens, my_tokens, CHANGES_MAX);
  g_autoptr (GString) out = g_string_new (NULL);
  Side sides[3] = { { base, base_tokens, 0 }, { theirs, their_tokens, 0 }, { mine, my_tokens, 0 } };

  if (their_partners == NULL || my_partners == NULL
      || !merge_tokens (&sides[0], &sides[1], &sides[2], their_partners, my_partners, out))
    return NULL;

  return g_string_free (g_steal_pointer (&out), FALSE);
}
