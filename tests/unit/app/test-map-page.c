/* SPDX-License-Identifier: EUPL-1.2 */

/* The map page, constructed, looked through, and gone again. */

#include "config.h"

#include "alm-map-page-private.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"
#include "alm-test-map.h"
#include "alm-test.h"

#include <math.h>

/* Ends when @predicate says so; meson's limit is the only clock. */
static void
wait_until (gboolean (*predicate) (gpointer),
            gpointer   data)
{
  while (!predicate (data))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_settled (gpointer page)
{
  return alm_map_page_is_settled (page);
}

static gboolean
is_editing (gpointer page)
{
  return ALM_MAP_PAGE (page)->mode == ALM_MAP_MODE_EDIT;
}

static GtkWidget *
open_window (GtkWidget *page)
{
  GtkWidget *window = adw_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 600);
  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static void
test_a_page_without_records_shows_what_it_is_given (void)
{
  AlmSelection *selection = alm_selection_new ();
  AlmMapPage *page = ALM_MAP_PAGE (alm_map_page_new (NULL, selection));
  GtkWidget *window = open_window (GTK_WIDGET (page));
  AlmMapView *view = alm_map_page_get_view (page);
  AlmBox box;
  double zoom;

  alm_map_data_set_tables (alm_map_page_get_data (page), alm_test_map_make_tables (5000, 1));
  wait_until (is_settled, page);
  /* Everything is in view. */
  g_assert_true (alm_map_view_get_box (view, &box));
  g_assert_cmpuint (alm_map_data_count_box (alm_map_page_get_data (page), &box), ==, 5000);

  zoom = alm_map_view_get_zoom (view);
  gtk_widget_activate_action (GTK_WIDGET (view), "map.zoom-in", NULL);
  g_assert_cmpfloat (alm_map_view_get_zoom (view), ==, zoom + 1.0);
  gtk_widget_activate_action (GTK_WIDGET (view), "map.home", NULL);
  g_assert_cmpfloat (alm_map_view_get_zoom (view), ==, zoom);
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (view)), ==,
                   GTK_ACCESSIBLE_ROLE_IMG);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (view)));

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (selection);
}

/* Each label below @widget is whole inside @whole; returns how many there are. */
static guint
assert_whole_labels (GtkWidget *widget,
                     GtkWidget *whole)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      n += assert_whole_labels (child, whole);
      if (!GTK_IS_LABEL (child) || !gtk_widget_get_visible (child))
        continue;
      g_assert_true (gtk_widget_compute_bounds (child, whole, &bounds));
      g_assert_cmpfloat (bounds.origin.y, >=, 0);
      g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=,
                         gtk_widget_get_height (whole));
      n++;
    }

  return n;
}

static gboolean
is_laid_out (gpointer widget)
{
  return gtk_widget_get_visible (widget) && gtk_widget_get_height (widget) > 0;
}

static void
test_an_empty_map_says_so_in_whole_words (void)
{
  AlmSelection *selection = alm_selection_new ();
  AlmMapPage *page = ALM_MAP_PAGE (alm_map_page_new (NULL, selection));
  GtkWidget *window = open_window (GTK_WIDGET (page));

  alm_map_data_set_tables (alm_map_page_get_data (page), alm_test_map_make_tables (0, 1));
  wait_until (is_laid_out, page->empty_page);
  g_assert_cmpuint (assert_whole_labels (page->empty_page, page->empty_page), ==, 2);

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (selection);
}

static void
test_zooming_keeps_what_is_under_the_pointer (void)
{
  AlmSelection *selection = alm_selection_new ();
  AlmMapPage *page = ALM_MAP_PAGE (alm_map_page_new (NULL, selection));
  GtkWidget *window = open_window (GTK_WIDGET (page));
  AlmMapView *view = alm_map_page_get_view (page);
  double before_x;
  double before_y;
  double x;
  double y;

  alm_map_data_set_tables (alm_map_page_get_data (page), alm_test_map_make_tables (10, 1));
  wait_until (is_settled, page);
  alm_map_view_from_widget (view, 100, 50, &before_x, &before_y);
  alm_map_view_zoom_at (view, 2.0, 100, 50);
  alm_map_view_from_widget (view, 100, 50, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, before_x, 2.0);
  g_assert_cmpfloat_with_epsilon (y, before_y, 2.0);
  alm_map_view_to_widget (view, x, y, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 100.0, 0.01);
  g_assert_cmpfloat_with_epsilon (y, 50.0, 0.01);

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (selection);
}

typedef struct
{
  AlmMapData *data;
  guint       wanted;
  guint       n;
} Count;

