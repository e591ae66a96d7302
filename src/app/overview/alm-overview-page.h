/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What concerns me now, each a sentence with a button. */
#define ALM_TYPE_OVERVIEW_PAGE (alm_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmOverviewPage, alm_overview_page, ALM, OVERVIEW_PAGE, AdwBin)

GtkWidget *alm_overview_page_new (AlmWorkbench *workbench);

G_END_DECLS
