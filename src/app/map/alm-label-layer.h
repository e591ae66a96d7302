/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <shumate/shumate.h>

#include "alm-map-data.h"

G_BEGIN_DECLS

/* The labels of assets, from zoom 18 on: one texture each, found elsewhere than in
 * the main thread and shown when they are there.  Main thread only. */
#define ALM_TYPE_LABEL_LAYER (alm_label_layer_get_type ())
G_DECLARE_FINAL_TYPE (AlmLabelLayer, alm_label_layer, ALM, LABEL_LAYER, ShumateLayer)

/* @records: (nullable): without them an asset is called by its number */
AlmLabelLayer *alm_label_layer_new          (ShumateViewport *viewport,
                                             AlmRecords      *records,
                                             AlmMapData      *data);
/* The one that has a label whatever is in its way; 0 = none. */
void           alm_label_layer_set_selected (AlmLabelLayer   *self,
                                             gint64           rid);
/* The map's own names are to be seen: labels keep off them. */
void           alm_label_layer_set_has_names (AlmLabelLayer  *self,
                                             gboolean         has_names);
/* All that is in view is what it should be. */
gboolean       alm_label_layer_is_settled   (AlmLabelLayer   *self);

G_END_DECLS
