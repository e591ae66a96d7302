/* SPDX-License-Identifier: EUPL-1.2 */

/* Which column of a foreign table is which field of a model.  A name, a title
 * or an alias of the model decides, then one letter's difference; a guess whose
 * values do not fit the field's type is none.  Pure; any thread. */

#include "config.h"

#include "alm-import-columns.h"

#include "alm-import-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

AlmImportColumnStats *
alm_import_columns_count (GPtrArray              *sample,
                          guint                   n_columns,
                          const AlmImportMapping *mapping,
                          char                    fallback,
                          char                   *decimal)
{
  AlmImportColumnStats *stats = g_new0 (AlmImportColumnStats, n_columns + 1);
  guint n_point = 0, n_comma = 0;

  for (guint k = 0; k < sample->len; k++)
    {
      const AlmImportSample *row = sample->pdata[k];

      for (guint i = 0; i < MIN (row->n_cells, n_columns); i++)
        {
          g_autofree char *text = row->cells[i] != NULL ? alm_import_trim (row->cells[i]) : NULL;
          double number;

          if (text == NULL || alm_import_is_null (text))
            continue;
          stats[i].n++;
          stats[i].n_point += alm_import_parse_number (text, '.', &number);
          stats[i].n_comma += alm_import_parse_number (text, ',', &number);
        }
    }

  for (guint i = 0; i < n_columns; i++)
    {
      n_point += stats[i].n_point > stats[i].n_comma;
      n_comma += stats[i].n_comma > stats[i].n_point;
    }
  *decimal = mapping->decimal != 0 ? mapping->decimal
             : n_comma > n_point ? ',' : n_point > n_comma ? '.' : fallback;
  for (guint i = 0; i < n_columns; i++)
    stats[i].decimal = mapping->decimal != 0 ? mapping->decimal
                       : stats[i].n_comma > stats[i].n_point ? ','
                       : stats[i].n_point > stats[i].n_comma ? '.' : *decimal;

  return stats;
}

static void
use_free (gpointer data)
{
  AlmImportUse *use = data;

  g_free (use->name);
  g_clear_pointer (&use->codes, alm_value_unref);
  for (guint i = 0; i < G_N_ELEMENTS (use->samples); i++)
    g_free (use->samples[i]);
  g_free (use);
}

static void
keep_samples (AlmImportUse *use,
              GPtrArray    *sample,
              guint         column)
{
  guint n = 0;

  for (guint k = 0; k < sample->len && n < G_N_ELEMENTS (use->samples); k++)
    {
      const AlmImportSample *row = sample->pdata[k];
      g_autofree char *text = column < row->n_cells && row->cells[column] != NULL
                              ? alm_import_trim (row->cells[column]) : NULL;
      gboolean doubled = FALSE;

      if (text == NULL || *text == '\0')
        continue;
      for (guint i = 0; i < n; i++)
        doubled |= strcmp (use->samples[i], text) == 0;
      if (!doubled)
        use->samples[n++] = g_steal_pointer (&text);
    }
}

/* How well a folded header names a field: 4 its name, 3 an alias, 2 a title,
 * 1 one letter beside one of these, 0 not at all. */
static int
rate_name (const AlmField *field,
           const char     *folded)
{
  g_autofree char *name = alm_import_fold_name (field->name);
  g_autofree char *title = alm_import_fold_name (field->title);
  g_autofree char *title_en = field->title_en != NULL ? alm_import_fold_name (field->title_en)
                                                      : NULL;
  gboolean near = FALSE;

  if (strcmp (name, folded) == 0)
    return 4;
  for (guint i = 0; field->aliases != NULL && field->aliases[i] != NULL; i++)
    {
      g_autofree char *alias = alm_import_fold_name (field->aliases[i]);

      if (strcmp (alias, folded) == 0)
        return 3;
      near |= strlen (alias) >= 6 && strlen (folded) >= 6
              && alm_import_is_near_name (alias, folded);
    }
  if (strcmp (title, folded) == 0 || g_strcmp0 (title_en, folded) == 0)
    return 2;

  near |= strlen (title) >= 6 && strlen (folded) >= 6 && alm_import_is_near_name (title, folded);

  return near;
}

/* The best rating with or without the unit that the header carries. */
static int
rate_header (const AlmField *field,
             const char     *header)
{
  g_autofree char *folded = alm_import_fold_name (header);
  g_autofree char *rest = NULL;
  int rating = rate_name (field, folded);

  if (rating < 2 && alm_import_find_unit (header, &rest) != NULL)
    {
      g_autofree char *bare = alm_import_fold_name (rest);

      rating = MAX (rating, rate_name (field, bare));
    }

  return rating;
}

/* A column whose values are no such thing at all was named so by chance. */
static gboolean
has_fitting_values (const AlmImportUse *use,
                    GPtrArray          *sample,
                    guint               column)
{
  AlmImportRule rule = { use->field, use->decimal, use->scale, use->codes };
  guint n = 0, n_fitting = 0;

  for (guint k = 0; k < sample->len && n < 200; k++)
    {
      const AlmImportSample *row = sample->pdata[k];
      g_autofree char *text = column < row->n_cells && row->cells[column] != NULL
                              ? alm_import_trim (row->cells[column]) : NULL;
      g_autoptr (AlmValue) value = NULL;
      AlmImportFault fault = NULL;

      /* A year 0 is how lists say that nobody knows. */
      if (text == NULL || alm_import_is_null (text)
          || (strcmp (text, "0") == 0 && (use->field->type == ALM_FIELD_EDTF
                                          || use->field->type == ALM_FIELD_DATE)))
        continue;
      value = alm_import_read_value (&rule, text, &fault);
      n++;
      /* What is only too long or out of range is still of that kind. */
      n_fitting += value != NULL || g_strcmp0 (fault, "value-out-of-range") == 0
                   || g_strcmp0 (fault, "text-too-long") == 0;
    }

  return n == 0 || 2 * n_fitting >= n;
}

