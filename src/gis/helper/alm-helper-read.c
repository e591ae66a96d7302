/* SPDX-License-Identifier: EUPL-1.2 */

/* One file to a stream of features on standard output. */

#include "config.h"

#include "alm-feature-stream.h"
#include "alm-helper-private.h"

#include <cpl_conv.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#define FLUSH_AT (1 << 16)

/* GDAL's OSM driver hides these in one field. */
static const char *const osm_tags[] = {
  "oneway", "maxspeed", "access", "vehicle", "motor_vehicle", "junction", "surface"
};

typedef struct
{
  guint           path;         /* of the source */
  int             number;       /* layer of that dataset */
  OGRLayerH       handle;       /* while the dataset is open */
  AlmFeatureLayer head;
  gboolean        wanted;       /* its features are told, not the layer alone */
  gboolean        is_twin;      /* others were called so, too */
  gboolean        swap;         /* its geometries come north, east */
  int             other_tags;   /* field to spread; −1 = none */
  gint64          n;
} Layer;

static void
clear_layer (Layer *layer)
{
  g_free (layer->head.name);
  g_free (layer->head.geometry);
  g_free (layer->head.crs);
  g_clear_pointer (&layer->head.fields, g_ptr_array_unref);
  g_clear_pointer (&layer->head.types, g_ptr_array_unref);
}

static char *
to_utf8 (const char *text)
{
  char *converted;

  if (g_utf8_validate (text, -1, NULL))
    return g_strdup (text);

  converted = g_convert (text, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);

  return converted != NULL ? converted : g_utf8_make_valid (text, -1);
}

/* "EPSG:25832" where EPSG knows the system, else WKT; NULL = the file says nothing. */
static char *
describe_system (OGRSpatialReferenceH srs)
{
  const char *authority, *code;
  g_autofree char *text = NULL;
  char *wkt = NULL;
  int *confidence = NULL;
  int n = 0;
  OGRSpatialReferenceH *matches;

  if (srs == NULL)
    return NULL;

  authority = OSRGetAuthorityName (srs, NULL);
  code = OSRGetAuthorityCode (srs, NULL);
  if (authority != NULL && code != NULL && strcmp (authority, "EPSG") == 0)
    return g_strdup_printf ("EPSG:%s", code);
  if (g_strcmp0 (code, "CRS84") == 0)
    return g_strdup ("EPSG:4326");

  matches = OSRFindMatches (srs, NULL, &n, &confidence);
  if (n > 0 && confidence[0] >= 90)
    {
      code = OSRGetAuthorityCode (matches[0], NULL);
      if (code != NULL && g_strcmp0 (OSRGetAuthorityName (matches[0], NULL), "EPSG") == 0)
        text = g_strdup_printf ("EPSG:%s", code);
    }
  OSRFreeSRSArray (matches);
  CPLFree (confidence);
  if (text != NULL)
    return g_steal_pointer (&text);

  if (OSRExportToWktEx (srs, &wkt, (const char *[]) { "FORMAT=WKT2_2018", NULL }) == OGRERR_NONE)
    text = g_strdup (wkt);
  CPLFree (wkt);

  return g_steal_pointer (&text);
}

/* Whether x of the data is the north of the system. */
static gboolean
is_swapped (OGRSpatialReferenceH srs)
{
  const int *mapping;
  int n = 0;

  if (srs == NULL
      || (!OSREPSGTreatsAsLatLong (srs) && !OSREPSGTreatsAsNorthingEasting (srs)))
    return FALSE;
  mapping = OSRGetDataAxisToSRSAxisMapping (srs, &n);

  return n >= 2 && mapping[0] == 1 && mapping[1] == 2;
}

static const char *
name_type (OGRFieldDefnH field)
{
  switch ((int) OGR_Fld_GetType (field))
    {
    case OFTInteger:
      return OGR_Fld_GetSubType (field) == OFSTBoolean ? "boolean" : "integer";

    case OFTInteger64:
      return "integer";

    case OFTReal:
      return "real";

    case OFTDate:
      return "date";

    case OFTDateTime:
      return "datetime";

    default:
      return "string";
    }
}

