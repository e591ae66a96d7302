/* SPDX-License-Identifier: EUPL-1.2 */

/* What the steps of the import assistant show: what each column is, and what would
 * happen.  The first two steps, the file and where its rows lie, are
 * alm-import-steps-file.c and alm-import-steps-place.c.
 *
 * Every guess can be changed, and says why it was made.
 * Main thread; list_scopes_job() on a reader. */

#include "config.h"

#include "alm-import-steps-private.h"

#include "alm-desk-sync.h"

#include <glib/gi18n.h>

/* The choices of a column before the fields of the model. */
enum {
  COLUMN_DETAILS,
  COLUMN_LEAVE_OUT,
  COLUMN_FIRST_FIELD
};

/* Where it goes. */

static gboolean
take_scope (const AlmRow  *row,
            gpointer       user_data,
            GError       **error)
{
  g_ptr_array_add (user_data, g_strdup (row->scope));

  return FALSE;
}

/* @data: the kind.  The scope where its like already are comes first. */
static gpointer
list_scopes_job (AlmDesk   *desk,
                 gpointer   data,
                 GError   **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) scopes = NULL;
  g_autoptr (GError) reason = NULL;

  /* It ends with the first record, which is no error. */
  alm_desk_each (desk, NULL, data, FALSE, take_scope, names, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  scopes = alm_desk_sync_list_scopes (desk, error);
  if (scopes == NULL)
    return NULL;

  for (guint i = 0; i < scopes->len; i++)
    {
      const AlmDeskScope *scope = scopes->pdata[i];

      if (!g_str_equal (scope->scope, "system")
          && !g_ptr_array_find_with_equal_func (names, scope->scope, g_str_equal, NULL))
        g_ptr_array_add (names, g_strdup (scope->scope));
    }
  if (!g_ptr_array_find_with_equal_func (names, "local", g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup ("local"));

  return g_steal_pointer (&names);
}

static void
scopes_ready_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (AlmImportAssistant) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) scopes = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (scopes == NULL)
    {
      g_message ("scopes: %s", error->message);
      scopes = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (scopes, g_strdup ("local"));
    }

  for (guint i = 0; i < scopes->len; i++)
    gtk_string_list_append (list, g_str_equal (scopes->pdata[i], "local")
                                  ? _("On this computer only") : scopes->pdata[i]);
  self->filling = TRUE;
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  self->scopes = g_steal_pointer (&scopes);
  adw_combo_row_set_model (self->scope_row, G_LIST_MODEL (list));
  self->filling = FALSE;
  alm_import_assistant_start (self);
}

const char *
alm_import_steps_get_scope (AlmImportAssistant *self)
{
  guint chosen = adw_combo_row_get_selected (self->scope_row);

  return self->scopes != NULL && chosen < self->scopes->len ? self->scopes->pdata[chosen] : NULL;
}

static void
scope_chosen_cb (AlmImportAssistant *self)
{
  if (!self->filling)
    alm_import_assistant_change_scope (self);
}

AlmImportMapping *
alm_import_steps_get_mapping (AlmImportAssistant *self)
{
  if (self->mapping == NULL)
    self->mapping = alm_import_make_mapping (alm_import_work_get_import (self->work));

  return self->mapping;
}

/* Building. */

static void
name_list (GtkWidget  *widget,
           const char *title)
{
  if (GTK_IS_LIST_VIEW (widget))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_list (child, title);
}

void
alm_import_steps_name_row (AdwComboRow *row)
{
  name_list (GTK_WIDGET (row),
             adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
}

void
alm_import_steps_build (AlmImportAssistant *self)
{
  self->fields = g_ptr_array_new ();
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (!field->read_only && field->type != ALM_FIELD_GEOMETRY
          && field->type != ALM_FIELD_OBJECT && field->type != ALM_FIELD_LIST)
        g_ptr_array_add (self->fields, (gpointer) field);
    }

  self->column_rows = g_ptr_array_new ();
  self->count_rows = g_ptr_array_new ();
  self->issue_rows = g_ptr_array_new ();

  gtk_widget_set_visible (GTK_WIDGET (self->force_group), FALSE);

  alm_records_read_async (alm_workbench_get_records (self->workbench), list_scopes_job,
                          g_strdup (alm_model_get_name (self->model)), g_free,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable,
                          scopes_ready_cb, g_object_ref (self));

  g_signal_connect_object (self->scope_row, "notify::selected", G_CALLBACK (scope_chosen_cb),
                           self, G_CONNECT_SWAPPED);
  alm_import_steps_name_row (self->scope_row);
  alm_import_steps_build_file (self);
  alm_import_steps_build_place (self);
}

