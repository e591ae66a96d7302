/* SPDX-License-Identifier: EUPL-1.2 */

/* Carries out what the machine asks of the store.  Runs on whatever thread the
 * desk belongs to; each job is one transaction, but for an INDEX of the whole. */

#include "config.h"

#include "alm-sync-job.h"

#include "alm-blob-store.h"
#include "alm-desk-erase.h"
#include "alm-zstd.h"

#include <glib/gstdio.h>

#define BODY_MAX (256u << 20)

void
alm_sync_job_free (AlmSyncJob *self)
{
  g_clear_pointer (&self->hello, alm_wire_hello_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->but, g_hash_table_unref);
  g_free (self->scope);
  g_free (self->path);
  g_clear_pointer (&self->seen, alm_value_unref);
  g_free (self->sha256);
  g_free (self);
}

void
alm_sync_result_free (AlmSyncResult *self)
{
  alm_desk_sync_state_clear (&self->state);
  alm_desk_sync_plan_clear (&self->plan);
  alm_desk_sync_page_clear (&self->page);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->seen, alm_value_unref);
  g_clear_pointer (&self->blob, alm_desk_blob_free);
  g_free (self->part);
  g_free (self);
}

gboolean
alm_sync_job_reads (const AlmSyncJob *self)
{
  return self->kind == ALM_SYNC_JOB_BLOB_NEXT || self->kind == ALM_SYNC_JOB_BLOB_READ
         || self->kind == ALM_SYNC_JOB_BLOB_CHECK;
}

/* @body: (nullable): counts as empty */
GBytes *
alm_sync_open_body (GBytes  *body,
                    gsize    max,
                    GError **error)
{
  gsize length = 0;
  gconstpointer data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  if (length == 0)
    return g_bytes_new_static ("", 0);

  return alm_zstd_is_packed (data, length) ? alm_zstd_unpack (data, length, max, error)
                                           : g_bytes_ref (body);
}

static gboolean
find_next_blob (const AlmSyncJob  *self,
                AlmDesk           *desk,
                AlmSyncResult     *result,
                GError           **error)
{
  if (!alm_desk_blob_next (desk, self->but, &result->blob, error) || result->blob == NULL)
    return result->blob == NULL && (error == NULL || *error == NULL);

  result->part = alm_blob_store_part_path (alm_desk_get_dir (desk), result->blob->sha256, NULL,
                                           error);

  return result->part != NULL;
}

static gboolean
run_blob (const AlmSyncJob  *self,
          AlmDesk           *desk,
          AlmSyncResult     *result,
          GError           **error)
{
  const char *dir = alm_desk_get_dir (desk);

  switch ((int) self->kind)
    {
    case ALM_SYNC_JOB_BLOB_NEXT:
      return find_next_blob (self, desk, result, error);

    case ALM_SYNC_JOB_BLOB_READ:
      result->body = alm_blob_store_read (dir, self->sha256, self->offset, (gsize) self->size,
                                          error);
      return result->body != NULL;

    case ALM_SYNC_JOB_BLOB_CHECK:
      return self->whole ? alm_blob_store_check (dir, self->sha256, error)
                         : alm_blob_store_check_part (dir, self->sha256, NULL, self->size, error);

    case ALM_SYNC_JOB_BLOB_NEWS:
    default:
      return alm_desk_blob_take_news (desk, self->sha256, self->news, error);
    }
}

static gboolean
run (const AlmSyncJob  *self,
     AlmDesk           *desk,
     AlmSyncResult     *result,
     GError           **error)
{
  g_autoptr (GBytes) body = alm_sync_open_body (self->body, BODY_MAX, error);
  const char *text;
  gsize length;
  gboolean done;

  if (body == NULL)
    return FALSE;

  text = g_bytes_get_data (body, &length);
  if (text == NULL)
    text = "";
  switch (self->kind)
    {
    case ALM_SYNC_JOB_LOAD:
      return alm_desk_sync_load (desk, &result->state, error);

    case ALM_SYNC_JOB_HELLO:
      return alm_desk_sync_take_hello (desk, self->hello, &result->plan, error);

    case ALM_SYNC_JOB_NEXT_PUSH:
      return alm_desk_sync_next_push (desk, self->max_bytes, self->max_commands, &result->body,
                                      &result->first, &result->count, error);

    case ALM_SYNC_JOB_OUTCOMES:
      return alm_desk_sync_take_outcomes (desk, text, length, self->first, self->count,
                                          &result->outcomes, error);

    case ALM_SYNC_JOB_REQUEUE:
      return alm_desk_sync_requeue (desk, self->next, &result->waiting, error);

    case ALM_SYNC_JOB_PAGE:
      return alm_desk_sync_take_page (desk, text, length, &result->page, error);

    case ALM_SYNC_JOB_SLICE:
      done = alm_desk_sync_take_slice (desk, self->path, self->scope, self->begin, &result->page,
                                       error);
      if (!done || !result->page.again)
        g_unlink (self->path);
      return done;

    case ALM_SYNC_JOB_INDEX:
      do
        result->again = alm_desk_sync_index (desk);
      while (result->again && self->whole);
      return TRUE;

    case ALM_SYNC_JOB_WIPE:
      return alm_desk_wipe (desk, &result->wiped, &result->seen, error);

    case ALM_SYNC_JOB_CONFIRMED:
      return alm_desk_wipe_confirmed (desk, self->seen, error);

    case ALM_SYNC_JOB_BLOB_NEXT:
    case ALM_SYNC_JOB_BLOB_READ:
    case ALM_SYNC_JOB_BLOB_CHECK:
    case ALM_SYNC_JOB_BLOB_NEWS:
      return run_blob (self, desk, result, error);

    case ALM_SYNC_JOB_FORK:
      return alm_desk_sync_fork (desk, &result->state, error);

    case ALM_SYNC_JOB_EMPTY:
      return alm_desk_empty (desk, error);

    default:
      g_assert_not_reached ();
    }
}

/* (transfer full): NULL with an error, and nothing has changed */
AlmSyncResult *
alm_sync_job_run (const AlmSyncJob  *self,
                  AlmDesk           *desk,
                  GError           **error)
{
  g_autoptr (AlmSyncResult) result = g_new0 (AlmSyncResult, 1);

  return run (self, desk, result, error) ? g_steal_pointer (&result) : NULL;
}
