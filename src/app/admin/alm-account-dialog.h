/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-admin-form.h"

G_BEGIN_DECLS

/* Dialogs about accounts: AlmAdminForms whose answer is the account.  (transfer floating) */
GtkWidget *alm_account_dialog_new_person   (AlmWorkbench *workbench,
                                            GtkWindow    *parent);
GtkWidget *alm_account_dialog_new_password (AlmWorkbench *workbench,
                                            GtkWindow    *parent,
                                            const char   *name);
GtkWidget *alm_account_dialog_new_title    (AlmWorkbench *workbench,
                                            GtkWindow    *parent,
                                            const char   *name,
                                            const char   *title);

G_END_DECLS
