/* SPDX-License-Identifier: EUPL-1.2 */

/* Which base maps a profile has.
 *
 * Invariants:
 *   1. base-map.ini has a group for each map that was added, whether it can be
 *      opened today or not: a stick that is not plugged in is not forgotten.
 *   2. At most one writing of it is under way, and the last one writes what is.
 *   3. A base map whose source is not named is none: files without attribution are
 *      not opened, addresses not taken.
 *
 * Main thread; the jobs get plain data. */

#include "config.h"

#include "alm-base-maps.h"

#include "alm-pool.h"

#include <string.h>

#define MAX_ZOOM 20u

typedef struct
{
  char           *id;
  char           *title;
  char           *words;
  AlmTilePainter *painter;
  gboolean        is_file;
  gboolean        is_added;
} Map;

struct _AlmBaseMaps
{
  GObject       parent_instance;

  /* Owned */
  char         *dir;            /* nullable */
  GKeyFile     *file;           /* as base-map.ini is to be */
  GPtrArray    *maps;           /* Map */
  Map          *removed;        /* the last one, with its group in … */
  char         *removed_text;   /* … this; nullable */
  gboolean      is_loaded;
  gboolean      is_writing;
  gboolean      wants_write;
};

/* A file that was opened, or not; plain data of a job. */
typedef struct
{
  char       *id;
  char       *path;
  AlmMbtiles *tiles;            /* nullable */
  gboolean    is_added;
} Opened;

typedef struct
{
  char      *dir;
  GKeyFile  *file;
  GPtrArray *opened;            /* Opened */
} Load;

typedef struct
{
  char *path;
  char *text;
} Text;

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmBaseMaps, alm_base_maps, G_TYPE_OBJECT)

static void
map_free (gpointer data)
{
  Map *map = data;

  g_free (map->id);
  g_free (map->title);
  g_free (map->words);
  g_clear_pointer (&map->painter, alm_tile_painter_unref);
  g_free (map);
}

static Map *
map_new (const char *id)
{
  Map *map = g_new0 (Map, 1);

  map->id = g_strdup (id);

  return map;
}

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_free (opened->id);
  g_free (opened->path);
  g_clear_pointer (&opened->tiles, alm_mbtiles_close);
  g_free (opened);
}

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->dir);
  g_clear_pointer (&load->file, g_key_file_unref);
  g_clear_pointer (&load->opened, g_ptr_array_unref);
  g_free (load);
}

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->path);
  g_free (text->text);
  g_free (text);
}

static Map *
find_map (AlmBaseMaps *self,
          const char  *id)
{
  for (guint i = 0; i < self->maps->len; i++)
    {
      Map *map = g_ptr_array_index (self->maps, i);

      if (strcmp (map->id, id) == 0)
        return map;
    }

  return NULL;
}

/* Files. */

/* In the pool. */
static Opened *
open_file (const char *id,
           const char *path,
           gboolean    is_added)
{
  Opened *opened = g_new0 (Opened, 1);
  g_autoptr (GError) error = NULL;

  opened->id = g_strdup (id);
  opened->path = g_strdup (path);
  opened->is_added = is_added;
  opened->tiles = alm_mbtiles_open (path, &error);
  if (opened->tiles == NULL)
    g_message ("base map: %s", error->message);

  return opened;
}

static void
take_file (AlmBaseMaps *self,
           Opened      *opened)
{
  Map *map = map_new (opened->id);

  map->is_file = TRUE;
  map->is_added = opened->is_added;
  if (opened->tiles != NULL)
    {
      const AlmMbtilesInfo *info = alm_mbtiles_get_info (opened->tiles);

      map->title = g_strdup (info->name);
      map->words = g_strdup (info->attribution);
      map->painter = alm_tile_painter_new_mbtiles (g_steal_pointer (&opened->tiles));
    }
  else
    {
      map->title = g_path_get_basename (opened->path);
    }
  g_ptr_array_add (self->maps, map);
}

/* Addresses. */

