/* SPDX-License-Identifier: EUPL-1.2 */

/* The machine alone: events in, effects out, as text. */

#include "config.h"

#include "alm-format-error.h"
#include "alm-machine-fixture.h"

/* The end of the feed, with something that was erased. */
static AlmSyncResult
erased (void)
{
  AlmSyncResult result = paged (FALSE, 0, "r1");

  result.page.plan.wipe = TRUE;

  return result;
}

/* @seen: what is to be confirmed; NULL: nothing */
static AlmSyncResult
wiped (gboolean    done,
       const char *seen)
{
  AlmSyncResult result = { .wiped = done };

  if (seen != NULL)
    {
      result.seen = alm_value_new_object ();
      alm_value_set_integer (result.seen, seen, 9);
    }

  return result;
}

static void
test_a_round_hands_in_then_reads_then_polls (Fixture       *fixture,
                                             gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded (NULL), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (TRUE), "store 4 next-push");
  stored (fixture, 4, waits (100), "send 5 /v1/push");
  reply (fixture, 5, 200, "answers", "store 6 outcomes");
  stored (fixture, 6, outcomes (100, 0, 3), "store 7 next-push");
  stored (fixture, 7, waits (3), "send 8 /v1/push");
  reply (fixture, 8, 200, "answers", "store 9 outcomes");
  stored (fixture, 9, outcomes (2, 1, 0), "send 10 /v1/pack?scope=ksj/baeume");
  reply (fixture, 10, 200, "", "store 11 slice");
  stored (fixture, 11, sliced (TRUE, 0), "store 12 slice");
  stored (fixture, 12, sliced (FALSE, 400), "store 13 index");
  stored (fixture, 13, nothing_waits (), "send 14 /v1/feed");
  reply (fixture, 14, 200, "page", "store 15 page");
  stored (fixture, 15, paged (TRUE, 0, "r1"), "send 16 /v1/feed");
  reply (fixture, 16, 200, "page", "store 17 page");
  stored (fixture, 17, paged (FALSE, 1, "r1"), "send 18 /v1/feed");
  reply (fixture, 18, 200, "page", "store 19 page");
  stored (fixture, 19, paged (FALSE, 0, "r1"), "send 20 /v1/feed");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_IN_SYNC);
  g_assert_cmpuint (alm_sync_machine_get_status (fixture->machine)->sent, ==, 103);
  g_assert_cmpuint (alm_sync_machine_get_status (fixture->machine)->ok, ==, 102);
}

static void
test_an_edit_goes_out_beside_the_poll (Fixture       *fixture,
                                       gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 7, 200, "page", "store 10 page");
  reply (fixture, 9, 200, "answers", "store 11 outcomes");
  stored (fixture, 10, paged (FALSE, 0, "r1"), "send 12 /v1/feed");
  /* The second edit came after the first had been read. */
  stored (fixture, 11, outcomes (1, 0, 0), "store 13 next-push");
  stored (fixture, 13, nothing_waits (), "");
}

static void
test_a_failing_push_never_stops_the_feed (Fixture       *fixture,
                                          gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (FALSE), "store 4 next-push");
  stored (fixture, 4, waits (1), "send 5 /v1/push");
  reply (fixture, 5, 502, "<html>", "send 6 /v1/feed; wake later");
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->push_failed);
  reply (fixture, 6, 200, "page", "store 7 page");
  stored (fixture, 7, paged (FALSE, 0, "r1"), "send 8 /v1/feed");
  fixture->now_us += 2 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "store 9 next-push; wake never");
  stored (fixture, 9, waits (1), "send 10 /v1/push");
  reply (fixture, 10, 200, "torn", "store 11 outcomes");
  fail (fixture, 11, ALM_FORMAT_ERROR, "wake later");
  fixture->now_us += 10 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "store 12 next-push; wake never");
}

