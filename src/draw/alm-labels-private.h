/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* The map's letters. */
#define ALM_LABELS_FAMILY "Cantarell, Noto Sans, DejaVu Sans, Sans"

/* The calling thread's own; (transfer none). */
PangoLayout *alm_labels_get_layout (void);
/* Writes @layout at the current point, 0xrrggbb with a @halo of @halo_px around it. */
void         alm_labels_write      (cairo_t      *cr,
                                    PangoLayout  *layout,
                                    guint32       ink,
                                    guint32       halo,
                                    double        halo_px);

G_END_DECLS
