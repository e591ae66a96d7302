/* SPDX-License-Identifier: EUPL-1.2 */

/* Opens a foreign file with the drivers that are allowed and no others, after
 * archives have been added up and shapefiles found complete. */

#include "config.h"

#include "alm-encoding.h"
#include "alm-helper-private.h"

#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define ZIP_ENTRIES_MAX 1000
#define ZIP_BYTES_MAX   (G_GUINT64_CONSTANT (1) << 30)
#define ZIP_RATIO_MAX   200

static const char *const drivers[] = {
  "GPKG", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "FlatGeobuf", "KML", "GPX", "DXF", "GML",
  "NAS", "OSM", "XLSX", "ODS", "MapInfo File", NULL
};

/* What is looked for in an archive. */
static const char *const endings[] = {
  ".shp", ".gpkg", ".geojson", ".json", ".geojsonl", ".fgb", ".kml", ".gpx", ".dxf", ".gml",
  ".xml", ".osm", ".pbf", ".xlsx", ".ods", ".tab", ".mif", NULL
};

static char *first_failure;

static void CPL_STDCALL
note_failure (CPLErr      severity,
              CPLErrorNum number,
              const char *text)
{
  if (severity == CE_Failure && first_failure == NULL)
    first_failure = g_strdup (text);
  else if (severity == CE_Fatal)
    g_printerr ("%s\n", text);
}

void
alm_helper_watch (void)
{
  CPLSetErrorHandler (note_failure);
}

char *
alm_helper_take_failure (void)
{
  return g_steal_pointer (&first_failure);
}

void
alm_helper_source_clear (AlmHelperSource *self)
{
  if (self->open != NULL)
    GDALClose (self->open);
  self->open = NULL;
  g_clear_pointer (&self->paths, g_ptr_array_unref);
}

static gboolean
refuse (GError    **error,
        const char *format,
        ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError    **error,
        const char *format,
        ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format,
                                                args));
  va_end (args);

  return FALSE;
}

static gboolean
has_ending (const char *name,
            const char *ending)
{
  gsize length = strlen (name), n = strlen (ending);

  return length > n && g_ascii_strcasecmp (name + length - n, ending) == 0;
}

guint64
alm_helper_get_size (const char *path)
{
  VSIStatBufL info;

  return VSIStatExL (path, &info, VSI_STAT_EXISTS_FLAG | VSI_STAT_SIZE_FLAG) == 0
         ? (guint64) info.st_size : 0;
}

static gboolean
is_zip (const char *path)
{
  char magic[4] = { 0 };
  VSILFILE *file = VSIFOpenL (path, "rb");
  gboolean found;

  if (file == NULL)
    return FALSE;
  found = VSIFReadL (magic, 1, 4, file) == 4 && memcmp (magic, "PK\3\4", 4) == 0;
  VSIFCloseL (file);

  return found;
}

/* A .zip, not one of the formats that are zipped inside. */
gboolean
alm_helper_is_archive (const char *path)
{
  return has_ending (path, ".zip") && is_zip (path);
}

gboolean
alm_helper_check_unpacked (guint64   total,
                           guint64   packed,
                           GError  **error)
{
  if (total > ZIP_BYTES_MAX)
    return refuse (error, _("the archive would unpack to %.1f GB, at most 1.1 GB are read"),
                   total / 1e9);
  if (total > ZIP_RATIO_MAX * MAX (packed, 1))
    return refuse (error, _("the archive would unpack to %.1f MB, %.0f times its size; "
                     "at most %d times are read"), total / 1e6, (double) total / packed,
                   ZIP_RATIO_MAX);

  return TRUE;
}

