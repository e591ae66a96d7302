/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-value.h"

G_BEGIN_DECLS

AlmValue *alm_backup_make   (const char   *from,
                             const char   *to,
                             GError      **error);
gboolean  alm_backup_check  (const char   *dir,
                             GPtrArray    *findings,
                             GError      **error);
gboolean  alm_backup_check_databases (const char   *dir,
                                      gboolean      frozen,
                                      GPtrArray    *findings,
                                      gint64       *records,
                                      gint64       *commands,
                                      GError      **error);

G_END_DECLS
