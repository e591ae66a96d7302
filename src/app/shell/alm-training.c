/* SPDX-License-Identifier: EUPL-1.2 */

/* Builds the training town: allmendectl makes it up as files, then installs
 * these as a profile, both in a folder beside the wanted one, which at the end
 * is renamed.  The programs are children, so that they can be stopped.
 *
 * Invariants:
 *   1. The wanted folder is never seen half done.
 *   2. The folder that was worked in is gone before the caller hears anything,
 *      and the program does not end before that.
 *   3. Who works in such a folder holds a shared lock on the folder around it;
 *      what lies there while nobody does is left over from a program that was
 *      killed, and goes at the next start.
 * Main thread; the jobs in the pool. */

#include "config.h"

#include "alm-training.h"

#include "alm-desk.h"
#include "alm-json.h"
#include "alm-pool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct
{
  char                *program;
  char                *folder;
  char                *room;          /* what is worked in; NULL */
  int                  lock;          /* on the folder around; -1 */
  char                *town;          /* in it: the files */
  char                *profile;       /* in it: the profile */
  AlmTrainingStepFunc  step;
  gpointer             step_data;
  GSubprocess         *child;         /* NULL between two */
  GCancellable        *cancellable;
  gulong               cancelled_id;
  GApplication        *application;   /* held; NULL */
  GError              *error;         /* why it failed; NULL */
} Build;

static void
build_free (Build *build)
{
  if (build->cancelled_id != 0)
    g_cancellable_disconnect (build->cancellable, build->cancelled_id);
  if (build->application != NULL)
    g_application_release (build->application);
  g_clear_object (&build->application);
  g_clear_object (&build->cancellable);
  g_clear_object (&build->child);
  g_clear_error (&build->error);
  if (build->lock >= 0)
    close (build->lock);
  g_free (build->program);
  g_free (build->folder);
  g_free (build->room);
  g_free (build->town);
  g_free (build->profile);
  g_free (build);
}

/* Clearing up. */

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
remove_job (GTask    *task,
            gpointer  path)
{
  remove_folder (path);
  g_task_return_boolean (task, TRUE);
}

/* Where the towns of @folder are worked in, as g_mkdtemp() wants it. */
static char *
room_template (const char *folder)
{
  return g_strconcat (folder, ".XXXXXX", NULL);
}

static void
remove_rooms (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *template = room_template (folder);
  g_autofree char *base = g_path_get_basename (template);
  gsize head = strlen (base) - strlen ("XXXXXX");
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);

      if (strlen (name) == strlen (base) && strncmp (name, base, head) == 0 &&
          g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
    }
}

/* Opens the folder around @folder and clears it up, if nobody works there now.
 * -1 where there is none. */
static int
open_and_sweep (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  int fd = open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    remove_rooms (folder);

  return fd;
}

static void
sweep_job (GTask    *task,
           gpointer  folder)
{
  int fd = open_and_sweep (folder);

  if (fd >= 0)
    close (fd);
  g_task_return_boolean (task, TRUE);
}

void
alm_training_sweep_async (const char          *folder,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (folder != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_LOW, sweep_job, task);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Build *build = g_task_get_task_data (task);

  if (build->error != NULL)
    g_task_return_error (task, g_steal_pointer (&build->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* The end, good or bad.  Takes @task and @error. */
static void
settle (GTask  *task,
        GError *error)
{
  Build *build = g_task_get_task_data (task);
  GTask *removal = g_task_new (NULL, NULL, removed_cb, task);

  build->error = error;
  g_task_set_task_data (removal, g_strdup (build->room), g_free);
  if (build->room != NULL)
    {
      alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, remove_job, removal);
      return;
    }
  g_task_return_boolean (removal, TRUE);
  g_object_unref (removal);
}

/* The two programs. */

static void
cancelled_cb (GCancellable *cancellable,
              Build        *build)
{
  if (build->child != NULL)
    g_subprocess_send_signal (build->child, SIGTERM);
}

/* Takes @task. */
static void
run (GTask               *task,
     const char *const   *argv,
     GAsyncReadyCallback  callback)
{
  Build *build = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (build->cancellable, &error))
    {
      settle (task, error);
      return;
    }

  build->child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                    G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  if (build->child == NULL)
    settle (task, error);
  else
    /* Not cancellable: what is stopped has to have ended before it is cleared up. */
    g_subprocess_communicate_utf8_async (build->child, NULL, NULL, callback, task);
}

/* Whether the program did what it was asked to; else why not, in its own words. */
static gboolean
finish_run (Build         *build,
            GAsyncResult  *result,
            GError       **error)
{
  g_autoptr (GSubprocess) child = g_steal_pointer (&build->child);
  g_autofree char *said = NULL;

  if (!g_subprocess_communicate_utf8_finish (child, result, NULL, &said, error))
    return FALSE;
  if (g_subprocess_get_successful (child))
    return TRUE;

  g_strstrip (said);
  if (*said != '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, said);
  else if (g_subprocess_get_if_exited (child))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: ended with %d", build->program,
                 g_subprocess_get_exit_status (child));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: stopped by signal %d",
                 build->program, g_subprocess_get_term_sig (child));

  return FALSE;
}

