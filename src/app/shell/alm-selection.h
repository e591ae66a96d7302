/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What is selected, in one place for map, table and inspector: a set of rids
 * and one of them, the primary, that the inspector shows.  Main thread only.
 *
 * Signals:
 *   "changed" (): the set or its primary is another one.
 *   "show-on-map" (gint64 rid, double lon, double lat): somebody wants to see
 *   that record; rid 0 = the place alone.  lon and lat are NAN where only the
 *   map knows. */
#define ALM_TYPE_SELECTION (alm_selection_get_type ())
G_DECLARE_FINAL_TYPE (AlmSelection, alm_selection, ALM, SELECTION, GObject)

AlmSelection *alm_selection_new         (void);
void          alm_selection_clear       (AlmSelection *self);
void          alm_selection_select      (AlmSelection *self,
                                         gint64        rid);
void          alm_selection_toggle      (AlmSelection *self,
                                         gint64        rid);
/* @primary: one of @rids; 0 = the first */
void          alm_selection_set         (AlmSelection *self,
                                         const gint64 *rids,
                                         guint         n_rids,
                                         gint64        primary);
guint         alm_selection_get_size    (AlmSelection *self);
gboolean      alm_selection_contains    (AlmSelection *self,
                                         gint64        rid);
/* Ascending; (transfer none), until the next change; NULL if nothing is selected. */
const gint64 *alm_selection_get_rids    (AlmSelection *self,
                                         guint        *n_rids);
/* 0 if nothing is selected */
gint64        alm_selection_get_primary (AlmSelection *self);
void          alm_selection_show_on_map (AlmSelection *self,
                                         gint64        rid,
                                         double        lon,
                                         double        lat);

G_END_DECLS
