/* SPDX-License-Identifier: EUPL-1.2 */

/* When an inspection is due: the first rule whose conditions all hold says how
 * often; that is added to the last one by the calendar.  `every: null` = never.
 * A field `extra_check` holds a day that somebody has ordered: it counts if it is
 * earlier, as long as nobody has inspected since and the object is alive.
 *
 * Of an uncertain date the earliest day counts, so that nothing is inspected too
 * late.  A model that alm_model_new() has passed is well-formed: a rule that makes
 * no sense cannot be here.  Pure; any thread. */

#include "config.h"

#include "alm-due.h"

#include "alm-days.h"
#include "alm-duration.h"
#include "alm-edtf.h"

#include <string.h>

#define EXTRA_CHECK "extra_check"

struct _AlmDuePlan
{
  AlmModel   *model;
  AlmValue   *inspections;    /* borrowed from the model */
  const char *start;          /* the field of the beginning of life; NULL */
  const char *end;
  GPtrArray  *fields;         /* (element-type utf8) NULL-terminated */
};

static void
add_field (AlmDuePlan *self,
           const char *name)
{
  if (name != NULL && alm_model_find_field (self->model, name) != NULL
      && !g_ptr_array_find_with_equal_func (self->fields, name, g_str_equal, NULL))
    g_ptr_array_add (self->fields, (gpointer) name);
}

static const char *
find_role (const AlmModel *model,
           AlmFieldRole    role)
{
  const AlmField *field = alm_model_find_role (model, role);

  return field != NULL ? field->name : NULL;
}

AlmDuePlan *
alm_due_plan_new (AlmModel *model)
{
  AlmValue *inspections = alm_value_get (alm_model_get_schema (model), "x-alm-inspections");
  AlmDuePlan *self;

  if (!alm_value_is (inspections, ALM_VALUE_LIST) || alm_value_get_size (inspections) == 0)
    return NULL;

  self = g_new0 (AlmDuePlan, 1);
  self->model = alm_model_ref (model);
  self->inspections = inspections;
  self->start = find_role (model, ALM_ROLE_START);
  self->end = find_role (model, ALM_ROLE_END);
  self->fields = g_ptr_array_new ();
  for (guint i = 0; i < alm_value_get_size (inspections); i++)
    {
      const AlmValue *inspection = alm_value_get_item (inspections, i);
      const AlmValue *rules = alm_value_get (inspection, "rules");

      add_field (self, alm_value_get_text_of (inspection, "last"));
      for (guint j = 0; j < alm_value_get_size (rules); j++)
        {
          const AlmValue *conditions = alm_value_get (alm_value_get_item (rules, j), "if");

          for (guint k = 0; k < alm_value_get_size (conditions); k++)
            add_field (self, alm_value_get_key (conditions, k));
        }
    }
  add_field (self, self->start);
  add_field (self, self->end);
  add_field (self, EXTRA_CHECK);
  g_ptr_array_add (self->fields, NULL);

  return self;
}

void
alm_due_plan_free (AlmDuePlan *self)
{
  g_ptr_array_unref (self->fields);
  alm_model_unref (self->model);
  g_free (self);
}

guint
alm_due_plan_get_size (const AlmDuePlan *self)
{
  return alm_value_get_size (self->inspections);
}

const char *
alm_due_plan_get_id (const AlmDuePlan *self,
                     guint             index)
{
  return alm_value_get_text_of (alm_value_get_item (self->inspections, index), "id");
}

const char *
alm_due_plan_get_title (const AlmDuePlan *self,
                        guint             index,
                        const char       *language)
{
  const AlmValue *inspection = alm_value_get_item (self->inspections, index);
  const char *title = alm_value_get_text_of (alm_value_get (inspection, "x-alm-title"), language);

  return title != NULL ? title : alm_value_get_text_of (inspection, "title");
}

const char *const *
alm_due_plan_get_fields (const AlmDuePlan *self)
{
  return (const char *const *) self->fields->pdata;
}

