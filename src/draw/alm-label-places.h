/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where labels stand beside what they name: one after the other, each at the first
 * place that is free, on a grid that is fixed to the world.  Pixels are those of the
 * whole world at one zoom.  Any thread, one at a time for each grid. */
typedef struct _AlmLabelGrid AlmLabelGrid;

/* Both corners are in it. */
typedef struct
{
  int left;
  int top;
  int right;
  int bottom;
} AlmLabelBox;

/* In the order in which they are tried. */
typedef enum {
  ALM_LABEL_HIDDEN = -1,
  ALM_LABEL_RIGHT,
  ALM_LABEL_LEFT,
  ALM_LABEL_BELOW,
  ALM_LABEL_ABOVE,
  ALM_LABEL_N_PLACES
} AlmLabelPlace;

typedef struct
{
  int           x;          /* the middle of what it names */
  int           y;
  int           radius;     /* of the symbol; −1: the label stands in the middle */
  int           width;      /* of the label; 0: there is only a symbol */
  int           height;
  gboolean      is_forced;  /* shown wherever there is least in its way */
  AlmLabelPlace place;      /* before: where it was; then: where it is */
} AlmLabelSpot;

/* Nothing is placed outside of @area. */
AlmLabelGrid *alm_label_grid_new   (const AlmLabelBox  *area);
void          alm_label_grid_free  (AlmLabelGrid       *self);
/* No label there. */
void          alm_label_grid_block (AlmLabelGrid       *self,
                                    const AlmLabelBox  *box);
/* First those that are forced, then those that had a place, which they keep if
 * nothing has come into it, then the others; each in their order. */
void          alm_label_grid_place (AlmLabelGrid       *self,
                                    AlmLabelSpot       *spots,
                                    guint               n_spots);

/* What the label covers at @place. */
void          alm_label_spot_get_box (const AlmLabelSpot *self,
                                      AlmLabelPlace       place,
                                      AlmLabelBox        *box);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmLabelGrid, alm_label_grid_free)

G_END_DECLS
