/* SPDX-License-Identifier: EUPL-1.2 */

/* What was there first: the river and its bend, the wall round the old town,
 * the market, the gates with their roads, the two rings, the railway.
 *
 * The town is laid out in turns and metres round the market: a gate road is a
 * bearing that drifts with the distance, a ring a distance that drifts with the
 * bearing, so that they cross exactly once, in a corner that both have. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

#define MARKET_EAST 47.0
#define MARKET_NORTH 33.0
#define LANE 268.0        /* the lane inside the wall */
#define WALL 288.0
#define RING_ROAD 340.0
#define FLAT 0.82         /* the town is an oval */

static const char *const gate_names[N_GATES] = {
  "Silge", "Kranich", "Ober", "Neu", "Mühl", "Salz"
};

/* Where their roads lead. */
static const char *const road_names[N_GATES] = {
  "Rosenberger Landstraße", "Bahnholzer Landstraße", "Oberholzer Landstraße",
  "Sonnhanger Landstraße", "Heider Landstraße", "Salzwalder Landstraße"
};

static const double gate_turns[N_GATES] = { 0.035, 0.205, 0.365, 0.515, 0.680, 0.850 };

AlmSpot
alm_town_around (AlmTown *self,
                 double   turns,
                 double   radius)
{
  return alm_spot (self->middle.e + radius * alm_town_cosine (turns),
                   self->middle.n + FLAT * radius * alm_town_sine (turns));
}

/* A distance in the large town → the same place in this one. */
double
alm_town_reach (AlmTown *self,
                double   radius)
{
  const double full = 1400, edge = 3000;

  if (radius <= RING_ROAD)
    return radius;
  if (radius <= full)
    return RING_ROAD + (radius - RING_ROAD) * (self->ring - RING_ROAD) / (full - RING_ROAD);

  return self->ring + (radius - full) * (edge - self->ring) / (edge - full);
}

/* A rounded patch of land, counter-clockwise. */
AlmPath
alm_town_blob (AlmTown    *self,
               const char *name,
               AlmSpot     middle,
               double      wide,
               double      high,
               double      turns,
               double      rough)
{
  AlmPath path = { NULL };
  AlmRandom random;
  guint64 noise;
  double c = alm_town_cosine (turns), s = alm_town_sine (turns);

  alm_random_seed_by (&random, self->seed, name);
  noise = alm_random_next (&random);
  for (guint i = 0; i < 40; i++)
    {
      double turn = i / 40.0;
      double x = alm_town_cosine (turn), y = alm_town_sine (turn);
      double r = 1 + rough * (alm_town_noise (noise, x * 1.6, y * 1.6)
                              + 0.4 * alm_town_noise (noise + 1, x * 4, y * 4));
      AlmSpot spot = alm_spot (middle.e + r * (x * wide * c - y * high * s),
                               middle.n + r * (x * wide * s + y * high * c));

      spot.e = CLAMP (spot.e, 0, ALM_TOWN_WIDTH);
      spot.n = CLAMP (spot.n, 0, ALM_TOWN_HEIGHT);
      alm_path_add (&path, spot);
    }

  return path;
}

static void
make_river (AlmTown   *self,
            AlmRandom *random)
{
  g_auto (AlmPath) rough = { NULL };
  g_auto (AlmPath) smooth = { NULL };
  guint64 noise = alm_random_next (random);

  alm_path_add (&rough, alm_spot (-180, 1050 + 200 * alm_random_unit (random)));
  alm_path_add (&rough, alm_spot (1000, 1330 + 200 * alm_random_unit (random)));
  alm_path_add (&rough, alm_town_around (self, 0.640, 560));
  alm_path_add (&rough, alm_town_around (self, 0.750, 418));
  alm_path_add (&rough, alm_town_around (self, 0.880, 420));
  alm_path_add (&rough, alm_town_around (self, 1.020, 440));
  alm_path_add (&rough, alm_spot (4450, 3260 + 160 * alm_random_unit (random)));
  alm_path_add (&rough, alm_spot (6180, 3800 + 250 * alm_random_unit (random)));
  smooth = alm_path_smooth (&rough, 24);

  /* Meanders, but not where the wall was built into the bend. */
  for (guint i = 0; i < smooth.n; i++)
    {
      double away = alm_spot_distance (smooth.at[i], self->middle);
      double wild = CLAMP ((away - 600) / 700, 0.0, 1.0);
      AlmSpot ahead = alm_spot_direction (smooth.at[MAX (i, 1) - 1],
                                          smooth.at[MIN (i + 1, smooth.n - 1)]);
      double aside = 95 * alm_town_noise (noise, i * 24 / 330.0, 0)
                     + 30 * alm_town_noise (noise, i * 24 / 130.0, 7);

      alm_path_add (&self->river, alm_spot_moved (smooth.at[i], ahead, 0, wild * aside));
    }
}

