/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-random.h"
#include "alm-text-merge.h"

#include <string.h>

/* base · theirs · mine · merged, NULL where the changes touch each other */
static const char *const cases[][4] = {
  { "Die Linde ist alt.", "Die Linde ist sehr alt.", "Die große Linde ist alt.",
    "Die große Linde ist sehr alt." },
  { "Die Linde ist alt.", "Die Linde ist jung.", "Die Linde ist krank.", NULL },
  { "Die Linde ist alt.", "Die Eiche ist alt.", "Die Eiche ist alt!", "Die Eiche ist alt!" },
  { "a b", "a x b", "a y b", NULL },
  { "a b", "a x b", "a x b", "a x b" },
  { "a b", "a x b", "a b y", "a x b y" },
  { "a b c d", "a c d", "a b c", "a c" },
  { "a b c d", "a d", "a b x d", NULL },
  { "", "neu", "neu", "neu" },
  { "", "eins", "zwei", NULL },
  /* White space is kept as written, and its change is a change. */
  { "a b c", "a\n\nb c", "a b d", "a\n\nb d" },
  { "a b c", "a\nb c", "a\tb c", NULL },
  { "a  b c ", "a  b x c ", "y a  b c ", "y a  b x c " },
  { "a b c d", "a b\nc d", "a d", NULL },
  /* A word with - ' ’ is one; with a blank it is three. */
  { "Karl-Marx-Allee Nr. 1", "Karl-Marx-Allee Nr. 2", "Karl-Liebknecht-Allee Nr. 1",
    "Karl-Liebknecht-Allee Nr. 2" },
  { "Karl-Marx-Allee 1", "Karl-Marx-Allee 2", "Karl-Liebknecht-Allee 1", NULL },
  { "Karl-Marx-Allee", "Karl-Marx-Platz", "Karl-Liebknecht-Allee", NULL },
  { "Karl - Marx", "Karl - Liebknecht", "Rosa - Marx", "Rosa - Liebknecht" },
  { "Geht's gut?", "Geht's schlecht?", "Wie geht's gut?", NULL },
  { "x, y, z", "x, y; z", "w, y, z", "w, y; z" },
};

static void
test_changes_by_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *merged = alm_text_merge (cases[i][0], cases[i][1], cases[i][2]);
      g_autofree char *swapped = alm_text_merge (cases[i][0], cases[i][2], cases[i][1]);

      g_assert_cmpstr (merged, ==, cases[i][3]);
      g_assert_cmpstr (swapped, ==, cases[i][3]);
    }
}

static char *
random_words (AlmRandom *random,
              guint      most,
              guint      letters)
{
  GString *text = g_string_new (NULL);

  for (guint n = alm_random_below (random, most + 1); n > 0; n--)
    g_string_append_printf (text, "%c ", 'a' + (char) alm_random_below (random, letters));

  return g_string_free (text, FALSE);
}

/* The length of the longest common subsequence, by the table of all prefixes. */
static guint
common_length (const GArray *a,
               const GArray *b)
{
  g_autofree guint *row = g_new0 (guint, b->len + 1);

  for (guint i = 0; i < a->len; i++)
    {
      guint diagonal = 0;

      for (guint j = 0; j < b->len; j++)
        {
          guint above = row[j + 1];

          row[j + 1] = g_array_index (a, AlmToken, i).word == g_array_index (b, AlmToken, j).word
                       ? diagonal + 1 : MAX (row[j], above);
          diagonal = above;
        }
    }

  return row[b->len];
}

static void
test_the_difference_is_the_shortest (void)
{
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed (&random, seed);
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      guint letters = 1 + alm_random_below (&random, 5);
      g_autofree char *left = random_words (&random, 14, letters);
      g_autofree char *right = random_words (&random, 14, letters);
      g_autoptr (GArray) a = alm_tokenize (left, words);
      g_autoptr (GArray) b = alm_tokenize (right, words);
      g_autofree int *partners = alm_diff (a, b, 1000);
      guint pairs = 0;
      int last = -1;

      for (guint k = 0; k < a->len; k++)
        if (partners[k] >= 0)
          {
            g_assert_cmpint (partners[k], >, last);
            last = partners[k];
            g_assert_cmpuint (g_array_index (a, AlmToken, k).word, ==,
                              g_array_index (b, AlmToken, last).word);
            pairs++;
          }
      g_assert_cmpuint (pairs, ==, common_length (a, b));
      /* The ends are partners. */
      g_assert_cmpint (partners[a->len - 1], ==, (int) b->len - 1);
    }
}

static void
test_too_many_changes_are_not_compared (void)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) a = alm_tokenize ("a b c d", words);
  g_autoptr (GArray) b = alm_tokenize ("e f g h", words);
  g_autofree int *partners = alm_diff (a, b, 7);

  g_assert_null (partners);
  partners = alm_diff (a, b, 8);
  g_assert_nonnull (partners);
}

static int
count_word (const char *text,
            char        word)
{
  int count = 0;

  for (const char *c = text; *c != '\0'; c++)
    count += *c == word;

  return count;
}

/* How often a word is there follows from what the sides have added and removed;
 * where both did the same, once. */
static void
check_words (const char *base,
             const char *theirs,
             const char *mine,
             const char *merged)
{
  for (char word = 'a'; word <= 'z'; word++)
    {
      int before = count_word (base, word);
      int there = count_word (theirs, word) - before;
      int here = count_word (mine, word) - before;
      int after = count_word (merged, word) - before;
      int least = MAX (MAX (there, here), 0) + MIN (there, 0) + MIN (here, 0);
      int most = MAX (there, 0) + MAX (here, 0) + MIN (MIN (there, here), 0);

      if (after < least || after > most)
        g_error ("'%s' + '%s' + '%s' = '%s'", base, theirs, mine, merged);
    }
}

/* What one side has added over the base is in the merged text, and nothing is
 * there that no side has. */
static void
test_no_inserted_word_vanishes (void)
{
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;
  guint merges = 0;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed (&random, seed);
  for (guint i = 0; i < 30000; i++)
    {
      g_autofree char *base = random_words (&random, 10, 26);
      g_autoptr (GString) theirs = g_string_new (base);
      g_autoptr (GString) mine = g_string_new (base);
      g_autofree char *merged = NULL;

      for (guint k = 0; k < 2; k++)
        {
          GString *side = k == 0 ? theirs : mine;
          gsize at = alm_random_below (&random, (guint32) side->len / 2 + 1) * 2;
          gsize gone = 2 * (gsize) alm_random_below (&random, 3);
          g_autofree char *added = random_words (&random, 2, 26);

          g_string_erase (side, (gssize) at, (gssize) MIN (gone, side->len - at));
          g_string_insert (side, (gssize) at, added);
        }

      merged = alm_text_merge (base, theirs->str, mine->str);
      if (merged == NULL)
        continue;
      if (strcmp (theirs->str, mine->str) == 0)
        {
          g_assert_cmpstr (merged, ==, mine->str);
          continue;
        }
      merges++;
      check_words (base, theirs->str, mine->str, merged);
    }
  g_assert_cmpuint (merges, >, 1000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/text-merge/words", test_changes_by_words);
  g_test_add_func ("/domain/text-merge/diff/shortest", test_the_difference_is_the_shortest);
  g_test_add_func ("/domain/text-merge/diff/limit", test_too_many_changes_are_not_compared);
  g_test_add_func ("/domain/text-merge/nothing-vanishes", test_no_inserted_word_vanishes);

  return g_test_run ();
}
