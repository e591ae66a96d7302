/* SPDX-License-Identifier: EUPL-1.2 */

/* Trees, lamps and furniture as records.  What nobody sees on the map — height,
 * vitality, tours, the day of the last check — comes from a stream per thing. */

#include "config.h"

#include "alm-town-private.h"
#include "alm-town-species.h"

#include <math.h>
#include <string.h>

static const char *const inspectors[] = {
  "Frieda Rauwald", "Jost Kelbrecht", "Malte Zarheim", "Wilma Tamstein"
};

/* Height and crown after that many years: fast first, then slower. */
static double
grown (double full,
       double slow,
       double years)
{
  return full * years / (years + slow * 0.5);
}

static void
set_size (AlmValue             *fields,
          AlmRandom            *random,
          const AlmTownSpecies *species,
          int                   age)
{
  double luck = 0.82 + 0.36 * alm_random_unit (random);
  double height = MAX (2.5, grown (species->height * 1.15, species->slow, age) * luck);
  double crown = MAX (1.0, grown (species->crown * 1.15, species->slow, age) * luck);
  double girth = MAX (12, 10 + age * (1.6 + 1.1 * alm_random_unit (random)));

  alm_value_set (fields, "crown", alm_value_new_double (rint (crown * 2) / 2));
  alm_value_set (fields, "height", alm_value_new_double (rint (height * 2) / 2));
  alm_value_set_integer (fields, "girth", (gint64) MIN (rint (girth), 520));
}

static guint
vitality_of (AlmRandom *random,
             int        age)
{
  guint dice = alm_random_below (random, 1000);
  guint worse = (guint) MIN (age, 160);

  if (dice < 6)
    return 4;
  if (dice < 18 + worse / 4)
    return 3;
  if (dice < 95 + worse)
    return 2;

  return dice < 400 + worse * 2 ? 1 : 0;
}

/* Some have been felled; the record stays, as it does in every city's list. */
static void
end_tree (AlmValue  *fields,
          AlmRandom *random)
{
  static const char *const reasons[] = {
    "Pilzbefall", "Sturmschaden", "Trockenheit", "Baumaßnahme", "Stammriss"
  };
  char day[16];
  int year = 2016 + (int) alm_random_below (random, 10);

  g_snprintf (day, sizeof day, "%d-%02u", year,
              alm_random_below (random, 2) == 0 ? 1 + alm_random_below (random, 2)
                                                : 10 + alm_random_below (random, 3));
  alm_value_set_text (fields, "felled", day);
  alm_value_set_text (fields, "fell_reason",
                      reasons[alm_random_below (random, G_N_ELEMENTS (reasons))]);
}

static void
put_tree (AlmTownOut *out,
          guint       index)
{
  AlmTown *self = out->town;
  const AlmTownTree *tree = TOWN_ITEM (self->trees, AlmTownTree, index);
  const AlmTownSpecies *species = &alm_town_species[tree->species];
  AlmValue *fields = alm_value_new_object ();
  int age = 2026 - tree->planted;
  guint vitality;
  char name[16], number[16], tour[16];
  AlmRandom random;

  g_snprintf (name, sizeof name, "%u", tree->number);
  g_snprintf (number, sizeof number, "%05u", tree->number);
  alm_random_seed_by (&random, self->seed ^ G_GUINT64_CONSTANT (0x7472656500), name);

  vitality = vitality_of (&random, age);
  alm_value_set_text (fields, "district",
                      TOWN_ITEM (self->districts, AlmTownDistrict, tree->district)->name);
  alm_value_set (fields, "geometry", alm_town_point_value (tree->spot));
  set_size (fields, &random, species, age);
  alm_value_set_text (fields, "inspector",
                      inspectors[alm_random_below (&random, G_N_ELEMENTS (inspectors))]);
  /* Most were looked at within their time; one in twelve is late. */
  alm_town_set_day (fields, "last_inspection",
                    alm_random_below (&random, 12) == 0
                    ? 700 + (int) alm_random_below (&random, 500)
                    : 5 + (int) alm_random_below (&random, vitality >= 3 ? 360 : 690));
  alm_value_set_text (fields, "number", number);
  alm_town_set_year (fields, "planted", tree->planted, alm_random_below (&random, 100) < 6);
  alm_value_set_text (fields, "species", species->latin);
  alm_value_set_text (fields, "species_de", species->german);
  if (tree->street != NOWHERE)
    alm_value_set_text (fields, "street",
                        TOWN_ITEM (self->streets, AlmTownStreet, tree->street)->name);
  else if (tree->area != NOWHERE && TOWN_ITEM (self->areas, AlmTownArea, tree->area)->title != NULL)
    alm_value_set_text (fields, "area",
                        TOWN_ITEM (self->areas, AlmTownArea, tree->area)->title);
  if (age <= 6)
    {
      g_snprintf (tour, sizeof tour, "Gießtour %u", 1 + tree->district % 5);
      alm_value_set_text (fields, "tour", tour);
    }
  if (age > 12 && (vitality == 4 || alm_random_below (&random, 120) == 0))
    end_tree (fields, &random);
  alm_value_set_integer (fields, "vitality", vitality);
  alm_town_put (out, "tree", "uebung/baeume", name, fields);
}

