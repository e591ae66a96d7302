/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import-source.h"

G_BEGIN_DECLS

#define ALM_IMPORT_SPOOL_MEMORY (64 << 20)

/* Rows, written once and read as often as wanted. */
typedef struct _AlmImportSpool AlmImportSpool;

AlmImportSpool *alm_import_spool_new    (gsize                memory);
void            alm_import_spool_free   (AlmImportSpool      *self);
gboolean        alm_import_spool_add    (AlmImportSpool      *self,
                                         const AlmImportRow  *row,
                                         GError             **error);
gint64          alm_import_spool_get_n  (AlmImportSpool      *self);
gboolean        alm_import_spool_each   (AlmImportSpool      *self,
                                         AlmImportRowFunc     func,
                                         gpointer             user_data,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportSpool, alm_import_spool_free)

G_END_DECLS
