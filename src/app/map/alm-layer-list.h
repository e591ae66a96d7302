/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-map-data.h"

G_BEGIN_DECLS

/* The layers of the map with eye, opacity, legend and order; topmost first.  The
 * order changes by the handle, by Alt+Up and Alt+Down, and by buttons.  Main thread
 * only. */
#define ALM_TYPE_LAYER_LIST (alm_layer_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmLayerList, alm_layer_list, ALM, LAYER_LIST, AdwBin)

GtkWidget *alm_layer_list_new         (AlmMapData        *data);
/* The kinds whose rows are open; (transfer full) */
char     **alm_layer_list_get_opened  (AlmLayerList      *self);
/* Also of kinds that are not there yet. */
void       alm_layer_list_set_opened  (AlmLayerList      *self,
                                       const char *const *kinds);

G_END_DECLS
