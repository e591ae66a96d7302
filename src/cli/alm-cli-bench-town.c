/* SPDX-License-Identifier: EUPL-1.2 */

/* bench town: what each part of a town costs.  One JSON line per figure. */

#include "config.h"

#include "alm-cli-town.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

static double
cpu_s (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
say_figure (const char *name,
            double      seconds,
            const char *size)
{
  g_autoptr (AlmValue) line = alm_value_new_object ();
  g_autofree char *bench = g_strconcat ("town.", name, NULL);

  alm_value_set_text (line, "bench", bench);
  alm_value_set_text (line, "size", size);
  alm_value_set_text (line, "unit", "s");
  alm_value_set (line, "value", alm_value_new_double ((double) (gint64) (seconds * 1000) / 1000));
  alm_cli_say (line);
}

/* Removes what this benchmark has made, and nothing that a link leads to. */
static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static gboolean
measure (const char   *dir,
         AlmTownSize   size,
         const char   *size_name,
         GError      **error)
{
  g_autofree char *folder_path = g_build_filename (dir, "town", NULL);
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);
  g_autoptr (AlmTownFolder) folder = alm_town_folder_new (folder_path, error);
  g_autoptr (AlmTown) town = NULL;
  g_autoptr (AlmDesk) desk = NULL;
  double begin = cpu_s (), all = begin;
  gint64 n_records = 0;
  guint n_tiles = 0;

  if (folder == NULL)
    return FALSE;
  town = alm_town_new (1, size);
  say_figure ("plan", cpu_s () - begin, size_name);
  if (!alm_town_folder_write_data (folder, town, error))
    return FALSE;
  say_figure ("records", cpu_s () - begin, size_name);

  begin = cpu_s ();
  if (!alm_town_folder_write_tiles (folder, town, size, 0, &n_tiles, error)
      || !alm_town_folder_write_manifest (folder, 1, size, error))
    return FALSE;
  say_figure ("tiles", cpu_s () - begin, size_name);
  say_figure ("generate", cpu_s () - all, size_name);

  begin = cpu_s ();
  desk = alm_desk_open (profile, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (), error);
  if (desk == NULL || !alm_town_fill_desk (desk, folder_path, &n_records, error))
    return FALSE;
  say_figure ("install", cpu_s () - begin, size_name);

  return TRUE;
}

int
alm_cli_bench_town (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  const AlmCliCommand command = { "bench town", alm_cli_bench_town, "[--size small|full]" };
  g_autofree char *size = NULL;
  g_autofree char *dir = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, NULL, NULL },
    { NULL }
  };
  gboolean small, good;

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  small = g_strcmp0 (size, "small") == 0;
  if (argc > 0 || (size != NULL && !small && strcmp (size, "full") != 0))
    return alm_cli_usage (&command, "--size is small or full");

  dir = g_dir_make_tmp ("allmende-bench-XXXXXX", &error);
  if (dir == NULL)
    return alm_cli_fail (NULL, "%s", error->message);
  good = measure (dir, small ? ALM_TOWN_SMALL : ALM_TOWN_FULL, small ? "small" : "full", &error);
  remove_tree (dir);

  return good ? ALM_CLI_DONE : alm_cli_fail (dir, "%s", error->message);
}