static gboolean
has_so_many (gpointer user_data)
{
  Count *count = user_data;
  const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };

  count->n = alm_map_data_is_loaded (count->data) ? alm_map_data_count_box (count->data, &world)
                                                  : G_MAXUINT;

  return count->n == count->wanted;
}

static void
touched_cb (AlmMapData   *data,
            const AlmBox *boxes,
            guint         n,
            guint        *total)
{
  *total += n;
}

/* Makes one edit and waits for its answer. */
static AlmId
edit_one (AlmRecords    *records,
          const AlmEdit *edit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) results = NULL;
  g_autoptr (GError) error = NULL;

  alm_records_edit_async (records, edit, 1, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  results = alm_records_edit_finish (records, result, &error);
  g_assert_no_error (error);

  return g_array_index (results, AlmEditResult, 0).id;
}

/* A record that comes, moves and goes is on the map, elsewhere, and off it, and
 * only the places it touches are told. */
static void
test_the_map_keeps_up_with_the_records (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);
  AlmRecords *records;
  AlmMapData *data;
  AlmEdit edit = { .op = ALM_OP_NEW, .kind = "tree" };
  guint n_boxes = 0;
  AlmMapHit hit;
  Count count;
  AlmId id;
  double x;
  double y;

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.6,50.9]}}");
  alm_desk_close (desk);

  records = alm_records_open (dir, &error);
  g_assert_no_error (error);
  data = alm_map_data_new (records);
  g_signal_connect (data, "touched", G_CALLBACK (touched_cb), &n_boxes);
  count = (Count) { .data = data, .wanted = 1 };
  wait_until (has_so_many, &count);

  edit.set = alm_test_value ("{\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.5,50.95]}}");
  id = edit_one (records, &edit);
  alm_value_unref (edit.set);
  count.wanted = 2;
  wait_until (has_so_many, &count);
  g_assert_cmpuint (n_boxes, ==, 1);

  edit = (AlmEdit) { .op = ALM_OP_DEL, .has_id = TRUE, .id = id };
  edit_one (records, &edit);
  count.wanted = 1;
  wait_until (has_so_many, &count);
  g_assert_cmpuint (n_boxes, ==, 2);

  alm_mercator_from_lon_lat (11.6, 50.9, &x, &y);
  {
    g_autoptr (GArray) hits = alm_map_data_hit (data, x, y, 1000);

    g_assert_cmpuint (hits->len, ==, 1);
    hit = g_array_index (hits, AlmMapHit, 0);
    g_assert_true (alm_map_data_find (data, hit.rid, &hit));
    g_assert_cmpint (alm_map_data_find_nearest (data, "tree", x, y, 5.0), ==, hit.rid);
    g_assert_cmpint (alm_map_data_find_nearest (data, "lamp", x, y, 5.0), ==, 0);
  }
  alm_map_data_set_visible (data, "tree", FALSE);
  count.wanted = 0;
  g_assert_true (has_so_many (&count));

  g_assert_finalize_object (data);
  g_object_unref (records);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  alm_test_remove_dir (dir);
}

static gboolean
has_selected (gpointer selection)
{
  return alm_selection_get_size (selection) == 1;
}

/* Beside a record of the same kind: the new one goes into the same scope. */
static void
test_adding_by_keyboard_selects_the_new_one (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);
  AlmSelection *selection = alm_selection_new ();
  AlmRecords *records;
  AlmMapPage *page;
  GtkWidget *window;
  AlmMapHit hit;

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.6,50.9]}}");
  alm_desk_close (desk);
  records = alm_records_open (dir, &error);
  g_assert_no_error (error);
  page = ALM_MAP_PAGE (alm_map_page_new (records, selection));
  window = open_window (GTK_WIDGET (page));
  wait_until (is_settled, page);

  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-shape", "(su)", "tree", 0);
  alm_map_page_place_in_middle (page);
  wait_until (has_selected, selection);
  {
    Count count = { .data = alm_map_page_get_data (page), .wanted = 2 };

    wait_until (has_so_many, &count);
    g_assert_true (alm_map_data_find (count.data, alm_selection_get_primary (selection), &hit));
  }

  /* While something else is being drawn, that one can be taken in hand. */
  gtk_widget_activate_action (GTK_WIDGET (page), "page.add-shape", "(su)", "tree", 0);
  g_assert_cmpint (page->mode, ==, ALM_MAP_MODE_DRAW);
  g_assert_nonnull (page->draft);
  gtk_widget_activate_action (GTK_WIDGET (page), "page.edit-shape", NULL);
  wait_until (is_editing, page);
  g_assert_cmpint (page->edit_rid, ==, alm_selection_get_primary (selection));

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (records);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (selection);
  alm_test_remove_dir (dir);
}