static void
test_a_single_round_ends (Fixture       *fixture,
                          gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (FALSE), "store 4 next-push");
  stored (fixture, 4, waits (1), "send 5 /v1/push");
  reply (fixture, 5, 200, "answers", "store 6 outcomes");
  stored (fixture, 6, outcomes (1, 0, 0), "send 7 /v1/feed");
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, paged (FALSE, 0, "r1"), "");
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->done);
  g_assert_false (alm_sync_machine_get_status (fixture->machine)->failed);
}

static void
test_a_single_round_that_breaks_off_says_so (Fixture       *fixture,
                                             gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  fail (fixture, 2, G_IO_ERROR, "");
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->done);
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->failed);
  g_assert_cmpstr (alm_sync_machine_get_status (fixture->machine)->problem, ==, "cut");
}

/* The rest is still read, and does not hide why. */
static void
test_a_server_without_room_is_named (Fixture       *fixture,
                                     gconstpointer  data)
{
  const AlmSyncStatus *status = alm_sync_machine_get_status (fixture->machine);

  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (FALSE), "store 4 next-push");
  stored (fixture, 4, waits (1), "send 5 /v1/push");
  reply (fixture, 5, 507, "{\"code\":\"full\",\"detail\":\"no room\"}",
         "send 6 /v1/feed; wake later");
  reply (fixture, 6, 200, "page", "store 7 page");
  stored (fixture, 7, paged (FALSE, 0, "r1"), "wake never");
  g_assert_true (status->done && status->failed);
  g_assert_cmpstr (status->problem, ==, "the server answered 507 full: no room");
}

static void
test_pauses_double_and_end_with_sync_now (Fixture       *fixture,
                                          gconstpointer  data)
{
  gint64 expected = SECOND;
  guint number = 2;

  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *next = g_strdup_printf ("send %u /v1/hello; wake never", number + 1);
      gint64 pause;

      fail (fixture, number, G_IO_ERROR, "wake later");
      g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_OFFLINE);
      pause = alm_sync_machine_get_status (fixture->machine)->try_at_us - fixture->now_us;
      g_assert_cmpint (pause, >=, expected / 2);
      g_assert_cmpint (pause, <=, expected + expected / 2);
      fixture->now_us += pause - 1;
      simple (fixture, ALM_SYNC_TICK, "");
      fixture->now_us += 1;
      simple (fixture, ALM_SYNC_TICK, next);
      number++;
      expected = MIN (expected * 2, 300 * SECOND);
    }

  fail (fixture, number, G_IO_ERROR, "wake later");
  simple (fixture, ALM_SYNC_SYNC_NOW, "send 15 /v1/hello; wake never");
  step (fixture, (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .number = 15, .status = 503,
                                  .retry_s = 77 }, "wake later");
  g_assert_cmpint (alm_sync_machine_get_status (fixture->machine)->try_at_us, ==,
                   fixture->now_us + 77 * SECOND);
}

static void
test_late_and_doubled_answers_are_passed_over (Fixture       *fixture,
                                               gconstpointer  data)
{
  come_to_poll (fixture);
  reply (fixture, 5, 200, "page", "");
  reply (fixture, 2, 401, "", "");
  fail (fixture, 99, G_IO_ERROR, "");
  reply (fixture, 7, 200, "page", "store 8 page");
  reply (fixture, 7, 200, "page", "");
}

static void
test_a_token_that_ended_stops_until_login (Fixture       *fixture,
                                           gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 9, 401, "{\"code\":\"login-needed\"}", "cancel 7");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_SIGNED_OUT);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "");
  simple (fixture, ALM_SYNC_SYNC_NOW, "");
  fixture->now_us += 4000 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "");
  simple (fixture, ALM_SYNC_LOGIN, "store 10 load");
  stored (fixture, 10, loaded ("s1"), "send 11 /v1/hello");
}

static void
test_another_server_is_not_touched (Fixture       *fixture,
                                    gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s2"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_WRONG_SERVER);
  simple (fixture, ALM_SYNC_SYNC_NOW, "");
}

