/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

/* The map's letters. */
#define ALM_LABELS_FAMILY "Cantarell, Noto Sans, DejaVu Sans, Sans"

/* The calling thread's own; (transfer none). */
PangoLayout *alm_labels_get_layout (void);

G_END_DECLS