static gboolean
has_one (gpointer data)
{
  Count count = { .data = data, .wanted = 1 };

  return has_so_many (&count);
}

/* A server has been met that has told nothing of the scope: its records are only
 * to be read.  Said before anything is drawn, moved or deleted, and nothing is. */
static void
test_tools_say_that_one_may_only_read (void)
{
  static const char *const says = "You may only read this.";
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);
  AlmSelection *selection = alm_selection_new ();
  AlmRecords *records;
  AlmMapPage *page;
  GtkWidget *window;
  const AlmBox world = { 0, 0, G_MAXUINT32, G_MAXUINT32 };
  static const struct { const char *action; const char *parameter; } tools[] = {
    { "page.add-shape", "('tree', 0)" }, { "page.edit-shape", NULL }, { "page.delete", NULL }
  };

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, NULL, "jena/tree", "tree",
                 "{\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.6,50.9]}}");
  g_assert_true (alm_desk_set_setting (desk, "server_id", "city", &error));
  alm_desk_close (desk);
  records = alm_records_open (dir, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (tools); i++)
    {
      g_autoptr (GVariant) parameter =
        tools[i].parameter != NULL
          ? g_variant_ref_sink (g_variant_parse (G_VARIANT_TYPE ("(su)"), tools[i].parameter,
                                                 NULL, NULL, NULL))
          : NULL;

      page = ALM_MAP_PAGE (alm_map_page_new (records, selection));
      window = open_window (GTK_WIDGET (page));
      wait_until (is_settled, page);
      wait_until (has_one, alm_map_page_get_data (page));
      {
        g_autoptr (GArray) hits = alm_map_data_select_box (alm_map_page_get_data (page), &world);

        alm_selection_select (selection, g_array_index (hits, AlmMapHit, 0).rid);
      }
      g_assert_false (alm_test_bench_says (GTK_WIDGET (page), says));
      gtk_widget_activate_action_variant (GTK_WIDGET (page), tools[i].action, parameter);
      alm_test_bench_expect (GTK_WIDGET (page), says);
      g_assert_cmpuint (alm_selection_get_size (selection), ==, 1);
      g_assert_true (has_one (alm_map_page_get_data (page)));
      gtk_window_destroy (GTK_WINDOW (window));
    }

  g_object_unref (records);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (selection);
  alm_test_remove_dir (dir);
}

static void
test_layers_change_their_places (void)
{
  AlmMapData *data = alm_map_data_new (NULL);
  GPtrArray *tables = alm_test_map_make_tables (10, 1);
  AlmAssetTable *other = g_ptr_array_index (alm_test_map_make_tables (20, 2), 0);
  AlmMapLayer layer;

  g_clear_pointer (&other->model, alm_model_unref);
  {
    g_autoptr (AlmValue) schema = alm_test_value (
      "{\"type\":\"object\",\"title\":\"Bank\",\"x-alm-layer\":\"asset\",\"properties\":{"
      "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"}}}");

    other->model = alm_model_new ("bench", schema, NULL);
  }
  g_ptr_array_add (tables, other);
  alm_map_data_set_tables (data, tables);

  /* What is many lies below. */
  g_assert_cmpuint (alm_map_data_get_n_layers (data), ==, 2);
  alm_map_data_get_layer (data, 0, &layer);
  g_assert_cmpstr (layer.kind, ==, "bench");
  alm_map_data_move_layer (data, "bench", 1);
  alm_map_data_get_layer (data, 1, &layer);
  g_assert_cmpstr (layer.kind, ==, "bench");
  alm_map_data_move_layer (data, "bench", 1);   /* it is on top already */
  alm_map_data_get_layer (data, 1, &layer);
  g_assert_cmpstr (layer.kind, ==, "bench");
  alm_map_data_set_opacity (data, "bench", 0.5);
  alm_map_data_get_layer (data, 1, &layer);
  g_assert_cmpfloat (layer.opacity, ==, 0.5);

  g_assert_finalize_object (data);
}

