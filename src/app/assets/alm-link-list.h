/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-workbench.h"

G_BEGIN_DECLS

/* What one record is linked with, both ways; each line opens it.  Not to be seen
 * where there is nothing. */
#define ALM_TYPE_LINK_LIST (alm_link_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmLinkList, alm_link_list, ALM, LINK_LIST, GtkWidget)

GtkWidget *alm_link_list_new  (AlmWorkbench *workbench);
void       alm_link_list_show (AlmLinkList  *self,
                               gint64        rid);

G_END_DECLS
