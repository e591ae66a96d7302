/* SPDX-License-Identifier: EUPL-1.2 */

/* Plane geometry through GEOS: validity, nearness, intersection.
 *
 * One GEOS handle per thread, freed with it.  Nearness is asked with
 * GEOSPreparedDistanceWithin, never by a buffer: the circle segments of a
 * buffer would lose hits at its edge. */

#include "config.h"

#include "alm-geos.h"

#include "alm-utm.h"
#include "alm-wkb.h"

#include <geos_c.h>
#include <math.h>
#include <string.h>

struct _AlmGeosArea
{
  GEOSContextHandle_t         geos;       /* borrowed from the thread */
  GEOSGeometry               *shape;
  const GEOSPreparedGeometry *prepared;
};

static void
free_handle (gpointer handle)
{
  GEOS_finish_r (handle);
}

static GPrivate thread_handle = G_PRIVATE_INIT (free_handle);

static void
swallow_message (const char *text,
                 void       *user_data)
{
  g_debug ("GEOS: %s", text);
}

static GEOSContextHandle_t
get_handle (void)
{
  GEOSContextHandle_t handle = g_private_get (&thread_handle);

  if (handle == NULL)
    {
      handle = GEOS_init_r ();
      GEOSContext_setNoticeMessageHandler_r (handle, swallow_message, NULL);
      GEOSContext_setErrorMessageHandler_r (handle, swallow_message, NULL);
      g_private_set (&thread_handle, handle);
    }

  return handle;
}

static GEOSGeometry *
read_wkb (GEOSContextHandle_t  geos,
          const guint8        *wkb,
          gsize                length)
{
  GEOSWKBReader *reader = GEOSWKBReader_create_r (geos);
  GEOSGeometry *shape = GEOSWKBReader_read_r (geos, reader, wkb, length);

  GEOSWKBReader_destroy_r (geos, reader);

  return shape;
}

static GByteArray *
write_wkb (GEOSContextHandle_t  geos,
           const GEOSGeometry  *shape)
{
  GEOSWKBWriter *writer = GEOSWKBWriter_create_r (geos);
  GByteArray *bytes = NULL;
  unsigned char *wkb;
  size_t length;

  GEOSWKBWriter_setFlavor_r (geos, writer, GEOS_WKB_ISO);
  GEOSWKBWriter_setOutputDimension_r (geos, writer, 2);
  GEOSWKBWriter_setByteOrder_r (geos, writer, GEOS_WKB_NDR);
  wkb = GEOSWKBWriter_write_r (geos, writer, shape, &length);
  if (wkb != NULL)
    {
      bytes = g_byte_array_sized_new ((guint) length);
      g_byte_array_append (bytes, wkb, (guint) length);
      GEOSFree_r (geos, wkb);
    }
  GEOSWKBWriter_destroy_r (geos, writer);

  return bytes;
}

GByteArray *
alm_geos_read_wkt (const char *text)
{
  GEOSContextHandle_t geos = get_handle ();
  GEOSWKTReader *reader = GEOSWKTReader_create_r (geos);
  GEOSGeometry *shape = GEOSWKTReader_read_r (geos, reader, text);
  GByteArray *wkb = NULL;

  if (shape != NULL && GEOSisEmpty_r (geos, shape) == 0)
    wkb = write_wkb (geos, shape);
  if (shape != NULL)
    GEOSGeom_destroy_r (geos, shape);
  GEOSWKTReader_destroy_r (geos, reader);

  return wkb;
}

gboolean
alm_geos_repair (GByteArray *wkb,
                 char      **reason)
{
  GEOSContextHandle_t geos = get_handle ();
  GEOSGeometry *shape = read_wkb (geos, wkb->data, wkb->len);
  gboolean fine = shape != NULL;

  *reason = NULL;
  if (fine && GEOSisValid_r (geos, shape) == 0)
    {
      GEOSGeometry *valid = GEOSMakeValid_r (geos, shape);
      g_autoptr (GByteArray) bytes = valid != NULL ? write_wkb (geos, valid) : NULL;

      fine = bytes != NULL && GEOSisEmpty_r (geos, valid) == 0;
      if (fine)
        {
          char *words = GEOSisValidReason_r (geos, shape);

          *reason = g_strdup (words != NULL ? words : "");
          GEOSFree_r (geos, words);
          g_byte_array_set_size (wkb, 0);
          g_byte_array_append (wkb, bytes->data, bytes->len);
        }
      if (valid != NULL)
        GEOSGeom_destroy_r (geos, valid);
    }
  if (shape != NULL)
    GEOSGeom_destroy_r (geos, shape);

  return fine;
}

gboolean
alm_geos_is_valid (const guint8 *wkb,
                   gsize         length,
                   double       *x,
                   double       *y)
{
  GEOSContextHandle_t geos = get_handle ();
  GEOSGeometry *shape = read_wkb (geos, wkb, length);
  GEOSGeometry *place = NULL;
  gboolean valid;

  *x = *y = NAN;
  if (shape == NULL)
    return FALSE;

  valid = GEOSisValidDetail_r (geos, shape, 0, NULL, &place) == 1;
  if (!valid && place != NULL)
    {
      GEOSGeomGetX_r (geos, place, x);
      GEOSGeomGetY_r (geos, place, y);
    }
  if (place != NULL)
    GEOSGeom_destroy_r (geos, place);
  GEOSGeom_destroy_r (geos, shape);

  return valid;
}

static void
take_zone (double   lon,
           double   lat,
           gpointer epsg)
{
  if (*(int *) epsg == 0)
    *(int *) epsg = alm_utm_choose (lon);
}

