/* SPDX-License-Identifier: EUPL-1.2 */

/* `allmendectl bench edit|import|export` (sync.md, section 8): ours and the plain
 * use of the same database, in turn, in one process and one folder. */

#include "config.h"

#include "alm-bench-plain.h"
#include "alm-cli-desk.h"
#include "alm-json.h"
#include "alm-paths.h"
#include "alm-random.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define RUNS 5

/* A folder of this run, and the lines that go in. */
typedef struct
{
  char      *dir;
  guint      rows;
  GPtrArray *lines;
} Bench;

static void
remove_folder (const char *dir)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (dir);
}

static void
bench_clear (Bench *self)
{
  if (self->dir != NULL)
    remove_folder (self->dir);
  g_free (self->dir);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static char *
make_line (AlmRandom *random,
           guint      i)
{
  static const char *const species[] = { "Winter-Linde", "Berg-Ahorn", "Stiel-Eiche", "Rotbuche",
                                         "Hänge-Birke", "Platane", "Robinie", "Spitz-Ahorn" };
  static const char *const streets[] = { "Westbahnhofstraße", "Am Planetarium", "Löbdergraben",
                                         "Camsdorfer Ufer", "Tatzendpromenade" };
  char id_text[ALM_ID_TEXT_SIZE];
  AlmId id;

  alm_id_make_v7 (&id, G_GINT64_CONSTANT (1790000000000000) + i * 1000, random);
  alm_id_print (&id, id_text);

  return g_strdup_printf ("{\"id\":\"%s\",\"kind\":\"tree\",\"scope\":\"ksj/baeume\",\"fields\":"
                          "{\"number\":\"%u\",\"species_de\":\"%s\",\"street\":\"%s\","
                          "\"height\":%u.%u,\"crown\":%u.5,\"girth\":%u,\"planted\":\"%u\","
                          "\"vitality\":%u,\"geometry\":{\"type\":\"Point\",\"coordinates\":"
                          "[11.%07u,50.%07u]}}}", id_text, i, species[alm_random_below (random, 8)],
                          streets[alm_random_below (random, 5)], 2 + alm_random_below (random, 25),
                          alm_random_below (random, 10), 1 + alm_random_below (random, 12),
                          10 + alm_random_below (random, 300),
                          1900 + alm_random_below (random, 120), alm_random_below (random, 5),
                          5000000 + alm_random_below (random, 1800000),
                          8500000 + alm_random_below (random, 1400000));
}

static gboolean
bench_init (Bench   *self,
            guint    rows,
            GError **error)
{
  AlmRandom random;

  alm_random_seed_by (&random, 1, "bench");
  self->rows = rows;
  self->dir = g_dir_make_tmp ("allmende-bench-XXXXXX", error);
  self->lines = g_ptr_array_new_full (rows, g_free);
  for (guint i = 0; self->dir != NULL && i < rows; i++)
    g_ptr_array_add (self->lines, make_line (&random, i));

  return self->dir != NULL;
}

static AlmDesk *
open_profile (Bench       *self,
              const char  *name,
              GError     **error)
{
  g_autofree char *dir = g_build_filename (self->dir, name, NULL);
  g_autofree char *folder = alm_path_data ("models");
  g_autofree char *path = g_build_filename (folder, "tree.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (AlmValue) schema = NULL;
  g_autoptr (AlmDesk) desk = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error)
      || (schema = alm_json_parse (text, (gssize) length, NULL, error)) == NULL)
    return NULL;

  desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, error);
  if (desk == NULL || !alm_desk_set_model (desk, "system", "tree", schema, NULL, NULL, error))
    return NULL;

  return g_steal_pointer (&desk);
}

static gboolean
import_lines (AlmDesk          *desk,
              const GPtrArray  *lines,
              GError          **error)
{
  g_autoptr (AlmDeskImport) import = alm_desk_import_begin (desk, error);

  for (guint i = 0; import != NULL && i < lines->len; i++)
    {
      g_autoptr (AlmValue) line = alm_json_parse (lines->pdata[i], -1, NULL, error);
      AlmId id;

      if (line == NULL || !alm_id_parse (&id, alm_value_get_text_of (line, "id"))
          || !alm_desk_import_add (import, &id, alm_value_get_text_of (line, "scope"),
                                   alm_value_get_text_of (line, "kind"),
                                   alm_value_get (line, "fields"), NULL, error))
        return FALSE;
    }

  return import != NULL && alm_desk_import_commit (g_steal_pointer (&import), NULL, NULL, error);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (GArray *values)
{
  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, values->len / 2);
}

static AlmValue *
number (double value)
{
  return alm_value_new_double (round (value * 1e6) / 1e6);
}

