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
gboolean  alm_desk_make_plan     (AlmDesk             *self,
                                  const AlmWireHello  *hello,
                                  AlmDeskSyncPlan     *plan,
                                  GError             **error);
/* Takes away the rows of lost and unwanted scopes in which nothing waits. */
gboolean  alm_desk_drop_lost     (AlmDesk             *self,
                                  GError             **error);

G_END_DECLS
