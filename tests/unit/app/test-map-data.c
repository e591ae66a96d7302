/* SPDX-License-Identifier: EUPL-1.2 */

/* What can be seen, and where; how it follows the records: test-map-page. */

#include "config.h"

#include "alm-json.h"
#include "alm-map-data.h"
#include "alm-test.h"

/* In the middle of Germany; distances are counted from here. */
#define X0 2285000000u
#define Y0 1440000000u

typedef struct
{
  AlmMapData *data;
  guint       n_loaded;
  guint       n_layers_changed;
} Fixture;

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Points at X0 + 100 × i, Y0, with rids from @rid on; the last has ceased to be. */
static AlmAssetTable *
make_table (const char *kind,
            guint32     rid,
            guint       n_points)
{
  g_autofree char *schema = g_strdup_printf (
    "{\"type\":\"object\",\"title\":\"%s\",\"x-alm-layer\":\"asset\",\"properties\":{"
    "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"}}}", kind);
  g_autoptr (AlmValue) value = alm_json_parse (schema, -1, NULL, NULL);
  AlmAssetBuilder *builder = alm_asset_builder_new (n_points);
  AlmAssetTable *table = g_new0 (AlmAssetTable, 1);

  for (guint i = 0; i < n_points; i++)
    alm_asset_builder_add_point (builder, rid + i, X0 + 100 * i, Y0, ALM_DAY_OPEN_START,
                                 i + 1 < n_points ? ALM_DAY_OPEN_END : 700000, 0);
  table->model = alm_model_new (kind, value, NULL);
  g_assert_nonnull (table->model);
  table->symbol = alm_symbol_new (table->model);
  table->columns = alm_asset_builder_seal (builder);

  return table;
}

static void
set_tables (Fixture *fixture,
            guint    n_lamps)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);

  g_ptr_array_add (tables, make_table ("lamp", 1, n_lamps));
  g_ptr_array_add (tables, make_table ("tree", 101, 11));
  alm_map_data_set_tables (fixture->data, tables);
}

/* Three lamps above eleven trees, one each that is gone. */
static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->data = alm_map_data_new (NULL);
  g_signal_connect_swapped (fixture->data, "loaded", G_CALLBACK (count_cb), &fixture->n_loaded);
  g_signal_connect_swapped (fixture->data, "layers-changed", G_CALLBACK (count_cb),
                            &fixture->n_layers_changed);
  g_assert_false (alm_map_data_is_loaded (fixture->data));
  set_tables (fixture, 3);
  g_assert_true (alm_map_data_is_loaded (fixture->data));
  g_assert_cmpuint (fixture->n_loaded, ==, 1);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->data);
}

static void
assert_rids (GArray       *hits,
             const gint64 *rids,
             guint         n_rids)
{
  g_assert_cmpuint (hits->len, ==, n_rids);
  for (guint i = 0; i < n_rids; i++)
    g_assert_cmpint (g_array_index (hits, AlmMapHit, i).rid, ==, rids[i]);
}

static void
test_topmost_first_then_nearest (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autoptr (GArray) hits = alm_map_data_hit (fixture->data, X0 + 90, Y0, 120);
  g_autoptr (GArray) lower = NULL;

  assert_rids (hits, (const gint64[]) { 2, 1, 102, 101, 103 }, 5);
  g_assert_cmpfloat (g_array_index (hits, AlmMapHit, 0).distance, ==, 10.0);
  g_assert_cmpfloat (g_array_index (hits, AlmMapHit, 1).distance, ==, 90.0);
  alm_map_data_move_layer (fixture->data, "lamp", -1);
  lower = alm_map_data_hit (fixture->data, X0 + 90, Y0, 10);
  assert_rids (lower, (const gint64[]) { 102, 2 }, 2);
}

static void
test_only_what_is_seen_and_alive_is_in_a_box (Fixture       *fixture,
                                              gconstpointer  user_data)
{
  const AlmBox all = { X0, Y0 - 1, X0 + 1000, Y0 + 1 };
  const AlmBox part = { X0 + 100, Y0, X0 + 300, Y0 };
  g_autoptr (GArray) selected = alm_map_data_select_box (fixture->data, &part);
  g_autoptr (GArray) listed = NULL;

  g_assert_cmpuint (alm_map_data_count_box (fixture->data, &all), ==, 12);
  g_assert_cmpuint (selected->len, ==, 4);
  g_assert_cmpint (g_array_index (selected, AlmMapHit, 0).rid, ==, 2);

  alm_map_data_set_visible (fixture->data, "lamp", FALSE);
  g_assert_cmpuint (alm_map_data_count_box (fixture->data, &all), ==, 10);
  /* The middle is at the sixth tree. */
  listed = alm_map_data_list_box (fixture->data, &all, 1);
  assert_rids (listed, (const gint64[]) { 106 }, 1);
  g_clear_pointer (&listed, g_array_unref);
  listed = alm_map_data_list_box (fixture->data, &part, 99);
  g_assert_cmpuint (listed->len, ==, 3);
  g_assert_cmpint (g_array_index (listed, AlmMapHit, 0).rid, ==, 103);
}

