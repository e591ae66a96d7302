/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* How a record names an attached file: {"sha256","size","name","type"}, where the last
 * two may be missing (sync.md, section 3.1). */
#define ALM_BLOB_DIGITS   64
#define ALM_BLOB_SIZE_MAX (G_GINT64_CONSTANT (512) << 20)

typedef struct
{
  const char *sha256;
  gint64      size;
  const char *name;      /* nullable */
  const char *type;      /* media type; nullable */
} AlmBlob;

typedef void (*AlmBlobFunc) (const AlmBlob *blob, gpointer user_data);

/* SHA-256 in lower-case hex */
gboolean  alm_blob_is_name    (const char      *text);
/* FALSE: @value names no file.  The texts live as long as @value. */
gboolean  alm_blob_read       (const AlmValue  *value,
                               AlmBlob         *blob);
/* (transfer full) */
AlmValue *alm_blob_to_value   (const AlmBlob   *blob);
/* Each file named anywhere in @value, which may be NULL; a kind need not be known. */
void      alm_blob_each       (const AlmValue  *value,
                               AlmBlobFunc      func,
                               gpointer         user_data);
gboolean  alm_blob_is_named   (const AlmValue  *value,
                               const char      *sha256);
/* Do the values of this field name files?  An object that needs "sha256" and "size". */
gboolean  alm_field_is_blob   (const AlmField  *field);

G_END_DECLS
