/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* An open question, read from its record (sync.md, section 3.4).  Plain data. */
typedef struct
{
  AlmId     id;
  AlmId     record;
  gint64    rid;            /* of the record; 0 = it is not here */
  char     *kind;
  char     *label;          /* of the record */
  char     *field;          /* field or group; "" for the whole record */
  char     *why;            /* "value", "deleted", "edited", "invalid", "duplicate" */
  AlmValue *base;           /* nullable, as the next two */
  AlmValue *theirs;
  AlmValue *mine;
  char     *theirs_user;    /* "" where nobody says */
  char     *theirs_at;
  char     *mine_user;
  char     *mine_at;
} AlmConflict;

void       alm_conflict_free (AlmConflict   *self);

/* All open ones, or those of one record; (transfer full) (element-type AlmConflict).
 * On a connection's thread. */
GPtrArray *alm_conflict_list (AlmDesk       *desk,
                              const AlmId   *record,
                              GError       **error);
/* The edit that decides it; edit->set is to be freed. */
void       alm_conflict_make_edit (const AlmConflict *self,
                                   gboolean           take_mine,
                                   AlmEdit           *edit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmConflict, alm_conflict_free)

G_END_DECLS
