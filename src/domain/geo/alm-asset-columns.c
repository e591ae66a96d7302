/* SPDX-License-Identifier: EUPL-1.2 */

/* What can be seen of one kind, in memory.
 *
 * Invariants of sealed columns:
 *   1. The Morton keys of (wx, wy) never fall.
 *   2. Either no shape array is there, or all are; shape_start has n + 1 entries.
 *   3. box[i] holds (wx[i], wy[i]) and every vertex of asset i.
 *   4. span is there if any is known, and max_span is the largest of them.
 *   5. Nothing changes any more, so every thread may read.
 *
 * The builder belongs to one thread. */

#include "config.h"

#include "alm-asset-columns.h"

#include "alm-shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One asset as it came in. */
typedef struct
{
  guint32 wx;
  guint32 wy;
  guint32 rid;
  gint32  t0;
  gint32  t1;
  guint32 first_vertex;
  guint32 n_vertices;
  guint16 span;
  guint8  class_;
  guint8  type;
} Entry;

typedef struct
{
  guint32 x;
  guint32 y;
  guint32 begins_ring;
} Vertex;

typedef struct
{
  guint64 key;
  guint32 entry;
} SortItem;

struct _AlmAssetBuilder
{
  GArray *entries;    /* Entry */
  GArray *vertices;   /* Vertex */
  guint16 max_span;
};

#define RADIX_BITS  11
#define RADIX_SIZE  (1 << RADIX_BITS)

