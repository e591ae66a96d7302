/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-map-data.h"
#include "alm-map-view.h"
#include "alm-selection.h"

G_BEGIN_DECLS

/* The map: base, assets, what is selected, and the tools.  Main thread only.
 *
 * Actions: page.select page.select-box page.select-polygon page.add
 * page.add-shape (kind, AlmShapeType) page.edit-shape page.delete page.finish
 * page.cancel page.copy-coordinates page.next-feature page.previous-feature
 * page.open-feature page.fit */
#define ALM_TYPE_MAP_PAGE (alm_map_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmMapPage, alm_map_page, ALM, MAP_PAGE, AdwBin)

/* @records: (nullable): a test brings its own data with alm_map_page_get_data() */
GtkWidget  *alm_map_page_new      (AlmRecords   *records,
                                   AlmSelection *selection);
AlmMapData *alm_map_page_get_data (AlmMapPage   *self);
AlmMapView *alm_map_page_get_view (AlmMapPage   *self);
/* "layers" or "view" in the flap */
void        alm_map_page_show_pane (AlmMapPage   *self,
                                    const char   *name);
/* What the last session saw, before there is data; a missing key changes nothing. */
void        alm_map_page_recall   (AlmMapPage   *self,
                                   GKeyFile     *file);
void        alm_map_page_remember (AlmMapPage   *self,
                                   GKeyFile     *file);
/* What Enter does while something is added. */
void        alm_map_page_place_in_middle (AlmMapPage *self);
/* Nothing is being read or painted. */
gboolean    alm_map_page_is_settled (AlmMapPage *self);

G_END_DECLS
