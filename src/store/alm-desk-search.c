/* SPDX-License-Identifier: EUPL-1.2 */

/* "Search everything": what people type, in several goes, until enough is found
 * (enum Go): the words as they stand, as beginnings of words, and the nearest
 * words of the vocabulary (alm-desk-search-words.c).
 *
 * The index gives rows by rank (alm-desk-search-rows.c), so that a common word
 * need not be read to its end; the best of the first CANDIDATES are shown. */

#include "config.h"

#include "alm-desk-derived-private.h"

#include "alm-german.h"
#include "alm-mercator.h"

#include <string.h>

#define CANDIDATES   200
#define TOKENS_MAX   8

typedef enum {
  GO_WORDS,
  GO_BEGINNINGS,      /* of the words in the vocabulary */
  GO_ALL_BEGINNINGS,  /* of all words: the index reads each row of each of them */
  GO_GUESSES
} Go;

typedef struct
{
  AlmHit *hit;
  int     score;      /* small is good */
} Candidate;

void
alm_hit_free (AlmHit *self)
{
  g_free (self->kind);
  g_free (self->label);
  g_free (self->detail);
  g_free (self);
}

static void
candidate_free (gpointer data)
{
  Candidate *self = data;

  g_clear_pointer (&self->hit, alm_hit_free);
  g_free (self);
}

/* Somebody is still typing "…straße": the index has "…str". */
static void
cut_street (char *word)
{
  static const char *const tails[] = { "strass", "stras", "stra", NULL };
  gsize length = strlen (word);

  for (const char *const *tail = tails; *tail != NULL; tail++)
    if (g_str_has_suffix (word, *tail))
      {
        word[length - strlen (*tail) + 3] = '\0';
        return;
      }
}

static char **
split_words (const char *text)
{
  g_autofree char *folded = alm_german_fold (text);
  g_auto (GStrv) words = g_strsplit (folded, " ", TOKENS_MAX + 1);
  guint n = g_strv_length (words);

  if (n > TOKENS_MAX)
    {
      g_free (words[TOKENS_MAX]);
      words[TOKENS_MAX] = NULL;
      n = TOKENS_MAX;
    }
  if (n == 1 && words[0][0] == '\0')
    {
      g_free (words[0]);
      words[0] = NULL;
    }
  else if (n > 0)
    cut_street (words[n - 1]);

  return g_steal_pointer (&words);
}

/* One letter or digit alone begins too many words to be a beginning. */
static gboolean
may_begin (char  **words,
           guint   i)
{
  return words[i][1] != '\0' || (i > 0 && words[i + 1] == NULL);
}

/* The match of one go; NULL: it cannot find anything. */
static char *
make_match (AlmDesk  *self,
            char    **words,
            Go        go)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean is_last = words[i + 1] == NULL;

      if (i > 0)
        g_string_append (match, " AND ");
      if (go == GO_GUESSES)
        {
          if (!alm_desk_words_add_guesses (self, match, words[i], is_last))
            return NULL;
        }
      else if (go == GO_WORDS || !may_begin (words, i))
        alm_desk_words_add (match, words[i], FALSE);
      else if (go == GO_ALL_BEGINNINGS
               || !alm_desk_words_add_beginnings (self, match, words[i]))
        alm_desk_words_add (match, words[i], TRUE);
    }

  return g_string_free (g_steal_pointer (&match), FALSE);
}

static int
judge (const char  *folded,
       const char  *query,
       char       **words)
{
  g_autofree char *framed = g_strconcat (" ", folded, " ", NULL);
  int score = 0;

  if (strcmp (folded, query) == 0)
    return -60;
  if (g_str_has_prefix (folded, query))
    score -= 25;

  for (; *words != NULL; words++)
    {
      g_autofree char *word = g_strconcat (" ", *words, " ", NULL);

      if (strstr (framed, word) == NULL)
        score += 5;
    }

  return score + (int) MIN (strlen (folded) / 8, 10);
}

/* What is needed to choose: label and detail.  The rest is loaded for those that
 * are chosen, see complete_hit(). */
static gboolean
load_candidate (AlmDesk     *self,
                gint64       fid,
                const char  *query_text,
                char       **words,
                Candidate   *candidate,
                GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT kind, label, detail"
                                             " FROM search_text WHERE fid = ?1");
  g_autofree char *folded = NULL;
  const char *kind;
  AlmHit *hit;

  alm_sql_bind_int_at (query, 1, fid);
  switch (alm_sql_step (query, error))
    {
    case ALM_SQL_STEP_ERROR:
      return FALSE;

    case ALM_SQL_STEP_DONE:
      return TRUE;

    case ALM_SQL_STEP_ROW:
    default:
      break;
    }

  kind = alm_desk_get_name (self, alm_sql_get_int (query, 0));
  if (kind == NULL)
    return TRUE;

  hit = candidate->hit = g_new0 (AlmHit, 1);
  hit->rid = ALM_SEARCH_RID (fid);
  hit->kind = g_strdup (kind);
  hit->label = g_strdup (alm_sql_get_text (query, 1));
  hit->detail = g_strdup (alm_sql_get_text (query, 2));
  folded = alm_german_fold (hit->label);
  candidate->score = (int) (fid >> ALM_SEARCH_RANK_SHIFT) * 10
                     + judge (folded, query_text, words);

  return TRUE;
}