static AlmAssetColumns *
new_columns (guint    n,
             gboolean with_spans,
             gboolean with_shapes,
             guint    n_vertices)
{
  AlmAssetColumns *self = g_new0 (AlmAssetColumns, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->n = n;
  self->wx = g_new (guint32, n);
  self->wy = g_new (guint32, n);
  self->rid = g_new (guint32, n);
  self->t0 = g_new (gint32, n);
  self->t1 = g_new (gint32, n);
  self->class_ = g_new (guint8, n);
  if (with_spans)
    self->span = g_new0 (guint16, n);

  if (with_shapes)
    {
      self->shape_start = g_new0 (guint32, (gsize) n + 1);
      self->shape_dx = g_new (gint32, n_vertices);
      self->shape_dy = g_new (gint32, n_vertices);
      self->ring_first = g_new (guint8, n_vertices);
      self->shape_type = g_new (guint8, n);
      self->box = g_new (AlmBox, n);
      self->block_box = g_new (AlmBox, (n + ALM_ASSET_BLOCK - 1) / ALM_ASSET_BLOCK);
    }

  return self;
}

static void
free_columns (AlmAssetColumns *self)
{
  g_free (self->wx);
  g_free (self->wy);
  g_free (self->rid);
  g_free (self->t0);
  g_free (self->t1);
  g_free (self->class_);
  g_free (self->span);
  g_free (self->shape_start);
  g_free (self->shape_dx);
  g_free (self->shape_dy);
  g_free (self->ring_first);
  g_free (self->shape_type);
  g_free (self->box);
  g_free (self->block_box);
  g_free (self);
}

AlmAssetColumns *
alm_asset_columns_ref (AlmAssetColumns *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
alm_asset_columns_unref (AlmAssetColumns *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    free_columns (self);
}

/* Memory of all arrays. */
gsize
alm_asset_columns_get_bytes (const AlmAssetColumns *self)
{
  gsize bytes = sizeof *self + (gsize) self->n * (5 * sizeof (guint32) + 1);

  if (self->span != NULL)
    bytes += (gsize) self->n * sizeof (guint16);
  if (self->shape_start != NULL)
    bytes += (gsize) self->n * (sizeof (guint32) + 1 + sizeof (AlmBox)) +
             self->n / ALM_ASSET_BLOCK * sizeof (AlmBox) +
             (gsize) self->shape_start[self->n] * (2 * sizeof (gint32) + 1);

  return bytes;
}

/* A scan: 0.3 ms in a million, and no index to keep. */
gboolean
alm_asset_columns_find_rid (const AlmAssetColumns *self,
                            guint32                rid,
                            guint                 *index)
{
  for (guint i = 0; i < self->n; i++)
    if (self->rid[i] == rid)
      {
        *index = i;
        return TRUE;
      }

  return FALSE;
}

static guint64
get_key (const AlmAssetColumns *self,
         guint                  index)
{
  return alm_morton_encode (self->wx[index], self->wy[index]);
}

/* The first index from @from on whose key is not below @key. */
static guint
lower_bound (const AlmAssetColumns *self,
             guint                  from,
             guint64                key)
{
  guint low = from;
  guint high = self->n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_key (self, middle) < key)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

guint
alm_asset_columns_find_ranges (const AlmAssetColumns *self,
                               const AlmBox          *box,
                               AlmIndexRange         *ranges)
{
  AlmMortonRange keys[ALM_MORTON_MAX_RANGES];
  guint n_keys = alm_morton_cover (box, keys);
  guint n = 0;
  guint at = 0;

  for (guint i = 0; i < n_keys && at < self->n; i++)
    {
      guint first = lower_bound (self, at, keys[i].first);

      at = keys[i].last == G_MAXUINT64 ? self->n : lower_bound (self, first, keys[i].last + 1);
      if (at > first)
        ranges[n++] = (AlmIndexRange) { first, at };
    }

  return n;
}

void
alm_asset_search_init (AlmAssetSearch        *self,
                       const AlmAssetColumns *columns,
                       const AlmBox          *box,
                       gint32                 day)
{
  self->columns = columns;
  self->box = *box;
  self->day = day;
  self->range = 0;
  if (columns->shape_start == NULL)
    {
      self->n_ranges = alm_asset_columns_find_ranges (columns, box, self->ranges);
    }
  else
    {
      /* A shape reaches out of its middle: all blocks are asked. */
      self->ranges[0] = (AlmIndexRange) { 0, columns->n };
      self->n_ranges = columns->n > 0;
    }
  self->next = self->n_ranges > 0 ? self->ranges[0].first : 0;
}

static gboolean
next_point (AlmAssetSearch *self,
            guint          *index)
{
  const AlmAssetColumns *columns = self->columns;

  while (self->range < self->n_ranges)
    {
      for (guint i = self->next; i < self->ranges[self->range].end; i++)
        if (alm_box_contains (&self->box, columns->wx[i], columns->wy[i]) &&
            alm_asset_columns_is_alive (columns, i, self->day))
          {
            *index = i;
            self->next = i + 1;
            return TRUE;
          }
      self->range++;
      if (self->range < self->n_ranges)
        self->next = self->ranges[self->range].first;
    }

  return FALSE;
}

static gboolean
next_shape (AlmAssetSearch *self,
            guint          *index)
{
  const AlmAssetColumns *columns = self->columns;
  guint i = self->next;

  while (i < columns->n)
    {
      if (i % ALM_ASSET_BLOCK == 0 &&
          !alm_box_intersects (&self->box, &columns->block_box[i / ALM_ASSET_BLOCK]))
        {
          i += ALM_ASSET_BLOCK;
          continue;
        }
      if (alm_box_intersects (&self->box, &columns->box[i]) &&
          alm_asset_columns_is_alive (columns, i, self->day))
        {
          *index = i;
          self->next = i + 1;
          return TRUE;
        }
      i++;
    }
  self->next = columns->n;

  return FALSE;
}

/* FALSE: that was the last one. */
gboolean
alm_asset_search_next (AlmAssetSearch *self,
                       guint          *index)
{
  return self->columns->shape_start == NULL ? next_point (self, index) : next_shape (self, index);
}

static void
grow_box (AlmBox       *self,
          const AlmBox *other)
{
  self->west = MIN (self->west, other->west);
  self->north = MIN (self->north, other->north);
  self->east = MAX (self->east, other->east);
  self->south = MAX (self->south, other->south);
}

/* Fills block_box from box. */
static void
make_blocks (AlmAssetColumns *self)
{
  for (guint i = 0; i < self->n; i++)
    if (i % ALM_ASSET_BLOCK == 0)
      self->block_box[i / ALM_ASSET_BLOCK] = self->box[i];
    else
      grow_box (&self->block_box[i / ALM_ASSET_BLOCK], &self->box[i]);
}

static int
compare_rids (const void *a,
              const void *b)
{
  const guint32 *one = a;
  const guint32 *two = b;

  return *one < *two ? -1 : *one > *two;
}

/* Copies asset @from of @source to the place @to, whose vertices begin at shape_start[to]. */
static void
copy_asset (AlmAssetColumns       *self,
            guint                  to,
            const AlmAssetColumns *source,
            guint                  from)
{
  guint32 start;
  guint32 n_vertices = 0;

  self->wx[to] = source->wx[from];
  self->wy[to] = source->wy[from];
  self->rid[to] = source->rid[from];
  self->t0[to] = source->t0[from];
  self->t1[to] = source->t1[from];
  self->class_[to] = source->class_[from];
  if (source->span != NULL)
    {
      self->span[to] = source->span[from];
      self->max_span = MAX (self->max_span, source->span[from]);
    }
  if (self->shape_start == NULL)
    return;

  start = self->shape_start[to];
  self->shape_type[to] = ALM_SHAPE_POINT;
  self->box[to] = (AlmBox) { source->wx[from], source->wy[from],
                             source->wx[from], source->wy[from] };
  if (source->shape_start != NULL)
    {
      guint32 first = source->shape_start[from];

      n_vertices = source->shape_start[from + 1] - first;
      self->shape_type[to] = source->shape_type[from];
      self->box[to] = source->box[from];
      memcpy (self->shape_dx + start, source->shape_dx + first, n_vertices * sizeof (gint32));
      memcpy (self->shape_dy + start, source->shape_dy + first, n_vertices * sizeof (gint32));
      memcpy (self->ring_first + start, source->ring_first + first, n_vertices);
    }
  self->shape_start[to + 1] = start + n_vertices;
}

/* A small table that says no for nearly every rid that is not in the list. */
typedef struct
{
  guint32 *rids;
  guint    n;
  guint8   seen[1 << 13];
} RidSet;

static void
rid_set_init (RidSet        *self,
              const guint32 *rids,
              guint          n)
{
  memset (self->seen, 0, sizeof self->seen);
  self->n = n;
  self->rids = g_memdup2 (rids, n * sizeof *rids);
  if (n > 0)
    qsort (self->rids, n, sizeof *rids, compare_rids);
  for (guint i = 0; i < n; i++)
    self->seen[(rids[i] >> 3) & 0x1fff] |= (guint8) (1 << (rids[i] & 7));
}

static gboolean
rid_set_contains (const RidSet *self,
                  guint32       rid)
{
  return (self->seen[(rid >> 3) & 0x1fff] & 1 << (rid & 7)) != 0 &&
         bsearch (&rid, self->rids, self->n, sizeof rid, compare_rids) != NULL;
}

AlmAssetColumns *
alm_asset_columns_merge (const AlmAssetColumns *self,
                         const guint32         *gone,
                         guint                  n_gone,
                         const AlmAssetColumns *added)
{
  g_autofree RidSet *set = g_new (RidSet, 1);
  guint n_added = added != NULL ? added->n : 0;
  gboolean with_spans = self->span != NULL || (n_added > 0 && added->span != NULL);
  gboolean with_shapes = self->shape_start != NULL ||
                         (n_added > 0 && added->shape_start != NULL);
  guint n_vertices = (self->shape_start != NULL ? self->shape_start[self->n] : 0) +
                     (n_added > 0 && added->shape_start != NULL ? added->shape_start[n_added] : 0);
  AlmAssetColumns *merged = new_columns (self->n + n_added, with_spans, with_shapes,
                                         n_vertices);
  guint n = 0;
  guint next = 0;

  rid_set_init (set, gone, n_gone);
  for (guint i = 0; i < self->n; i++)
    {
      guint64 key = next < n_added ? get_key (self, i) : 0;

      while (next < n_added && get_key (added, next) < key)
        copy_asset (merged, n++, added, next++);
      if (!rid_set_contains (set, self->rid[i]))
        copy_asset (merged, n++, self, i);
    }
  while (next < n_added)
    copy_asset (merged, n++, added, next++);
  g_free (set->rids);

  merged->n = n;
  if (with_shapes)
    make_blocks (merged);

  return merged;
}

AlmAssetBuilder *
alm_asset_builder_new (guint expected)
{
  AlmAssetBuilder *self = g_new0 (AlmAssetBuilder, 1);

  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), MAX (expected, 16));
  self->vertices = g_array_new (FALSE, FALSE, sizeof (Vertex));

  return self;
}

