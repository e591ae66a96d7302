/* SPDX-License-Identifier: EUPL-1.2 */

/* MBTiles 1.3 with raster tiles, read and written.
 *
 * Invariants:
 *   1. A file that is read is opened read-only and is never changed.
 *   2. What a tile is, is seen from its first bytes, not from the metadata:
 *      vector tiles and foreign bytes are refused.
 *   3. No attribution, no layer (assets-map.md, section 3.8).
 *   4. A file that is written appears under its name only when it is whole.
 *
 * Reader and writer each belong to one thread at a time. */

#include "config.h"

#include "alm-mbtiles.h"

#include "alm-sql-private.h"
#include "alm-store-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MAX_ZOOM       24
#define MAX_TILE_BYTES (4 * 1024 * 1024)
#define APPLICATION_ID 0x4d504258   /* "MPBX", as the specification asks */

struct _AlmMbtiles
{
  sqlite3        *db;
  AlmSql         *select;
  char           *path;
  char           *description;   /* GDAL writes the source here, and no attribution */
  AlmMbtilesInfo  info;
};

struct _AlmMbtilesWriter
{
  sqlite3  *db;
  AlmSql   *insert;
  char     *path;
  char     *part;
  gboolean  finished;
};

static void
clear_info (AlmMbtilesInfo *info)
{
  g_free (info->name);
  g_free (info->attribution);
  g_free (info->format);
}

