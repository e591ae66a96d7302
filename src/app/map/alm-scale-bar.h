/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A length on the map, with its metres.  Main thread only. */
#define ALM_TYPE_SCALE_BAR (alm_scale_bar_get_type ())
G_DECLARE_FINAL_TYPE (AlmScaleBar, alm_scale_bar, ALM, SCALE_BAR, GtkWidget)

GtkWidget *alm_scale_bar_new (void);
void       alm_scale_bar_set (AlmScaleBar *self,
                              double       metres_per_pixel);
/* The longest of 1, 2, 5, 10, … metres that is at most @max_px wide. */
double     alm_scale_bar_choose (double     metres_per_pixel,
                                 double     max_px);

G_END_DECLS
