/* SPDX-License-Identifier: EUPL-1.2 */

/* Streets of one zone of an empty town: the same from the same seed, within the
 * zone, joined to the road at its edge, and never through what is closed. */

#include "config.h"

#include "alm-town-grid.h"

#define WEST  2200.0
#define EAST  3400.0
#define SOUTH 2000.0
#define NORTH 2900.0

/* Only what the grid looks at: no streets, no houses. */
typedef struct
{
  AlmTown     town;
  AlmTownNet  net;
  AlmTownZone zone;
} Fixture;

static void
clear_edge (gpointer data)
{
  alm_path_clear (&((AlmTownEdge *) data)->path);
}

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  static const double corners[][2] = {
    { WEST, SOUTH }, { EAST, SOUTH }, { EAST, NORTH }, { WEST, NORTH }
  };
  AlmTownMain road = { .class_ = "secondary", .half = 5 };
  guint owner = 0, nobody = NOWHERE;

  self->town.seed = 42;
  self->town.ring = 690;
  self->town.middle = alm_spot (2800, 1500);
  self->town.mains = g_array_new (FALSE, TRUE, sizeof (AlmTownMain));
  self->town.settlements = g_array_new (FALSE, TRUE, sizeof (AlmTownSettlement));
  self->town.closed = alm_town_index_new ();
  road.cuts = g_array_new (FALSE, TRUE, sizeof (AlmTownCut));
  alm_path_add (&road.path, alm_spot (WEST - 300, SOUTH));
  alm_path_add (&road.path, alm_spot (EAST + 300, SOUTH));
  g_array_append_val (self->town.mains, road);

  self->zone.quarter = QUARTER_FAMILY;
  self->zone.belt = 2;
  self->zone.district = 3;
  self->zone.owners = g_array_new (FALSE, TRUE, sizeof (guint));
  for (guint i = 0; i < 4; i++)
    {
      alm_path_add (&self->zone.outline, alm_spot (corners[i][0], corners[i][1]));
      /* The road runs along the southern edge. */
      if (i == 0)
        g_array_append_val (self->zone.owners, owner);
      else
        g_array_append_val (self->zone.owners, nobody);
    }

  self->net.spots = g_array_new (FALSE, TRUE, sizeof (AlmSpot));
  self->net.edges = g_array_new (FALSE, TRUE, sizeof (AlmTownEdge));
  g_array_set_clear_func (self->net.edges, clear_edge);
  self->net.by_place = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  AlmTownMain *road = TOWN_ITEM (self->town.mains, AlmTownMain, 0);

  g_array_unref (road->cuts);
  alm_path_clear (&road->path);
  g_array_unref (self->town.mains);
  g_array_unref (self->town.settlements);
  alm_town_index_free (self->town.closed);
  alm_path_clear (&self->zone.outline);
  g_array_unref (self->zone.owners);
  g_array_unref (self->net.spots);
  g_array_unref (self->net.edges);
  g_hash_table_unref (self->net.by_place);
}

