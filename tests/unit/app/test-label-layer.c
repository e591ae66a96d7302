/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-label-layer.h"
#include "alm-map-grid.h"
#include "alm-test-bench.h"
#include "alm-test-map.h"

#include <adwaita.h>
#include <math.h>

#define ZOOM 18

typedef struct
{
  ShumateViewport *viewport;
  AlmMapData      *data;
  AlmLabelLayer   *layer;
  GtkWidget       *window;
  double           x;          /* pixels of the world: the middle */
  double           y;
} Fixture;

/* A label as it is drawn. */
typedef struct
{
  GdkTexture      *texture;    /* a reference */
  graphene_rect_t  place;
} Drawn;

static gboolean
is_settled (gpointer layer)
{
  return gtk_widget_get_width (layer) > 0 && alm_label_layer_is_settled (layer);
}

static void
go_to (Fixture *fixture,
       double   x,
       double   y)
{
  double upp = alm_mercator_units_per_pixel (ZOOM);
  double lon;
  double lat;

  alm_mercator_to_lon_lat (x * upp, y * upp, &lon, &lat);
  shumate_location_set_location (SHUMATE_LOCATION (fixture->viewport), lat, lon);
  fixture->x = x;
  fixture->y = y;
}

/* So dense that about a hundred points are in view. */
static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (ShumateMapSource) source = alm_map_grid_new ();
  double upp = alm_mercator_units_per_pixel (ZOOM);
  double x;
  double y;

  fixture->data = alm_map_data_new (NULL);
  fixture->viewport = shumate_viewport_new ();
  shumate_viewport_set_reference_map_source (fixture->viewport, source);
  shumate_viewport_set_max_zoom_level (fixture->viewport, 20);
  shumate_viewport_set_zoom_level (fixture->viewport, ZOOM);
  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  go_to (fixture, floor (x / upp) + 0.25, floor (y / upp) + 0.25);
  fixture->layer = alm_label_layer_new (fixture->viewport, NULL, fixture->data);
  fixture->window = alm_test_bench_show (GTK_WIDGET (fixture->layer));
  alm_map_data_set_tables (fixture->data, alm_test_map_make_tables (200000, 1));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, GTK_WIDGET (fixture->layer));
  g_assert_finalize_object (fixture->viewport);
  g_assert_finalize_object (fixture->data);
}

static void
clear_drawn (gpointer data)
{
  g_object_unref (((Drawn *) data)->texture);
}

static void
collect (GskRenderNode *node,
         GArray        *labels)
{
  Drawn drawn;

  if (gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE)
    {
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        collect (gsk_container_node_get_child (node, i), labels);
      return;
    }
  if (gsk_render_node_get_node_type (node) == GSK_CLIP_NODE)
    {
      collect (gsk_clip_node_get_child (node), labels);
      return;
    }
  /* Nothing else, above all nothing that cairo would have to draw in each frame. */
  g_assert_cmpint (gsk_render_node_get_node_type (node), ==, GSK_TEXTURE_NODE);
  drawn.texture = g_object_ref (gsk_texture_node_get_texture (node));
  gsk_render_node_get_bounds (node, &drawn.place);
  g_array_append_val (labels, drawn);
}

/* (element-type Drawn) */
static GArray *
look (Fixture *fixture)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (Drawn));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  g_array_set_clear_func (labels, clear_drawn);
  GTK_WIDGET_GET_CLASS (fixture->layer)->snapshot (GTK_WIDGET (fixture->layer), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    {
      collect (node, labels);
      gsk_render_node_unref (node);
    }

  return labels;
}

static GArray *
settle_and_look (Fixture *fixture)
{
  alm_test_bench_wait (is_settled, fixture->layer);

  return look (fixture);
}

static const Drawn *
find (GArray     *labels,
      GdkTexture *texture)
{
  for (guint i = 0; i < labels->len; i++)
    if (g_array_index (labels, Drawn, i).texture == texture)
      return &g_array_index (labels, Drawn, i);

  return NULL;
}

static void
test_a_view_full_of_labels (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr (GArray) labels = settle_and_look (fixture);

  g_assert_cmpuint (labels->len, >, 40);
  g_assert_cmpuint (labels->len, <, 140);
  for (guint i = 0; i < labels->len; i++)
    {
      const graphene_rect_t *place = &g_array_index (labels, Drawn, i).place;

      g_assert_cmpfloat (place->origin.x, ==, roundf (place->origin.x));
      g_assert_cmpfloat (place->origin.y, ==, roundf (place->origin.y));
      for (guint j = 0; j < i; j++)
        g_assert_false (graphene_rect_intersection (place,
                                                    &g_array_index (labels, Drawn, j).place,
                                                    NULL));
    }
}

