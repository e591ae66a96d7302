/* SPDX-License-Identifier: EUPL-1.2 */

/* Opens a foreign file and reads it to its end: which format it has, CSV by
 * our own reader, everything else through the helper; `.gz` is unpacked before.
 *
 * Invariant: a source that was opened has been read whole and found sound; a
 * file that is cut off, mixed, over a limit or changed meanwhile never gets so far.
 * One thread at a time; blocks. */

#include "config.h"

#include "alm-import-source.h"

#include "alm-csv.h"
#include "alm-encoding.h"
#include "alm-feature-stream.h"
#include "alm-gis-process.h"
#include "alm-import-error.h"
#include "alm-import-spool.h"
#include "alm-import-text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static gint64 rows_max = ALM_IMPORT_ROWS_MAX;

#define CHUNK        (64 << 10)
#define SAMPLE       (256 << 10)
#define GZ_BYTES_MAX (G_GUINT64_CONSTANT (1) << 30)
#define GZ_RATIO_MAX 200

struct _AlmImportSource
{
  AlmImportFacts         facts;
  const AlmImportMapping *mapping;    /* borrowed while opening */
  const char            *wanted;      /* geometry; borrowed while opening */
  GPtrArray             *layers;      /* nullable; borrowed while opening */
  AlmImportProgressFunc  progress;
  gpointer               progress_data;
  GCancellable          *cancellable;

  char                  *path;        /* what is read: perhaps unpacked */
  char                  *folder;      /* to be removed with what is in it */
  guint64                packed;      /* size of the file as it was given */
  char                  *format;
  char                  *layer;
  char                  *geometry;
  char                  *crs;
  char                  *sha256;
  AlmImportSpool        *spool;
  GPtrArray             *columns;
  GPtrArray             *header;

  /* While a text is read. */
  GByteArray            *sample;
  AlmEncodingScan        scan;
  AlmEncoding            encoding;
  AlmCsvDialect          dialect;
  guint                  n_records;
  guint                  usual;       /* cells of most records */

  /* While features are read. */
  AlmFeatureStream      *stream;
  int                    chosen;      /* layer, −1 = not yet */
};

void
alm_import_source_set_rows_max (gint64 rows)
{
  rows_max = rows;
}

/* What was unpacked so far; the folder stays. */
static void
remove_unpacked (AlmImportSource *self)
{
  g_autoptr (GDir) folder = self->folder != NULL ? g_dir_open (self->folder, 0, NULL) : NULL;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
}

void
alm_import_source_free (AlmImportSource *self)
{
  if (self == NULL)
    return;

  if (self->folder != NULL)
    {
      remove_unpacked (self);
      g_rmdir (self->folder);
    }
  g_free (self->path);
  g_free (self->folder);
  g_free (self->format);
  g_free (self->layer);
  g_free (self->geometry);
  g_free (self->crs);
  g_free (self->sha256);
  g_clear_pointer (&self->spool, alm_import_spool_free);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->header, g_ptr_array_unref);
  g_clear_pointer (&self->sample, g_byte_array_unref);
  g_clear_pointer (&self->stream, alm_feature_stream_free);
  g_clear_object (&self->cancellable);
  g_free (self);
}

const AlmImportFacts *
alm_import_source_get_facts (AlmImportSource *self)
{
  return &self->facts;
}

GPtrArray *
alm_import_source_get_columns (AlmImportSource *self)
{
  return self->columns;
}

GPtrArray *
alm_import_source_get_header (AlmImportSource *self)
{
  return self->header;
}

gboolean
alm_import_source_each (AlmImportSource   *self,
                        AlmImportRowFunc   func,
                        gpointer           user_data,
                        GError           **error)
{
  return alm_import_spool_each (self->spool, func, user_data, error);
}

static gboolean
refuse (GError    **error,
        const char *reason)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, reason);

  return FALSE;
}

static void
tell (AlmImportSource *self,
      guint64          done)
{
  if (self->progress != NULL)
    self->progress (done, self->facts.size, alm_import_spool_get_n (self->spool),
                    self->progress_data);
}

