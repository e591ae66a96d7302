/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <libsoup/soup.h>

#include "alm-hub-core.h"

G_BEGIN_DECLS

/* What the front reads out of a request's line and headers. */

/* The answer to headers that no body needs to follow; NULL: it may come.
 * (transfer full) (nullable) */
AlmHubReply   *alm_front_judge_headers (SoupMessageHeaders *headers);

/* Whose address the client says it is asking for, in X-Real-IP; (transfer none)
 * (nullable). */
const char    *alm_front_find_told     (SoupMessageHeaders *headers);

/* Without its body and the client's address.  *packed: the body is Zstandard.
 * NULL: the path is no text.  (transfer full) (nullable) */
AlmHubRequest *alm_front_make_request  (const char         *method,
                                        GUri               *uri,
                                        SoupMessageHeaders *headers,
                                        gboolean           *packed);

gboolean       alm_front_takes_zstd    (SoupMessageHeaders *headers);

G_END_DECLS
