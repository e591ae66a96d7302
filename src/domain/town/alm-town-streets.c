/* SPDX-License-Identifier: EUPL-1.2 */

/* From pieces to streets: the mains are cut at their joints, what hangs
 * together with nothing is dropped, each grid line's runs get names. */

#include "config.h"

#include "alm-town-grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_STREET 950.0

static guint
add_street (AlmTown        *self,
            char           *name,
            guint           district,
            AlmTownQuarter  quarter,
            int             from)
{
  AlmTownStreet street = { .name = name, .district = district, .quarter = quarter, .from = from,
                           .species = NOWHERE };

  g_array_append_val (self->streets, street);

  return self->streets->len - 1;
}

static guint
find_root (guint *parent,
           guint  node)
{
  while (parent[node] != node)
    node = parent[node] = parent[parent[node]];

  return node;
}

static gboolean
share_node (const AlmTownEdge *a,
            const AlmTownEdge *b)
{
  return a->node[0] == b->node[0] || a->node[0] == b->node[1]
         || a->node[1] == b->node[0] || a->node[1] == b->node[1];
}

/* A name goes on over a gap of one piece. */
static gboolean
goes_on (const AlmTownEdge *before,
         const AlmTownEdge *edge)
{
  return before->line == edge->line
         && (share_node (before, edge) || edge->place - before->place <= 2);
}

/* Drops what has no way to the market, then dead ends too short for a house. */
static void
prune (AlmTown    *self,
       AlmTownNet *net)
{
  guint n = net->spots->len;
  g_autofree guint *parent = g_new (guint, n);
  g_autofree guint *degree = g_new0 (guint, n);
  g_autofree gboolean *is_main = g_new0 (gboolean, n);
  gboolean again = TRUE;

  for (guint i = 0; i < n; i++)
    parent[i] = i;
  for (guint m = 0; m < self->mains->len; m++)
    {
      const AlmTownMain *main = TOWN_ITEM (self->mains, AlmTownMain, m);

      for (guint c = 0; c < main->cuts->len; c++)
        {
          guint node = alm_town_net_node (net, g_array_index (main->cuts, AlmTownCut, c).spot);

          /* Every cut but the mains' own is a node of some piece already. */
          if (node < n)
            is_main[node] = TRUE;
        }
    }
  for (guint i = 0; i < net->edges->len; i++)
    {
      AlmTownEdge *edge = TOWN_ITEM (net->edges, AlmTownEdge, i);

      parent[find_root (parent, edge->node[0])] = find_root (parent, edge->node[1]);
    }
  for (guint i = 0; i < n; i++)
    if (is_main[i])
      is_main[find_root (parent, i)] = TRUE;
  for (guint i = 0; i < net->edges->len; i++)
    {
      AlmTownEdge *edge = TOWN_ITEM (net->edges, AlmTownEdge, i);

      edge->dropped = !is_main[find_root (parent, edge->node[0])];
      if (!edge->dropped)
        {
          degree[edge->node[0]]++;
          degree[edge->node[1]]++;
        }
    }
  memset (is_main, 0, n * sizeof *is_main);
  for (guint m = 0; m < self->mains->len; m++)
    {
      const AlmTownMain *main = TOWN_ITEM (self->mains, AlmTownMain, m);

      for (guint c = 0; c < main->cuts->len; c++)
        {
          guint node = alm_town_net_node (net, g_array_index (main->cuts, AlmTownCut, c).spot);

          if (node < n)
            degree[node] += 2;
        }
    }

  while (again)
    {
      again = FALSE;
      for (guint i = 0; i < net->edges->len; i++)
        {
          AlmTownEdge *edge = TOWN_ITEM (net->edges, AlmTownEdge, i);

          if (!edge->dropped && (degree[edge->node[0]] < 2 || degree[edge->node[1]] < 2)
              && (edge->quarter == QUARTER_OLD || alm_path_length (&edge->path) < 45))
            {
              edge->dropped = TRUE;
              degree[edge->node[0]]--;
              degree[edge->node[1]]--;
              again = TRUE;
            }
        }
    }
}

