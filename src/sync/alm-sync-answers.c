/* SPDX-License-Identifier: EUPL-1.2 */

/* What comes back to the sync machine: answers of the server, results of the
 * store.  The invariants stand in alm-sync-machine.c. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-plant.h"
#include "alm-sync-machine-private.h"

#include <string.h>

#define HELLO_EVERY  (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define RIGHTS_EVERY (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define HELLO_MAX    (8u << 20)

static void
take_plan (AlmSyncMachine  *self,
           AlmDeskSyncPlan *plan)
{
  g_clear_pointer (&self->cursors, alm_value_unref);
  self->cursors = alm_value_ref (plan->cursors);
  self->status.waiting = plan->waiting;
  self->wipe_due = plan->wipe;
  self->wipe_tried = FALSE;
  alm_sync_blobs_want (self, plan->blobs);
}

static void
heard_hello (AlmSyncMachine     *self,
             const AlmSyncEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmWireHello) hello = NULL;
  g_autoptr (GBytes) body = alm_sync_open_body (event->body, HELLO_MAX, &error);

  if (body != NULL)
    hello = alm_wire_hello_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), &error);
  if (hello == NULL)
    {
      alm_sync_machine_fail (self, &self->pull, event->now_us, 0, error->message);
      return;
    }
  if (self->server != NULL && strcmp (self->server, hello->server) != 0)
    {
      alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_WRONG_SERVER,
                                 "this profile belongs to another server");
      return;
    }

  alm_sync_machine_store (self, &self->pull, DOING_TAKE_HELLO, ALM_SYNC_JOB_HELLO)->hello =
    alm_wire_hello_copy (hello);
  self->status.loading = NULL;
  g_clear_pointer (&self->hello, alm_wire_hello_free);
  self->hello = g_steal_pointer (&hello);
  self->hello_at = event->now_us;
}

static void
heard_push (AlmSyncMachine     *self,
            const AlmSyncEvent *event)
{
  AlmSyncJob *job = alm_sync_machine_store (self, &self->push, DOING_RECORD,
                                            ALM_SYNC_JOB_OUTCOMES);

  job->body = event->body != NULL ? g_bytes_ref (event->body) : g_bytes_new_static ("", 0);
  job->first = self->first;
  job->count = self->count;
}

/* The first of the packs, slice by slice: what else waits for the store gets its turn
 * in between. */
static void
store_slice (AlmSyncMachine *self,
             gboolean        begin)
{
  AlmSyncJob *job = alm_sync_machine_store (self, &self->pull, DOING_TAKE_PACK,
                                            ALM_SYNC_JOB_SLICE);

  job->scope = g_strdup (g_ptr_array_index (self->packs, 0));
  job->path = g_strdup (self->pack_path);
  job->begin = begin;
}

static void
heard_pack (AlmSyncMachine     *self,
            const AlmSyncEvent *event)
{
  alm_sync_copies_fetched (self, event->now_us);
  g_free (self->pack_path);
  self->pack_path = g_strdup (event->path);
  store_slice (self, TRUE);
}

/* Done with the first of the packs, for good or ill: then the indexes. */
static void
leave_pack (AlmSyncMachine *self)
{
  g_ptr_array_remove_index (self->packs, 0);
  g_clear_pointer (&self->pack_path, g_free);
  alm_sync_machine_store (self, &self->pull, DOING_INDEX, ALM_SYNC_JOB_INDEX);
}

static void
heard (AlmSyncMachine     *self,
       AlmSyncLane        *lane,
       AlmSyncDoing        what,
       const AlmSyncEvent *event)
{
  switch (what)
    {
    case DOING_HELLO:
      heard_hello (self, event);
      break;

    case DOING_PUSH:
      heard_push (self, event);
      break;

    case DOING_PACK:
      heard_pack (self, event);
      break;

    case DOING_FEED:
    case DOING_POLL:
      alm_sync_machine_store (self, lane, DOING_TAKE_PAGE, ALM_SYNC_JOB_PAGE)->body =
        event->body != NULL ? g_bytes_ref (event->body) : g_bytes_new_static ("", 0);
      break;

    case DOING_CONFIRM:
      alm_sync_machine_store (self, lane, DOING_CONFIRMED, ALM_SYNC_JOB_CONFIRMED)->seen =
        alm_value_ref (self->seen);
      break;

    case DOING_NOTHING:
    case DOING_LOAD:
    case DOING_WIPE:
    case DOING_CONFIRMED:
    case DOING_TAKE_HELLO:
    case DOING_TAKE_PACK:
    case DOING_INDEX:
    case DOING_TAKE_PAGE:
    case DOING_READ:
    case DOING_RECORD:
    case DOING_REQUEUE:
    case DOING_BLOB_NEXT:
    case DOING_BLOB_HEAD:
    case DOING_BLOB_READ:
    case DOING_BLOB_PUT:
    case DOING_BLOB_GET:
    case DOING_BLOB_CHECK:
    case DOING_BLOB_NEWS:
    case DOING_FORK:
    case DOING_CLAIM:
    case DOING_KEEP:
    case DOING_EMPTY:
    case DOING_LOGOUT:
    case DOING_FORGET:
    default:
      g_assert_not_reached ();
    }
}

