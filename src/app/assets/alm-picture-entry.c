/* SPDX-License-Identifier: EUPL-1.2 */

/* A field that names a file.
 *
 * Invariants:
 *   1. What is shown is of the value that was set last: each read and each decoding
 *      has a cancellable of its own, which the next one cancels.
 *   2. "chosen" comes only when the file is in the profile and on the disk.
 * Main thread; find_job() on a reader, take_job() in the pool, note_job() on the writer. */

#include "config.h"

#include "alm-picture-entry.h"

#include "alm-blob-store.h"
#include "alm-desk-blobs.h"
#include "alm-picture-file.h"
#include "alm-picture-window.h"
#include "alm-pool.h"

#include <glib/gi18n.h>
#include <string.h>

#define THUMBNAIL 320

struct _AlmPictureEntry
{
  GtkWidget       parent_instance;

  /* Owned */
  AlmWorkbench   *workbench;
  AlmValue       *value;         /* NULL: none */
  char           *shown;         /* sha256 of the picture that is shown; NULL */
  GCancellable   *reading;       /* of the newest read; NULL */
  GCancellable   *taking;        /* of a file that is being copied; NULL */
  GtkFileChooserNative *chooser; /* NULL while none is open */

  /* Borrowed */
  const AlmField *field;

  AlmBlobState    state;
  gboolean        silent;        /* where there is none */

  /* Children, owned by the widget tree */
  GtkWidget      *picture_button;
  GtkWidget      *picture;
  GtkWidget      *state_label;
  GtkWidget      *button_box;
  GtkWidget      *choose_button;
  GtkWidget      *fetch_button;
  GtkWidget      *clear_button;
};

enum {
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmPictureEntry, alm_picture_entry, GTK_TYPE_WIDGET)

static const char *
get_title (AlmPictureEntry *self)
{
  return alm_field_get_title (self->field, alm_workbench_language ());
}

static const char *
get_dir (AlmPictureEntry *self)
{
  return alm_records_get_dir (alm_workbench_get_records (self->workbench));
}

/* @text: (transfer full) */
static void
name_widget (GtkWidget *widget,
             char      *text)
{
  g_autofree char *name = text;

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What is not said by the picture itself; (transfer full) */
static char *
make_state_text (const AlmBlob     *blob,
                 const AlmDeskBlob *known,
                 gboolean           is_here)
{
  g_autofree char *size = g_format_size ((guint64) blob->size);

  switch (known != NULL ? known->state : ALM_BLOB_UNKNOWN)
    {
    case ALM_BLOB_WAITING:
      return g_strdup (_("Only on this computer so far; it is still to be sent"));

    case ALM_BLOB_LOCAL:
      return g_strdup (_("Only on this computer"));

    case ALM_BLOB_WANTED:
      if (known->arrived > 0 && known->size > 0)
        /* Translators: of a picture, so many percent have been fetched. */
        return g_strdup_printf (_("On its way: %u %%"),
                                (guint) (100 * known->arrived / known->size));
      return g_strdup (_("On its way, not here yet"));

    case ALM_BLOB_REMOTE:
      /* Translators: %s is a size, "17 MB". */
      return g_strdup_printf (_("On the server, not here yet (%s)"), size);

    case ALM_BLOB_HERE:
    case ALM_BLOB_UNKNOWN:
    default:
      return g_strdup (is_here ? "" : _("This file is not here"));
    }
}

static void
show_text (AlmPictureEntry *self,
           const char      *text)
{
  gtk_label_set_text (GTK_LABEL (self->state_label), text);
  gtk_widget_set_visible (self->state_label, *text != '\0');
}

static void
show_buttons (AlmPictureEntry *self)
{
  gboolean some = self->value != NULL;

  gtk_button_set_label (GTK_BUTTON (self->choose_button), some ? _("Replace …")
                                                               : _("Add picture …"));
  gtk_widget_set_visible (self->clear_button, some && !self->field->required);
  gtk_widget_set_visible (self->fetch_button, some && self->state == ALM_BLOB_REMOTE);
}

static void
hide_picture (AlmPictureEntry *self)
{
  g_clear_pointer (&self->shown, g_free);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  gtk_widget_set_visible (self->picture_button, FALSE);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmPictureEntry) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = alm_picture_file_load_finish (result, &error);
  AlmBlob blob;

  if (self->picture == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || !alm_blob_read (self->value, &blob))
    return;
  if (texture == NULL)
    {
      g_autofree char *size = g_format_size ((guint64) blob.size);
      /* Translators: the name of a file that is no picture, and its size. */
      g_autofree char *text = g_strdup_printf (_("%s (%s)"), blob.name != NULL ? blob.name
                                                                               : _("File"), size);

      g_debug ("%s", error->message);
      show_text (self, text);
      return;
    }

  g_free (self->shown);
  self->shown = g_strdup (blob.sha256);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->picture_button, TRUE);
}

