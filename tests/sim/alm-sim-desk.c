/* SPDX-License-Identifier: EUPL-1.2 */

/* The desks of a world: how they start, die, and do their jobs.  One thread. */

#include "config.h"

#include "alm-desk-private.h"
#include "alm-sim-private.h"

#include <string.h>

void
alm_sim_crash_desk (AlmSimWorld *self,
                    guint        number,
                    AlmSimCrash  crash)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->desk == NULL)
    return;

  alm_sim_say (self, "desk %u dies (%u)", number, crash);
  self->counters.desk_crashes++;
  node->life++;
  alm_sim_disk_die (node->disk);
  g_clear_pointer (&node->desk, alm_desk_close);
  g_clear_pointer (&node->machine, alm_sync_machine_free);
  alm_sim_disk_crash (node->disk, crash, &self->random);
  alm_sim_add_event (self, EVENT_START_DESK, (100 + alm_sim_below (self, 3000)) * MILLI, number);
}

static gboolean
open_desk (AlmSimWorld *self,
           guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GError) error = NULL;
  AlmRandom random;

  alm_sim_set_pages (self);
  node->desk = alm_desk_open_seeded (node->dir, ALM_DESK_WRITE, &node->clock.clock,
                                     alm_random_next (&self->random), &error);
  if (node->desk == NULL)
    {
      if (alm_sim_disk_is_dead (node->disk))
        return FALSE;
      alm_sim_world_violate (self, "desk %u does not open: %s", number, error->message);
      return FALSE;
    }

  alm_random_seed (&random, alm_random_next (&self->random));
  node->machine = alm_sync_machine_new (&random, TRUE);
  node->life++;

  return TRUE;
}

static void look_at_lost (AlmSimWorld *self, AlmSimDesk *node);

void
alm_sim_start_desk (AlmSimWorld *self,
                    guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->desk != NULL)
    return;
  if (!open_desk (self, number))
    {
      alm_sim_disk_crash (node->disk, self->exact ? self->crash : ALM_SIM_CRASH_KEEP_ALL,
                          &self->random);
      if (self->violation == NULL)
        alm_sim_add_event (self, EVENT_START_DESK, SECOND, number);
      return;
    }

  look_at_lost (self, node);
  node->asks_login = FALSE;
  node->arrived = 0;
  alm_sim_say (self, "desk %u starts", number);
  alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_START });
}

/* After a call in which the disk may have died or refused. */
gboolean
alm_sim_look_at_disk (AlmSimWorld *self,
                      guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *fault = NULL;

  if (alm_sim_disk_is_dead (node->disk))
    {
      self->counters.crashes_in_job++;
      alm_sim_crash_desk (self, number, alm_sim_how (self));
      return FALSE;
    }

  /* After an I/O error a desk is read-only until it is started anew. */
  fault = alm_desk_get_fault (node->desk);
  if (fault != NULL)
    {
      self->counters.io_errors++;
      alm_sim_crash_desk (self, number, ALM_SIM_CRASH_KEEP_ALL);
      return FALSE;
    }

  return TRUE;
}

/* −1: nothing is known of the scope. */
gint64
alm_sim_desk_cursor (AlmSimDesk *node)
{
  gint64 cursor = -1;

  alm_db_get_int (node->desk->db, "SELECT seq FROM cursors WHERE scope = '" ALM_SIM_SCOPE "'", -1,
                  &cursor, NULL);

  return cursor;
}

static void
note_lost (AlmSimWorld *self,
           AlmSimDesk  *node,
           gboolean     lost)
{
  if (node->lost == lost)
    return;

  node->lost = lost;
  self->counters.scopes_lost += lost;
  self->counters.scopes_back += !lost;
}

/* −1: it is not there. */
static gint64
read_version (AlmSimDesk *node,
              guint       record)
{
  g_autoptr (AlmQuery) query = alm_db_query (node->desk->db,
                                             "SELECT ver FROM records WHERE id = ?1");
  AlmId id;

  alm_sim_world_id (&id, record);
  alm_sql_bind_blob_at (query, 1, id.bytes, sizeof id.bytes);

  return alm_sql_step (query, NULL) == ALM_SQL_STEP_ROW ? alm_sql_get_int (query, 0) : -1;
}

/* A desk that died in the write by which its scope went may be told of it anew before
 * anybody looks again. */
static void
look_at_lost (AlmSimWorld *self,
              AlmSimDesk  *node)
{
  note_lost (self, node, alm_sim_desk_cursor (node) < 0);
  for (guint i = 0; node->lost && i < ALM_SIM_RECORDS; i++)
    if (read_version (node, i) < 0)
      node->versions[i] = 0;
}

/* Then the cursor does not say what is here already. */
static gboolean
is_read_again (AlmSimDesk *node)
{
  gint64 again = 0;

  alm_db_get_int (node->desk->db, "SELECT json_extract (info, '$.sweep') FROM cursors"
                  " WHERE scope = '" ALM_SIM_SCOPE "'", 0, &again, NULL);

  return again != 0;
}

/* No version that is shown goes back, unless its scope is lost, or the server came back
 * without it: then what others have not handed in again goes with the first reading. */