/* "png", "jpg", "webp", or NULL for anything else. */
static const char *
sniff_format (const guint8 *data,
              gsize         length)
{
  if (length >= 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return "png";
  if (length >= 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return "jpg";
  if (length >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return "webp";

  return NULL;
}

static gboolean
read_bounds (AlmMbtilesInfo *info,
             const char     *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  double *sides[] = { &info->west, &info->south, &info->east, &info->north };

  if (g_strv_length (parts) != G_N_ELEMENTS (sides))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      char *end = NULL;

      *sides[i] = g_ascii_strtod (parts[i], &end);
      if (end == parts[i] || !isfinite (*sides[i]))
        return FALSE;
    }

  return info->west < info->east && info->south < info->north;
}

static void
take_metadata (AlmMbtiles *self,
               const char *name,
               const char *value)
{
  AlmMbtilesInfo *info = &self->info;

  if (strcmp (name, "name") == 0 && info->name == NULL)
    info->name = g_strdup (value);
  else if (strcmp (name, "attribution") == 0 && info->attribution == NULL)
    info->attribution = g_strstrip (g_strdup (value));
  else if (strcmp (name, "description") == 0 && self->description == NULL)
    self->description = g_strstrip (g_strdup (value));
  else if (strcmp (name, "bounds") == 0 && !read_bounds (info, value))
    read_bounds (info, "-180,-85.0511,180,85.0511");
}

static gboolean
read_metadata (AlmMbtiles  *self,
               GError     **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db, "SELECT name, value FROM metadata");
  AlmSqlStep step;

  read_bounds (&self->info, "-180,-85.0511,180,85.0511");
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    if (!alm_sql_is_null (sql, 0) && !alm_sql_is_null (sql, 1))
      take_metadata (self, alm_sql_get_text (sql, 0), alm_sql_get_text (sql, 1));

  return step == ALM_SQL_STEP_DONE;
}

/* Zooms from the tiles themselves: what the metadata say is often wrong. */
static gboolean
read_zooms (AlmMbtiles  *self,
            GError     **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db,
                                            "SELECT (SELECT min(zoom_level) FROM tiles), "
                                            "(SELECT max(zoom_level) FROM tiles)");
  gint64 least;
  gint64 most;

  if (alm_sql_step (sql, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  if (alm_sql_is_null (sql, 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: has no tiles", self->path);
      return FALSE;
    }
  least = alm_sql_get_int (sql, 0);
  most = alm_sql_get_int (sql, 1);
  if (least < 0 || most > MAX_ZOOM)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "%s: zoom %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", expected 0 to %d",
                   self->path, least, most, MAX_ZOOM);
      return FALSE;
    }
  self->info.min_zoom = (guint) least;
  self->info.max_zoom = (guint) most;

  return TRUE;
}

static gboolean
read_format (AlmMbtiles  *self,
             GError     **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db, "SELECT tile_data FROM tiles LIMIT 1");
  gconstpointer data;
  gsize length;

  if (alm_sql_step (sql, error) != ALM_SQL_STEP_ROW)
    return FALSE;
  data = alm_sql_get_blob (sql, 0, &length);
  self->info.format = g_strdup (sniff_format (data, length));
  if (self->info.format == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "%s: holds no PNG, JPEG or WebP tiles (vector tiles cannot be shown)",
                   self->path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_attribution (AlmMbtiles  *self,
                   GError     **error)
{
  if (self->info.attribution == NULL)
    self->info.attribution = g_steal_pointer (&self->description);
  if (self->info.attribution != NULL && *self->info.attribution != '\0')
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s: names nobody as its source (neither attribution nor description in its"
               " metadata)", self->path);

  return FALSE;
}

AlmMbtiles *
alm_mbtiles_open (const char  *path,
                  GError     **error)
{
  g_autoptr (AlmMbtiles) self = g_new0 (AlmMbtiles, 1);
  int rc;

  if (access (path, R_OK) != 0)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }

  self->path = g_strdup (path);
  rc = sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc != SQLITE_OK)
    {
      alm_sql_set_error (self->db, rc, error);
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (!read_metadata (self, error) || !read_zooms (self, error) || !read_format (self, error) ||
      !check_attribution (self, error))
    {
      if (error != NULL && !g_str_has_prefix ((*error)->message, path))
        g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (self->info.name == NULL)
    self->info.name = g_path_get_basename (path);
  self->select = alm_sql_prepare (self->db,
                                  "SELECT tile_data FROM tiles WHERE zoom_level = :zoom "
                                  "AND tile_column = :x AND tile_row = :row");

  return g_steal_pointer (&self);
}

void
alm_mbtiles_close (AlmMbtiles *self)
{
  g_clear_pointer (&self->select, alm_sql_free);
  sqlite3_close (self->db);
  clear_info (&self->info);
  g_free (self->description);
  g_free (self->path);
  g_free (self);
}

const AlmMbtilesInfo *
alm_mbtiles_get_info (const AlmMbtiles *self)
{
  return &self->info;
}

static gint64
flip_row (guint zoom,
          guint y)
{
  return (G_GINT64_CONSTANT (1) << zoom) - 1 - y;
}

GBytes *
alm_mbtiles_read_tile (AlmMbtiles  *self,
                       guint        zoom,
                       guint        x,
                       guint        y,
                       GError     **error)
{
  GBytes *bytes = NULL;
  AlmSqlStep step = ALM_SQL_STEP_DONE;
  gconstpointer data;
  gsize length;

  if (zoom <= MAX_ZOOM)
    {
      alm_sql_reset (self->select);
      alm_sql_bind_int (self->select, ":zoom", zoom);
      alm_sql_bind_int (self->select, ":x", x);
      alm_sql_bind_int (self->select, ":row", flip_row (zoom, y));
      step = alm_sql_step (self->select, error);
    }
  if (step == ALM_SQL_STEP_ERROR)
    {
      g_prefix_error (error, "%s: tile %u/%u/%u: ", self->path, zoom, x, y);
      return NULL;
    }
  if (step == ALM_SQL_STEP_DONE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: has no tile %u/%u/%u",
                   self->path, zoom, x, y);
      return NULL;
    }

  data = alm_sql_get_blob (self->select, 0, &length);
  if (length > MAX_TILE_BYTES || sniff_format (data, length) == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "%s: tile %u/%u/%u is no picture that can be shown", self->path, zoom, x, y);
  else
    bytes = g_bytes_new (data, length);
  alm_sql_reset (self->select);

  return bytes;
}

static gboolean
add_metadata (AlmMbtilesWriter  *self,
              const char        *name,
              const char        *value,
              GError           **error)
{
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db,
                                            "INSERT INTO metadata VALUES (:name, :value)");

  alm_sql_bind_text (sql, ":name", name);
  alm_sql_bind_text (sql, ":value", value);

  return alm_sql_run (sql, error);
}

static char *
format_bounds (const AlmMbtilesInfo *info)
{
  const double sides[] = { info->west, info->south, info->east, info->north };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                              g_ascii_formatd (number, sizeof number, "%.6f", sides[i]));
    }

  return g_string_free (text, FALSE);
}

