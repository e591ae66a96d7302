/* SPDX-License-Identifier: EUPL-1.2 */

/* The Morton key (Z order) of a place: the bits of x and y interleaved, y above.
 *
 * Invariants:
 *   1. A tile z/x/y is exactly one range of keys.
 *   2. A box's ranges are sorted, disjoint, not adjacent, at most 40, and cover
 *      every unit of the box; they may cover units outside it, so who reads by
 *      range tests each place against the box.
 *
 * Pure functions; any thread. */

#include "config.h"

#include "alm-morton.h"

#include <stdlib.h>

/* A quadtree cell: 2^size units wide, cut against the box. */
typedef struct
{
  guint32 x;
  guint32 y;
  guint   size;
  double  excess;   /* units of the cell that lie outside the box */
} Cell;

static guint64
spread (guint32 value)
{
  guint64 v = value;

  v = (v | v << 16) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  v = (v | v << 8) & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  v = (v | v << 4) & G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f);
  v = (v | v << 2) & G_GUINT64_CONSTANT (0x3333333333333333);
  v = (v | v << 1) & G_GUINT64_CONSTANT (0x5555555555555555);

  return v;
}

static guint32
gather (guint64 key)
{
  guint64 v = key & G_GUINT64_CONSTANT (0x5555555555555555);

  v = (v | v >> 1) & G_GUINT64_CONSTANT (0x3333333333333333);
  v = (v | v >> 2) & G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f);
  v = (v | v >> 4) & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  v = (v | v >> 8) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  v = (v | v >> 16) & G_GUINT64_CONSTANT (0x00000000ffffffff);

  return (guint32) v;
}

guint64
alm_morton_encode (guint32 x,
                   guint32 y)
{
  return spread (x) | spread (y) << 1;
}

void
alm_morton_decode (guint64  key,
                   guint32 *x,
                   guint32 *y)
{
  *x = gather (key);
  *y = gather (key >> 1);
}

static guint64
overlap (guint32 from,
         guint64 length,
         guint32 low,
         guint32 high)
{
  guint64 first = MAX (from, low);
  guint64 last = MIN ((guint64) from + length - 1, (guint64) high);

  return last >= first ? last - first + 1 : 0;
}

/* FALSE: the cell has nothing in common with the box. */
static gboolean
cut_cell (Cell         *cell,
          const AlmBox *box)
{
  guint64 width = G_GUINT64_CONSTANT (1) << cell->size;
  guint64 inside_x = overlap (cell->x, width, box->west, box->east);
  guint64 inside_y = overlap (cell->y, width, box->north, box->south);

  cell->excess = (double) width * width - (double) inside_x * inside_y;

  return inside_x > 0 && inside_y > 0;
}

/* Puts the children that meet the box into @children; returns how many. */
static guint
split_cell (const Cell   *cell,
            const AlmBox *box,
            Cell          children[4])
{
  guint n = 0;

  for (guint quarter = 0; quarter < 4; quarter++)
    {
      Cell *child = &children[n];

      child->size = cell->size - 1;
      child->x = cell->x + ((quarter & 1) << child->size);
      child->y = cell->y + ((quarter >> 1) << child->size);
      if (cut_cell (child, box))
        n++;
    }

  return n;
}

static int
find_largest_excess (const Cell *cells,
                     guint       n_cells)
{
  int worst = -1;
  double excess = 0.0;

  for (guint i = 0; i < n_cells; i++)
    if (cells[i].excess > excess)
      {
        excess = cells[i].excess;
        worst = (int) i;
      }

  return worst;
}

static int
compare_ranges (const void *a,
                const void *b)
{
  const AlmMortonRange *one = a;
  const AlmMortonRange *two = b;

  return one->first < two->first ? -1 : one->first > two->first;
}

static guint
join_neighbours (AlmMortonRange *ranges,
                 guint           n)
{
  guint kept = 0;

  for (guint i = 1; i < n; i++)
    if (ranges[i].first == ranges[kept].last + 1)
      ranges[kept].last = ranges[i].last;
    else
      ranges[++kept] = ranges[i];

  return kept + 1;
}

/* Quadtree cells are split, largest excess first, until 40 are reached or the
 * box is met exactly.  A box that is empty (west > east) has no ranges. */
guint
alm_morton_cover (const AlmBox   *box,
                  AlmMortonRange  ranges[ALM_MORTON_MAX_RANGES])
{
  Cell cells[ALM_MORTON_MAX_RANGES] = { { .size = 32 } };
  guint n = 1;

  if (box->west > box->east || box->north > box->south)
    return 0;

  cut_cell (&cells[0], box);
  for (int worst; (worst = find_largest_excess (cells, n)) >= 0;)
    {
      Cell children[4];
      guint n_children = split_cell (&cells[worst], box, children);

      if (n + n_children - 1 > ALM_MORTON_MAX_RANGES)
        break;
      cells[worst] = children[0];
      for (guint i = 1; i < n_children; i++)
        cells[n++] = children[i];
    }

  for (guint i = 0; i < n; i++)
    {
      /* A whole world has 2⁶⁴ keys: the shift below must not be 64. */
      guint64 last = cells[i].size == 32 ? G_MAXUINT64
                                         : (G_GUINT64_CONSTANT (1) << 2 * cells[i].size) - 1;

      ranges[i].first = alm_morton_encode (cells[i].x, cells[i].y);
      ranges[i].last = ranges[i].first + last;
    }
  qsort (ranges, n, sizeof *ranges, compare_ranges);

  return join_neighbours (ranges, n);
}
