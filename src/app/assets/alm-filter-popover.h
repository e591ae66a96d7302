/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-model.h"
#include "alm-rows-query.h"

G_BEGIN_DECLS

/* Makes a filter chip: field, comparison, value.
 * "added" (AlmChip *chip): (transfer none) */
#define ALM_TYPE_FILTER_POPOVER (alm_filter_popover_get_type ())
G_DECLARE_FINAL_TYPE (AlmFilterPopover, alm_filter_popover, ALM, FILTER_POPOVER, GtkPopover)

GtkWidget *alm_filter_popover_new       (void);
void       alm_filter_popover_set_model (AlmFilterPopover *self,
                                         AlmModel         *model);
/* "Tree species is Linden"; (transfer full) */
char      *alm_filter_popover_say_chip  (AlmModel         *model,
                                         const AlmChip    *chip);

G_END_DECLS
