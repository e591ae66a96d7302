/* SPDX-License-Identifier: EUPL-1.2 */

/* bench first-sync, bench edit-wait, bench push: a real allmended on loopback, a new
 * profile, the driver of the window; what it takes and what goes over the wire. */

#include "config.h"

#include "alm-cli-sync.h"
#include "alm-desk-sync.h"
#include "alm-hub-core.h"
#include "alm-hub.h"
#include "alm-json.h"
#include "alm-paths.h"
#include "alm-sync-driver.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define SCOPE    "bench/baeume"
#define PASSWORD "eine lange Messung"
#define USER     "messung"

/* From so many records on a server makes a pack of a scope, as it starts. */
#define PACK_FROM 20000

typedef struct
{
  guint          rows;
  char          *dir;
  GSubprocess   *server;
  char          *url;
  AlmRecords    *records;
  AlmSyncDriver *driver;
  GMainLoop     *loop;
  gboolean       failed;
  guint          wanted;      /* quit when so many were sent and all is in sync */
  guint          timer;       /* source id: the next edit, or the next look */
  guint          edits;       /* that are under way */
  GArray        *waits;       /* gint64: µs from each edit until it was durable */
  GError        *error;
} Bench;

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
bench_clear (Bench *self)
{
  if (self->driver != NULL)
    alm_sync_driver_stop (self->driver);
  g_clear_object (&self->driver);
  g_clear_object (&self->records);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  if (self->server != NULL)
    {
      g_subprocess_send_signal (self->server, SIGTERM);
      g_subprocess_wait (self->server, NULL, NULL);
    }
  g_clear_object (&self->server);
  g_clear_pointer (&self->waits, g_array_unref);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->dir != NULL)
    remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->url);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

/* The shipped model of trees, as {"name","schema"}. */
static AlmValue *
read_model (GError **error)
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