static gboolean
take_address (AlmBaseMaps  *self,
              const char   *id,
              GError      **error)
{
  g_autofree char *address = g_key_file_get_string (self->file, id, "address", error);
  g_autofree char *words = g_key_file_get_string (self->file, id, "attribution", NULL);
  guint max_zoom = (guint) g_key_file_get_uint64 (self->file, id, "max-zoom", NULL);
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "allmende", "tiles", NULL);
  g_autoptr (GUri) uri = NULL;
  AlmTileClient *client;
  Map *map;

  if (address == NULL)
    return FALSE;
  if (words == NULL || *g_strstrip (words) == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "the base map's source is not named");
      return FALSE;
    }
  client = alm_tile_client_new (address, cache, error);
  if (client == NULL)
    return FALSE;

  uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  map = map_new (id);
  map->is_added = TRUE;
  map->title = g_strdup (uri != NULL && g_uri_get_host (uri) != NULL ? g_uri_get_host (uri)
                                                                     : address);
  map->words = g_steal_pointer (&words);
  map->painter = alm_tile_painter_new_client (client, max_zoom > 0 ? MIN (max_zoom, MAX_ZOOM)
                                                                   : MAX_ZOOM - 1);
  g_ptr_array_add (self->maps, map);

  return TRUE;
}

/* Loading. */

