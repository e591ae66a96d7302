/* SPDX-License-Identifier: EUPL-1.2 */

/* Packed bytes of any kind: never more than was allowed comes out; in one piece
 * and in small pieces the same comes out, or both refuse. */

#include "config.h"

#include "alm-zstd.h"
#include "fuzz-target.h"

#include <string.h>

#define UNPACKED_MAX (1024 * 1024)
#define PIECE 7

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = alm_zstd_unpack (data, size, UNPACKED_MAX, &error);
  g_autoptr (AlmZstdDecoder) decoder = alm_zstd_decoder_new ();
  g_autoptr (GString) pieces = g_string_new (NULL);
  gboolean fine = TRUE;

  g_assert_true ((whole == NULL) == (error != NULL));
  if (whole != NULL)
    g_assert_cmpuint (g_bytes_get_size (whole), <=, UNPACKED_MAX);

  for (size_t at = 0; fine && at < size && pieces->len <= UNPACKED_MAX; at += PIECE)
    fine = alm_zstd_decoder_push (decoder, data + at, MIN (PIECE, size - at), pieces, NULL);
  if (pieces->len > UNPACKED_MAX)
    {
      g_assert_null (whole);
      return 0;
    }

  fine = fine && alm_zstd_decoder_finish (decoder, NULL);
  if (whole != NULL)
    {
      g_assert_true (fine);
      g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole),
                       pieces->str, pieces->len);
    }

  return 0;
}