static void
test_a_thing_is_found_by_name_and_by_place (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  double metre = 1.0 / alm_mercator_metres_per_unit (Y0);
  AlmMapHit hit;

  g_assert_true (alm_map_data_find (fixture->data, 104, &hit));
  g_assert_cmpstr (alm_model_get_name (hit.table->model), ==, "tree");
  g_assert_cmpuint (hit.table->columns->wx[hit.index], ==, X0 + 300);
  g_assert_false (alm_map_data_find (fixture->data, 4, &hit));
  /* Not the one whose lower half of the number it is. */
  g_assert_false (alm_map_data_find (fixture->data, (G_GINT64_CONSTANT (1) << 32) + 104, &hit));

  g_assert_cmpint (alm_map_data_find_nearest (fixture->data, "lamp", X0 - 4 * metre, Y0, 5.0), ==,
                   1);
  g_assert_cmpint (alm_map_data_find_nearest (fixture->data, "lamp", X0 - 6 * metre, Y0, 5.0), ==,
                   0);
  g_assert_cmpint (alm_map_data_find_nearest (fixture->data, "bench", X0, Y0, 5.0), ==, 0);
}

static void
test_the_extent_is_that_of_what_is_shown (Fixture       *fixture,
                                          gconstpointer  user_data)
{
  AlmMapData *empty = alm_map_data_new (NULL);
  AlmBox box;

  g_assert_false (alm_map_data_get_extent (empty, &box));
  g_assert_finalize_object (empty);
  g_assert_true (alm_map_data_get_extent (fixture->data, &box));
  g_assert_cmpuint (box.west, ==, X0);
  g_assert_cmpuint (box.east, ==, X0 + 900);
  g_assert_cmpuint (box.north, ==, Y0);
  alm_map_data_set_visible (fixture->data, "tree", FALSE);
  g_assert_true (alm_map_data_get_extent (fixture->data, &box));
  g_assert_cmpuint (box.east, ==, X0 + 100);
}

/* Each change is told once; what the user has chosen outlasts a reading. */
static void
test_looks_last (Fixture       *fixture,
                 gconstpointer  user_data)
{
  AlmMapLayer layer;

  alm_map_data_set_visible (fixture->data, "lamp", FALSE);
  alm_map_data_set_visible (fixture->data, "lamp", FALSE);
  alm_map_data_set_visible (fixture->data, "bench", FALSE);
  g_assert_cmpuint (fixture->n_layers_changed, ==, 1);
  alm_map_data_set_opacity (fixture->data, "lamp", -3.0);
  alm_map_data_set_opacity (fixture->data, "tree", 7.0);
  alm_map_data_move_layer (fixture->data, "lamp", -1);

  set_tables (fixture, 2);
  g_assert_cmpuint (fixture->n_loaded, ==, 2);
  g_assert_cmpuint (alm_map_data_get_n_layers (fixture->data), ==, 2);
  alm_map_data_get_layer (fixture->data, 0, &layer);
  g_assert_cmpstr (layer.kind, ==, "lamp");
  g_assert_cmpuint (layer.n, ==, 2);
  g_assert_false (layer.visible);
  g_assert_cmpfloat (layer.opacity, ==, 0.0);
  alm_map_data_get_layer (fixture->data, 1, &layer);
  g_assert_true (layer.visible);
  g_assert_cmpfloat (layer.opacity, ==, 1.0);
}

/* How many of the plan's assets a picture of the place gets, in its layers. */
static void
test_plans_hold_what_is_shown (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autoptr (AlmPaintPlan) all = alm_map_data_make_assets (fixture->data, TRUE, FALSE, 1.0);
  g_autoptr (AlmPaintPlan) chosen =
    alm_map_data_make_selection (fixture->data, (const gint64[]) { 2, 999 }, 2, 0xff0000, FALSE,
                                 1.0);
  const AlmPaintView view = { X0 - 5000.0, Y0 - 5000.0, 100.0, 17.0 };
  guint drawn[2] = { 99, 99 };
  AlmPixels pixels;

  alm_pixels_init (&pixels, 128, 128, 0);
  alm_paint (all, &view, &pixels, drawn);
  g_assert_cmpuint (drawn[0], ==, 10);
  g_assert_cmpuint (drawn[1], ==, 2);
  alm_paint (chosen, &view, &pixels, drawn);
  g_assert_cmpuint (drawn[0], ==, 1);   /* its halo */
  g_assert_cmpuint (drawn[1], ==, 1);
  alm_pixels_clear (&pixels);

  g_assert_false (alm_map_data_has_base (fixture->data));
  g_assert_null (alm_map_data_make_base (fixture->data, FALSE, 1.0));
}

static void
test_another_day_has_another_map (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };
  guint n_changed = 0;

  g_signal_connect_swapped (fixture->data, "day-changed", G_CALLBACK (count_cb), &n_changed);
  g_assert_cmpuint (alm_map_data_count_box (fixture->data, &world), ==, 12);
  alm_map_data_set_day (fixture->data, 699999);
  alm_map_data_set_day (fixture->data, 699999);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpint (alm_map_data_get_day (fixture->data), ==, 699999);
  /* The last of each kind was still there. */
  g_assert_cmpuint (alm_map_data_count_box (fixture->data, &world), ==, 14);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/app/map-data/hit", test_topmost_first_then_nearest);
  ADD ("/app/map-data/box", test_only_what_is_seen_and_alive_is_in_a_box);
  ADD ("/app/map-data/find", test_a_thing_is_found_by_name_and_by_place);
  ADD ("/app/map-data/extent", test_the_extent_is_that_of_what_is_shown);
  ADD ("/app/map-data/looks", test_looks_last);
  ADD ("/app/map-data/day", test_another_day_has_another_map);
  ADD ("/app/map-data/plans", test_plans_hold_what_is_shown);

  return g_test_run ();
}
