/* SPDX-License-Identifier: EUPL-1.2 */

/* Writing a foreign file into the records, in two steps.  Reading, converting,
 * checking and matching need no more than a reader; what is ready then waits in a
 * spool, and only that enters the writer's one job: one transaction, one batch.
 *
 * Invariants:
 *   1. All of it is there, or nothing; a dry run is the first step alone.
 *   2. rows = new + changed + same + rejected; placed + unplaced = rows − rejected.
 *   3. Absence is never a delete.
 *   4. Where records of the kind have come or gone between the steps, the first
 *      one is done again by the writer: nothing is matched with what is not there.
 * Each step on the thread of its connection. */

#include "config.h"

#include "alm-import-match.h"
#include "alm-import-private.h"
#include "alm-json.h"
#include "alm-random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MARK "import_running"

/* Which share of an import the first step is, for the progress. */
#define FIRST_STEP 0.6

typedef struct
{
  AlmImport       *self;
  AlmImportFlags   flags;
  GCancellable    *cancellable;
  AlmDesk         *desk;
  AlmImportReport *report;
  AlmImportMatch  *match;
  char           **key;          /* borrowed; NULL = none */
  GHashTable      *seen;         /* keys of the rows so far */
  gint64           n_rows;
  gint64           n_new, n_changed, n_same, n_rejected;
  gint64           n_placed, n_unplaced;
  AlmGeoBox        box;
} Run;

/* Numbers of earlier imports of the same bytes into the same kind and scope. */
typedef struct
{
  const char *sha256;
  const char *kind;
  const char *scope;
  guint       n;
} Earlier;

static gboolean
count_earlier (const AlmRow  *row,
               gpointer       user_data,
               GError       **error)
{
  Earlier *earlier = user_data;

  earlier->n += g_strcmp0 (alm_value_get_text_of (row->fields, "sha256"), earlier->sha256) == 0
                && g_strcmp0 (alm_value_get_text_of (row->fields, "kind"), earlier->kind) == 0
                && g_strcmp0 (alm_value_get_text_of (row->fields, "scope"), earlier->scope) == 0;

  return TRUE;
}

static gboolean
check_new_bytes (Run      *run,
                 AlmDesk  *desk,
                 guint    *n_earlier,
                 GError  **error)
{
  AlmImport *self = run->self;
  Earlier earlier = {
    alm_import_get_facts (self)->sha256, self->kind, self->scope, 0
  };

  if (!alm_desk_each (desk, NULL, "import", FALSE, count_earlier, &earlier, error))
    return FALSE;
  *n_earlier = earlier.n;
  if (earlier.n > 0 && (run->flags & ALM_IMPORT_AGAIN) == 0)
    {
      g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_AGAIN,
                   _("this very file was imported into %s, %s before"), self->kind, self->scope);
      return FALSE;
    }

  return TRUE;
}

static gboolean
count_key (const AlmImportRow  *row,
           gpointer             user_data,
           GError             **error)
{
  Run *run = user_data;
  g_autoptr (AlmImportReport) ignored = alm_import_report_new ();
  g_autoptr (AlmValue) fields = NULL;
  AlmImportSpot spot;
  char *key;

  if (alm_import_check_shape (run->self, row) != NULL)
    return TRUE;
  fields = alm_import_convert (run->self, row, ignored, &spot);
  key = fields != NULL ? alm_import_match_make_key ((const char *const *) run->key, fields) : NULL;
  if (key != NULL && !g_hash_table_add (run->seen, key))
    run->n_rejected++;

  return TRUE;
}

/* The mapping's key, else the model's own if no two rows of the file share it. */
static gboolean
choose_key (Run     *run,
            GError **error)
{
  AlmImport *self = run->self;

  run->key = self->mapping->key;
  for (guint i = 0; run->key != NULL && run->key[i] != NULL; i++)
    if (alm_model_find_field (self->model, run->key[i]) == NULL)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     "mapping: /key: %s has no field \"%s\"", self->kind, run->key[i]);
        return FALSE;
      }
  if (run->key != NULL || alm_model_get_key (self->model) == NULL)
    return TRUE;

  run->key = alm_model_get_key (self->model);
  if (!alm_import_source_each (self->source, count_key, run, error))
    return FALSE;
  if (run->n_rejected > 0)
    run->key = NULL;
  run->n_rejected = 0;
  g_hash_table_remove_all (run->seen);

  return TRUE;
}

