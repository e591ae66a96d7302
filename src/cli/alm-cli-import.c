/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl import: lines of our own go sync.md's way, everything else is a
 * foreign file and is understood first. */

#include "config.h"

#include "alm-cli-assets.h"
#include "alm-import.h"
#include "alm-json.h"

#include <string.h>

#define HEAD (1 << 20)

typedef struct
{
  char     *scope;
  char     *kind;
  char     *mapping;
  char     *save_mapping;
  char     *layer;
  char     *encoding;
  char     *crs;
  char     *formulas;
  gboolean  accept_losses;
  gboolean  again;
  gboolean  dry_run;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->scope);
  g_free (self->kind);
  g_free (self->mapping);
  g_free (self->save_mapping);
  g_free (self->layer);
  g_free (self->encoding);
  g_free (self->crs);
  g_free (self->formulas);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Whether the first line is a record of our own export: an object with `fields`. */
static gboolean
is_own_lines (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) in = NULL;
  g_autofree char *head = g_malloc (HEAD + 1);
  g_autoptr (AlmValue) value = NULL;
  gsize length;
  char *end;

  /* A pipe would wait for who fills it, and what was read of it is gone. */
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return FALSE;

  in = g_file_read (file, NULL, NULL);
  if (in == NULL || !g_input_stream_read_all (G_INPUT_STREAM (in), head, HEAD, &length, NULL, NULL))
    return FALSE;

  head[length] = '\0';
  end = strchr (head, '\n');
  if (end != NULL)
    *end = '\0';
  if (head[0] != '{')
    return FALSE;
  value = alm_json_parse (head, -1, NULL, NULL);

  return value != NULL && alm_value_is (alm_value_get (value, "fields"), ALM_VALUE_OBJECT);
}

static AlmImportMapping *
read_mapping (const Options  *options,
              GError        **error)
{
  g_autoptr (AlmImportMapping) mapping = NULL;

  if (options->mapping != NULL)
    {
      g_autofree char *text = NULL;
      g_autoptr (AlmValue) value = NULL;
      gsize length;

      if (!g_file_get_contents (options->mapping, &text, &length, error)
          || (value = alm_json_parse (text, (gssize) length, NULL, error)) == NULL
          || (mapping = alm_import_mapping_from_value (value, error)) == NULL)
        return NULL;
    }
  else
    mapping = alm_import_mapping_new ();

  if (options->layer != NULL)
    {
      g_free (mapping->layer);
      mapping->layer = g_strdup (options->layer);
    }
  if (options->encoding != NULL)
    {
      g_free (mapping->encoding);
      mapping->encoding = g_strdup (options->encoding);
    }
  if (options->crs != NULL)
    {
      g_free (mapping->crs);
      mapping->crs = g_strdup (options->crs);
    }

  return g_steal_pointer (&mapping);
}

static gboolean
save_mapping (AlmImport   *import,
              const char  *path,
              GError     **error)
{
  g_autoptr (AlmImportMapping) mapping = alm_import_make_mapping (import);
  g_autoptr (AlmValue) value = alm_import_mapping_to_value (mapping);
  g_autofree char *text = alm_value_to_text (value);
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  return g_file_set_contents (path, line, -1, error);
}

/* The report of a run that was refused for its losses. */
static void
print_issues (const AlmValue *result)
{
  const AlmValue *issues = alm_value_get (result, "issues");

  for (guint i = 0; issues != NULL && i < alm_value_get_size (issues); i++)
    {
      const AlmValue *issue = alm_value_get_item (issues, i);
      const AlmValue *lines = alm_value_get (issue, "lines");
      g_autofree char *numbers = alm_value_to_text (lines);

      g_printerr ("allmendectl: %s: %" G_GINT64_FORMAT " %s; lines %s\n",
                  alm_value_get_text_of (issue, "code"),
                  alm_value_get_integer_of (issue, "count", 0),
                  alm_value_get_text_of (issue, "text"), numbers);
    }
}

