/* SPDX-License-Identifier: EUPL-1.2 */

/* What was done: history, undo, the queue, conflicts, and records that move out
 * of `local`. */

#include "config.h"

#include "alm-cli-admin.h"
#include "alm-cli-desk.h"
#include "alm-desk-history.h"
#include "alm-json.h"

#include <string.h>

static void
set_or_null (AlmValue   *object,
             const char *key,
             const char *text)
{
  alm_value_set (object, key, text != NULL ? alm_value_new_text (text) : alm_value_new_null ());
}

static void
say_left (const char *left)
{
  g_auto (GStrv) words = g_strsplit (left, " ", 3);
  g_autoptr (AlmValue) answer = alm_value_new_object ();

  alm_value_set_text (answer, "id", words[0]);
  alm_value_set_text (answer, "field", words[1]);
  alm_value_set_text (answer, "by", words[2]);
  alm_cli_say (answer);
}

static int
undo_and_say (AlmDesk    *desk,
              gint64      n,
              const char *batch)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  guint undone = 0;

  if (!alm_desk_undo (desk, n, batch, &undone, left, &error))
    return alm_cli_fail_error ("undo", error);

  for (guint i = 0; i < left->len; i++)
    say_left (left->pdata[i]);
  alm_value_set_integer (answer, "undone", undone);
  alm_value_set_integer (answer, "left", left->len);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

/* The place of version @seq in a history, counted from 1; 0: it is not in it. */
static guint
find_seq (const AlmDeskHistory *history,
          gint64                seq)
{
  for (guint i = 0; i < history->entries->len; i++)
    if (((AlmHistoryEntry *) history->entries->pdata[i])->seq == seq)
      return i + 1;

  return 0;
}

/* A history with version @seq in it: what is known here if that is enough, else with
 * what the server tells.  @whole: nothing may be missing.  NULL after saying what is
 * wrong. */
static AlmDeskHistory *
load_history (AlmCli      *cli,
              AlmDesk     *desk,
              const AlmId *id,
              gint64       seq,
              gboolean     whole)
{
  g_autoptr (AlmDeskHistory) history = NULL;
  g_autoptr (GPtrArray) told = NULL;
  g_autoptr (GError) error = NULL;

  history = alm_desk_load_history (desk, id, NULL, &error);
  if (history != NULL && (find_seq (history, seq) == 0 || (whole && !history->whole)))
    {
      g_clear_pointer (&history, alm_desk_history_free);
      told = alm_cli_ask_history (cli, "undo", id);
      if (told == NULL)
        return NULL;
      history = alm_desk_load_history (desk, id, told, &error);
    }
  if (history == NULL)
    {
      alm_cli_fail_error ("undo", error);
      return NULL;
    }
  if (find_seq (history, seq) == 0)
    {
      alm_cli_fail ("undo", "the record has no version %" G_GINT64_FORMAT, seq);
      return NULL;
    }

  return g_steal_pointer (&history);
}