static gboolean
write_header (AlmMbtilesWriter      *self,
              const AlmMbtilesInfo  *info,
              GError               **error)
{
  g_autofree char *bounds = format_bounds (info);
  g_autofree char *min_zoom = g_strdup_printf ("%u", info->min_zoom);
  g_autofree char *max_zoom = g_strdup_printf ("%u", info->max_zoom);

  return alm_sql_exec (self->db, "PRAGMA application_id = 1297105496", error) &&
         alm_sql_exec (self->db, "BEGIN", error) &&
         alm_sql_exec (self->db,
                       "CREATE TABLE metadata (name TEXT, value TEXT);"
                       "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, "
                       "tile_row INTEGER, tile_data BLOB);"
                       "CREATE UNIQUE INDEX tile_index ON tiles "
                       "(zoom_level, tile_column, tile_row);", error) &&
         add_metadata (self, "name", info->name, error) &&
         add_metadata (self, "format", info->format, error) &&
         add_metadata (self, "type", "baselayer", error) &&
         add_metadata (self, "attribution", info->attribution, error) &&
         add_metadata (self, "bounds", bounds, error) &&
         add_metadata (self, "minzoom", min_zoom, error) &&
         add_metadata (self, "maxzoom", max_zoom, error);
}

AlmMbtilesWriter *
alm_mbtiles_writer_new (const char            *path,
                        const AlmMbtilesInfo  *info,
                        GError               **error)
{
  g_autoptr (AlmMbtilesWriter) self = NULL;
  int rc;

  g_return_val_if_fail (info->name != NULL && info->format != NULL, NULL);
  g_return_val_if_fail (info->attribution != NULL && *info->attribution != '\0', NULL);
  G_STATIC_ASSERT (APPLICATION_ID == 1297105496);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s: is there already", path);
      return NULL;
    }

  self = g_new0 (AlmMbtilesWriter, 1);
  self->path = g_strdup (path);
  self->part = g_strconcat (path, ".part", NULL);
  g_unlink (self->part);
  rc = sqlite3_open_v2 (self->part, &self->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc != SQLITE_OK)
    {
      alm_sql_set_error (self->db, rc, error);
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (!write_header (self, info, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  self->insert = alm_sql_prepare (self->db,
                                  "INSERT INTO tiles VALUES (:zoom, :x, :row, :data)");

  return g_steal_pointer (&self);
}

gboolean
alm_mbtiles_writer_add (AlmMbtilesWriter  *self,
                        guint              zoom,
                        guint              x,
                        guint              y,
                        gconstpointer      data,
                        gsize              length,
                        GError           **error)
{
  g_return_val_if_fail (zoom <= MAX_ZOOM, FALSE);

  alm_sql_reset (self->insert);
  alm_sql_bind_int (self->insert, ":zoom", zoom);
  alm_sql_bind_int (self->insert, ":x", x);
  alm_sql_bind_int (self->insert, ":row", flip_row (zoom, y));
  alm_sql_bind_blob (self->insert, ":data", data, length);
  if (!alm_sql_run (self->insert, error))
    {
      g_prefix_error (error, "%s: tile %u/%u/%u: ", self->path, zoom, x, y);
      return FALSE;
    }

  return TRUE;
}

gboolean
alm_mbtiles_writer_finish (AlmMbtilesWriter  *self,
                           GError           **error)
{
  g_return_val_if_fail (!self->finished, FALSE);

  g_clear_pointer (&self->insert, alm_sql_free);
  if (!alm_sql_exec (self->db, "COMMIT", error))
    {
      g_prefix_error (error, "%s: ", self->path);
      return FALSE;
    }
  sqlite3_close (g_steal_pointer (&self->db));
  if (g_rename (self->part, self->path) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->path,
                   g_strerror (errno));
      return FALSE;
    }
  self->finished = TRUE;

  return TRUE;
}

void
alm_mbtiles_writer_free (AlmMbtilesWriter *self)
{
  g_clear_pointer (&self->insert, alm_sql_free);
  sqlite3_close (self->db);
  if (!self->finished)
    {
      g_autofree char *journal = g_strconcat (self->part, "-journal", NULL);

      g_unlink (self->part);
      g_unlink (journal);
    }
  g_free (self->path);
  g_free (self->part);
  g_free (self);
}
