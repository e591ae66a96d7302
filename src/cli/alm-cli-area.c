/* SPDX-License-Identifier: EUPL-1.2 */

/* The area of a grant from a file, as a GIS writes it: a GeoJSON geometry, a Feature
 * or a FeatureCollection of polygons, which become one. */

#include "config.h"

#include "alm-cli-admin.h"

#include "alm-cli-desk.h"
#include "alm-json.h"

/* Appends the coordinates of each polygon to @polygons. */
static gboolean
collect_polygons (const AlmValue  *value,
                  AlmValue        *polygons,
                  GError         **error)
{
  const char *type = alm_value_get_text_of (value, "type");
  const AlmValue *features = alm_value_get (value, "features");
  AlmValue *coordinates = alm_value_get (value, "coordinates");

  if (g_strcmp0 (type, "Feature") == 0)
    return collect_polygons (alm_value_get (value, "geometry"), polygons, error);
  if (g_strcmp0 (type, "FeatureCollection") == 0)
    {
      for (guint i = 0; i < alm_value_get_size (features); i++)
        if (!collect_polygons (alm_value_get_item (features, i), polygons, error))
          return FALSE;
      return TRUE;
    }

  if (g_strcmp0 (type, "Polygon") == 0 && coordinates != NULL)
    alm_value_append (polygons, alm_value_ref (coordinates));
  else if (g_strcmp0 (type, "MultiPolygon") == 0 && alm_value_is (coordinates, ALM_VALUE_LIST))
    for (guint i = 0; i < alm_value_get_size (coordinates); i++)
      alm_value_append (polygons, alm_value_ref (alm_value_get_item (coordinates, i)));
  else
    return alm_cli_refuse (error, "an area is made of polygons (GeoJSON), not of '%s'",
                           type != NULL ? type : "something else");

  return TRUE;
}

AlmValue *
alm_cli_read_area (const char  *path,
                   GError     **error)
{
  g_autoptr (AlmValue) polygons = alm_value_new_list ();
  g_autoptr (AlmValue) value = NULL;
  g_autofree char *text = NULL;
  gboolean one;
  AlmValue *area;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error)
      || (value = alm_json_parse (text, (gssize) length, NULL, error)) == NULL
      || !collect_polygons (value, polygons, error))
    return NULL;
  if (alm_value_get_size (polygons) == 0)
    {
      alm_cli_refuse (error, "there is no polygon in it");
      return NULL;
    }

  one = alm_value_get_size (polygons) == 1;
  area = alm_value_new_object ();
  alm_value_set_text (area, "type", one ? "Polygon" : "MultiPolygon");
  alm_value_set (area, "coordinates",
                 alm_value_ref (one ? alm_value_get_item (polygons, 0) : polygons));

  return area;
}
