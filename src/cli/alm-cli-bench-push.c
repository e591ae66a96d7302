/* SPDX-License-Identifier: EUPL-1.2 */

/* bench push: one edited field from a desk and back (sync.md, section 8). */

#include "config.h"

#include "alm-cli-bench.h"
#include "alm-cli-desk.h"

#include <gio/gio.h>

/* What a desk that follows is waited for. */
typedef struct
{
  AlmBenchDesk *desk;
  guint         sent;
  guint         pulled;
} Wanted;

static gboolean
look_cb (gpointer user_data)
{
  const Wanted *wanted = user_data;
  AlmSyncDriver *driver = wanted->desk->driver;
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);

  if (wanted->desk->bench->error != NULL
      || (status->sent >= wanted->sent && status->pulled >= wanted->pulled
          && alm_sync_driver_get_waiting (driver) == 0))
    g_main_loop_quit (wanted->desk->bench->loop);

  return G_SOURCE_CONTINUE;
}

/* The driver does not tell of each row that comes back: it is looked. */
static void
wait_for (const Wanted *wanted)
{
  guint timer = g_timeout_add (1, look_cb, (gpointer) wanted);

  g_main_loop_run (wanted->desk->bench->loop);
  g_source_remove (timer);
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AlmBench *self = user_data;
  g_autoptr (GArray) results = alm_records_edit_finish (ALM_RECORDS (source), result,
                                                        &self->error);

  /* Where it failed, wait_for() sees the error. */
  g_debug ("%u edited", results != NULL ? results->len : 0);
}

/* One edited field, from the edit to the feed that brings it back. */
static gboolean
measure_push (AlmBench  *self,
              GError   **error)
{
  g_autoptr (AlmBenchDesk) desk = NULL;
  g_autoptr (AlmValue) set = alm_value_new_object ();
  g_autoptr (AlmValue) wire_line = NULL;
  g_autoptr (AlmValue) time_line = NULL;
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
  guint64 before[3], after[3];
  Wanted wanted = { 0 };
  gint64 begin;

  if (!alm_cli_bench_found (self, self->rows, error) || !alm_cli_bench_serve (self, error)
      || (desk = alm_cli_bench_desk_new (self, "profile", TRUE, error)) == NULL)
    return FALSE;

  wanted = (Wanted) { desk, 0, self->rows };
  alm_sync_driver_start (desk->driver);
  wait_for (&wanted);
  while (alm_sync_driver_get_state (desk->driver) != ALM_SYNC_STATE_IN_SYNC)
    g_main_context_iteration (NULL, TRUE);

  alm_sync_driver_get_traffic (desk->driver, &before[0], &before[1], &before[2]);
  alm_cli_bench_tree_id (&edit.id, 0);
  alm_value_set_integer (set, "girth", 555);
  wanted = (Wanted) { desk, 1, self->rows + 1 };
  begin = g_get_monotonic_time ();
  alm_records_edit_async (desk->records, &edit, 1, edited_cb, self);
  wait_for (&wanted);
  if (self->error != NULL)
    return alm_cli_refuse (error, "%s", self->error->message);

  time_line = alm_cli_bench_figure (self, "push.round",
                                    (double) (g_get_monotonic_time () - begin) / 1e6, "s");
  alm_sync_driver_get_traffic (desk->driver, &after[0], &after[1], &after[2]);
  wire_line = alm_cli_bench_figure (self, "push.edit",
                                    (double) (after[1] + after[2] - before[1] - before[2]), "B");
  alm_value_set_integer (wire_line, "requests", (gint64) (after[0] - before[0]));
  alm_cli_bench_say (self, wire_line, FALSE);
  alm_cli_bench_say (self, time_line, TRUE);

  return TRUE;
}

int
alm_cli_bench_push (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  return alm_cli_bench_run ("bench push", argc, argv, measure_push);
}