static gpointer
find_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  AlmDeskBlob *blob = NULL;

  if (alm_desk_blob_find (desk, data, &blob, error) && blob == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: not known", (char *) data);

  return blob;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AlmPictureEntry) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDeskBlob) known = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  g_autofree char *text = NULL;
  gboolean is_here;
  AlmBlob blob;

  if (self->picture == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || !alm_blob_read (self->value, &blob))
    return;

  self->state = known != NULL ? known->state : ALM_BLOB_UNKNOWN;
  is_here = self->state == ALM_BLOB_HERE || self->state == ALM_BLOB_LOCAL
            || self->state == ALM_BLOB_WAITING;
  text = make_state_text (&blob, known, is_here);
  show_text (self, text);
  show_buttons (self);
  if (!is_here)
    hide_picture (self);
  else if (g_strcmp0 (self->shown, blob.sha256) != 0)
    {
      g_autofree char *path = alm_blob_store_path (get_dir (self), blob.sha256);

      alm_picture_file_load_async (path, THUMBNAIL, self->reading, loaded_cb,
                                   g_object_ref (self));
    }
}

static void
stop_reading (AlmPictureEntry *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
read_state (AlmPictureEntry *self)
{
  AlmBlob blob;

  stop_reading (self);
  if (!alm_blob_read (self->value, &blob))
    {
      self->state = ALM_BLOB_UNKNOWN;
      hide_picture (self);
      show_text (self, self->silent ? "" : _("No picture yet"));
      show_buttons (self);
      return;
    }

  if (g_strcmp0 (self->shown, blob.sha256) != 0)
    hide_picture (self);
  show_buttons (self);
  self->reading = g_cancellable_new ();
  alm_records_read_async (alm_workbench_get_records (self->workbench), find_job,
                          g_strdup (blob.sha256), g_free, (GDestroyNotify) alm_desk_blob_free,
                          self->reading, found_cb, g_object_ref (self));
}

/* Something has been sent or fetched: how far is ours? */
static void
sync_changed_cb (AlmPictureEntry *self)
{
  if (self->value != NULL
      && (self->state == ALM_BLOB_WANTED || self->state == ALM_BLOB_WAITING))
    read_state (self);
}

static void
set_value (AlmPictureEntry *self,
           AlmValue        *value)
{
  gboolean same = self->value != NULL && value != NULL && alm_value_equal (self->value, value);

  if (value != NULL)
    alm_value_ref (value);
  g_clear_pointer (&self->value, alm_value_unref);
  self->value = value;
  if (!same)
    show_text (self, "");
  read_state (self);
}

/* Taking a file in. */

typedef struct
{
  char *dir;
  char *path;
} Take;

static void
take_free (Take *self)
{
  g_free (self->dir);
  g_free (self->path);
  g_free (self);
}

static void
take_job (GTask    *task,
          gpointer  task_data)
{
  Take *take = task_data;
  GError *error = NULL;
  AlmDeskBlob *blob = alm_desk_blob_take (take->dir, take->path, g_task_get_cancellable (task),
                                          &error);

  if (blob != NULL)
    g_task_return_pointer (task, blob, (GDestroyNotify) alm_desk_blob_free);
  else
    g_task_return_error (task, error);
}

/* A blob that is being noted, and what the file was called. */
typedef struct
{
  AlmPictureEntry *entry;
  AlmDeskBlob     *blob;
  char            *name;
} Note;

static void
note_free (Note *self)
{
  g_object_unref (self->entry);
  g_clear_pointer (&self->blob, alm_desk_blob_free);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Note, note_free)

static gpointer
note_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  Note *note = data;

  return alm_desk_blob_note (desk, note->blob, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Note) note = user_data;
  AlmPictureEntry *self = note->entry;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) value = NULL;
  AlmBlob blob = { note->blob->sha256, note->blob->size, note->name, note->blob->type };

  alm_records_write_finish (ALM_RECORDS (source), result, &error);
  if (self->picture == NULL)
    return;
  if (error != NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      read_state (self);
      return;
    }

  value = alm_blob_to_value (&blob);
  set_value (self, value);
  g_signal_emit (self, signals[CHOSEN], 0, value);
}

