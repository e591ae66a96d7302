/* SPDX-License-Identifier: EUPL-1.2 */

/* The machine's lane of attached files: events in, effects out, as text. */

#include "config.h"

#include "alm-sync-machine.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define A      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

typedef struct
{
  AlmSyncMachine *machine;
  gint64          now_us;
} Fixture;

static const char hello_text[] =
  "{\"server\":\"s1\",\"epoch\":\"e1\",\"protocol\":1,\"next\":1,\"rights\":\"r1\","
  "\"limits\":{\"body\":65536,\"commands\":100},\"roles\":[],\"scopes\":[]}";

/* "3 GET a → /part; 4 next -a; 5 check; wake later; cancel 7" */
static void
describe_job (GString          *text,
              const AlmSyncJob *job)
{
  static const char *const names[] = {
    "load", "hello", "push?", "outcomes", "requeue", "page", "slice", "index", "wipe",
    "confirmed", "next", "read", "check", "news"
  };
  static const char *const news[] = { "sent", "arrived", "lost" };

  g_string_append (text, names[job->kind]);
  if (job->kind == ALM_SYNC_JOB_BLOB_NEXT)
    g_string_append_printf (text, " but %u", g_hash_table_size (job->but));
  else if (job->kind == ALM_SYNC_JOB_BLOB_READ)
    g_string_append_printf (text, " %.1s@%d", job->sha256, (int) job->offset);
  else if (job->kind == ALM_SYNC_JOB_BLOB_CHECK)
    g_string_append_printf (text, " %.1s%s", job->sha256, job->whole ? " whole" : "");
  else if (job->kind == ALM_SYNC_JOB_BLOB_NEWS)
    g_string_append_printf (text, " %.1s %s", job->sha256, news[job->news]);
}

static void
describe (GString             *text,
          const AlmSyncEffect *effect)
{
  const char *path = effect->path;

  if (effect->type == ALM_SYNC_TELL)
    return;
  if (text->len > 0)
    g_string_append (text, "; ");
  if (effect->type == ALM_SYNC_CANCEL)
    g_string_append_printf (text, "cancel %u", effect->number);
  else if (effect->type == ALM_SYNC_WAKE_AT)
    g_string_append (text, effect->at_us == 0 ? "wake never" : "wake later");
  else if (effect->type == ALM_SYNC_STORE)
    {
      g_string_append_printf (text, "%u ", effect->number);
      describe_job (text, effect->job);
    }
  else if (g_str_has_prefix (path, "/v1/blobs/"))
    g_string_append_printf (text, "%u %s %.1s%s%s%s%s", effect->number, effect->method,
                            path + strlen ("/v1/blobs/"), path + strlen ("/v1/blobs/" A),
                            effect->file != NULL ? " " : "",
                            effect->file != NULL ? effect->file : "",
                            effect->etag != NULL ? " if" : "");
  else
    g_string_append_printf (text, "%u %s", effect->number, path);
}

static void
step (Fixture      *f,
      AlmSyncEvent  event,
      const char   *expected)
{
  g_autoptr (GPtrArray) effects = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  event.now_us = f->now_us;
  effects = alm_sync_machine_step (f->machine, &event);
  for (guint i = 0; i < effects->len; i++)
    describe (text, effects->pdata[i]);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
reply (Fixture    *f,
       guint       number,
       guint       status,
       gint64      offset,
       const char *expected)
{
  g_autoptr (GBytes) body = g_bytes_new_static (hello_text, strlen (hello_text));

  step (f, (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .number = number, .status = status,
                            .upload_offset = offset, .body = body }, expected);
}

static void
broke (Fixture    *f,
       guint       number,
       int         code,
       const char *expected)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, code, "cut");

  step (f, (AlmSyncEvent) { .type = ALM_SYNC_FAILED, .number = number, .error = error }, expected);
}

static void
stored (Fixture       *f,
        guint          number,
        AlmSyncResult  result,
        const char    *expected)
{
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_STORED, .number = number, .result = &result },
        expected);
  g_assert_null (result.blob);
  g_clear_pointer (&result.plan.cursors, alm_value_unref);
  g_clear_pointer (&result.plan.packs, g_ptr_array_unref);
  g_clear_pointer (&result.page.plan.cursors, alm_value_unref);
  g_clear_pointer (&result.body, g_bytes_unref);
}