static void
test_a_new_epoch_is_greeted_again (Fixture       *fixture,
                                   gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 9, 409, "{\"code\":\"epoch\"}", "cancel 7; send 10 /v1/hello");
  reply (fixture, 10, 200, hello_text, "store 11 hello");
  stored (fixture, 11, planned (FALSE), "store 12 next-push");
}

static void
test_a_gap_hands_in_again (Fixture       *fixture,
                           gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, (AlmSyncResult) { .body = g_bytes_new_static ("x", 1), .first = 5,
                                        .count = 1 }, "send 9 /v1/push");
  reply (fixture, 9, 409, "{\"code\":\"gap\",\"next\":3}", "store 10 requeue");
  stored (fixture, 10, (AlmSyncResult) { .waiting = 3 }, "store 11 next-push");
}

static void
test_other_rights_greet_again_but_not_for_ever (Fixture       *fixture,
                                                gconstpointer  data)
{
  come_to_poll (fixture);
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, paged (FALSE, 0, "r2"), "send 9 /v1/hello");
  reply (fixture, 9, 200, hello_text, "store 10 hello");
  stored (fixture, 10, planned (FALSE), "store 11 next-push");
  stored (fixture, 11, nothing_waits (), "send 12 /v1/feed");
  reply (fixture, 12, 200, "page", "store 13 page");
  stored (fixture, 13, paged (FALSE, 0, "r2"), "send 14 /v1/feed");

  /* But again after a while: it may have been a change amid a change. */
  fixture->now_us += 61 * SECOND;
  reply (fixture, 14, 200, "page", "store 15 page");
  stored (fixture, 15, paged (FALSE, 0, "r2"), "send 16 /v1/hello");
}

/* r1, r2, r1, and r2 once more: each change is heard. */
static void
test_rights_that_come_back_are_heard (Fixture       *fixture,
                                      gconstpointer  data)
{
  come_to_poll (fixture);
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, paged (FALSE, 0, "r2"), "send 9 /v1/hello");
  reply (fixture, 9, 200, hello_text, "store 10 hello");
  stored (fixture, 10, planned (FALSE), "store 11 next-push");
  stored (fixture, 11, nothing_waits (), "send 12 /v1/feed");
  reply (fixture, 12, 200, "page", "store 13 page");
  stored (fixture, 13, paged (FALSE, 0, "r1"), "send 14 /v1/feed");
  reply (fixture, 14, 200, "page", "store 15 page");
  stored (fixture, 15, paged (FALSE, 0, "r2"), "send 16 /v1/hello");
}

static void
assert_asked_feed (Fixture    *fixture,
                   const char *wanted)
{
  const AlmSyncEffect *effect = fixture->effects->pdata[0];
  gsize length;
  const char *body = g_bytes_get_data (effect->body, &length);

  if (g_strstr_len (body, (gssize) length, wanted) == NULL)
    g_error ("the feed is asked %.*s", (int) length, body);
}

/* The models come before what is read by them: `system` alone, then the packs. */
static void
test_the_models_come_before_the_packs (Fixture       *fixture,
                                       gconstpointer  data)
{
  AlmSyncResult plan = planned (TRUE);

  alm_value_set_integer (plan.plan.cursors, "ksj/baeume", 0);
  alm_value_set_integer (plan.plan.cursors, "system", 0);
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded (NULL), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, plan, "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/feed");
  assert_asked_feed (fixture, "\"cursors\":{\"system\":0}");
  reply (fixture, 5, 200, "", "store 6 page");
  plan = paged (TRUE, 0, NULL);
  alm_value_set_integer (plan.page.plan.cursors, "system", 3);
  stored (fixture, 6, plan, "send 7 /v1/feed");
  assert_asked_feed (fixture, "\"cursors\":{\"system\":3}");
  reply (fixture, 7, 200, "", "store 8 page");
  stored (fixture, 8, paged (FALSE, 0, NULL), "send 9 /v1/pack?scope=ksj/baeume");
}

