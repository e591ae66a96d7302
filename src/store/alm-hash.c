/* SPDX-License-Identifier: EUPL-1.2 */

/* BLAKE2b sums, passwords and secrets, by libsodium.  Any thread. */

#include "config.h"

#include "alm-hash.h"

#include <sodium.h>
#include <string.h>

const AlmPasswordCost alm_password_cost = { 2, 19 * 1024 * 1024 };

/* libsodium may be asked again and again; the first call chooses the code for this processor. */
static void
make_ready (void)
{
  if (sodium_init () < 0)
    g_error ("libsodium cannot be used on this machine");
}

/* The first 8 bytes, read as big-endian, of BLAKE2b-128. */
guint64
alm_hash_64 (gconstpointer data,
             gsize         size)
{
  guint8 hash[16];
  guint64 head;

  crypto_generichash (hash, sizeof hash, data, size, NULL, 0);
  memcpy (&head, hash, sizeof head);

  return GUINT64_FROM_BE (head);
}

void
alm_hash_256 (guint8        hash[ALM_HASH_SIZE],
              gconstpointer data,
              gsize         size)
{
  crypto_generichash (hash, ALM_HASH_SIZE, data, size, NULL, 0);
}

/* 16 hex digits. */
char *
alm_hash_to_text (guint64 hash)
{
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", hash);
}

/* In constant time. */
gboolean
alm_hash_equal (const guint8 a[ALM_HASH_SIZE],
                const guint8 b[ALM_HASH_SIZE])
{
  return sodium_memcmp (a, b, ALM_HASH_SIZE) == 0;
}

/* Bytes nobody can guess. */
void
alm_secret_random (gpointer buffer,
                   gsize    size)
{
  make_ready ();
  randombytes_buf (buffer, size);
}

/* (transfer full) (nullable): NULL where the memory cannot be had */
char *
alm_password_hash (const char            *password,
                   const AlmPasswordCost *cost)
{
  char hash[crypto_pwhash_STRBYTES];

  g_return_val_if_fail (password != NULL, NULL);
  g_return_val_if_fail (cost != NULL, NULL);

  make_ready ();
  if (crypto_pwhash_str_alg (hash, password, strlen (password), cost->passes, cost->memory,
                             crypto_pwhash_ALG_ARGON2ID13) != 0)
    return NULL;

  return g_strdup (hash);
}

/* Takes as long for a wrong password as for the right one. */
gboolean
alm_password_verify (const char *hash,
                     const char *password)
{
  g_return_val_if_fail (hash != NULL, FALSE);
  g_return_val_if_fail (password != NULL, FALSE);

  make_ready ();

  return crypto_pwhash_str_verify (hash, password, strlen (password)) == 0;
}