/* The server knows another command by one of our numbers: this profile is a copy, or has
 * come back from one.  What stands before that number is ours, may have been taken, and
 * gets its answer first: under another name it would be taken twice. */
static void
heard_fork (AlmSyncMachine       *self,
            AlmSyncLane          *lane,
            const AlmWireProblem *problem)
{
  if (problem->n <= self->first)
    {
      alm_sync_self_fork (self, lane);
      return;
    }

  self->push_limit = (guint) MIN (problem->n - self->first, G_MAXINT);
  self->push_wanted = TRUE;
}

static void
heard_gap (AlmSyncMachine       *self,
           AlmSyncLane          *lane,
           const AlmWireProblem *problem)
{
  if (self->gap_next == problem->next)
    {
      alm_sync_self_fork (self, lane);
      return;
    }

  self->gap_next = problem->next;
  self->requeue_next = problem->next;
  self->push_wanted = TRUE;
}

/* An answer other than 200. */
static void
refused (AlmSyncMachine     *self,
         AlmSyncLane        *lane,
         AlmSyncDoing        what,
         const AlmSyncEvent *event)
{
  g_auto (AlmWireProblem) problem = { 0 };
  g_autofree char *text = NULL;
  gsize length = 0;
  const char *body = event->body != NULL ? g_bytes_get_data (event->body, &length) : "";

  alm_wire_problem_parse (&problem, body, length);
  text = g_strdup_printf ("the server answered %u %s%s%s", event->status, problem.code,
                          problem.detail != NULL ? ": " : "",
                          problem.detail != NULL ? problem.detail : "");

  if (event->status == 410 && strcmp (problem.code, "desk-lost") == 0)
    alm_sync_self_lose (self, text);
  else if (what == DOING_CLAIM || what == DOING_LOGOUT)
    alm_sync_self_heard (self, what, &problem, text, event);
  else if (what == DOING_HELLO && strcmp (problem.code, "wrong-desk") == 0
           && alm_sync_self_claim (self))
    return;
  else if ((event->status == 401 && !ALM_PLANTED ("signed-out-unheard"))
           || strcmp (problem.code, "wrong-desk") == 0)
    alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_SIGNED_OUT, text);
  else if (what == DOING_HELLO && event->status == 426)
    {
      alm_sync_machine_succeed (self, lane);
      self->too_old = TRUE;
      self->push_wanted = TRUE;
      alm_sync_machine_set_problem (self, text);
    }
  else if (what == DOING_PUSH && strcmp (problem.code, "desk-forked") == 0)
    heard_fork (self, lane, &problem);
  else if (what == DOING_PUSH && strcmp (problem.code, "gap") == 0 && problem.next > 0
           && problem.next < self->first)
    heard_gap (self, lane, &problem);
  else if (strcmp (problem.code, "epoch") == 0 && lane->tries < 2)
    {
      lane->tries++;
      self->push_wanted = TRUE;
      self->greeted = FALSE;
      self->pull.retry_at = 0;
      alm_sync_machine_want_hello (self);
    }
  else if (what == DOING_PACK && event->status < 500 && event->status != 429)
    {
      self->status.loading = NULL;
      g_ptr_array_remove_index (self->packs, 0);
    }
  else
    {
      if (what == DOING_PUSH)
        {
          self->push_wanted = !ALM_PLANTED ("refusal-gives-up");
          if (event->status == 413)
            self->push_commands = MAX (1, self->count / 2);
        }
      alm_sync_machine_fail (self, lane, event->now_us, event->retry_s, text);
    }
}

void
alm_sync_machine_take_reply (AlmSyncMachine     *self,
                             AlmSyncLane        *lane,
                             const AlmSyncEvent *event)
{
  AlmSyncDoing what = lane->doing;

  lane->doing = DOING_NOTHING;
  lane->number = 0;
  if (lane == &self->blobs)
    alm_sync_blobs_heard (self, what, event);
  else if ((event->status == 200 || (what == DOING_PACK && event->status == 206))
           && what != DOING_CLAIM && what != DOING_LOGOUT)
    heard (self, lane, what, event);
  else
    refused (self, lane, what, event);
}

/* Stored */

