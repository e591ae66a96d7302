/* SPDX-License-Identifier: EUPL-1.2 */

/* What everybody knows by name: town hall, churches, towers, station, schools,
 * works; the wall; the railway and the power line. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

static void
add_line (AlmTown    *self,
          const char *key,
          const char *class_,
          AlmPath     path,
          const char *title,
          int         from)
{
  AlmTownLine line = { g_strdup (key), class_, path, g_strdup (title), from };

  g_array_append_val (self->lines, line);
}

/* Outlines in metres: along the front, behind it. */
typedef struct
{
  double at[14][2];
  guint  n;
} Shape;

static const Shape hall = { { { -16, 0 }, { -3, 0 }, { -3, -1.5 }, { 3, -1.5 }, { 3, 0 }, { 16, 0 },
                              { 16, 12 }, { -16, 12 } }, 8 };
static const Shape church = { { { -5, 0 }, { 5, 0 }, { 5, 8 }, { 9, 8 }, { 9, 30 }, { 5, 34 },
                                { 2, 38 }, { -2, 38 }, { -5, 34 }, { -9, 30 }, { -9, 8 },
                                { -5, 8 } }, 12 };
static const Shape chapel = { { { -3, 0 }, { 3, 0 }, { 3, 5 }, { 5, 5 }, { 5, 18 }, { 2, 21 },
                                { -2, 21 }, { -5, 18 }, { -5, 5 }, { -3, 5 } }, 10 };
static const Shape yard = { { { -18, 0 }, { 18, 0 }, { 18, 30 }, { 9, 30 }, { 9, 9 }, { -9, 9 },
                              { -9, 30 }, { -18, 30 } }, 8 };
static const Shape tower = { { { -3, 0 }, { 3, 0 }, { 4.2, 3 }, { 3, 6 }, { -3, 6 },
                               { -4.2, 3 } }, 6 };
static const Shape station = { { { -38, 0 }, { -12, 0 }, { -12, -3 }, { 12, -3 }, { 12, 0 },
                                 { 38, 0 }, { 38, 13 }, { -38, 13 } }, 8 };
static const Shape school = { { { -24, 0 }, { 24, 0 }, { 24, 30 }, { 12, 30 }, { 12, 13 },
                                { -24, 13 } }, 6 };
static const Shape works = { { { -45, 0 }, { 45, 0 }, { 45, 40 }, { 20, 40 }, { 20, 58 },
                               { -45, 58 } }, 6 };
static const Shape block = { { { -22, 0 }, { 22, 0 }, { 22, 24 }, { -22, 24 } }, 4 };

static AlmPath
shaped (const Shape *shape,
        AlmSpot      front,
        AlmSpot      axis)
{
  AlmPath path = { NULL };

  for (guint i = 0; i < shape->n; i++)
    alm_path_add (&path, alm_spot_moved (front, axis, shape->at[i][0], shape->at[i][1]));

  return path;
}

static gboolean
may_stand (AlmTown       *self,
           const AlmPath *outline,
           gboolean       anywhere)
{
  return !alm_town_index_hits (self->ways, outline, 1.5, NOWHERE)
         && !alm_town_index_hits (self->houses, outline, 2, NOWHERE)
         && (anywhere || !alm_town_index_hits (self->closed, outline, 2, NOWHERE));
}

/* At the spot, or as near to it as there is room, its front along @axis. */
static gboolean
place (AlmTown        *self,
       const char     *key,
       const char     *use,
       const char     *title,
       const Shape    *shape,
       AlmSpot         at,
       AlmSpot         axis,
       guint           floors,
       int             from,
       AlmTownQuarter  quarter,
       gboolean        anywhere)
{
  for (guint ring = 0; ring < 40; ring++)
    for (guint i = 0; i < (ring == 0 ? 1 : 12); i++)
      {
        AlmSpot spot = alm_spot (at.e + ring * 5 * alm_town_cosine (i / 12.0),
                                 at.n + ring * 5 * alm_town_sine (i / 12.0));
        AlmTownBuilding building = { shaped (shape, spot, axis), NULL, use, NULL, floors, from, 0,
                                     quarter };
        guint own, road;

        if (!may_stand (self, &building.outline, anywhere))
          {
            alm_path_clear (&building.outline);
            continue;
          }
        building.key = g_strdup (key);
        building.title = g_strdup (title);
        own = alm_town_add_building (self, building);
        road = alm_town_index_find (self->ways, spot, 60);
        if (road != NOWHERE)
          alm_town_add_address (self, road, 1, alm_spot_moved (spot, axis, 0, 2), own);
        return TRUE;
      }

  return FALSE;
}

