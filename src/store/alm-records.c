/* SPDX-License-Identifier: EUPL-1.2 */

/* The profile as the window sees it.
 *
 * Threads: the object and its signals belong to the main thread.  One worker has
 * the writing connection, two have reading ones; what crosses are plain structs.
 * A change is told in the main context before the write's own callback runs, so
 * that who waits for a write finds everything fresh.
 *
 * Invariants:
 *   1. A write that was committed is never reported as cancelled.
 *   2. A read sees every write that was reported before it was asked for.
 *   3. The models on the main thread are those of the last change that was told. */

#include "config.h"

#include "alm-records.h"

#include "alm-desk-private.h"
#include "alm-worker.h"

#include <string.h>

#define N_READERS 2

/* Lives as long as one of the workers or the object does. */
typedef struct
{
  gatomicrefcount  ref_count;
  GMainContext    *context;
  GWeakRef         records;
} Link;

struct _AlmRecords
{
  GObject    parent_instance;

  char      *dir;
  char      *fault;
  AlmWorker *writer;
  AlmWorker *readers[N_READERS];
  guint      waiting[N_READERS];   /* jobs that have been handed to each */
  Link      *link;
  GPtrArray *models;               /* (element-type AlmModel), by name */
};

enum { CHANGED, MODELS_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmRecords, alm_records, G_TYPE_OBJECT)

/* One call, from the main thread to a worker and back. */
typedef struct
{
  AlmDeskFunc     func;
  gpointer        data;
  GDestroyNotify  free_data;
  GDestroyNotify  free_result;
  int             reader;          /* −1: the writer */
} Call;

static void
call_free (Call *self)
{
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self);
}

static Link *
link_new (AlmRecords *records)
{
  Link *self = g_new0 (Link, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&self->records, records);

  return self;
}

static void
link_unref (Link *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->records);
  g_main_context_unref (self->context);
  g_free (self);
}

/* A change on its way from the writer to the main thread. */
typedef struct
{
  Link      *link;
  AlmChange *change;
  GPtrArray *models;   /* NULL where none has changed */
} News;

static void
news_free (News *self)
{
  link_unref (self->link);
  alm_change_free (self->change);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_free (self);
}

static gboolean
tell_cb (gpointer data)
{
  News *news = data;
  g_autoptr (AlmRecords) self = g_weak_ref_get (&news->link->records);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  if (news->models != NULL)
    {
      g_ptr_array_unref (self->models);
      self->models = g_steal_pointer (&news->models);
      g_signal_emit (self, signals[MODELS_CHANGED], 0);
    }
  g_signal_emit (self, signals[CHANGED], 0, news->change);

  return G_SOURCE_REMOVE;
}

/* On the writer's thread, after the commit. */
static void
desk_changed_cb (AlmDesk    *desk,
                 AlmChange  *change,
                 gpointer    user_data)
{
  News *news = g_new0 (News, 1);
  GSource *source = g_idle_source_new ();

  news->link = user_data;
  g_atomic_ref_count_inc (&news->link->ref_count);
  news->change = change;
  if (change->models)
    news->models = alm_desk_list_models (desk);

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, news, (GDestroyNotify) news_free);
  g_source_attach (source, news->link->context);
  g_source_unref (source);
}

static void
interrupt_cb (GCancellable *cancellable,
              AlmDesk      *desk)
{
  alm_desk_interrupt (desk);
}

static void
return_result (GTask     *task,
               Call      *call,
               gpointer   result,
               GError    *error)
{
  if (result != NULL)
    g_task_return_pointer (task, result, call->free_result);
  else
    g_task_return_error (task, error);
}

static void
read_job (GTask    *task,
          gpointer  resource)
{
  AlmDesk *desk = resource;
  Call *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  gpointer result = NULL;
  gulong handler = 0;

  /* Superseded while it waited, as the search for what stood there a letter ago. */
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      return_result (task, call, NULL, error);
      return;
    }

  /* Only while this job runs: the connection is the next one's afterwards. */
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (interrupt_cb), desk, NULL);

  if (alm_desk_refresh (desk, &error))
    result = call->func (desk, call->data, &error);

  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);

  return_result (task, call, result, error);
}

