/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-layer-list.h"
#include "alm-layer-row.h"
#include "alm-test-bench.h"
#include "alm-test-map.h"

typedef struct
{
  AlmMapData *data;
  GtkWidget  *list;
  GtkWidget  *window;
} Fixture;

/* Kinds a, b and c, topmost c; b is coloured by a number. */
static GPtrArray *
make_tables (void)
{
  GPtrArray *tables = alm_test_map_make_tables (0, 1);

  g_ptr_array_set_size (tables, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) made = alm_test_map_make_tables (9 - (int) i, i);
      AlmAssetTable *table = g_ptr_array_steal_index (made, 0);
      g_autofree char *name = g_strdup_printf ("%c", 'a' + (char) i);
      g_autofree char *text = g_strdup_printf (
        "{\"type\":\"object\",\"title\":\"%s\",\"x-alm-layer\":\"asset\",\"x-alm-symbol\":{"
        "\"shape\":\"square\",\"color\":\"#808080\",\"size\":[[12,3]]%s},\"properties\":{"
        "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
        "\"height\":{\"type\":\"number\",\"title\":\"Height\"}}}", name,
        i == 1 ? ",\"by\":\"height\"" : "");
      g_autoptr (AlmValue) schema = alm_json_parse (text, -1, NULL, NULL);

      alm_model_unref (table->model);
      alm_symbol_unref (table->symbol);
      table->model = alm_model_new (name, schema, NULL);
      table->symbol = alm_symbol_new (table->model);
      for (guint k = 0; k < 4; k++)
        table->limits[k] = k + 1;
      g_ptr_array_add (tables, table);
    }

  return tables;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  fixture->data = alm_map_data_new (NULL);
  alm_map_data_set_tables (fixture->data, make_tables ());
  fixture->list = alm_layer_list_new (fixture->data);
  fixture->window = alm_test_bench_show (fixture->list);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, fixture->list);
  g_assert_finalize_object (fixture->data);
}

static GtkWidget *
find_row (GtkWidget  *root,
          const char *title)
{
  if (ALM_IS_LAYER_ROW (root) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Kinds from top to bottom, as they are drawn and as the rows stand. */
static void
assert_order (Fixture    *fixture,
              const char *wanted)
{
  guint n = (guint) strlen (wanted);

  g_assert_cmpuint (alm_map_data_get_n_layers (fixture->data), ==, n);
  for (guint i = 0; i < n; i++)
    {
      char name[] = { wanted[i], '\0' };
      AlmMapLayer layer;

      alm_map_data_get_layer (fixture->data, n - 1 - i, &layer);
      g_assert_cmpstr (layer.kind, ==, name);
      g_assert_cmpuint (alm_layer_row_get_number (ALM_LAYER_ROW (find_row (fixture->list, name))),
                        ==, n - 1 - i);
      g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (find_row (fixture->list,
                                                                               name))), ==, i);
    }
}

static void
test_keys_and_actions_move_a_layer (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  assert_order (fixture, "cba");
  gtk_widget_activate_action (find_row (fixture->list, "a"), "layer.up", NULL);
  assert_order (fixture, "cab");
  gtk_widget_activate_action (find_row (fixture->list, "c"), "layer.down", NULL);
  assert_order (fixture, "acb");
  /* At the ends there is nowhere to go. */
  gtk_widget_activate_action (find_row (fixture->list, "a"), "layer.up", NULL);
  gtk_widget_activate_action (find_row (fixture->list, "b"), "layer.down", NULL);
  assert_order (fixture, "acb");
}

static void
test_a_layer_falls_above_or_below (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  static const struct
  {
    const char *from;
    const char *onto;
    gboolean    above;
    const char *wanted;
  } drops[] = {
    { "a", "c", TRUE, "acb" }, { "a", "c", FALSE, "cab" }, { "a", "a", TRUE, "cab" },
    { "c", "b", FALSE, "abc" }, { "c", "a", FALSE, "acb" }, { "a", "b", TRUE, "cab" },
    { "b", "a", TRUE, "cba" }, { "b", "a", TRUE, "cba" }, { "c", "b", TRUE, "cba" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (drops); i++)
    {
      g_test_message ("drop %u", i);
      alm_layer_row_drop (ALM_LAYER_ROW (find_row (fixture->list, drops[i].onto)),
                          ALM_LAYER_ROW (find_row (fixture->list, drops[i].from)),
                          drops[i].above);
      assert_order (fixture, drops[i].wanted);
    }
}

static void
test_the_slider_sets_the_opacity_and_follows_it (Fixture       *fixture,
                                                 gconstpointer  user_data)
{
  GtkWidget *row = find_row (fixture->list, "a");
  GtkWidget *scale;
  AlmMapLayer layer;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  scale = alm_test_bench_find (row, GTK_TYPE_SCALE);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 100.0);
  gtk_range_set_value (GTK_RANGE (scale), 35.0);
  alm_map_data_get_layer (fixture->data, 0, &layer);
  g_assert_cmpstr (layer.kind, ==, "a");
  g_assert_cmpfloat_with_epsilon (layer.opacity, 0.35, 1e-9);
  alm_map_data_set_opacity (fixture->data, "a", 0.8);
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (GTK_RANGE (scale)), 80.0, 1e-9);
}

/* What the colours mean stands in the row, with its limits. */
static void
test_the_legend_says_what_colours_mean (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  GtkWidget *row = find_row (fixture->list, "b");

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  alm_test_bench_expect (row, "under 1");
  g_assert_true (alm_test_bench_says (row, "Height"));
  g_assert_true (alm_test_bench_says (row, "2 to under 3"));
  g_assert_true (alm_test_bench_says (row, "not given"));
  row = find_row (fixture->list, "a");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  alm_test_bench_expect (row, "Opacity");
  g_assert_false (alm_test_bench_says (row, "not given"));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/layer-row/actions", test_keys_and_actions_move_a_layer);
  ADD ("/app/layer-row/drop", test_a_layer_falls_above_or_below);
  ADD ("/app/layer-row/opacity", test_the_slider_sets_the_opacity_and_follows_it);
  ADD ("/app/layer-row/legend", test_the_legend_says_what_colours_mean);

  return g_test_run ();
}