static void
say_figure (Bench      *self,
            const char *name,
            GArray     *ours,
            GArray     *peers)
{
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  double value = median (ours);
  double peer = median (peers);

  alm_value_set_text (answer, "bench", name);
  alm_value_set_integer (answer, "rows", self->rows);
  alm_value_set (answer, "value", number (value));
  alm_value_set (answer, "min", number (g_array_index (ours, double, 0)));
  alm_value_set (answer, "max", number (g_array_index (ours, double, ours->len - 1)));
  alm_value_set_integer (answer, "n", ours->len);
  alm_value_set_text (answer, "unit", "s");
  alm_value_set_text (answer, "peer", "plain");
  alm_value_set (answer, "peer_value", number (peer));
  alm_value_set (answer, "ratio", number (value / peer));
  alm_value_set (answer, "fdatasync_per_s", number (alm_bench_sync_rate (self->dir)));
  alm_cli_say (answer);
}

static void
add_time (GArray *times,
          gint64  start)
{
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

  g_array_append_val (times, seconds);
}

static gboolean
time_plain (Bench    *self,
            GArray   *times,
            GError  **error)
{
  g_autofree char *dir = g_build_filename (self->dir, "plain", NULL);
  gint64 start;
  gboolean done;

  if (g_mkdir (dir, 0700) != 0)
    return FALSE;

  start = g_get_monotonic_time ();
  done = alm_bench_plain_import (dir, self->lines, error);
  add_time (times, start);
  remove_folder (dir);

  return done;
}

static gboolean
time_import (Bench    *self,
             GArray   *times,
             GError  **error)
{
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);
  g_autofree char *dir = g_build_filename (self->dir, "ours", NULL);
  gint64 start = g_get_monotonic_time ();
  gboolean done = desk != NULL && import_lines (desk, self->lines, error);

  g_clear_pointer (&desk, alm_desk_close);
  add_time (times, start);
  remove_folder (dir);

  return done;
}

static gboolean
bench_import (Bench   *self,
              GError **error)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) peers = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < RUNS; i++)
    if (!time_import (self, ours, error) || !time_plain (self, peers, error))
      return FALSE;
  say_figure (self, "import", ours, peers);

  return TRUE;
}

static gboolean
count_line_cb (const char  *line,
               gsize        length,
               gpointer     user_data,
               GError     **error)
{
  *(guint *) user_data += 1;

  return TRUE;
}

static gboolean
bench_export (Bench   *self,
              GError **error)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) peers = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);

  if (desk == NULL || !import_lines (desk, self->lines, error))
    return FALSE;

  for (guint i = 0; i < RUNS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      guint n = 0;

      if (!alm_desk_export (desk, NULL, NULL, 0, count_line_cb, &n, error))
        return FALSE;
      add_time (ours, start);
      if (n != self->rows)
        return alm_cli_refuse (error, "%u lines exported of %u", n, self->rows);
      if (!time_plain (self, peers, error))
        return FALSE;
    }
  say_figure (self, "export", ours, peers);

  return TRUE;
}

static gboolean
bench_edit (Bench   *self,
            GError **error)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) peers = NULL;
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);
  AlmRandom random;

  if (desk == NULL || !import_lines (desk, self->lines, error))
    return FALSE;

  alm_random_seed (&random, 2);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (AlmValue) line =
        alm_json_parse (self->lines->pdata[alm_random_below (&random, self->rows)], -1, NULL, NULL);
      g_autoptr (AlmValue) set = alm_value_new_object ();
      AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
      AlmEditResult result;
      gint64 start;

      alm_id_parse (&edit.id, alm_value_get_text_of (line, "id"));
      alm_value_set_integer (set, "girth", 400 + i);
      start = g_get_monotonic_time ();
      if (!alm_desk_edit (desk, &edit, 1, &result, NULL, error))
        return FALSE;
      add_time (ours, start);
    }

  peers = alm_bench_bare_commits (self->dir, 200, error);
  if (peers == NULL)
    return FALSE;
  say_figure (self, "edit", ours, peers);

  return TRUE;
}

static int
run_bench (const AlmCliCommand  *command,
           gboolean            (*func) (Bench *, GError **),
           int                   argc,
           char                **argv)
{
  int rows = 60000;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows, NULL, NULL },
    { NULL }
  };
  g_auto (Bench) bench = { 0 };
  g_autoptr (GError) error = NULL;

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0 || rows < 1 || rows > 10000000)
    return alm_cli_usage (command, "1 to 10,000,000 rows");

  if (!bench_init (&bench, (guint) rows, &error) || !func (&bench, &error))
    return alm_cli_fail (command->words, "%s", error != NULL ? error->message : "failed");

  return ALM_CLI_DONE;
}

static int
run_edit (AlmCli  *cli,
          int      argc,
          char   **argv)
{
  return run_bench (&alm_cli_bench_desk_commands[0], bench_edit, argc, argv);
}

static int
run_import (AlmCli  *cli,
            int      argc,
            char   **argv)
{
  return run_bench (&alm_cli_bench_desk_commands[1], bench_import, argc, argv);
}

static int
run_export (AlmCli  *cli,
            int      argc,
            char   **argv)
{
  return run_bench (&alm_cli_bench_desk_commands[2], bench_export, argc, argv);
}

const AlmCliCommand alm_cli_bench_desk_commands[] = {
  { "bench edit", run_edit, "[--rows N]" },
  { "bench import", run_import, "[--rows N]" },
  { "bench export", run_export, "[--rows N]" },
  { NULL }
};
