/* SPDX-License-Identifier: EUPL-1.2 */

/* A stream of features on standard input to one file.  A stream that does not
 * come to its end leaves no file behind. */

#include "config.h"

#include "alm-feature-stream.h"
#include "alm-helper-private.h"

#include <cpl_vsi.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

static const char *const drivers[] = { "GPKG", NULL };

static OGRFieldType
find_type (const char *name)
{
  static const struct { const char *name; OGRFieldType type; } types[] = {
    { "integer", OFTInteger64 }, { "real", OFTReal }, { "boolean", OFTInteger },
    { "date", OFTDate }, { "datetime", OFTDateTime },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, name) == 0)
      return types[i].type;

  return OFTString;
}

static OGRwkbGeometryType
find_geometry (const char *name)
{
  for (OGRwkbGeometryType type = wkbPoint; type <= wkbGeometryCollection; type++)
    {
      g_autofree char *known = g_strdup (OGRGeometryTypeToName (type));
      g_auto (GStrv) words = g_strsplit (known, " ", -1);
      g_autofree char *joined = g_strjoinv ("", words);

      if (g_ascii_strcasecmp (joined, name) == 0)
        return type;
    }

  return g_ascii_strcasecmp (name, "None") == 0 ? wkbNone : wkbUnknown;
}

static OGRLayerH
make_layer (GDALDatasetH           dataset,
            const AlmFeatureLayer *head)
{
  OGRSpatialReferenceH srs = NULL;
  OGRLayerH layer;

  if (head->crs != NULL)
    {
      srs = OSRNewSpatialReference (NULL);
      if (OSRSetFromUserInput (srs, head->crs) == OGRERR_NONE)
        OSRSetAxisMappingStrategy (srs, OAMS_TRADITIONAL_GIS_ORDER);
    }
  layer = GDALDatasetCreateLayer (dataset, head->name, srs, find_geometry (head->geometry), NULL);
  if (srs != NULL)
    OSRRelease (srs);

  for (guint i = 0; layer != NULL && i < head->fields->len; i++)
    {
      OGRFieldDefnH field = OGR_Fld_Create (head->fields->pdata[i],
                                            find_type (head->types->pdata[i]));

      if (strcmp (head->types->pdata[i], "boolean") == 0)
        OGR_Fld_SetSubType (field, OFSTBoolean);
      if (OGR_L_CreateField (layer, field, FALSE) != OGRERR_NONE)
        layer = NULL;
      OGR_Fld_Destroy (field);
    }

  return layer;
}

static void
set_value (OGRFeatureH     feature,
           int             index,
           const AlmValue *value)
{
  switch (alm_value_get_type (value))
    {
    case ALM_VALUE_NULL:
      OGR_F_SetFieldNull (feature, index);
      break;

    case ALM_VALUE_BOOLEAN:
      OGR_F_SetFieldInteger (feature, index, alm_value_get_boolean (value));
      break;

    case ALM_VALUE_INTEGER:
      OGR_F_SetFieldInteger64 (feature, index, alm_value_get_integer (value));
      break;

    case ALM_VALUE_DOUBLE:
      OGR_F_SetFieldDouble (feature, index, alm_value_get_double (value));
      break;

    case ALM_VALUE_TEXT:
      OGR_F_SetFieldString (feature, index, alm_value_get_text (value));
      break;

    case ALM_VALUE_LIST:
    case ALM_VALUE_OBJECT:
    default:
      {
        g_autofree char *text = alm_value_to_text (value);

        OGR_F_SetFieldString (feature, index, text);
      }
    }
}

static gboolean
write_row (OGRLayerH         layer,
           const AlmFeature *row)
{
  OGRFeatureH feature = OGR_F_Create (OGR_L_GetLayerDefn (layer));
  gboolean fine = TRUE;

  for (guint i = 0; i < alm_value_get_size (row->values); i++)
    set_value (feature, (int) i, alm_value_get_item (row->values, i));
  if (row->wkb != NULL)
    {
      OGRGeometryH geometry = NULL;

      fine = OGR_G_CreateFromWkb (row->wkb, NULL, &geometry, (int) row->wkb_length)
             == OGRERR_NONE;
      if (fine)
        OGR_F_SetGeometryDirectly (feature, geometry);
    }
  fine = fine && OGR_L_CreateFeature (layer, feature) == OGRERR_NONE;
  OGR_F_Destroy (feature);

  return fine;
}

static gboolean
refuse (GError    **error,
        const char *what)
{
  g_autofree char *failure = alm_helper_take_failure ();

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s%s%s", what,
               failure != NULL ? ": " : "", failure != NULL ? failure : "");

  return FALSE;
}

static gboolean
write_stream (GDALDatasetH      dataset,
              AlmFeatureStream *stream,
              GError          **error)
{
  g_autofree OGRLayerH *layers = NULL;
  g_autofree char *line = NULL;
  gsize room = 0;
  gssize length;

  while ((length = getline (&line, &room, stdin)) > 0)
    {
      g_auto (AlmFeature) row = { 0 };
      guint n_layers;

      if (line[length - 1] == '\n')
        length--;
      switch (alm_feature_stream_take (stream, line, (gsize) length, &row, error))
        {
        case ALM_FEATURE_HEAD:
          n_layers = alm_feature_stream_get_n_layers (stream);
          layers = g_new0 (OGRLayerH, n_layers + 1);
          for (guint i = 0; i < n_layers; i++)
            if ((layers[i] = make_layer (dataset, alm_feature_stream_get_layer (stream, i)))
                == NULL)
              return refuse (error, "cannot make a layer");
          break;

        case ALM_FEATURE_ROW:
          if (!write_row (layers[row.layer], &row))
            return refuse (error, "cannot write a feature");
          break;

        case ALM_FEATURE_END:
          break;

        case ALM_FEATURE_NONE:
        default:
          return FALSE;
        }
    }

  return alm_feature_stream_finish (stream, error);
}

gboolean
alm_helper_write (const char  *driver,
                  const char  *path,
                  GError     **error)
{
  g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
  GDALDriverH handle = g_strv_contains (drivers, driver) ? GDALGetDriverByName (driver) : NULL;
  GDALDatasetH dataset;
  gboolean fine;

  if (handle == NULL)
    return refuse (error, "a format that is not written here");
  if (g_str_has_prefix (path, "/vsi") || !g_path_is_absolute (path)
      || g_file_test (path, G_FILE_TEST_EXISTS))
    return refuse (error, "not the full path of a new file");

  dataset = GDALCreate (handle, path, 0, 0, 0, GDT_Unknown, NULL);
  if (dataset == NULL)
    return refuse (error, "cannot make the file");

  fine = GDALDatasetStartTransaction (dataset, FALSE) == OGRERR_NONE
         && write_stream (dataset, stream, error);
  if (fine && GDALDatasetCommitTransaction (dataset) != OGRERR_NONE)
    fine = refuse (error, "cannot write the file");
  GDALClose (dataset);

  if (!fine)
    VSIUnlink (path);
  if (!fine && error != NULL && *error == NULL)
    refuse (error, "cannot write the file");

  return fine;
}
