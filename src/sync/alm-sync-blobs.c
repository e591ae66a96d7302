/* SPDX-License-Identifier: EUPL-1.2 */

/* The lane of attached files, one after the other, own ones first.
 *
 *   to send:  next → HEAD → (read a part → PUT)… → told to the store
 *   to fetch: next → GET into its part → check → told to the store
 *
 * Whatever stops it, it goes on where it was: the server says how far it has come, a
 * part is as long as it is.  A file that cannot be had now (nobody has sent it yet, the
 * server has no room) is put off, and the others go on; a line that breaks puts the lane
 * off.  Neither ever shows in the other lanes. */

#include "config.h"

#include "alm-sync-machine-private.h"

#include <string.h>

#define SECOND     G_GINT64_CONSTANT (1000000)
#define PART       (4 * 1024 * 1024)
#define HEAD_S     60
#define PUT_S      600
#define GET_S      3600
#define WAIT_LEAST (8 * SECOND)
#define WAIT_MOST  (300 * SECOND)
#define TURNS_MAX  8

/* A file that is put off. */
typedef struct
{
  guint  tries;
  gint64 retry_at;
} AlmSyncDeferred;

void
alm_sync_blobs_init (AlmSyncMachine *self)
{
  self->deferred = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
leave (AlmSyncMachine *self)
{
  g_clear_pointer (&self->blob, alm_desk_blob_free);
  g_clear_pointer (&self->blob_part, g_free);
  self->blob_turns = 0;
  self->blob_suspect = FALSE;
}

void
alm_sync_blobs_clear (AlmSyncMachine *self)
{
  leave (self);
  g_hash_table_unref (self->deferred);
}

void
alm_sync_blobs_give_up (AlmSyncMachine *self)
{
  leave (self);
  self->blobs.retry_at = 0;
  self->blobs.tries = 0;
}

void
alm_sync_blobs_want (AlmSyncMachine *self,
                     guint           count)
{
  self->status.blobs = count;
  if (count > 0)
    self->blobs_wanted = TRUE;
}

void
alm_sync_blobs_try_now (AlmSyncMachine *self)
{
  self->blobs.tries = 0;
  self->blobs.retry_at = 0;
  if (self->follow)
    g_hash_table_remove_all (self->deferred);
}

gboolean
alm_sync_blobs_rest (AlmSyncMachine *self)
{
  return self->blobs.doing == DOING_NOTHING && self->blob == NULL && !self->blobs_wanted;
}

static gint64
put_off (AlmSyncMachine *self,
         guint           tries,
         gint64          now_us,
         guint           retry_s)
{
  gint64 delay = MIN (WAIT_LEAST << MIN (tries, 8), WAIT_MOST);

  delay = (gint64) ((double) delay * (0.5 + alm_random_unit (&self->random)));

  return now_us + MAX (delay, retry_s * SECOND);
}

/* This one not now; the others go on. */
static void
defer (AlmSyncMachine     *self,
       const AlmSyncEvent *event,
       const char         *problem)
{
  AlmSyncDeferred *deferred = g_hash_table_lookup (self->deferred, self->blob->sha256);
  g_autofree char *text = g_strdup_printf ("file %.8s…: %s", self->blob->sha256, problem);

  if (deferred == NULL)
    {
      deferred = g_new0 (AlmSyncDeferred, 1);
      g_hash_table_insert (self->deferred, g_strdup (self->blob->sha256), deferred);
    }
  deferred->retry_at = put_off (self, deferred->tries++, event->now_us, event->retry_s);
  alm_sync_machine_set_problem (self, text);
  leave (self);
}

/* The line broke: all of them later.  A single round tries once. */
static void
fail (AlmSyncMachine     *self,
      const AlmSyncEvent *event,
      const char         *problem)
{
  alm_sync_machine_set_problem (self, problem);
  leave (self);
  self->blobs.retry_at = put_off (self, self->blobs.tries++, event->now_us, event->retry_s);
  if (!self->follow)
    {
      self->blobs_wanted = FALSE;
      self->blobs_failed = TRUE;
    }
}

static AlmSyncJob *
store (AlmSyncMachine *self,
       AlmSyncDoing    doing,
       AlmSyncJobKind  kind)
{
  AlmSyncJob *job = alm_sync_machine_store (self, &self->blobs, doing, kind);

  job->sha256 = g_strdup (self->blob->sha256);
  job->size = self->blob->size;

  return job;
}

static void
tell_store (AlmSyncMachine *self,
            AlmBlobNews     news)
{
  store (self, DOING_BLOB_NEWS, ALM_SYNC_JOB_BLOB_NEWS)->news = news;
}

static AlmSyncEffect *
send (AlmSyncMachine *self,
      AlmSyncDoing    doing,
      const char     *method,
      const char     *query,
      guint           timeout_s)
{
  g_autofree char *path = g_strconcat ("/v1/blobs/", self->blob->sha256, query, NULL);
  AlmSyncEffect *effect = alm_sync_machine_send (self, &self->blobs, doing, method, path, NULL);

  effect->timeout_s = timeout_s;

  return effect;
}

static void
fetch (AlmSyncMachine *self)
{
  AlmSyncEffect *effect;

  /* All of it came before, and nobody heard. */
  if (self->blob->arrived == self->blob->size)
    {
      store (self, DOING_BLOB_CHECK, ALM_SYNC_JOB_BLOB_CHECK);
      return;
    }

  effect = send (self, DOING_BLOB_GET, "GET", "", GET_S);
  effect->file = g_strdup (self->blob_part);
  effect->etag = g_strdup_printf ("\"%s\"", self->blob->sha256);
}

/* The part that begins at @offset is read from the disk first. */
static void
send_from (AlmSyncMachine *self,
           gint64          offset)
{
  AlmSyncJob *job = store (self, DOING_BLOB_READ, ALM_SYNC_JOB_BLOB_READ);

  self->blob->arrived = CLAMP (offset, 0, self->blob->size);
  job->offset = self->blob->arrived;
  job->size = PART;
}

/* Those whose time has not come; when the first one's does. */
static GHashTable *
list_deferred (AlmSyncMachine *self,
               gint64          now_us,
               gint64         *first)
{
  GHashTable *but = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  *first = 0;
  g_hash_table_iter_init (&iter, self->deferred);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const AlmSyncDeferred *deferred = value;

      if (self->follow && deferred->retry_at <= now_us)
        continue;
      g_hash_table_add (but, g_strdup (name));
      if (*first == 0 || deferred->retry_at < *first)
        *first = deferred->retry_at;
    }

  return but;
}

