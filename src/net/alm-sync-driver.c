/* SPDX-License-Identifier: EUPL-1.2 */

/* Runs the sync machine: its effects become requests, jobs of the store's
 * worker and a timer; what comes back becomes events.
 *
 * Invariants:
 *   1. Every SEND and STORE of the machine gets exactly one answer, unless the
 *      machine gave it up or the driver was stopped.
 *   2. The object lives while a job of it is in the store: what the server has
 *      acknowledged is recorded even when the window closes.
 *   3. Numbers that are shown come from the store, after its transaction.
 * Main thread. */

#include "config.h"

#include "alm-sync-driver-private.h"
#include "alm-sync-driver.h"

#include "alm-zstd.h"

#include <string.h>

#define PACK_BODY_FROM (8 * 1024)

enum {
  PROP_STATE = 1,
  PROP_WAITING,
  PROP_CONFLICTS,
  PROP_REFUSED,
  PROP_STRAYS,
  PROP_LAST_CONTACT,
  PROP_SERVER,
  PROP_USER,
  PROP_LOADING,
  PROP_PROBLEM,
  N_PROPS
};

enum { CHANGED, PROGRESS, FORKED, DONE, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmSyncDriver, alm_sync_driver, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (AlmSyncState, alm_sync_state,
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_NO_SERVER, "no-server"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_SIGNED_OUT, "signed-out"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_WORKING, "working"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_IN_SYNC, "in-sync"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_WAITING, "waiting"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_OFFLINE, "offline"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_CONFLICT, "conflict"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_REFUSED, "refused"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_WRONG_SERVER, "wrong-server"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_LOST, "lost"),
  G_DEFINE_ENUM_VALUE (ALM_SYNC_STATE_TOO_OLD, "too-old"))

/* One effect on its way. */
typedef struct
{
  AlmSyncDriver *driver;
  guint          number;
  GCancellable  *cancellable;
  char          *file;
  gboolean       is_pack;
  AlmSyncJob    *job;
} Errand;

static void
errand_free (Errand *self)
{
  g_clear_object (&self->driver);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->job, alm_sync_job_free);
  g_free (self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

/* What is shown */

static AlmSyncState
find_state (AlmSyncDriver *self)
{
  if (alm_sync_machine_get_status (self->machine)->phase == ALM_SYNC_PHASE_LOST)
    return ALM_SYNC_STATE_LOST;
  if (self->server == NULL)
    return ALM_SYNC_STATE_NO_SERVER;
  if (!self->started)
    return self->has_token ? ALM_SYNC_STATE_OFFLINE : ALM_SYNC_STATE_SIGNED_OUT;

  switch (alm_sync_machine_get_status (self->machine)->phase)
    {
    case ALM_SYNC_PHASE_SIGNED_OUT:
      return ALM_SYNC_STATE_SIGNED_OUT;

    case ALM_SYNC_PHASE_WRONG_SERVER:
      return ALM_SYNC_STATE_WRONG_SERVER;

    case ALM_SYNC_PHASE_LOST:
      return ALM_SYNC_STATE_LOST;

    case ALM_SYNC_PHASE_TOO_OLD:
      return ALM_SYNC_STATE_TOO_OLD;

    case ALM_SYNC_PHASE_WORKING:
      return ALM_SYNC_STATE_WORKING;

    case ALM_SYNC_PHASE_IN_SYNC:
      return self->counts.waiting > 0 || self->counts.blobs > 0 ? ALM_SYNC_STATE_WAITING
             : self->counts.conflicts > 0 ? ALM_SYNC_STATE_CONFLICT
             : self->counts.refused > 0 ? ALM_SYNC_STATE_REFUSED : ALM_SYNC_STATE_IN_SYNC;

    case ALM_SYNC_PHASE_STOPPED:
    case ALM_SYNC_PHASE_OFFLINE:
    default:
      return ALM_SYNC_STATE_OFFLINE;
    }
}

static gboolean
set_text (AlmSyncDriver  *self,
          char          **place,
          const char     *text,
          guint           property)
{
  char *copy;

  if (g_strcmp0 (*place, text) == 0)
    return FALSE;

  copy = g_strdup (text);
  g_free (*place);
  *place = copy;
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);

  return TRUE;
}

static gboolean
has_progressed (AlmSyncDriver       *self,
                const AlmSyncStatus *status)
{
  const gint64 now[] = { status->copy_done, status->copy_total, status->copy_left_s };

  G_STATIC_ASSERT (sizeof now == sizeof self->copy_shown);
  if (memcmp (now, self->copy_shown, sizeof now) == 0)
    return FALSE;

  memcpy (self->copy_shown, now, sizeof now);

  return TRUE;
}

