/* SPDX-License-Identifier: EUPL-1.2 */

/* Files that were sent and that no record names: the receiver looks for them, for only it
 * writes parts; the writer, after another look, takes them away.  What is not swept now
 * is swept the next time.  Main thread; `…_job` functions run on the workers. */

#include "config.h"

#include "alm-sweep.h"

#include "alm-hub-core.h"

#define EVERY_S 3600

struct _AlmSweep
{
  gatomicrefcount  ref_count;   /* ours, and one for a look under way */
  AlmWorker       *receiver;    /* borrowed */
  AlmWorker       *writer;
  guint            timer;
  gboolean         busy;
  gboolean         stopped;
  GPtrArray       *names;       /* (element-type utf8): what was found; nullable */
};

static void
sweep_unref (AlmSweep *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

static void
find_job (GTask    *task,
          gpointer  resource)
{
  AlmSweep *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->names = alm_hub_core_find_unwanted (resource, &error);
  if (self->names == NULL)
    g_message ("files that nobody wants: %s", error->message);

  g_task_return_boolean (task, TRUE);
}

static void
drop_job (GTask    *task,
          gpointer  resource)
{
  AlmSweep *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!alm_hub_core_drop_unwanted (resource, self->names, &error))
    g_message ("files that nobody wants: %s", error->message);

  g_task_return_boolean (task, TRUE);
}

static void
submit (AlmSweep            *self,
        AlmWorker           *worker,
        AlmWorkerFunc        func,
        GAsyncReadyCallback  callback)
{
  GTask *task = g_task_new (NULL, NULL, callback, self);

  g_atomic_ref_count_inc (&self->ref_count);
  g_task_set_task_data (task, self, (GDestroyNotify) sweep_unref);
  alm_worker_submit (worker, func, task);
}

static void
dropped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AlmSweep *self = user_data;

  g_clear_pointer (&self->names, g_ptr_array_unref);
  self->busy = FALSE;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  AlmSweep *self = user_data;

  if (self->stopped || self->names == NULL || self->names->len == 0)
    dropped_cb (source, result, self);
  else
    submit (self, self->writer, drop_job, dropped_cb);
}

static gboolean
look_cb (gpointer data)
{
  AlmSweep *self = data;

  if (!self->busy)
    {
      self->busy = TRUE;
      submit (self, self->receiver, find_job, found_cb);
    }

  return G_SOURCE_CONTINUE;
}

AlmSweep *
alm_sweep_new (AlmWorker *receiver,
               AlmWorker *writer)
{
  AlmSweep *self = g_new0 (AlmSweep, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->receiver = receiver;
  self->writer = writer;
  self->timer = g_timeout_add_seconds (EVERY_S, look_cb, self);
  look_cb (self);

  return self;
}

void
alm_sweep_free (AlmSweep *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->stopped = TRUE;
  sweep_unref (self);
}
