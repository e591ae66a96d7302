/* SPDX-License-Identifier: EUPL-1.2 */

/* One schedule: a template that has met (one city, three desks in step with it)
 * is copied, the desks edit hot records, the net loses, doubles and tears, desks
 * and server die at any write; then everything heals and must come to rest.
 *
 * The same seed does the same, always: all random numbers come from it, time is
 * a number, and nothing looks at the real clock. */

#include "config.h"

#include "alm-sim-world.h"

#include "alm-desk-resolve.h"
#include "alm-hub.h"
#include "alm-json.h"
#include "alm-sync-job.h"
#include "alm-test.h"

#include <string.h>

#define SECOND     G_GINT64_CONSTANT (1000000)
#define MILLI      G_GINT64_CONSTANT (1000)
#define BEGIN_US   G_GINT64_CONSTANT (1800000000000000)
#define TROUBLE_S  40
#define HEALED_S   3600
#define PASSWORD   "ein langes Passwort"

typedef enum {
  EVENT_ARRIVE,        /* a request at the hub */
  EVENT_ANSWER,        /* a reply at the desk */
  EVENT_FAIL,          /* the desk learns that its request failed */
  EVENT_STORE,         /* a job of the desk */
  EVENT_TICK,
  EVENT_EDIT,
  EVENT_CRASH_DESK,
  EVENT_START_DESK,
  EVENT_CRASH_HUB,
  EVENT_START_HUB,
  EVENT_POLL_ENDS,
  EVENT_HEAL
} EventKind;

typedef struct
{
  gint64      at_us;
  guint64     order;
  EventKind   kind;
  guint       desk;
  guint       life;
  guint       number;
  guint       status;
  const char *method;
  char       *path;
  GBytes     *body;
  AlmSyncJob *job;
} Event;

static const AlmPasswordCost cheap = { 1, 8192 };

static const char schema[] =
  "{\"type\":\"object\",\"title\":\"Ding\",\"properties\":{"
  "\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"},"
  "\"n\":{\"type\":\"number\",\"x-alm-merge\":\"counter\"},"
  "\"s\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"x-alm-merge\":\"set\"}}}";

static void
event_free (Event *self)
{
  g_free (self->path);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->job, alm_sync_job_free);
  g_free (self);
}

void
alm_sim_world_violate (AlmSimWorld *self,
                       const char  *format,
                       ...)
{
  va_list args;

  if (self->violation != NULL)
    return;

  va_start (args, format);
  self->violation = g_strdup_vprintf (format, args);
  va_end (args);
}

G_GNUC_PRINTF (2, 3)
static void
say (AlmSimWorld *self,
     const char  *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!self->trace)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("%9.3f %s\n", (double) (self->time_us - BEGIN_US) / 1e6, text);
}

void
alm_sim_world_id (AlmId *id,
                  guint  number)
{
  g_autofree char *text = g_strdup_printf ("01931f2e-7c1a-7e3b-9d41-%012x", number);

  g_assert_true (alm_id_parse (id, text));
}

static guint
below (AlmSimWorld *self,
       guint        bound)
{
  return alm_random_below (&self->random, bound);
}

/* One in @n, but never when healed. */
static gboolean
trouble (AlmSimWorld *self,
         guint        n)
{
  return !self->healed && below (self, n) == 0;
}

/* The heap of events */

static gboolean
is_before (const Event *a,
           const Event *b)
{
  return a->at_us < b->at_us || (a->at_us == b->at_us && a->order < b->order);
}

static void
swap (GPtrArray *heap,
      guint      a,
      guint      b)
{
  gpointer kept = heap->pdata[a];

  heap->pdata[a] = heap->pdata[b];
  heap->pdata[b] = kept;
}

static Event *
add_event (AlmSimWorld *self,
           EventKind    kind,
           gint64       delay_us,
           guint        desk)
{
  Event *event = g_new0 (Event, 1);
  guint i = self->events->len;

  event->at_us = self->time_us + delay_us;
  event->order = self->event_count++;
  event->kind = kind;
  event->desk = desk;
  if (desk < ALM_SIM_DESKS)
    event->life = self->desks[desk].life;
  g_ptr_array_add (self->events, event);
  while (i > 0 && is_before (self->events->pdata[i], self->events->pdata[(i - 1) / 2]))
    {
      swap (self->events, i, (i - 1) / 2);
      i = (i - 1) / 2;
    }

  return event;
}

