/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl model add` and `model list` (assets-map.md, section 7). */

#include "config.h"

#include "alm-cli-desk.h"

#include "alm-json.h"
#include "alm-paths.h"

#include <string.h>

/* @word: a file, or the name of a shipped model. */
static AlmValue *
read_model (const char  *word,
            char       **name,
            GError     **error)
{
  g_autofree char *shipped = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) value = NULL;
  AlmValue *schema;
  gsize length;

  if (alm_name_is_kind (word) && !g_file_test (word, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *folder = alm_path_data ("models");
      g_autofree char *file = g_strconcat (word, ".json", NULL);

      shipped = g_build_filename (folder, file, NULL);
      if (!g_file_test (shipped, G_FILE_TEST_IS_REGULAR))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "there is no file and no shipped model '%s'", word);
          return NULL;
        }
    }

  if (!g_file_get_contents (shipped != NULL ? shipped : word, &text, &length, error))
    return NULL;

  value = alm_json_parse (text, (gssize) length, NULL, error);
  if (value == NULL)
    {
      g_prefix_error (error, "%s: ", word);
      return NULL;
    }

  schema = alm_model_find_schema (value, name);
  if (schema == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: /$id: has to end in /collections/NAME/schema", word);
      return NULL;
    }

  return alm_value_ref (schema);
}

int
alm_cli_model_add (AlmCli  *cli,
                   int      argc,
                   char   **argv)
{
  static const AlmCliCommand command = { "model add", alm_cli_model_add, "FILE|NAME" };
  static const char *const words[] = {
    [ALM_IMPORT_NEW] = "new", [ALM_IMPORT_CHANGED] = "changed", [ALM_IMPORT_SAME] = "same",
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmValue) schema = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *name = NULL;
  g_autofree char *id_text = NULL;
  g_autoptr (GError) error = NULL;
  AlmImportOutcome outcome;
  AlmId id;

  if (argc != 1)
    return alm_cli_usage (&command, "one file, or the name of a shipped model");

  schema = read_model (argv[0], &name, &error);
  if (schema == NULL)
    return alm_cli_fail_error ("model add", error);

  desk = alm_cli_open_desk (cli, "model add", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  if (!alm_desk_set_model (desk, "system", name, schema, &id, &outcome, &error))
    return alm_cli_fail_error ("model add", error);

  id_text = alm_id_to_text (&id);
  alm_value_set_text (answer, "name", name);
  alm_value_set_text (answer, "id", id_text);
  alm_value_set (answer, words[outcome], alm_value_new_boolean (TRUE));
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static gboolean
say_model (AlmDesk   *desk,
           AlmModel  *model,
           GError   **error)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  const AlmField *geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);
  gint64 records;

  if (!alm_desk_count_records (desk, NULL, alm_model_get_name (model), &records, error))
    return FALSE;

  alm_value_set_text (answer, "name", alm_model_get_name (model));
  alm_value_set_text (answer, "title", alm_model_get_title (model, "de"));
  alm_value_set_text (answer, "layer", alm_model_get_layer (model));
  alm_value_set (answer, "geometry", geometry != NULL && geometry->format != NULL
                                     ? alm_value_new_text (geometry->format)
                                     : alm_value_new_null ());
  alm_value_set_integer (answer, "fields", alm_model_get_n_fields (model));
  alm_value_set_integer (answer, "records", records);
  alm_cli_say (answer);

  return TRUE;
}

int
alm_cli_model_list (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  static const AlmCliCommand command = { "model list", alm_cli_model_list, "" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GError) error = NULL;

  if (argc > 0)
    return alm_cli_usage (&command, "no further words");

  desk = alm_cli_open_desk (cli, "model list", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  models = alm_desk_list_models (desk);
  for (guint i = 0; i < models->len; i++)
    if (!say_model (desk, models->pdata[i], &error))
      return alm_cli_fail_error ("model list", error);

  return ALM_CLI_DONE;
}
