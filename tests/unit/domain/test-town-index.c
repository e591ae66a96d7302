/* SPDX-License-Identifier: EUPL-1.2 */

/* What stands where: every answer against looking at all things one by one. */

#include "config.h"

#include "alm-random.h"
#include "alm-town-index.h"

#include <math.h>

#define N_SPOTS 600

static void
test_spots_are_found_as_by_looking_at_all (void)
{
  g_autoptr (AlmTownIndex) index = alm_town_index_new ();
  AlmSpot spots[N_SPOTS];
  AlmRandom random;
  guint found = 0;

  alm_random_seed (&random, 7);
  for (guint i = 0; i < N_SPOTS; i++)
    {
      spots[i] = alm_spot (2000 * alm_random_unit (&random), 2000 * alm_random_unit (&random));
      alm_town_index_add_spot (index, spots[i], 1.5, i);
    }

  for (guint k = 0; k < 2000; k++)
    {
      AlmSpot here = alm_spot (2000 * alm_random_unit (&random), 2000 * alm_random_unit (&random));
      double reach = 60 * alm_random_unit (&random), best = reach;
      guint wanted = G_MAXUINT;

      for (guint i = 0; i < N_SPOTS; i++)
        if (alm_spot_distance (spots[i], here) - 1.5 < best)
          {
            best = alm_spot_distance (spots[i], here) - 1.5;
            wanted = i;
          }
      g_assert_cmpuint (alm_town_index_find (index, here, reach), ==, wanted);
      g_assert_cmpint (alm_town_index_near (index, here, reach), ==, wanted != G_MAXUINT);
      found += wanted != G_MAXUINT;
    }
  g_assert_cmpuint (found, >, 200);
  g_assert_cmpuint (found, <, 1800);
}

static void
test_of_two_as_near_the_first_wins (void)
{
  g_autoptr (AlmTownIndex) index = alm_town_index_new ();

  /* In cells to both sides of the question. */
  alm_town_index_add_spot (index, alm_spot (1010, 1000), 0, 5);
  alm_town_index_add_spot (index, alm_spot (990, 1000), 0, 6);
  g_assert_cmpuint (alm_town_index_find (index, alm_spot (1000, 1000), 20), ==, 5);
  g_assert_cmpuint (alm_town_index_find (index, alm_spot (1000, 1000), 10), ==, G_MAXUINT);
}

static void
test_a_line_is_near_by_its_width (void)
{
  g_autoptr (AlmTownIndex) index = alm_town_index_new ();
  g_auto (AlmPath) road = { NULL };

  alm_path_add (&road, alm_spot (100, 100));
  alm_path_add (&road, alm_spot (900, 100));
  alm_path_add (&road, alm_spot (900, 700));
  alm_town_index_add_line (index, &road, 5, 3);

  g_assert_true (alm_town_index_near (index, alm_spot (500, 107), 2.001));
  g_assert_false (alm_town_index_near (index, alm_spot (500, 107), 2));
  g_assert_cmpuint (alm_town_index_find (index, alm_spot (910, 400), 6), ==, 3);
  /* A line is not closed. */
  g_assert_false (alm_town_index_near (index, alm_spot (500, 400), 50));
}

static void
test_inside_a_polygon_is_near (void)
{
  static const double corners[][2] = { { 0, 0 }, { 400, 0 }, { 400, 400 }, { 0, 400 } };
  g_autoptr (AlmTownIndex) index = alm_town_index_new ();
  g_auto (AlmPath) lake = { NULL };

  for (guint i = 0; i < 4; i++)
    alm_path_add (&lake, alm_spot (corners[i][0], corners[i][1]));
  alm_town_index_add_polygon (index, &lake, 1, 9);

  g_assert_true (alm_town_index_near (index, alm_spot (200, 200), 0));
  g_assert_cmpuint (alm_town_index_find (index, alm_spot (200, 200), 0.5), ==, 9);
  /* The closing edge is one too. */
  g_assert_true (alm_town_index_near (index, alm_spot (-3, 200), 2.5));
  g_assert_false (alm_town_index_near (index, alm_spot (-3, 200), 1.5));
  /* Outside of the town's cells nothing breaks. */
  g_assert_false (alm_town_index_near (index, alm_spot (-5000, 99999), 10));
}

static AlmPath
house (double e,
       double n,
       double size)
{
  AlmPath path = { NULL };

  alm_path_add (&path, alm_spot (e, n));
  alm_path_add (&path, alm_spot (e + size, n));
  alm_path_add (&path, alm_spot (e + size, n + size));
  alm_path_add (&path, alm_spot (e, n + size));

  return path;
}

static gboolean
hits (AlmTownIndex *index,
      double        e,
      double        n,
      double        size,
      double        gap,
      guint         but)
{
  g_auto (AlmPath) path = house (e, n, size);

  return alm_town_index_hits (index, &path, gap, but);
}

static void
test_a_house_hits_what_it_touches (void)
{
  g_autoptr (AlmTownIndex) index = alm_town_index_new ();
  g_auto (AlmPath) other = house (100, 100, 20);
  g_auto (AlmPath) road = { NULL };

  alm_path_add (&road, alm_spot (0, 300));
  alm_path_add (&road, alm_spot (1000, 300));
  alm_town_index_add_polygon (index, &other, 0, 1);
  alm_town_index_add_line (index, &road, 4, 2);
  alm_town_index_add_spot (index, alm_spot (505, 505), 0.5, 3);

  g_assert_true (hits (index, 115, 115, 20, 0, G_MAXUINT));      /* over a corner */
  g_assert_true (hits (index, 105, 105, 5, 0, G_MAXUINT));       /* inside the other */
  g_assert_true (hits (index, 90, 90, 60, 0, G_MAXUINT));        /* round the other */
  g_assert_true (hits (index, 123, 100, 10, 3.5, G_MAXUINT));    /* too close */
  g_assert_false (hits (index, 123, 100, 10, 2.5, G_MAXUINT));
  g_assert_true (hits (index, 500, 250, 100, 0, G_MAXUINT));     /* the road goes through */
  g_assert_true (hits (index, 500, 306, 10, 2.5, G_MAXUINT));
  g_assert_false (hits (index, 500, 306, 10, 1.5, G_MAXUINT));
  g_assert_true (hits (index, 500, 500, 10, 0, G_MAXUINT));      /* a tree in the room */
  g_assert_false (hits (index, 500, 500, 10, 0, 3));
  g_assert_false (hits (index, 100, 100, 20, 0, 1));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/town-index/spots", test_spots_are_found_as_by_looking_at_all);
  g_test_add_func ("/town-index/ties", test_of_two_as_near_the_first_wins);
  g_test_add_func ("/town-index/lines", test_a_line_is_near_by_its_width);
  g_test_add_func ("/town-index/polygons", test_inside_a_polygon_is_near);
  g_test_add_func ("/town-index/hits", test_a_house_hits_what_it_touches);

  return g_test_run ();
}