static void
test_a_torn_pack_falls_back_to_the_feed (Fixture       *fixture,
                                         gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (TRUE), "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/pack?scope=ksj/baeume");
  reply (fixture, 5, 200, "", "store 6 slice");
  fail (fixture, 6, ALM_FORMAT_ERROR, "store 7 index");
  stored (fixture, 7, nothing_waits (), "send 8 /v1/feed");
}

/* To the first slice, number 6, of a pack; nothing waits to be handed in. */
static void
come_to_slice (Fixture *fixture)
{
  AlmSyncResult plan = planned (TRUE);

  alm_value_set_integer (plan.plan.cursors, "ksj/baeume", 0);
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, plan, "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/pack?scope=ksj/baeume");
  fixture->now_us += 3 * SECOND;
  reply (fixture, 5, 200, "", "store 6 slice");
}

static void
assert_slice (Fixture  *fixture,
              gboolean  begin)
{
  const AlmSyncEffect *effect = fixture->effects->pdata[0];

  g_assert_cmpint (effect->job->kind, ==, ALM_SYNC_JOB_SLICE);
  g_assert_cmpstr (effect->job->path, ==, "/pack");
  g_assert_cmpstr (effect->job->scope, ==, "ksj/baeume");
  g_assert_true (effect->job->begin == begin);
}

/* One after the other, never two: what waits for the store comes in between. */
static void
test_an_edit_goes_out_between_slices (Fixture       *fixture,
                                      gconstpointer  data)
{
  come_to_slice (fixture);
  assert_slice (fixture, TRUE);
  stored (fixture, 6, sliced (TRUE, 0), "store 7 slice");
  assert_slice (fixture, FALSE);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 7, sliced (TRUE, 100), "store 9 slice");
  stored (fixture, 8, waits (1), "send 10 /v1/push");
  stored (fixture, 9, sliced (TRUE, 100), "store 11 slice");
  reply (fixture, 10, 200, "answers", "store 12 outcomes");
  /* Not even a hello that is wanted stops it. */
  simple (fixture, ALM_SYNC_SYNC_NOW, "");
  stored (fixture, 11, sliced (FALSE, 200), "store 13 index");
  stored (fixture, 12, outcomes (1, 0, 0), "store 14 next-push");
  stored (fixture, 14, nothing_waits (), "");
  stored (fixture, 13, (AlmSyncResult) { .again = TRUE }, "store 15 index");
  g_assert_cmpstr (alm_sync_machine_get_status (fixture->machine)->loading, ==, "ksj/baeume");
  stored (fixture, 15, nothing_waits (), "send 16 /v1/hello");
  g_assert_null (alm_sync_machine_get_status (fixture->machine)->loading);
}

static void
assert_progress (Fixture *fixture,
                 gint64   done,
                 gint64   total,
                 gint64   left_s)
{
  const AlmSyncStatus *status = alm_sync_machine_get_status (fixture->machine);

  g_assert_cmpint (status->copy_done, ==, done);
  g_assert_cmpint (status->copy_total, ==, total);
  g_assert_cmpint (status->copy_left_s, ==, left_s);
}

static void
test_a_first_copy_says_how_far_it_is (Fixture       *fixture,
                                      gconstpointer  data)
{
  const AlmSyncCopy *copy;

  come_to_slice (fixture);
  assert_progress (fixture, 0, 400, -1);
  copy = alm_sync_machine_get_copies (fixture->machine)->pdata[0];
  g_assert_cmpstr (copy->scope, ==, "ksj/baeume");
  g_assert_cmpstr (copy->title, ==, "B");
  stored (fixture, 6, sliced (TRUE, 0), "store 7 slice");

  /* 50 a second, whatever fetching took; a second says nothing yet. */
  fixture->now_us += SECOND;
  stored (fixture, 7, sliced (TRUE, 50), "store 8 slice");
  assert_progress (fixture, 50, 400, -1);
  fixture->now_us += SECOND;
  stored (fixture, 8, sliced (TRUE, 50), "store 9 slice");
  assert_progress (fixture, 100, 400, 6);
  fixture->now_us += 2 * SECOND;
  stored (fixture, 9, sliced (FALSE, 200), "store 10 index");
  assert_progress (fixture, 300, 400, 2);

  /* The rest by the feed, and more than was told of: never over the whole. */
  stored (fixture, 10, nothing_waits (), "send 11 /v1/feed");
  reply (fixture, 11, 200, "page", "store 12 page");
  fixture->now_us += SECOND;
  stored (fixture, 12, sliced (FALSE, 130), "send 13 /v1/feed");
  assert_progress (fixture, 400, 400, 0);
  reply (fixture, 13, 200, "page", "store 14 page");
  stored (fixture, 14, paged (FALSE, 0, "r1"), "send 15 /v1/feed");
  assert_progress (fixture, 0, 0, -1);
}

