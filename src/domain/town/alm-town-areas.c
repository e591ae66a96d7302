/* SPDX-License-Identifier: EUPL-1.2 */

/* Water, woods, parks, cemeteries, vineyards, fields: what the streets go round
 * (made before them), and what lies between (made after them). */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

#define RIVER_HALF 15.0

static AlmTownArea *
add_area (AlmTown    *self,
          const char *key,
          const char *class_,
          AlmPath     outline,
          const char *title,
          int         from)
{
  AlmTownArea area = { g_strdup (key), class_, outline, { NULL }, g_strdup (title), from, 0 };

  if (alm_path_area (&area.outline) < 0)
    alm_path_reverse (&area.outline);
  g_array_append_val (self->areas, area);

  return TOWN_ITEM (self->areas, AlmTownArea, self->areas->len - 1);
}

AlmTownArea *
alm_town_find_area (AlmTown    *self,
                    const char *key)
{
  for (guint i = 0; i < self->areas->len; i++)
    {
      AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);

      if (strcmp (area->key, key) == 0)
        return area;
    }

  g_assert_not_reached ();
}

/* A patch that streets go round. */
static void
add_closed (AlmTown    *self,
            const char *key,
            const char *class_,
            AlmSpot     middle,
            double      wide,
            double      high,
            double      turns,
            double      rough,
            const char *title,
            int         from)
{
  AlmTownArea *area = add_area (self, key, class_,
                                alm_town_blob (self, key, middle, wide, high, turns, rough),
                                title, from);

  alm_town_index_add_polygon (self->closed, &area->outline, 6, self->areas->len);
  if (strcmp (class_, "water") == 0)
    alm_town_index_add_polygon (self->wet, &area->outline, 0, 1);
}

/* A rectangle that streets go round: cemeteries and sports grounds have corners. */
static void
add_plot (AlmTown    *self,
          const char *key,
          const char *class_,
          AlmSpot     middle,
          double      wide,
          double      high,
          double      turns,
          const char *title,
          int         from)
{
  AlmSpot axis = { alm_town_cosine (turns), alm_town_sine (turns) };
  AlmPath path = { NULL };
  AlmTownArea *area;

  alm_path_add (&path, alm_spot_moved (middle, axis, -wide, -high));
  alm_path_add (&path, alm_spot_moved (middle, axis, wide * 0.94, -high));
  alm_path_add (&path, alm_spot_moved (middle, axis, wide, high * 0.9));
  alm_path_add (&path, alm_spot_moved (middle, axis, -wide * 0.9, high));
  area = add_area (self, key, class_, path, title, from);
  alm_town_index_add_polygon (self->closed, &area->outline, 6, self->areas->len);
}

/* The river with its banks, both sides of the middle line. */
static AlmPath
widen (const AlmPath *line,
       guint64        noise,
       double         half,
       double         rough)
{
  AlmPath path = { NULL };

  for (int side = 1; side >= -1; side -= 2)
    for (guint k = 0; k < line->n; k++)
      {
        guint i = side > 0 ? k : line->n - 1 - k;
        AlmSpot ahead = alm_spot_direction (line->at[MAX (i, 1) - 1],
                                            line->at[MIN (i + 1, line->n - 1)]);
        double width = half * (1 + rough * alm_town_noise (noise, i / 9.0, side));

        AlmSpot spot = alm_spot_moved (line->at[i], ahead, 0, side * width);

        spot.e = CLAMP (spot.e, 0, ALM_TOWN_WIDTH);
        spot.n = CLAMP (spot.n, 0, ALM_TOWN_HEIGHT);
        alm_path_add (&path, spot);
      }

  return path;
}

