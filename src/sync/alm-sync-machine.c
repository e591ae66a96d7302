/* SPDX-License-Identifier: EUPL-1.2 */

/* One round after the other: hello → hand in what waits → read the feed until
 * it ends → leave a poll open.
 *
 * Three lanes.  *Pull* says hello, fetches packs and reads the feed; *push* hands
 * in; *blobs* sends and fetches attached files once the feed has come to its end.
 * Each has at most one thing in flight, so an edit is handed in at once while a poll
 * hangs, a push that fails never stops the feed, and a picture never stops either.
 *
 * Invariants:
 *   1. A lane in flight has a number that no other effect ever had; an answer
 *      with another number (late, doubled, given up) is passed over.
 *   2. Nothing is pushed and nothing read before a hello of this epoch is stored.
 *      While a hello is asked for or stored, the push lane rests: the server's
 *      `next` would be out of date.
 *   3. Within a round the feed begins when the push lane has come to rest, so
 *      that what was handed in comes back in the same round.
 *   4. No clock: time comes with events and only differences count.
 *   5. Packs come after the feed of scope `system`: without its models a record
 *      is taken, but stands in no table and on no map.
 * Plain struct; belongs to one thread at a time. */

#include "config.h"

#include "alm-sync-machine-private.h"
#include "alm-sync-machine.h"

#include "alm-plant.h"

#include <string.h>

#define SECOND         G_GINT64_CONSTANT (1000000)
#define BACK_OFF_MAX   (300 * SECOND)
#define REQUEST_S      60
#define PACK_S         3600
#define POLL_S         25
#define WIPE_S         1       /* while a reader is in the way of a wipe it is tried so often */
#define WIPE_TRIES     5       /* in a single round; the next one goes on */
#define PAGE_RECORDS   5000
#define SYSTEM         "system"

void
alm_sync_effect_free (AlmSyncEffect *self)
{
  g_free (self->path);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->job, alm_sync_job_free);
  g_free (self->file);
  g_free (self->etag);
  g_free (self->token);
  g_free (self);
}

static AlmSyncEffect *
add_effect (AlmSyncMachine    *self,
            AlmSyncEffectType  type)
{
  AlmSyncEffect *effect = g_new0 (AlmSyncEffect, 1);

  effect->type = type;
  g_ptr_array_add (self->effects, effect);

  return effect;
}

AlmSyncEffect *
alm_sync_machine_begin (AlmSyncMachine    *self,
                        AlmSyncLane       *lane,
                        AlmSyncDoing       doing,
                        AlmSyncEffectType  type)
{
  AlmSyncEffect *effect = add_effect (self, type);

  g_assert (lane->doing == DOING_NOTHING);
  lane->doing = doing;
  lane->number = ++self->last_number;
  effect->number = lane->number;

  return effect;
}

/* @body: (transfer full) (nullable): as `char *` */
AlmSyncEffect *
alm_sync_machine_send (AlmSyncMachine *self,
                       AlmSyncLane    *lane,
                       AlmSyncDoing    doing,
                       const char     *method,
                       const char     *path,
                       char           *body)
{
  AlmSyncEffect *effect = alm_sync_machine_begin (self, lane, doing, ALM_SYNC_SEND);

  effect->method = method;
  effect->path = g_strdup (path);
  effect->timeout_s = REQUEST_S;
  if (body != NULL)
    effect->body = g_bytes_new_take (body, strlen (body));

  return effect;
}

AlmSyncJob *
alm_sync_machine_store (AlmSyncMachine *self,
                        AlmSyncLane    *lane,
                        AlmSyncDoing    doing,
                        AlmSyncJobKind  kind)
{
  AlmSyncEffect *effect = alm_sync_machine_begin (self, lane, doing, ALM_SYNC_STORE);

  effect->job = g_new0 (AlmSyncJob, 1);
  effect->job->kind = kind;

  return effect->job;
}

