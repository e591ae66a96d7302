/* SPDX-License-Identifier: EUPL-1.2 */

/* Which inspections are due: reads the few columns that the rules look at from the
 * typed table, and asks the pure function for each row.  While the table is made
 * anew, or where it has not what the record has, the records themselves are read.
 * On the thread of the connection. */

#include "config.h"

#include "alm-desk-due.h"

#include "alm-desk-derived-private.h"

typedef struct
{
  const AlmDuePlan *plan;
  gint64            today;
  gint64            until;
  AlmDueFunc        func;
  gpointer          user_data;
} Walk;

static void
tell_due (const Walk     *walk,
          gint64          rid,
          const AlmValue *fields)
{
  for (guint i = 0; i < alm_due_plan_get_size (walk->plan); i++)
    {
      AlmDue due;

      if (alm_due_plan_find (walk->plan, i, fields, walk->today, &due) && due.due <= walk->until)
        walk->func (rid, walk->plan, i, &due, walk->user_data);
    }
}

static gboolean
take_row (const AlmRow  *row,
          gpointer       user_data,
          GError       **error)
{
  tell_due (user_data, row->rid, row->fields);

  return TRUE;
}

static char *
make_select (const AlmDerivedKind *derived,
             const AlmDuePlan     *plan)
{
  g_autoptr (GString) sql = g_string_new ("SELECT rid");

  for (const char *const *name = alm_due_plan_get_fields (plan); *name != NULL; name++)
    {
      g_autofree char *column = alm_desk_column_of (*name);

      g_string_append_printf (sql, ", %s", column);
    }
  g_string_append_printf (sql, " FROM \"%s\"", derived->table);

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* A column as the record has it. */
static AlmValue *
read_column (AlmSql         *sql,
             int             column,
             const AlmField *field)
{
  switch (field->type)
    {
    case ALM_FIELD_BOOLEAN:
      return alm_value_new_boolean (alm_sql_get_int (sql, column) != 0);

    case ALM_FIELD_INTEGER:
      return alm_value_new_integer (alm_sql_get_int (sql, column));

    case ALM_FIELD_NUMBER:
      return alm_value_new_double (alm_sql_get_double (sql, column));

    case ALM_FIELD_TEXT:
    case ALM_FIELD_DATE:
    case ALM_FIELD_DATETIME:
    case ALM_FIELD_EDTF:
    case ALM_FIELD_REFERENCE:
    case ALM_FIELD_LIST:
    case ALM_FIELD_OBJECT:
    case ALM_FIELD_GEOMETRY:
    default:
      return alm_value_new_text (alm_sql_get_text (sql, column));
    }
}

static gboolean
walk_table (AlmDesk               *self,
            const AlmDerivedKind  *derived,
            const Walk            *walk,
            GError               **error)
{
  const char *const *names = alm_due_plan_get_fields (walk->plan);
  g_autofree char *text = make_select (derived, walk->plan);
  g_autoptr (AlmSql) sql = alm_sql_prepare (self->db->handle, text);
  AlmSqlStep step;

  while ((step = alm_sql_step (sql, error)) == ALM_SQL_STEP_ROW)
    {
      g_autoptr (AlmValue) fields = alm_value_new_object ();

      for (int i = 0; names[i] != NULL; i++)
        if (!alm_sql_is_null (sql, i + 1))
          alm_value_set (fields, names[i],
                         read_column (sql, i + 1, alm_model_find_field (derived->model, names[i])));
      tell_due (walk, alm_sql_get_int (sql, 0), fields);
    }

  return step == ALM_SQL_STEP_DONE;
}

/* Whether each column holds the very value that the record has: a place has no
 * column, lists and objects are text there. */
static gboolean
has_columns (const AlmDerivedKind *derived,
             const AlmDuePlan     *plan)
{
  for (const char *const *name = alm_due_plan_get_fields (plan); *name != NULL; name++)
    {
      const AlmField *field = alm_model_find_field (derived->model, *name);

      if (field == NULL || field->type == ALM_FIELD_GEOMETRY || field->type == ALM_FIELD_LIST
          || field->type == ALM_FIELD_OBJECT)
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_desk_each_due (AlmDesk      *self,
                   const char   *kind,
                   gint64        today,
                   gint64        until,
                   AlmDueFunc    func,
                   gpointer      user_data,
                   GError      **error)
{
  AlmModel *model = alm_desk_get_model (self, kind);
  AlmDerivedKind *derived = alm_desk_find_derived (self, kind);
  g_autoptr (AlmDuePlan) plan = model != NULL ? alm_due_plan_new (model) : NULL;
  Walk walk = { plan, today, until, func, user_data };

  if (plan == NULL)
    return TRUE;

  return derived != NULL && has_columns (derived, plan)
         ? walk_table (self, derived, &walk, error)
         : alm_desk_each (self, NULL, kind, FALSE, take_row, &walk, error);
}
