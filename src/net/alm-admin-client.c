/* SPDX-License-Identifier: EUPL-1.2 */

/* Accounts, grants, desks and the audit trail, asked of a server.
 * Main thread; parse_job() in the pool, because a list may be long. */

#include "config.h"

#include "alm-admin-client.h"

#include "alm-json.h"
#include "alm-pool.h"
#include "alm-sync-driver-private.h"
#include "alm-sync-job.h"
#include "alm-wire.h"

#include <string.h>

#define PATIENCE_S   60
#define UNPACKED_MAX (64u << 20)

G_DEFINE_QUARK (alm-admin-error-quark, alm_admin_error)

void
alm_admin_request_free (AlmAdminRequest *self)
{
  g_free (self->path);
  g_clear_pointer (&self->body, alm_value_unref);
  g_free (self);
}

/* @path, @body: (transfer full) */
static AlmAdminRequest *
request_new (const char *method,
             char       *path,
             AlmValue   *body)
{
  AlmAdminRequest *request = g_new0 (AlmAdminRequest, 1);

  request->method = method;
  request->path = path;
  request->body = body;

  return request;
}

/* A change of one account. */
static AlmAdminRequest *
change_new (const char *name,
            const char *member,
            AlmValue   *value)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  AlmValue *body = alm_value_new_object ();

  alm_value_set (body, member, value);

  return request_new ("PATCH", g_strconcat ("/v1/users/", escaped, NULL), body);
}

AlmAdminRequest *
alm_admin_list_users (void)
{
  return request_new ("GET", g_strdup ("/v1/users"), NULL);
}

AlmAdminRequest *
alm_admin_add_user (const char *name,
                    const char *title,
                    const char *password)
{
  AlmValue *body = alm_value_new_object ();

  alm_value_set_text (body, "name", name);
  alm_value_set_text (body, "title", title != NULL && *title != '\0' ? title : name);
  alm_value_set_text (body, "password", password);

  return request_new ("POST", g_strdup ("/v1/users"), body);
}

AlmAdminRequest *
alm_admin_set_password (const char *name,
                        const char *password)
{
  return change_new (name, "password", alm_value_new_text (password));
}

AlmAdminRequest *
alm_admin_set_title (const char *name,
                     const char *title)
{
  return change_new (name, "title", alm_value_new_text (title));
}

AlmAdminRequest *
alm_admin_set_enabled (const char *name,
                       gboolean    enabled)
{
  return change_new (name, "enabled", alm_value_new_boolean (enabled));
}

AlmAdminRequest *
alm_admin_put_grants (const char *name,
                      AlmValue   *grants)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  AlmValue *body = alm_value_new_object ();

  alm_value_set (body, "grants", alm_value_ref (grants));

  return request_new ("PUT", g_strconcat ("/v1/users/", escaped, "/grants", NULL), body);
}

AlmAdminRequest *
alm_admin_list_desks (void)
{
  return request_new ("GET", g_strdup ("/v1/desks"), NULL);
}

AlmAdminRequest *
alm_admin_revoke_desk (const char *desk,
                       gboolean    lost)
{
  return request_new ("DELETE", g_strconcat ("/v1/desks/", desk, lost ? "?lost=1" : "", NULL),
                      NULL);
}

AlmAdminRequest *
alm_admin_list_erasures (void)
{
  return request_new ("GET", g_strdup ("/v1/erasures"), NULL);
}

AlmAdminRequest *
alm_admin_list_audit (gint64 after)
{
  return request_new ("GET", g_strdup_printf ("/v1/audit?after=%" G_GINT64_FORMAT, after), NULL);
}

AlmAdminRequest *
alm_admin_list_history (const AlmId *id)
{
  g_autofree char *text = alm_id_to_text (id);

  return request_new ("GET", g_strconcat ("/v1/records/", text, "/history", NULL), NULL);
}

AlmValue *
alm_admin_grants_with (const AlmValue *grants,
                       const char     *role,
                       const char     *scope,
                       AlmValue       *grant,
                       gboolean       *found)
{
  AlmValue *all = alm_value_new_list ();

  if (found != NULL)
    *found = FALSE;
  for (guint i = 0; i < alm_value_get_size (grants); i++)
    {
      AlmValue *other = alm_value_get_item (grants, i);

      if (g_strcmp0 (alm_value_get_text_of (other, "role"), role) != 0
          || g_strcmp0 (alm_value_get_text_of (other, "scope"), scope) != 0)
        alm_value_append (all, alm_value_ref (other));
      else if (found != NULL)
        *found = TRUE;
    }
  if (grant != NULL)
    alm_value_append (all, grant);

  return all;
}

