/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BLAKE2b, the one hash of this program (blobs and ETags aside, which the
 * world names by SHA-256), and what else libsodium is asked for. */

#define ALM_HASH_SIZE 32

guint64  alm_hash_64        (gconstpointer  data,
                             gsize          size);
void     alm_hash_256       (guint8         hash[ALM_HASH_SIZE],
                             gconstpointer  data,
                             gsize          size);
char    *alm_hash_to_text   (guint64        hash);
gboolean alm_hash_equal     (const guint8   a[ALM_HASH_SIZE],
                             const guint8   b[ALM_HASH_SIZE]);
void     alm_secret_random  (gpointer       buffer,
                             gsize          size);

/* What one password hash costs: libsodium's Argon2id. */
typedef struct
{
  guint64 passes;
  gsize   memory;   /* bytes */
} AlmPasswordCost;

/* 19 MiB, 2 passes: OWASP's first choice; about 66 ms. */
extern const AlmPasswordCost alm_password_cost;

char    *alm_password_hash   (const char            *password,
                              const AlmPasswordCost *cost);
gboolean alm_password_verify (const char            *hash,
                              const char            *password);

G_END_DECLS
