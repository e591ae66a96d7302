/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-links.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

typedef struct
{
  AlmTestBench  bench;
  AlmId         devices[2];
  AlmDesk      *desk;      /* a reader */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  alm_test_bench_set_up (&fixture->bench, NULL);
  alm_test_bench_add_devices (&fixture->bench, fixture->devices);
  fixture->desk = alm_desk_open (fixture->bench.dir, ALM_DESK_READ, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_desk_close (fixture->desk);
  alm_test_bench_tear_down (&fixture->bench, NULL);
}

/* "> label (field)" for where it points, "< label (field)" for what points here. */
static void
assert_links (Fixture     *fixture,
              const AlmId *id,
              const char  *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = alm_desk_get (fixture->desk, id, &error);
  g_autoptr (GPtrArray) links = alm_links_list (fixture->desk, row, 10, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < links->len; i++)
    {
      const AlmLink *link = g_ptr_array_index (links, i);

      g_assert_cmpint (link->rid, >, 0);
      g_string_append_printf (text, "%s %s (%s)", link->incoming ? "<" : ">", link->label,
                              link->field->name);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_links_are_followed_both_ways (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  assert_links (fixture, &fixture->devices[0], "> B 1 Linde (tree)");
  assert_links (fixture, &fixture->devices[1], "");
  assert_links (fixture, &fixture->bench.ids[0], "< Slide (tree)");
  assert_links (fixture, &fixture->bench.ids[1], "");
}

static void
test_what_is_not_here_is_named_by_its_id (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  g_autoptr (AlmLink) link = NULL;
  g_autoptr (GError) error = NULL;
  AlmId id;

  g_assert_true (alm_id_parse (&id, "01931f2e-7c1a-7e3b-9d41-000000004711"));
  link = alm_link_read (fixture->desk, &id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (link->rid, ==, 0);
  g_assert_cmpstr (link->label, ==, "01931f2e");
}

static void
assert_found (Fixture    *fixture,
              const char *kind,
              const char *text,
              const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = alm_links_find (fixture->desk, kind, text, 10, &error);
  g_autoptr (GString) labels = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < links->len; i++)
    g_string_append_printf (labels, "%s|", ((AlmLink *) g_ptr_array_index (links, i))->label);
  g_assert_cmpstr (labels->str, ==, expected);
}

static void
test_one_kind_is_searched (Fixture       *fixture,
                           gconstpointer  user_data)
{
  assert_found (fixture, "tree", "", "B 1 Linde|B 2 Eiche|B 3 Linde|B 4 Ahorn|");
  assert_found (fixture, "tree", "linde", "B 1 Linde|B 3 Linde|");
  assert_found (fixture, "device", "linde", "");
  assert_found (fixture, "device", "slide", "Slide|");
  assert_found (fixture, NULL, "slide", "Slide|");
  assert_found (fixture, NULL, "", "");
}

#define ADD(name, test) \
  g_test_add ("/app/links/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("both-ways", test_links_are_followed_both_ways);
  ADD ("missing", test_what_is_not_here_is_named_by_its_id);
  ADD ("find", test_one_kind_is_searched);

  return g_test_run ();
}
