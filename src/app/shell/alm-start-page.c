/* SPDX-License-Identifier: EUPL-1.2 */

/* The first start: connect to the city, work without a server, or the training
 * town, which has a folder of its own and is built when it is first wanted.
 *
 * A profile without a server gets the kinds that we ship; with a server they
 * come from there.
 * Main thread; seed_job() on the writer. */

#include "config.h"

#include "alm-start-page.h"

#include "alm-error-text.h"
#include "alm-json.h"
#include "alm-paths.h"
#include "alm-training.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AlmStartPage
{
  AdwBin         parent_instance;

  /* Owned */
  char          *profile;
  char          *training;      /* where the town is, or would be */
  GCancellable  *cancellable;
  GCancellable  *building;      /* of the town that is being built; NULL */

  /* Template children */
  GtkStack      *stack;
  AdwStatusPage *error_page;
  GtkLabel      *place_label;
  AdwStatusPage *working_page;
  AdwStatusPage *town_error_page;
  GtkLabel      *town_reason_label;
  GtkWidget     *connect_row;
  GtkWidget     *alone_row;
  GtkWidget     *town_row;
  GtkWidget     *cancel_button;
  GtkWidget     *town_again_button;
};

enum {
  OPENED,
  TRAINING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmStartPage, alm_start_page, ADW_TYPE_BIN)

static AlmRecords *
open_records (AlmStartPage *self)
{
  g_autoptr (GError) error = NULL;
  AlmRecords *records = NULL;

  if (g_mkdir_with_parents (self->profile, 0700) == 0)
    records = alm_records_open (self->profile, &error);
  else
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_READ_ONLY, "%s: cannot be made", self->profile);
  if (records == NULL)
    alm_start_page_set_error (self, error);

  return records;
}

static void
hand_over (AlmStartPage *self,
           AlmRecords   *records,
           gboolean      connect)
{
  g_signal_emit (self, signals[OPENED], 0, records, connect);
}

/* Models. */

/* NULL where the file is no model of ours, which a broken installation is. */
static AlmValue *
read_model (const char  *path,
            GError     **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  return alm_json_parse (text, (gssize) length, NULL, error);
}

static gboolean
seed_model (AlmDesk     *desk,
            const char  *dir,
            const char  *file,
            GError     **error)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);
  g_autofree char *name = g_strndup (file, strlen (file) - strlen (".json"));
  g_autoptr (AlmValue) schema = read_model (path, error);
  AlmImportOutcome outcome;
  AlmId id;

  return schema != NULL && alm_desk_set_model (desk, NULL, name, schema, &id, &outcome, error);
}

/* Puts the shipped kinds into a profile.  @data: their folder. */
static gpointer
seed_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (GDir) dir = g_dir_open (data, 0, error);
  const char *file;

  if (dir == NULL)
    return NULL;
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".json") && !seed_model (desk, data, file, error))
      return NULL;

  return GINT_TO_POINTER (TRUE);
}

static void
seeded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmStartPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &error) == NULL)
    g_message ("the shipped kinds: %s", error->message);
  if (!g_cancellable_is_cancelled (self->cancellable))
    hand_over (self, ALM_RECORDS (source), FALSE);
}

/* The three ways. */

static void
connect_activated_cb (AlmStartPage *self)
{
  g_autoptr (AlmRecords) records = open_records (self);

  if (records != NULL)
    hand_over (self, records, TRUE);
}

static void
alone_activated_cb (AlmStartPage *self)
{
  g_autoptr (AlmRecords) records = open_records (self);

  if (records != NULL)
    alm_records_write_async (records, seed_job, alm_path_data ("models"), g_free, NULL,
                             seeded_cb, g_object_ref (self));
}

/* The training town. */

static void
town_step_cb (guint    step,
              gpointer user_data)
{
  AlmStartPage *self = user_data;

  adw_status_page_set_description (
    self->working_page,
    step == 0 ? _("Streets, houses, trees and lamps are made up. This takes a few seconds.")
              : _("Almost done: everything is being put in its place."));
}