static void
took_state (AlmSyncMachine   *self,
            AlmDeskSyncState *state)
{
  self->desk = state->desk;
  g_clear_pointer (&self->server, g_free);
  self->server = g_strdup (state->server);
  g_clear_pointer (&self->epoch, g_free);
  self->epoch = g_strdup (state->epoch);
  g_clear_pointer (&self->user, g_free);
  self->user = g_strdup (state->user);
  self->status.waiting = state->waiting;
  self->loaded = TRUE;
}

static void
took_hello (AlmSyncMachine *self,
            AlmSyncResult  *result,
            gint64          now_us)
{
  g_clear_pointer (&self->server, g_free);
  self->server = g_strdup (self->hello->server);
  g_clear_pointer (&self->epoch, g_free);
  self->epoch = g_strdup (self->hello->epoch);
  g_clear_pointer (&self->rights, g_free);
  self->rights = g_strdup (self->hello->rights);
  self->push_commands = (guint) MIN (self->hello->max_commands, 2000);
  take_plan (self, &result->plan);
  g_ptr_array_set_size (self->packs, 0);
  for (guint i = 0; i < result->plan.packs->len; i++)
    g_ptr_array_add (self->packs, g_strdup (g_ptr_array_index (result->plan.packs, i)));
  self->led = alm_value_get (self->cursors, "system") == NULL;
  g_clear_pointer (&self->pack_path, g_free);
  alm_sync_copies_begin (self, now_us);

  self->have_hello = TRUE;
  self->greeted = TRUE;
  self->claims = 0;
  self->fresh = FALSE;
  self->push_wanted = !ALM_PLANTED ("start-sends-nothing");
  alm_sync_machine_set_problem (self, NULL);
}

static void
took_next_push (AlmSyncMachine *self,
                AlmSyncResult  *result)
{
  AlmSyncEffect *effect;

  if (result->body == NULL)
    {
      alm_sync_machine_succeed (self, &self->push);
      self->status.waiting = 0;
      return;
    }

  self->first = result->first;
  self->count = result->count;
  effect = alm_sync_machine_send (self, &self->push, DOING_PUSH, "POST", "/v1/push", NULL);
  effect->body = g_bytes_ref (result->body);
}

static void
took_outcomes (AlmSyncMachine      *self,
               AlmDeskSyncOutcomes *outcomes)
{
  alm_sync_machine_succeed (self, &self->push);
  self->gap_next = 0;
  self->status.sent += self->count;
  self->status.ok += outcomes->ok;
  self->status.merged += outcomes->merged;
  self->status.conflict += outcomes->conflict;
  self->status.refused += outcomes->refused;
  self->status.waiting = outcomes->waiting;
  if (outcomes->waiting > 0)
    self->push_wanted = TRUE;
  /* A poll that hangs is woken by the server; a page that was read before is not. */
  if (self->pull.doing != DOING_POLL && outcomes->refused < self->count)
    self->fresh = FALSE;
}

/* Has the server other rights in mind than it told in its hello? */
static gboolean
are_other_rights (AlmSyncMachine *self,
                  const char     *rights,
                  gint64          now_us)
{
  if (strcmp (self->rights, rights) == 0)
    {
      g_clear_pointer (&self->rights_asked, g_free);
      return FALSE;
    }

  /* Whose hello and pages never agree is not asked all the time. */
  return (g_strcmp0 (self->rights_asked, rights) != 0 || now_us - self->hello_at > RIGHTS_EVERY)
         && !ALM_PLANTED ("rights-unheard");
}

/* What was read says nothing about what could not be handed in. */
static void
forget_problem (AlmSyncMachine *self)
{
  if (!self->status.push_failed)
    alm_sync_machine_set_problem (self, NULL);
}

static void
took_slice (AlmSyncMachine     *self,
            AlmDeskSyncPage    *page,
            const AlmSyncEvent *event)
{
  alm_sync_copies_stored (self, page->came, event->now_us);
  self->status.pulled += page->records;
  if (page->again)
    {
      store_slice (self, FALSE);
      return;
    }

  alm_sync_machine_succeed (self, &self->pull);
  take_plan (self, &page->plan);
  forget_problem (self);
  leave_pack (self);
  self->fresh = FALSE;
}

static void
took_page (AlmSyncMachine     *self,
           AlmDeskSyncPage    *page,
           const AlmSyncEvent *event)
{
  alm_sync_machine_succeed (self, &self->pull);
  alm_sync_copies_stored (self, page->came, event->now_us);
  if (!page->more && self->packs->len == 0)
    alm_sync_copies_end (self);
  self->status.pulled += page->records;
  self->status.repairs += page->repairs;
  self->fresh = !page->more && page->repairs == 0;
  self->push_wanted |= page->revived > 0;
  take_plan (self, &page->plan);
  forget_problem (self);

  if (self->rights == NULL)
    self->rights = g_strdup (page->rights);
  else if (page->rights != NULL && are_other_rights (self, page->rights, event->now_us))
    {
      g_clear_pointer (&self->rights_asked, g_free);
      self->rights_asked = g_strdup (page->rights);
      alm_sync_machine_want_hello (self);
    }
  else if (event->now_us - self->hello_at > HELLO_EVERY)
    alm_sync_machine_want_hello (self);
}

