/* SPDX-License-Identifier: EUPL-1.2 */

/* Which separator, quote and escape a CSV file has: each of them is tried on
 * the first records; the one under which most records have the same, large
 * number of cells wins.  Pure; any thread. */

#include "config.h"

#include "alm-csv.h"

#include <string.h>

#define RECORDS_TRIED 500

typedef struct
{
  guint    n_records;
  guint    counts[RECORDS_TRIED];
  guint    n_quoted;
  guint    n_flaws;
  gboolean is_open;     /* the file ends inside quotes */
} Trial;

static gboolean
count_record (const AlmCsvRecord  *record,
              gpointer             user_data,
              GError             **error)
{
  Trial *trial = user_data;

  trial->counts[trial->n_records++] = record->n_cells;
  trial->n_quoted += record->n_quoted;
  trial->n_flaws += record->n_flaws;

  return trial->n_records < RECORDS_TRIED;
}

/* Returns the number of cells that most records have. */
static guint
find_mode (const Trial *trial,
           guint       *n_times)
{
  guint best = 0;

  *n_times = 0;
  for (guint i = 0; i < trial->n_records; i++)
    {
      guint times = 0;

      for (guint k = 0; k < trial->n_records; k++)
        times += trial->counts[k] == trial->counts[i];
      if (times > *n_times || (times == *n_times && trial->counts[i] > best))
        {
          *n_times = times;
          best = trial->counts[i];
        }
    }

  return best;
}

static void
try_dialect (const AlmCsvDialect *dialect,
             const char          *text,
             gsize                length,
             gboolean             whole,
             Trial               *trial)
{
  g_autoptr (AlmCsvReader) reader = alm_csv_reader_new (dialect, ALM_ENCODING_UTF8,
                                                        count_record, trial);
  g_autoptr (GError) error = NULL;

  *trial = (Trial) { 0 };
  if (!alm_csv_reader_feed (reader, text, length, &error))
    {
      /* Too many columns are columns all the same: the file will be refused for
       * that, and not be read as one column. */
      if (error != NULL && g_str_has_suffix (error->message, "columns")
          && trial->n_records < RECORDS_TRIED)
        trial->counts[trial->n_records++] = ALM_CSV_COLUMNS_MAX;
      return;
    }
  if (whole && trial->n_records < RECORDS_TRIED)
    trial->is_open = !alm_csv_reader_finish (reader, NULL) && trial->n_records < RECORDS_TRIED;
}

/* Whether quotes are used as quotes: then a reading without them, which finds
 * separators inside of them, is wrong however many cells it finds.  A file that
 * is cut off inside of them has them, too, and will be refused for it. */
static gboolean
has_sound_quotes (const Trial *trial)
{
  return (trial->n_quoted > 0 || trial->is_open) && trial->n_flaws == 0;
}

/* Is the new trial better?  More cells in more records; then fewer flaws; then
 * the quote that stands where cells begin; then the order of trying. */
static gboolean
is_better (double       score,
           const Trial *trial,
           double       best_score,
           const Trial *best)
{
  if (score != best_score)
    return score > best_score;
  if (trial->n_flaws != best->n_flaws)
    return trial->n_flaws < best->n_flaws;

  return trial->n_quoted > best->n_quoted;
}

void
alm_csv_guess (const char          *text,
               gsize                length,
               gboolean             whole,
               const AlmCsvDialect *fixed,
               AlmCsvGuess         *guess)
{
  static const char separators[] = ";,\t|";
  static const char quotes[] = { '"', '\0', '\'' };
  g_autofree Trial *best = g_new0 (Trial, 1);
  g_autofree Trial *trial = g_new0 (Trial, 1);
  double best_score = -1;
  gboolean sound[4] = { FALSE };   /* by separator, for " */

  *guess = (AlmCsvGuess) { .dialect = { ';', '"', ALM_CSV_ESCAPE_DOUBLE } };

  for (guint s = 0; s < 4; s++)
    for (guint q = 0; q < G_N_ELEMENTS (quotes); q++)
      for (guint e = ALM_CSV_ESCAPE_DOUBLE; e <= ALM_CSV_ESCAPE_BACKSLASH; e++)
        {
          AlmCsvDialect dialect = { separators[s], quotes[q], e };
          guint times, columns;
          double score;

          if (fixed != NULL && fixed->separator != 0)
            dialect.separator = fixed->separator;
          try_dialect (&dialect, text, length, whole, trial);
          columns = find_mode (trial, &times);
          score = trial->n_records == 0 ? 0 : (double) columns * times / trial->n_records;
          if (dialect.quote == '"')
            sound[s] |= has_sound_quotes (trial);
          if (dialect.quote != '"' && sound[s])
            score /= 2;
          if (!is_better (score, trial, best_score, best))
            continue;

          best_score = score;
          *best = *trial;
          guess->dialect = dialect;
          guess->n_columns = columns;
          guess->share = trial->n_records == 0 ? 0 : (double) times / trial->n_records;
          guess->n_records = trial->n_records;
        }
}
