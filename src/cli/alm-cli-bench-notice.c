/* SPDX-License-Identifier: EUPL-1.2 */

/* bench notice: fifty desks wait at the server's long poll while one of them edits; how long
 * until the edit can be read on each of the others, what comes over the wire for it, and what
 * a waiting desk costs the server. */

#include "config.h"

#include "alm-cli-bench.h"
#include "alm-cli-desk.h"

#include <gio/gio.h>

#define DESKS      50
#define TREES      1000
#define PATIENCE_S 60

typedef struct
{
  AlmBench  *bench;
  GPtrArray *desks;     /* (element-type AlmBenchDesk) the first one edits */
  AlmId      id;        /* of the tree that is edited */
  gint64     girth;     /* that is waited for */
  gint64     begin;
  gboolean   seen[DESKS];
  guint      left;      /* desks that have not seen it */
  GArray    *waits;     /* double: ms */
} Notice;

typedef struct
{
  Notice *notice;
  guint   desk;
} Look;

/* The record as it can be read on a desk just now. */
static void
got_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autofree Look *look = user_data;
  Notice *self = look->notice;
  AlmRow *row = alm_records_get_finish (ALM_RECORDS (source), result, &self->bench->error);
  gint64 girth = row != NULL ? alm_value_get_integer (alm_value_get (row->fields, "girth")) : 0;
  double wait = (double) (g_get_monotonic_time () - self->begin) / 1e3;

  g_clear_pointer (&row, alm_row_free);
  if (girth == self->girth && !self->seen[look->desk])
    {
      self->seen[look->desk] = TRUE;
      self->left--;
      g_array_append_val (self->waits, wait);
    }
  if (self->left == 0 || self->bench->error != NULL)
    g_main_loop_quit (self->bench->loop);
}

/* Something has changed on a desk. */
static void
changed_cb (AlmRecords *records,
            AlmChange  *change,
            gpointer    user_data)
{
  const Look *look = user_data;

  if (look->notice->begin > 0 && !look->notice->seen[look->desk])
    alm_records_get_async (records, &look->notice->id, NULL, got_cb,
                           g_memdup2 (look, sizeof *look));
}

static gboolean
give_up_cb (gpointer user_data)
{
  Notice *self = user_data;

  g_set_error (&self->bench->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               "%u desks have not seen an edit in %d s", self->left, PATIENCE_S);
  g_main_loop_quit (self->bench->loop);

  return G_SOURCE_CONTINUE;
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AlmBench *self = user_data;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result,
                                                        &self->error);

  if (results == NULL)
    g_main_loop_quit (self->loop);
}

/* One edit, until the last desk has seen it. */
static gboolean
edit_once (Notice  *self,
           guint    number,
           GError **error)
{
  AlmBenchDesk *editor = g_ptr_array_index (self->desks, 0);
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
  guint timer;

  self->girth = 1000 + number;
  self->left = DESKS - 1;
  for (guint i = 0; i < DESKS; i++)
    self->seen[i] = i == 0;
  alm_cli_bench_tree_id (&self->id, number % TREES);
  edit.id = self->id;
  alm_value_set_integer (set, "girth", self->girth);

  timer = g_timeout_add_seconds (PATIENCE_S, give_up_cb, self);
  self->begin = g_get_monotonic_time ();
  alm_records_edit_async (editor->records, &edit, 1, edited_cb, self->bench);
  g_main_loop_run (self->bench->loop);
  g_source_remove (timer);
  self->begin = 0;

  return self->bench->error == NULL || alm_cli_refuse (error, "%s", self->bench->error->message);
}

/* All desks are there, whole, and wait. */
static gboolean
gather (Notice  *self,
        GError **error)
{
  for (guint i = 0; i < DESKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("desk-%u", i);
      AlmBenchDesk *desk = alm_cli_bench_desk_new (self->bench, name, TRUE, error);
      Look look = { self, i };

      if (desk == NULL)
        return FALSE;

      g_ptr_array_add (self->desks, desk);
      g_signal_connect_data (desk->records, "changed", G_CALLBACK (changed_cb),
                             g_memdup2 (&look, sizeof look), (GClosureNotify) g_free, 0);
      alm_sync_driver_start (desk->driver);
      while (alm_sync_driver_get_status (desk->driver)->pulled < TREES
             || alm_sync_driver_get_state (desk->driver) != ALM_SYNC_STATE_IN_SYNC)
        g_main_context_iteration (NULL, TRUE);
      if (alm_cli_bench_desk_count (desk) != TREES)
        return alm_cli_refuse (error, "the copy is not whole");
    }

  return TRUE;
}

/* Requests, bytes out and in of one of those who wait. */
static void
read_traffic (const Notice *self,
              guint64       traffic[3])
{
  const AlmBenchDesk *desk = g_ptr_array_index (self->desks, 1);

  alm_sync_driver_get_traffic (desk->driver, &traffic[0], &traffic[1], &traffic[2]);
}

static void
say_notice (Notice        *self,
            const guint64  before[3],
            double         server_mb)
{
  AlmBench *bench = self->bench;
  double edits = self->waits->len / (DESKS - 1);
  guint64 after[3];
  g_autoptr (AlmValue) wait = alm_cli_bench_figure (bench, "notice.p99",
                                                    alm_cli_bench_part_of (self->waits, 0.99),
                                                    "ms");
  g_autoptr (AlmValue) wire = NULL;
  g_autoptr (AlmValue) memory = NULL;

  alm_cli_bench_add (wait, "p50", alm_cli_bench_median (self->waits));
  alm_cli_bench_add (wait, "max", alm_cli_bench_part_of (self->waits, 1));
  alm_value_set_integer (wait, "n", self->waits->len);
  alm_value_set_integer (wait, "desks", DESKS);
  alm_cli_bench_say (bench, wait, TRUE);

  read_traffic (self, after);
  wire = alm_cli_bench_figure (bench, "notice.pulled",
                               (double) (after[1] + after[2] - before[1] - before[2]) / edits, "B");
  alm_cli_bench_add (wire, "requests", (double) (after[0] - before[0]) / edits);
  alm_cli_bench_say (bench, wire, FALSE);

  memory = alm_cli_bench_figure (bench, "notice.memory-per-desk",
                                 (alm_cli_bench_server_memory (bench) - server_mb) * 1024 / DESKS,
                                 "KiB");
  alm_cli_bench_add (memory, "server_mb", alm_cli_bench_server_memory (bench));
  alm_cli_bench_say (bench, memory, FALSE);
}

/* --rows: so many edits. */
static gboolean
measure_notice (AlmBench  *self,
                GError   **error)
{
  g_autoptr (GArray) waits = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) desks =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_cli_bench_desk_free);
  Notice notice = { .bench = self, .desks = desks, .waits = waits };
  guint64 before[3];
  double memory;

  if (!alm_cli_bench_found (self, TREES, error) || !alm_cli_bench_serve (self, error))
    return FALSE;

  memory = alm_cli_bench_server_memory (self);
  if (!gather (&notice, error))
    return FALSE;

  read_traffic (&notice, before);
  for (guint i = 0; i < self->rows; i++)
    if (!edit_once (&notice, i, error))
      return FALSE;
  say_notice (&notice, before, memory);

  return TRUE;
}

int
alm_cli_bench_notice (AlmCli  *cli,
                      int      argc,
                      char   **argv)
{
  return alm_cli_bench_run ("bench notice", argc, argv, measure_notice);
}
