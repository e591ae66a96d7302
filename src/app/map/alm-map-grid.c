/* SPDX-License-Identifier: EUPL-1.2 */

/* Tiles of 256 pixels, zoom 0 to 20, Web Mercator; our own layers draw them.
 * Main thread. */

#include "config.h"

#include "alm-map-grid.h"

struct _AlmMapGrid
{
  ShumateMapSource parent_instance;
};

G_DEFINE_FINAL_TYPE (AlmMapGrid, alm_map_grid, SHUMATE_TYPE_MAP_SOURCE)

static void
alm_map_grid_fill_tile_async (ShumateMapSource    *source,
                              ShumateTile         *tile,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
alm_map_grid_fill_tile_finish (ShumateMapSource  *source,
                               GAsyncResult      *result,
                               GError           **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Not in init(): the parent's properties get their defaults after that. */
static void
alm_map_grid_constructed (GObject *object)
{
  ShumateMapSource *source = SHUMATE_MAP_SOURCE (object);

  G_OBJECT_CLASS (alm_map_grid_parent_class)->constructed (object);

  shumate_map_source_set_id (source, "allmende");
  shumate_map_source_set_projection (source, SHUMATE_MAP_PROJECTION_MERCATOR);
  shumate_map_source_set_tile_size (source, 256);
  shumate_map_source_set_min_zoom_level (source, 0);
  shumate_map_source_set_max_zoom_level (source, 20);
}

static void
alm_map_grid_class_init (AlmMapGridClass *klass)
{
  ShumateMapSourceClass *source_class = SHUMATE_MAP_SOURCE_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = alm_map_grid_constructed;
  source_class->fill_tile_async = alm_map_grid_fill_tile_async;
  source_class->fill_tile_finish = alm_map_grid_fill_tile_finish;
}

static void
alm_map_grid_init (AlmMapGrid *self)
{
}

ShumateMapSource *
alm_map_grid_new (void)
{
  return g_object_new (ALM_TYPE_MAP_GRID, NULL);
}
