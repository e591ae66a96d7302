/* SPDX-License-Identifier: EUPL-1.2 */

/* Houses along the streets, set back as their quarter does it, numbered odd on
 * the left and even on the right.  The fire of 1826 and the bombs of 1945 ended
 * some; what was built in their place stands on the same ground. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  double wide[2];      /* metres along the street: least, and how much more */
  double deep[2];
  double back[2];      /* from the kerb to the front */
  double between[2];   /* from house to house; 0 = wall to wall */
  guint  run;          /* houses wall to wall before a gap; 0 = none */
  guint  empty;        /* per cent of lots without a house */
  guint  wing;         /* per cent with a wing behind */
  guint  floors[2];
  double entrance;     /* metres of front per house number; 0 = one */
} Habit;

/* by AlmTownQuarter */
static const Habit habits[] = {
  [QUARTER_OLD]      = { { 10,  6 }, { 10,  4 }, { 0.4, 0.3 }, { 0,  0 }, 7, 3, 34, { 2, 2 }, 0 },
  [QUARTER_ROWS]     = { { 17,  8 }, { 12,  2 }, { 4.9, 0.8 }, { 0,  0 }, 5, 6, 42, { 3, 2 }, 14 },
  [QUARTER_VILLA]    = { { 13,  7 }, { 11,  5 }, { 8.0, 5.0 }, { 17, 12 }, 0, 7, 60, { 2, 1 }, 0 },
  [QUARTER_FAMILY]   = { { 10,  4 }, {  8,  3 }, { 5.0, 3.0 }, { 14,  9 }, 0, 6, 18, { 1, 2 }, 0 },
  [QUARTER_ESTATE]   = { { 38, 34 }, { 11,  1 }, { 9.0, 6.0 }, { 24, 12 }, 0, 6, 0, { 5, 7 }, 14 },
  [QUARTER_WORKS]    = { { 34, 12 }, {  9,  1 }, { 4.0, 1.0 }, { 9,  4 }, 0, 5, 0, { 2, 1 }, 7 },
  [QUARTER_INDUSTRY] = { { 34, 46 }, { 26, 24 }, { 10., 6.0 }, { 16, 14 }, 0, 12, 30, { 1, 2 }, 0 },
  [QUARTER_VILLAGE]  = { { 10,  5 }, {  9,  3 }, { 2.5, 4.0 }, { 11, 14 }, 0, 9, 46, { 1, 1 }, 0 },
  [QUARTER_OPEN]     = { { 10,  4 }, {  9,  3 }, { 9.0, 6.0 }, { 90, 99 }, 0, 78, 20, { 1, 2 }, 0 },
};

static const char *const uses[] = {
  [QUARTER_OLD] = "residential", [QUARTER_ROWS] = "residential", [QUARTER_VILLA] = "residential",
  [QUARTER_FAMILY] = "residential", [QUARTER_ESTATE] = "residential",
  [QUARTER_WORKS] = "residential", [QUARTER_INDUSTRY] = "industrial",
  [QUARTER_VILLAGE] = "residential", [QUARTER_OPEN] = "farm",
};

guint
alm_town_add_building (AlmTown         *self,
                       AlmTownBuilding  building)
{
  g_array_append_val (self->buildings, building);
  if (building.until == 0)
    alm_town_index_add_polygon (self->houses, &building.outline, 0, self->buildings->len - 1);

  return self->buildings->len - 1;
}

/* The next free number on that side; @side 0 is the left, with odd ones. */
guint
alm_town_add_address (AlmTown *self,
                      guint    road,
                      guint    side,
                      AlmSpot  spot,
                      guint    building)
{
  const AlmTownRoad *way = TOWN_ITEM (self->roads, AlmTownRoad, road);
  AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, way->street);
  AlmTownAddress address = { spot, way->street, way->district, 0, 0, building };

  address.number = street->numbers[side]++ * 2 + 1 + side;
  g_array_append_val (self->addresses, address);

  return self->addresses->len - 1;
}

/* @front: the middle of the front; the house lies to the left of @axis. */
AlmPath
alm_town_rectangle (AlmSpot front,
                    AlmSpot axis,
                    double  wide,
                    double  deep)
{
  AlmPath path = { NULL };

  alm_path_add (&path, alm_spot_moved (front, axis, -wide / 2, 0));
  alm_path_add (&path, alm_spot_moved (front, axis, wide / 2, 0));
  alm_path_add (&path, alm_spot_moved (front, axis, wide / 2, deep));
  alm_path_add (&path, alm_spot_moved (front, axis, -wide / 2, deep));

  return path;
}

