/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-json.h"
#include "alm-layer-list.h"
#include "alm-test-bench.h"
#include "alm-test-map.h"

typedef struct
{
  AlmMapData *data;
  GtkWidget  *list;
  GtkWidget  *window;
} Fixture;

/* The tables of @n trees, and of two benches whose colour says what they are of. */
static GPtrArray *
make_tables (int n)
{
  GPtrArray *tables = alm_test_map_make_tables (n, 1);
  g_autoptr (GPtrArray) others = alm_test_map_make_tables (2, 2);
  AlmAssetTable *benches = g_ptr_array_steal_index (others, 0);
  g_autoptr (AlmValue) schema = alm_json_parse (
    "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-plural\":{\"en\":\"Benches <b>\"},"
    "\"x-alm-layer\":\"asset\",\"x-alm-symbol\":{\"shape\":\"square\",\"color\":\"#808080\","
    "\"size\":[[12,3]],\"by\":\"height\"},\"properties\":{\"geometry\":{"
    "\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
    "\"height\":{\"type\":\"number\",\"title\":\"Height\"}}}", -1, NULL, NULL);

  alm_model_unref (benches->model);
  alm_symbol_unref (benches->symbol);
  benches->model = alm_model_new ("bench", schema, NULL);
  benches->symbol = alm_symbol_new (benches->model);
  g_ptr_array_add (tables, benches);

  return tables;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  fixture->data = alm_map_data_new (NULL);
  alm_map_data_set_tables (fixture->data, make_tables (10));
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

static void
collect (GtkWidget *root,
         GType      type,
         GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    g_ptr_array_add (found, root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

/* The layers' rows from top to bottom. */
static GPtrArray *
get_rows (Fixture *fixture)
{
  GPtrArray *rows = g_ptr_array_new ();

  collect (fixture->list, ADW_TYPE_EXPANDER_ROW, rows);

  return rows;
}

static void
assert_titles (Fixture    *fixture,
               const char *wanted)
{
  g_autoptr (GPtrArray) rows = get_rows (fixture);
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (titles, "%s %s;",
                            adw_preferences_row_get_title (g_ptr_array_index (rows, i)),
                            adw_expander_row_get_subtitle (g_ptr_array_index (rows, i)));
  g_assert_cmpstr (titles->str, ==, wanted);
}

static GtkWidget *
find_eye (Fixture    *fixture,
          const char *tooltip)
{
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

  collect (fixture->list, GTK_TYPE_TOGGLE_BUTTON, buttons);
  for (guint i = 0; i < buttons->len; i++)
    if (g_strcmp0 (gtk_widget_get_tooltip_text (g_ptr_array_index (buttons, i)), tooltip) == 0)
      return g_ptr_array_index (buttons, i);
  g_assert_not_reached ();
}

static void
test_the_topmost_layer_is_the_first_row (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  assert_titles (fixture, "Benches <b> 2;Trees 10;");
  alm_map_data_move_layer (fixture->data, "bench", -1);
  assert_titles (fixture, "Trees 10;Benches <b> 2;");
  alm_map_data_set_tables (fixture->data, make_tables (7));
  assert_titles (fixture, "Trees 7;Benches <b> 2;");
}

/* And the row stays the same widget: whoever has the focus there keeps it. */
static void
test_the_eye_shows_and_hides (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr (GPtrArray) before = get_rows (fixture);
  g_autoptr (GPtrArray) after = NULL;
  GtkWidget *eye = find_eye (fixture, "Show Trees");
  AlmMapLayer layer;

  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (eye)));
  g_signal_emit_by_name (eye, "clicked");
  alm_map_data_get_layer (fixture->data, 0, &layer);
  g_assert_cmpstr (layer.kind, ==, "tree");
  g_assert_false (layer.visible);
  g_assert_cmpstr (gtk_button_get_icon_name (GTK_BUTTON (eye)), ==, "view-conceal-symbolic");
  alm_map_data_get_layer (fixture->data, 1, &layer);
  g_assert_true (layer.visible);
  after = get_rows (fixture);
  g_assert_true (g_ptr_array_index (before, 0) == g_ptr_array_index (after, 0));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (eye), TRUE);
  alm_map_data_get_layer (fixture->data, 0, &layer);
  g_assert_true (layer.visible);
}

/* By a change of the order the rows stay the same widgets, opened as they were. */
static void
test_a_row_keeps_its_widget_and_its_focus (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autoptr (GPtrArray) rows = get_rows (fixture);
  g_autoptr (GPtrArray) after = NULL;
  GtkWidget *eye = find_eye (fixture, "Show Trees");

  adw_expander_row_set_expanded (g_ptr_array_index (rows, 1), TRUE);
  g_assert_true (gtk_widget_grab_focus (eye));
  alm_test_bench_settle ();
  alm_test_bench_press (g_ptr_array_index (rows, 1), "Up");
  assert_titles (fixture, "Trees 10;Benches <b> 2;");
  after = get_rows (fixture);
  g_assert_true (g_ptr_array_index (after, 0) == g_ptr_array_index (rows, 1));
  g_assert_true (adw_expander_row_get_expanded (g_ptr_array_index (after, 0)));
  g_assert_false (adw_expander_row_get_expanded (g_ptr_array_index (after, 1)));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == eye);
}

static void
test_a_kind_that_is_gone_has_no_row (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  alm_map_data_set_tables (fixture->data, alm_test_map_make_tables (3, 1));
  assert_titles (fixture, "Trees 3;");
  alm_map_data_set_tables (fixture->data, make_tables (4));
  assert_titles (fixture, "Benches <b> 2;Trees 4;");
}

/* Also where what is to be open is not there yet. */
static void
test_what_was_open_opens_again (Fixture       *fixture,
                                gconstpointer  user_data)
{
  static const char *const kinds[] = { "tree", "lamp", NULL };
  AlmLayerList *list = ALM_LAYER_LIST (fixture->list);
  g_auto (GStrv) opened = NULL;

  alm_map_data_set_tables (fixture->data, g_ptr_array_new_with_free_func (NULL));
  assert_titles (fixture, "");
  alm_layer_list_set_opened (list, kinds);
  alm_map_data_set_tables (fixture->data, make_tables (4));
  opened = alm_layer_list_get_opened (list);
  g_assert_cmpuint (g_strv_length (opened), ==, 2);
  g_assert_true (g_strv_contains ((const char *const *) opened, "tree"));
  g_assert_true (g_strv_contains ((const char *const *) opened, "lamp"));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/layer-list/order", test_the_topmost_layer_is_the_first_row);
  ADD ("/app/layer-list/eye", test_the_eye_shows_and_hides);
  ADD ("/app/layer-list/focus", test_a_row_keeps_its_widget_and_its_focus);
  ADD ("/app/layer-list/gone", test_a_kind_that_is_gone_has_no_row);
  ADD ("/app/layer-list/opened", test_what_was_open_opens_again);

  return g_test_run ();
}
