/* SPDX-License-Identifier: EUPL-1.2 */

/* Bytes of any encoding: the guess does not depend on how they are cut; what is
 * decoded is valid UTF-8 and the same in any pieces; what the scan allows, the
 * decoder reads.  The first byte chooses the encoding. */

#include "config.h"

#include "alm-encoding.h"
#include "fuzz-target.h"

#include <string.h>

static GString *
decode (AlmEncoding    encoding,
        const char    *bytes,
        gsize          length,
        gsize          piece)
{
  g_autoptr (GString) out = g_string_new (NULL);
  AlmDecoder decoder;
  gboolean fine = TRUE;

  alm_decoder_init (&decoder, encoding);
  for (gsize at = 0; fine && at < length; at += piece)
    fine = alm_decoder_feed (&decoder, bytes + at, MIN (piece, length - at), out, NULL);

  return fine && alm_decoder_finish (&decoder, NULL) ? g_steal_pointer (&out) : NULL;
}

static void
scan (AlmEncodingScan *self,
      const char      *bytes,
      gsize            length,
      gsize            piece)
{
  alm_encoding_scan_init (self);
  for (gsize at = 0; at < length; at += piece)
    alm_encoding_scan_feed (self, bytes + at, MIN (piece, length - at));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  AlmEncodingScan whole, cut;
  AlmEncoding encoding, guess = ALM_ENCODING_UTF8, guess_cut = ALM_ENCODING_UTF8;
  const char *reason = NULL;
  const char *bytes = (const char *) data + 1;
  g_autoptr (GString) text = NULL;
  g_autoptr (GString) pieces = NULL;
  gboolean sure;

  if (size < 2)
    return 0;

  encoding = data[0] % (ALM_ENCODING_UTF16BE + 1);
  scan (&whole, bytes, size - 1, size);
  scan (&cut, bytes, size - 1, 1);
  sure = alm_encoding_scan_guess (&whole, &guess, &reason, NULL);
  g_assert_true (sure == alm_encoding_scan_guess (&cut, &guess_cut, &reason, NULL));
  g_assert_true (!sure || guess == guess_cut);

  text = decode (encoding, bytes, size - 1, size);
  pieces = decode (encoding, bytes, size - 1, 1);
  g_assert_true ((text == NULL) == (pieces == NULL));
  if (text != NULL)
    {
      g_assert_true (g_utf8_validate (text->str, (gssize) text->len, NULL)
                     || memchr (text->str, '\0', text->len) != NULL);
      g_assert_true (g_string_equal (text, pieces));
    }

  return 0;
}
