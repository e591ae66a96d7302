/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* The profile as the window sees it: one writer and a small pool of readers on
 * their own threads.  Main thread only.
 *
 * Signals:
 *   "changed" (AlmChange *change): emitted on the main thread after each
 *   transaction, whoever made it (a page, an import, the sync machine).
 *   "models-changed" (): a model record came or changed. */
#define ALM_TYPE_RECORDS (alm_records_get_type ())
G_DECLARE_FINAL_TYPE (AlmRecords, alm_records, ALM, RECORDS, GObject)

/* A job on a connection: returns its result or NULL with an error.  Runs on a
 * worker; plain data only. */
typedef gpointer (*AlmDeskFunc) (AlmDesk *desk, gpointer data, GError **error);

AlmRecords *alm_records_open         (const char           *dir,
                                      GError              **error);
const char *alm_records_get_dir      (AlmRecords           *self);
/* Why nothing can be written here (a damaged file); NULL: all is well. */
const char *alm_records_get_fault    (AlmRecords           *self);

/* Reads run in parallel and may be cancelled; writes run one after the other
 * and are never reported as cancelled.  @free_result frees what @func returned
 * where nobody fetches it. */
void        alm_records_read_async   (AlmRecords           *self,
                                      AlmDeskFunc           func,
                                      gpointer              data,
                                      GDestroyNotify        free_data,
                                      GDestroyNotify        free_result,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gpointer    alm_records_read_finish  (AlmRecords           *self,
                                      GAsyncResult         *result,
                                      GError              **error);
void        alm_records_write_async  (AlmRecords           *self,
                                      AlmDeskFunc           func,
                                      gpointer              data,
                                      GDestroyNotify        free_data,
                                      GDestroyNotify        free_result,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gpointer    alm_records_write_finish (AlmRecords           *self,
                                      GAsyncResult         *result,
                                      GError              **error);

/* The usual jobs, ready made. */
void        alm_records_get_async    (AlmRecords           *self,
                                      const AlmId          *id,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
AlmRow     *alm_records_get_finish   (AlmRecords           *self,
                                      GAsyncResult         *result,
                                      GError              **error);
/* @edits: (element-type AlmEdit), copied */
void        alm_records_edit_async   (AlmRecords           *self,
                                      const AlmEdit        *edits,
                                      guint                 n_edits,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
/* (transfer full) (element-type AlmEditResult) */
GArray     *alm_records_edit_finish  (AlmRecords           *self,
                                      GAsyncResult         *result,
                                      GError              **error);
void        alm_records_search_async  (AlmRecords          *self,
                                       const char          *text,
                                       guint                limit,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
/* (transfer full) (element-type AlmHit) */
GPtrArray  *alm_records_search_finish (AlmRecords          *self,
                                       GAsyncResult        *result,
                                       GError             **error);
/* The models as of the last write; (transfer full) (nullable). */
AlmModel   *alm_records_get_model     (AlmRecords          *self,
                                       const char          *kind);
GPtrArray  *alm_records_list_models   (AlmRecords          *self);

G_END_DECLS
