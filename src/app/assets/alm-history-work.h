/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-history.h"

G_BEGIN_DECLS

/* One place in a history; what the jobs below are given. */
typedef struct
{
  AlmId          id;         /* of the record */
  GPtrArray     *entries;    /* what was told, or the whole history; nullable */
  guint          index;
  AlmDeskReturn *plan;       /* what the user has been shown; nullable */
  char          *batch;      /* nullable */
} AlmHistoryPlace;

AlmHistoryPlace *alm_history_place_new  (const AlmId     *id,
                                         GPtrArray       *entries,
                                         guint            index);
void             alm_history_place_free (AlmHistoryPlace *place);

/* What became of an undo. */
typedef struct
{
  gboolean   undone;
  GPtrArray *left;       /* (element-type utf8): "ID field who"; empty: nothing was in the way */
} AlmHistoryUndone;

void             alm_history_undone_free (AlmHistoryUndone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHistoryUndone, alm_history_undone_free)

/* For alm_records_read_async() and alm_records_write_async(), with an AlmHistoryPlace.
 * load → AlmDeskHistory, undo → AlmHistoryUndone, plan → AlmDeskReturn, return → anything. */
gpointer         alm_history_load_job   (AlmDesk         *desk,
                                         gpointer         data,
                                         GError         **error);
gpointer         alm_history_undo_job   (AlmDesk         *desk,
                                         gpointer         data,
                                         GError         **error);
gpointer         alm_history_plan_job   (AlmDesk         *desk,
                                         gpointer         data,
                                         GError         **error);
gpointer         alm_history_return_job (AlmDesk         *desk,
                                         gpointer         data,
                                         GError         **error);

G_END_DECLS