static void
move_in (Build   *build,
         GError **error)
{
  int reason;

  if (g_rename (build->profile, build->folder) == 0)
    return;

  /* Another window may have been faster; then its town is as good. */
  reason = errno;
  if (!alm_training_is_there (build->folder))
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (reason), "%s: %s", build->folder,
                 g_strerror (reason));
}

static void
installed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Build *build = g_task_get_task_data (task);
  GError *error = NULL;

  if (finish_run (build, result, &error) &&
      !g_cancellable_set_error_if_cancelled (build->cancellable, &error))
    move_in (build, &error);

  settle (task, error);
}

static void
generated_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Build *build = g_task_get_task_data (task);
  const char *const argv[] = {
    build->program, "town", "install", build->town, "--profile", build->profile, NULL
  };
  GError *error = NULL;

  if (!finish_run (build, result, &error))
    {
      settle (task, error);
      return;
    }
  if (build->step != NULL)
    build->step (1, build->step_data);
  run (task, argv, installed_cb);
}

static gboolean
make_room (Build   *build,
           GError **error)
{
  g_autofree char *parent = g_path_get_dirname (build->folder);
  g_autofree char *room = room_template (build->folder);

  if (g_mkdir_with_parents (parent, 0700) == 0)
    {
      build->lock = open_and_sweep (build->folder);
      /* Somebody may be clearing up just now.  Where there are no locks nobody does. */
      if (build->lock >= 0)
        flock (build->lock, LOCK_SH);
    }
  if (build->lock < 0 || g_mkdtemp_full (room, 0700) == NULL)
    {
      int reason = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (reason), "%s: %s", parent,
                   g_strerror (reason));
      return FALSE;
    }
  build->room = g_steal_pointer (&room);
  build->town = g_build_filename (build->room, "town", NULL);
  build->profile = g_build_filename (build->room, "profile", NULL);

  return TRUE;
}

static void
make_room_job (GTask    *task,
               gpointer  build)
{
  GError *error = NULL;

  if (make_room (build, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
room_made_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Build *build = g_task_get_task_data (task);
  const char *const argv[] = {
    build->program, "town", "generate", "--size", "small", "--out", build->town, NULL
  };
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      settle (task, error);
      return;
    }
  if (build->step != NULL)
    build->step (0, build->step_data);
  run (task, argv, generated_cb);
}

void
alm_training_build_async (const char          *program,
                          const char          *folder,
                          AlmTrainingStepFunc  step,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *task, *first;
  Build *build;

  g_return_if_fail (program != NULL);
  g_return_if_fail (folder != NULL);

  build = g_new0 (Build, 1);
  build->program = g_strdup (program);
  build->folder = g_strdup (folder);
  build->lock = -1;
  build->step = step;
  build->step_data = user_data;
  build->application = g_application_get_default ();
  if (build->application != NULL)
    {
      g_object_ref (build->application);
      g_application_hold (build->application);
    }
  if (cancellable != NULL)
    {
      build->cancellable = g_object_ref (cancellable);
      build->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), build,
                                                   NULL);
    }
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, build, (GDestroyNotify) build_free);
  g_task_set_source_tag (task, alm_training_build_async);

  first = g_task_new (NULL, NULL, room_made_cb, task);
  g_task_set_task_data (first, build, NULL);
  alm_pool_submit (alm_pool_shared (), G_PRIORITY_DEFAULT, make_room_job, first);
}

gboolean
alm_training_build_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, alm_training_build_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* (transfer full) */
char *
alm_training_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "allmende", "training", NULL);
}

/* (transfer full) */
char *
alm_training_town (const char *profile)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) mark = NULL;
  const char *town = NULL;
  gsize length;

  g_return_val_if_fail (profile != NULL, NULL);

  path = g_build_filename (profile, ALM_DESK_TRAINING_FILE, NULL);
  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  /* What is marked is no real data, even where the mark cannot be read. */
  mark = alm_json_parse (text, (gssize) length, NULL, NULL);
  if (mark != NULL && alm_value_is (mark, ALM_VALUE_OBJECT))
    town = alm_value_get_text_of (mark, "town");

  return g_strdup (town != NULL ? town : "Kranichfurt");
}

gboolean
alm_training_is_there (const char *folder)
{
  g_autofree char *database = NULL;
  g_autofree char *town = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);

  database = g_build_filename (folder, "profile.db", NULL);
  town = alm_training_town (folder);

  return town != NULL && g_file_test (database, G_FILE_TEST_EXISTS);
}