/* What to say on the command line to go on all the same. */
static const char *
find_option (const GError *error)
{
  static const char *const options[] = {
    [ALM_IMPORT_ERROR_AGAIN] = "--again", [ALM_IMPORT_ERROR_LOSSES] = "--accept-losses",
    [ALM_IMPORT_ERROR_FORMULA] = "--formulas text", [ALM_IMPORT_ERROR_LAYER] = "--layer NAME",
    [ALM_IMPORT_ERROR_SYSTEM] = "--crs EPSG:n", [ALM_IMPORT_ERROR_GONE] = NULL,
  };

  return error->domain == ALM_IMPORT_ERROR ? options[error->code] : NULL;
}

static int
refuse_file (const char   *path,
             const GError *error)
{
  const char *option = find_option (error);

  return option != NULL ? alm_cli_fail (path, "%s (%s)", error->message, option)
                        : alm_cli_fail_error (path, error);
}

static int
import_foreign (AlmCli        *cli,
                const char    *path,
                const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmImportMapping) mapping = read_mapping (options, &error);
  g_autoptr (AlmImport) import = NULL;
  g_autoptr (AlmDesk) desk = NULL;
  AlmImportFlags flags = (options->dry_run ? ALM_IMPORT_DRY_RUN : 0)
                         | (options->formulas != NULL ? ALM_IMPORT_FORMULAS_AS_TEXT : 0)
                         | (options->accept_losses ? ALM_IMPORT_ACCEPT_LOSSES : 0)
                         | (options->again ? ALM_IMPORT_AGAIN : 0);

  if (mapping == NULL)
    return alm_cli_fail_error (options->mapping, error);

  desk = alm_cli_open_desk (cli, "import", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  import = alm_import_new (path, options->kind, options->scope);
  alm_import_set_mapping (import, mapping);
  if (!alm_import_run (import, desk, flags, NULL, &error))
    {
      if (alm_import_get_result (import) != NULL)
        print_issues (alm_import_get_result (import));
      return refuse_file (path, error);
    }
  if (options->save_mapping != NULL && !save_mapping (import, options->save_mapping, &error))
    {
      alm_cli_say (alm_import_get_result (import));
      return alm_cli_fail_error (options->save_mapping, error);
    }

  alm_cli_say (alm_import_get_result (import));

  return ALM_CLI_DONE;
}

int
alm_cli_import (AlmCli  *cli,
                int      argc,
                char   **argv)
{
  const AlmCliCommand *command = &alm_cli_asset_commands[0];
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "scope", 0, 0, G_OPTION_ARG_STRING, &options.scope, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &options.kind, NULL, NULL },
    { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &options.mapping, NULL, NULL },
    { "save-mapping", 0, 0, G_OPTION_ARG_FILENAME, &options.save_mapping, NULL, NULL },
    { "layer", 0, 0, G_OPTION_ARG_STRING, &options.layer, NULL, NULL },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &options.encoding, NULL, NULL },
    { "crs", 0, 0, G_OPTION_ARG_STRING, &options.crs, NULL, NULL },
    { "formulas", 0, 0, G_OPTION_ARG_STRING, &options.formulas, NULL, NULL },
    { "accept-losses", 0, 0, G_OPTION_ARG_NONE, &options.accept_losses, NULL, NULL },
    { "again", 0, 0, G_OPTION_ARG_NONE, &options.again, NULL, NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (command, "one file, or - for standard input");
  if (options.formulas != NULL && strcmp (options.formulas, "text") != 0)
    return alm_cli_usage (command, "--formulas can only be text");

  if (strcmp (argv[0], "-") == 0 || is_own_lines (argv[0]))
    return alm_cli_import_ndjson (cli, argv[0], options.scope, options.kind, options.dry_run);
  if (options.kind == NULL)
    return alm_cli_usage (command, "--kind is missing: what does the file hold?");

  return import_foreign (cli, argv[0], &options);
}