/* Moved a little and far, in steps: each label goes with the map and none is gone. */
static void
test_labels_go_with_the_map (Fixture       *fixture,
                             gconstpointer  user_data)
{
  const int dx = 37;
  const int dy = -21;
  const graphene_rect_t window = GRAPHENE_RECT_INIT (0, 0, 900, 700);

  for (guint step = 0; step < 20; step++)
    {
      g_autoptr (GArray) before = settle_and_look (fixture);
      g_autoptr (GArray) at_once = NULL;
      g_autoptr (GArray) after = NULL;

      go_to (fixture, fixture->x + dx, fixture->y + dy);
      at_once = look (fixture);
      after = settle_and_look (fixture);
      for (guint i = 0; i < before->len; i++)
        {
          const Drawn *old = &g_array_index (before, Drawn, i);
          graphene_rect_t place = old->place;
          const Drawn *now;

          graphene_rect_offset (&place, -dx, -dy);
          if (!graphene_rect_contains_rect (&window, &place))
            continue;
          now = find (after, old->texture);
          g_assert_nonnull (now);
          g_assert_true (graphene_rect_equal (&now->place, &place));
          g_assert_nonnull (find (at_once, old->texture));
        }
      /* What has come into view was ready. */
      g_assert_cmpuint (at_once->len, ==, after->len);
    }
}

static void
test_farther_away_there_is_nothing (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  g_autoptr (GArray) close = settle_and_look (fixture);
  g_autoptr (GArray) far = NULL;
  g_autoptr (GArray) closer = NULL;

  shumate_viewport_set_zoom_level (fixture->viewport, ZOOM - 1);
  g_assert_true (alm_label_layer_is_settled (fixture->layer));
  far = look (fixture);
  g_assert_cmpuint (far->len, ==, 0);
  /* No job has begun. */
  g_assert_true (alm_label_layer_is_settled (fixture->layer));

  shumate_viewport_set_zoom_level (fixture->viewport, 20);
  g_assert_false (alm_label_layer_is_settled (fixture->layer));
  closer = settle_and_look (fixture);
  g_assert_cmpuint (closer->len, >, 2);
  g_assert_cmpuint (closer->len, <, close->len);
}

static void
test_layers_looks_and_what_is_selected (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (GArray) first = settle_and_look (fixture);
  g_autoptr (GArray) hidden = NULL;
  g_autoptr (GArray) chosen = NULL;
  g_autoptr (GArray) faint = NULL;
  g_autoptr (GArray) dark = NULL;
  double upp = alm_mercator_units_per_pixel (ZOOM);
  g_autoptr (GArray) hits = alm_map_data_hit (fixture->data, fixture->x * upp, fixture->y * upp,
                                              100.0 * upp);

  g_assert_cmpuint (hits->len, >, 0);
  alm_map_data_set_visible (fixture->data, "tree", FALSE);
  hidden = settle_and_look (fixture);
  g_assert_cmpuint (hidden->len, ==, 0);
  alm_label_layer_set_selected (fixture->layer, g_array_index (hits, AlmMapHit, 0).rid);
  chosen = settle_and_look (fixture);
  g_assert_cmpuint (chosen->len, ==, 1);
  alm_label_layer_set_selected (fixture->layer, 0);

  alm_map_data_set_visible (fixture->data, "tree", TRUE);
  alm_map_data_set_opacity (fixture->data, "tree", 0.5);
  faint = settle_and_look (fixture);
  g_assert_cmpuint (faint->len, ==, first->len);
  g_assert_null (find (faint, g_array_index (first, Drawn, 0).texture));

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  dark = settle_and_look (fixture);
  g_assert_cmpuint (dark->len, ==, first->len);
  g_assert_null (find (dark, g_array_index (faint, Drawn, 0).texture));
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_DEFAULT);
}

static void
test_letters_are_as_large_as_other_text (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (fixture->layer));
  g_autoptr (GArray) first = settle_and_look (fixture);
  g_autoptr (GArray) large = NULL;

  g_object_set (settings, "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  large = settle_and_look (fixture);
  g_assert_cmpfloat (g_array_index (large, Drawn, 0).place.size.height, >,
                     1.6f * g_array_index (first, Drawn, 0).place.size.height);
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/label-layer/full", test_a_view_full_of_labels);
  ADD ("/app/label-layer/moving", test_labels_go_with_the_map);
  ADD ("/app/label-layer/far", test_farther_away_there_is_nothing);
  ADD ("/app/label-layer/looks", test_layers_looks_and_what_is_selected);
  ADD ("/app/label-layer/large", test_letters_are_as_large_as_other_text);

  return g_test_run ();
}
