/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Asks for server, user and password.  "signed-in" () when it has worked. */
#define ALM_TYPE_LOGIN_DIALOG (alm_login_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AlmLoginDialog, alm_login_dialog, ALM, LOGIN_DIALOG, AdwWindow)

GtkWidget *alm_login_dialog_new   (AlmWorkbench *workbench);
GtkWidget *alm_login_dialog_begin (AlmWorkbench *workbench,
                                   GtkWindow    *parent);

G_END_DECLS
