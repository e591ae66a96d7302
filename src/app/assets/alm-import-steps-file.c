/* SPDX-License-Identifier: EUPL-1.2 */

/* The first step of the import assistant: the file as it was understood, its
 * first rows, and what an earlier delivery has left.  Main thread. */

#include "config.h"

#include "alm-import-steps-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define SAMPLE_ROWS 5
#define SAMPLE_COLUMNS 12
#define CELL_WIDTH 22

static const char *const encodings[] = {
  "UTF-8", "ISO-8859-1", "Windows-1252", "CP850", NULL
};

static void
encoding_chosen_cb (AlmImportAssistant *self)
{
  guint chosen = adw_combo_row_get_selected (self->encoding_row);

  if (self->filling || chosen >= G_N_ELEMENTS (encodings) - 1)
    return;

  /* Everything else is guessed again from the text as it now reads. */
  g_clear_pointer (&self->mapping, alm_import_mapping_free);
  self->mapping = alm_import_mapping_new ();
  self->mapping->encoding = g_strdup (encodings[chosen]);
  alm_import_assistant_read_again (self);
}

void
alm_import_steps_build_file (AlmImportAssistant *self)
{
  g_signal_connect_object (self->encoding_row, "notify::selected",
                           G_CALLBACK (encoding_chosen_cb), self, G_CONNECT_SWAPPED);
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
  GPtrArray *uses = alm_import_get_columns (import);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sample_grid))) != NULL)
    gtk_grid_remove (self->sample_grid, child);

  for (guint c = 0; c < MIN (uses->len, SAMPLE_COLUMNS); c++)
    {
      AlmImportUse *use = uses->pdata[c];

      gtk_grid_attach (self->sample_grid, make_cell (use->name, TRUE), (int) c, 0, 1, 1);
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

  gtk_widget_set_visible (GTK_WIDGET (self->encoding_row), facts->encoding != NULL);
  if (facts->encoding == NULL)
    return;

  while (encodings[chosen] != NULL && g_ascii_strcasecmp (encodings[chosen], facts->encoding) != 0)
    chosen++;
  if (encodings[chosen] == NULL)
    gtk_string_list_append (list, facts->encoding);
  adw_combo_row_set_model (self->encoding_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->encoding_row, chosen);
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

void
alm_import_steps_fill_file (AlmImportAssistant *self,
                            AlmImport          *import)
{
  const AlmImportFacts *facts = alm_import_get_facts (import);
  GPtrArray *uses = alm_import_get_columns (import);
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *size = g_format_size (facts->size);
  g_autofree char *rows = NULL;
  g_autofree char *about = NULL;
  /* As it is written: "CSV", "GeoJSON". */
  const char *kind = strcmp (facts->format, "csv") == 0 ? "CSV" : facts->format;
  g_autofree char *columns = NULL;
  g_autofree char *format = NULL;

  rows = g_strdup_printf (ngettext ("%'ld row", "%'ld rows", (gulong) facts->rows),
                          (long) facts->rows);
  about = g_strdup_printf ("%s · %s", rows, size);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->file_row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name);
  adw_action_row_set_subtitle (self->file_row, about);

  columns = g_strdup_printf (ngettext ("%u column", "%u columns", uses->len), uses->len);
  if (facts->separator == '\t')
    format = g_strdup_printf (_("%s, separated by tabs · %s"), kind, columns);
  else if (facts->separator != 0)
    format = g_strdup_printf (_("%s, separated by “%c” · %s"), kind, facts->separator,
                              columns);
  else
    format = g_strdup_printf ("%s · %s", kind, columns);
  adw_action_row_set_subtitle (self->format_row, format);

  fill_encodings (self, facts);
  fill_saved (self, import);
  fill_sample (self, import);
}
