/* SPDX-License-Identifier: EUPL-1.2 */

/* The machine finds that it is a copy, or that it was reported lost. */

#include "config.h"

#include "alm-machine-fixture.h"

/* The id that @desk begins with, all others as they are. */
static AlmSyncResult
another_desk (guint8 first)
{
  AlmSyncResult result = {
    .state = { .waiting = 1, .epoch = (char *) "e1", .user = (char *) "anna" },
  };

  result.state.desk.bytes[0] = first;

  return result;
}

static void
assert_body (Fixture    *fixture,
             const char *part)
{
  for (guint i = 0; i < fixture->effects->len; i++)
    {
      const AlmSyncEffect *effect = fixture->effects->pdata[i];

      if (effect->body != NULL)
        {
          g_autofree char *text = g_strndup (g_bytes_get_data (effect->body, NULL),
                                             g_bytes_get_size (effect->body));

          if (strstr (text, part) == NULL)
            g_error ("no %s in %s", part, text);
          return;
        }
    }
  g_assert_not_reached ();
}

/* The copy takes another name, gets a token for it, and goes on by itself. */
static void
test_a_copy_becomes_a_desk_of_its_own (Fixture       *fixture,
                                       gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 9, 409, "{\"code\":\"desk-forked\",\"n\":1}", "store 10 fork");
  stored (fixture, 10, another_desk (0xab), "cancel 7; send 11 /v1/hello");
  g_assert_cmpuint (alm_sync_machine_get_status (fixture->machine)->forks, ==, 1);
  assert_body (fixture, "\"desk\":\"ab000000-");
  reply (fixture, 11, 403, "{\"code\":\"wrong-desk\"}", "send 12 /v1/desks");
  assert_body (fixture, "\"desk\":\"ab000000-");
  reply (fixture, 12, 201, "{\"token\":\"abc\"}", "keep 13 abc");
  stored (fixture, 13, (AlmSyncResult) { 0 }, "send 14 /v1/hello");
  reply (fixture, 14, 200, hello_text, "store 15 hello");
  stored (fixture, 15, planned (FALSE), "store 16 next-push");
  stored (fixture, 16, waits (1), "send 17 /v1/push");
}

/* What stands before the number that is another's is ours: it gets its answer first. */
static void
test_what_both_copies_share_is_answered_first (Fixture       *fixture,
                                               gconstpointer  data)
{
  AlmSyncResult three = { .body = g_bytes_new_static ("x", 1), .first = 1, .count = 3 };

  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, three, "send 9 /v1/push");
  reply (fixture, 9, 409, "{\"code\":\"desk-forked\",\"n\":3}", "store 10 next-push");
  g_assert_cmpuint (((AlmSyncEffect *) fixture->effects->pdata[0])->job->max_commands, ==, 2);
  stored (fixture, 10, (AlmSyncResult) { .body = g_bytes_new_static ("x", 1), .first = 1,
                                         .count = 2 }, "send 11 /v1/push");
  reply (fixture, 11, 200, "outcomes", "store 12 outcomes");
  stored (fixture, 12, (AlmSyncResult) { .outcomes = { .ok = 2, .waiting = 1 } },
          "store 13 next-push");
  g_assert_cmpuint (((AlmSyncEffect *) fixture->effects->pdata[0])->job->max_commands, >, 2);
  stored (fixture, 13, (AlmSyncResult) { .body = g_bytes_new_static ("x", 1), .first = 3,
                                         .count = 1 }, "send 14 /v1/push");
  reply (fixture, 14, 409, "{\"code\":\"desk-forked\",\"n\":3}", "store 15 fork");
}

/* Copied once more before it was heard of; somebody else's token; a token that is of no
 * use though it was given: each ends. */
