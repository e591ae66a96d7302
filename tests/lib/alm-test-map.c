/* SPDX-License-Identifier: EUPL-1.2 */

/* What tests and benchmarks of the map need: something to look at. */

#include "config.h"

#include "alm-test-map.h"

#include "alm-asset-loader.h"
#include "alm-json.h"
#include "alm-random.h"

#include <gtk/gtk.h>

static const char schema[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"title\":\"Baum\",\"x-alm-title\":{\"en\":\"Tree\"},\"x-alm-plural\":{\"de\":\"Bäume\","
  "\"en\":\"Trees\"},\"x-alm-layer\":\"asset\",\"x-alm-label\":\"{number}\","
  "\"x-alm-symbol\":{\"shape\":\"circle\",\"color\":\"#2e7d32\",\"size\":[[12,3],[16,7],[19,11]]},"
  "\"properties\":{\"geometry\":{\"format\":\"geometry-point\","
  "\"x-ogc-role\":\"primary-geometry\"},"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"}},\"required\":[]}";

GPtrArray *
alm_test_map_make_tables (int     n_points,
                          guint64 seed)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_asset_table_free);
  AlmAssetTable *table = g_new0 (AlmAssetTable, 1);
  AlmAssetBuilder *builder = alm_asset_builder_new ((guint) n_points);
  g_autoptr (AlmValue) value = alm_json_parse (schema, -1, NULL, NULL);
  AlmRandom random;
  double x;
  double y;

  alm_random_seed (&random, seed);
  alm_mercator_from_lon_lat (11.586, 50.927, &x, &y);
  for (int i = 0; i < n_points; i++)
    alm_asset_builder_add_point (builder, (guint32) i + 1,
                                 (guint32) (x + (alm_random_unit (&random) - 0.5) * 2.2e6),
                                 (guint32) (y + (alm_random_unit (&random) - 0.5) * 2.2e6),
                                 ALM_DAY_OPEN_START, ALM_DAY_OPEN_END, 0);
  table->model = alm_model_new ("tree", value, NULL);
  table->symbol = alm_symbol_new (table->model);
  table->columns = alm_asset_builder_seal (builder);
  g_ptr_array_add (tables, table);

  return tables;
}

/* The program's own style sheet, as AdwApplication loads it. */
void
alm_test_map_add_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/de/jena/Allmende/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/de/jena/Allmende/icons");
}
