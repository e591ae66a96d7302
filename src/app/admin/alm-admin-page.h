/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Managing: people and their rights, workplaces, the audit trail; each for those who
 * may.  It asks the server while it is looked at.  Main thread. */
#define ALM_TYPE_ADMIN_PAGE (alm_admin_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminPage, alm_admin_page, ALM, ADMIN_PAGE, AdwBin)

GtkWidget *alm_admin_page_new (AlmWorkbench *workbench);

G_END_DECLS
