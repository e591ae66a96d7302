/* SPDX-License-Identifier: EUPL-1.2 */

/* Places for labels, greedily.
 *
 * Invariants:
 *   1. A cell is CELL pixels of the world's own, so that what is free does not
 *      depend on the part of it that is looked at.
 *   2. No two labels share a cell, but for those that are forced.
 *   3. No label lies on a symbol's cell, but for its own symbol's and those that are
 *      forced. */

#include "config.h"

#include "alm-label-places.h"

#include <string.h>

#define CELL 8
/* Between symbol and label. */
#define GAP  2

struct _AlmLabelGrid
{
  AlmLabelBox  area;       /* in cells */
  int          width;
  guint8      *is_taken;   /* by a label */
  guint8      *n_symbols;  /* no more than 255 */
};

/* Rounds downwards, below 0 too. */
static int
get_cell (int pixel)
{
  return pixel >= 0 ? pixel / CELL : -((CELL - 1 - pixel) / CELL);
}

static AlmLabelBox
get_cells (const AlmLabelBox *box)
{
  return (AlmLabelBox) { get_cell (box->left), get_cell (box->top), get_cell (box->right),
                         get_cell (box->bottom) };
}

static AlmLabelBox
get_symbol_cells (const AlmLabelSpot *spot)
{
  const AlmLabelBox box = { spot->x - spot->radius, spot->y - spot->radius,
                            spot->x + spot->radius, spot->y + spot->radius };

  return get_cells (&box);
}

static gboolean
contains (const AlmLabelBox *self,
          int                x,
          int                y)
{
  return x >= self->left && x <= self->right && y >= self->top && y <= self->bottom;
}

AlmLabelGrid *
alm_label_grid_new (const AlmLabelBox *area)
{
  AlmLabelGrid *self = g_new0 (AlmLabelGrid, 1);
  gsize n;

  g_return_val_if_fail (area->right >= area->left && area->bottom >= area->top, NULL);

  self->area = get_cells (area);
  self->width = self->area.right - self->area.left + 1;
  n = (gsize) self->width * (gsize) (self->area.bottom - self->area.top + 1);
  self->is_taken = g_new0 (guint8, n);
  self->n_symbols = g_new0 (guint8, n);

  return self;
}

void
alm_label_grid_free (AlmLabelGrid *self)
{
  g_free (self->is_taken);
  g_free (self->n_symbols);
  g_free (self);
}

static int
get_index (const AlmLabelGrid *self,
           int                 x,
           int                 y)
{
  return (y - self->area.top) * self->width + x - self->area.left;
}

static AlmLabelBox
clip (const AlmLabelGrid *self,
      const AlmLabelBox  *cells)
{
  return (AlmLabelBox) { MAX (cells->left, self->area.left), MAX (cells->top, self->area.top),
                         MIN (cells->right, self->area.right),
                         MIN (cells->bottom, self->area.bottom) };
}

void
alm_label_grid_block (AlmLabelGrid      *self,
                      const AlmLabelBox *box)
{
  AlmLabelBox cells = get_cells (box);

  cells = clip (self, &cells);
  for (int y = cells.top; y <= cells.bottom; y++)
    for (int x = cells.left; x <= cells.right; x++)
      self->is_taken[get_index (self, x, y)] = TRUE;
}

static void
add_symbol (AlmLabelGrid       *self,
            const AlmLabelSpot *spot)
{
  AlmLabelBox cells = get_symbol_cells (spot);

  cells = clip (self, &cells);
  for (int y = cells.top; y <= cells.bottom; y++)
    for (int x = cells.left; x <= cells.right; x++)
      {
        guint8 *n = &self->n_symbols[get_index (self, x, y)];

        *n = (guint8) MIN (*n + 1, G_MAXUINT8);
      }
}