static void
make_rail (AlmTown   *self,
           AlmRandom *random)
{
  g_auto (AlmPath) rough = { NULL };
  double bend = 60 * (alm_random_unit (random) - 0.5);

  alm_path_add (&rough, alm_spot (-150, 3050 + bend));
  alm_path_add (&rough, alm_spot (1300, 3270 + bend));
  alm_path_add (&rough, alm_spot (2500, 3395));
  alm_path_add (&rough, alm_spot (3300, 3470));
  alm_path_add (&rough, alm_spot (4200, 3830 - bend));
  alm_path_add (&rough, alm_spot (5100, 4250 - bend));
  alm_path_add (&rough, alm_spot (6150, 4480));
  self->rail = alm_path_smooth (&rough, 40);
}

static guint
add_main (AlmTown    *self,
          AlmPath     path,
          gboolean    closed,
          const char *class_,
          double      half,
          char       *name,
          int         from)
{
  AlmTownMain main = { path, closed, class_, half, name, from,
                       g_array_new (FALSE, FALSE, sizeof (AlmTownCut)) };

  g_array_append_val (self->mains, main);
  g_hash_table_add (self->used_names, g_strdup (name));

  return self->mains->len - 1;
}

static double
bearing (AlmTown *self,
         guint64  noise,
         guint    gate,
         double   base,
         double   radius)
{
  double narrow = radius < RING_ROAD ? 0.012 * alm_town_noise (noise, radius / 90, gate) : 0;
  double wide = radius > RING_ROAD
                ? 0.030 * alm_town_noise (noise, (radius - RING_ROAD) / 900, gate + 20.5) : 0;

  if (radius > RING_ROAD)
    narrow = 0.012 * alm_town_noise (noise, RING_ROAD / 90, gate);
  if (radius > RING_ROAD)
    wide -= 0.030 * alm_town_noise (noise, 0, gate + 20.5);

  return base + narrow + wide;
}

static double
ring_radius (AlmTown *self,
             guint64  noise,
             double   turns)
{
  double x = alm_town_cosine (turns), y = alm_town_sine (turns);

  return self->ring * (1 + 0.12 * alm_town_noise (noise, x * 1.2, y * 1.2)
                       + 0.03 * alm_town_noise (noise + 1, x * 3.1, y * 3.1));
}

static double
market_radius (double turns)
{
  double c = fabs (alm_town_cosine (turns - 0.03)), s = fabs (alm_town_sine (turns - 0.03));

  return MIN (MARKET_EAST / MAX (c, 1e-6), MARKET_NORTH / FLAT / MAX (s, 1e-6));
}

/* Where the line from inside to outside leaves the extent. */
static AlmSpot
leave_extent (AlmSpot inside,
              AlmSpot outside)
{
  double t = 1;

  if (outside.e < 0)
    t = MIN (t, inside.e / (inside.e - outside.e));
  if (outside.n < 0)
    t = MIN (t, inside.n / (inside.n - outside.n));
  if (outside.e > ALM_TOWN_WIDTH)
    t = MIN (t, (ALM_TOWN_WIDTH - inside.e) / (outside.e - inside.e));
  if (outside.n > ALM_TOWN_HEIGHT)
    t = MIN (t, (ALM_TOWN_HEIGHT - inside.n) / (outside.n - inside.n));

  return alm_spot_between (inside, outside, t);
}

static void
make_gate (AlmTown *self,
           guint64  noise,
           guint    gate,
           double   base,
           double  *turns)
{
  AlmPath street = { NULL }, road = { NULL };
  double r, crossing = self->ring;

  turns[0] = bearing (self, noise, gate, base, 55);
  r = market_radius (turns[0]);
  alm_path_add (&street, alm_town_around (self, turns[0], r));
  for (r = 75; r < LANE - 20; r += 27)
    alm_path_add (&street, alm_town_around (self, bearing (self, noise, gate, base, r), r));
  turns[1] = bearing (self, noise, gate, base, LANE);
  alm_path_add (&street, alm_town_around (self, turns[1], LANE));
  self->gate_at[1][gate] = street.n - 1;
  self->gates[gate] = alm_town_around (self, bearing (self, noise, gate, base, WALL), WALL);
  alm_path_add (&street, self->gates[gate]);
  turns[2] = bearing (self, noise, gate, base, RING_ROAD);
  alm_path_add (&street, alm_town_around (self, turns[2], RING_ROAD));
  self->gate_street[gate] = add_main (self, street, FALSE, "residential", 4.2,
                                      g_strdup_printf ("%sgasse", gate_names[gate]),
                                      1260 + (int) gate * 4);

  for (guint i = 0; i < 30; i++)
    crossing = ring_radius (self, noise, bearing (self, noise, gate, base, crossing));
  turns[3] = bearing (self, noise, gate, base, crossing);
  alm_path_add (&road, alm_town_around (self, turns[2], RING_ROAD));
  for (r = RING_ROAD + 45; r < 4200; r += 45)
    {
      AlmSpot spot = alm_town_around (self, bearing (self, noise, gate, base, r), r);

      if (r > crossing && r - 45 <= crossing)
        {
          alm_path_add (&road, alm_town_around (self, turns[3], crossing));
          self->gate_at[2][gate] = road.n - 1;
        }
      if (spot.e < 0 || spot.n < 0 || spot.e > ALM_TOWN_WIDTH || spot.n > ALM_TOWN_HEIGHT)
        {
          alm_path_add (&road, leave_extent (road.at[road.n - 1], spot));
          break;
        }
      if (fabs (r - crossing) > 15)
        alm_path_add (&road, spot);
    }
  self->gate_road[gate] = add_main (self, road, FALSE, "primary", 5.0,
                                    g_strdup (road_names[gate]), 1400 + (int) gate * 9);
}

