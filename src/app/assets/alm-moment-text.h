/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Moments as people write them, in the time of this place: "23.11.2026 8:12". */

/* From RFC 3339; other text comes back as it is, NULL as ""; (transfer full). */
char *alm_moment_text_show (const char  *moment);
/* → RFC 3339 in UTC; a day alone begins at midnight.  On NULL *reason is a
 * sentence for the user (transfer full). */
char *alm_moment_text_read (const char  *text,
                            char       **reason);

G_END_DECLS
