/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What the server has kept of signing in, accounts, rights and its own care, newest
 * first, day by day.  Main thread. */
#define ALM_TYPE_ADMIN_AUDIT (alm_admin_audit_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminAudit, alm_admin_audit, ALM, ADMIN_AUDIT, AdwBin)

GtkWidget *alm_admin_audit_new (AlmWorkbench  *workbench);
void       alm_admin_audit_ask (AlmAdminAudit *self);

G_END_DECLS
