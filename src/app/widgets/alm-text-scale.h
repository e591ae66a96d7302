/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How much larger than usual text is that somebody has set larger: 1 usual, 2 twice as
 * large.  For sizes in pixels that text has to fit into; CSS knows it by itself.
 * It changes with "gtk-xft-dpi".  Main thread. */
double alm_text_scale_get (GtkSettings *settings);

G_END_DECLS
