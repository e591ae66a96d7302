/* SPDX-License-Identifier: EUPL-1.2 */

/* What the municipal utility sends: its lamps as office software writes them —
 * semicolons, Latin-1, decimal commas, Gauß-Krüger, column names of its own,
 * three lamps twice within two metres, and one line that is broken. */

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

/* Lamps of new streets that the city's list does not have: between its own. */
GBytes *
alm_town_lamps_csv (AlmTown *self)
{
  g_autoptr (GString) text = g_string_new ("Mastnr;Leuchtentyp;Straße;Lichtpunkthöhe in m;"
                                           "Baujahr;Rechtswert;Hochwert;Bemerkung\r\n");
  guint n = self->size == ALM_TOWN_FULL ? 400 : 60, made = 0;
  char *latin;
  gsize length = 0;
  AlmRandom random;

  alm_random_seed_by (&random, self->seed, "import/lamps");
  for (guint i = 0; made < n && i < self->lamps->len; i++)
    {
      guint at = i * MAX (1, self->lamps->len / n);
      const AlmTownPost *lamp = TOWN_ITEM (self->lamps, AlmTownPost,
                                           MIN (at, self->lamps->len - 1));
      AlmSpot spot = alm_spot (lamp->spot.e + 5 + 3 * alm_random_unit (&random),
                               lamp->spot.n + 5 + 3 * alm_random_unit (&random));

      append_lamp (self, text, &random, spot, made, lamp->street, lamp->type);
      if (made == n / 5 || made == n / 2 || made == n * 4 / 5)
        append_lamp (self, text, &random,
                     alm_spot (spot.e + 0.8, spot.n - 0.9), made + 5000, lamp->street, lamp->type);
      if (made == n * 2 / 3)
        g_string_append (text, "SW-99999;LED Mast;Straße unbekannt;5,00\r\n");
      made++;
    }

  latin = g_convert (text->str, (gssize) text->len, "ISO-8859-1", "UTF-8", NULL, &length, NULL);
  g_assert (latin != NULL);   /* every name in the town is German */

  return g_bytes_new_take (latin, length);
}
