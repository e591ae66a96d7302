/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What exists only here since the server came back from a backup. */
#define ALM_TYPE_STRAYS_PAGE (alm_strays_page_get_type ())
G_DECLARE_FINAL_TYPE (AlmStraysPage, alm_strays_page, ALM, STRAYS_PAGE, AdwBin)

GtkWidget *alm_strays_page_new (AlmWorkbench *workbench);

G_END_DECLS
