/* SPDX-License-Identifier: EUPL-1.2 */

/* Well-known binary (OGC 06-103r4, in the form of ISO 19125) and GeoJSON
 * geometries, each made of the other.
 *
 * Invariants:
 *   1. A geometry that comes out has finite places only, lines of two and
 *      rings of four, with three different ones among them.
 *   2. Outer rings run counter-clockwise, inner ones clockwise (RFC 7946).
 *   3. No count of the input is believed before its bytes are there.
 * Pure; any thread. */

#include "config.h"

#include "alm-wkb.h"

#include "alm-format-error.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
  POINT = 1,
  LINE,
  POLYGON,
  MULTI_POINT,
  MULTI_LINE,
  MULTI_POLYGON,
  COLLECTION
};

static const char *const type_names[] = {
  NULL, "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
  "GeometryCollection",
};

#define DEPTH_MAX 8

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean      swap;
  guint         depth;
  AlmPlaceFunc  func;
  gpointer      user_data;
  GError      **error;
} Reader;

static gboolean
refuse (Reader     *self,
        const char *reason)
{
  if (self->error != NULL && *self->error == NULL)
    g_set_error_literal (self->error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE, reason);

  return FALSE;
}

static gboolean
read_u32 (Reader  *self,
          guint32 *value)
{
  if (self->end - self->at < 4)
    return refuse (self, "the geometry ends in the middle");

  memcpy (value, self->at, 4);
  self->at += 4;
  *value = self->swap ? GUINT32_FROM_BE (*value) : GUINT32_FROM_LE (*value);

  return TRUE;
}

static double
load_double (const guint8 *bytes,
             gboolean      swap)
{
  guint64 bits;
  double value;

  memcpy (&bits, bytes, 8);
  bits = swap ? GUINT64_FROM_BE (bits) : GUINT64_FROM_LE (bits);
  memcpy (&value, &bits, 8);

  return value;
}

/* Reads @n places, moves them; x and y as two arrays in one block. */
static double *
read_places (Reader *self,
             gsize   n)
{
  g_autofree double *places = NULL;

  if ((gsize) (self->end - self->at) / 16 < n)
    return refuse (self, "the geometry ends in the middle"), NULL;

  places = g_new (double, 2 * MAX (n, 1));
  for (gsize i = 0; i < n; i++, self->at += 16)
    {
      places[i] = load_double (self->at, self->swap);
      places[n + i] = load_double (self->at + 8, self->swap);
    }
  if (self->func != NULL)
    self->func (places, places + n, n, self->user_data);

  for (gsize i = 0; i < n; i++)
    {
      if (!(fabs (places[i]) <= 180.0) || !(fabs (places[n + i]) <= 90.0))
        return refuse (self, "a place that is none on the globe"), NULL;
      places[i] = round (places[i] * 1e9) / 1e9;
      places[n + i] = round (places[n + i] * 1e9) / 1e9;
    }

  return g_steal_pointer (&places);
}

static AlmValue *
make_position (double x,
               double y)
{
  AlmValue *position = alm_value_new_list ();

  alm_value_append (position, alm_value_new_double (x));
  alm_value_append (position, alm_value_new_double (y));

  return position;
}

static AlmValue *
make_geometry (guint     type,
               AlmValue *members)
{
  AlmValue *geometry = alm_value_new_object ();

  alm_value_set_text (geometry, "type", type_names[type]);
  alm_value_set (geometry, type == COLLECTION ? "geometries" : "coordinates", members);

  return geometry;
}

AlmValue *
alm_wkb_make_point (double lon,
                    double lat)
{
  return make_geometry (POINT, make_position (round (lon * 1e9) / 1e9, round (lat * 1e9) / 1e9));
}

static AlmValue *
read_point (Reader *self)
{
  g_autofree double *place = read_places (self, 1);

  return place != NULL ? make_position (place[0], place[1]) : NULL;
}

static AlmValue *
read_line (Reader *self)
{
  g_autofree double *places = NULL;
  AlmValue *line;
  guint32 n;

  if (!read_u32 (self, &n))
    return NULL;
  if (n < 2)
    return refuse (self, "a line of fewer than two places"), NULL;
  places = read_places (self, n);
  if (places == NULL)
    return NULL;

  line = alm_value_new_list ();
  for (guint32 i = 0; i < n; i++)
    alm_value_append (line, make_position (places[i], places[n + i]));

  return line;
}

/* Which way a ring runs: 1 counter-clockwise, -1 clockwise, 0 neither, as one that
 * crosses itself may.  Twice the signed area, about the first place so that
 * doubles stay exact; less than they can tell is nothing. */