/* A folder for what was unpacked, which goes with this. */
static gboolean
make_folder (AlmImportSource  *self,
             GError          **error)
{
  if (self->folder == NULL)
    self->folder = g_dir_make_tmp ("allmende-XXXXXX", error);

  return self->folder != NULL;
}

/* Unpacks `.gz`, counting; what comes out is read instead. */
static gboolean
unpack (AlmImportSource  *self,
        GError          **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GFileInputStream) packed = g_file_read (file, self->cancellable, error);
  g_autoptr (GConverter) gz = NULL;
  g_autoptr (GInputStream) in = NULL;
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *target = NULL;
  g_autofree char *buffer = g_malloc (CHUNK);
  g_autoptr (GFile) out_file = NULL;
  g_autoptr (GFileOutputStream) out = NULL;
  guint64 total = 0;
  gssize n;

  if (packed == NULL)
    return FALSE;
  if (!make_folder (self, error))
    return FALSE;

  name[strlen (name) - strlen (".gz")] = '\0';
  target = g_build_filename (self->folder, name, NULL);
  g_free (self->path);
  self->path = g_steal_pointer (&target);
  /* Of a table in an archive the file that is open here is all that is left. */
  remove_unpacked (self);
  out_file = g_file_new_for_path (self->path);
  out = g_file_replace (out_file, NULL, FALSE, G_FILE_CREATE_PRIVATE, self->cancellable, error);
  if (out == NULL)
    return FALSE;

  gz = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  in = g_converter_input_stream_new (G_INPUT_STREAM (packed), gz);
  while ((n = g_input_stream_read (in, buffer, CHUNK, self->cancellable, error)) > 0)
    {
      total += (guint64) n;
      if (total > GZ_BYTES_MAX || total > GZ_RATIO_MAX * MAX (self->packed, 1))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("the archive would unpack to more than %.1f MB, at most 1.1 GB and %d "
                         "times its size are read"), total / 1e6, GZ_RATIO_MAX);
          return FALSE;
        }
      if (!g_output_stream_write_all (G_OUTPUT_STREAM (out), buffer, (gsize) n, NULL,
                                      self->cancellable, error))
        return FALSE;
    }
  if (n < 0)
    {
      g_prefix_error (error, "%s: ", _("the archive is cut off or damaged"));
      return FALSE;
    }

  return g_output_stream_close (G_OUTPUT_STREAM (out), self->cancellable, error);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Reads the file from its start, chunk by chunk. */
static gboolean
each_chunk (AlmImportSource  *self,
            const char       *path,
            gboolean        (*func) (AlmImportSource *self, const char *bytes, gsize length,
                                     gpointer user_data, GError **error),
            gpointer          user_data,
            GError          **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) in = g_file_read (file, self->cancellable, error);
  g_autofree char *buffer = g_malloc (CHUNK);
  g_autoptr (GError) reason = NULL;
  gssize n;

  if (in == NULL)
    return FALSE;
  while ((n = g_input_stream_read (G_INPUT_STREAM (in), buffer, CHUNK, self->cancellable,
                                   &reason)) > 0)
    if (!func (self, buffer, (gsize) n, user_data, error))
      return FALSE;
  if (n == 0)
    return TRUE;

  if (is_cancelled (reason))
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_GONE,
                 _("the file could not be read to its end (%s)"), reason->message);

  return FALSE;
}

static gboolean
sum_chunk (AlmImportSource  *self,
           const char       *bytes,
           gsize             length,
           gpointer          user_data,
           GError          **error)
{
  g_checksum_update (user_data, (const guchar *) bytes, (gssize) length);
  self->facts.size += length;
  if (self->sample->len < 8)
    g_byte_array_append (self->sample, (const guint8 *) bytes,
                         (guint) MIN (length, 8 - self->sample->len));

  return TRUE;
}

