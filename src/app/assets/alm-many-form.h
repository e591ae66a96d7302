/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What is selected together: how many of which kinds, and one field that can be
 * changed in all of them at once. */
#define ALM_TYPE_MANY_FORM (alm_many_form_get_type ())
G_DECLARE_FINAL_TYPE (AlmManyForm, alm_many_form, ALM, MANY_FORM, GtkWidget)

GtkWidget *alm_many_form_new  (AlmWorkbench *workbench);
/* Reads the selection anew. */
void       alm_many_form_read (AlmManyForm  *self);

G_END_DECLS
