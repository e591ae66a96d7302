/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-http-client.h"
#include "alm-sync-driver.h"

G_BEGIN_DECLS

struct _AlmSyncDriver
{
  GObject          parent_instance;

  /* owned */
  AlmRecords      *records;
  AlmSyncMachine  *machine;
  AlmHttpClient   *client;        /* NULL: no server, or none that may be asked */
  GHashTable      *requests;      /* number → GCancellable */
  GCancellable    *cancellable;   /* of reads and of loading the token */
  char            *server;
  char            *user;
  char            *loading;
  char            *problem;
  char            *pack_etag;     /* of the part of a pack that is there */

  gboolean         follow;
  gboolean         started;
  gboolean         told_done;
  guint            forks_told;
  gboolean         has_token;
  guint            logins;        /* and logouts, counted */
  AlmSyncState     state;
  AlmDeskCounts    counts;
  gint64           copy_shown[3]; /* done, total, seconds left */
  guint            blobs_before;  /* done before the last time that none was under way */
  guint            wake;          /* source ids */
  gboolean         counting;
  gboolean         count_again;
  gulong           records_changed;
  gulong           network_changed;
};

void     alm_sync_driver_step        (AlmSyncDriver        *self,
                                      AlmSyncEvent          event);
/* The token is this profile's from now on, NULL: there is none; then steps. */
void     alm_sync_driver_keep        (AlmSyncDriver        *self,
                                      guint                 number,
                                      const char           *token);
/* Reads from the profile whose it is, and the token. */
void     alm_sync_driver_load_async  (AlmSyncDriver        *self,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean alm_sync_driver_load_finish (AlmSyncDriver        *self,
                                      GAsyncResult         *result,
                                      GError              **error);
/* @client: (nullable): the one to use from now on; @token: (nullable) */
void     alm_sync_driver_set_token   (AlmSyncDriver        *self,
                                      AlmHttpClient        *client,
                                      const char           *token,
                                      const char           *user);
/* @token: (transfer full) (nullable): what the server told; used when it is stored */
void     alm_sync_driver_change_token (AlmSyncDriver       *self,
                                      char                 *token);
void     alm_sync_driver_set_profile (AlmSyncDriver        *self,
                                      const char           *server,
                                      const char           *user);

G_END_DECLS
