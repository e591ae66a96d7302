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
/* What waits to be sent; @failed: the server was reached and has not taken it. */
char       *alm_sync_text_waiting (guint         waiting,
                                   gboolean      failed);
/* Pictures that are being sent and fetched, "2 of 5"; NULL: none */
char       *alm_sync_text_blobs  (AlmSyncDriver *driver);
/* How far the first copies are: "120,000 of 1,000,000 objects, about 2 minutes left".
 * @left_s: -1 = cannot be told */
char       *alm_sync_text_copied (gint64         done,
                                  gint64         total,
                                  gint64         left_s);
/* "8:12" today, else with the day; "" for 0 */
char       *alm_sync_text_moment (gint64         t_us);

G_END_DECLS