static gboolean
scan_chunk (AlmImportSource  *self,
            const char       *bytes,
            gsize             length,
            gpointer          user_data,
            GError          **error)
{
  alm_encoding_scan_feed (&self->scan, bytes, length);
  if (self->sample->len < SAMPLE)
    g_byte_array_append (self->sample, (const guint8 *) bytes,
                         (guint) MIN (length, SAMPLE - self->sample->len));

  return TRUE;
}

static gboolean
decide_encoding (AlmImportSource  *self,
                 GError          **error)
{
  const char *claim = self->mapping->encoding;

  if (claim == NULL)
    return alm_encoding_scan_guess (&self->scan, &self->encoding, &self->facts.encoding_reason,
                                    error);

  self->facts.encoding_reason = "as given";
  if (!alm_encoding_from_text (claim, &self->encoding))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("unknown encoding \"%s\""),
                   claim);
      return FALSE;
    }

  return alm_encoding_scan_allows (&self->scan, self->encoding, error);
}

static gboolean
decide_dialect (AlmImportSource  *self,
                GError          **error)
{
  static const char *const escapes[] = { "double", "backslash", "none" };
  const AlmImportMapping *mapping = self->mapping;
  g_autoptr (GString) text = g_string_new (NULL);
  AlmCsvDialect fixed = { .separator = mapping->separator != NULL ? mapping->separator[0] : 0 };
  AlmDecoder decoder;
  AlmCsvGuess guess;

  alm_decoder_init (&decoder, self->encoding);
  if (!alm_decoder_feed (&decoder, (const char *) self->sample->data, self->sample->len, text,
                         error))
    return FALSE;
  alm_csv_guess (text->str, text->len, self->sample->len < SAMPLE, &fixed, &guess);

  self->dialect = guess.dialect;
  self->usual = guess.n_columns;
  self->facts.dialect_share = guess.share;
  if (mapping->quote != NULL)
    self->dialect.quote = mapping->quote[0];
  for (guint i = 0; mapping->escape != NULL && i < G_N_ELEMENTS (escapes); i++)
    if (strcmp (mapping->escape, escapes[i]) == 0)
      self->dialect.escape = i;

  self->facts.separator = self->dialect.separator;
  self->facts.quote = self->dialect.quote;
  self->facts.escape = escapes[self->dialect.escape];

  return TRUE;
}

/* A row of names: all of them different, none a number or a date. */
static gboolean
looks_like_header (const AlmCsvRecord *record)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_named = 0;

  for (guint i = 0; i < record->n_cells; i++)
    {
      g_autofree char *cell = alm_import_trim (record->cells[i]);
      g_autofree char *date = alm_import_parse_date (cell);
      double number;

      if (*cell == '\0')
        continue;
      if (date != NULL || alm_import_parse_number (cell, '.', &number)
          || alm_import_parse_number (cell, ',', &number)
          || !g_hash_table_add (seen, g_utf8_casefold (cell, -1)))
        return FALSE;
      n_named++;
    }

  return n_named > 0;
}

static void
take_header (AlmImportSource    *self,
             const AlmCsvRecord *record)
{
  self->header = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < record->n_cells; i++)
    {
      g_autofree char *name = alm_import_clean_header (record->cells[i]);

      g_ptr_array_add (self->header, g_strdup (record->cells[i]));
      g_ptr_array_add (self->columns, *name != '\0' ? g_steal_pointer (&name)
                                                    : g_strdup_printf ("%u", i + 1));
    }
  self->facts.header = (int) self->n_records;
}

static void
number_columns (AlmImportSource *self,
                guint            n)
{
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->columns, g_strdup_printf ("%u", i + 1));
  self->facts.header = 0;
}

/* @row: of data */
static gboolean
add_row (AlmImportSource     *self,
         const AlmImportRow  *row,
         GError             **error)
{
  if (alm_import_spool_get_n (self->spool) >= rows_max)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("more than %'ld rows; split the list, more are not read at once"),
                   (glong) rows_max);
      return FALSE;
    }

  return alm_import_spool_add (self->spool, row, error);
}

