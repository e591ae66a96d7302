/* SPDX-License-Identifier: EUPL-1.2 */

/* allmendectl export: without --format the lines of sync.md; as GeoJSON, CSV or
 * GeoPackage one kind for others to read.
 *
 * Invariant: the file of -o is either the old one or the whole new one. */

#include "config.h"

#include "alm-cli-assets.h"
#include "alm-crs.h"
#include "alm-csv.h"
#include "alm-feature-stream.h"
#include "alm-gis-process.h"
#include "alm-wkb.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  AlmModel       *model;        /* borrowed, as all */
  const AlmField *geometry;     /* nullable */
  AlmCrs         *crs;
  AlmCliChoice    choice;
  FILE           *file;
  GString        *text;         /* of the row at hand */
  gint64          n;
  gboolean        broken;       /* the file cannot be written */
} Export;

static void
move_out (double   *x,
          double   *y,
          gsize     n,
          gpointer  crs)
{
  alm_crs_from_lonlat (crs, x, y, n);
}

static gboolean
put_out (Export  *self,
         GError **error)
{
  gsize length = self->text->len;

  if (fwrite (self->text->str, 1, length, self->file) != length)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot be written: %s",
                   g_strerror (errno));
      return FALSE;
    }
  g_string_truncate (self->text, 0);

  return TRUE;
}

static AlmValue *
get_geometry (const Export   *self,
              const AlmValue *fields)
{
  return self->geometry != NULL ? alm_value_get (fields, self->geometry->name) : NULL;
}

static gboolean
export_geojson_row (const AlmRow  *row,
                    gpointer       user_data,
                    GError       **error)
{
  Export *self = user_data;
  AlmValue *geometry = get_geometry (self, row->fields);
  g_autoptr (AlmValue) properties = NULL;
  char id[ALM_ID_TEXT_SIZE];

  if (!alm_cli_choice_takes (&self->choice, self->model, row->fields))
    return TRUE;

  properties = alm_value_new_object ();
  for (guint i = 0; i < alm_value_get_size (row->fields); i++)
    {
      const char *name = alm_value_get_key (row->fields, i);

      if (self->geometry == NULL || strcmp (name, self->geometry->name) != 0)
        alm_value_set (properties, name, alm_value_ref (alm_value_get_item (row->fields, i)));
    }

  alm_id_print (&row->id, id);
  g_string_append_printf (self->text, "%s{\"type\":\"Feature\",\"id\":\"%s\",\"geometry\":",
                          self->n++ > 0 ? ",\n" : "", id);
  if (geometry != NULL)
    alm_value_print (geometry, self->text);
  else
    g_string_append (self->text, "null");
  g_string_append (self->text, ",\"properties\":");
  alm_value_print (properties, self->text);
  g_string_append_c (self->text, '}');

  return put_out (self, error);
}

static gboolean
is_point_model (const Export *self)
{
  return self->geometry != NULL && strcmp (self->geometry->format, "geometry-point") == 0;
}

static void
append_number (GString *out,
               double   number,
               int      decimals)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *format = g_strdup_printf ("%%.%df", decimals);

  if (isfinite (number))
    g_string_append (out, g_ascii_formatd (text, sizeof text, format, number));
}

/* Two columns for a point, WKT for anything else. */
static void
append_place (Export         *self,
              const AlmValue *geometry)
{
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  double x, y;
  gboolean is_lonlat = alm_crs_is_lonlat (self->crs);

  if (self->geometry == NULL)
    return;
  if (!is_point_model (self))
    {
      g_autofree char *json = geometry != NULL ? alm_value_to_text (geometry) : g_strdup ("");

      g_string_append_c (self->text, ';');
      alm_csv_append_cell (self->text, &(AlmCsvDialect) { ';', '"', ALM_CSV_ESCAPE_DOUBLE }, json);
      return;
    }

  g_string_append_c (self->text, ';');
  if (geometry == NULL)
    {
      g_string_append_c (self->text, ';');
      return;
    }
  x = alm_value_get_double (alm_value_get_item (alm_value_get (geometry, "coordinates"), 0));
  y = alm_value_get_double (alm_value_get_item (alm_value_get (geometry, "coordinates"), 1));
  alm_crs_from_lonlat (self->crs, &x, &y, 1);
  append_number (self->text, x, is_lonlat ? 9 : 3);
  g_string_append_c (self->text, ';');
  append_number (self->text, y, is_lonlat ? 9 : 3);
}