static gboolean
undo_entry (AlmCli                *cli,
            AlmDesk               *desk,
            const AlmId           *id,
            gint64                 seq,
            const AlmDeskHistory  *history,
            gboolean              *changed,
            GError               **error)
{
  g_autoptr (AlmDeskHistory) told = NULL;
  g_autoptr (GError) reason = NULL;

  if (alm_desk_undo_entry (desk, history->entries, find_seq (history, seq) - 1, changed, NULL,
                           &reason))
    return TRUE;

  /* By whom the field was changed since is not known here: the server knows. */
  if (!history->whole && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    told = load_history (cli, desk, id, seq, TRUE);
  if (told != NULL)
    return alm_desk_undo_entry (desk, told->entries, find_seq (told, seq) - 1, changed, NULL,
                                error);
  g_propagate_error (error, g_steal_pointer (&reason));

  return FALSE;
}

static int
undo_version (AlmCli     *cli,
              AlmDesk    *desk,
              const char *id_text,
              gint64      seq,
              gboolean    to)
{
  g_autoptr (AlmDeskHistory) history = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  g_autofree char *batch = g_uuid_string_random ();
  gboolean changed = FALSE;
  gboolean same = TRUE;
  AlmId id;

  if (!alm_id_parse (&id, id_text))
    return alm_cli_fail ("undo", "'%s' is no id", id_text);
  history = load_history (cli, desk, &id, seq, to);
  if (history == NULL)
    return ALM_CLI_REFUSED;

  if (to ? !alm_desk_return (desk, history->entries, find_seq (history, seq), NULL, batch, &same,
                             &error)
         : !undo_entry (cli, desk, &id, seq, history, &changed, &error))
    return alm_cli_fail_error ("undo", error);

  alm_value_set_integer (answer, "undone", changed || !same ? 1 : 0);
  alm_value_set_integer (answer, "left", 0);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

int
alm_cli_undo (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  static const AlmCliCommand command = {
    "undo", alm_cli_undo, "--n N | --import UUID | --id ID --seq N|--to SEQ"
  };
  gint64 n = 0;
  gint64 seq = 0;
  gint64 to = 0;
  g_autofree char *import = NULL;
  g_autofree char *id = NULL;
  const GOptionEntry entries[] = {
    { "n", 0, 0, G_OPTION_ARG_INT64, &n, NULL, NULL },
    { "import", 0, 0, G_OPTION_ARG_STRING, &import, NULL, NULL },
    { "id", 0, 0, G_OPTION_ARG_STRING, &id, NULL, NULL },
    { "seq", 0, 0, G_OPTION_ARG_INT64, &seq, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_INT64, &to, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0 || (n != 0) + (import != NULL) + (id != NULL) != 1
      || (id != NULL) != (seq != 0 || to != 0) || (seq != 0 && to != 0) || n < 0 || seq < 0
      || to < 0)
    return alm_cli_usage (&command, "say what: one command, one import, one entry of a history,"
                                    " or to which version a record is to go back");

  desk = alm_cli_open_desk (cli, "undo", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  return id != NULL ? undo_version (cli, desk, id, MAX (seq, to), to != 0)
                    : undo_and_say (desk, n, import);
}

static void
say_history (const AlmStoredCommand *stored,
             const char             *user)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *desk = alm_id_to_text (&stored->desk);
  const AlmCommand *command = stored->command;

  if (stored->seq > 0)
    alm_value_set_integer (answer, "seq", stored->seq);
  if (command->n > 0)
    alm_value_set_integer (answer, "n", command->n);
  alm_value_set_text (answer, "desk", desk);
  set_or_null (answer, "user", user);
  alm_value_set_text (answer, "at", command->at);
  alm_value_set_text (answer, "op", alm_op_to_text (command->op));
  if (command->set != NULL)
    alm_value_set (answer, "set", alm_value_ref (command->set));
  if (command->old != NULL)
    alm_value_set (answer, "old", alm_value_ref (command->old));
  if (command->batch != NULL)
    alm_value_set_text (answer, "batch", command->batch);
  alm_value_set_text (answer, "state", stored->state);
  alm_cli_say (answer);
}

/* What has been done to a record: what the server tells, by whomever, then what it has
 * not taken yet; without it, what this desk did. */
int
alm_cli_history (AlmCli  *cli,
                 int      argc,
                 char   **argv)
{
  static const AlmCliCommand command = { "history", alm_cli_history, "ID" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (AlmRow) row = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *user = NULL;
  g_autofree char *server = NULL;
  gboolean told = FALSE;
  AlmId id;

  if (argc != 1)
    return alm_cli_usage (&command, "which record?");
  if (!alm_id_parse (&id, argv[0]))
    return alm_cli_fail ("history", "'%s' is no id", argv[0]);

  desk = alm_cli_open_desk (cli, "history", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  row = alm_desk_get (desk, &id, &error);
  if (row != NULL)
    commands = alm_desk_list_commands (desk, ALM_COMMANDS_ALL, &id, &error);
  if (commands == NULL)
    return alm_cli_fail_error ("history", error);

  user = alm_desk_get_setting (desk, "user");
  server = alm_desk_get_setting (desk, "server");
  if (server != NULL && row->ver > 0)
    {
      told = alm_cli_say_server_history (cli, &id);
      if (!told)
        g_printerr ("allmendectl: history: so this is only what was done here\n");
    }
  for (guint i = 0; i < commands->len; i++)
    {
      const AlmStoredCommand *stored = commands->pdata[i];

      if (!told || strcmp (stored->state, "acked") != 0)
        say_history (stored, user);
    }

  return ALM_CLI_DONE;
}

static void
say_queued (const AlmStoredCommand *stored)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (AlmValue) outcome = NULL;
  g_autofree char *id = alm_id_to_text (&stored->command->id);

  alm_value_set_integer (answer, "n", stored->command->n);
  alm_value_set_text (answer, "id", id);
  alm_value_set_text (answer, "op", alm_op_to_text (stored->command->op));
  alm_value_set_text (answer, "state", stored->state);
  if (stored->outcome != NULL)
    outcome = alm_json_parse (stored->outcome, -1, NULL, NULL);
  if (outcome != NULL && alm_value_is (outcome, ALM_VALUE_OBJECT))
    {
      set_or_null (answer, "code", alm_value_get_text_of (outcome, "code"));
      set_or_null (answer, "detail", alm_value_get_text_of (outcome, "detail"));
    }
  alm_cli_say (answer);
}

int
alm_cli_queue (AlmCli  *cli,
               int      argc,
               char   **argv)
{
  static const AlmCliCommand command = { "queue", alm_cli_queue, "[--refused]" };
  gboolean refused = FALSE;
  const GOptionEntry entries[] = {
    { "refused", 0, 0, G_OPTION_ARG_NONE, &refused, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (GError) error = NULL;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (&command, "no further words");

  desk = alm_cli_open_desk (cli, "queue", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  commands = alm_desk_list_commands (desk, refused ? ALM_COMMANDS_REFUSED : ALM_COMMANDS_QUEUE,
                                     NULL, &error);
  if (commands == NULL)
    return alm_cli_fail_error ("queue", error);

  for (guint i = 0; i < commands->len; i++)
    say_queued (commands->pdata[i]);

  return ALM_CLI_DONE;
}

int
alm_cli_queue_dismiss (AlmCli  *cli,
                       int      argc,
                       char   **argv)
{
  static const AlmCliCommand command = { "queue dismiss", alm_cli_queue_dismiss, "N" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GError) error = NULL;
  guint64 n;

  if (argc != 1 || !g_ascii_string_to_unsigned (argv[0], 10, 1, G_MAXINT64, &n, NULL))
    return alm_cli_usage (&command, "the number of a refused command");

  desk = alm_cli_open_desk (cli, "queue dismiss", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if (!alm_desk_dismiss (desk, (gint64) n, &error))
    return alm_cli_fail_error ("queue dismiss", error);

  alm_value_set_integer (answer, "n", (gint64) n);
  alm_value_set_text (answer, "state", "dismissed");
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static void
say_conflict (const AlmRow *row)
{
  static const struct { const char *key, *field; } names[] = {
    { "id", "record" }, { "kind", "kind" }, { "field", "field" }, { "part", "part" },
    { "why", "why" }, { "base", "base" }, { "theirs", "theirs" }, { "mine", "mine" },
    { "theirs_user", "theirs_user" }, { "theirs_at", "theirs_at" }, { "mine_user", "mine_user" },
    { "mine_at", "mine_at" }, { "state", "state" },
  };
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *id = alm_id_to_text (&row->id);

  alm_value_set_text (answer, "conflict", id);
  alm_value_set_text (answer, "scope", row->scope);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AlmValue *value = alm_value_get (row->fields, names[i].field);

      if (value != NULL)
        alm_value_set (answer, names[i].key, alm_value_ref (value));
      else if (strcmp (names[i].key, "part") != 0)
        alm_value_set (answer, names[i].key, alm_value_new_null ());
    }
  alm_cli_say (answer);
}

int
alm_cli_conflicts (AlmCli  *cli,
                   int      argc,
                   char   **argv)
{
  static const AlmCliCommand command = { "conflicts", alm_cli_conflicts, "[--id ID] [--all]" };
  g_autofree char *id_text = NULL;
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_STRING, &id_text, NULL, NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  AlmId id;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (&command, "no further words");
  if (id_text != NULL && !alm_id_parse (&id, id_text))
    return alm_cli_fail ("conflicts", "'%s' is no id", id_text);

  desk = alm_cli_open_desk (cli, "conflicts", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  rows = alm_desk_list_conflicts (desk, id_text != NULL ? &id : NULL, all, &error);
  if (rows == NULL)
    return alm_cli_fail_error ("conflicts", error);

  for (guint i = 0; i < rows->len; i++)
    say_conflict (rows->pdata[i]);

  return ALM_CLI_DONE;
}

int
alm_cli_move (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  static const AlmCliCommand command = { "move", alm_cli_move, "--from local --to SCOPE [ID…]" };
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AlmId));
  g_autoptr (GError) error = NULL;
  guint moved = 0;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (g_strcmp0 (from, "local") != 0 || to == NULL)
    return alm_cli_usage (&command, "records move from local to a scope");

  for (int i = 0; i < argc; i++)
    {
      AlmId id;

      if (!alm_id_parse (&id, argv[i]))
        return alm_cli_fail ("move", "'%s' is no id", argv[i]);
      g_array_append_val (ids, id);
    }

  desk = alm_cli_open_desk (cli, "move", ALM_DESK_WRITE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if (!alm_desk_move (desk, to, (const AlmId *) ids->data, ids->len, &moved, &error))
    return alm_cli_fail_error ("move", error);

  alm_value_set_integer (answer, "moved", moved);
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}