void
alm_sync_blobs_advance (AlmSyncMachine *self,
                        gint64          now_us)
{
  gint64 first;

  if (self->blobs.doing != DOING_NOTHING || now_us < self->blobs.retry_at || !self->blobs_wanted
      || !self->greeted || !self->fresh || self->packs->len > 0)
    return;

  alm_sync_machine_store (self, &self->blobs, DOING_BLOB_NEXT, ALM_SYNC_JOB_BLOB_NEXT)->but =
    list_deferred (self, now_us, &first);
}

/* Nothing is left but what is put off. */
static void
wait_for_deferred (AlmSyncMachine *self,
                   gint64          now_us)
{
  g_autoptr (GHashTable) but = NULL;
  gint64 first;

  but = list_deferred (self, now_us, &first);
  self->blobs_wanted = self->follow && first > 0;
  if (self->blobs_wanted)
    self->blobs.retry_at = first;
}

static void
took_next (AlmSyncMachine     *self,
           const AlmSyncEvent *event)
{
  self->blob = g_steal_pointer (&event->result->blob);
  self->blob_part = g_steal_pointer (&event->result->part);
  if (self->blob == NULL)
    wait_for_deferred (self, event->now_us);
  else if (self->blob->state == ALM_BLOB_WAITING)
    send (self, DOING_BLOB_HEAD, "HEAD", "", HEAD_S);
  else
    fetch (self);
}