void
alm_label_spot_get_box (const AlmLabelSpot *self,
                        AlmLabelPlace       place,
                        AlmLabelBox        *box)
{
  int left = self->x - self->width / 2;
  int top = self->y - self->height / 2;

  if (self->radius >= 0)
    switch (place)
      {
      case ALM_LABEL_LEFT:
        left = self->x - self->radius - GAP - self->width;
        break;

      case ALM_LABEL_BELOW:
        top = self->y + self->radius + GAP;
        break;

      case ALM_LABEL_ABOVE:
        top = self->y - self->radius - GAP - self->height;
        break;

      case ALM_LABEL_RIGHT:
      case ALM_LABEL_HIDDEN:
      case ALM_LABEL_N_PLACES:
      default:
        left = self->x + self->radius + GAP;
        break;
      }
  *box = (AlmLabelBox) { left, top, left + self->width - 1, top + self->height - 1 };
}

static gboolean
is_free (const AlmLabelGrid *self,
         const AlmLabelSpot *spot,
         AlmLabelPlace       place)
{
  AlmLabelBox own = get_symbol_cells (spot);
  AlmLabelBox box;
  AlmLabelBox cells;

  alm_label_spot_get_box (spot, place, &box);
  cells = get_cells (&box);
  if (!contains (&self->area, cells.left, cells.top) ||
      !contains (&self->area, cells.right, cells.bottom))
    return FALSE;

  for (int y = cells.top; y <= cells.bottom; y++)
    for (int x = cells.left; x <= cells.right; x++)
      {
        int index = get_index (self, x, y);

        if (self->is_taken[index] ||
            self->n_symbols[index] > (spot->radius >= 0 && contains (&own, x, y)))
          return FALSE;
      }

  return TRUE;
}

static void
put (AlmLabelGrid  *self,
     AlmLabelSpot  *spot,
     AlmLabelPlace  place)
{
  AlmLabelBox box;

  alm_label_spot_get_box (spot, place, &box);
  alm_label_grid_block (self, &box);
  spot->place = place;
}

/* A label in the middle has one place only. */
static AlmLabelPlace
find_place (const AlmLabelGrid *self,
            const AlmLabelSpot *spot)
{
  guint n = spot->radius >= 0 ? ALM_LABEL_N_PLACES : 1;

  if (spot->place != ALM_LABEL_HIDDEN && is_free (self, spot, spot->place))
    return spot->place;
  for (guint place = 0; place < n; place++)
    if (is_free (self, spot, (AlmLabelPlace) place))
      return (AlmLabelPlace) place;

  return ALM_LABEL_HIDDEN;
}

void
alm_label_grid_place (AlmLabelGrid *self,
                      AlmLabelSpot *spots,
                      guint         n_spots)
{
  for (guint i = 0; i < n_spots; i++)
    {
      if (spots[i].radius >= 0)
        add_symbol (self, &spots[i]);
      if (spots[i].width <= 0)
        spots[i].place = ALM_LABEL_HIDDEN;
    }

  for (guint i = 0; i < n_spots; i++)
    if (spots[i].is_forced && spots[i].width > 0)
      put (self, &spots[i], MAX (find_place (self, &spots[i]), ALM_LABEL_RIGHT));
  /* Nobody is driven out by one that comes anew. */
  for (guint i = 0; i < n_spots; i++)
    if (!spots[i].is_forced && spots[i].place != ALM_LABEL_HIDDEN)
      {
        if (is_free (self, &spots[i], spots[i].place))
          put (self, &spots[i], spots[i].place);
        else
          spots[i].place = ALM_LABEL_HIDDEN;
      }
  for (guint i = 0; i < n_spots; i++)
    if (!spots[i].is_forced && spots[i].width > 0 && spots[i].place == ALM_LABEL_HIDDEN)
      {
        AlmLabelPlace place = find_place (self, &spots[i]);

        if (place != ALM_LABEL_HIDDEN)
          put (self, &spots[i], place);
      }
}