/* Takes away the rows that the last filling made. */
static void
clear_rows (AdwPreferencesGroup *group,
            GPtrArray           *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static GtkWidget *
add_row (AdwPreferencesGroup *group,
         GPtrArray           *rows,
         GtkWidget           *row,
         const char          *title,
         const char          *subtitle)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);

  return row;
}

/* Step 3. */

static void
column_chosen_cb (AlmImportAssistant *self,
                  GParamSpec         *pspec,
                  AdwComboRow        *row)
{
  guint chosen = adw_combo_row_get_selected (row);
  const char *column = g_object_get_data (G_OBJECT (row), "column");
  const char *field = NULL;
  AlmImportMapping *mapping;

  if (self->filling || self->busy)
    return;

  mapping = alm_import_steps_get_mapping (self);
  if (chosen == COLUMN_DETAILS)
    field = "extra";
  else if (chosen >= COLUMN_FIRST_FIELD)
    field = ((const AlmField *) self->fields->pdata[chosen - COLUMN_FIRST_FIELD])->name;
  alm_import_mapping_map (mapping, column, field, 1, NULL);
  self->changed = TRUE;
}

static guint
choose_column (AlmImportAssistant *self,
               const AlmImportUse *use)
{
  /* By name: the import has the model from the store, not this very one. */
  for (guint i = 0; use->field != NULL && i < self->fields->len; i++)
    if (g_str_equal (((const AlmField *) self->fields->pdata[i])->name, use->field->name))
      return COLUMN_FIRST_FIELD + i;

  return use->to_extra ? COLUMN_DETAILS : COLUMN_LEAVE_OUT;
}

