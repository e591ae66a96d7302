/* SPDX-License-Identifier: EUPL-1.2 */

/* The kinds of trees: a list without doubles or nonsense, and picks that follow
 * the shares of the place. */

#include "config.h"

#include "alm-town-species.h"

static void
test_the_list_is_sound (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (alm_town_n_species, ==, 62);
  for (guint i = 0; i < alm_town_n_species; i++)
    {
      const AlmTownSpecies *species = &alm_town_species[i];
      guint sum = 0;

      g_assert_true (g_utf8_validate (species->latin, -1, NULL));
      g_assert_true (g_ascii_isupper (species->latin[0]));
      g_assert_true (g_hash_table_add (names, (gpointer) species->latin));
      g_assert_true (g_hash_table_add (names, (gpointer) species->german));
      for (guint place = 0; place < N_PLACES; place++)
        sum += species->share[place];
      g_assert_cmpuint (sum, >, 0);
      g_assert_cmpuint (species->height, >=, 5);
      g_assert_cmpuint (species->height, <=, 40);
      g_assert_cmpuint (species->crown, >=, 3);
      g_assert_cmpuint (species->crown, <=, species->height + 2u);
      g_assert_cmpuint (species->slow, >=, 15);
    }
}

static void
test_picks_follow_the_shares (void)
{
  for (guint place = 0; place < N_PLACES; place++)
    {
      g_autofree guint *counts = g_new0 (guint, alm_town_n_species);
      guint total = 0;

      for (guint i = 0; i < alm_town_n_species; i++)
        total += alm_town_species[i].share[place];
      /* One question in the middle of each share. */
      for (guint i = 0; i < total; i++)
        counts[alm_town_pick_species (place, (i + 0.5) / total)]++;
      for (guint i = 0; i < alm_town_n_species; i++)
        g_assert_cmpuint (counts[i], ==, alm_town_species[i].share[place]);
    }
}

static void
test_the_ends_pick_something (void)
{
  guint last = alm_town_pick_species (PLACE_BANK, 0.999999999);

  g_assert_cmpuint (alm_town_species[alm_town_pick_species (PLACE_BANK, 0)].share[PLACE_BANK],
                    >, 0);
  g_assert_cmpuint (alm_town_species[last].share[PLACE_BANK], >, 0);
  g_assert_cmpuint (alm_town_pick_species (PLACE_BANK, 1), <, alm_town_n_species);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/town-species/list", test_the_list_is_sound);
  g_test_add_func ("/town-species/shares", test_picks_follow_the_shares);
  g_test_add_func ("/town-species/ends", test_the_ends_pick_something);

  return g_test_run ();
}