static char *
describe (const AlmTownNet *net)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < net->edges->len; i++)
    {
      const AlmTownEdge *edge = TOWN_ITEM (net->edges, AlmTownEdge, i);

      g_string_append_printf (text, "%u %u %u %d %s %d:", edge->node[0], edge->node[1], edge->line,
                              edge->place, edge->class_, edge->from);
      for (guint k = 0; k < edge->path.n; k++)
        g_string_append_printf (text, " %.3f,%.3f", edge->path.at[k].e, edge->path.at[k].n);
      g_string_append_c (text, '\n');
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_a_place_is_one_node (Fixture       *self,
                          gconstpointer  user_data)
{
  guint first = alm_town_net_node (&self->net, alm_spot (12.0004, 5));

  g_assert_cmpuint (alm_town_net_node (&self->net, alm_spot (12.0001, 5)), ==, first);
  g_assert_cmpuint (alm_town_net_node (&self->net, alm_spot (12.001, 5)), !=, first);
  g_assert_cmpuint (alm_town_net_node (&self->net, alm_spot (5, 12)), !=, first);
  g_assert_cmpuint (self->net.spots->len, ==, 3);
}

static void
test_streets_stay_in_their_zone (Fixture       *self,
                                 gconstpointer  user_data)
{
  alm_town_grid (&self->town, &self->net, &self->zone, NULL);

  g_assert_cmpuint (self->net.edges->len, >, 60);
  for (guint i = 0; i < self->net.edges->len; i++)
    {
      const AlmTownEdge *edge = TOWN_ITEM (self->net.edges, AlmTownEdge, i);

      g_assert_cmpuint (edge->path.n, >=, 2);
      g_assert_cmpuint (edge->district, ==, 3);
      g_assert_cmpuint (edge->line, <, self->net.n_lines);
      for (guint end = 0; end < 2; end++)
        {
          AlmSpot node = g_array_index (self->net.spots, AlmSpot, edge->node[end]);
          AlmSpot tip = edge->path.at[end == 0 ? 0 : edge->path.n - 1];

          g_assert_true (node.e == tip.e && node.n == tip.n);
        }
      for (guint k = 0; k < edge->path.n; k++)
        {
          g_assert_cmpfloat (edge->path.at[k].e, >=, WEST);
          g_assert_cmpfloat (edge->path.at[k].e, <=, EAST);
          g_assert_cmpfloat (edge->path.at[k].n, >=, SOUTH);
          g_assert_cmpfloat (edge->path.at[k].n, <=, NORTH);
        }
    }
}

static void
test_streets_join_the_road_at_the_edge (Fixture       *self,
                                        gconstpointer  user_data)
{
  const AlmTownMain *road = TOWN_ITEM (self->town.mains, AlmTownMain, 0);

  alm_town_grid (&self->town, &self->net, &self->zone, NULL);

  g_assert_cmpuint (road->cuts->len, >, 2);
  for (guint i = 0; i < road->cuts->len; i++)
    {
      AlmSpot joint = g_array_index (road->cuts, AlmTownCut, i).spot;
      guint n_nodes = self->net.spots->len;

      g_assert_cmpfloat (joint.n, ==, SOUTH);
      /* It is a node already: a street ends there. */
      alm_town_net_node (&self->net, joint);
      g_assert_cmpuint (self->net.spots->len, ==, n_nodes);
      for (guint k = 0; k < i; k++)
        g_assert_cmpfloat (alm_spot_distance (joint, g_array_index (road->cuts, AlmTownCut,
                                                                    k).spot), >=, 27);
    }
}

static void
test_no_street_runs_into_a_lake (Fixture       *self,
                                 gconstpointer  user_data)
{
  g_auto (AlmPath) lake = { NULL };
  guint n_free, n_left = 0;

  alm_town_grid (&self->town, &self->net, &self->zone, NULL);
  n_free = self->net.edges->len;
  g_array_set_size (self->net.edges, 0);

  alm_path_add (&lake, alm_spot (2600, 2250));
  alm_path_add (&lake, alm_spot (3000, 2250));
  alm_path_add (&lake, alm_spot (3000, 2650));
  alm_path_add (&lake, alm_spot (2600, 2650));
  alm_town_index_add_polygon (self->town.closed, &lake, 0, 0);
  alm_town_grid (&self->town, &self->net, &self->zone, NULL);

  for (guint i = 0; i < self->net.edges->len; i++, n_left++)
    {
      const AlmTownEdge *edge = TOWN_ITEM (self->net.edges, AlmTownEdge, i);

      for (guint k = 0; k < edge->path.n; k++)
        g_assert_false (alm_path_contains (&lake, edge->path.at[k]));
    }
  g_assert_cmpuint (n_left, >, 20);
  g_assert_cmpuint (n_left, <, n_free);
}

static void
test_the_same_seed_lays_the_same_streets (Fixture       *self,
                                          gconstpointer  user_data)
{
  g_autofree char *once = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;

  for (guint i = 0; i < 3; i++)
    {
      self->town.seed = i < 2 ? 42 : 43;
      self->net.n_lines = 0;
      g_array_set_size (self->net.edges, 0);
      g_array_set_size (self->net.spots, 0);
      g_hash_table_remove_all (self->net.by_place);
      g_array_set_size (TOWN_ITEM (self->town.mains, AlmTownMain, 0)->cuts, 0);
      alm_town_grid (&self->town, &self->net, &self->zone, NULL);
      *(i == 0 ? &once : i == 1 ? &again : &other) = describe (&self->net);
    }
  g_assert_cmpstr (once, ==, again);
  g_assert_cmpstr (once, !=, other);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/town-grid/nodes", test_a_place_is_one_node);
  ADD ("/town-grid/zone", test_streets_stay_in_their_zone);
  ADD ("/town-grid/joints", test_streets_join_the_road_at_the_edge);
  ADD ("/town-grid/lake", test_no_street_runs_into_a_lake);
  ADD ("/town-grid/seed", test_the_same_seed_lays_the_same_streets);
#undef ADD

  return g_test_run ();
}