static void
reject (Run                *run,
        const AlmImportRow *row,
        const char         *code)
{
  run->n_rejected++;
  if (code != NULL)
    alm_import_report_add (run->report, code, row->line, 1, NULL);
}

static void
note_place (Run                 *run,
            const AlmImportSpot *spot)
{
  if (spot->geometry == NULL)
    {
      run->n_unplaced++;
      return;
    }

  run->box.w = run->n_placed == 0 ? spot->lon : MIN (run->box.w, spot->lon);
  run->box.e = run->n_placed == 0 ? spot->lon : MAX (run->box.e, spot->lon);
  run->box.s = run->n_placed == 0 ? spot->lat : MIN (run->box.s, spot->lat);
  run->box.n = run->n_placed == 0 ? spot->lat : MAX (run->box.n, spot->lat);
  run->n_placed++;
}

/* What the record had in `extra` and this file says nothing of stays. */
static void
join_extra (AlmValue       *fields,
            const AlmValue *known)
{
  AlmValue *mine = alm_value_get (fields, "extra");
  AlmValue *joined;

  if (mine == NULL || known == NULL || !alm_value_is (known, ALM_VALUE_OBJECT))
    return;

  joined = alm_value_copy (known);
  for (guint i = 0; i < alm_value_get_size (mine); i++)
    alm_value_set (joined, alm_value_get_key (mine, i),
                   alm_value_ref (alm_value_get_item (mine, i)));
  alm_value_set (fields, "extra", joined);
}

/* TRUE with *write = FALSE: the row needs no record. */
static gboolean
match_row (Run                 *run,
           const AlmImportRow  *row,
           AlmValue            *fields,
           const AlmImportSpot *spot,
           AlmId               *id,
           gboolean            *has_id,
           gboolean            *write)
{
  g_autofree char *key = run->key != NULL
                         ? alm_import_match_make_key ((const char *const *) run->key, fields)
                         : NULL;
  AlmValue *extra = NULL;

  *has_id = FALSE;
  *write = TRUE;
  if (key != NULL)
    {
      if (g_hash_table_contains (run->seen, key))
        {
          reject (run, row, "duplicate-key");
          return FALSE;
        }
      *has_id = alm_import_match_find (run->match, key, id, &extra);
      if (*has_id)
        join_extra (fields, extra);
      g_hash_table_add (run->seen, g_steal_pointer (&key));
    }
  if (!*has_id && spot->geometry != NULL
      && alm_import_match_is_near (run->match, spot->lon, spot->lat))
    {
      alm_import_report_add (run->report, "duplicate-place", row->line, 1, NULL);
      *write = !run->self->mapping->near_skip;
    }

  return TRUE;
}

/* A row on its way to the writer: the fields, and the id where the record is there. */
static gboolean
spool_row (Run                *run,
           const AlmImportRow *row,
           const AlmValue     *fields,
           const AlmId        *id,
           GError            **error)
{
  g_autofree char *text = alm_value_to_text (fields);
  char id_text[ALM_ID_TEXT_SIZE];
  const char *cells[2] = { text, NULL };
  const AlmImportRow ready = { .line = row->line, .n_cells = 2, .cells = cells };

  if (id != NULL)
    {
      alm_id_print (id, id_text);
      cells[1] = id_text;
    }

  return alm_import_spool_add (run->self->ready, &ready, error);
}