/* Above the town and below it. */
static void
make_floodplain (AlmTown *self,
                 guint64  noise)
{
  AlmPath run = { NULL };
  guint piece = 0;

  for (guint i = 0; i < self->river.n; i++)
    {
      gboolean outside = alm_spot_distance (self->river.at[i], self->middle) > self->ring * 1.06;

      if (outside)
        alm_path_add (&run, self->river.at[i]);
      if ((!outside || i + 1 == self->river.n) && run.n > 8)
        {
          g_autofree char *key = g_strdup_printf ("floodplain/%u", piece++);

          add_area (self, key, "meadow", widen (&run, noise, 92, 0.45), "Silgeaue", 0);
        }
      if (!outside)
        alm_path_clear (&run);
    }
  alm_path_clear (&run);
}

static void
make_water (AlmTown *self)
{
  AlmRandom random;
  guint64 noise;

  alm_random_seed_by (&random, self->seed, "area/river");
  noise = alm_random_next (&random);
  make_floodplain (self, noise + 1);
  add_area (self, "banks", "park", widen (&self->river, noise, RIVER_HALF + 15, 0.1),
            NULL, 1890);
  add_area (self, "river", "water", widen (&self->river, noise, RIVER_HALF, 0.22), "Silge", 0);
  alm_town_index_add_line (self->closed, &self->river, RIVER_HALF + 22, 0);
  alm_town_index_add_line (self->closed, &self->rail, 17, 0);
  alm_town_index_add_line (self->wet, &self->river, RIVER_HALF * 1.24 + 1, 0);
  alm_town_index_add_line (self->wet, &self->rail, 7, 2);

  add_closed (self, "pond/mill", "water", alm_town_around (self, 0.60, alm_town_reach (self, 1620)),
              55, 30, 0.1, 0.25, "Mühlteich", 1310);
  add_closed (self, "pond/quarry", "water", alm_spot (4980, 1260), 80, 60, 0.3, 0.3,
              "Alte Kiesgrube", 1931);
}

static void
make_town_green (AlmTown *self)
{
  double s = self->size == ALM_TOWN_FULL ? 1.0 : 0.50;
  AlmTownArea *ring;
  AlmPath path = { NULL }, hole = { NULL };

  for (guint i = 0; i < 72; i++)
    {
      alm_path_add (&path, alm_town_around (self, i / 72.0, 331));
      alm_path_add (&hole, alm_town_around (self, i / 72.0, 293));
    }
  ring = add_area (self, "ringpark", "park", path, "Wallanlagen", 1828);
  ring->hole = hole;

  add_closed (self, "park/city", "park", alm_town_around (self, 0.125, alm_town_reach (self, 900)),
              250 * s, 150 * s, 0.12, 0.12, "Stadtpark", 1869);
  add_closed (self, "park/villa", "park", alm_town_around (self, 0.585, alm_town_reach (self, 980)),
              150 * s, 95 * s, 0.55, 0.12, "Silberpark", 1896);
  add_closed (self, "park/south", "park",
              alm_town_around (self, 0.775, alm_town_reach (self, 1000)),
              190 * s, 110 * s, 0.02, 0.14, "Südanger", 1925);
  add_closed (self, "park/station", "park",
              alm_town_around (self, 0.268, alm_town_reach (self, 720)),
              105 * s, 70 * s, 0.2, 0.06, "Bahnhofsanlage", 1876);
  add_closed (self, "park/west", "park",
              alm_town_around (self, 0.455, alm_town_reach (self, 1000)), 120 * s, 90 * s,
              0.4, 0.1, "Westpark", 1951);

  add_plot (self, "cemetery/old", "cemetery",
            alm_town_around (self, 0.318, alm_town_reach (self, 880)), 125 * s, 95 * s, 0.06,
            "Alter Friedhof", 1832);
  add_plot (self, "cemetery/new", "cemetery",
            alm_town_around (self, 0.945, alm_town_reach (self, 1070)), 210 * s, 150 * s, 0.96,
            "Ostfriedhof", 1912);
  add_plot (self, "sport/west", "sports",
            alm_town_around (self, 0.410, alm_town_reach (self, 1110)), 95 * s, 70 * s, 0.43,
            "Sportplatz West", 1927);
  add_plot (self, "sport/south", "sports",
            alm_town_around (self, 0.720, alm_town_reach (self, 1110)), 100 * s, 72 * s, 0.73,
            "Stadion am Südanger", 1934);
  add_plot (self, "allotments/east", "allotments",
            alm_town_around (self, 0.165, alm_town_reach (self, 1130)), 170 * s, 80 * s, 0.15,
            "Gartenanlage Silgeblick", 1921);
  add_plot (self, "allotments/south", "allotments",
            alm_town_around (self, 0.815, alm_town_reach (self, 1110)), 150 * s, 75 * s, 0.80,
            "Gartenanlage Abendruh", 1928);
}