/* The earliest day of a date, a moment or an uncertain date; FALSE: none is known. */
static gboolean
get_day (const AlmValue *fields,
         const char     *name,
         gint64         *day)
{
  const char *text = name != NULL ? alm_value_get_text_of (fields, name) : NULL;
  gint64 last;

  if (text == NULL)
    return FALSE;
  if (alm_days_parse (text, day))
    return TRUE;

  return alm_edtf_bounds (text, day, &last) && *day != ALM_EDTF_OPEN_START;
}

static gboolean
is_in (const AlmValue *list,
       const AlmValue *value)
{
  for (guint i = 0; i < alm_value_get_size (list); i++)
    if (alm_value_equal (alm_value_get_item (list, i), value))
      return TRUE;

  return FALSE;
}

static gboolean
passes (const AlmValue *fields,
        const char     *name,
        const char     *test,
        const AlmValue *wanted,
        gint64          today)
{
  const AlmValue *value = alm_value_get (fields, name);
  gboolean is_set = value != NULL && !alm_value_is (value, ALM_VALUE_NULL);
  AlmDuration duration;
  gint64 day;

  if (strcmp (test, "set") == 0)
    return is_set == alm_value_get_boolean (wanted);
  if (!is_set)
    return FALSE;
  if (strcmp (test, "min") == 0)
    return alm_value_is_number (value)
           && alm_value_get_double (value) >= alm_value_get_double (wanted);
  if (strcmp (test, "max") == 0)
    return alm_value_is_number (value)
           && alm_value_get_double (value) <= alm_value_get_double (wanted);
  if (strcmp (test, "in") == 0)
    return is_in (wanted, value);

  if (!get_day (fields, name, &day) || !alm_duration_parse (alm_value_get_text (wanted), &duration))
    return FALSE;
  day = alm_duration_add (&duration, day, 1);

  return strcmp (test, "older") == 0 ? day <= today : day > today;
}

static gboolean
holds (const AlmValue *rule,
       const AlmValue *fields,
       gint64          today)
{
  const AlmValue *conditions = alm_value_get (rule, "if");

  for (guint i = 0; i < alm_value_get_size (conditions); i++)
    {
      const AlmValue *tests = alm_value_get_item (conditions, i);

      for (guint j = 0; j < alm_value_get_size (tests); j++)
        if (!passes (fields, alm_value_get_key (conditions, i), alm_value_get_key (tests, j),
                     alm_value_get_item (tests, j), today))
          return FALSE;
    }

  return TRUE;
}

/* By the rules alone. */
static gboolean
find_regular (const AlmDuePlan *self,
              const AlmValue   *rules,
              const AlmValue   *fields,
              gint64            today,
              AlmDue           *due)
{
  for (guint i = 0; i < alm_value_get_size (rules); i++)
    {
      const AlmValue *rule = alm_value_get_item (rules, i);
      const char *every = alm_value_get_text_of (rule, "every");
      AlmDuration duration;

      if (!holds (rule, fields, today))
        continue;
      if (every == NULL || !alm_duration_parse (every, &duration))
        return FALSE;
      due->rule = (int) i;
      if (due->has_last)
        due->due = alm_duration_add (&duration, due->last, 1);
      else if (!get_day (fields, self->start, &due->due))
        due->due = today;
      return TRUE;
    }

  return FALSE;
}

static gboolean
has_ended (const AlmDuePlan *self,
           const AlmValue   *fields,
           gint64            today)
{
  gint64 end;

  return get_day (fields, self->end, &end) && end <= today;
}

gboolean
alm_due_plan_find (const AlmDuePlan *self,
                   guint             index,
                   const AlmValue   *fields,
                   gint64            today,
                   AlmDue           *due)
{
  const AlmValue *inspection = alm_value_get_item (self->inspections, index);
  gboolean found;
  gint64 extra;

  *due = (AlmDue) { 0 };
  due->has_last = get_day (fields, alm_value_get_text_of (inspection, "last"), &due->last);
  found = find_regular (self, alm_value_get (inspection, "rules"), fields, today, due);
  if (get_day (fields, EXTRA_CHECK, &extra) && (!due->has_last || due->last < extra)
      && !has_ended (self, fields, today) && (!found || extra < due->due))
    {
      due->due = extra;
      due->rule = -1;
      found = TRUE;
    }

  return found;
}
