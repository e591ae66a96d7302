/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The list of what was erased, beside the database (sync.md, section 4.10): a backup that is
 * restored is older than it.  Any thread; one writes at a time. */
#define ALM_ERASED_FILE "erased.ndjson"

/* @lines: (element-type utf8), without their ends.  TRUE: they are on the disk; FALSE: the
 * file is as it was, or may not be trusted any more (ALM_STORE_ERROR). */
gboolean  alm_erased_file_append  (const char       *path,
                                   const GPtrArray  *lines,
                                   GError          **error);

G_END_DECLS