static Event *
take_event (AlmSimWorld *self)
{
  GPtrArray *heap = self->events;
  Event *event = heap->pdata[0];
  guint i = 0;

  swap (heap, 0, heap->len - 1);
  heap->len--;
  for (;;)
    {
      guint least = i;

      for (guint child = 2 * i + 1; child <= 2 * i + 2; child++)
        if (child < heap->len && is_before (heap->pdata[child], heap->pdata[least]))
          least = child;
      if (least == i)
        return event;
      swap (heap, i, least);
      i = least;
    }
}

/* A wire that takes its time. */
static gint64
latency (AlmSimWorld *self)
{
  return (1 + below (self, 60)) * MILLI;
}

/* Desks */

static void step (AlmSimWorld *self, guint desk, AlmSyncEvent event);

static gint64
sim_now (AlmClock *clock)
{
  AlmSimClock *self = (AlmSimClock *) clock;

  return *self->time_us + self->offset_us;
}

static void
crash_desk (AlmSimWorld *self,
            guint        number,
            AlmSimCrash  crash)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->desk == NULL)
    return;

  say (self, "desk %u dies (%u)", number, crash);
  self->counters.desk_crashes++;
  node->life++;
  alm_sim_disk_die (node->disk);
  g_clear_pointer (&node->desk, alm_desk_close);
  g_clear_pointer (&node->machine, alm_sync_machine_free);
  alm_sim_disk_crash (node->disk, crash, &self->random);
  add_event (self, EVENT_START_DESK, (100 + below (self, 3000)) * MILLI, number);
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

static void
start_desk (AlmSimWorld *self,
            guint        number)
{
  AlmSimDesk *node = &self->desks[number];

  if (node->desk != NULL)
    return;
  if (!open_desk (self, number))
    {
      alm_sim_disk_crash (node->disk, ALM_SIM_CRASH_KEEP_ALL, &self->random);
      if (self->violation == NULL)
        add_event (self, EVENT_START_DESK, SECOND, number);
      return;
    }

  say (self, "desk %u starts", number);
  step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_START });
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
      crash_desk (self, number, (AlmSimCrash) below (self, ALM_SIM_N_CRASHES));
      return FALSE;
    }

  /* After an I/O error a desk is read-only until it is started anew. */
  fault = alm_desk_get_fault (node->desk);
  if (fault != NULL)
    {
      self->counters.io_errors++;
      crash_desk (self, number, ALM_SIM_CRASH_KEEP_ALL);
      return FALSE;
    }

  return TRUE;
}

static void
arm (AlmSimWorld *self,
     AlmSimDisk  *disk)
{
  if (trouble (self, 30))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_DEAD, 1 + below (self, 14));
  else if (trouble (self, 60))
    {
      self->counters.disk_full++;
      alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_FULL, 1 + below (self, 10));
    }
  else if (trouble (self, 90))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_IO, 1 + below (self, 10));
}

static void
disarm (AlmSimDisk *disk)
{
  if (!alm_sim_disk_is_dead (disk))
    alm_sim_disk_set_fault (disk, ALM_SIM_FAULT_DEAD, 0);
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

static gint64 desk_cursor (AlmSimDesk *node);

static void
run_job (AlmSimWorld *self,
         Event       *event)
{
  AlmSimDesk *node = &self->desks[event->desk];
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmSyncResult) result = NULL;
  gboolean answers = event->job->kind == ALM_SYNC_JOB_OUTCOMES
                     && !is_late (event->job, desk_cursor (node));

  if (answers)
    before = alm_sim_shown (node, FALSE);
  arm (self, node->disk);
  result = alm_sync_job_run (event->job, node->desk, &error);
  disarm (node->disk);
  if (!look_at_disk (self, event->desk))
    return;

  if (result == NULL)
    {
      say (self, "desk %u job %u fails: %s", event->desk, event->job->kind, error->message);
      step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_FAILED,
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
  step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_STORED, .number = event->number,
                                            .result = result });
}

