/* SPDX-License-Identifier: EUPL-1.2 */

/* The vocabulary of the search, in memory: all words of letters that ever stood
 * in a record, sorted.
 *
 * It turns the beginning of a word into the words that begin so.  The index could
 * do it, too, but reads the rows of all of them before it gives the first one:
 * 45 ms where a sixth of a million rows has the word, against 1 ms.  And it has
 * the words that are near one that was mistyped (a letter wrong, missing, too
 * much or swapped).
 *
 * Words that hold a digit are not in it: there may be as many as records. */

#include "config.h"

#include "alm-desk-derived-private.h"
#include "alm-desk-erase-private.h"

#include "alm-german.h"
#include "alm-plant.h"

#include <string.h>

/* More words than this of one beginning are left to the index. */
#define BEGINNINGS_MAX 400
#define GUESSES_MAX    12
#define FARTHEST       2

/* Setting: how often words were taken away. */
#define SWEEP "words_sweep"

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Where words were taken away, the numbers of what is left say nothing. */
static gboolean
forget_swept (AlmDesk  *self,
              GError  **error)
{
  g_autofree char *text = NULL;
  gint64 sweep;

  if (!alm_desk_read_setting (self, SWEEP, &text, error))
    return FALSE;
  sweep = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
  if (sweep == self->words_sweep)
    return TRUE;

  self->words_sweep = sweep;
  self->words_version = 0;
  if (self->words != NULL)
    g_ptr_array_set_size (self->words, 0);

  return TRUE;
}

/* Reads the words that have come since. */
gboolean
alm_desk_words_load (AlmDesk  *self,
                     GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT w, word FROM search_words"
                                             " WHERE w > :w ORDER BY w");
  AlmSqlStep step;
  guint before;

  if (!forget_swept (self, error))
    return FALSE;
  if (self->words == NULL)
    self->words = g_ptr_array_new_with_free_func (g_free);

  before = self->words->len;
  alm_sql_bind_int (query, ":w", self->words_version);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      self->words_version = alm_sql_get_int (query, 0);
      g_ptr_array_add (self->words, g_strdup (alm_sql_get_text (query, 1)));
    }
  if (self->words->len > before)
    g_ptr_array_sort (self->words, compare_words);

  return step == ALM_SQL_STEP_DONE;
}

static gboolean
has_digit (const char *word)
{
  return word[strcspn (word, "0123456789")] != '\0';
}

/* Where @word stands in the vocabulary, or would stand. */
static guint
find_place (const GPtrArray *words,
            const char      *word)
{
  guint first = 0;
  guint end = words->len;

  while (first < end)
    {
      guint middle = first + (end - first) / 2;

      if (strcmp (words->pdata[middle], word) < 0)
        first = middle + 1;
      else
        end = middle;
    }

  return first;
}

/* "karlliebknechtstr" is also written in two words. */
static void
add_street (GString    *match,
            const char *word)
{
  gsize length = strlen (word);

  if (length > 5 && g_str_has_suffix (word, "str"))
    g_string_append_printf (match, " OR (\"%.*s\" AND \"str\")", (int) (length - 3), word);
}

/* The word itself; @prefix: and all that begin so, as the index finds them. */
void
alm_desk_words_add (GString    *match,
                    const char *word,
                    gboolean    prefix)
{
  g_string_append_printf (match, "(\"%s\"%s", word, prefix ? " *" : "");
  add_street (match, word);
  g_string_append_c (match, ')');
}

/* All words that begin so.  FALSE, and nothing is added, where the vocabulary
 * does not know: there are too many, or it is about numbers. */
gboolean
alm_desk_words_add_beginnings (AlmDesk    *self,
                               GString    *match,
                               const char *word)
{
  guint first = find_place (self->words, word);
  guint end = first;

  if (has_digit (word))
    return FALSE;

  while (end < self->words->len && end - first <= BEGINNINGS_MAX
         && g_str_has_prefix (self->words->pdata[end], word))
    end++;
  if (end - first > BEGINNINGS_MAX)
    return FALSE;

  g_string_append_printf (match, "(\"%s\"", word);
  for (guint i = first; i < end; i++)
    if (strcmp (self->words->pdata[i], word) != 0)
      g_string_append_printf (match, " OR \"%s\"", (const char *) self->words->pdata[i]);
  /* What goes on with a number: "Spielplatz3". */
  for (char digit = '0'; digit <= '9'; digit++)
    g_string_append_printf (match, " OR \"%s%c\" *", word, digit);
  add_street (match, word);
  g_string_append_c (match, ')');

  return TRUE;
}

/* How far a word may be from what was typed. */
static guint
tolerance (const char *word)
{
  gsize length = strlen (word);

  if (has_digit (word))
    return 0;

  return length < 4 ? 0 : length < 8 ? 1 : FARTHEST;
}

/* ("linde" OR "linden"): the nearest words, nearest first; FALSE: there is none. */
gboolean
alm_desk_words_add_guesses (AlmDesk    *self,
                            GString    *match,
                            const char *word,
                            gboolean    prefix)
{
  const char *guesses[FARTHEST + 1][GUESSES_MAX];
  guint counts[FARTHEST + 1] = { 0 };
  guint limit = tolerance (word);
  guint n = 0;

  for (guint i = 0; i < self->words->len; i++)
    {
      guint distance = alm_german_distance (word, self->words->pdata[i], prefix, limit);

      if (distance <= limit && counts[distance] < GUESSES_MAX)
        guesses[distance][counts[distance]++] = self->words->pdata[i];
    }

  for (guint distance = 0; distance <= limit; distance++)
    for (guint i = 0; i < counts[distance] && n < GUESSES_MAX; i++)
      g_string_append_printf (match, "%s\"%s\"", n++ == 0 ? "(" : " OR ",
                              guesses[distance][i]);
  if (n > 0)
    g_string_append_c (match, ')');
  else if (limit == 0)
    alm_desk_words_add (match, word, prefix);

  return n > 0 || limit == 0;
}

static gboolean
note_sweep (AlmDesk  *self,
            GError  **error)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (!alm_desk_read_setting (self, SWEEP, &before, error))
    return FALSE;
  after = g_strdup_printf ("%" G_GINT64_FORMAT,
                           (before != NULL ? g_ascii_strtoll (before, NULL, 10) : 0) + 1);

  return alm_desk_write_setting (self, SWEEP, after, error);
}

/* FTS5 of SQLite 3.40 only marks what was deleted; to make one piece of all is what takes it
 * out.  Words are not counted: those that nothing holds any more go here. */
gboolean
alm_desk_sweep_words (AlmDesk  *self,
                      GError  **error)
{
  static const char optimize[] = "INSERT INTO records_fts (records_fts) VALUES ('optimize')";
  static const char sweep[] =
    "DELETE FROM search_words WHERE NOT EXISTS (SELECT 1 FROM records_fts"
    " WHERE records_fts MATCH '\"' || search_words.word || '\"')";

  /* Damaged models: nothing is derived, and nothing can be written. */
  if (self->derived == NULL)
    return TRUE;

  g_hash_table_remove_all (self->words_seen);
  if (!ALM_PLANTED ("fts-not-optimised")
      && !alm_sql_exec (self->db->handle, optimize, error))
    return FALSE;

  return alm_sql_exec (self->db->handle, sweep, error) && note_sweep (self, error);
}
