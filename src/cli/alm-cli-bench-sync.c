/* SPDX-License-Identifier: EUPL-1.2 */

/* bench first-sync, bench edit-wait, bench weeks: a real allmended on loopback, a new
 * profile, the driver of the window; what a copy takes, what goes over the wire, what
 * an edit waits for meanwhile, and what is left to do after four weeks away. */

#include "config.h"

#include "alm-cli-bench.h"
#include "alm-cli-desk.h"

#include <gio/gio.h>
#include <string.h>

/* Seconds for a copy of the profile's file, on the disk when it ends. */
static double
copy_profile (AlmBenchDesk *self)
{
  g_autofree char *in = g_strconcat ("if=", self->profile, "/profile.db", NULL);
  g_autofree char *out = g_strconcat ("of=", self->bench->dir, "/copy.db", NULL);
  const char *const argv[] = { "dd", in, out, "bs=1M", "conv=fsync", "status=none", NULL };
  g_autoptr (GSubprocess) copy = NULL;
  gint64 begin = g_get_monotonic_time ();

  copy = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);
  if (copy == NULL || !g_subprocess_wait_check (copy, NULL, NULL))
    return 0;

  return (double) (g_get_monotonic_time () - begin) / 1e6;
}

/* A server that has been there for a while, and a new desk. */
static AlmBenchDesk *
prepare (AlmBench  *self,
         gboolean   follow,
         GError   **error)
{
  AlmBenchDesk *desk;

  if (!alm_cli_bench_found (self, self->rows, error) || !alm_cli_bench_serve (self, error))
    return NULL;

  desk = alm_cli_bench_desk_new (self, "profile", follow, error);
  if (desk != NULL)
    alm_cli_bench_wait_for_pack (self);

  return desk;
}

static double
first_round (AlmBenchDesk  *desk,
             GError       **error)
{
  double seconds = alm_cli_bench_desk_round (desk);

  if (seconds >= 0 && alm_cli_bench_desk_count (desk) == desk->bench->rows)
    return seconds;

  alm_cli_refuse (error, "the copy is not whole");

  return -1;
}

static void
say_memory (AlmBench *self,
            double    desk)
{
  g_autoptr (AlmValue) of_desk = alm_cli_bench_figure (self, "first-sync.memory-desk", desk, "MB");
  g_autoptr (AlmValue) of_server = alm_cli_bench_figure (self, "first-sync.memory-server",
                                                         alm_cli_bench_server_memory (self), "MB");

  alm_cli_bench_say (self, of_server, FALSE);
  alm_cli_bench_say (self, of_desk, FALSE);
}

static gboolean
measure_first_sync (AlmBench  *self,
                    GError   **error)
{
  g_autoptr (AlmBenchDesk) desk = prepare (self, FALSE, error);
  g_autoptr (AlmValue) time_line = NULL;
  g_autoptr (AlmValue) wire_line = NULL;
  guint64 requests, sent, received;
  double seconds, cpu, memory;

  if (desk == NULL)
    return FALSE;

  alm_cli_bench_forget_memory ();
  cpu = alm_cli_bench_cpu ();
  seconds = first_round (desk, error);
  cpu = alm_cli_bench_cpu () - cpu;
  memory = alm_cli_bench_memory ();
  if (seconds < 0)
    return FALSE;

  alm_sync_driver_get_traffic (desk->driver, &requests, &sent, &received);
  if (!alm_cli_bench_desk_close (desk))
    return alm_cli_refuse (error, "the file to be copied is not whole");

  time_line = alm_cli_bench_figure (self, "first-sync", seconds, "s");
  alm_cli_bench_add (time_line, "cpu", cpu);
  alm_cli_bench_beside (self, time_line, "dd of profile.db, fsync", copy_profile (desk), TRUE);
  wire_line = alm_cli_bench_figure (self, "first-sync.wire", (double) (sent + received), "B");
  alm_value_set_integer (wire_line, "requests", (gint64) requests);
  alm_cli_bench_beside (self, wire_line, "size of profile.db",
                        (double) alm_cli_bench_file_size (desk->profile, "profile.db"), FALSE);
  say_memory (self, memory);

  return TRUE;
}

