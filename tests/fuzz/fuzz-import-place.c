/* SPDX-License-Identifier: EUPL-1.2 */

/* A place in a cell, as WKT good and bad, or as GeoJSON: what is taken is finite,
 * written as WKT is it reads the same, and as a geometry it can be written again. */

#include "config.h"

#include "alm-geos.h"
#include "alm-import-place-private.h"
#include "alm-wkb.h"
#include "fuzz-target.h"

#include <math.h>
#include <string.h>

static void
try_point (const char *text)
{
  char written[80];
  double x, y, x_again, y_again;
  gboolean odd;

  if (!alm_import_parse_point (text, &x, &y, &odd))
    return;
  g_assert_true (isfinite (x) && isfinite (y));

  g_snprintf (written, sizeof written, "POINT (%.17g %.17g)", x, y);
  g_assert_true (alm_import_parse_point (written, &x_again, &y_again, &odd));
  g_assert_false (odd);
  g_assert_true (x_again == x && y_again == y);
}

/* FALSE: it is none. */
static gboolean
try_geometry (GByteArray *wkb)
{
  g_autoptr (AlmValue) geometry = alm_wkb_to_geometry (wkb->data, wkb->len, NULL, NULL, NULL);
  g_autoptr (AlmValue) again = NULL;
  g_autoptr (GByteArray) written = g_byte_array_new ();

  if (geometry == NULL)
    return FALSE;
  g_assert_true (alm_wkb_from_geometry (geometry, NULL, NULL, written, NULL));
  again = alm_wkb_to_geometry (written->data, written->len, NULL, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_true (alm_value_equal (geometry, again));

  return TRUE;
}

static void
try_shape (const char *text)
{
  gboolean is_json, odd;
  g_autofree char *reason = NULL;
  g_autoptr (GByteArray) wkb = alm_import_read_shape (text, &is_json, &odd);

  g_assert_true (is_json == (*text == '{'));
  if (wkb == NULL || !try_geometry (wkb))
    return;
  /* GEOS may take long over a large one. */
  if (wkb->len < 2000 && alm_geos_repair (wkb, &reason))
    try_geometry (wkb);
}

/* As a row brings it: in a cell, or as the format's own geometry. */
static void
try_row (const char    *text,
         const uint8_t *data,
         size_t         size)
{
  AlmImportWay way = { .guess = { .type = ALM_IMPORT_PLACE_WKT } };
  AlmImportRow row = { .n_cells = 1, .cells = &text, .wkb = data, .wkb_length = size };
  double x, y;

  if (alm_import_way_get_raw (&way, &row, &x, &y))
    g_assert_true (isfinite (x) && isfinite (y));
  way.guess.type = ALM_IMPORT_PLACE_FILE;
  if (alm_import_way_get_raw (&way, &row, &x, &y))
    g_assert_true (isfinite (x) && isfinite (y));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  try_point (text);
  try_shape (text);
  try_row (text, data, size);

  return 0;
}
