/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <string.h>

#include "alm-sync-machine.h"

G_BEGIN_DECLS

/* The machine alone: events in, effects out, as text. */

#define SECOND G_GINT64_CONSTANT (1000000)

typedef struct
{
  AlmSyncMachine *machine;
  gint64          now_us;
  GPtrArray      *effects;      /* of the last step */
} Fixture;

static const char hello_text[] =
  "{\"server\":\"s1\",\"epoch\":\"e1\",\"protocol\":1,\"next\":1,\"rights\":\"r1\","
  "\"limits\":{\"body\":65536,\"commands\":100},\"roles\":[],\"scopes\":["
  "{\"scope\":\"ksj/baeume\",\"title\":\"B\",\"seq\":9,\"began\":0,\"roles\":[],\"classes\":[],"
  "\"grant\":\"g\",\"records\":400,\"pack\":{\"seq\":9,\"bytes\":5,\"etag\":\"x\"}}]}";

static inline void
set_up_with (Fixture  *fixture,
             gboolean  follow)
{
  AlmRandom random;

  alm_random_seed (&random, 1);
  fixture->machine = alm_sync_machine_new (&random, follow);
  fixture->now_us = 1000 * SECOND;
}

static inline void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  set_up_with (fixture, TRUE);
}

static inline void
set_up_single (Fixture       *fixture,
               gconstpointer  data)
{
  set_up_with (fixture, FALSE);
}

static inline void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->effects, g_ptr_array_unref);
  alm_sync_machine_free (fixture->machine);
}

/* "send 3 /v1/hello; store 1 load; wake +2s; cancel 3"; what is told is left out. */
static inline char *
describe (Fixture *fixture)
{
  static const char *const jobs[] = {
    "load", "hello", "next-push", "outcomes", "requeue", "page", "slice", "index", "wipe",
    "confirmed", "blob-next", "blob-read", "blob-check", "blob-news", "fork", "empty"
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < fixture->effects->len; i++)
    {
      const AlmSyncEffect *effect = fixture->effects->pdata[i];

      if (effect->type == ALM_SYNC_TELL)
        continue;
      if (text->len > 0)
        g_string_append (text, "; ");
      if (effect->type == ALM_SYNC_SEND)
        g_string_append_printf (text, "send %u %s", effect->number, effect->path);
      else if (effect->type == ALM_SYNC_CANCEL)
        g_string_append_printf (text, "cancel %u", effect->number);
      else if (effect->type == ALM_SYNC_STORE)
        g_string_append_printf (text, "store %u %s", effect->number, jobs[effect->job->kind]);
      else if (effect->type == ALM_SYNC_KEEP)
        g_string_append_printf (text, "keep %u %s", effect->number,
                                effect->token != NULL ? effect->token : "nothing");
      else
        g_string_append (text, effect->at_us == 0 ? "wake never" : "wake later");
    }

  return g_string_free (text, FALSE);
}

static inline void
step (Fixture      *fixture,
      AlmSyncEvent  event,
      const char   *expected)
{
  g_autofree char *text = NULL;

  g_clear_pointer (&fixture->effects, g_ptr_array_unref);
  event.now_us = fixture->now_us;
  fixture->effects = alm_sync_machine_step (fixture->machine, &event);
  text = describe (fixture);
  g_assert_cmpstr (text, ==, expected);
}

static inline void
simple (Fixture          *fixture,
        AlmSyncEventType  type,
        const char       *expected)
{
  step (fixture, (AlmSyncEvent) { .type = type }, expected);
}

static inline void
reply (Fixture    *fixture,
       guint       number,
       guint       status,
       const char *body,
       const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));

  step (fixture, (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .number = number, .status = status,
                                  .body = bytes, .path = "/pack" }, expected);
}

static inline void
fail (Fixture    *fixture,
      guint       number,
      GQuark      domain,
      const char *expected)
{
  g_autoptr (GError) error = g_error_new (domain, 0, "cut");

  step (fixture, (AlmSyncEvent) { .type = ALM_SYNC_FAILED, .number = number, .error = error },
        expected);
}

static inline void
stored (Fixture       *fixture,
        guint          number,
        AlmSyncResult  result,
        const char    *expected)
{
  step (fixture, (AlmSyncEvent) { .type = ALM_SYNC_STORED, .number = number, .result = &result },
        expected);
  g_clear_pointer (&result.plan.cursors, alm_value_unref);
  g_clear_pointer (&result.plan.packs, g_ptr_array_unref);
  g_clear_pointer (&result.page.plan.cursors, alm_value_unref);
  g_clear_pointer (&result.page.came, alm_value_unref);
  g_clear_pointer (&result.body, g_bytes_unref);
  g_clear_pointer (&result.seen, alm_value_unref);
}

static inline AlmSyncResult
loaded (const char *server)
{
  return (AlmSyncResult) { .state = { .server = (char *) server, .epoch = (char *) "e1" } };
}

static inline AlmSyncResult
planned (gboolean with_pack)
{
  AlmSyncResult result = { 0 };

  result.plan.cursors = alm_value_new_object ();
  result.plan.packs = g_ptr_array_new_with_free_func (g_free);
  if (with_pack)
    g_ptr_array_add (result.plan.packs, g_strdup ("ksj/baeume"));

  return result;
}

static inline AlmSyncResult
paged (gboolean    more,
       guint       repairs,
       const char *rights)
{
  AlmSyncResult result = { 0 };

  result.page.plan.cursors = alm_value_new_object ();
  result.page.more = more;
  result.page.repairs = repairs;
  result.page.rights = (char *) rights;

  return result;
}

/* A slice, or a page, with @came records of the one scope. */
static inline AlmSyncResult
sliced (gboolean  again,
        gint64    came)
{
  AlmSyncResult result = paged (TRUE, 0, NULL);

  result.page.again = again;
  result.page.came = alm_value_new_object ();
  alm_value_set_integer (result.page.came, "ksj/baeume", came);

  return result;
}

static inline AlmSyncResult
nothing_waits (void)
{
  return (AlmSyncResult) { 0 };
}

static inline AlmSyncResult
waits (guint count)
{
  return (AlmSyncResult) { .body = g_bytes_new_static ("x", 1), .first = 1, .count = count };
}

static inline AlmSyncResult
outcomes (guint ok,
          guint refused,
          guint left)
{
  return (AlmSyncResult) { .outcomes = { .ok = ok, .refused = refused, .waiting = left } };
}

static inline AlmSyncPhase
phase (Fixture *fixture)
{
  return alm_sync_machine_get_status (fixture->machine)->phase;
}

/* To the open poll, number 7, with nothing to hand in. */
static inline void
come_to_poll (Fixture *fixture)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (FALSE), "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/feed");
  reply (fixture, 5, 200, "page", "store 6 page");
  stored (fixture, 6, paged (FALSE, 0, "r1"), "send 7 /v1/feed");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_IN_SYNC);
}

G_END_DECLS