/* Whatever is in flight there is not waited for any more. */
static void
give_up (AlmSyncMachine *self,
         AlmSyncLane    *lane)
{
  gboolean sent = lane->doing == DOING_HELLO || lane->doing == DOING_PACK
                  || lane->doing == DOING_FEED || lane->doing == DOING_POLL
                  || lane->doing == DOING_PUSH || lane->doing == DOING_CONFIRM
                  || lane->doing == DOING_BLOB_HEAD || lane->doing == DOING_BLOB_PUT
                  || lane->doing == DOING_BLOB_GET || lane->doing == DOING_CLAIM
                  || lane->doing == DOING_LOGOUT;

  if (sent)
    add_effect (self, ALM_SYNC_CANCEL)->number = lane->number;
  lane->doing = DOING_NOTHING;
  lane->number = 0;
}

void
alm_sync_machine_give_up (AlmSyncMachine *self)
{
  give_up (self, &self->pull);
  give_up (self, &self->push);
  give_up (self, &self->blobs);
  alm_sync_blobs_give_up (self);
}

void
alm_sync_machine_set_problem (AlmSyncMachine *self,
                              const char     *problem)
{
  char *copy = g_strdup (problem);

  g_free (self->status.problem);
  self->status.problem = copy;
}

static void
finish_round (AlmSyncMachine *self,
              gboolean        failed)
{
  if (self->follow || self->status.done)
    return;

  self->status.done = TRUE;
  self->status.failed = failed;
}

/* The indexes of a pack that is left in the middle, for no lane. */
static void
store_index (AlmSyncMachine *self)
{
  AlmSyncEffect *effect = add_effect (self, ALM_SYNC_STORE);

  effect->number = ++self->last_number;
  effect->job = g_new0 (AlmSyncJob, 1);
  effect->job->kind = ALM_SYNC_JOB_INDEX;
  effect->job->whole = TRUE;
}

void
alm_sync_machine_stop_for (AlmSyncMachine *self,
                           AlmSyncPhase    phase,
                           const char     *problem)
{
  gboolean left = self->pull.doing == DOING_TAKE_PACK || self->pull.doing == DOING_INDEX;

  alm_sync_machine_give_up (self);
  self->have_hello = FALSE;
  self->greeted = FALSE;
  self->running = FALSE;
  self->status.loading = NULL;
  alm_sync_copies_end (self);
  /* Nobody waits for it.  A program that ends has no time for it. */
  if (left && phase != ALM_SYNC_PHASE_STOPPED)
    store_index (self);
  self->status.phase = phase;
  alm_sync_machine_set_problem (self, problem);
  finish_round (self, TRUE);
}

/* 1 s × 2^k up to 5 min, ± 50 %, and never before the server wants us back. */
void
alm_sync_machine_fail (AlmSyncMachine *self,
                       AlmSyncLane    *lane,
                       gint64          now_us,
                       guint           retry_s,
                       const char     *problem)
{
  gint64 delay = MIN (SECOND << MIN (lane->tries, 12), BACK_OFF_MAX);

  delay = (gint64) ((double) delay * (0.5 + alm_random_unit (&self->random)));
  lane->doing = DOING_NOTHING;
  lane->number = 0;
  lane->tries++;
  lane->retry_at = now_us + MAX (delay, retry_s * SECOND)
                   * (ALM_PLANTED ("pause-endless") ? 3600 : 1);
  alm_sync_machine_set_problem (self, problem);

  if (lane == &self->push)
    {
      self->status.push_failed = TRUE;
      return;
    }

  self->have_hello = FALSE;
  self->status.loading = NULL;
  alm_sync_copies_end (self);
  self->status.phase = ALM_SYNC_PHASE_OFFLINE;
  self->status.try_at_us = lane->retry_at;
  finish_round (self, TRUE);
}

void
alm_sync_machine_succeed (AlmSyncMachine *self,
                          AlmSyncLane    *lane)
{
  lane->tries = 0;
  lane->retry_at = 0;
  if (lane != &self->push)
    return;

  /* Who can hand in can also read: no need to wait out the pull lane's pause. */
  self->status.push_failed = FALSE;
  self->pull.retry_at = 0;
  alm_sync_machine_set_problem (self, NULL);
}

