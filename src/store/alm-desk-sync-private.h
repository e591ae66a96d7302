/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-private.h"
#include "alm-desk-sync.h"

G_BEGIN_DECLS

/* What alm-desk-sync.c and alm-desk-feed.c share; inside a transaction. */
gboolean  alm_desk_end           (AlmDesk             *self,
                                  gboolean             done,
                                  GError             **error);
gboolean  alm_desk_count_waiting (AlmDesk             *self,
                                  guint               *waiting,
                                  GError             **error);
gboolean  alm_desk_note_contact  (AlmDesk             *self,
                                  GError             **error);
gboolean  alm_desk_note_rights   (AlmDesk             *self,
                                  const AlmWireHello  *hello,
                                  GError             **error);
gboolean  alm_desk_make_plan     (AlmDesk             *self,
                                  const AlmWireHello  *hello,
                                  AlmDeskSyncPlan     *plan,
                                  GError             **error);
/* Takes away the rows of lost and unwanted scopes in which nothing waits. */
gboolean  alm_desk_drop_lost     (AlmDesk             *self,
                                  GError             **error);

/* alm-desk-epoch.c: *is_new: the server came back from a backup since. */
gboolean  alm_desk_take_epoch    (AlmDesk             *self,
                                  const AlmWireHello  *hello,
                                  gboolean            *is_new,
                                  GError             **error);
/* The server knows nothing from @next on. */
gboolean  alm_desk_requeue       (AlmDesk             *self,
                                  gint64               next,
                                  GError             **error);
gboolean  alm_desk_refill_answered (AlmDesk              *self,
                                    gint64                k,
                                    const AlmWireOutcome *outcome,
                                    GError              **error);
/* What the server could not take, because another desk had not brought the record
 * back yet, waits once more where it is there now; *revived: so many. */
gboolean  alm_desk_refill_again  (AlmDesk             *self,
                                  guint               *revived,
                                  GError             **error);

G_END_DECLS
