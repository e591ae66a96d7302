/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *alm_cli_read_password (const char  *file,
                             GError     **error);

G_END_DECLS
