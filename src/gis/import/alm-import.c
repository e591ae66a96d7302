/* SPDX-License-Identifier: EUPL-1.2 */

/* Understanding a foreign file: model, city, sample, columns, place.  Writing
 * it is alm-import-run.c.  One thread at a time. */

#include "config.h"

#include "alm-import-private.h"

#include "alm-crs.h"
#include "alm-utm.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SAMPLE_HEAD 1000
#define SAMPLE_MAX  2000

G_DEFINE_QUARK (alm-import-error-quark, alm_import_error)

AlmImport *
alm_import_new (const char *file,
                const char *kind,
                const char *scope)
{
  AlmImport *self = g_new0 (AlmImport, 1);

  self->file = g_strdup (file);
  self->kind = g_strdup (kind);
  self->scope = g_strdup (scope != NULL ? scope : "local");
  self->mapping = alm_import_mapping_new ();
  self->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_import_layer_free);

  return self;
}

static void
forget_guesses (AlmImport *self)
{
  g_clear_pointer (&self->uses, g_ptr_array_unref);
  g_clear_pointer (&self->places, alm_import_places_free);
  g_clear_pointer (&self->stats, g_free);
}

void
alm_import_free (AlmImport *self)
{
  if (self == NULL)
    return;

  forget_guesses (self);
  g_clear_pointer (&self->sample, g_ptr_array_unref);
  g_clear_pointer (&self->layers, g_ptr_array_unref);
  g_clear_pointer (&self->source, alm_import_source_free);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->saved, alm_import_saved_free);
  g_clear_pointer (&self->result, alm_value_unref);
  g_clear_pointer (&self->ready, alm_import_spool_free);
  alm_import_mapping_free (self->mapping);
  g_free (self->file);
  g_free (self->kind);
  g_free (self->scope);
  g_free (self);
}

/* What is said must be what was found; what is not said must have been guessed. */
static gboolean
is_as_found (const char *next,
             const char *before,
             const char *found)
{
  return next == NULL ? before == NULL : g_strcmp0 (next, found) == 0;
}

/* Whether another mapping reads the bytes as they were read. */
static gboolean
reads_alike (AlmImport              *self,
             const AlmImportMapping *next)
{
  const AlmImportFacts *facts = alm_import_get_facts (self);
  const AlmImportMapping *before = self->mapping;
  char separator[] = { facts->separator, '\0' };
  char quote[] = { facts->quote, '\0' };

  return is_as_found (next->format, before->format, facts->format)
         && is_as_found (next->encoding, before->encoding, facts->encoding)
         && is_as_found (next->separator, before->separator, separator)
         && is_as_found (next->quote, before->quote, quote)
         && is_as_found (next->escape, before->escape, facts->escape)
         && is_as_found (next->layer, before->layer, facts->layer)
         && (next->header < 0 ? before->header < 0 : next->header == facts->header);
}

void
alm_import_set_mapping (AlmImport              *self,
                        const AlmImportMapping *mapping)
{
  g_autoptr (AlmImportMapping) next = alm_import_mapping_copy (mapping);

  g_return_if_fail (next != NULL);

  forget_guesses (self);
  if (self->source != NULL && !reads_alike (self, next))
    {
      g_clear_pointer (&self->sample, g_ptr_array_unref);
      g_clear_pointer (&self->source, alm_import_source_free);
    }
  alm_import_mapping_free (self->mapping);
  self->mapping = g_steal_pointer (&next);
}

void
alm_import_set_use_saved (AlmImport *self,
                          gboolean   use_saved)
{
  self->use_saved = use_saved;
  if (!use_saved)
    g_clear_pointer (&self->saved, alm_import_saved_free);
}

void
alm_import_set_progress (AlmImport             *self,
                         AlmImportProgressFunc  func,
                         gpointer               user_data)
{
  self->progress = func;
  self->progress_data = user_data;
}

static gboolean
read_box (const AlmValue *list,
          AlmGeoBox      *box)
{
  double *sides[] = { &box->w, &box->s, &box->e, &box->n };

  if (list == NULL || !alm_value_is (list, ALM_VALUE_LIST) || alm_value_get_size (list) != 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      if (!alm_value_is_number (alm_value_get_item (list, i)))
        return FALSE;
      *sides[i] = alm_value_get_double (alm_value_get_item (list, i));
    }

  return TRUE;
}

