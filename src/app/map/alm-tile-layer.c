/* SPDX-License-Identifier: EUPL-1.2 */

/* A layer of the map made of tiles.
 *
 * Invariants:
 *   1. snapshot() only looks tiles up; painting happens elsewhere, and a tile that
 *      is not there yet is stood in for by its parent, enlarged.
 *   2. All tiles of a frame lie at whole pixels from one common origin.
 *   3. A tile that has left the view and the ring around it is not painted any more.
 *   4. A tile painted by an older painter is replaced only by a newer one's.
 *   5. Memory is bounded: least recently seen tiles go first.
 *
 * Main thread. */

#include "config.h"

#include "alm-tile-layer.h"

#include <math.h>

#define CACHE_BYTES  (128 * 1024 * 1024)
#define MIN_CACHED   64
#define RING         1
#define MAX_PARENTS  6

typedef struct
{
  guint         zoom;
  guint         x;
  guint         y;
  GdkTexture   *texture;       /* nullable: not painted yet, or nothing there */
  guint64       generation;    /* of the painter that made it, or tried in vain */
  gboolean      is_old;        /* has to be painted again */
  GCancellable *pending;       /* nullable: being painted */
  guint64       seen;          /* number of the frame that wanted it last */
  guint64       in_view;       /* … and that showed its place */
  AlmTileTrouble trouble;
} Tile;

struct _AlmTileLayer
{
  ShumateLayer     parent_instance;

  /* Owned */
  AlmTilePainter  *painter;
  GHashTable      *tiles;      /* key in the tile itself → Tile */
  GdkTexture      *grid;       /* in place of what cannot be had; nullable */
  guint64          generation;
  guint64          frame;
  guint            n_pending;
  gboolean         has_grid;
  gboolean         is_dirty;   /* something has changed since the last frame */
  int              scale;

  /* Borrowed */
  ShumateViewport *viewport;   /* lives as long as the layer, says libshumate */
};

/* What a frame shows: tiles x0 … x1, y0 … y1 of one zoom, each @size pixels. */
typedef struct
{
  guint  zoom;
  int    x0;
  int    y0;
  int    x1;
  int    y1;
  double size;
  double left;    /* of tile 0/0, in pixels from the widget's corner; whole */
  double top;
} Grid;

typedef struct
{
  AlmTileLayer *layer;
  guint         zoom;
  guint         x;
  guint         y;
  guint64       generation;
  GCancellable *cancellable;
} Request;

enum {
  SIGNAL_SETTLED,
  SIGNAL_TROUBLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlmTileLayer, alm_tile_layer, SHUMATE_TYPE_LAYER)

static guint
tile_hash (gconstpointer key)
{
  const Tile *tile = key;

  return (tile->zoom * 73856093u) ^ (tile->x * 19349663u) ^ (tile->y * 83492791u);
}

static gboolean
tile_equal (gconstpointer a,
            gconstpointer b)
{
  const Tile *one = a;
  const Tile *two = b;

  return one->zoom == two->zoom && one->x == two->x && one->y == two->y;
}

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  g_cancellable_cancel (tile->pending);
  g_clear_object (&tile->pending);
  g_clear_object (&tile->texture);
  g_free (tile);
}

static Tile *
find_tile (AlmTileLayer *self,
           guint         zoom,
           guint         x,
           guint         y)
{
  const Tile key = { .zoom = zoom, .x = x, .y = y };

  return g_hash_table_lookup (self->tiles, &key);
}

