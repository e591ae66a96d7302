/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-symbol.h"

G_BEGIN_DECLS

/* A symbol as it is on the map, for legends and lists; (transfer full). */
GdkPaintable *alm_symbol_icon_new (const AlmSymbol *symbol,
                                   guint            class_,
                                   gboolean         dark,
                                   int              scale);

G_END_DECLS
