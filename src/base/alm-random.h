/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* xoshiro256** seeded by SplitMix64 (Blackman and Vigna 2018; public domain
 * algorithms).  Same seed, same numbers, on every machine.  Not for secrets. */
typedef struct
{
  guint64 s[4];
} AlmRandom;

guint64 alm_split_mix      (guint64    *state);
void    alm_random_seed    (AlmRandom  *self,
                            guint64     seed);
void    alm_random_seed_by (AlmRandom  *self,
                            guint64     seed,
                            const char *name);
void    alm_random_system  (AlmRandom  *self);
guint64 alm_random_next    (AlmRandom  *self);
guint32 alm_random_below   (AlmRandom  *self,
                            guint32     bound);
double  alm_random_unit    (AlmRandom  *self);

G_END_DECLS
