/* SPDX-License-Identifier: EUPL-1.2 */

/* The bounded pool.
 *
 * Threading model: as in alm-worker.c, a job returns its task as the last
 * thing it does, and the pool's reference to the task falls in
 * "notify::completed", in the context that created the task.  Jobs share
 * nothing but what their task data say. */

#include "config.h"

#include "alm-pool.h"

struct _AlmPool
{
  GThreadPool *threads;
};

typedef struct
{
  AlmPoolFunc  func;
  GTask       *task;       /* borrowed; see above */
  int          priority;
  guint64      order;
} Job;

static void
run_job (gpointer data,
         gpointer user_data)
{
  g_autofree Job *job = data;

  if (!g_task_return_error_if_cancelled (job->task))
    job->func (job->task, g_task_get_task_data (job->task));
}

static int
compare_jobs (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const Job *one = a;
  const Job *two = b;

  if (one->priority != two->priority)
    return one->priority < two->priority ? -1 : 1;

  return one->order < two->order ? -1 : one->order > two->order;
}

/* @n_threads: 0 for one per core */
AlmPool *
alm_pool_new (guint n_threads)
{
  AlmPool *self = g_new0 (AlmPool, 1);

  if (n_threads == 0)
    n_threads = g_get_num_processors ();

  self->threads = g_thread_pool_new (run_job, NULL, (int) n_threads, FALSE, NULL);
  g_thread_pool_set_sort_function (self->threads, compare_jobs, NULL);

  return self;
}

/* The program's own pool, made on first use; never freed. */
AlmPool *
alm_pool_shared (void)
{
  static gsize pool = 0;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, (gsize) alm_pool_new (0));

  return (AlmPool *) pool;
}

/* Lets queued jobs finish. */
void
alm_pool_free (AlmPool *self)
{
  g_return_if_fail (self != NULL);

  g_thread_pool_free (self->threads, FALSE, TRUE);
  g_free (self);
}

/* Runs @func with the task's data.  Lower @priority first, then in the order given.
 *
 * @task: (transfer full) */
void
alm_pool_submit (AlmPool     *self,
                 int          priority,
                 AlmPoolFunc  func,
                 GTask       *task)
{
  static gsize counter = 0;
  Job *job;

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);
  g_return_if_fail (G_IS_TASK (task));

  g_signal_connect_swapped (task, "notify::completed", G_CALLBACK (g_object_unref), task);

  job = g_new (Job, 1);
  job->func = func;
  job->task = task;
  job->priority = priority;
  job->order = (guint64) g_atomic_pointer_add (&counter, 1);
  g_thread_pool_push (self->threads, job, NULL);
}
