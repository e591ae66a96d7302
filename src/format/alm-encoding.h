/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the bytes of a foreign text stand for letters. */
typedef enum {
  ALM_ENCODING_UTF8,
  ALM_ENCODING_LATIN1,      /* ISO-8859-1 */
  ALM_ENCODING_WINDOWS,     /* Windows-1252 */
  ALM_ENCODING_CP850,
  ALM_ENCODING_UTF16LE,
  ALM_ENCODING_UTF16BE
} AlmEncoding;

const char *alm_encoding_to_text   (AlmEncoding         encoding);
gboolean    alm_encoding_from_text (const char         *text,
                                    AlmEncoding        *encoding);

/* What a whole file says about its encoding; fed in chunks of any size. */
typedef struct
{
  guint64  n_bytes;
  guint64  line;            /* where the scan is, from 1 */
  guint8   head[4];         /* the first bytes, for a byte order mark */
  guint64  n_sequences;     /* valid sequences of two to four bytes */
  guint64  n_invalid;       /* bytes that are no UTF-8 */
  guint64  sequence_line;   /* of the first one; 0 = none */
  guint64  invalid_line;
  guint64  nul_line;
  guint64  n_windows;       /* 0x80 to 0x9F that Windows-1252 prints */
  guint64  n_c1;            /* 0x80 to 0x9F that it does not */
  guint64  n_latin_letters; /* äöüÄÖÜß beside a letter, if read as Latin */
  guint64  n_cp850_letters;
  guint    n_wanted;        /* inside a sequence */
  guint    n_got;
  guint32  rune;
  guint8   previous;        /* byte before */
  guint8   pending;         /* a byte whose right neighbour decides */
} AlmEncodingScan;

void        alm_encoding_scan_init   (AlmEncodingScan   *self);
void        alm_encoding_scan_feed   (AlmEncodingScan   *self,
                                      const char        *bytes,
                                      gsize              length);
/* Decides; @reason is a static English sentence.  Mixed, cut off, empty: an error. */
gboolean    alm_encoding_scan_guess  (AlmEncodingScan   *self,
                                      AlmEncoding       *encoding,
                                      const char       **reason,
                                      GError           **error);
/* Whether the bytes can be what somebody says they are. */
gboolean    alm_encoding_scan_allows (AlmEncodingScan   *self,
                                      AlmEncoding        encoding,
                                      GError           **error);

/* Bytes to UTF-8, in chunks of any size; a byte order mark is left out. */
typedef struct
{
  AlmEncoding  encoding;
  guint64      line;
  gboolean     began;
  guint        n_kept;
  guint8       kept[4];     /* the start of a sequence that a chunk's end has cut */
} AlmDecoder;

void        alm_decoder_init         (AlmDecoder        *self,
                                      AlmEncoding        encoding);
gboolean    alm_decoder_feed         (AlmDecoder        *self,
                                      const char        *bytes,
                                      gsize              length,
                                      GString           *out,
                                      GError           **error);
gboolean    alm_decoder_finish       (AlmDecoder        *self,
                                      GError           **error);

G_END_DECLS
