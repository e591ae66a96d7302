/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* The dialog that makes a new record of one kind and selects it. */
#define ALM_TYPE_NEW_ASSET (alm_new_asset_get_type ())
G_DECLARE_FINAL_TYPE (AlmNewAsset, alm_new_asset, ALM, NEW_ASSET, AdwWindow)

GtkWidget *alm_new_asset_new   (AlmWorkbench *workbench,
                                AlmModel     *model);
/* Shows the dialog over @parent. */
void       alm_new_asset_begin (AlmWorkbench *workbench,
                                AlmModel     *model,
                                GtkWindow    *parent);

G_END_DECLS
