/* SPDX-License-Identifier: EUPL-1.2 */

/* The land between the roads of the plan: zones, what is built on them, and
 * the twelve districts that are unions of them. */

#include "config.h"

#include "alm-town-private.h"

#include <string.h>

/* What each inner zone became, and whether its outer neighbour is one district with it. */
static const AlmTownQuarter inner_quarter[N_GATES] = {
  QUARTER_FAMILY, QUARTER_ROWS, QUARTER_ROWS, QUARTER_VILLA, QUARTER_FAMILY, QUARTER_ROWS
};

static void
add_edge (AlmTownZone *zone,
          AlmSpot      to,
          guint        owner)
{
  guint before = zone->outline.n;

  alm_path_add (&zone->outline, to);
  if (zone->outline.n > before && before > 0)
    g_array_append_val (zone->owners, owner);
}

/* Along a main from one corner to another, forwards or backwards; a closed one
 * goes on over its beginning. */
static void
follow (AlmTown     *self,
        AlmTownZone *zone,
        guint        main,
        guint        begin,
        guint        end)
{
  const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, main);

  if (begin <= end)
    for (guint i = begin; i <= end; i++)
      add_edge (zone, road->path.at[i], main);
  else
    for (guint i = begin + 1; i-- > end;)
      add_edge (zone, road->path.at[i], main);
}

static void
follow_ring (AlmTown     *self,
             AlmTownZone *zone,
             guint        ring,
             guint        sector,
             gboolean     backwards)
{
  const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, self->rings[ring]);
  guint begin = self->ring_at[ring][sector];
  guint end = sector + 1 < N_GATES ? self->ring_at[ring][sector + 1] : road->path.n - 1;

  if (backwards)
    follow (self, zone, self->rings[ring], end, begin);
  else
    follow (self, zone, self->rings[ring], begin, end);
}

/* Counter-clockwise round the extent: how far is a spot of its edge? */
static double
along_extent (AlmSpot spot)
{
  if (spot.e >= ALM_TOWN_WIDTH)
    return spot.n;
  if (spot.n >= ALM_TOWN_HEIGHT)
    return ALM_TOWN_HEIGHT + ALM_TOWN_WIDTH - spot.e;
  if (spot.e <= 0)
    return 2 * ALM_TOWN_HEIGHT + ALM_TOWN_WIDTH - spot.n;

  return 2 * ALM_TOWN_HEIGHT + ALM_TOWN_WIDTH + spot.e;
}

static void
follow_extent (AlmTownZone *zone,
               AlmSpot      begin,
               AlmSpot      end)
{
  const double round = 2 * (ALM_TOWN_WIDTH + ALM_TOWN_HEIGHT);
  const AlmSpot corners[4] = { { ALM_TOWN_WIDTH, ALM_TOWN_HEIGHT }, { 0, ALM_TOWN_HEIGHT },
                               { 0, 0 }, { ALM_TOWN_WIDTH, 0 } };
  double from = along_extent (begin);
  double to = along_extent (end);

  if (to < from)
    to += round;
  for (guint i = 0; i < 8; i++)
    {
      double at = along_extent (corners[i % 4]) + (i >= 4 ? round : 0);

      if (i % 4 == 3)   /* the south-east corner begins the round */
        at = round * (i >= 4 ? 2 : 1);
      if (at > from && at < to)
        add_edge (zone, corners[i % 4], NOWHERE);
    }
  add_edge (zone, end, NOWHERE);
}

static AlmTownZone *
new_zone (AlmTown        *self,
          guint           belt,
          guint           sector,
          AlmTownQuarter  quarter)
{
  AlmTownZone zone = { { NULL }, g_array_new (FALSE, FALSE, sizeof (guint)), quarter, sector,
                       NOWHERE, belt };

  g_array_append_val (self->zones, zone);

  return TOWN_ITEM (self->zones, AlmTownZone, self->zones->len - 1);
}

static void
close_zone (AlmTownZone *zone)
{
  AlmPath *path = &zone->outline;

  if (path->at[0].e == path->at[path->n - 1].e && path->at[0].n == path->at[path->n - 1].n)
    path->n--;
  g_assert (zone->owners->len == path->n);
}

