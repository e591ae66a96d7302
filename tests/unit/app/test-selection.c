/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-selection.h"

#include <math.h>

typedef struct
{
  AlmSelection *selection;
  guint         n_changes;
} Fixture;

static void
changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->selection = alm_selection_new ();
  g_signal_connect_swapped (fixture->selection, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->selection);
}

static void
assert_rids (AlmSelection *selection,
             const gint64 *wanted,
             guint         n_wanted)
{
  guint n = 99;
  const gint64 *rids = alm_selection_get_rids (selection, &n);

  g_assert_cmpmem (rids, n * sizeof (gint64), wanted, n_wanted * sizeof (gint64));
}

static void
test_what_is_set_is_sorted_and_single (Fixture       *fixture,
                                       gconstpointer  user_data)
{
  const gint64 given[] = { 9, 3, 9, 0, 5 };

  alm_selection_set (fixture->selection, given, G_N_ELEMENTS (given), 5);
  assert_rids (fixture->selection, (const gint64[]) { 3, 5, 9 }, 3);
  g_assert_cmpint (alm_selection_get_primary (fixture->selection), ==, 5);
  g_assert_true (alm_selection_contains (fixture->selection, 9));
  g_assert_false (alm_selection_contains (fixture->selection, 0));

  /* A primary that is not among them: the first that was given. */
  alm_selection_set (fixture->selection, given, G_N_ELEMENTS (given), 77);
  g_assert_cmpint (alm_selection_get_primary (fixture->selection), ==, 9);
}

static void
test_only_a_difference_is_told (Fixture       *fixture,
                                gconstpointer  user_data)
{
  alm_selection_clear (fixture->selection);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
  alm_selection_select (fixture->selection, 7);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  alm_selection_select (fixture->selection, 7);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  alm_selection_set (fixture->selection, (const gint64[]) { 7, 8 }, 2, 7);
  alm_selection_set (fixture->selection, (const gint64[]) { 8, 7 }, 2, 8);
  g_assert_cmpuint (fixture->n_changes, ==, 3);
  alm_selection_clear (fixture->selection);
  g_assert_cmpuint (fixture->n_changes, ==, 4);
  g_assert_null (alm_selection_get_rids (fixture->selection, NULL));
}

static void
test_toggling_moves_the_primary (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  alm_selection_toggle (fixture->selection, 4);
  alm_selection_toggle (fixture->selection, 2);
  assert_rids (fixture->selection, (const gint64[]) { 2, 4 }, 2);
  g_assert_cmpint (alm_selection_get_primary (fixture->selection), ==, 2);

  alm_selection_toggle (fixture->selection, 2);
  g_assert_cmpint (alm_selection_get_primary (fixture->selection), ==, 4);
  alm_selection_toggle (fixture->selection, 4);
  g_assert_cmpint (alm_selection_get_primary (fixture->selection), ==, 0);
  g_assert_cmpuint (alm_selection_get_size (fixture->selection), ==, 0);
}

static void
shown_cb (AlmSelection *selection,
          gint64        rid,
          double        lon,
          double        lat,
          gint64       *shown)
{
  *shown = rid;
  g_assert_true (isnan (lon) && isnan (lat));
}

static void
test_a_wish_to_see_it_is_passed_on (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  gint64 shown = 0;

  g_signal_connect (fixture->selection, "show-on-map", G_CALLBACK (shown_cb), &shown);
  alm_selection_show_on_map (fixture->selection, G_GINT64_CONSTANT (1) << 40, NAN, NAN);
  g_assert_cmpint (shown, ==, G_GINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/app/selection/set", test_what_is_set_is_sorted_and_single);
  ADD ("/app/selection/changed", test_only_a_difference_is_told);
  ADD ("/app/selection/toggle", test_toggling_moves_the_primary);
  ADD ("/app/selection/show-on-map", test_a_wish_to_see_it_is_passed_on);

  return g_test_run ();
}
