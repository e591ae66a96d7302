/* SPDX-License-Identifier: EUPL-1.2 */

/* The desks of a world: how they start, die, and do their jobs, and what people
 * do at them.  One thread. */

#include "config.h"

#include "alm-desk-resolve.h"
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

void
alm_sim_start_desk (AlmSimWorld *self,
                    guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->desk != NULL)
    return;
  if (!open_desk (self, number))
    {
      alm_sim_disk_crash (node->disk, ALM_SIM_CRASH_KEEP_ALL, &self->random);
      if (self->violation == NULL)
        alm_sim_add_event (self, EVENT_START_DESK, SECOND, number);
      return;
    }

  alm_sim_say (self, "desk %u starts", number);
  alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_START });
}

/* After a call in which the disk may have died or refused. */
static gboolean
look_at_disk (AlmSimWorld *self,
              guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *fault = NULL;

  if (alm_sim_disk_is_dead (node->disk))
    {
      self->counters.crashes_in_job++;
      alm_sim_crash_desk (self, number, (AlmSimCrash) alm_sim_below (self, ALM_SIM_N_CRASHES));
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

/* No version that is shown goes back, and an answer changes nothing that is shown. */
static void
check_versions (AlmSimWorld *self,
                guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  for (guint i = 0; i < ALM_SIM_RECORDS; i++)
    {
      g_autoptr (AlmRow) row = NULL;
      gint64 last;
      AlmId id;

      alm_sim_world_id (&id, i);
      row = alm_desk_get (node->desk, &id, NULL);
      last = GPOINTER_TO_INT (g_hash_table_lookup (node->versions, GUINT_TO_POINTER (i + 1)));
      if (last > 0 && (row == NULL || row->ver < last))
        alm_sim_world_violate (self, "desk %u: record %u went back from version %" G_GINT64_FORMAT,
                               number, i, last);
      if (row != NULL)
        g_hash_table_insert (node->versions, GUINT_TO_POINTER (i + 1),
                             GINT_TO_POINTER ((int) row->ver));
    }
}

static void
count_result (AlmSimWorld         *self,
              const AlmSyncJob    *job,
              const AlmSyncResult *result)
{
  if (job->kind == ALM_SYNC_JOB_PAGE)
    {
      self->counters.pages++;
      self->counters.repairs += result->page.repairs;
    }
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

gint64
alm_sim_desk_cursor (AlmSimDesk *node)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (node->desk, NULL);
  gint64 cursor = -1;

  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (strcmp (((AlmDeskScope *) scopes->pdata[i])->scope, ALM_SIM_SCOPE) == 0)
      cursor = ((AlmDeskScope *) scopes->pdata[i])->cursor;

  return cursor;
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
                     && !is_late (event->job, alm_sim_desk_cursor (node));

  if (answers)
    before = alm_sim_shown (node, FALSE);
  alm_sim_arm (self, node->disk);
  result = alm_sync_job_run (event->job, node->desk, &error);
  alm_sim_disarm (node->disk);
  if (!look_at_disk (self, event->desk))
    return;

  if (result == NULL)
    {
      alm_sim_say (self, "desk %u job %u fails: %s", event->desk, event->job->kind, error->message);
      alm_sim_step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_FAILED,
                                                        .number = event->number, .error = error });
      return;
    }

  count_result (self, event->job, result);
  if (answers && result->outcomes.refused == 0)
    {
      after = alm_sim_shown (node, FALSE);
      if (strcmp (before, after) != 0)
        alm_sim_world_violate (self, "desk %u: an answer changed what is shown:\n%s\n%s",
                               event->desk, before, after);
    }
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
}

/* What people do */

static AlmValue *
make_set (AlmSimWorld  *self,
          guint         number,
          const AlmRow *row)
{
  AlmValue *set = alm_value_new_object ();
  guint which = 1 + alm_sim_below (self, 15);

  for (guint f = 0; f < 2; f++)
    if ((which & (1u << f)) != 0)
      {
        g_autofree char *text = g_strdup_printf ("d%u-%u", number, ++self->value_count);

        alm_value_set_text (set, f == 0 ? "a" : "b", text);
      }
  if ((which & 4) != 0)
    {
      double now = row != NULL ? alm_value_get_double (alm_value_get (row->fields, "n")) : 0;

      alm_value_set (set, "n", alm_value_new_double ((now == now ? now : 0) + 1
                                                     + alm_sim_below (self, 9)));
    }
  if ((which & 8) != 0)
    {
      const AlmValue *now = row != NULL ? alm_value_get (row->fields, "s") : NULL;
      AlmValue *list = alm_value_new_list ();
      guint size = alm_value_is (now, ALM_VALUE_LIST) ? alm_value_get_size (now) : 0;
      guint without = size > 0 && alm_sim_below (self, 3) == 0 ? alm_sim_below (self, size)
                                                               : G_MAXUINT;
      g_autofree char *text = g_strdup_printf ("e%u-%u", number, ++self->value_count);

      for (guint i = 0; i < size; i++)
        if (i != without)
          alm_value_append (list, alm_value_ref (alm_value_get_item (now, i)));
      alm_value_append (list, alm_value_new_text (text));
      alm_value_set (set, "s", list);
    }

  return set;
}

