/* SPDX-License-Identifier: EUPL-1.2 */

/* login, logout, sync, scopes, subscribe, unsubscribe, resolve, rescue, erase (sync.md,
 * section 7).
 *
 * What talks to the server runs the same driver as the window, in a main loop
 * of its own; what only looks or writes opens the profile directly. */

#include "config.h"

#include "alm-cli-sync.h"

#include "alm-cli-desk.h"
#include "alm-cli-password.h"
#include "alm-desk-erase.h"
#include "alm-desk-resolve.h"
#include "alm-desk-stray.h"
#include "alm-desk-sync.h"
#include "alm-json.h"
#include "alm-sync-driver.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
  LOGIN, LOGOUT, SYNC, SCOPES, SUBSCRIBE, UNSUBSCRIBE, RESOLVE, RESCUE, ERASE
};

/* A driver in a loop. */
typedef struct
{
  AlmRecords    *records;
  AlmSyncDriver *driver;
  GMainLoop     *loop;
  const char    *place;
  guint          pulled;      /* as last printed, with --follow */
  guint          sent;
  GHashTable    *said;        /* scope → gint64: of its first copy, as last printed */
  gint64         progress_us; /* when that was */
  gboolean       failed;
  gboolean       timed_out;
  GError        *error;
} Run;

static void
run_clear (Run *self)
{
  if (self->driver != NULL)
    alm_sync_driver_stop (self->driver);
  g_clear_object (&self->driver);
  g_clear_object (&self->records);
  g_clear_pointer (&self->said, g_hash_table_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
run_open (Run        *self,
          AlmCli     *cli,
          const char *place,
          gboolean    follow)
{
  g_autoptr (GError) error = NULL;

  *self = (Run) { .place = place };
  self->records = alm_records_open (cli->profile, &error);
  if (self->records == NULL)
    {
      alm_cli_fail (place, "%s", error->message);
      return FALSE;
    }
  alm_cli_note_fault (cli, place, alm_records_get_fault (self->records));

  self->driver = alm_sync_driver_new (self->records, follow);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->loop = g_main_loop_new (NULL, FALSE);

  return TRUE;
}

static void
login_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Run *run = user_data;

  alm_sync_driver_login_finish (ALM_SYNC_DRIVER (source), result, &run->error);
  g_main_loop_quit (run->loop);
}

static int
login (AlmCli  *cli,
       int      argc,
       char   **argv)
{
  const AlmCliCommand *command = &alm_cli_sync_commands[LOGIN];
  g_autofree char *server = NULL;
  g_autofree char *file = NULL;
  const GOptionEntry options[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &server },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file },
    { NULL }
  };
  g_auto (Run) run = { 0 };
  g_autofree char *password = NULL;
  g_autofree char *token_path = NULL;
  g_autoptr (AlmValue) said = NULL;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!run_open (&run, cli, "login", FALSE))
    return ALM_CLI_REFUSED;

  password = alm_cli_read_password (file, &run.error);
  if (password != NULL)
    {
      alm_sync_driver_login_async (run.driver, server, argv[0], password, NULL, login_cb, &run);
      memset (password, 0, strlen (password));
      g_main_loop_run (run.loop);
    }
  if (run.error != NULL)
    return alm_cli_fail ("login", "%s", run.error->message);

  token_path = g_build_filename (cli->profile, "token", NULL);
  said = alm_value_new_object ();
  alm_value_set_text (said, "user", alm_sync_driver_get_user (run.driver));
  alm_value_set_text (said, "server", alm_sync_driver_get_server (run.driver));
  alm_value_set_text (said, "token",
                      g_file_test (token_path, G_FILE_TEST_EXISTS) ? "file" : "keyring");
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

static void
logout_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Run *run = user_data;

  alm_sync_driver_logout_finish (ALM_SYNC_DRIVER (source), result, &run->error);
  g_main_loop_quit (run->loop);
}