/* Only what stands in no file any more is told to be gone. */
static void
took_wipe (AlmSyncMachine *self,
           AlmSyncResult  *result)
{
  g_autoptr (AlmValue) body = NULL;

  self->wipe_tried = TRUE;
  self->wipe_tries = result->wiped ? 0 : self->wipe_tries + 1;
  if (result->wiped && result->seen == NULL)
    self->wipe_due = FALSE;
  if (!result->wiped || result->seen == NULL)
    return;

  g_clear_pointer (&self->seen, alm_value_unref);
  self->seen = alm_value_ref (result->seen);
  body = alm_value_new_object ();
  alm_value_set (body, "seen", alm_value_ref (self->seen));
  alm_sync_machine_send (self, &self->pull, DOING_CONFIRM, "POST", "/v1/erasures",
                         alm_value_to_text (body));
}

static void
took (AlmSyncMachine     *self,
      AlmSyncDoing        what,
      const AlmSyncEvent *event)
{
  AlmSyncResult *result = event->result;

  switch (what)
    {
    case DOING_LOAD:
      took_state (self, &result->state);
      break;

    case DOING_TAKE_HELLO:
      took_hello (self, result, event->now_us);
      break;

    case DOING_TAKE_PACK:
      took_slice (self, &result->page, event);
      break;

    case DOING_INDEX:
      if (result->again)
        alm_sync_machine_store (self, &self->pull, DOING_INDEX, ALM_SYNC_JOB_INDEX);
      else
        self->status.loading = NULL;
      break;

    case DOING_TAKE_PAGE:
      self->led |= !result->page.more;
      took_page (self, &result->page, event);
      break;

    case DOING_WIPE:
      took_wipe (self, result);
      break;

    case DOING_CONFIRMED:
      alm_sync_machine_succeed (self, &self->pull);
      self->wipe_due = FALSE;
      break;

    case DOING_READ:
      took_next_push (self, result);
      break;

    case DOING_RECORD:
      took_outcomes (self, &result->outcomes);
      break;

    case DOING_REQUEUE:
      self->requeue_next = 0;
      self->push_wanted = TRUE;
      self->status.waiting = result->waiting;
      break;

    case DOING_FORK:
    case DOING_KEEP:
    case DOING_EMPTY:
    case DOING_FORGET:
      alm_sync_self_stored (self, what, result);
      break;

    case DOING_NOTHING:
    case DOING_HELLO:
    case DOING_PACK:
    case DOING_FEED:
    case DOING_POLL:
    case DOING_PUSH:
    case DOING_CONFIRM:
    case DOING_BLOB_NEXT:
    case DOING_BLOB_HEAD:
    case DOING_BLOB_READ:
    case DOING_BLOB_PUT:
    case DOING_BLOB_GET:
    case DOING_BLOB_CHECK:
    case DOING_BLOB_NEWS:
    case DOING_CLAIM:
    case DOING_LOGOUT:
    default:
      g_assert_not_reached ();
    }
}

void
alm_sync_machine_take_result (AlmSyncMachine     *self,
                              AlmSyncLane        *lane,
                              const AlmSyncEvent *event)
{
  AlmSyncDoing what = lane->doing;

  lane->doing = DOING_NOTHING;
  lane->number = 0;
  if (lane == &self->blobs)
    alm_sync_blobs_stored (self, what, event);
  else
    took (self, what, event);
}

void
alm_sync_machine_take_failure (AlmSyncMachine     *self,
                               AlmSyncLane        *lane,
                               const AlmSyncEvent *event)
{
  AlmSyncDoing what = lane->doing;

  if (alm_sync_self_failed (self, what))
    return;
  if (lane == &self->blobs)
    {
      lane->doing = DOING_NOTHING;
      lane->number = 0;
      alm_sync_blobs_broke_off (self, what, event);
      return;
    }

  if (lane == &self->push)
    self->push_wanted = !ALM_PLANTED ("failure-forgets");
  /* A pack that is torn or not there is no reason to give up: the feed has it all. */
  if (what == DOING_TAKE_PACK
      && event->error != NULL && event->error->domain == ALM_FORMAT_ERROR)
    {
      lane->doing = DOING_NOTHING;
      lane->number = 0;
      alm_sync_machine_set_problem (self, event->error->message);
      leave_pack (self);
      return;
    }

  alm_sync_machine_fail (self, lane, event->now_us, 0,
                         event->error != NULL ? event->error->message : "failed");
}

