/* SPDX-License-Identifier: EUPL-1.2 */

/* A street grid turned to its gate road, warped by noise as if cows had laid
 * it out, clipped to its zone.  A street that reaches the zone's edge joins the
 * road there; one that meets water, rails or a park ends before it. */

#include "config.h"

#include "alm-town-grid.h"

#include <math.h>

#define MOST_LINES 48
#define STEPS 5          /* samples from node to node */
#define SNAP 27.0        /* two joints on a road are at least so far apart */

typedef struct
{
  double      along;     /* metres between the lines across the axis */
  double      across;
  double      warp;
  double      wave;
  double      clear;     /* a node's least distance from the zone's edge */
  guint       drop;      /* per cent of pieces left out */
  const char *class_;
  double      half;
} Layout;

/* by AlmTownQuarter */
static const Layout layouts[] = {
  [QUARTER_OLD]      = {  72,  57, 10, 105, 20, 10, "living_street", 2.6 },
  [QUARTER_ROWS]     = { 140,  96, 20, 380, 44,  5, "residential",   3.6 },
  [QUARTER_VILLA]    = { 165, 116, 46, 430, 46,  7, "residential",   3.2 },
  [QUARTER_FAMILY]   = { 128,  84, 34, 400, 40,  6, "residential",   2.9 },
  [QUARTER_ESTATE]   = { 180, 150, 14, 600, 44,  8, "residential",   3.3 },
  [QUARTER_WORKS]    = { 150,  72,  9, 500, 32,  5, "residential",   2.8 },
  [QUARTER_INDUSTRY] = { 230, 170,  8, 600, 50, 14, "service",       3.8 },
  [QUARTER_VILLAGE]  = { 118,  84, 24, 170, 30, 12, "residential",   2.6 },
};

typedef struct
{
  AlmTown            *town;
  AlmTownNet         *net;
  const AlmTownZone  *zone;
  AlmTownSettlement  *settlement;
  const Layout       *layout;
  AlmRandom           random;
  guint64             noise;
  AlmSpot             origin;
  AlmSpot             axis;
  int                 reach;              /* lines each side of the origin */
  double              u[MOST_LINES];
  double              v[MOST_LINES];
  gboolean            ok[MOST_LINES][MOST_LINES];
  guint               first_line;
} Grid;

guint
alm_town_net_node (AlmTownNet *net,
                   AlmSpot     spot)
{
  gint64 key = (gint64) rint (spot.e * 1000) * G_GINT64_CONSTANT (100000000)
               + (gint64) rint (spot.n * 1000);
  gpointer found;
  gint64 *own;

  if (g_hash_table_lookup_extended (net->by_place, &key, NULL, &found))
    return GPOINTER_TO_UINT (found);

  own = g_new (gint64, 1);
  *own = key;
  g_array_append_val (net->spots, spot);
  g_hash_table_insert (net->by_place, own, GUINT_TO_POINTER (net->spots->len - 1));

  return net->spots->len - 1;
}

static AlmSpot
warped (const Grid *self,
        double      u,
        double      v)
{
  double wave = self->layout->wave, warp = self->layout->warp;
  double du = warp * alm_town_noise (self->noise, u / wave, v / wave);
  double dv = warp * alm_town_noise (self->noise + 1, u / wave, v / wave);

  return alm_spot_moved (self->origin, self->axis, u + du, v + dv);
}

static gboolean
is_usable (const Grid *self,
           AlmSpot     spot)
{
  if (spot.e < 15 || spot.n < 15 || spot.e > ALM_TOWN_WIDTH - 15 || spot.n > ALM_TOWN_HEIGHT - 15)
    return FALSE;
  if (self->settlement != NULL)
    {
      if (!alm_path_contains (&self->settlement->outline, spot))
        return FALSE;
      /* Where two overlap the older one keeps its land. */
      for (guint i = 0; i < self->town->settlements->len; i++)
        {
          AlmTownSettlement *other = TOWN_ITEM (self->town->settlements, AlmTownSettlement, i);

          if (other == self->settlement)
            break;
          if (alm_path_contains (&other->outline, spot))
            return FALSE;
        }
    }

  return !alm_town_index_near (self->town->closed, spot, self->layout->half + 3);
}

/* Lines are numbered 0 … 2 × reach; between them u and v run on evenly. */
static double
place_on (const double *at,
          double        line)
{
  int below = (int) floor (line);
  double part = line - below;

  below = CLAMP (below, 0, MOST_LINES - 2);

  return at[below] * (1 - part) + at[below + 1] * part;
}

static AlmSpot
grid_spot (const Grid *self,
           double      i,
           double      j)
{
  return warped (self, place_on (self->u, i), place_on (self->v, j));
}

