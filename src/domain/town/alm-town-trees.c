/* SPDX-License-Identifier: EUPL-1.2 */

/* The city's trees: avenues along the streets, then greens, parks and
 * cemeteries by throwing darts that keep their distance (Poisson disk), then
 * river meadows and the edges of the woods until the number is full.  None
 * stands in a house, on a road, in water, on the rails. */

#include "config.h"

#include "alm-town-private.h"
#include "alm-town-species.h"

#include <math.h>
#include <string.h>

#define HOUSE 3.0
#define JUNCTION 8.0

static guint
wanted_trees (AlmTown *self)
{
  return self->size == ALM_TOWN_FULL ? 60000 : 2000;
}

static gboolean
may_grow (AlmTown *self,
          AlmSpot  spot,
          double   apart,
          double   kerb)
{
  return spot.e > 2 && spot.n > 2 && spot.e < ALM_TOWN_WIDTH - 2 && spot.n < ALM_TOWN_HEIGHT - 2
         && !alm_town_index_near (self->things, spot, apart)
         && !alm_town_index_near (self->ways, spot, kerb)
         && !alm_town_index_near (self->houses, spot, HOUSE)
         && !alm_town_index_near (self->wet, spot, 0);
}

static void
add_tree (AlmTown *self,
          AlmSpot  spot,
          guint    species,
          guint    street,
          guint    area,
          guint    place,
          int      planted,
          guint    district)
{
  AlmTownTree tree = { spot, species, street, area, self->trees->len + 1, planted, district,
                       place };

  g_array_append_val (self->trees, tree);
  alm_town_index_add_spot (self->things, spot, 0, self->trees->len - 1);
}

/* More of the young than of the old. */
static int
planted_since (AlmRandom *random,
               int        least)
{
  double unit = alm_random_unit (random);

  least = CLAMP (least, 1790, 2015);

  return 2025 - (int) ((2025 - least) * unit * (0.45 + 0.55 * unit));
}

static gboolean
choose_avenue (AlmTown     *self,
               AlmRandom   *random,
               guint        index)
{
  /* per cent of the streets, by AlmTownQuarter */
  static const guint8 share[] = { 16, 80, 86, 58, 84, 60, 60, 48, 95 };
  AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, index);
  guint chance = share[street->quarter];
  AlmTownPlace place = street->quarter == QUARTER_VILLAGE ? PLACE_VILLAGE : PLACE_STREET;

  /* The mains come first and are all avenues. */
  if (index < self->mains->len + N_GATES && street->quarter != QUARTER_OLD)
    chance = 90;
  if (self->size == ALM_TOWN_SMALL)
    chance = chance / 2;
  street->trees = alm_random_below (random, 100) < chance;
  street->species = alm_town_pick_species (place, alm_random_unit (random));

  return street->trees;
}

static void
plant_road (AlmTown           *self,
            AlmRandom         *random,
            const AlmTownRoad *road)
{
  const AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, road->street);
  AlmTownPlace place = road->quarter == QUARTER_VILLAGE ? PLACE_VILLAGE : PLACE_STREET;
  double length = alm_path_length (&road->path);

  for (int side = -1; side <= 1; side += 2)
    for (double along = 5 + 4 * alm_random_unit (random); along < length - 3;)
      {
        AlmSpot axis, spot = alm_path_walk (&road->path, along, &axis);
        guint species = street->species;

        spot = alm_spot_moved (spot, axis, 0, side * (road->half + 1.5
                                                      + 0.4 * alm_random_unit (random)));
        if (alm_random_below (random, 100) < 24)
          species = alm_town_pick_species (place, alm_random_unit (random));
        if (may_grow (self, spot, 3.2, 1.2)
            && !alm_town_index_near (self->junctions, spot, JUNCTION))
          add_tree (self, spot, species, road->street, NOWHERE, place,
                    planted_since (random, MAX (street->from, 1870)), road->district);
        along += (9 + 5 * alm_random_unit (random)) * (self->size == ALM_TOWN_FULL ? 1 : 4);
      }
}

/* Darts into a polygon. */
static void
scatter (AlmTown       *self,
         const char    *name,
         const AlmPath *outline,
         const AlmPath *hole,
         guint          area,
         double         apart,
         AlmTownPlace   place,
         int            since)
{
  AlmRandom random;
  AlmSpot low, high;
  guint tries;
  double wide, tall;

  alm_random_seed_by (&random, self->seed, name);
  alm_path_box (outline, &low, &high);
  wide = high.e - low.e;
  tall = high.n - low.n;
  if (self->size == ALM_TOWN_SMALL)
    apart *= 2.6;
  tries = (guint) (wide * tall / (apart * apart) * 2.2);
  for (guint i = 0; i < tries && self->trees->len < wanted_trees (self); i++)
    {
      AlmSpot spot = alm_spot (low.e + wide * alm_random_unit (&random),
                               low.n + tall * alm_random_unit (&random));
      double unit = alm_random_unit (&random);
      double own = apart * (0.8 + 0.6 * alm_random_unit (&random));

      if (!alm_path_contains (outline, spot)
          || (hole != NULL && hole->n > 0 && alm_path_contains (hole, spot))
          || !may_grow (self, spot, own, 2.0))
        continue;
      add_tree (self, spot, alm_town_pick_species (place, unit), NOWHERE, area, place,
                planted_since (&random, since), alm_town_district_of (self, spot));
    }
}

