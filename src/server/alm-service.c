/* SPDX-License-Identifier: EUPL-1.2 */

/* From request to answer, without the main thread doing any of it.
 *
 * A read goes to the reader with the shortest queue.  A push is unpacked and
 * parsed by a reader, then waits until the writer is free; all that have come
 * meanwhile are one transaction (group commit).  A login is hashed between two
 * visits to the writer.  Attached files are received by a thread of their own; the
 * writer only notes that one is whole.  A feed that has nothing to say is held until one of
 * its scopes changes or its time is over.
 *
 * Invariants:
 *   1. Each call handed out by the front is answered exactly once.
 *   2. A change that is committed after a held feed was looked at wakes it: the
 *      look notes the number of the last change it knew of.
 * Main thread; `…_job` functions run on the workers and see plain structs. */

#include "config.h"

#include "alm-service.h"

#include "alm-erased-file.h"
#include "alm-format-error.h"
#include "alm-hub.h"
#include "alm-packs.h"
#include "alm-pool.h"
#include "alm-sweep.h"
#include "alm-worker.h"
#include "alm-zstd.h"

#define N_READERS       4
#define N_HASHERS       2
#define HASHES_MAX      32      /* in the queue; more are told to come back */
#define GROUP_COMMANDS  256
#define PARSED_MAX      (4 * 1024 * 1024)   /* bytes of text; parsed they are ten times that */
#define PACKED_TIMES    8       /* so much more text stands in a packed body, about */
#define WIPE_S          1       /* while a reader is in the way it is tried so often */
#define PACK_BYTES      1024    /* shorter answers are not worth packing */
#define PACK_LEVEL      3
#define PACKS_RECORDS   20000   /* a smaller scope is quicker read as a feed */
#define PACKS_COMMANDS  20000   /* after so many it is looked whether packs have grown old */

typedef struct
{
  AlmWorker *worker;
  guint      queued;
} Lane;

struct _AlmService
{
  AlmHubOptions  options;
  AlmFront      *front;
  Lane           writer;
  Lane           readers[N_READERS];
  Lane           packer;        /* a reader that makes packs */
  Lane           receiver;      /* a reader that writes attached files */
  AlmSweep      *sweep;
  guint          unpacked;      /* commands since it was last asked to */
  char          *packs_dir;
  char          *blobs_dir;
  int            packs_stopped; /* atomic: told to the packer */
  char          *erased_path;
  gboolean       wipe_wanted;   /* something was erased that still stands in the files */
  gboolean       wiping;
  gboolean       wipe_again;    /* … and something more since it was begun */
  guint          wipe_timer;    /* source */
  AlmPool       *hashers;
  guint          hashes;        /* queued or running */
  GQueue         unparsed;      /* (element-type Work) pushes as they came */
  gsize          parsed;        /* bytes of the pushes that are parsed and not yet written */
  GQueue         pushes;        /* (element-type Work) parsed, waiting for the writer */
  gboolean       pushing;
  GPtrArray     *held;          /* (element-type Work) feeds without news */
  guint64        changes;       /* counts commits that somebody may wait for */
  guint64        all_woken;     /* the last of them that everybody is to hear of */
  char          *epoch;
  void         (*failed) (gpointer user_data);
  gpointer       user_data;
  gboolean       stopping;
};

/* One request on its way. */
typedef struct
{
  AlmService    *service;
  AlmFrontCall  *call;
  AlmHubRequest *request;
  gboolean       packed;        /* the request's body */
  gboolean       takes_zstd;
  AlmHubRoute    route;
  gsize          bytes;         /* of a push: its text, about */
  AlmHubPush    *push;
  AlmHubReply   *reply;
  gboolean       reply_packed;
  Lane          *lane;
  guint64        changes;       /* known when the request was looked at */
  guint          patience;      /* source; of a held one */
} Work;

/* Pushes that are one transaction. */
typedef struct
{
  AlmService *service;
  GPtrArray  *works;            /* (element-type Work) */
} Group;

static void submit (Work *work);

static void
work_free (Work *work)
{
  g_clear_handle_id (&work->patience, g_source_remove);
  g_clear_pointer (&work->request, alm_hub_request_free);
  g_clear_pointer (&work->push, alm_hub_push_free);
  g_clear_pointer (&work->reply, alm_hub_reply_free);
  g_free (work);
}

