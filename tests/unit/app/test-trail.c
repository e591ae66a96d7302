/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-trail.h"

static void
assert_at (const AlmPlace *place,
           const char     *page,
           gint64          rid)
{
  g_assert_nonnull (place);
  g_assert_cmpstr (place->page, ==, page);
  g_assert_cmpint (place->rid, ==, rid);
}

static void
test_back_and_forward_as_in_a_browser (void)
{
  g_autoptr (AlmTrail) trail = alm_trail_new ();

  g_assert_null (alm_trail_walk (trail, -1));
  g_assert_null (alm_trail_walk (trail, 1));

  alm_trail_note (trail, "overview", 0);
  alm_trail_note (trail, "map", 0);
  alm_trail_note (trail, "map", 7);             /* the same page: no step of its own */
  alm_trail_note (trail, "assets", 7);
  g_assert_false (alm_trail_can_walk (trail, 1));

  assert_at (alm_trail_walk (trail, -1), "map", 7);
  assert_at (alm_trail_walk (trail, -1), "overview", 0);
  g_assert_null (alm_trail_walk (trail, -1));
  assert_at (alm_trail_walk (trail, 1), "map", 7);
  g_assert_true (alm_trail_can_walk (trail, 1));

  alm_trail_note (trail, "conflicts", 9);       /* what lay ahead is gone */
  g_assert_false (alm_trail_can_walk (trail, 1));
  assert_at (alm_trail_walk (trail, -1), "map", 7);
  assert_at (alm_trail_walk (trail, 1), "conflicts", 9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/trail/walk", test_back_and_forward_as_in_a_browser);

  return g_test_run ();
}