static AlmSyncResult
nothing (void)
{
  return (AlmSyncResult) { 0 };
}

static AlmSyncResult
paged (guint blobs)
{
  AlmSyncResult result = { .page = { .rights = (char *) "r1", .plan = { .blobs = blobs } } };

  result.page.plan.cursors = alm_value_new_object ();

  return result;
}

static AlmSyncResult
found (const char   *sha256,
       AlmBlobState  state,
       gint64        size,
       gint64        arrived)
{
  AlmSyncResult result = { .part = g_strdup ("/part") };

  result.blob = g_new0 (AlmDeskBlob, 1);
  result.blob->sha256 = g_strdup (sha256);
  result.blob->state = state;
  result.blob->size = size;
  result.blob->arrived = arrived;

  return result;
}

static AlmSyncResult
bytes (void)
{
  return (AlmSyncResult) { .body = g_bytes_new_static ("x", 1) };
}

/* To the end of the feed, with files that wait: number 7 looks for the next one, where
 * desks that follow leave a poll open as number 8. */
static void
come_to_blobs (Fixture  *f,
               gboolean  follow)
{
  AlmSyncResult state = { .state = { .server = (char *) "s1", .epoch = (char *) "e1" } };
  AlmSyncResult plan = { 0 };
  AlmRandom random;

  alm_random_seed (&random, 1);
  f->machine = alm_sync_machine_new (&random, follow);
  f->now_us = 1000 * SECOND;
  plan.plan.cursors = alm_value_new_object ();
  plan.plan.packs = g_ptr_array_new ();
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_START }, "1 load");
  stored (f, 1, state, "2 /v1/hello");
  reply (f, 2, 200, -1, "3 hello");
  stored (f, 3, plan, "4 push?");
  stored (f, 4, nothing (), "5 /v1/feed");
  reply (f, 5, 200, -1, "6 page");
  stored (f, 6, paged (2), follow ? "7 next but 0; 8 /v1/feed" : "7 next but 0");
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  come_to_blobs (f, TRUE);
}

static void
set_up_single (Fixture       *f,
               gconstpointer  data)
{
  come_to_blobs (f, FALSE);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  alm_sync_machine_free (f->machine);
}

static const AlmSyncStatus *
status (Fixture *f)
{
  return alm_sync_machine_get_status (f->machine);
}

static void
test_one_is_sent_in_parts (Fixture       *f,
                           gconstpointer  data)
{
  g_assert_cmpuint (status (f)->blobs, ==, 2);
  stored (f, 7, found (A, ALM_BLOB_WAITING, 6 << 20, 0), "9 HEAD a");
  reply (f, 9, 404, 0, "10 read a@0");
  stored (f, 10, bytes (), "11 PUT a?offset=0&size=6291456");
  reply (f, 11, 202, 4 << 20, "12 read a@4194304");
  stored (f, 12, bytes (), "13 PUT a?offset=4194304&size=6291456");
  reply (f, 13, 201, -1, "14 news a sent");
  stored (f, 14, nothing (), "15 next but 0");
  g_assert_cmpuint (status (f)->blobs, ==, 1);
  g_assert_cmpuint (status (f)->blobs_done, ==, 1);
  stored (f, 15, nothing (), "");
}

static void
test_what_the_server_has_is_not_sent (Fixture       *f,
                                      gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WAITING, 10, 0), "9 HEAD a");
  reply (f, 9, 200, -1, "10 news a sent");
}

static void
test_it_goes_on_where_the_server_says (Fixture       *f,
                                       gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WAITING, 6 << 20, 0), "9 HEAD a");
  reply (f, 9, 404, 100, "10 read a@100");
  stored (f, 10, bytes (), "11 PUT a?offset=100&size=6291456");
  /* It took the part, and its answer was lost; or it took less. */
  reply (f, 11, 409, 50, "12 read a@50");
  stored (f, 12, bytes (), "13 PUT a?offset=50&size=6291456");
  reply (f, 13, 409, 6 << 20, "14 read a@6291456");
  stored (f, 14, bytes (), "15 PUT a?offset=6291456&size=6291456");
  reply (f, 15, 201, -1, "16 news a sent");
}