static gboolean
make_row_ready (Run                 *run,
                const AlmImportRow  *row,
                AlmValue            *fields,
                const AlmImportSpot *spot,
                GError             **error)
{
  AlmImport *self = run->self;
  AlmImportOutcome outcome;
  gboolean has_id, write;
  AlmId id;

  if (!match_row (run, row, fields, spot, &id, &has_id, &write))
    return TRUE;

  note_place (run, spot);
  if (!write)
    {
      run->n_same++;
      return TRUE;
    }
  if (!alm_desk_import_try (run->desk, has_id ? &id : NULL, self->kind, fields, &outcome, error))
    {
      g_prefix_error (error, "line %" G_GINT64_FORMAT ": ", row->line);
      return FALSE;
    }
  run->n_new += outcome == ALM_IMPORT_NEW;
  run->n_changed += outcome == ALM_IMPORT_CHANGED;
  run->n_same += outcome == ALM_IMPORT_SAME;
  if (outcome == ALM_IMPORT_SAME || (run->flags & ALM_IMPORT_DRY_RUN) != 0)
    return TRUE;

  return spool_row (run, row, fields, has_id ? &id : NULL, error);
}

/* @share: how much of this step is done */
static gboolean
go_on (AlmImport     *self,
       GCancellable  *cancellable,
       double         share,
       gint64         rows,
       GError       **error)
{
  guint64 size = alm_import_get_facts (self)->size;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->progress != NULL)
    self->progress ((guint64) ((double) size * share), size, rows, self->progress_data);

  return TRUE;
}

static gboolean
take_row (const AlmImportRow  *row,
          gpointer             user_data,
          GError             **error)
{
  Run *run = user_data;
  AlmImport *self = run->self;
  const AlmImportFacts *facts = alm_import_get_facts (self);
  const char *fault = alm_import_check_shape (self, row);
  g_autoptr (AlmValue) fields = NULL;
  AlmImportSpot spot;

  run->n_rows++;
  if (run->n_rows % 256 == 0
      && !go_on (self, run->cancellable, (double) run->n_rows / (double) MAX (facts->rows, 1)
                 * ((run->flags & ALM_IMPORT_DRY_RUN) != 0 ? 1 : FIRST_STEP), run->n_rows, error))
    return FALSE;

  if ((run->flags & ALM_IMPORT_FORMULAS_AS_TEXT) == 0
      && !alm_import_check_formulas (self, row, error))
    return FALSE;
  if (fault != NULL)
    {
      reject (run, row, fault);
      return TRUE;
    }

  fields = alm_import_convert (self, row, run->report, &spot);
  if (fields == NULL)
    {
      reject (run, row, NULL);
      return TRUE;
    }

  return make_row_ready (run, row, fields, &spot, error);
}

static void
note_accuracy (Run *run)
{
  AlmImport *self = run->self;
  const AlmImportPlaceGuess *guess;
  g_autofree char *words = NULL;
  double accuracy;

  if (self->places == NULL || alm_import_places_get_n (self->places) == 0)
    return;

  guess = alm_import_places_get (self->places, 0);
  accuracy = alm_import_places_get_accuracy (self->places);
  if ((guess->declared || !guess->is_metric) && accuracy >= 0 && accuracy <= 1)
    return;

  words = alm_import_places_describe (self->places, 0,
                                      alm_import_source_get_columns (self->source));
  alm_import_report_add (run->report, "accuracy", 0, (guint) MIN (run->n_placed, G_MAXUINT),
                         words);
}

static AlmValue *
make_columns (AlmImport *self)
{
  AlmValue *columns = alm_value_new_object ();

  for (guint i = 0; i < self->uses->len; i++)
    {
      const AlmImportUse *use = self->uses->pdata[i];
      const char *to = use->field != NULL ? use->field->name : use->to_extra ? "extra"
                       : use->is_place && self->geometry != NULL ? self->geometry->name : NULL;

      if (*use->name != '\0')
        alm_value_set (columns, use->name, to != NULL ? alm_value_new_text (to)
                                                      : alm_value_new_null ());
    }

  return columns;
}

static void
put_sign (AlmValue   *result,
          const char *member,
          char        sign,
          gboolean    applies)
{
  char text[] = { sign, '\0' };

  alm_value_set (result, member, applies ? alm_value_new_text (text) : alm_value_new_null ());
}

