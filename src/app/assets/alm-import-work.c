/* SPDX-License-Identifier: EUPL-1.2 */

/* The jobs behind the import assistant.
 *
 * Invariants:
 *   1. At most one job has the import in its hands; the window starts the next
 *      one only after the last has come back.
 *   2. After alm_import_work_abandon() nobody is told anything.
 * Analysing and preparing run on a reader, so that people go on working; only what
 * is ready enters the writer, whose transaction it is. */

#include "config.h"

#include "alm-import-work.h"

struct _AlmImportWork
{
  gatomicrefcount        ref_count;
  AlmImport             *import;
  GArray                *points;
  AlmImportWorkProgress  progress;    /* NULL once abandoned; main thread */
  gpointer               user_data;
  gint                   told;        /* per mille last reported; atomic */
};

/* What a job is given. */
typedef struct
{
  AlmImportWork    *work;
  AlmImportMapping *mapping;
  AlmImportFlags    flags;
  GCancellable     *cancellable;
} Job;

/* A report on its way to the main thread. */
typedef struct
{
  AlmImportWork *work;
  double         share;
  gint64         rows;
} Report;

static AlmImportWork *
work_ref (AlmImportWork *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_import_work_unref (AlmImportWork *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  alm_import_free (self->import);
  g_clear_pointer (&self->points, g_array_unref);
  g_free (self);
}

static void
report_free (gpointer data)
{
  Report *report = data;

  alm_import_work_unref (report->work);
  g_free (report);
}

static gboolean
report_cb (gpointer data)
{
  Report *report = data;

  if (report->work->progress != NULL)
    report->work->progress (report->share, report->rows, report->work->user_data);

  return G_SOURCE_REMOVE;
}

/* On the job's thread; passes on each per mille once. */
static void
progress_cb (guint64  done,
             guint64  total,
             gint64   rows,
             gpointer user_data)
{
  AlmImportWork *self = user_data;
  int share = total > 0 ? (int) (done * 1000 / total) : 0;
  Report *report;

  if (g_atomic_int_get (&self->told) == share)
    return;

  g_atomic_int_set (&self->told, share);
  report = g_new (Report, 1);
  report->work = work_ref (self);
  report->share = share / 1000.0;
  report->rows = rows;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, report_cb, report, report_free);
}

/* @scope: NULL = "local" */
AlmImportWork *
alm_import_work_new (const char            *path,
                     const char            *kind,
                     const char            *scope,
                     AlmImportWorkProgress  progress,
                     gpointer               user_data)
{
  AlmImportWork *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  self = g_new0 (AlmImportWork, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->import = alm_import_new (path, kind, scope);
  self->progress = progress;
  self->user_data = user_data;
  alm_import_set_progress (self->import, progress_cb, self);
  alm_import_set_use_saved (self->import, TRUE);

  return self;
}

void
alm_import_work_abandon (AlmImportWork *self)
{
  g_return_if_fail (self != NULL);

  self->progress = NULL;
  alm_import_work_unref (self);
}

AlmImport *
alm_import_work_get_import (AlmImportWork *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->import;
}

GArray *
alm_import_work_get_points (AlmImportWork *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->points;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->mapping, alm_import_mapping_free);
  g_clear_object (&job->cancellable);
  alm_import_work_unref (job->work);
  g_free (job);
}

static gpointer
analyse_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  Job *job = data;
  AlmImportWork *work = job->work;

  if (job->mapping != NULL)
    alm_import_set_mapping (work->import, job->mapping);
  if (!alm_import_analyse (work->import, desk, job->cancellable, error))
    return NULL;

  g_clear_pointer (&work->points, g_array_unref);
  work->points = alm_import_locate_sample (work->import);

  return GINT_TO_POINTER (TRUE);
}

static gpointer
prepare_job (AlmDesk   *desk,
             gpointer   data,
             GError   **error)
{
  Job *job = data;

  return GINT_TO_POINTER (alm_import_prepare (job->work->import, desk, job->flags,
                                              job->cancellable, error));
}

static gpointer
write_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  Job *job = data;

  return GINT_TO_POINTER (alm_import_write (job->work->import, desk, job->cancellable, error));
}

static gpointer
keep_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  Job *job = data;
  g_autoptr (GError) reason = NULL;

  /* The import is there all the same. */
  if (!alm_import_keep_mapping (job->work->import, desk, &reason))
    g_message ("mapping for the next delivery: %s", reason->message);

  return GINT_TO_POINTER (TRUE);
}

static Job *
job_new (AlmImportWork *self,
         GCancellable  *cancellable)
{
  Job *job = g_new0 (Job, 1);

  job->work = work_ref (self);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_atomic_int_set (&self->told, -1);

  return job;
}

void
alm_import_work_analyse_async (AlmImportWork          *self,
                               AlmRecords             *records,
                               const AlmImportMapping *mapping,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  Job *job;

  g_return_if_fail (self != NULL);

  job = job_new (self, cancellable);
  job->mapping = mapping != NULL ? alm_import_mapping_copy (mapping) : NULL;
  alm_records_read_async (records, analyse_job, job, job_free, NULL, cancellable,
                          callback, user_data);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gpointer done = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  if (done != NULL)
    g_task_return_pointer (task, done, NULL);
  else
    g_task_return_error (task, error);
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer done = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (done == NULL)
    g_task_return_error (task, error);
  else if ((job->flags & ALM_IMPORT_DRY_RUN) != 0)
    g_task_return_pointer (task, done, NULL);
  else
    alm_records_write_async (ALM_RECORDS (source), write_job, job, NULL, NULL, written_cb,
                             g_steal_pointer (&task));
}

void
alm_import_work_run_async (AlmImportWork       *self,
                           AlmRecords          *records,
                           AlmImportFlags       flags,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (self != NULL);

  job = job_new (self, cancellable);
  job->flags = flags;
  /* What was written is never told as cancelled: the jobs look themselves. */
  task = g_task_new (records, NULL, callback, user_data);
  g_task_set_source_tag (task, alm_import_work_run_async);
  g_task_set_task_data (task, job, job_free);
  alm_records_read_async (records, prepare_job, job, NULL, NULL, cancellable, prepared_cb, task);
}

void
alm_import_work_keep_mapping (AlmImportWork *self,
                              AlmRecords    *records)
{
  g_return_if_fail (self != NULL);

  alm_records_write_async (records, keep_job, job_new (self, NULL), job_free, NULL, NULL, NULL);
}

gboolean
alm_import_work_finish (AlmImportWork  *self,
                        AlmRecords     *records,
                        GAsyncResult   *result,
                        GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* Both kinds of job answer alike; the records know which it was. */
  return alm_records_write_finish (records, result, error) != NULL;
}