/* Edits while the first copy comes: one every EDIT_EVERY_MS, whether the last one is
 * durable or not, so that a long wait counts for all who would have waited. */
#define EDIT_EVERY_MS 20

typedef struct
{
  AlmBenchDesk *desk;
  guint         timer;    /* source id: the next edit */
  guint         edits;    /* that are under way */
  GArray       *waits;    /* double: ms from each edit until it was durable */
} Waits;

typedef struct
{
  Waits  *waits;
  gint64  begin;
} Edit;

static gpointer
add_job (AlmDesk   *desk,
         gpointer   data,
         GError   **error)
{
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_NEW, .scope = ALM_BENCH_SCOPE, .kind = "tree", .set = set };
  AlmEditResult result;

  alm_value_set_text (set, "species_de", "Feldahorn");

  return alm_desk_edit (desk, &edit, 1, &result, NULL, error) ? desk : NULL;
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Edit *edit = user_data;
  Waits *self = edit->waits;
  AlmBench *bench = self->desk->bench;
  double wait = (double) (g_get_monotonic_time () - edit->begin) / 1e3;

  self->edits--;
  g_array_append_val (self->waits, wait);
  if (alm_records_write_finish (ALM_RECORDS (source), result, &bench->error) == NULL
      || (self->timer == 0 && self->edits == 0))
    g_main_loop_quit (bench->loop);
}

static gboolean
add_cb (gpointer user_data)
{
  Waits *self = user_data;
  Edit *edit = g_new (Edit, 1);

  edit->waits = self;
  edit->begin = g_get_monotonic_time ();
  self->edits++;
  alm_records_write_async (self->desk->records, add_job, edit, NULL, NULL, added_cb, edit);

  return G_SOURCE_CONTINUE;
}

/* From the moment at which the pack begins to come until it is all here. */
static void
loading_cb (Waits *self)
{
  const char *loading = alm_sync_driver_get_loading (self->desk->driver);

  if (loading != NULL && self->timer == 0 && self->waits->len == 0)
    self->timer = g_timeout_add (EDIT_EVERY_MS, add_cb, self);
  else if (loading == NULL && self->timer != 0)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      if (self->edits == 0)
        g_main_loop_quit (self->desk->bench->loop);
    }
}

static gboolean
measure_edit_wait (AlmBench  *self,
                   GError   **error)
{
  g_autoptr (GArray) waits = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmBenchDesk) desk = NULL;
  g_autoptr (AlmValue) line = NULL;
  Waits work = { .waits = waits };

  if (self->rows < ALM_BENCH_PACK_FROM)
    return alm_cli_refuse (error, "a server makes no pack of less than %u records",
                           ALM_BENCH_PACK_FROM);
  desk = work.desk = prepare (self, TRUE, error);
  if (desk == NULL)
    return FALSE;

  g_signal_connect_swapped (desk->driver, "changed", G_CALLBACK (loading_cb), &work);
  alm_sync_driver_start (desk->driver);
  g_main_loop_run (self->loop);
  g_clear_handle_id (&work.timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (desk->driver, &work);
  if (self->error != NULL)
    return alm_cli_refuse (error, "%s", self->error->message);
  if (alm_cli_bench_desk_count (desk) != self->rows + waits->len)
    return alm_cli_refuse (error, "the copy is not whole");

  line = alm_cli_bench_figure (self, "first-sync.edit-wait-p95",
                               alm_cli_bench_part_of (waits, 0.95), "ms");
  alm_cli_bench_add (line, "p50", alm_cli_bench_median (waits));
  alm_cli_bench_add (line, "max", alm_cli_bench_part_of (waits, 1));
  alm_value_set_integer (line, "n", waits->len);
  alm_cli_bench_say (self, line, TRUE);

  return TRUE;
}

