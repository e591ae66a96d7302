/* SPDX-License-Identifier: EUPL-1.2 */

/* A record's history, asked for when somebody wants to see it: it is not kept here.
 * Main thread; parse_job() in the pool, because an answer may be long. */

#include "config.h"

#include "alm-sync-history.h"

#include "alm-net-error.h"
#include "alm-pool.h"
#include "alm-sync-driver-private.h"
#include "alm-sync-job.h"
#include "alm-wire-history.h"

#define HISTORY_S 20
#define UNPACKED_MAX (64u << 20)

typedef struct
{
  AlmId   id;
  GBytes *body;
} Question;

static void
question_free (Question *question)
{
  g_clear_pointer (&question->body, g_bytes_unref);
  g_free (question);
}

static void
parse_job (GTask    *task,
           gpointer  data)
{
  Question *question = data;
  GError *error = NULL;
  g_autoptr (GBytes) plain = alm_sync_open_body (question->body, UNPACKED_MAX, &error);
  GPtrArray *changes = NULL;

  if (plain != NULL)
    {
      gsize length;
      const char *text = g_bytes_get_data (plain, &length);

      changes = alm_wire_history_parse (&question->id, text != NULL ? text : "", length, &error);
    }

  if (changes != NULL)
    g_task_return_pointer (task, changes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
fail (GTask              *task,
      const AlmHttpReply *reply)
{
  if (reply->status == 404)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             "the server does not know this record");
  else if (reply->status == 401)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "nobody is signed in");
  else
    g_task_return_new_error (task, ALM_NET_ERROR, ALM_NET_ERROR_ANSWER,
                             "the server answered %u", reply->status);
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
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
      fail (task, reply);
      return;
    }

  question->body = g_bytes_ref (reply->body);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, parse_job, g_steal_pointer (&task));
}

void
alm_sync_driver_history_async (AlmSyncDriver       *self,
                               const AlmId         *id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);
  char text[ALM_ID_TEXT_SIZE];
  g_autofree char *path = NULL;

  g_return_if_fail (ALM_IS_SYNC_DRIVER (self));
  g_return_if_fail (id != NULL);

  question->id = *id;
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  if (self->client == NULL || !self->has_token)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "nobody is signed in");
      return;
    }

  alm_id_print (id, text);
  path = g_strdup_printf ("/v1/records/%s/history", text);
  alm_http_client_send_async (self->client, "GET", path, NULL, NULL, NULL, HISTORY_S, cancellable,
                              replied_cb, g_steal_pointer (&task));
}

GPtrArray *
alm_sync_driver_history_finish (AlmSyncDriver  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
