/* SPDX-License-Identifier: EUPL-1.2 */

/* A GeoJSON geometry of a body becomes what the spatial tables hold: a
 * GeoPackage blob in the city's system (OGC 12-128r18, clause 2.1.3), its box,
 * and one place in Web Mercator.
 *
 * Pure; any thread. */

#include "config.h"

#include "alm-place-private.h"

#include "alm-mercator.h"
#include "alm-shape.h"
#include "alm-utm.h"

#include <math.h>
#include <string.h>

enum { POINT = 1, LINE, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION };

/* One that nests deeper is none of ours. */
#define DEPTH_MAX 4

typedef struct
{
  AlmPlace     *place;
  int           crs;
  GByteArray   *wkb;
  AlmShapeType  shape;     /* the highest dimension met; its vertices are below */
  GArray       *xy;        /* (element-type double) pairs */
  GArray       *rings;     /* (element-type guint) */
} Reader;

static const char *const type_names[] = {
  NULL, "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
  "GeometryCollection",
};

static int
find_type (const AlmValue *geometry)
{
  const char *name = alm_value_is (geometry, ALM_VALUE_OBJECT)
                     ? alm_value_get_text_of (geometry, "type") : NULL;

  for (int i = POINT; name != NULL && i <= COLLECTION; i++)
    if (strcmp (name, type_names[i]) == 0)
      return i;

  return 0;
}

static void
put_u32 (GByteArray *out,
         guint32     number)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

static void
put_double (GByteArray *out,
            double      number)
{
  guint64 bits;

  memcpy (&bits, &number, sizeof bits);
  bits = GUINT64_TO_LE (bits);
  g_byte_array_append (out, (const guint8 *) &bits, sizeof bits);
}

static void
put_head (Reader *self,
          int     type)
{
  const guint8 little = 1;

  g_byte_array_append (self->wkb, &little, 1);
  put_u32 (self->wkb, (guint32) type);
}

static gboolean
read_position (Reader          *self,
               const AlmValue  *position,
               gboolean         keep)
{
  double lon, lat, east, north, xy[2];

  if (position == NULL || !alm_value_is (position, ALM_VALUE_LIST)
      || alm_value_get_size (position) < 2
      || !alm_value_is_number (alm_value_get_item (position, 0))
      || !alm_value_is_number (alm_value_get_item (position, 1)))
    return FALSE;

  lon = alm_value_get_double (alm_value_get_item (position, 0));
  lat = alm_value_get_double (alm_value_get_item (position, 1));
  if (!(fabs (lon) <= 180) || !(fabs (lat) <= 90))
    return FALSE;

  alm_utm_from_lonlat (self->crs, lon, lat, &east, &north);
  if (!isfinite (east) || !isfinite (north))
    return FALSE;

  self->place->e0 = fmin (self->place->e0, east);
  self->place->e1 = fmax (self->place->e1, east);
  self->place->n0 = fmin (self->place->n0, north);
  self->place->n1 = fmax (self->place->n1, north);
  put_double (self->wkb, east);
  put_double (self->wkb, north);

  if (keep)
    {
      alm_mercator_from_lon_lat (lon, lat, &xy[0], &xy[1]);
      g_array_append_vals (self->xy, xy, 2);
    }

  return TRUE;
}

static gboolean
read_positions (Reader          *self,
                const AlmValue  *list,
                guint            least,
                gboolean         keep)
{
  guint n = list != NULL && alm_value_is (list, ALM_VALUE_LIST) ? alm_value_get_size (list) : 0;
  guint start = self->xy->len / 2;

  if (n < least)
    return FALSE;

  if (keep)
    g_array_append_val (self->rings, start);
  put_u32 (self->wkb, n);
  for (guint i = 0; i < n; i++)
    if (!read_position (self, alm_value_get_item (list, i), keep))
      return FALSE;

  return TRUE;
}

/* Are vertices of @shape wanted for the one place?  A higher dimension drops
 * what was met before. */
static gboolean
wants (Reader       *self,
       AlmShapeType  shape)
{
  if (shape > self->shape)
    {
      g_array_set_size (self->xy, 0);
      g_array_set_size (self->rings, 0);
      self->shape = shape;
    }

  return shape == self->shape;
}

static gboolean
read_rings (Reader          *self,
            const AlmValue  *rings)
{
  gboolean keep = wants (self, ALM_SHAPE_POLYGON);
  guint n = rings != NULL && alm_value_is (rings, ALM_VALUE_LIST) ? alm_value_get_size (rings) : 0;

  if (n == 0)
    return FALSE;

  put_u32 (self->wkb, n);
  for (guint i = 0; i < n; i++)
    if (!read_positions (self, alm_value_get_item (rings, i), 4, keep))
      return FALSE;

  return TRUE;
}

static gboolean
read_simple (Reader          *self,
             int              type,
             const AlmValue  *coordinates)
{
  put_head (self, type);

  switch (type)
    {
    case POINT:
      return read_position (self, coordinates, wants (self, ALM_SHAPE_POINT));

    case LINE:
      return read_positions (self, coordinates, 2, wants (self, ALM_SHAPE_LINE));

    default:
      return read_rings (self, coordinates);
    }
}