static int
logout (AlmCli  *cli,
        int      argc,
        char   **argv)
{
  g_auto (Run) run = { 0 };
  g_autoptr (AlmValue) said = NULL;

  if (argc != 0)
    return alm_cli_usage (&alm_cli_sync_commands[LOGOUT], "no argument is wanted");
  if (!run_open (&run, cli, "logout", FALSE))
    return ALM_CLI_REFUSED;

  alm_sync_driver_logout_async (run.driver, NULL, logout_cb, &run);
  g_main_loop_run (run.loop);
  if (run.error != NULL)
    return alm_cli_fail ("logout", "%s", run.error->message);

  said = alm_value_new_object ();
  alm_value_set (said, "user", alm_value_new_null ());
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

static void
say_round (Run *run)
{
  const AlmSyncStatus *status = alm_sync_driver_get_status (run->driver);
  gboolean in_sync = status->phase == ALM_SYNC_PHASE_IN_SYNC && status->waiting == 0
                     && status->blobs == 0 && !run->failed;
  g_autoptr (AlmValue) said = alm_value_new_object ();

  alm_value_set_integer (said, "sent", status->sent);
  alm_value_set_integer (said, "ok", status->ok);
  alm_value_set_integer (said, "merged", status->merged);
  alm_value_set_integer (said, "conflict", status->conflict);
  alm_value_set_integer (said, "refused", status->refused);
  alm_value_set_integer (said, "pulled", status->pulled);
  alm_value_set_integer (said, "waiting", status->waiting);
  alm_value_set_integer (said, "blobs_waiting", status->blobs);
  alm_value_set_text (said, "state", in_sync ? "in-sync" : "waiting");
  alm_cli_say (said);
  run->pulled = status->pulled;
  run->sent = status->sent;
}

static void
done_cb (AlmSyncDriver *driver,
         gboolean       failed,
         gpointer       user_data)
{
  Run *run = user_data;

  run->failed = failed;
  g_main_loop_quit (run->loop);
}

/* With --follow: a line whenever something has come or gone; nobody waits for what will
 * never come again. */
static void
changed_cb (AlmSyncDriver *driver,
            gpointer       user_data)
{
  Run *run = user_data;
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);

  if (status->phase == ALM_SYNC_PHASE_IN_SYNC
      && (status->pulled != run->pulled || status->sent != run->sent))
    say_round (run);
  else if (status->phase == ALM_SYNC_PHASE_WRONG_SERVER)
    g_main_loop_quit (run->loop);
}

/* … and a lost desk that is empty knows no server any more. */
static void
server_cb (AlmSyncDriver *driver,
           GParamSpec    *pspec,
           gpointer       user_data)
{
  Run *run = user_data;

  if (alm_sync_driver_get_status (driver)->phase == ALM_SYNC_PHASE_LOST)
    g_main_loop_quit (run->loop);
}

/* Is it time to say how far @copy is?  The first time where it does not come at once, then
 * every second, then when it is whole. */
static gboolean
wants_saying (Run               *run,
              const AlmSyncCopy *copy,
              gboolean           is_due)
{
  const gint64 *said = g_hash_table_lookup (run->said, copy->scope);

  if (said == NULL)
    return copy->done > 0 && copy->done < copy->total;

  return *said != copy->done && (copy->done == copy->total || is_due);
}

static void
progress_cb (AlmSyncDriver *driver,
             gpointer       user_data)
{
  Run *run = user_data;
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);
  const GPtrArray *copies = alm_sync_driver_get_copies (driver);
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_due = now_us - run->progress_us >= G_USEC_PER_SEC;

  for (guint i = 0; i < copies->len; i++)
    {
      const AlmSyncCopy *copy = copies->pdata[i];

      if (!wants_saying (run, copy, is_due))
        continue;

      g_printerr ("allmendectl: sync: %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " records",
                  copy->scope, copy->done, copy->total);
      if (status->copy_left_s >= 0)
        g_printerr (", %" G_GINT64_FORMAT " s left in all", status->copy_left_s);
      g_printerr ("\n");
      g_hash_table_replace (run->said, g_strdup (copy->scope),
                            g_memdup2 (&copy->done, sizeof copy->done));
      run->progress_us = now_us;
    }
}

static void
forked_cb (AlmSyncDriver *driver,
           gpointer       user_data)
{
  g_printerr ("allmendectl: sync: this profile was a copy of another desk's; it is a desk of its"
              " own now\n");
}

static gboolean
time_over_cb (gpointer data)
{
  Run *run = data;

  run->timed_out = TRUE;
  g_main_loop_quit (run->loop);

  return G_SOURCE_CONTINUE;
}

static gboolean
interrupted_cb (gpointer data)
{
  Run *run = data;

  g_main_loop_quit (run->loop);

  return G_SOURCE_CONTINUE;
}

