/* SPDX-License-Identifier: EUPL-1.2 */

/* The folder that `town generate` writes: records sorted by kind and id, the
 * files beside them, and a manifest with the hash of each.
 *
 * The digest is the SHA-256 over the hashes of all data files in path order;
 * pictures have one of their own, because fonts differ between machines. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-json.h"
#include "alm-paths.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static void
file_free (gpointer data)
{
  AlmTownFile *file = data;

  g_free (file->path);
  g_free (file->sha256);
  g_free (file);
}

/* The folder must be empty, or not there yet. */
AlmTownFolder *
alm_town_folder_new (const char  *dir,
                     GError     **error)
{
  g_autoptr (GDir) listing = NULL;
  AlmTownFolder *self;

  if (g_mkdir_with_parents (dir, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the folder cannot be made");
      return NULL;
    }
  listing = g_dir_open (dir, 0, error);
  if (listing == NULL)
    return NULL;
  if (g_dir_read_name (listing) != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY, "the folder is not empty");
      return NULL;
    }

  self = g_new0 (AlmTownFolder, 1);
  self->dir = g_strdup (dir);
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->counts = alm_value_new_object ();

  return self;
}

void
alm_town_folder_free (AlmTownFolder *self)
{
  g_free (self->dir);
  g_ptr_array_unref (self->files);
  alm_value_unref (self->counts);
  g_free (self);
}

static void
note_hash (AlmTownFolder *self,
           const char    *path,
           gconstpointer  data,
           gsize          length,
           gboolean       picture)
{
  AlmTownFile *file = g_new0 (AlmTownFile, 1);

  file->path = g_strdup (path);
  file->bytes = length;
  file->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
  file->picture = picture;
  g_ptr_array_add (self->files, file);
}

gboolean
alm_town_folder_write (AlmTownFolder  *self,
                       const char     *path,
                       gconstpointer   data,
                       gsize           length,
                       GError        **error)
{
  g_autofree char *full = g_build_filename (self->dir, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_mkdir_with_parents (folder, 0755);
  if (!g_file_set_contents (full, data, (gssize) length, error))
    return FALSE;
  note_hash (self, path, data, length, FALSE);

  return TRUE;
}

gboolean
alm_town_folder_note (AlmTownFolder  *self,
                      const char     *path,
                      gboolean        picture,
                      GError        **error)
{
  g_autofree char *full = g_build_filename (self->dir, path, NULL);
  g_autoptr (GMappedFile) map = g_mapped_file_new (full, FALSE, error);

  if (map == NULL)
    return FALSE;
  note_hash (self, path, g_mapped_file_get_contents (map), g_mapped_file_get_length (map),
             picture);

  return TRUE;
}

/* Lines are collected in one text and sorted by kind, then id. */
typedef struct
{
  GString   *text;
  GArray    *lines;      /* (element-type Line) */
  GPtrArray *kinds;
  AlmValue  *counts;
} Lines;

typedef struct
{
  const char *kind;
  char        id[ALM_ID_TEXT_SIZE];
  gsize       begin;
  gsize       length;
} Line;

static void
take_record (const char     *kind,
             const char     *id,
             const char     *scope,
             const AlmValue *fields,
             gpointer        user_data)
{
  Lines *lines = user_data;
  Line line = { .kind = g_intern_string (kind), .begin = lines->text->len };

  g_strlcpy (line.id, id, sizeof line.id);
  g_string_append (lines->text, "{\"fields\":");
  alm_value_print (fields, lines->text);
  g_string_append_printf (lines->text, ",\"id\":\"%s\",\"kind\":\"%s\",\"scope\":\"%s\"}\n",
                          id, kind, scope);
  line.length = lines->text->len - line.begin;
  g_array_append_val (lines->lines, line);
  alm_value_set_integer (lines->counts, kind,
                         alm_value_get_integer_of (lines->counts, kind, 0) + 1);
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  const Line *x = a, *y = b;

  if (x->kind != y->kind)
    return strcmp (x->kind, y->kind);

  return strcmp (x->id, y->id);
}

/* The models that the program ships are the town's, as they are any city's. */
static gboolean
take_models (Lines   *lines,
             GError **error)
{
  g_autofree char *folder = alm_path_data ("models");
  g_autoptr (GDir) listing = NULL;
  const char *name;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  listing = g_dir_open (folder, 0, error);
  if (listing == NULL)
    return FALSE;

  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autofree char *kind = NULL;
      g_autofree char *id_text = NULL;
      g_autoptr (AlmValue) fields = NULL;
      AlmValue *schema;
      AlmId space, id;
      gsize length;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      if (!g_file_get_contents (path, &text, &length, error))
        return FALSE;
      schema = alm_json_parse (text, (gssize) length, NULL, error);
      if (schema == NULL)
        {
          g_prefix_error (error, "%s: ", path);
          return FALSE;
        }
      kind = g_strndup (name, strlen (name) - strlen (".json"));
      fields = alm_value_new_object ();
      alm_value_set_text (fields, "name", kind);
      alm_value_set (fields, "schema", schema);
      /* The namespace that desk and server make a model's id in. */
      alm_id_parse (&space, "d4df3808-8112-4eb3-b76d-fdab684b14ca");
      alm_id_make_named (&id, &space, kind);
      id_text = alm_id_to_text (&id);
      take_record ("model", id_text, "system", fields, lines);
    }

  return TRUE;
}