static AlmSpot
turned (double turns)
{
  AlmSpot axis = { alm_town_cosine (turns), alm_town_sine (turns) };

  return axis;
}

static void
make_old_town (AlmTown *self)
{
  static const char *const tower_names[] = {
    "Pulverturm", "Roter Turm", "Hexenturm", "Schwedenturm", "Eulenturm", "Salzturm"
  };

  /* The town hall stands in the market itself, its back to the west. */
  place (self, "landmark/rathaus", "public", "Rathaus", &hall,
         alm_spot (self->middle.e - 26, self->middle.n - 12), turned (0.03), 3, 1377,
         QUARTER_OLD, TRUE);
  place (self, "landmark/marktkirche", "church", "Marktkirche", &church,
         alm_town_around (self, 0.14, 110), turned (0.77), 1, 1256, QUARTER_OLD, FALSE);
  place (self, "landmark/kloster", "church", "Barfüßerkloster", &yard,
         alm_town_around (self, 0.62, 185), turned (0.1), 2, 1286, QUARTER_OLD, FALSE);
  place (self, "landmark/museum", "public", "Stadtmuseum", &block,
         alm_town_around (self, 0.30, 150), turned (0.3), 3, 1548, QUARTER_OLD, FALSE);

  for (guint k = 0; k < N_GATES; k++)
    {
      double turns = (k + 0.44) / N_GATES + 0.03;
      g_autofree char *key = g_strdup_printf ("landmark/turm/%u", k);

      place (self, key, "tower", tower_names[k], &tower, alm_town_around (self, turns, 284),
             turned (turns - 0.25), 4, 1320 + (int) k * 11, QUARTER_OLD, TRUE);
    }
  place (self, "landmark/kranichtor", "tower", "Kranichtor", &tower,
         alm_town_around (self, 0.225, 283), turned (0.97), 4, 1331, QUARTER_OLD, TRUE);
  place (self, "landmark/muehle", "industrial", "Silgemühle", &chapel,
         alm_town_around (self, 0.70, 372), turned (0.2), 3, 1612, QUARTER_OLD, TRUE);
}

static void
make_suburbs (AlmTown *self)
{
  AlmPathHit rail = alm_path_nearest (&self->rail,
                                      alm_town_around (self, 0.225, 1100), FALSE);
  AlmSpot along = alm_spot_direction (self->rail.at[rail.segment],
                                      self->rail.at[rail.segment + 1]);

  along.e = -along.e;
  along.n = -along.n;
  place (self, "landmark/bahnhof", "station", "Bahnhof Kranichfurt",
         &station, alm_spot_moved (rail.spot, along, 0, 24), along, 2, 1874, QUARTER_ROWS, TRUE);
  place (self, "landmark/theater", "public", "Stadttheater", &block,
         alm_town_around (self, 0.285, 372), turned (0.03), 3, 1879, QUARTER_ROWS, FALSE);
  place (self, "landmark/krankenhaus", "hospital", "Stadtkrankenhaus", &yard,
         alm_town_around (self, 0.46, alm_town_reach (self, 760)), turned (0.46), 4, 1904,
         QUARTER_ROWS, FALSE);
  place (self, "landmark/gymnasium", "school", "Gymnasium am Ring", &school,
         alm_town_around (self, 0.33, alm_town_reach (self, 520)), turned (0.1), 4, 1893,
         QUARTER_ROWS, FALSE);
  place (self, "landmark/schule-ost", "school", "Grundschule Silgevorstadt", &school,
         alm_town_around (self, 0.10, alm_town_reach (self, 640)), turned (0.85), 3, 1928,
         QUARTER_FAMILY, FALSE);
  place (self, "landmark/schule-sued", "school", "Grundschule am Südanger", &school,
         alm_town_around (self, 0.74, alm_town_reach (self, 820)), turned (0.5), 3, 1931,
         QUARTER_FAMILY, FALSE);
  place (self, "landmark/johanneskirche", "church", "Lukaskirche", &church,
         alm_town_around (self, 0.90, alm_town_reach (self, 760)), turned (0.75), 1, 1898,
         QUARTER_ROWS, FALSE);
  place (self, "landmark/feuerwache", "public", "Feuerwache", &block,
         alm_town_around (self, 0.40, alm_town_reach (self, 620)), turned (0.42), 2, 1911,
         QUARTER_ROWS, FALSE);
  place (self, "landmark/wasserturm", "tower", "Wasserturm", &tower,
         alm_town_around (self, 0.55, alm_town_reach (self, 1150)), turned (0), 5, 1905,
         QUARTER_VILLA, FALSE);
}

