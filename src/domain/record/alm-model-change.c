/* SPDX-License-Identifier: EUPL-1.2 */

/* Whether a changed model may take the place of the old one.
 *
 * Old commands must keep their meaning, so a model may add properties and
 * codes, retitle, and widen limits.  What takes a value's room or changes how
 * it is read or merged is refused: the answer is a new field.  Pure; any thread. */

#include "config.h"

#include "alm-model-private.h"

#include <math.h>
#include <string.h>

#define ADD_INSTEAD "add a new field instead"

static void
compare_codes (AlmModelCheck  *check,
               const AlmField *old,
               const AlmField *new)
{
  if (old->n_codes == 0 && new->n_codes > 0)
    {
      alm_model_check_fault (check, "a code list cannot come later; " ADD_INSTEAD);
      return;
    }
  if (new->n_codes == 0)
    return;

  for (guint i = 0; i < old->n_codes; i++)
    if (alm_field_get_code_title (new, old->codes[i].value, "de") == NULL)
      {
        g_autofree char *code = alm_value_to_text (old->codes[i].value);

        alm_model_check_fault (check, "code %s is gone; codes can only be added", code);
      }
}

static void
compare_limits (AlmModelCheck  *check,
                const AlmField *old,
                const AlmField *new)
{
  double ratio = new->multiple_of > 0 ? old->multiple_of / new->multiple_of : 1;

  if (new->minimum > old->minimum || (new->minimum == old->minimum && new->exclusive_minimum
                                      && !old->exclusive_minimum))
    alm_model_check_fault (check, "the lower limit can only go down");
  if (new->maximum < old->maximum || (new->maximum == old->maximum && new->exclusive_maximum
                                      && !old->exclusive_maximum))
    alm_model_check_fault (check, "the upper limit can only go up");
  if (new->multiple_of > 0 && (old->multiple_of == 0 || fabs (ratio - round (ratio)) > 1e-9
                               || round (ratio) < 1))
    alm_model_check_fault (check, "multipleOf can only become finer");
  if (MAX (new->min_length, 0) > MAX (old->min_length, 0))
    alm_model_check_fault (check, "minLength can only go down");
  if (new->max_length >= 0 && (old->max_length < 0 || new->max_length < old->max_length))
    alm_model_check_fault (check, "maxLength can only go up");
  if (new->pattern != NULL && g_strcmp0 (new->pattern, old->pattern) != 0)
    alm_model_check_fault (check, "pattern can only be taken away; " ADD_INSTEAD);
  if (new->required && !old->required)
    alm_model_check_fault (check, "cannot become required");
}

static void compare_fields (AlmModelCheck  *check,
                            const AlmField *old,
                            const AlmField *new);

static const AlmField *
find_by_name (const AlmField *fields,
              guint           n_fields,
              const char     *name)
{
  for (guint i = 0; i < n_fields; i++)
    if (strcmp (fields[i].name, name) == 0)
      return &fields[i];

  return NULL;
}

/* Items of lists, members of objects: one that was free cannot become bound. */
static void
compare_inner (AlmModelCheck  *check,
               const AlmField *old,
               const AlmField *new)
{
  gsize mark;

  if (old->items != NULL && new->items != NULL)
    compare_fields (check, old->items, new->items);
  else if (new->items != NULL)
    alm_model_check_fault (check, "items cannot be limited later");

  if (new->closed && !old->closed)
    alm_model_check_fault (check, "additionalProperties cannot be closed later");
  if (old->rest != NULL && new->rest != NULL)
    compare_fields (check, old->rest, new->rest);
  else if (new->rest != NULL && !old->closed)
    alm_model_check_fault (check, "additionalProperties cannot be limited later");

  mark = alm_model_check_enter (check, "properties");
  for (guint i = 0; i < old->n_members; i++)
    {
      const AlmField *member = find_by_name (new->members, new->n_members, old->members[i].name);

      if (member != NULL)
        compare_fields (check, &old->members[i], member);
      else
        {
          gsize inner = alm_model_check_enter (check, old->members[i].name);

          alm_model_check_fault (check, "a property cannot be removed");
          alm_model_check_leave (check, inner);
        }
    }
  for (guint i = 0; i < new->n_members; i++)
    if (new->members[i].required
        && find_by_name (old->members, old->n_members, new->members[i].name) == NULL)
      {
        gsize inner = alm_model_check_enter (check, new->members[i].name);

        alm_model_check_fault (check, "cannot become required");
        alm_model_check_leave (check, inner);
      }
  alm_model_check_leave (check, mark);
}

static void
compare_fields (AlmModelCheck  *check,
                const AlmField *old,
                const AlmField *new)
{
  gsize mark = alm_model_check_enter (check, old->name);

  if (old->type != new->type || g_strcmp0 (old->format, new->format) != 0)
    alm_model_check_fault (check, "the type cannot change; " ADD_INSTEAD);
  else
    {
      compare_codes (check, old, new);
      compare_limits (check, old, new);
      compare_inner (check, old, new);
    }
  if (g_strcmp0 (old->unit, new->unit) != 0)
    alm_model_check_fault (check, "the unit cannot change; " ADD_INSTEAD);
  if (old->role != new->role)
    alm_model_check_fault (check, "the role cannot change; " ADD_INSTEAD);
  if (g_strcmp0 (old->collection, new->collection) != 0)
    alm_model_check_fault (check, "the kind it points to cannot change; " ADD_INSTEAD);
  if (old->merge != new->merge || g_strcmp0 (old->group, new->group) != 0)
    alm_model_check_fault (check, "how it is merged cannot change; " ADD_INSTEAD);

  alm_model_check_leave (check, mark);
}

gboolean
alm_model_can_become (const AlmModel *self,
                      const AlmModel *next,
                      GPtrArray      *faults)
{
  g_autoptr (GPtrArray) own_faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) path = g_string_new ("/properties");
  AlmModelCheck check = { .faults = faults != NULL ? faults : own_faults, .path = path };
  guint before = check.faults->len;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (next != NULL, FALSE);

  if (strcmp (self->name, next->name) != 0)
    g_ptr_array_add (check.faults, g_strdup_printf ("/: the kind is \"%s\", not \"%s\"",
                                                    self->name, next->name));
  for (guint i = 0; i < self->n_fields; i++)
    {
      const AlmField *old = &self->fields[i];
      const AlmField *new = alm_model_find_field (next, old->name);

      if (new != NULL)
        compare_fields (&check, old, new);
      else
        g_ptr_array_add (check.faults,
                         g_strdup_printf ("/properties/%s: a property cannot be removed",
                                          old->name));
    }
  for (guint i = 0; i < next->n_fields; i++)
    if (next->fields[i].required && alm_model_find_field (self, next->fields[i].name) == NULL)
      g_ptr_array_add (check.faults, g_strdup_printf ("/properties/%s: a new property cannot be "
                                                      "required", next->fields[i].name));

  return check.faults->len == before;
}