static void
took_part (AlmSyncMachine *self,
           AlmSyncResult  *result)
{
  g_autofree char *query = g_strdup_printf ("?offset=%" G_GINT64_FORMAT "&size=%" G_GINT64_FORMAT,
                                            self->blob->arrived, self->blob->size);

  send (self, DOING_BLOB_PUT, "PUT", query, PUT_S)->body = g_bytes_ref (result->body);
}

void
alm_sync_blobs_stored (AlmSyncMachine     *self,
                       AlmSyncDoing        what,
                       const AlmSyncEvent *event)
{
  switch ((int) what)
    {
    case DOING_BLOB_NEXT:
      took_next (self, event);
      break;

    case DOING_BLOB_READ:
      took_part (self, event->result);
      break;

    case DOING_BLOB_CHECK:
      if (self->blob_suspect)
        defer (self, event, "the server says that it is another one");
      else
        tell_store (self, ALM_BLOB_ARRIVED);
      break;

    case DOING_BLOB_NEWS:
    default:
      g_hash_table_remove (self->deferred, self->blob->sha256);
      if (!self->blob_suspect)
        {
          self->status.blobs_done++;
          self->status.blobs -= self->status.blobs > 0;
        }
      leave (self);
      break;
    }
}

static void
heard_put (AlmSyncMachine     *self,
           const AlmSyncEvent *event)
{
  /* Each answer brings it further, or it is put off. */
  self->blob_turns = event->upload_offset > self->blob->arrived ? 0 : self->blob_turns + 1;
  if (event->upload_offset < 0 || self->blob_turns > TURNS_MAX)
    defer (self, event, "the server does not say where to go on");
  else
    send_from (self, event->upload_offset);
}

static void
refused (AlmSyncMachine     *self,
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
  if (event->status == 401)
    alm_sync_machine_stop_for (self, ALM_SYNC_PHASE_SIGNED_OUT, text);
  else if (event->status >= 500 && event->status != 507)
    fail (self, event, text);
  else
    defer (self, event, text);
}

void
alm_sync_blobs_heard (AlmSyncMachine     *self,
                      AlmSyncDoing        what,
                      const AlmSyncEvent *event)
{
  if (event->status < 500)
    self->blobs.tries = 0;

  if (what == DOING_BLOB_HEAD && event->status == 200)
    tell_store (self, ALM_BLOB_SENT);
  else if (what == DOING_BLOB_HEAD && event->status == 404 && event->upload_offset >= 0)
    send_from (self, event->upload_offset);
  else if (what == DOING_BLOB_PUT && event->status == 201)
    tell_store (self, ALM_BLOB_SENT);
  else if (what == DOING_BLOB_PUT && (event->status == 202 || event->status == 409))
    heard_put (self, event);
  else if (what == DOING_BLOB_PUT && event->status == 422)
    {
      /* Was it spoilt on its way, or here? */
      self->blob_suspect = TRUE;
      store (self, DOING_BLOB_CHECK, ALM_SYNC_JOB_BLOB_CHECK)->whole = TRUE;
    }
  else if (what == DOING_BLOB_GET
           && (event->status == 200 || event->status == 206 || event->status == 416))
    store (self, DOING_BLOB_CHECK, ALM_SYNC_JOB_BLOB_CHECK);
  else
    refused (self, event);
}

void
alm_sync_blobs_broke_off (AlmSyncMachine     *self,
                          AlmSyncDoing        what,
                          const AlmSyncEvent *event)
{
  const char *problem = event->error != NULL ? event->error->message : "failed";
  gboolean damaged = event->error != NULL
                     && (g_error_matches (event->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)
                         || g_error_matches (event->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));

  if (self->blob == NULL)
    fail (self, event, problem);
  else if (damaged && (what == DOING_BLOB_READ
                       || (what == DOING_BLOB_CHECK && self->blob_suspect)))
    {
      /* What was to be sent is not what its name says, or not here any more. */
      self->blob_suspect = TRUE;
      alm_sync_machine_set_problem (self, problem);
      tell_store (self, ALM_BLOB_LOST);
    }
  else if (what == DOING_BLOB_CHECK || what == DOING_BLOB_READ || what == DOING_BLOB_NEWS)
    defer (self, event, problem);
  else
    fail (self, event, problem);
}
