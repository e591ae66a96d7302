/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-command.h"

G_BEGIN_DECLS

/* One entry of a record's history, as the server tells it. */
typedef struct
{
  gint64      seq;
  AlmId       desk;
  char       *user;      /* "" where nobody is named */
  AlmCommand *command;   /* n, id, op, at, set, old; the rest is empty */
} AlmWireChange;

void       alm_wire_change_free   (AlmWireChange  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmWireChange, alm_wire_change_free)

/* The answer to `GET /v1/records/ID/history`, oldest first; (transfer full)
 * (element-type AlmWireChange).  Entries of operations that are not known here,
 * of a newer server, are passed over. */
GPtrArray *alm_wire_history_parse (const AlmId    *id,
                                   const char     *text,
                                   gsize           length,
                                   GError        **error);

G_END_DECLS
