/* SPDX-License-Identifier: EUPL-1.2 */

/* The drawn base map as records: areas, lines, buildings, names; districts,
 * roads and addresses, which are maps and data at once. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCOPE "uebung/karte"

static void
put_areas (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->areas->len; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);
      AlmValue *fields = alm_value_new_object ();

      alm_value_set_text (fields, "class", area->class_);
      if (area->from > 0)
        alm_town_set_year (fields, "from", area->from, area->from < 1700);
      alm_value_set (fields, "geometry", alm_town_polygon_value (&area->outline, &area->hole));
      if (area->title != NULL)
        alm_value_set_text (fields, "name", area->title);
      alm_town_put (out, "base-area", SCOPE, area->key, fields);
    }
}

static void
put_lines (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->lines->len; i++)
    {
      const AlmTownLine *line = TOWN_ITEM (self->lines, AlmTownLine, i);
      AlmValue *fields = alm_value_new_object ();

      alm_value_set_text (fields, "class", line->class_);
      if (line->from > 0)
        alm_town_set_year (fields, "from", line->from, line->from < 1700);
      alm_value_set (fields, "geometry", alm_town_line_value (&line->path));
      if (line->title != NULL)
        alm_value_set_text (fields, "name", line->title);
      alm_town_put (out, "base-line", SCOPE, line->key, fields);
    }
}

static void
put_buildings (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->buildings->len; i++)
    {
      const AlmTownBuilding *building = TOWN_ITEM (self->buildings, AlmTownBuilding, i);
      AlmValue *fields = alm_value_new_object ();

      alm_value_set_text (fields, "class", building->use);
      alm_value_set_integer (fields, "floors", building->floors);
      alm_town_set_year (fields, "from", building->from, building->from < 1700);
      alm_value_set (fields, "geometry", alm_town_polygon_value (&building->outline, NULL));
      if (building->title != NULL)
        alm_value_set_text (fields, "name", building->title);
      if (building->until != 0)
        alm_town_set_year (fields, "until", building->until, FALSE);
      alm_town_put (out, "base-building", SCOPE, building->key, fields);
    }
}

static void
put_name (AlmTownOut *out,
          const char *key,
          const char *class_,
          const char *name,
          AlmSpot     spot,
          int         rank)
{
  AlmValue *fields = alm_value_new_object ();

  alm_value_set_text (fields, "class", class_);
  alm_value_set (fields, "geometry", alm_town_point_value (spot));
  alm_value_set_text (fields, "name", name);
  alm_value_set_integer (fields, "rank", rank);
  alm_town_put (out, "base-name", SCOPE, key, fields);
}

static void
put_names (AlmTownOut *out)
{
  AlmTown *self = out->town;

  put_name (out, "town", "town", "Kranichfurt", alm_spot (self->middle.e, self->middle.n + 190), 1);
  for (guint i = 0; i < self->districts->len; i++)
    {
      const AlmTownDistrict *district = TOWN_ITEM (self->districts, AlmTownDistrict, i);
      AlmSpot spot = i == 0 ? self->middle : alm_path_middle (&district->outline);
      g_autofree char *key = g_strconcat ("district/", district->name, NULL);

      for (guint k = 0; k < self->zones->len; k++)
        {
          const AlmTownZone *zone = TOWN_ITEM (self->zones, AlmTownZone, k);

          if (zone->belt == 1 && zone->district == i)
            spot = alm_path_middle (&zone->outline);
        }
      for (guint k = 0; k < self->settlements->len; k++)
        {
          const AlmTownSettlement *settlement = TOWN_ITEM (self->settlements, AlmTownSettlement, k);

          if (strcmp (settlement->name, district->name) == 0)
            spot = settlement->middle;
        }
      put_name (out, key, district->quarter == QUARTER_VILLAGE ? "village" : "district",
                district->name, spot, 2);
    }
  for (guint i = 0; i < self->areas->len; i++)
    {
      const AlmTownArea *area = TOWN_ITEM (self->areas, AlmTownArea, i);
      g_autofree char *key = g_strconcat ("area/", area->key, NULL);
      const char *class_ = strcmp (area->class_, "water") == 0 ? "water"
                           : strcmp (area->class_, "wood") == 0 ? "wood" : "park";

      if (area->title != NULL && strcmp (area->class_, "residential") != 0
          && strcmp (area->key, "river") != 0 && area->hole.n == 0
          && strcmp (area->class_, "meadow") != 0)
        put_name (out, key, class_, area->title, alm_path_middle (&area->outline), 4);
    }
  for (guint i = 0; i < self->buildings->len; i++)
    {
      const AlmTownBuilding *building = TOWN_ITEM (self->buildings, AlmTownBuilding, i);

      if (building->title != NULL)
        put_name (out, building->key, "landmark", building->title,
                  alm_path_middle (&building->outline), 5);
    }
}

static void
put_districts (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->districts->len; i++)
    {
      const AlmTownDistrict *district = TOWN_ITEM (self->districts, AlmTownDistrict, i);
      AlmValue *fields = alm_value_new_object ();
      g_autofree char *name = g_strdup_printf ("%u", i);
      char number[8];

      alm_value_set (fields, "geometry", alm_town_polygon_value (&district->outline, NULL));
      alm_value_set_integer (fields, "inhabitants", district->inhabitants);
      if (district->joined != 0)
        alm_town_set_year (fields, "from", district->joined, FALSE);
      alm_value_set_text (fields, "name", district->name);
      g_snprintf (number, sizeof number, "%02u", i + 1);
      alm_value_set_text (fields, "number", number);
      alm_value_set (fields, "size",
                     alm_value_new_double (rint (alm_path_area (&district->outline) / 1e4) / 100));
      alm_town_put (out, "district", SCOPE, name, fields);
    }
}

static void
put_roads (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->roads->len; i++)
    {
      const AlmTownRoad *road = TOWN_ITEM (self->roads, AlmTownRoad, i);
      const AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, road->street);
      AlmValue *fields = alm_value_new_object ();
      g_autofree char *name = g_strdup_printf ("%s/%u", street->name, i);
      int speed = road->half >= 4.8 ? 50 : strcmp (road->class_, "living_street") == 0 ? 7 : 30;

      alm_value_set_text (fields, "class", road->class_);
      alm_value_set_text (fields, "district",
                          TOWN_ITEM (self->districts, AlmTownDistrict, road->district)->name);
      if (street->former[0].name != NULL)
        {
          AlmValue *former = alm_value_new_list ();

          for (guint k = 0; k < 2 && street->former[k].name != NULL; k++)
            {
              AlmValue *one = alm_value_new_object ();
              g_autofree char *span = g_strdup_printf ("%04d/%04d", street->former[k].from,
                                                       street->former[k].until);

              alm_value_set_text (one, "name", street->former[k].name);
              alm_value_set_text (one, "span", span);
              alm_value_append (former, one);
            }
          alm_value_set (fields, "former_names", former);
        }
      alm_town_set_year (fields, "from", road->from, road->from < 1700);
      alm_value_set (fields, "geometry", alm_town_line_value (&road->path));
      alm_value_set_integer (fields, "maxspeed", speed);
      alm_value_set_text (fields, "name", street->name);
      alm_value_set (fields, "width", alm_value_new_double (rint (road->half * 20) / 10));
      alm_town_put (out, "road", SCOPE, name, fields);
    }
}

static void
put_addresses (AlmTownOut *out)
{
  AlmTown *self = out->town;

  for (guint i = 0; i < self->addresses->len; i++)
    {
      const AlmTownAddress *address = TOWN_ITEM (self->addresses, AlmTownAddress, i);
      const AlmTownStreet *street = TOWN_ITEM (self->streets, AlmTownStreet, address->street);
      AlmValue *fields = alm_value_new_object ();
      char letter[2] = { address->letter, '\0' };
      g_autofree char *number = g_strdup_printf ("%u", address->number);
      g_autofree char *name = g_strdup_printf ("%s/%s%s", street->name, number, letter);
      g_autofree char *postcode = g_strdup_printf ("%05u", 99990 + address->district % 3);

      if (address->letter != 0)
        alm_value_set_text (fields, "addition", letter);
      alm_value_set_text (fields, "city", "Kranichfurt");
      alm_value_set_text (fields, "district",
                          TOWN_ITEM (self->districts, AlmTownDistrict, address->district)->name);
      alm_value_set (fields, "geometry", alm_town_point_value (address->spot));
      alm_value_set_text (fields, "number", number);
      alm_value_set_text (fields, "postcode", postcode);
      alm_value_set_text (fields, "street", street->name);
      alm_town_put (out, "address", SCOPE, name, fields);
    }
}

void
alm_town_put_base_map (AlmTownOut *out)
{
  put_districts (out);
  put_roads (out);
  put_addresses (out);
  put_areas (out);
  put_lines (out);
  put_buildings (out);
  put_names (out);
}
