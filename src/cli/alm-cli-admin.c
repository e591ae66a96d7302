/* SPDX-License-Identifier: EUPL-1.2 */

/* user …, desk …, audit, erasures: what a manager and an auditor do (sync.md, section 7).
 *
 * The profile says which server and, with its token, who asks; everything else
 * is the server's.  One request after the other, in a main loop of its own. */

#include "config.h"

#include "alm-cli-admin.h"

#include "alm-admin-client.h"
#include "alm-cli-desk.h"
#include "alm-cli-password.h"
#include "alm-desk.h"
#include "alm-http-client.h"
#include "alm-token-store.h"
#include "alm-wire-history.h"

#include <string.h>

enum {
  USER_LIST, USER_ADD, USER_PASSWORD, USER_ENABLE, USER_DISABLE, USER_GRANT, USER_REVOKE,
  DESK_LIST, DESK_REVOKE, AUDIT, ERASURES
};

typedef struct
{
  const char    *place;
  AlmHttpClient *client;
  GMainLoop     *loop;
  GAsyncResult  *result;
} Session;

static void
session_clear (Session *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->result);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Session *self = user_data;

  g_set_object (&self->result, result);
  g_main_loop_quit (self->loop);
}

/* The profile's server and token; FALSE after saying what is missing. */
static gboolean
session_open (Session    *self,
              AlmCli     *cli,
              const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, place, ALM_DESK_READ);
  g_autofree char *server = desk != NULL ? alm_desk_get_setting (desk, "server") : NULL;
  g_autofree char *token = NULL;

  self->place = place;
  if (desk == NULL)
    return FALSE;
  if (server != NULL)
    self->client = alm_http_client_new (server, &error);
  if (error != NULL)
    {
      alm_cli_fail (place, "%s", error->message);
      return FALSE;
    }
  if (server == NULL)
    {
      alm_cli_fail (place, "this profile has no server; log in first");
      return FALSE;
    }

  self->loop = g_main_loop_new (NULL, FALSE);
  alm_token_store_load_async (cli->profile, NULL, done_cb, self);
  g_main_loop_run (self->loop);
  token = alm_token_store_load_finish (self->result, &error);
  if (token == NULL)
    {
      alm_cli_fail (place, "%s", error != NULL ? error->message : "not logged in");
      return FALSE;
    }
  alm_http_client_set_token (self->client, token);

  return TRUE;
}

/* The lines of the answer; NULL after saying why there are none.  @request:
 * (transfer full); (element-type AlmValue) */
static GPtrArray *
ask (Session         *self,
     AlmAdminRequest *request)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *lines;

  alm_admin_send_async (self->client, request, NULL, done_cb, self);
  g_main_loop_run (self->loop);
  lines = alm_admin_send_finish (self->client, self->result, &error);
  if (lines == NULL)
    alm_cli_fail (self->place, "%s", error->message);

  return lines;
}

/* Asks and prints each line of the answer. */
static int
ask_and_say (Session         *self,
             AlmAdminRequest *request)
{
  g_autoptr (GPtrArray) lines = ask (self, request);

  if (lines == NULL)
    return ALM_CLI_REFUSED;
  for (guint i = 0; i < lines->len; i++)
    alm_cli_say (lines->pdata[i]);

  return ALM_CLI_DONE;
}

/* The lines of a record's history. */
static GPtrArray *
ask_history_lines (AlmCli      *cli,
                   const char  *place,
                   const AlmId *id)
{
  g_auto (Session) session = { 0 };

  return session_open (&session, cli, place) ? ask (&session, alm_admin_list_history (id)) : NULL;
}

GPtrArray *
alm_cli_ask_history (AlmCli      *cli,
                     const char  *place,
                     const AlmId *id)
{
  g_autoptr (GPtrArray) lines = ask_history_lines (cli, place, id);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *entries;

  if (lines == NULL)
    return NULL;
  for (guint i = 0; i < lines->len; i++)
    {
      alm_value_print (lines->pdata[i], text);
      g_string_append_c (text, '\n');
    }

  entries = alm_wire_history_parse (id, text->str, text->len, &error);
  if (entries == NULL)
    alm_cli_fail (place, "the server's answer: %s", error->message);

  return entries;
}

gboolean
alm_cli_say_server_history (AlmCli      *cli,
                            const AlmId *id)
{
  g_autoptr (GPtrArray) lines = ask_history_lines (cli, "history", id);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    alm_cli_say (lines->pdata[i]);

  return lines != NULL;
}