static void
plant_areas (AlmTown *self)
{
  for (guint i = 0; i < self->areas->len; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);
      g_autofree char *name = g_strconcat ("tree/", area->key, NULL);

      if (strcmp (area->key, "banks") == 0)
        scatter (self, name, &area->outline, NULL, i, 6.5, PLACE_BANK, area->from);
      else if (strcmp (area->class_, "park") == 0)
        scatter (self, name, &area->outline, &area->hole, i, 6.0, PLACE_PARK, area->from);
      else if (strcmp (area->class_, "cemetery") == 0)
        scatter (self, name, &area->outline, NULL, i, 5.5, PLACE_CEMETERY, area->from);
      else if (strcmp (area->class_, "sports") == 0 || strcmp (area->class_, "allotments") == 0)
        scatter (self, name, &area->outline, NULL, i, 17, PLACE_PARK, area->from);
      else if (strcmp (area->class_, "orchard") == 0)
        scatter (self, name, &area->outline, NULL, i, 13, PLACE_VILLAGE, 1950);
    }

  for (guint i = 0; i < self->settlements->len; i++)
    {
      const AlmTownSettlement *settlement = TOWN_ITEM (self->settlements, AlmTownSettlement, i);
      g_autofree char *name = g_strconcat ("tree/in/", settlement->name, NULL);

      if (settlement->quarter == QUARTER_ESTATE)
        scatter (self, name, &settlement->outline, NULL, NOWHERE, 8.5, PLACE_PARK,
                 settlement->from + 2);
      else if (settlement->quarter == QUARTER_INDUSTRY || settlement->quarter == QUARTER_WORKS)
        scatter (self, name, &settlement->outline, NULL, NOWHERE, 19, PLACE_STREET,
                 settlement->from);
    }
}

/* A spot just inside a wood's edge. */
static AlmSpot
wood_edge (const AlmPath *outline,
           AlmRandom     *random)
{
  guint i = alm_random_below (random, outline->n);
  AlmSpot a = outline->at[i], b = outline->at[(i + 1) % outline->n];
  AlmSpot spot = alm_spot_between (a, b, alm_random_unit (random));
  double square = alm_random_unit (random);

  return alm_spot_moved (spot, alm_spot_direction (a, b), 0, 2 + 34 * square * square);
}

static AlmSpot
river_meadow (const AlmPath *river,
              AlmRandom     *random)
{
  guint i = alm_random_below (random, river->n - 1);
  double side = alm_random_below (random, 2) == 0 ? -1 : 1;
  double away = alm_random_unit (random);

  return alm_spot_moved (alm_spot_between (river->at[i], river->at[i + 1],
                                           alm_random_unit (random)),
                         alm_spot_direction (river->at[i], river->at[i + 1]), 0,
                         side * (18 + 58 * away * away));
}

static void
fill_up (AlmTown *self)
{
  AlmRandom random;
  guint flood = NOWHERE;
  guint wanted = wanted_trees (self), n_woods = 0;
  guint woods[16];
  double apart = self->size == ALM_TOWN_FULL ? 4.6 : 11;

  for (guint i = 0; i < self->areas->len; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);

      if (strcmp (area->key, "floodplain/0") == 0)
        flood = i;
      if (strcmp (area->class_, "wood") == 0 && n_woods < G_N_ELEMENTS (woods))
        woods[n_woods++] = i;
    }
  alm_random_seed_by (&random, self->seed, "tree/fill");

  for (guint i = 0; i < 400000 && self->trees->len < wanted; i++)
    {
      gboolean wet = alm_random_below (&random, 100) < 40;
      guint area = wet ? flood : woods[alm_random_below (&random, n_woods)];
      AlmTownPlace place = wet ? PLACE_BANK : PLACE_FOREST_EDGE;
      const AlmPath *outline = &TOWN_ITEM (self->areas, AlmTownArea, area)->outline;
      AlmSpot spot = wet ? river_meadow (&self->river, &random) : wood_edge (outline, &random);
      double unit = alm_random_unit (&random);
      int planted = planted_since (&random, wet ? 1920 : 1890);

      if (may_grow (self, spot, apart, 2))
        add_tree (self, spot, alm_town_pick_species (place, unit), NOWHERE, area, place, planted,
                  alm_town_district_of (self, spot));
    }
}

/* The lime tree in the market that everybody meets under. */
static void
plant_market (AlmTown *self)
{
  static const double at[][2] = { { 30, 17 }, { 36, 4 }, { 33, -9 }, { 20, 20 }, { 34, -16 } };

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    {
      AlmSpot spot = alm_spot (self->middle.e + at[i][0], self->middle.n + at[i][1]);

      if (may_grow (self, spot, 4, 1))
        add_tree (self, spot, 0, 0, NOWHERE, PLACE_STREET, i == 0 ? 1897 : 1996, 0);
    }
}

void
alm_town_make_trees (AlmTown *self)
{
  plant_market (self);
  for (guint s = 0; s < self->streets->len; s++)
    {
      g_autofree char *name = g_strdup_printf ("tree/street/%u", s);
      AlmRandom random;

      alm_random_seed_by (&random, self->seed, name);
      choose_avenue (self, &random, s);
    }
  for (guint i = 0; i < self->roads->len; i++)
    {
      const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad, i);
      g_autofree char *name = g_strdup_printf ("tree/road/%u", i);
      AlmRandom random;

      alm_random_seed_by (&random, self->seed, name);
      if (TOWN_ITEM (self->streets, AlmTownStreet, road->street)->trees)
        plant_road (self, &random, road);
    }
  plant_areas (self);
  fill_up (self);
}
