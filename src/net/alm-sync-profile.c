/* SPDX-License-Identifier: EUPL-1.2 */

/* Whose profile it is: server and user out of the store, then the token, also where the
 * machine has got another; what its requests have cost; its scopes.  Main thread. */

#include "config.h"

#include "alm-sync-driver-private.h"
#include "alm-token-store.h"

typedef struct
{
  char *server;
  char *user;
} Settings;

static void
settings_free (Settings *self)
{
  g_free (self->server);
  g_free (self->user);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Settings, settings_free)

static gpointer
settings_job (AlmDesk   *desk,
              gpointer   data,
              GError   **error)
{
  Settings *settings = g_new0 (Settings, 1);

  settings->server = alm_desk_get_setting (desk, "server");
  settings->user = alm_desk_get_setting (desk, "user");

  return settings;
}

static void
token_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = alm_token_store_load_finish (result, &error);

  if (error != NULL)
    g_message ("The token cannot be read: %s", error->message);

  self->has_token = token != NULL;
  if (self->client != NULL)
    alm_http_client_set_token (self->client, token);
  g_task_return_boolean (task, TRUE);
}

static void
settings_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  g_autoptr (Settings) settings = NULL;
  GError *error = NULL;

  settings = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (settings == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  alm_sync_driver_set_profile (self, settings->server, settings->user);
  g_clear_object (&self->client);
  if (settings->server == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->client = alm_http_client_new (settings->server, &error);
  if (self->client == NULL)
    {
      g_message ("The profile's server cannot be asked: %s", error->message);
      g_clear_error (&error);
    }
  alm_token_store_load_async (alm_records_get_dir (self->records), NULL, token_loaded_cb,
                              g_object_ref (task));
}

void
alm_sync_driver_load_async (AlmSyncDriver       *self,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  alm_records_read_async (self->records, settings_job, NULL, NULL,
                          (GDestroyNotify) settings_free, NULL, settings_read_cb,
                          g_task_new (self, NULL, callback, user_data));
}

gboolean
alm_sync_driver_load_finish (AlmSyncDriver  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A token for the machine's KEEP. */
typedef struct
{
  AlmSyncDriver *driver;
  guint          number;
  char          *token;
} Keep;

static void
keep_free (Keep *self)
{
  g_object_unref (self->driver);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keep, keep_free)

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Keep) keep = user_data;
  AlmSyncDriver *self = keep->driver;
  g_autoptr (GError) error = NULL;

  if (!alm_token_store_save_finish (result, NULL, &error))
    {
      alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_FAILED, .error = error,
                                                   .number = keep->number });
      return;
    }

  self->has_token = keep->token != NULL;
  if (self->client != NULL)
    alm_http_client_set_token (self->client, keep->token);
  /* Without a token it is nobody's profile any more. */
  if (keep->token == NULL)
    alm_sync_driver_set_profile (self, NULL, NULL);
  alm_sync_driver_step (self, (AlmSyncEvent) { .type = ALM_SYNC_STORED, .number = keep->number });
}

void
alm_sync_driver_keep (AlmSyncDriver *self,
                      guint          number,
                      const char    *token)
{
  Keep *keep = g_new0 (Keep, 1);

  keep->driver = g_object_ref (self);
  keep->number = number;
  keep->token = g_strdup (token);
  alm_token_store_save_async (alm_records_get_dir (self->records), token, NULL, kept_cb, keep);
}

void
alm_sync_driver_get_traffic (AlmSyncDriver *self,
                             guint64       *requests,
                             guint64       *sent,
                             guint64       *received)
{
  AlmHttpTraffic traffic = { 0 };

  if (self->client != NULL)
    alm_http_client_get_traffic (self->client, &traffic);
  *requests = traffic.requests;
  *sent = traffic.sent;
  *received = traffic.received;
}

/* Scopes */

static gpointer
scopes_job (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  return alm_desk_sync_list_scopes (desk, error);
}

static void
scopes_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *scopes = alm_records_read_finish (ALM_RECORDS (source), result, &error);

  if (scopes == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, scopes, (GDestroyNotify) g_ptr_array_unref);
}

void
alm_sync_driver_scopes_async (AlmSyncDriver       *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));

  alm_records_read_async (self->records, scopes_job, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, cancellable, scopes_read_cb,
                          g_task_new (self, cancellable, callback, user_data));
}

GPtrArray *
alm_sync_driver_scopes_finish (AlmSyncDriver  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