/* The next thing of the pull lane is a hello. */
void
alm_sync_machine_want_hello (AlmSyncMachine *self)
{
  self->have_hello = FALSE;
  self->fresh = FALSE;
  if (self->pull.doing == DOING_POLL || self->pull.doing == DOING_FEED)
    give_up (self, &self->pull);
}

static void
send_hello (AlmSyncMachine *self)
{
  g_autoptr (AlmValue) body = alm_value_new_object ();
  char desk[ALM_ID_TEXT_SIZE];

  alm_id_print (&self->desk, desk);
  alm_value_set_text (body, "desk", desk);
  alm_value_set_text (body, "epoch", self->epoch);
  alm_value_set_text (body, "program", "allmende " ALM_VERSION);
  alm_value_set_integer (body, "protocol", ALM_WIRE_PROTOCOL);
  alm_value_set (body, "rotate", alm_value_new_boolean (TRUE));
  alm_sync_machine_send (self, &self->pull, DOING_HELLO, "POST", "/v1/hello",
                         alm_value_to_text (body));
  self->status.phase = ALM_SYNC_PHASE_WORKING;
}

/* Before the packs `system` alone. */
static AlmValue *
choose_cursors (AlmSyncMachine *self)
{
  AlmValue *first;

  if (self->packs->len == 0)
    return alm_value_ref (self->cursors);

  first = alm_value_new_object ();
  alm_value_set_integer (first, SYSTEM, alm_value_get_integer_of (self->cursors, SYSTEM, 0));

  return first;
}

static void
send_feed (AlmSyncMachine *self,
           gint64          now_us)
{
  g_autoptr (AlmValue) cursors = choose_cursors (self);
  gboolean poll = self->fresh && self->packs->len == 0;
  guint wait_s = !poll ? 0 : self->wipe_due ? WIPE_S : POLL_S;
  AlmSyncEffect *effect;

  effect = alm_sync_machine_send (self, &self->pull, poll ? DOING_POLL : DOING_FEED, "POST",
                                  "/v1/feed",
                                  alm_wire_feed_request (self->epoch, cursors,
                                                         PAGE_RECORDS, wait_s));
  alm_sync_copies_mark (self, now_us);
  if (poll)
    {
      effect->timeout_s += wait_s;
      self->status.phase = ALM_SYNC_PHASE_IN_SYNC;
    }
  else
    self->status.phase = ALM_SYNC_PHASE_WORKING;
}