static void
add_road (AlmTown        *self,
          AlmTownNet     *net,
          AlmPath         path,
          guint           street,
          const char     *class_,
          double          half,
          AlmTownQuarter  quarter,
          guint           district,
          int             from)
{
  AlmTownRoad road = { path, street, class_, half, quarter, district, from,
                       { alm_town_net_node (net, path.at[0]),
                         alm_town_net_node (net, path.at[path.n - 1]) } };

  g_array_append_val (self->roads, road);
}

static int
compare_cuts (gconstpointer a,
              gconstpointer b)
{
  const AlmTownCut *x = a, *y = b;

  if (x->segment != y->segment)
    return x->segment < y->segment ? -1 : 1;

  return x->t < y->t ? -1 : x->t > y->t;
}

/* In which quarter is a spot on a gate road or ring? */
static AlmTownQuarter
quarter_at (AlmTown *self,
            AlmSpot  spot)
{
  double away = alm_spot_distance (spot, self->middle);

  for (guint i = 0; i < self->settlements->len; i++)
    if (alm_path_contains (&TOWN_ITEM (self->settlements, AlmTownSettlement, i)->outline, spot))
      return TOWN_ITEM (self->settlements, AlmTownSettlement, i)->quarter;
  if (away < 280)
    return QUARTER_OLD;
  if (away < self->ring * 0.62)
    return QUARTER_ROWS;

  return away < self->ring * 1.12 ? QUARTER_FAMILY : QUARTER_OPEN;
}

static void
split_main (AlmTown    *self,
            AlmTownNet *net,
            guint       m)
{
  AlmTownMain *main = TOWN_ITEM (self->mains, AlmTownMain, m);
  guint gate = NOWHERE, street, outside;
  guint corner = 0;

  for (guint k = 0; k < N_GATES; k++)
    if (self->gate_road[k] == m)
      gate = k;
  g_array_sort (main->cuts, compare_cuts);
  street = outside = add_street (self, g_strdup (main->name),
                                 alm_town_district_of (self, main->path.at[main->path.n / 2]),
                                 QUARTER_ROWS, main->from);
  if (gate != NOWHERE)
    {
      const AlmTownMain *inside = TOWN_ITEM (self->mains, AlmTownMain, self->gate_street[gate]);
      g_autofree char *stem = g_strndup (inside->name, strlen (inside->name) - strlen ("gasse"));

      street = add_street (self, g_strdup_printf ("%sstraße", stem),
                           alm_town_district_of (self, main->path.at[4]), QUARTER_ROWS, main->from);
    }

  for (guint c = 0; c + 1 <= main->cuts->len; c++)
    {
      AlmTownCut a = g_array_index (main->cuts, AlmTownCut, c);
      AlmTownCut b;
      AlmPath path = { NULL };
      AlmSpot middle;

      if (c + 1 == main->cuts->len && !main->closed)
        break;
      b = g_array_index (main->cuts, AlmTownCut, (c + 1) % main->cuts->len);
      corner = a.segment + 1;
      alm_path_add (&path, a.spot);
      if (c + 1 == main->cuts->len)
        {
          for (; corner < main->path.n; corner++)
            alm_path_add (&path, main->path.at[corner]);
          corner = 1;
          if (b.segment == 0 && b.t == 0)
            corner = main->path.n;
        }
      for (; corner <= b.segment && corner < main->path.n; corner++)
        alm_path_add (&path, main->path.at[corner]);
      alm_path_add (&path, b.spot);
      if (path.n < 2)
        {
          alm_path_clear (&path);
          continue;
        }
      middle = alm_path_walk (&path, alm_path_length (&path) / 2, NULL);
      add_road (self, net, path,
                gate != NOWHERE && a.segment >= self->gate_at[2][gate] ? outside : street,
                main->class_, main->half, quarter_at (self, middle),
                alm_town_district_of (self, middle), main->from);
    }
}