static void
carry_out (AlmSimWorld   *self,
           guint          number,
           AlmSyncEffect *effect)
{
  Event *event;

  switch (effect->type)
    {
    case ALM_SYNC_SEND:
      event = add_event (self, EVENT_ARRIVE, latency (self), number);
      event->number = effect->number;
      event->method = effect->method;
      event->path = g_strdup (effect->path);
      event->body = effect->body != NULL ? g_bytes_ref (effect->body) : NULL;
      break;

    case ALM_SYNC_STORE:
      event = add_event (self, EVENT_STORE, below (self, 5) * MILLI, number);
      event->number = effect->number;
      event->job = g_steal_pointer (&effect->job);
      break;

    case ALM_SYNC_WAKE_AT:
      if (effect->at_us != 0)
        add_event (self, EVENT_TICK, MAX (0, effect->at_us - self->time_us), number);
      break;

    case ALM_SYNC_CANCEL:
    case ALM_SYNC_TELL:
    default:
      break;
    }
}

static void
step (AlmSimWorld  *self,
      guint         number,
      AlmSyncEvent  event)
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
  guint which = 1 + below (self, 15);

  for (guint f = 0; f < 2; f++)
    if ((which & (1u << f)) != 0)
      {
        g_autofree char *text = g_strdup_printf ("d%u-%u", number, ++self->value_count);

        alm_value_set_text (set, f == 0 ? "a" : "b", text);
      }
  if ((which & 4) != 0)
    {
      double now = row != NULL ? alm_value_get_double (alm_value_get (row->fields, "n")) : 0;

      alm_value_set (set, "n", alm_value_new_double ((now == now ? now : 0) + 1 + below (self, 9)));
    }
  if ((which & 8) != 0)
    {
      const AlmValue *now = row != NULL ? alm_value_get (row->fields, "s") : NULL;
      AlmValue *list = alm_value_new_list ();
      guint size = alm_value_is (now, ALM_VALUE_LIST) ? alm_value_get_size (now) : 0;
      guint without = size > 0 && below (self, 3) == 0 ? below (self, size) : G_MAXUINT;
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
  disarm (self->desks[number].disk);
  if (done && !result->same)
    {
      say (self, "desk %u: %s n=%" G_GINT64_FORMAT, number, alm_op_to_text (edit->op), result->n);
      self->counters.edits++;
      promise (self, number, edit, result);
    }
  if (!done)
    {
      say (self, "desk %u: edit fails: %s", number, error->message);
      self->counters.edits_failed++;
    }
  if (look_at_disk (self, number) && done)
    step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
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
  arm (self, node->disk);
  done = alm_desk_edit (node->desk, &edit, 1, &result, NULL, &error);
  after_edit (self, number, &edit, &result, done, error);
}

static gboolean
find_open_cb (const AlmRow  *row,
              gpointer       user_data,
              GError       **error)
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

  arm (self, node->disk);
  done = alm_desk_resolve (node->desk, &g_array_index (open, AlmId, below (self, open->len)),
                           (AlmTake) below (self, 3), NULL, &result, &error);
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

  arm (self, node->disk);
  done = alm_desk_undo (node->desk, 0, NULL, &undone, left, &error);
  disarm (node->disk);
  if (done && undone > 0)
    self->counters.undone++;
  if (look_at_disk (self, number) && done)
    step (self, number, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
}

