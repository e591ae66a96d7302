/* SPDX-License-Identifier: EUPL-1.2 */

/* The town from its seed, in the order in which towns come about.  Each step
 * draws from random streams of its own name, so that a new part shifts no
 * other (learning.md, section 3.1). */

#include "config.h"

#include "alm-town-private.h"

static void
clear_main (gpointer data)
{
  AlmTownMain *main = data;

  alm_path_clear (&main->path);
  g_free (main->name);
  g_array_unref (main->cuts);
}

static void
clear_zone (gpointer data)
{
  AlmTownZone *zone = data;

  alm_path_clear (&zone->outline);
  g_array_unref (zone->owners);
}

static void
clear_settlement (gpointer data)
{
  AlmTownSettlement *settlement = data;

  alm_path_clear (&settlement->outline);
  g_free (settlement->name);
}

static void
clear_district (gpointer data)
{
  AlmTownDistrict *district = data;

  alm_path_clear (&district->outline);
  g_free (district->name);
}

static void
clear_area (gpointer data)
{
  AlmTownArea *area = data;

  g_free (area->key);
  g_free (area->title);
  alm_path_clear (&area->outline);
  alm_path_clear (&area->hole);
}

static void
clear_line (gpointer data)
{
  AlmTownLine *line = data;

  g_free (line->key);
  g_free (line->title);
  alm_path_clear (&line->path);
}

static void
clear_street (gpointer data)
{
  AlmTownStreet *street = data;

  g_free (street->name);
  g_free (street->former[0].name);
  g_free (street->former[1].name);
}

static void
clear_road (gpointer data)
{
  alm_path_clear (&((AlmTownRoad *) data)->path);
}

static void
clear_building (gpointer data)
{
  AlmTownBuilding *building = data;

  alm_path_clear (&building->outline);
  g_free (building->key);
  g_free (building->title);
}

static void
clear_playground (gpointer data)
{
  AlmTownPlayground *playground = data;

  alm_path_clear (&playground->outline);
  g_free (playground->name);
}

static GArray *
new_list (gsize          size,
          GDestroyNotify clear)
{
  GArray *list = g_array_new (FALSE, TRUE, (guint) size);

  if (clear != NULL)
    g_array_set_clear_func (list, clear);

  return list;
}

AlmTown *
alm_town_new (guint64     seed,
              AlmTownSize size)
{
  AlmTown *self = g_new0 (AlmTown, 1);

  self->seed = seed;
  self->size = size;
  self->ring = size == ALM_TOWN_FULL ? 1400 : 690;
  self->mains = new_list (sizeof (AlmTownMain), clear_main);
  self->zones = new_list (sizeof (AlmTownZone), clear_zone);
  self->settlements = new_list (sizeof (AlmTownSettlement), clear_settlement);
  self->districts = new_list (sizeof (AlmTownDistrict), clear_district);
  self->areas = new_list (sizeof (AlmTownArea), clear_area);
  self->lines = new_list (sizeof (AlmTownLine), clear_line);
  self->streets = new_list (sizeof (AlmTownStreet), clear_street);
  self->roads = new_list (sizeof (AlmTownRoad), clear_road);
  self->buildings = new_list (sizeof (AlmTownBuilding), clear_building);
  self->addresses = new_list (sizeof (AlmTownAddress), NULL);
  self->trees = new_list (sizeof (AlmTownTree), NULL);
  self->lamps = new_list (sizeof (AlmTownPost), NULL);
  self->furniture = new_list (sizeof (AlmTownPost), NULL);
  self->playgrounds = new_list (sizeof (AlmTownPlayground), clear_playground);
  self->used_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->closed = alm_town_index_new ();
  self->ways = alm_town_index_new ();
  self->junctions = alm_town_index_new ();
  self->houses = alm_town_index_new ();
  self->things = alm_town_index_new ();
  self->wet = alm_town_index_new ();

  alm_town_plan (self);
  alm_town_make_zones (self);
  alm_town_make_areas (self);
  alm_town_make_streets (self);
  alm_town_make_landmarks (self);
  alm_town_make_playgrounds (self);
  alm_town_make_houses (self);
  alm_town_finish_areas (self);
  alm_town_make_posts (self);
  alm_town_make_trees (self);
  alm_town_count_people (self);

  return self;
}

void
alm_town_free (AlmTown *self)
{
  g_array_unref (self->mains);
  g_array_unref (self->zones);
  g_array_unref (self->settlements);
  g_array_unref (self->districts);
  g_array_unref (self->areas);
  g_array_unref (self->lines);
  g_array_unref (self->streets);
  g_array_unref (self->roads);
  g_array_unref (self->buildings);
  g_array_unref (self->addresses);
  g_array_unref (self->trees);
  g_array_unref (self->lamps);
  g_array_unref (self->furniture);
  g_array_unref (self->playgrounds);
  g_hash_table_unref (self->used_names);
  alm_town_index_free (self->closed);
  alm_town_index_free (self->ways);
  alm_town_index_free (self->junctions);
  alm_town_index_free (self->houses);
  alm_town_index_free (self->things);
  alm_town_index_free (self->wet);
  g_clear_pointer (&self->names, alm_value_unref);
  g_clear_pointer (&self->mistakes, alm_value_unref);
  alm_path_clear (&self->river);
  alm_path_clear (&self->rail);
  alm_path_clear (&self->wall);
  g_free (self);
}