/* The same with a wing behind its left or right end. */
static AlmPath
winged (AlmSpot  front,
        AlmSpot  axis,
        double   wide,
        double   deep,
        double   wing_wide,
        double   wing_deep,
        gboolean left)
{
  AlmPath path = { NULL };
  double begin = left ? -wide / 2 : wide / 2 - wing_wide;

  alm_path_add (&path, alm_spot_moved (front, axis, -wide / 2, 0));
  alm_path_add (&path, alm_spot_moved (front, axis, wide / 2, 0));
  if (!left)
    alm_path_add (&path, alm_spot_moved (front, axis, wide / 2, deep + wing_deep));
  else
    alm_path_add (&path, alm_spot_moved (front, axis, wide / 2, deep));
  if (left)
    alm_path_add (&path, alm_spot_moved (front, axis, begin + wing_wide, deep));
  alm_path_add (&path, alm_spot_moved (front, axis, begin + (left ? wing_wide : 0),
                                       deep + wing_deep));
  if (left)
    alm_path_add (&path, alm_spot_moved (front, axis, -wide / 2, deep + wing_deep));
  else
    {
      alm_path_add (&path, alm_spot_moved (front, axis, begin, deep));
      alm_path_add (&path, alm_spot_moved (front, axis, -wide / 2, deep));
    }

  return path;
}

static gboolean
is_free (AlmTown *self,
         AlmSpot  front,
         AlmSpot  axis,
         double   wide,
         double   deep,
         double   gap,
         double   kerb)
{
  /* Wall to wall is not a collision: the test looks at a hand's breadth less. */
  g_auto (AlmPath) inner = alm_town_rectangle (alm_spot_moved (front, axis, 0, 0.25), axis,
                                               wide - 0.5, deep - 0.5);

  for (guint i = 0; i < inner.n; i++)
    if (inner.at[i].e < 5 || inner.at[i].n < 5 || inner.at[i].e > ALM_TOWN_WIDTH - 5
        || inner.at[i].n > ALM_TOWN_HEIGHT - 5)
      return FALSE;

  return !alm_town_index_hits (self->ways, &inner, kerb, NOWHERE)
         && !alm_town_index_hits (self->closed, &inner, 1.5, NOWHERE)
         && !alm_town_index_hits (self->houses, &inner, gap, NOWHERE);
}

/* Did the fire or the bombs come by here?  Then when was it built again? */
static int
struck (AlmTown   *self,
        AlmRandom *random,
        AlmSpot    spot,
        int        built,
        int       *again)
{
  if (built < 1826 && alm_spot_distance (spot, alm_town_around (self, 0.42, 190)) < 105
      && alm_random_below (random, 100) < 70)
    {
      *again = 1827 + (int) alm_random_below (random, 9);
      return 1826;
    }
  if (built < 1945 && (alm_spot_distance (spot, alm_town_around (self, 0.24, 660)) < 210
                       || alm_spot_distance (spot, alm_town_around (self, 0.93, 200)) < 95)
      && alm_random_below (random, 100) < 42)
    {
      *again = 1948 + (int) alm_random_below (random, 15);
      return 1945;
    }

  return 0;
}

static guint
build_house (AlmTown           *self,
             AlmRandom         *random,
             const AlmTownRoad *road,
             AlmSpot            front,
             AlmSpot            axis,
             double             wide,
             double             deep,
             const char        *key)
{
  const Habit *habit = &habits[road->quarter];
  AlmTownBuilding building = { { NULL } };
  int again = 0, end;
  double wing_wide = MIN (wide * 0.45, 7.5), wing_deep = 5 + 6 * alm_random_unit (random);
  gboolean left = alm_random_below (random, 2) == 0;

  building.use = uses[road->quarter];
  building.quarter = road->quarter;
  building.floors = habit->floors[0] + alm_random_below (random, habit->floors[1]);
  building.from = road->from + (int) alm_random_below (random, 26);
  if (road->quarter == QUARTER_OLD)
    building.from = 1480 + (int) alm_random_below (random, 340);
  else if (road->quarter == QUARTER_VILLAGE || road->quarter == QUARTER_OPEN)
    building.from = 1720 + (int) alm_random_below (random, 290);
  else if (road->from < 1860)
    building.from = 1862 + (int) alm_random_below (random, 60);
  if (alm_random_below (random, 100) < 5)
    building.from = MAX (building.from, 1992 + (int) alm_random_below (random, 30));

  if (alm_random_below (random, 100) < habit->wing
      && is_free (self, alm_spot_moved (front, axis, (left ? -1 : 1) * (wide - wing_wide) / 2,
                                        deep + 0.3),
                  axis, wing_wide, wing_deep, 1.5, 2))
    building.outline = winged (front, axis, wide, deep, wing_wide, wing_deep, left);
  else
    building.outline = alm_town_rectangle (front, axis, wide, deep);

  end = struck (self, random, front, building.from, &again);
  if (end != 0)
    {
      AlmTownBuilding gone = building;

      gone.outline = alm_town_rectangle (front, axis, wide, deep);
      gone.until = end;
      gone.key = g_strconcat (key, "/gone", NULL);
      alm_town_add_building (self, gone);
      building.from = again;
    }
  building.key = g_strdup (key);

  return alm_town_add_building (self, building);
}

