/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-random.h"
#include "alm-test.h"
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
  for (guint i = 0; i < ALM_TEST_ROUNDS (20000); i++)
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

/* Puts up to two words from @fresh in, and takes up to two out, at one place. */
static char *
change_once (AlmRandom  *random,
             const char *base,
             const char *fresh)
{
  g_autoptr (GString) text = g_string_new (base);
  gsize at = alm_random_below (random, (guint32) text->len / 2 + 1) * 2;
  gsize gone = 2 * (gsize) alm_random_below (random, 3);
  gsize added = 2 * (gsize) alm_random_below (random, 3);

  g_string_erase (text, (gssize) at, (gssize) MIN (gone, text->len - at));
  g_string_insert_len (text, (gssize) at, fresh, (gssize) added);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Every word occurs once, so each has a fate that can be told: it is in the
 * merged text if a side has put it in, or if both have left it there. */
static void
test_every_word_has_its_fate (void)
{
  static const char words[] = "a b c d e f g h i j ";
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;
  guint merges = 0;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed (&random, seed);
  for (guint i = 0; i < ALM_TEST_ROUNDS (30000); i++)
    {
      g_autofree char *base = g_strndup (words, 2 * (gsize) alm_random_below (&random, 11));
      g_autofree char *once = change_once (&random, base, "K L ");
      g_autofree char *theirs = change_once (&random, once, "M N ");
      g_autofree char *mine = change_once (&random, base, "X Y ");
      g_autofree char *merged = alm_text_merge (base, theirs, mine);

      if (merged == NULL)
        continue;
      merges++;
      for (char word = 'A'; word <= 'z'; word++)
        {
          gboolean before = strchr (base, word) != NULL;
          gboolean there = strchr (theirs, word) != NULL;
          gboolean here = strchr (mine, word) != NULL;

          if (!g_ascii_isalpha (word))
            continue;
          if ((strchr (merged, word) != NULL) != (before ? there && here : there || here))
            g_error ("'%s' + '%s' + '%s' = '%s'", base, theirs, mine, merged);
        }
    }
  g_assert_cmpuint (merges, >, ALM_TEST_ROUNDS (1000));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/text-merge/words", test_changes_by_words);
  g_test_add_func ("/domain/text-merge/diff/shortest", test_the_difference_is_the_shortest);
  g_test_add_func ("/domain/text-merge/diff/limit", test_too_many_changes_are_not_compared);
  g_test_add_func ("/domain/text-merge/nothing-vanishes", test_every_word_has_its_fate);

  return g_test_run ();
}