static int
get_turn (const double *x,
          const double *y,
          guint32       n)
{
  double area = 0, size = 0;

  for (guint32 i = 0; i + 1 < n; i++)
    {
      double one = (x[i] - x[0]) * (y[i + 1] - y[0]);
      double other = (x[i + 1] - x[0]) * (y[i] - y[0]);

      area += one - other;
      size += fabs (one) + fabs (other);
    }

  if (fabs (area) <= size * n * DBL_EPSILON)
    return 0;

  return area > 0 ? 1 : -1;
}

static gboolean
has_three_places (const double *x,
                  const double *y,
                  guint32       n)
{
  guint32 second = 0;

  for (guint32 i = 1; i < n; i++)
    {
      if (x[i] == x[0] && y[i] == y[0])
        continue;
      if (second == 0)
        second = i;
      else if (x[i] != x[second] || y[i] != y[second])
        return TRUE;
    }

  return FALSE;
}

static AlmValue *
read_ring (Reader   *self,
           gboolean  is_outer)
{
  g_autofree double *places = NULL;
  gboolean closed, reverse;
  AlmValue *ring;
  guint32 n;

  if (!read_u32 (self, &n))
    return NULL;
  places = n >= 3 ? read_places (self, n) : NULL;
  if (places == NULL || !has_three_places (places, places + n, n))
    return refuse (self, "a ring of fewer than three different places"), NULL;

  closed = places[0] == places[n - 1] && places[n] == places[2 * n - 1];
  reverse = get_turn (places, places + n, n) == (is_outer ? -1 : 1);
  ring = alm_value_new_list ();
  for (guint32 i = 0; i < n; i++)
    {
      guint32 k = reverse ? n - 1 - i : i;

      alm_value_append (ring, make_position (places[k], places[n + k]));
    }
  if (!closed)
    alm_value_append (ring, alm_value_copy (alm_value_get_item (ring, 0)));

  return ring;
}

static AlmValue *read_geometry (Reader *self,
                                guint   wanted);

static AlmValue *
read_polygon (Reader *self)
{
  g_autoptr (AlmValue) rings = alm_value_new_list ();
  guint32 n;

  if (!read_u32 (self, &n))
    return NULL;
  if (n == 0)
    return refuse (self, "a polygon without a ring"), NULL;
  for (guint32 i = 0; i < n; i++)
    {
      AlmValue *ring = read_ring (self, i == 0);

      if (ring == NULL)
        return NULL;
      alm_value_append (rings, ring);
    }

  return g_steal_pointer (&rings);
}

/* The parts of a multi-geometry or collection. */
static AlmValue *
read_parts (Reader *self,
            guint   type)
{
  g_autoptr (AlmValue) parts = alm_value_new_list ();
  guint32 n;

  if (!read_u32 (self, &n))
    return NULL;
  if (n == 0)
    return refuse (self, "an empty geometry"), NULL;
  for (guint32 i = 0; i < n; i++)
    {
      AlmValue *part = read_geometry (self, type == COLLECTION ? 0 : type - 3);

      if (part == NULL)
        return NULL;
      alm_value_append (parts, part);
    }

  return g_steal_pointer (&parts);
}

/* A whole geometry where @wanted is 0, else the coordinates of that type. */
static AlmValue *
read_geometry (Reader *self,
               guint   wanted)
{
  gboolean outer_swap = self->swap;
  AlmValue *members = NULL;
  guint32 type;

  if (self->end - self->at < 5)
    return refuse (self, "the geometry ends in the middle"), NULL;
  if (++self->depth > DEPTH_MAX)
    return refuse (self, "a geometry nested too deeply"), NULL;

  self->swap = *self->at++ == 0;
  if (!read_u32 (self, &type))
    return NULL;
  if (type < POINT || type > COLLECTION || (wanted != 0 && type != wanted))
    return refuse (self, "a type of geometry that is not known"), NULL;

  switch (type)
    {
    case POINT:
      members = read_point (self);
      break;

    case LINE:
      members = read_line (self);
      break;

    case POLYGON:
      members = read_polygon (self);
      break;

    default:
      members = read_parts (self, type);
    }
  self->depth--;
  self->swap = outer_swap;

  return members == NULL || wanted != 0 ? members : make_geometry (type, members);
}

AlmValue *
alm_wkb_to_geometry (const guint8  *bytes,
                     gsize          length,
                     AlmPlaceFunc   func,
                     gpointer       user_data,
                     GError       **error)
{
  GError *reason = NULL;
  Reader reader = {
    .at = bytes, .end = bytes + length, .func = func, .user_data = user_data, .error = &reason,
  };
  g_autoptr (AlmValue) geometry = read_geometry (&reader, 0);

  if (geometry != NULL && reader.at != reader.end)
    refuse (&reader, "bytes after the geometry");
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return NULL;
    }

  return g_steal_pointer (&geometry);
}

static guint
find_type (const AlmValue *geometry)
{
  const char *name = alm_value_get_text_of (geometry, "type");

  for (guint type = POINT; type <= COLLECTION; type++)
    if (g_strcmp0 (name, type_names[type]) == 0)
      return type;

  return 0;
}

