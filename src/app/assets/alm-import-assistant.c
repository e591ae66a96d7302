/* SPDX-License-Identifier: EUPL-1.2 */

/* The import assistant: the window and its order of steps.  What the steps show
 * is filled in alm-import-steps.c, alm-import-steps-file.c and alm-import-steps-place.c.
 *
 * Invariants:
 *   1. Nothing is changed before the last button; what was tried is rolled back.
 *   2. One job at a time; while it runs the page "busy" is shown and *Next* is off.
 *   3. After dispose no callback touches a widget.
 * Main thread. */

#include "config.h"

#include "alm-import-assistant.h"

#include "alm-error-text.h"
#include "alm-format-error.h"
#include "alm-import-steps-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (AlmImportAssistant, alm_import_assistant, ADW_TYPE_WINDOW)

static const char *const step_names[] = { "choose", "file", "place", "columns", "check" };

static void try_out (AlmImportAssistant *self);

/* Whether what has to be said first is said on that page. */
static gboolean
is_asking_step (AlmImportAssistant *self,
                AlmImportStep       step)
{
  return (step == ALM_IMPORT_STEP_FILE
          && g_error_matches (self->question, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER))
         || (step == ALM_IMPORT_STEP_PLACE
             && g_error_matches (self->question, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM));
}

static void
update_header (AlmImportAssistant *self)
{
  static const char *const words[] = {
    N_("File"), N_("File"), N_("Place"), N_("Columns"), N_("Check"),
  };
  g_autofree char *subtitle = NULL;
  g_autofree char *title = NULL;

  /* Translators: "Trees: import a list" */
  title = g_strdup_printf (_("%s: Import a List"),
                           alm_model_get_plural (self->model, alm_workbench_language ()));
  /* Translators: the number and name of a step of the import */
  subtitle = g_strdup_printf (_("Step %d of 4: %s"), MAX ((int) self->step, 1),
                              _(words[self->step]));
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), title);

  gtk_widget_set_visible (self->back_button, self->step > ALM_IMPORT_STEP_FILE);
  gtk_widget_set_visible (self->next_button, self->step != ALM_IMPORT_STEP_CHOOSE);
  gtk_button_set_label (GTK_BUTTON (self->next_button),
                        self->step == ALM_IMPORT_STEP_CHECK ? _("_Import") : _("_Next"));
  /* From the file one gets to the question of where its rows lie. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.next", !self->busy
                                 && (is_asking_step (self, self->step + 1)
                                     || (self->analysed && !self->stuck)));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.back", !self->busy);
}

/* Enter goes on, Tab leads into the page; where something is asked, or has just been said,
 * one is there. */
static GtkWidget *
find_focus (AlmImportAssistant *self)
{
  if (self->step == ALM_IMPORT_STEP_CHOOSE)
    return self->choose_button;
  if (self->asker != NULL)
    return self->asker;
  if (self->step == ALM_IMPORT_STEP_FILE && is_asking_step (self, self->step))
    return GTK_WIDGET (self->layer_row);
  if (is_asking_step (self, self->step))
    return GTK_WIDGET (self->system_row);

  return self->next_button;
}

static void
go_to (AlmImportAssistant *self,
       AlmImportStep       step)
{
  self->step = step;
  gtk_stack_set_visible_child_name (self->steps, step_names[step]);
  update_header (self);
  gtk_widget_grab_focus (find_focus (self));
  self->asker = NULL;
}