static void
test_a_name_that_is_not_given (Fixture       *fixture,
                               gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, another_desk (0xab), "send 2 /v1/hello");
  reply (fixture, 2, 403, "{\"code\":\"wrong-desk\"}", "send 3 /v1/desks");
  assert_body (fixture, "\"user\":\"anna\"");
  reply (fixture, 3, 409, "{\"code\":\"desk-taken\"}", "store 4 fork");
  stored (fixture, 4, another_desk (0xac), "send 5 /v1/hello");
  reply (fixture, 5, 403, "{\"code\":\"wrong-desk\"}", "send 6 /v1/desks");
  reply (fixture, 6, 503, "", "wake later");
  fixture->now_us += 10 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "send 7 /v1/hello; wake never");
  reply (fixture, 7, 403, "{\"code\":\"wrong-desk\"}", "send 8 /v1/desks");
  reply (fixture, 8, 201, "{\"token\":\"abc\"}", "keep 9 abc");
  stored (fixture, 9, (AlmSyncResult) { 0 }, "send 10 /v1/hello");
  reply (fixture, 10, 403, "{\"code\":\"wrong-desk\"}", "");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_SIGNED_OUT);

  simple (fixture, ALM_SYNC_LOGIN, "store 11 load");
  stored (fixture, 11, another_desk (0xac), "send 12 /v1/hello");
  reply (fixture, 12, 403, "{\"code\":\"wrong-desk\"}", "send 13 /v1/desks");
  reply (fixture, 13, 403, "{\"code\":\"wrong-desk\"}", "");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_SIGNED_OUT);
}

static void
test_a_log_with_a_hole (Fixture       *fixture,
                        gconstpointer  data)
{
  AlmSyncResult five = { .body = g_bytes_new_static ("x", 1), .first = 5, .count = 1 };

  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, five, "send 9 /v1/push");
  reply (fixture, 9, 409, "{\"code\":\"gap\",\"next\":3}", "store 10 requeue");
  stored (fixture, 10, (AlmSyncResult) { .waiting = 1 }, "store 11 next-push");
  five.body = g_bytes_new_static ("x", 1);
  stored (fixture, 11, five, "send 12 /v1/push");
  reply (fixture, 12, 409, "{\"code\":\"gap\",\"next\":3}", "store 13 fork");
}

static void
test_a_lost_desk_is_wiped (Fixture       *fixture,
                           gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 7, 410, "{\"code\":\"desk-lost\"}", "cancel 9; store 10 empty");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_LOST);
  reply (fixture, 9, 200, "outcomes", "");
  simple (fixture, ALM_SYNC_SYNC_NOW, "");
  fail (fixture, 10, G_IO_ERROR, "wake later");
  fixture->now_us += 10 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "store 11 empty; wake never");
  stored (fixture, 11, (AlmSyncResult) { 0 }, "send 12 /v1/logout");
  reply (fixture, 12, 204, "", "keep 13 nothing");
  stored (fixture, 13, (AlmSyncResult) { 0 }, "");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_LOST);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "");
  simple (fixture, ALM_SYNC_TICK, "");

  /* Somebody connects it anew. */
  simple (fixture, ALM_SYNC_LOGIN, "store 14 load");
}

static void
test_a_lost_desk_that_cannot_say_so (Fixture       *fixture,
                                     gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, another_desk (0xab), "send 2 /v1/hello");
  reply (fixture, 2, 410, "{\"code\":\"desk-lost\"}", "store 3 empty");
  stored (fixture, 3, (AlmSyncResult) { 0 }, "send 4 /v1/logout");
  fail (fixture, 4, G_IO_ERROR, "keep 5 nothing");
  fail (fixture, 5, G_IO_ERROR, "");
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->done);
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_LOST);
}

#define ADD(name, function) \
  g_test_add ("/sync/machine/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a-copy-becomes-a-desk-of-its-own", test_a_copy_becomes_a_desk_of_its_own);
  ADD ("what-both-copies-share-is-answered-first",
       test_what_both_copies_share_is_answered_first);
  ADD ("a-name-that-is-not-given", test_a_name_that_is_not_given);
  ADD ("a-log-with-a-hole", test_a_log_with_a_hole);
  ADD ("a-lost-desk-is-wiped", test_a_lost_desk_is_wiped);
  g_test_add ("/sync/machine/a-lost-desk-that-cannot-say-so", Fixture, NULL, set_up_single,
              test_a_lost_desk_that_cannot_say_so, tear_down);

  return g_test_run ();
}
