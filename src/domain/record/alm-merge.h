/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* One collision: theirs stays (or mine with x-alm-collision "later"). */
typedef struct
{
  char     *field;    /* field or group */
  AlmValue *part;     /* {"id"} or {"path"}; nullable */
  AlmValue *base;     /* nullable = absent; for a group an object of its fields */
  AlmValue *theirs;
  AlmValue *mine;
} AlmMergeConflict;

void      alm_merge_conflict_free (AlmMergeConflict  *self);

/* Three-way merge by value (sync.md, section 4.2); the same function on desk
 * and server.  @base: what the author saw in the fields of @mine; @theirs: the
 * record's fields now; @mine: the new values, a JSON null takes a field away.
 * @model may be NULL (unknown kind): every field is a register.
 * Returns all fields of the record after the merge (transfer full); conflicts
 * are appended to @conflicts (element-type AlmMergeConflict, freed by the array). */
AlmValue *alm_merge_fields        (const AlmModel    *model,
                                   const AlmValue    *base,
                                   const AlmValue    *theirs,
                                   const AlmValue    *mine,
                                   GPtrArray         *conflicts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmMergeConflict, alm_merge_conflict_free)

G_END_DECLS
