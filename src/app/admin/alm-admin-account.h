/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* One account: name, password, whether it may sign in, and its rights.  Main thread.
 *
 * Signals:
 *   "account-changed" (AlmValue *account)   the server has taken a change
 *   "back" ()                               to the list */
#define ALM_TYPE_ADMIN_ACCOUNT (alm_admin_account_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminAccount, alm_admin_account, ALM, ADMIN_ACCOUNT, AdwBin)

GtkWidget *alm_admin_account_new  (AlmWorkbench    *workbench);
/* @places: (element-type AlmOrganisationPlace) */
void       alm_admin_account_show (AlmAdminAccount *self,
                                   AlmValue        *account,
                                   GPtrArray       *places);

G_END_DECLS