/* A closed road through the gate roads' corners at this ring. */
static guint
make_ring (AlmTown      *self,
           guint64       noise,
           guint         ring,
           const double *turns,
           const char   *class_,
           double        half,
           const char   *name,
           int           from)
{
  static const guint steps[4] = { 64, 72, 72, 110 };
  AlmPath path = { NULL };

  for (guint k = 0; k < N_GATES; k++)
    {
      const AlmTownMain *street = TOWN_ITEM (self->mains, AlmTownMain, self->gate_street[k]);
      const AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[k]);
      double begin = turns[k];
      double end = k + 1 < N_GATES ? turns[k + 1] : turns[0] + 1;
      guint n = MAX (2, (guint) rint ((end - begin) * steps[ring]));

      self->ring_at[ring][k] = path.n;
      if (ring == 0)
        alm_path_add (&path, street->path.at[0]);
      else if (ring == 1)
        alm_path_add (&path, street->path.at[self->gate_at[1][k]]);
      else if (ring == 2)
        alm_path_add (&path, road->path.at[0]);
      else
        alm_path_add (&path, road->path.at[self->gate_at[2][k]]);

      for (guint i = 1; i < n; i++)
        {
          double at = begin + (end - begin) * i / n;
          double r = ring == 0 ? market_radius (at)
                     : ring == 1 ? LANE
                     : ring == 2 ? RING_ROAD : ring_radius (self, noise, at);

          alm_path_add (&path, alm_town_around (self, at, r));
        }
    }
  alm_path_add (&path, path.at[0]);

  return add_main (self, path, TRUE, class_, half, g_strdup (name), from);
}

/* Both mains get a cut where they meet in a corner. */
static void
cut (AlmTown *self,
     guint    main,
     guint    corner)
{
  AlmTownMain *road = TOWN_ITEM (self->mains, AlmTownMain, main);
  AlmTownCut at = { MIN (corner, road->path.n - 2), corner == road->path.n - 1 ? 1.0 : 0.0,
                    road->path.at[corner] };

  g_array_append_val (road->cuts, at);
}

void
alm_town_plan (AlmTown *self)
{
  AlmRandom random;
  guint64 noise;
  double turns[4][N_GATES];

  alm_random_seed_by (&random, self->seed, "plan");
  noise = alm_random_next (&random);
  self->middle = alm_spot (2900 + 100 * alm_random_unit (&random),
                           2430 + 80 * alm_random_unit (&random));
  make_river (self, &random);
  make_rail (self, &random);

  for (guint k = 0; k < N_GATES; k++)
    {
      double gate[4];

      make_gate (self, noise, k, gate_turns[k] + 0.024 * (alm_random_unit (&random) - 0.5), gate);
      for (guint i = 0; i < 4; i++)
        turns[i][k] = gate[i];
    }

  self->rings[0] = make_ring (self, noise, 0, turns[0], "living_street", 4.0, "Markt", 1256);
  self->rings[1] = make_ring (self, noise, 1, turns[1], "living_street", 2.8, "Mauergasse", 1320);
  self->rings[2] = make_ring (self, noise, 2, turns[2], "secondary", 4.8, "Promenadenring", 1828);
  self->rings[3] = make_ring (self, noise, 3, turns[3], "secondary", 4.8, "Äußerer Ring", 1908);

  for (guint i = 0; i < 72; i++)
    alm_path_add (&self->wall, alm_town_around (self, i / 72.0, WALL));

  for (guint k = 0; k < N_GATES; k++)
    {
      guint end = TOWN_ITEM (self->mains, AlmTownMain, self->gate_street[k])->path.n - 1;

      for (guint r = 0; r < 4; r++)
        cut (self, self->rings[r], self->ring_at[r][k]);
      cut (self, self->gate_street[k], 0);
      cut (self, self->gate_street[k], self->gate_at[1][k]);
      cut (self, self->gate_street[k], end);
      cut (self, self->gate_road[k], 0);
      cut (self, self->gate_road[k], self->gate_at[2][k]);
      end = TOWN_ITEM (self->mains, AlmTownMain, self->gate_road[k])->path.n - 1;
      cut (self, self->gate_road[k], end);
    }
}