static void
show_town_error (AlmStartPage *self,
                 const GError *error)
{
  gboolean missing = error->domain == G_SPAWN_ERROR;

  g_message ("the training town: %s", error->message);
  adw_status_page_set_description (
    self->town_error_page,
    missing ? _("A part of Allmende is missing. Please tell those who look after this computer; "
                "your own data was not touched.")
            : _("Make sure that there is room on the disk, then try again. "
                "Your own data was not touched."));
  gtk_label_set_text (self->town_reason_label, error->message);
  gtk_stack_set_visible_child_name (self->stack, "town-error");
  gtk_widget_grab_focus (self->town_again_button);
}

static void
town_built_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmStartPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean built = alm_training_build_finish (result, &error);

  g_clear_object (&self->building);
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  if (built)
    {
      gtk_stack_set_visible_child_name (self->stack, "choose");
      g_signal_emit (self, signals[TRAINING], 0, self->training);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      gtk_stack_set_visible_child_name (self->stack, "choose");
      gtk_widget_grab_focus (self->town_row);
    }
  else
    show_town_error (self, error);
}

static void
town_activated_cb (AlmStartPage *self)
{
  g_autofree char *program = alm_path_command ("src/cli/allmendectl");

  if (self->building != NULL)
    return;
  if (alm_training_is_there (self->training))
    {
      g_signal_emit (self, signals[TRAINING], 0, self->training);
      return;
    }

  gtk_stack_set_visible_child_name (self->stack, "working");
  gtk_widget_grab_focus (self->cancel_button);
  self->building = g_cancellable_new ();
  alm_training_build_async (program, self->training, town_step_cb, self->building,
                            town_built_cb, g_object_ref (self));
}

static void
cancel_clicked_cb (AlmStartPage *self)
{
  if (self->building != NULL)
    g_cancellable_cancel (self->building);
}

static void
back_clicked_cb (AlmStartPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "choose");
  gtk_widget_grab_focus (self->town_row);
}

static void
again_clicked_cb (AlmStartPage *self)
{
  g_autoptr (AlmRecords) records = open_records (self);

  if (records != NULL)
    hand_over (self, records, FALSE);
}

/* The window closes.  What is being built holds this page until it has stopped. */
static void
alm_start_page_unroot (GtkWidget *widget)
{
  cancel_clicked_cb (ALM_START_PAGE (widget));

  GTK_WIDGET_CLASS (alm_start_page_parent_class)->unroot (widget);
}

static void
alm_start_page_dispose (GObject *object)
{
  AlmStartPage *self = ALM_START_PAGE (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (alm_start_page_parent_class)->dispose (object);
}

static void
alm_start_page_finalize (GObject *object)
{
  AlmStartPage *self = ALM_START_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->building);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->training, g_free);

  G_OBJECT_CLASS (alm_start_page_parent_class)->finalize (object);
}

static void
alm_start_page_class_init (AlmStartPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_start_page_dispose;
  object_class->finalize = alm_start_page_finalize;
  widget_class->unroot = alm_start_page_unroot;

  signals[OPENED] =
    g_signal_new ("opened", ALM_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, ALM_TYPE_RECORDS, G_TYPE_BOOLEAN);
  signals[TRAINING] =
    g_signal_new ("training", ALM_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/shell/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, place_label);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, connect_row);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, alone_row);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, town_row);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, working_page);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, town_error_page);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, town_reason_label);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, town_again_button);
  gtk_widget_class_bind_template_callback (widget_class, connect_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, alone_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, town_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
}

static void
alm_start_page_init (AlmStartPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->training = alm_training_folder ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
alm_start_page_new (const char *profile)
{
  AlmStartPage *self;

  g_return_val_if_fail (profile != NULL, NULL);

  self = g_object_new (ALM_TYPE_START_PAGE, NULL);
  self->profile = g_strdup (profile);

  return GTK_WIDGET (self);
}

void
alm_start_page_set_error (AlmStartPage *self,
                          const GError *error)
{
  g_return_if_fail (ALM_IS_START_PAGE (self));
  g_return_if_fail (error != NULL);

  g_message ("%s: %s", self->profile, error->message);
  adw_status_page_set_description (self->error_page, alm_error_text (error));
  gtk_label_set_text (self->place_label, self->profile);
  gtk_stack_set_visible_child_name (self->stack, "error");
}