/* TRUE: the record was the header, or stands above it, and is no data. */
static gboolean
take_above (AlmImportSource    *self,
            const AlmCsvRecord *record)
{
  int wanted = self->mapping->header;

  if (self->columns->len > 0)
    return FALSE;
  if (wanted > 0)
    {
      if ((int) self->n_records == wanted)
        take_header (self, record);
      return TRUE;
    }
  if (wanted < 0 && self->n_records <= 20 && record->n_cells != self->usual)
    return TRUE;
  if (wanted < 0 && looks_like_header (record))
    {
      take_header (self, record);
      return TRUE;
    }
  number_columns (self, record->n_cells);

  return FALSE;
}

static gboolean
take_record (const AlmCsvRecord  *record,
             gpointer             user_data,
             GError             **error)
{
  AlmImportSource *self = user_data;
  AlmImportRow row = {
    .line = (gint64) record->line, .n_cells = record->n_cells, .cells = record->cells,
    .n_controls = record->n_controls,
  };

  self->n_records++;
  if (take_above (self, record))
    return TRUE;
  if (!record->terminated && record->n_cells < self->columns->len)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("line %lu: the file ends in the middle of a record"),
                   (gulong) record->line);
      return FALSE;
    }

  return add_row (self, &row, error);
}

typedef struct
{
  AlmCsvReader *reader;
  guint64       done;
} CsvRun;

static gboolean
read_chunk (AlmImportSource  *self,
            const char       *bytes,
            gsize             length,
            gpointer          user_data,
            GError          **error)
{
  CsvRun *run = user_data;

  run->done += length;
  tell (self, run->done);

  return alm_csv_reader_feed (run->reader, bytes, length, error);
}

static gboolean
read_csv (AlmImportSource  *self,
          GError          **error)
{
  g_autoptr (AlmCsvReader) reader = NULL;
  CsvRun run = { 0 };

  g_byte_array_set_size (self->sample, 0);
  alm_encoding_scan_init (&self->scan);
  if (!each_chunk (self, self->path, scan_chunk, NULL, error)
      || !decide_encoding (self, error) || !decide_dialect (self, error))
    return FALSE;

  self->format = g_strdup ("csv");
  self->facts.encoding = alm_encoding_to_text (self->encoding);
  self->facts.is_text = TRUE;
  run.reader = reader = alm_csv_reader_new (&self->dialect, self->encoding, take_record, self);
  if (!each_chunk (self, self->path, read_chunk, &run, error)
      || !alm_csv_reader_finish (reader, error))
    return FALSE;
  if (self->columns->len == 0)
    return refuse (error, _("there is no row of columns in the file"));

  return TRUE;
}

static gboolean
take_stream_head (AlmImportSource  *self,
                  GError          **error)
{
  const AlmFeatureLayer *layer;

  self->chosen = alm_import_layer_choose (self->stream, self->wanted, self->mapping->layer,
                                          self->layers, error);
  if (self->chosen < 0)
    return FALSE;

  layer = alm_feature_stream_get_layer (self->stream, (guint) self->chosen);
  self->layer = g_strdup (layer->name);
  self->geometry = g_strdup (alm_import_layer_get_geometry (layer));
  self->crs = g_strdup (layer->crs);
  for (guint i = 0; i < layer->fields->len; i++)
    g_ptr_array_add (self->columns, g_strdup (layer->fields->pdata[i]));

  return TRUE;
}

/* A text as a person would write it with a decimal point; NULL = null. */
static char *
print_value (const AlmValue *value)
{
  if (alm_value_is (value, ALM_VALUE_NULL))
    return NULL;
  if (alm_value_is (value, ALM_VALUE_TEXT))
    return g_strdup (alm_value_get_text (value));

  return alm_value_to_text (value);
}

