/* SPDX-License-Identifier: EUPL-1.2 */

/* The helper's stream and the WKB in it, of any bytes: what is taken, written as the
 * helper writes it, is read as the same; a refusal names its line. */

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

/* What was taken, in the helper's own spelling; a refusal is an error of its line.
 * Returns whether the stream came to its end. */
static gboolean
rewrite (const char *text,
         gsize       size,
         GString    *out)
{
  g_autoptr (AlmFeatureStream) stream = alm_feature_stream_new ();
  g_autoptr (GError) error = NULL;
  const char *at = text;
  const char *end = text + size;
  AlmFeatureItem item = ALM_FEATURE_HEAD;
  gint64 rows = 0;
  gboolean whole;

  while (at < end && item != ALM_FEATURE_NONE)
    {
      const char *stop = memchr (at, '\n', (size_t) (end - at));
      gsize length = (gsize) ((stop != NULL ? stop : end) - at);
      g_auto (AlmFeature) feature = { 0 };

      item = alm_feature_stream_take (stream, at, length, &feature, &error);
      g_assert_true ((item == ALM_FEATURE_NONE) == (error != NULL));
      if (item == ALM_FEATURE_HEAD)
        alm_feature_append_head (out, alm_feature_stream_get_driver (stream),
                                 alm_feature_stream_get_n_layers (stream) > 0
                                 ? alm_feature_stream_get_layer (stream, 0) : NULL,
                                 alm_feature_stream_get_n_layers (stream));
      else if (item == ALM_FEATURE_ROW)
        {
          alm_feature_append_row (out, feature.layer, feature.n, feature.wkb,
                                  feature.wkb_length, feature.values);
          rows++;
        }
      else if (item == ALM_FEATURE_END)
        alm_feature_append_end (out, rows);
      if (feature.wkb != NULL)
        try_wkb (feature.wkb, feature.wkb_length);
      at += length + 1;
    }

  whole = item != ALM_FEATURE_NONE && alm_feature_stream_finish (stream, &error);
  g_assert_true (whole == (error == NULL));
  if (error != NULL)
    {
      g_assert_nonnull (strstr (error->message, "line "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

  return whole;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);
  gboolean whole;

  try_wkb (data, size);
  whole = rewrite (size > 0 ? (const char *) data : "", size, written);
  g_assert_true (rewrite (written->str, written->len, twice) || !whole);
  g_assert_cmpstr (twice->str, ==, written->str);

  return 0;
}
