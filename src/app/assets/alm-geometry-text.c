/* SPDX-License-Identifier: EUPL-1.2 */

/* Places in words.  Pure functions; any thread. */

#include "config.h"

#include "alm-geometry-text.h"

#include "alm-utm.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  double w, s, e, n;
} Box;

static void
grow_box (const AlmValue *coordinates,
          Box            *box)
{
  if (alm_value_get_size (coordinates) >= 2 &&
      alm_value_is_number (alm_value_get_item (coordinates, 0)))
    {
      double lon = alm_value_get_double (alm_value_get_item (coordinates, 0));
      double lat = alm_value_get_double (alm_value_get_item (coordinates, 1));

      box->w = fmin (box->w, lon);
      box->e = fmax (box->e, lon);
      box->s = fmin (box->s, lat);
      box->n = fmax (box->n, lat);
      return;
    }
  for (guint i = 0; i < alm_value_get_size (coordinates); i++)
    {
      AlmValue *item = alm_value_get_item (coordinates, i);

      if (alm_value_is (item, ALM_VALUE_LIST))
        grow_box (item, box);
    }
}

gboolean
alm_geometry_text_find_middle (const AlmValue *geometry,
                               double         *lon,
                               double         *lat)
{
  Box box = { INFINITY, INFINITY, -INFINITY, -INFINITY };
  AlmValue *coordinates;

  g_return_val_if_fail (lon != NULL && lat != NULL, FALSE);

  if (geometry == NULL || !alm_value_is (geometry, ALM_VALUE_OBJECT))
    return FALSE;
  coordinates = alm_value_get (geometry, "coordinates");
  if (coordinates == NULL || !alm_value_is (coordinates, ALM_VALUE_LIST))
    return FALSE;

  grow_box (coordinates, &box);
  if (box.w > box.e)
    return FALSE;
  *lon = (box.w + box.e) / 2;
  *lat = (box.s + box.n) / 2;

  return TRUE;
}

char *
alm_geometry_text_show (double lon,
                        double lat)
{
  int epsg = alm_utm_choose (lon);
  double east, north;

  alm_utm_from_lonlat (epsg, lon, lat, &east, &north);

  /* Translators: easting and northing in metres, the zone; then latitude and
   * longitude in degrees.  Digits follow the locale. */
  return g_strdup_printf (_("E %.2f  N %.2f\n(ETRS89/UTM %d)\n%.6f° N, %.6f° E"),
                          east, north, epsg - 25800, lat, lon);
}