/* Looks at everything, tells what is different, and "changed" once. */
static void
show (AlmSyncDriver        *self,
      const AlmDeskCounts  *counts)
{
  const AlmSyncStatus *status = alm_sync_machine_get_status (self->machine);
  AlmDeskCounts last = self->counts;
  AlmSyncState state;
  gboolean progressed = has_progressed (self, status);
  gboolean changed = FALSE;

  g_object_freeze_notify (G_OBJECT (self));
  if (counts != NULL)
    self->counts = *counts;
  if (self->counts.blobs == 0)
    self->blobs_before = status->blobs_done;
  state = find_state (self);
  changed |= memcmp (&last, &self->counts, sizeof last) != 0 || state != self->state;
  if (last.waiting != self->counts.waiting)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WAITING]);
  if (last.conflicts != self->counts.conflicts)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CONFLICTS]);
  if (last.refused != self->counts.refused)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REFUSED]);
  if (last.stray != self->counts.stray)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STRAYS]);
  if (last.last_contact_us != self->counts.last_contact_us)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAST_CONTACT]);
  if (state != self->state)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  self->state = state;
  changed |= set_text (self, &self->loading, status->loading, PROP_LOADING);
  changed |= set_text (self, &self->problem, status->problem, PROP_PROBLEM);
  g_object_thaw_notify (G_OBJECT (self));

  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
  if (progressed)
    g_signal_emit (self, signals[PROGRESS], 0);
}

static gpointer
count_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  AlmDeskCounts *counts = g_new0 (AlmDeskCounts, 1);

  if (alm_desk_count (desk, counts, error))
    return counts;

  g_free (counts);

  return NULL;
}

static void count (AlmSyncDriver *self);

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AlmSyncDriver) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree AlmDeskCounts *counts = alm_records_read_finish (ALM_RECORDS (source), result,
                                                              &error);

  self->counting = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (counts == NULL)
    g_debug ("Not counted: %s", error->message);
  else
    {
      gboolean more = counts->waiting > self->counts.waiting;
      gboolean more_blobs = counts->blobs > self->counts.blobs;

      show (self, counts);
      if (self->started && (more || counts->waiting > 0))
        alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_LOCAL_CHANGE });
      if (self->started && more_blobs)
        alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_BLOBS });
    }
  if (self->count_again)
    count (self);
}

/* One at a time: a thousand changes are counted twice. */
static void
count (AlmSyncDriver *self)
{
  self->count_again = self->counting;
  if (self->counting || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->counting = TRUE;
  alm_records_read_async (self->records, count_job, NULL, NULL, g_free, self->cancellable,
                          counted_cb, g_object_ref (self));
}

/* Effects */

static gpointer
store_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  Errand *errand = data;
  AlmSyncResult *result = alm_sync_job_run (errand->job, desk, error);

  /* Large pushes travel packed; here, because this is not the main thread. */
  if (errand->job->kind == ALM_SYNC_JOB_NEXT_PUSH && result != NULL && result->body != NULL
      && g_bytes_get_size (result->body) >= PACK_BODY_FROM)
    {
      GBytes *plain = result->body;

      result->body = alm_zstd_pack (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), 3);
      g_bytes_unref (plain);
    }

  return result;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmSyncResult) done = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  alm_sync_driver_step (errand->driver, (AlmSyncEvent) {
    .type = done != NULL ? ALM_SYNC_STORED : ALM_SYNC_FAILED, .number = errand->number,
    .result = done, .error = error });
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  AlmSyncDriver *self = errand->driver;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmSyncResult) done = alm_records_write_finish (ALM_RECORDS (source), result, &error);

  if (errand->job->kind == ALM_SYNC_JOB_SLICE)
    g_clear_pointer (&self->pack_etag, g_free);
  if (done != NULL)
    alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_STORED, .number = errand->number,
                                                 .result = done });
  else
    alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_FAILED, .number = errand->number,
                                                 .error = error });

  /* Counting looks at every record; the last slice is early enough. */
  if (done == NULL || !done->page.again)
    count (self);
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  AlmSyncDriver *self = errand->driver;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHttpReply) reply = alm_http_client_send_finish (ALM_HTTP_CLIENT (source), result,
                                                                &error);

  /* Given up, or stopped: nobody waits for it. */
  if (g_cancellable_is_cancelled (errand->cancellable))
    return;

  g_hash_table_remove (self->requests, GUINT_TO_POINTER (errand->number));
  if (reply == NULL)
    {
      alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_FAILED, .error = error,
                                                   .number = errand->number });
      return;
    }

  if (errand->is_pack && reply->etag != NULL)
    {
      g_free (self->pack_etag);
      self->pack_etag = g_strdup (reply->etag);
    }
  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .number = errand->number,
                                               .status = reply->status, .retry_s = reply->retry_s,
                                               .upload_offset = reply->upload_offset,
                                               .body = reply->body, .path = errand->file });
  alm_sync_driver_change_token (self, alm_sync_machine_take_token (self->machine));
}