static void
describe_layer (Layer     *layer,
                OGRLayerH  handle,
                gboolean   is_osm)
{
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn (handle);
  OGRSpatialReferenceH srs = OGR_L_GetSpatialRef (handle);
  AlmFeatureLayer *head = &layer->head;

  layer->other_tags = -1;
  layer->swap = is_swapped (srs);
  head->name = to_utf8 (OGR_L_GetName (handle));
  head->geometry = g_strdup (OGRGeometryTypeToName (wkbFlatten (OGR_L_GetGeomType (handle))));
  head->crs = describe_system (srs);
  head->count = is_osm ? -1 : (gint64) OGR_L_GetFeatureCount (handle, FALSE);
  head->fields = g_ptr_array_new_with_free_func (g_free);
  head->types = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < OGR_FD_GetFieldCount (definition); i++)
    {
      OGRFieldDefnH field = OGR_FD_GetFieldDefn (definition, i);

      g_ptr_array_add (head->fields, to_utf8 (OGR_Fld_GetNameRef (field)));
      g_ptr_array_add (head->types, g_strdup (name_type (field)));
      if (is_osm && strcmp (OGR_Fld_GetNameRef (field), "other_tags") == 0)
        layer->other_tags = i;
    }
  for (guint i = 0; layer->other_tags >= 0 && i < G_N_ELEMENTS (osm_tags); i++)
    {
      g_ptr_array_add (head->fields, g_strdup (osm_tags[i]));
      g_ptr_array_add (head->types, g_strdup ("string"));
    }
}

static void
append_text (GString    *out,
             const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : to_utf8 (text);

  if (valid != NULL)
    text = valid;
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      {
        g_string_append_c (out, '\\');
        g_string_append_c (out, *text);
      }
    else if ((guint8) *text < 0x20)
      g_string_append_printf (out, "\\u%04x", *text);
    else
      g_string_append_c (out, *text);
  g_string_append_c (out, '"');
}

static void
append_time (GString     *out,
             OGRFeatureH  feature,
             int          index,
             gboolean     with_time)
{
  int year, month, day, hour, minute, zone;
  float second;

  if (!OGR_F_GetFieldAsDateTimeEx (feature, index, &year, &month, &day, &hour, &minute, &second,
                                   &zone))
    g_string_append (out, "null");
  else if (!with_time)
    g_string_append_printf (out, "\"%04d-%02d-%02d\"", year, month, day);
  else
    g_string_append_printf (out, "\"%04d-%02d-%02dT%02d:%02d:%02d%s\"", year, month, day, hour,
                            minute, (int) second, zone == 100 ? "Z" : "");
}

static void
append_value (GString     *out,
              OGRFeatureH  feature,
              int          index)
{
  OGRFieldDefnH field = OGR_F_GetFieldDefnRef (feature, index);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!OGR_F_IsFieldSetAndNotNull (feature, index))
    {
      g_string_append (out, "null");
      return;
    }

  switch ((int) OGR_Fld_GetType (field))
    {
    case OFTInteger:
      if (OGR_Fld_GetSubType (field) == OFSTBoolean)
        g_string_append (out, OGR_F_GetFieldAsInteger (feature, index) ? "true" : "false");
      else
        g_string_append_printf (out, "%d", OGR_F_GetFieldAsInteger (feature, index));
      break;

    case OFTInteger64:
      {
        gint64 value = OGR_F_GetFieldAsInteger64 (feature, index);

        /* Over 2^53 only a text keeps all digits. */
        g_string_append_printf (out, ABS (value) > ALM_VALUE_INTEGER_MAX
                                     ? "\"%" G_GINT64_FORMAT "\"" : "%" G_GINT64_FORMAT, value);
        break;
      }

    case OFTReal:
      {
        double value = OGR_F_GetFieldAsDouble (feature, index);

        g_string_append (out, isfinite (value) ? g_ascii_formatd (number, sizeof number, "%.15g",
                                                                  value) : "null");
        break;
      }

    case OFTDate:
    case OFTDateTime:
      append_time (out, feature, index, OGR_Fld_GetType (field) == OFTDateTime);
      break;

    default:
      append_text (out, OGR_F_GetFieldAsString (feature, index));
    }
}

/* The value of a key in GDAL's `"key"=>"value","key"=>"value"`; NULL = none. */
static char *
find_tag (const char *tags,
          const char *key)
{
  g_autofree char *wanted = g_strdup_printf ("\"%s\"=>\"", key);
  const char *found = strstr (tags, wanted);
  g_autoptr (GString) value = NULL;

  while (found != NULL && found != tags && found[-1] != ',')
    found = strstr (found + 1, wanted);
  if (found == NULL)
    return NULL;

  value = g_string_new (NULL);
  for (found += strlen (wanted); *found != '\0' && *found != '"'; found++)
    {
      if (*found == '\\' && found[1] != '\0')
        found++;
      g_string_append_c (value, *found);
    }

  return g_strdup (value->str);
}

