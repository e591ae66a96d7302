/* SPDX-License-Identifier: EUPL-1.2 */

/* What the municipal utility sends: its lamps as office software writes them —
 * semicolons, Latin-1, decimal commas, Gauß-Krüger, column names of its own,
 * three lamps that the city has already, and one line that is broken. */

#include "config.h"

#include "alm-town-private.h"

#include <math.h>
#include <string.h>

static const char *const types[] = {
  "Altstadtleuchte", "LED Mast groß", "LED Mast", "Natriumdampf"
};

/* 1234.5 → "1234,50", whatever the locale. */
static void
append_number (GString *out,
               double   number)
{
  gint64 hundredths = (gint64) rint (number * 100);

  g_string_append_printf (out, "%" G_GINT64_FORMAT ",%02d", hundredths / 100,
                          (int) (hundredths % 100));
}

static void
append_lamp (AlmTown   *self,
             GString   *out,
             AlmRandom *random,
             AlmSpot    spot,
             guint      number,
             guint      street,
             guint      type)
{
  double right, up;

  alm_town_spot_to_gk3 (spot, &right, &up);
  g_string_append_printf (out, "SW-%05u;%s;%s;", 10000 + number,
                          types[alm_random_below (random, 5) == 0 ? 3 : type % 3],
                          TOWN_ITEM (self->streets, AlmTownStreet, street)->name);
  append_number (out, 4.5 + alm_random_below (random, 4));
  g_string_append_printf (out, ";%u;", 1985 + alm_random_below (random, 40));
  append_number (out, right);
  g_string_append_c (out, ';');
  append_number (out, up);
  g_string_append_printf (out, ";%s\r\n",
                          alm_random_below (random, 9) == 0 ? "Prüfung fällig" : "");
}

/* Lamps that the city's own list does not have: some metres beside those it
 * has, where nothing else stands; but three are within two metres of one. */
static AlmSpot
place_lamp (AlmTown           *self,
            AlmRandom         *random,
            const AlmTownPost *beside,
            gboolean           twice)
{
  if (twice)
    return alm_spot (beside->spot.e + 0.8, beside->spot.n - 0.9);

  for (guint i = 0; i < 200; i++)
    {
      AlmSpot spot = alm_spot (beside->spot.e + 24 * (alm_random_unit (random) - 0.5),
                               beside->spot.n + 24 * (alm_random_unit (random) - 0.5));

      if (!alm_town_index_near (self->things, spot, 3.5))
        return spot;
    }

  return alm_spot (beside->spot.e + 12, beside->spot.n + 12);
}

GBytes *
alm_town_lamps_csv (AlmTown *self)
{
  g_autoptr (GString) text = g_string_new ("Mastnr;Leuchtentyp;Straße;Lichtpunkthöhe in m;"
                                           "Baujahr;Rechtswert;Hochwert;Bemerkung\r\n");
  guint n = MIN (self->size == ALM_TOWN_FULL ? 400 : 60, self->lamps->len);
  char *latin;
  gsize length = 0;
  AlmRandom random;

  alm_random_seed_by (&random, self->seed, "import/lamps");
  for (guint i = 0; i < n; i++)
    {
      const AlmTownPost *lamp = TOWN_ITEM (self->lamps, AlmTownPost, i * (self->lamps->len / n));
      gboolean twice = i == n / 5 || i == n / 2 || i == n * 4 / 5;

      append_lamp (self, text, &random, place_lamp (self, &random, lamp, twice), i, lamp->street,
                   lamp->type);
      if (i == n * 2 / 3)
        g_string_append (text, "SW-99999;LED Mast;Straße unbekannt;5,00\r\n");
    }

  latin = g_convert (text->str, (gssize) text->len, "ISO-8859-1", "UTF-8", NULL, &length, NULL);
  g_assert (latin != NULL);   /* every name in the town is German */

  return g_bytes_new_take (latin, length);
}
