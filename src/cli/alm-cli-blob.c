/* SPDX-License-Identifier: EUPL-1.2 */

/* blob put, blob get, blob list: attached files of a profile (sync.md, section 7). */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-cli-desk.h"
#include "alm-desk-blobs.h"

#include <stdio.h>

static void
say_blob (const AlmDeskBlob *blob,
          gboolean           with_state)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();

  alm_value_set_text (answer, "sha256", blob->sha256);
  alm_value_set_integer (answer, "size", blob->size);
  if (blob->type != NULL)
    alm_value_set_text (answer, "type", blob->type);
  if (with_state)
    alm_value_set_text (answer, "state", alm_blob_state_to_text (blob->state));
  alm_cli_say (answer);
}

static int
run_put (AlmCli  *cli,
         int      argc,
         char   **argv)
{
  static const AlmCliCommand command = { "blob put", run_put, "FILE" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmDeskBlob) blob = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 1)
    return alm_cli_usage (&command, "one file");

  desk = alm_cli_open_desk (cli, "blob put", ALM_DESK_WRITE | ALM_DESK_CREATE);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  blob = alm_desk_blob_take (cli->profile, argv[0], NULL, &error);
  if (blob == NULL || !alm_desk_blob_note (desk, blob, &error))
    return alm_cli_fail_error ("blob put", error);
  say_blob (blob, FALSE);

  return ALM_CLI_DONE;
}

static int
run_list (AlmCli  *cli,
          int      argc,
          char   **argv)
{
  static const AlmCliCommand command = { "blob list", run_list, "" };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GPtrArray) blobs = NULL;
  g_autoptr (GError) error = NULL;

  if (argc > 0)
    return alm_cli_usage (&command, "no further words");

  desk = alm_cli_open_desk (cli, "blob list", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;

  blobs = alm_desk_blob_list (desk, &error);
  if (blobs == NULL)
    return alm_cli_fail_error ("blob list", error);
  for (guint i = 0; i < blobs->len; i++)
    say_blob (blobs->pdata[i], TRUE);

  return ALM_CLI_DONE;
}

static gboolean
copy_to_stdout (GInputStream  *in,
                GError       **error)
{
  char buffer[65536];
  gssize length;

  while ((length = g_input_stream_read (in, buffer, sizeof buffer, NULL, error)) > 0)
    if (fwrite (buffer, 1, (gsize) length, stdout) != (gsize) length)
      return alm_cli_refuse (error, "stdout cannot be written");

  return length == 0
         && (fflush (stdout) == 0 || alm_cli_refuse (error, "stdout cannot be written"));
}

/* Writes it to @output, which is replaced at the end only, or to stdout. */
static gboolean
copy_out (const char  *path,
          const char  *output,
          GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) in = G_INPUT_STREAM (g_file_read (file, NULL, error));
  g_autoptr (GFile) target = NULL;
  g_autoptr (GFileOutputStream) out = NULL;

  if (in == NULL)
    return FALSE;
  if (output == NULL)
    return copy_to_stdout (in, error);

  target = g_file_new_for_commandline_arg (output);
  out = g_file_replace (target, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);

  return out != NULL
         && g_output_stream_splice (G_OUTPUT_STREAM (out), in,
                                    G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) >= 0;
}

/* What is only on the server is fetched by the next synchronisation. */
static int
want (AlmCli            *cli,
      const AlmDeskBlob *blob)
{
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (GError) error = NULL;

  if (blob->state == ALM_BLOB_REMOTE)
    {
      desk = alm_cli_open_desk (cli, "blob get", ALM_DESK_WRITE);
      if (desk == NULL)
        return ALM_CLI_REFUSED;
      if (!alm_desk_blob_want (desk, blob->sha256, &error) && error != NULL)
        return alm_cli_fail_error ("blob get", error);
    }

  return alm_cli_fail ("blob get", "%s is not here yet; the next sync fetches it", blob->sha256);
}

static int
run_get (AlmCli  *cli,
         int      argc,
         char   **argv)
{
  static const AlmCliCommand command = { "blob get", run_get, "SHA256 [-o FILE]" };
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };
  g_autoptr (AlmDesk) desk = NULL;
  g_autoptr (AlmDeskBlob) blob = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (&command, "which file?");
  if (!alm_blob_is_name (argv[0]))
    return alm_cli_fail ("blob get", "'%s' is no SHA-256", argv[0]);

  desk = alm_cli_open_desk (cli, "blob get", ALM_DESK_READ);
  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (!alm_desk_blob_find (desk, argv[0], &blob, &error))
    return alm_cli_fail_error ("blob get", error);
  if (alm_blob_store_get_size (cli->profile, argv[0]) < 0)
    return blob != NULL ? want (cli, blob)
                        : alm_cli_fail ("blob get", "no record names %s", argv[0]);

  path = alm_blob_store_path (cli->profile, argv[0]);

  return copy_out (path, output, &error) ? ALM_CLI_DONE : alm_cli_fail_error ("blob get", error);
}

const AlmCliCommand alm_cli_blob_commands[] = {
  { "blob put", run_put, "FILE" },
  { "blob get", run_get, "SHA256 [-o FILE]" },
  { "blob list", run_list, "" },
  { NULL }
};
