/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-records.h"

G_BEGIN_DECLS

/* One row of the table: known by its number at once, by its fields a moment
 * later.  "loaded" (): the fields came or changed, or another row stands here. */
#define ALM_TYPE_ROW_ITEM (alm_row_item_get_type ())
G_DECLARE_FINAL_TYPE (AlmRowItem, alm_row_item, ALM, ROW_ITEM, GObject)

gint64        alm_row_item_get_rid   (AlmRowItem   *self);
/* NULL until it is there; (transfer none) */
const AlmRow *alm_row_item_get_row   (AlmRowItem   *self);

/* The rows of a table in their order, and where each is.  Plain data, made on a
 * reader's thread because a million rows take their time. */
typedef struct
{
  GArray    *rids;      /* (element-type gint64) */
  GArray    *places;    /* by row number */
  GPtrArray *first;     /* nullable: the rows of the first page, NULL for one that is gone */
} AlmRowsOrder;

/* @rids: (transfer full) (element-type gint64) */
AlmRowsOrder *alm_rows_order_new     (GArray       *rids);
void          alm_rows_order_free    (AlmRowsOrder *self);

/* A list model over row numbers in the order of the table; fetches the fields of
 * what is looked at in pages on a reader.  Main thread only. */
#define ALM_TYPE_ROWS_MODEL (alm_rows_model_get_type ())
G_DECLARE_FINAL_TYPE (AlmRowsModel, alm_rows_model, ALM, ROWS_MODEL, GObject)

#define ALM_ROWS_PAGE 256

AlmRowsModel *alm_rows_model_new     (AlmRecords   *records);
/* @order: (transfer full); TRUE if that is another list than before, so that
 * everything that was known is gone */
gboolean      alm_rows_model_take    (AlmRowsModel *self,
                                      AlmRowsOrder *order);
gint64        alm_rows_model_get_rid (AlmRowsModel *self,
                                      guint         position);
/* GTK_INVALID_LIST_POSITION where it is not in the list */
guint         alm_rows_model_find    (AlmRowsModel *self,
                                      gint64        rid);
/* Reads again what is known of these rows; NULL = of all. */
void          alm_rows_model_refresh (AlmRowsModel *self,
                                      GArray       *rids);

G_END_DECLS
