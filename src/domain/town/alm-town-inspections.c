/* SPDX-License-Identifier: EUPL-1.2 */

/* Playgrounds, their devices, and the inspections of the last years: weekly by
 * eye, quarterly in operation, yearly the main one by somebody from outside.
 * Some are due, some overdue, one device is closed. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

#define SCOPE "uebung/spielplaetze"

static const struct
{
  const char *type;
  const char *title;
} device_types[] = {
  { "swing", "Schaukel" }, { "slide", "Rutsche" }, { "sandbox", "Sandkasten" },
  { "climbing", "Klettergerüst" }, { "seesaw", "Wippe" }, { "spring", "Federtier" },
  { "carousel", "Karussell" }, { "balance", "Balancierbalken" }, { "playhouse", "Spielhaus" },
};

static const char *const makers[] = { "Spielwerk Rauing", "Holzbau Ilmkamp", "Bralthal Geräte" };
static const char *const own_people[] = { "Jost Kelbrecht", "Wilma Tamstein" };

static void
make_text_id (AlmTown    *self,
              const char *kind,
              const char *name,
              char        text[ALM_ID_TEXT_SIZE])
{
  AlmId id;

  alm_town_make_id (self->seed, kind, name, &id);
  alm_id_print (&id, text);
}

/* Days before today of the last inspections; every seventh playground was
 * forgotten for a while. */
static int
late_days (guint index)
{
  return index % 7 == 3 ? 12 : index % 7 == 5 ? 100 : 0;
}

static int
last_visual (guint index)
{
  return late_days (index) + 1 + (int) (index % 6);
}

static int
last_operative (guint index)
{
  return late_days (index) + 4 + (int) (index * 7 % 80);
}

static int
last_main (guint index)
{
  return late_days (index) * 3 + 20 + (int) (index * 37 % 320);
}

static void
set_last_days (AlmValue *fields,
               guint     index)
{
  alm_town_set_day (fields, "last_main", last_main (index));
  alm_town_set_day (fields, "last_operative", last_operative (index));
  alm_town_set_day (fields, "last_visual", last_visual (index));
}

static void
put_device (AlmTownOut              *out,
            AlmRandom               *random,
            guint                    index,
            guint                    n,
            const AlmTownPlayground *playground)
{
  AlmValue *fields = alm_value_new_object ();
  guint type = n < 3 ? n : alm_random_below (random, G_N_ELEMENTS (device_types));
  AlmSpot a = playground->outline.at[0], b = playground->outline.at[1];
  AlmSpot axis = alm_spot_direction (a, b);
  double wide = alm_spot_distance (a, b);
  double deep = alm_spot_distance (b, playground->outline.at[2]);
  char owner[ALM_ID_TEXT_SIZE], number[16];
  g_autofree char *name = g_strdup_printf ("%u/%u", index, n);
  g_autofree char *place = g_strdup_printf ("%u", index);
  /* Three in a row, rows behind each other. */
  AlmSpot spot = alm_spot_moved (a, axis, wide * (0.2 + 0.3 * (n % 3)),
                                 deep * MIN (0.85, 0.2 + 0.28 * (double) (n / 3)));

  make_text_id (out->town, "playground", place, owner);
  g_snprintf (number, sizeof number, "%02u-%02u", index + 1, n + 1);
  if (index == 2 && n == 1)
    alm_value_set_text (fields, "closed_reason", "Kette gerissen, Ersatz bestellt");
  alm_value_set (fields, "geometry", alm_town_point_value (spot));
  alm_town_set_year (fields, "installed",
                     MAX (playground->from, 1996 + (int) alm_random_below (random, 29)), FALSE);
  set_last_days (fields, index);
  alm_value_set_text (fields, "maintainer", "Stadtgrün");
  alm_value_set_text (fields, "manufacturer", makers[alm_random_below (random, 3)]);
  alm_value_set_text (fields, "name", device_types[type].title);
  alm_value_set_text (fields, "number", number);
  alm_value_set_text (fields, "playground", owner);
  alm_value_set_text (fields, "state", index == 2 && n == 1 ? "closed" : "open");
  alm_value_set_text (fields, "type", device_types[type].type);
  alm_town_put (out, "play-device", SCOPE, name, fields);
}

