/* SPDX-License-Identifier: EUPL-1.2 */

/* user …, desk …, audit: what a manager and an auditor do (sync.md, section 7).
 *
 * The profile says which server and, with its token, who asks; everything else
 * is the server's.  One request after the other, in a main loop of its own. */

#include "config.h"

#include "alm-cli-admin.h"

#include "alm-cli-desk.h"
#include "alm-cli-password.h"
#include "alm-desk.h"
#include "alm-http-client.h"
#include "alm-json.h"
#include "alm-sync-job.h"
#include "alm-token-store.h"
#include "alm-wire-history.h"
#include "alm-wire.h"

#include <string.h>

#define ANSWER_MAX (64 * 1024 * 1024)
#define PATIENCE_S 60

enum {
  USER_LIST, USER_ADD, USER_PASSWORD, USER_ENABLE, USER_DISABLE, USER_GRANT, USER_REVOKE,
  DESK_LIST, DESK_REVOKE, AUDIT
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

/* The answer's text if it is what was hoped for; NULL after saying why not. */
static GBytes *
ask (Session        *self,
     const char     *method,
     const char     *path,
     const AlmValue *body)
{
  g_autofree char *text = body != NULL ? alm_value_to_text (body) : NULL;
  g_autoptr (GBytes) sent = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr (AlmHttpReply) reply = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GError) error = NULL;

  alm_http_client_send_async (self->client, method, path, sent, NULL, NULL, PATIENCE_S, NULL,
                              done_cb, self);
  g_main_loop_run (self->loop);
  reply = alm_http_client_send_finish (self->client, self->result, &error);
  if (reply != NULL)
    plain = alm_sync_open_body (reply->body, ANSWER_MAX, &error);
  if (plain == NULL)
    {
      alm_cli_fail (self->place, "%s", error->message);
      return NULL;
    }
  if (reply->status >= 200 && reply->status < 300)
    return g_steal_pointer (&plain);

  {
    g_auto (AlmWireProblem) problem = { 0 };
    gsize size;
    const char *data = g_bytes_get_data (plain, &size);
    alm_wire_problem_parse (&problem, data, size);
    alm_cli_fail (self->place, "%s", problem.detail != NULL ? problem.detail
                                                            : "the server said no");
  }

  return NULL;
}

/* The lines of an answer; (transfer full) (element-type AlmValue), NULL after
 * saying what is wrong with them. */
static GPtrArray *
read_lines (Session *self,
            GBytes  *answer)
{
  g_autoptr (GPtrArray) values =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (GError) error = NULL;
  AlmWireLines lines;
  const char *line;
  gsize length;
  gsize size;
  gconstpointer data = g_bytes_get_data (answer, &size);

  alm_wire_lines_start (&lines, data, size);
  while (alm_wire_lines_next (&lines, &line, &length))
    {
      AlmValue *value = alm_json_parse (line, (gssize) length, NULL, &error);

      if (value == NULL)
        {
          alm_cli_fail (self->place, "the server's answer: %s", error->message);
          return NULL;
        }
      g_ptr_array_add (values, value);
    }

  return g_steal_pointer (&values);
}

/* Asks and prints each line of the answer. */
static int
ask_and_say (Session         *self,
             const char      *method,
             const char      *path,
             const AlmValue  *body)
{
  g_autoptr (GBytes) answer = ask (self, method, path, body);
  g_autoptr (GPtrArray) lines = answer != NULL ? read_lines (self, answer) : NULL;

  if (lines == NULL)
    return ALM_CLI_REFUSED;
  for (guint i = 0; i < lines->len; i++)
    alm_cli_say (lines->pdata[i]);

  return ALM_CLI_DONE;
}

static char *
history_path (const AlmId *id)
{
  g_autofree char *text = alm_id_to_text (id);

  return g_strdup_printf ("/v1/records/%s/history", text);
}

GPtrArray *
alm_cli_ask_history (AlmCli      *cli,
                     const char  *place,
                     const AlmId *id)
{
  g_auto (Session) session = { 0 };
  g_autofree char *path = history_path (id);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = NULL;
  const char *data;
  gsize size;

  if (session_open (&session, cli, place))
    answer = ask (&session, "GET", path, NULL);
  if (answer == NULL)
    return NULL;

  data = g_bytes_get_data (answer, &size);
  entries = alm_wire_history_parse (id, data != NULL ? data : "", size, &error);
  if (entries == NULL)
    alm_cli_fail (place, "the server's answer: %s", error->message);

  return entries;
}

gboolean
alm_cli_say_server_history (AlmCli      *cli,
                            const AlmId *id)
{
  g_auto (Session) session = { 0 };
  g_autofree char *path = history_path (id);

  return session_open (&session, cli, "history")
         && ask_and_say (&session, "GET", path, NULL) == ALM_CLI_DONE;
}

static char *
user_path (const char *name,
           const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strconcat ("/v1/users/", escaped, rest, NULL);
}

