/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-desk-table.h"
#include "alm-rows-model.h"

G_BEGIN_DECLS

/* One filter chip, "Tree species is Linden". */
typedef struct
{
  char       *field;
  AlmTableOp  op;
  AlmValue   *value;      /* NULL for empty and filled */
} AlmChip;

AlmChip      *alm_chip_new            (const char *field,
                                       AlmTableOp  op,
                                       AlmValue   *value);
void          alm_chip_free           (AlmChip    *self);

/* What a table shows and in which order. */
typedef struct
{
  char      *kind;
  GPtrArray *chips;           /* (element-type AlmChip) */
  char      *sort;            /* field; NULL = the label */
  gboolean   descending;
} AlmRowsQuery;

AlmRowsQuery *alm_rows_query_copy     (const AlmRowsQuery *self);
void          alm_rows_query_free     (AlmRowsQuery       *self);
/* A job for alm_records_read_async(); @data: AlmRowsQuery; returns AlmRowsOrder */
gpointer      alm_rows_query_read_job (AlmDesk            *desk,
                                       gpointer            data,
                                       GError            **error);

G_END_DECLS
