/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

typedef enum {
  ALM_TAKE_THEIRS,     /* what stands in the record */
  ALM_TAKE_MINE,       /* the proposal */
  ALM_TAKE_BASE,       /* what was there before both */
  ALM_TAKE_VALUE       /* something else */
} AlmTake;

gboolean alm_take_from_text (const char     *text,
                             AlmTake        *take);

/* Decides an open conflict (sync.md, sections 3.4 and 7): one transaction of one
 * or two ordinary commands.  @value: with ALM_TAKE_VALUE; a JSON null takes the
 * field away; for a group the object of its fields.  @batch (nullable) ties the
 * commands together, so that one undo takes the decision back. */
gboolean alm_desk_resolve   (AlmDesk        *self,
                             const AlmId    *conflict,
                             AlmTake         take,
                             AlmValue       *value,
                             const char     *batch,
                             AlmEditResult  *result,
                             GError        **error);

G_END_DECLS