/* A tree as lists of German cities have them. */
static AlmValue *
make_tree (AlmRandom *random,
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
load_trees (Bench           *self,
            AlmServerStore  *store,
            const AlmModel  *model,
            GError         **error)
{
  g_autoptr (AlmValue) scope = alm_value_new_object ();
  AlmRandom random;
  AlmId id;

  alm_random_seed (&random, 1);
  alm_value_set_text (scope, "path", SCOPE);
  alm_value_set_text (scope, "title", "Bäume");
  alm_id_make_v7 (&id, 1, &random);
  if (!alm_hub_load_record (store, &id, "system", "scope", scope, NULL, error)
      || !store->api->make_scope (store, SCOPE, error))
    return FALSE;

  for (guint i = 0; i < self->rows; i++)
    {
      g_autoptr (AlmValue) tree = make_tree (&random, i);

      alm_id_make_v7 (&id, G_GINT64_CONSTANT (1700000000000000) + i, &random);
      if (!alm_hub_load_record (store, &id, SCOPE, "tree", tree, model, error))
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

  g_ptr_array_add (grants, alm_hub_grant_new ("editor", SCOPE,
                                              ALM_CLASS_PUBLIC | ALM_CLASS_INTERNAL));

  return store->api->put_account (store, &account, error)
         && store->api->set_grants (store, USER, grants, error);
}

static gboolean
fill_server (Bench           *self,
             AlmServerStore  *store,
             GError         **error)
{
  const AlmHubOptions options = { alm_clock_system (), NULL, NULL };
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autoptr (AlmValue) said = NULL;
  g_autoptr (AlmModel) model = NULL;
  AlmValue *shipped = read_model (error);

  if (shipped == NULL)
    return FALSE;
  g_ptr_array_add (models, shipped);
  model = alm_model_new ("tree", alm_value_get (shipped, "schema"), NULL);
  if (!alm_hub_found (store, &options, "chef", PASSWORD, models, &said, error)
      || !store->api->begin (store, TRUE, error))
    return FALSE;

  if (!load_trees (self, store, model, error) || !add_user (store, error))
    {
      store->api->rollback (store);
      return FALSE;
    }

  return store->api->commit (store, error);
}

static gboolean
start_server (Bench       *self,
              const char  *data,
              GError     **error)
{
  g_autofree char *program = alm_path_command ("src/server/allmended");
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (AlmValue) said = NULL;
  g_autofree char *line = NULL;
  const AlmValue *urls;

  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "serve",
                                   "--data", data, "--listen", "127.0.0.1:0", NULL);
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
  self->url = g_strdup (alm_value_get_text (alm_value_get_item (urls, 0)));

  return TRUE;
}

static gboolean
prepare (Bench   *self,
         GError **error)
{
  g_autofree char *data = NULL;
  AlmServerStore *store;
  gboolean filled;

  self->dir = g_dir_make_tmp ("allmende-bench-XXXXXX", error);
  if (self->dir == NULL)
    return FALSE;

  data = g_build_filename (self->dir, "data", NULL);
  store = alm_hub_open (data, ALM_HUB_WRITE | ALM_HUB_CREATE, error);
  if (store == NULL)
    return FALSE;
  filled = fill_server (self, store, error);
  alm_server_store_close (store);

  return filled && start_server (self, data, error);
}

static void
login_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Bench *self = user_data;

  alm_sync_driver_login_finish (ALM_SYNC_DRIVER (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

static gboolean
open_profile (Bench     *self,
              gboolean   follow,
              GError   **error)
{
  g_autofree char *profile = g_build_filename (self->dir, "profile", NULL);

  self->records = alm_records_open (profile, error);
  if (self->records == NULL)
    return FALSE;

  self->driver = alm_sync_driver_new (self->records, follow);
  self->loop = g_main_loop_new (NULL, FALSE);
  alm_sync_driver_login_async (self->driver, self->url, USER, PASSWORD, NULL, login_cb, self);
  g_main_loop_run (self->loop);
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));

  return FALSE;
}

static void
done_cb (AlmSyncDriver *driver,
         gboolean       failed,
         gpointer       user_data)
{
  Bench *self = user_data;

  self->failed = failed;
  g_main_loop_quit (self->loop);
}

static gint64
file_size (const char *dir,
           const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL,
                                                  NULL);

  return info != NULL ? g_file_info_get_size (info) : 0;
}

/* Seconds for a copy of the profile's file, on the disk when it ends. */
static double
copy_profile (Bench *self)
{
  g_autofree char *from = g_build_filename (self->dir, "profile", "profile.db", NULL);
  g_autofree char *to = g_build_filename (self->dir, "copy.db", NULL);
  const char *const words[] = { "dd", NULL, NULL, "bs=1M", "conv=fsync", "status=none", NULL };
  const char *argv[G_N_ELEMENTS (words)];
  g_autofree char *in = g_strconcat ("if=", from, NULL);
  g_autofree char *out = g_strconcat ("of=", to, NULL);
  g_autoptr (GSubprocess) copy = NULL;
  gint64 begin = g_get_monotonic_time ();

  memcpy (argv, words, sizeof words);
  argv[1] = in;
  argv[2] = out;
  copy = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);
  if (copy == NULL || !g_subprocess_wait_check (copy, NULL, NULL))
    return 0;

  return (double) (g_get_monotonic_time () - begin) / 1e6;
}

static double
rounded (double value)
{
  return (double) (gint64) (value * 10000 + 0.5) / 10000;
}

static AlmValue *
figure (const char *bench,
        guint       rows,
        double      value,
        const char *unit)
{
  AlmValue *line = alm_value_new_object ();

  alm_value_set_text (line, "bench", bench);
  alm_value_set_integer (line, "rows", rows);
  alm_value_set (line, "value", alm_value_new_double (rounded (value)));
  alm_value_set_text (line, "unit", unit);

  return line;
}