static void
make_sector (AlmTown *self,
             guint    k)
{
  guint next = (k + 1) % N_GATES;
  const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[k]);
  const AlmTownMain *other = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[next]);
  guint far_end = road->path.n - 1, other_end = other->path.n - 1;
  AlmTownZone *zone;

  zone = new_zone (self, 0, k, QUARTER_OLD);
  follow (self, zone, self->gate_street[k], 0, self->gate_at[1][k]);
  follow_ring (self, zone, 1, k, FALSE);
  follow (self, zone, self->gate_street[next], self->gate_at[1][next], 0);
  follow_ring (self, zone, 0, k, TRUE);
  close_zone (zone);

  zone = new_zone (self, 1, k, inner_quarter[k]);
  follow (self, zone, self->gate_road[k], 0, self->gate_at[2][k]);
  follow_ring (self, zone, 3, k, FALSE);
  follow (self, zone, self->gate_road[next], self->gate_at[2][next], 0);
  follow_ring (self, zone, 2, k, TRUE);
  close_zone (zone);

  zone = new_zone (self, 2, k, QUARTER_OPEN);
  follow (self, zone, self->gate_road[k], self->gate_at[2][k], far_end);
  follow_extent (zone, road->path.at[far_end], other->path.at[other_end]);
  follow (self, zone, self->gate_road[next], other_end, self->gate_at[2][next]);
  follow_ring (self, zone, 3, k, TRUE);
  close_zone (zone);
}

static void
add_settlement (AlmTown        *self,
                AlmTownQuarter  quarter,
                char           *name,
                AlmSpot         middle,
                AlmSpot         axis,
                double          wide,
                double          high,
                int             from)
{
  AlmTownSettlement settlement = { .middle = middle, .quarter = quarter, .name = name,
                                   .axis = axis, .from = from };
  g_autofree char *key = g_strconcat ("settlement/", name, NULL);

  settlement.outline = alm_town_blob (self, key, middle, wide, high,
                                      0.02 * (double) (self->settlements->len), 0.16);
  g_array_append_val (self->settlements, settlement);
}

/* A spot on a gate road and the road's direction there. */
static AlmSpot
on_gate_road (AlmTown *self,
              guint    gate,
              double   along,
              AlmSpot *axis)
{
  const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[gate]);
  double length = alm_path_length (&road->path);

  return alm_path_walk (&road->path, MIN (along, length - 330), axis);
}

static void
make_settlements (AlmTown *self)
{
  AlmRandom random;
  AlmSpot axis, spot;
  double more = self->ring - 340;   /* along a gate road, to the outer ring */
  double size = self->size == ALM_TOWN_FULL ? 1.0 : 0.52;

  alm_random_seed_by (&random, self->seed, "settlements");

  spot = on_gate_road (self, 0, more + 1080, &axis);
  add_settlement (self, QUARTER_VILLAGE, alm_town_name_place (self, &random, "rode"),
                  alm_spot_moved (spot, axis, 0, 190 * size), axis, 400 * size, 290 * size, 1150);
  spot = on_gate_road (self, 3, more + 950, &axis);
  add_settlement (self, QUARTER_VILLAGE, alm_town_name_place (self, &random, "hausen"),
                  alm_spot_moved (spot, axis, 0, 190 * size), axis, 400 * size, 300 * size, 1090);
  spot = on_gate_road (self, 4, more + 620, &axis);
  add_settlement (self, QUARTER_VILLAGE, alm_town_name_place (self, &random, "stedt"),
                  alm_spot_moved (spot, axis, 0, 180 * size), axis, 360 * size, 280 * size, 1210);
  spot = on_gate_road (self, 3, more + 420, &axis);
  add_settlement (self, QUARTER_ESTATE, g_strdup ("Am Kranichfeld"),
                  alm_spot_moved (spot, axis, 0, -300 * size), axis, 540 * size, 330 * size, 1963);
  spot = on_gate_road (self, 5, more + 430, &axis);
  add_settlement (self, QUARTER_ESTATE, g_strdup ("Silgehöhe"),
                  alm_spot_moved (spot, axis, 0, 330 * size), axis, 500 * size, 380 * size, 1972);
  spot = on_gate_road (self, 1, more + 250, &axis);
  add_settlement (self, QUARTER_WORKS, g_strdup ("Werksiedlung"),
                  alm_spot_moved (spot, axis, 0, 200 * size), axis, 380 * size, 260 * size, 1909);
  spot = on_gate_road (self, 2, more + 250, &axis);
  add_settlement (self, QUARTER_INDUSTRY, g_strdup ("Bahnfeld"),
                  alm_spot_moved (spot, axis, 0, 260 * size), axis, 420 * size, 230 * size, 1890);
}

