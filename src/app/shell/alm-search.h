/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* "Search everything": an entry with what it finds below it, in groups. */
#define ALM_TYPE_SEARCH (alm_search_get_type ())
G_DECLARE_FINAL_TYPE (AlmSearch, alm_search, ALM, SEARCH, GtkWidget)

GtkWidget *alm_search_new   (AlmWorkbench *workbench);
/* Puts the focus into the entry, its text selected. */
void       alm_search_begin (AlmSearch    *self);

G_END_DECLS