static gboolean
take_city (const AlmRow  *row,
           gpointer       user_data,
           GError       **error)
{
  AlmImportCity *city = user_data;
  const char *crs = alm_value_get_text_of (row->fields, "crs");
  AlmGeoBox box;

  if (crs != NULL && g_str_has_prefix (crs, "EPSG:")
      && alm_utm_is_system ((int) g_ascii_strtoll (crs + 5, NULL, 10)))
    city->crs = (int) g_ascii_strtoll (crs + 5, NULL, 10);
  if (read_box (alm_value_get (row->fields, "bbox"), &box))
    city->city = box;
  if (read_box (alm_value_get (row->fields, "country_bbox"), &box))
    city->country = box;

  return TRUE;
}

typedef struct
{
  const char *kind;
  char       *fault;
} FaultSearch;

static gboolean
find_fault (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  FaultSearch *search = user_data;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmModel) model = NULL;
  AlmValue *schema = alm_value_get (row->fields, "schema");

  if (search->fault != NULL || schema == NULL
      || g_strcmp0 (alm_value_get_text_of (row->fields, "name"), search->kind) != 0)
    return TRUE;

  model = alm_model_new (search->kind, schema, faults);
  if (model == NULL && faults->len > 0)
    search->fault = g_strdup (faults->pdata[0]);

  return TRUE;
}

/* Why there is no model: nobody has added one, or the one that is there has faults. */
static gboolean
refuse_kind (AlmImport  *self,
             AlmDesk    *desk,
             GError    **error)
{
  FaultSearch search = { .kind = self->kind };
  g_autofree char *fault = NULL;

  if (!alm_desk_each (desk, NULL, "model", FALSE, find_fault, &search, error))
    return FALSE;

  fault = search.fault;
  if (fault != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("the model of kind '%s' has a fault: %s"), self->kind, fault);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("kind '%s' has no model here (allmendectl model add)"), self->kind);

  return FALSE;
}

/* What needs no look at the file: kind, model, scope and the right to write there. */
static gboolean
load_context (AlmImport  *self,
              AlmDesk    *desk,
              GError    **error)
{
  AlmModel *model;

  self->city = (AlmImportCity) {
    .crs = ALM_GEO_CRS_DEFAULT,
    .city = { ALM_GEO_CITY_WEST, ALM_GEO_CITY_SOUTH, ALM_GEO_CITY_EAST, ALM_GEO_CITY_NORTH },
    .country = { ALM_GEO_COUNTRY_WEST, ALM_GEO_COUNTRY_SOUTH, ALM_GEO_COUNTRY_EAST,
                 ALM_GEO_COUNTRY_NORTH },
  };
  if (!alm_name_is_scope (self->scope))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("'%s' is no name of a scope"),
                   self->scope);
      return FALSE;
    }

  model = alm_desk_get_model (desk, self->kind);
  if (model == NULL)
    return refuse_kind (self, desk, error);
  if (!alm_desk_may_write (desk, self->scope, error))
    return FALSE;

  g_clear_pointer (&self->model, alm_model_unref);
  self->model = alm_model_ref (model);
  self->geometry = alm_model_find_role (self->model, ALM_ROLE_GEOMETRY);

  return alm_desk_each (desk, NULL, "city", FALSE, take_city, &self->city, error);
}

typedef struct
{
  GPtrArray *sample;
  gint64     n;
  gint64     step;
} Sampling;

static gboolean
take_sample (const AlmImportRow  *row,
             gpointer             user_data,
             GError             **error)
{
  Sampling *sampling = user_data;
  gint64 index = sampling->n++;
  AlmImportSample *sample;

  if (index >= SAMPLE_HEAD && ((index - SAMPLE_HEAD) % sampling->step != 0
                               || sampling->sample->len >= SAMPLE_MAX))
    return TRUE;

  sample = g_new0 (AlmImportSample, 1);
  sample->line = row->line;
  sample->n_cells = row->n_cells;
  sample->cells = g_new0 (char *, row->n_cells + 1);
  for (guint i = 0; i < row->n_cells; i++)
    sample->cells[i] = g_strdup (row->cells[i]);
  if (row->wkb != NULL)
    sample->wkb = g_bytes_new (row->wkb, row->wkb_length);
  g_ptr_array_add (sampling->sample, sample);

  return TRUE;
}