static void
do_something (AlmSimWorld *self,
              guint        number)
{
  guint what = below (self, 20);
  guint record = below (self, ALM_SIM_RECORDS);

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

/* The hub */

static void
hub_bytes (gpointer buffer,
           gsize    size)
{
  /* One world at a time. */
  extern AlmSimWorld *alm_sim_current;

  for (gsize i = 0; i < size; i++)
    ((guint8 *) buffer)[i] = (guint8) alm_random_next (&alm_sim_current->hub_random);
}

AlmSimWorld *alm_sim_current;

static gboolean
open_hub (AlmSimWorld *self)
{
  AlmHubOptions options = { &self->hub_clock.clock, hub_bytes, &cheap };
  g_autoptr (GError) error = NULL;

  self->hub_store = alm_hub_open (self->hub_dir, ALM_HUB_WRITE, &error);
  if (self->hub_store == NULL)
    {
      if (!alm_sim_disk_is_dead (self->hub_disk))
        alm_sim_world_violate (self, "the server does not open: %s", error->message);
      return FALSE;
    }
  self->hub = alm_hub_core_new (self->hub_store, &options);

  return TRUE;
}

static void
fail_request (AlmSimWorld *self,
              const Event *request)
{
  Event *event = add_event (self, EVENT_FAIL, latency (self), request->desk);

  event->life = request->life;
  event->number = request->number;
}

static void
crash_hub (AlmSimWorld *self,
           AlmSimCrash  crash)
{
  if (self->hub == NULL)
    return;

  say (self, "the server dies (%u)", crash);
  self->counters.hub_crashes++;
  alm_sim_disk_die (self->hub_disk);
  g_clear_pointer (&self->hub, alm_hub_core_free);
  self->hub_store = NULL;
  alm_sim_disk_crash (self->hub_disk, crash, &self->random);
  for (guint i = 0; i < self->polls->len; i++)
    fail_request (self, self->polls->pdata[i]);
  g_ptr_array_set_size (self->polls, 0);
  add_event (self, EVENT_START_HUB, (100 + below (self, 2000)) * MILLI, G_MAXUINT);
}

static void
start_hub (AlmSimWorld *self)
{
  if (self->hub != NULL)
    return;
  if (!open_hub (self))
    {
      alm_sim_disk_crash (self->hub_disk, ALM_SIM_CRASH_KEEP_ALL, &self->random);
      if (self->violation == NULL)
        add_event (self, EVENT_START_HUB, SECOND, G_MAXUINT);
    }
}

static void
answer (AlmSimWorld       *self,
        const Event       *request,
        const AlmHubReply *reply)
{
  Event *event;
  gsize length = reply->body->len;

  if (trouble (self, 25))
    {
      self->counters.lost_answers++;
      fail_request (self, request);
      return;
    }

  event = add_event (self, EVENT_ANSWER, latency (self), request->desk);
  event->life = request->life;
  event->number = request->number;
  event->status = reply->status;
  if (trouble (self, 40) && length > 0)
    {
      self->counters.torn++;
      length = below (self, (guint) length);
    }
  if (trouble (self, 60))
    {
      self->counters.bad_gateway++;
      event->status = 502;
    }
  event->body = g_bytes_new (reply->body->str, length);
}

static AlmHubReply *
ask_hub (AlmSimWorld *self,
         const Event *request,
         gboolean     waited)
{
  g_autoptr (AlmHubRequest) asked = alm_hub_request_new (request->method, request->path);
  AlmHubReply *reply = NULL;
  AlmHubPush *push;

  asked->authorization = g_strconcat ("Bearer ", self->desks[request->desk].token, NULL);
  asked->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  asked->waited = waited;
  if (strcmp (request->path, "/v1/push") != 0)
    return alm_hub_core_handle (self->hub, asked);

  push = alm_hub_push_parse (asked, &reply);
  if (push == NULL)
    return reply;
  alm_hub_core_push (self->hub, &push, 1, &reply);
  alm_hub_push_free (push);

  return reply;
}

static void wake_polls (AlmSimWorld *self);

/* Handles it, holds it open, or dies of it. */
static void
serve (AlmSimWorld *self,
       Event       *request,
       gboolean     waited)
{
  g_autoptr (AlmHubReply) reply = NULL;
  gboolean push = strcmp (request->path, "/v1/push") == 0;

  arm (self, self->hub_disk);
  reply = ask_hub (self, request, waited);
  disarm (self->hub_disk);
  if (alm_sim_disk_is_dead (self->hub_disk) || reply->fatal)
    {
      gboolean dead = alm_sim_disk_is_dead (self->hub_disk);

      fail_request (self, request);
      crash_hub (self, dead ? (AlmSimCrash) below (self, ALM_SIM_N_CRASHES)
                            : ALM_SIM_CRASH_KEEP_ALL);
      return;
    }

  if (reply->status == 0)
    {
      Event *held = g_new0 (Event, 1);
      Event *end = add_event (self, EVENT_POLL_ENDS, reply->wait_s * SECOND, request->desk);

      *held = *request;
      held->path = g_strdup (request->path);
      held->body = g_bytes_ref (request->body);
      end->number = request->number;
      end->life = request->life;
      g_ptr_array_add (self->polls, held);
      return;
    }

  if (push && reply->status == 200)
    alm_sim_note_answer (self, request->desk, reply->body->str, reply->body->len);
  say (self, "desk %u %s: %u", request->desk, request->path, reply->status);
  answer (self, request, reply);
  if (reply->changed != NULL)
    wake_polls (self);
}

static void
wake_polls (AlmSimWorld *self)
{
  g_autoptr (GPtrArray) held = self->polls;

  self->polls = g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);
  for (guint i = 0; i < held->len; i++)
    if (self->hub != NULL)
      serve (self, held->pdata[i], FALSE);
    else
      fail_request (self, held->pdata[i]);
}

