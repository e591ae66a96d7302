/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-records.h"
#include "alm-sync-machine.h"

G_BEGIN_DECLS

/* Keeps a profile in step with its server: runs the sync machine over HTTP and
 * the store's worker.  Main thread only; nothing here ever blocks.
 *
 * Properties, all read-only and with notify:
 *   "state"         AlmSyncState, for the button's icon and word
 *   "waiting"       uint: edits that are not with the server yet
 *   "conflicts"     uint: open conflicts that this profile can see
 *   "refused"       uint: commands the server has refused and nobody has dismissed
 *   "strays"        uint: records that exist only here since the server was restored
 *   "last-contact"  int64: µs since 1970 of the last answer; 0 = never
 *   "server"        string: its address; NULL = works without one
 *   "user"          string: who is logged in; NULL
 *   "loading"       string: the scope whose first copy is being fetched; NULL
 *   "problem"       string: English, for the log; NULL
 * Signals:
 *   "changed" ()    after any of these has changed, once
 *   "progress" ()   a first copy has begun, got on or ended: several times a second
 *   "forked" ()    this profile was a copy and is a desk of its own now
 *   "done" (gboolean failed)   a single round is over (follow = FALSE) */
#define ALM_TYPE_SYNC_DRIVER (alm_sync_driver_get_type ())
G_DECLARE_FINAL_TYPE (AlmSyncDriver, alm_sync_driver, ALM, SYNC_DRIVER, GObject)

typedef enum {
  ALM_SYNC_STATE_NO_SERVER,      /* works without a server */
  ALM_SYNC_STATE_SIGNED_OUT,     /* never logged in, or the login has ended */
  ALM_SYNC_STATE_WORKING,        /* talking to the server just now */
  ALM_SYNC_STATE_IN_SYNC,
  ALM_SYNC_STATE_WAITING,        /* `waiting` edits or attached files are on their way or
                                    have to wait */
  ALM_SYNC_STATE_OFFLINE,        /* not reached since `last-contact`; tries again by itself */
  ALM_SYNC_STATE_CONFLICT,       /* in sync, but `conflicts` need a person */
  ALM_SYNC_STATE_REFUSED,        /* in sync, but `refused` need a person */
  ALM_SYNC_STATE_WRONG_SERVER,
  ALM_SYNC_STATE_LOST,           /* reported lost: what was here is wiped */
  ALM_SYNC_STATE_TOO_OLD
} AlmSyncState;

GType                alm_sync_state_get_type         (void);
#define ALM_TYPE_SYNC_STATE (alm_sync_state_get_type ())

/* @follow: FALSE = one round, then "done". */
AlmSyncDriver       *alm_sync_driver_new             (AlmRecords           *records,
                                                      gboolean              follow);
void                 alm_sync_driver_start           (AlmSyncDriver        *self);
/* Nothing is sent any more; what is being stored is stored. */
void                 alm_sync_driver_stop            (AlmSyncDriver        *self);
void                 alm_sync_driver_sync_now        (AlmSyncDriver        *self);

AlmSyncState         alm_sync_driver_get_state       (AlmSyncDriver        *self);
guint                alm_sync_driver_get_waiting     (AlmSyncDriver        *self);
guint                alm_sync_driver_get_conflicts   (AlmSyncDriver        *self);
guint                alm_sync_driver_get_refused     (AlmSyncDriver        *self);
guint                alm_sync_driver_get_strays      (AlmSyncDriver        *self);
/* Attached files of those that are being sent and fetched: so many are done, of so many.
 * 0 of 0: none is under way. */
void                 alm_sync_driver_get_blobs       (AlmSyncDriver        *self,
                                                      guint                *done,
                                                      guint                *total);
gint64               alm_sync_driver_get_last_contact (AlmSyncDriver       *self);
const char          *alm_sync_driver_get_server      (AlmSyncDriver        *self);
const char          *alm_sync_driver_get_user        (AlmSyncDriver        *self);
const char          *alm_sync_driver_get_loading     (AlmSyncDriver        *self);
const char          *alm_sync_driver_get_problem     (AlmSyncDriver        *self);
/* Counters since the start, and how far the first copies are on the whole. */
const AlmSyncStatus *alm_sync_driver_get_status      (AlmSyncDriver        *self);
/* … and each; (element-type AlmSyncCopy): see alm-sync-machine.h.  Borrowed until the
 * main loop goes on. */
const GPtrArray     *alm_sync_driver_get_copies      (AlmSyncDriver        *self);

/* What went over the wire since the start: requests, bytes out, bytes in. */
void                 alm_sync_driver_get_traffic     (AlmSyncDriver        *self,
                                                      guint64              *requests,
                                                      guint64              *sent,
                                                      guint64              *received);

/* Asks the server for a token and keeps it; then syncs by itself.  @server:
 * "https://…", or "http://" to this machine; NULL = the profile's.
 * Errors: ALM_NET_ERROR, G_IO_ERROR for the network; nothing has changed then. */
void                 alm_sync_driver_login_async     (AlmSyncDriver        *self,
                                                      const char           *server,
                                                      const char           *user,
                                                      const char           *password,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean             alm_sync_driver_login_finish    (AlmSyncDriver        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* Forgets the token, here and (if it can be reached) at the server. */
void                 alm_sync_driver_logout_async    (AlmSyncDriver        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean             alm_sync_driver_logout_finish   (AlmSyncDriver        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* The scopes as the server told, for the popover; (transfer full)
 * (element-type AlmDeskScope). */
void                 alm_sync_driver_scopes_async    (AlmSyncDriver        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GPtrArray           *alm_sync_driver_scopes_finish   (AlmSyncDriver        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

G_END_DECLS