/* Why a round did not come to its end, as a person wants to read it. */
static int
say_failure (Run  *run,
             guint timeout_s)
{
  const AlmSyncStatus *status = alm_sync_driver_get_status (run->driver);

  if (status->phase == ALM_SYNC_PHASE_LOST)
    return alm_cli_fail ("sync", "this profile was reported lost: everything in it has been"
                                 " deleted");
  if (alm_sync_driver_get_server (run->driver) == NULL)
    return alm_cli_fail ("sync", "the profile knows no server; log in first");
  if (run->timed_out)
    return alm_cli_fail ("sync", "not finished within %u s", timeout_s);
  if (status->phase == ALM_SYNC_PHASE_SIGNED_OUT)
    return alm_cli_fail ("sync", "not logged in, or the login has ended");

  return alm_cli_fail ("sync", "%s", status->problem != NULL ? status->problem
                                                             : "the round broke off");
}

static int
sync_run (Run      *run,
          gboolean  follow,
          guint     timeout_s)
{
  guint sources[3] = { 0 };
  const AlmSyncStatus *status;

  if (timeout_s > 0)
    sources[0] = g_timeout_add_seconds (timeout_s, time_over_cb, run);
  sources[1] = g_unix_signal_add (SIGINT, interrupted_cb, run);
  sources[2] = g_unix_signal_add (SIGTERM, interrupted_cb, run);
  g_signal_connect (run->driver, "done", G_CALLBACK (done_cb), run);
  g_signal_connect (run->driver, "progress", G_CALLBACK (progress_cb), run);
  g_signal_connect (run->driver, "forked", G_CALLBACK (forked_cb), run);
  if (follow)
    {
      g_signal_connect (run->driver, "changed", G_CALLBACK (changed_cb), run);
      g_signal_connect (run->driver, "notify::server", G_CALLBACK (server_cb), run);
    }

  alm_sync_driver_start (run->driver);
  g_main_loop_run (run->loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (&sources[i], g_source_remove);

  status = alm_sync_driver_get_status (run->driver);
  if (follow)
    return status->phase == ALM_SYNC_PHASE_IN_SYNC ? ALM_CLI_DONE : say_failure (run, timeout_s);

  if (!status->done)
    run->failed = TRUE;
  say_round (run);

  return run->failed ? say_failure (run, timeout_s) : ALM_CLI_DONE;
}

static int
sync_command (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  const AlmCliCommand *command = &alm_cli_sync_commands[SYNC];
  gboolean follow = FALSE;
  int timeout_s = 0;
  const GOptionEntry options[] = {
    { "follow", 0, 0, G_OPTION_ARG_NONE, &follow },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout_s },
    { NULL }
  };
  g_auto (Run) run = { 0 };

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 0 || timeout_s < 0)
    return alm_cli_usage (command, "no argument is wanted");
  if (!run_open (&run, cli, "sync", follow))
    return ALM_CLI_REFUSED;

  return sync_run (&run, follow, (guint) timeout_s);
}

static int
scopes (AlmCli  *cli,
        int      argc,
        char   **argv)
{
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 0)
    return alm_cli_usage (&alm_cli_sync_commands[SCOPES], "no argument is wanted");

  desk = alm_cli_open_desk (cli, "scopes", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  list = alm_desk_sync_list_scopes (desk, &error);
  if (list == NULL)
    return alm_cli_fail ("scopes", "%s", error->message);

  for (guint i = 0; i < list->len; i++)
    {
      const AlmDeskScope *scope = g_ptr_array_index (list, i);
      g_autoptr (AlmValue) said = alm_value_new_object ();

      alm_value_set_text (said, "scope", scope->scope);
      alm_value_set_text (said, "title", scope->title);
      alm_value_set (said, "roles", alm_value_ref (scope->roles));
      alm_value_set (said, "classes", alm_value_ref (scope->classes));
      alm_value_set_integer (said, "records", scope->records);
      if (!scope->wanted)
        alm_value_set (said, "wanted", alm_value_new_boolean (FALSE));
      alm_cli_say (said);
    }

  return ALM_CLI_DONE;
}

static int
change_subscription (AlmCli               *cli,
                     const AlmCliCommand  *command,
                     int                   argc,
                     char                **argv,
                     gboolean              wanted)
{
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 1)
    return alm_cli_usage (command, "one scope is wanted");

  desk = alm_cli_open_desk (cli, command->words, ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!alm_desk_sync_subscribe (desk, argv[0], wanted, &error))
    return alm_cli_fail (command->words, "%s", error->message);

  return ALM_CLI_DONE;
}

static int
subscribe (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  return change_subscription (cli, &alm_cli_sync_commands[SUBSCRIBE], argc, argv, TRUE);
}

static int
unsubscribe (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  return change_subscription (cli, &alm_cli_sync_commands[UNSUBSCRIBE], argc, argv, FALSE);
}

