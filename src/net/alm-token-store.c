/* SPDX-License-Identifier: EUPL-1.2 */

/* The token of a profile, at rest.  A key ring that is not there, locked away or
 * broken is no error: then the file is used.  Main thread; never blocks. */

#include "config.h"

#include "alm-token-store.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#define ATTRIBUTE "profile"

static const SecretSchema schema = {
  "de.jena.Allmende.Token", SECRET_SCHEMA_NONE,
  {
    { ATTRIBUTE, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

typedef struct
{
  char    *dir;
  char    *token;
  gboolean in_file;
  gboolean replaces;    /* in the key ring or not at all */
} Job;

static void
job_free (Job *self)
{
  g_free (self->dir);
  g_free (self->token);
  g_free (self);
}

static GTask *
make_task (const char          *dir,
           const char          *token,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->dir = g_canonicalize_filename (dir, NULL);
  job->token = g_strdup (token);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  return task;
}

static GFile *
token_file (const Job *job)
{
  g_autofree char *path = g_build_filename (job->dir, "token", NULL);

  return g_file_new_for_path (path);
}

/* Asking for a bus where none is would start one. */
static gboolean
has_session_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *socket = NULL;

  if (address != NULL)
    return strchr (address, '=') != NULL;

  socket = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

static void
file_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *token = NULL;
  GError *error = NULL;

  if (g_file_load_contents_finish (G_FILE (source), result, &token, NULL, NULL, &error))
    {
      g_strstrip (token);
      g_task_return_pointer (task, *token != '\0' ? g_steal_pointer (&token) : NULL, g_free);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      g_task_return_pointer (task, NULL, NULL);
    }
  else
    g_task_return_error (task, error);
}

static void
load_file (GTask *task)
{
  g_autoptr (GFile) file = token_file (g_task_get_task_data (task));

  g_file_load_contents_async (file, g_task_get_cancellable (task), file_loaded_cb,
                              g_object_ref (task));
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *token = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    g_debug ("No key ring: %s", error->message);
  if (token == NULL)
    {
      load_file (task);
      return;
    }

  g_task_return_pointer (task, g_strdup (token), g_free);
  secret_password_free (token);
}

void
alm_token_store_load_async (const char          *dir,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = make_task (dir, NULL, cancellable, callback, user_data);
  Job *job = g_task_get_task_data (task);

  if (has_session_bus ())
    secret_password_lookup (&schema, cancellable, looked_up_cb, g_object_ref (task),
                            ATTRIBUTE, job->dir, NULL);
  else
    load_file (task);
}

char *
alm_token_store_load_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
file_gone_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!g_file_delete_finish (G_FILE (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_error (&error);
  g_task_return_boolean (task, TRUE);
}

static void
file_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  job->in_file = TRUE;
  g_task_return_boolean (task, TRUE);
}

/* Writes the file, or, without a token or with one in the key ring, removes it. */
static void
settle_file (GTask    *task,
             gboolean  in_ring)
{
  Job *job = g_task_get_task_data (task);
  g_autoptr (GFile) file = token_file (job);

  if (job->token == NULL || in_ring)
    g_file_delete_async (file, G_PRIORITY_DEFAULT, NULL, file_gone_cb, g_object_ref (task));
  else
    g_file_replace_contents_async (file, job->token, strlen (job->token), NULL, FALSE,
                                   G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                   NULL, file_written_cb, g_object_ref (task));
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean kept = secret_password_store_finish (result, &error);

  if (!kept && job->replaces)
    {
      if (error == NULL)
        g_set_error (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "the key ring did not keep it");
      g_task_return_error (task, error);
      return;
    }
  if (error != NULL)
    g_debug ("No key ring: %s", error->message);
  g_clear_error (&error);
  settle_file (task, kept);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    g_debug ("No key ring: %s", error->message);
  settle_file (task, FALSE);
}

void
alm_token_store_save_async (const char          *dir,
                            const char          *token,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = make_task (dir, token, cancellable, callback, user_data);
  Job *job = g_task_get_task_data (task);

  if (!has_session_bus ())
    settle_file (task, FALSE);
  else if (token != NULL)
    secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, "Allmende", token, cancellable,
                           kept_cb, g_object_ref (task), ATTRIBUTE, job->dir, NULL);
  else
    secret_password_clear (&schema, cancellable, cleared_cb, g_object_ref (task),
                           ATTRIBUTE, job->dir, NULL);
}

/* A ring that is locked just now would hand out the last one again when it is open. */
void
alm_token_store_replace_async (const char          *dir,
                               const char          *token,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = make_task (dir, token, cancellable, callback, user_data);
  Job *job = g_task_get_task_data (task);
  g_autofree char *path = g_build_filename (job->dir, "token", NULL);

  job->replaces = TRUE;
  if (!has_session_bus () || g_file_test (path, G_FILE_TEST_EXISTS))
    settle_file (task, FALSE);
  else
    secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, "Allmende", token, cancellable,
                           kept_cb, g_object_ref (task), ATTRIBUTE, job->dir, NULL);
}

gboolean
alm_token_store_save_finish (GAsyncResult  *result,
                             gboolean      *in_file,
                             GError       **error)
{
  Job *job;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  job = g_task_get_task_data (G_TASK (result));
  if (in_file != NULL)
    *in_file = job->in_file;

  return g_task_propagate_boolean (G_TASK (result), error);
}