static gboolean
export_csv_row (const AlmRow  *row,
                gpointer       user_data,
                GError       **error)
{
  static const AlmCsvDialect dialect = { ';', '"', ALM_CSV_ESCAPE_DOUBLE };
  Export *self = user_data;
  char id[ALM_ID_TEXT_SIZE];

  if (!alm_cli_choice_takes (&self->choice, self->model, row->fields))
    return TRUE;

  alm_id_print (&row->id, id);
  g_string_append (self->text, id);
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);
      const AlmValue *value = alm_value_get (row->fields, field->name);
      g_autofree char *text = NULL;

      if (field == self->geometry)
        continue;
      if (value != NULL)
        text = alm_value_is (value, ALM_VALUE_TEXT) ? g_strdup (alm_value_get_text (value))
                                                    : alm_value_to_text (value);
      g_string_append_c (self->text, ';');
      alm_csv_append_cell (self->text, &dialect, text != NULL ? text : "");
    }
  append_place (self, get_geometry (self, row->fields));
  g_string_append (self->text, "\r\n");
  self->n++;

  return put_out (self, error);
}

static void
append_csv_head (Export *self)
{
  g_string_append (self->text, "\xef\xbb\xbfid");
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    if (alm_model_get_field (self->model, i) != self->geometry)
      g_string_append_printf (self->text, ";%s", alm_model_get_field (self->model, i)->name);
  if (is_point_model (self) && alm_crs_is_lonlat (self->crs))
    g_string_append (self->text, ";lon;lat");
  else if (is_point_model (self))
    g_string_append_printf (self->text, ";east_%d;north_%d", alm_crs_get_epsg (self->crs),
                            alm_crs_get_epsg (self->crs));
  else if (self->geometry != NULL)
    g_string_append (self->text, ";geojson");
  g_string_append (self->text, "\r\n");
}

/* The types of the helper's stream. */
static const char *
name_type (const AlmField *field)
{
  switch (field->type)
    {
    case ALM_FIELD_INTEGER:
      return "integer";

    case ALM_FIELD_NUMBER:
      return "real";

    case ALM_FIELD_BOOLEAN:
      return "boolean";

    case ALM_FIELD_DATE:
      return "date";

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return "string";
    }
}

static gboolean
export_stream_row (const AlmRow  *row,
                   gpointer       user_data,
                   GError       **error)
{
  Export *self = user_data;
  const AlmValue *geometry = get_geometry (self, row->fields);
  g_autoptr (AlmValue) values = alm_value_new_list ();
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  char id[ALM_ID_TEXT_SIZE];

  if (!alm_cli_choice_takes (&self->choice, self->model, row->fields))
    return TRUE;

  alm_id_print (&row->id, id);
  alm_value_append (values, alm_value_new_text (id));
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);
      AlmValue *value = alm_value_get (row->fields, field->name);

      if (field != self->geometry)
        alm_value_append (values, value != NULL ? alm_value_ref (value) : alm_value_new_null ());
    }
  if (geometry != NULL && !alm_wkb_from_geometry (geometry, move_out, self->crs, wkb, error))
    return FALSE;
  alm_feature_append_row (self->text, 0, ++self->n, wkb->len > 0 ? wkb->data : NULL, wkb->len,
                          values);

  return put_out (self, error);
}

