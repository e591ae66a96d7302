/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What `allmendectl bench` compares with: the same database, plainly used. */
gboolean alm_bench_plain_import  (const char        *dir,
                                  const GPtrArray   *lines,
                                  GError           **error);
/* Seconds of each commit of one row; (transfer full) (element-type double) */
GArray  *alm_bench_bare_commits  (const char        *dir,
                                  guint              n,
                                  GError           **error);
/* How often a second this folder brings a page to the disk. */
double   alm_bench_sync_rate     (const char        *dir);

G_END_DECLS
