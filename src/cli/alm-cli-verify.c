/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl verify` and `backup`: beside whoever is writing. */

#include "config.h"

#include "alm-backup.h"
#include "alm-cli-desk.h"
#include "alm-hub.h"

#include <string.h>

static void
say_finding (const char *place,
             const char *what)
{
  g_autoptr (AlmValue) line = alm_value_new_object ();

  alm_value_set_text (line, "place", place);
  alm_value_set_text (line, "finding", what);
  alm_cli_say (line);
}

static void
say_finding_cb (const char *place,
                const char *what,
                gpointer    user_data)
{
  say_finding (place, what);
}

static int
say_end (gint64 records,
         gint64 commands,
         gint64 problems)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();

  alm_value_set (answer, "ok", alm_value_new_boolean (problems == 0));
  alm_value_set_integer (answer, "records", records);
  alm_value_set_integer (answer, "commands", commands);
  alm_value_set_integer (answer, "problems", problems);
  alm_cli_say (answer);

  return problems == 0 ? ALM_CLI_DONE : ALM_CLI_REFUSED;
}

static int
verify_profile (AlmCli *cli)
{
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "verify", ALM_DESK_READ);
  g_autoptr (GError) error = NULL;
  AlmVerifyCounts counts;

  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if (!alm_desk_verify (desk, say_finding_cb, NULL, &counts, &error))
    {
      say_finding ("profile.db", error->message);
      counts.problems++;
    }

  return say_end (counts.records, counts.commands, counts.problems);
}

/* Where it is a server's: its chains, hashes, digests and attached files too. */
static gboolean
verify_hub (const char  *dir,
            gboolean     is_backup,
            GPtrArray   *findings,
            GError     **error)
{
  g_autoptr (AlmServerStore) store = NULL;

  if (!alm_hub_exists (dir))
    return TRUE;
  store = alm_hub_open (dir, is_backup ? ALM_HUB_FROZEN : ALM_HUB_READ, error);

  return store != NULL && alm_hub_verify (store, findings, error)
         && alm_hub_verify_blobs (store, dir, findings, error);
}

static int
verify_folder (const char *dir,
               gboolean    is_backup)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gint64 records, commands;

  if ((is_backup && !alm_backup_check (dir, findings, &error))
      || !alm_backup_check_databases (dir, is_backup, findings, &records, &commands, &error)
      || (findings->len == 0 && !verify_hub (dir, is_backup, findings, &error)))
    return alm_cli_fail_error ("verify", error);

  for (guint i = 0; i < findings->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (findings->pdata[i], ": ", 2);

      say_finding (words[0], words[1] != NULL ? words[1] : "");
    }

  return say_end (records, commands, findings->len);
}

int
alm_cli_verify (AlmCli  *cli,
                int      argc,
                char   **argv)
{
  static const AlmCliCommand command = { "verify", alm_cli_verify,
                                         "--profile DIR | --data DIR | --backup DIR" };
  g_autofree char *data = NULL;
  g_autofree char *backup = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, NULL, NULL },
    { "backup", 0, 0, G_OPTION_ARG_FILENAME, &backup, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0 || (data != NULL && backup != NULL))
    return alm_cli_usage (&command, "one folder");

  if (data != NULL || backup != NULL)
    return verify_folder (data != NULL ? data : backup, backup != NULL);

  return verify_profile (cli);
}

int
alm_cli_backup (AlmCli  *cli,
                int      argc,
                char   **argv)
{
  static const AlmCliCommand command = { "backup", alm_cli_backup,
                                         "--profile DIR | --data DIR --to DIR2" };
  g_autofree char *data = NULL;
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &to, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmValue) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0 || to == NULL)
    return alm_cli_usage (&command, "from where, to where");

  answer = alm_backup_make (data != NULL ? data : cli->profile, to, &error);
  if (answer == NULL)
    return alm_cli_fail_error ("backup", error);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}