static void
write_job (GTask    *task,
           gpointer  resource)
{
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer result = call->func (resource, call->data, &error);

  return_result (task, call, result, error);
}

static void
alm_records_dispose (GObject *object)
{
  AlmRecords *self = ALM_RECORDS (object);

  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i], alm_worker_stop);
  g_clear_pointer (&self->writer, alm_worker_stop);

  G_OBJECT_CLASS (alm_records_parent_class)->dispose (object);
}

static void
alm_records_finalize (GObject *object)
{
  AlmRecords *self = ALM_RECORDS (object);

  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_clear_pointer (&self->link, link_unref);
  g_free (self->dir);
  g_free (self->fault);

  G_OBJECT_CLASS (alm_records_parent_class)->finalize (object);
}

static void
alm_records_class_init (AlmRecordsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alm_records_dispose;
  object_class->finalize = alm_records_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[MODELS_CHANGED] =
    g_signal_new ("models-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
alm_records_init (AlmRecords *self)
{
  self->link = link_new (self);
}

AlmRecords *
alm_records_open (const char  *dir,
                  GError     **error)
{
  g_autoptr (AlmRecords) self = NULL;
  AlmDesk *desk;

  g_return_val_if_fail (dir != NULL, NULL);

  desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, error);
  if (desk == NULL)
    return NULL;

  self = g_object_new (ALM_TYPE_RECORDS, NULL);
  self->dir = g_strdup (dir);
  self->fault = alm_desk_get_fault (desk);
  self->models = alm_desk_list_models (desk);
  alm_desk_set_changed_func (desk, desk_changed_cb, self->link);
  self->writer = alm_worker_new ("records-write", desk, (GDestroyNotify) alm_desk_close);

  for (guint i = 0; i < N_READERS; i++)
    {
      desk = alm_desk_open (dir, ALM_DESK_READ, NULL, error);
      if (desk == NULL)
        return NULL;
      self->readers[i] = alm_worker_new ("records-read", desk, (GDestroyNotify) alm_desk_close);
    }

  return g_steal_pointer (&self);
}

const char *
alm_records_get_dir (AlmRecords *self)
{
  g_return_val_if_fail (ALM_IS_RECORDS (self), NULL);

  return self->dir;
}

/* Why the profile was opened read-only, as it was found; NULL: all is well. */
const char *
alm_records_get_fault (AlmRecords *self)
{
  g_return_val_if_fail (ALM_IS_RECORDS (self), NULL);

  return self->fault;
}

static Call *
call_new (AlmDeskFunc     func,
          gpointer        data,
          GDestroyNotify  free_data,
          GDestroyNotify  free_result)
{
  Call *self = g_new0 (Call, 1);

  self->func = func;
  self->data = data;
  self->free_data = free_data;
  self->free_result = free_result;
  self->reader = -1;

  return self;
}

static void
read_completed_cb (AlmRecords  *self,
                   GParamSpec  *pspec,
                   GTask       *task)
{
  Call *call = g_task_get_task_data (task);

  self->waiting[call->reader]--;
}

void
alm_records_read_async (AlmRecords          *self,
                        AlmDeskFunc          func,
                        gpointer             data,
                        GDestroyNotify       free_data,
                        GDestroyNotify       free_result,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Call *call;
  int reader = 0;

  g_return_if_fail (ALM_IS_RECORDS (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  /* The one with less to do. */
  for (int i = 1; i < N_READERS; i++)
    if (self->waiting[i] < self->waiting[reader])
      reader = i;
  self->waiting[reader]++;

  call = call_new (func, data, free_data, free_result);
  call->reader = reader;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, alm_records_read_async);
  g_task_set_name (task, "[allmende] read");
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_signal_connect_object (task, "notify::completed", G_CALLBACK (read_completed_cb), self,
                           G_CONNECT_SWAPPED);

  alm_worker_submit (self->readers[reader], read_job, g_steal_pointer (&task));
}

gpointer
alm_records_read_finish (AlmRecords    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
alm_records_write_async (AlmRecords          *self,
                         AlmDeskFunc          func,
                         gpointer             data,
                         GDestroyNotify       free_data,
                         GDestroyNotify       free_result,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ALM_IS_RECORDS (self));
  g_return_if_fail (func != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, alm_records_write_async);
  g_task_set_name (task, "[allmende] write");
  g_task_set_task_data (task, call_new (func, data, free_data, free_result),
                        (GDestroyNotify) call_free);

  alm_worker_submit (self->writer, write_job, g_steal_pointer (&task));
}

gpointer
alm_records_write_finish (AlmRecords    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
get_row (AlmDesk   *desk,
         gpointer   data,
         GError   **error)
{
  return alm_desk_get (desk, data, error);
}

void
alm_records_get_async (AlmRecords          *self,
                       const AlmId         *id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  alm_records_read_async (self, get_row, g_memdup2 (id, sizeof *id), g_free,
                          (GDestroyNotify) alm_row_free, cancellable, callback, user_data);
}

AlmRow *
alm_records_get_finish (AlmRecords    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  return alm_records_read_finish (self, result, error);
}

static void
clear_edit (gpointer data)
{
  AlmEdit *edit = data;

  g_free ((char *) edit->scope);
  g_free ((char *) edit->kind);
  g_free ((char *) edit->batch);
  g_clear_pointer (&edit->set, alm_value_unref);
  g_clear_pointer (&edit->add, alm_value_unref);
  g_clear_pointer (&edit->drop, alm_value_unref);
}

static GArray *
copy_edits (const AlmEdit *edits,
            guint          n_edits)
{
  GArray *copies = g_array_sized_new (FALSE, TRUE, sizeof (AlmEdit), n_edits);

  g_array_set_clear_func (copies, clear_edit);
  for (guint i = 0; i < n_edits; i++)
    {
      AlmEdit copy = edits[i];

      copy.scope = g_strdup (copy.scope);
      copy.kind = g_strdup (copy.kind);
      copy.batch = g_strdup (copy.batch);
      if (copy.set != NULL)
        alm_value_ref (copy.set);
      if (copy.add != NULL)
        alm_value_ref (copy.add);
      if (copy.drop != NULL)
        alm_value_ref (copy.drop);
      g_array_append_val (copies, copy);
    }

  return copies;
}

static gpointer
edit_rows (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  GArray *edits = data;
  g_autoptr (GArray) results = g_array_new (FALSE, TRUE, sizeof (AlmEditResult));

  g_array_set_size (results, edits->len);
  if (!alm_desk_edit (desk, (const AlmEdit *) edits->data, edits->len,
                      (AlmEditResult *) results->data, NULL, error))
    return NULL;

  return g_steal_pointer (&results);
}

void
alm_records_edit_async (AlmRecords          *self,
                        const AlmEdit       *edits,
                        guint                n_edits,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  alm_records_write_async (self, edit_rows, copy_edits (edits, n_edits),
                           (GDestroyNotify) g_array_unref, (GDestroyNotify) g_array_unref,
                           callback, user_data);
}

GArray *
alm_records_edit_finish (AlmRecords    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return alm_records_write_finish (self, result, error);
}

typedef struct
{
  char  *text;
  guint  limit;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_free (self->text);
  g_free (self);
}

static gpointer
search_rows (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  Search *search = data;

  return alm_desk_search (desk, search->text, search->limit, error);
}

void
alm_records_search_async (AlmRecords          *self,
                          const char          *text,
                          guint                limit,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Search *search = g_new (Search, 1);

  search->text = g_strdup (text);
  search->limit = limit;
  alm_records_read_async (self, search_rows, search, search_free,
                          (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
alm_records_search_finish (AlmRecords    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return alm_records_read_finish (self, result, error);
}

AlmModel *
alm_records_get_model (AlmRecords *self,
                       const char *kind)
{
  g_return_val_if_fail (ALM_IS_RECORDS (self), NULL);

  for (guint i = 0; i < self->models->len; i++)
    if (strcmp (alm_model_get_name (self->models->pdata[i]), kind) == 0)
      return alm_model_ref (self->models->pdata[i]);

  return NULL;
}

/* (transfer container) */
GPtrArray *
alm_records_list_models (AlmRecords *self)
{
  g_return_val_if_fail (ALM_IS_RECORDS (self), NULL);

  return g_ptr_array_ref (self->models);
}
