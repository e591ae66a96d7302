/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a species is planted, and how often there (out of all of that place). */
typedef enum {
  PLACE_STREET,
  PLACE_PARK,
  PLACE_BANK,
  PLACE_CEMETERY,
  PLACE_VILLAGE,
  PLACE_FOREST_EDGE,
  N_PLACES
} AlmTownPlace;

typedef struct
{
  const char *latin;
  const char *german;
  guint8      share[N_PLACES];
  guint8      height;      /* metres, grown up */
  guint8      crown;       /* metres across, grown up */
  guint8      slow;        /* years to two thirds of it */
} AlmTownSpecies;

extern const AlmTownSpecies alm_town_species[];
extern const guint          alm_town_n_species;

guint alm_town_pick_species (AlmTownPlace place,
                             double       unit);

G_END_DECLS