static void
append_stream_head (Export *self)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  const char *format = self->geometry != NULL ? self->geometry->format : "geometry-none";
  gboolean is_one = strstr (format, "-or-") == NULL && strcmp (format, "geometry-any") != 0;
  AlmFeatureLayer layer = {
    .name = (char *) alm_model_get_name (self->model), .count = -1, .fields = fields,
    .geometry = (char *) (is_one ? format + strlen ("geometry-") : "Unknown"),
    .crs = (char *) alm_crs_get_id (self->crs), .types = types,
  };

  g_ptr_array_add (fields, (gpointer) "id");
  g_ptr_array_add (types, (gpointer) "string");
  for (guint i = 0; i < alm_model_get_n_fields (self->model); i++)
    {
      const AlmField *field = alm_model_get_field (self->model, i);

      if (field == self->geometry)
        continue;
      g_ptr_array_add (fields, field->name);
      g_ptr_array_add (types, (gpointer) name_type (field));
    }
  alm_feature_append_head (self->text, "GPKG", &layer, 1);
}

static gboolean
write_rows (Export      *self,
            AlmDesk     *desk,
            const char  *format,
            char       **scopes,
            GError     **error)
{
  const char *kind = alm_model_get_name (self->model);
  gboolean is_json = strcmp (format, "geojson") == 0;
  gboolean is_csv = strcmp (format, "csv") == 0;

  if (is_json)
    g_string_append (self->text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
  else if (is_csv)
    append_csv_head (self);
  else
    append_stream_head (self);
  if (!put_out (self, error)
      || !alm_desk_each (desk, (const char *const *) scopes, kind, FALSE,
                         is_json ? export_geojson_row : is_csv ? export_csv_row
                                                               : export_stream_row,
                         self, error))
    return FALSE;

  if (is_json)
    g_string_append (self->text, "\n]}\n");
  else if (!is_csv)
    alm_feature_append_end (self->text, self->n);
  if (!put_out (self, error))
    return FALSE;
  if (fflush (self->file) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot be written: %s",
               g_strerror (errno));

  return FALSE;
}

/* Text into @output or to standard output. */
static gboolean
write_text (Export      *self,
            AlmDesk     *desk,
            const char  *format,
            char       **scopes,
            const char  *output,
            GError     **error)
{
  g_autofree char *part = output != NULL ? g_strconcat (output, ".part", NULL) : NULL;
  gboolean fine;

  self->file = output != NULL ? fopen (part, "we") : stdout;
  if (self->file == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }

  fine = write_rows (self, desk, format, scopes, error);
  if (output == NULL)
    return fine;

  if (fine && (fsync (fileno (self->file)) != 0 || g_rename (part, output) != 0))
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      fine = FALSE;
    }
  fclose (self->file);
  if (!fine)
    g_unlink (part);

  return fine;
}

/* A GeoPackage is made by the helper of a stream in an unlinked file. */
static gboolean
write_geopackage (Export      *self,
                  AlmDesk     *desk,
                  char       **scopes,
                  const char  *output,
                  GError     **error)
{
  g_autofree char *full = g_canonicalize_filename (output, NULL);
  g_autofree char *part = g_strconcat (full, ".part.gpkg", NULL);
  gboolean fine;

  self->file = tmpfile ();
  if (self->file == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }

  g_unlink (part);
  fine = write_rows (self, desk, "gpkg", scopes, error)
         && alm_gis_process_write ("GPKG", part, fileno (self->file), NULL, error);
  fclose (self->file);
  if (fine && g_rename (part, full) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      fine = FALSE;
    }
  if (!fine)
    g_unlink (part);

  return fine;
}