static gboolean
take_line (const char  *line,
           gsize        length,
           gpointer     user_data,
           GError     **error)
{
  AlmImportSource *self = user_data;
  g_auto (AlmFeature) feature = { 0 };
  g_autoptr (GPtrArray) cells = NULL;
  AlmImportRow row = { 0 };

  switch (alm_feature_stream_take (self->stream, line, length, &feature, error))
    {
    case ALM_FEATURE_HEAD:
      return take_stream_head (self, error);

    case ALM_FEATURE_ROW:
      if ((int) feature.layer != self->chosen)
        return TRUE;
      break;

    case ALM_FEATURE_END:
      return TRUE;

    case ALM_FEATURE_NONE:
    default:
      return FALSE;
    }

  cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < alm_value_get_size (feature.values); i++)
    g_ptr_array_add (cells, print_value (alm_value_get_item (feature.values, i)));
  row.line = feature.n;
  row.n_cells = cells->len;
  row.cells = (const char *const *) cells->pdata;
  row.wkb = feature.wkb;
  row.wkb_length = feature.wkb_length;
  if (feature.n % 1000 == 0)
    tell (self, 0);

  return add_row (self, &row, error);
}

static gboolean
read_features (AlmImportSource  *self,
               GError          **error)
{
  self->stream = alm_feature_stream_new ();
  self->chosen = -1;
  if (!alm_gis_process_read (self->path, self->mapping->layer, take_line, self,
                             self->cancellable, error)
      || !alm_feature_stream_finish (self->stream, error))
    return FALSE;
  self->format = g_strdup (alm_feature_stream_get_driver (self->stream));

  return TRUE;
}

/* CSV is what nothing else claims: neither the name nor the first bytes. */
static gboolean
is_for_helper (AlmImportSource *self)
{
  static const char *const endings[] = {
    ".shp", ".gpkg", ".geojson", ".json", ".geojsonl", ".fgb", ".kml", ".kmz", ".gpx", ".dxf",
    ".gml", ".xml", ".osm", ".pbf", ".xlsx", ".ods", ".tab", ".mif", ".zip",
  };
  g_autofree char *lower = g_ascii_strdown (self->path, -1);
  const char *head = (const char *) self->sample->data;

  if (self->mapping->format != NULL)
    return g_ascii_strcasecmp (self->mapping->format, "csv") != 0;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;

  return self->sample->len >= 4
         && (head[0] == '{' || head[0] == '[' || memcmp (head, "PK\3\4", 4) == 0
             || memcmp (head, "SQLi", 4) == 0 || memcmp (head, "<?xm", 4) == 0);
}

/* Size and first bytes of what was unpacked. */
static gboolean
look_again (AlmImportSource  *self,
            GError          **error)
{
  g_autoptr (GChecksum) ignored = g_checksum_new (G_CHECKSUM_SHA256);

  g_byte_array_set_size (self->sample, 0);
  self->facts.size = 0;
  if (!each_chunk (self, self->path, sum_chunk, ignored, error))
    return FALSE;

  return self->facts.size > 0 || refuse (error, _("the file is empty"));
}