/* One record in so many changes in four weeks. */
#define WEEKS_EVERY 20
#define WEEKS_TIMES 5

typedef struct
{
  char  *text;
  guint  count;
} Search;

static gboolean
count_line_cb (const char  *line,
               gsize        length,
               gpointer     user_data,
               GError     **error)
{
  Search *search = user_data;

  search->count += g_strstr_len (line, (gssize) length, search->text) != NULL;

  return TRUE;
}

/* How many records have got @girth. */
static guint
count_changed (AlmBenchDesk  *desk,
               guint          girth,
               GError       **error)
{
  g_autofree char *text = g_strdup_printf ("\"girth\":%u,", girth);
  g_autoptr (AlmDesk) store = alm_desk_open (desk->profile, 0, NULL, error);
  Search search = { text, 0 };

  if (store == NULL || !alm_desk_export (store, NULL, NULL, 0, count_line_cb, &search, error))
    return 0;

  return search.count;
}

/* The desk is away while the server changes.  @cpu: what desk and server used then. */
static double
stay_away (AlmBench  *self,
           guint      girth,
           double    *cpu,
           GError   **error)
{
  g_autoptr (AlmBenchDesk) desk = NULL;
  guint changed = (self->rows + WEEKS_EVERY - 1) / WEEKS_EVERY;
  double seconds;

  alm_cli_bench_end_server (self);
  if (!alm_cli_bench_change (self, WEEKS_EVERY, girth, error)
      || !alm_cli_bench_serve (self, error)
      || (desk = alm_cli_bench_desk_new (self, "profile", FALSE, error)) == NULL)
    return -1;

  *cpu = alm_cli_bench_both_cpu (self);
  seconds = first_round (desk, error);
  *cpu = alm_cli_bench_both_cpu (self) - *cpu;
  if (seconds < 0 || count_changed (desk, girth, error) == changed)
    return seconds;

  if (error != NULL && *error == NULL)
    alm_cli_refuse (error, "not all that has changed has come");

  return -1;
}

static gboolean
measure_weeks (AlmBench  *self,
               GError   **error)
{
  g_autoptr (AlmBenchDesk) desk = prepare (self, FALSE, error);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) cpus = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (AlmValue) line = NULL;
  double first, first_cpu, cpu;

  if (desk == NULL)
    return FALSE;

  first_cpu = alm_cli_bench_both_cpu (self);
  first = first_round (desk, error);
  first_cpu = alm_cli_bench_both_cpu (self) - first_cpu;
  if (first < 0)
    return FALSE;

  alm_cli_bench_desk_close (desk);
  for (guint i = 0; i < WEEKS_TIMES; i++)
    {
      double seconds = stay_away (self, 901 + i, &cpu, error);

      if (seconds < 0)
        return FALSE;
      g_array_append_val (times, seconds);
      g_array_append_val (cpus, cpu);
    }

  line = alm_cli_bench_figure_of (self, "weeks", times, "s");
  alm_value_set_integer (line, "changed", (self->rows + WEEKS_EVERY - 1) / WEEKS_EVERY);
  alm_cli_bench_add (line, "cpu", alm_cli_bench_median (cpus));
  alm_cli_bench_add (line, "peer_cpu", first_cpu);
  alm_cli_bench_beside (self, line, "first-sync", first, TRUE);

  return TRUE;
}

int
alm_cli_bench_first_sync (AlmCli  *cli,
                          int      argc,
                          char   **argv)
{
  return alm_cli_bench_run ("bench first-sync", argc, argv, measure_first_sync);
}

int
alm_cli_bench_edit_wait (AlmCli  *cli,
                         int      argc,
                         char   **argv)
{
  return alm_cli_bench_run ("bench edit-wait", argc, argv, measure_edit_wait);
}

int
alm_cli_bench_weeks (AlmCli  *cli,
                     int      argc,
                     char   **argv)
{
  return alm_cli_bench_run ("bench weeks", argc, argv, measure_weeks);
}