/* What became of the list; where and why stands beneath. */
static const char *
explain (const GError *error)
{
  static const char *const choices[] = {
    [ALM_IMPORT_ERROR_AGAIN] = N_("This list was imported before. Nothing was changed."),
    [ALM_IMPORT_ERROR_LOSSES] = N_("Too much of the list would be lost. Nothing was changed."),
    [ALM_IMPORT_ERROR_FORMULA] = N_("There is a formula in the list. Nothing was changed."),
    [ALM_IMPORT_ERROR_LAYER] = N_("The file holds several lists"),
    [ALM_IMPORT_ERROR_SYSTEM] = N_("It is not clear where the rows lie. Nothing was changed."),
    [ALM_IMPORT_ERROR_GONE] = N_("The file could not be read to its end. Nothing was changed."),
  };

  if (error->domain == ALM_IMPORT_ERROR)
    return _(choices[error->code]);
  if (error->domain == ALM_FORMAT_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return _("The file could not be read. Nothing was changed.");

  return alm_error_text (error);
}

static void
set_trouble (AlmImportAssistant *self,
             const GError       *error)
{
  self->stuck = error != NULL;
  gtk_revealer_set_reveal_child (self->trouble, error != NULL);
  if (error == NULL)
    return;

  gtk_label_set_label (self->trouble_label, explain (error));
  /* The place in the file and the reason: this is what one repairs by. */
  gtk_label_set_label (self->trouble_detail, error->message);
}

static void
begin_busy (AlmImportAssistant *self,
            const char         *words)
{
  self->busy = TRUE;
  g_clear_object (&self->job);
  self->job = g_cancellable_new ();
  set_trouble (self, NULL);
  gtk_label_set_label (self->busy_label, words);
  gtk_label_set_label (self->busy_rows, "");
  gtk_progress_bar_set_fraction (self->busy_bar, 0);
  gtk_stack_set_visible_child_name (self->steps, "busy");
  update_header (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.stop", TRUE);
  gtk_widget_grab_focus (self->stop_button);
}

static void
progress_cb (double   share,
             gint64   rows,
             gpointer user_data)
{
  AlmImportAssistant *self = user_data;
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("%'ld row", "%'ld rows", (gulong) rows), (long) rows);
  gtk_progress_bar_set_fraction (self->busy_bar, share);
  gtk_label_set_label (self->busy_rows, text);
}

/* Whether the user looks no more; the work's reference falls in any case. */
static gboolean
end_busy (AlmImportAssistant *self)
{
  self->busy = FALSE;

  return !g_cancellable_is_cancelled (self->cancellable);
}

static gboolean
is_stopped (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Back to where one can go on from; what was said is kept, what was half read is not. */
static void
go_back_stopped (AlmImportAssistant *self,
                 const GError       *error,
                 AlmImportStep       step)
{
  set_trouble (self, error);
  self->stuck = FALSE;
  self->asker = NULL;
  go_to (self, step);
}

static void
forget_file (AlmImportAssistant *self)
{
  g_clear_pointer (&self->work, alm_import_work_abandon);
  g_clear_pointer (&self->mapping, alm_import_mapping_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_error (&self->question);
  self->analysed = FALSE;
}

/* The file was read, but what is to be imported of it, or where its rows lie, one has to
 * say. */
static void
ask (AlmImportAssistant *self,
     const GError       *error)
{
  if (!g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_SYSTEM)
      && !g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER))
    {
      /* As before, and one may choose something else there. */
      go_to (self, self->step);
      return;
    }

  self->question = g_error_copy (error);
  alm_import_steps_fill (self);
  go_to (self, is_asking_step (self, ALM_IMPORT_STEP_FILE) ? ALM_IMPORT_STEP_FILE
                                                           : ALM_IMPORT_STEP_PLACE);
}

static void
analysed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmImportAssistant) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = alm_import_work_finish (self->work, ALM_RECORDS (source), result, &error);

  if (!end_busy (self))
    return;

  self->analysed = done;
  g_clear_error (&self->question);
  if (is_stopped (error))
    {
      forget_file (self);
      go_back_stopped (self, error, ALM_IMPORT_STEP_CHOOSE);
      return;
    }
  if (!done)
    {
      /* Several lists in a file are no fault of it. */
      if (!g_error_matches (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_LAYER))
        set_trouble (self, error);
      ask (self, error);
      return;
    }

  alm_import_steps_fill (self);
  if (self->then == ALM_IMPORT_STEP_CHECK)
    try_out (self);
  else
    go_to (self, self->then);
}

static void
analyse (AlmImportAssistant *self,
         AlmImportStep       then)
{
  self->then = then;
  begin_busy (self, _("Reading the file"));
  alm_import_work_analyse_async (self->work, alm_workbench_get_records (self->workbench),
                                 self->mapping, self->job,
                                 analysed_cb, g_object_ref (self));
}

static void
tried_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmImportAssistant) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = alm_import_work_finish (self->work, ALM_RECORDS (source), result, &error);

  if (!end_busy (self))
    return;
  if (is_stopped (error))
    {
      go_back_stopped (self, error, ALM_IMPORT_STEP_COLUMNS);
      return;
    }

  alm_import_steps_fill_check (self, error);
  set_trouble (self, done ? NULL : error);
  go_to (self, ALM_IMPORT_STEP_CHECK);
}

static AlmImportFlags
get_flags (AlmImportAssistant *self)
{
  return gtk_switch_get_active (self->force_switch) ? self->force_flags : 0;
}