static void
put_inspection (AlmTownOut *out,
                AlmRandom  *random,
                guint       index,
                const char *type,
                guint       n,
                int         days_ago)
{
  AlmValue *fields = alm_value_new_object ();
  g_autofree char *name = g_strdup_printf ("%u/%s/%u", index, type, n);
  g_autofree char *place = g_strdup_printf ("%u", index);
  guint dice = alm_random_below (random, 100);
  char owner[ALM_ID_TEXT_SIZE];

  make_text_id (out->town, "playground", place, owner);
  alm_value_set_text (fields, "asset", owner);
  alm_town_set_day (fields, "date", days_ago);
  alm_value_set_text (fields, "inspector",
                      strcmp (type, "main") == 0 ? "Sachverständigenbüro Holstein-Rau"
                                                 : own_people[alm_random_below (random, 2)]);
  alm_value_set_text (fields, "result", dice < 86 ? "ok" : dice < 97 ? "defect" : "danger");
  if (dice >= 86)
    alm_value_set_text (fields, "urgency", dice < 93 ? "low" : dice < 98 ? "medium" : "high");
  alm_value_set_text (fields, "type", type);
  alm_town_put (out, "inspection", SCOPE, name, fields);
}

static void
put_playground (AlmTownOut *out,
                guint       index)
{
  AlmTown *self = out->town;
  const AlmTownPlayground *playground = TOWN_ITEM (self->playgrounds, AlmTownPlayground, index);
  AlmValue *fields = alm_value_new_object ();
  g_autofree char *name = g_strdup_printf ("%u", index);
  guint devices;
  char number[16];
  AlmRandom random;

  alm_random_seed_by (&random, self->seed ^ G_GUINT64_CONSTANT (0x706c617900), name);
  devices = 4 + alm_random_below (&random, 5);
  g_snprintf (number, sizeof number, "SP-%02u", index + 1);
  alm_value_set_integer (fields, "age_from", index % 3 == 0 ? 1 : 3);
  alm_value_set_integer (fields, "age_to", index % 3 == 0 ? 6 : 12);
  alm_value_set_text (fields, "district",
                      TOWN_ITEM (self->districts, AlmTownDistrict, playground->district)->name);
  alm_town_set_year (fields, "from", playground->from, FALSE);
  alm_value_set (fields, "geometry", alm_town_polygon_value (&playground->outline, NULL));
  set_last_days (fields, index);
  alm_value_set_text (fields, "maintainer", "Stadtgrün");
  alm_value_set_text (fields, "name", playground->name);
  alm_value_set_text (fields, "number", number);
  alm_value_set (fields, "size",
                 alm_value_new_double (rint (fabs (alm_path_area (&playground->outline)))));
  alm_value_set_text (fields, "state", "open");
  alm_value_set_text (fields, "street",
                      TOWN_ITEM (self->streets, AlmTownStreet, playground->street)->name);
  alm_value_set_text (fields, "type", "playground");
  alm_town_put (out, "playground", SCOPE, name, fields);

  for (guint n = 0; n < devices; n++)
    put_device (out, &random, index, n, playground);
  for (guint n = 0; n < 54; n++)
    put_inspection (out, &random, index, "visual", n, last_visual (index) + (int) n * 7);
  for (guint n = 0; n < 13; n++)
    put_inspection (out, &random, index, "operative", n, last_operative (index) + (int) n * 91);
  for (guint n = 0; n < 4; n++)
    put_inspection (out, &random, index, "main", n, last_main (index) + (int) n * 365);
}

void
alm_town_put_play (AlmTownOut *out)
{
  for (guint i = 0; i < out->town->playgrounds->len; i++)
    put_playground (out, i);
}