static void
move_to_zone (double   *x,
              double   *y,
              gsize     n,
              gpointer  epsg)
{
  for (gsize i = 0; i < n; i++)
    alm_utm_from_lonlat (*(int *) epsg, x[i], y[i], &x[i], &y[i]);
}

gboolean
alm_geos_is_sound (const AlmValue *geometry,
                   double         *lon,
                   double         *lat)
{
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  int epsg = 0;

  *lon = *lat = NAN;
  if (!alm_wkb_from_geometry (geometry, NULL, NULL, wkb, NULL))
    return FALSE;

  alm_wkb_each_place (geometry, take_zone, &epsg);
  g_byte_array_set_size (wkb, 0);
  if (alm_wkb_from_geometry (geometry, move_to_zone, &epsg, wkb, NULL)
      && alm_geos_is_valid (wkb->data, wkb->len, lon, lat))
    return TRUE;

  if (!isnan (*lon))
    alm_utm_to_lonlat (epsg, *lon, *lat, lon, lat);

  return FALSE;
}

GByteArray *
alm_geos_find_inside (const guint8 *wkb,
                      gsize         length)
{
  GEOSContextHandle_t geos = get_handle ();
  GEOSGeometry *shape = read_wkb (geos, wkb, length);
  GEOSGeometry *point = shape != NULL ? GEOSPointOnSurface_r (geos, shape) : NULL;
  GByteArray *bytes = NULL;

  if (point != NULL && GEOSisEmpty_r (geos, point) == 0)
    bytes = write_wkb (geos, point);
  if (point != NULL)
    GEOSGeom_destroy_r (geos, point);
  if (shape != NULL)
    GEOSGeom_destroy_r (geos, shape);

  return bytes;
}

gboolean
alm_geos_measure (const guint8 *wkb,
                  gsize         length,
                  double       *area,
                  double       *perimeter)
{
  GEOSContextHandle_t geos = get_handle ();
  GEOSGeometry *shape = read_wkb (geos, wkb, length);
  gboolean fine = shape != NULL && GEOSArea_r (geos, shape, area) == 1
                  && GEOSLength_r (geos, shape, perimeter) == 1;

  if (shape != NULL)
    GEOSGeom_destroy_r (geos, shape);

  return fine;
}

AlmGeosArea *
alm_geos_area_new (GPtrArray  *parts,
                   GError    **error)
{
  g_autoptr (AlmGeosArea) self = g_new0 (AlmGeosArea, 1);
  g_autofree GEOSGeometry **shapes = g_new0 (GEOSGeometry *, parts->len + 1);
  guint n = 0;

  self->geos = get_handle ();
  for (guint i = 0; i < parts->len; i++)
    {
      const GByteArray *part = parts->pdata[i];
      GEOSGeometry *shape = read_wkb (self->geos, part->data, part->len);

      if (shape != NULL)
        shapes[n++] = shape;
    }
  if (n > 0)
    self->shape = GEOSGeom_createCollection_r (self->geos, GEOS_GEOMETRYCOLLECTION, shapes, n);
  if (self->shape != NULL && n == 1)
    {
      GEOSGeometry *only = GEOSGeom_clone_r (self->geos,
                                             GEOSGetGeometryN_r (self->geos, self->shape, 0));

      GEOSGeom_destroy_r (self->geos, self->shape);
      self->shape = only;
    }
  if (self->shape != NULL)
    self->prepared = GEOSPrepare_r (self->geos, self->shape);
  if (self->prepared == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no geometry");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
alm_geos_area_free (AlmGeosArea *self)
{
  if (self == NULL)
    return;

  if (self->prepared != NULL)
    GEOSPreparedGeom_destroy_r (self->geos, self->prepared);
  if (self->shape != NULL)
    GEOSGeom_destroy_r (self->geos, self->shape);
  g_free (self);
}

void
alm_geos_area_get_box (AlmGeosArea *self,
                       double       box[4])
{
  GEOSGeom_getXMin_r (self->geos, self->shape, &box[0]);
  GEOSGeom_getYMin_r (self->geos, self->shape, &box[1]);
  GEOSGeom_getXMax_r (self->geos, self->shape, &box[2]);
  GEOSGeom_getYMax_r (self->geos, self->shape, &box[3]);
}

gboolean
alm_geos_area_meets (AlmGeosArea  *self,
                     const guint8 *wkb,
                     gsize         length)
{
  GEOSGeometry *shape = read_wkb (self->geos, wkb, length);
  gboolean meets = shape != NULL
                   && GEOSPreparedIntersects_r (self->geos, self->prepared, shape) == 1;

  if (shape != NULL)
    GEOSGeom_destroy_r (self->geos, shape);

  return meets;
}

gboolean
alm_geos_area_is_near (AlmGeosArea  *self,
                       const guint8 *wkb,
                       gsize         length,
                       double        most,
                       double       *distance)
{
  GEOSGeometry *shape = read_wkb (self->geos, wkb, length);
  gboolean near = shape != NULL
                  && GEOSPreparedDistanceWithin_r (self->geos, self->prepared, shape, most) == 1;

  /* The plain distance of a point to a polygon is 0 inside; prepared ones are not. */
  if (near)
    {
      if (GEOSPreparedIntersects_r (self->geos, self->prepared, shape) == 1)
        *distance = 0;
      else
        GEOSDistance_r (self->geos, self->shape, shape, distance);
    }
  if (shape != NULL)
    GEOSGeom_destroy_r (self->geos, shape);

  return near;
}