static void
append_geometry (GString     *out,
                 Layer       *layer,
                 OGRFeatureH  feature)
{
  OGRGeometryH geometry = OGR_F_GetGeometryRef (feature);
  OGRGeometryH straight = NULL;
  g_autofree guint8 *wkb = NULL;
  g_autofree char *text = NULL;
  int length;

  if (geometry == NULL || OGR_G_IsEmpty (geometry))
    {
      g_string_append (out, "null");
      return;
    }

  OGR_G_FlattenTo2D (geometry);
  if (layer->swap)
    OGR_G_SwapXY (geometry);
  if (OGR_G_HasCurveGeometry (geometry, FALSE))
    geometry = straight = OGR_G_GetLinearGeometry (geometry, 0, NULL);

  length = OGR_G_WkbSize (geometry);
  wkb = g_malloc ((gsize) length);
  OGR_G_ExportToIsoWkb (geometry, wkbNDR, wkb);
  text = g_base64_encode (wkb, (gsize) length);
  g_string_append_printf (out, "\"%s\"", text);
  OGR_G_DestroyGeometry (straight);
}

static void
append_feature (GString     *out,
                Layer       *layer,
                guint        index,
                OGRFeatureH  feature)
{
  int n = OGR_F_GetFieldCount (feature);

  g_string_append (out, "{\"g\":");
  append_geometry (out, layer, feature);
  g_string_append_printf (out, ",\"l\":%u,\"n\":%" G_GINT64_FORMAT ",\"v\":[", index,
                          ++layer->n);
  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_value (out, feature, i);
    }
  for (guint i = 0; layer->other_tags >= 0 && i < G_N_ELEMENTS (osm_tags); i++)
    {
      const char *tags = OGR_F_GetFieldAsString (feature, layer->other_tags);
      g_autofree char *value = find_tag (tags, osm_tags[i]);

      g_string_append_c (out, ',');
      if (value == NULL)
        g_string_append (out, "null");
      else
        append_text (out, value);
    }
  g_string_append (out, "]}\n");
}

static gboolean
put_out (GString  *out,
         GError  **error)
{
  gsize written = fwrite (out->str, 1, out->len, stdout);

  if (written != out->len || fflush (stdout) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write: %s",
                   g_strerror (errno));
      return FALSE;
    }
  g_string_truncate (out, 0);

  return TRUE;
}

static gboolean
is_driver (GDALDatasetH  dataset,
           const char   *name)
{
  return strcmp (GDALGetDriverShortName (GDALGetDatasetDriver (dataset)), name) == 0;
}

static guint
count_name (GArray     *layers,
            const char *name)
{
  guint n = 0;

  for (guint i = 0; i < layers->len; i++)
    n += strcmp (g_array_index (layers, Layer, i).head.name, name) == 0;

  return n;
}

/* Two folders of an archive may hold a "trees.shp" each: then "2023/trees". */
static void
name_by_entry (Layer      *layer,
               const char *path)
{
  const char *entry = strstr (path, "}/");

  if (entry == NULL)
    return;

  g_free (layer->head.name);
  layer->head.name = to_utf8 (entry + 2);
  if (strrchr (layer->head.name, '.') != NULL)
    *strrchr (layer->head.name, '.') = '\0';
}

/* What one chooses by must be one of its kind. */
static void
tell_apart (GArray          *layers,
            AlmHelperSource *source)
{
  for (guint i = 0; i < layers->len; i++)
    {
      Layer *layer = &g_array_index (layers, Layer, i);

      layer->is_twin = count_name (layers, layer->head.name) > 1;
    }
  for (guint i = 0; i < layers->len; i++)
    {
      Layer *layer = &g_array_index (layers, Layer, i);

      if (layer->is_twin)
        name_by_entry (layer, source->paths->pdata[layer->path]);
    }
  for (guint i = layers->len; i-- > 0;)
    {
      Layer *layer = &g_array_index (layers, Layer, i);
      g_autofree char *name = g_strdup (layer->head.name);

      for (guint n = count_name (layers, name); count_name (layers, layer->head.name) > 1; n++)
        {
          g_free (layer->head.name);
          layer->head.name = g_strdup_printf ("%s (%u)", name, n);
        }
    }
}

/* All layers there are, so that whoever asks can choose another one.  NULL: one of
 * the files is broken. */
static GArray *
describe_layers (AlmHelperSource  *source,
                 GError          **error)
{
  g_autoptr (GArray) layers = g_array_new (FALSE, TRUE, sizeof (Layer));

  g_array_set_clear_func (layers, (GDestroyNotify) clear_layer);
  for (guint i = 0; i < source->paths->len; i++)
    {
      GDALDatasetH dataset = alm_helper_source_get (source, i, error);

      if (dataset == NULL)
        return NULL;
      for (int k = 0; k < GDALDatasetGetLayerCount (dataset); k++)
        {
          OGRLayerH handle = GDALDatasetGetLayer (dataset, k);
          Layer layer = { .path = i, .number = k };

          describe_layer (&layer, handle, is_driver (dataset, "OSM"));
          g_array_append_val (layers, layer);
        }
    }
  tell_apart (layers, source);

  return g_steal_pointer (&layers);
}