static void
put_lamp (AlmTownOut *out,
          guint       index)
{
  static const struct
  {
    const char *model;
    double      height;
    guint       watts;
    int         since;
  } types[] = {
    { "Altstadtleuchte Kandelaber", 3.8, 22, 1994 },
    { "Peitschenmast LED 60", 8.0, 58, 2009 },
    { "Aufsatzleuchte LED 30", 5.0, 28, 2004 },
  };
  AlmTown *self = out->town;
  const AlmTownPost *lamp = TOWN_ITEM (self->lamps, AlmTownPost, index);
  AlmValue *fields = alm_value_new_object ();
  char name[16], number[16], circuit[16];
  guint light;
  AlmRandom random;

  g_snprintf (name, sizeof name, "%u", lamp->number);
  g_snprintf (number, sizeof number, "L-%05u", lamp->number);
  g_snprintf (circuit, sizeof circuit, "SK %02u-%u", lamp->district + 1, lamp->street % 4 + 1);
  alm_random_seed_by (&random, self->seed ^ G_GUINT64_CONSTANT (0x6c616d7000), name);
  light = alm_random_below (&random, 100);

  alm_value_set_text (fields, "circuit", circuit);
  if (light < 68)
    alm_value_set_integer (fields, "color_temperature", lamp->type == 0 ? 2700 : 3000);
  alm_value_set_text (fields, "district",
                      TOWN_ITEM (self->districts, AlmTownDistrict, lamp->district)->name);
  alm_value_set (fields, "geometry", alm_town_point_value (lamp->spot));
  alm_value_set (fields, "height", alm_value_new_double (types[lamp->type].height));
  alm_town_set_year (fields, "installed", types[lamp->type].since
                     + (int) alm_random_below (&random, 16), FALSE);
  alm_value_set_text (fields, "lamp_type",
                      light < 68 ? "led" : light < 88 ? "sodium" : "fluorescent");
  alm_town_set_day (fields, "last_inspection", 10 + (int) alm_random_below (&random, 2100));
  alm_value_set_text (fields, "model", types[lamp->type].model);
  alm_value_set_text (fields, "mount", "mast");
  alm_value_set_text (fields, "number", number);
  alm_value_set_integer (fields, "power", types[lamp->type].watts + (light < 68 ? 0 : 42));
  alm_value_set_text (fields, "state", alm_random_below (&random, 100) < 97 ? "ok" : "defect");
  alm_value_set_text (fields, "street",
                      TOWN_ITEM (self->streets, AlmTownStreet, lamp->street)->name);
  alm_town_put (out, "lamp", "uebung/beleuchtung", name, fields);
}

static void
put_furniture (AlmTownOut *out,
               guint       index)
{
  static const struct
  {
    guint       share;
    const char *type;
  } types[] = { { 44, "bench" }, { 68, "bin" }, { 70, "fountain" }, { 84, "rack" },
                { 97, "bollard" }, { 100, "planter" } };
  AlmTown *self = out->town;
  const AlmTownPost *thing = TOWN_ITEM (self->furniture, AlmTownPost, index);
  AlmValue *fields = alm_value_new_object ();
  guint type = 0, condition;
  char name[16], number[16];
  AlmRandom random;

  g_snprintf (name, sizeof name, "%u", thing->number);
  g_snprintf (number, sizeof number, "M-%04u", thing->number);
  alm_random_seed_by (&random, self->seed ^ G_GUINT64_CONSTANT (0x6d6f656200), name);
  while (thing->type >= types[type].share)
    type++;

  alm_value_set_text (fields, "district",
                      TOWN_ITEM (self->districts, AlmTownDistrict, thing->district)->name);
  alm_value_set (fields, "geometry", alm_town_point_value (thing->spot));
  alm_town_set_year (fields, "installed", 1988 + (int) alm_random_below (&random, 38), FALSE);
  alm_town_set_day (fields, "last_inspection", 3 + (int) alm_random_below (&random, 700));
  alm_value_set_text (fields, "number", number);
  condition = alm_random_below (&random, 100);
  alm_value_set_text (fields, "state",
                      condition < 74 ? "good" : condition < 93 ? "worn" : "damaged");
  if (thing->street != NOWHERE)
    alm_value_set_text (fields, "street",
                        TOWN_ITEM (self->streets, AlmTownStreet, thing->street)->name);
  alm_value_set_text (fields, "type", types[type].type);
  alm_town_put (out, "furniture", "uebung/moebel", name, fields);
}

void
alm_town_put_assets (AlmTownOut *out)
{
  for (guint i = 0; i < out->town->trees->len; i++)
    put_tree (out, i);
  for (guint i = 0; i < out->town->lamps->len; i++)
    put_lamp (out, i);
  for (guint i = 0; i < out->town->furniture->len; i++)
    put_furniture (out, i);
}