static gboolean
no_client_cb (gpointer data)
{
  Errand *errand = data;
  g_autoptr (GBytes) body = g_bytes_new_static ("", 0);

  if (g_cancellable_is_cancelled (errand->cancellable))
    return G_SOURCE_REMOVE;

  g_hash_table_remove (errand->driver->requests, GUINT_TO_POINTER (errand->number));
  alm_sync_driver_step (errand->driver,
                        (AlmSyncEvent) { .type = ALM_SYNC_REPLY, .number = errand->number,
                                         .status = 401, .body = body });

  return G_SOURCE_REMOVE;
}

static void
do_send (AlmSyncDriver       *self,
         const AlmSyncEffect *effect)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->driver = g_object_ref (self);
  errand->number = effect->number;
  errand->cancellable = g_cancellable_new ();
  errand->is_pack = effect->to_file;
  errand->file = effect->to_file
    ? g_build_filename (alm_records_get_dir (self->records), "pack.part", NULL)
    : g_strdup (effect->file);
  g_hash_table_insert (self->requests, GUINT_TO_POINTER (effect->number),
                       g_object_ref (errand->cancellable));

  /* Without a token the server's answer is known. */
  if (self->client == NULL || !self->has_token)
    {
      g_idle_add_full (G_PRIORITY_DEFAULT, no_client_cb, errand, (GDestroyNotify) errand_free);
      return;
    }

  alm_http_client_send_async (self->client, effect->method, effect->path, effect->body,
                              errand->file, effect->to_file ? self->pack_etag : effect->etag,
                              effect->timeout_s,
                              errand->cancellable, replied_cb, errand);
}

static void
do_cancel (AlmSyncDriver *self,
           guint          number)
{
  GCancellable *cancellable = g_hash_table_lookup (self->requests, GUINT_TO_POINTER (number));

  if (cancellable == NULL)
    return;

  g_object_ref (cancellable);
  g_hash_table_remove (self->requests, GUINT_TO_POINTER (number));
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
}

static void
do_store (AlmSyncDriver *self,
          AlmSyncEffect *effect)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->driver = g_object_ref (self);
  errand->number = effect->number;
  errand->job = g_steal_pointer (&effect->job);
  if (alm_sync_job_reads (errand->job))
    {
      alm_records_read_async (self->records, store_job, errand, NULL,
                              (GDestroyNotify) alm_sync_result_free, NULL, read_cb, errand);
      return;
    }
  alm_records_write_async (self->records, store_job, errand, NULL,
                           (GDestroyNotify) alm_sync_result_free, stored_cb, errand);
}

static gboolean
wake_cb (gpointer data)
{
  AlmSyncDriver *self = data;

  self->wake = 0;
  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_TICK });

  return G_SOURCE_REMOVE;
}

static void
do_wake_at (AlmSyncDriver *self,
            gint64         at_us)
{
  gint64 wait_ms = (at_us - g_get_monotonic_time ()) / 1000 + 1;

  g_clear_handle_id (&self->wake, g_source_remove);
  if (at_us != 0)
    self->wake = g_timeout_add ((guint) CLAMP (wait_ms, 1, 3600000), wake_cb, self);
}

static void
tell (AlmSyncDriver *self)
{
  const AlmSyncStatus *status = alm_sync_machine_get_status (self->machine);
  gboolean failed = status->failed;
  gboolean forked = status->forks > self->forks_told;

  self->forks_told = status->forks;
  show (self, NULL);
  if (forked)
    g_signal_emit (self, signals[FORKED], 0);
  if (!status->done || self->told_done)
    return;

  self->told_done = TRUE;
  g_signal_emit (self, signals[DONE], 0, failed);
}