static GtkWidget *
find_popover (GtkWidget *root)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = GTK_IS_POPOVER (child) && !GTK_IS_POPOVER_MENU (child)
                         ? child : find_popover (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
is_open (gpointer popover)
{
  return gtk_widget_get_mapped (popover);
}

static gboolean
is_closed (gpointer popover)
{
  return !gtk_widget_get_mapped (popover);
}

/* Closing frees nothing that GTK still holds, and the page takes an open list with
 * it: one and the same popover, 50 times, then gone while it is open. */
static void
test_the_list_of_what_is_here_opens_and_closes (void)
{
  AlmSelection *selection = alm_selection_new ();
  AlmMapPage *page = ALM_MAP_PAGE (alm_map_page_new (NULL, selection));
  GtkWidget *window = open_window (GTK_WIDGET (page));
  AlmMapView *view = alm_map_page_get_view (page);
  GtkWidget *popover = NULL;
  double x;
  double y;

  alm_map_data_set_tables (alm_map_page_get_data (page), alm_test_map_make_tables (5000, 1));
  wait_until (is_settled, page);
  alm_map_view_get_center (view, &x, &y);
  for (guint i = 0; i < 50; i++)
    {
      g_signal_emit_by_name (view, "clicked", x, y, FALSE);
      g_assert_true (popover == NULL || find_popover (GTK_WIDGET (page)) == popover);
      popover = find_popover (GTK_WIDGET (page));
      g_assert_nonnull (popover);
      wait_until (is_open, popover);
      /* A second time while it is open: another list in the same place. */
      if (i % 3 == 0)
        g_signal_emit_by_name (view, "clicked", x, y, FALSE);
      if (i % 3 == 1)
        alm_map_view_pan (view, 1, 0);
      else
        gtk_popover_popdown (GTK_POPOVER (popover));
      wait_until (is_closed, popover);
      g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (view));
    }

  g_signal_emit_by_name (view, "clicked", x, y, FALSE);
  wait_until (is_open, popover);
  g_object_add_weak_pointer (G_OBJECT (popover), (gpointer *) &popover);
  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (GTK_WINDOW (window));
  while (popover != NULL || page != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (selection);
}

/* The textures of a layer's frame. */
static guint
count_labels (AlmMapPage *page)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  guint n;

  wait_until (is_settled, page);
  GTK_WIDGET_GET_CLASS (page->label_layer)->snapshot (GTK_WIDGET (page->label_layer), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return 0;
  n = gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE
      ? gsk_container_node_get_n_children (node) : 1;
  gsk_render_node_unref (node);

  return n;
}

/* From close by there are labels, also of what is selected on a hidden layer, and
 * those of the day. */
static void
test_labels_of_what_is_close (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);
  AlmSelection *selection = alm_selection_new ();
  AlmRecords *records;
  AlmMapPage *page;
  AlmMapData *data;
  GtkWidget *window;
  double x;
  double y;

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"number\":\"00007\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[11.6,50.9]}}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"number\":\"00008\",\"planted\":\"2001\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[11.6003,50.9]}}");
  alm_desk_close (desk);
  records = alm_records_open (dir, &error);
  g_assert_no_error (error);
  page = ALM_MAP_PAGE (alm_map_page_new (records, selection));
  data = alm_map_page_get_data (page);
  window = open_window (GTK_WIDGET (page));
  wait_until (is_settled, page);

  alm_mercator_from_lon_lat (11.6001, 50.9, &x, &y);
  alm_map_view_go_to (page->view, x, y, 17.0);
  g_assert_cmpuint (count_labels (page), ==, 0);
  alm_map_view_go_to (page->view, x, y, 18.0);
  g_assert_cmpuint (count_labels (page), ==, 2);

  alm_map_data_set_visible (data, "tree", FALSE);
  g_assert_cmpuint (count_labels (page), ==, 0);
  alm_selection_select (selection, alm_map_data_find_nearest (data, "tree", x, y, 50.0));
  g_assert_cmpuint (count_labels (page), ==, 1);
  alm_selection_clear (selection);
  alm_map_data_set_visible (data, "tree", TRUE);
  g_assert_cmpuint (count_labels (page), ==, 2);

  alm_map_data_set_day (data, 724641);   /* 1985 */
  g_assert_cmpuint (count_labels (page), ==, 1);

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (records);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (selection);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/app/map-page/given", test_a_page_without_records_shows_what_it_is_given);
  g_test_add_func ("/app/map-page/empty", test_an_empty_map_says_so_in_whole_words);
  g_test_add_func ("/app/map-page/zoom", test_zooming_keeps_what_is_under_the_pointer);
  g_test_add_func ("/app/map-data/keeps-up", test_the_map_keeps_up_with_the_records);
  g_test_add_func ("/app/map-page/add", test_adding_by_keyboard_selects_the_new_one);
  g_test_add_func ("/app/map-page/read-only", test_tools_say_that_one_may_only_read);
  g_test_add_func ("/app/map-page/here", test_the_list_of_what_is_here_opens_and_closes);
  g_test_add_func ("/app/map-page/labels", test_labels_of_what_is_close);
  g_test_add_func ("/app/map-data/order", test_layers_change_their_places);

  return g_test_run ();
}
