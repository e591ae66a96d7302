/* SPDX-License-Identifier: EUPL-1.2 */

/* bench push, bench exchange: one edited field from a desk and back, and a whole list from
 * one desk to another, beside the plain use of the same database (sync.md, section 8). */

#include "config.h"

#include "alm-bench-plain.h"
#include "alm-cli-bench.h"
#include "alm-cli-desk.h"
#include "alm-json.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define RUNS 5

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

/* A list of trees as lines, of which each desk and *plain* get the same. */
static GPtrArray *
make_lines (guint rows)
{
  GPtrArray *lines = g_ptr_array_new_full (rows, g_free);
  AlmRandom random;

  alm_random_seed (&random, 1);
  for (guint i = 0; i < rows; i++)
    {
      g_autoptr (AlmValue) line = alm_value_new_object ();
      char id_text[ALM_ID_TEXT_SIZE];
      AlmId id;

      alm_cli_bench_tree_id (&id, i);
      alm_id_print (&id, id_text);
      alm_value_set_text (line, "id", id_text);
      alm_value_set_text (line, "kind", "tree");
      alm_value_set_text (line, "scope", ALM_BENCH_SCOPE);
      alm_value_set (line, "fields", alm_cli_bench_make_tree (&random, i));
      g_ptr_array_add (lines, alm_value_to_text (line));
    }

  return lines;
}

