/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-measure.h"
#include "alm-shape.h"
#include "alm-value.h"

G_BEGIN_DECLS

/* A point, line or area while somebody draws or reshapes it: what a click, a drag
 * or a key does to it, without any window.  Places are units of Web Mercator,
 * @reach is how far from a vertex or edge a pointer still means it.
 *
 * Not thread-safe; main thread. */
typedef struct _AlmMapDraft AlmMapDraft;

/* What became of a click or key. */
typedef enum {
  ALM_DRAFT_UNUSED,     /* it means nothing here; it is somebody else's */
  ALM_DRAFT_CHANGED,    /* another picture */
  ALM_DRAFT_TOO_FEW,    /* refused: without that vertex it would be no line or area */
  ALM_DRAFT_FINISH,     /* the user is done: check, then save */
  ALM_DRAFT_CANCEL      /* the user wants none of it */
} AlmDraftAnswer;

typedef enum {
  ALM_DRAFT_KEY_FINISH,
  ALM_DRAFT_KEY_CANCEL,
  ALM_DRAFT_KEY_BACK,       /* takes the last vertex away again */
  ALM_DRAFT_KEY_DELETE,     /* the picked vertex */
  ALM_DRAFT_KEY_INSERT,     /* a vertex after the picked one */
  ALM_DRAFT_KEY_NEXT,       /* picks */
  ALM_DRAFT_KEY_PREVIOUS
} AlmDraftKey;

typedef enum {
  ALM_DRAFT_FINE,
  ALM_DRAFT_FAULT_TOO_FEW,
  ALM_DRAFT_FAULT_CROSSING  /* an area's boundary crosses or touches itself */
} AlmDraftFault;

typedef struct
{
  double    x, y;       /* units */
  AlmValue *position;   /* as it was in the record; NULL: it is new or was moved */
} AlmDraftPlace;

AlmMapDraft         *alm_map_draft_new           (AlmShapeType         type);
/* Of a record's geometry.  NULL with G_IO_ERROR_NOT_SUPPORTED: a collection. */
AlmMapDraft         *alm_map_draft_new_from      (const AlmValue      *geometry,
                                                  GError             **error);
void                 alm_map_draft_free          (AlmMapDraft         *self);

AlmShapeType         alm_map_draft_get_shape     (AlmMapDraft         *self);
gboolean             alm_map_draft_is_new        (AlmMapDraft         *self);
gboolean             alm_map_draft_is_changed    (AlmMapDraft         *self);
guint                alm_map_draft_count         (AlmMapDraft         *self);

AlmDraftAnswer       alm_map_draft_click         (AlmMapDraft         *self,
                                                  double               x,
                                                  double               y,
                                                  double               reach);
/* The second click at a place, after alm_map_draft_click() has heard of the first. */
AlmDraftAnswer       alm_map_draft_double_click  (AlmMapDraft         *self,
                                                  double               x,
                                                  double               y,
                                                  double               reach);
AlmDraftAnswer       alm_map_draft_press         (AlmMapDraft         *self,
                                                  AlmDraftKey          key);
/* Moves the picked vertex; ALM_DRAFT_UNUSED: none is. */
AlmDraftAnswer       alm_map_draft_nudge         (AlmMapDraft         *self,
                                                  double               dx,
                                                  double               dy);
/* TRUE: there is a vertex, it is picked, and what follows drags it. */
gboolean             alm_map_draft_grab          (AlmMapDraft         *self,
                                                  double               x,
                                                  double               y,
                                                  double               reach);
void                 alm_map_draft_drag          (AlmMapDraft         *self,
                                                  double               x,
                                                  double               y);
/* Where the pointer is, for the stretch that follows it; NAN: nowhere. */
void                 alm_map_draft_point         (AlmMapDraft         *self,
                                                  double               x,
                                                  double               y);

/* For drawing it. */
guint                alm_map_draft_get_n_rings   (AlmMapDraft         *self);
/* (transfer none), until the next change */
const AlmDraftPlace *alm_map_draft_get_ring      (AlmMapDraft         *self,
                                                  guint                ring,
                                                  guint               *n);
gboolean             alm_map_draft_get_picked    (AlmMapDraft         *self,
                                                  guint               *ring,
                                                  guint               *index);
gboolean             alm_map_draft_get_pointer   (AlmMapDraft         *self,
                                                  double              *x,
                                                  double              *y);

/* @x, @y: where the fault is; NAN where it has no place. */
AlmDraftFault        alm_map_draft_check         (AlmMapDraft         *self,
                                                  double              *x,
                                                  double              *y);
/* FALSE while there is nothing to measure.  With the pointer's stretch. */
gboolean             alm_map_draft_measure       (AlmMapDraft         *self,
                                                  AlmMeasure          *measure);
/* GeoJSON; places that were not touched are as they were.  @format: the field's,
 * "geometry-…", which says whether a single part may stand alone.  (transfer full) */
AlmValue            *alm_map_draft_to_geometry   (AlmMapDraft         *self,
                                                  const char          *format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmMapDraft, alm_map_draft_free)

G_END_DECLS
