/* SPDX-License-Identifier: EUPL-1.2 */

/* Lamps along the built streets, on alternating sides; benches, bins and other
 * furniture where people are. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

static gboolean
may_stand (AlmTown *self,
           AlmSpot  spot,
           double   apart)
{
  return spot.e > 1 && spot.n > 1 && spot.e < ALM_TOWN_WIDTH - 1 && spot.n < ALM_TOWN_HEIGHT - 1
         && !alm_town_index_near (self->things, spot, apart)
         && !alm_town_index_near (self->ways, spot, 0.1)
         && !alm_town_index_near (self->houses, spot, 0.3)
         && !alm_town_index_near (self->wet, spot, 0);
}

static void
add_post (AlmTown *self,
          GArray  *posts,
          AlmSpot  spot,
          guint    street,
          guint    district,
          guint    type)
{
  AlmTownPost post = { spot, street, district, posts->len + 1, type };

  g_array_append_val (posts, post);
  alm_town_index_add_spot (self->things, spot, 0, 0);
}

static void
light_road (AlmTown           *self,
            AlmRandom         *random,
            const AlmTownRoad *road)
{
  double length = alm_path_length (&road->path);
  double step = self->size == ALM_TOWN_FULL ? 0.50 : 2.9;
  guint type = road->quarter == QUARTER_OLD ? 0 : road->half > 4 ? 1 : 2;
  int side = alm_random_below (random, 2) == 0 ? -1 : 1;

  if (road->quarter == QUARTER_OPEN)
    return;
  for (double along = 4 + 8 * alm_random_unit (random); along < length - 3;)
    {
      AlmSpot axis, spot = alm_path_walk (&road->path, along, &axis);

      spot = alm_spot_moved (spot, axis, 0, side * (road->half + 0.4));
      if (may_stand (self, spot, 6))
        add_post (self, self->lamps, spot, road->street, road->district, type);
      side = -side;
      along += (28 + 7 * alm_random_unit (random)) * step;
    }
}

static void
furnish (AlmTown *self)
{
  AlmRandom random;
  guint wanted = self->size == ALM_TOWN_FULL ? 900 : 60;

  alm_random_seed_by (&random, self->seed, "furniture");
  for (guint i = 0; i < 60000 && self->furniture->len < wanted; i++)
    {
      guint dice = alm_random_below (&random, 100);
      guint type = alm_random_below (&random, 100);
      const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad,
                                           alm_random_below (&random, self->roads->len));
      AlmSpot axis, spot;

      if (dice < 55)
        {
          double side = alm_random_below (&random, 2) == 0 ? -1 : 1;

          if (road->quarter == QUARTER_OPEN
              || (road->quarter != QUARTER_OLD && alm_random_below (&random, 100) < 55))
            continue;
          spot = alm_path_walk (&road->path,
                                alm_path_length (&road->path) * alm_random_unit (&random), &axis);
          spot = alm_spot_moved (spot, axis, 0, side * (road->half + 0.7));
          if (may_stand (self, spot, 2.5))
            add_post (self, self->furniture, spot, road->street, road->district, type);
        }
      else
        {
          const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea,
                                               alm_random_below (&random, self->areas->len));
          AlmSpot low, high;

          if (strcmp (area->class_, "park") != 0 && strcmp (area->class_, "cemetery") != 0
              && strcmp (area->class_, "square") != 0)
            continue;
          alm_path_box (&area->outline, &low, &high);
          spot = alm_spot (low.e + (high.e - low.e) * alm_random_unit (&random),
                           low.n + (high.n - low.n) * alm_random_unit (&random));
          if (alm_path_contains (&area->outline, spot)
              && (area->hole.n == 0 || !alm_path_contains (&area->hole, spot))
              && may_stand (self, spot, 3))
            add_post (self, self->furniture, spot, NOWHERE,
                      alm_town_district_of (self, spot), type % 70);
        }
    }
}

void
alm_town_make_posts (AlmTown *self)
{
  for (guint i = 0; i < self->roads->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("lamp/road/%u", i);
      AlmRandom random;

      alm_random_seed_by (&random, self->seed, name);
      light_road (self, &random, TOWN_ITEM (self->roads, AlmTownRoad, i));
    }
  furnish (self);
}
