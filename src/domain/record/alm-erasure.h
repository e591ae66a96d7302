/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* What an erasure takes away (sync.md, section 4.10).  @names: a list of fields'
 * names, NULL = everything that the record holds.  Pure; any thread. */
gboolean  alm_erasure_takes          (const AlmValue  *names,
                                      const char      *field);
/* @fields without them; (transfer full). */
AlmValue *alm_erasure_strip          (const AlmValue  *names,
                                      const AlmValue  *fields);
/* @fields with null in their place: a command still says which fields it was about;
 * (transfer full). */
AlmValue *alm_erasure_blank          (const AlmValue  *names,
                                      const AlmValue  *fields);
/* Is the conflict with these fields about one of them?  @model: (nullable): of the
 * record's kind, for what is a group */
gboolean  alm_erasure_takes_conflict (const AlmValue  *names,
                                      const AlmModel  *model,
                                      const AlmValue  *conflict);
/* The fields of a conflict that hold values; (transfer full). */
AlmValue *alm_erasure_conflict_names (void);
/* Does @text repeat what is to be taken out of @fields? */
gboolean  alm_erasure_is_told        (const AlmValue  *names,
                                      const AlmValue  *fields,
                                      const char      *text);

G_END_DECLS
