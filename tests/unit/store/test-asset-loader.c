/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-asset-loader.h"
#include "alm-shape.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <math.h>
#include <string.h>

static const char area_schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"title\":\"Fläche\",\"x-alm-layer\":\"base\",\"x-alm-label\":\"{name}\",\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-any\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"class\":{\"type\":\"string\",\"title\":\"Art\"},"
  "\"name\":{\"type\":\"string\",\"title\":\"Name\"}},\"required\":[]}";

static const char lamp_schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"title\":\"Leuchte\",\"x-alm-layer\":\"asset\",\"x-alm-label\":\"{number}\","
  "\"x-alm-symbol\":{\"shape\":\"square\",\"color\":\"#e69f00\",\"by\":\"state\","
  "\"span\":\"reach\"},\"properties\":{"
  "\"reach\":{\"type\":\"number\",\"title\":\"Reichweite\",\"x-ogc-unit\":\"m\"},"
  "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"},"
  "\"state\":{\"type\":\"string\",\"title\":\"Zustand\",\"oneOf\":["
  "{\"const\":\"on\",\"title\":\"an\"},{\"const\":\"off\",\"title\":\"aus\"}]}},\"required\":[]}";

static AlmDesk *
open_desk (const char *dir)
{
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, alm_clock_system (),
                                 &error);

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_add_model (desk, "base-area", area_schema);
  alm_test_add_model (desk, "lamp", lamp_schema);

  return desk;
}

static AlmAssetTable *
find_table (GPtrArray  *tables,
            const char *kind)
{
  for (guint i = 0; i < tables->len; i++)
    {
      AlmAssetTable *table = g_ptr_array_index (tables, i);

      if (strcmp (alm_model_get_name (table->model), kind) == 0)
        return table;
    }
  g_assert_not_reached ();
}

static GPtrArray *
load (AlmDesk *desk)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *tables = alm_asset_loader_load (desk, NULL, &error);

  g_assert_no_error (error);

  return tables;
}

static void
test_places_lives_and_classes (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (AlmDesk) desk = open_desk (dir);
  g_autoptr (GPtrArray) tables = NULL;
  AlmAssetTable *trees;
  AlmAssetTable *lamps;
  double x;
  double y;

  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree",
                 "{\"number\":\"1\",\"planted\":\"1985\",\"felled\":\"2020-03-04\","
                 "\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.586,50.927]}}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree", "{\"number\":\"without a place\"}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "lamp",
                 "{\"number\":\"L1\",\"state\":\"off\",\"reach\":12.5,"
                 "\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.5,50.9]}}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "lamp",
                 "{\"number\":\"L2\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[11.6,50.95]}}");
  tables = load (desk);
  trees = find_table (tables, "tree");
  lamps = find_table (tables, "lamp");

  g_assert_cmpuint (trees->columns->n, ==, 1);
  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  g_assert_cmpfloat_with_epsilon (trees->columns->wx[0], x, 2.0);
  g_assert_cmpfloat_with_epsilon (trees->columns->wy[0], y, 2.0);
  g_assert_cmpint (trees->columns->t0[0], ==, 724641);        /* 1985-01-01 */
  g_assert_cmpint (trees->columns->t1[0], ==, 737487 + 1);    /* the day after */
  g_assert_false (trees->is_base);

  g_assert_cmpuint (lamps->columns->n, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      gboolean is_first = lamps->columns->wx[i] < lamps->columns->wx[1 - i];

      g_assert_cmpuint (lamps->columns->class_[i], ==, is_first ? 2 : 0);
      g_assert_cmpuint (lamps->columns->span[i], ==, is_first ? 125 : 0);
    }

  g_clear_pointer (&tables, g_ptr_array_unref);
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