/* A barn or a shed behind. */
static void
build_barn (AlmTown           *self,
            AlmRandom         *random,
            const AlmTownRoad *road,
            AlmSpot            front,
            AlmSpot            axis,
            double             deep,
            const char        *key)
{
  gboolean village = road->quarter == QUARTER_VILLAGE;
  double wide = village ? 9 + 8 * alm_random_unit (random) : 4 + 2 * alm_random_unit (random);
  double own = village ? 8 + 4 * alm_random_unit (random) : 5;
  AlmSpot at = alm_spot_moved (front, axis, 7 * (alm_random_unit (random) - 0.5),
                               deep + 8 + 7 * alm_random_unit (random));
  AlmTownBuilding barn = { { NULL } };

  if (!is_free (self, at, axis, wide, own, 2, 4))
    return;
  barn.outline = alm_town_rectangle (at, axis, wide, own);
  barn.use = village ? "farm" : "garage";
  barn.floors = 1;
  barn.quarter = road->quarter;
  barn.from = village ? 1780 + (int) alm_random_below (random, 170)
                      : 1960 + (int) alm_random_below (random, 50);
  barn.key = g_strconcat (key, "/behind", NULL);
  alm_town_add_building (self, barn);
}

static void
add_numbers (AlmTown    *self,
             AlmRandom  *random,
             guint       road,
             guint       side,
             AlmSpot     front,
             AlmSpot     axis,
             double      wide,
             guint       building)
{
  const Habit *habit = &habits[TOWN_ITEM (self->roads, AlmTownRoad, road)->quarter];
  guint n = habit->entrance > 0 ? MAX (1, (guint) (wide / habit->entrance)) : 1;
  guint first = NOWHERE;

  for (guint i = 0; i < n; i++)
    {
      double along = ((i + 0.5) / n - 0.5) * wide * (side == 0 ? 1 : -1);
      guint own = alm_town_add_address (self, road, side, alm_spot_moved (front, axis, along, 1.5),
                                        building);

      if (first == NOWHERE)
        first = own;
    }
  /* 12 a: what was built beside it later. */
  if (n == 1 && alm_random_below (random, 100) < 16)
    {
      AlmTownAddress address = g_array_index (self->addresses, AlmTownAddress, first);

      address.letter = 'a';
      address.spot = alm_spot_moved (front, axis, wide / 4, 3);
      g_array_append_val (self->addresses, address);
    }
}

static void
build_side (AlmTown   *self,
            guint      index,
            guint      side,
            AlmRandom *random)
{
  const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad, index);
  const Habit *habit = &habits[road->quarter];
  gboolean full = self->size == ALM_TOWN_FULL;
  double length = alm_path_length (&road->path);
  double along = 3, sign = side == 0 ? 1 : -1;
  guint run = habit->run > 0 ? 1 + alm_random_below (random, habit->run) : 0;
  double setback = habit->back[0] + habit->back[1] * alm_random_unit (random);

  while (along < length - 4)
    {
      double wide = habit->wide[0] + habit->wide[1] * alm_random_unit (random);
      double deep = habit->deep[0] + habit->deep[1] * alm_random_unit (random);
      double back = setback + (habit->run > 0 ? 0 : 1.5 * alm_random_unit (random));
      AlmSpot axis, spot, front;

      if (!full && road->quarter == QUARTER_OLD)
        wide += 6;
      wide = rint (wide * 10) / 10;
      spot = alm_path_walk (&road->path, along + wide / 2, &axis);
      axis.e *= sign;
      axis.n *= sign;
      front = alm_spot_moved (spot, axis, 0, road->half + back);

      if (alm_random_below (random, 100) < habit->empty + (full ? 0 : 44))
        {
          along += wide + habit->between[0];
          continue;
        }
      if (!is_free (self, front, axis, wide, deep, habit->run > 0 ? 0 : 3.5,
                    habit->run > 0 ? MIN (0.2, setback) : 2.0))
        {
          along += habit->run > 0 ? 3.5 : 6;
          continue;
        }
      else
        {
          const AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, road->street);
          g_autofree char *key = g_strdup_printf ("%s/%u", street->name,
                                                  street->numbers[side] * 2 + 1 + side);
          guint building = build_house (self, random, road, front, axis, wide, deep, key);

          add_numbers (self, random, index, side, front, axis, wide, building);
          if ((road->quarter == QUARTER_VILLAGE && alm_random_below (random, 100) < 55)
              || (road->quarter == QUARTER_FAMILY && alm_random_below (random, 100) < 12))
            build_barn (self, random, road, front, axis, deep, key);
        }

      along += wide;
      if (habit->run == 0)
        along += habit->between[0] + habit->between[1] * alm_random_unit (random);
      else if (--run == 0)
        {
          along += road->quarter == QUARTER_OLD ? 1.6 : 5.0;
          run = 1 + alm_random_below (random, habit->run);
        }
    }
}

void
alm_town_make_houses (AlmTown *self)
{
  for (guint i = 0; i < self->roads->len; i++)
    for (guint side = 0; side < 2; side++)
      {
        const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad, i);
        g_autofree char *name = g_strdup_printf ("houses/%s/%d/%u",
                                                 TOWN_ITEM (self->streets, AlmTownStreet,
                                                            road->street)->name,
                                                 (int) rint (road->path.at[0].e * 1000), side);
        AlmRandom random;

        alm_random_seed_by (&random, self->seed, name);
        build_side (self, i, side, &random);
      }
}
