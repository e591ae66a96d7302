/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-admin-form.h"
#include "alm-organisation.h"

G_BEGIN_DECLS

/* Gives a right: an AlmAdminForm whose answer is the account.  @account: as the server
 * told of it; @places: (element-type AlmOrganisationPlace).  (transfer floating) */
GtkWidget *alm_grant_dialog_new (AlmWorkbench   *workbench,
                                 GtkWindow      *parent,
                                 const AlmValue *account,
                                 GPtrArray      *places);

G_END_DECLS