static void
make_country (AlmTown *self)
{
  add_closed (self, "wood/north-west", "wood", alm_spot (520, 4350), 900, 620, 0.04, 0.24,
              "Kranichforst", 0);
  add_closed (self, "wood/north", "wood", alm_spot (2250, 4870), 640, 330, 0.98, 0.25,
              "Oberholz", 0);
  add_closed (self, "wood/north-east", "wood", alm_spot (4250, 4740), 560, 300, 0.03, 0.24,
              "Bahnholz", 0);
  add_closed (self, "wood/south-east", "wood", alm_spot (5380, 560), 760, 520, 0.93, 0.24,
              "Salzwald", 0);
  add_closed (self, "wood/south-west", "wood", alm_spot (1050, 240), 740, 330, 0.97, 0.22,
              "Hintere Heide", 0);
  add_closed (self, "wood/east", "wood", alm_spot (5860, 2150), 260, 330, 0.0, 0.22,
              "Ostberg", 0);
  add_closed (self, "vineyard/south", "vineyard", alm_spot (1240, 1900), 330, 120, 0.03, 0.12,
              "Weinberge am Sonnhang", 1120);
  add_closed (self, "vineyard/east", "vineyard", alm_spot (4700, 3760), 300, 95, 0.055, 0.12,
              "Rosenberg", 1180);
}

/* What the streets go round. */
void
alm_town_make_areas (AlmTown *self)
{
  make_water (self);
  make_town_green (self);
  make_country (self);
}

static gboolean
is_field (AlmTown       *self,
          const AlmPath *outline)
{
  AlmSpot middle = alm_path_middle (outline);

  const AlmPath *ring = &TOWN_ITEM (self->mains, AlmTownMain, self->rings[3])->path;

  if (alm_path_contains (ring, middle))
    return FALSE;
  for (guint i = 0; i < outline->n; i++)
    {
      if (alm_path_contains (ring, outline->at[i])
          || alm_path_nearest (ring, outline->at[i], FALSE).distance < 25)
        return FALSE;
      for (guint k = 0; k < self->settlements->len; k++)
        if (alm_path_contains (&TOWN_ITEM (self->settlements, AlmTownSettlement, k)->outline,
                               outline->at[i]))
          return FALSE;
    }
  if (alm_town_index_near (self->closed, middle, 10))
    return FALSE;
  return TRUE;
}

/* A corner of the country's own grid, which nobody ever drew straight. */
static AlmSpot
field_corner (guint64 noise,
              double  u,
              double  v)
{
  double e = u + 110 * alm_town_noise (noise, u / 700, v / 700)
             + 40 * alm_town_noise (noise + 1, u / 230, v / 230);
  double n = v + 110 * alm_town_noise (noise + 2, u / 700, v / 700)
             + 40 * alm_town_noise (noise + 3, u / 230, v / 230);

  return alm_spot (CLAMP (e + (v - 2500) * 0.07, 0, ALM_TOWN_WIDTH),
                   CLAMP (n - (u - 3000) * 0.05, 0, ALM_TOWN_HEIGHT));
}

