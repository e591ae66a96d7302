/* SPDX-License-Identifier: EUPL-1.2 */

/* From the town's metres and years to the values of records. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>

static AlmValue *
position (AlmSpot spot)
{
  AlmValue *pair = alm_value_new_list ();
  double lon, lat;

  alm_town_spot_to_lonlat (spot, &lon, &lat);
  alm_value_append (pair, alm_value_new_double (lon));
  alm_value_append (pair, alm_value_new_double (lat));

  return pair;
}

static AlmValue *
geometry (const char *type,
          AlmValue   *coordinates)
{
  AlmValue *value = alm_value_new_object ();

  alm_value_set (value, "coordinates", coordinates);
  alm_value_set_text (value, "type", type);

  return value;
}

AlmValue *
alm_town_point_value (AlmSpot spot)
{
  return geometry ("Point", position (spot));
}

AlmValue *
alm_town_line_value (const AlmPath *path)
{
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; i < path->n; i++)
    alm_value_append (list, position (path->at[i]));

  return geometry ("LineString", list);
}

/* A closed ring, counter-clockwise or not. */
static AlmValue *
ring (const AlmPath *path,
      gboolean       counter_clockwise)
{
  AlmValue *list = alm_value_new_list ();
  gboolean turn = (alm_path_area (path) > 0) != counter_clockwise;

  for (guint i = 0; i <= path->n; i++)
    alm_value_append (list, position (path->at[turn ? (path->n - i) % path->n : i % path->n]));

  return list;
}

/* Outer ring counter-clockwise, hole clockwise; @hole may be NULL or empty. */
AlmValue *
alm_town_polygon_value (const AlmPath *outline,
                        const AlmPath *hole)
{
  AlmValue *rings = alm_value_new_list ();

  alm_value_append (rings, ring (outline, TRUE));
  if (hole != NULL && hole->n > 2)
    alm_value_append (rings, ring (hole, FALSE));

  return geometry ("Polygon", rings);
}

/* EDTF: "1911", or "1911~" for about. */
void
alm_town_set_year (AlmValue   *fields,
                   const char *name,
                   int         year,
                   gboolean    about)
{
  char text[16];

  g_assert (year > 0 && year < 2100);

  g_snprintf (text, sizeof text, "%04d%s", year, about ? "~" : "");
  alm_value_set_text (fields, name, text);
}

/* A day that many days before the town's today; counted from 2000-03-01, so
 * that the leap day ends the year. */
void
alm_town_set_day (AlmValue   *fields,
                  const char *name,
                  int         days_ago)
{
  const int today = 26 * 365 + 6 + 136;     /* 2026-07-15 */
  int day = today - days_ago;
  int era, of_year, month, year;
  char text[32];

  g_assert (day >= 0);

  era = day / 1461;
  day -= era * 1461;
  year = MIN (3, day / 365);
  of_year = day - year * 365;
  month = (5 * of_year + 2) / 153;
  g_snprintf (text, sizeof text, "%04d-%02d-%02d",
              2000 + era * 4 + year + (month >= 10 ? 1 : 0),
              month < 10 ? month + 3 : month - 9,
              of_year - (153 * month + 2) / 5 + 1);
  alm_value_set_text (fields, name, text);
}