static void
make_settlements (AlmTown *self)
{
  for (guint i = 0; i < self->settlements->len; i++)
    {
      const AlmTownSettlement *settlement = TOWN_ITEM (self->settlements, AlmTownSettlement, i);
      g_autofree char *key = g_strdup_printf ("landmark/settlement/%u", i);
      g_autofree char *title = NULL;

      switch (settlement->quarter)
        {
        case QUARTER_VILLAGE:
          title = g_strdup_printf ("Dorfkirche %s", settlement->name);
          place (self, key, "church", title, &chapel, settlement->middle, turned (0.75), 1,
                 1240 + (int) i * 31, QUARTER_VILLAGE, FALSE);
          break;
        case QUARTER_ESTATE:
          title = g_strdup_printf ("Schule %s", settlement->name);
          place (self, key, "school", title, &school, settlement->middle, settlement->axis, 3,
                 settlement->from + 3, QUARTER_ESTATE, FALSE);
          break;
        case QUARTER_INDUSTRY:
          title = g_strdup ("Silgewerk");
          place (self, key, "industrial", title, &works, settlement->middle, settlement->axis, 2,
                 1891, QUARTER_INDUSTRY, FALSE);
          break;
        case QUARTER_OLD:
        case QUARTER_ROWS:
        case QUARTER_VILLA:
        case QUARTER_FAMILY:
        case QUARTER_WORKS:
        case QUARTER_OPEN:
        default:
          break;
        }
    }
}

/* The wall stands, but for the gates. */
static void
make_wall (AlmTown *self)
{
  AlmPath path = { NULL };
  guint piece = 0;

  for (guint i = 0; i <= 360; i++)
    {
      AlmSpot spot = alm_town_around (self, i / 360.0, 288);
      gboolean gate = FALSE;

      for (guint k = 0; k < N_GATES; k++)
        gate = gate || alm_spot_distance (spot, self->gates[k]) < 9;
      if (!gate)
        alm_path_add (&path, spot);
      if ((gate || i == 360) && path.n > 1)
        {
          g_autofree char *key = g_strdup_printf ("wall/%u", piece++);

          add_line (self, key, "wall", path, "Stadtmauer", 1320);
          memset (&path, 0, sizeof path);
        }
      else if (gate)
        alm_path_clear (&path);
    }
}

/* Paths through a park: from three of its edges to its middle, bending. */
static void
make_park_paths (AlmTown           *self,
                 const AlmTownArea *area)
{
  AlmSpot middle = alm_path_middle (&area->outline);
  AlmRandom random;
  guint n = area->outline.n, first;

  alm_random_seed_by (&random, self->seed, area->key);
  first = alm_random_below (&random, n);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = g_strdup_printf ("path/%s/%u", area->key, i);
      g_auto (AlmPath) rough = { NULL };
      AlmSpot end = area->outline.at[(first + i * n / 4) % n];
      AlmSpot axis = alm_spot_direction (middle, end);
      double length = alm_spot_distance (middle, end);

      alm_path_add (&rough, middle);
      alm_path_add (&rough, alm_spot_moved (middle, axis, length * 0.35,
                                            length * 0.22 * (alm_random_unit (&random) - 0.5)));
      alm_path_add (&rough, alm_spot_moved (middle, axis, length * 0.7,
                                            length * 0.28 * (alm_random_unit (&random) - 0.5)));
      alm_path_add (&rough, end);
      add_line (self, key, "path", alm_path_smooth (&rough, 8), NULL, area->from);
    }
}

static AlmPath
inside_extent (const AlmPath *path)
{
  AlmPath result = { NULL };

  for (guint i = 0; i < path->n; i++)
    alm_path_add (&result, alm_spot (CLAMP (path->at[i].e, 0, ALM_TOWN_WIDTH),
                                     CLAMP (path->at[i].n, 0, ALM_TOWN_HEIGHT)));

  return result;
}

void
alm_town_make_landmarks (AlmTown *self)
{
  AlmPath power = { NULL };

  make_wall (self);
  add_line (self, "rail", "railway", inside_extent (&self->rail), "Silgetalbahn", 1874);
  add_line (self, "river/middle", "river", inside_extent (&self->river), "Silge", 0);
  alm_path_add (&power, alm_spot (0, 3780));
  alm_path_add (&power, alm_spot (1450, 4150));
  alm_path_add (&power, alm_spot (3300, 4260));
  alm_path_add (&power, alm_spot (6000, 4890));
  add_line (self, "power", "power", power, "110-kV-Leitung", 1957);

  for (guint i = 0; i < self->areas->len; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);

      if (g_str_has_prefix (area->key, "park/") || g_str_has_prefix (area->key, "cemetery/"))
        make_park_paths (self, area);
    }

  make_old_town (self);
  make_suburbs (self);
  make_settlements (self);
}