/* @request: (transfer full) */
static int
list (AlmCli              *cli,
      const AlmCliCommand *command,
      AlmAdminRequest     *request,
      int                  argc)
{
  g_auto (Session) session = { 0 };
  g_autoptr (AlmAdminRequest) asked = request;

  if (argc != 0)
    return alm_cli_usage (command, "nothing is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  return ask_and_say (&session, g_steal_pointer (&asked));
}

static int
user_list (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  return list (cli, &alm_cli_admin_commands[USER_LIST], alm_admin_list_users (),
               argc);
}

static int
desk_list (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  return list (cli, &alm_cli_admin_commands[DESK_LIST], alm_admin_list_desks (),
               argc);
}

static int
erasures (AlmCli  *cli,
          int      argc,
          char   **argv)
{
  return list (cli, &alm_cli_admin_commands[ERASURES], alm_admin_list_erasures (),
               argc);
}

static int
user_add (AlmCli  *cli,
          int      argc,
          char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[USER_ADD];
  g_autofree char *title = NULL;
  g_autofree char *file = NULL;
  const GOptionEntry options[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &title },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file },
    { NULL }
  };
  g_auto (Session) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  password = alm_cli_read_password (file, &error);
  if (password == NULL)
    return alm_cli_fail (command->words, "%s", error->message);

  return ask_and_say (&session, alm_admin_add_user (argv[0], title, password));
}

static int
user_password (AlmCli  *cli,
               int      argc,
               char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[USER_PASSWORD];
  g_autofree char *file = NULL;
  const GOptionEntry options[] = {
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file },
    { NULL }
  };
  g_auto (Session) session = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  password = alm_cli_read_password (file, &error);
  if (password == NULL)
    return alm_cli_fail (command->words, "%s", error->message);

  return ask_and_say (&session, alm_admin_set_password (argv[0], password));
}

static int
set_enabled (AlmCli               *cli,
             const AlmCliCommand  *command,
             gboolean              enabled,
             int                   argc,
             char                **argv)
{
  g_auto (Session) session = { 0 };

  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  return ask_and_say (&session, alm_admin_set_enabled (argv[0], enabled));
}

static int
user_enable (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  return set_enabled (cli, &alm_cli_admin_commands[USER_ENABLE], TRUE, argc, argv);
}

static int
user_disable (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  return set_enabled (cli, &alm_cli_admin_commands[USER_DISABLE], FALSE, argc, argv);
}

/* The grants that @name has; NULL after saying why not. */
static AlmValue *
ask_grants (Session    *self,
            const char *name)
{
  g_autoptr (GPtrArray) users = ask (self, alm_admin_list_users ());

  if (users == NULL)
    return NULL;
  for (guint i = 0; i < users->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (users->pdata[i], "name"), name) == 0)
      return alm_value_ref (alm_value_get (users->pdata[i], "grants"));
  alm_cli_fail (self->place, "there is no user %s", name);

  return NULL;
}

static AlmValue *
split_classes (const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, ",", 0);
  AlmValue *list = alm_value_new_list ();

  for (char **name = names; *name != NULL; name++)
    alm_value_append (list, alm_value_new_text (*name));

  return list;
}

static int
user_grant (AlmCli  *cli,
            int      argc,
            char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[USER_GRANT];
  g_autofree char *classes = NULL;
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;
  g_autofree char *file = NULL;
  const GOptionEntry options[] = {
    { "classes", 0, 0, G_OPTION_ARG_STRING, &classes },
    { "area", 0, 0, G_OPTION_ARG_FILENAME, &file },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from },
    { "until", 0, 0, G_OPTION_ARG_STRING, &until },
    { NULL }
  };
  g_auto (Session) session = { 0 };
  g_autoptr (AlmValue) grants = NULL;
  g_autoptr (AlmValue) area = NULL;
  g_autoptr (AlmValue) all = NULL;
  g_autoptr (GError) error = NULL;
  AlmValue *grant;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 3)
    return alm_cli_usage (command, "a user, a role and a scope are wanted");
  if (file != NULL && (area = alm_cli_read_area (file, &error)) == NULL)
    return alm_cli_fail (file, "%s", error->message);
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  grants = ask_grants (&session, argv[0]);
  if (grants == NULL)
    return ALM_CLI_REFUSED;

  grant = alm_admin_grant_new (argv[1], argv[2], classes != NULL ? split_classes (classes) : NULL,
                               from, until);
  if (area != NULL)
    alm_value_set (grant, "area", g_steal_pointer (&area));
  all = alm_admin_grants_with (grants, argv[1], argv[2], grant, NULL);

  return ask_and_say (&session, alm_admin_put_grants (argv[0], all));
}

