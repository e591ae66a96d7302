/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* How things stand with the server: icon and word, a popover with the rest. */
#define ALM_TYPE_SYNC_BUTTON (alm_sync_button_get_type ())
G_DECLARE_FINAL_TYPE (AlmSyncButton, alm_sync_button, ALM, SYNC_BUTTON, GtkWidget)

GtkWidget *alm_sync_button_new      (AlmWorkbench  *workbench);
void       alm_sync_button_sync_now (AlmSyncButton *self);

G_END_DECLS
