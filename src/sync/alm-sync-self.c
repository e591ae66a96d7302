/* SPDX-License-Identifier: EUPL-1.2 */

/* Who this desk is, in the machine's conversation: a copied profile becomes a desk of
 * its own, a lost one becomes nobody (sync.md, section 4.7).
 *
 *   desk-forked → store a new id → hello with it is refused, the token is another
 *   desk's → POST /v1/desks, which gives a token for the new id → keep it → hello.
 *
 * The id is stored first, so wherever this breaks off, also between two starts of the
 * program, hello leads back into it.  The other invariants stand in
 * alm-sync-machine.c. */

#include "config.h"

#include "alm-sync-machine-private.h"

#include <string.h>

#define CLAIMS_MAX 3

/* Another copy of this profile has handed in commands under our numbers; or so much of
 * our own log is gone that the server's next number is not in it. */
void
alm_sync_self_fork (AlmSyncMachine *self,
                    AlmSyncLane    *lane)
{
  alm_sync_machine_store (self, lane, DOING_FORK, ALM_SYNC_JOB_FORK);
}

static void
forked (AlmSyncMachine   *self,
        AlmDeskSyncState *state)
{
  self->desk = state->desk;
  self->status.waiting = state->waiting;
  self->status.forks++;
  self->requeue_next = 0;
  self->gap_next = 0;
  self->push_limit = 0;
  self->push_wanted = TRUE;
  self->greeted = FALSE;
  alm_sync_machine_want_hello (self);
}

/* Hello was told that the token is another desk's.  FALSE: that has been tried. */
gboolean
alm_sync_self_claim (AlmSyncMachine *self)
{
  g_autoptr (AlmValue) body = NULL;
  char desk[ALM_ID_TEXT_SIZE];

  if (self->claims++ >= CLAIMS_MAX)
    return FALSE;

  body = alm_value_new_object ();
  alm_id_print (&self->desk, desk);
  alm_value_set_text (body, "desk", desk);
  alm_value_set_text (body, "user", self->user);
  alm_sync_machine_send (self, &self->pull, DOING_CLAIM, "POST", "/v1/desks",
                         alm_value_to_text (body));

  return TRUE;
}

static void
heard_token (AlmSyncMachine     *self,
             const AlmSyncEvent *event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = event->body != NULL ? g_bytes_ref (event->body)
                                                : g_bytes_new_static ("", 0);
  g_autofree char *token = alm_wire_login_parse (body, &error);

  if (token == NULL)
    alm_sync_machine_fail (self, &self->pull, event->now_us, 0, error->message);
  else
    alm_sync_machine_begin (self, &self->pull, DOING_KEEP, ALM_SYNC_KEEP)->token =
      g_steal_pointer (&token);
}

/* The answer to a claim, or to the farewell of a lost desk. */
void
alm_sync_self_heard (AlmSyncMachine       *self,
                     AlmSyncDoing          what,
                     const AlmWireProblem *problem,
                     const char           *text,
                     const AlmSyncEvent   *event)
{
  if (what == DOING_LOGOUT)
    alm_sync_machine_begin (self, &self->pull, DOING_FORGET, ALM_SYNC_KEEP);
  else if (event->status == 200 || event->status == 201)
    heard_token (self, event);
  else if (strcmp (problem->code, "desk-taken") == 0)
    /* Copied again in the middle of this: the other copy was first. */
    alm_sync_self_fork (self, &self->pull);
  else if (event->status == 401 || event->status == 403)
    alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_SIGNED_OUT, text);
  else
    alm_sync_machine_fail (self, &self->pull, event->now_us, event->retry_s, text);
}

/* This computer was reported lost: nothing more is read or sent, all of it goes. */
void
alm_sync_self_lose (AlmSyncMachine *self,
                    const char     *problem)
{
  self->lost = TRUE;
  self->wiped = FALSE;
  alm_sync_machine_give_up (self);
  self->pull.retry_at = 0;
  self->status.loading = NULL;
  alm_sync_copies_end (self);
  self->status.phase = ALM_SYNC_PHASE_LOST;
  alm_sync_machine_set_problem (self, problem);
}

void
alm_sync_self_advance (AlmSyncMachine *self,
                       gint64          now_us)
{
  if (self->pull.doing != DOING_NOTHING || now_us < self->pull.retry_at)
    return;

  if (!self->wiped)
    alm_sync_machine_store (self, &self->pull, DOING_EMPTY, ALM_SYNC_JOB_EMPTY);
  else
    /* The last word of this desk: the server notes that it is empty. */
    alm_sync_machine_send (self, &self->pull, DOING_LOGOUT, "POST", "/v1/logout", NULL);
}

static void
end (AlmSyncMachine *self)
{
  g_autofree char *problem = g_strdup (self->status.problem);

  g_clear_pointer (&self->server, g_free);
  self->status.waiting = 0;
  alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_LOST, problem);
}

void
alm_sync_self_stored (AlmSyncMachine *self,
                      AlmSyncDoing    what,
                      AlmSyncResult  *result)
{
  if (what == DOING_FORK)
    forked (self, &result->state);
  else if (what == DOING_KEEP)
    alm_sync_machine_succeed (self, &self->pull);
  else if (what == DOING_EMPTY)
    self->wiped = TRUE;
  else
    end (self);
}

/* FALSE: it is a failure like any other. */
gboolean
alm_sync_self_failed (AlmSyncMachine *self,
                      AlmSyncDoing    what)
{
  if (what == DOING_LOGOUT)
    {
      /* Without a word to the server, then. */
      self->pull.doing = DOING_NOTHING;
      alm_sync_machine_begin (self, &self->pull, DOING_FORGET, ALM_SYNC_KEEP);
      return TRUE;
    }
  if (what != DOING_FORGET)
    return FALSE;

  self->pull.doing = DOING_NOTHING;
  end (self);

  return TRUE;
}
