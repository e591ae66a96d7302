/* SPDX-License-Identifier: EUPL-1.2 */

/* The first step of the import assistant: the file as it was understood, its
 * first rows, and what an earlier delivery has left.  Main thread. */

#include "config.h"

#include "alm-import-choices.h"
#include "alm-import-steps-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define SAMPLE_ROWS 5
#define SAMPLE_COLUMNS 12
#define CELL_WIDTH 22

static const char *const encodings[] = {
  "UTF-8", "ISO-8859-1", "Windows-1252", "CP850", NULL
};

/* Of what was said only which list is meant. */
static void
begin_anew (AlmImportAssistant *self)
{
  g_autoptr (AlmImportMapping) before = g_steal_pointer (&self->mapping);

  self->mapping = alm_import_mapping_new ();
  self->mapping->layer = before != NULL ? g_strdup (before->layer) : NULL;
}

static void
encoding_chosen_cb (AlmImportAssistant *self)
{
  guint chosen = adw_combo_row_get_selected (self->encoding_row);

  if (self->filling || self->busy || chosen >= G_N_ELEMENTS (encodings) - 1)
    return;

  /* Everything else is guessed again from the text as it now reads. */
  begin_anew (self);
  self->mapping->encoding = g_strdup (encodings[chosen]);
  alm_import_assistant_read_again (self, GTK_WIDGET (self->encoding_row));
}

static void
layer_chosen_cb (AlmImportAssistant *self)
{
  AlmImport *import;
  GPtrArray *layers;
  guint chosen = adw_combo_row_get_selected (self->layer_row);

  if (self->filling || self->busy || self->work == NULL)
    return;

  import = alm_import_work_get_import (self->work);
  layers = alm_import_get_layers (import);
  /* Before the layers stands the question. */
  if (alm_import_get_facts (import) == NULL)
    chosen--;
  if (chosen >= layers->len)
    return;

  begin_anew (self);
  g_free (self->mapping->layer);
  self->mapping->layer = g_strdup (((AlmImportLayer *) layers->pdata[chosen])->name);
  alm_import_assistant_read_again (self, GTK_WIDGET (self->layer_row));
}

void
alm_import_steps_build_file (AlmImportAssistant *self)
{
  g_signal_connect_object (self->encoding_row, "notify::selected",
                           G_CALLBACK (encoding_chosen_cb), self, G_CONNECT_SWAPPED);
  alm_import_steps_name_row (self->encoding_row);
  alm_import_choices_set_up (self->layer_row);
  alm_import_steps_name_row (self->layer_row);
  g_signal_connect_object (self->layer_row, "notify::selected", G_CALLBACK (layer_chosen_cb),
                           self, G_CONNECT_SWAPPED);
}

/* What a layer is, in a word. */
static const char *
name_geometry (const char *geometry)
{
  if (geometry == NULL)
    return _("table");
  if (strstr (geometry, "Point") != NULL)
    return _("points");
  if (strstr (geometry, "Line") != NULL || strstr (geometry, "Curve") != NULL)
    return _("lines");
  if (strstr (geometry, "Polygon") != NULL || strstr (geometry, "Surface") != NULL)
    return _("areas");

  return _("places of several kinds");
}

static char *
describe_layer (const AlmImportLayer *layer)
{
  g_autofree char *rows = NULL;

  if (layer->count < 0)
    return g_strdup (name_geometry (layer->geometry));

  rows = g_strdup_printf (ngettext ("%'ld row", "%'ld rows", (gulong) layer->count),
                          (long) layer->count);

  return g_strdup_printf ("%s · %s", name_geometry (layer->geometry), rows);
}

/* Why the layer that is used. */
static const char *
explain_layer (AlmImportAssistant   *self,
               const AlmImportFacts *facts)
{
  if (facts == NULL)
    return _("The file holds several lists");

  return self->mapping != NULL && self->mapping->layer != NULL
         ? _("as given") : _("the one that fits best");
}

static void
fill_layers (AlmImportAssistant   *self,
             AlmImport            *import,
             const AlmImportFacts *facts)
{
  GPtrArray *layers = alm_import_get_layers (import);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint chosen = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->layer_row), layers->len > 1);
  if (layers->len < 2)
    return;

  if (facts == NULL)
    alm_import_choices_append (list, _("Please choose"), NULL);
  for (guint i = 0; i < layers->len; i++)
    {
      const AlmImportLayer *layer = layers->pdata[i];
      g_autofree char *detail = describe_layer (layer);

      alm_import_choices_append (list, layer->name, detail);
      if (facts != NULL && g_strcmp0 (layer->name, facts->layer) == 0)
        chosen = i;
    }
  adw_combo_row_set_model (self->layer_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->layer_row, chosen);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->layer_row), explain_layer (self, facts));
}

static const char *
get_cell (const AlmImportSample *row,
          guint                  column)
{
  const char *cell = column < row->n_cells ? row->cells[column] : NULL;

  return cell != NULL ? cell : "";
}

static GtkWidget *
make_cell (const char *text,
           gboolean    heading)
{
  GtkWidget *cell = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (cell), 0);
  /* As wide as the text, up to a point: the table scrolls, it is not squeezed. */
  if (g_utf8_strlen (text, -1) > CELL_WIDTH)
    {
      gtk_label_set_ellipsize (GTK_LABEL (cell), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (cell), CELL_WIDTH);
      gtk_label_set_max_width_chars (GTK_LABEL (cell), CELL_WIDTH);
    }
  gtk_widget_add_css_class (cell, heading ? "heading" : "caption");

  return cell;
}