/* In the pool. */
static void
find_files (Load *load)
{
  static const char *const folders[] = { "", "base", "town" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (load->dir, folders[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (g_str_has_suffix (name, ".mbtiles"))
          {
            g_autofree char *path = g_build_filename (folder, name, NULL);
            g_autofree char *id = g_strdup_printf ("file:%s/%s", folders[i], name);

            g_ptr_array_add (load->opened, open_file (id, path, FALSE));
          }
    }
}

static int
compare_opened (gconstpointer a,
                gconstpointer b)
{
  const Opened *one = *(Opened *const *) a;
  const Opened *two = *(Opened *const *) b;

  return strcmp (one->id, two->id);
}

/* In the pool. */
static void
load_job (GTask    *task,
          gpointer  data)
{
  const Load *asked = data;
  Load *load = g_new0 (Load, 1);
  g_autofree char *path = g_build_filename (asked->dir, "base-map.ini", NULL);
  g_auto (GStrv) groups = NULL;

  load->dir = g_strdup (asked->dir);
  load->file = g_key_file_new ();
  load->opened = g_ptr_array_new_with_free_func (opened_free);
  g_key_file_load_from_file (load->file, path, G_KEY_FILE_NONE, NULL);
  find_files (load);
  g_ptr_array_sort (load->opened, compare_opened);
  groups = g_key_file_get_groups (load->file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *tiles = g_key_file_get_string (load->file, groups[i], "path", NULL);

      if (tiles != NULL)
        g_ptr_array_add (load->opened, open_file (groups[i], tiles, TRUE));
    }
  g_task_return_pointer (task, load, load_free);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AlmBaseMaps) self = user_data;
  Load *load = g_task_propagate_pointer (G_TASK (result), NULL);
  g_auto (GStrv) groups = NULL;

  g_key_file_unref (self->file);
  self->file = g_key_file_ref (load->file);
  for (guint i = 0; i < load->opened->len; i++)
    take_file (self, g_ptr_array_index (load->opened, i));
  groups = g_key_file_get_groups (self->file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!g_key_file_has_key (self->file, groups[i], "path", NULL) &&
          !take_address (self, groups[i], &error))
        g_message ("base-map.ini: %s: %s", groups[i], error->message);
    }
  load_free (load);
  self->is_loaded = TRUE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Writing. */

/* In the pool. */
static void
write_job (GTask    *task,
           gpointer  data)
{
  const Text *text = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (text->path, text->text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_message ("base maps: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void write_soon (AlmBaseMaps *self);

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AlmBaseMaps) self = user_data;

  self->is_writing = FALSE;
  if (self->wants_write)
    write_soon (self);
}

static void
write_soon (AlmBaseMaps *self)
{
  GTask *task;
  Text *text;

  g_assert (self->is_loaded);   /* or what is kept would be written over */
  self->wants_write = self->is_writing;
  if (self->dir == NULL || self->is_writing)
    return;

  self->is_writing = TRUE;
  /* Nothing stops it: what was added is kept though the window closes. */
  task = g_task_new (NULL, NULL, written_cb, g_object_ref (self));
  text = g_new (Text, 1);
  text->path = g_build_filename (self->dir, "base-map.ini", NULL);
  text->text = g_key_file_to_data (self->file, NULL, NULL);
  g_task_set_task_data (task, text, text_free);
  alm_pool_submit (alm_pool_shared (), 0, write_job, task);
}

static void
alm_base_maps_finalize (GObject *object)
{
  AlmBaseMaps *self = ALM_BASE_MAPS (object);

  g_ptr_array_unref (self->maps);
  g_clear_pointer (&self->removed, map_free);
  g_key_file_unref (self->file);
  g_free (self->removed_text);
  g_free (self->dir);

  G_OBJECT_CLASS (alm_base_maps_parent_class)->finalize (object);
}

static void
alm_base_maps_class_init (AlmBaseMapsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = alm_base_maps_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
alm_base_maps_init (AlmBaseMaps *self)
{
  self->file = g_key_file_new ();
  self->maps = g_ptr_array_new_with_free_func (map_free);
  g_ptr_array_add (self->maps, map_new (ALM_BASE_MAP_NONE));
  g_ptr_array_add (self->maps, map_new (ALM_BASE_MAP_DRAWN));
}

AlmBaseMaps *
alm_base_maps_new (const char *dir)
{
  AlmBaseMaps *self = g_object_new (ALM_TYPE_BASE_MAPS, NULL);
  GTask *task;
  Load *load;

  self->dir = g_strdup (dir);
  self->is_loaded = dir == NULL;
  if (dir == NULL)
    return self;

  load = g_new0 (Load, 1);
  load->dir = g_strdup (dir);
  task = g_task_new (NULL, NULL, loaded_cb, g_object_ref (self));
  g_task_set_task_data (task, load, load_free);
  alm_pool_submit (alm_pool_shared (), 0, load_job, task);

  return self;
}

guint
alm_base_maps_get_n (AlmBaseMaps *self)
{
  return self->maps->len;
}

static void
describe (const Map  *map,
          AlmBaseMap *answer)
{
  *answer = (AlmBaseMap) {
    .id = map->id, .title = map->title, .words = map->words, .painter = map->painter,
    .is_file = map->is_file, .is_added = map->is_added
  };
}

void
alm_base_maps_get (AlmBaseMaps *self,
                   guint        number,
                   AlmBaseMap  *map)
{
  g_return_if_fail (number < self->maps->len);

  describe (g_ptr_array_index (self->maps, number), map);
}

gboolean
alm_base_maps_find (AlmBaseMaps *self,
                    const char  *id,
                    AlmBaseMap  *map)
{
  const Map *found = id != NULL ? find_map (self, id) : NULL;

  if (found == NULL)
    return FALSE;
  if (map != NULL)
    describe (found, map);

  return TRUE;
}

gboolean
alm_base_maps_is_loaded (AlmBaseMaps *self)
{
  return self->is_loaded;
}

/* An id that no group has; (transfer full). */
static char *
make_id (AlmBaseMaps *self,
         const char  *prefix)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%u", prefix, i);

      if (!g_key_file_has_group (self->file, id) && find_map (self, id) == NULL &&
          (self->removed == NULL || strcmp (self->removed->id, id) != 0))
        return g_steal_pointer (&id);
    }
}

/* The group that says @value for @key; (transfer full), NULL for none. */
static char *
find_group (AlmBaseMaps *self,
            const char  *key,
            const char  *value)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (self->file, groups[i], key, NULL);

      if (g_strcmp0 (text, value) == 0)
        return g_strdup (groups[i]);
    }

  return NULL;
}