static void
taken_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (Note) note = user_data;
  AlmPictureEntry *self = note->entry;
  g_autoptr (GError) error = NULL;

  note->blob = g_task_propagate_pointer (G_TASK (result), &error);
  g_clear_object (&self->taking);
  if (self->picture == NULL)
    return;
  gtk_widget_set_sensitive (self->button_box, TRUE);
  if (note->blob == NULL)
    {
      alm_workbench_say_error (self->workbench, error);
      read_state (self);
      return;
    }

  alm_records_write_async (alm_workbench_get_records (self->workbench), note_job, note, NULL,
                           NULL, noted_cb, note);
  note = NULL;
}

void
alm_picture_entry_take (AlmPictureEntry *self,
                        GFile           *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *base = g_file_get_basename (file);
  GTask *task;
  Take *take;
  Note *note;

  g_return_if_fail (ALM_IS_PICTURE_ENTRY (self));

  /* One at a time; and a file that is somewhere else has no name here. */
  if (self->taking != NULL || path == NULL)
    return;

  stop_reading (self);
  show_text (self, _("The file is being copied …"));
  gtk_widget_set_sensitive (self->button_box, FALSE);
  self->taking = g_cancellable_new ();
  note = g_new0 (Note, 1);
  note->entry = g_object_ref (self);
  note->name = g_utf8_make_valid (base, -1);
  if (g_utf8_strlen (note->name, -1) > 255)
    *g_utf8_offset_to_pointer (note->name, 255) = '\0';
  take = g_new0 (Take, 1);
  take->dir = g_strdup (get_dir (self));
  take->path = g_steal_pointer (&path);
  task = g_task_new (NULL, self->taking, taken_cb, note);
  g_task_set_task_data (task, take, (GDestroyNotify) take_free);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, take_job, task);
}

static void
chooser_response_cb (AlmPictureEntry      *self,
                     int                   response,
                     GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  g_clear_object (&self->chooser);
  if (response == GTK_RESPONSE_ACCEPT && file != NULL && self->picture != NULL)
    alm_picture_entry_take (self, file);
}

static void
choose_clicked_cb (AlmPictureEntry *self)
{
  GtkFileFilter *pictures = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Which picture?"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Take"), NULL);
  gtk_file_filter_set_name (pictures, _("Pictures"));
  gtk_file_filter_add_mime_type (pictures, "image/jpeg");
  gtk_file_filter_add_mime_type (pictures, "image/png");
  gtk_file_filter_add_mime_type (pictures, "image/webp");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), pictures);
  g_object_unref (pictures);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
dropped_cb (GtkDropTarget   *target,
            const GValue    *value,
            double           x,
            double           y,
            AlmPictureEntry *self)
{
  if (!gtk_widget_get_sensitive (self->choose_button) || self->taking != NULL)
    return FALSE;

  alm_picture_entry_take (self, g_value_get_object (value));

  return TRUE;
}

static void
clear_clicked_cb (AlmPictureEntry *self)
{
  set_value (self, NULL);
  gtk_widget_grab_focus (self->choose_button);
  g_signal_emit (self, signals[CHOSEN], 0, NULL);
}

static void
picture_clicked_cb (AlmPictureEntry *self)
{
  g_autofree char *path = NULL;
  AlmBlob blob;

  if (!alm_blob_read (self->value, &blob))
    return;

  path = alm_blob_store_path (get_dir (self), blob.sha256);
  gtk_window_present (GTK_WINDOW (
    alm_picture_window_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                            blob.name != NULL ? blob.name : get_title (self), path)));
}

static gpointer
want_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return GINT_TO_POINTER (alm_desk_blob_want (desk, data, error));
}

static void
wanted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmPictureEntry) self = user_data;
  g_autoptr (GError) error = NULL;

  alm_records_write_finish (ALM_RECORDS (source), result, &error);
  if (self->picture == NULL)
    return;
  if (error != NULL)
    alm_workbench_say_error (self->workbench, error);
  gtk_widget_grab_focus (self->choose_button);
  read_state (self);
}

