/* SPDX-License-Identifier: EUPL-1.2 */

/* Where the rows of a file lie, before anything is imported.  Main thread. */

#include "config.h"

#include "alm-import-preview.h"

#include "alm-map-data.h"
#include "alm-map-view.h"
#include "alm-mercator.h"

#include <glib/gi18n.h>

/* Unlike any asset of the city. */
#define POINT_COLOR 0xd81b60

struct _AlmImportPreview
{
  AdwBin        parent_instance;

  /* Owned */
  AlmMapData   *data;
  GArray       *points;
  AlmBox        box;           /* around them */
  int           width;         /* of the map for which they were fitted */
  int           height;
  guint         fit_source;    /* 0 = none */

  /* Children */
  AlmMapView   *view;
  AlmTileLayer *base_layer;
  AlmTileLayer *point_layer;
};

G_DEFINE_FINAL_TYPE (AlmImportPreview, alm_import_preview, ADW_TYPE_BIN)

static gboolean
is_dark (void)
{
  return adw_style_manager_get_dark (adw_style_manager_get_default ());
}

static void
show_base (AlmImportPreview *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (AlmTilePainter) painter = NULL;
  AlmPaintPlan *plan = alm_map_data_make_base (self->data, is_dark (), scale);

  if (plan != NULL)
    painter = alm_tile_painter_new_plan (plan);
  alm_tile_layer_set_painter (self->base_layer, painter, NULL, 0);
}

static gboolean
fit_cb (gpointer data)
{
  AlmImportPreview *self = data;

  self->fit_source = 0;
  self->width = gtk_widget_get_width (GTK_WIDGET (self));
  self->height = gtk_widget_get_height (GTK_WIDGET (self));
  alm_map_view_show_box (self->view, &self->box, 16);

  return G_SOURCE_REMOVE;
}

/* Not while sizes are being given, and once for many. */
static void
queue_fit (AlmImportPreview *self)
{
  if (self->fit_source == 0 && self->points != NULL && self->points->len > 0)
    self->fit_source = g_idle_add (fit_cb, self);
}

/* The points as columns, and the box around them. */
static AlmAssetColumns *
make_columns (AlmImportPreview *self)
{
  AlmAssetBuilder *builder = alm_asset_builder_new (self->points->len);
  AlmBox *box = &self->box;

  *box = (AlmBox) { G_MAXUINT32, G_MAXUINT32, 0, 0 };
  for (guint i = 0; i < self->points->len; i++)
    {
      AlmImportPoint *point = &g_array_index (self->points, AlmImportPoint, i);
      double x;
      double y;
      guint32 wx;
      guint32 wy;

      alm_mercator_from_lon_lat (point->lon, point->lat, &x, &y);
      wx = alm_mercator_round (x);
      wy = alm_mercator_round (y);
      alm_asset_builder_add_point (builder, i, wx, wy, G_MININT32, G_MAXINT32, 0);
      box->west = MIN (box->west, wx);
      box->east = MAX (box->east, wx);
      box->north = MIN (box->north, wy);
      box->south = MAX (box->south, wy);
    }

  return alm_asset_builder_seal (builder);
}

static void
show_points (AlmImportPreview *self)
{
  g_autoptr (AlmTilePainter) painter = NULL;
  g_autoptr (AlmAssetColumns) columns = NULL;
  g_autoptr (AlmSymbol) symbol = NULL;
  g_autofree char *words = NULL;
  AlmPaintPlan *plan;

  if (self->points == NULL || self->points->len == 0)
    {
      alm_tile_layer_set_painter (self->point_layer, NULL, NULL, 0);
      return;
    }

  columns = make_columns (self);
  symbol = alm_symbol_new_simple (ALM_SYMBOL_CIRCLE, POINT_COLOR, 6);
  plan = alm_paint_plan_new ();
  alm_paint_plan_set_dark (plan, is_dark ());
  alm_paint_plan_set_scale (plan, gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  alm_paint_plan_add_assets (plan, columns, symbol, 1.0);
  painter = alm_tile_painter_new_plan (plan);
  alm_tile_layer_set_painter (self->point_layer, painter, NULL, 0);
  queue_fit (self);

  words = g_strdup_printf (ngettext ("Map with %u place of the file",
                                     "Map with %u places of the file", columns->n), columns->n);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

static void
alm_import_preview_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

static void
alm_import_preview_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  AlmImportPreview *self = ALM_IMPORT_PREVIEW (widget);

  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
  if (self->width != width || self->height != height)
    queue_fit (self);
}

static void
alm_import_preview_dispose (GObject *object)
{
  AlmImportPreview *self = ALM_IMPORT_PREVIEW (object);

  g_clear_handle_id (&self->fit_source, g_source_remove);
  if (self->data != NULL)
    g_signal_handlers_disconnect_by_data (self->data, self);
  g_clear_object (&self->data);

  G_OBJECT_CLASS (alm_import_preview_parent_class)->dispose (object);
}

static void
alm_import_preview_finalize (GObject *object)
{
  AlmImportPreview *self = ALM_IMPORT_PREVIEW (object);

  g_clear_pointer (&self->points, g_array_unref);

  G_OBJECT_CLASS (alm_import_preview_parent_class)->finalize (object);
}

static void
alm_import_preview_class_init (AlmImportPreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = alm_import_preview_dispose;
  G_OBJECT_CLASS (klass)->finalize = alm_import_preview_finalize;
  GTK_WIDGET_CLASS (klass)->measure = alm_import_preview_measure;
  GTK_WIDGET_CLASS (klass)->size_allocate = alm_import_preview_size_allocate;
}

static void
alm_import_preview_init (AlmImportPreview *self)
{
  GtkWidget *view = alm_map_view_new ();

  /* Its own size matters here: a layout manager would keep it from us. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  self->view = ALM_MAP_VIEW (view);
  self->base_layer = alm_map_view_add_layer (self->view);
  self->point_layer = alm_map_view_add_layer (self->view);
  gtk_widget_set_size_request (view, 320, 220);
  gtk_widget_set_vexpand (view, TRUE);
  gtk_widget_set_overflow (view, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (view, "card");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Map with the places of the file"), -1);
  adw_bin_set_child (ADW_BIN (self), view);
}

GtkWidget *
alm_import_preview_new (AlmRecords *records)
{
  AlmImportPreview *self = g_object_new (ALM_TYPE_IMPORT_PREVIEW, NULL);

  self->data = alm_map_data_new (records);
  g_signal_connect_swapped (self->data, "loaded", G_CALLBACK (show_base), self);
  if (alm_map_data_is_loaded (self->data))
    show_base (self);

  return GTK_WIDGET (self);
}

void
alm_import_preview_set_points (AlmImportPreview *self,
                               GArray           *points)
{
  g_return_if_fail (ALM_IS_IMPORT_PREVIEW (self));

  g_clear_pointer (&self->points, g_array_unref);
  self->points = points != NULL ? g_array_ref (points) : NULL;
  show_points (self);
}
