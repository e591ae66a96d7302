/* SPDX-License-Identifier: EUPL-1.2 */

/* The town as records: ids, scopes, symbolic names, one call per record. */

#include "config.h"

#include "alm-town-private.h"

#include <string.h>

void
alm_town_make_id (guint64     seed,
                  const char *kind,
                  const char *name,
                  AlmId      *id)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  char text[32];
  guint8 digest[32];
  gsize length = sizeof digest;

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, seed);
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
  g_checksum_update (sum, (const guchar *) kind, (gssize) strlen (kind) + 1);
  g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name));
  g_checksum_get_digest (sum, digest, &length);
  memcpy (id->bytes, digest, sizeof id->bytes);
  id->bytes[6] = (guint8) ((id->bytes[6] & 0x0f) | 0x80);
  id->bytes[8] = (guint8) ((id->bytes[8] & 0x3f) | 0x80);
}

/* A scope's id comes from its path, by the same namespace on every desk and
 * server, so that the town's scope and one made on first use are one record. */
static void
make_record_id (AlmTown    *self,
                const char *kind,
                const char *name,
                AlmId      *id)
{
  AlmId space;

  if (strcmp (kind, "scope") != 0)
    {
      alm_town_make_id (self->seed, kind, name, id);
      return;
    }

  alm_id_parse (&space, "4d7bde9b-666e-43d9-a832-08b356951216");
  alm_id_make_named (id, &space, name);
}

/* What lessons call by name: kind, name of the record, symbol. */
static const struct
{
  const char *kind;
  const char *name;
  const char *symbol;
} symbols[] = {
  { "tree", "1", "@linde-am-markt" },
  { "base-building", "landmark/rathaus", "@rathaus" },
  { "base-building", "landmark/marktkirche", "@marktkirche" },
  { "base-building", "landmark/turm/0", "@pulverturm" },
  { "base-building", "landmark/bahnhof", "@bahnhof" },
  { "base-building", "landmark/kloster", "@kloster" },
  { "base-building", "landmark/theater", "@theater" },
  { "base-building", "landmark/muehle", "@silgemuehle" },
  { "base-area", "market", "@markt" },
  { "base-area", "river", "@silge" },
  { "base-area", "park/city", "@stadtpark" },
  { "base-area", "cemetery/old", "@alter-friedhof" },
  { "district", "0", "@altstadt" },
  { "playground", "0", "@spielplatz-eins" },
  { "playground", "1", "@spielplatz-zwei" },
  { "play-device", "0/0", "@schaukel-eins" },
};

void
alm_town_put (AlmTownOut *out,
              const char *kind,
              const char *scope,
              const char *name,
              AlmValue   *fields)
{
  g_autoptr (AlmValue) own = fields;
  char text[ALM_ID_TEXT_SIZE];
  AlmId id;

  make_record_id (out->town, kind, name, &id);
  alm_id_print (&id, text);
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (symbols[i].kind[0] == kind[0] && strcmp (symbols[i].kind, kind) == 0
        && strcmp (symbols[i].name, name) == 0)
      alm_value_set_text (out->town->names, symbols[i].symbol, text);
  alm_town_spoil (out->town, kind, name, text, own);
  out->func (kind, text, scope, own, out->user_data);
}

/* The unit, its scopes, and what the program must know of the city. */
static void
put_system (AlmTownOut *out)
{
  static const char *const scopes[][2] = {
    { "uebung/karte", "Stadtkarte" },
    { "uebung/baeume", "Bäume" },
    { "uebung/beleuchtung", "Beleuchtung" },
    { "uebung/moebel", "Stadtmöbel" },
    { "uebung/spielplaetze", "Spielplätze" },
  };
  AlmValue *unit = alm_value_new_object ();

  alm_value_set_text (unit, "name", "uebung");
  alm_value_set_text (unit, "title", "Übungsstadt Kranichfurt");
  alm_town_put (out, "unit", "system", "uebung", unit);

  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      AlmValue *scope = alm_value_new_object ();

      alm_value_set_text (scope, "path", scopes[i][0]);
      alm_value_set_text (scope, "title", scopes[i][1]);
      alm_value_set_text (scope, "unit", "uebung");
      alm_town_put (out, "scope", "system", scopes[i][0], scope);
    }
}

static AlmValue *
box_value (double west,
           double south,
           double east,
           double north)
{
  AlmValue *list = alm_value_new_list ();

  alm_value_append (list, alm_value_new_double (west));
  alm_value_append (list, alm_value_new_double (south));
  alm_value_append (list, alm_value_new_double (east));
  alm_value_append (list, alm_value_new_double (north));

  return list;
}

static void
put_city (AlmTownOut *out)
{
  AlmValue *city = alm_value_new_object ();
  const AlmSpot corner[4] = { { 0, 0 }, { ALM_TOWN_WIDTH, 0 },
                              { ALM_TOWN_WIDTH, ALM_TOWN_HEIGHT }, { 0, ALM_TOWN_HEIGHT } };
  double west = 180, south = 90, east = -180, north = -90;

  for (guint i = 0; i < 4; i++)
    {
      double lon, lat;

      alm_town_spot_to_lonlat (corner[i], &lon, &lat);
      west = MIN (west, lon);
      east = MAX (east, lon);
      south = MIN (south, lat);
      north = MAX (north, lat);
    }
  alm_value_set_text (city, "name", "Kranichfurt an der Silge");
  alm_value_set_text (city, "crs", "EPSG:25832");
  alm_value_set (city, "bbox", box_value (west, south, east, north));
  alm_value_set (city, "country_bbox", box_value (5.8, 47.2, 15.1, 55.1));
  alm_town_put (out, "city", "system", "kranichfurt", city);
}

void
alm_town_each (AlmTown     *self,
               AlmTownFunc  func,
               gpointer     user_data)
{
  AlmTownOut out = { self, func, user_data };

  g_clear_pointer (&self->names, alm_value_unref);
  g_clear_pointer (&self->mistakes, alm_value_unref);
  self->names = alm_value_new_object ();
  self->mistakes = alm_value_new_list ();

  put_system (&out);
  put_city (&out);
  alm_town_put_base_map (&out);
  alm_town_put_assets (&out);
  alm_town_put_play (&out);
}

AlmValue *
alm_town_get_names (AlmTown *self)
{
  g_return_val_if_fail (self->names != NULL, NULL);

  return self->names;
}

AlmValue *
alm_town_get_mistakes (AlmTown *self)
{
  g_return_val_if_fail (self->mistakes != NULL, NULL);

  return self->mistakes;
}