static void
fetch_clicked_cb (AlmPictureEntry *self)
{
  AlmBlob blob;

  if (alm_blob_read (self->value, &blob))
    alm_records_write_async (alm_workbench_get_records (self->workbench), want_job,
                             g_strdup (blob.sha256), g_free, NULL, wanted_cb,
                             g_object_ref (self));
}

static void
alm_picture_entry_dispose (GObject *object)
{
  AlmPictureEntry *self = ALM_PICTURE_ENTRY (object);
  GtkWidget *child;

  stop_reading (self);
  if (self->taking != NULL)
    g_cancellable_cancel (self->taking);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->picture = NULL;

  G_OBJECT_CLASS (alm_picture_entry_parent_class)->dispose (object);
}

static void
alm_picture_entry_finalize (GObject *object)
{
  AlmPictureEntry *self = ALM_PICTURE_ENTRY (object);

  g_clear_object (&self->workbench);
  g_clear_object (&self->taking);
  g_clear_pointer (&self->value, alm_value_unref);
  g_free (self->shown);

  G_OBJECT_CLASS (alm_picture_entry_parent_class)->finalize (object);
}

static void
alm_picture_entry_class_init (AlmPictureEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alm_picture_entry_dispose;
  object_class->finalize = alm_picture_entry_finalize;

  signals[CHOSEN] =
    g_signal_new ("chosen", ALM_TYPE_PICTURE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
add_button (AlmPictureEntry *self,
            const char      *label,
            GCallback        callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->button_box), button);

  return button;
}

static void
alm_picture_entry_init (AlmPictureEntry *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);

  self->picture = gtk_picture_new ();
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), TRUE);
  gtk_widget_set_size_request (self->picture, -1, 180);
  self->picture_button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->picture_button), self->picture);
  gtk_widget_set_visible (self->picture_button, FALSE);
  gtk_widget_set_tooltip_text (self->picture_button, _("Open the picture in full"));
  g_signal_connect_swapped (self->picture_button, "clicked", G_CALLBACK (picture_clicked_cb),
                            self);
  gtk_widget_set_parent (self->picture_button, GTK_WIDGET (self));

  self->state_label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->state_label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->state_label), TRUE);
  gtk_widget_add_css_class (self->state_label, "dim-label");
  gtk_widget_set_parent (self->state_label, GTK_WIDGET (self));

  self->button_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_parent (self->button_box, GTK_WIDGET (self));
  self->choose_button = add_button (self, "", G_CALLBACK (choose_clicked_cb));
  self->fetch_button = add_button (self, _("Fetch"), G_CALLBACK (fetch_clicked_cb));
  self->clear_button = add_button (self, _("Remove"), G_CALLBACK (clear_clicked_cb));

  g_signal_connect (target, "drop", G_CALLBACK (dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

GtkWidget *
alm_picture_entry_new (AlmWorkbench   *workbench,
                       const AlmField *field)
{
  AlmPictureEntry *self;

  g_return_val_if_fail (ALM_IS_WORKBENCH (workbench), NULL);
  g_return_val_if_fail (field != NULL, NULL);

  self = g_object_new (ALM_TYPE_PICTURE_ENTRY, NULL);
  self->workbench = g_object_ref (workbench);
  self->field = field;
  name_widget (self->picture, g_strdup (get_title (self)));
  /* Translators: %s is a field, "Photo". */
  name_widget (self->picture_button, g_strdup_printf (_("%s: open the picture in full"),
                                                      get_title (self)));
  g_signal_connect_object (alm_workbench_get_sync (workbench), "changed",
                           G_CALLBACK (sync_changed_cb), self, G_CONNECT_SWAPPED);
  read_state (self);

  return GTK_WIDGET (self);
}

void
alm_picture_entry_set_value (AlmPictureEntry *self,
                             AlmValue        *value)
{
  g_return_if_fail (ALM_IS_PICTURE_ENTRY (self));

  if (self->taking == NULL)
    set_value (self, value);
}

void
alm_picture_entry_set_says_none (AlmPictureEntry *self,
                                 gboolean         says)
{
  g_return_if_fail (ALM_IS_PICTURE_ENTRY (self));

  self->silent = !says;
  if (self->value == NULL && self->taking == NULL)
    read_state (self);
}

void
alm_picture_entry_set_editable (AlmPictureEntry *self,
                                gboolean         editable)
{
  g_return_if_fail (ALM_IS_PICTURE_ENTRY (self));

  gtk_widget_set_sensitive (self->choose_button, editable);
  gtk_widget_set_sensitive (self->clear_button, editable);
}
