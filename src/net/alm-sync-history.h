/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* Asks the server who has done what to a record; (transfer full) (element-type
 * AlmHistoryEntry), oldest first.  G_IO_ERROR_NOT_CONNECTED: there is no server or
 * nobody is signed in; G_IO_ERROR_NOT_FOUND: the server does not know the record.
 * Main thread; never blocks. */
void       alm_sync_driver_history_async  (AlmSyncDriver        *self,
                                           const AlmId          *id,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GPtrArray *alm_sync_driver_history_finish (AlmSyncDriver        *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