/* Where a second pack has to be fetched, its bytes count as the first one's did. */
static void
test_what_is_left_has_the_packs_to_fetch_in_it (Fixture       *fixture,
                                                gconstpointer  data)
{
  const char *first = strstr (hello_text, "{\"scope\"");
  g_autofree char *head = g_strndup (hello_text, (gsize) (first - hello_text));
  g_autofree char *second = g_strndup (first, strlen (first) - 2);   /* without "]}" */
  g_autofree char *hello = NULL;
  AlmSyncResult plan = planned (TRUE);

  memcpy (strstr (second, "baeume"), "lampen", 6);
  hello = g_strdup_printf ("%s%s,%s", head, second, first);
  alm_value_set_integer (plan.plan.cursors, "ksj/baeume", 0);
  alm_value_set_integer (plan.plan.cursors, "ksj/lampen", 0);
  g_ptr_array_add (plan.plan.packs, g_strdup ("ksj/lampen"));
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello, "store 3 hello");
  stored (fixture, 3, plan, "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/pack?scope=ksj/baeume");
  fixture->now_us += 7 * SECOND;
  reply (fixture, 5, 200, "", "store 6 slice");
  stored (fixture, 6, sliced (TRUE, 0), "store 7 slice");
  fixture->now_us += 4 * SECOND;
  stored (fixture, 7, sliced (FALSE, 400), "store 8 index");
  assert_progress (fixture, 400, 800, 4 + 7);
  stored (fixture, 8, nothing_waits (), "send 9 /v1/pack?scope=ksj/lampen");
  fixture->now_us += 7 * SECOND;
  reply (fixture, 9, 200, "", "store 10 slice");
  stored (fixture, 10, sliced (TRUE, 0), "store 11 slice");
  assert_progress (fixture, 400, 800, 4);
}

/* Who is signed out in the middle of a pack can still search in what is there. */
static void
test_a_pack_that_is_left_is_indexed (Fixture       *fixture,
                                     gconstpointer  data)
{
  const AlmSyncEffect *effect;

  come_to_slice (fixture);
  stored (fixture, 6, sliced (TRUE, 0), "store 7 slice");
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (1), "send 9 /v1/push");
  reply (fixture, 9, 401, "{}", "store 10 index");
  effect = fixture->effects->pdata[0];
  g_assert_true (effect->job->whole);
  assert_progress (fixture, 0, 0, -1);
  stored (fixture, 7, sliced (TRUE, 100), "");
  stored (fixture, 10, nothing_waits (), "");

  /* A program that ends does not wait for it. */
  tear_down (fixture, NULL);
  set_up (fixture, NULL);
  come_to_slice (fixture);
  simple (fixture, ALM_SYNC_STOP, "");
}

static void
test_a_program_too_old_still_hands_in (Fixture       *fixture,
                                       gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 426, "{\"code\":\"protocol\"}", "store 3 next-push");
  stored (fixture, 3, waits (1), "send 4 /v1/push");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_TOO_OLD);
  reply (fixture, 4, 200, "answers", "store 5 outcomes");
  stored (fixture, 5, outcomes (1, 0, 0), "");
}

