/* SPDX-License-Identifier: EUPL-1.2 */

/* The commands of allmended.  A process: `init` founds a server and ends, `restore`
 * brings one back from a backup and ends, `serve` answers until SIGTERM, or until a write
 * has failed. */

#include "config.h"

#include "alm-serve.h"

#include "alm-erased-file.h"
#include "alm-hub-core.h"
#include "alm-hub.h"
#include "alm-listen.h"
#include "alm-restore.h"
#include "alm-service.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define DEFAULT_ADDRESS "127.0.0.1:8741"
/* So long may those who wait still be answered after SIGTERM. */
#define STOP_MS 4000

static int
complain (const char   *place,
          const GError *error,
          int           code)
{
  g_printerr ("allmended: %s: %s\n", place, error->message);

  return code;
}

static void
say (const AlmValue *value)
{
  g_autofree char *text = alm_value_to_text (value);

  puts (text);
  fflush (stdout);
}

/* One line, without showing it where it is typed. */
static char *
read_line (FILE *file)
{
  g_autofree char *line = NULL;
  struct termios before;
  gboolean hide = tcgetattr (fileno (file), &before) == 0;
  size_t room = 0;
  ssize_t length;
  char *copy;

  if (hide)
    {
      struct termios hidden = before;

      hidden.c_lflag &= ~(tcflag_t) ECHO;
      g_printerr ("Password: ");
      tcsetattr (fileno (file), TCSAFLUSH, &hidden);
    }
  length = getline (&line, &room, file);
  if (hide)
    {
      tcsetattr (fileno (file), TCSAFLUSH, &before);
      g_printerr ("\n");
    }
  if (length < 0)
    return NULL;

  copy = g_strndup (line, (gsize) length);

  return g_strchomp (copy);
}

/* @path: "-" or NULL for standard input */
static char *
read_password (const char  *path,
               GError     **error)
{
  char *password;
  FILE *file = stdin;

  if (path != NULL && strcmp (path, "-") != 0)
    file = g_fopen (path, "re");
  if (file == NULL)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }

  password = read_line (file);
  if (file != stdin)
    fclose (file);
  if (password == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "There is no password to read");

  return password;
}

int
alm_serve_init (const char *dir,
                const char *admin,
                const char *password_file)
{
  AlmHubOptions options = { .clock = alm_clock_system () };
  g_autoptr (AlmServerStore) store = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;

  password = read_password (password_file, &error);
  if (password == NULL)
    return complain ("init", error, ALM_SERVE_FAILED);
  if (!alm_hub_check_founder (admin, password, &error))
    return complain ("init", error, ALM_SERVE_USAGE);

  store = alm_hub_open (dir, ALM_HUB_WRITE | ALM_HUB_CREATE, &error);
  if (store == NULL || !alm_hub_found (store, &options, admin, password, NULL, &said, &error))
    return complain ("init", error, ALM_SERVE_FAILED);
  say (said);

  return ALM_SERVE_DONE;
}

/* What is wrong with what was saved was wrong when it was saved: it is told, and a
 * city without a server is no better for it. */
static gboolean
complain_of (AlmServerStore  *store,
             GError         **error)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  if (!alm_hub_verify (store, findings, error))
    return FALSE;
  for (guint i = 0; i < findings->len; i++)
    g_printerr ("allmended: restore: %s\n", (char *) findings->pdata[i]);

  return TRUE;
}

typedef struct
{
  const char *path;     /* of the list of what was erased; nullable */
  char       *erasures;
  gsize       length;
  char       *epoch;
} Restored;

static void
restored_clear (Restored *self)
{
  g_free (self->erasures);
  g_free (self->epoch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restored, restored_clear)

/* Before anything is touched.  A restore that goes on where one was broken off clears its
 * folder first: the list may be the only one there is. */
static gboolean
read_erasures (Restored    *self,
               const char  *dir,
               GError     **error)
{
  g_autofree char *place = g_canonicalize_filename (self->path, NULL);
  g_autofree char *folder = g_path_get_dirname (place);
  g_autofree char *target = g_canonicalize_filename (dir, NULL);

  if (strcmp (folder, target) == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: it lies in the folder that is restored into; move it elsewhere",
                   self->path);
      return FALSE;
    }

  return g_file_get_contents (self->path, &self->erasures, &self->length, error);
}