/* The first edge of the zone that a–b crosses. */
static gboolean
meet_outline (const Grid *self,
              AlmSpot     a,
              AlmSpot     b,
              guint      *owner,
              AlmSpot    *spot)
{
  const AlmPath *outline = &self->zone->outline;
  double best = 2;

  for (guint i = 0; i < outline->n; i++)
    {
      double t;

      if (alm_segments_cross (a, b, outline->at[i], outline->at[(i + 1) % outline->n], &t)
          && t < best)
        {
          best = t;
          *owner = g_array_index (self->zone->owners, guint, i);
          *spot = alm_spot_between (a, b, t);
        }
    }

  return best <= 1;
}

/* A joint on a main road, or one that is there already. */
static gboolean
join_main (const Grid *self,
           guint       owner,
           AlmSpot    *spot)
{
  AlmTownMain *main = TOWN_ITEM (self->town->mains, AlmTownMain, owner);
  AlmPathHit hit = alm_path_nearest (&main->path, *spot, FALSE);
  AlmTownCut cut = { hit.segment, hit.t, hit.spot };
  double best = SNAP;
  gboolean snapped = FALSE;

  for (guint i = 0; i < main->cuts->len; i++)
    {
      AlmSpot other = g_array_index (main->cuts, AlmTownCut, i).spot;
      double distance = alm_spot_distance (other, hit.spot);

      if (distance < best)
        {
          best = distance;
          *spot = other;
          snapped = TRUE;
        }
    }
  if (snapped)
    return TRUE;

  *spot = hit.spot;
  g_array_append_val (main->cuts, cut);

  return TRUE;
}

static AlmTownQuarter
quarter_of (const Grid *self,
            AlmSpot     spot)
{
  double e = spot.e - self->town->middle.e, n = (spot.n - self->town->middle.n) / 0.82;
  double near = 340 + 0.34 * (self->town->ring - 340);

  if (self->settlement != NULL)
    return self->settlement->quarter;
  if (self->zone->belt == 1 && e * e + n * n < near * near)
    return QUARTER_ROWS;

  return self->zone->quarter;
}

static int
year_of (Grid           *self,
         AlmTownQuarter  quarter)
{
  static const int years[][2] = {
    [QUARTER_OLD]      = { 1265, 160 },
    [QUARTER_ROWS]     = { 1872, 34 },
    [QUARTER_VILLA]    = { 1888, 24 },
    [QUARTER_FAMILY]   = { 1924, 40 },
    [QUARTER_ESTATE]   = { 1962, 16 },
    [QUARTER_WORKS]    = { 1908, 10 },
    [QUARTER_INDUSTRY] = { 1890, 60 },
    [QUARTER_VILLAGE]  = { 1300, 300 },
    [QUARTER_OPEN]     = { 1800, 100 },
  };
  int begin = self->settlement != NULL && quarter != QUARTER_VILLAGE
              ? self->settlement->from : years[quarter][0];

  return begin + (int) alm_random_below (&self->random, (guint32) years[quarter][1]
                                         / (self->settlement != NULL ? 2 : 1));
}

static void
add_piece (Grid     *self,
           AlmPath   path,
           gboolean  along,
           int       i,
           int       j)
{
  AlmTownEdge edge = { .path = path };
  gboolean wide = (along ? j : i) % 4 == 0 && self->zone->belt > 0;

  edge.node[0] = alm_town_net_node (self->net, path.at[0]);
  edge.node[1] = alm_town_net_node (self->net, path.at[path.n - 1]);
  edge.line = self->first_line + (guint) (along ? j : MOST_LINES + i);
  edge.place = along ? i : j;
  edge.quarter = quarter_of (self, alm_path_middle (&path));
  edge.district = self->zone->district;
  edge.class_ = wide && edge.quarter == QUARTER_ROWS ? "tertiary" : self->layout->class_;
  edge.half = self->layout->half + (wide ? 0.6 : 0);
  edge.from = year_of (self, edge.quarter);
  g_array_append_val (self->net->edges, edge);
}

/* From a node to the next one that is none: as far as the zone's edge. */
static void
walk_out (Grid *self,
          int   i,
          int   j,
          int   di,
          int   dj)
{
  AlmPath path = { NULL };
  AlmSpot here = grid_spot (self, i, j);
  double length = 0;
  gboolean joined = FALSE;

  alm_path_add (&path, here);
  for (guint k = 1; k <= 2 * STEPS; k++)
    {
      AlmSpot next = grid_spot (self, i + di * (double) k / STEPS, j + dj * (double) k / STEPS);
      guint owner = NOWHERE;
      AlmSpot spot;

      if (meet_outline (self, here, next, &owner, &spot))
        {
          joined = owner != NOWHERE && is_usable (self, alm_spot_between (here, spot, 0.6))
                   && join_main (self, owner, &spot);
          if (joined)
            {
              if (path.n > 1 && alm_spot_distance (here, spot) < 9)
                path.n--;
              alm_path_add (&path, spot);
            }
          break;
        }
      if (!is_usable (self, next))
        break;
      length += alm_spot_distance (here, next);
      alm_path_add (&path, next);
      here = next;
    }

  /* A dead end is kept where houses fit along it. */
  if ((joined && path.n > 1)
      || (length > 45 && length < 190 && alm_random_below (&self->random, 100) < 60))
    {
      /* All pieces of a line run the same way: house numbers follow it. */
      if (di < 0 || dj < 0)
        alm_path_reverse (&path);
      add_piece (self, path, di != 0, di < 0 ? i - 1 : i, dj < 0 ? j - 1 : j);
    }
  else
    alm_path_clear (&path);
}