static void
fill_sample (AlmImportAssistant *self,
             AlmImport          *import)
{
  GPtrArray *sample = alm_import_get_sample (import);
  GPtrArray *names = alm_import_get_names (import);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sample_grid))) != NULL)
    gtk_grid_remove (self->sample_grid, child);

  for (guint c = 0; c < MIN (names->len, SAMPLE_COLUMNS); c++)
    {
      gtk_grid_attach (self->sample_grid, make_cell (names->pdata[c], TRUE), (int) c, 0, 1, 1);
      for (guint r = 0; r < MIN (sample->len, SAMPLE_ROWS); r++)
        {
          AlmImportSample *row = sample->pdata[r];

          gtk_grid_attach (self->sample_grid,
                           make_cell (get_cell (row, c), FALSE),
                           (int) c, (int) r + 1, 1, 1);
        }
    }
}

static void
fill_encodings (AlmImportAssistant   *self,
                const AlmImportFacts *facts)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (encodings);
  guint chosen = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->encoding_row),
                          facts != NULL && facts->encoding != NULL);
  if (facts == NULL || facts->encoding == NULL)
    return;

  while (encodings[chosen] != NULL && g_ascii_strcasecmp (encodings[chosen], facts->encoding) != 0)
    chosen++;
  if (encodings[chosen] == NULL)
    gtk_string_list_append (list, facts->encoding);
  adw_combo_row_set_model (self->encoding_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->encoding_row, chosen);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->encoding_row),
                               facts->encoding_reason != NULL ? _(facts->encoding_reason) : "");
}

/* "3.5.2024" of the record's point in time */
static char *
print_day (const char *at)
{
  g_autoptr (GDateTime) time = at != NULL ? g_date_time_new_from_iso8601 (at, NULL) : NULL;
  g_autoptr (GDateTime) here = time != NULL ? g_date_time_to_local (time) : NULL;

  return here != NULL ? g_date_time_format (here, "%x") : NULL;
}

/* The mapping that an earlier delivery has left, and how the columns have drifted. */
static void
fill_saved (AlmImportAssistant *self,
            AlmImport          *import)
{
  const AlmImportSaved *saved = alm_import_get_saved (import);
  g_autoptr (GString) about = g_string_new (NULL);
  g_autofree char *escaped = NULL;
  g_autofree char *title = NULL;
  g_autofree char *day = NULL;
  g_autofree char *added = NULL;
  g_autofree char *missing = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->saved_row), saved != NULL);
  if (saved == NULL)
    return;

  day = print_day (saved->at);
  /* Translators: a date; what the columns of an earlier list are was used again */
  title = day != NULL ? g_strdup_printf (_("Mapping of %s Taken Over"), day)
                      : g_strdup (_("Earlier Mapping Taken Over"));
  g_string_append (about, saved->title != NULL ? saved->title : "");
  added = g_strjoinv (", ", saved->added);
  missing = g_strjoinv (", ", saved->missing);
  /* Translators: names of columns */
  if (*added != '\0')
    g_string_append_printf (about, _(" · new: %s"), added);
  if (*missing != '\0')
    g_string_append_printf (about, _(" · no longer there: %s"), missing);
  escaped = g_markup_escape_text (about->str, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->saved_row), title);
  adw_action_row_set_subtitle (self->saved_row, escaped);
}

static void
fill_name (AlmImportAssistant   *self,
           const AlmImportFacts *facts)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *size = facts != NULL ? g_format_size (facts->size) : NULL;
  g_autofree char *rows = NULL;
  g_autofree char *about = NULL;

  if (facts != NULL)
    {
      rows = g_strdup_printf (ngettext ("%'ld row", "%'ld rows", (gulong) facts->rows),
                              (long) facts->rows);
      about = g_strdup_printf ("%s · %s", rows, size);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->file_row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name);
  adw_action_row_set_subtitle (self->file_row, about != NULL ? about : "");
}

static void
fill_format (AlmImportAssistant   *self,
             const AlmImportFacts *facts,
             guint                 n_columns)
{
  /* As it is written: "CSV", "GeoJSON". */
  const char *kind = strcmp (facts->format, "csv") == 0 ? "CSV" : facts->format;
  g_autofree char *columns = NULL;
  g_autofree char *format = NULL;

  columns = g_strdup_printf (ngettext ("%u column", "%u columns", n_columns), n_columns);
  if (facts->separator == '\t')
    format = g_strdup_printf (_("%s, separated by tabs · %s"), kind, columns);
  else if (facts->separator != 0)
    format = g_strdup_printf (_("%s, separated by “%c” · %s"), kind, facts->separator,
                              columns);
  else
    format = g_strdup_printf ("%s · %s", kind, columns);
  adw_action_row_set_subtitle (self->format_row, format);
}

void
alm_import_steps_fill_file (AlmImportAssistant *self,
                            AlmImport          *import)
{
  const AlmImportFacts *facts = alm_import_get_facts (import);

  fill_name (self, facts);
  fill_layers (self, import, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->format_row), facts != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->sample_group), facts != NULL);
  fill_encodings (self, facts);
  fill_saved (self, import);
  if (facts == NULL)
    return;

  fill_format (self, facts, alm_import_get_names (import)->len);
  fill_sample (self, import);
}