void
alm_sync_driver_step (AlmSyncDriver *self,
                      AlmSyncEvent   event)
{
  g_autoptr (AlmSyncDriver) alive = g_object_ref (self);
  g_autoptr (GPtrArray) effects = NULL;

  if (!self->started && event.type != ALM_SYNC_STOP)
    return;

  event.now_us = g_get_monotonic_time ();
  effects = alm_sync_machine_step (self->machine, &event);
  for (guint i = 0; i < effects->len; i++)
    {
      AlmSyncEffect *effect = g_ptr_array_index (effects, i);

      switch (effect->type)
        {
        case ALM_SYNC_SEND:
          do_send (alive, effect);
          break;

        case ALM_SYNC_CANCEL:
          do_cancel (alive, effect->number);
          break;

        case ALM_SYNC_STORE:
          do_store (alive, effect);
          break;

        case ALM_SYNC_KEEP:
          alm_sync_driver_keep (alive, effect->number, effect->token);
          break;

        case ALM_SYNC_WAKE_AT:
          do_wake_at (alive, effect->at_us);
          break;

        case ALM_SYNC_TELL:
          tell (alive);
          break;

        default:
          g_assert_not_reached ();
        }
    }
}

/* Starting */

static void
run_machine (AlmSyncDriver *self)
{
  self->started = TRUE;
  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_START });
  show (self, NULL);
}

void
alm_sync_driver_set_profile (AlmSyncDriver *self,
                             const char    *server,
                             const char    *user)
{
  set_text (self, &self->server, server, PROP_SERVER);
  set_text (self, &self->user, user, PROP_USER);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AlmSyncDriver *self = ALM_SYNC_DRIVER (source);
  g_autoptr (GError) error = NULL;

  if (!alm_sync_driver_load_finish (self, result, &error))
    g_message ("The profile cannot be read: %s", error->message);
  if (g_cancellable_is_cancelled (self->cancellable) || self->started)
    return;

  if (self->server != NULL)
    {
      run_machine (self);
      return;
    }

  show (self, NULL);
  if (!self->follow && !self->told_done)
    {
      self->told_done = TRUE;
      g_signal_emit (self, signals[DONE], 0, TRUE);
    }
}

static void
records_changed_cb (AlmRecords *records,
                    gpointer    change,
                    gpointer    user_data)
{
  count (user_data);
}

static void
network_changed_cb (GNetworkMonitor *monitor,
                    gboolean         available,
                    gpointer         user_data)
{
  AlmSyncDriver *self = user_data;

  if (available && self->state == ALM_SYNC_STATE_OFFLINE)
    alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_ONLINE });
}

void
alm_sync_driver_start (AlmSyncDriver *self)
{
  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->records_changed == 0)
    self->records_changed = g_signal_connect (self->records, "changed",
                                              G_CALLBACK (records_changed_cb), self);
  if (self->network_changed == 0 && self->follow)
    self->network_changed = g_signal_connect (g_network_monitor_get_default (), "network-changed",
                                              G_CALLBACK (network_changed_cb), self);
  count (self);
  alm_sync_driver_load_async (self, loaded_cb, NULL);
}

void
alm_sync_driver_stop (AlmSyncDriver *self)
{
  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));

  g_cancellable_cancel (self->cancellable);
  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_STOP });
  self->started = FALSE;
  g_clear_handle_id (&self->wake, g_source_remove);
  g_clear_signal_handler (&self->records_changed, self->records);
  g_clear_signal_handler (&self->network_changed, g_network_monitor_get_default ());
}

void
alm_sync_driver_sync_now (AlmSyncDriver *self)
{
  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));

  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_SYNC_NOW });
}

/* There is a new token, or none any more; see alm-sync-login.c. */
void
alm_sync_driver_set_token (AlmSyncDriver *self,
                           AlmHttpClient *client,
                           const char    *token,
                           const char    *user)
{
  if (client != NULL)
    g_set_object (&self->client, client);
  if (self->client != NULL)
    alm_http_client_set_token (self->client, token);
  self->has_token = token != NULL;
  self->logins++;
  if (token != NULL)
    {
      set_text (self, &self->server, alm_http_client_get_address (self->client), PROP_SERVER);
      set_text (self, &self->user, user, PROP_USER);
    }

  if (self->started)
    alm_sync_driver_step (self, (AlmSyncEvent) {
                            .type = token != NULL ? ALM_SYNC_LOGIN : ALM_SYNC_SYNC_NOW });
  else if (token != NULL && self->records_changed != 0)
    run_machine (self);
  show (self, NULL);
}

/* The object */

