/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Takes over a foreign file in four steps: file, place, columns, check.
 * Nothing is changed before the last button.  Main thread only. */
#define ALM_TYPE_IMPORT_ASSISTANT (alm_import_assistant_get_type ())
G_DECLARE_FINAL_TYPE (AlmImportAssistant, alm_import_assistant, ALM, IMPORT_ASSISTANT, AdwWindow)

/* @file: (nullable): asks for one */
GtkWidget *alm_import_assistant_begin (AlmWorkbench *workbench,
                                       AlmModel     *model,
                                       GFile        *file,
                                       GtkWindow    *parent);

G_END_DECLS