static void
send_pack (AlmSyncMachine *self,
           gint64          now_us)
{
  const char *scope = g_ptr_array_index (self->packs, 0);
  g_autofree char *escaped = g_uri_escape_string (scope, "/", FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/pack?scope=%s", escaped);
  AlmSyncEffect *effect = alm_sync_machine_send (self, &self->pull, DOING_PACK, "GET", path, NULL);

  effect->timeout_s = PACK_S;
  effect->to_file = TRUE;
  alm_sync_copies_mark (self, now_us);
  self->status.phase = ALM_SYNC_PHASE_WORKING;
  self->status.loading = alm_wire_hello_find (self->hello, scope)->scope;
}

static gboolean
push_may_run (AlmSyncMachine *self)
{
  if (self->pull.doing == DOING_HELLO || self->pull.doing == DOING_TAKE_HELLO)
    return FALSE;

  return self->greeted || self->too_old;
}

static void
advance_push (AlmSyncMachine *self,
              gint64          now_us)
{
  AlmSyncJob *job;

  if (self->push.doing != DOING_NOTHING || now_us < self->push.retry_at || !push_may_run (self))
    return;
  /* A single round tries once. */
  if (!self->follow && self->status.push_failed)
    return;

  if (self->requeue_next > 0)
    {
      alm_sync_machine_store (self, &self->push, DOING_REQUEUE, ALM_SYNC_JOB_REQUEUE)->next =
        self->requeue_next;
      return;
    }

  if (!self->push_wanted)
    {
      if (self->too_old)
        finish_round (self, TRUE);
      return;
    }

  self->push_wanted = FALSE;
  job = alm_sync_machine_store (self, &self->push, DOING_READ, ALM_SYNC_JOB_NEXT_PUSH);
  /* Room for the head and for what a proxy thinks a body is. */
  job->max_bytes = (gsize) (self->hello != NULL ? self->hello->max_body : 8 << 20) / 2;
  job->max_commands = self->push_limit > 0 ? MIN (self->push_limit, self->push_commands)
                                           : self->push_commands;
  self->push_limit = 0;
}

static void
advance_pull (AlmSyncMachine *self,
              gint64          now_us)
{
  if (self->pull.doing != DOING_NOTHING || now_us < self->pull.retry_at || self->too_old)
    return;

  if (!self->loaded)
    alm_sync_machine_store (self, &self->pull, DOING_LOAD, ALM_SYNC_JOB_LOAD);
  else if (!self->have_hello)
    {
      if (self->push.doing == DOING_NOTHING)
        send_hello (self);
    }
  else if (self->push.doing != DOING_NOTHING && !self->fresh)
    return;
  else if (self->packs->len > 0 && self->led)
    send_pack (self, now_us);
  else if (self->packs->len == 0 && self->fresh && self->wipe_due && !self->wipe_tried)
    alm_sync_machine_store (self, &self->pull, DOING_WIPE, ALM_SYNC_JOB_WIPE);
  else if (self->packs->len > 0 || !self->fresh || self->follow
           || (self->wipe_due && self->wipe_tries < WIPE_TRIES))
    send_feed (self, now_us);
  else if (self->push.doing == DOING_NOTHING && alm_sync_blobs_rest (self))
    finish_round (self, self->status.push_failed || self->blobs_failed);
}

/* Starts whatever may start now.  A hello that is wanted goes first: pushes one
 * after the other would keep it waiting for ever. */
static void
advance (AlmSyncMachine *self,
         gint64          now_us)
{
  if (!self->running || self->status.done)
    return;
  if (self->lost)
    {
      alm_sync_self_advance (self, now_us);
      return;
    }

  if (!self->have_hello)
    advance_pull (self, now_us);
  advance_push (self, now_us);
  alm_sync_blobs_advance (self, now_us);
  advance_pull (self, now_us);

  if (self->status.done)
    self->status.phase = self->status.failed ? ALM_SYNC_PHASE_OFFLINE : ALM_SYNC_PHASE_IN_SYNC;
}

/* Events */

static void
start (AlmSyncMachine *self)
{
  self->running = TRUE;
  self->loaded = FALSE;
  self->lost = FALSE;
  self->claims = 0;
  self->too_old = FALSE;
  self->status.phase = ALM_SYNC_PHASE_WORKING;
}

/* Tries at once whatever waits for its next try. */
static void
try_now (AlmSyncMachine *self)
{
  self->pull.tries = 0;
  self->pull.retry_at = 0;
  self->push.tries = 0;
  self->push.retry_at = 0;
  self->push_wanted = TRUE;
  alm_sync_blobs_try_now (self);
  alm_sync_machine_want_hello (self);
}

static AlmSyncLane *
find_lane (AlmSyncMachine *self,
           guint           number)
{
  if (number == 0)
    return NULL;

  return self->pull.number == number ? &self->pull
         : self->push.number == number ? &self->push
         : self->blobs.number == number ? &self->blobs : NULL;
}

static void
take_event (AlmSyncMachine     *self,
            const AlmSyncEvent *event)
{
  AlmSyncLane *lane = find_lane (self, event->number);

  switch (event->type)
    {
    case ALM_SYNC_START:
      start (self);
      break;

    case ALM_SYNC_TICK:
      break;

    case ALM_SYNC_REPLY:
      if (lane != NULL)
        alm_sync_machine_take_reply (self, lane, event);
      break;

    case ALM_SYNC_FAILED:
      if (lane != NULL)
        alm_sync_machine_take_failure (self, lane, event);
      break;

    case ALM_SYNC_STORED:
      if (lane != NULL)
        alm_sync_machine_take_result (self, lane, event);
      break;

    case ALM_SYNC_LOCAL_CHANGE:
      self->push_wanted = self->push_wanted || !ALM_PLANTED ("change-unheard");
      break;

    case ALM_SYNC_BLOBS:
      alm_sync_blobs_want (self, MAX (self->status.blobs, 1));
      break;

    case ALM_SYNC_ONLINE:
    case ALM_SYNC_SYNC_NOW:
      try_now (self);
      break;

    case ALM_SYNC_LOGIN:
      if ((self->status.phase == ALM_SYNC_PHASE_SIGNED_OUT
           || self->status.phase == ALM_SYNC_PHASE_LOST) && !ALM_PLANTED ("login-unheard"))
        start (self);
      try_now (self);
      break;

    case ALM_SYNC_STOP:
      alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_STOPPED, NULL);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
ask_to_be_woken (AlmSyncMachine *self,
                 gint64          now_us)
{
  const AlmSyncLane *const lanes[] = { &self->pull, &self->push, &self->blobs };
  gint64 at = 0;

  for (guint i = 0; self->running && !self->status.done && i < G_N_ELEMENTS (lanes); i++)
    if (lanes[i]->doing == DOING_NOTHING && lanes[i]->retry_at > now_us
        && (at == 0 || lanes[i]->retry_at < at))
      at = lanes[i]->retry_at;

  if (at != self->wake_at)
    add_effect (self, ALM_SYNC_WAKE_AT)->at_us = at;
  self->wake_at = at;
}

static void
tell (AlmSyncMachine *self)
{
  AlmSyncStatus now;
  gboolean same_problem = g_strcmp0 (self->status.problem, self->told.problem) == 0;
  char *problem = self->told.problem;

  if (self->running && self->status.phase != ALM_SYNC_PHASE_OFFLINE)
    self->status.phase = self->lost ? ALM_SYNC_PHASE_LOST
                         : self->too_old ? ALM_SYNC_PHASE_TOO_OLD : self->status.phase;
  now = self->status;

  self->told.problem = now.problem;
  if (memcmp (&self->told, &now, sizeof now) == 0 && same_problem)
    {
      self->told.problem = problem;
      return;
    }

  g_free (problem);
  self->told = now;
  self->told.problem = g_strdup (now.problem);
  add_effect (self, ALM_SYNC_TELL);
}

GPtrArray *
alm_sync_machine_step (AlmSyncMachine     *self,
                       const AlmSyncEvent *event)
{
  GPtrArray *effects = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sync_effect_free);

  g_return_val_if_fail (event != NULL, effects);

  self->effects = effects;
  take_event (self, event);
  advance (self, event->now_us);
  ask_to_be_woken (self, event->now_us);
  tell (self);
  self->effects = NULL;

  return effects;
}

/* @random: copied; @follow: FALSE = one round, then `done` */
AlmSyncMachine *
alm_sync_machine_new (const AlmRandom *random,
                      gboolean         follow)
{
  AlmSyncMachine *self = g_new0 (AlmSyncMachine, 1);

  self->random = *random;
  self->follow = follow;
  self->push_commands = 2000;
  self->packs = g_ptr_array_new_with_free_func (g_free);
  self->copies = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sync_copy_free);
  self->status.copy_left_s = -1;
  alm_sync_blobs_init (self);

  return self;
}

void
alm_sync_machine_free (AlmSyncMachine *self)
{
  g_free (self->server);
  g_free (self->epoch);
  g_free (self->user);
  g_free (self->rights);
  g_free (self->rights_asked);
  g_clear_pointer (&self->hello, alm_wire_hello_free);
  g_clear_pointer (&self->cursors, alm_value_unref);
  g_clear_pointer (&self->seen, alm_value_unref);
  g_ptr_array_unref (self->packs);
  g_ptr_array_unref (self->copies);
  g_free (self->pack_path);
  alm_sync_blobs_clear (self);
  g_free (self->status.problem);
  g_free (self->told.problem);
  g_free (self);
}

/* Stays until the next step. */
/* The token that the server wants to be asked with from now on, once; nullable. */
char *
alm_sync_machine_take_token (AlmSyncMachine *self)
{
  return self->hello != NULL ? g_steal_pointer (&self->hello->token) : NULL;
}

const AlmSyncStatus *
alm_sync_machine_get_status (AlmSyncMachine *self)
{
  return &self->status;
}