static int
user_revoke (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[USER_REVOKE];
  g_auto (Session) session = { 0 };
  g_autoptr (AlmValue) grants = NULL;
  g_autoptr (AlmValue) others = NULL;
  gboolean found;

  if (argc != 3)
    return alm_cli_usage (command, "a user, a role and a scope are wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  grants = ask_grants (&session, argv[0]);
  if (grants == NULL)
    return ALM_CLI_REFUSED;
  others = alm_admin_grants_with (grants, argv[1], argv[2], NULL, &found);
  if (!found)
    return alm_cli_fail (command->words, "%s is not %s in %s", argv[0], argv[1], argv[2]);

  return ask_and_say (&session, alm_admin_put_grants (argv[0], others));
}

static int
desk_revoke (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[DESK_REVOKE];
  g_auto (Session) session = { 0 };
  g_autoptr (GPtrArray) answer = NULL;
  g_autoptr (AlmValue) said = NULL;
  gboolean lost = FALSE;
  gboolean confirm = FALSE;
  const GOptionEntry options[] = {
    { "lost", 0, 0, G_OPTION_ARG_NONE, &lost },
    { "confirm", 0, 0, G_OPTION_ARG_NONE, &confirm },
    { NULL }
  };
  AlmId id;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1 || !alm_id_parse (&id, argv[0]))
    return alm_cli_usage (command, "the id of a desk is wanted");
  if (lost && !confirm)
    return alm_cli_usage (command, "as soon as this computer meets the server, everything that"
                                   " Allmende keeps on it is deleted, also the changes that it"
                                   " has not sent yet; add --confirm");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  answer = ask (&session, alm_admin_revoke_desk (argv[0], lost));
  if (answer == NULL)
    return ALM_CLI_REFUSED;
  said = alm_value_new_object ();
  alm_value_set_text (said, "desk", argv[0]);
  alm_value_set_text (said, "state", lost ? "lost" : "revoked");
  alm_cli_say (said);

  return ALM_CLI_DONE;
}

/* Page by page until there is nothing more. */
static int
audit (AlmCli  *cli,
       int      argc,
       char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[AUDIT];
  gint64 after = 0;
  const GOptionEntry options[] = {
    { "after", 0, 0, G_OPTION_ARG_INT64, &after },
    { NULL }
  };
  g_auto (Session) session = { 0 };

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 0)
    return alm_cli_usage (command, "nothing more is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  for (;;)
    {
      g_autoptr (GPtrArray) lines = ask (&session, alm_admin_list_audit (after));

      if (lines == NULL)
        return ALM_CLI_REFUSED;
      if (lines->len == 0)
        return ALM_CLI_DONE;
      for (guint i = 0; i < lines->len; i++)
        {
          alm_cli_say (lines->pdata[i]);
          after = MAX (after + 1, alm_value_get_integer_of (lines->pdata[i], "i", 0));
        }
    }
}

const AlmCliCommand alm_cli_admin_commands[] = {
  [USER_LIST] = { "user list", user_list, "" },
  [USER_ADD] = { "user add", user_add, "NAME [--title T] [--password-file FILE|-]" },
  [USER_PASSWORD] = { "user password", user_password, "NAME [--password-file FILE|-]" },
  [USER_ENABLE] = { "user enable", user_enable, "NAME" },
  [USER_DISABLE] = { "user disable", user_disable, "NAME" },
  [USER_GRANT] = { "user grant", user_grant,
                   "NAME ROLE SCOPE [--classes a,b] [--area FILE] [--from DATE] [--until DATE]" },
  [USER_REVOKE] = { "user revoke", user_revoke, "NAME ROLE SCOPE" },
  [DESK_LIST] = { "desk list", desk_list, "" },
  [DESK_REVOKE] = { "desk revoke", desk_revoke, "DESK [--lost --confirm]" },
  [AUDIT] = { "audit", audit, "[--after I]" },
  [ERASURES] = { "erasures", erasures, "" },
  { NULL }
};
