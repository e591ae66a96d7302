/* SPDX-License-Identifier: EUPL-1.2 */

/* One row of a foreign table becomes the fields of a record.
 *
 * Invariant: a value that does not fit never blocks its row; it stays as text
 * in `extra` and is counted.  One thread at a time. */

#include "config.h"

#include "alm-csv.h"
#include "alm-import-private.h"
#include "alm-import-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_header_again (AlmImport          *self,
                 const AlmImportRow *row)
{
  GPtrArray *header = alm_import_source_get_header (self->source);

  if (header == NULL || row->n_cells != header->len)
    return FALSE;
  for (guint i = 0; i < header->len; i++)
    {
      g_autofree char *a = g_utf8_casefold (header->pdata[i], -1);
      g_autofree char *b = g_utf8_casefold (row->cells[i] != NULL ? row->cells[i] : "", -1);

      if (strcmp (a, b) != 0)
        return FALSE;
    }

  return TRUE;
}

const char *
alm_import_check_shape (AlmImport          *self,
                        const AlmImportRow *row)
{
  guint wanted = alm_import_source_get_columns (self->source)->len;

  if (!alm_import_source_get_facts (self->source)->is_text)
    return NULL;
  if (row->n_cells < wanted)
    return "row-too-short";
  /* Separators at the end of a line add empty columns. */
  for (guint i = wanted; i < row->n_cells; i++)
    if (row->cells[i] != NULL && row->cells[i][0] != '\0')
      return "row-too-long";

  /* Cheap before dear: almost no row begins as the header does. */
  if (row->n_cells == wanted && is_header_again (self, row))
    return "header-repeated";

  return NULL;
}

gboolean
alm_import_check_formulas (AlmImport          *self,
                           const AlmImportRow *row,
                           GError            **error)
{
  GPtrArray *columns = alm_import_source_get_columns (self->source);

  for (guint i = 0; i < MIN (row->n_cells, columns->len); i++)
    if (row->cells[i] != NULL && alm_csv_is_formula (row->cells[i]))
      {
        g_autofree char *start = g_utf8_substring (row->cells[i], 0,
                                                   MIN (g_utf8_strlen (row->cells[i], -1), 60));

        g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_FORMULA,
                     _("line %ld, column \"%s\": a formula: %s"), (glong) row->line,
                     (char *) columns->pdata[i], start);
        return FALSE;
      }

  return TRUE;
}

static void
keep_in_extra (AlmValue   **extra,
               const char  *name,
               const char  *text)
{
  if (*extra == NULL)
    *extra = alm_value_new_object ();
  if (*name != '\0')
    alm_value_set_text (*extra, name, text);
}

static gboolean
has_extra (AlmImport *self)
{
  const AlmField *extra = alm_model_find_field (self->model, "extra");

  return extra != NULL && extra->type == ALM_FIELD_OBJECT;
}

static void
convert_cell (AlmImport           *self,
              const AlmImportRow  *row,
              guint                column,
              AlmImportReport     *report,
              AlmValue            *fields,
              AlmValue           **extra)
{
  const AlmImportUse *use = self->uses->pdata[column];
  AlmImportRule rule = { use->field, use->decimal, use->scale, use->codes };
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;
  AlmImportFault fault = NULL;
  AlmValue *value;

  if (row->cells[column] == NULL || (use->field == NULL && !use->to_extra))
    return;
  text = alm_import_trim (alm_csv_skip_guard (row->cells[column]));
  if (alm_import_is_null (text))
    return;
  if (use->field == NULL)
    {
      keep_in_extra (extra, use->name, text);
      return;
    }

  value = alm_import_read_value (&rule, text, &fault);
  if (value != NULL)
    {
      alm_value_set (fields, use->field->name, value);
      return;
    }

  words = g_strdup_printf ("%s \"%.40s\"", use->name, text);
  alm_import_report_add (report, fault, row->line, 1,
                         g_utf8_validate (words, -1, NULL) ? words : use->name);
  if (has_extra (self))
    keep_in_extra (extra, use->name, text);
}

static void
note_spot (AlmImportReport     *report,
           const AlmImportRow  *row,
           const AlmImportSpot *spot)
{
  if (spot->missing)
    alm_import_report_add (report, "place-missing", row->line, 1, NULL);
  if (spot->outside_country)
    alm_import_report_add (report, "place-outside-country", row->line, 1, NULL);
  if (spot->outside_city)
    alm_import_report_add (report, "place-outside-city", row->line, 1, NULL);
  if (spot->repaired)
    alm_import_report_add (report, "place-repaired", row->line, 1, NULL);
  if (spot->rebuilt != NULL)
    alm_import_report_add (report, "geometry-repaired", row->line, 1, spot->rebuilt);
  if (spot->disagrees)
    alm_import_report_add (report, "coordinates-disagree", row->line, 1, NULL);
}

static gboolean
has_required (AlmImport           *self,
              const AlmImportRow  *row,
              const AlmValue      *fields,
              AlmImportReport     *report)
{
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (field->required && alm_value_get (fields, field->name) == NULL)
        {
          alm_import_report_add (report, "required-missing", row->line, 1, field->name);
          return FALSE;
        }
    }

  return TRUE;
}

AlmValue *
alm_import_convert (AlmImport          *self,
                    const AlmImportRow *row,
                    AlmImportReport    *report,
                    AlmImportSpot      *spot)
{
  g_autoptr (AlmValue) fields = alm_value_new_object ();
  const AlmValue *constants = self->mapping->constants;
  AlmValue *extra = NULL;

  *spot = (AlmImportSpot) { 0 };
  if (row->n_controls > 0)
    alm_import_report_add (report, "control-character", row->line, row->n_controls, NULL);

  for (guint i = 0; i < MIN (row->n_cells, self->uses->len); i++)
    convert_cell (self, row, i, report, fields, &extra);
  for (guint i = 0; constants != NULL && i < alm_value_get_size (constants); i++)
    if (alm_value_get (fields, alm_value_get_key (constants, i)) == NULL)
      alm_value_set (fields, alm_value_get_key (constants, i),
                     alm_value_ref (alm_value_get_item (constants, i)));
  if (extra != NULL)
    {
      /* A column `extra` of our own export, and what came beside it. */
      const AlmValue *given = alm_value_get (fields, "extra");

      for (guint i = 0; given != NULL && i < alm_value_get_size (given); i++)
        alm_value_set (extra, alm_value_get_key (given, i),
                       alm_value_ref (alm_value_get_item (given, i)));
      alm_value_set (fields, "extra", extra);
    }

  if (self->geometry != NULL)
    {
      alm_import_places_locate (self->places, row, self->geometry->format, spot);
      if (self->mapping->place != ALM_IMPORT_PLACE_NONE)
        note_spot (report, row, spot);
      g_clear_pointer (&spot->rebuilt, g_free);
      if (spot->geometry != NULL)
        alm_value_set (fields, self->geometry->name, spot->geometry);
    }

  return has_required (self, row, fields, report) ? g_steal_pointer (&fields) : NULL;
}