/* On a worker: the body as it was meant; FALSE with the reply. */
static gboolean
unpack_body (Work *work)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = NULL;
  gconstpointer data;
  gsize size;

  if (!work->packed || work->request->body == NULL)
    return TRUE;

  data = g_bytes_get_data (work->request->body, &size);
  plain = alm_zstd_unpack (data, size, ALM_HUB_BODY_MAX, &error);
  if (plain == NULL)
    {
      work->reply = g_error_matches (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_TOO_LARGE)
        ? alm_hub_reply_problem (413, "too-large", "The body is over 8 MiB when unpacked")
        : alm_hub_reply_problem (400, "bad-request", "The body is no Zstandard");
      return FALSE;
    }
  g_bytes_unref (work->request->body);
  work->request->body = g_steal_pointer (&plain);
  work->packed = FALSE;

  return TRUE;
}

/* On a worker: a long answer is packed for who takes that. */
static void
pack_reply (Work *work)
{
  AlmHubReply *reply = work->reply;
  g_autoptr (GBytes) packed = NULL;
  gconstpointer data;
  gsize size;

  if (!work->takes_zstd || reply->status == 0 || reply->body->len < PACK_BYTES)
    return;

  packed = alm_zstd_pack (reply->body->str, reply->body->len, PACK_LEVEL);
  data = g_bytes_get_data (packed, &size);
  g_string_truncate (reply->body, 0);
  g_string_append_len (reply->body, data, (gssize) size);
  work->reply_packed = TRUE;
}

static void
handle_job (GTask    *task,
            gpointer  resource)
{
  Work *work = g_task_get_task_data (task);

  if (unpack_body (work))
    work->reply = alm_hub_core_handle (resource, work->request);
  pack_reply (work);

  g_task_return_boolean (task, TRUE);
}

/* On a reader: only what somebody we know has sent is worth unpacking. */
static void
parse_job (GTask    *task,
           gpointer  resource)
{
  Work *work = g_task_get_task_data (task);

  if (!alm_hub_core_is_known (resource, work->request->authorization))
    work->reply = alm_hub_reply_problem (401, "login-needed",
                                         "The token is unknown or has ended");
  else if (unpack_body (work))
    work->push = alm_hub_push_parse (work->request, &work->reply);
  g_clear_pointer (&work->request->body, g_bytes_unref);

  g_task_return_boolean (task, TRUE);
}

static void
push_job (GTask    *task,
          gpointer  resource)
{
  Group *group = g_task_get_task_data (task);
  guint n = group->works->len;
  g_autofree AlmHubPush **pushes = g_new (AlmHubPush *, n);
  g_autofree AlmHubReply **replies = g_new (AlmHubReply *, n);

  for (guint i = 0; i < n; i++)
    pushes[i] = ((Work *) group->works->pdata[i])->push;
  alm_hub_core_push (resource, pushes, n, replies);
  for (guint i = 0; i < n; i++)
    {
      ((Work *) group->works->pdata[i])->reply = replies[i];
      pack_reply (group->works->pdata[i]);
    }

  g_task_return_boolean (task, TRUE);
}

static void
hash_job (GTask    *task,
          gpointer  task_data)
{
  Work *work = task_data;

  alm_hub_request_hash (work->request, work->service->options.cost);

  g_task_return_boolean (task, TRUE);
}

/* On the packer: a pack that cannot be made is no loss, there is the feed. */
static void
packs_job (GTask    *task,
           gpointer  resource)
{
  AlmService *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!alm_packs_refresh (self->packs_dir, resource, PACKS_RECORDS, &self->packs_stopped, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("no packs: %s", error->message);

  g_task_return_boolean (task, TRUE);
}

static void refresh_packs (AlmService *self);
static void wipe_if_free (AlmService *self);

/* On the writer: what was erased goes out of the files. */
static void
wipe_job (GTask    *task,
          gpointer  resource)
{
  GError *error = NULL;
  gboolean done = FALSE;

  if (alm_hub_core_wipe (resource, &done, &error))
    g_task_return_boolean (task, done);
  else
    g_task_return_error (task, error);
}

static gboolean
wipe_again_cb (gpointer data)
{
  AlmService *self = data;

  self->wipe_timer = 0;
  wipe_if_free (self);

  return G_SOURCE_REMOVE;
}

static void
wiped_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  AlmService *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  self->wiping = FALSE;
  self->writer.queued--;
  if (error != NULL)
    g_message ("what was erased is not out of the files yet: %s", error->message);
  if (!done || self->wipe_again)
    {
      self->wipe_again = FALSE;
      if (!self->stopping)
        self->wipe_timer = g_timeout_add_seconds (WIPE_S, wipe_again_cb, self);
      return;
    }
  self->wipe_wanted = FALSE;
  g_atomic_int_set (&self->packs_stopped, 0);
  refresh_packs (self);
}

