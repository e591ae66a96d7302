/* SPDX-License-Identifier: EUPL-1.2 */

/* bench edit, bench import, bench export (sync.md, section 8): ours and the plain use of
 * the same database, in turn, in one process and one folder. */

#include "config.h"

#include "alm-bench-plain.h"
#include "alm-cli-bench.h"
#include "alm-cli-desk.h"
#include "alm-json.h"
#include "alm-paths.h"

#include <glib/gstdio.h>

#define RUNS  5
#define EDITS 200

/* What an edit in a large profile is compared with. */
#define SMALL 10000

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

static GPtrArray *
make_lines (AlmBench *self)
{
  GPtrArray *lines = g_ptr_array_new_full (self->rows, g_free);
  AlmRandom random;

  alm_random_seed_by (&random, 1, "bench");
  for (guint i = 0; i < self->rows; i++)
    g_ptr_array_add (lines, make_line (&random, i));

  return lines;
}

static AlmDesk *
open_profile (AlmBench    *self,
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
              guint             rows,
              GError          **error)
{
  g_autoptr (AlmDeskImport) import = alm_desk_import_begin (desk, error);

  for (guint i = 0; import != NULL && i < rows; i++)
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

static void
say_beside (AlmBench   *self,
            const char *name,
            GArray     *ours,
            const char *peer,
            GArray     *peers)
{
  g_autoptr (AlmValue) line = alm_cli_bench_figure_of (self, name, ours, "s");

  alm_cli_bench_beside (self, line, peer, alm_cli_bench_median (peers), TRUE);
}

static void
add_time (GArray *times,
          gint64  start)
{
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

  g_array_append_val (times, seconds);
}

static gboolean
time_plain (AlmBench         *self,
            const GPtrArray  *lines,
            GArray           *times,
            GError          **error)
{
  g_autofree char *dir = g_build_filename (self->dir, "plain", NULL);
  gint64 start;
  gboolean done;

  if (g_mkdir (dir, 0700) != 0)
    return FALSE;

  start = g_get_monotonic_time ();
  done = alm_bench_plain_import (dir, lines, error);
  add_time (times, start);
  alm_cli_bench_remove (dir);

  return done;
}

static gboolean
time_import (AlmBench         *self,
             const GPtrArray  *lines,
             GArray           *times,
             GError          **error)
{
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);
  g_autofree char *dir = g_build_filename (self->dir, "ours", NULL);
  gint64 start = g_get_monotonic_time ();
  gboolean done = desk != NULL && import_lines (desk, lines, lines->len, error);

  g_clear_pointer (&desk, alm_desk_close);
  add_time (times, start);
  alm_cli_bench_remove (dir);

  return done;
}

static gboolean
measure_import (AlmBench  *self,
                GError   **error)
{
  g_autoptr (GPtrArray) lines = make_lines (self);
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) peers = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < RUNS; i++)
    if (!time_import (self, lines, ours, error) || !time_plain (self, lines, peers, error))
      return FALSE;
  say_beside (self, "import", ours, "plain", peers);

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
measure_export (AlmBench  *self,
                GError   **error)
{
  g_autoptr (GPtrArray) lines = make_lines (self);
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) peers = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);

  if (desk == NULL || !import_lines (desk, lines, lines->len, error))
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
      if (!time_plain (self, lines, peers, error))
        return FALSE;
    }
  say_beside (self, "export", ours, "plain", peers);

  return TRUE;
}

/* The time until an edit of one of the first @rows records is durable. */
static gboolean
time_edit (AlmDesk          *desk,
           const GPtrArray  *lines,
           guint             rows,
           guint             girth,
           GArray           *times,
           GError          **error)
{
  AlmRandom random;
  g_autoptr (AlmValue) line = NULL;
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
  AlmEditResult result;
  gint64 start;

  alm_random_seed (&random, girth);
  line = alm_json_parse (lines->pdata[alm_random_below (&random, rows)], -1, NULL, NULL);
  alm_id_parse (&edit.id, alm_value_get_text_of (line, "id"));
  alm_value_set_integer (set, "girth", girth);
  start = g_get_monotonic_time ();
  if (!alm_desk_edit (desk, &edit, 1, &result, NULL, error))
    return FALSE;
  add_time (times, start);

  return TRUE;
}

/* In a profile of @rows and in a small one, in turn. */
static gboolean
measure_edit (AlmBench  *self,
              GError   **error)
{
  g_autoptr (GPtrArray) lines = make_lines (self);
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) in_small = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) bare = NULL;
  g_autoptr (AlmDesk) desk = open_profile (self, "ours", error);
  g_autoptr (AlmDesk) small = open_profile (self, "small", error);
  guint n_small = MIN (self->rows, SMALL);

  if (desk == NULL || small == NULL || !import_lines (desk, lines, lines->len, error)
      || !import_lines (small, lines, n_small, error))
    return FALSE;

  for (guint i = 0; i < EDITS; i++)
    if (!time_edit (desk, lines, lines->len, 400 + i, ours, error)
        || !time_edit (small, lines, n_small, 400 + i, in_small, error))
      return FALSE;

  bare = alm_bench_bare_commits (self->dir, EDITS, error);
  if (bare == NULL)
    return FALSE;
  say_beside (self, "edit", ours, "a bare commit", bare);
  say_beside (self, "edit.size", ours, "the same in at most 10,000 rows", in_small);

  return TRUE;
}

int
alm_cli_bench_import (AlmCli  *cli,
                      int      argc,
                      char   **argv)
{
  return alm_cli_bench_run ("bench import", argc, argv, measure_import);
}

int
alm_cli_bench_export (AlmCli  *cli,
                      int      argc,
                      char   **argv)
{
  return alm_cli_bench_run ("bench export", argc, argv, measure_export);
}

int
alm_cli_bench_edit (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  return alm_cli_bench_run ("bench edit", argc, argv, measure_edit);
}
