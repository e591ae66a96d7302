/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* One picture as large as the window; Escape closes it. */
#define ALM_TYPE_PICTURE_WINDOW (alm_picture_window_get_type ())
G_DECLARE_FINAL_TYPE (AlmPictureWindow, alm_picture_window, ALM, PICTURE_WINDOW, AdwWindow)

GtkWidget *alm_picture_window_new (GtkWindow  *parent,
                                   const char *title,
                                   const char *path);

G_END_DECLS