static void
test_areas_come_with_shape_class_and_name (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (AlmDesk) desk = open_desk (dir);
  g_autoptr (GPtrArray) tables = NULL;
  AlmAssetTable *areas;
  double x;
  double y;

  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "base-area",
                 "{\"class\":\"water\",\"name\":\"Silge\",\"geometry\":{\"type\":\"Polygon\","
                 "\"coordinates\":[[[11.5,50.9],[11.6,50.9],[11.6,51],[11.5,51],[11.5,50.9]],"
                 "[[11.54,50.94],[11.54,50.96],[11.56,50.96],[11.56,50.94],[11.54,50.94]]]}}");
  tables = load (desk);
  areas = find_table (tables, "base-area");

  g_assert_true (areas->is_base);
  g_assert_cmpint (areas->base_kind, ==, ALM_BASE_AREA);
  g_assert_cmpuint (areas->columns->n, ==, 1);
  g_assert_cmpstr (areas->names[0], ==, "Silge");
  g_assert_cmpstr (alm_base_style_get_rule (areas->columns->class_[0])->class_, ==, "water");
  g_assert_cmpint (areas->columns->shape_type[0], ==, ALM_SHAPE_POLYGON);
  g_assert_cmpuint (areas->columns->shape_start[1], ==, 10);

  alm_mercator_from_lon_lat (11.52, 50.92, &x, &y);
  g_assert_cmpfloat (alm_asset_columns_distance (areas->columns, 0, x, y), ==, 0.0);
  alm_mercator_from_lon_lat (11.55, 50.95, &x, &y);   /* in the hole */
  g_assert_cmpfloat (alm_asset_columns_distance (areas->columns, 0, x, y), >, 1000.0);
  /* A corner, through UTM and back: within a centimetre. */
  alm_mercator_from_lon_lat (11.6, 51.0, &x, &y);
  g_assert_cmpfloat_with_epsilon (areas->columns->box[0].east, x, 2.0);
  g_assert_cmpfloat_with_epsilon (areas->columns->box[0].north, y, 2.0);

  g_clear_pointer (&tables, g_ptr_array_unref);
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

static void
test_what_has_changed_is_loaded_alone (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (AlmDesk) desk = open_desk (dir);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GError) error = NULL;
  gint64 rids[2];
  AlmId id;

  alm_test_edit (desk, ALM_OP_NEW, &id, NULL, "lamp",
                 "{\"number\":\"L1\",\"state\":\"on\","
                 "\"geometry\":{\"type\":\"Point\",\"coordinates\":[11.5,50.9]}}");
  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "lamp",
                 "{\"number\":\"L2\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[11.6,50.95]}}");
  before = load (desk);
  alm_test_edit (desk, ALM_OP_UPD, &id, NULL, NULL, "{\"state\":\"off\"}");
  {
    g_autoptr (AlmRow) row = alm_desk_get (desk, &id, &error);

    rids[0] = row->rid;
    rids[1] = 999999;
  }
  after = alm_asset_loader_load_rids (desk, before, rids, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (find_table (after, "lamp")->columns->n, ==, 1);
  g_assert_cmpuint (find_table (after, "lamp")->columns->class_[0], ==, 2);
  g_assert_cmpuint (find_table (after, "tree")->columns->n, ==, 0);

  labels = alm_asset_loader_load_labels (desk, rids, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_ptr_array_index (labels, 0), ==, "L1");
  g_assert_null (g_ptr_array_index (labels, 1));

  g_clear_pointer (&before, g_ptr_array_unref);
  g_clear_pointer (&after, g_ptr_array_unref);
  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

/* The table is derived and can be anything after a crash: no blob may end the load. */
static void
test_broken_shapes_are_counted (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  g_autoptr (AlmDesk) desk = open_desk (dir);
  g_autofree char *file = g_build_filename (dir, "profile.db", NULL);
  static const char *const blobs[] = {
    "x'47'", "x'4750000100000000'", "x'475000010000000001030000ff'",
    "x'47500001000000000103000000010000ffffffffff'", "x'0000000000000000000000'"
  };

  alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "base-area",
                 "{\"class\":\"water\",\"geometry\":{\"type\":\"LineString\","
                 "\"coordinates\":[[11.5,50.9],[11.6,50.9]]}}");
  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
    {
      g_autofree char *sql = g_strdup_printf ("UPDATE asset SET geom = %s", blobs[i]);
      g_autofree char *done = alm_test_query (file, sql);
      g_autoptr (GPtrArray) tables = load (desk);

      g_assert_cmpuint (find_table (tables, "base-area")->columns->n, ==, 0);
      g_assert_cmpuint (find_table (tables, "base-area")->n_unplaced, ==, 1);
    }

  g_clear_pointer (&desk, alm_desk_close);
  alm_test_remove_dir (dir);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/asset-loader/places", test_places_lives_and_classes);
  g_test_add_func ("/store/asset-loader/areas", test_areas_come_with_shape_class_and_name);
  g_test_add_func ("/store/asset-loader/changed", test_what_has_changed_is_loaded_alone);
  g_test_add_func ("/store/asset-loader/broken", test_broken_shapes_are_counted);

  return g_test_run ();
}
