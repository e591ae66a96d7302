/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-pool.h"
#include "alm-test.h"

typedef struct
{
  GArray *order;    /* of the jobs, in the order they ran; one thread, so no lock */
  int     number;
} Work;

static void
append_job (GTask    *task,
            gpointer  task_data)
{
  Work *work = task_data;

  g_array_append_val (work->order, work->number);
  g_task_return_int (task, work->number * 2);
}

/* Holds the only thread until the test has queued the rest. */
static void
wait_job (GTask    *task,
          gpointer  task_data)
{
  GAsyncQueue *gate = task_data;

  g_async_queue_pop (gate);
  g_task_return_boolean (task, TRUE);
}

static void
test_results_come_back_to_the_caller (void)
{
  g_autoptr (AlmPool) pool = alm_pool_new (2);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GAsyncResult) result = NULL;
  Work work = { order, 21 };
  GTask *task = g_task_new (NULL, NULL, alm_test_keep_result, &result);

  g_task_set_task_data (task, &work, NULL);
  alm_pool_submit (pool, 0, append_job, task);
  alm_test_wait_for (&result);

  g_assert_cmpint (g_task_propagate_int (G_TASK (result), NULL), ==, 42);
}

static void
test_the_urgent_one_goes_first (void)
{
  g_autoptr (AlmPool) pool = alm_pool_new (1);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  GAsyncResult *results[4] = { NULL };
  static const int priorities[] = { 5, 1, 5, 0 };
  Work works[4];
  GAsyncResult *held = NULL;
  GTask *task = g_task_new (NULL, NULL, alm_test_keep_result, &held);

  g_task_set_task_data (task, gate, NULL);
  alm_pool_submit (pool, 0, wait_job, task);
  for (int i = 0; i < 4; i++)
    {
      works[i] = (Work) { order, i };
      task = g_task_new (NULL, NULL, alm_test_keep_result, &results[i]);
      g_task_set_task_data (task, &works[i], NULL);
      alm_pool_submit (pool, priorities[i], append_job, task);
    }
  g_async_queue_push (gate, gate);
  for (int i = 0; i < 4; i++)
    {
      alm_test_wait_for (&results[i]);
      g_object_unref (results[i]);
    }
  alm_test_wait_for (&held);
  g_object_unref (held);

  g_assert_cmpint (order->len, ==, 4);
  g_assert_cmpint (g_array_index (order, int, 0), ==, 3);
  g_assert_cmpint (g_array_index (order, int, 1), ==, 1);
  g_assert_cmpint (g_array_index (order, int, 2), ==, 0);
  g_assert_cmpint (g_array_index (order, int, 3), ==, 2);
}

static void
test_a_cancelled_job_does_not_run (void)
{
  g_autoptr (AlmPool) pool = alm_pool_new (1);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Work work = { order, 1 };
  GTask *task;

  g_cancellable_cancel (cancellable);
  task = g_task_new (NULL, cancellable, alm_test_keep_result, &result);
  g_task_set_task_data (task, &work, NULL);
  alm_pool_submit (pool, 0, append_job, task);
  alm_test_wait_for (&result);

  g_task_propagate_int (G_TASK (result), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (order->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/pool/result", test_results_come_back_to_the_caller);
  g_test_add_func ("/base/pool/priority", test_the_urgent_one_goes_first);
  g_test_add_func ("/base/pool/cancelled", test_a_cancelled_job_does_not_run);

  return g_test_run ();
}
