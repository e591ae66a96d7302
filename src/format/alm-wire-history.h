/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-history.h"

G_BEGIN_DECLS

/* The answer to `GET /v1/records/ID/history`, oldest first; (transfer full)
 * (element-type AlmHistoryEntry).  Entries of operations that are not known here,
 * of a newer server, are passed over. */
GPtrArray *alm_wire_history_parse (const AlmId    *id,
                                   const char     *text,
                                   gsize           length,
                                   GError        **error);

G_END_DECLS
