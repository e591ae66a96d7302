/* SPDX-License-Identifier: EUPL-1.2 */

/* The first start: connect to the city, work without a server, or the training
 * town, which a child process builds so that it can be cancelled.
 *
 * A profile without a server gets the kinds that we ship; with a server they
 * come from there.
 * Main thread; seed_job() on the writer. */

#include "config.h"

#include "alm-start-page.h"

#include "alm-error-text.h"
#include "alm-json.h"
#include "alm-paths.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AlmStartPage
{
  AdwBin         parent_instance;

  /* Owned */
  char          *profile;
  GCancellable  *cancellable;
  GSubprocess   *builder;       /* builds the town; NULL */

  /* Template children */
  GtkStack      *stack;
  AdwStatusPage *error_page;
  GtkLabel      *place_label;
  GtkWidget     *connect_row;
  GtkWidget     *alone_row;
  GtkWidget     *town_row;
};

enum {
  OPENED,
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

static void
town_built_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmStartPage) self = user_data;
  g_autoptr (AlmRecords) records = NULL;
  g_autoptr (GError) error = NULL;
  gboolean built = g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);

  g_clear_object (&self->builder);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!built)
    {
      g_message ("the training town: %s", error->message);
      gtk_stack_set_visible_child_name (self->stack, "choose");
      return;
    }

  records = open_records (self);
  if (records != NULL)
    hand_over (self, records, FALSE);
}

static void
town_activated_cb (AlmStartPage *self)
{
  g_autofree char *program = alm_path_program ("src/cli/allmendectl");
  g_autoptr (GError) error = NULL;

  if (self->builder != NULL)
    return;
  if (g_mkdir_with_parents (self->profile, 0700) == 0)
    self->builder = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                                      program, "--profile", self->profile,
                                      "town", "install", "--size", "small", NULL);
  else
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_READ_ONLY, "%s: cannot be made", self->profile);
  if (self->builder == NULL)
    {
      alm_start_page_set_error (self, error);
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "working");
  g_subprocess_wait_check_async (self->builder, NULL, town_built_cb, g_object_ref (self));
}

static void
cancel_clicked_cb (AlmStartPage *self)
{
  if (self->builder != NULL)
    g_subprocess_send_signal (self->builder, SIGTERM);
}

static void
again_clicked_cb (AlmStartPage *self)
{
  g_autoptr (AlmRecords) records = open_records (self);

  if (records != NULL)
    hand_over (self, records, FALSE);
}

static void
alm_start_page_dispose (GObject *object)
{
  AlmStartPage *self = ALM_START_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  cancel_clicked_cb (self);

  G_OBJECT_CLASS (alm_start_page_parent_class)->dispose (object);
}

static void
alm_start_page_finalize (GObject *object)
{
  AlmStartPage *self = ALM_START_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->builder);
  g_clear_pointer (&self->profile, g_free);

  G_OBJECT_CLASS (alm_start_page_parent_class)->finalize (object);
}

static void
alm_start_page_class_init (AlmStartPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_start_page_dispose;
  object_class->finalize = alm_start_page_finalize;

  signals[OPENED] =
    g_signal_new ("opened", ALM_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, ALM_TYPE_RECORDS, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/de/jena/Allmende/shell/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, place_label);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, connect_row);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, alone_row);
  gtk_widget_class_bind_template_child (widget_class, AlmStartPage, town_row);
  gtk_widget_class_bind_template_callback (widget_class, connect_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, alone_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, town_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
}

static void
alm_start_page_init (AlmStartPage *self)
{
  self->cancellable = g_cancellable_new ();
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
