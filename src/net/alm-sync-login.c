/* SPDX-License-Identifier: EUPL-1.2 */

/* Login and logout of a driver, and the tokens that follow one another.
 *
 * Invariants:
 *   1. Until everything is kept (address and user in the profile, token in its
 *      place) the driver goes on as before.
 *   2. A password lives no longer than its request.
 *   3. From the training town nobody logs in, whoever asks for it.
 * Main thread. */

#include "config.h"

#include "alm-net-error.h"
#include "alm-sync-driver-private.h"
#include "alm-sync-driver.h"
#include "alm-token-store.h"
#include "alm-wire.h"

#include <string.h>

#define LOGIN_S  60
#define LOGOUT_S 10

typedef struct
{
  AlmHttpClient *client;
  char          *user;
  char          *password;
  char          *token;
  char          *server;     /* the profile's */
  char          *address;    /* of the client, for the worker */
} Login;

static void
login_free (Login *self)
{
  g_clear_object (&self->client);
  g_free (self->user);
  if (self->password != NULL)
    memset (self->password, 0, strlen (self->password));
  g_free (self->password);
  g_free (self->token);
  g_free (self->server);
  g_free (self->address);
  g_free (self);
}

static void
login_kept_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;

  if (!alm_token_store_save_finish (result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  alm_sync_driver_set_token (self, login->client, login->token, login->user);
  g_task_return_boolean (task, TRUE);
}

static void
login_noted_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  alm_token_store_save_async (alm_records_get_dir (self->records), login->token, NULL,
                              login_kept_cb, g_object_ref (task));
}

static gpointer
note_login_job (AlmDesk   *desk,
                gpointer   data,
                GError   **error)
{
  Login *login = data;

  return alm_desk_sync_note_login (desk, login->address, login->user, error) ? desk : NULL;
}

static void
fail_login (GTask              *task,
            const AlmHttpReply *reply)
{
  switch (reply->status)
    {
    case 401:
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_LOGIN,
                               "wrong name or password");
      break;

    case 409:
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_TAKEN,
                               "this profile belongs to another user; make one of your own");
      break;

    case 410:
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_TAKEN,
                               "this profile was reported lost; make one of your own");
      break;

    case 429:
    case 503:
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_LATER,
                               "too many tries: again in %u s", MAX (1, reply->retry_s));
      break;

    default:
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_ANSWER,
                               "the server answered %u", reply->status);
      break;
    }
}

static void
login_replied_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  Login *login = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AlmHttpReply) reply = alm_http_client_send_finish (ALM_HTTP_CLIENT (source), result,
                                                                &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (reply->status != 200)
    {
      fail_login (task, reply);
      return;
    }

  login->token = alm_wire_login_parse (reply->body, &error);
  if (login->token == NULL)
    {
      g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_ANSWER, "%s", error->message);
      g_clear_error (&error);
      return;
    }

  alm_records_write_async (self->records, note_login_job, login, NULL, NULL, login_noted_cb,
                           g_object_ref (task));
}

/* The server that was named, else the profile's. */
static gboolean
find_client (Login   *login,
             GError **error)
{
  if (login->client == NULL && login->server == NULL)
    {
      g_set_error (error, ALM_NET_ERROR, ALM_NET_ERROR_ADDRESS, "the profile knows no server");
      return FALSE;
    }

  if (login->client == NULL)
    login->client = alm_http_client_new (login->server, error);
  if (login->client == NULL)
    return FALSE;

  login->address = g_strdup (alm_http_client_get_address (login->client));

  return TRUE;
}

