/* SPDX-License-Identifier: EUPL-1.2 */

/* The helper's stream and the WKB in it, of any bytes: no crash; what comes out
 * is a geometry that can be written and read again as the same. */

#include "config.h"

#include "alm-feature-stream.h"
#include "alm-wkb.h"
#include "fuzz-target.h"

#include <string.h>

static void
try_wkb (const uint8_t *data,
         size_t         size)
{
  g_autoptr (AlmValue) geometry = alm_wkb_to_geometry (data, size, NULL, NULL, NULL);
  g_autoptr (GByteArray) wkb = g_byte_array_new ();
  g_autoptr (AlmValue) again = NULL;

  if (geometry == NULL)
    return;
  g_assert_true (alm_wkb_from_geometry (geometry, NULL, NULL, wkb, NULL));
  again = alm_wkb_to_geometry (wkb->data, wkb->len, NULL, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_true (alm_value_equal (geometry, again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
  const char *at = (const char *) data;
  const char *end = at + size;
  gboolean fine = TRUE;

  try_wkb (data, size);
  while (at < end && fine)
    {
      const char *stop = memchr (at, '\n', (size_t) (end - at));
      gsize length = (gsize) ((stop != NULL ? stop : end) - at);
      g_auto (AlmFeature) feature = { 0 };

      fine = alm_feature_stream_take (stream, at, length, &feature, NULL) != ALM_FEATURE_NONE;
      if (feature.wkb != NULL)
        try_wkb (feature.wkb, feature.wkb_length);
      at += length + 1;
    }
  if (fine)
    alm_feature_stream_finish (stream, NULL);

  return 0;
}
