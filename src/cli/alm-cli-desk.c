/* SPDX-License-Identifier: EUPL-1.2 */

/* The commands about a profile (sync.md, section 7). */

#include "config.h"

#include "alm-cli-desk.h"

AlmDesk *
alm_cli_open_desk (AlmCli       *cli,
                   const char   *place,
                   AlmDeskFlags  flags)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (cli->profile, flags, NULL, &error);

  if (desk == NULL)
    alm_cli_fail_error (place, error);
  else
    {
      g_autofree char *fault = alm_desk_get_fault (desk);

      alm_cli_note_fault (cli, place, fault);
    }

  return desk;
}

void
alm_cli_note_fault (AlmCli     *cli,
                    const char *place,
                    const char *fault)
{
  if (fault == NULL || cli->partly)
    return;

  cli->partly = TRUE;
  alm_cli_fail (place, "the profile is damaged: %s; the answer may not be all of it", fault);
}

int
alm_cli_fail_error (const char   *place,
                    const GError *error)
{
  return alm_cli_fail (place, "%s", error->message);
}

/* For what somebody has written wrongly; returns FALSE. */
gboolean
alm_cli_refuse (GError     **error,
                const char  *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, text);

  return FALSE;
}

static int
run_init (AlmCli  *cli,
          int      argc,
          char   **argv)
{
  static const AlmCliCommand command = { "init", run_init, "[--server URL] [--title TEXT]" };
  g_autofree char *server = NULL;
  g_autofree char *title = NULL;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &server, NULL, NULL },
    { "title", 0, 0, G_OPTION_ARG_STRING, &title, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *shown = g_filename_display_name (cli->profile);

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (&command, "no further words");

  desk = alm_cli_open_desk (cli, "init", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if ((server != NULL && !alm_desk_set_setting (desk, "server", server, &error))
      || (title != NULL && !alm_desk_set_setting (desk, "title", title, &error)))
    return alm_cli_fail_error ("init", error);

  id = alm_id_to_text (alm_desk_get_id (desk));
  alm_value_set_text (answer, "profile", shown);
  alm_value_set_text (answer, "desk", id);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static int
run_status (AlmCli  *cli,
            int      argc,
            char   **argv)
{
  static const AlmCliCommand command = { "status", run_status, "" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (argc > 0)
    return alm_cli_usage (&command, "no further words");

  desk = alm_cli_open_desk (cli, "status", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  answer = alm_desk_describe (desk, &error);
  if (answer == NULL)
    return alm_cli_fail_error ("status", error);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static void
say_row (const AlmRow *row)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *id = alm_id_to_text (&row->id);

  alm_value_set_text (answer, "id", id);
  alm_value_set_text (answer, "scope", row->scope);
  alm_value_set_text (answer, "kind", row->kind);
  alm_value_set (answer, "fields", alm_value_ref (row->fields));
  alm_value_set_integer (answer, "ver", row->ver);
  alm_value_set (answer, "deleted", alm_value_new_boolean (row->deleted));
  alm_cli_say (answer);
}

static int
run_get (AlmCli  *cli,
         int      argc,
         char   **argv)
{
  static const AlmCliCommand command = { "get", run_get, "ID…" };
  g_autoptr (AlmDesk) desk = NULL;
  int code = ALM_CLI_DONE;

  if (argc == 0)
    return alm_cli_usage (&command, "which record?");

  desk = alm_cli_open_desk (cli, "get", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  for (int i = 0; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmRow) row = NULL;
      AlmId id;

      if (!alm_id_parse (&id, argv[i]))
        code = alm_cli_fail ("get", "'%s' is no id", argv[i]);
      else if ((row = alm_desk_get (desk, &id, &error)) == NULL)
        code = alm_cli_fail_error ("get", error);
      else
        say_row (row);
    }

  return code;
}

const AlmCliCommand alm_cli_desk_commands[] = {
  { "init", run_init, "[--server URL] [--title TEXT]" },
  { "status", run_status, "" },
  { "edit", alm_cli_edit, "[FILE|-] [-c JSON]… [--atomic] [--confirm]" },
  { "get", run_get, "ID…" },
  { "model add", alm_cli_model_add, "FILE|NAME" },
  { "model list", alm_cli_model_list, "" },
  { "history", alm_cli_history, "ID" },
  { "undo", alm_cli_undo, "--n N | --import UUID | --id ID --seq N|--to SEQ" },
  { "queue dismiss", alm_cli_queue_dismiss, "N" },
  { "queue", alm_cli_queue, "[--refused]" },
  { "conflicts", alm_cli_conflicts, "[--id ID] [--all]" },
  { "move", alm_cli_move, "--from local --to SCOPE [ID…]" },
  { "verify", alm_cli_verify, "--profile DIR | --data DIR | --backup DIR" },
  { "backup", alm_cli_backup, "--profile DIR | --data DIR --to DIR2" },
  { NULL }
};