static void
login_desk_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Login *login = g_task_get_task_data (task);
  g_autofree AlmId *desk = NULL;
  g_autoptr (GBytes) body = NULL;
  GError *error = NULL;
  char *text;

  desk = alm_records_read_finish (ALM_RECORDS (source), result, &error);
  if (desk == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!find_client (login, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  text = alm_wire_login_request (login->user, login->password, desk, g_get_host_name ());
  body = g_bytes_new_with_free_func (text, strlen (text), g_free, text);
  alm_http_client_send_async (login->client, "POST", "/v1/login", body, NULL, NULL, LOGIN_S,
                              g_task_get_cancellable (task), login_replied_cb,
                              g_object_ref (task));
}

/* Whether this profile may be that user's; returns the desk's id. */
static gpointer
check_login_job (AlmDesk   *desk,
                 gpointer   data,
                 GError   **error)
{
  Login *login = data;
  g_autofree char *user = alm_desk_get_setting (desk, "user");

  if (alm_desk_is_training (desk))
    {
      g_set_error (error, ALM_NET_ERROR, ALM_NET_ERROR_TRAINING,
                   "this profile is the training town: nothing of it is ever sent");
      return NULL;
    }
  if (user != NULL && strcmp (user, login->user) != 0)
    {
      g_set_error (error, ALM_NET_ERROR, ALM_NET_ERROR_TAKEN,
                   "this profile belongs to %s; make one of your own", user);
      return NULL;
    }
  login->server = alm_desk_get_setting (desk, "server");

  return g_memdup2 (alm_desk_get_id (desk), sizeof (AlmId));
}

void
alm_sync_driver_login_async (AlmSyncDriver       *self,
                             const char          *server,
                             const char          *user,
                             const char          *password,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Login *login = g_new0 (Login, 1);
  GError *error = NULL;

  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));
  g_return_if_fail (user != NULL && password != NULL);

  login->user = g_strdup (user);
  login->password = g_strdup (password);
  g_task_set_task_data (task, login, (GDestroyNotify) login_free);
  if (server != NULL)
    {
      login->client = alm_http_client_new (server, &error);
      if (login->client == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
    }

  alm_records_read_async (self->records, check_login_job, login, NULL, g_free, cancellable,
                          login_desk_cb, g_object_ref (task));
}

gboolean
alm_sync_driver_login_finish (AlmSyncDriver  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
logout_forgotten_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!alm_token_store_save_finish (result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  alm_sync_driver_set_token (self, NULL, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

/* A server that cannot be reached keeps nobody logged in here. */
static void
logout_replied_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmSyncDriver *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHttpReply) reply = alm_http_client_send_finish (ALM_HTTP_CLIENT (source), result,
                                                                &error);

  if (reply == NULL)
    g_debug ("The server has not heard of the logout: %s", error->message);
  alm_token_store_save_async (alm_records_get_dir (self->records), NULL, NULL,
                              logout_forgotten_cb, g_object_ref (task));
}

static void
send_logout (GTask *task)
{
  AlmSyncDriver *self = g_task_get_source_object (task);

  if (self->client != NULL && self->has_token)
    alm_http_client_send_async (self->client, "POST", "/v1/logout", NULL, NULL, NULL, LOGOUT_S,
                                g_task_get_cancellable (task), logout_replied_cb,
                                g_object_ref (task));
  else
    alm_token_store_save_async (alm_records_get_dir (self->records), NULL, NULL,
                                logout_forgotten_cb, g_object_ref (task));
}

static void
logout_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!alm_sync_driver_load_finish (ALM_SYNC_DRIVER (source), result, &error))
    g_task_return_error (task, error);
  else
    send_logout (task);
}

void
alm_sync_driver_logout_async (AlmSyncDriver       *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));

  if (self->started)
    send_logout (task);
  else
    alm_sync_driver_load_async (self, logout_loaded_cb, g_object_ref (task));
}

gboolean
alm_sync_driver_logout_finish (AlmSyncDriver  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  AlmSyncDriver *driver;
  char          *token;
  guint          logins;    /* when it was told */
} NewToken;

static void
new_token_free (NewToken *self)
{
  g_object_unref (self->driver);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NewToken, new_token_free)

static void
token_kept_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (NewToken) new = user_data;
  AlmSyncDriver *self = new->driver;
  g_autoptr (GError) error = NULL;

  /* The last one stays valid until this one has been used. */
  if (!alm_token_store_save_finish (result, NULL, &error))
    g_message ("the new token could not be kept: %s", error->message);
  else if (self->has_token && self->client != NULL && self->logins == new->logins)
    alm_http_client_set_token (self->client, new->token);
}

/* The server has given this desk another token: it is used when it is stored. */
void
alm_sync_driver_change_token (AlmSyncDriver *self,
                              char          *token)
{
  g_autofree char *owned = token;
  NewToken *new;

  if (token == NULL || !self->has_token)
    return;

  new = g_new0 (NewToken, 1);
  new->driver = g_object_ref (self);
  new->token = g_steal_pointer (&owned);
  new->logins = self->logins;
  alm_token_store_replace_async (alm_records_get_dir (self->records), new->token, NULL,
                                 token_kept_cb, new);
}
