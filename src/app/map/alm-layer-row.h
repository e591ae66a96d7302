/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-map-data.h"

G_BEGIN_DECLS

/* One layer of the map: handle, symbol, name, count and eye; opened also opacity,
 * legend and buttons for its place.  Main thread only.
 *
 * Actions: layer.up layer.down (Alt+Up, Alt+Down) */
#define ALM_TYPE_LAYER_ROW (alm_layer_row_get_type ())
G_DECLARE_FINAL_TYPE (AlmLayerRow, alm_layer_row, ALM, LAYER_ROW, AdwExpanderRow)

/* @number: its place, counted from the bottom */
GtkWidget *alm_layer_row_new        (AlmMapData        *data,
                                     const AlmMapLayer *layer,
                                     guint              number);
void       alm_layer_row_update     (AlmLayerRow       *self,
                                     const AlmMapLayer *layer,
                                     guint              number);
guint      alm_layer_row_get_number (AlmLayerRow       *self);
/* @other, let fall on the upper or lower half of @self, gets its new place. */
void       alm_layer_row_drop       (AlmLayerRow       *self,
                                     AlmLayerRow       *other,
                                     gboolean           above);

G_END_DECLS