/* --take and --value: exactly one of them. */
static gboolean
read_choice (const char  *take_text,
             const char  *value_text,
             AlmTake     *take,
             AlmValue   **value,
             GError     **error)
{
  *value = NULL;
  if ((take_text == NULL) == (value_text == NULL))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "either --take or --value is wanted");
  else if (take_text != NULL)
    {
      if (alm_take_from_text (take_text, take))
        return TRUE;
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "'%s' is none of theirs, mine, base", take_text);
    }
  else
    {
      *take = ALM_TAKE_VALUE;
      *value = alm_json_parse (value_text, -1, NULL, error);
      return *value != NULL;
    }

  return FALSE;
}

static int
resolve (AlmCli  *cli,
         int      argc,
         char   **argv)
{
  const AlmCliCommand *command = &alm_cli_sync_commands[RESOLVE];
  g_autofree char *take_text = NULL;
  g_autofree char *value_text = NULL;
  const GOptionEntry options[] = {
    { "take", 0, 0, G_OPTION_ARG_STRING, &take_text },
    { "value", 0, 0, G_OPTION_ARG_STRING, &value_text },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  AlmEditResult result;
  AlmTake take;
  AlmId conflict;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1 || !alm_id_parse (&conflict, argv[0]))
    return alm_cli_usage (command, "one conflict's id is wanted");
  if (!read_choice (take_text, value_text, &take, &value, &error))
    return alm_cli_usage (command, "%s", error->message);

  desk = alm_cli_open_desk (cli, "resolve", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!alm_desk_resolve (desk, &conflict, take, value, NULL, &result, &error))
    return alm_cli_fail ("resolve", "%s", error->message);

  said = alm_value_new_object ();
  id = alm_id_to_text (&result.id);
  alm_value_set_text (said, "id", id);
  alm_value_set_integer (said, "n", result.n);
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

static int
rescue (AlmCli  *cli,
        int      argc,
        char   **argv)
{
  const AlmCliCommand *command = &alm_cli_sync_commands[RESCUE];
  g_autofree char *scope = NULL;
  const GOptionEntry options[] = {
    { "scope", 0, 0, G_OPTION_ARG_STRING, &scope },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (GError) error = NULL;
  guint rescued, left;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 0)
    return alm_cli_usage (command, "no argument is wanted");

  desk = alm_cli_open_desk (cli, "rescue", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!alm_desk_rescue (desk, scope, &rescued, &left, &error))
    return alm_cli_fail ("rescue", "%s", error->message);

  said = alm_value_new_object ();
  alm_value_set_integer (said, "rescued", rescued);
  alm_value_set_integer (said, "left", left);
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

static int
erase (AlmCli  *cli,
       int      argc,
       char   **argv)
{
  const AlmCliCommand *command = &alm_cli_sync_commands[ERASE];
  g_auto (GStrv) names = NULL;
  g_autofree char *reason = NULL;
  const GOptionEntry options[] = {
    { "field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &names },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) fields = NULL;
  g_autoptr (AlmValue) said = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  AlmEditResult result;
  AlmId id;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1 || !alm_id_parse (&id, argv[0]) || reason == NULL)
    return alm_cli_usage (command, "a record's id and --reason are wanted");

  if (names != NULL)
    fields = alm_value_new_list ();
  for (char **name = names; name != NULL && *name != NULL; name++)
    alm_value_append (fields, alm_value_new_text (*name));
  desk = alm_cli_open_desk (cli, "erase", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!alm_desk_erase (desk, &id, fields, reason, &result, &error))
    return alm_cli_fail ("erase", "%s", error->message);

  alm_value_set_text (said, "id", argv[0]);
  alm_value_set_integer (said, "n", result.n);
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

const AlmCliCommand alm_cli_sync_commands[] = {
  [LOGIN] = { "login", login, "NAME [--password-file FILE|-] [--server URL]" },
  [LOGOUT] = { "logout", logout, "" },
  [SYNC] = { "sync", sync_command, "[--follow] [--timeout S]" },
  [SCOPES] = { "scopes", scopes, "" },
  [SUBSCRIBE] = { "subscribe", subscribe, "SCOPE" },
  [UNSUBSCRIBE] = { "unsubscribe", unsubscribe, "SCOPE" },
  [RESOLVE] = { "resolve", resolve, "CONFLICT --take theirs|mine|base | --value JSON" },
  [RESCUE] = { "rescue", rescue, "[--scope S]" },
  [ERASE] = { "erase", erase, "ID [--field F]… --reason TEXT" },
  { NULL }
};