static void
test_too_large_is_handed_in_by_halves (Fixture       *fixture,
                                       gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_LOCAL_CHANGE, "store 8 next-push");
  stored (fixture, 8, waits (80), "send 9 /v1/push");
  reply (fixture, 9, 413, "", "wake later");
  fixture->now_us += 2 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "store 10 next-push; wake never");
  g_assert_cmpuint (((AlmSyncEffect *) fixture->effects->pdata[0])->job->max_commands, ==, 40);
}

static void
test_after_an_hour_it_greets_again (Fixture       *fixture,
                                    gconstpointer  data)
{
  come_to_poll (fixture);
  fixture->now_us += 3601 * SECOND;
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, paged (FALSE, 0, "r1"), "send 9 /v1/hello");
}

static void
test_stop_gives_up_what_is_open (Fixture       *fixture,
                                 gconstpointer  data)
{
  come_to_poll (fixture);
  simple (fixture, ALM_SYNC_STOP, "cancel 7");
  reply (fixture, 7, 200, "page", "");
  simple (fixture, ALM_SYNC_TICK, "");
  g_assert_cmpint (phase (fixture), ==, ALM_SYNC_PHASE_STOPPED);
}

#define ADD(name, function) \
  g_test_add ("/sync/machine/" name, Fixture, NULL, set_up, function, tear_down)

/* The word is given when the files are clean, not before, and until it is heard. */
static void
test_what_is_erased_is_wiped_then_confirmed (Fixture       *fixture,
                                             gconstpointer  data)
{
  const AlmSyncEffect *sent;

  come_to_poll (fixture);
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, erased (), "store 9 wipe");
  stored (fixture, 9, wiped (TRUE, "ksj/baeume"), "send 10 /v1/erasures");
  sent = fixture->effects->pdata[0];
  g_assert_cmpmem (g_bytes_get_data (sent->body, NULL), g_bytes_get_size (sent->body),
                   "{\"seen\":{\"ksj/baeume\":9}}", 25);
  fail (fixture, 10, G_IO_ERROR, "wake later");
  fixture->now_us += 2 * SECOND;
  simple (fixture, ALM_SYNC_TICK, "send 11 /v1/hello; wake never");
  reply (fixture, 11, 200, hello_text, "store 12 hello");
  stored (fixture, 12, planned (FALSE), "store 13 next-push");
  stored (fixture, 13, nothing_waits (), "send 14 /v1/feed");
  reply (fixture, 14, 200, "page", "store 15 page");
  stored (fixture, 15, erased (), "store 16 wipe");
  stored (fixture, 16, wiped (TRUE, "ksj/baeume"), "send 17 /v1/erasures");
  reply (fixture, 17, 200, "{\"open\":0}", "store 18 confirmed");
  stored (fixture, 18, nothing_waits (), "send 19 /v1/feed");
}

/* Meanwhile the feed goes on, in short polls. */
static void
test_a_reader_in_the_way_is_waited_for (Fixture       *fixture,
                                        gconstpointer  data)
{
  come_to_poll (fixture);
  reply (fixture, 7, 200, "page", "store 8 page");
  stored (fixture, 8, erased (), "store 9 wipe");
  stored (fixture, 9, wiped (FALSE, NULL), "send 10 /v1/feed");
  g_assert_nonnull (strstr (g_bytes_get_data (((AlmSyncEffect *) fixture->effects->pdata[0])->body,
                                              NULL), "\"wait\":1}"));
  reply (fixture, 10, 200, "page", "store 11 page");
  stored (fixture, 11, erased (), "store 12 wipe");
  /* Of a scope that was left there is nothing to tell. */
  stored (fixture, 12, wiped (TRUE, NULL), "send 13 /v1/feed");
}