static void
alm_sync_driver_get_property (GObject    *object,
                              guint       property,
                              GValue     *value,
                              GParamSpec *pspec)
{
  AlmSyncDriver *self = ALM_SYNC_DRIVER (object);

  switch (property)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;

    case PROP_WAITING:
      g_value_set_uint (value, self->counts.waiting);
      break;

    case PROP_CONFLICTS:
      g_value_set_uint (value, self->counts.conflicts);
      break;

    case PROP_REFUSED:
      g_value_set_uint (value, self->counts.refused);
      break;

    case PROP_STRAYS:
      g_value_set_uint (value, self->counts.stray);
      break;

    case PROP_LAST_CONTACT:
      g_value_set_int64 (value, self->counts.last_contact_us);
      break;

    case PROP_SERVER:
      g_value_set_string (value, self->server);
      break;

    case PROP_USER:
      g_value_set_string (value, self->user);
      break;

    case PROP_LOADING:
      g_value_set_string (value, self->loading);
      break;

    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
      break;
    }
}

static void
alm_sync_driver_finalize (GObject *object)
{
  AlmSyncDriver *self = ALM_SYNC_DRIVER (object);

  g_clear_handle_id (&self->wake, g_source_remove);
  g_clear_signal_handler (&self->records_changed, self->records);
  g_clear_signal_handler (&self->network_changed, g_network_monitor_get_default ());
  g_clear_object (&self->records);
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->machine, alm_sync_machine_free);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_free (self->server);
  g_free (self->user);
  g_free (self->loading);
  g_free (self->problem);
  g_free (self->pack_etag);

  G_OBJECT_CLASS (alm_sync_driver_parent_class)->finalize (object);
}

static GParamSpec *
text_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
}

static GParamSpec *
count_property (const char *name)
{
  return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
}

static void
alm_sync_driver_class_init (AlmSyncDriverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = alm_sync_driver_get_property;
  object_class->finalize = alm_sync_driver_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ALM_TYPE_SYNC_STATE,
                                         ALM_SYNC_STATE_NO_SERVER, flags);
  props[PROP_WAITING] = count_property ("waiting");
  props[PROP_CONFLICTS] = count_property ("conflicts");
  props[PROP_REFUSED] = count_property ("refused");
  props[PROP_STRAYS] = count_property ("strays");
  props[PROP_LAST_CONTACT] = g_param_spec_int64 ("last-contact", NULL, NULL, 0, G_MAXINT64, 0,
                                                 flags);
  props[PROP_SERVER] = text_property ("server");
  props[PROP_USER] = text_property ("user");
  props[PROP_LOADING] = text_property ("loading");
  props[PROP_PROBLEM] = text_property ("problem");
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FORKED] = g_signal_new ("forked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
alm_sync_driver_init (AlmSyncDriver *self)
{
  self->requests = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->cancellable = g_cancellable_new ();
}

AlmSyncDriver *
alm_sync_driver_new (AlmRecords *records,
                     gboolean    follow)
{
  AlmSyncDriver *self = g_object_new (ALM_TYPE_SYNC_DRIVER, NULL);
  AlmRandom random;

  alm_random_system (&random);
  self->records = g_object_ref (records);
  self->follow = follow;
  self->machine = alm_sync_machine_new (&random, follow);

  return self;
}

AlmSyncState
alm_sync_driver_get_state (AlmSyncDriver *self)
{
  return self->state;
}

guint
alm_sync_driver_get_waiting (AlmSyncDriver *self)
{
  return self->counts.waiting;
}

guint
alm_sync_driver_get_conflicts (AlmSyncDriver *self)
{
  return self->counts.conflicts;
}

guint
alm_sync_driver_get_refused (AlmSyncDriver *self)
{
  return self->counts.refused;
}

guint
alm_sync_driver_get_strays (AlmSyncDriver *self)
{
  return self->counts.stray;
}

void
alm_sync_driver_get_blobs (AlmSyncDriver *self,
                           guint         *done,
                           guint         *total)
{
  const AlmSyncStatus *status = alm_sync_machine_get_status (self->machine);

  *done = self->counts.blobs > 0 ? status->blobs_done - self->blobs_before : 0;
  *total = *done + self->counts.blobs;
}

gint64
alm_sync_driver_get_last_contact (AlmSyncDriver *self)
{
  return self->counts.last_contact_us;
}

const char *
alm_sync_driver_get_server (AlmSyncDriver *self)
{
  return self->server;
}

const char *
alm_sync_driver_get_user (AlmSyncDriver *self)
{
  return self->user;
}

const char *
alm_sync_driver_get_loading (AlmSyncDriver *self)
{
  return self->loading;
}

const char *
alm_sync_driver_get_problem (AlmSyncDriver *self)
{
  return self->problem;
}

const AlmSyncStatus *
alm_sync_driver_get_status (AlmSyncDriver *self)
{
  return alm_sync_machine_get_status (self->machine);
}

const GPtrArray *
alm_sync_driver_get_copies (AlmSyncDriver *self)
{
  return alm_sync_machine_get_copies (self->machine);
}
