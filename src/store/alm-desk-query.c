/* SPDX-License-Identifier: EUPL-1.2 */

/* The rows of a kind that fit a filter, in an order: a table's or a selection's.
 *
 * A filter becomes SQL over the typed columns with the same three-valued logic
 * as alm_filter_match(); a test compares the two.  Texts are sorted here and not
 * by SQLite: a column has few different ones, and each is compared once. */

#include "config.h"

#include "alm-desk-derived-private.h"

#include "alm-text-order.h"

#include <string.h>

/* The text of a condition, and what is bound to ?1, ?2, … */
typedef struct
{
  const AlmDerivedKind *kind;
  GString              *sql;
  GPtrArray            *texts;     /* (element-type utf8): NULL = the number beside it */
  GArray               *numbers;   /* (element-type double) */
} Condition;

static void
add_text (Condition  *self,
          char       *text)
{
  double none = 0;

  g_ptr_array_add (self->texts, text);
  g_array_append_val (self->numbers, none);
  g_string_append_printf (self->sql, "?%u", self->texts->len);
}

static void
add_number (Condition *self,
            double     number)
{
  g_ptr_array_add (self->texts, NULL);
  g_array_append_val (self->numbers, number);
  g_string_append_printf (self->sql, "?%u", self->texts->len);
}

static void
add_value (Condition             *self,
           const AlmFilter       *filter,
           const AlmFilterValue  *item)
{
  const char *text = alm_value_get_text (item->value);

  if (item->is_day)
    add_number (self, (double) item->day);
  else if (text != NULL)
    add_text (self, filter->casei ? g_utf8_casefold (text, -1) : g_strdup (text));
  else if (alm_value_is (item->value, ALM_VALUE_BOOLEAN))
    add_number (self, alm_value_get_boolean (item->value));
  else
    add_number (self, alm_value_get_double (item->value));
}

/* The column as @item wants to be compared with it. */
static void
add_column (Condition             *self,
            const AlmFilter       *filter,
            const AlmFilterValue  *item)
{
  g_autofree char *column = alm_desk_column_of (filter->field);

  if (item->is_day)
    g_string_append_printf (self->sql, "alm_day (%s)", column);
  else if (filter->casei && alm_value_is (item->value, ALM_VALUE_TEXT))
    g_string_append_printf (self->sql, "alm_casefold (%s)", column);
  else
    g_string_append (self->sql, column);
}

static void
add_compare (Condition             *self,
             const AlmFilter       *filter,
             const char            *op,
             const AlmFilterValue  *item)
{
  g_string_append_c (self->sql, '(');
  add_column (self, filter, item);
  g_string_append_printf (self->sql, " %s ", op);
  add_value (self, filter, item);
  g_string_append_c (self->sql, ')');
}

static void
add_is_null (Condition       *self,
             const AlmFilter *filter)
{
  g_autofree char *column = alm_desk_column_of (filter->field);

  if (self->kind->geometry != NULL && strcmp (self->kind->geometry->name, filter->field) == 0)
    g_string_append (self->sql, "rid NOT IN (SELECT rid FROM asset)");
  else
    g_string_append_printf (self->sql, "%s IS NULL", column);
}

static void
add_like (Condition       *self,
          const AlmFilter *filter)
{
  const AlmFilterValue *item = &g_array_index (filter->values, AlmFilterValue, 0);

  g_string_append (self->sql, "alm_like (");
  add_column (self, filter, item);
  g_string_append (self->sql, ", ");
  add_value (self, filter, item);
  g_string_append_c (self->sql, ')');
}

static void add_filter (Condition       *self,
                        const AlmFilter *filter);

static void
add_parts (Condition       *self,
           const AlmFilter *filter,
           const char      *word)
{
  for (guint i = 0; i < filter->parts->len; i++)
    {
      if (i > 0)
        g_string_append_printf (self->sql, " %s ", word);
      add_filter (self, filter->parts->pdata[i]);
    }
}

static void
add_one (Condition       *self,
         const AlmFilter *filter)
{
  static const char *const ops[] = { "=", "<>", "<", "<=", ">", ">=" };

  switch (filter->type)
    {
    case ALM_FILTER_AND:
      add_parts (self, filter, "AND");
      break;

    case ALM_FILTER_OR:
      add_parts (self, filter, "OR");
      break;

    case ALM_FILTER_NOT:
      g_string_append (self->sql, "NOT ");
      add_filter (self, filter->parts->pdata[0]);
      break;

    case ALM_FILTER_COMPARE:
      add_compare (self, filter, ops[filter->op],
                   &g_array_index (filter->values, AlmFilterValue, 0));
      break;

    case ALM_FILTER_IN:
      g_string_append (self->sql, "(0");
      for (guint i = 0; i < filter->values->len; i++)
        {
          g_string_append (self->sql, " OR ");
          add_compare (self, filter, "=", &g_array_index (filter->values, AlmFilterValue, i));
        }
      g_string_append_c (self->sql, ')');
      break;

    case ALM_FILTER_BETWEEN:
      add_compare (self, filter, ">=", &g_array_index (filter->values, AlmFilterValue, 0));
      g_string_append (self->sql, " AND ");
      add_compare (self, filter, "<=", &g_array_index (filter->values, AlmFilterValue, 1));
      break;

    case ALM_FILTER_LIKE:
      add_like (self, filter);
      break;

    case ALM_FILTER_IS_NULL:
    default:
      add_is_null (self, filter);
      break;
    }
}