/* A pack that is being made reads what was there before: it goes first. */
static void
wipe_if_free (AlmService *self)
{
  GTask *task;

  if (!self->wipe_wanted || self->wiping || self->packer.queued > 0 || self->stopping
      || self->wipe_timer != 0)
    return;

  self->wiping = TRUE;
  self->writer.queued++;
  task = g_task_new (NULL, NULL, wiped_cb, self);
  g_task_set_check_cancellable (task, FALSE);
  alm_worker_submit (self->writer.worker, wipe_job, task);
}

static void
start_wipe (AlmService *self)
{
  self->wipe_wanted = TRUE;
  self->wipe_again = self->wiping;
  g_atomic_int_set (&self->packs_stopped, 1);
  wipe_if_free (self);
}

static void
packed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AlmService *self = user_data;

  self->packer.queued--;
  wipe_if_free (self);
}

static void
refresh_packs (AlmService *self)
{
  GTask *task;

  if (self->packer.queued > 0 || self->stopping || self->wipe_wanted)
    return;

  self->unpacked = 0;
  self->packer.queued++;
  task = g_task_new (NULL, NULL, packed_cb, self);
  g_task_set_task_data (task, self, NULL);
  alm_worker_submit (self->packer.worker, packs_job, task);
}

static gboolean
watches (const Work      *work,
         const GPtrArray *changed)
{
  for (guint i = 0; i < work->reply->watch->len; i++)
    if (g_ptr_array_find_with_equal_func ((GPtrArray *) changed, work->reply->watch->pdata[i],
                                          g_str_equal, NULL))
      return TRUE;

  return FALSE;
}

/* Looks again whether there is news. */
static void
release (Work     *work,
         gboolean  finally)
{
  g_clear_handle_id (&work->patience, g_source_remove);
  g_ptr_array_remove_fast (work->service->held, work);
  g_clear_pointer (&work->reply, alm_hub_reply_free);
  work->request->waited |= finally;
  submit (work);
}

/* @changed: (nullable): scopes; NULL = everybody, whatever there is */
static void
wake (AlmService      *self,
      const GPtrArray *changed)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new ();

  self->changes++;
  if (changed == NULL)
    self->all_woken = self->changes;
  for (guint i = 0; i < self->held->len; i++)
    if (changed == NULL || watches (self->held->pdata[i], changed))
      g_ptr_array_add (due, self->held->pdata[i]);
  for (guint i = 0; i < due->len; i++)
    release (due->pdata[i], changed == NULL);
}

static gboolean
waited_enough_cb (gpointer data)
{
  Work *work = data;

  work->patience = 0;
  release (work, TRUE);

  return G_SOURCE_REMOVE;
}

static void
hold (Work *work)
{
  AlmService *self = work->service;

  if (self->stopping || work->changes != self->changes)
    {
      work->request->waited |= self->stopping || work->changes < self->all_woken;
      g_clear_pointer (&work->reply, alm_hub_reply_free);
      submit (work);
      return;
    }

  g_ptr_array_add (self->held, work);
  work->patience = g_timeout_add_seconds (work->reply->wait_s, waited_enough_cb, work);
}

static void
finish (Work *work)
{
  AlmService *self = work->service;
  gboolean fatal = work->reply->fatal;

  alm_front_reply (work->call, work->reply, work->reply_packed);
  if (work->reply->changed != NULL)
    wake (self, work->reply->changed);
  if (work->reply->rights_changed)
    wake (self, NULL);
  work_free (work);
  if (fatal)
    self->failed (self->user_data);
}

static void
hashed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Work *work = user_data;

  work->service->hashes--;
  submit (work);
}

static void
start_hash (Work *work)
{
  AlmService *self = work->service;
  GTask *task;

  g_clear_pointer (&work->reply, alm_hub_reply_free);
  if (self->hashes >= HASHES_MAX)
    {
      work->reply = alm_hub_reply_problem (503, "busy", "Too many logins at once; try again");
      work->reply->retry_after_s = 2;
      finish (work);
      return;
    }

  self->hashes++;
  task = g_task_new (NULL, NULL, hashed_cb, work);
  g_task_set_task_data (task, work, NULL);
  alm_pool_submit (self->hashers, 0, hash_job, task);
}

