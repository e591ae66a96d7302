/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gtk/gtk.h>

#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* Shows in @bar how far the first copies are, also to who does not see it; hides it where
 * none is under way.  The words for it, NULL: it is hidden; (transfer full) */
char *alm_sync_progress_show (GtkProgressBar      *bar,
                              const AlmSyncStatus *status);

G_END_DECLS
