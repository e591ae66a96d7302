/* SPDX-License-Identifier: EUPL-1.2 */

/* What the pages share.
 *
 * Every change that a page makes goes through alm_workbench_edit(): the edits
 * get a batch of their own, so that one Ctrl+Z takes all of them back.  What can
 * be undone is the store's to know, across restarts; here are the words for it.
 *
 * Invariants:
 *   1. words has an entry for each batch that this window has written.
 *   2. undone has the words of what was undone and not done again, newest last; a
 *      new edit empties it.
 *   3. While an undo or redo is under way no other begins.
 * Main thread; undo_job() and redo_job() on the writer. */

#include "config.h"

#include "alm-workbench.h"

#include "alm-error-text.h"

#include <glib/gi18n.h>
#include <math.h>

struct _AlmWorkbench
{
  GObject        parent_instance;

  /* Owned */
  AlmRecords    *records;
  AlmSelection  *selection;
  AlmSyncDriver *sync;
  GHashTable    *words;      /* batch → what the user did */
  GPtrArray     *undone;     /* (element-type utf8) */

  gboolean       busy;
};

/* What a callback needs of an edit under way. */
typedef struct
{
  AlmWorkbench  *self;
  char          *what;
  char          *batch;
  GObject       *owner;
  AlmEditedFunc  func;
  gpointer       user_data;
} EditCall;

/* What the writer tells of an undo or redo. */
typedef struct
{
  char  *batch;      /* what was undone; NULL where it had none */
  guint  undone;
  guint  n_left;
} UndoAnswer;

enum {
  SAY,
  GO,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmWorkbench, alm_workbench, G_TYPE_OBJECT)

static void
edit_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  EditCall *call = user_data;
  g_autoptr (AlmWorkbench) self = call->self;
  g_autoptr (GObject) owner = call->owner;
  g_autofree char *what = call->what;
  g_autofree char *batch = call->batch;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) results = NULL;
  gboolean same = TRUE;

  results = alm_records_edit_finish (ALM_RECORDS (source), result, &error);

  for (guint i = 0; results != NULL && i < results->len; i++)
    same = same && g_array_index (results, AlmEditResult, i).same;
  if (!same)
    {
      g_hash_table_insert (self->words, g_steal_pointer (&batch), g_steal_pointer (&what));
      g_ptr_array_set_size (self->undone, 0);
    }

  if (call->func != NULL)
    call->func (owner, results, error, call->user_data);
  else if (error != NULL)
    alm_workbench_say_error (self, error);
  g_free (call);
}

/* Undo and redo. */

static void
undo_answer_free (UndoAnswer *answer)
{
  g_free (answer->batch);
  g_free (answer);
}

static gpointer
undo_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *batch = alm_desk_peek_undo (desk);
  UndoAnswer *answer;
  guint undone = 0;

  if (!alm_desk_undo (desk, 0, NULL, &undone, left, error))
    return NULL;

  answer = g_new0 (UndoAnswer, 1);
  answer->batch = g_steal_pointer (&batch);
  answer->undone = undone;
  answer->n_left = left->len;

  return answer;
}

static gpointer
redo_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  UndoAnswer *answer;
  guint undone = 0;

  if (!alm_desk_redo (desk, &undone, left, error))
    return NULL;

  answer = g_new0 (UndoAnswer, 1);
  answer->undone = undone;
  answer->n_left = left->len;

  return answer;
}

static void
say_left (AlmWorkbench *self,
          guint         n_left)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("Undone, but %u value has been changed by others since "
                                    "and stays",
                                    "Undone, but %u values have been changed by others since "
                                    "and stay", n_left), n_left);
  alm_workbench_say (self, text, FALSE);
}

static void
say_undone (AlmWorkbench     *self,
            const UndoAnswer *answer)
{
  const char *what = answer->batch != NULL ? g_hash_table_lookup (self->words, answer->batch)
                                           : NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (self->undone, g_strdup (what));
  if (answer->n_left > 0)
    {
      say_left (self, answer->n_left);
      return;
    }
  /* Translators: %s is what the user had done, "Height changed". */
  text = what != NULL ? g_strdup_printf (_("Undone: %s"), what)
                      : g_strdup (_("The last change was undone"));
  alm_workbench_say (self, text, FALSE);
}

static void
undo_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmWorkbench) self = user_data;
  g_autoptr (GError) error = NULL;
  UndoAnswer *answer = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  self->busy = FALSE;
  if (answer != NULL)
    {
      say_undone (self, answer);
      undo_answer_free (answer);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    alm_workbench_say (self, _("There is nothing to undo"), FALSE);
  else
    alm_workbench_say_error (self, error);
}

static void
redo_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AlmWorkbench) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;
  UndoAnswer *answer = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  self->busy = FALSE;
  if (answer == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        alm_workbench_say (self, _("There is nothing to do again"), FALSE);
      else
        alm_workbench_say_error (self, error);
      return;
    }

  if (self->undone->len > 0)
    what = g_ptr_array_steal_index (self->undone, self->undone->len - 1);
  text = what != NULL ? g_strdup_printf (_("Done again: %s"), what)
                      : g_strdup (_("The change was done again"));
  alm_workbench_say (self, text, FALSE);
  undo_answer_free (answer);
}