static void
end_poll (AlmSimWorld *self,
          const Event *event)
{
  for (guint i = 0; i < self->polls->len; i++)
    {
      Event *held = self->polls->pdata[i];

      if (held->desk != event->desk || held->number != event->number || held->life != event->life)
        continue;
      held = g_ptr_array_steal_index (self->polls, i);
      serve (self, held, TRUE);
      event_free (held);
      return;
    }
}

static void
arrive (AlmSimWorld *self,
        Event       *request)
{
  gboolean doubled = trouble (self, 30);

  if (trouble (self, 25) || self->hub == NULL)
    {
      self->counters.lost_requests++;
      fail_request (self, request);
      return;
    }

  /* The same bytes once more, soon or much later; nobody waits for that answer. */
  if (doubled)
    {
      Event *again = add_event (self, EVENT_ARRIVE, below (self, 20000) * MILLI, request->desk);

      self->counters.doubled++;
      again->life = 0;
      again->method = request->method;
      again->path = g_strdup (request->path);
      again->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
    }

  if (strcmp (request->path, "/v1/push") == 0)
    alm_sim_note_push (self, request->desk, request->body);
  serve (self, request, FALSE);
}

/* A schedule */

static gboolean
is_for_the_living (AlmSimWorld *self,
                   const Event *event)
{
  return self->desks[event->desk].desk != NULL && self->desks[event->desk].life == event->life;
}

static void
happen (AlmSimWorld *self,
        Event       *event)
{
  g_autoptr (GError) error = NULL;

  switch (event->kind)
    {
    case EVENT_ARRIVE:
      arrive (self, event);
      break;

    case EVENT_ANSWER:
      if (is_for_the_living (self, event))
        step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .status = event->status,
                                                  .number = event->number, .body = event->body });
      break;

    case EVENT_FAIL:
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "cut");
      if (is_for_the_living (self, event))
        step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_FAILED,
                                                  .number = event->number, .error = error });
      break;

    case EVENT_STORE:
      if (is_for_the_living (self, event))
        run_job (self, event);
      break;

    case EVENT_TICK:
      if (is_for_the_living (self, event))
        step (self, event->desk, (AlmSyncEvent) { .type = ALM_SYNC_TICK });
      break;

    case EVENT_EDIT:
      do_something (self, event->desk);
      break;

    case EVENT_CRASH_DESK:
      crash_desk (self, event->desk, (AlmSimCrash) below (self, ALM_SIM_N_CRASHES));
      break;

    case EVENT_START_DESK:
      start_desk (self, event->desk);
      break;

    case EVENT_CRASH_HUB:
      crash_hub (self, (AlmSimCrash) below (self, ALM_SIM_N_CRASHES));
      break;

    case EVENT_START_HUB:
      start_hub (self);
      break;

    case EVENT_POLL_ENDS:
      if (self->hub != NULL)
        end_poll (self, event);
      break;

    case EVENT_HEAL:
      say (self, "healed");
      self->healed = TRUE;
      break;

    default:
      g_assert_not_reached ();
    }
}

static gint64
hub_seq (AlmSimWorld *self)
{
  const AlmHubScope *scope = NULL;
  gint64 seq = -1;

  if (self->hub == NULL || !self->hub_store->api->begin (self->hub_store, FALSE, NULL))
    return -1;
  if (self->hub_store->api->get_scope (self->hub_store, ALM_SIM_SCOPE, &scope, NULL)
      && scope != NULL)
    seq = scope->seq;
  self->hub_store->api->rollback (self->hub_store);

  return seq;
}

static gint64
desk_cursor (AlmSimDesk *node)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (node->desk, NULL);
  gint64 cursor = -1;

  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (strcmp (((AlmDeskScope *) scopes->pdata[i])->scope, ALM_SIM_SCOPE) == 0)
      cursor = ((AlmDeskScope *) scopes->pdata[i])->cursor;

  return cursor;
}