AlmValue *
alm_admin_grant_new (const char *role,
                     const char *scope,
                     AlmValue   *classes,
                     const char *from,
                     const char *until)
{
  AlmValue *grant = alm_value_new_object ();

  alm_value_set_text (grant, "role", role);
  alm_value_set_text (grant, "scope", scope);
  alm_value_set_text (grant, "from", from);
  alm_value_set_text (grant, "until", until);
  if (classes != NULL)
    alm_value_set (grant, "classes", classes);

  return grant;
}

/* The lines of an answer. */
static GPtrArray *
read_lines (GBytes  *plain,
            GError **error)
{
  g_autoptr (GPtrArray) values =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  AlmWireLines lines;
  const char *line;
  gsize length;
  gsize size;
  gconstpointer data = g_bytes_get_data (plain, &size);

  alm_wire_lines_start (&lines, data, size);
  while (alm_wire_lines_next (&lines, &line, &length))
    {
      AlmValue *value = alm_json_parse (line, (gssize) length, NULL, error);

      if (value == NULL)
        {
          g_prefix_error (error, "the server's answer: line %u: ", lines.number);
          return NULL;
        }
      g_ptr_array_add (values, value);
    }

  return g_steal_pointer (&values);
}

static AlmAdminError
find_code (guint       status,
           const char *code)
{
  static const struct { const char *code; AlmAdminError error; } codes[] = {
    { "bad-password", ALM_ADMIN_ERROR_PASSWORD },
    { "bad-name", ALM_ADMIN_ERROR_NAME },
    { "exists", ALM_ADMIN_ERROR_EXISTS },
    { "bad-grant", ALM_ADMIN_ERROR_GRANT },
    { "last-manager", ALM_ADMIN_ERROR_LAST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (code, codes[i].code) == 0)
      return codes[i].error;

  return status == 401 ? ALM_ADMIN_ERROR_LOGIN
       : status == 403 ? ALM_ADMIN_ERROR_FORBIDDEN
       : status == 404 ? ALM_ADMIN_ERROR_NOT_FOUND : ALM_ADMIN_ERROR_REFUSED;
}

/* @data: AlmHttpReply */
static void
parse_job (GTask    *task,
           gpointer  data)
{
  const AlmHttpReply *reply = data;
  GError *error = NULL;
  g_autoptr (GBytes) plain = alm_sync_open_body (reply->body, UNPACKED_MAX, &error);
  GPtrArray *lines = NULL;

  if (plain != NULL && reply->status >= 200 && reply->status < 300)
    lines = read_lines (plain, &error);
  else if (plain != NULL)
    {
      g_auto (AlmWireProblem) problem = { 0 };
      gsize size;
      const char *text = g_bytes_get_data (plain, &size);

      alm_wire_problem_parse (&problem, text, size);
      error = g_error_new_literal (ALM_ADMIN_ERROR, find_code (reply->status, problem.code),
                                   problem.detail != NULL ? problem.detail
                                                          : "the server said no");
    }

  if (lines != NULL)
    g_task_return_pointer (task, lines, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
replied_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  AlmHttpReply *reply = alm_http_client_send_finish (ALM_HTTP_CLIENT (source), result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_set_task_data (task, reply, (GDestroyNotify) alm_http_reply_free);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, parse_job, g_steal_pointer (&task));
}

void
alm_admin_send_async (AlmHttpClient       *client,
                      AlmAdminRequest     *request,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (AlmAdminRequest) asked = request;
  g_autofree char *text = asked->body != NULL ? alm_value_to_text (asked->body) : NULL;
  g_autoptr (GBytes) body = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  g_return_if_fail (ALM_IS_HTTP_CLIENT (client));

  alm_http_client_send_async (client, asked->method, asked->path, body, NULL, NULL, PATIENCE_S,
                              cancellable, replied_cb,
                              g_task_new (client, cancellable, callback, user_data));
}

GPtrArray *
alm_admin_send_finish (AlmHttpClient  *client,
                       GAsyncResult   *result,
                       GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *lines = alm_admin_send_finish (ALM_HTTP_CLIENT (source), result, &error);

  if (lines != NULL)
    g_task_return_pointer (task, lines, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
alm_sync_driver_admin_async (AlmSyncDriver       *driver,
                             AlmAdminRequest     *request,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (AlmAdminRequest) asked = request;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ALM_IS_SYNC_DRIVER (driver));

  task = g_task_new (driver, cancellable, callback, user_data);
  if (driver->client == NULL || !driver->has_token)
    g_task_return_new_error (task, ALM_ADMIN_ERROR, ALM_ADMIN_ERROR_LOGIN, "nobody is signed in");
  else
    alm_admin_send_async (driver->client, g_steal_pointer (&asked), cancellable, sent_cb,
                          g_steal_pointer (&task));
}

GPtrArray *
alm_sync_driver_admin_finish (AlmSyncDriver  *driver,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, driver), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