static void
promise (AlmSimWorld         *self,
         guint                number,
         const AlmEdit       *edit,
         const AlmEditResult *result)
{
  char *key = g_strdup_printf ("%u %" G_GINT64_FORMAT, number, result->n);
  char id[ALM_ID_TEXT_SIZE];

  alm_id_print (&result->id, id);
  self->desks[number].last_n = MAX (self->desks[number].last_n, result->n);
  g_hash_table_replace (self->promised, key, g_strdup_printf ("%s %s", alm_op_to_text (edit->op),
                                                              id));
}

static void
after_edit (AlmSimWorld         *self,
            guint                number,
            const AlmEdit       *edit,
            const AlmEditResult *result,
            gboolean             done,
            const GError        *error)
{
  alm_sim_disarm (self->desks[number].disk);
  if (done && !result->same)
    {
      alm_sim_say (self, "desk %u: %s n=%" G_GINT64_FORMAT, number, alm_op_to_text (edit->op),
                   result->n);
      self->counters.edits++;
      promise (self, number, edit, result);
    }
  if (!done)
    {
      alm_sim_say (self, "desk %u: edit fails: %s", number, error->message);
      self->counters.edits_failed++;
    }
  if (look_at_disk (self, number) && done)
    alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

static void
do_edit (AlmSimWorld *self,
         guint        number,
         guint        record,
         AlmOp        op)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (AlmValue) set = NULL;
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = op, .has_id = TRUE, .scope = ALM_SIM_SCOPE, .kind = ALM_SIM_KIND };
  AlmEditResult result = { 0 };
  gboolean done;

  alm_sim_world_id (&edit.id, record);
  row = alm_desk_get (node->desk, &edit.id, NULL);
  if (row == NULL)
    edit.op = ALM_OP_NEW;
  if (edit.op == ALM_OP_NEW || edit.op == ALM_OP_UPD)
    edit.set = set = make_set (self, number, edit.op == ALM_OP_NEW ? NULL : row);
  alm_sim_arm (self, node->disk);
  done = alm_desk_edit (node->desk, &edit, 1, &result, NULL, &error);
  after_edit (self, number, &edit, &result, done, error);
}

static gboolean
find_open_cb (const AlmRow *row,
              gpointer      user_data,
              GError      **error)
{
  if (g_strcmp0 (alm_value_get_text_of (row->fields, "state"), "open") == 0)
    g_array_append_val ((GArray *) user_data, row->id);

  return TRUE;
}

static void
do_resolve (AlmSimWorld *self,
            guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (GError) error = NULL;
  AlmEdit edit = { .op = ALM_OP_RESOLVE };
  AlmEditResult result = { 0 };
  gboolean done;

  alm_desk_each (node->desk, NULL, "conflict", FALSE, find_open_cb, open, NULL);
  if (open->len == 0)
    return;

  alm_sim_arm (self, node->disk);
  done = alm_desk_resolve (node->desk,
                           &g_array_index (open, AlmId, alm_sim_below (self, open->len)),
                           (AlmTake) alm_sim_below (self, 3), NULL, NULL, &result, &error);
  if (done)
    self->counters.resolved++;
  after_edit (self, number, &edit, &result, done, error);
}

static void
do_undo (AlmSimWorld *self,
         guint        number)
{
  AlmSimDesk *node = &self->desks[number];
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint undone = 0;
  gboolean done;

  alm_sim_arm (self, node->disk);
  done = alm_desk_undo (node->desk, 0, NULL, &undone, left, &error);
  alm_sim_disarm (node->disk);
  if (done && undone > 0)
    self->counters.undone++;
  if (look_at_disk (self, number) && done)
    alm_sim_step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

void
alm_sim_do_something (AlmSimWorld *self,
                      guint        number)
{
  guint what = alm_sim_below (self, 20);
  guint record = alm_sim_below (self, ALM_SIM_RECORDS);

  if (self->desks[number].desk == NULL)
    return;

  if (what < 13)
    do_edit (self, number, record, ALM_OP_UPD);
  else if (what < 15)
    do_edit (self, number, record, ALM_OP_DEL);
  else if (what < 16)
    do_edit (self, number, record, ALM_OP_UNDEL);
  else if (what < 17)
    do_edit (self, number, record, ALM_OP_NEW);
  else if (what < 19)
    do_resolve (self, number);
  else
    do_undo (self, number);
}
