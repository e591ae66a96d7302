/* SPDX-License-Identifier: EUPL-1.2 */

/* Filtered and sorted row numbers of one kind, for the table in the window.
 *
 * Invariants:
 *   1. Field names come from the model, never from the caller, into the text of a
 *      statement; values are bound.
 *   2. The order is total: equal rows stand by their number, so the same question
 *      gets the same answer.
 * SQL picks the rows, they are sorted here: a million in half the time.
 * On the thread of the connection. */

#include "config.h"

#include "alm-desk-table.h"

#include "alm-desk-derived-private.h"
#include "alm-edtf.h"
#include "alm-german.h"
#include "alm-text-order.h"

#include <string.h>

/* Texts that are folded once: a column has few different ones, or none twice. */
#define FOLDED_MAX 4096

/* alm_folded (text): without case and German marks */
static void
folded_function (sqlite3_context  *context,
                 int               n_args,
                 sqlite3_value   **args)
{
  GHashTable *known = sqlite3_user_data (context);
  const char *text = (const char *) sqlite3_value_text (args[0]);
  char *folded;

  if (text == NULL)
    return;

  folded = g_hash_table_lookup (known, text);
  if (folded == NULL)
    {
      folded = alm_german_fold (text);
      if (g_hash_table_size (known) >= FOLDED_MAX)
        {
          sqlite3_result_text (context, folded, -1, g_free);
          return;
        }
      g_hash_table_insert (known, g_strdup (text), folded);
    }
  sqlite3_result_text (context, folded, -1, SQLITE_STATIC);
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

/* Once more does no harm: SQLite replaces them, and what is known with them. */
static void
add_functions (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  GHashTable *known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  sqlite3_create_function_v2 (handle, "alm_folded", 1, flags, known, folded_function, NULL, NULL,
                              (void (*) (void *)) g_hash_table_unref);
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
           const char     *column,
           gboolean        literal)
{
  if (field->type == ALM_FIELD_EDTF)
    return g_strdup_printf ("alm_day (%s)", column);
  if (is_text (field) && !literal)
    return g_strdup_printf ("alm_folded (%s)", column);

  return g_strdup (column);
}

/* Of "–" or "?" nothing is left when it is folded: it is looked for as it stands,
 * or each text would hold it. */
static gboolean
is_literal (const AlmTableFilter *filter)
{
  const char *text = filter->value != NULL && alm_value_is (filter->value, ALM_VALUE_TEXT)
                     ? alm_value_get_text (filter->value) : NULL;
  g_autofree char *folded = text != NULL ? alm_german_fold (text) : NULL;

  return folded != NULL && folded[0] == '\0';
}

static void
add_filter (GString              *sql,
            const AlmField       *field,
            const AlmTableFilter *filter,
            guint                 number)
{
  g_autofree char *column = alm_desk_column_of (field->name);
  gboolean literal = is_literal (filter);
  g_autofree char *term = make_term (field, column, literal);
  g_autofree char *name = g_strdup_printf (":f%u", number);
  g_autofree char *value = make_term (field, name, literal);

  switch (filter->op)
    {
    case ALM_TABLE_IS:
      g_string_append_printf (sql, " AND %s = %s", term, value);
      break;
    case ALM_TABLE_IS_NOT:
      g_string_append_printf (sql, " AND %s IS NOT %s", term, value);
      break;
    case ALM_TABLE_CONTAINS:
      g_string_append_printf (sql, " AND instr (%s, %s) > 0", term, value);
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

/* A row that waits to be sorted by a number. */
typedef struct
{
  double value;
  gint64 rid;
} Entry;

static int
compare_up (gconstpointer a,
            gconstpointer b)
{
  const Entry *one = a;
  const Entry *two = b;

  if (one->value != two->value)
    return one->value < two->value ? -1 : 1;

  return (one->rid > two->rid) - (one->rid < two->rid);
}

static int
compare_down (gconstpointer a,
              gconstpointer b)
{
  const Entry *one = a;
  const Entry *two = b;

  if (one->value != two->value)
    return one->value > two->value ? -1 : 1;

  return (one->rid > two->rid) - (one->rid < two->rid);
}

/* Columns rid and a number; those without one come last, as they came. */
static GArray *
order_by_number (AlmSql    *sql,
                 gboolean   descending,
                 GError   **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GArray) rest = g_array_new (FALSE, FALSE, sizeof (gint64));
  GArray *rids;
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      Entry entry = { 0, alm_sql_get_int (sql, 0) };

      if (alm_sql_is_null (sql, 1))
        {
          g_array_append_val (rest, entry.rid);
          continue;
        }
      entry.value = alm_sql_get_double (sql, 1);
      g_array_append_val (entries, entry);
    }
  if (step == ALM_SQL_STEP_ERROR)
    return NULL;

  g_array_sort (entries, descending ? compare_down : compare_up);
  rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), entries->len + rest->len);
  for (guint i = 0; i < entries->len; i++)
    g_array_append_val (rids, g_array_index (entries, Entry, i).rid);
  g_array_append_vals (rids, rest->data, rest->len);

  return rids;
}

static gboolean
is_number (const AlmField *field)
{
  return field->type == ALM_FIELD_INTEGER || field->type == ALM_FIELD_NUMBER
         || field->type == ALM_FIELD_BOOLEAN || field->type == ALM_FIELD_EDTF;
}

/* @field: NULL = the label */
static char *
make_sort_term (const AlmField *field)
{
  g_autofree char *column = field != NULL ? alm_desk_column_of (field->name)
                                          : g_strdup ("\":label\"");

  return field != NULL ? make_term (field, column, TRUE) : g_steal_pointer (&column);
}

/* NULL with an error where a filter's column is none. */
static char *
make_select (const AlmDerivedKind  *kind,
             const AlmTableFilter  *filters,
             guint                  n_filters,
             const AlmField        *sort,
             GError               **error)
{
  g_autofree char *term = make_sort_term (sort);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "SELECT rid, %s FROM \"%s\" WHERE 1", term, kind->table);
  for (guint i = 0; i < n_filters; i++)
    {
      const AlmField *field = find_column (kind, filters[i].field, error);

      if (field == NULL)
        return NULL;
      add_filter (text, field, &filters[i], i);
    }
  g_string_append (text, " ORDER BY rid");

  return g_string_free (g_steal_pointer (&text), FALSE);
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
  const AlmField *field = NULL;
  g_autofree char *text = NULL;
  g_autoptr (AlmSql) sql = NULL;

  /* Without a model, or while its table is made anew: as they came. */
  if (derived == NULL)
    return alm_desk_list_rids (self, NULL, kind, error);

  if (sort != NULL && (field = find_column (derived, sort, error)) == NULL)
    return NULL;
  text = make_select (derived, filters, n_filters, field, error);
  if (text == NULL)
    return NULL;

  add_functions (self->db->handle);
  sql = alm_sql_prepare (self->db->handle, text);
  for (guint i = 0; i < n_filters; i++)
    if (filters[i].op != ALM_TABLE_EMPTY && filters[i].op != ALM_TABLE_FILLED)
      bind_value (sql, i, filters[i].value);

  return field != NULL && is_number (field) ? order_by_number (sql, descending, error)
                                            : alm_desk_order_by_text (sql, descending, error);
}
