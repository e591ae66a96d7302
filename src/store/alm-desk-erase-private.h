/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-erase.h"
#include "alm-desk-private.h"
#include "alm-wire-feed.h"

G_BEGIN_DECLS

/* Inside a transaction. */

/* Before the record's row stands as the server told it. */
gboolean  alm_desk_erase_note_blobs  (AlmDesk         *self,
                                      const AlmId     *id,
                                      GError         **error);
/* After the record's row stands as the server told it: takes the fields that @names lists
 * (an empty list: everything) out of what else is kept of @id. */
gboolean  alm_desk_erase_record      (AlmDesk         *self,
                                      const AlmId     *id,
                                      const AlmValue  *names,
                                      GError         **error);
/* The same of what hello lists; the rows of scopes that the feed still brings are its. */
gboolean  alm_desk_erase_owed        (AlmDesk               *self,
                                      const AlmWireErasure  *owed,
                                      GError               **error);
/* What the row of a deleted record keeps, when @names were erased; (transfer full). */
AlmValue *alm_desk_erase_kept        (const AlmValue  *names,
                                      AlmValue        *fields);

/* The files are to be wiped.  @words: the search's words, too; @scope: (nullable): and then
 * the server told that everything is done there up to @seq. */
gboolean  alm_desk_wipe_note         (AlmDesk         *self,
                                      gboolean         words,
                                      const char      *scope,
                                      gint64           seq,
                                      GError         **error);
/* These attached files go, too, where nothing names them any more.
 *
 * @names: (element-type utf8) */
gboolean  alm_desk_wipe_note_files   (AlmDesk         *self,
                                      GHashTable      *names,
                                      GError         **error);
gboolean  alm_desk_wipe_is_due       (AlmDesk         *self,
                                      gboolean        *due,
                                      GError         **error);

/* The index and the words hold nothing that stands in no text. */
gboolean  alm_desk_sweep_words       (AlmDesk         *self,
                                      GError         **error);

G_END_DECLS
