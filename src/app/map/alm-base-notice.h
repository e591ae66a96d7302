/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-tile-layer.h"

G_BEGIN_DECLS

/* In the map's corner: why a part of the base map is missing, or that it is on its
 * way; hidden while all is well.  Main thread only. */
#define ALM_TYPE_BASE_NOTICE (alm_base_notice_get_type ())
G_DECLARE_FINAL_TYPE (AlmBaseNotice, alm_base_notice, ALM, BASE_NOTICE, AdwBin)

GtkWidget *alm_base_notice_new    (AlmTileLayer  *layer);
/* The view has changed. */
void       alm_base_notice_update (AlmBaseNotice *self);

G_END_DECLS
