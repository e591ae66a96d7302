/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* All that the inspector shows of one record, fetched in one job.  Plain data. */
typedef struct
{
  AlmRow     *row;
  GPtrArray  *conflicts;     /* (element-type AlmConflict) */
  char      **waiting;       /* fields with edits that the server does not have */
  guint       writes;        /* classes (AlmClass) of the fields that may be changed */
  gboolean    has_place;
  double      lon, lat;
} AlmInspected;

/* A job for alm_records_read_async(); @data: gint64*, the rid */
gpointer  alm_inspected_read_job (AlmDesk       *desk,
                                  gpointer       data,
                                  GError       **error);
void      alm_inspected_free     (AlmInspected  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmInspected, alm_inspected_free)

G_END_DECLS