static void
say_beside (AlmValue   *line,
            const char *peer,
            double      value,
            double      peer_value)
{
  if (peer_value > 0)
    {
      alm_value_set_text (line, "peer", peer);
      alm_value_set (line, "peer_value", alm_value_new_double (rounded (peer_value)));
      alm_value_set (line, "ratio", alm_value_new_double (rounded (value / peer_value)));
    }
  alm_cli_say (line);
}

static gpointer
count_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, error);
  gint64 *count = data;

  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (strcmp (((AlmDeskScope *) scopes->pdata[i])->scope, SCOPE) == 0)
      *count = ((AlmDeskScope *) scopes->pdata[i])->records;

  return scopes != NULL ? count : NULL;
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Bench *self = user_data;

  alm_records_read_finish (ALM_RECORDS (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

static gint64
count_records (Bench *self)
{
  gint64 count = 0;

  alm_records_read_async (self->records, count_job, &count, NULL, NULL, NULL, counted_cb, self);
  g_main_loop_run (self->loop);

  return count;
}

static gboolean
look_for_pack_cb (gpointer user_data)
{
  Bench *self = user_data;
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

/* A server that has been there for a while has its packs. */
static void
wait_for_pack (Bench *self)
{
  if (self->rows < PACK_FROM)
    return;

  g_timeout_add (200, look_for_pack_cb, self);
  g_main_loop_run (self->loop);
}

/* Seconds of the processor that this process has used. */
static double
used_cpu (void)
{
  struct rusage used;

  getrusage (RUSAGE_SELF, &used);

  return (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec)
         + (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The driver's last jobs still hold the profile: when they have let it go, the
 * write-ahead log has gone into the file.  FALSE: it has not. */
static gboolean
close_profile (Bench      *self,
               const char *profile)
{
  AlmRecords *records = self->records;
  g_autofree char *log = g_build_filename (profile, "profile.db-wal", NULL);

  g_object_add_weak_pointer (G_OBJECT (records), (gpointer *) &records);
  g_clear_object (&self->driver);
  g_clear_object (&self->records);
  while (records != NULL)
    g_main_context_iteration (NULL, TRUE);

  return !g_file_test (log, G_FILE_TEST_EXISTS);
}

static int
measure_first_sync (Bench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) time_line = NULL;
  g_autoptr (AlmValue) wire_line = NULL;
  g_autofree char *profile = NULL;
  guint64 requests, sent, received;
  gint64 begin;
  double seconds, cpu;

  if (!prepare (self, &error) || !open_profile (self, FALSE, &error))
    return alm_cli_fail ("bench", "%s", error->message);

  wait_for_pack (self);
  g_signal_connect (self->driver, "done", G_CALLBACK (done_cb), self);
  begin = g_get_monotonic_time ();
  cpu = used_cpu ();
  alm_sync_driver_start (self->driver);
  g_main_loop_run (self->loop);
  cpu = used_cpu () - cpu;
  seconds = (double) (g_get_monotonic_time () - begin) / 1e6;
  if (self->failed || count_records (self) != self->rows)
    return alm_cli_fail ("bench", "the copy is not whole");

  alm_sync_driver_get_traffic (self->driver, &requests, &sent, &received);
  alm_sync_driver_stop (self->driver);
  profile = g_build_filename (self->dir, "profile", NULL);
  if (!close_profile (self, profile))
    return alm_cli_fail ("bench", "the file to be copied is not whole");
  time_line = figure ("first-sync", self->rows, seconds, "s");
  alm_value_set (time_line, "cpu", alm_value_new_double (rounded (cpu)));
  say_beside (time_line, "dd of profile.db, fsync", seconds, copy_profile (self));
  wire_line = figure ("first-sync.wire", self->rows, (double) (sent + received), "B");
  alm_value_set_integer (wire_line, "requests", (gint64) requests);
  say_beside (wire_line, "size of profile.db", (double) (sent + received),
              (double) file_size (profile, "profile.db"));

  return ALM_CLI_DONE;
}

/* Edits while the first copy comes: one every EDIT_EVERY_MS, whether the last one is
 * durable or not, so that a long wait counts for all who would have waited. */
#define EDIT_EVERY_MS 20

typedef struct
{
  Bench  *bench;
  gint64  begin;
} Edit;

static gpointer
add_job (AlmDesk   *desk,
         gpointer   data,
         GError   **error)
{
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_NEW, .scope = SCOPE, .kind = "tree", .set = set };
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
  Bench *self = edit->bench;
  gint64 wait = g_get_monotonic_time () - edit->begin;

  self->edits--;
  g_array_append_val (self->waits, wait);
  if (alm_records_write_finish (ALM_RECORDS (source), result, &self->error) == NULL
      || (self->timer == 0 && self->edits == 0))
    g_main_loop_quit (self->loop);
}

static gboolean
add_cb (gpointer user_data)
{
  Bench *self = user_data;
  Edit *edit = g_new (Edit, 1);

  edit->bench = self;
  edit->begin = g_get_monotonic_time ();
  self->edits++;
  alm_records_write_async (self->records, add_job, edit, NULL, NULL, added_cb, edit);

  return G_SOURCE_CONTINUE;
}

/* From the moment at which the pack begins to come until it is all here. */
static void
loading_cb (Bench *self)
{
  const char *loading = alm_sync_driver_get_loading (self->driver);

  if (loading != NULL && self->timer == 0 && self->waits->len == 0)
    self->timer = g_timeout_add (EDIT_EVERY_MS, add_cb, self);
  else if (loading == NULL && self->timer != 0)
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      if (self->edits == 0)
        g_main_loop_quit (self->loop);
    }
}

static int
compare_waits (gconstpointer a,
               gconstpointer b)
{
  const gint64 *one = a;
  const gint64 *two = b;

  return *one < *two ? -1 : *one > *two;
}

static double
part_of_waits (Bench  *self,
               double  part)
{
  guint at = (guint) (part * (self->waits->len - 1));

  return (double) g_array_index (self->waits, gint64, at) / 1e3;
}

static int
measure_edit_wait (Bench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) line = NULL;

  if (self->rows < PACK_FROM)
    return alm_cli_fail ("bench", "a server makes no pack of less than %u records", PACK_FROM);
  if (!prepare (self, &error) || !open_profile (self, TRUE, &error))
    return alm_cli_fail ("bench", "%s", error->message);

  wait_for_pack (self);
  self->waits = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect_swapped (self->driver, "changed", G_CALLBACK (loading_cb), self);
  alm_sync_driver_start (self->driver);
  g_main_loop_run (self->loop);
  if (self->error != NULL)
    return alm_cli_fail ("bench", "%s", self->error->message);
  if (count_records (self) != self->rows + self->waits->len)
    return alm_cli_fail ("bench", "the copy is not whole");

  g_array_sort (self->waits, compare_waits);
  line = figure ("first-sync.edit-wait-p95", self->rows, part_of_waits (self, 0.95), "ms");
  alm_value_set (line, "p50", alm_value_new_double (part_of_waits (self, 0.5)));
  alm_value_set (line, "max", alm_value_new_double (part_of_waits (self, 1)));
  alm_value_set_integer (line, "n", self->waits->len);
  alm_cli_say (line);

  return ALM_CLI_DONE;
}

static void
changed_cb (AlmSyncDriver *driver,
            gpointer       user_data)
{
  Bench *self = user_data;
  const AlmSyncStatus *status = alm_sync_driver_get_status (driver);

  if (alm_sync_driver_get_state (driver) == ALM_SYNC_STATE_IN_SYNC
      && status->sent >= self->wanted && status->pulled >= self->rows + self->wanted)
    g_main_loop_quit (self->loop);
}

/* Where the driver has told before that all was sent, a row that comes back is no news
 * of its own. */
static gboolean
look_cb (gpointer user_data)
{
  changed_cb (((Bench *) user_data)->driver, user_data);

  return G_SOURCE_CONTINUE;
}

static gpointer
edit_job (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  g_autoptr (AlmValue) set = alm_value_new_object ();
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .set = set };
  AlmEditResult result;
  AlmRandom random;
  AlmId scope_id;

  /* The first tree that load_trees() has made. */
  alm_random_seed (&random, 1);
  alm_id_make_v7 (&scope_id, 1, &random);
  alm_value_unref (make_tree (&random, 0));
  alm_id_make_v7 (&edit.id, G_GINT64_CONSTANT (1700000000000000), &random);
  alm_value_set_integer (set, "girth", 555);

  return alm_desk_edit (desk, &edit, 1, &result, NULL, error) ? desk : NULL;
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bench *self = user_data;

  if (alm_records_write_finish (ALM_RECORDS (source), result, &self->error) == NULL)
    g_main_loop_quit (self->loop);
}

