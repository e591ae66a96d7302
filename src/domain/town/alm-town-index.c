/* SPDX-License-Identifier: EUPL-1.2 */

/* A grid of cells over the town (and 200 m round it).  An item lies in each
 * cell that its box with its margin touches, so a question needs only the cells
 * round the spot.  Answers never depend on the order of the cells' lists but
 * for equal distances, where the item added first wins.  One thread. */

#include "config.h"

#include "alm-town-index.h"

#include <math.h>

#define CELL 40.0
#define EDGE 200.0
#define COLUMNS 160   /* 6,400 m */
#define ROWS 135      /* 5,400 m */

typedef struct
{
  guint    first;     /* corner in spots */
  guint    n;
  gboolean closed;
  double   margin;
  guint    tag;
} Item;

typedef struct
{
  guint item;
  guint next;         /* + 1; 0 = end */
} Link;

struct _AlmTownIndex
{
  GArray *spots;
  GArray *items;
  GArray *links;
  guint   heads[COLUMNS * ROWS];
};

AlmTownIndex *
alm_town_index_new (void)
{
  AlmTownIndex *self = g_new0 (AlmTownIndex, 1);

  self->spots = g_array_new (FALSE, FALSE, sizeof (AlmSpot));
  self->items = g_array_new (FALSE, FALSE, sizeof (Item));
  self->links = g_array_new (FALSE, FALSE, sizeof (Link));

  return self;
}

void
alm_town_index_free (AlmTownIndex *self)
{
  g_array_unref (self->spots);
  g_array_unref (self->items);
  g_array_unref (self->links);
  g_free (self);
}

static guint
column_of (double e)
{
  return (guint) CLAMP ((e + EDGE) / CELL, 0.0, COLUMNS - 1.0);
}

static guint
row_of (double n)
{
  return (guint) CLAMP ((n + EDGE) / CELL, 0.0, ROWS - 1.0);
}

static void
add_item (AlmTownIndex  *self,
          const AlmSpot *at,
          guint          n,
          gboolean       closed,
          double         margin,
          guint          tag)
{
  Item item = { self->spots->len, n, closed, margin, tag };
  AlmSpot low, high;
  AlmPath path = { (AlmSpot *) at, n, n };

  alm_path_box (&path, &low, &high);
  g_array_append_vals (self->spots, at, n);
  g_array_append_val (self->items, item);

  for (guint y = row_of (low.n - margin); y <= row_of (high.n + margin); y++)
    for (guint x = column_of (low.e - margin); x <= column_of (high.e + margin); x++)
      {
        Link link = { self->items->len - 1, self->heads[y * COLUMNS + x] };

        g_array_append_val (self->links, link);
        self->heads[y * COLUMNS + x] = self->links->len;
      }
}

void
alm_town_index_add_spot (AlmTownIndex *self,
                         AlmSpot       spot,
                         double        margin,
                         guint         tag)
{
  add_item (self, &spot, 1, FALSE, margin, tag);
}

void
alm_town_index_add_line (AlmTownIndex  *self,
                         const AlmPath *path,
                         double         margin,
                         guint          tag)
{
  for (guint i = 1; i < path->n; i++)
    add_item (self, path->at + i - 1, 2, FALSE, margin, tag);
}

void
alm_town_index_add_polygon (AlmTownIndex  *self,
                            const AlmPath *path,
                            double         margin,
                            guint          tag)
{
  add_item (self, path->at, path->n, TRUE, margin, tag);
}

static double
item_distance (AlmTownIndex *self,
               const Item   *item,
               AlmSpot       spot)
{
  AlmPath path = { &g_array_index (self->spots, AlmSpot, item->first), item->n, item->n };

  if (item->n == 1)
    return alm_spot_distance (path.at[0], spot) - item->margin;
  if (item->n == 2)
    return alm_segment_distance (spot, path.at[0], path.at[1], NULL) - item->margin;
  if (item->closed && alm_path_contains (&path, spot))
    return -1e9;

  return alm_path_nearest (&path, spot, item->closed).distance - item->margin;
}

/* Walks the items round a spot; each may come more than once. */
#define FOR_EACH_ITEM(self, low, high, reach, item)                                        \
  for (guint y_ = row_of ((low).n - (reach)); y_ <= row_of ((high).n + (reach)); y_++)     \
    for (guint x_ = column_of ((low).e - (reach)); x_ <= column_of ((high).e + (reach)); x_++) \
      for (guint link_ = (self)->heads[y_ * COLUMNS + x_]; link_ != 0;                     \
           link_ = g_array_index ((self)->links, Link, link_ - 1).next)                    \
        for (const Item *item = &g_array_index ((self)->items, Item,                       \
                                   g_array_index ((self)->links, Link, link_ - 1).item);   \
             item != NULL; item = NULL)

gboolean
alm_town_index_near (AlmTownIndex *self,
                     AlmSpot       spot,
                     double        distance)
{
  FOR_EACH_ITEM (self, spot, spot, distance, item)
    if (item_distance (self, item, spot) < distance)
      return TRUE;

  return FALSE;
}

guint
alm_town_index_find (AlmTownIndex *self,
                     AlmSpot       spot,
                     double        distance)
{
  const Item *best = NULL;
  double best_distance = distance;

  FOR_EACH_ITEM (self, spot, spot, distance, item)
    {
      double d = item_distance (self, item, spot);

      if (d < best_distance || (d == best_distance && best != NULL && item < best))
        {
          best = item;
          best_distance = d;
        }
    }

  return best != NULL ? best->tag : G_MAXUINT;
}

static gboolean
item_hits (AlmTownIndex  *self,
           const Item    *item,
           const AlmPath *polygon,
           double         gap)
{
  const AlmSpot *at = &g_array_index (self->spots, AlmSpot, item->first);
  guint edges = item->closed ? item->n : item->n - 1;

  for (guint i = 0; i < polygon->n; i++)
    if (item_distance (self, item, polygon->at[i]) < gap)
      return TRUE;

  if (alm_path_contains (polygon, at[0]))
    return TRUE;

  for (guint k = 0; k < item->n; k++)
    if (alm_path_nearest (polygon, at[k], TRUE).distance < gap + item->margin)
      return TRUE;

  for (guint k = 0; k < edges; k++)
    for (guint i = 0; i < polygon->n; i++)
      if (alm_segments_cross (at[k], at[(k + 1) % item->n],
                              polygon->at[i], polygon->at[(i + 1) % polygon->n], NULL))
        return TRUE;

  return FALSE;
}

gboolean
alm_town_index_hits (AlmTownIndex  *self,
                     const AlmPath *polygon,
                     double         gap,
                     guint          but)
{
  AlmSpot low, high;

  alm_path_box (polygon, &low, &high);
  FOR_EACH_ITEM (self, low, high, gap, item)
    if (item->tag != but && item_hits (self, item, polygon, gap))
      return TRUE;

  return FALSE;
}
