/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* All open questions, one card each. */
#define ALM_TYPE_CONFLICTS_PAGE (alm_conflicts_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmConflictsPage, alm_conflicts_page, ALM, CONFLICTS_PAGE, AdwBin)

GtkWidget *alm_conflicts_page_new (AlmWorkbench *workbench);

G_END_DECLS