static void
add_filter (Condition       *self,
            const AlmFilter *filter)
{
  g_string_append (self->sql, filter->negated ? "NOT (" : "(");
  add_one (self, filter);
  g_string_append_c (self->sql, ')');
}

static void
bind_condition (const Condition *self,
                AlmSql          *sql)
{
  for (guint i = 0; i < self->texts->len; i++)
    if (self->texts->pdata[i] != NULL)
      alm_sql_bind_text_at (sql, (int) i + 1, self->texts->pdata[i]);
    else
      alm_sql_bind_double_at (sql, (int) i + 1, g_array_index (self->numbers, double, i));
}

GArray *
alm_desk_order_by_text (AlmSql    *sql,
                        gboolean   descending,
                        GError   **error)
{
  g_autoptr (AlmTextOrder) order = alm_text_order_new ();
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    alm_text_order_add (order, alm_sql_get_int (sql, 0), alm_sql_get_text (sql, 1));

  return step == ALM_SQL_STEP_DONE ? alm_text_order_finish (order, descending) : NULL;
}

GArray *
alm_desk_take_rids (AlmSql  *sql,
                    GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gint64 rid = alm_sql_get_int (sql, 0);

      g_array_append_val (rids, rid);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&rids) : NULL;
}

static gboolean
is_text (const AlmField *field)
{
  return field == NULL
         || (field->type != ALM_FIELD_INTEGER && field->type != ALM_FIELD_NUMBER
             && field->type != ALM_FIELD_BOOLEAN);
}

static GArray *
run_query (AlmDesk               *self,
           const AlmDerivedKind  *kind,
           const AlmFilter       *filter,
           const char            *sort,
           gboolean               descending,
           GError               **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  const AlmField *field = sort != NULL ? alm_model_find_field (kind->model, sort) : NULL;
  gboolean by_label = g_strcmp0 (sort, ALM_SORT_LABEL) == 0;
  g_autofree char *column = by_label ? g_strdup ("\":label\"")
                            : field != NULL && field != kind->geometry
                            ? alm_desk_column_of (field->name) : g_strdup ("rid");
  gboolean sorts_text = strcmp (column, "rid") != 0 && is_text (field);
  Condition condition = { kind, text, texts, numbers };
  g_autoptr (AlmSql) sql = NULL;

  g_string_printf (text, "SELECT rid, %s FROM \"%s\" WHERE ", column, kind->table);
  if (filter != NULL)
    add_filter (&condition, filter);
  else
    g_string_append_c (text, '1');
  if (!sorts_text)
    g_string_append_printf (text, " ORDER BY %s%s NULLS LAST, rid", column,
                            descending ? " DESC" : "");

  sql = alm_sql_prepare (self->db->handle, text->str);
  bind_condition (&condition, sql);

  return sorts_text ? alm_desk_order_by_text (sql, descending, error)
                    : alm_desk_take_rids (sql, error);
}

/* @sort: a field, ALM_SORT_LABEL, or NULL for the order they came in. */
GArray *
alm_desk_query_ids (AlmDesk          *self,
                    const char       *kind,
                    const AlmFilter  *filter,
                    const char       *sort,
                    gboolean          descending,
                    GError          **error)
{
  AlmDerivedKind *derived = alm_desk_find_derived (self, kind);
  g_autofree char *reason = NULL;

  if (derived == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "kind '%s' has no model here", kind);
      return NULL;
    }

  if (filter != NULL && !alm_filter_check (filter, derived->model, &reason))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, reason);
      return NULL;
    }

  return run_query (self, derived, filter, sort, descending, error);
}

static void
free_row (gpointer row)
{
  if (row != NULL)
    alm_row_free (row);
}

/* In the order of @rids; NULL for one that is gone.  (transfer full). */
GPtrArray *
alm_desk_get_rows (AlmDesk       *self,
                   const gint64  *rids,
                   guint          n_rids,
                   GError       **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);

  g_ptr_array_set_size (rows, (int) n_rids);
  for (guint i = 0; i < n_rids; i++)
    {
      g_autoptr (GError) reason = NULL;

      rows->pdata[i] = alm_desk_get_by_rid (self, rids[i], &reason);
      if (rows->pdata[i] == NULL && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
    }

  return g_steal_pointer (&rows);
}