/* One edited field, from the edit to the feed that brings it back. */
static int
measure_push (Bench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) wire_line = NULL;
  g_autoptr (AlmValue) time_line = NULL;
  guint64 before[3], after[3];
  gint64 begin;

  if (!prepare (self, &error) || !open_profile (self, TRUE, &error))
    return alm_cli_fail ("bench", "%s", error->message);

  g_signal_connect (self->driver, "changed", G_CALLBACK (changed_cb), self);
  self->timer = g_timeout_add (1, look_cb, self);
  alm_sync_driver_start (self->driver);
  g_main_loop_run (self->loop);

  alm_sync_driver_get_traffic (self->driver, &before[0], &before[1], &before[2]);
  self->wanted = 1;
  begin = g_get_monotonic_time ();
  alm_records_write_async (self->records, edit_job, NULL, NULL, NULL, edited_cb, self);
  g_main_loop_run (self->loop);
  if (self->error != NULL)
    return alm_cli_fail ("bench", "%s", self->error->message);

  alm_sync_driver_get_traffic (self->driver, &after[0], &after[1], &after[2]);
  wire_line = figure ("push.edit", self->rows,
                      (double) (after[1] + after[2] - before[1] - before[2]), "B");
  alm_value_set_integer (wire_line, "requests", (gint64) (after[0] - before[0]));
  alm_cli_say (wire_line);
  time_line = figure ("push.round", self->rows, (double) (g_get_monotonic_time () - begin) / 1e6,
                      "s");
  alm_cli_say (time_line);

  return ALM_CLI_DONE;
}

