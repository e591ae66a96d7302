/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-map-data.h"

G_BEGIN_DECLS

/* The layers of the map: legend, eye, order.  Main thread only. */
#define ALM_TYPE_LAYER_LIST (alm_layer_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmLayerList, alm_layer_list, ALM, LAYER_LIST, AdwBin)

GtkWidget *alm_layer_list_new (AlmMapData *data);

G_END_DECLS
