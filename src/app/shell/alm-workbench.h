/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-records.h"
#include "alm-selection.h"
#include "alm-sync-driver.h"

G_BEGIN_DECLS

/* What every page is given: the records, what is selected, and the way to
 * change something so that it can be taken back.  Main thread only.
 *
 * Signals:
 *   "say" (const char *text, gboolean with_undo): a toast.
 *   "go" (const char *page): somebody wants to see another page. */
#define ALM_TYPE_WORKBENCH (alm_workbench_get_type ())
G_DECLARE_FINAL_TYPE (AlmWorkbench, alm_workbench, ALM, WORKBENCH, GObject)

/* @results: as alm_records_edit_finish() gives them, NULL with an error */
typedef void (*AlmEditedFunc) (GObject      *owner,
                               GArray       *results,
                               const GError *error,
                               gpointer      user_data);

AlmWorkbench  *alm_workbench_new           (AlmRecords     *records);
AlmRecords    *alm_workbench_get_records   (AlmWorkbench   *self);
AlmSelection  *alm_workbench_get_selection (AlmWorkbench   *self);
AlmSyncDriver *alm_workbench_get_sync      (AlmWorkbench   *self);
void           alm_workbench_say           (AlmWorkbench   *self,
                                           const char     *text,
                                           gboolean        with_undo);
void          alm_workbench_say_error     (AlmWorkbench   *self,
                                           const GError   *error);
void          alm_workbench_go            (AlmWorkbench   *self,
                                           const char     *page);
/* Selects the record and goes to where it can be seen: on the map, or without a
 * place in the table. */
void          alm_workbench_open_record   (AlmWorkbench   *self,
                                           gint64          rid,
                                           gboolean        has_place);
/* @what: what the user did, for "… taken back"; @func (nullable) is called with
 * @owner, which is held until then */
void          alm_workbench_edit          (AlmWorkbench   *self,
                                           const char     *what,
                                           const AlmEdit  *edits,
                                           guint           n_edits,
                                           GObject        *owner,
                                           AlmEditedFunc   func,
                                           gpointer        user_data);
/* What another part did under a batch of its own, an import for instance. */
void          alm_workbench_note_batch    (AlmWorkbench   *self,
                                           const char     *what,
                                           const char     *batch);
void          alm_workbench_undo          (AlmWorkbench   *self);
void          alm_workbench_redo          (AlmWorkbench   *self);

/* "de" or "en": the language of the window, for the titles of models. */
const char   *alm_workbench_language      (void);

G_END_DECLS
