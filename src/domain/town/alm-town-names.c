/* SPDX-License-Identifier: EUPL-1.2 */

/* Names that sound German and belong to nobody: stems from syllables, endings
 * by quarter, and old words (Gerber, Mühl, Linden …) that every town has. */

#include "config.h"

#include "alm-town-private.h"

#include <string.h>

static const char *const heads[] = {
  "Bral", "Dorn", "Els", "Fren", "Gom", "Har", "Ilm", "Kel", "Lor", "Mar", "Nol", "Ott",
  "Pros", "Quen", "Rau", "Sel", "Tam", "Ul", "Wen", "Zar", "Brun", "Erl", "Grem", "Hol",
  "Kors", "Lud", "Mer", "Rot", "Schel", "Trom", "Wis", "Zell", "Fal", "Kron", "Stol", "Wal",
};

static const char *const tails[] = {
  "bert", "beck", "mann", "ing", "ner", "wald", "rich", "mar", "lin", "ger", "hold", "win",
  "brecht", "dorf", "stein", "holt", "eck", "brand", "low", "kamp", "thal", "ig", "ers", "heim",
};

static const char *const crafts[] = {
  "Gerber", "Töpfer", "Färber", "Seiler", "Böttcher", "Kupfer", "Nagler", "Bader", "Kannen",
  "Hufeisen", "Spindel", "Brot", "Fisch", "Korn", "Hopfen", "Wachs", "Glocken", "Amtmanns",
  "Pfarr", "Nonnen", "Pulver", "Henker", "Krumme", "Enge", "Kreuz", "Laternen", "Zeughaus",
  "Schwanen", "Löwen", "Hirsch", "Raben", "Karpfen",
};

static const char *const nature[] = {
  "Ahorn", "Akazien", "Amsel", "Birken", "Buchen", "Drossel", "Eiben", "Erlen", "Eschen",
  "Fasanen", "Finken", "Flieder", "Ginster", "Haselnuss", "Heide", "Hecken", "Holunder",
  "Kastanien", "Kiefern", "Lerchen", "Linden", "Meisen", "Mispel", "Pappel", "Quitten",
  "Reiher", "Rosen", "Schlehen", "Ulmen", "Wacholder", "Weiden", "Zeisig",
};

static const char *const work[] = {
  "Amboss", "Dreher", "Former", "Gießer", "Hobel", "Kessel", "Lokomotiv", "Schlosser",
  "Schmelzer", "Walzen", "Werk", "Zahnrad", "Speicher", "Gleis", "Ladestraßen", "Spinnerei",
};

static const char *const old_endings[] = {
  "gasse", "gasse", "gasse", "winkel", "steig", "graben"
};
static const char *const row_endings[] = {
  "straße", "straße", "straße", "straße", "allee", "gasse"
};
static const char *const villa_endings[] = { "weg", "allee", "straße", "ring", "steig" };
static const char *const family_endings[] = { "weg", "weg", "weg", "straße", "pfad", "ring" };
static const char *const estate_endings[] = { "straße", "ring", "weg", "straße" };
static const char *const work_endings[] = { "straße", "straße", "weg", "hof" };
static const char *const village_endings[] = { "gasse", "weg", "straße", "anger", "berg", "grund" };

static const char *const firsts[] = {
  "Adalbert", "Agnes", "Bruno", "Clara", "Dorothea", "Emil", "Ferdinand", "Gertrud", "Hedwig",
  "Ida", "Konrad", "Leonore", "Martha", "Oskar", "Paula", "Rudolf", "Sophie", "Theodor",
};

#define PICK(random, list) ((list)[alm_random_below ((random), G_N_ELEMENTS (list))])

static char *
stem (AlmRandom *random)
{
  return g_strconcat (PICK (random, heads), PICK (random, tails), NULL);
}

/* "Gerta Holbeck", "Holbeck": nobody. */
char *
alm_town_name_person (AlmRandom *random)
{
  g_autofree char *family = stem (random);

  return g_strdup_printf ("%s-%s", PICK (random, firsts), family);
}

char *
alm_town_name_place (AlmTown    *self,
                     AlmRandom  *random,
                     const char *ending)
{
  for (;;)
    {
      g_autofree char *name = g_strdup_printf ("%s%s%s", PICK (random, heads),
                                               alm_random_below (random, 2) == 0 ? "s" : "en",
                                               ending);

      if (g_hash_table_add (self->used_names, g_strdup (name)))
        return g_steal_pointer (&name);
    }
}

/* A word before and an ending by the quarter's habits. */
static char *
one_street_name (AlmRandom      *random,
                 AlmTownQuarter  quarter)
{
  g_autofree char *own = stem (random);
  guint dice = alm_random_below (random, 100);
  const char *word = own;
  const char *ending;

  switch (quarter)
    {
    case QUARTER_OLD:
      word = dice < 75 ? PICK (random, crafts) : own;
      ending = PICK (random, old_endings);
      break;
    case QUARTER_ROWS:
    case QUARTER_OPEN:
      if (dice < 30)
        {
          g_autofree char *person = alm_town_name_person (random);

          return g_strdup_printf ("%s-Straße", person);
        }
      word = dice < 42 ? PICK (random, nature) : own;
      ending = PICK (random, row_endings);
      break;
    case QUARTER_VILLA:
      word = dice < 50 ? PICK (random, nature) : own;
      ending = PICK (random, villa_endings);
      break;
    case QUARTER_FAMILY:
      word = dice < 60 ? PICK (random, nature) : own;
      ending = PICK (random, family_endings);
      break;
    case QUARTER_ESTATE:
      if (dice < 60)
        {
          g_autofree char *person = alm_town_name_person (random);

          return g_strdup_printf ("%s-Straße", person);
        }
      ending = PICK (random, estate_endings);
      break;
    case QUARTER_WORKS:
    case QUARTER_INDUSTRY:
      word = dice < 80 ? PICK (random, work) : own;
      ending = PICK (random, work_endings);
      break;
    case QUARTER_VILLAGE:
    default:
      if (dice < 25)
        return g_strdup_printf ("%s %sberg", dice < 12 ? "Am" : "Hinterm", PICK (random, heads));
      word = dice < 50 ? PICK (random, nature) : own;
      ending = PICK (random, village_endings);
      break;
    }

  return g_strconcat (word, ending, NULL);
}

/* No two streets of the town bear one name. */
char *
alm_town_name_street (AlmTown        *self,
                      AlmRandom      *random,
                      AlmTownQuarter  quarter)
{
  for (;;)
    {
      g_autofree char *name = one_street_name (random, quarter);

      if (g_hash_table_add (self->used_names, g_strdup (name)))
        return g_steal_pointer (&name);
    }
}
