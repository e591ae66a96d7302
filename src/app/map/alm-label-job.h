/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gdk/gdk.h>

#include "alm-asset-columns.h"
#include "alm-desk.h"
#include "alm-label-places.h"
#include "alm-label-run.h"
#include "alm-labels.h"
#include "alm-symbol.h"

G_BEGIN_DECLS

/* A label that has found its place. */
typedef struct
{
  guint32        rid;
  gboolean       is_strong;   /* of what is selected */
  guint8         opacity;
  AlmLabelPlace  place;
  char          *text;
  double         x;           /* units: what it names */
  double         y;
  int            dx;          /* pixels from there to its upper left corner */
  int            dy;
  int            width;
  int            height;
  GdkTexture    *texture;
} AlmPlacedLabel;

/* The labels of a part of the map, and what is worth knowing for the next one.
 * Immutable; reference-counted atomically. */
typedef struct
{
  gatomicrefcount  ref_count;
  guint            zoom;
  AlmLabelBox      area;      /* pixels of the world at that zoom */
  AlmLabelStyle    style;
  GArray          *labels;    /* AlmPlacedLabel, the uppermost last */
  GHashTable      *texts;     /* rid → what its label says, shown or not */
} AlmPlacedLabels;

AlmPlacedLabels *alm_placed_labels_ref     (AlmPlacedLabels      *self);
void             alm_placed_labels_unref   (AlmPlacedLabels      *self);

/* Finding labels: filled by the main thread, then handed from thread to thread;
 * reference-counted atomically. */
typedef struct _AlmLabelJob AlmLabelJob;

/* @before: (nullable): labels that keep their places
 * @style: its opacity does not count */
AlmLabelJob     *alm_label_job_new          (AlmPlacedLabels      *before,
                                             guint                 zoom,
                                             const AlmLabelBox    *area,
                                             const AlmLabelStyle  *style);
AlmLabelJob     *alm_label_job_ref          (AlmLabelJob          *self);
void             alm_label_job_unref        (AlmLabelJob          *self);
void             alm_label_job_set_day      (AlmLabelJob          *self,
                                             gint32                day);
/* Always labelled, and in full; 0 = none. */
void             alm_label_job_set_selected (AlmLabelJob          *self,
                                             gint64                rid);
/* Names that are on the map already. */
void             alm_label_job_set_names    (AlmLabelJob          *self,
                                             AlmLabels            *names);
/* Records have changed: what labels say is read anew. */
void             alm_label_job_forget_texts (AlmLabelJob          *self);
/* From the topmost layer down; @opacity 0: only what is selected. */
void             alm_label_job_add_layer    (AlmLabelJob          *self,
                                             AlmAssetColumns      *columns,
                                             AlmSymbol            *symbol,
                                             double                opacity);

/* First: finds what is there and reads what labels say.
 * @desk: (nullable): without one an asset is called by its number */
gboolean         alm_label_job_read         (AlmLabelJob          *self,
                                             AlmDesk              *desk,
                                             GError              **error);
/* Then: finds places and draws.  (transfer full) */
AlmPlacedLabels *alm_label_job_place        (AlmLabelJob          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmPlacedLabels, alm_placed_labels_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmLabelJob, alm_label_job_unref)

G_END_DECLS
