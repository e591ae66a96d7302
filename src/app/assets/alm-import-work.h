/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import.h"
#include "alm-records.h"

G_BEGIN_DECLS

/* One import as the assistant sees it: the jobs on the store's threads, and what
 * they report on the way.  Reference-counted, so that a window that is closed
 * in the middle leaves nothing behind.  Main thread, but for the jobs. */
typedef struct _AlmImportWork AlmImportWork;

/* Called on the main thread; @share from 0 to 1, rows so far. */
typedef void (*AlmImportWorkProgress) (double    share,
                                       gint64    rows,
                                       gpointer  user_data);

AlmImportWork *alm_import_work_new            (const char             *path,
                                               const char             *kind,
                                               const char             *scope,
                                               AlmImportWorkProgress   progress,
                                               gpointer                user_data);
/* The window is gone: no more calls. */
void           alm_import_work_abandon        (AlmImportWork          *self);
void           alm_import_work_unref          (AlmImportWork          *self);
/* Between jobs only. */
AlmImport     *alm_import_work_get_import     (AlmImportWork          *self);
/* Of the last analysis; (element-type AlmImportPoint) (transfer none) */
GArray        *alm_import_work_get_points     (AlmImportWork          *self);

/* Reads the file and guesses, under @mapping (copied; nullable). */
void           alm_import_work_analyse_async  (AlmImportWork          *self,
                                               AlmRecords             *records,
                                               const AlmImportMapping *mapping,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data);
/* Does it, or tries it with ALM_IMPORT_DRY_RUN. */
void           alm_import_work_run_async      (AlmImportWork          *self,
                                               AlmRecords             *records,
                                               AlmImportFlags          flags,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data);
/* After the import: what was said of the file is there for the next delivery. */
void           alm_import_work_keep_mapping   (AlmImportWork          *self,
                                               AlmRecords             *records);
gboolean       alm_import_work_finish         (AlmImportWork          *self,
                                               AlmRecords             *records,
                                               GAsyncResult           *result,
                                               GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportWork, alm_import_work_unref)

G_END_DECLS