static void
add_column (AlmImportAssistant *self,
            const AlmImportUse *use,
            GtkStringList      *choices)
{
  GtkWidget *row = use->is_place ? adw_action_row_new () : adw_combo_row_new ();
  GString *about = g_string_new (NULL);
  g_autofree char *subtitle = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (use->samples) && use->samples[i] != NULL; i++)
    g_string_append_printf (about, "%s%s", i > 0 ? "\u00a0· " : "", use->samples[i]);
  if (use->reason != NULL)
    g_string_append_printf (about, "%s%s", about->len > 0 ? "\n" : "", _(use->reason));
  subtitle = g_string_free (about, FALSE);

  add_row (self->columns_group, self->column_rows, row, use->name, subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  if (use->is_place)
    {
      GtkWidget *place = gtk_label_new (_("Place"));

      /* That was the step before. */
      gtk_widget_add_css_class (place, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), place);
      return;
    }

  alm_import_steps_name_row (ADW_COMBO_ROW (row));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (choices));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), choose_column (self, use));
  g_object_set_data_full (G_OBJECT (row), "column", g_strdup (use->name), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (column_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
fill_columns (AlmImportAssistant *self,
              AlmImport          *import)
{
  GPtrArray *uses = alm_import_get_columns (import);
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);

  gtk_string_list_append (choices, _("Further details"));
  gtk_string_list_append (choices, _("Leave out"));
  for (guint i = 0; i < self->fields->len; i++)
    gtk_string_list_append (choices, alm_field_get_title (self->fields->pdata[i],
                                                          alm_workbench_language ()));

  clear_rows (self->columns_group, self->column_rows);
  for (guint i = 0; i < uses->len; i++)
    add_column (self, uses->pdata[i], choices);
}

void
alm_import_steps_fill (AlmImportAssistant *self)
{
  AlmImport *import = alm_import_work_get_import (self->work);

  self->filling = TRUE;
  alm_import_steps_fill_file (self, import);
  alm_import_steps_fill_place (self, import);
  if (alm_import_get_columns (import) != NULL)
    fill_columns (self, import);
  self->changed = FALSE;
  self->filling = FALSE;
}

/* Step 4. */

static void
add_count (AlmImportAssistant *self,
           const AlmValue     *told,
           const char         *member,
           const char         *title)
{
  gint64 n = alm_value_get_integer_of (told, member, 0);
  g_autofree char *text = g_strdup_printf ("%'ld", (long) n);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *row;

  gtk_widget_add_css_class (label, n > 0 ? "heading" : "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  row = add_row (self->counts_group, self->count_rows, adw_action_row_new (), title, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
}

static void
add_issue (AlmImportAssistant *self,
           const AlmValue     *issue)
{
  const AlmValue *lines = alm_value_get (issue, "lines");
  gint64 n = alm_value_get_integer_of (issue, "count", 0);
  g_autofree char *count = g_strdup_printf ("%'ld", (long) n);
  g_autofree char *subtitle = NULL;
  GString *list = g_string_new (NULL);
  GtkWidget *label = gtk_label_new (count);
  GtkWidget *row;

  for (guint i = 0; i < MIN (alm_value_get_size (lines), 8); i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "",
                            alm_value_get_integer (alm_value_get_item (lines, i)));
  if (list->len > 0 && n > 8)
    g_string_append (list, " …");
  /* Translators: numbers of lines, with commas */
  subtitle = list->len > 0 ? g_strdup_printf (ngettext ("Line %s", "Lines %s", (gulong) n),
                                              list->str)
                           : g_strdup ("");
  g_string_free (list, TRUE);

  gtk_widget_add_css_class (label, "numeric");
  row = add_row (self->issues_group, self->issue_rows, adw_action_row_new (),
                 alm_import_report_explain (alm_value_get_text_of (issue, "code")),
                 *subtitle != '\0' ? subtitle : NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
}

/* What the user may insist on, after the trial was refused. */
static void
fill_force (AlmImportAssistant *self,
            const GError       *error)
{
  const char *words = NULL;

  if (error == NULL)
    {
      /* It stays as it was chosen, so that it can be taken back. */
      gtk_widget_set_visible (GTK_WIDGET (self->force_group),
                              gtk_switch_get_active (self->force_switch));
      return;
    }

  if (g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_AGAIN))
    {
      words = _("Import this file once more");
      self->force_flags |= ALM_IMPORT_AGAIN;
    }
  else if (g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LOSSES))
    {
      words = _("Import what can be read, without the rest");
      self->force_flags |= ALM_IMPORT_ACCEPT_LOSSES;
    }
  else if (g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_FORMULA))
    {
      words = _("Take formulas as plain text");
      self->force_flags |= ALM_IMPORT_FORMULAS_AS_TEXT;
    }

  /* For each thing one insists anew. */
  gtk_switch_set_active (self->force_switch, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->force_group), words != NULL);
  if (words != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->force_row), words);
}

void
alm_import_steps_fill_check (AlmImportAssistant *self,
                             const GError       *error)
{
  const AlmValue *told = alm_import_get_result (alm_import_work_get_import (self->work));
  const AlmValue *issues = alm_value_get (told, "issues");

  self->filling = TRUE;
  clear_rows (self->counts_group, self->count_rows);
  clear_rows (self->issues_group, self->issue_rows);
  gtk_widget_set_visible (GTK_WIDGET (self->counts_group), told != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->issues_group), alm_value_get_size (issues) > 0);
  if (told != NULL)
    {
      add_count (self, told, "new", _("New"));
      add_count (self, told, "changed", _("Changed"));
      add_count (self, told, "same", _("Unchanged"));
      add_count (self, told, "rejected", _("Left out"));
      if (self->has_place)
        add_count (self, told, "unplaced", _("Without a place"));
    }
  for (guint i = 0; i < alm_value_get_size (issues); i++)
    add_issue (self, alm_value_get_item (issues, i));
  fill_force (self, error);
  self->filling = FALSE;
}