static void
connect (Grid *self,
         int   i,
         int   j,
         int   di,
         int   dj)
{
  AlmPath path = { NULL };
  gboolean free_way = TRUE;

  for (guint k = 0; k <= STEPS; k++)
    {
      AlmSpot spot = grid_spot (self, i + di * (double) k / STEPS, j + dj * (double) k / STEPS);

      alm_path_add (&path, spot);
      free_way = free_way && is_usable (self, spot)
                 && alm_path_contains (&self->zone->outline, spot);
    }

  if (free_way && alm_random_below (&self->random, 100) >= self->layout->drop)
    add_piece (self, path, di != 0, i, j);
  else
    alm_path_clear (&path);
}

static void
set_up (Grid *self)
{
  AlmTown *town = self->town;
  double jitter = 0.24;
  double size = 0;

  if (self->settlement != NULL)
    {
      self->origin = self->settlement->middle;
      self->axis = self->settlement->axis;
      for (guint i = 0; i < self->settlement->outline.n; i++)
        size = MAX (size, alm_spot_distance (self->origin, self->settlement->outline.at[i]));
    }
  else
    {
      self->origin = alm_path_middle (&self->zone->outline);
      self->axis = alm_spot_direction (town->middle, self->origin);
      for (guint i = 0; i < self->zone->outline.n; i++)
        size = MAX (size, alm_spot_distance (self->origin, self->zone->outline.at[i]));
    }
  self->axis = alm_spot_direction (alm_spot (0, 0),
                                   alm_spot_moved (alm_spot (0, 0), self->axis, 100,
                                                   24 * (alm_random_unit (&self->random) - 0.5)));
  self->reach = MIN (MOST_LINES / 2 - 1,
                     (int) ceil (size / MIN (self->layout->along, self->layout->across)) + 1);
  for (int i = 0; i < MOST_LINES; i++)
    {
      double a = jitter * (alm_random_unit (&self->random) - 0.5);
      double b = jitter * (alm_random_unit (&self->random) - 0.5);

      self->u[i] = (i - self->reach + a) * self->layout->along;
      self->v[i] = (i - self->reach + b) * self->layout->across;
    }
}

void
alm_town_grid (AlmTown           *town,
               AlmTownNet        *net,
               const AlmTownZone *zone,
               AlmTownSettlement *settlement)
{
  g_autofree Grid *self = g_new0 (Grid, 1);
  g_autofree char *name = g_strdup_printf ("grid/%u/%u/%s", zone->belt, zone->sector,
                                           settlement != NULL ? settlement->name : "");
  int lines;

  self->town = town;
  self->net = net;
  self->zone = zone;
  self->settlement = settlement;
  self->layout = &layouts[settlement != NULL ? settlement->quarter : zone->quarter];
  alm_random_seed_by (&self->random, town->seed, name);
  self->noise = alm_random_next (&self->random);
  self->first_line = net->n_lines;
  net->n_lines += 2 * MOST_LINES;
  set_up (self);
  lines = 2 * self->reach + 1;

  for (int i = 0; i < lines; i++)
    for (int j = 0; j < lines; j++)
      {
        AlmSpot spot = grid_spot (self, i, j);

        self->ok[i][j] = alm_path_contains (&zone->outline, spot) && is_usable (self, spot)
                         && alm_path_nearest (&zone->outline, spot, TRUE).distance
                            >= self->layout->clear;
      }

  for (int i = 1; i + 1 < lines; i++)
    for (int j = 1; j + 1 < lines; j++)
      if (self->ok[i][j])
        {
          if (self->ok[i + 1][j])
            connect (self, i, j, 1, 0);
          else
            walk_out (self, i, j, 1, 0);
          if (self->ok[i][j + 1])
            connect (self, i, j, 0, 1);
          else
            walk_out (self, i, j, 0, 1);
          if (!self->ok[i - 1][j])
            walk_out (self, i, j, -1, 0);
          if (!self->ok[i][j - 1])
            walk_out (self, i, j, 0, -1);
        }
}
