/* SPDX-License-Identifier: EUPL-1.2 */

/* What the benchmarks of sync share; see alm-cli-bench.h.  Main thread. */

#include "config.h"

#include "alm-cli-bench.h"

#include "alm-desk-sync.h"
#include "alm-hub-core.h"
#include "alm-hub.h"
#include "alm-json.h"
#include "alm-paths.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define PASSWORD "eine lange Messung"
#define USER     "messung"

void
alm_cli_bench_clear (AlmBench *self)
{
  alm_cli_bench_end_server (self);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  if (self->dir != NULL)
    alm_cli_bench_remove (self->dir);
  g_free (self->dir);
  g_free (self->url);
  g_clear_error (&self->error);
}

int
alm_cli_bench_run (const char  *words,
                   int          argc,
                   char       **argv,
                   gboolean   (*func) (AlmBench *, GError **))
{
  const AlmCliCommand command = { words, NULL, "[--rows N]" };
  int rows = 60000;
  const GOptionEntry options[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows },
    { NULL }
  };
  g_auto (AlmBench) bench = { 0 };
  g_autoptr (GError) error = NULL;

  if (!alm_cli_options (&command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 0 || rows < 1 || rows > 10000000)
    return alm_cli_usage (&command, "--rows is a number from 1 to 10,000,000");

  bench.rows = (guint) rows;
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.dir = g_dir_make_tmp ("allmende-bench-XXXXXX", &error);
  if (bench.dir == NULL || !func (&bench, &error))
    return alm_cli_fail (words, "%s", error != NULL ? error->message : "failed");

  return ALM_CLI_DONE;
}

/* The shipped model of trees, as {"name","schema"}. */
AlmValue *
alm_cli_bench_read_model (GError **error)
{
  g_autofree char *path = alm_path_data ("models/tree.json");
  g_autofree char *text = NULL;
  AlmValue *schema;
  AlmValue *model;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  schema = alm_json_parse (text, -1, NULL, error);
  if (schema == NULL)
    return NULL;

  model = alm_value_new_object ();
  alm_value_set_text (model, "name", "tree");
  alm_value_set (model, "schema", schema);

  return model;
}

void
alm_cli_bench_tree_id (AlmId  *id,
                       guint   number)
{
  AlmRandom random;

  alm_random_seed (&random, number);
  alm_id_make_v7 (id, G_GINT64_CONSTANT (1700000000000000) + number, &random);
}

/* A tree as lists of German cities have them. */
AlmValue *
alm_cli_bench_make_tree (AlmRandom *random,
                         guint      number)
{
  static const char *const species[][2] = {
    { "Winter-Linde", "Tilia cordata" }, { "Spitz-Ahorn", "Acer platanoides" },
    { "Stiel-Eiche", "Quercus robur" }, { "Hainbuche", "Carpinus betulus" },
    { "Robinie", "Robinia pseudoacacia" }, { "Gemeine Esche", "Fraxinus excelsior" },
  };
  guint which = alm_random_below (random, G_N_ELEMENTS (species));
  AlmValue *tree = alm_value_new_object ();
  AlmValue *geometry = alm_value_new_object ();
  AlmValue *place = alm_value_new_list ();
  g_autofree char *label = g_strdup_printf ("B%u", number);
  g_autofree char *street = g_strdup_printf ("Straße %u", number / 60);

  alm_value_append (place, alm_value_new_double (11.5 + alm_random_unit (random) * 0.2));
  alm_value_append (place, alm_value_new_double (50.85 + alm_random_unit (random) * 0.15));
  alm_value_set_text (geometry, "type", "Point");
  alm_value_set (geometry, "coordinates", place);
  alm_value_set (tree, "geometry", geometry);
  alm_value_set_text (tree, "number", label);
  alm_value_set_text (tree, "species_de", species[which][0]);
  alm_value_set_text (tree, "species", species[which][1]);
  alm_value_set_text (tree, "street", street);
  alm_value_set (tree, "height",
                 alm_value_new_double (2 + alm_random_below (random, 250) / 10.0));
  alm_value_set (tree, "crown", alm_value_new_double (1 + alm_random_below (random, 120) / 10.0));
  alm_value_set_integer (tree, "girth", 20 + alm_random_below (random, 300));

  return tree;
}

static gboolean
load_scope (AlmServerStore  *store,
            GError         **error)
{
  g_autoptr (AlmValue) scope = alm_value_new_object ();
  AlmRandom random;
  AlmId id;

  alm_random_seed_by (&random, 1, "scope");
  alm_value_set_text (scope, "path", ALM_BENCH_SCOPE);
  alm_value_set_text (scope, "title", "Bäume");
  alm_id_make_v7 (&id, 1, &random);

  return alm_hub_load_record (store, &id, "system", "scope", scope, NULL, error)
         && store->api->make_scope (store, ALM_BENCH_SCOPE, error);
}

