/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* An open question, read from its record (sync.md, section 3.4).  Plain data,
 * counted atomically and constant. */
typedef struct
{
  AlmId     id;
  AlmId     record;
  gint64    rid;            /* of the record; 0 = it is not here */
  gboolean  has_place;
  char     *kind;
  char     *label;          /* of the record */
  char     *field;          /* field or group; "" for the whole record */
  gboolean  part;           /* about an element or member of the field alone */
  char     *why;            /* "value", "deleted", "edited", "invalid", "duplicate" */
  AlmValue *base;           /* nullable, as the next two */
  AlmValue *theirs;
  AlmValue *mine;
  char     *theirs_user;    /* "" where nobody says */
  char     *theirs_at;
  char     *mine_user;
  char     *mine_at;
  AlmStoredCommand *mine_command;   /* what this desk did, where it was here; nullable */
} AlmConflict;

AlmConflict *alm_conflict_ref   (AlmConflict   *self);
void         alm_conflict_unref (AlmConflict   *self);

/* All open ones, record by record, or those of one record; (transfer full)
 * (element-type AlmConflict).  On a connection's thread. */
GPtrArray   *alm_conflict_list  (AlmDesk       *desk,
                                 const AlmId   *record,
                                 GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmConflict, alm_conflict_unref)

G_END_DECLS