static void
put_place (Run      *run,
           AlmValue *result)
{
  AlmImport *self = run->self;
  g_autoptr (AlmImportMapping) mapping = alm_import_make_mapping (self);
  g_autoptr (AlmValue) given = alm_import_mapping_to_value (mapping);
  AlmValue *place = alm_value_get (given, "place");
  double accuracy = self->places != NULL ? alm_import_places_get_accuracy (self->places) : -1;
  gboolean has_way = self->places != NULL && alm_import_places_get_n (self->places) > 0;
  AlmValue *box = alm_value_new_list ();

  alm_value_set (result, "place", place != NULL ? alm_value_ref (place) : alm_value_new_null ());
  alm_value_set (result, "crs", has_way
                 ? alm_value_new_text (alm_import_places_get (self->places, 0)->crs)
                 : alm_value_new_null ());
  alm_value_set (result, "accuracy_m", accuracy >= 0 ? alm_value_new_double (accuracy)
                                                     : alm_value_new_null ());
  alm_value_append (box, alm_value_new_double (run->box.w));
  alm_value_append (box, alm_value_new_double (run->box.s));
  alm_value_append (box, alm_value_new_double (run->box.e));
  alm_value_append (box, alm_value_new_double (run->box.n));
  if (run->n_placed > 0)
    alm_value_set (result, "bbox", box);
  else
    {
      alm_value_unref (box);
      alm_value_set (result, "bbox", alm_value_new_null ());
    }
}

/* Until the import has one of its own. */
static char *
make_trial_id (void)
{
  AlmRandom random;
  AlmId id;

  alm_random_system (&random);
  alm_id_make_v7 (&id, g_get_real_time (), &random);

  return alm_id_to_text (&id);
}

static AlmValue *
make_result (Run    *run,
             gint64  began)
{
  AlmImport *self = run->self;
  const AlmImportFacts *facts = alm_import_get_facts (self);
  AlmValue *result = alm_value_new_object ();
  g_autofree char *name = g_path_get_basename (self->file);
  g_autofree char *id = make_trial_id ();

  alm_value_set_text (result, "import", id);
  alm_value_set_text (result, "file", name);
  alm_value_set (result, "dry_run",
                 alm_value_new_boolean ((run->flags & ALM_IMPORT_DRY_RUN) != 0));
  alm_value_set_integer (result, "rows", run->n_rows);
  alm_value_set_integer (result, "new", run->n_new);
  alm_value_set_integer (result, "changed", run->n_changed);
  alm_value_set_integer (result, "same", run->n_same);
  alm_value_set_integer (result, "rejected", run->n_rejected);
  alm_value_set_integer (result, "placed", run->n_placed);
  alm_value_set_integer (result, "unplaced", run->n_unplaced);
  alm_value_set_integer (result, "missing", alm_import_match_count_missing (run->match));
  alm_value_set_text (result, "format", facts->format);
  alm_value_set (result, "encoding", facts->encoding != NULL
                 ? alm_value_new_text (facts->encoding) : alm_value_new_null ());
  put_sign (result, "separator", facts->separator, facts->is_text);
  put_sign (result, "quote", facts->quote, facts->is_text);
  put_sign (result, "decimal", self->decimal, TRUE);
  put_place (run, result);
  alm_value_set (result, "columns", make_columns (self));
  alm_value_set (result, "issues", alm_import_report_to_value (run->report));
  alm_value_set (result, "seconds",
                 alm_value_new_double (round ((g_get_monotonic_time () - began) / 1e3) / 1e3));

  return result;
}

/* Too much lost is a misunderstanding more often than a bad list. */
static gboolean
check_losses (Run     *run,
              GError **error)
{
  AlmImport *self = run->self;

  if ((run->flags & ALM_IMPORT_ACCEPT_LOSSES) != 0)
    return TRUE;
  if (run->n_rejected * 10 > run->n_rows)
    g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LOSSES,
                 _("%ld of %ld rows were rejected"), (glong) run->n_rejected, (glong) run->n_rows);
  else if (self->geometry != NULL && self->mapping->place != ALM_IMPORT_PLACE_NONE
           && run->n_unplaced * 2 > run->n_rows - run->n_rejected)
    g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LOSSES,
                 _("%ld of %ld rows have no place"), (glong) run->n_unplaced,
                 (glong) (run->n_rows - run->n_rejected));
  else
    return TRUE;

  return FALSE;
}