/* A server that never says yes is not asked for ever. */
static void
test_turning_in_circles_ends (Fixture       *f,
                              gconstpointer  data)
{
  guint number = 10;
  g_autofree char *last = NULL;

  stored (f, 7, found (A, ALM_BLOB_WAITING, 10, 0), "9 HEAD a");
  reply (f, 9, 404, 0, "10 read a@0");
  for (guint i = 0; i < 8; i++, number += 2)
    {
      g_autofree char *put = g_strdup_printf ("%u PUT a?offset=0&size=10", number + 1);
      g_autofree char *read = g_strdup_printf ("%u read a@0", number + 2);

      stored (f, number, bytes (), put);
      reply (f, number + 1, 409, 0, read);
    }
  last = g_strdup_printf ("%u PUT a?offset=0&size=10", number + 1);
  stored (f, number, bytes (), last);
  g_free (last);
  last = g_strdup_printf ("%u next but 1", number + 2);
  reply (f, number + 1, 409, 0, last);
}

static void
test_one_is_fetched (Fixture       *f,
                     gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 4), "9 GET a /part if");
  reply (f, 9, 206, -1, "10 check a");
  stored (f, 10, nothing (), "11 news a arrived");
  stored (f, 11, nothing (), "12 next but 0");
}

static void
test_one_that_came_unheard_is_only_checked (Fixture       *f,
                                            gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 10), "9 check a");
  stored (f, 9, nothing (), "10 news a arrived");
}

static void
test_what_nobody_has_sent_is_put_off (Fixture       *f,
                                      gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  reply (f, 9, 404, -1, "10 next but 1");
  stored (f, 10, found (B, ALM_BLOB_WANTED, 10, 0), "11 GET b /part if");
  reply (f, 11, 200, -1, "12 check b");
  stored (f, 12, nothing (), "13 news b arrived");
  stored (f, 13, nothing (), "14 next but 1");
  stored (f, 14, nothing (), "wake later");
  f->now_us += 20 * SECOND;
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_TICK }, "15 next but 0; wake never");
}

static void
test_a_wrong_part_is_put_off (Fixture       *f,
                              gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  reply (f, 9, 200, -1, "10 check a");
  broke (f, 10, G_IO_ERROR_INVALID_DATA, "11 next but 1");
}

/* The poll, number 8, stays open all the while, and an edit goes out. */
static void
test_a_broken_line_stops_nothing_else (Fixture       *f,
                                       gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  broke (f, 9, G_IO_ERROR_CONNECTION_CLOSED, "wake later");
  g_assert_cmpint (status (f)->phase, ==, ALM_SYNC_PHASE_IN_SYNC);
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE }, "10 push?");
  stored (f, 10, nothing (), "");
  reply (f, 8, 200, -1, "11 page");
  stored (f, 11, paged (2), "12 /v1/feed");
  f->now_us += 20 * SECOND;
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_TICK }, "13 next but 0; wake never");
}

static void
test_sync_now_tries_at_once (Fixture       *f,
                             gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  reply (f, 9, 404, -1, "10 next but 1");
  stored (f, 10, nothing (), "wake later");
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_SYNC_NOW }, "cancel 8; 11 /v1/hello; wake never");
}

static void
test_a_damaged_one_is_told_to_the_store (Fixture       *f,
                                         gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WAITING, 10, 0), "9 HEAD a");
  reply (f, 9, 404, 0, "10 read a@0");
  stored (f, 10, bytes (), "11 PUT a?offset=0&size=10");
  reply (f, 11, 422, -1, "12 check a whole");
  broke (f, 12, G_IO_ERROR_INVALID_DATA, "13 news a lost");
  stored (f, 13, nothing (), "14 next but 0");
  g_assert_cmpuint (status (f)->blobs_done, ==, 0);
  stored (f, 14, found (B, ALM_BLOB_WAITING, 10, 0), "15 HEAD b");
  reply (f, 15, 404, 0, "16 read b@0");
  broke (f, 16, G_IO_ERROR_NOT_FOUND, "17 news b lost");
}