/* Everything handed in and everything known everywhere. */
static gboolean
is_at_rest (AlmSimWorld *self)
{
  gint64 seq = self->healed ? hub_seq (self) : -1;

  if (seq < 0)
    return FALSE;

  for (guint i = 0; i < self->n_desks; i++)
    {
      AlmSimDesk *node = &self->desks[i];
      AlmDeskCounts counts;

      if (node->desk == NULL
          || alm_sync_machine_get_status (node->machine)->phase != ALM_SYNC_PHASE_IN_SYNC
          || !alm_desk_count (node->desk, &counts, NULL) || counts.waiting > 0
          || desk_cursor (node) != seq)
        return FALSE;
    }

  return TRUE;
}

static gboolean
may_be_at_rest (AlmSimWorld *self)
{
  if (!self->healed || self->hub == NULL || self->polls->len < self->n_desks)
    return FALSE;

  return is_at_rest (self);
}

/* Until there is rest, or for so long. */
static void
run_events (AlmSimWorld *self,
            gint64       until_us)
{
  while (self->violation == NULL && self->events->len > 0)
    {
      Event *event = take_event (self);

      if (event->at_us > until_us)
        {
          event_free (event);
          break;
        }
      self->time_us = MAX (self->time_us, event->at_us);
      happen (self, event);
      event_free (event);
      if (may_be_at_rest (self))
        return;
    }

  if (self->violation == NULL && !is_at_rest (self))
    alm_sim_world_violate (self, "no rest %d s after everything has healed", HEALED_S);
}

static void
close_all (AlmSimWorld *self)
{
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      AlmSimDesk *node = &self->desks[i];

      alm_sim_disk_die (node->disk);
      g_clear_pointer (&node->desk, alm_desk_close);
      g_clear_pointer (&node->machine, alm_sync_machine_free);
      node->life++;
      node->last_n = 0;
      g_hash_table_remove_all (node->versions);
    }
  alm_sim_disk_die (self->hub_disk);
  g_clear_pointer (&self->hub, alm_hub_core_free);
  self->hub_store = NULL;
  for (guint i = 0; i < self->events->len; i++)
    event_free (self->events->pdata[i]);
  g_ptr_array_set_size (self->events, 0);
  g_ptr_array_set_size (self->polls, 0);
  g_ptr_array_set_size (self->ledger, 0);
  g_hash_table_remove_all (self->ledger_by_n);
  g_hash_table_remove_all (self->promised);
  g_clear_pointer (&self->violation, g_free);
}

static void
plan_trouble (AlmSimWorld *self)
{
  guint edits = 6 + below (self, 30);
  guint crashes = below (self, 4);
  guint hub_crashes = below (self, 3);

  for (guint i = 0; i < edits; i++)
    add_event (self, EVENT_EDIT, below (self, TROUBLE_S * 1000) * MILLI,
               below (self, self->n_desks));
  for (guint i = 0; i < crashes; i++)
    add_event (self, EVENT_CRASH_DESK, below (self, TROUBLE_S * 1000) * MILLI,
               below (self, self->n_desks));
  for (guint i = 0; i < hub_crashes; i++)
    add_event (self, EVENT_CRASH_HUB, below (self, TROUBLE_S * 1000) * MILLI, G_MAXUINT);
  add_event (self, EVENT_HEAL, (TROUBLE_S + 1) * SECOND, G_MAXUINT);
}

const char *
alm_sim_world_run (AlmSimWorld *self,
                   guint64      seed)
{
  close_all (self);
  alm_sim_current = self;
  self->seed = seed;
  alm_random_seed (&self->random, seed);
  alm_random_seed_by (&self->sqlite_random, seed, "sqlite");
  alm_random_seed_by (&self->hub_random, seed, "hub");
  self->time_us = BEGIN_US;
  self->event_count = 0;
  self->value_count = 0;
  self->healed = FALSE;
  self->n_desks = 1 + below (self, ALM_SIM_DESKS);
  self->hub_clock.offset_us = below (self, 86400) * SECOND;

  alm_sim_disk_copy (self->hub_disk, self->hub_image);
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      alm_sim_disk_copy (self->desks[i].disk, self->desks[i].image);
      self->desks[i].clock.offset_us = ((gint64) below (self, 20000) - 10000) * 86400 * SECOND;
    }
  start_hub (self);
  for (guint i = 0; i < self->n_desks; i++)
    add_event (self, EVENT_START_DESK, below (self, 2000) * MILLI, i);
  plan_trouble (self);

  run_events (self, BEGIN_US + (TROUBLE_S + HEALED_S) * SECOND);
  if (self->violation == NULL)
    alm_sim_check_end (self);
  self->counters.schedules++;

  return self->violation;
}