static void
test_a_single_round_confirms (Fixture       *fixture,
                              gconstpointer  data)
{
  simple (fixture, ALM_SYNC_START, "store 1 load");
  stored (fixture, 1, loaded ("s1"), "send 2 /v1/hello");
  reply (fixture, 2, 200, hello_text, "store 3 hello");
  stored (fixture, 3, planned (FALSE), "store 4 next-push");
  stored (fixture, 4, nothing_waits (), "send 5 /v1/feed");
  reply (fixture, 5, 200, "page", "store 6 page");
  stored (fixture, 6, erased (), "store 7 wipe");
  stored (fixture, 7, wiped (FALSE, NULL), "send 8 /v1/feed");
  reply (fixture, 8, 200, "page", "store 9 page");
  stored (fixture, 9, erased (), "store 10 wipe");
  stored (fixture, 10, wiped (TRUE, "ksj/baeume"), "send 11 /v1/erasures");
  reply (fixture, 11, 200, "{\"open\":0}", "store 12 confirmed");
  stored (fixture, 12, nothing_waits (), "");
  g_assert_true (alm_sync_machine_get_status (fixture->machine)->done);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a-round-hands-in-then-reads-then-polls", test_a_round_hands_in_then_reads_then_polls);
  ADD ("an-edit-goes-out-beside-the-poll", test_an_edit_goes_out_beside_the_poll);
  ADD ("a-failing-push-never-stops-the-feed", test_a_failing_push_never_stops_the_feed);
  g_test_add ("/sync/machine/a-server-without-room-is-named", Fixture, NULL, set_up_single,
              test_a_server_without_room_is_named, tear_down);
  g_test_add ("/sync/machine/a-single-round-ends", Fixture, NULL, set_up_single,
              test_a_single_round_ends, tear_down);
  g_test_add ("/sync/machine/a-single-round-confirms", Fixture, NULL, set_up_single,
              test_a_single_round_confirms, tear_down);
  g_test_add ("/sync/machine/a-single-round-that-breaks-off-says-so", Fixture, NULL,
              set_up_single, test_a_single_round_that_breaks_off_says_so, tear_down);
  ADD ("pauses-double-and-end-with-sync-now", test_pauses_double_and_end_with_sync_now);
  ADD ("late-and-doubled-answers-are-passed-over", test_late_and_doubled_answers_are_passed_over);
  ADD ("a-token-that-ended-stops-until-login", test_a_token_that_ended_stops_until_login);
  ADD ("another-server-is-not-touched", test_another_server_is_not_touched);
  ADD ("a-new-epoch-is-greeted-again", test_a_new_epoch_is_greeted_again);
  ADD ("a-gap-hands-in-again", test_a_gap_hands_in_again);
  ADD ("other-rights-greet-again-but-not-for-ever",
       test_other_rights_greet_again_but_not_for_ever);
  ADD ("rights-that-come-back-are-heard", test_rights_that_come_back_are_heard);
  ADD ("the-models-come-before-the-packs", test_the_models_come_before_the_packs);
  ADD ("a-torn-pack-falls-back-to-the-feed", test_a_torn_pack_falls_back_to_the_feed);
  ADD ("an-edit-goes-out-between-slices", test_an_edit_goes_out_between_slices);
  ADD ("a-first-copy-says-how-far-it-is", test_a_first_copy_says_how_far_it_is);
  ADD ("what-is-left-has-the-packs-to-fetch-in-it",
       test_what_is_left_has_the_packs_to_fetch_in_it);
  ADD ("a-pack-that-is-left-is-indexed", test_a_pack_that_is_left_is_indexed);
  ADD ("a-program-too-old-still-hands-in", test_a_program_too_old_still_hands_in);
  ADD ("too-large-is-handed-in-by-halves", test_too_large_is_handed_in_by_halves);
  ADD ("after-an-hour-it-greets-again", test_after_an_hour_it_greets_again);
  ADD ("what-is-erased-is-wiped-then-confirmed", test_what_is_erased_is_wiped_then_confirmed);
  ADD ("a-reader-in-the-way-is-waited-for", test_a_reader_in_the_way_is_waited_for);
  ADD ("stop-gives-up-what-is-open", test_stop_gives_up_what_is_open);

  return g_test_run ();
}
