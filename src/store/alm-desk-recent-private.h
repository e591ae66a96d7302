/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-private.h"

G_BEGIN_DECLS

/* Notes, once a day and scope, where the server stands; in a transaction. */
gboolean alm_desk_note_day (AlmDesk  *self,
                            GError  **error);

G_END_DECLS
