/* SPDX-License-Identifier: EUPL-1.2 */

/* Numbers that look random and repeat exactly.  A stream belongs to one thread. */

#include "config.h"

#include "alm-random.h"

#include <sys/random.h>

guint64
alm_split_mix (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

void
alm_random_seed (AlmRandom *self,
                 guint64    seed)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->s); i++)
    self->s[i] = alm_split_mix (&seed);
}

/* A stream of its own per name, so that adding one shifts no other
 * (FNV-1a, 64 bits, over the name's bytes). */
void
alm_random_seed_by (AlmRandom  *self,
                    guint64     seed,
                    const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  g_return_if_fail (name != NULL);

  for (const char *c = name; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * G_GUINT64_CONSTANT (0x100000001b3);

  alm_random_seed (self, alm_split_mix (&seed) ^ hash);
}

/* Seeded by the kernel; fine for ids and jitter. */
void
alm_random_system (AlmRandom *self)
{
  if (getrandom (self->s, sizeof self->s, 0) != (gssize) sizeof self->s)
    g_error ("The kernel gives no random numbers");
}

static guint64
rotate (guint64 x,
        int     k)
{
  return (x << k) | (x >> (64 - k));
}

guint64
alm_random_next (AlmRandom *self)
{
  guint64 *s = self->s;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);

  return result;
}

/* 0 … bound − 1, without bias worth a name (Lemire 2019, multiply and shift). */
guint32
alm_random_below (AlmRandom *self,
                  guint32    bound)
{
  g_return_val_if_fail (bound > 0, 0);

  return (guint32) (((alm_random_next (self) >> 32) * bound) >> 32);
}

/* [0, 1), 53 bits. */
double
alm_random_unit (AlmRandom *self)
{
  return (double) (alm_random_next (self) >> 11) * 0x1p-53;
}