static gpointer
import_job (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  const GPtrArray *lines = data;
  g_autoptr (AlmDeskImport) import = alm_desk_import_begin (desk, error);

  for (guint i = 0; import != NULL && i < lines->len; i++)
    {
      g_autoptr (AlmValue) line = alm_json_parse (lines->pdata[i], -1, NULL, error);
      AlmId id;

      if (line == NULL || !alm_id_parse (&id, alm_value_get_text_of (line, "id"))
          || !alm_desk_import_add (import, &id, ALM_BENCH_SCOPE, "tree",
                                   alm_value_get (line, "fields"), NULL, error))
        return NULL;
    }

  return import != NULL
         && alm_desk_import_commit (g_steal_pointer (&import), NULL, NULL, error) ? desk : NULL;
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  AlmBench *self = user_data;

  alm_records_write_finish (ALM_RECORDS (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

static gboolean
sum_line_cb (const char  *line,
             gsize        length,
             gpointer     user_data,
             GError     **error)
{
  g_checksum_update (user_data, (const guchar *) line, (gssize) length);

  return TRUE;
}

/* Of all that a desk exports. */
static char *
sum_records (AlmBenchDesk  *desk,
             GError       **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (AlmDesk) store = alm_desk_open (desk->profile, 0, NULL, error);

  if (store == NULL || !alm_desk_export (store, NULL, NULL, 0, sum_line_cb, sum, error))
    return NULL;

  return g_strdup (g_checksum_get_string (sum));
}

typedef struct
{
  GPtrArray *lines;
  GArray    *push, *first, *plain;      /* double: seconds */
  GArray    *push_cpu, *first_cpu;      /* double: seconds of the processor, desk and server */
  GArray    *plain_cpu;
  double     wire;                      /* B of the first sync */
  double     of_server, of_desk;        /* MB */
} Exchange;

/* Seconds until all that was imported is answered. */
static gboolean
hand_in (AlmBenchDesk  *desk,
         Exchange      *exchange,
         GError       **error)
{
  AlmBench *self = desk->bench;
  Wanted wanted = { desk, self->rows, 0 };
  double seconds, cpu;
  gint64 begin;

  alm_records_write_async (desk->records, import_job, exchange->lines, NULL, NULL, imported_cb,
                           self);
  g_main_loop_run (self->loop);
  if (self->error != NULL)
    return alm_cli_refuse (error, "%s", self->error->message);

  begin = g_get_monotonic_time ();
  cpu = alm_cli_bench_both_cpu (self);
  alm_sync_driver_start (desk->driver);
  wait_for (&wanted);
  seconds = (double) (g_get_monotonic_time () - begin) / 1e6;
  cpu = alm_cli_bench_both_cpu (self) - cpu;
  g_array_append_val (exchange->push, seconds);
  g_array_append_val (exchange->push_cpu, cpu);
  if (alm_sync_driver_get_status (desk->driver)->ok != self->rows)
    return alm_cli_refuse (error, "not all was taken as it was handed in");

  return TRUE;
}

static gboolean
time_plain (AlmBench  *self,
            Exchange  *exchange,
            GError   **error)
{
  g_autofree char *dir = g_build_filename (self->dir, "plain", NULL);
  gint64 begin = g_get_monotonic_time ();
  double cpu = alm_cli_bench_cpu ();
  double seconds;

  if (g_mkdir (dir, 0700) != 0 || !alm_bench_plain_import (dir, exchange->lines, error))
    return FALSE;

  seconds = (double) (g_get_monotonic_time () - begin) / 1e6;
  cpu = alm_cli_bench_cpu () - cpu;
  g_array_append_val (exchange->plain, seconds);
  g_array_append_val (exchange->plain_cpu, cpu);

  return TRUE;
}

/* From one desk to the server and from there to a new one. */
static gboolean
exchange_once (AlmBench  *self,
               Exchange  *exchange,
               GError   **error)
{
  g_autoptr (AlmBenchDesk) one = NULL;
  g_autoptr (AlmBenchDesk) two = NULL;
  g_autofree char *sum_one = NULL;
  g_autofree char *sum_two = NULL;
  guint64 requests, sent, received;
  double seconds, cpu;

  if (!alm_cli_bench_found (self, 0, error) || !alm_cli_bench_serve (self, error)
      || (one = alm_cli_bench_desk_new (self, "one", TRUE, error)) == NULL)
    return FALSE;

  alm_cli_bench_forget_memory ();
  /* What it is told first: the models and the scope. */
  alm_sync_driver_start (one->driver);
  while (alm_sync_driver_get_state (one->driver) != ALM_SYNC_STATE_IN_SYNC)
    g_main_context_iteration (NULL, TRUE);
  alm_sync_driver_stop (one->driver);
  if (!hand_in (one, exchange, error))
    return FALSE;

  exchange->of_server = MAX (exchange->of_server, alm_cli_bench_server_memory (self));
  alm_cli_bench_end_server (self);
  if (!alm_cli_bench_serve (self, error)
      || (two = alm_cli_bench_desk_new (self, "two", FALSE, error)) == NULL)
    return FALSE;

  alm_cli_bench_wait_for_pack (self);
  cpu = alm_cli_bench_both_cpu (self);
  seconds = alm_cli_bench_desk_round (two);
  cpu = alm_cli_bench_both_cpu (self) - cpu;
  g_array_append_val (exchange->first, seconds);
  g_array_append_val (exchange->first_cpu, cpu);
  exchange->of_server = MAX (exchange->of_server, alm_cli_bench_server_memory (self));
  exchange->of_desk = MAX (exchange->of_desk, alm_cli_bench_memory ());
  alm_sync_driver_get_traffic (two->driver, &requests, &sent, &received);
  exchange->wire = (double) (sent + received);
  if (seconds < 0 || alm_cli_bench_desk_count (two) != self->rows
      || (sum_one = sum_records (one, error)) == NULL
      || (sum_two = sum_records (two, error)) == NULL || !g_str_equal (sum_one, sum_two))
    return (error != NULL && *error != NULL) || alm_cli_refuse (error, "the two desks differ");

  return TRUE;
}

static void
say_cpu (AlmValue *line,
         GArray   *ours,
         GArray   *plain)
{
  alm_cli_bench_add (line, "cpu", alm_cli_bench_median (ours));
  alm_cli_bench_add (line, "peer_cpu", alm_cli_bench_median (plain));
}

static void
say_exchange (AlmBench       *self,
              const Exchange *exchange)
{
  g_autoptr (AlmValue) push = alm_cli_bench_figure_of (self, "exchange.push", exchange->push, "s");
  g_autoptr (AlmValue) first = alm_cli_bench_figure_of (self, "exchange.first-sync",
                                                        exchange->first, "s");
  g_autoptr (AlmValue) wire = alm_cli_bench_figure (self, "exchange.wire", exchange->wire, "B");
  g_autoptr (AlmValue) server = alm_cli_bench_figure (self, "exchange.memory-server",
                                                      exchange->of_server, "MB");
  g_autoptr (AlmValue) desk = alm_cli_bench_figure (self, "exchange.memory-desk",
                                                    exchange->of_desk, "MB");
  double plain = alm_cli_bench_median (exchange->plain);
  gsize bytes = 0;

  for (guint i = 0; i < exchange->lines->len; i++)
    bytes += strlen (exchange->lines->pdata[i]) + 1;
  alm_cli_bench_add (push, "commands_per_s",
                     self->rows / alm_cli_bench_median (exchange->push));
  say_cpu (push, exchange->push_cpu, exchange->plain_cpu);
  say_cpu (first, exchange->first_cpu, exchange->plain_cpu);
  alm_cli_bench_beside (self, push, "plain", plain, TRUE);
  alm_cli_bench_beside (self, first, "plain", plain, TRUE);
  alm_cli_bench_beside (self, wire, "the plain lines", (double) bytes, FALSE);
  alm_cli_bench_say (self, server, FALSE);
  alm_cli_bench_say (self, desk, FALSE);
}

static gboolean
measure_exchange (AlmBench  *self,
                  GError   **error)
{
  static const char *const folders[] = { "data", "one", "two", "plain" };
  g_autoptr (GPtrArray) lines = make_lines (self->rows);
  g_autoptr (GArray) push = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) plain = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) push_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) first_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) plain_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  Exchange exchange = { .lines = lines, .push = push, .first = first, .plain = plain,
                        .push_cpu = push_cpu, .first_cpu = first_cpu, .plain_cpu = plain_cpu };

  for (guint i = 0; i < RUNS; i++)
    {
      if (!exchange_once (self, &exchange, error) || !time_plain (self, &exchange, error))
        return FALSE;

      alm_cli_bench_end_server (self);
      for (guint j = 0; j < G_N_ELEMENTS (folders); j++)
        {
          g_autofree char *path = g_build_filename (self->dir, folders[j], NULL);

          alm_cli_bench_remove (path);
        }
    }
  say_exchange (self, &exchange);

  return TRUE;
}

int
alm_cli_bench_push (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  return alm_cli_bench_run ("bench push", argc, argv, measure_push);
}

int
alm_cli_bench_exchange (AlmCli  *cli,
                        int      argc,
                        char   **argv)
{
  return alm_cli_bench_run ("bench exchange", argc, argv, measure_exchange);
}
