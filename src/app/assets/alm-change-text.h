/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-command.h"
#include "alm-model.h"

G_BEGIN_DECLS

/* What a command did, a line for each field: "Height: 12 m → 14.5 m".
 * @model: nullable; (transfer full) */
char *alm_change_text_say    (const AlmModel   *model,
                              const AlmCommand *command,
                              const char       *language);
/* How two states of a record differ, in the same words; without @before (nullable) what
 * @after holds.  (transfer full) */
char *alm_change_text_compare (const AlmModel  *model,
                              const AlmValue   *before,
                              const AlmValue   *after,
                              const char       *language);
/* Why the server refused, as a sentence; @code: "forbidden", "bad-value", …; @limit: what
 * was met by what is forbidden, "field" or "area"; both nullable */
const char *alm_change_text_refusal (const char *code,
                                     const char *limit);

G_END_DECLS
