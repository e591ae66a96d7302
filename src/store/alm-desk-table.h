/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk.h"

G_BEGIN_DECLS

/* How a filter compares. */
typedef enum {
  ALM_TABLE_IS,
  ALM_TABLE_IS_NOT,        /* another value, or none */
  ALM_TABLE_CONTAINS,      /* texts */
  ALM_TABLE_AT_LEAST,      /* numbers, days and uncertain dates */
  ALM_TABLE_AT_MOST,
  ALM_TABLE_EMPTY,
  ALM_TABLE_FILLED
} AlmTableOp;

typedef struct
{
  const char     *field;
  AlmTableOp      op;
  const AlmValue *value;   /* NULL for empty and filled */
} AlmTableFilter;

/* The row numbers of what is shown of @kind and fits all @filters, in the order
 * of @sort (nullable: the label), empty ones last; from the typed table, so a
 * million takes a second.  Texts compare without case and German marks, but a
 * filter's value that has no letter or digit ("–") is looked for as it stands.
 * (transfer full) (element-type gint64) */
GArray *alm_desk_table_rids (AlmDesk              *self,
                             const char           *kind,
                             const AlmTableFilter *filters,
                             guint                 n_filters,
                             const char           *sort,
                             gboolean              descending,
                             GError              **error);

G_END_DECLS