/* What the backup's own list does not have. */
static gboolean
keep_erasures (const Restored  *self,
               const char      *dir,
               GError         **error)
{
  g_autofree char *path = g_build_filename (dir, ALM_ERASED_FILE, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autofree char *before = NULL;
  g_auto (GStrv) known = NULL;
  g_auto (GStrv) told = g_strsplit (self->erasures, "\n", 0);
  g_autoptr (GError) reason = NULL;

  if (!g_file_get_contents (path, &before, NULL, &reason)
      && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  known = g_strsplit (before != NULL ? before : "", "\n", 0);
  /* What follows the last end of a line was never answered. */
  for (guint i = 0; told[i] != NULL && told[i + 1] != NULL; i++)
    if (!g_strv_contains ((const char *const *) known, told[i]))
      g_ptr_array_add (lines, told[i]);

  return alm_erased_file_append (path, lines, error);
}

/* A backup is older than what was erased since. */
static gboolean
erase_again (const Restored       *self,
             AlmServerStore       *store,
             const AlmHubOptions  *options,
             const char           *dir,
             GError              **error)
{
  guint n;

  if (!alm_hub_apply_erasures (store, options, self->erasures, self->length, &n, error))
    {
      g_prefix_error (error, "%s: ", self->path);
      return FALSE;
    }
  g_printerr (n == 1 ? "allmended: restore: %u erasure is newer than the backup\n"
                     : "allmended: restore: %u erasures are newer than the backup\n", n);

  return keep_erasures (self, dir, error);
}

/* Takes over @store. */
static gboolean
wipe (AlmServerStore       *store,
      const AlmHubOptions  *options,
      GError              **error)
{
  AlmHubCore *core = alm_hub_core_new (store, options);
  gboolean wiped;
  gboolean done = alm_hub_core_wipe (core, &wiped, error);

  alm_hub_core_free (core);

  return done;
}

/* On the restored database, before anybody is answered from it. */
static gboolean
restored_cb (const char  *dir,
             gpointer     user_data,
             GError     **error)
{
  Restored *self = user_data;
  AlmHubOptions options = { .clock = alm_clock_system (), .blobs_dir = dir };
  g_autoptr (AlmServerStore) store = alm_hub_open (dir, ALM_HUB_WRITE, error);

  if (store == NULL || !complain_of (store, error)
      || !alm_hub_begin_epoch (store, &options, &self->epoch, error))
    return FALSE;
  if (self->erasures == NULL)
    return TRUE;

  return erase_again (self, store, &options, dir, error)
         && wipe (g_steal_pointer (&store), &options, error);
}

/* @erasures: (nullable): a list of what was erased that is newer than the backup */
int
alm_serve_restore (const char *from,
                   const char *dir,
                   const char *erasures)
{
  g_auto (Restored) restored = { .path = erasures };
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (GError) error = NULL;

  if ((erasures != NULL && !read_erasures (&restored, dir, &error))
      || !alm_restore_server (from, dir, restored_cb, &restored, &error))
    return complain ("restore", error, ALM_SERVE_FAILED);
  /* Desks bring back their work, and nobody brings back this. */
  g_printerr ("allmended: restore: accounts, rights, and which desks are revoked or lost, are as"
              " they were when the backup was made\n");
  alm_value_set_text (said, "epoch", restored.epoch);
  say (said);

  return ALM_SERVE_DONE;
}

typedef struct
{
  GMainLoop  *loop;
  AlmService *service;
  int         code;
} Run;

static gboolean
quit_cb (gpointer data)
{
  Run *run = data;

  g_main_loop_quit (run->loop);

  return G_SOURCE_REMOVE;
}

/* Once nobody waits any more there is nothing left to do. */
static gboolean
quit_when_idle_cb (gpointer data)
{
  Run *run = data;

  if (alm_front_get_waiting (alm_service_get_front (run->service)) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (run->loop);

  return G_SOURCE_REMOVE;
}

static gboolean
stop_cb (gpointer data)
{
  Run *run = data;

  alm_service_stop (run->service);
  g_timeout_add (10, quit_when_idle_cb, run);
  g_timeout_add (STOP_MS, quit_cb, run);

  return G_SOURCE_REMOVE;
}

static void
failed_cb (gpointer data)
{
  Run *run = data;

  g_printerr ("allmended: serve: the database could not be written; stopping\n");
  run->code = ALM_SERVE_FAILED;
  g_idle_add (quit_cb, run);
}

static gboolean
listen_all (AlmFront           *front,
            const char *const  *addresses,
            AlmValue           *urls,
            GError            **error)
{
  for (; *addresses != NULL; addresses++)
    {
      g_autofree char *url = NULL;

      if (!alm_front_listen (front, *addresses, &url, error))
        return FALSE;
      alm_value_append (urls, alm_value_new_text (url));
    }

  return TRUE;
}

/* @addresses: (nullable): NULL-terminated */
int
alm_serve_run (const char        *dir,
               const char *const *addresses,
               gboolean           trust_front)
{
  static const char *const usual[] = { DEFAULT_ADDRESS, NULL };
  AlmHubOptions options = { .clock = alm_clock_system () };
  Run run = { 0 };
  AlmServiceSettings settings = {
    .dir = dir, .trust_front = trust_front, .options = &options,
    .failed = failed_cb, .user_data = &run,
  };
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  AlmValue *urls = alm_value_new_list ();

  alm_value_set (said, "listening", urls);
  if (addresses == NULL || *addresses == NULL)
    addresses = usual;
  for (const char *const *address = addresses; *address != NULL; address++)
    if (!alm_listen_is_allowed (*address, &error))
      return complain ("serve", error, ALM_SERVE_USAGE);

  run.loop = g_main_loop_new (NULL, FALSE);
  run.service = alm_service_new (&settings, &error);
  if (run.service == NULL
      || !listen_all (alm_service_get_front (run.service), addresses, urls, &error))
    run.code = complain ("serve", error, ALM_SERVE_FAILED);
  else
    {
      g_unix_signal_add (SIGTERM, stop_cb, &run);
      g_unix_signal_add (SIGINT, stop_cb, &run);
      alm_value_set_text (said, "epoch", alm_service_get_epoch (run.service));
      say (said);
      g_main_loop_run (run.loop);
    }

  g_clear_pointer (&run.service, alm_service_free);
  g_main_loop_unref (run.loop);

  return run.code;
}
