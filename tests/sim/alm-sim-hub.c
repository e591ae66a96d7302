/* SPDX-License-Identifier: EUPL-1.2 */

/* The server of a world, and the net between it and the desks, which loses,
 * doubles and tears.  One thread. */

#include "config.h"

#include "alm-hub.h"
#include "alm-sim-private.h"

#include <string.h>

/* One world at a time. */
AlmSimWorld *alm_sim_current;

void
alm_sim_hub_bytes (gpointer buffer,
                   gsize    size)
{
  for (gsize i = 0; i < size; i++)
    ((guint8 *) buffer)[i] = (guint8) alm_random_next (&alm_sim_current->hub_random);
}

static gboolean
open_hub (AlmSimWorld *self)
{
  AlmHubOptions options = { &self->hub_clock.clock, alm_sim_hub_bytes, &alm_sim_cheap };
  g_autoptr (GError) error = NULL;

  alm_sim_set_pages (self);
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
fail_request (AlmSimWorld       *self,
              const AlmSimEvent *request)
{
  AlmSimEvent *event = alm_sim_add_event (self, EVENT_FAIL, alm_sim_latency (self), request->desk);

  event->life = request->life;
  event->number = request->number;
}

void
alm_sim_crash_hub (AlmSimWorld *self,
                   AlmSimCrash  crash)
{
  if (self->hub == NULL)
    return;

  alm_sim_say (self, "the server dies (%u)", crash);
  self->counters.hub_crashes++;
  alm_sim_disk_die (self->hub_disk);
  g_clear_pointer (&self->hub, alm_hub_core_free);
  self->hub_store = NULL;
  alm_sim_disk_crash (self->hub_disk, crash, &self->random);
  for (guint i = 0; i < self->polls->len; i++)
    fail_request (self, self->polls->pdata[i]);
  g_ptr_array_set_size (self->polls, 0);
  alm_sim_add_event (self, EVENT_START_HUB, (100 + alm_sim_below (self, 2000)) * MILLI, G_MAXUINT);
}

void
alm_sim_start_hub (AlmSimWorld *self)
{
  if (self->hub != NULL)
    return;
  if (!open_hub (self))
    {
      alm_sim_disk_crash (self->hub_disk, self->exact ? self->crash : ALM_SIM_CRASH_KEEP_ALL,
                          &self->random);
      if (self->violation == NULL)
        alm_sim_add_event (self, EVENT_START_HUB, SECOND, G_MAXUINT);
    }
}

static void
answer (AlmSimWorld       *self,
        const AlmSimEvent *request,
        const AlmHubReply *reply)
{
  AlmSimEvent *event;
  gsize length = reply->body->len;

  if (alm_sim_trouble (self, ALM_SIM_TROUBLE_ANSWER, 25))
    {
      self->counters.lost_answers++;
      self->counters.lost_acks += reply->status == 200 && strcmp (request->path, "/v1/push") == 0;
      fail_request (self, request);
      return;
    }

  event = alm_sim_add_event (self, EVENT_ANSWER, alm_sim_latency (self), request->desk);
  event->life = request->life;
  event->number = request->number;
  event->status = reply->status;
  if (alm_sim_trouble (self, ALM_SIM_TROUBLE_TORN, 40) && length > 0)
    {
      self->counters.torn++;
      length = alm_sim_below (self, (guint) length);
    }
  if (alm_sim_trouble (self, ALM_SIM_TROUBLE_GATEWAY, 60))
    {
      self->counters.bad_gateway++;
      event->status = 502;
    }
  event->body = g_bytes_new (reply->body->str, length);
}

static AlmHubReply *
ask_hub (AlmSimWorld       *self,
         const AlmSimEvent *request,
         gboolean           waited)
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

static void wake_polls (AlmSimWorld *self,
                        gboolean     waited);

/* FALSE: it died of what it was asked. */
gboolean
alm_sim_hub_survives (AlmSimWorld       *self,
                      const AlmHubReply *reply)
{
  gboolean dead = alm_sim_disk_is_dead (self->hub_disk);

  if (!dead && !reply->fatal)
    return TRUE;
  self->counters.hub_crashes_in_write += dead;

  alm_sim_crash_hub (self, dead ? alm_sim_how (self) : ALM_SIM_CRASH_KEEP_ALL);

  return FALSE;
}

/* Handles it, holds it open, or dies of it. */
static void
serve (AlmSimWorld *self,
       AlmSimEvent *request,
       gboolean     waited)
{
  g_autoptr (AlmHubReply) reply = NULL;
  gboolean push = strcmp (request->path, "/v1/push") == 0;

  alm_sim_arm (self, self->hub_disk);
  reply = ask_hub (self, request, waited);
  alm_sim_disarm (self->hub_disk);
  if (!alm_sim_hub_survives (self, reply))
    {
      fail_request (self, request);
      return;
    }

  if (reply->status == 0)
    {
      AlmSimEvent *held = g_new0 (AlmSimEvent, 1);
      AlmSimEvent *end = alm_sim_add_event (self, EVENT_POLL_ENDS, reply->wait_s * SECOND,
                                            request->desk);

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
  alm_sim_check_wire (self, request->desk, reply->body->str);
  alm_sim_check_token (self, request->desk, reply->status);
  alm_sim_say (self, "desk %u %s: %u%s%s", request->desk, request->path, reply->status,
               reply->status >= 400 ? " " : "", reply->status >= 400 ? reply->body->str : "");
  answer (self, request, reply);
  if (reply->changed != NULL)
    wake_polls (self, FALSE);
}

static void
wake_polls (AlmSimWorld *self,
            gboolean     waited)
{
  g_autoptr (GPtrArray) held = self->polls;

  self->polls = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_sim_event_free);
  for (guint i = 0; i < held->len; i++)
    if (self->hub != NULL)
      serve (self, held->pdata[i], waited);
    else
      fail_request (self, held->pdata[i]);
}

/* Rights have changed: whoever waits hears of it. */
void
alm_sim_release_polls (AlmSimWorld *self)
{
  wake_polls (self, TRUE);
}

void
alm_sim_end_poll (AlmSimWorld       *self,
                  const AlmSimEvent *event)
{
  for (guint i = 0; i < self->polls->len; i++)
    {
      AlmSimEvent *held = self->polls->pdata[i];

      if (held->desk != event->desk || held->number != event->number || held->life != event->life)
        continue;
      held = g_ptr_array_steal_index (self->polls, i);
      serve (self, held, TRUE);
      alm_sim_event_free (held);
      return;
    }
}

void
alm_sim_arrive (AlmSimWorld *self,
                AlmSimEvent *request)
{
  gboolean doubled = alm_sim_trouble (self, ALM_SIM_TROUBLE_DOUBLED, 30);

  if (alm_sim_trouble (self, ALM_SIM_TROUBLE_REQUEST, 25) || self->hub == NULL)
    {
      self->counters.lost_requests++;
      fail_request (self, request);
      return;
    }

  /* The same bytes once more, soon or much later; nobody waits for that answer. */
  if (doubled)
    {
      /* Mostly soon, sometimes when nobody remembers. */
      gint64 delay = (alm_sim_below (self, 3) == 0 ? alm_sim_below (self, 60000)
                                                   : alm_sim_below (self, 500)) * MILLI;
      AlmSimEvent *again = alm_sim_add_event (self, EVENT_ARRIVE, delay, request->desk);

      self->counters.doubled++;
      self->counters.late_replays += delay > 5 * SECOND;
      again->life = 0;
      again->method = request->method;
      again->path = g_strdup (request->path);
      again->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
    }

  if (request->life != 0 && request->life == self->desks[request->desk].life)
    {
      self->counters.reordered += request->number < self->desks[request->desk].arrived;
      self->desks[request->desk].arrived = MAX (self->desks[request->desk].arrived,
                                                request->number);
    }
  if (strcmp (request->path, "/v1/push") == 0)
    alm_sim_note_push (self, request->desk, request->body);
  serve (self, request, FALSE);
}
