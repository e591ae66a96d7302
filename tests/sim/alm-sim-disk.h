/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-random.h"
#include "alm-sim-counters.h"

G_BEGIN_DECLS

/* A computer's disk in memory, for SQLite alone: each file has a volatile image,
 * which programs see, and a durable one, which a power cut leaves. */
typedef struct _AlmSimDisk AlmSimDisk;

typedef enum {
  ALM_SIM_CRASH_KEEP_ALL,     /* the process dies, the computer lives */
  ALM_SIM_CRASH_KEEP_NONE,    /* of what was not synced */
  ALM_SIM_CRASH_KEEP_SOME,    /* a random subset of the sectors */
  ALM_SIM_CRASH_TEAR,         /* the same, and one sector is half new, half old */
  ALM_SIM_N_CRASHES
} AlmSimCrash;

typedef enum {
  ALM_SIM_FAULT_DEAD,         /* from here on every call fails: the moment of a crash */
  ALM_SIM_FAULT_FULL,         /* no space, once */
  ALM_SIM_FAULT_IO,           /* the call fails, once; of a write one half is done */
  ALM_SIM_FAULT_SYNC,         /* a sync fails, once, and what it should have brought to
                               * the disk is never tried again by itself */
  ALM_SIM_FAULT_READ,         /* a read fails, once */
  ALM_SIM_FAULT_SHORT         /* a read of a WAL gives one half, once */
} AlmSimFault;

/* Makes the simulated disks SQLite's only file system; all random numbers that
 * SQLite asks for come from @random. */
void        alm_sim_disk_register   (AlmRandom    *random);
/* Quick memory for SQLite in a program of one thread. */
void        alm_sim_memory_register (void);

/* All files below @prefix. */
AlmSimDisk *alm_sim_disk_new        (const char   *prefix);
void        alm_sim_disk_free       (AlmSimDisk   *self);
/* Takes over the files of @other, as durable. */
void        alm_sim_disk_copy       (AlmSimDisk   *self,
                                     AlmSimDisk   *other);
/* Where to count what happens to it; nullable. */
void        alm_sim_disk_set_counters (AlmSimDisk     *self,
                                     AlmSimCounters *counters);
/* The @nth write, sync or truncate, sync, or read from now on; 0 = none. */
void        alm_sim_disk_set_fault  (AlmSimDisk   *self,
                                     AlmSimFault   fault,
                                     guint         nth);
gboolean    alm_sim_disk_is_dead    (AlmSimDisk   *self);
/* The disk on which this file lies. */
gboolean    alm_sim_disk_is_dead_at (const char   *name);
/* Has a call failed there since the last crash? */
gboolean    alm_sim_disk_is_hurt_at (const char   *name);
/* From now on no call works, until the crash has been settled. */
void        alm_sim_disk_die        (AlmSimDisk   *self);
void        alm_sim_disk_crash      (AlmSimDisk   *self,
                                     AlmSimCrash   crash,
                                     AlmRandom    *random);
guint       alm_sim_disk_get_calls  (AlmSimDisk   *self);

/* alm-sim-pool.c: connections outlive their processes. */
void        alm_sim_pool_set_cold   (gboolean      is_cold);
void        alm_sim_pool_clear      (void);

G_END_DECLS