static gboolean
find_grid (AlmTileLayer *self,
           Grid         *grid)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double zoom = shumate_viewport_get_zoom_level (self->viewport);
  guint max_zoom = self->painter != NULL ? alm_tile_painter_get_max_zoom (self->painter) : 20;
  double world;
  double x;
  double y;

  if (width <= 0 || height <= 0)
    return FALSE;

  grid->zoom = (guint) CLAMP (floor (zoom + 0.5), 0, max_zoom);
  grid->size = ALM_TILE_SIZE * exp2 (zoom - grid->zoom);
  world = ALM_TILE_SIZE * exp2 (zoom);
  alm_mercator_from_lon_lat (
    shumate_location_get_longitude (SHUMATE_LOCATION (self->viewport)),
    shumate_location_get_latitude (SHUMATE_LOCATION (self->viewport)), &x, &y);
  grid->left = round (width / 2.0 - x / ALM_WORLD * world);
  grid->top = round (height / 2.0 - y / ALM_WORLD * world);
  grid->x0 = (int) floor (-grid->left / grid->size);
  grid->y0 = (int) floor (-grid->top / grid->size);
  grid->x1 = (int) floor ((width - 1 - grid->left) / grid->size);
  grid->y1 = (int) floor ((height - 1 - grid->top) / grid->size);

  return TRUE;
}

static gboolean
is_in_world (guint zoom,
             int   x,
             int   y)
{
  return x >= 0 && y >= 0 && x < 1 << zoom && y < 1 << zoom;
}

/* Textures are dropped, least recently seen first, until the rest fits. */
static int
compare_seen (gconstpointer a,
              gconstpointer b)
{
  const Tile *const *one = a;
  const Tile *const *two = b;

  return (*one)->seen < (*two)->seen ? -1 : (*one)->seen > (*two)->seen;
}

static void
trim_cache (AlmTileLayer *self)
{
  gsize tile_bytes = (gsize) ALM_TILE_SIZE * ALM_TILE_SIZE * 4 *
                     (gsize) (self->scale * self->scale);
  guint limit = (guint) MAX (CACHE_BYTES / tile_bytes, MIN_CACHED);
  g_autoptr (GPtrArray) tiles = NULL;
  GHashTableIter iter;
  gpointer tile;

  if (g_hash_table_size (self->tiles) <= limit + limit / 8)
    return;

  tiles = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &tile, NULL))
    g_ptr_array_add (tiles, tile);
  g_ptr_array_sort (tiles, compare_seen);
  for (guint i = 0; i + limit < tiles->len; i++)
    {
      Tile *oldest = g_ptr_array_index (tiles, i);

      if (oldest->pending == NULL && oldest->seen + 1 < self->frame)
        g_hash_table_remove (self->tiles, oldest);
    }
}