static void
add_strip (AlmTown      *self,
           AlmRandom    *random,
           guint64       noise,
           const char   *key,
           const double *box)
{
  g_auto (AlmPath) path = { NULL };
  double u = (box[0] + box[2]) / 2, v = (box[1] + box[3]) / 2;
  double kind = alm_town_noise (noise + 4, u / 900, v / 900)
                + 0.9 * (alm_random_unit (random) - 0.5);

  alm_path_add (&path, field_corner (noise, box[0], box[1]));
  alm_path_add (&path, field_corner (noise, box[2], box[1]));
  alm_path_add (&path, field_corner (noise, box[2], box[3]));
  alm_path_add (&path, field_corner (noise, box[0], box[3]));
  if (path.n == 4 && fabs (alm_path_area (&path)) > 6000 && is_field (self, &path))
    {
      add_area (self, key, kind < 0.28 ? "farmland" : kind < 0.62 ? "meadow" : "orchard",
                path, NULL, 0);
      memset (&path, 0, sizeof path);
    }
}

/* Fields: blocks between field ways, each cut into strips one way or the other. */
static void
make_fields (AlmTown *self)
{
  const double wide = 420, tall = 360, way = 9;
  AlmRandom random;
  guint64 noise;

  alm_random_seed_by (&random, self->seed, "area/fields");
  noise = alm_random_next (&random);
  for (int y = -2; y < 16; y++)
    for (int x = -2; x < 17; x++)
      {
        guint strips = 1 + alm_random_below (&random, self->size == ALM_TOWN_FULL ? 4 : 2);
        gboolean upright = alm_random_below (&random, 100) < 60;

        for (guint i = 0; i < strips; i++)
          {
            g_autofree char *key = g_strdup_printf ("field/%d/%d/%u", x, y, i);
            double box[4] = { x * wide, y * tall, (x + 1) * wide - way, (y + 1) * tall - way };

            if (upright)
              {
                box[0] = x * wide + (wide - way) * i / strips;
                box[2] = x * wide + (wide - way) * (i + 1) / strips;
              }
            else
              {
                box[1] = y * tall + (tall - way) * i / strips;
                box[3] = y * tall + (tall - way) * (i + 1) / strips;
              }
            add_strip (self, &random, noise, key, box);
          }
      }
}

static void
make_built (AlmTown *self)
{
  const AlmTownMain *ring = TOWN_ITEM (self->mains, AlmTownMain, self->rings[3]);
  const AlmTownMain *market = TOWN_ITEM (self->mains, AlmTownMain, self->rings[0]);
  AlmPath path = { NULL };

  for (guint i = 0; i + 1 < ring->path.n; i++)
    {
      AlmSpot out = alm_spot_direction (self->middle, ring->path.at[i]);

      alm_path_add (&path, alm_spot_moved (ring->path.at[i], out, 40, 0));
    }
  add_area (self, "built/town", "residential", path, NULL, 1880);

  memset (&path, 0, sizeof path);
  for (guint i = 0; i < 72; i++)
    alm_path_add (&path, alm_town_around (self, i / 72.0, 284));
  add_area (self, "built/old", "residential", path, "Altstadt", 1200);

  memset (&path, 0, sizeof path);
  for (guint i = 0; i + 1 < market->path.n; i++)
    alm_path_add (&path, market->path.at[i]);
  add_area (self, "market", "square", path, "Markt", 1256);

  for (guint i = 0; i < self->settlements->len; i++)
    {
      const AlmTownSettlement *settlement = TOWN_ITEM (self->settlements, AlmTownSettlement, i);
      g_autofree char *key = g_strdup_printf ("built/%u", i);

      add_area (self, key,
                settlement->quarter == QUARTER_INDUSTRY ? "industrial" : "residential",
                alm_path_copy (&settlement->outline), NULL, settlement->from);
    }
}

/* What lies between: after the streets. */
void
alm_town_finish_areas (AlmTown *self)
{
  make_built (self);
  make_fields (self);
}