static int
list (AlmCli              *cli,
      const AlmCliCommand *command,
      const char          *path,
      int                  argc)
{
  g_auto (Session) session = { 0 };

  if (argc != 0)
    return alm_cli_usage (command, "nothing is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  return ask_and_say (&session, "GET", path, NULL);
}

static int
user_list (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  return list (cli, &alm_cli_admin_commands[USER_LIST], "/v1/users", argc);
}

static int
desk_list (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  return list (cli, &alm_cli_admin_commands[DESK_LIST], "/v1/desks", argc);
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
  g_autoptr (AlmValue) body = alm_value_new_object ();
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

  alm_value_set_text (body, "name", argv[0]);
  alm_value_set_text (body, "title", title != NULL ? title : argv[0]);
  alm_value_set_text (body, "password", password);

  return ask_and_say (&session, "POST", "/v1/users", body);
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
  g_autoptr (AlmValue) body = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;
  g_autofree char *path = NULL;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  password = alm_cli_read_password (file, &error);
  if (password == NULL)
    return alm_cli_fail (command->words, "%s", error->message);

  alm_value_set_text (body, "password", password);
  path = user_path (argv[0], "");

  return ask_and_say (&session, "PATCH", path, body);
}

static int
set_enabled (AlmCli               *cli,
             const AlmCliCommand  *command,
             gboolean              enabled,
             int                   argc,
             char                **argv)
{
  g_auto (Session) session = { 0 };
  g_autoptr (AlmValue) body = alm_value_new_object ();
  g_autofree char *path = NULL;

  if (argc != 1)
    return alm_cli_usage (command, "one name of a user is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  alm_value_set (body, "enabled", alm_value_new_boolean (enabled));
  path = user_path (argv[0], "");

  return ask_and_say (&session, "PATCH", path, body);
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

/* The grants that @name has, but for @role in @scope; NULL after saying why. */
static AlmValue *
other_grants (Session    *self,
              const char *name,
              const char *role,
              const char *scope,
              gboolean   *found)
{
  g_autoptr (GBytes) answer = ask (self, "GET", "/v1/users", NULL);
  g_autoptr (GPtrArray) users = answer != NULL ? read_lines (self, answer) : NULL;
  const AlmValue *grants = NULL;
  AlmValue *others;

  if (users == NULL)
    return NULL;
  for (guint i = 0; i < users->len; i++)
    if (g_strcmp0 (alm_value_get_text_of (users->pdata[i], "name"), name) == 0)
      grants = alm_value_get (users->pdata[i], "grants");
  if (grants == NULL)
    {
      alm_cli_fail (self->place, "there is no user %s", name);
      return NULL;
    }

  *found = FALSE;
  others = alm_value_new_list ();
  for (guint i = 0; i < alm_value_get_size (grants); i++)
    {
      AlmValue *grant = alm_value_get_item (grants, i);

      if (g_strcmp0 (alm_value_get_text_of (grant, "role"), role) == 0
          && g_strcmp0 (alm_value_get_text_of (grant, "scope"), scope) == 0)
        *found = TRUE;
      else
        alm_value_append (others, alm_value_ref (grant));
    }

  return others;
}

/* @grants: (transfer full) */
static int
put_grants (Session    *self,
            const char *name,
            AlmValue   *grants)
{
  g_autoptr (AlmValue) body = alm_value_new_object ();
  g_autofree char *path = user_path (name, "/grants");

  alm_value_set (body, "grants", grants);

  return ask_and_say (self, "PUT", path, body);
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
  g_autoptr (GError) error = NULL;
  AlmValue *grant;
  gboolean found;

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 3)
    return alm_cli_usage (command, "a user, a role and a scope are wanted");
  if (file != NULL && (area = alm_cli_read_area (file, &error)) == NULL)
    return alm_cli_fail (file, "%s", error->message);
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  grants = other_grants (&session, argv[0], argv[1], argv[2], &found);
  if (grants == NULL)
    return ALM_CLI_REFUSED;

  grant = alm_value_new_object ();
  alm_value_set_text (grant, "role", argv[1]);
  alm_value_set_text (grant, "scope", argv[2]);
  alm_value_set_text (grant, "from", from);
  alm_value_set_text (grant, "until", until);
  if (area != NULL)
    alm_value_set (grant, "area", g_steal_pointer (&area));
  if (classes != NULL)
    alm_value_set (grant, "classes", split_classes (classes));
  alm_value_append (grants, grant);

  return put_grants (&session, argv[0], g_steal_pointer (&grants));
}

static int
user_revoke (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[USER_REVOKE];
  g_auto (Session) session = { 0 };
  g_autoptr (AlmValue) grants = NULL;
  gboolean found;

  if (argc != 3)
    return alm_cli_usage (command, "a user, a role and a scope are wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;
  grants = other_grants (&session, argv[0], argv[1], argv[2], &found);
  if (grants == NULL)
    return ALM_CLI_REFUSED;
  if (!found)
    return alm_cli_fail (command->words, "%s is not %s in %s", argv[0], argv[1], argv[2]);

  return put_grants (&session, argv[0], g_steal_pointer (&grants));
}

static int
desk_revoke (AlmCli  *cli,
             int      argc,
             char   **argv)
{
  const AlmCliCommand *command = &alm_cli_admin_commands[DESK_REVOKE];
  g_auto (Session) session = { 0 };
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *path = NULL;
  AlmId id;

  if (argc != 1 || !alm_id_parse (&id, argv[0]))
    return alm_cli_usage (command, "the id of a desk is wanted");
  if (!session_open (&session, cli, command->words))
    return ALM_CLI_REFUSED;

  path = g_strconcat ("/v1/desks/", argv[0], NULL);
  answer = ask (&session, "DELETE", path, NULL);
  if (answer == NULL)
    return ALM_CLI_REFUSED;
  said = alm_value_new_object ();
  alm_value_set_text (said, "desk", argv[0]);
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
      g_autofree char *path = g_strdup_printf ("/v1/audit?after=%" G_GINT64_FORMAT, after);
      g_autoptr (GBytes) answer = ask (&session, "GET", path, NULL);
      g_autoptr (GPtrArray) lines = answer != NULL ? read_lines (&session, answer) : NULL;

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
  [DESK_REVOKE] = { "desk revoke", desk_revoke, "DESK" },
  [AUDIT] = { "audit", audit, "[--after I]" },
  { NULL }
};
