/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* The assets of one kind as a table. */
#define ALM_TYPE_ASSETS_PAGE (alm_assets_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmAssetsPage, alm_assets_page, ALM, ASSETS_PAGE, AdwBin)

GtkWidget *alm_assets_page_new (AlmWorkbench *workbench);

G_END_DECLS
