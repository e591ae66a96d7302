/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl town …: the training town as files, installed, checked. */

#include "config.h"

#include "alm-cli-town.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  gint64   seed;
  char    *size;
  char    *out;
  char    *only;
  int      threads;
} Options;

static gboolean
parse_size (const char  *text,
            AlmTownSize *size)
{
  *size = g_strcmp0 (text, "small") == 0 ? ALM_TOWN_SMALL : ALM_TOWN_FULL;

  return text == NULL || strcmp (text, "small") == 0 || strcmp (text, "full") == 0;
}

static gboolean
wants (const Options *options,
       const char    *part)
{
  return options->only == NULL || strcmp (options->only, part) == 0;
}

static int
generate (const AlmCliCommand *command,
          const Options       *options,
          AlmTownSize          size)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmTownFolder) folder = alm_town_folder_new (options->out, &error);
  g_autoptr (AlmTown) town = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autofree char *digest = NULL;
  g_autofree char *pictures = NULL;
  guint tiles = 0;

  if (folder == NULL)
    return alm_cli_fail (options->out, "%s", error->message);

  town = alm_town_new ((guint64) options->seed, size);
  if ((wants (options, "data") && !alm_town_folder_write_data (folder, town, &error))
      || (wants (options, "tiles")
          && !alm_town_folder_write_tiles (folder, town, size, (guint) options->threads, &tiles,
                                           &error))
      || !alm_town_folder_write_manifest (folder, (guint64) options->seed, size, &error))
    return alm_cli_fail (options->out, "%s", error->message);

  digest = alm_town_folder_digest (folder, FALSE);
  pictures = alm_town_folder_digest (folder, TRUE);
  alm_value_set (answer, "counts", alm_value_ref (folder->counts));
  alm_value_set_text (answer, "digest", digest);
  alm_value_set_text (answer, "pictures_digest", pictures);
  alm_value_set_integer (answer, "readings", 0);
  alm_value_set (answer, "seconds",
                 alm_value_new_double ((double) ((g_get_monotonic_time () - begin) / 1000) / 1000));
  alm_value_set_integer (answer, "seed", options->seed);
  alm_value_set_text (answer, "size", size == ALM_TOWN_FULL ? "full" : "small");
  alm_value_set_integer (answer, "tiles", tiles);
  alm_value_set_text (answer, "town", "Kranichfurt");
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

static int
run_generate (AlmCli  *cli,
              int      argc,
              char   **argv)
{
  const AlmCliCommand *command = &alm_cli_town[0];
  Options options = { .seed = 1, .threads = 0 };
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, NULL, NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options.size, NULL, NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, NULL, NULL },
    { "only", 0, 0, G_OPTION_ARG_STRING, &options.only, NULL, NULL },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options.threads, NULL, NULL },
    { NULL }
  };
  AlmTownSize size;
  int result = ALM_CLI_USAGE;

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;

  if (argc > 0)
    alm_cli_usage (command, "unexpected argument '%s'", argv[0]);
  else if (options.out == NULL)
    alm_cli_usage (command, "--out is missing");
  else if (!parse_size (options.size, &size))
    alm_cli_usage (command, "--size is small or full, not '%s'", options.size);
  else if (options.threads < 0 || options.threads > 64)
    alm_cli_usage (command, "--threads is 1 to 64");
  else if (options.seed < 0)
    alm_cli_usage (command, "--seed is a number from 0 on");
  else if (options.only != NULL && !wants (&options, "data") && !wants (&options, "tiles"))
    alm_cli_usage (command, "--only is data or tiles, not '%s'", options.only);
  else
    result = generate (command, &options, size);

  g_free (options.size);
  g_free (options.out);
  g_free (options.only);

  return result;
}

const AlmCliCommand alm_cli_town[] = {
  { "town generate", run_generate,
    "[--seed 1] [--size small|full] --out DIR [--only data|tiles] [--threads N]" },
  { "town install", alm_town_install_run,
    "FOLDER (--profile DIR | --data DIR [--password-file FILE])" },
  { "town check", alm_town_check_run, "FOLDER" },
  { "bench town", alm_cli_bench_town, "[--size small|full]" },
  { NULL }
};