static void
redraw (AlmTileLayer *self)
{
  self->is_dirty = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Textures for another screen are of no use. */
static void
scale_changed_cb (AlmTileLayer *self)
{
  g_hash_table_remove_all (self->tiles);
  redraw (self);
}

static AlmTileTrouble
understand (const GError *error)
{
  if (error->domain == GDK_TEXTURE_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return ALM_TILE_TROUBLE_BROKEN;
  if (error->domain == G_RESOLVER_ERROR)
    return ALM_TILE_TROUBLE_UNREACHABLE;
  /* A wrong clock, a hotel's login page, an expired certificate. */
  if (error->domain == G_TLS_ERROR)
    return ALM_TILE_TROUBLE_REFUSED;
  if (error->domain != G_IO_ERROR)
    return ALM_TILE_TROUBLE_BROKEN;   /* what only the decoder of a picture knows */

  switch (error->code)
    {
    case G_IO_ERROR_NOT_FOUND:
      return ALM_TILE_TROUBLE_MISSING;

    case G_IO_ERROR_TIMED_OUT:
      return ALM_TILE_TROUBLE_SILENT;

    case G_IO_ERROR_FAILED:
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_CONNECTION_CLOSED:
      return ALM_TILE_TROUBLE_REFUSED;

    default:
      return ALM_TILE_TROUBLE_UNREACHABLE;
    }
}

static void
painted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Request *request = user_data;
  g_autoptr (AlmTileLayer) self = request->layer;
  g_autoptr (GCancellable) cancellable = request->cancellable;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = alm_tile_painter_paint_finish (result, &error);
  Tile *tile = find_tile (self, request->zoom, request->x, request->y);

  self->n_pending--;
  if (tile == NULL || tile->pending != cancellable)
    return;   /* forgotten meanwhile, or asked for again */

  g_clear_object (&tile->pending);
  if (g_cancellable_is_cancelled (cancellable))
    return;
  tile->trouble = texture == NULL ? understand (error) : ALM_TILE_TROUBLE_NONE;
  if (texture == NULL)
    g_debug ("tile %u/%u/%u: %s", request->zoom, request->x, request->y, error->message);
  g_set_object (&tile->texture, texture);
  tile->generation = request->generation;
  tile->is_old = FALSE;
  if (tile->seen + 2 >= self->frame)
    redraw (self);
  if (tile->trouble != ALM_TILE_TROUBLE_NONE)
    g_signal_emit (self, signals[SIGNAL_TROUBLED], 0);
  if (self->n_pending == 0)
    g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static void
ask_for_tile (AlmTileLayer *self,
              Tile         *tile,
              int           priority)
{
  AlmTileRequest what = {
    .zoom = tile->zoom, .x = tile->x, .y = tile->y, .scale = self->scale
  };
  Request *request = g_new (Request, 1);

  tile->pending = g_cancellable_new ();
  request->layer = g_object_ref (self);
  request->zoom = tile->zoom;
  request->x = tile->x;
  request->y = tile->y;
  request->generation = self->generation;
  request->cancellable = g_object_ref (tile->pending);
  self->n_pending++;
  alm_tile_painter_paint_async (self->painter, &what, priority, tile->pending, painted_cb,
                                request);
}

/* The tile of this frame, asked for if it is missing or old. */
static Tile *
want_tile (AlmTileLayer *self,
           guint         zoom,
           guint         x,
           guint         y,
           int           priority)
{
  Tile *tile = find_tile (self, zoom, x, y);

  if (tile == NULL)
    {
      tile = g_new0 (Tile, 1);
      tile->zoom = zoom;
      tile->x = x;
      tile->y = y;
      tile->is_old = TRUE;
      g_hash_table_add (self->tiles, tile);
    }
  tile->seen = self->frame;
  if (tile->is_old && tile->pending == NULL && self->painter != NULL)
    ask_for_tile (self, tile, priority);

  return tile;
}

/* Shows the part of a lower zoom's tile that lies where (x, y) will be. */
static void
snapshot_parent (AlmTileLayer          *self,
                 GtkSnapshot           *snapshot,
                 guint                  zoom,
                 guint                  x,
                 guint                  y,
                 const graphene_rect_t *place)
{
  for (guint up = 1; up <= MAX_PARENTS && up <= zoom; up++)
    {
      Tile *parent = find_tile (self, zoom - up, x >> up, y >> up);
      float parts = (float) (1 << up);
      float size = place->size.width * parts;
      graphene_rect_t whole;

      if (parent == NULL || parent->texture == NULL)
        continue;
      parent->seen = self->frame;
      graphene_rect_init (&whole,
                          place->origin.x - (float) (x & ((1u << up) - 1)) * place->size.width,
                          place->origin.y - (float) (y & ((1u << up) - 1)) * place->size.height,
                          size, size);
      gtk_snapshot_push_clip (snapshot, place);
      gtk_snapshot_append_texture (snapshot, parent->texture, &whole);
      gtk_snapshot_pop (snapshot);
      return;
    }
}

/* Grey lines on thin grey, so that it goes with every ground. */
static GdkTexture *
make_grid (void)
{
  const gsize n = ALM_TILE_SIZE * ALM_TILE_SIZE;
  guint32 *pixels = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < n; i++)
    pixels[i] = i % 32 == 0 || i / ALM_TILE_SIZE % 32 == 0 ? 0x70383838 : 0x30181818;
  bytes = g_bytes_new_take (pixels, n * sizeof *pixels);

  return gdk_memory_texture_new (ALM_TILE_SIZE, ALM_TILE_SIZE, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED,
                                 bytes, ALM_TILE_SIZE * sizeof *pixels);
}

static void
snapshot_grid (AlmTileLayer          *self,
               GtkSnapshot           *snapshot,
               const graphene_rect_t *place)
{
  if (!self->has_grid)
    return;
  if (self->grid == NULL)
    self->grid = make_grid ();
  gtk_snapshot_append_texture (snapshot, self->grid, place);
}

/* Cancels what nobody wanted in this frame. */
static void
cancel_unwanted (AlmTileLayer *self)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      Tile *tile = data;

      if (tile->pending != NULL && tile->seen != self->frame)
        {
          g_cancellable_cancel (tile->pending);
          g_clear_object (&tile->pending);
        }
    }
}