static void
alm_workbench_finalize (GObject *object)
{
  AlmWorkbench *self = ALM_WORKBENCH (object);

  alm_sync_driver_stop (self->sync);
  g_clear_object (&self->sync);
  g_clear_object (&self->records);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->words, g_hash_table_unref);
  g_clear_pointer (&self->undone, g_ptr_array_unref);

  G_OBJECT_CLASS (alm_workbench_parent_class)->finalize (object);
}

static void
alm_workbench_class_init (AlmWorkbenchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = alm_workbench_finalize;

  signals[SAY] =
    g_signal_new ("say", ALM_TYPE_WORKBENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[GO] =
    g_signal_new ("go", ALM_TYPE_WORKBENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
alm_workbench_init (AlmWorkbench *self)
{
  self->selection = alm_selection_new ();
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->undone = g_ptr_array_new_with_free_func (g_free);
}

AlmWorkbench *
alm_workbench_new (AlmRecords *records)
{
  AlmWorkbench *self;

  g_return_val_if_fail (ALM_IS_RECORDS (records), NULL);

  self = g_object_new (ALM_TYPE_WORKBENCH, NULL);
  self->records = g_object_ref (records);
  self->sync = alm_sync_driver_new (records, TRUE);
  alm_sync_driver_start (self->sync);

  return self;
}

AlmRecords *
alm_workbench_get_records (AlmWorkbench *self)
{
  g_return_val_if_fail (ALM_IS_WORKBENCH (self), NULL);

  return self->records;
}

AlmSelection *
alm_workbench_get_selection (AlmWorkbench *self)
{
  g_return_val_if_fail (ALM_IS_WORKBENCH (self), NULL);

  return self->selection;
}

AlmSyncDriver *
alm_workbench_get_sync (AlmWorkbench *self)
{
  g_return_val_if_fail (ALM_IS_WORKBENCH (self), NULL);

  return self->sync;
}

void
alm_workbench_say (AlmWorkbench *self,
                   const char   *text,
                   gboolean      with_undo)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));
  g_return_if_fail (text != NULL);

  g_signal_emit (self, signals[SAY], 0, text, with_undo);
}

void
alm_workbench_say_error (AlmWorkbench *self,
                         const GError *error)
{
  g_return_if_fail (error != NULL);

  g_message ("%s", error->message);
  alm_workbench_say (self, alm_error_text (error), FALSE);
}

void
alm_workbench_go (AlmWorkbench *self,
                  const char   *page)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));

  g_signal_emit (self, signals[GO], 0, page);
}

void
alm_workbench_open_record (AlmWorkbench *self,
                           gint64        rid,
                           gboolean      has_place)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));

  alm_selection_select (self->selection, rid);
  if (has_place)
    alm_selection_show_on_map (self->selection, rid, NAN, NAN);
  else
    alm_workbench_go (self, "assets");
}

void
alm_workbench_edit (AlmWorkbench  *self,
                    const char    *what,
                    const AlmEdit *edits,
                    guint          n_edits,
                    GObject       *owner,
                    AlmEditedFunc  func,
                    gpointer       user_data)
{
  g_autofree AlmEdit *batched = NULL;
  EditCall *call;

  g_return_if_fail (ALM_IS_WORKBENCH (self));
  g_return_if_fail (what != NULL);
  g_return_if_fail (edits != NULL && n_edits > 0);

  call = g_new0 (EditCall, 1);
  call->self = g_object_ref (self);
  call->owner = owner != NULL ? g_object_ref (owner) : NULL;
  call->func = func;
  call->user_data = user_data;
  call->what = g_strdup (what);
  call->batch = g_uuid_string_random ();

  batched = g_memdup2 (edits, n_edits * sizeof *edits);
  for (guint i = 0; i < n_edits; i++)
    batched[i].batch = call->batch;
  alm_records_edit_async (self->records, batched, n_edits, edit_ready_cb, call);
}

void
alm_workbench_note_batch (AlmWorkbench *self,
                          const char   *what,
                          const char   *batch)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));
  g_return_if_fail (what != NULL && batch != NULL);

  g_hash_table_insert (self->words, g_strdup (batch), g_strdup (what));
  g_ptr_array_set_size (self->undone, 0);
}

static void
write_step (AlmWorkbench        *self,
            AlmDeskFunc          job,
            GAsyncReadyCallback  ready)
{
  if (self->busy)
    return;
  self->busy = TRUE;
  alm_records_write_async (self->records, job, NULL, NULL, (GDestroyNotify) undo_answer_free,
                           ready, g_object_ref (self));
}

/* What was done last in this profile, in this window or before it. */
void
alm_workbench_undo (AlmWorkbench *self)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));

  write_step (self, undo_job, undo_ready_cb);
}

void
alm_workbench_redo (AlmWorkbench *self)
{
  g_return_if_fail (ALM_IS_WORKBENCH (self));

  write_step (self, redo_job, redo_ready_cb);
}

const char *
alm_workbench_language (void)
{
  const char *const *names = g_get_language_names ();

  return g_str_has_prefix (names[0], "de") ? "de" : "en";
}
