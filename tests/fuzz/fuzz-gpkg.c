/* SPDX-License-Identifier: EUPL-1.2 */

/* GeoPackage blobs of any bytes: no crash; what comes out has rings that begin in
 * order within its vertices, and no more vertices than the bytes hold. */

#include "config.h"

#include "alm-gpkg.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_auto (AlmGpkgShape) shape = ALM_GPKG_SHAPE_INIT;
  guint before = 0;

  if (!alm_gpkg_read (&shape, data, size))
    return 0;

  g_assert_cmpuint (shape.xy->len % 2, ==, 0);
  g_assert_cmpuint (shape.xy->len, >, 0);
  g_assert_cmpuint (shape.xy->len * sizeof (double), <=, size);
  g_assert_true (shape.type == ALM_SHAPE_LINE || shape.type == ALM_SHAPE_POLYGON);
  for (guint i = 0; i < shape.rings->len; i++)
    {
      guint ring = g_array_index (shape.rings, guint, i);

      g_assert_cmpuint (ring, >=, before);
      g_assert_cmpuint (ring, <=, shape.xy->len / 2);
      before = ring;
    }

  return 0;
}
