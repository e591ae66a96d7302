/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-map-data.h"
#include "alm-selection.h"

G_BEGIN_DECLS

/* The map's text twin: what is in view as rows, nearest to the middle first.
 * Main thread only.
 *
 * Signals:
 *   "opened" (gint64 rid): the user wants that one. */
#define ALM_TYPE_VIEW_LIST (alm_view_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmViewList, alm_view_list, ALM, VIEW_LIST, AdwBin)

GtkWidget  *alm_view_list_new      (AlmRecords   *records,
                                    AlmMapData   *data);
/* Shows what lies in @box. */
void        alm_view_list_update   (AlmViewList  *self,
                                    const AlmBox *box);
/* One sentence about what is in view; (transfer none) */
const char *alm_view_list_get_text (AlmViewList  *self);

/* A row of the same kind for other lists, its label read from the records;
 * (transfer floating).  @detail: (nullable) */
GtkWidget  *alm_view_list_make_row (const AlmMapHit *hit,
                                    const char      *label,
                                    const char      *detail);
gint64      alm_view_list_get_row_rid (GtkListBoxRow *row);
/* "120 m north-east"; (transfer full) */
char       *alm_view_list_describe_place (double from_x,
                                          double from_y,
                                          double x,
                                          double y);

G_END_DECLS
