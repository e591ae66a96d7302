/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a value is a GeoJSON geometry (RFC 7946) in longitude and latitude:
 * exactly the members it has to have, finite positions on the globe, lines of
 * two positions at least, closed rings with three different ones, no empty parts.
 *
 * Whether a ring crosses itself is the business of GEOS, not of this check.
 * Pure; any thread.  Collections do not nest, so the recursion ends. */

#include "config.h"

#include "alm-geometry-check.h"

#include "alm-model-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;       /* as in GeoJSON */
  const char *format;     /* as in "geometry-…" */
  guint       depth;      /* lists around a position */
  guint       least;      /* positions in the innermost list */
  gboolean    closed;     /* the innermost list is a ring */
} Shape;

static const Shape shapes[] = {
  { "Point", "point", 0, 0, FALSE },
  { "MultiPoint", "multipoint", 1, 1, FALSE },
  { "LineString", "linestring", 1, 2, FALSE },
  { "MultiLineString", "multilinestring", 2, 2, FALSE },
  { "Polygon", "polygon", 2, 4, TRUE },
  { "MultiPolygon", "multipolygon", 3, 4, TRUE },
};

static gboolean
check_position (const AlmValue  *position,
                char           **reason)
{
  double lon, lat;

  if (!alm_value_is (position, ALM_VALUE_LIST) || alm_value_get_size (position) < 2
      || alm_value_get_size (position) > 3)
    return alm_model_refuse (reason, "a position is a list of two or three numbers");

  for (guint i = 0; i < alm_value_get_size (position); i++)
    if (!alm_value_is_number (alm_value_get_item (position, i)))
      return alm_model_refuse (reason, "a position is a list of two or three numbers");

  lon = alm_value_get_double (alm_value_get_item (position, 0));
  lat = alm_value_get_double (alm_value_get_item (position, 1));
  if (!(fabs (lon) <= 180 && fabs (lat) <= 90))
    return alm_model_refuse (reason,
                             "position [%.10g, %.10g] is not on the globe (longitude, latitude)",
                             lon, lat);

  return TRUE;
}

/* Two positions in the plane are one if their first two numbers are. */
static gboolean
same_position (const AlmValue *a,
               const AlmValue *b)
{
  return alm_value_equal (alm_value_get_item (a, 0), alm_value_get_item (b, 0))
         && alm_value_equal (alm_value_get_item (a, 1), alm_value_get_item (b, 1));
}

static gboolean
check_ring (const AlmValue  *ring,
            char           **reason)
{
  guint size = alm_value_get_size (ring);
  const AlmValue *first = alm_value_get_item (ring, 0);
  const AlmValue *second = NULL;

  if (!alm_value_equal (first, alm_value_get_item (ring, size - 1)))
    return alm_model_refuse (reason, "a ring has to end where it begins");

  for (guint i = 1; i + 1 < size; i++)
    {
      const AlmValue *position = alm_value_get_item (ring, i);

      if (same_position (position, first))
        continue;
      if (second == NULL)
        second = position;
      else if (!same_position (position, second))
        return TRUE;
    }

  return alm_model_refuse (reason, "a ring has fewer than three different positions");
}

static gboolean
check_coordinates (const Shape     *shape,
                   guint            depth,
                   const AlmValue  *value,
                   char           **reason)
{
  if (depth == 0)
    return check_position (value, reason);

  if (!alm_value_is (value, ALM_VALUE_LIST))
    return alm_model_refuse (reason, "coordinates of a %s are lists, %u deep", shape->name,
                             shape->depth);
  if (alm_value_get_size (value) < (depth == 1 ? shape->least : 1))
    return depth > 1 ? alm_model_refuse (reason, "empty coordinates")
                     : alm_model_refuse (reason, "%s has %u positions, at least %u are needed",
                                         shape->closed ? "a ring" : shape->name,
                                         alm_value_get_size (value), shape->least);

  for (guint i = 0; i < alm_value_get_size (value); i++)
    if (!check_coordinates (shape, depth - 1, alm_value_get_item (value, i), reason))
      return FALSE;

  return depth != 1 || !shape->closed || check_ring (value, reason);
}

static gboolean
is_allowed (const char *format,
            const char *name)
{
  gsize length = strlen (name);

  if (strcmp (format, "any") == 0)
    return TRUE;

  /* "point", or one side of "point-or-multipoint" */
  return (strncmp (format, name, length) == 0
          && (format[length] == '\0' || g_str_has_prefix (format + length, "-or-")))
         || (strstr (format, "-or-") != NULL
             && strcmp (strstr (format, "-or-") + strlen ("-or-"), name) == 0);
}

static gboolean
check_shape (const AlmValue  *value,
             const char      *format,
             char           **reason)
{
  const char *type = alm_value_get_text_of (value, "type");
  const AlmValue *coordinates = alm_value_get (value, "coordinates");

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (g_strcmp0 (shapes[i].name, type) == 0)
      {
        if (!is_allowed (format, shapes[i].format))
          return alm_model_refuse (reason, "a %s is not allowed here", type);
        if (coordinates == NULL || alm_value_get_size (value) != 2)
          return alm_model_refuse (reason,
                                   "a %s has the members type and coordinates and no others", type);
        return check_coordinates (&shapes[i], shapes[i].depth, coordinates, reason);
      }

  return alm_model_refuse (reason, "\"%s\" is no type of geometry", type != NULL ? type : "");
}

gboolean
alm_geometry_check (const char      *format,
                    const AlmValue  *value,
                    char           **reason)
{
  const AlmValue *parts = alm_value_get (value, "geometries");
  const char *name;

  g_return_val_if_fail (g_str_has_prefix (format, "geometry-"), FALSE);

  name = format + strlen ("geometry-");
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    return alm_model_refuse (reason, "a geometry is an object");
  if (g_strcmp0 (alm_value_get_text_of (value, "type"), "GeometryCollection") != 0)
    return check_shape (value, name, reason);

  if (!is_allowed (name, "geometrycollection"))
    return alm_model_refuse (reason, "a GeometryCollection is not allowed here");
  if (alm_value_get_size (value) != 2 || !alm_value_is (parts, ALM_VALUE_LIST)
      || alm_value_get_size (parts) == 0)
    return alm_model_refuse (reason, "a GeometryCollection has the members type and geometries");

  for (guint i = 0; i < alm_value_get_size (parts); i++)
    if (!check_shape (alm_value_get_item (parts, i), "any", reason))
      return FALSE;

  return TRUE;
}
