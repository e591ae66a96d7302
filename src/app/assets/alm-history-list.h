/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* Who changed what of one record, newest first. */
#define ALM_TYPE_HISTORY_LIST (alm_history_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmHistoryList, alm_history_list, ALM, HISTORY_LIST, GtkWidget)

GtkWidget *alm_history_list_new  (AlmWorkbench   *workbench);
void       alm_history_list_show (AlmHistoryList *self,
                                  const AlmId    *id,
                                  const char     *kind);

G_END_DECLS