static int
export_kind (AlmCli      *cli,
             const char  *kind,
             char       **scopes,
             const char  *format,
             const char  *crs,
             const char  *where,
             AlmCliChoice choice,
             const char  *output)
{
  g_autoptr (AlmDesk) desk = alm_cli_open_desk (cli, "export", ALM_DESK_READ);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) models = g_ptr_array_new ();
  g_autoptr (AlmModel) model = NULL;
  g_autoptr (AlmCrs) system = NULL;
  g_autoptr (GError) error = NULL;
  Export self = { .text = text, .choice = choice };
  g_autofree char *city = NULL;
  gboolean fine;

  if (desk == NULL)
    return ALM_CLI_REFUSED;
  if (alm_desk_get_model (desk, kind) == NULL)
    return alm_cli_fail ("export", "kind '%s' has no model here", kind);

  self.model = model = alm_model_ref (alm_desk_get_model (desk, kind));
  self.geometry = alm_model_find_role (model, ALM_ROLE_GEOMETRY);
  g_ptr_array_add (models, model);
  city = g_strdup_printf ("EPSG:%d", alm_cli_find_city_crs (desk));
  if (crs == NULL)
    crs = strcmp (format, "gpkg") == 0 ? city : ALM_CRS_LONLAT;
  self.crs = system = alm_crs_new (crs, &error);
  if (system == NULL)
    return alm_cli_fail_error ("export", error);
  if (!alm_cli_choice_set_filter (&self.choice, "export", where, models))
    return ALM_CLI_REFUSED;

  fine = strcmp (format, "gpkg") == 0
         ? write_geopackage (&self, desk, scopes, output, &error)
         : write_text (&self, desk, format, scopes, output, &error);
  alm_cli_choice_clear (&self.choice);

  return fine ? ALM_CLI_DONE : alm_cli_fail_error (output != NULL ? output : "export", error);
}

int
alm_cli_export (AlmCli  *cli,
                int      argc,
                char   **argv)
{
  const AlmCliCommand *command = &alm_cli_asset_commands[1];
  static const char *const formats[] = { "geojson", "csv", "gpkg", NULL };
  g_auto (GStrv) scopes = NULL;
  g_auto (GStrv) kinds = NULL;
  g_autofree char *output = NULL;
  g_autofree char *format = NULL;
  g_autofree char *crs = NULL;
  g_autofree char *where = NULL;
  g_autofree char *at = NULL;
  AlmCliChoice choice = { 0 };
  gboolean meta = FALSE;
  gboolean deleted = FALSE;
  const GOptionEntry entries[] = {
    { "scope", 0, 0, G_OPTION_ARG_STRING_ARRAY, &scopes, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_STRING_ARRAY, &kinds, NULL, NULL },
    { "meta", 0, 0, G_OPTION_ARG_NONE, &meta, NULL, NULL },
    { "deleted", 0, 0, G_OPTION_ARG_NONE, &deleted, NULL, NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, NULL },
    { "crs", 0, 0, G_OPTION_ARG_STRING, &crs, NULL, NULL },
    { "where", 0, 0, G_OPTION_ARG_STRING, &where, NULL, NULL },
    { "at", 0, 0, G_OPTION_ARG_STRING, &at, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
    { NULL }
  };

  if (!alm_cli_options (command, entries, &argc, &argv))
    return ALM_CLI_USAGE;
  if (argc > 0)
    return alm_cli_usage (command, "no further words");

  if (format == NULL)
    {
      if (crs != NULL || where != NULL || at != NULL)
        return alm_cli_usage (command, "--crs, --where and --at need a --format");
      return alm_cli_export_ndjson (cli, (const char *const *) scopes,
                                    (const char *const *) kinds,
                                    (meta ? ALM_EXPORT_META : 0)
                                    | (deleted ? ALM_EXPORT_DELETED : 0), output);
    }
  if (!g_strv_contains (formats, format))
    return alm_cli_usage (command, "format '%s' is not written", format);
  if (kinds == NULL || g_strv_length (kinds) != 1)
    return alm_cli_usage (command, "--format needs one --kind");
  if (meta || deleted)
    return alm_cli_usage (command, "--meta and --deleted go without --format");
  if (strcmp (format, "geojson") == 0 && crs != NULL && g_strcmp0 (crs, ALM_CRS_LONLAT) != 0)
    return alm_cli_usage (command, "GeoJSON is always longitude and latitude (RFC 7946)");
  if (strcmp (format, "gpkg") == 0 && output == NULL)
    return alm_cli_usage (command, "a GeoPackage needs -o FILE");

  if (!alm_cli_choice_set_day (&choice, command, at))
    return ALM_CLI_USAGE;

  return export_kind (cli, kinds[0], scopes, format, crs, where, choice, output);
}
