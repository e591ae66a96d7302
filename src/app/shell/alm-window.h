/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

#define ALM_TYPE_WINDOW (alm_window_get_type ())
G_DECLARE_FINAL_TYPE (AlmWindow, alm_window, ALM, WINDOW, AdwApplicationWindow)

/* @profile: the folder of the profile, which need not exist yet */
GtkWidget    *alm_window_new           (GtkApplication *app,
                                        const char     *profile);
/* Brings the window of that profile to the front, or makes it. */
void          alm_window_open          (GtkApplication *app,
                                        const char     *profile);
/* NULL until a profile is open */
AlmWorkbench *alm_window_get_workbench (AlmWindow      *self);
/* Shows @page ("map", "assets", …) */
void          alm_window_go            (AlmWindow      *self,
                                        const char     *page);

G_END_DECLS
