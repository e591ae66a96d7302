/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <adwaita.h>

#include "alm-desk-recent.h"
#include "alm-workbench.h"

G_BEGIN_DECLS

/* What has changed of late, a line each, which opens the record.  Who of the others
 * did what is asked of the server, where it can be reached. */
#define ALM_TYPE_RECENT_LIST (alm_recent_list_get_type ())
G_DECLARE_FINAL_TYPE (AlmRecentList, alm_recent_list, ALM, RECENT_LIST, AdwBin)

GtkWidget *alm_recent_list_new  (AlmWorkbench     *workbench);
/* @recents: read, not kept */
void       alm_recent_list_show (AlmRecentList    *self,
                                 const AlmRecents *recents);

G_END_DECLS
