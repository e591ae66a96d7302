/* SPDX-License-Identifier: EUPL-1.2 */

/* Playgrounds: in parks first, then where there is room between the streets;
 * made before the houses, which keep off them. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

static gboolean
add_playground (AlmTown *self,
                AlmSpot  spot,
                double   turns,
                double   wide,
                double   deep,
                int      from)
{
  AlmSpot axis = { alm_town_cosine (turns), alm_town_sine (turns) };
  AlmTownPlayground playground = { .from = from };
  const AlmTownStreet *street;
  guint road;

  playground.outline = alm_town_rectangle (spot, axis, wide, deep);
  road = alm_town_index_find (self->ways, spot, 160);
  for (guint i = 0; i < playground.outline.n; i++)
    if (alm_town_index_near (self->wet, playground.outline.at[i], 6))
      road = NOWHERE;
  if (road == NOWHERE || alm_town_index_hits (self->ways, &playground.outline, 5, NOWHERE)
      || alm_town_index_hits (self->houses, &playground.outline, 6, NOWHERE))
    {
      alm_path_clear (&playground.outline);
      return FALSE;
    }
  for (guint i = 0; i < self->playgrounds->len; i++)
    {
      const AlmTownPlayground *other = TOWN_ITEM (self->playgrounds, AlmTownPlayground, i);

      if (alm_spot_distance (alm_path_middle (&other->outline), spot) < 110)
        {
          alm_path_clear (&playground.outline);
          return FALSE;
        }
    }

  playground.street = TOWN_ITEM (self->roads, AlmTownRoad, road)->street;
  street = TOWN_ITEM (self->streets, AlmTownStreet, playground.street);
  playground.district = alm_town_district_of (self, spot);
  playground.name = g_strdup_printf ("Spielplatz %s", street->name);
  for (guint i = 0; i < self->playgrounds->len; i++)
    if (strcmp (TOWN_ITEM (self->playgrounds, AlmTownPlayground, i)->name, playground.name) == 0)
      {
        g_free (playground.name);
        playground.name = g_strdup_printf ("Spielplatz %s %u", street->name,
                                           self->playgrounds->len + 1);
        break;
      }
  g_array_append_val (self->playgrounds, playground);
  alm_town_index_add_polygon (self->houses, &playground.outline, 0, NOWHERE - 1);

  return TRUE;
}

void
alm_town_make_playgrounds (AlmTown *self)
{
  guint wanted = self->size == ALM_TOWN_FULL ? 42 : 6;
  AlmRandom random;

  alm_random_seed_by (&random, self->seed, "playgrounds");
  for (guint i = 0; i < self->areas->len && self->playgrounds->len < wanted / 3; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);
      AlmSpot low, high;

      if (g_str_has_prefix (area->key, "park/"))
        {
          alm_path_box (&area->outline, &low, &high);
          for (guint tries = 0; tries < 40; tries++)
            {
              AlmSpot spot = alm_spot (low.e + (high.e - low.e) * alm_random_unit (&random),
                                       low.n + (high.n - low.n) * alm_random_unit (&random));

              if (alm_path_contains (&area->outline, spot)
                  && add_playground (self, spot, alm_random_unit (&random), 28, 20,
                                     1955 + (int) alm_random_below (&random, 60)))
                break;
            }
        }
    }

  for (guint tries = 0; tries < 20000 && self->playgrounds->len < wanted; tries++)
    {
      const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad,
                                           alm_random_below (&random, self->roads->len));
      double away = 12 + 40 * alm_random_unit (&random);
      AlmSpot axis, spot = alm_path_walk (&road->path, alm_path_length (&road->path) / 2, &axis);

      if (road->quarter == QUARTER_OPEN || road->quarter == QUARTER_INDUSTRY
          || road->quarter == QUARTER_OLD)
        continue;
      spot = alm_spot_moved (spot, axis, 0, road->half + away);
      if (!alm_town_index_near (self->closed, spot, 25))
        add_playground (self, spot, alm_random_unit (&random), 18 + 10 * alm_random_unit (&random),
                        14 + 8 * alm_random_unit (&random),
                        1960 + (int) alm_random_below (&random, 60));
    }
}