static gboolean
read_geometry (Reader          *self,
               const AlmValue  *geometry,
               guint            depth)
{
  int type = find_type (geometry);
  const AlmValue *parts;

  if (type == 0 || depth > DEPTH_MAX)
    return FALSE;

  parts = alm_value_get (geometry, type == COLLECTION ? "geometries" : "coordinates");
  if (parts == NULL || !alm_value_is (parts, ALM_VALUE_LIST) || alm_value_get_size (parts) == 0)
    return FALSE;

  if (type <= POLYGON)
    return read_simple (self, type, parts);

  put_head (self, type);
  put_u32 (self->wkb, alm_value_get_size (parts));
  for (guint i = 0; i < alm_value_get_size (parts); i++)
    {
      const AlmValue *part = alm_value_get_item (parts, i);

      if (type == COLLECTION ? !read_geometry (self, part, depth + 1)
                             : !read_simple (self, type - MULTI_POINT + POINT, part))
        return FALSE;
    }

  return TRUE;
}

/* Header with the box, but for a point, which needs none. */
static void
write_blob (Reader *self)
{
  AlmPlace *place = self->place;
  gboolean with_box = place->gtype != POINT;
  const guint8 head[4] = { 'G', 'P', 0, with_box ? 3 : 1 };   /* little-endian; box of four */

  place->geom = g_byte_array_sized_new (40 + self->wkb->len);
  g_byte_array_append (place->geom, head, sizeof head);
  put_u32 (place->geom, (guint32) self->crs);
  if (with_box)
    {
      put_double (place->geom, place->e0);
      put_double (place->geom, place->e1);
      put_double (place->geom, place->n0);
      put_double (place->geom, place->n1);
    }
  g_byte_array_append (place->geom, self->wkb->data, self->wkb->len);
}

/* FALSE: @geometry is no geometry that can be placed; nothing to clear then. */
gboolean
alm_place_read (AlmPlace        *self,
                const AlmValue  *geometry,
                int              crs)
{
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (GArray) xy = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) rings = g_array_new (FALSE, FALSE, sizeof (guint));
  Reader reader = { self, crs, wkb, ALM_SHAPE_POINT, xy, rings };
  double x, y;

  memset (self, 0, sizeof *self);
  self->e0 = self->n0 = INFINITY;
  self->e1 = self->n1 = -INFINITY;
  if (!read_geometry (&reader, geometry, 0))
    return FALSE;

  if (reader.shape == ALM_SHAPE_POINT)
    {
      x = g_array_index (xy, double, 0);
      y = g_array_index (xy, double, 1);
    }
  else
    alm_shape_find_anchor (reader.shape, (const double *) xy->data, xy->len / 2,
                           (const guint *) rings->data, rings->len, &x, &y);

  self->gtype = find_type (geometry);
  self->wx = alm_mercator_round (x);
  self->wy = alm_mercator_round (y);
  write_blob (&reader);

  return TRUE;
}

void
alm_place_clear (AlmPlace *self)
{
  g_clear_pointer (&self->geom, g_byte_array_unref);
}

static double
get_double (const guint8 *at)
{
  guint64 bits;
  double number;

  memcpy (&bits, at, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&number, &bits, sizeof number);

  return number;
}

/* FALSE: not as write_blob() has it. */
gboolean
alm_place_read_box (gconstpointer  geom,
                    gsize          length,
                    double         sides[4])
{
  const guint8 *bytes = geom;

  if (length < 8 + 32 || bytes[3] != 3)
    {
      if (length != 8 + 21 || bytes[3] != 1)
        return FALSE;
      sides[0] = sides[1] = get_double (bytes + 8 + 5);
      sides[2] = sides[3] = get_double (bytes + 8 + 13);
      return TRUE;
    }

  for (guint i = 0; i < 4; i++)
    sides[i] = get_double (bytes + 8 + 8 * i);

  return TRUE;
}

/* Place on Hilbert's curve, in cells of 16 m: neighbours in that order share
 * nodes of the R*Tree.  It repeats every 1,049 km, which costs order only. */
guint32
alm_place_hilbert (double east,
                   double north)
{
  const guint32 side = 1u << 16;
  guint32 x = (guint32) (gint64) floor (east / 16.0) & (side - 1);
  guint32 y = (guint32) (gint64) floor (north / 16.0) & (side - 1);
  guint32 place = 0;

  for (guint32 s = side / 2; s > 0; s /= 2)
    {
      guint32 rx = (x & s) > 0;
      guint32 ry = (y & s) > 0;

      place += s * s * ((3 * rx) ^ ry);
      if (ry == 0)
        {
          guint32 swap;

          if (rx == 1)
            {
              x = side - 1 - x;
              y = side - 1 - y;
            }
          swap = x;
          x = y;
          y = swap;
        }
    }

  return place;
}
