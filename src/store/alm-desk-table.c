/* SPDX-License-Identifier: EUPL-1.2 */

/* Filtered and sorted row numbers of one kind, for the table in the window.
 *
 * Invariants:
 *   1. Field names come from the model, never from the caller, into the text of a
 *      statement; values are bound.
 *   2. The order is total: equal rows stand by their number, so the same question
 *      gets the same answer.
 * On the thread of the connection. */

#include "config.h"

#include "alm-desk-table.h"

#include "alm-desk-derived-private.h"
#include "alm-edtf.h"
#include "alm-german.h"

#include <string.h>

static int
german_collation (void       *data,
                  int         length_a,
                  const void *a,
                  int         length_b,
                  const void *b)
{
  return alm_german_compare (a, (gsize) length_a, b, (gsize) length_b);
}

/* alm_folded (text): without case and German marks */
static void
folded_function (sqlite3_context  *context,
                 int               n_args,
                 sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);

  if (text != NULL)
    sqlite3_result_text (context, alm_german_fold (text), -1, g_free);
}

/* alm_day (edtf): its first day, or its last one where the start is open */
static void
day_function (sqlite3_context  *context,
              int               n_args,
              sqlite3_value   **args)
{
  const char *text = (const char *) sqlite3_value_text (args[0]);
  gint64 first, last;

  if (text != NULL && alm_edtf_bounds (text, &first, &last))
    sqlite3_result_int64 (context, first != ALM_EDTF_OPEN_START ? first : last);
}

/* Once more does no harm: SQLite replaces them. */
static void
add_functions (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

  sqlite3_create_collation (handle, "alm_german", SQLITE_UTF8, NULL, german_collation);
  sqlite3_create_function (handle, "alm_folded", 1, flags, NULL, folded_function, NULL, NULL);
  sqlite3_create_function (handle, "alm_day", 1, flags, NULL, day_function, NULL, NULL);
}

static gboolean
is_text (const AlmField *field)
{
  return field->type == ALM_FIELD_TEXT && field->n_codes == 0;
}

/* What of a column is compared; (transfer full). */
static char *
make_term (const AlmField *field,
           const char     *column)
{
  if (field->type == ALM_FIELD_EDTF)
    return g_strdup_printf ("alm_day (%s)", column);
  if (is_text (field))
    return g_strdup_printf ("alm_folded (%s)", column);

  return g_strdup (column);
}

static void
add_filter (GString              *sql,
            const AlmField       *field,
            const AlmTableFilter *filter,
            guint                 number)
{
  g_autofree char *column = alm_desk_column_of (field->name);
  g_autofree char *term = make_term (field, column);
  g_autofree char *name = g_strdup_printf (":f%u", number);
  g_autofree char *value = make_term (field, name);

  switch (filter->op)
    {
    case ALM_TABLE_IS:
      g_string_append_printf (sql, " AND %s = %s", term, value);
      break;
    case ALM_TABLE_IS_NOT:
      g_string_append_printf (sql, " AND %s IS NOT %s", term, value);
      break;
    case ALM_TABLE_CONTAINS:
      g_string_append_printf (sql, " AND instr (alm_folded (%s), alm_folded (%s)) > 0", column,
                              name);
      break;
    case ALM_TABLE_AT_LEAST:
      g_string_append_printf (sql, " AND %s >= %s", term, value);
      break;
    case ALM_TABLE_AT_MOST:
      g_string_append_printf (sql, " AND %s <= %s", term, value);
      break;
    case ALM_TABLE_EMPTY:
      g_string_append_printf (sql, " AND %s IS NULL", column);
      break;
    case ALM_TABLE_FILLED:
    default:
      g_string_append_printf (sql, " AND %s IS NOT NULL", column);
      break;
    }
}

static void
bind_value (AlmSql         *sql,
            guint           number,
            const AlmValue *value)
{
  g_autofree char *name = g_strdup_printf (":f%u", number);
  g_autofree char *text = NULL;

  switch (alm_value_get_type (value))
    {
    case ALM_VALUE_BOOLEAN:
      alm_sql_bind_int (sql, name, alm_value_get_boolean (value));
      break;
    case ALM_VALUE_INTEGER:
      alm_sql_bind_int (sql, name, alm_value_get_integer (value));
      break;
    case ALM_VALUE_DOUBLE:
      alm_sql_bind_double (sql, name, alm_value_get_double (value));
      break;
    case ALM_VALUE_TEXT:
      alm_sql_bind_text (sql, name, alm_value_get_text (value));
      break;
    case ALM_VALUE_NULL:
    case ALM_VALUE_LIST:
    case ALM_VALUE_OBJECT:
    default:
      text = alm_value_to_text (value);
      alm_sql_bind_text (sql, name, text);
      break;
    }
}

static void
add_order (GString        *sql,
           const AlmField *field,
           gboolean        descending)
{
  g_autofree char *column = alm_desk_column_of (field->name);
  g_autofree char *term = field->type == ALM_FIELD_EDTF ? make_term (field, column)
                                                         : g_strdup (column);

  g_string_append_printf (sql, " ORDER BY %s IS NULL, %s%s%s, rid", term, term,
                          is_text (field) ? " COLLATE alm_german" : "",
                          descending ? " DESC" : "");
}

/* NULL with an error where the model has no such column. */
static const AlmField *
find_column (const AlmDerivedKind  *kind,
             const char            *name,
             GError               **error)
{
  const AlmField *field = alm_model_find_field (kind->model, name);

  if (field == NULL || field == kind->geometry)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s has no column %s", alm_model_get_name (kind->model), name);
      return NULL;
    }

  return field;
}

GArray *
alm_desk_table_rids (AlmDesk               *self,
                     const char            *kind,
                     const AlmTableFilter  *filters,
                     guint                  n_filters,
                     const char            *sort,
                     gboolean               descending,
                     GError               **error)
{
  AlmDerivedKind *derived = alm_desk_find_derived (self, kind);
  g_autoptr (GString) text = NULL;
  g_autoptr (AlmSql) sql = NULL;
  g_autoptr (GArray) rids = NULL;
  AlmSqlStep step;

  /* Without a model, or while its table is made anew: as they came. */
  if (derived == NULL)
    return alm_desk_list_rids (self, NULL, kind, error);

  text = g_string_new (NULL);
  g_string_printf (text, "SELECT rid FROM \"%s\" WHERE 1", derived->table);
  for (guint i = 0; i < n_filters; i++)
    {
      const AlmField *field = find_column (derived, filters[i].field, error);

      if (field == NULL)
        return NULL;
      add_filter (text, field, &filters[i], i);
    }
  if (sort != NULL)
    {
      const AlmField *field = find_column (derived, sort, error);

      if (field == NULL)
        return NULL;
      add_order (text, field, descending);
    }
  else
    g_string_append (text, " ORDER BY rid");

  add_functions (self->db->handle);
  sql = alm_sql_prepare (self->db->handle, text->str);
  for (guint i = 0; i < n_filters; i++)
    if (filters[i].op != ALM_TABLE_EMPTY && filters[i].op != ALM_TABLE_FILLED)
      bind_value (sql, i, filters[i].value);

  rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      gint64 rid = alm_sql_get_int (sql, 0);

      g_array_append_val (rids, rid);
    }

  return step == ALM_SQL_STEP_DONE ? g_steal_pointer (&rids) : NULL;
}