/* The file is here and right: the writer says so. */
static void
keep_received (Work *work)
{
  work->request->received = TRUE;
  work->route = alm_hub_route (work->request, &work->reply);
  g_clear_pointer (&work->reply, alm_hub_reply_free);
  submit (work);
}

static void
handled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Work *work = user_data;

  work->lane->queued--;
  if (work->reply->hash)
    start_hash (work);
  else if (work->reply->received)
    keep_received (work);
  else if (work->reply->status == 0)
    hold (work);
  else
    finish (work);
}

static void pump (AlmService *self);
static void parse_next (AlmService *self);

static void
pushed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Group *group = user_data;
  AlmService *self = group->service;

  self->pushing = FALSE;
  self->writer.queued--;
  for (guint i = 0; i < group->works->len; i++)
    {
      Work *work = group->works->pdata[i];

      if (work->reply->erased)
        start_wipe (self);
      self->parsed -= work->bytes;
      finish (work);
    }
  g_ptr_array_unref (group->works);
  g_free (group);
  if (self->unpacked >= PACKS_COMMANDS)
    refresh_packs (self);
  parse_next (self);
  pump (self);
}

/* What is waiting becomes one transaction as soon as the writer is free. */
static void
pump (AlmService *self)
{
  Group *group;
  GTask *task;
  guint commands = 0;

  if (self->pushing || g_queue_is_empty (&self->pushes))
    return;

  group = g_new0 (Group, 1);
  group->service = self;
  group->works = g_ptr_array_new ();
  do
    {
      Work *work = g_queue_pop_head (&self->pushes);

      commands += alm_hub_push_size (work->push);
      self->unpacked += alm_hub_push_size (work->push);
      g_ptr_array_add (group->works, work);
    }
  while (!g_queue_is_empty (&self->pushes) && commands < GROUP_COMMANDS);

  self->pushing = TRUE;
  self->writer.queued++;
  task = g_task_new (NULL, NULL, pushed_cb, group);
  g_task_set_task_data (task, group, NULL);
  g_task_set_check_cancellable (task, FALSE);
  alm_worker_submit (self->writer.worker, push_job, task);
}

static void
parsed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Work *work = user_data;
  AlmService *self = work->service;

  work->lane->queued--;
  if (work->push == NULL)
    {
      self->parsed -= work->bytes;
      finish (work);
      parse_next (self);
      return;
    }
  g_queue_push_tail (&self->pushes, work);
  pump (self);
}

static Lane *
shortest_reader (AlmService *self)
{
  Lane *shortest = &self->readers[0];

  for (guint i = 1; i < N_READERS; i++)
    if (self->readers[i].queued < shortest->queued)
      shortest = &self->readers[i];

  return shortest;
}

static Lane *
choose_lane (AlmService  *self,
             AlmHubRoute  route)
{
  if (route == ALM_HUB_ROUTE_WRITE)
    return &self->writer;

  return route == ALM_HUB_ROUTE_RECEIVE ? &self->receiver : shortest_reader (self);
}

static void
start (Work                *work,
       AlmWorkerFunc        job,
       GAsyncReadyCallback  callback)
{
  AlmService *self = work->service;
  GTask *task;

  work->lane = choose_lane (self, work->route);
  work->lane->queued++;
  work->changes = self->changes;
  task = g_task_new (NULL, NULL, callback, work);
  g_task_set_task_data (task, work, NULL);
  g_task_set_check_cancellable (task, FALSE);
  alm_worker_submit (work->lane->worker, job, task);
}

/* The readers parse far quicker than the writer writes: no more is parsed than keeps it
 * busy, or the pushes of many desks would fill the memory. */
static void
parse_next (AlmService *self)
{
  Work *work;

  while ((work = g_queue_peek_head (&self->unparsed)) != NULL
         && (self->parsed == 0 || self->parsed + work->bytes <= PARSED_MAX))
    {
      g_queue_pop_head (&self->unparsed);
      self->parsed += work->bytes;
      start (work, parse_job, parsed_cb);
    }
}

static void
submit (Work *work)
{
  AlmService *self = work->service;
  const AlmHubRequest *request = work->request;

  if (work->route != ALM_HUB_ROUTE_PUSH)
    {
      start (work, handle_job, handled_cb);
      return;
    }

  if (request->body != NULL)
    work->bytes = MIN (g_bytes_get_size (request->body) * (work->packed ? PACKED_TIMES : 1),
                       ALM_HUB_BODY_MAX);
  g_queue_push_tail (&self->unparsed, work);
  parse_next (self);
}

