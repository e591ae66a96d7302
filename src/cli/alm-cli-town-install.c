/* SPDX-License-Identifier: EUPL-1.2 */

/* town install: a town's folder becomes a workbench profile, or the data of a
 * server with two accounts to play with.  Only what is new is written to, or a
 * profile that is marked as one to play with; a failure leaves nothing behind. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-desk.h"
#include "alm-hub-core.h"
#include "alm-hub.h"
#include "alm-model.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* Where none is given: nothing in this town is secret, and it is only ever
 * served on loopback. */
#define PASSWORD "kranichfurt-uebung"

typedef struct
{
  const char      *dir;
  GHashTable      *models;    /* kind → AlmModel */
  GPtrArray       *found;     /* (element-type AlmValue) {"name", "schema"} */
  AlmServerStore  *store;
  char            *password;  /* of the server's accounts */
  gboolean         system;    /* this pass takes scope system, the next the rest */
  gint64           records;
} Install;

static gboolean
read_model_cb (const AlmTownRecord  *record,
               gpointer              user_data,
               GError              **error)
{
  Install *self = user_data;
  const char *name;
  AlmValue *schema;
  AlmModel *model;

  if (strcmp (record->kind, "model") != 0)
    return TRUE;
  name = alm_value_get_text_of (record->fields, "name");
  schema = alm_value_get (record->fields, "schema");
  model = name != NULL && schema != NULL ? alm_model_new (name, schema, NULL) : NULL;
  if (model == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the model has faults");
      return FALSE;
    }
  g_hash_table_insert (self->models, g_strdup (name), model);
  g_ptr_array_add (self->found, alm_value_ref (record->fields));

  return TRUE;
}

static gboolean
load_record_cb (const AlmTownRecord  *record,
                gpointer              user_data,
                GError              **error)
{
  Install *self = user_data;

  if (strcmp (record->kind, "model") == 0
      || (strcmp (record->scope, "system") == 0) != self->system)
    return TRUE;
  self->records++;
  if (strcmp (record->kind, "scope") == 0
      && !self->store->api->make_scope (self->store,
                                        alm_value_get_text_of (record->fields, "path"), error))
    return FALSE;

  return alm_hub_load_record (self->store, &record->id, record->scope, record->kind,
                              record->fields,
                              g_hash_table_lookup (self->models, record->kind), error);
}

static gboolean
copy_file (const char  *from_dir,
           const char  *to_dir,
           const char  *path,
           GError     **error)
{
  g_autofree char *from_path = g_build_filename (from_dir, path, NULL);
  g_autofree char *to_path = g_build_filename (to_dir, path, NULL);
  g_autofree char *folder = g_path_get_dirname (to_path);
  g_autoptr (GFile) from = g_file_new_for_path (from_path);
  g_autoptr (GFile) to = g_file_new_for_path (to_path);

  g_mkdir_with_parents (folder, 0700);

  return g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
}

/* Names, mistakes, tables, import files, the base map: beside the profile. */
static gboolean
copy_files (Install         *self,
            const AlmValue  *manifest,
            const char      *profile,
            GError         **error)
{
  const AlmValue *files = alm_value_get (manifest, "files");
  g_autofree char *town = g_build_filename (profile, "town", NULL);

  for (guint i = 0; i < alm_value_get_size (files); i++)
    {
      const char *path = alm_value_get_text_of (alm_value_get_item (files, i), "path");

      if (strcmp (path, "records.ndjson") != 0 && !copy_file (self->dir, town, path, error))
        return FALSE;
    }

  return TRUE;
}

/* What marks a profile as one to play with. */
static gboolean
mark_training (const AlmValue  *manifest,
               const char      *profile,
               GError         **error)
{
  static const char *const members[] = { "generator", "seed", "size", "today", "town" };
  g_autoptr (AlmValue) mark = alm_value_new_object ();
  g_autofree char *path = g_build_filename (profile, ALM_DESK_TRAINING_FILE, NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      AlmValue *member = alm_value_get (manifest, members[i]);

      if (member != NULL)
        alm_value_set (mark, members[i], alm_value_ref (member));
    }
  text = alm_value_to_text (mark);

  return g_file_set_contents (path, text, -1, error);
}

/* The database of a training town; what people made in it goes with it. */
static void
wipe (const char *profile)
{
  static const char *const names[] = {
    "profile.db", "profile.db-wal", "profile.db-shm", "town.pack",
    ALM_DESK_TRAINING_FILE
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (profile, names[i], NULL);

      g_unlink (path);
    }
}

/* A profile with real data is never touched; a training town that nobody has
 * open makes room. */
static gboolean
make_room (const char  *profile,
           GError     **error)
{
  g_autofree char *mark = g_build_filename (profile, ALM_DESK_TRAINING_FILE, NULL);
  g_autofree char *database = g_build_filename (profile, "profile.db", NULL);
  AlmDesk *desk;

  if (!g_file_test (database, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_test (mark, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "the profile holds real data");
      return FALSE;
    }
  desk = alm_desk_open (profile, ALM_DESK_WRITE, alm_clock_system (), error);
  if (desk == NULL)
    return FALSE;
  alm_desk_close (desk);
  wipe (profile);

  return TRUE;
}

static gboolean
install_profile (Install         *self,
                 const AlmValue  *manifest,
                 const char      *profile,
                 GError         **error)
{
  AlmDesk *desk;
  gboolean good;

  if (!make_room (profile, error))
    return FALSE;
  desk = alm_desk_open (profile, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (), error);
  if (desk == NULL)
    return FALSE;

  good = alm_town_fill_desk (desk, self->dir, &self->records, error)
         && alm_desk_set_setting (desk, "title", "Übungsstadt Kranichfurt", error)
         && copy_files (self, manifest, profile, error)
         && mark_training (manifest, profile, error);
  alm_desk_close (desk);
  if (!good)
    wipe (profile);

  return good;
}

static gboolean
add_account (AlmServerStore  *store,
             const char      *name,
             const char      *title,
             const char      *role,
             const char      *password,
             GError         **error)
{
  g_autofree char *hash = alm_password_hash (password, &alm_password_cost);
  AlmHubAccount account = { (char *) name, (char *) title, hash, TRUE };
  g_autoptr (GPtrArray) grants = NULL;

  grants = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_hub_grant_free);
  g_ptr_array_add (grants, alm_hub_grant_new (role, "uebung/*", ALM_CLASS_PUBLIC
                                              | ALM_CLASS_INTERNAL | ALM_CLASS_PERSONAL));

  return store->api->put_account (store, &account, error)
         && store->api->set_grants (store, name, grants, error);
}

