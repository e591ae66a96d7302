/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Shows what is selected: one record as a form, several as a summary with one
 * field to change. */
#define ALM_TYPE_INSPECTOR (alm_inspector_get_type ())
G_DECLARE_FINAL_TYPE (AlmInspector, alm_inspector, ALM, INSPECTOR, AdwBin)

GtkWidget *alm_inspector_new       (AlmWorkbench *workbench);
/* Whether a field holds text that is not saved yet. */
gboolean   alm_inspector_is_typing (AlmInspector *self);

G_END_DECLS
