/* SPDX-License-Identifier: EUPL-1.2 */

/* The blobs of the derived tables, back to vertices for the screen.  A pure
 * function of its bytes; any thread. */

#include "config.h"

#include "alm-gpkg.h"

#include <string.h>

/* Of a blob: 4 MiB hold 260,000 vertices. */
#define MAX_VERTICES 262144
#define MAX_DEPTH    4

enum { WKB_POINT = 1, WKB_LINE, WKB_POLYGON, WKB_MULTI_POINT, WKB_MULTI_LINE, WKB_MULTI_POLYGON };

typedef struct
{
  AlmGpkgShape *shape;
  const guint8 *data;
  gsize         left;
  gboolean      swap;
} Reader;

void
alm_gpkg_shape_clear (AlmGpkgShape *self)
{
  g_clear_pointer (&self->xy, g_array_unref);
  g_clear_pointer (&self->rings, g_array_unref);
}

static gboolean
take_u32 (Reader  *self,
          guint32 *number)
{
  guint32 raw;

  if (self->left < sizeof raw)
    return FALSE;
  memcpy (&raw, self->data, sizeof raw);
  *number = self->swap ? GUINT32_SWAP_LE_BE (raw) : raw;
  self->data += sizeof raw;
  self->left -= sizeof raw;

  return TRUE;
}

static gboolean
take_points (Reader  *self,
             guint32  n)
{
  guint ring = self->shape->xy->len / 2;

  if (n > MAX_VERTICES || self->left < n * 2 * sizeof (double))
    return FALSE;

  g_array_append_val (self->shape->rings, ring);
  for (guint32 i = 0; i < 2 * n; i++)
    {
      guint64 raw;
      double value;

      memcpy (&raw, self->data, sizeof raw);
      if (self->swap)
        raw = GUINT64_SWAP_LE_BE (raw);
      memcpy (&value, &raw, sizeof value);
      g_array_append_val (self->shape->xy, value);
      self->data += sizeof raw;
      self->left -= sizeof raw;
    }

  return self->shape->xy->len / 2 <= MAX_VERTICES;
}

static gboolean
take_geometry (Reader *self,
               guint   depth)
{
  guint32 type;
  guint32 n;

  if (self->left < 1 || depth > MAX_DEPTH)
    return FALSE;
  self->swap = (*self->data == 1) != (G_BYTE_ORDER == G_LITTLE_ENDIAN);
  self->data++;
  self->left--;
  if (!take_u32 (self, &type) || (type != WKB_POINT && !take_u32 (self, &n)))
    return FALSE;

  switch (type)
    {
    case WKB_LINE:
      self->shape->type = ALM_SHAPE_LINE;
      return take_points (self, n);

    case WKB_POLYGON:
      self->shape->type = ALM_SHAPE_POLYGON;
      for (guint32 i = 0; i < n; i++)
        {
          guint32 n_points;

          if (!take_u32 (self, &n_points) || !take_points (self, n_points))
            return FALSE;
        }
      return TRUE;

    case WKB_MULTI_LINE:
    case WKB_MULTI_POLYGON:
      for (guint32 i = 0; i < n; i++)
        if (!take_geometry (self, depth + 1))
          return FALSE;
      return TRUE;

    default:
      return FALSE;   /* points stand where wx and wy say */
    }
}

gboolean
alm_gpkg_read (AlmGpkgShape *self,
               const guint8 *data,
               gsize         length)
{
  static const gsize envelopes[] = { 0, 32, 48, 48, 64 };
  Reader reader = { .shape = self };
  guint envelope;

  if (self->xy == NULL)
    self->xy = g_array_new (FALSE, FALSE, sizeof (double));
  if (self->rings == NULL)
    self->rings = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_set_size (self->xy, 0);
  g_array_set_size (self->rings, 0);

  if (length < 8 || memcmp (data, "GP", 2) != 0)
    return FALSE;
  envelope = data[3] >> 1 & 7;
  if (envelope >= G_N_ELEMENTS (envelopes) || length < 8 + envelopes[envelope])
    return FALSE;
  reader.data = data + 8 + envelopes[envelope];
  reader.left = length - 8 - envelopes[envelope];

  self->type = ALM_SHAPE_LINE;

  return take_geometry (&reader, 0) && self->xy->len > 0;
}