/* A record keeps no nulls. */
static AlmValue *
without_nulls (const AlmValue *value)
{
  AlmValue *kept = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      AlmValue *member = alm_value_get_item (value, i);

      if (alm_value_is (member, ALM_VALUE_OBJECT))
        alm_value_set (kept, alm_value_get_key (value, i), without_nulls (member));
      else if (!alm_value_is (member, ALM_VALUE_NULL))
        alm_value_set (kept, alm_value_get_key (value, i), alm_value_ref (member));
    }

  return kept;
}

static AlmValue *
make_record (AlmImport *self)
{
  const AlmImportFacts *facts = alm_import_get_facts (self);
  g_autoptr (AlmImportMapping) mapping = alm_import_make_mapping (self);
  g_autofree char *name = g_path_get_basename (self->file);
  AlmValue *record = alm_value_new_object ();

  alm_value_set_text (record, "file", name);
  alm_value_set_text (record, "sha256", facts->sha256);
  alm_value_set_integer (record, "size", (gint64) facts->size);
  alm_value_set_text (record, "kind", self->kind);
  alm_value_set_text (record, "scope", self->scope);
  alm_value_set (record, "mapping", alm_import_mapping_to_record (mapping));
  alm_value_set (record, "result", without_nulls (self->result));

  return record;
}

/* A mark that outlives a crash: how many imports of these bytes there were. */
static gboolean
set_mark (AlmImport  *self,
          AlmDesk    *desk,
          guint       n_earlier,
          GError    **error)
{
  g_autofree char *name = g_path_get_basename (self->file);
  g_autofree char *mark = g_strdup_printf ("%u %s %s %s %s", n_earlier,
                                           alm_import_get_facts (self)->sha256, self->kind,
                                           self->scope, name);

  return alm_desk_set_setting (desk, MARK, mark, error);
}

char *
alm_import_find_unfinished (AlmDesk *desk)
{
  g_autofree char *mark = alm_desk_get_setting (desk, MARK);
  g_auto (GStrv) parts = mark != NULL ? g_strsplit (mark, " ", 5) : NULL;
  Earlier earlier = { 0 };

  if (parts == NULL || g_strv_length (parts) != 5)
    return NULL;
  earlier = (Earlier) { parts[1], parts[2], parts[3], 0 };
  if (!alm_desk_each (desk, NULL, "import", FALSE, count_earlier, &earlier, NULL)
      || earlier.n > g_ascii_strtoull (parts[0], NULL, 10))
    return NULL;

  return g_strdup (parts[4]);
}

gboolean
alm_import_take_unfinished (AlmDesk   *desk,
                            char     **name,
                            GError   **error)
{
  *name = alm_import_find_unfinished (desk);
  if (*name == NULL || alm_desk_set_setting (desk, MARK, NULL, error))
    return TRUE;

  g_clear_pointer (name, g_free);

  return FALSE;
}

