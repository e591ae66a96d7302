/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-id.h"
#include "alm-town-math.h"
#include "alm-value.h"

G_BEGIN_DECLS

/* Kranichfurt an der Silge: the training town (learning.md, section 3).  The
 * same seed and size make the same town, to the byte, on every machine.
 * Immutable once made: any thread may read. */
typedef struct _AlmTown AlmTown;

typedef enum {
  ALM_TOWN_SMALL,
  ALM_TOWN_FULL
} AlmTownSize;

/* What a change here means: the generator's number in manifest.json goes up. */
#define ALM_TOWN_GENERATOR 1
#define ALM_TOWN_TODAY "2026-07-15"
#define ALM_TOWN_NOW "2026-07-15T08:00:00+02:00"

/* The extent, EPSG:25832. */
#define ALM_TOWN_EAST 364000.0
#define ALM_TOWN_NORTH 6050000.0
#define ALM_TOWN_WIDTH 6000.0
#define ALM_TOWN_HEIGHT 5000.0

AlmTown    *alm_town_new            (guint64           seed,
                                     AlmTownSize       size);
void        alm_town_free           (AlmTown          *self);

/* Calls @func for each record, in an order of its own; what it gets is its
 * only for the call. */
typedef void (*AlmTownFunc) (const char     *kind,
                             const char     *id,
                             const char     *scope,
                             const AlmValue *fields,
                             gpointer        user_data);
void        alm_town_each           (AlmTown          *self,
                                     AlmTownFunc       func,
                                     gpointer          user_data);

/* The id of the record of that kind and name within the town: UUID version 8
 * from SHA-256 over seed, kind and name. */
void        alm_town_make_id        (guint64           seed,
                                     const char       *kind,
                                     const char       *name,
                                     AlmId            *id);
/* Symbolic names of records, and the seeded errors: after alm_town_each() only. */
AlmValue   *alm_town_get_names      (AlmTown          *self);
AlmValue   *alm_town_get_mistakes   (AlmTown          *self);

/* The files beside the records, ready to be written; (transfer full). */
char       *alm_town_population_csv (AlmTown          *self);
GBytes     *alm_town_lamps_csv      (AlmTown          *self);

/* A place in the town ↔ the world. */
void        alm_town_spot_to_lonlat (AlmSpot           spot,
                                     double           *lon,
                                     double           *lat);
/* Gauß-Krüger, zone 3 (EPSG:31467), to the centimetre. */
void        alm_town_spot_to_gk3    (AlmSpot           spot,
                                     double           *right,
                                     double           *up);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmTown, alm_town_free)

G_END_DECLS