static int
run_bench (const AlmCliCommand  *command,
           int                   argc,
           char                **argv,
           int                 (*measure) (Bench *self))
{
  int rows = 60000;
  const GOptionEntry options[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &rows },
    { NULL }
  };
  g_auto (Bench) bench = { 0 };

  if (!alm_cli_options (command, options, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 0 || rows < 1)
    return alm_cli_usage (command, "--rows is a number from 1 on");

  bench.rows = (guint) rows;

  return measure (&bench);
}

int
alm_cli_bench_first_sync (AlmCli  *cli,
                          int      argc,
                          char   **argv)
{
  const AlmCliCommand command = { "bench first-sync", alm_cli_bench_first_sync, "[--rows N]" };

  return run_bench (&command, argc, argv, measure_first_sync);
}

int
alm_cli_bench_push (AlmCli  *cli,
                    int      argc,
                    char   **argv)
{
  const AlmCliCommand command = { "bench push", alm_cli_bench_push, "[--rows N]" };

  return run_bench (&command, argc, argv, measure_push);
}

int
alm_cli_bench_edit_wait (AlmCli  *cli,
                         int      argc,
                         char   **argv)
{
  const AlmCliCommand command = { "bench edit-wait", alm_cli_bench_edit_wait, "[--rows N]" };

  return run_bench (&command, argc, argv, measure_edit_wait);
}