/* The template: a founded city and desks that are in step with it. */

static char *
ask_text (AlmSimWorld *self,
          const char  *token,
          const char  *method,
          const char  *path,
          const char  *body)
{
  g_autoptr (AlmHubRequest) request = alm_hub_request_new (method, path);
  g_autoptr (AlmHubReply) reply = NULL;

  if (token != NULL)
    request->authorization = g_strconcat ("Bearer ", token, NULL);
  request->body = g_bytes_new (body, strlen (body));
  reply = alm_hub_core_handle (self->hub, request);
  if (reply->hash)
    {
      alm_hub_reply_free (reply);
      alm_hub_request_hash (request, &cheap);
      reply = alm_hub_core_handle (self->hub, request);
    }
  if (reply->status >= 300)
    g_error ("%s %s: %u %s", method, path, reply->status, reply->body->str);

  return g_strndup (reply->body->str, reply->body->len);
}

static char *
log_in (AlmSimWorld *self,
        const char  *user,
        const AlmId *desk)
{
  char id[ALM_ID_TEXT_SIZE];
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) said = NULL;

  alm_id_print (desk, id);
  body = g_strdup_printf ("{\"user\":\"%s\",\"password\":\"" PASSWORD "\",\"desk\":\"%s\","
                          "\"name\":\"Rechner\"}", user, id);
  text = ask_text (self, NULL, "POST", "/v1/login", body);
  said = alm_json_parse (text, -1, NULL, NULL);

  return g_strdup (alm_value_get_text_of (said, "token"));
}

static void
found_city (AlmSimWorld *self)
{
  AlmHubOptions options = { &self->hub_clock.clock, hub_bytes, &cheap };
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (AlmServerStore) store = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  AlmValue *model = alm_value_new_object ();

  alm_value_set_text (model, "name", ALM_SIM_KIND);
  alm_value_set (model, "schema", alm_json_parse (schema, -1, NULL, NULL));
  g_ptr_array_add (models, model);
  store = alm_hub_open (self->hub_dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);
  g_assert_no_error (error);
  alm_hub_found (store, &options, "chef", PASSWORD, models, &said, &error);
  g_assert_no_error (error);
  self->epoch = g_strdup (alm_value_get_text_of (said, "epoch"));
}

static void
make_scope (AlmSimWorld *self,
            const char  *admin)
{
  static const char command[] =
    "{\"n\":1,\"cid\":\"00000000000000a1\",\"op\":\"new\",\"base\":0,\"scope\":\"system\","
    "\"kind\":\"scope\",\"id\":\"00000000-0000-7000-8000-0000000000a1\","
    "\"set\":{\"path\":\"" ALM_SIM_SCOPE "\",\"title\":\"Dinge\"},"
    "\"at\":\"2027-01-15T08:00:00Z\"}\n";
  g_autoptr (AlmHubRequest) request = alm_hub_request_new ("POST", "/v1/push");
  g_autofree char *body = g_strdup_printf ("{\"desk\":\"00000000-0000-7000-8000-000000000090\","
                                           "\"epoch\":\"%s\",\"first\":1}\n%s", self->epoch,
                                           command);
  g_autoptr (AlmHubReply) reply = NULL;
  AlmHubPush *push;

  request->authorization = g_strconcat ("Bearer ", admin, NULL);
  request->body = g_bytes_new (body, strlen (body));
  push = alm_hub_push_parse (request, &reply);
  alm_hub_core_push (self->hub, &push, 1, &reply);
  alm_hub_push_free (push);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
make_desk (AlmSimWorld *self,
           guint        number,
           const char  *admin)
{
  AlmSimDesk *node = &self->desks[number];
  g_autofree char *user = g_strdup_printf ("user%u", number);
  g_autofree char *account = g_strdup_printf ("{\"name\":\"%s\",\"title\":\"%s\","
                                              "\"password\":\"" PASSWORD "\"}", user, user);
  g_autofree char *path = g_strdup_printf ("/v1/users/%s/grants", user);
  g_autofree char *added = ask_text (self, admin, "POST", "/v1/users", account);
  g_autofree char *granted = ask_text (self, admin, "PUT", path,
                                       "{\"grants\":[{\"role\":\"editor\",\"scope\":\"ksj/*\"}]}");
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GError) error = NULL;

  desk = alm_desk_open_seeded (node->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, &node->clock.clock,
                               number + 1, &error);
  g_assert_no_error (error);
  g_assert_true (alm_desk_sync_note_login (desk, "http://sim", user, NULL));
  node->token = log_in (self, user, alm_desk_get_id (desk));
}

