/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-map-draft.h"

G_BEGIN_DECLS

/* What the two files of the draft share: alm-map-draft.c (what is done to it) and
 * alm-map-draft-geometry.c (GeoJSON, judging, measuring). */

typedef struct
{
  GArray   *places;     /* AlmDraftPlace */
  guint     part;       /* of a multi-geometry */
  gboolean  is_hole;
  gboolean  is_touched;
} AlmDraftRing;

struct _AlmMapDraft
{
  AlmShapeType  shape;
  gboolean      is_new;
  gboolean      is_multi;    /* the record's geometry has several parts, or could have */
  gboolean      is_changed;
  GPtrArray    *rings;       /* AlmDraftRing */
  guint         picked_ring;
  guint         picked;
  gboolean      is_picked;
  double        grab_x;      /* from the pointer that drags to the vertex */
  double        grab_y;
  double        pointer_x;   /* NAN: nowhere */
  double        pointer_y;
};

AlmMapDraft  *alm_map_draft_new_empty (AlmShapeType  shape);
AlmDraftRing *alm_map_draft_add_ring  (AlmMapDraft  *self,
                                       guint         part,
                                       gboolean      is_hole);

static inline AlmDraftRing *
alm_map_draft_ring (AlmMapDraft *self,
                    guint        number)
{
  return g_ptr_array_index (self->rings, number);
}

static inline AlmDraftPlace *
alm_draft_ring_place (AlmDraftRing *ring,
                      guint         index)
{
  return &g_array_index (ring->places, AlmDraftPlace, index);
}

/* As many different places has a ring at least. */
static inline guint
alm_map_draft_least (AlmMapDraft *self)
{
  return self->shape == ALM_SHAPE_POLYGON ? 3 : self->shape == ALM_SHAPE_LINE ? 2 : 1;
}

G_END_DECLS
