/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Who has an account, and what each may do: asked of the server while it is looked at.
 * Main thread. */
#define ALM_TYPE_ADMIN_PEOPLE (alm_admin_people_get_type ())
G_DECLARE_FINAL_TYPE (AlmAdminPeople, alm_admin_people, ALM, ADMIN_PEOPLE, AdwBin)

GtkWidget *alm_admin_people_new (AlmWorkbench   *workbench);
void       alm_admin_people_ask (AlmAdminPeople *self);

G_END_DECLS
