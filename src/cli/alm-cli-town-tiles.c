/* SPDX-License-Identifier: EUPL-1.2 */

/* The rendered base map of the town: blocks of tiles are drawn in the pool,
 * and written in their order, so that the file does not depend on the threads. */

#include "config.h"

#include "alm-cli-town.h"

#include "alm-mbtiles.h"
#include "alm-pool.h"
#include "alm-town-map.h"

typedef struct
{
  AlmTownSheet *sheet;
  guint         block;
  GPtrArray    *tiles;
  guint        *left;      /* blocks not drawn yet; main thread */
} Block;

static void
take_record (const char     *kind,
             const char     *id,
             const char     *scope,
             const AlmValue *fields,
             gpointer        user_data)
{
  alm_town_map_take (user_data, kind, fields);
}

static void
draw_block_job (GTask    *task,
                gpointer  task_data)
{
  Block *block = task_data;

  block->tiles = alm_town_sheet_draw (block->sheet, block->block);
  g_task_return_boolean (task, TRUE);
}

static void
block_drawn_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Block *block = user_data;

  (*block->left)--;
}

static gboolean
write_zoom (AlmMbtilesWriter  *writer,
            AlmPool           *pool,
            AlmTownSheet      *sheet,
            guint              zoom,
            guint             *n_tiles,
            GError           **error)
{
  guint n = alm_town_sheet_n_blocks (sheet), left = n;
  g_autofree Block *blocks = g_new0 (Block, n);
  gboolean good = TRUE;

  for (guint i = 0; i < n; i++)
    {
      GTask *task = g_task_new (NULL, NULL, block_drawn_cb, &blocks[i]);

      blocks[i].sheet = sheet;
      blocks[i].block = i;
      blocks[i].left = &left;
      g_task_set_task_data (task, &blocks[i], NULL);
      alm_pool_submit (pool, 0, draw_block_job, task);
    }
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; good && k < blocks[i].tiles->len; k++)
        {
          const AlmTownTile *tile = blocks[i].tiles->pdata[k];
          gsize length;
          gconstpointer data = g_bytes_get_data (tile->png, &length);

          good = alm_mbtiles_writer_add (writer, zoom, tile->x, tile->y, data, length, error);
          (*n_tiles)++;
        }
      g_ptr_array_unref (blocks[i].tiles);
    }

  return good;
}

gboolean
alm_town_folder_write_tiles (AlmTownFolder  *self,
                             AlmTown        *town,
                             AlmTownSize     size,
                             guint           n_threads,
                             guint          *n_tiles,
                             GError        **error)
{
  g_autofree char *path = g_build_filename (self->dir, "basemap.mbtiles", NULL);
  g_autoptr (AlmTownMap) map = alm_town_map_new ();
  g_autoptr (AlmPool) pool = alm_pool_new (n_threads);
  g_autoptr (AlmMbtilesWriter) writer = NULL;
  AlmMbtilesInfo info = {
    .name = (char *) "Kranichfurt (gezeichnet)",
    .attribution = (char *) "Übungsstadt Kranichfurt, erfunden",
    .format = (char *) "png",
    .min_zoom = 10,
    .max_zoom = size == ALM_TOWN_FULL ? 16 : 15,
  };
  double lon, lat;

  /* The extent is turned against the world's grid: its box, by all corners. */
  info.west = info.south = 1000;
  info.east = info.north = -1000;
  for (guint i = 0; i < 4; i++)
    {
      AlmSpot corner = { (i & 1) * ALM_TOWN_WIDTH, (i >> 1) * ALM_TOWN_HEIGHT };

      alm_town_spot_to_lonlat (corner, &lon, &lat);
      info.west = MIN (info.west, lon);
      info.east = MAX (info.east, lon);
      info.south = MIN (info.south, lat);
      info.north = MAX (info.north, lat);
    }

  alm_town_each (town, take_record, map);
  writer = alm_mbtiles_writer_new (path, &info, error);
  if (writer == NULL)
    return FALSE;
  for (guint zoom = info.min_zoom; zoom <= info.max_zoom; zoom++)
    {
      g_autoptr (AlmTownSheet) sheet = alm_town_sheet_new (map, zoom, info.west, info.south,
                                                           info.east, info.north);

      if (!write_zoom (writer, pool, sheet, zoom, n_tiles, error))
        return FALSE;
    }

  return alm_mbtiles_writer_finish (writer, error)
         && alm_town_folder_note (self, "basemap.mbtiles", TRUE, error);
}
