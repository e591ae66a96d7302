/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-admin-client.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* A dialog that sends one request to the server and stays until it was taken: what is
 * wrong is said in it, and nothing typed is lost.  Main thread.
 *
 * Signals:
 *   "send" ()                    the user wants it: answer with alm_admin_form_send()
 *   "taken" (GPtrArray *lines)   the server's answer; the dialog goes after */
#define ALM_TYPE_ADMIN_FORM (alm_admin_form_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminForm, alm_admin_form, ALM, ADMIN_FORM, AdwWindow)

/* @verb: what the button says, with its mnemonic: "_Add"; @height: as much as the form
 * needs, as long as the screen has it */
GtkWidget *alm_admin_form_new       (AlmWorkbench    *workbench,
                                     GtkWindow       *parent,
                                     const char      *title,
                                     const char      *verb,
                                     int              height);
void       alm_admin_form_append    (AlmAdminForm    *self,
                                     GtkWidget       *child);
/* A labelled line for text, (transfer none); @hint: nullable, below it */
GtkWidget *alm_admin_form_add_entry (AlmAdminForm    *self,
                                     const char      *title,
                                     const char      *hint,
                                     gboolean         secret);
/* @request: (transfer full) */
void       alm_admin_form_send      (AlmAdminForm    *self,
                                     AlmAdminRequest *request);
void       alm_admin_form_say       (AlmAdminForm    *self,
                                     const char      *text);

G_END_DECLS