static gboolean
write_records (AlmTownFolder  *self,
               AlmTown        *town,
               GError        **error)
{
  Lines lines = { g_string_sized_new (1 << 24), g_array_new (FALSE, FALSE, sizeof (Line)), NULL,
                  self->counts };
  g_autoptr (GString) text = lines.text;
  g_autoptr (GArray) list = lines.lines;
  g_autoptr (GString) sorted = NULL;

  if (!take_models (&lines, error))
    return FALSE;
  alm_town_each (town, take_record, &lines);
  g_array_sort (list, compare_lines);
  sorted = g_string_sized_new (text->len + 1);
  for (guint i = 0; i < list->len; i++)
    {
      const Line *line = &g_array_index (list, Line, i);

      g_string_append_len (sorted, text->str + line->begin, (gssize) line->length);
    }
  self->n_records = list->len;

  return alm_town_folder_write (self, "records.ndjson", sorted->str, sorted->len, error);
}

static gboolean
write_value (AlmTownFolder   *self,
             const char      *path,
             const AlmValue  *value,
             GError         **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  alm_value_print (value, text);
  g_string_append_c (text, '\n');

  return alm_town_folder_write (self, path, text->str, text->len, error);
}

gboolean
alm_town_folder_write_data (AlmTownFolder  *self,
                            AlmTown        *town,
                            GError        **error)
{
  g_autofree char *population = alm_town_population_csv (town);
  g_autoptr (GBytes) lamps = alm_town_lamps_csv (town);

  return write_records (self, town, error)
         && write_value (self, "names.json", alm_town_get_names (town), error)
         && write_value (self, "mistakes.json", alm_town_get_mistakes (town), error)
         && alm_town_folder_write (self, "tables/population.csv", population,
                                   strlen (population), error)
         && alm_town_folder_write (self, "import/stadtwerke-leuchten.csv",
                                   g_bytes_get_data (lamps, NULL), g_bytes_get_size (lamps),
                                   error);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const AlmTownFile *x = *(AlmTownFile *const *) a, *y = *(AlmTownFile *const *) b;

  return strcmp (x->path, y->path);
}

char *
alm_town_folder_digest (AlmTownFolder *self,
                        gboolean       pictures)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint n = 0;

  g_ptr_array_sort (self->files, compare_files);
  for (guint i = 0; i < self->files->len; i++)
    {
      const AlmTownFile *file = self->files->pdata[i];

      if (file->picture == pictures)
        {
          g_checksum_update (sum, (const guchar *) file->sha256, (gssize) strlen (file->sha256));
          n++;
        }
    }

  return n > 0 ? g_strdup (g_checksum_get_string (sum)) : g_strdup ("");
}

gboolean
alm_town_folder_write_manifest (AlmTownFolder  *self,
                                guint64         seed,
                                AlmTownSize     size,
                                GError        **error)
{
  g_autoptr (AlmValue) manifest = alm_value_new_object ();
  g_autofree char *digest = alm_town_folder_digest (self, FALSE);
  g_autofree char *pictures = alm_town_folder_digest (self, TRUE);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_build_filename (self->dir, "manifest.json", NULL);
  AlmValue *extent = alm_value_new_list (), *files = alm_value_new_list ();
  const gint64 box[] = { (gint64) ALM_TOWN_EAST, (gint64) ALM_TOWN_NORTH,
                         (gint64) (ALM_TOWN_EAST + ALM_TOWN_WIDTH),
                         (gint64) (ALM_TOWN_NORTH + ALM_TOWN_HEIGHT) };

  for (guint i = 0; i < G_N_ELEMENTS (box); i++)
    alm_value_append (extent, alm_value_new_integer (box[i]));
  for (guint i = 0; i < self->files->len; i++)
    {
      const AlmTownFile *file = self->files->pdata[i];
      AlmValue *entry = alm_value_new_object ();

      alm_value_set_integer (entry, "bytes", (gint64) file->bytes);
      alm_value_set_text (entry, "path", file->path);
      alm_value_set_text (entry, "sha256", file->sha256);
      alm_value_append (files, entry);
    }
  alm_value_set (manifest, "counts", alm_value_ref (self->counts));
  alm_value_set_text (manifest, "crs", "EPSG:25832");
  alm_value_set_text (manifest, "digest", digest);
  alm_value_set (manifest, "extent", extent);
  alm_value_set (manifest, "files", files);
  alm_value_set_integer (manifest, "format", 1);
  alm_value_set_integer (manifest, "generator", ALM_TOWN_GENERATOR);
  alm_value_set_text (manifest, "pictures_digest", pictures);
  alm_value_set_integer (manifest, "readings", 0);
  alm_value_set_integer (manifest, "seed", (gint64) seed);
  alm_value_set_text (manifest, "size", size == ALM_TOWN_FULL ? "full" : "small");
  alm_value_set_text (manifest, "today", ALM_TOWN_NOW);
  alm_value_set_text (manifest, "town", "Kranichfurt");
  alm_value_print (manifest, text);
  g_string_append_c (text, '\n');

  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}
