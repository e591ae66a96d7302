/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* The workplaces that have met the server, and signing one out.  Main thread. */
#define ALM_TYPE_ADMIN_DESKS (alm_admin_desks_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminDesks, alm_admin_desks, ALM, ADMIN_DESKS, AdwBin)

GtkWidget *alm_admin_desks_new (AlmWorkbench  *workbench);
void       alm_admin_desks_ask (AlmAdminDesks *self);

G_END_DECLS