void
alm_asset_builder_free (AlmAssetBuilder *self)
{
  g_array_unref (self->entries);
  g_array_unref (self->vertices);
  g_free (self);
}

void
alm_asset_builder_add_point (AlmAssetBuilder *self,
                             guint32          rid,
                             guint32          wx,
                             guint32          wy,
                             gint32           t0,
                             gint32           t1,
                             guint8           class_)
{
  Entry entry = {
    .wx = wx, .wy = wy, .rid = rid, .t0 = t0, .t1 = t1,
    .first_vertex = self->vertices->len, .class_ = class_, .type = ALM_SHAPE_POINT
  };

  g_array_append_val (self->entries, entry);
}

void
alm_asset_builder_set_span (AlmAssetBuilder *self,
                            double           metres)
{
  Entry *last;

  g_return_if_fail (self->entries->len > 0);

  if (!(metres > 0.0))
    return;
  last = &g_array_index (self->entries, Entry, self->entries->len - 1);
  last->span = (guint16) lround (MIN (metres * 10.0, G_MAXUINT16));
  self->max_span = MAX (self->max_span, last->span);
}

static gboolean
are_in_world (const double *xy,
              guint         n_vertices)
{
  for (guint i = 0; i < 2 * n_vertices; i++)
    if (!(xy[i] >= 0.0 && xy[i] < ALM_WORLD))
      return FALSE;

  return TRUE;
}