/* The first thousand rows, and a thousand of all others. */
static gboolean
sample_rows (AlmImport  *self,
             GError    **error)
{
  gint64 rows = alm_import_source_get_facts (self->source)->rows;
  Sampling sampling = {
    .step = MAX (1, (rows - SAMPLE_HEAD + SAMPLE_MAX - SAMPLE_HEAD - 1)
                    / (SAMPLE_MAX - SAMPLE_HEAD)),
  };

  g_clear_pointer (&self->sample, g_ptr_array_unref);
  self->sample = sampling.sample =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_import_sample_free);

  return alm_import_source_each (self->source, take_sample, &sampling, error);
}

gboolean
alm_import_understand (AlmImport  *self,
                       GError    **error)
{
  const AlmImportFacts *facts = alm_import_source_get_facts (self->source);
  GPtrArray *columns = alm_import_source_get_columns (self->source);
  char fallback = facts->is_text && facts->separator == ';' ? ',' : '.';

  forget_guesses (self);
  self->stats = alm_import_columns_count (self->sample, columns->len, self->mapping, fallback,
                                          &self->decimal);
  if (self->geometry != NULL)
    {
      self->places = alm_import_places_new (self->mapping, facts, columns, self->stats,
                                            self->sample, &self->city, error);
      if (self->places == NULL || !alm_import_places_check (self->places, error))
        return FALSE;
    }
  self->uses = alm_import_columns_guess (self->model, self->mapping, columns, self->stats,
                                         self->sample, self->places, error);

  return self->uses != NULL;
}

/* What an earlier delivery has left, where nobody has said what the columns are. */
static gboolean
take_saved (AlmImport  *self,
            AlmDesk    *desk,
            GError    **error)
{
  AlmImportMapping *mapping = self->mapping;
  g_autoptr (GError) reason = NULL;

  if (!self->use_saved || mapping->columns->len > 0 || mapping->place != ALM_IMPORT_PLACE_GUESS
      || mapping->key != NULL)
    return TRUE;

  g_clear_pointer (&self->saved, alm_import_saved_free);
  self->saved = alm_import_saved_find (desk, self->model, self->scope,
                                       alm_import_source_get_columns (self->source), &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  if (self->saved != NULL)
    alm_import_mapping_take_meaning (mapping, self->saved->mapping);

  return TRUE;
}

gboolean
alm_import_analyse (AlmImport     *self,
                    AlmDesk       *desk,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const char *wanted;

  if (!load_context (self, desk, error))
    return FALSE;

  wanted = self->geometry != NULL ? self->geometry->format + strlen ("geometry-") : NULL;
  if (self->source == NULL)
    {
      self->source = alm_import_source_open (self->file, self->mapping, wanted, self->layers,
                                             self->progress, self->progress_data, cancellable,
                                             error);
      if (self->source == NULL || !sample_rows (self, error))
        {
          g_clear_pointer (&self->source, alm_import_source_free);
          return FALSE;
        }
    }

  return take_saved (self, desk, error) && alm_import_understand (self, error);
}

const AlmImportFacts *
alm_import_get_facts (AlmImport *self)
{
  return self->source != NULL ? alm_import_source_get_facts (self->source) : NULL;
}

GPtrArray *
alm_import_get_layers (AlmImport *self)
{
  return self->layers;
}

GPtrArray *
alm_import_get_names (AlmImport *self)
{
  return self->source != NULL ? alm_import_source_get_columns (self->source) : NULL;
}

AlmModel *
alm_import_get_model (AlmImport *self)
{
  return self->model;
}

char
alm_import_get_decimal (AlmImport *self)
{
  return self->decimal;
}

GPtrArray *
alm_import_get_columns (AlmImport *self)
{
  return self->uses;
}

AlmImportPlaces *
alm_import_get_places (AlmImport *self)
{
  return self->places;
}

const AlmImportCity *
alm_import_get_city (AlmImport *self)
{
  return &self->city;
}

const AlmImportSaved *
alm_import_get_saved (AlmImport *self)
{
  return self->saved;
}

GPtrArray *
alm_import_get_sample (AlmImport *self)
{
  return self->sample;
}

AlmValue *
alm_import_get_result (AlmImport *self)
{
  return self->result;
}

GArray *
alm_import_locate_sample (AlmImport *self)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (AlmImportPoint));

  for (guint i = 0; self->places != NULL && i < self->sample->len; i++)
    {
      const AlmImportSample *sample = self->sample->pdata[i];
      gsize length = 0;
      AlmImportRow row = {
        .line = sample->line, .n_cells = sample->n_cells,
        .cells = (const char *const *) sample->cells,
        .wkb = sample->wkb != NULL ? g_bytes_get_data (sample->wkb, &length) : NULL,
      };
      AlmImportPoint point = { .line = sample->line };
      AlmImportSpot spot;

      row.wkb_length = length;
      alm_import_places_locate (self->places, &row, self->geometry->format, &spot);
      if (spot.geometry == NULL)
        continue;
      point.lon = spot.lon;
      point.lat = spot.lat;
      alm_value_unref (spot.geometry);
      g_free (spot.rebuilt);
      g_array_append_val (points, point);
    }

  return points;
}