static void
check_versions (AlmSimWorld *self,
                guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  alm_sim_look_at_epoch (self, number);
  note_lost (self, node, alm_sim_desk_cursor (node) < 0);
  if (node->epoch != NULL && is_read_again (node))
    {
      memset (node->versions, 0, sizeof node->versions);
      return;
    }
  for (guint i = 0; i < ALM_SIM_RECORDS; i++)
    {
      gint64 now = read_version (node, i);

      if (node->lost && now < 0)
        node->versions[i] = 0;
      if (node->versions[i] > 0 && now < node->versions[i])
        alm_sim_world_violate (self, "desk %u: record %u went back from version %" G_GINT64_FORMAT,
                               number, i, node->versions[i]);
      node->versions[i] = MAX (now, 0);
    }
}

static void
count_result (AlmSimWorld         *self,
              const AlmSyncJob    *job,
              const AlmSyncResult *result)
{
  if (job->kind == ALM_SYNC_JOB_PAGE)
    self->counters.pages++;
  if (job->kind != ALM_SYNC_JOB_OUTCOMES)
    return;
  self->counters.pushed += job->count;
  self->counters.merged += result->outcomes.merged;
  self->counters.conflicts += result->outcomes.conflict;
  self->counters.refused += result->outcomes.refused;
}

/* Has the feed been faster than this answer?  Then the desk has laid a command
 * over a state that holds its effect already, which it could not know. */
static gboolean
is_late (const AlmSyncJob *job,
         gint64            cursor)
{
  gint64 next;
  gsize length;
  const char *text = g_bytes_get_data (job->body, &length);
  g_autoptr (GPtrArray) outcomes = alm_wire_push_parse_reply (text, length, job->first,
                                                              job->count, &next, NULL);

  for (guint i = 0; outcomes != NULL && i < outcomes->len; i++)
    if (((AlmWireOutcome *) outcomes->pdata[i])->seq <= cursor)
      return TRUE;

  return FALSE;
}

void
alm_sim_run_job (AlmSimWorld *self,
                 AlmSimEvent *event)
{
  AlmSimDesk *node = &self->desks[event->desk];
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmSyncResult) result = NULL;
  gboolean answers = event->job->kind == ALM_SYNC_JOB_OUTCOMES
                     && !is_late (event->job, alm_sim_desk_cursor (node))
                     && !is_read_again (node);

  if (answers)
    before = alm_sim_shown (node, FALSE);
  alm_sim_arm (self, node->disk);
  result = alm_sync_job_run (event->job, node->desk, &error);
  alm_sim_disarm (node->disk);
  if (!alm_sim_look_at_disk (self, event->desk))
    return;

  if (result == NULL)
    {
      alm_sim_say (self, "desk %u job %u fails: %s", event->desk, event->job->kind, error->message);
      alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_FAILED,
                                                        .number = event->number, .error = error });
      return;
    }

  count_result (self, event->job, result);
  if (event->job->kind == ALM_SYNC_JOB_PAGE && result->page.repairs > 0)
    alm_sim_world_violate (self, "desk %u: the digest of the scope differs", event->desk);
  if (answers && result->outcomes.refused == 0 && alm_sim_desk_cursor (node) >= 0)
    {
      after = alm_sim_shown (node, FALSE);
      if (strcmp (before, after) != 0)
        alm_sim_world_violate (self, "desk %u: an answer changed what is shown:\n%s\n%s",
                               event->desk, before, after);
    }
  if (event->job->kind != ALM_SYNC_JOB_LOAD && event->job->kind != ALM_SYNC_JOB_NEXT_PUSH)
    check_versions (self, event->desk);
  alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_STORED,
                                                    .number = event->number,
                                                    .result = result });
}

static void
carry_out (AlmSimWorld   *self,
           guint          number,
           AlmSyncEffect *effect)
{
  AlmSimEvent *event;

  switch (effect->type)
    {
    case ALM_SYNC_SEND:
      event = alm_sim_add_event (self, EVENT_ARRIVE, alm_sim_latency (self), number);
      event->number = effect->number;
      event->method = effect->method;
      event->path = g_strdup (effect->path);
      event->body = effect->body != NULL ? g_bytes_ref (effect->body) : NULL;
      break;

    case ALM_SYNC_STORE:
      event = alm_sim_add_event (self, EVENT_STORE, alm_sim_below (self, 5) * MILLI, number);
      event->number = effect->number;
      event->job = g_steal_pointer (&effect->job);
      break;

    case ALM_SYNC_WAKE_AT:
      if (effect->at_us != 0)
        alm_sim_add_event (self, EVENT_TICK, MAX (0, effect->at_us - self->time_us), number);
      break;

    case ALM_SYNC_CANCEL:
    case ALM_SYNC_KEEP:
    case ALM_SYNC_TELL:
    default:
      break;
    }
}

void
alm_sim_step (AlmSimWorld *self,
              guint        number,
              AlmSyncEvent event)
{
  g_autoptr (GPtrArray) effects = NULL;

  event.now_us = self->time_us;
  effects = alm_sync_machine_step (self->desks[number].machine, &event);
  for (guint i = 0; i < effects->len; i++)
    carry_out (self, number, effects->pdata[i]);
  alm_sim_look_at_login (self, number);
}
