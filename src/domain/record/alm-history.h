/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-command.h"
#include "alm-model.h"

G_BEGIN_DECLS

typedef enum {
  ALM_HISTORY_TAKEN,       /* stands in the record */
  ALM_HISTORY_WAITING,     /* is not with the server yet; stands in the record as shown */
  ALM_HISTORY_REFUSED      /* never became part of the record */
} AlmHistoryState;

/* One entry of a record's history. */
typedef struct
{
  gint64           seq;       /* the version it made; 0: none is known */
  gint64           k;         /* this profile's own number of the command; 0: not done here */
  AlmId            desk;
  char            *user;      /* "" where nobody is named */
  AlmHistoryState  state;
  AlmCommand      *command;   /* n, id, op, at, set, old; the rest may be empty */
} AlmHistoryEntry;

void             alm_history_entry_free (AlmHistoryEntry       *self);
AlmHistoryEntry *alm_history_entry_copy (const AlmHistoryEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmHistoryEntry, alm_history_entry_free)

/* The fields of the record after the first @n of @entries (element-type
 * AlmHistoryEntry, oldest first), by the merge that made them.  @now: what it holds
 * after all of them: a field that no entry speaks of was always so, and where the
 * history begins late, a field was before as the first entry saw it.  @deleted: it
 * was not there then.  (transfer full) */
AlmValue   *alm_history_replay     (const AlmModel  *model,
                                    GPtrArray       *entries,
                                    guint            n,
                                    const AlmValue  *now,
                                    gboolean        *deleted);
/* What has to be set so that a record that holds @now holds @then; null takes a
 * field away.  Fields that nobody may write or that the model does not know any
 * more are left alone.  (transfer full), empty: nothing */
AlmValue   *alm_history_difference (const AlmModel  *model,
                                    const AlmValue  *now,
                                    const AlmValue  *then);
/* Who has changed @field, a field or a group, last since entry @index; NULL:
 * nobody. */
const char *alm_history_find_later (const AlmModel  *model,
                                    GPtrArray       *entries,
                                    guint            index,
                                    const char      *field);

G_END_DECLS
