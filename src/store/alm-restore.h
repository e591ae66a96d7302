/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Called when the copy stands in @dir, whole and on the disk, but not yet in its
 * place: the last chance to change it.  FALSE gives the restore up. */
typedef gboolean (*AlmRestoreFunc) (const char *dir, gpointer user_data, GError **error);

/* Brings the server's backup @from into @to, which may be missing or empty.
 * FALSE: nothing in @to looks like a store. */
gboolean  alm_restore_server  (const char      *from,
                               const char      *to,
                               AlmRestoreFunc   func,
                               gpointer         user_data,
                               GError         **error);

G_END_DECLS
