/* SPDX-License-Identifier: EUPL-1.2 */

/* What one map page writes down and the next one reads. */

#include "config.h"

#include "alm-json.h"
#include "alm-map-page.h"
#include "alm-test-map.h"

#include <math.h>

typedef struct
{
  AlmSelection *selection;
  AlmMapPage   *page;
  AlmMapData   *data;
  AlmMapView   *view;
  GtkWidget    *window;
} Session;

static gboolean
is_settled (gpointer page)
{
  return alm_map_page_is_settled (page);
}

static GPtrArray *
make_tables (void)
{
  GPtrArray *tables = alm_test_map_make_tables (50, 1);
  g_autoptr (GPtrArray) others = alm_test_map_make_tables (20, 2);
  AlmAssetTable *benches = g_ptr_array_steal_index (others, 0);
  g_autoptr (AlmValue) schema = alm_json_parse (
    "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-layer\":\"asset\",\"properties\":{"
    "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"}}}", -1, NULL,
    NULL);

  alm_model_unref (benches->model);
  benches->model = alm_model_new ("bench", schema, NULL);
  g_ptr_array_add (tables, benches);

  return tables;
}

static void
begin (Session  *session,
       GKeyFile *file)
{
  session->selection = alm_selection_new ();
  session->page = ALM_MAP_PAGE (alm_map_page_new (NULL, session->selection));
  session->data = alm_map_page_get_data (session->page);
  session->view = alm_map_page_get_view (session->page);
  alm_map_page_recall (session->page, file);
  session->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (session->window), 900, 600);
  adw_window_set_content (ADW_WINDOW (session->window), GTK_WIDGET (session->page));
  gtk_window_present (GTK_WINDOW (session->window));
  alm_map_data_set_tables (session->data, make_tables ());
  while (!is_settled (session->page))
    g_main_context_iteration (NULL, TRUE);
}

/* Writes what it has seen, through the text of a file. */
static void
end (Session  *session,
     GKeyFile *file)
{
  g_autofree char *text = NULL;

  alm_map_page_remember (session->page, file);
  text = g_key_file_to_data (file, NULL, NULL);
  g_assert_true (g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, NULL));
  gtk_window_destroy (GTK_WINDOW (session->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (session->selection);
}

static const char *
get_kind (Session *session,
          guint    number)
{
  AlmMapLayer layer;

  alm_map_data_get_layer (session->data, number, &layer);

  return layer.kind;
}

static void
test_the_view_is_where_it_was (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Session session;
  double x;
  double y;
  double x_then;
  double y_then;

  begin (&session, file);
  alm_map_view_get_center (session.view, &x, &y);
  alm_map_view_go_to (session.view, x + 10000.0, y - 20000.0, 17.0);
  alm_map_view_get_center (session.view, &x_then, &y_then);
  end (&session, file);

  begin (&session, file);
  alm_map_view_get_center (session.view, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, x_then, 0.5);
  g_assert_cmpfloat_with_epsilon (y, y_then, 0.5);
  g_assert_cmpfloat (alm_map_view_get_zoom (session.view), ==, 17.0);
  end (&session, file);
}

static void
test_layers_look_as_they_did (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  AlmMapLayer layer;
  Session session;

  begin (&session, file);
  g_assert_cmpstr (get_kind (&session, 0), ==, "tree");
  alm_map_data_move_layer (session.data, "tree", 1);
  alm_map_data_set_visible (session.data, "bench", FALSE);
  alm_map_data_set_opacity (session.data, "tree", 0.4);
  end (&session, file);

  begin (&session, file);
  alm_map_data_get_layer (session.data, 0, &layer);
  g_assert_cmpstr (layer.kind, ==, "bench");
  g_assert_false (layer.visible);
  g_assert_cmpfloat (layer.opacity, ==, 1.0);
  alm_map_data_get_layer (session.data, 1, &layer);
  g_assert_cmpstr (layer.kind, ==, "tree");
  g_assert_true (layer.visible);
  g_assert_cmpfloat (layer.opacity, ==, 0.4);
  end (&session, file);
}

/* An order that nobody has chosen still follows the counts. */
static void
test_an_order_that_nobody_chose_is_not_kept (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Session session;

  begin (&session, file);
  end (&session, file);
  g_assert_false (g_key_file_has_key (file, "map", "order", NULL));
}

static void
test_the_flap_is_as_it_was (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Session session;
  gboolean shown;

  begin (&session, file);
  alm_map_page_remember (session.page, file);
  shown = g_key_file_get_boolean (file, "map", "flap", NULL);
  gtk_widget_activate_action (GTK_WIDGET (session.page), "page.toggle-layers", NULL);
  alm_map_page_show_pane (session.page, "view");
  end (&session, file);

  begin (&session, file);
  alm_map_page_remember (session.page, file);
  g_assert_cmpint (g_key_file_get_boolean (file, "map", "flap", NULL), ==, !shown);
  g_assert_cmpstr (g_key_file_get_string (file, "map", "pane", NULL), ==, "view");
  end (&session, file);
}

static void
test_nonsense_counts_as_nothing (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Session session;
  AlmBox box;

  g_assert_true (g_key_file_load_from_data (
    file, "[map]\nlongitude=nan\nlatitude=900\nzoom=1e99\norder=;;\npane=nowhere\nflap=perhaps\n"
          "[map-layer tree]\nvisible=2\nopacity=inf\n[map-layer ]\n", (gsize) -1, G_KEY_FILE_NONE,
    NULL));
  begin (&session, file);
  g_assert_true (alm_map_view_get_box (session.view, &box));
  g_assert_cmpuint (alm_map_data_count_box (session.data, &box), ==, 70);
  end (&session, file);
}

/* Who looks at the past finds the present the next time, unless it is written down. */
static void
test_a_day_is_read_and_not_written (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Session session;
  gint32 today;

  g_key_file_set_string (file, "map", "day", "1985-06-01");
  begin (&session, file);
  g_assert_cmpint (alm_map_data_get_day (session.data), ==, 724641 + 151);
  g_key_file_remove_group (file, "map", NULL);
  end (&session, file);
  g_assert_false (g_key_file_has_key (file, "map", "day", NULL));

  begin (&session, file);
  today = alm_map_data_get_day (session.data);
  g_assert_cmpint (today, >, 735000);
  end (&session, file);

  g_key_file_set_string (file, "map", "day", "soon");
  begin (&session, file);
  g_assert_cmpint (alm_map_data_get_day (session.data), >=, today);
  end (&session, file);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/app/map-memory/view", test_the_view_is_where_it_was);
  g_test_add_func ("/app/map-memory/layers", test_layers_look_as_they_did);
  g_test_add_func ("/app/map-memory/no-order", test_an_order_that_nobody_chose_is_not_kept);
  g_test_add_func ("/app/map-memory/flap", test_the_flap_is_as_it_was);
  g_test_add_func ("/app/map-memory/nonsense", test_nonsense_counts_as_nothing);
  g_test_add_func ("/app/map-memory/day", test_a_day_is_read_and_not_written);

  return g_test_run ();
}