static gboolean
load_records (Install  *self,
              GError  **error)
{
  AlmServerStore *store = self->store;

  if (!store->api->begin (store, TRUE, error))
    return FALSE;
  self->system = TRUE;
  if (alm_town_read_records (self->dir, load_record_cb, self, error))
    {
      self->system = FALSE;
      if (alm_town_read_records (self->dir, load_record_cb, self, error)
          && add_account (store, "erfassung", "Erfassung (Übung)", "editor", self->password,
                          error)
          && add_account (store, "pruefung", "Prüfung (Übung)", "reviewer", self->password,
                          error))
        return store->api->commit (store, error);
    }
  store->api->rollback (store);

  return FALSE;
}

static gboolean
install_data (Install     *self,
              const char  *data,
              GError     **error)
{
  static const char *const names[] = {
    ALM_HUB_FILE, ALM_HUB_FILE "-wal", ALM_HUB_FILE "-shm"
  };
  AlmHubOptions options = { .clock = alm_clock_system () };
  g_autoptr (AlmValue) said = NULL;
  gboolean good;

  if (alm_hub_exists (data))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "a server's data are there already");
      return FALSE;
    }
  g_mkdir_with_parents (data, 0700);
  self->store = alm_hub_open (data, ALM_HUB_WRITE | ALM_HUB_CREATE, error);
  if (self->store == NULL)
    return FALSE;
  self->records += self->found->len;
  good = alm_hub_found (self->store, &options, "leitung", self->password, self->found, &said, error)
         && load_records (self, error);
  alm_server_store_close (self->store);
  if (!good)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        g_autofree char *path = g_build_filename (data, names[i], NULL);

        g_unlink (path);
      }

  return good;
}

/* Nothing is taken from a folder that is not whole. */
static gboolean
check_files (const char      *dir,
             const AlmValue  *manifest,
             GError         **error)
{
  const AlmValue *files = alm_value_get (manifest, "files");

  for (guint i = 0; i < alm_value_get_size (files); i++)
    {
      const AlmValue *entry = alm_value_get_item (files, i);
      g_autofree char *reason = NULL;

      if (!alm_town_file_is_whole (dir, entry, &reason))
        {
          const char *path = alm_value_get_text_of (entry, "path");

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s; build the town again",
                       path != NULL ? path : "manifest.json", reason);
          return FALSE;
        }
    }

  return TRUE;
}

/* The first line of the file. */
static char *
read_password (const char  *path,
               GError     **error)
{
  g_autofree char *text = NULL;

  if (path == NULL)
    return g_strdup (PASSWORD);
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  text[strcspn (text, "\r\n")] = '\0';

  return g_steal_pointer (&text);
}

static int
install (AlmCli     *cli,
         const char *dir,
         const char *data,
         const char *password_file)
{
  gint64 begin = g_get_monotonic_time ();
  const char *target = data != NULL ? data : cli->profile;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) manifest = NULL;
  g_autoptr (AlmValue) answer = alm_value_new_object ();
  g_autoptr (GHashTable) models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify) alm_model_unref);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_value_unref);
  g_autofree char *password = read_password (password_file, &error);
  Install self = { .dir = dir, .models = models, .found = found, .password = password };

  if (password == NULL)
    return alm_cli_fail (password_file, "%s", error->message);
  manifest = alm_town_read_manifest (dir, &error);
  if (manifest == NULL || !check_files (dir, manifest, &error)
      || !alm_town_read_records (dir, read_model_cb, &self, &error))
    return alm_cli_fail (dir, "%s", error->message);
  if (data != NULL ? !install_data (&self, data, &error)
                   : !install_profile (&self, manifest, cli->profile, &error))
    return alm_cli_fail (target, "%s", error->message);

  alm_value_set_integer (answer, "readings", 0);
  alm_value_set_integer (answer, "records", self.records);
  alm_value_set (answer, "seconds",
                 alm_value_new_double ((double) ((g_get_monotonic_time () - begin) / 1000) / 1000));
  alm_cli_say (answer);

  return ALM_CLI_DONE;
}

int
alm_town_install_run (AlmCli  *cli,
                      int      argc,
                      char   **argv)
{
  const AlmCliCommand command = { "town install", alm_town_install_run,
                                  "FOLDER (--profile DIR | --data DIR [--password-file FILE])" };
  g_autofree char *data = NULL;
  g_autofree char *password_file = NULL;
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, NULL, NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (&command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc != 1)
    return alm_cli_usage (&command, "one FOLDER is wanted");

  if (password_file != NULL && data == NULL)
    return alm_cli_usage (&command, "--password-file is for --data");

  return install (cli, argv[0], data, password_file);
}
