/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* How things stand with the server, in words; texts are (transfer full). */
const char *alm_sync_text_icon   (AlmSyncState   state);
/* For the button: "3 changes waiting" */
char       *alm_sync_text_short  (AlmSyncDriver *driver);
/* For the popover: a sentence */
char       *alm_sync_text_long   (AlmSyncDriver *driver);
/* "8:12" today, else with the day; "" for 0 */
char       *alm_sync_text_moment (gint64         t_us);

G_END_DECLS