static guint
add_district (AlmTown        *self,
              char           *name,
              AlmTownQuarter  quarter,
              int             joined)
{
  AlmTownDistrict district = { .name = name, .quarter = quarter, .joined = joined };

  g_array_append_val (self->districts, district);

  return self->districts->len - 1;
}

static AlmTownZone *
zone_at (AlmTown *self,
         guint    belt,
         guint    sector)
{
  return TOWN_ITEM (self->zones, AlmTownZone, sector * 3 + belt);
}

/* Old town, six suburbs, and outside them five: three villages, two estates;
 * the outer land between the first two gates belongs to its suburb. */
static void
make_districts (AlmTown *self)
{
  static const char *const suburbs[N_GATES] = {
    "Silgevorstadt", "Bahnhofsvorstadt", "Obervorstadt", "Villenviertel",
    "Mühlvorstadt", "Salzvorstadt"
  };
  static const guint outer[N_GATES] = { 0, NOWHERE, 3, 1, 2, 4 };   /* settlement */
  static const int joined[5] = { 1974, 1922, 1994, 0, 0 };
  guint old = add_district (self, g_strdup ("Altstadt"), QUARTER_OLD, 0);
  const AlmTownMain *ring = TOWN_ITEM (self->mains, AlmTownMain, self->rings[2]);

  for (guint i = 0; i + 1 < ring->path.n; i++)
    alm_path_add (&TOWN_ITEM (self->districts, AlmTownDistrict, old)->outline, ring->path.at[i]);

  for (guint k = 0; k < N_GATES; k++)
    {
      guint own = add_district (self, g_strdup (suburbs[k]), inner_quarter[k], 0);
      AlmTownDistrict *district = TOWN_ITEM (self->districts, AlmTownDistrict, own);

      zone_at (self, 0, k)->district = old;
      zone_at (self, 1, k)->district = own;
      if (outer[k] == NOWHERE)
        {
          /* Both zones share the ring: from the inner one's outline to the edge. */
          const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[k]);
          guint next = (k + 1) % N_GATES;
          const AlmTownMain *other = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[next]);
          AlmTownZone both = { { NULL }, g_array_new (FALSE, FALSE, sizeof (guint)) };

          follow (self, &both, self->gate_road[k], 0, road->path.n - 1);
          follow_extent (&both, road->path.at[road->path.n - 1], other->path.at[other->path.n - 1]);
          follow (self, &both, self->gate_road[next], other->path.n - 1, 0);
          follow_ring (self, &both, 2, k, TRUE);
          close_zone (&both);
          district->outline = both.outline;
          g_array_unref (both.owners);
          zone_at (self, 2, k)->district = own;
        }
      else
        district->outline = alm_path_copy (&zone_at (self, 1, k)->outline);
    }

  for (guint k = 0; k < N_GATES; k++)
    if (outer[k] != NOWHERE)
      {
        const AlmTownSettlement *settlement = TOWN_ITEM (self->settlements, AlmTownSettlement,
                                                         outer[k]);
        guint own = add_district (self, g_strdup (settlement->name), settlement->quarter,
                                  joined[outer[k]]);

        zone_at (self, 2, k)->district = own;
        TOWN_ITEM (self->districts, AlmTownDistrict, own)->outline =
          alm_path_copy (&zone_at (self, 2, k)->outline);
      }
}

void
alm_town_make_zones (AlmTown *self)
{
  for (guint k = 0; k < N_GATES; k++)
    make_sector (self, k);
  make_settlements (self);
  make_districts (self);
}

guint
alm_town_district_of (AlmTown *self,
                      AlmSpot  spot)
{
  for (guint i = 0; i < self->districts->len; i++)
    if (alm_path_contains (&TOWN_ITEM (self->districts, AlmTownDistrict, i)->outline, spot))
      return i;

  return 0;
}