static int
compare_edges (gconstpointer a,
               gconstpointer b)
{
  const AlmTownEdge *x = a, *y = b;

  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;

  return x->node[0] < y->node[0] ? -1 : x->node[0] > y->node[0];
}

static void
name_edges (AlmTown    *self,
            AlmTownNet *net,
            AlmRandom  *random)
{
  const AlmTownEdge *before = NULL;
  guint street = NOWHERE;
  double length = 0;

  g_array_sort (net->edges, compare_edges);
  for (guint i = 0; i < net->edges->len; i++)
    {
      AlmTownEdge *edge = TOWN_ITEM (net->edges, AlmTownEdge, i);
      double own = alm_path_length (&edge->path);

      if (edge->dropped)
        continue;
      if (before == NULL || !goes_on (before, edge) || length + own > LONGEST_STREET)
        {
          street = add_street (self, alm_town_name_street (self, random, edge->quarter),
                               edge->district, edge->quarter, edge->from);
          length = 0;
        }
      length += own;
      add_road (self, net, edge->path, street, edge->class_, edge->half, edge->quarter,
                edge->district, edge->from);
      memset (&edge->path, 0, sizeof edge->path);
      before = edge;
    }
}

/* Forty streets had other names in other times. */
static void
rename_streets (AlmTown   *self,
                AlmRandom *random)
{
  guint left = MIN (40, self->streets->len / 2);

  for (guint tries = 0; left > 0 && tries < 5000; tries++)
    {
      AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet,
                                         alm_random_below (random, self->streets->len));
      int turn = alm_random_below (random, 2) == 0 ? 1991 : 1946;

      if (street->from >= 1930 || street->former[0].name != NULL)
        continue;
      street->former[0].name = alm_town_name_street (self, random, street->quarter);
      street->former[0].from = street->from;
      street->former[0].until = turn == 1991 ? 1950 : turn;
      if (turn == 1991)
        {
          g_autofree char *person = alm_town_name_person (random);

          street->former[1].name = g_strdup_printf ("%s-Straße", person);
          street->former[1].from = 1950;
          street->former[1].until = 1991;
        }
      left--;
    }
}

static void
fill_indexes (AlmTown    *self,
              AlmTownNet *net)
{
  g_autofree guint *degree = g_new0 (guint, net->spots->len);

  for (guint i = 0; i < self->roads->len; i++)
    {
      const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad, i);

      alm_town_index_add_line (self->ways, &road->path, road->half, i);
      degree[road->node[0]]++;
      degree[road->node[1]]++;
    }
  for (guint i = 0; i < net->spots->len; i++)
    if (degree[i] > 2)
      alm_town_index_add_spot (self->junctions, g_array_index (net->spots, AlmSpot, i), 0, i);
}

static void
clear_edge (gpointer data)
{
  alm_path_clear (&((AlmTownEdge *) data)->path);
}

void
alm_town_make_streets (AlmTown *self)
{
  AlmTownNet net = { g_array_new (FALSE, FALSE, sizeof (AlmSpot)),
                     g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
                     g_array_new (FALSE, FALSE, sizeof (AlmTownEdge)), 0 };
  AlmRandom random;

  g_array_set_clear_func (net.edges, clear_edge);
  for (guint i = 0; i < self->zones->len; i++)
    {
      const AlmTownZone *zone = TOWN_ITEM (self->zones, AlmTownZone, i);

      if (zone->belt < 2)
        alm_town_grid (self, &net, zone, NULL);
      else
        for (guint k = 0; k < self->settlements->len; k++)
          alm_town_grid (self, &net, zone, TOWN_ITEM (self->settlements, AlmTownSettlement, k));
    }

  prune (self, &net);
  alm_random_seed_by (&random, self->seed, "street names");
  for (guint m = 0; m < self->mains->len; m++)
    split_main (self, &net, m);
  name_edges (self, &net, &random);
  rename_streets (self, &random);
  fill_indexes (self, &net);

  g_array_unref (net.edges);
  g_array_unref (net.spots);
  g_hash_table_unref (net.by_place);
}