static void
request_cb (AlmFrontCall  *call,
            AlmHubRequest *request,
            gboolean       packed,
            gpointer       user_data)
{
  Work *work = g_new0 (Work, 1);

  work->service = user_data;
  work->call = call;
  work->request = request;
  work->packed = packed;
  work->takes_zstd = alm_front_call_takes_zstd (call);
  work->route = alm_hub_route (request, &work->reply);
  if (work->route == ALM_HUB_ROUTE_NONE)
    finish (work);
  else
    submit (work);
}

static gboolean
open_lane (AlmService   *self,
           Lane         *lane,
           const char   *name,
           const char   *dir,
           AlmHubFlags   flags,
           GError      **error)
{
  AlmServerStore *store = alm_hub_open (dir, flags, error);
  AlmHubCore *core;

  if (store == NULL)
    return FALSE;

  core = alm_hub_core_new (store, &self->options);
  if (flags != ALM_HUB_READ)
    self->epoch = alm_hub_core_get_epoch (core, error);
  if (self->epoch == NULL)
    {
      alm_hub_core_free (core);
      return FALSE;
    }
  lane->worker = alm_worker_new (name, core, (GDestroyNotify) alm_hub_core_free);

  return TRUE;
}

AlmService *
alm_service_new (const AlmServiceSettings  *settings,
                 GError                   **error)
{
  g_autoptr (AlmService) self = g_new0 (AlmService, 1);

  self->options = *settings->options;
  if (self->options.cost == NULL)
    self->options.cost = &alm_password_cost;
  self->packs_dir = g_build_filename (settings->dir, "packs", NULL);
  self->erased_path = g_build_filename (settings->dir, ALM_ERASED_FILE, NULL);
  self->options.find_pack = alm_packs_find;
  self->options.drop_packs = alm_packs_clear;
  self->options.keep_erased = alm_erased_file_append;
  self->options.erased_path = self->erased_path;
  self->options.packs_dir = self->packs_dir;
  self->blobs_dir = g_strdup (settings->dir);
  self->options.blobs_dir = self->blobs_dir;
  self->failed = settings->failed;
  self->user_data = settings->user_data;
  self->held = g_ptr_array_new ();
  g_queue_init (&self->unparsed);
  g_queue_init (&self->pushes);
  if (!open_lane (self, &self->writer, "writer", settings->dir, ALM_HUB_WRITE, error))
    return NULL;
  for (guint i = 0; i < N_READERS; i++)
    if (!open_lane (self, &self->readers[i], "reader", settings->dir, ALM_HUB_READ, error))
      return NULL;

  if (!open_lane (self, &self->packer, "packer", settings->dir, ALM_HUB_READ, error)
      || !open_lane (self, &self->receiver, "receiver", settings->dir, ALM_HUB_READ, error))
    return NULL;

  self->hashers = alm_pool_new (N_HASHERS);
  self->front = alm_front_new (settings->trust_front, request_cb, self);
  self->sweep = alm_sweep_new (self->receiver.worker, self->writer.worker);
  /* What a crash may have left; packs are made after it. */
  start_wipe (self);

  return g_steal_pointer (&self);
}

/* The writer goes last: closing it folds the log back into the database. */
void
alm_service_free (AlmService *self)
{
  g_clear_pointer (&self->sweep, alm_sweep_free);
  g_clear_handle_id (&self->wipe_timer, g_source_remove);
  g_clear_pointer (&self->front, alm_front_free);
  g_clear_pointer (&self->hashers, alm_pool_free);
  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i].worker, alm_worker_stop);
  g_clear_pointer (&self->packer.worker, alm_worker_stop);
  g_clear_pointer (&self->receiver.worker, alm_worker_stop);
  g_clear_pointer (&self->writer.worker, alm_worker_stop);
  g_ptr_array_unref (self->held);
  g_free (self->epoch);
  g_free (self->packs_dir);
  g_free (self->blobs_dir);
  g_free (self->erased_path);
  g_free (self);
}

const char *
alm_service_get_epoch (AlmService *self)
{
  return self->epoch;
}

AlmFront *
alm_service_get_front (AlmService *self)
{
  return self->front;
}

void
alm_service_stop (AlmService *self)
{
  self->stopping = TRUE;
  g_atomic_int_set (&self->packs_stopped, 1);
  alm_front_stop (self->front);
  wake (self, NULL);
}
