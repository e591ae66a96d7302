/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a profile's token is kept: the desktop's key ring, or, where there is
 * none, the file `token` (0600) in the profile.  Main thread. */
void      alm_token_store_load_async   (const char           *dir,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* (transfer full): NULL without an error: there is none */
char     *alm_token_store_load_finish  (GAsyncResult         *result,
                                        GError              **error);
/* @token: (nullable): NULL forgets it in both places */
void      alm_token_store_save_async   (const char           *dir,
                                        const char           *token,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* As save, where the last one lies and nowhere else: one that could not be kept is an
 * error, and the last one stays. */
void      alm_token_store_replace_async (const char          *dir,
                                        const char           *token,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* Of both.  *in_file: whether it is in the file and not in a key ring */
gboolean  alm_token_store_save_finish  (GAsyncResult         *result,
                                        gboolean             *in_file,
                                        GError              **error);

G_END_DECLS