/* Ours is right: it was spoilt on its way. */
static void
test_one_that_was_spoilt_on_its_way_is_put_off (Fixture       *f,
                                                gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WAITING, 10, 0), "9 HEAD a");
  reply (f, 9, 404, 0, "10 read a@0");
  stored (f, 10, bytes (), "11 PUT a?offset=0&size=10");
  reply (f, 11, 422, -1, "12 check a whole");
  stored (f, 12, nothing (), "13 next but 1");
}

static void
test_a_token_that_ended_stops_all (Fixture       *f,
                                   gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  reply (f, 9, 401, -1, "cancel 8");
  g_assert_cmpint (status (f)->phase, ==, ALM_SYNC_PHASE_SIGNED_OUT);
}

static void
test_stop_gives_up_the_file (Fixture       *f,
                             gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "9 GET a /part if");
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_STOP }, "cancel 8; cancel 9");
  reply (f, 9, 200, -1, "");
}

static void
test_a_single_round_ends_with_its_files (Fixture       *f,
                                         gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "8 GET a /part if");
  g_assert_false (status (f)->done);
  reply (f, 8, 404, -1, "9 next but 1");
  stored (f, 9, nothing (), "");
  g_assert_true (status (f)->done);
  g_assert_false (status (f)->failed);
  g_assert_cmpuint (status (f)->blobs, ==, 2);
}

static void
test_a_single_round_says_that_a_file_broke_off (Fixture       *f,
                                                gconstpointer  data)
{
  stored (f, 7, found (A, ALM_BLOB_WANTED, 10, 0), "8 GET a /part if");
  broke (f, 8, G_IO_ERROR_CONNECTION_CLOSED, "");
  g_assert_true (status (f)->done);
  g_assert_true (status (f)->failed);
}

static void
test_more_of_them_are_heard_of (Fixture       *f,
                                gconstpointer  data)
{
  stored (f, 7, nothing (), "");
  step (f, (AlmSyncEvent) { .type = ALM_SYNC_BLOBS }, "9 next but 0");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_WITH(name, start, func) \
  g_test_add ("/sync/blobs/" name, Fixture, NULL, start, func, tear_down)
#define ADD(name, func) ADD_WITH (name, set_up, func)
  ADD ("one-is-sent-in-parts", test_one_is_sent_in_parts);
  ADD ("what-the-server-has-is-not-sent", test_what_the_server_has_is_not_sent);
  ADD ("it-goes-on-where-the-server-says", test_it_goes_on_where_the_server_says);
  ADD ("turning-in-circles-ends", test_turning_in_circles_ends);
  ADD ("one-is-fetched", test_one_is_fetched);
  ADD ("one-that-came-unheard-is-only-checked", test_one_that_came_unheard_is_only_checked);
  ADD ("what-nobody-has-sent-is-put-off", test_what_nobody_has_sent_is_put_off);
  ADD ("a-wrong-part-is-put-off", test_a_wrong_part_is_put_off);
  ADD ("a-broken-line-stops-nothing-else", test_a_broken_line_stops_nothing_else);
  ADD ("sync-now-tries-at-once", test_sync_now_tries_at_once);
  ADD ("a-damaged-one-is-told-to-the-store", test_a_damaged_one_is_told_to_the_store);
  ADD ("one-that-was-spoilt-on-its-way-is-put-off",
       test_one_that_was_spoilt_on_its_way_is_put_off);
  ADD ("a-token-that-ended-stops-all", test_a_token_that_ended_stops_all);
  ADD ("stop-gives-up-the-file", test_stop_gives_up_the_file);
  ADD_WITH ("a-single-round-ends-with-its-files", set_up_single,
            test_a_single_round_ends_with_its_files);
  ADD_WITH ("a-single-round-says-that-a-file-broke-off", set_up_single,
            test_a_single_round_says_that_a_file_broke_off);
  ADD ("more-of-them-are-heard-of", test_more_of_them_are_heard_of);

  return g_test_run ();
}
