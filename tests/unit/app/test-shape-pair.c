/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-shape-pair.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <adwaita.h>

#define POINT(at) "{\"type\":\"Point\",\"coordinates\":" at "}"

static void
assert_said (const char *theirs_text,
             const char *mine_text,
             const char *wanted)
{
  g_autoptr (AlmValue) theirs = alm_test_value (theirs_text);
  g_autoptr (AlmValue) mine = alm_test_value (mine_text);
  g_autofree char *text = alm_shape_pair_say (theirs, mine);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_the_difference_is_said (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  assert_said (POINT ("[11.0,50.0]"), POINT ("[11.0,50.001]"), "111 m further north");
  assert_said (POINT ("[11.0,60.0]"), POINT ("[11.001,60.0]"), "56 m further east");
  assert_said (POINT ("[11.0,60.0]"), POINT ("[10.9998,59.9999]"), "16 m further south-west");
  assert_said (POINT ("[11.0,50.0]"), POINT ("[11.0,49.99998]"), "2.2 m further south");
  assert_said (POINT ("[11.0,50.0]"), POINT ("[11.0,50.0]"), "in the same place, of another shape");
  assert_said ("null", POINT ("[11.0,50.0]"), "one of the two has no place");
}

static void
test_any_shape_is_drawn (AlmTestBench  *bench,
                         gconstpointer  user_data)
{
  static const char *const shapes[] = {
    POINT ("[11.0,50.0]"), "null", "{\"type\":\"Polygon\",\"coordinates\":[[[11,50],[11.1,50],"
    "[11.1,50.1],[11,50]]]}", "{\"type\":\"LineString\",\"coordinates\":[[11,50],[11.1,50]]}",
    "{\"type\":\"Point\",\"coordinates\":[]}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (AlmValue) theirs = alm_test_value (shapes[i]);
      g_autoptr (AlmValue) mine = alm_test_value (POINT ("[11.0,50.0]"));
      GtkWidget *pair = alm_shape_pair_new (theirs, mine);
      GtkWidget *window = alm_test_bench_show (pair);

      alm_test_bench_settle ();
      alm_test_bench_close (window, pair);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/shape-pair/" name, AlmTestBench, NULL, alm_test_bench_set_up, \
              test, alm_test_bench_tear_down)
  ADD ("words", test_the_difference_is_said);
  ADD ("drawn", test_any_shape_is_drawn);

  return g_test_run ();
}
