/* SPDX-License-Identifier: EUPL-1.2 */

/* Zstandard for the wire and for packs.  What comes from outside may claim any
 * size, so nothing is reserved by what a frame's head says, windows over 8 MiB
 * are refused, and unpacking stops at the caller's limit.
 * Pure; an encoder or decoder belongs to one thread at a time. */

#include "config.h"

#include "alm-zstd.h"

#include "alm-format-error.h"

#include <string.h>
#include <zstd.h>

#define WINDOW_LOG_MAX 23
#define PIECE          (128 * 1024)

struct _AlmZstdDecoder
{
  ZSTD_DStream *stream;
  gboolean      inside;   /* a frame has begun and not ended */
  gboolean      seen;     /* any byte at all */
};

struct _AlmZstdEncoder
{
  ZSTD_CStream *stream;
};

AlmZstdDecoder *
alm_zstd_decoder_new (void)
{
  AlmZstdDecoder *self = g_new0 (AlmZstdDecoder, 1);

  self->stream = ZSTD_createDStream ();
  if (self->stream == NULL)
    g_error ("No memory for unpacking");
  ZSTD_DCtx_setParameter (self->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);

  return self;
}

void
alm_zstd_decoder_free (AlmZstdDecoder *self)
{
  ZSTD_freeDStream (self->stream);
  g_free (self);
}

/* Unpacks until @in is used up or @out has reached @max bytes. */
static gboolean
decode (AlmZstdDecoder  *self,
        ZSTD_inBuffer   *in,
        GString         *out,
        gsize            max,
        GError         **error)
{
  gboolean more = TRUE;

  while (in->pos < in->size || more)
    {
      gsize before = out->len;
      ZSTD_outBuffer piece;
      gsize left;

      g_string_set_size (out, before + PIECE);
      piece = (ZSTD_outBuffer) { out->str + before, PIECE, 0 };
      left = ZSTD_decompressStream (self->stream, &piece, in);
      g_string_set_size (out, before + piece.pos);
      if (ZSTD_isError (left))
        {
          g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                       "not Zstandard: %s", ZSTD_getErrorName (left));
          return FALSE;
        }
      if (out->len > max)
        {
          g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_TOO_LARGE,
                       "more than %" G_GSIZE_FORMAT " bytes unpacked", max);
          return FALSE;
        }
      self->inside = left != 0;
      /* A full piece may have left something inside. */
      more = piece.pos == piece.size;
    }

  return TRUE;
}

gboolean
alm_zstd_decoder_push (AlmZstdDecoder  *self,
                       gconstpointer    data,
                       gsize            length,
                       GString         *out,
                       GError         **error)
{
  ZSTD_inBuffer in = { data, length, 0 };

  if (length == 0)
    return TRUE;
  self->seen = TRUE;

  return decode (self, &in, out, G_MAXSIZE, error);
}

gboolean
alm_zstd_decoder_finish (AlmZstdDecoder  *self,
                         GError         **error)
{
  if (self->seen && !self->inside)
    return TRUE;

  g_set_error_literal (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                       "ended too early (Zstandard)");

  return FALSE;
}

GBytes *
alm_zstd_unpack (gconstpointer   data,
                 gsize           length,
                 gsize           max,
                 GError        **error)
{
  g_autoptr (AlmZstdDecoder) decoder = alm_zstd_decoder_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  ZSTD_inBuffer in = { data, length, 0 };

  decoder->seen = length > 0;
  if ((length > 0 && !decode (decoder, &in, out, max, error))
      || !alm_zstd_decoder_finish (decoder, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* By its magic number; no JSON begins like that. */
gboolean
alm_zstd_is_packed (gconstpointer data,
                    gsize         length)
{
  static const guint8 magic[] = { 0x28, 0xb5, 0x2f, 0xfd };

  return length >= sizeof magic && memcmp (data, magic, sizeof magic) == 0;
}

/* @level: 1 (fast) to 19 */
AlmZstdEncoder *
alm_zstd_encoder_new (int level)
{
  AlmZstdEncoder *self = g_new0 (AlmZstdEncoder, 1);

  self->stream = ZSTD_createCStream ();
  if (self->stream == NULL)
    g_error ("No memory for packing");
  ZSTD_CCtx_setParameter (self->stream, ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter (self->stream, ZSTD_c_checksumFlag, 1);

  return self;
}

void
alm_zstd_encoder_free (AlmZstdEncoder *self)
{
  ZSTD_freeCStream (self->stream);
  g_free (self);
}

static void
encode (AlmZstdEncoder    *self,
        gconstpointer      data,
        gsize              length,
        ZSTD_EndDirective  directive,
        GString           *out)
{
  ZSTD_inBuffer in = { data, length, 0 };
  gsize left;

  do
    {
      gsize before = out->len;
      ZSTD_outBuffer piece;

      g_string_set_size (out, before + PIECE);
      piece = (ZSTD_outBuffer) { out->str + before, PIECE, 0 };
      left = ZSTD_compressStream2 (self->stream, &piece, &in, directive);
      g_string_set_size (out, before + piece.pos);
      /* Only memory can be wanting. */
      if (ZSTD_isError (left))
        g_error ("Packing failed: %s", ZSTD_getErrorName (left));
    }
  while (in.pos < in.size || (directive == ZSTD_e_end && left != 0));
}

void
alm_zstd_encoder_push (AlmZstdEncoder *self,
                       gconstpointer   data,
                       gsize           length,
                       GString        *out)
{
  if (length > 0)
    encode (self, data, length, ZSTD_e_continue, out);
}

void
alm_zstd_encoder_finish (AlmZstdEncoder *self,
                         GString        *out)
{
  encode (self, NULL, 0, ZSTD_e_end, out);
}

GBytes *
alm_zstd_pack (gconstpointer data,
               gsize         length,
               int           level)
{
  g_autoptr (AlmZstdEncoder) encoder = alm_zstd_encoder_new (level);
  GString *out = g_string_new (NULL);

  alm_zstd_encoder_push (encoder, data, length, out);
  alm_zstd_encoder_finish (encoder, out);

  return g_string_free_to_bytes (out);
}
