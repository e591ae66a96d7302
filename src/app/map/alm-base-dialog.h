/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-base-maps.h"

G_BEGIN_DECLS

/* Asks for an address of tiles and whom they are from; what does not fit is told at
 * its field.  Main thread only.
 *
 * Action: base.add
 * Signal "added" (const char *id) */
#define ALM_TYPE_BASE_DIALOG (alm_base_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AlmBaseDialog, alm_base_dialog, ALM, BASE_DIALOG, AdwWindow)

GtkWidget *alm_base_dialog_new (AlmBaseMaps *maps);

G_END_DECLS