/* The whole first step, the file being analysed. */
static gboolean
make_ready (Run     *run,
            gint64   began,
            GError **error)
{
  AlmImport *self = run->self;

  self->ready = alm_import_spool_new (ALM_IMPORT_SPOOL_MEMORY);
  if (!alm_import_source_each (self->source, take_row, run, error))
    return FALSE;

  note_accuracy (run);
  self->result = make_result (run, began);

  return check_losses (run, error)
         && !g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

gboolean
alm_import_prepare (AlmImport       *self,
                    AlmDesk         *desk,
                    AlmImportFlags   flags,
                    GCancellable    *cancellable,
                    GError         **error)
{
  g_autoptr (AlmImportReport) report = alm_import_report_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (AlmImportMatch) match = NULL;
  Run run = {
    .self = self, .flags = flags, .cancellable = cancellable, .desk = desk, .report = report,
    .seen = seen,
  };
  gint64 began = g_get_monotonic_time ();

  g_clear_pointer (&self->result, alm_value_unref);
  g_clear_pointer (&self->ready, alm_import_spool_free);
  self->flags = flags;
  self->began = began;
  /* On this thread, because reference systems belong to theirs. */
  if (!alm_import_analyse (self, desk, cancellable, error)
      || !check_new_bytes (&run, desk, &self->n_earlier, error)
      || !choose_key (&run, error)
      || !alm_desk_import_get_stamp (desk, self->scope, &self->stamp, error))
    return FALSE;
  match = alm_import_match_new (desk, self->kind, self->scope, (const char *const *) run.key,
                                self->geometry != NULL ? self->geometry->name : NULL,
                                alm_import_mapping_get_near (self->mapping), error);
  run.match = match;
  if (match != NULL && make_ready (&run, began, error))
    return TRUE;

  g_clear_pointer (&self->ready, alm_import_spool_free);

  return FALSE;
}

typedef struct
{
  AlmImport     *self;
  AlmDeskImport *import;
  GCancellable  *cancellable;
  gint64         n;
} Writing;

static gboolean
write_row (const AlmImportRow  *row,
           gpointer             user_data,
           GError             **error)
{
  Writing *writing = user_data;
  AlmImport *self = writing->self;
  g_autoptr (AlmValue) fields = alm_json_parse (row->cells[0], -1, NULL, error);
  double share = (double) writing->n / (double) MAX (alm_import_spool_get_n (self->ready), 1);
  AlmId id;

  if (++writing->n % 256 == 0
      && !go_on (self, writing->cancellable, FIRST_STEP + (1 - FIRST_STEP) * share, writing->n,
                 error))
    return FALSE;

  if (fields == NULL
      || !alm_desk_import_add (writing->import,
                               alm_id_parse (&id, row->cells[1]) ? &id : NULL, self->scope,
                               self->kind, fields, NULL, error))
    {
      g_prefix_error (error, "line %" G_GINT64_FORMAT ": ", row->line);
      return FALSE;
    }

  return TRUE;
}

/* The result as it has really come. */
static void
correct_result (AlmImport             *self,
                const AlmImportCounts *counts)
{
  gint64 same = alm_value_get_integer_of (self->result, "same", 0);
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&counts->id, id);
  alm_value_set_text (self->result, "import", id);
  alm_value_set_integer (self->result, "new", counts->n_new);
  alm_value_set_integer (self->result, "changed", counts->n_changed);
  alm_value_set_integer (self->result, "same", same + counts->n_same);
  alm_value_set (self->result, "seconds",
                 alm_value_new_double (round ((g_get_monotonic_time () - self->began) / 1e3)
                                       / 1e3));
}

static gboolean
write_all (AlmImport     *self,
           AlmDesk       *desk,
           GCancellable  *cancellable,
           GError       **error)
{
  Writing writing = { self, alm_desk_import_begin (desk, error), cancellable, 0 };
  g_autoptr (AlmValue) record = NULL;

  if (writing.import == NULL)
    return FALSE;
  if (!alm_import_spool_each (self->ready, write_row, &writing, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      alm_desk_import_abort (writing.import);
      return FALSE;
    }

  correct_result (self, alm_desk_import_get_counts (writing.import));
  record = make_record (self);

  return alm_desk_import_commit (writing.import, record, NULL, error);
}

gboolean
alm_import_write (AlmImport     *self,
                  AlmDesk       *desk,
                  GCancellable  *cancellable,
                  GError       **error)
{
  AlmImportStamp stamp;
  gboolean fine;

  g_return_val_if_fail (self->ready != NULL, FALSE);

  if (!alm_desk_import_get_stamp (desk, self->scope, &stamp, error))
    return FALSE;
  if (memcmp (&stamp, &self->stamp, sizeof stamp) != 0
      && !alm_import_prepare (self, desk, self->flags, cancellable, error))
    return FALSE;
  if (!set_mark (self, desk, self->n_earlier, error))
    return FALSE;

  fine = write_all (self, desk, cancellable, error);
  alm_desk_set_setting (desk, MARK, NULL, NULL);
  g_clear_pointer (&self->ready, alm_import_spool_free);

  return fine;
}

gboolean
alm_import_run (AlmImport       *self,
                AlmDesk         *desk,
                AlmImportFlags   flags,
                GCancellable    *cancellable,
                GError         **error)
{
  return alm_import_prepare (self, desk, flags, cancellable, error)
         && ((flags & ALM_IMPORT_DRY_RUN) != 0
             || alm_import_write (self, desk, cancellable, error));
}