static void
prefetch_ring (AlmTileLayer *self,
               const Grid   *grid)
{
  for (int y = grid->y0 - RING; y <= grid->y1 + RING; y++)
    for (int x = grid->x0 - RING; x <= grid->x1 + RING; x++)
      if ((x < grid->x0 || x > grid->x1 || y < grid->y0 || y > grid->y1) &&
          is_in_world (grid->zoom, x, y))
        want_tile (self, grid->zoom, (guint) x, (guint) y, 1000);
}

static void
alm_tile_layer_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  AlmTileLayer *self = ALM_TILE_LAYER (widget);
  Grid grid;

  if (!find_grid (self, &grid))
    return;

  self->frame++;
  self->is_dirty = FALSE;
  self->scale = gtk_widget_get_scale_factor (widget);
  for (int y = grid.y0; y <= grid.y1; y++)
    for (int x = grid.x0; x <= grid.x1; x++)
      {
        int from_middle = ABS (2 * x - grid.x0 - grid.x1) + ABS (2 * y - grid.y0 - grid.y1);
        float left = (float) round (grid.left + x * grid.size);
        float top = (float) round (grid.top + y * grid.size);
        graphene_rect_t place;
        Tile *tile;

        if (!is_in_world (grid.zoom, x, y))
          continue;
        graphene_rect_init (&place, left, top,
                            (float) round (grid.left + (x + 1) * grid.size) - left,
                            (float) round (grid.top + (y + 1) * grid.size) - top);
        tile = want_tile (self, grid.zoom, (guint) x, (guint) y, from_middle);
        tile->in_view = self->frame;
        if (tile->texture == NULL && tile->trouble != ALM_TILE_TROUBLE_NONE)
          snapshot_grid (self, snapshot, &place);
        else if (tile->texture != NULL)
          gtk_snapshot_append_texture (snapshot, tile->texture, &place);
        else if (tile->is_old)
          snapshot_parent (self, snapshot, grid.zoom, (guint) x, (guint) y, &place);
      }

  prefetch_ring (self, &grid);
  cancel_unwanted (self);
  trim_cache (self);
}

