/* SPDX-License-Identifier: EUPL-1.2 */

/* What a table shows and in which order.  The job runs on a reader's thread;
 * the rest is plain data. */

#include "config.h"

#include "alm-rows-query.h"

AlmChip *
alm_chip_new (const char *field,
              AlmTableOp  op,
              AlmValue   *value)
{
  AlmChip *self = g_new0 (AlmChip, 1);

  self->field = g_strdup (field);
  self->op = op;
  self->value = value != NULL ? alm_value_ref (value) : NULL;

  return self;
}

void
alm_chip_free (AlmChip *self)
{
  g_free (self->field);
  g_clear_pointer (&self->value, alm_value_unref);
  g_free (self);
}

AlmRowsQuery *
alm_rows_query_copy (const AlmRowsQuery *self)
{
  AlmRowsQuery *copy = g_new0 (AlmRowsQuery, 1);

  copy->kind = g_strdup (self->kind);
  copy->sort = g_strdup (self->sort);
  copy->descending = self->descending;
  copy->chips = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_chip_free);
  for (guint i = 0; self->chips != NULL && i < self->chips->len; i++)
    {
      AlmChip *chip = g_ptr_array_index (self->chips, i);

      g_ptr_array_add (copy->chips, alm_chip_new (chip->field, chip->op, chip->value));
    }

  return copy;
}

void
alm_rows_query_free (AlmRowsQuery *self)
{
  g_free (self->kind);
  g_free (self->sort);
  g_clear_pointer (&self->chips, g_ptr_array_unref);
  g_free (self);
}

gpointer
alm_rows_query_read_job (AlmDesk   *desk,
                         gpointer   data,
                         GError   **error)
{
  const AlmRowsQuery *query = data;
  g_autofree AlmTableFilter *filters = g_new0 (AlmTableFilter, query->chips->len + 1);
  GArray *rids;
  AlmRowsOrder *order;

  for (guint i = 0; i < query->chips->len; i++)
    {
      const AlmChip *chip = g_ptr_array_index (query->chips, i);

      filters[i] = (AlmTableFilter) { chip->field, chip->op, chip->value };
    }
  rids = alm_desk_table_rids (desk, query->kind, filters, query->chips->len, query->sort,
                              query->descending, error);

  if (rids == NULL)
    return NULL;

  order = alm_rows_order_new (rids);
  /* A damaged row does not hide the others: they are asked for when looked at. */
  order->first = alm_desk_get_rows (desk, (const gint64 *) (gpointer) rids->data,
                                    MIN (rids->len, ALM_ROWS_PAGE), NULL);

  return order;
}
