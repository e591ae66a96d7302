/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl merge` and `allmendectl model check`: what the rules of records
 * do, for scripts and reviewers.  Both need files only, no profile. */

#include "config.h"

#include "alm-cli-record.h"

#include "alm-json.h"
#include "alm-merge.h"
#include "alm-model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MODEL_FILE_MAX (1024 * 1024)
#define INPUT_MAX (256 * 1024 * 1024)

enum {
  COMMAND_MERGE,
  COMMAND_MODEL_CHECK
};

/* All of a file, or of the standard input for "-"; NULL with the reason printed. */
static GString *
read_file (const char *place,
           const char *path,
           gsize       most)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_file = strcmp (path, "-") != 0;
  FILE *file = is_file ? fopen (path, "rb") : stdin;
  char block[65536];
  gsize got;

  if (file == NULL)
    {
      alm_cli_fail (place, "%s", g_strerror (errno));
      return NULL;
    }

  while ((got = fread (block, 1, sizeof block, file)) > 0 && text->len <= most)
    g_string_append_len (text, block, (gssize) got);

  if (ferror (file))
    {
      alm_cli_fail (place, "%s", g_strerror (errno));
      g_string_free (g_steal_pointer (&text), TRUE);
    }
  else if (text->len > most)
    {
      alm_cli_fail (place, "larger than %" G_GSIZE_FORMAT " bytes", most);
      g_string_free (g_steal_pointer (&text), TRUE);
    }
  if (is_file)
    fclose (file);

  return g_steal_pointer (&text);
}

/* A schema, or {"name", "schema"}.  NULL with all faults printed. */
static AlmModel *
load_model (const char *path)
{
  g_autoptr (GString) text = read_file (path, path, MODEL_FILE_MAX);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) value = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = NULL;
  AlmValue *schema;
  AlmModel *model;

  if (text == NULL)
    return NULL;

  value = alm_json_parse (text->str, (gssize) text->len, NULL, &error);
  if (value == NULL)
    {
      alm_cli_fail (path, "%s", error->message);
      return NULL;
    }

  schema = alm_model_find_schema (value, &name);
  if (schema == NULL)
    {
      alm_cli_fail (path, "/$id: has to end in /collections/NAME/schema");
      return NULL;
    }

  model = alm_model_new (name, schema, faults);
  for (guint i = 0; i < faults->len; i++)
    alm_cli_fail (path, "%s", (const char *) faults->pdata[i]);

  return model;
}

static int
run_model_check (AlmCli  *cli,
                 int      argc,
                 char   **argv)
{
  static const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  const AlmCliCommand *command = &alm_cli_record_commands[COMMAND_MODEL_CHECK];
  int result = ALM_CLI_DONE;

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc == 0)
    return alm_cli_usage (command, "no file is named");

  for (int i = 0; i < argc; i++)
    {
      g_autoptr (AlmModel) model = load_model (argv[i]);
      g_autoptr (AlmValue) line = NULL;

      if (model == NULL)
        {
          result = ALM_CLI_REFUSED;
          continue;
        }
      line = alm_value_new_object ();
      alm_value_set_text (line, "file", argv[i]);
      alm_value_set_text (line, "name", alm_model_get_name (model));
      alm_value_set_integer (line, "fields", alm_model_get_n_fields (model));
      alm_value_set (line, "ok", alm_value_new_boolean (TRUE));
      alm_cli_say (line);
    }

  return result;
}

/* The members that are not null. */
static AlmValue *
without_nulls (const AlmValue *object)
{
  AlmValue *fields = alm_value_new_object ();

  for (guint i = 0; i < alm_value_get_size (object); i++)
    {
      AlmValue *value = alm_value_get_item (object, i);

      if (!alm_value_is (value, ALM_VALUE_NULL))
        alm_value_set (fields, alm_value_get_key (object, i), alm_value_ref (value));
    }

  return fields;
}

/* What a command would set: what is gone from "mine" is taken away. */
static AlmValue *
set_of (const AlmValue *base,
        const AlmValue *mine)
{
  AlmValue *set = alm_value_copy (mine);

  for (guint i = 0; i < alm_value_get_size (base); i++)
    if (alm_value_get (set, alm_value_get_key (base, i)) == NULL)
      alm_value_set (set, alm_value_get_key (base, i), alm_value_new_null ());

  return set;
}

static AlmValue *
ref_or_null (AlmValue *value)
{
  return value != NULL ? alm_value_ref (value) : alm_value_new_null ();
}

static AlmValue *
conflict_to_value (const AlmMergeConflict *conflict)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set_text (value, "field", conflict->field);
  if (conflict->part != NULL)
    alm_value_set (value, "part", alm_value_ref (conflict->part));
  alm_value_set (value, "base", ref_or_null (conflict->base));
  alm_value_set (value, "theirs", ref_or_null (conflict->theirs));
  alm_value_set (value, "mine", ref_or_null (conflict->mine));

  return value;
}

/* The three objects; FALSE with the reason printed. */
static gboolean
check_triple (const char     *place,
              const AlmValue *triple)
{
  static const char *const names[] = { "base", "theirs", "mine", NULL };

  if (!alm_value_is (triple, ALM_VALUE_OBJECT))
    {
      alm_cli_fail (place, "an object {\"base\",\"theirs\",\"mine\"} is expected");
      return FALSE;
    }
  for (guint i = 0; i < alm_value_get_size (triple); i++)
    if (!g_strv_contains (names, alm_value_get_key (triple, i)))
      {
        alm_cli_fail (place, "unknown member \"%s\"", alm_value_get_key (triple, i));
        return FALSE;
      }
  for (guint i = 0; names[i] != NULL; i++)
    if (!alm_value_is (alm_value_get (triple, names[i]), ALM_VALUE_OBJECT))
      {
        alm_cli_fail (place, "%s has to be an object of fields", names[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
merge_one (const char     *place,
           const AlmModel *model,
           const AlmValue *triple)
{
  g_autoptr (GPtrArray) conflicts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmValue) base = NULL;
  g_autoptr (AlmValue) theirs = NULL;
  g_autoptr (AlmValue) set = NULL;
  g_autoptr (AlmValue) line = NULL;
  AlmValue *list;

  if (!check_triple (place, triple))
    return FALSE;

  base = without_nulls (alm_value_get (triple, "base"));
  theirs = without_nulls (alm_value_get (triple, "theirs"));
  set = set_of (base, alm_value_get (triple, "mine"));
  line = alm_value_new_object ();
  alm_value_set (line, "fields", alm_merge_fields (model, base, theirs, set, conflicts));
  list = alm_value_new_list ();
  for (guint i = 0; i < conflicts->len; i++)
    alm_value_append (list, conflict_to_value (conflicts->pdata[i]));
  alm_value_set (line, "conflicts", list);
  alm_cli_say (line);

  return TRUE;
}

/* One JSON text, however it is laid out, or one a line. */
static gboolean
merge_all (const AlmModel *model,
           const GString  *text)
{
  g_autoptr (AlmValue) whole = alm_json_parse (text->str, (gssize) text->len, NULL, NULL);
  const char *at = text->str;
  const char *end = text->str + text->len;
  guint number = 0;

  if (whole != NULL)
    return merge_one ("merge", model, whole);

  for (number = 1; at < end; number++)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      gsize length = (gsize) ((stop != NULL ? stop : end) - at);
      g_autofree char *place = g_strdup_printf ("merge: line %u", number);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlmValue) triple = alm_json_parse (at, (gssize) length, NULL, &error);

      if (triple == NULL)
        {
          alm_cli_fail (place, "%s", error->message);
          return FALSE;
        }
      if (!merge_one (place, model, triple))
        return FALSE;
      at += length + 1;
    }

  if (number == 1)
    alm_cli_fail ("merge", "the input is empty");

  return number > 1;
}

static int
run_merge (AlmCli  *cli,
           int      argc,
           char   **argv)
{
  g_autofree char *model_path = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  const AlmCliCommand *command = &alm_cli_record_commands[COMMAND_MERGE];
  g_autoptr (AlmModel) model = NULL;
  g_autoptr (GString) text = NULL;

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (model_path == NULL)
    return alm_cli_usage (command, "--model is missing");
  if (argc > 1)
    return alm_cli_usage (command, "more than one file is named");

  model = load_model (model_path);
  if (model == NULL)
    return ALM_CLI_REFUSED;
  text = read_file (argc == 1 ? argv[0] : "merge", argc == 1 ? argv[0] : "-", INPUT_MAX);

  return text != NULL && merge_all (model, text) ? ALM_CLI_DONE : ALM_CLI_REFUSED;
}

const AlmCliCommand alm_cli_record_commands[] = {
  [COMMAND_MERGE] = { "merge", run_merge, "[FILE|-] --model FILE" },
  [COMMAND_MODEL_CHECK] = { "model check", run_model_check, "FILE…" },
  { NULL }
};