static void
try_out (AlmImportAssistant *self)
{
  begin_busy (self, _("Trying it out"));
  alm_import_work_run_async (self->work, alm_workbench_get_records (self->workbench),
                             ALM_IMPORT_DRY_RUN | get_flags (self), self->job,
                             tried_cb, g_object_ref (self));
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AlmImportAssistant) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  AlmValue *told;
  gint64 n;

  if (!alm_import_work_finish (self->work, ALM_RECORDS (source), result, &error))
    {
      if (!end_busy (self))
        return;
      set_trouble (self, error);
      self->stuck &= !is_stopped (error);
      go_to (self, ALM_IMPORT_STEP_CHECK);
      return;
    }

  /* It has happened, whether the window is still there or not: say so. */
  told = alm_import_get_result (alm_import_work_get_import (self->work));
  n = alm_value_get_integer_of (told, "new", 0) + alm_value_get_integer_of (told, "changed", 0);
  words = g_strdup_printf (ngettext ("%'ld record imported", "%'ld records imported", (gulong) n),
                           (long) n);
  alm_workbench_note_batch (self->workbench, adw_window_title_get_title (self->title),
                            alm_value_get_text_of (told, "import"));
  alm_workbench_say (self->workbench, words, TRUE);
  alm_import_work_keep_mapping (self->work, ALM_RECORDS (source));
  if (end_busy (self))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
run (AlmImportAssistant *self)
{
  begin_busy (self, _("Importing"));
  alm_import_work_run_async (self->work, alm_workbench_get_records (self->workbench),
                             get_flags (self), self->job,
                             imported_cb, g_object_ref (self));
}

/* Begins with a file. */
static void
take_file (AlmImportAssistant *self,
           GFile              *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (self->busy)
    return;

  forget_file (self);
  if (path == NULL)
    {
      g_autoptr (GError) error =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             _("It lies on a server, and not in a folder that this computer has "
                               "mounted. Please copy it to this computer first."));

      set_trouble (self, error);
      go_to (self, ALM_IMPORT_STEP_CHOOSE);
      return;
    }

  self->path = g_steal_pointer (&path);
  self->force_flags = 0;
  if (self->scopes != NULL)
    alm_import_assistant_start (self);
}

void
alm_import_assistant_start (AlmImportAssistant *self)
{
  if (self->path == NULL || self->work != NULL)
    return;

  self->work = alm_import_work_new (self->path, alm_model_get_name (self->model),
                                    alm_import_steps_get_scope (self), progress_cb, self);
  self->step = ALM_IMPORT_STEP_CHOOSE;
  analyse (self, ALM_IMPORT_STEP_FILE);
}

void
alm_import_assistant_read_again (AlmImportAssistant *self,
                                 GtkWidget          *asker)
{
  if (self->work == NULL || self->busy)
    return;

  self->asker = asker;
  analyse (self, self->step);
}

/* The scope is part of the work: begin again with what is known of the file. */
void
alm_import_assistant_change_scope (AlmImportAssistant *self)
{
  if (self->work == NULL || self->busy)
    return;

  alm_import_work_abandon (self->work);
  self->work = alm_import_work_new (self->path, alm_model_get_name (self->model),
                                    alm_import_steps_get_scope (self), progress_cb, self);
  analyse (self, self->step);
}

static void
chosen_cb (AlmImportAssistant   *self,
           int                   response,
           GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_clear_object (&self->chooser);
  if (file != NULL)
    take_file (self, file);
}