/* Adds the archive's directory up; nothing is unpacked. */
gboolean
alm_helper_check_zip (const char *path,
                      GError    **error)
{
  g_autofree char *inside = g_strdup_printf ("/vsizip/{%s}", path);
  char **names = VSIReadDirRecursive (inside);
  guint64 packed = alm_helper_get_size (path);
  guint64 total = 0;
  int n = CSLCount (names);
  gboolean fine = TRUE;

  if (n == 0)
    fine = refuse (error, _("the archive is empty or cut off"));
  else if (n > ZIP_ENTRIES_MAX)
    fine = refuse (error, _("the archive has %d entries, at most %d are read"), n, ZIP_ENTRIES_MAX);
  for (int i = 0; i < n && fine; i++)
    {
      g_autofree char *entry = g_strdup_printf ("%s/%s", inside, names[i]);

      total += alm_helper_get_size (entry);
    }
  CSLDestroy (names);
  if (!fine)
    return FALSE;

  return alm_helper_check_unpacked (total, packed, error);
}

/* The file beside @path with another ending, whatever its case; NULL = none. */
static char *
find_beside (const char *path,
             const char *ending)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *wanted = NULL;
  char **names = VSIReadDir (folder);
  char *found = NULL;

  name[strlen (name) - 4] = '\0';
  wanted = g_strconcat (name, ending, NULL);
  for (char **entry = names; entry != NULL && *entry != NULL && found == NULL; entry++)
    if (g_ascii_strcasecmp (*entry, wanted) == 0)
      found = g_strdup_printf ("%s/%s", folder, *entry);
  CSLDestroy (names);

  return found;
}

static gboolean
read_head (const char *path,
           guint8     *head,
           gsize       length)
{
  VSILFILE *file = VSIFOpenL (path, "rb");
  gboolean fine;

  if (file == NULL)
    return FALSE;
  fine = VSIFReadL (head, 1, length, file) == length;
  VSIFCloseL (file);

  return fine;
}