/* @name: NULL = all.  FALSE: there is none of that name. */
static gboolean
want_layers (GArray     *layers,
             const char *name)
{
  gboolean found = FALSE;

  for (guint i = 0; i < layers->len; i++)
    {
      Layer *layer = &g_array_index (layers, Layer, i);

      layer->wanted = name == NULL || strcmp (layer->head.name, name) == 0;
      found |= layer->wanted;
    }

  return found;
}

/* Gives the wanted layers of one dataset their handles; FALSE: there is none. */
static gboolean
attach_layers (GArray       *layers,
               GDALDatasetH  dataset,
               guint         path)
{
  gboolean wanted = FALSE;

  for (guint i = 0; i < layers->len; i++)
    {
      Layer *layer = &g_array_index (layers, Layer, i);

      layer->handle = layer->wanted && layer->path == path
                      ? GDALDatasetGetLayer (dataset, layer->number) : NULL;
      wanted |= layer->handle != NULL;
    }

  return wanted;
}

static gboolean
has_wanted (GArray *layers,
            guint   path)
{
  for (guint i = 0; i < layers->len; i++)
    if (g_array_index (layers, Layer, i).wanted && g_array_index (layers, Layer, i).path == path)
      return TRUE;

  return FALSE;
}

static Layer *
find_layer (GArray    *layers,
            OGRLayerH  handle,
            guint     *index)
{
  if (*index < layers->len && g_array_index (layers, Layer, *index).handle == handle)
    return &g_array_index (layers, Layer, *index);
  for (guint i = 0; i < layers->len; i++)
    if (g_array_index (layers, Layer, i).handle == handle)
      {
        *index = i;
        return &g_array_index (layers, Layer, i);
      }

  return NULL;
}

static gboolean
read_dataset (GDALDatasetH   dataset,
              GArray        *layers,
              GString       *out,
              gint64        *rows,
              GError       **error)
{
  g_autofree char *failure = NULL;
  OGRLayerH handle = NULL;
  OGRFeatureH feature;
  guint index = 0;

  GDALDatasetResetReading (dataset);
  while ((feature = GDALDatasetGetNextFeature (dataset, &handle, NULL, NULL, NULL)) != NULL)
    {
      Layer *layer = find_layer (layers, handle, &index);

      if (layer != NULL)
        {
          append_feature (out, layer, index, feature);
          ++*rows;
        }
      OGR_F_Destroy (feature);
      if (out->len > FLUSH_AT && !put_out (out, error))
        return FALSE;
    }

  failure = alm_helper_take_failure ();
  if (failure != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("after %ld features: %s"),
                 (glong) *rows, failure);

  return failure == NULL;
}

static gboolean
read_features (AlmHelperSource  *source,
               GArray           *layers,
               gint64           *rows,
               GError          **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < source->paths->len; i++)
    {
      GDALDatasetH dataset;

      if (!has_wanted (layers, i))
        continue;
      dataset = alm_helper_source_get (source, i, error);
      if (dataset == NULL || !attach_layers (layers, dataset, i)
          || !read_dataset (dataset, layers, out, rows, error))
        return FALSE;
    }

  return put_out (out, error);
}

gboolean
alm_helper_read (const char  *path,
                 const char  *wanted,
                 GError     **error)
{
  g_auto (AlmHelperSource) source = { 0 };
  g_autoptr (GArray) layers = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree AlmFeatureLayer *heads = NULL;
  gint64 rows = 0;

  if (!alm_helper_open (path, &source, error))
    return FALSE;

  layers = describe_layers (&source, error);
  if (layers == NULL)
    return FALSE;
  if (!want_layers (layers, wanted))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("there is no layer \"%s\""),
                   wanted != NULL ? wanted : "");
      return FALSE;
    }

  heads = g_new (AlmFeatureLayer, layers->len);
  for (guint i = 0; i < layers->len; i++)
    heads[i] = g_array_index (layers, Layer, i).head;
  alm_feature_append_head (out, GDALGetDriverShortName (GDALGetDatasetDriver (source.open)),
                           heads, layers->len);
  if (!put_out (out, error) || !read_features (&source, layers, &rows, error))
    return FALSE;

  alm_feature_append_end (out, rows);

  return put_out (out, error);
}
