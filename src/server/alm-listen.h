/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the server may be asked: this machine alone.  Anything public comes
 * through nginx. */
gboolean  alm_listen_is_allowed (const char  *text,
                                 GError     **error);
/* A listening socket, and how it is called ("http://127.0.0.1:43127"). */
GSocket  *alm_listen_open       (const char  *text,
                                 char       **url,
                                 GError     **error);

G_END_DECLS
