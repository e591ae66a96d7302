/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

#define ALM_TYPE_SYNC_POPOVER (alm_sync_popover_get_type ())
G_DECLARE_FINAL_TYPE (AlmSyncPopover, alm_sync_popover, ALM, SYNC_POPOVER, GtkPopover)

GtkWidget *alm_sync_popover_new (AlmWorkbench *workbench);

G_END_DECLS