static void
alm_tile_layer_constructed (GObject *object)
{
  AlmTileLayer *self = ALM_TILE_LAYER (object);

  G_OBJECT_CLASS (alm_tile_layer_parent_class)->constructed (object);

  self->viewport = shumate_layer_get_viewport (SHUMATE_LAYER (self));
  g_signal_connect_object (self->viewport, "notify", G_CALLBACK (redraw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (scale_changed_cb), NULL);
}

static void
alm_tile_layer_dispose (GObject *object)
{
  AlmTileLayer *self = ALM_TILE_LAYER (object);

  g_hash_table_remove_all (self->tiles);
  g_clear_pointer (&self->painter, alm_tile_painter_unref);

  G_OBJECT_CLASS (alm_tile_layer_parent_class)->dispose (object);
}

static void
alm_tile_layer_finalize (GObject *object)
{
  AlmTileLayer *self = ALM_TILE_LAYER (object);

  g_hash_table_unref (self->tiles);
  g_clear_object (&self->grid);

  G_OBJECT_CLASS (alm_tile_layer_parent_class)->finalize (object);
}

static void
alm_tile_layer_class_init (AlmTileLayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = alm_tile_layer_constructed;
  object_class->dispose = alm_tile_layer_dispose;
  object_class->finalize = alm_tile_layer_finalize;
  widget_class->snapshot = alm_tile_layer_snapshot;

  signals[SIGNAL_SETTLED] =
    g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_TROUBLED] =
    g_signal_new ("troubled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
alm_tile_layer_init (AlmTileLayer *self)
{
  self->tiles = g_hash_table_new_full (tile_hash, tile_equal, NULL, tile_free);
  self->scale = 1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

AlmTileLayer *
alm_tile_layer_new (ShumateViewport *viewport)
{
  return g_object_new (ALM_TYPE_TILE_LAYER, "viewport", viewport, NULL);
}

/* What is drawn over the border: 64 pixels, and what is as wide as on the ground. */
static double
find_margin (const Tile           *tile,
             const AlmTilePainter *before,
             const AlmTilePainter *after)
{
  double size = ldexp (ALM_WORLD, -(int) tile->zoom);
  double y = tile->y * size;
  double reach = alm_tile_painter_get_reach (after, tile->zoom, y);

  if (before != NULL)
    reach = MAX (reach, alm_tile_painter_get_reach (before, tile->zoom, y));

  return MAX (size / 4.0, reach);
}

static gboolean
is_touched (const Tile   *tile,
            double        margin,
            const AlmBox *boxes,
            guint         n_boxes)
{
  AlmBox box;

  alm_mercator_tile_box (tile->zoom, tile->x, tile->y, margin, &box);
  for (guint i = 0; i < n_boxes; i++)
    if (alm_box_intersects (&box, &boxes[i]))
      return TRUE;

  return FALSE;
}

void
alm_tile_layer_set_painter (AlmTileLayer   *self,
                            AlmTilePainter *painter,
                            const AlmBox   *touched,
                            guint           n_touched)
{
  g_autoptr (AlmTilePainter) before = NULL;
  GHashTableIter iter;
  gpointer data;

  g_return_if_fail (ALM_IS_TILE_LAYER (self));

  /* Nothing is new: what draws records is another one each time. */
  if (painter != NULL && painter == self->painter)
    return;

  if (painter != NULL)
    alm_tile_painter_ref (painter);
  before = self->painter;
  self->painter = painter;
  self->generation++;

  if (painter == NULL)
    g_hash_table_remove_all (self->tiles);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      Tile *tile = data;

      if (touched != NULL && tile->pending == NULL && painter != NULL &&
          !is_touched (tile, find_margin (tile, before, painter), touched, n_touched))
        continue;
      tile->is_old = TRUE;
      tile->trouble = ALM_TILE_TROUBLE_NONE;
      /* What is on its way shows the past. */
      g_cancellable_cancel (tile->pending);
      g_clear_object (&tile->pending);
    }
  redraw (self);
}

gboolean
alm_tile_layer_is_settled (AlmTileLayer *self)
{
  return self->n_pending == 0 && !self->is_dirty;
}

void
alm_tile_layer_set_has_grid (AlmTileLayer *self,
                             gboolean      has_grid)
{
  self->has_grid = has_grid;
  redraw (self);
}

AlmTileTrouble
alm_tile_layer_get_trouble (AlmTileLayer *self)
{
  AlmTileTrouble worst = ALM_TILE_TROUBLE_NONE;
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      const Tile *tile = data;

      if (tile->in_view == self->frame && tile->texture == NULL)
        worst = MAX (worst, tile->trouble);
    }

  return worst;
}

gboolean
alm_tile_layer_is_waiting (AlmTileLayer *self)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      const Tile *tile = data;

      if (tile->in_view == self->frame && tile->texture == NULL && tile->pending != NULL)
        return TRUE;
    }

  return FALSE;
}

void
alm_tile_layer_retry (AlmTileLayer *self)
{
  GHashTableIter iter;
  gpointer data;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &data, NULL))
    {
      Tile *tile = data;

      if (tile->trouble != ALM_TILE_TROUBLE_NONE && tile->pending == NULL)
        tile->is_old = TRUE;
    }
  redraw (self);
}
