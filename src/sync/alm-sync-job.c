/* SPDX-License-Identifier: EUPL-1.2 */

/* Carries out what the machine asks of the store.  Runs on whatever thread the
 * desk belongs to; each job is one transaction. */

#include "config.h"

#include "alm-sync-job.h"

#include <glib/gstdio.h>

void
alm_sync_job_free (AlmSyncJob *self)
{
  g_clear_pointer (&self->hello, alm_wire_hello_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->scope);
  g_free (self->path);
  g_free (self);
}

void
alm_sync_result_free (AlmSyncResult *self)
{
  alm_desk_sync_state_clear (&self->state);
  alm_desk_sync_plan_clear (&self->plan);
  alm_desk_sync_page_clear (&self->page);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static gboolean
run (const AlmSyncJob  *self,
     AlmDesk           *desk,
     AlmSyncResult     *result,
     GError           **error)
{
  gsize length = 0;
  const char *text = self->body != NULL ? g_bytes_get_data (self->body, &length) : "";
  gboolean done;

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

    case ALM_SYNC_JOB_PACK:
      done = alm_desk_sync_take_pack (desk, self->path, self->scope, &result->page, error);
      g_unlink (self->path);
      return done;

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
