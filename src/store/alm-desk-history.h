/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"
#include "alm-history.h"

G_BEGIN_DECLS

/* What is known here of who did what to a record. */
typedef struct
{
  GPtrArray *entries;     /* (element-type AlmHistoryEntry), oldest first */
  gboolean   whole;       /* nothing is missing: how the record was can be told */
} AlmDeskHistory;

void            alm_desk_history_free (AlmDeskHistory   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskHistory, alm_desk_history_free)

/* @told: (element-type AlmHistoryEntry) what the server has told of the record;
 * NULL: it was not asked or did not answer.  What this desk did beside it is
 * added, refused commands too.  Only reads; (transfer full). */
AlmDeskHistory *alm_desk_load_history (AlmDesk          *self,
                                       const AlmId      *id,
                                       GPtrArray        *told,
                                       GError          **error);

/* Takes back what entry @index of @entries did, by whomever (of others: @entries
 * is a whole history), as alm_desk_undo() does it for this desk's own.
 * *undone: FALSE: it had no effect any more.  G_IO_ERROR_WRONG_ETAG: "field 'year'
 * has been changed since by NAME"; *left (nullable) then has each such field as
 * alm_desk_undo() tells it. */
gboolean        alm_desk_undo_entry   (AlmDesk          *self,
                                       GPtrArray        *entries,
                                       guint             index,
                                       gboolean         *undone,
                                       GPtrArray        *left,
                                       GError          **error);

/* What would bring a record back to how it was. */
typedef struct
{
  AlmRow   *row;        /* as it is now */
  AlmValue *set;        /* the fields that change; null takes one away */
  gboolean  deleted;    /* it was not there then */
} AlmDeskReturn;

void            alm_desk_return_free  (AlmDeskReturn    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmDeskReturn, alm_desk_return_free)
/* Is nothing to be done? */
gboolean        alm_desk_return_is_idle (const AlmDeskReturn *self);

/* How the record stood after the first @n of @entries, which must be a whole
 * history, against how it stands.  Only reads. */
AlmDeskReturn  *alm_desk_plan_return  (AlmDesk          *self,
                                       GPtrArray        *entries,
                                       guint             n,
                                       GError          **error);
/* Does it, in one transaction and one batch.  @expected: what the user was shown;
 * NULL: whatever it is.  G_IO_ERROR_WRONG_ETAG: the record has changed since then,
 * and so has what would be done. */
gboolean        alm_desk_return       (AlmDesk             *self,
                                       GPtrArray           *entries,
                                       guint                n,
                                       const AlmDeskReturn *expected,
                                       const char          *batch,
                                       gboolean            *same,
                                       GError             **error);

G_END_DECLS