/* @trees of them as they are made, or (@every > 0) of these one in so many, with @girth. */
static gboolean
load_trees (AlmServerStore  *store,
            guint            trees,
            guint            every,
            guint            girth,
            GError         **error)
{
  g_autoptr (AlmValue) shipped = alm_cli_bench_read_model (error);
  g_autoptr (AlmModel) model = NULL;
  AlmRandom random;

  if (shipped == NULL)
    return FALSE;
  model = alm_model_new ("tree", alm_value_get (shipped, "schema"), NULL);

  alm_random_seed (&random, 1);
  for (guint i = 0; i < trees; i++)
    {
      g_autoptr (AlmValue) tree = alm_cli_bench_make_tree (&random, i);
      AlmId id;

      if (every > 0 && i % every != 0)
        continue;
      if (every > 0)
        alm_value_set_integer (tree, "girth", girth);
      alm_cli_bench_tree_id (&id, i);
      if (!alm_hub_load_record (store, &id, ALM_BENCH_SCOPE, "tree", tree, model, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_user (AlmServerStore  *store,
          GError         **error)
{
  const AlmPasswordCost cheap = { 1, 8192 };
  g_autofree char *hash = alm_password_hash (PASSWORD, &cheap);
  AlmHubAccount account = { (char *) USER, (char *) USER, hash, TRUE };
  g_autoptr (GPtrArray) grants =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);

  g_ptr_array_add (grants, alm_hub_grant_new ("editor", ALM_BENCH_SCOPE,
                                              ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL));

  return store->api->put_account (store, &account, error)
         && store->api->set_grants (store, USER, grants, error);
}

static gboolean
fill_server (AlmServerStore  *store,
             guint            trees,
             GError         **error)
{
  const AlmHubOptions options = { alm_clock_system (), NULL, NULL };
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (AlmValue) said = NULL;
  AlmValue *shipped = alm_cli_bench_read_model (error);

  if (shipped == NULL)
    return FALSE;
  g_ptr_array_add (models, shipped);
  if (!alm_hub_found (store, &options, "chef", PASSWORD, models, &said, error)
      || !store->api->begin (store, TRUE, error))
    return FALSE;

  if (!load_scope (store, error) || !load_trees (store, trees, 0, 0, error)
      || !add_user (store, error))
    {
      store->api->rollback (store);
      return FALSE;
    }

  return store->api->commit (store, error);
}

static AlmServerStore *
open_store (AlmBench  *self,
            GError   **error)
{
  g_autofree char *data = g_build_filename (self->dir, "data", NULL);

  return alm_hub_open (data, ALM_HUB_WRITE | ALM_HUB_CREATE, error);
}

gboolean
alm_cli_bench_found (AlmBench  *self,
                     guint      trees,
                     GError   **error)
{
  AlmServerStore *store = open_store (self, error);
  gboolean filled = store != NULL && fill_server (store, trees, error);

  if (store != NULL)
    alm_server_store_close (store);

  return filled;
}

gboolean
alm_cli_bench_change (AlmBench  *self,
                      guint      every,
                      guint      girth,
                      GError   **error)
{
  AlmServerStore *store = open_store (self, error);
  gboolean done = store != NULL
                  && store->api->begin (store, TRUE, error)
                  && load_trees (store, self->rows, every, girth, error)
                  && store->api->commit (store, error);

  /* What was begun and not committed goes with it. */
  if (store != NULL)
    alm_server_store_close (store);

  return done;
}

/* Started anew it listens where its desks look for it. */
gboolean
alm_cli_bench_serve (AlmBench  *self,
                     GError   **error)
{
  g_autofree char *data = g_build_filename (self->dir, "data", NULL);
  const char *address = self->url != NULL ? strstr (self->url, "127.") : "127.0.0.1:0";
  g_autofree char *program = alm_path_command ("src/server/allmended");
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *line = NULL;
  const AlmValue *urls;

  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "serve",
                                   "--data", data, "--listen", address, NULL);
  if (self->server == NULL)
    return FALSE;

  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  line = g_data_input_stream_read_line (out, NULL, NULL, error);
  said = line != NULL ? alm_json_parse (line, -1, NULL, error) : NULL;
  urls = alm_value_get (said, "listening");
  if (alm_value_get_size (urls) == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "allmended did not start");
      return FALSE;
    }
  g_free (self->url);
  self->url = g_strdup (alm_value_get_text (alm_value_get_item (urls, 0)));

  return TRUE;
}

void
alm_cli_bench_end_server (AlmBench *self)
{
  if (self->server == NULL)
    return;

  g_subprocess_send_signal (self->server, SIGTERM);
  g_subprocess_wait (self->server, NULL, NULL);
  g_clear_object (&self->server);
}

static gboolean
look_for_pack_cb (gpointer user_data)
{
  AlmBench *self = user_data;
  g_autofree char *packs = g_build_filename (self->dir, "data", "packs", NULL);
  g_autoptr (GDir) dir = g_dir_open (packs, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".zst"))
      {
        g_main_loop_quit (self->loop);
        return G_SOURCE_REMOVE;
      }

  return G_SOURCE_CONTINUE;
}

