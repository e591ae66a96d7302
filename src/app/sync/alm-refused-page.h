/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What the server did not take, and why. */
#define ALM_TYPE_REFUSED_PAGE (alm_refused_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmRefusedPage, alm_refused_page, ALM, REFUSED_PAGE, AdwBin)

GtkWidget *alm_refused_page_new (AlmWorkbench *workbench);

G_END_DECLS
