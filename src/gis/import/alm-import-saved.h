/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-import-mapping.h"

G_BEGIN_DECLS

/* What an earlier import has left for the next delivery of its list: a record
 * `import-mapping`.  A plain struct. */
typedef struct
{
  AlmImportMapping *mapping;    /* place, columns, constants, key, near; no bytes */
  char             *title;      /* name of that file */
  char             *at;         /* ISO 8601, UTC; nullable */
  char            **missing;    /* columns that it had and the file has not */
  char            **added;      /* columns that are new */
} AlmImportSaved;

void            alm_import_saved_free  (AlmImportSaved         *self);

/* The one that fits best to a file with these columns: of the kind @model, with
 * its place and key still there and half of its columns at least.  NULL without
 * an error: there is none.  @columns: (element-type utf8) */
AlmImportSaved *alm_import_saved_find  (AlmDesk                *desk,
                                        const AlmModel         *model,
                                        const char             *scope,
                                        GPtrArray              *columns,
                                        GError                **error);
/* Leaves @mapping for the next time, instead of an earlier one with the same
 * columns.  @batch: nullable; is undone with that. */
gboolean        alm_import_saved_keep  (AlmDesk                *desk,
                                        const char             *kind,
                                        const char             *scope,
                                        const char             *title,
                                        GPtrArray              *columns,
                                        const AlmImportMapping *mapping,
                                        const char             *batch,
                                        GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportSaved, alm_import_saved_free)

G_END_DECLS