void
alm_cli_bench_wait_for_pack (AlmBench *self)
{
  if (self->rows < ALM_BENCH_PACK_FROM)
    return;

  g_timeout_add (50, look_for_pack_cb, self);
  g_main_loop_run (self->loop);
}

static void
login_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  AlmBench *self = user_data;

  alm_sync_driver_login_finish (ALM_SYNC_DRIVER (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

AlmBenchDesk *
alm_cli_bench_desk_new (AlmBench    *self,
                        const char  *name,
                        gboolean     follow,
                        GError     **error)
{
  g_autoptr (AlmBenchDesk) desk = g_new0 (AlmBenchDesk, 1);

  desk->bench = self;
  desk->profile = g_build_filename (self->dir, name, NULL);
  desk->records = alm_records_open (desk->profile, error);
  if (desk->records == NULL)
    return NULL;

  desk->driver = alm_sync_driver_new (desk->records, follow);
  alm_sync_driver_login_async (desk->driver, self->url, USER, PASSWORD, NULL, login_cb, self);
  g_main_loop_run (self->loop);
  if (self->error == NULL)
    return g_steal_pointer (&desk);

  g_propagate_error (error, g_steal_pointer (&self->error));

  return NULL;
}

static void
done_cb (AlmSyncDriver *driver,
         gboolean       failed,
         gpointer       user_data)
{
  AlmBenchDesk *self = user_data;

  self->failed = failed;
  g_main_loop_quit (self->bench->loop);
}

double
alm_cli_bench_desk_round (AlmBenchDesk *self)
{
  gulong handler = g_signal_connect (self->driver, "done", G_CALLBACK (done_cb), self);
  gint64 begin = g_get_monotonic_time ();

  alm_sync_driver_start (self->driver);
  g_main_loop_run (self->bench->loop);
  g_signal_handler_disconnect (self->driver, handler);

  return self->failed ? -1 : (double) (g_get_monotonic_time () - begin) / 1e6;
}

static gpointer
count_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, error);
  gint64 *count = data;

  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (strcmp (((AlmDeskScope *) scopes->pdata[i])->scope, ALM_BENCH_SCOPE) == 0)
      *count = ((AlmDeskScope *) scopes->pdata[i])->records;

  return scopes != NULL ? count : NULL;
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AlmBench *self = user_data;

  alm_records_read_finish (ALM_RECORDS (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

gint64
alm_cli_bench_desk_count (AlmBenchDesk *self)
{
  gint64 count = 0;

  alm_records_read_async (self->records, count_job, &count, NULL, NULL, NULL, counted_cb,
                          self->bench);
  g_main_loop_run (self->bench->loop);

  return count;
}

gboolean
alm_cli_bench_desk_close (AlmBenchDesk *self)
{
  AlmRecords *records = self->records;
  g_autofree char *log = g_build_filename (self->profile, "profile.db-wal", NULL);

  if (self->driver != NULL)
    alm_sync_driver_stop (self->driver);
  g_clear_object (&self->driver);
  if (records != NULL)
    g_object_add_weak_pointer (G_OBJECT (records), (gpointer *) &records);
  g_clear_object (&self->records);
  while (records != NULL)
    g_main_context_iteration (NULL, TRUE);

  return !g_file_test (log, G_FILE_TEST_EXISTS);
}

void
alm_cli_bench_desk_free (AlmBenchDesk *self)
{
  alm_cli_bench_desk_close (self);
  g_free (self->profile);
  g_free (self);
}

const AlmCliCommand alm_cli_bench_commands[] = {
  { "bench edit", alm_cli_bench_edit, "[--rows N]" },
  { "bench edit-wait", alm_cli_bench_edit_wait, "[--rows N]" },
  { "bench exchange", alm_cli_bench_exchange, "[--rows N]" },
  { "bench export", alm_cli_bench_export, "[--rows N]" },
  { "bench first-sync", alm_cli_bench_first_sync, "[--rows N]" },
  { "bench import", alm_cli_bench_import, "[--rows N]" },
  { "bench merge", alm_cli_bench_merge, "[--rows N]" },
  { "bench notice", alm_cli_bench_notice, "[--rows N]" },
  { "bench push", alm_cli_bench_push, "[--rows N]" },
  { "bench weeks", alm_cli_bench_weeks, "[--rows N]" },
  { NULL }
};