static void
init_clock (AlmSimWorld *self,
            AlmSimClock *clock)
{
  clock->clock.now_us = sim_now;
  clock->time_us = &self->time_us;
}

static AlmSimDisk *
disk_for (const char *dir)
{
  g_autofree char *prefix = g_strconcat (dir, "/", NULL);

  return alm_sim_disk_new (prefix);
}

AlmSimWorld *
alm_sim_world_new (void)
{
  AlmSimWorld *self = g_new0 (AlmSimWorld, 1);
  g_autofree char *top = alm_test_make_dir ();
  g_autofree char *admin = NULL;
  AlmId id;

  alm_sim_current = self;
  alm_random_seed (&self->random, 1);
  alm_random_seed (&self->sqlite_random, 1);
  alm_random_seed (&self->hub_random, 1);
  alm_sim_disk_register (&self->sqlite_random);
  self->time_us = BEGIN_US;
  self->healed = TRUE;
  self->events = g_ptr_array_new ();
  self->polls = g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);
  self->ledger = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sim_entry_free);
  self->ledger_by_n = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->promised = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  self->hub_dir = g_build_filename (top, "hub", NULL);
  self->hub_disk = disk_for (self->hub_dir);
  self->hub_image = alm_sim_disk_new ("/image/hub/");
  init_clock (self, &self->hub_clock);
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("desk%u", i);
      g_autofree char *image = g_strdup_printf ("/image/desk%u/", i);

      self->desks[i].dir = g_build_filename (top, name, NULL);
      self->desks[i].disk = disk_for (self->desks[i].dir);
      self->desks[i].image = alm_sim_disk_new (image);
      self->desks[i].versions = g_hash_table_new (NULL, NULL);
      init_clock (self, &self->desks[i].clock);
    }

  found_city (self);
  start_hub (self);
  g_assert_true (alm_id_parse (&id, "00000000-0000-7000-8000-000000000090"));
  admin = log_in (self, "chef", &id);
  make_scope (self, admin);
  self->n_desks = ALM_SIM_DESKS;
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      make_desk (self, i, admin);
      start_desk (self, i);
    }
  run_events (self, BEGIN_US + 60 * SECOND);
  if (self->violation != NULL)
    g_error ("The template: %s", self->violation);

  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      g_clear_pointer (&self->desks[i].desk, alm_desk_close);
      alm_sim_disk_copy (self->desks[i].image, self->desks[i].disk);
    }
  g_clear_pointer (&self->hub, alm_hub_core_free);
  alm_sim_disk_copy (self->hub_image, self->hub_disk);

  return self;
}

void
alm_sim_world_free (AlmSimWorld *self)
{
  g_autofree char *top = g_path_get_dirname (self->hub_dir);

  close_all (self);
  for (guint i = 0; i < ALM_SIM_DESKS; i++)
    {
      alm_sim_disk_free (self->desks[i].disk);
      alm_sim_disk_free (self->desks[i].image);
      g_hash_table_unref (self->desks[i].versions);
      alm_test_remove_dir (self->desks[i].dir);
      g_free (self->desks[i].dir);
      g_free (self->desks[i].token);
    }
  alm_sim_disk_free (self->hub_disk);
  alm_sim_disk_free (self->hub_image);
  alm_test_remove_dir (self->hub_dir);
  alm_test_remove_dir (top);
  g_free (self->hub_dir);
  g_free (self->epoch);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->polls);
  g_ptr_array_unref (self->ledger);
  g_hash_table_unref (self->ledger_by_n);
  g_hash_table_unref (self->promised);
  g_free (self);
}