static void
choose (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (widget);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Which list?"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Open"), _("_Cancel"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
next (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (widget);

  switch (self->step)
    {
    case ALM_IMPORT_STEP_FILE:
      set_trouble (self, self->question);
      go_to (self, self->has_place ? ALM_IMPORT_STEP_PLACE : ALM_IMPORT_STEP_COLUMNS);
      break;

    case ALM_IMPORT_STEP_PLACE:
      go_to (self, ALM_IMPORT_STEP_COLUMNS);
      break;

    case ALM_IMPORT_STEP_COLUMNS:
      if (self->changed)
        analyse (self, ALM_IMPORT_STEP_CHECK);
      else
        try_out (self);
      break;

    case ALM_IMPORT_STEP_CHECK:
      run (self);
      break;

    case ALM_IMPORT_STEP_CHOOSE:
    default:
      break;
    }
}

static void
back (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (widget);

  set_trouble (self, NULL);
  if (self->step == ALM_IMPORT_STEP_COLUMNS && !self->has_place)
    go_to (self, ALM_IMPORT_STEP_FILE);
  else if (self->step > ALM_IMPORT_STEP_FILE)
    go_to (self, self->step - 1);
}

/* Everything but layer and encoding is guessed again, as if there had been no list before. */
static void
discard_mapping (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (widget);
  g_autoptr (AlmImportMapping) before = g_steal_pointer (&self->mapping);

  if (self->work == NULL || self->busy)
    return;

  alm_import_set_use_saved (alm_import_work_get_import (self->work), FALSE);
  self->mapping = alm_import_mapping_new ();
  if (before != NULL)
    {
      self->mapping->encoding = g_strdup (before->encoding);
      self->mapping->layer = g_strdup (before->layer);
    }
  alm_import_assistant_read_again (self, NULL);
}

/* The job looks up, and comes back by itself. */
static void
stop (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (widget);

  if (!self->busy)
    return;

  gtk_widget_action_set_enabled (widget, "import.stop", FALSE);
  gtk_label_set_label (self->busy_label, _("Stopping"));
  g_cancellable_cancel (self->job);
}

static void
take_epsg (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  alm_import_steps_take_epsg (ALM_IMPORT_ASSISTANT (widget));
}

static gboolean
dropped_cb (AlmImportAssistant *self,
            const GValue       *value)
{
  take_file (self, g_value_get_object (value));

  return TRUE;
}

static void
force_cb (AlmImportAssistant *self)
{
  if (self->step == ALM_IMPORT_STEP_CHECK && !self->busy && !self->filling)
    try_out (self);
}

static void
alm_import_assistant_dispose (GObject *object)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->job);
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (alm_import_assistant_parent_class)->dispose (object);
}

static void
alm_import_assistant_finalize (GObject *object)
{
  AlmImportAssistant *self = ALM_IMPORT_ASSISTANT (object);

  g_clear_pointer (&self->work, alm_import_work_abandon);
  g_clear_pointer (&self->mapping, alm_import_mapping_free);
  g_clear_pointer (&self->model, alm_model_unref);
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->column_rows, g_ptr_array_unref);
  g_clear_pointer (&self->count_rows, g_ptr_array_unref);
  g_clear_pointer (&self->issue_rows, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->workbench);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->job);
  g_clear_error (&self->question);

  G_OBJECT_CLASS (alm_import_assistant_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, title);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, back_button);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, next_button);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, trouble);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, trouble_detail);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, steps);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, choose_page);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, choose_button);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, busy_label);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, busy_bar);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, busy_rows);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, stop_button);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, file_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, layer_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, format_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, scope_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, saved_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, sample_group);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, sample_grid);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, place_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, system_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, epsg_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, epsg_entry);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, preview_place);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, columns_group);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, counts_group);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, issues_group);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, force_group);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, force_row);
  gtk_widget_class_bind_template_child (widget_class, AlmImportAssistant, force_switch);
}

static void
alm_import_assistant_class_init (AlmImportAssistantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_import_assistant_dispose;
  object_class->finalize = alm_import_assistant_finalize;

  gtk_widget_class_install_action (widget_class, "import.choose", NULL, choose);
  gtk_widget_class_install_action (widget_class, "import.next", NULL, next);
  gtk_widget_class_install_action (widget_class, "import.back", NULL, back);
  gtk_widget_class_install_action (widget_class, "import.stop", NULL, stop);
  gtk_widget_class_install_action (widget_class, "import.take-epsg", NULL, take_epsg);
  gtk_widget_class_install_action (widget_class, "import.discard-mapping", NULL,
                                   discard_mapping);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK,
                                       "import.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK,
                                       "import.next", NULL);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/de/jena/Allmende/assets/import-assistant.ui");
  bind_children (widget_class);
}

static void
alm_import_assistant_init (AlmImportAssistant *self)
{
  GtkDropTarget *target;

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (self->force_switch, "notify::active", G_CALLBACK (force_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
alm_import_assistant_begin (AlmWorkbench *workbench,
                            AlmModel     *model,
                            GFile        *file,
                            GtkWindow    *parent)
{
  AlmImportAssistant *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (ALM_TYPE_IMPORT_ASSISTANT, "transient-for", parent, NULL);
  self->workbench = g_object_ref (workbench);
  self->model = alm_model_ref (model);
  alm_import_steps_build (self);
  go_to (self, ALM_IMPORT_STEP_CHOOSE);
  gtk_window_present (GTK_WINDOW (self));
  if (file != NULL)
    take_file (self, file);

  return GTK_WIDGET (self);
}
