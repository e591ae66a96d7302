/* SPDX-License-Identifier: EUPL-1.2 */

/* WKB of any bytes: what is read is a GeoJSON geometry, which as WKB and back
 * again stays what it is. */

#include "config.h"

#include "alm-wkb.h"
#include "fuzz-target.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) geometry = alm_wkb_to_geometry (data, size, NULL, NULL, &error);
  g_autoptr (AlmValue) again = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_assert_true ((geometry == NULL) == (error != NULL));
  if (geometry == NULL)
    return 0;

  g_assert_nonnull (alm_value_get_text_of (geometry, "type"));
  g_assert_true (alm_wkb_from_geometry (geometry, NULL, NULL, bytes, NULL));
  again = alm_wkb_to_geometry (bytes->data, bytes->len, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (alm_value_equal (geometry, again));

  return 0;
}