static gboolean
complete_hit (AlmDesk  *self,
              AlmHit   *hit,
              GError  **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db,
    "SELECT r.id, a.wx, a.wy FROM records r LEFT JOIN asset a ON a.rid = r.rid WHERE r.rid = ?1");
  AlmSqlStep step;
  gconstpointer id;
  gsize length;

  alm_sql_bind_int_at (query, 1, hit->rid);
  step = alm_sql_step (query, error);
  if (step != ALM_SQL_STEP_ROW)
    return step == ALM_SQL_STEP_DONE;

  id = alm_sql_get_blob (query, 0, &length);
  memcpy (hit->id.bytes, id, MIN (length, sizeof hit->id.bytes));
  hit->has_place = !alm_sql_is_null (query, 1);
  if (hit->has_place)
    alm_mercator_to_lon_lat (alm_sql_get_double (query, 1), alm_sql_get_double (query, 2),
                             &hit->lon, &hit->lat);

  return TRUE;
}

static int
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const Candidate *one = *(Candidate **) a;
  const Candidate *two = *(Candidate **) b;
  int order;

  if (one->score != two->score)
    return one->score < two->score ? -1 : 1;

  order = alm_german_compare (one->hit->label, strlen (one->hit->label),
                              two->hit->label, strlen (two->hit->label));
  if (order != 0)
    return order;

  return one->hit->rid < two->hit->rid ? -1 : one->hit->rid > two->hit->rid;
}

/* A street is many lines of one name: it is found once. */
static gboolean
take_best (AlmDesk     *self,
           GPtrArray   *candidates,
           GPtrArray   *hits,
           GHashTable  *seen,
           guint        limit,
           GError     **error)
{
  g_ptr_array_sort (candidates, compare_candidates);
  for (guint i = 0; i < candidates->len && hits->len < limit; i++)
    {
      Candidate *candidate = candidates->pdata[i];
      char *key = g_strjoin ("\n", candidate->hit->kind, candidate->hit->label,
                             candidate->hit->detail, NULL);

      if (!g_hash_table_add (seen, key))
        continue;
      if (!complete_hit (self, candidate->hit, error))
        return FALSE;
      g_ptr_array_add (hits, g_steal_pointer (&candidate->hit));
    }

  return TRUE;
}

static GArray *
list_fids (AlmDesk     *self,
           const char  *match,
           GError     **error)
{
  g_autoptr (AlmQuery) query = alm_db_query (self->db, "SELECT rowid FROM records_fts"
                                             " WHERE records_fts MATCH :match"
                                             " ORDER BY rowid LIMIT " G_STRINGIFY (CANDIDATES));
  g_autoptr (GArray) fids = g_array_new (FALSE, FALSE, sizeof (gint64));
  AlmSqlStep step;

  alm_sql_bind_text (query, ":match", match);
  while ((step = alm_sql_step (query, error)) == ALM_SQL_STEP_ROW)
    {
      gint64 fid = alm_sql_get_int (query, 0);

      g_array_append_val (fids, fid);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&fids) : NULL;
}

static gboolean
search_once (AlmDesk     *self,
             const char  *match,
             const char  *text,
             char       **words,
             guint        limit,
             GPtrArray   *hits,
             GHashTable  *seen,
             GError     **error)
{
  g_autoptr (GArray) fids = list_fids (self, match, error);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (candidate_free);

  for (guint i = 0; fids != NULL && i < fids->len; i++)
    {
      Candidate *candidate = g_new0 (Candidate, 1);

      if (!load_candidate (self, g_array_index (fids, gint64, i), text, words, candidate, error))
        {
          candidate_free (candidate);
          return FALSE;
        }
      if (candidate->hit != NULL)
        g_ptr_array_add (candidates, candidate);
      else
        candidate_free (candidate);
    }
  if (fids == NULL)
    return FALSE;

  return take_best (self, candidates, hits, seen, limit, error);
}

GPtrArray *
alm_desk_search (AlmDesk     *self,
                 const char  *text,
                 guint        limit,
                 GError     **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hit_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) words = split_words (text);
  g_autofree char *folded = g_strjoinv (" ", words);
  g_autofree char *asked = NULL;

  if (words[0] == NULL)
    return g_steal_pointer (&hits);

  if (!alm_desk_words_load (self, error))
    return NULL;

  for (Go go = GO_WORDS; go <= GO_GUESSES && hits->len < limit; go++)
    {
      g_autofree char *match = NULL;

      /* These are dear, or guesses: for who would find nothing else. */
      if (go >= GO_ALL_BEGINNINGS && hits->len > 0)
        break;

      match = make_match (self, words, go);
      /* One letter, or a word with a digit, gives the same again. */
      if (match == NULL || g_strcmp0 (match, asked) == 0)
        continue;
      if (!search_once (self, match, folded, words, limit, hits, seen, error))
        return NULL;
      g_free (asked);
      asked = g_steal_pointer (&match);
    }

  return g_steal_pointer (&hits);
}
