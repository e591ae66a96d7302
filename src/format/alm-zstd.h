/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Zstandard (RFC 8878), in one piece or as it arrives. */
GBytes         *alm_zstd_pack           (gconstpointer    data,
                                         gsize            length,
                                         int              level);
/* ALM_FORMAT_ERROR_TOO_LARGE: more than @max bytes unpacked. */
GBytes         *alm_zstd_unpack         (gconstpointer    data,
                                         gsize            length,
                                         gsize            max,
                                         GError         **error);
gboolean        alm_zstd_is_packed      (gconstpointer    data,
                                         gsize            length);

/* A stream that is unpacked piece by piece; memory stays bounded. */
typedef struct _AlmZstdDecoder AlmZstdDecoder;

AlmZstdDecoder *alm_zstd_decoder_new    (void);
void            alm_zstd_decoder_free   (AlmZstdDecoder  *self);
/* Appends what @data unpacks to. */
gboolean        alm_zstd_decoder_push   (AlmZstdDecoder  *self,
                                         gconstpointer    data,
                                         gsize            length,
                                         GString         *out,
                                         GError         **error);
/* The data have come to an end: is it the stream's? */
gboolean        alm_zstd_decoder_finish (AlmZstdDecoder  *self,
                                         GError         **error);

/* The other way round: frames are ended by finish. */
typedef struct _AlmZstdEncoder AlmZstdEncoder;

AlmZstdEncoder *alm_zstd_encoder_new    (int              level);
void            alm_zstd_encoder_free   (AlmZstdEncoder  *self);
void            alm_zstd_encoder_push   (AlmZstdEncoder  *self,
                                         gconstpointer    data,
                                         gsize            length,
                                         GString         *out);
void            alm_zstd_encoder_finish (AlmZstdEncoder  *self,
                                         GString         *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmZstdDecoder, alm_zstd_decoder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmZstdEncoder, alm_zstd_encoder_free)

G_END_DECLS