/* In the pool. */
static void
add_job (GTask    *task,
         gpointer  data)
{
  g_autoptr (GError) error = NULL;
  AlmMbtiles *tiles = alm_mbtiles_open (data, &error);

  if (tiles != NULL)
    g_task_return_pointer (task, tiles, (GDestroyNotify) alm_mbtiles_close);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AlmBaseMaps *self = g_task_get_source_object (task);
  const char *path = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  AlmMbtiles *tiles = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *id = find_group (self, "path", path);
  Opened *opened;
  Map *before = id != NULL ? find_map (self, id) : NULL;

  if (tiles == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (before != NULL)
    g_ptr_array_remove (self->maps, before);
  if (id == NULL)
    id = make_id (self, "file");
  g_key_file_set_string (self->file, id, "path", path);
  opened = g_new0 (Opened, 1);
  opened->id = g_strdup (id);
  opened->is_added = TRUE;
  opened->tiles = tiles;
  take_file (self, opened);
  opened_free (opened);
  write_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  g_task_return_pointer (task, g_steal_pointer (&id), g_free);
}

void
alm_base_maps_add_file_async (AlmBaseMaps         *self,
                              const char          *path,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  GTask *open = g_task_new (NULL, NULL, added_cb, task);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_set_task_data (open, g_strdup (path), g_free);
  alm_pool_submit (alm_pool_shared (), 0, add_job, open);
}

char *
alm_base_maps_add_file_finish (AlmBaseMaps   *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
alm_base_maps_check_address (const char  *address,
                             GError     **error)
{
  g_autoptr (AlmTileClient) client = alm_tile_client_new (address, "", error);

  return client != NULL;
}

char *
alm_base_maps_add_address (AlmBaseMaps  *self,
                           const char   *address,
                           const char   *words,
                           guint         max_zoom,
                           GError      **error)
{
  g_autofree char *id = find_group (self, "address", address);
  Map *before = id != NULL ? find_map (self, id) : NULL;

  if (strspn (words, " \t\n") == strlen (words))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "the base map's source is not named");
      return NULL;
    }
  if (before == NULL)
    {
      g_free (id);
      id = make_id (self, "address");
    }
  g_key_file_set_string (self->file, id, "address", address);
  g_key_file_set_string (self->file, id, "attribution", words);
  g_key_file_set_uint64 (self->file, id, "max-zoom", max_zoom);
  if (!take_address (self, id, error))
    {
      if (before == NULL)
        g_key_file_remove_group (self->file, id, NULL);
      return NULL;
    }

  if (before != NULL)
    g_ptr_array_remove (self->maps, before);
  write_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return g_steal_pointer (&id);
}

/* The lines of a group, to be put back; (transfer full). */
static char *
copy_group (GKeyFile   *file,
            const char *group)
{
  g_autoptr (GKeyFile) copy = g_key_file_new ();
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_value (file, group, keys[i], NULL);

      g_key_file_set_value (copy, group, keys[i], value);
    }

  return g_key_file_to_data (copy, NULL, NULL);
}

void
alm_base_maps_remove (AlmBaseMaps *self,
                      const char  *id)
{
  Map *map = find_map (self, id);
  guint at;

  if (map == NULL || !map->is_added)
    return;

  g_clear_pointer (&self->removed, map_free);
  g_free (self->removed_text);
  self->removed_text = copy_group (self->file, map->id);
  g_key_file_remove_group (self->file, map->id, NULL);
  g_ptr_array_find (self->maps, map, &at);
  self->removed = g_ptr_array_steal_index (self->maps, at);
  write_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
alm_base_maps_restore (AlmBaseMaps *self)
{
  g_autoptr (GKeyFile) group = g_key_file_new ();
  g_auto (GStrv) keys = NULL;

  if (self->removed == NULL)
    return;

  g_key_file_load_from_data (group, self->removed_text, (gsize) -1, G_KEY_FILE_NONE, NULL);
  keys = g_key_file_get_keys (group, self->removed->id, NULL, NULL);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_value (group, self->removed->id, keys[i], NULL);

      g_key_file_set_value (self->file, self->removed->id, keys[i], value);
    }
  g_ptr_array_add (self->maps, g_steal_pointer (&self->removed));
  write_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