static void
fill_place (AlmImport        *self,
            AlmImportMapping *mapping)
{
  GPtrArray *columns = alm_import_source_get_columns (self->source);
  const AlmImportPlaceGuess *guess;

  if (mapping->place != ALM_IMPORT_PLACE_GUESS || self->places == NULL)
    return;
  if (alm_import_places_get_n (self->places) == 0)
    {
      mapping->place = ALM_IMPORT_PLACE_NONE;
      return;
    }

  guess = alm_import_places_get (self->places, 0);
  mapping->place = guess->type;
  mapping->x = guess->x >= 0 ? g_strdup (columns->pdata[guess->x]) : NULL;
  mapping->y = guess->y >= 0 ? g_strdup (columns->pdata[guess->y]) : NULL;
  g_free (mapping->crs);
  mapping->crs = g_strdup (guess->crs);
}

AlmImportMapping *
alm_import_make_mapping (AlmImport *self)
{
  AlmImportMapping *mapping = alm_import_mapping_copy (self->mapping);
  const AlmImportFacts *facts = alm_import_get_facts (self);

  g_return_val_if_fail (facts != NULL, mapping);

  if (mapping->format == NULL)
    mapping->format = g_strdup (facts->format);
  if (facts->is_text)
    {
      g_free (mapping->encoding);
      g_free (mapping->separator);
      g_free (mapping->quote);
      g_free (mapping->escape);
      mapping->encoding = g_strdup (facts->encoding);
      mapping->separator = g_strdup_printf ("%c", facts->separator);
      mapping->quote = g_strdup ((char[]) { facts->quote, '\0' });
      mapping->escape = g_strdup (facts->escape);
      mapping->header = facts->header;
      mapping->decimal = self->decimal;
    }
  fill_place (self, mapping);
  for (guint i = 0; self->uses != NULL && i < self->uses->len; i++)
    {
      const AlmImportUse *use = self->uses->pdata[i];

      if (use->field != NULL)
        alm_import_mapping_map (mapping, use->name, use->field->name, use->scale, use->codes);
    }

  return mapping;
}

gboolean
alm_import_keep_mapping (AlmImport  *self,
                         AlmDesk    *desk,
                         GError    **error)
{
  g_autoptr (AlmImportMapping) mapping = alm_import_make_mapping (self);
  g_autofree char *title = g_path_get_basename (self->file);
  const char *batch = alm_value_get_text_of (self->result, "import");

  return alm_import_saved_keep (desk, self->kind, self->scope, title,
                                alm_import_source_get_columns (self->source), mapping, batch,
                                error);
}