static guint32
read_be (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

static guint32
read_le (const guint8 *bytes,
         guint         n)
{
  guint32 value = 0;

  while (n-- > 0)
    value = value << 8 | bytes[n];

  return value;
}

/* All three parts are there, as long as they say, and of equal count. */
gboolean
alm_helper_check_shapefile (const char *path,
                            GError    **error)
{
  g_autofree char *shx = find_beside (path, ".shx");
  g_autofree char *dbf = find_beside (path, ".dbf");
  guint8 head[100];
  guint64 n_shapes, n_rows, wanted;

  if (shx == NULL || dbf == NULL)
    return refuse (error, _("the shapefile has no %s beside it"),
                   dbf == NULL ? _(".dbf (its values)") : _(".shx (its index)"));

  if (!read_head (path, head, sizeof head) || read_be (head) != 9994
      || 2 * (guint64) read_be (head + 24) != alm_helper_get_size (path))
    return refuse (error, _("the %s is not as long as its head says"), ".shp");
  if (!read_head (shx, head, sizeof head) || read_be (head) != 9994
      || 2 * (guint64) read_be (head + 24) != alm_helper_get_size (shx))
    return refuse (error, _("the %s is not as long as its head says"), ".shx");
  n_shapes = (alm_helper_get_size (shx) - 100) / 8;

  if (!read_head (dbf, head, 32))
    return refuse (error, _("the .dbf is cut off"));
  n_rows = read_le (head + 4, 4);
  wanted = read_le (head + 8, 2) + n_rows * read_le (head + 10, 2);
  if (alm_helper_get_size (dbf) < wanted)
    return refuse (error, _("the %s is not as long as its head says"), ".dbf");
  if (n_rows != n_shapes)
    return refuse (error, _("the .shp has %lu records, the .dbf %lu"), (gulong) n_shapes,
                   (gulong) n_rows);

  return TRUE;
}

/* A .dbf that does not say its encoding is asked for it as any other text. */
static const char *
guess_dbf_encoding (const char *path)
{
  g_autofree char *cpg = find_beside (path, ".cpg");
  g_autofree char *dbf = find_beside (path, ".dbf");
  g_autofree char *buffer = g_malloc (1 << 16);
  AlmEncoding encoding = ALM_ENCODING_UTF8;
  const char *reason;
  AlmEncodingScan scan;
  VSILFILE *file;
  gsize n, total = 0;

  if (cpg != NULL || dbf == NULL || (file = VSIFOpenL (dbf, "rb")) == NULL)
    return NULL;

  alm_encoding_scan_init (&scan);
  while (total < (64 << 20) && (n = VSIFReadL (buffer, 1, 1 << 16, file)) > 0)
    {
      /* The head holds numbers; the rest is text with the odd NUL. */
      for (gsize i = 0; i < n; i++)
        if (buffer[i] == '\0' || (total + i < 32))
          buffer[i] = ' ';
      alm_encoding_scan_feed (&scan, buffer, n);
      total += n;
    }
  VSIFCloseL (file);

  if (!alm_encoding_scan_guess (&scan, &encoding, &reason, NULL))
    return NULL;

  return encoding == ALM_ENCODING_UTF8 && scan.n_sequences == 0 ? NULL
         : alm_encoding_to_text (encoding);
}

static GDALDatasetH
open_one (const char *path,
          GError    **error)
{
  g_autofree char *failure = NULL;
  char **options = NULL;
  GDALDatasetH dataset;

  if (has_ending (path, ".shp"))
    {
      const char *encoding;

      if (!alm_helper_check_shapefile (path, error))
        return NULL;
      encoding = guess_dbf_encoding (path);
      if (encoding != NULL)
        options = CSLSetNameValue (options, "ENCODING", encoding);
    }

  g_free (alm_helper_take_failure ());
  dataset = GDALOpenEx (path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers,
                        (const char *const *) options, NULL);
  CSLDestroy (options);
  failure = alm_helper_take_failure ();
  if (dataset == NULL)
    refuse (error, _("no format that is read here (%s)"),
            failure != NULL ? failure : _("no driver knows it"));

  return dataset;
}

/* The dataset of one path, until the next call. */
GDALDatasetH
alm_helper_source_get (AlmHelperSource  *self,
                       guint             index,
                       GError          **error)
{
  if (self->open != NULL && self->index == index)
    return self->open;
  if (self->open != NULL)
    GDALClose (self->open);

  self->index = index;
  self->open = open_one (self->paths->pdata[index], error);
  if (self->open == NULL && self->paths->len > 1)
    {
      g_autofree char *name = g_path_get_basename (self->paths->pdata[index]);

      g_prefix_error (error, "%s: ", name);
    }

  return self->open;
}

/* The entries of an archive that end so; NULL = geodata. */
GPtrArray *
alm_helper_list_archive (const char         *path,
                         const char *const  *wanted)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *inside = g_strdup_printf ("/vsizip/{%s}", path);
  char **names = VSIReadDirRecursive (inside);

  if (wanted == NULL)
    wanted = endings;
  for (char **name = names; name != NULL && *name != NULL; name++)
    for (guint i = 0; wanted[i] != NULL; i++)
      if (has_ending (*name, wanted[i]) && strstr (*name, "__MACOSX") == NULL)
        g_ptr_array_add (entries, g_strdup (*name));
  CSLDestroy (names);

  return entries;
}

static gboolean
open_archive (const char       *path,
              AlmHelperSource  *source,
              GError          **error)
{
  g_autoptr (GPtrArray) entries = alm_helper_list_archive (path, NULL);

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (source->paths, g_strdup_printf ("/vsizip/{%s}/%s", path,
                                                     (char *) entries->pdata[i]));

  return entries->len > 0
         || refuse (error, _("the archive holds nothing that is read here"));
}

gboolean
alm_helper_open (const char       *path,
                 AlmHelperSource  *source,
                 GError          **error)
{
  *source = (AlmHelperSource) { .paths = g_ptr_array_new_with_free_func (g_free) };
  if (g_str_has_prefix (path, "/vsi") || !g_path_is_absolute (path))
    return refuse (error, "not a file's full path");

  if (is_zip (path) && !alm_helper_check_zip (path, error))
    return FALSE;
  if (alm_helper_is_archive (path))
    return open_archive (path, source, error);

  g_ptr_array_add (source->paths, g_strdup (path));

  return TRUE;
}