typedef struct
{
  GByteArray   *out;
  AlmPlaceFunc  func;
  gpointer      user_data;
  gboolean      broken;
} Writer;

static void
write_u32 (Writer  *self,
           guint32  value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (self->out, (const guint8 *) &value, 4);
}

static void
write_place (Writer         *self,
             const AlmValue *position)
{
  double place[2] = { NAN, NAN };

  if (alm_value_is (position, ALM_VALUE_LIST) && alm_value_get_size (position) >= 2)
    for (guint i = 0; i < 2; i++)
      if (alm_value_is_number (alm_value_get_item (position, i)))
        place[i] = alm_value_get_double (alm_value_get_item (position, i));
  if (self->func != NULL)
    self->func (&place[0], &place[1], 1, self->user_data);
  self->broken |= !isfinite (place[0]) || !isfinite (place[1]);

  for (guint i = 0; i < 2; i++)
    {
      guint64 bits;

      memcpy (&bits, &place[i], 8);
      bits = GUINT64_TO_LE (bits);
      g_byte_array_append (self->out, (const guint8 *) &bits, 8);
    }
}

/* Nested lists of positions, @levels deep, each with its count before it. */
static void
write_lists (Writer         *self,
             const AlmValue *lists,
             guint           levels)
{
  guint n;

  if (levels == 0)
    {
      write_place (self, lists);
      return;
    }

  n = alm_value_is (lists, ALM_VALUE_LIST) ? alm_value_get_size (lists) : 0;
  self->broken |= n == 0;
  write_u32 (self, n);
  for (guint i = 0; i < n; i++)
    write_lists (self, alm_value_get_item (lists, i), levels - 1);
}

static void
write_head (Writer *self,
            guint   type)
{
  guint8 little = 1;

  g_byte_array_append (self->out, &little, 1);
  write_u32 (self, type);
}

static void
write_geometry (Writer         *self,
                const AlmValue *geometry)
{
  static const guint levels[] = { 0, 0, 1, 2 };
  guint type = find_type (geometry);
  const AlmValue *parts = alm_value_get (geometry, type == COLLECTION ? "geometries"
                                                                      : "coordinates");
  guint n;

  if (type == 0 || parts == NULL)
    {
      self->broken = TRUE;
      return;
    }

  write_head (self, type);
  if (type < MULTI_POINT)
    {
      write_lists (self, parts, levels[type]);
      return;
    }

  n = alm_value_is (parts, ALM_VALUE_LIST) ? alm_value_get_size (parts) : 0;
  write_u32 (self, n);
  for (guint i = 0; i < n; i++)
    if (type == COLLECTION)
      write_geometry (self, alm_value_get_item (parts, i));
    else
      {
        write_head (self, type - 3);
        write_lists (self, alm_value_get_item (parts, i), levels[type - 3]);
      }
}

gboolean
alm_wkb_from_geometry (const AlmValue  *geometry,
                       AlmPlaceFunc     func,
                       gpointer         user_data,
                       GByteArray      *out,
                       GError         **error)
{
  Writer writer = { .out = out, .func = func, .user_data = user_data };
  guint before = out->len;

  write_geometry (&writer, geometry);
  if (writer.broken)
    {
      g_byte_array_set_size (out, before);
      g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_BAD_VALUE, "no GeoJSON geometry");
    }

  return !writer.broken;
}

static void
walk_places (const AlmValue  *lists,
             void           (*func) (double lon, double lat, gpointer data),
             gpointer         user_data)
{
  if (!alm_value_is (lists, ALM_VALUE_LIST) || alm_value_get_size (lists) == 0)
    return;
  if (alm_value_get_size (lists) >= 2 && alm_value_is_number (alm_value_get_item (lists, 0)))
    {
      func (alm_value_get_double (alm_value_get_item (lists, 0)),
            alm_value_get_double (alm_value_get_item (lists, 1)), user_data);
      return;
    }
  for (guint i = 0; i < alm_value_get_size (lists); i++)
    walk_places (alm_value_get_item (lists, i), func, user_data);
}

void
alm_wkb_each_place (const AlmValue  *geometry,
                    void           (*func) (double lon, double lat, gpointer data),
                    gpointer         user_data)
{
  const AlmValue *coordinates = alm_value_get (geometry, "coordinates");
  const AlmValue *parts = alm_value_get (geometry, "geometries");

  if (coordinates != NULL)
    walk_places (coordinates, func, user_data);
  else if (parts != NULL && alm_value_is (parts, ALM_VALUE_LIST))
    for (guint i = 0; i < alm_value_get_size (parts); i++)
      walk_places (alm_value_get (alm_value_get_item (parts, i), "coordinates"), func, user_data);
}
