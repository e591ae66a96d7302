/* SPDX-License-Identifier: EUPL-1.2 */

/* Where the tiles of a layer come from: painted from columns in the pool, read
 * from an MBTiles file by a thread that owns it, or fetched over the network.
 *
 * Jobs get plain data and make a texture, which is immutable and may be made in
 * any thread; everything else is the main thread's. */

#include "config.h"

#include "alm-tile-painter.h"

#include "alm-pool.h"
#include "alm-worker.h"

#define MAX_ZOOM 20

struct _AlmTilePainter
{
  gatomicrefcount  ref_count;
  AlmPaintPlan    *plan;       /* or … */
  AlmWorker       *worker;     /* … the owner of an AlmMbtiles, or … */
  AlmTileClient   *client;     /* … an address; main thread */
  guint            max_zoom;
};

typedef struct
{
  AlmTilePainter *painter;
  AlmTileRequest  request;
  GBytes         *bytes;       /* fetched, to be decoded; nullable */
  int             priority;
} Job;

static AlmTilePainter *
new_painter (void)
{
  AlmTilePainter *self = g_new0 (AlmTilePainter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->max_zoom = MAX_ZOOM;

  return self;
}

AlmTilePainter *
alm_tile_painter_new_plan (AlmPaintPlan *plan)
{
  AlmTilePainter *self = new_painter ();

  self->plan = plan;

  return self;
}

AlmTilePainter *
alm_tile_painter_new_mbtiles (AlmMbtiles *file)
{
  AlmTilePainter *self = new_painter ();

  self->max_zoom = alm_mbtiles_get_info (file)->max_zoom;
  self->worker = alm_worker_new ("tiles", file, (GDestroyNotify) alm_mbtiles_close);

  return self;
}

AlmTilePainter *
alm_tile_painter_new_client (AlmTileClient *client,
                             guint          max_zoom)
{
  AlmTilePainter *self = new_painter ();

  self->client = client;
  self->max_zoom = MIN (max_zoom, MAX_ZOOM);

  return self;
}

AlmTilePainter *
alm_tile_painter_ref (AlmTilePainter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_tile_painter_unref (AlmTilePainter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->plan, alm_paint_plan_unref);
  g_clear_pointer (&self->worker, alm_worker_stop);
  g_clear_object (&self->client);
  g_free (self);
}

guint
alm_tile_painter_get_max_zoom (const AlmTilePainter *self)
{
  return self->max_zoom;
}

double
alm_tile_painter_get_reach (const AlmTilePainter *self,
                            guint                 zoom,
                            double                y)
{
  return self->plan != NULL ? alm_paint_plan_get_reach (self->plan, zoom, y) : 0.0;
}

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->bytes, g_bytes_unref);
  alm_tile_painter_unref (job->painter);
  g_free (job);
}

static GdkTexture *
paint_tile (AlmPaintPlan         *plan,
            const AlmTileRequest *request)
{
  int size = ALM_TILE_SIZE * request->scale;
  AlmPaintView view;
  AlmPixels pixels;
  g_autoptr (GBytes) bytes = NULL;

  alm_paint_view_init_tile (&view, request->zoom, request->x, request->y, request->scale);
  alm_pixels_init (&pixels, size, size, 0);
  alm_paint (plan, &view, &pixels, NULL);
  bytes = g_bytes_new_take (pixels.data, (gsize) size * (gsize) size * 4);

  return gdk_memory_texture_new (size, size, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes,
                                 (gsize) size * 4);
}

static void
paint_job (GTask    *task,
           gpointer  data)
{
  Job *job = data;

  g_task_return_pointer (task, paint_tile (job->painter->plan, &job->request), g_object_unref);
}

static void
decode_job (GTask    *task,
            gpointer  data)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = gdk_texture_new_from_bytes (job->bytes, &error);

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  job->bytes = alm_tile_client_fetch_finish (ALM_TILE_CLIENT (source), result, &error);
  if (job->bytes != NULL)
    {
      alm_pool_submit (alm_pool_shared (), job->priority, decode_job, task);
      return;
    }
  g_task_return_error (task, g_steal_pointer (&error));
  g_object_unref (task);
}

static void
read_job (GTask    *task,
          gpointer  resource)
{
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = alm_mbtiles_read_tile (resource, job->request.zoom,
                                                    job->request.x, job->request.y, &error);
  GdkTexture *texture = NULL;

  if (bytes != NULL)
    texture = gdk_texture_new_from_bytes (bytes, &error);

  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
alm_tile_painter_paint_async (AlmTilePainter       *self,
                              const AlmTileRequest *request,
                              int                   priority,
                              GCancellable         *cancellable,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->priority = priority;
  job->painter = alm_tile_painter_ref (self);
  job->request = *request;
  g_task_set_task_data (task, job, free_job);
  if (self->plan != NULL)
    alm_pool_submit (alm_pool_shared (), priority, paint_job, task);
  else if (self->worker != NULL)
    alm_worker_submit (self->worker, read_job, task);
  else
    alm_tile_client_fetch_async (self->client, request->zoom, request->x, request->y,
                                 cancellable, fetched_cb, task);
}

GdkTexture *
alm_tile_painter_paint_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