gboolean
alm_asset_builder_add_shape (AlmAssetBuilder *self,
                             guint32          rid,
                             AlmShapeType     type,
                             const double    *xy,
                             guint            n_vertices,
                             const guint     *rings,
                             guint            n_rings,
                             gint32           t0,
                             gint32           t1,
                             guint8           class_)
{
  Entry entry = {
    .rid = rid, .t0 = t0, .t1 = t1, .first_vertex = self->vertices->len,
    .n_vertices = n_vertices, .class_ = class_, .type = (guint8) type
  };
  double x;
  double y;
  guint ring = 0;

  g_return_val_if_fail (type == ALM_SHAPE_LINE || type == ALM_SHAPE_POLYGON, FALSE);
  g_return_val_if_fail (n_rings > 0 && rings[0] == 0, FALSE);

  if (n_vertices < (type == ALM_SHAPE_LINE ? 2 : 3) || !are_in_world (xy, n_vertices))
    return FALSE;

  alm_shape_find_anchor (type, xy, n_vertices, rings, n_rings, &x, &y);
  entry.wx = alm_mercator_round (x);
  entry.wy = alm_mercator_round (y);
  for (guint i = 0; i < n_vertices; i++)
    {
      Vertex vertex = {
        .x = alm_mercator_round (xy[2 * i]),
        .y = alm_mercator_round (xy[2 * i + 1]),
        .begins_ring = ring < n_rings && rings[ring] == i
      };

      ring += vertex.begins_ring;
      g_array_append_val (self->vertices, vertex);
    }
  g_array_append_val (self->entries, entry);

  return TRUE;
}

/* Least significant digit first; stable; a digit that all keys share is passed over. */
static void
sort_items (SortItem *items,
            guint     n)
{
  g_autofree SortItem *other = g_new (SortItem, n);
  SortItem *from = items;
  SortItem *to = other;

  for (guint shift = 0; shift < 64; shift += RADIX_BITS)
    {
      guint32 starts[RADIX_SIZE] = { 0 };
      guint32 sum = 0;
      SortItem *swap;

      for (guint i = 0; i < n; i++)
        starts[from[i].key >> shift & (RADIX_SIZE - 1)]++;
      if (starts[from[0].key >> shift & (RADIX_SIZE - 1)] == n)
        continue;
      for (guint digit = 0; digit < RADIX_SIZE; digit++)
        {
          guint32 count = starts[digit];

          starts[digit] = sum;
          sum += count;
        }
      for (guint i = 0; i < n; i++)
        to[starts[from[i].key >> shift & (RADIX_SIZE - 1)]++] = from[i];
      swap = from;
      from = to;
      to = swap;
    }

  if (from != items)
    memcpy (items, from, n * sizeof *items);
}

static void
fill_shape (AlmAssetColumns *columns,
            guint            index,
            const Entry     *entry,
            const Vertex    *vertices)
{
  guint32 start = columns->shape_start[index];
  AlmBox *box = &columns->box[index];

  *box = (AlmBox) { entry->wx, entry->wy, entry->wx, entry->wy };
  for (guint i = 0; i < entry->n_vertices; i++)
    {
      const Vertex *vertex = &vertices[entry->first_vertex + i];

      columns->shape_dx[start + i] = (gint32) (vertex->x - entry->wx);
      columns->shape_dy[start + i] = (gint32) (vertex->y - entry->wy);
      columns->ring_first[start + i] = (guint8) vertex->begins_ring;
      grow_box (box, &(AlmBox) { vertex->x, vertex->y, vertex->x, vertex->y });
    }
  columns->shape_type[index] = entry->type;
  columns->shape_start[index + 1] = start + entry->n_vertices;
}

AlmAssetColumns *
alm_asset_builder_seal (AlmAssetBuilder *self)
{
  guint n = self->entries->len;
  gboolean with_shapes = self->vertices->len > 0;
  AlmAssetColumns *columns = new_columns (n, self->max_span > 0, with_shapes, self->vertices->len);
  g_autofree SortItem *items = g_new (SortItem, n);
  const Entry *entries = (const Entry *) self->entries->data;

  columns->max_span = self->max_span;
  for (guint i = 0; i < n; i++)
    items[i] = (SortItem) { alm_morton_encode (entries[i].wx, entries[i].wy), i };
  if (n > 0)
    sort_items (items, n);

  for (guint i = 0; i < n; i++)
    {
      const Entry *entry = &entries[items[i].entry];

      columns->wx[i] = entry->wx;
      columns->wy[i] = entry->wy;
      columns->rid[i] = entry->rid;
      columns->t0[i] = entry->t0;
      columns->t1[i] = entry->t1;
      columns->class_[i] = entry->class_;
      if (columns->span != NULL)
        columns->span[i] = entry->span;
      if (with_shapes)
        fill_shape (columns, i, entry, (const Vertex *) self->vertices->data);
    }
  if (with_shapes)
    make_blocks (columns);
  alm_asset_builder_free (self);

  return columns;
}