/* A table in an archive is read instead of the archive. */
static gboolean
take_table (AlmImportSource  *self,
            GError          **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *table = NULL;

  if (self->sample->len < 4 || memcmp (self->sample->data, "PK\3\4", 4) != 0)
    return TRUE;
  if (!make_folder (self, error)
      || !alm_gis_process_unpack (self->path, self->folder, self->mapping->layer, &table, names,
                                  self->cancellable, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    alm_import_layer_note (self->layers, names->pdata[i], NULL, -1, TRUE);
  if (table == NULL)
    return names->len == 0 || alm_import_layer_refuse_choice (names, error);

  g_free (self->path);
  self->path = g_steal_pointer (&table);
  self->layer = g_strdup (self->mapping->layer);

  return look_again (self, error);
}

static gboolean
read_parts (AlmImportSource  *self,
            GError          **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!each_chunk (self, self->path, sum_chunk, sum, error))
    return FALSE;
  self->sha256 = g_strdup (g_checksum_get_string (sum));
  if (self->facts.size == 0)
    return refuse (error, _("the file is empty"));
  self->packed = self->facts.size;

  if (!take_table (self, error))
    return FALSE;
  if (self->sample->len >= 2 && memcmp (self->sample->data, "\x1f\x8b", 2) == 0
      && g_str_has_suffix (self->path, ".gz")
      && (!unpack (self, error) || !look_again (self, error)))
    return FALSE;

  return is_for_helper (self) ? read_features (self, error) : read_csv (self, error);
}

/* Before anything is opened, which at a pipe would wait for who fills it. */
static gboolean
look_at_file (const char  *path,
              GStatBuf    *info,
              GError     **error)
{
  static const char *const whole[] = { ".geojson", ".json" };
  g_autofree char *lower = g_ascii_strdown (path, -1);
  gboolean is_whole = FALSE;

  if (g_stat (path, info) != 0)
    {
      int code = errno;

      if (code == ENOENT || code == ENOTDIR)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("there is no such file"));
      else
        g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_GONE,
                     _("the file could not be read to its end (%s)"), g_strerror (code));
      return FALSE;
    }
  if (!S_ISREG (info->st_mode))
    return refuse (error, _("this is no file but a folder, a pipe or a device; save the list as "
                            "a file first"));

  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    is_whole |= g_str_has_suffix (lower, whole[i]);
  if (is_whole && (guint64) info->st_size > ALM_IMPORT_WHOLE_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("the file has %.1f GB; GeoJSON is read up to %.1f GB, a GeoPackage may be "
                     "larger"), (double) info->st_size / 1e9, ALM_IMPORT_WHOLE_MAX / 1e9);
      return FALSE;
    }

  return TRUE;
}

/* Not by the inode: on a drive in the network it may be another one each time. */
static gboolean
is_unchanged (const GStatBuf *before,
              const GStatBuf *now)
{
  return now->st_size == before->st_size && now->st_mtim.tv_sec == before->st_mtim.tv_sec
         && now->st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

/* What went wrong with a file that somebody writes meanwhile is not what is wrong with it. */
static gboolean
read_all (AlmImportSource  *self,
          GError          **error)
{
  g_autofree char *given = g_strdup (self->path);
  g_autoptr (GError) reason = NULL;
  GStatBuf before, now;
  gboolean fine;

  if (!look_at_file (given, &before, error))
    return FALSE;

  fine = read_parts (self, &reason);
  if (is_cancelled (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (g_stat (given, &now) != 0)
    {
      g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_GONE,
                   _("the file went away while it was read; is its drive still connected?"));
      return FALSE;
    }
  if (!is_unchanged (&before, &now))
    {
      g_set_error (error, ALM_IMPORT_ERROR, ALM_IMPORT_ERROR_GONE,
                   _("the file changed while it was read; try again when it is complete"));
      return FALSE;
    }
  if (!fine)
    g_propagate_error (error, g_steal_pointer (&reason));

  return fine;
}

AlmImportSource *
alm_import_source_open (const char             *path,
                        const AlmImportMapping *mapping,
                        const char             *geometry,
                        GPtrArray              *layers,
                        AlmImportProgressFunc   progress,
                        gpointer                progress_data,
                        GCancellable           *cancellable,
                        GError                **error)
{
  g_autoptr (AlmImportSource) self = g_new0 (AlmImportSource, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->mapping = mapping;
  self->wanted = geometry;
  self->layers = layers;
  if (layers != NULL)
    g_ptr_array_set_size (layers, 0);
  self->progress = progress;
  self->progress_data = progress_data;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->spool = alm_import_spool_new (ALM_IMPORT_SPOOL_MEMORY);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->sample = g_byte_array_new ();

  if (!read_all (self, error))
    return NULL;

  tell (self, self->facts.size);
  self->facts.format = self->format;
  self->facts.layer = self->layer;
  self->facts.geometry = self->geometry;
  self->facts.crs = self->crs;
  self->facts.sha256 = self->sha256;
  self->facts.rows = alm_import_spool_get_n (self->spool);
  self->mapping = NULL;
  self->wanted = NULL;
  self->layers = NULL;
  self->progress = NULL;

  return g_steal_pointer (&self);
}