static double
find_scale (const AlmField *field,
            const char     *header)
{
  g_autofree char *rest = NULL;
  const char *unit = alm_import_find_unit (header, &rest);
  double factor = unit != NULL && field->unit != NULL
                  ? alm_import_unit_factor (unit, field->unit) : 0;

  return factor > 0 ? factor : 1;
}

static gboolean
take_given (const AlmModel          *model,
            const AlmImportMapping  *mapping,
            GPtrArray               *uses,
            GError                 **error)
{
  for (guint i = 0; i < mapping->columns->len; i++)
    {
      const AlmImportColumn *column = mapping->columns->pdata[i];
      AlmImportUse *use = NULL;

      for (guint k = 0; k < uses->len && use == NULL; k++)
        if (strcmp (((AlmImportUse *) uses->pdata[k])->name, column->column) == 0)
          use = uses->pdata[k];
      if (use == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "mapping: /columns: there is no column \"%s\"", column->column);
          return FALSE;
        }
      use->reason = column->to != NULL ? N_("as given") : N_("left out, as given");
      use->to_extra = FALSE;
      use->is_place = FALSE;
      if (column->to == NULL)
        continue;

      /* Where unmapped columns go, said outright. */
      if (strcmp (column->to, "extra") == 0)
        {
          use->to_extra = TRUE;
          continue;
        }

      use->field = alm_model_find_field (model, column->to);
      if (use->field == NULL || use->field->type == ALM_FIELD_GEOMETRY)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "mapping: /columns: %s has no field \"%s\"", alm_model_get_name (model),
                       column->to);
          return FALSE;
        }
      use->scale = column->scale;
      use->codes = column->codes != NULL ? alm_value_ref (column->codes) : NULL;
    }

  return TRUE;
}

static gboolean
is_taken (GPtrArray      *uses,
          const AlmField *field)
{
  for (guint i = 0; i < uses->len; i++)
    if (((AlmImportUse *) uses->pdata[i])->field == field)
      return TRUE;

  return FALSE;
}

/* Gives each field the column that names it best, best names first. */
static void
guess_fields (const AlmModel         *model,
              const AlmImportMapping *mapping,
              GPtrArray              *uses,
              GPtrArray              *sample)
{
  static const char *const reasons[] = {
    NULL, N_("one letter beside the field's name"), N_("the field's title"),
    N_("a usual name of the field"), N_("the field's name"),
  };

  guint n_fields = alm_model_get_n_fields (model);
  g_autofree int *ratings = g_new0 (int, uses->len * n_fields + 1);

  for (guint i = 0; i < uses->len; i++)
    for (guint k = 0; k < n_fields; k++)
      ratings[i * n_fields + k] = rate_header (alm_model_get_field (model, k),
                                               ((AlmImportUse *) uses->pdata[i])->name);

  for (int wanted = 4; wanted >= 1; wanted--)
    for (guint i = 0; i < uses->len; i++)
      {
        AlmImportUse *use = uses->pdata[i];

        if (use->field != NULL || use->is_place
            || alm_import_mapping_find (mapping, use->name) != NULL)
          continue;
        for (guint k = 0; k < n_fields; k++)
          {
            const AlmField *field = alm_model_get_field (model, k);

            if (field->type == ALM_FIELD_GEOMETRY || field->read_only
                || (strcmp (field->name, "extra") == 0 && wanted < 4) || is_taken (uses, field)
                || ratings[i * n_fields + k] != wanted)
              continue;
            use->field = field;
            use->scale = find_scale (field, use->name);
            if (has_fitting_values (use, sample, i))
              {
                use->reason = reasons[wanted];
                break;
              }
            use->field = NULL;
            use->scale = 1;
          }
      }
}

GPtrArray *
alm_import_columns_guess (const AlmModel              *model,
                          const AlmImportMapping      *mapping,
                          GPtrArray                   *columns,
                          const AlmImportColumnStats  *stats,
                          GPtrArray                   *sample,
                          AlmImportPlaces             *places,
                          GError                     **error)
{
  const AlmField *extra = alm_model_find_field (model, "extra");
  gboolean has_extra = extra != NULL && extra->type == ALM_FIELD_OBJECT;
  g_autoptr (GPtrArray) uses = g_ptr_array_new_with_free_func (use_free);

  for (guint i = 0; i < columns->len; i++)
    {
      AlmImportUse *use = g_new0 (AlmImportUse, 1);

      use->name = g_strdup (columns->pdata[i]);
      use->scale = 1;
      use->decimal = stats[i].decimal;
      use->is_place = places != NULL && alm_import_places_use (places, (int) i);
      keep_samples (use, sample, i);
      g_ptr_array_add (uses, use);
    }
  if (!take_given (model, mapping, uses, error))
    return NULL;

  guess_fields (model, mapping, uses, sample);
  for (guint i = 0; i < uses->len; i++)
    {
      AlmImportUse *use = uses->pdata[i];

      if (use->reason != NULL)
        continue;
      if (use->is_place)
        use->reason = N_("it says where");
      else
        {
          use->to_extra = has_extra;
          use->reason = N_("no field is named so");
        }
    }

  return g_steal_pointer (&uses);
}
