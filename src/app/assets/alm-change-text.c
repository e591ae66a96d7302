/* SPDX-License-Identifier: EUPL-1.2 */

/* Commands in words.  Pure functions; main thread. */

#include "config.h"

#include "alm-change-text.h"

#include "alm-field-text.h"

#include <glib/gi18n.h>

static char *
show_value (const AlmField *field,
            const AlmValue *value,
            const char     *language)
{
  const char *unit = alm_field_text_unit (field);
  g_autofree char *text = NULL;

  if (value == NULL || alm_value_is (value, ALM_VALUE_NULL))
    return g_strdup (_("(empty)"));
  text = alm_field_text_show (field, value, language);

  return *unit != '\0' ? g_strdup_printf ("%s %s", text, unit) : g_steal_pointer (&text);
}

static void
add_field (GString          *out,
           const AlmModel   *model,
           const AlmCommand *command,
           const char       *name,
           const char       *language)
{
  const AlmField *field = model != NULL ? alm_model_find_field (model, name) : NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (out->len > 0)
    g_string_append_c (out, '\n');
  if (field == NULL)
    {
      g_string_append (out, name);
      return;
    }
  if (field->type == ALM_FIELD_GEOMETRY)
    {
      g_string_append (out, _("Moved to another place"));
      return;
    }

  before = show_value (field, alm_value_get (command->old, name), language);
  after = show_value (field, alm_value_get (command->set, name), language);
  g_string_append_printf (out, "%s: %s → %s", alm_field_get_title (field, language), before,
                          after);
}

char *
alm_change_text_say (const AlmModel   *model,
                     const AlmCommand *command,
                     const char       *language)
{
  GString *out = NULL;

  g_return_val_if_fail (command != NULL, NULL);

  switch (command->op)
    {
    case ALM_OP_NEW:
      return g_strdup (_("Added"));
    case ALM_OP_DEL:
      return g_strdup (_("Deleted"));
    case ALM_OP_UNDEL:
      return g_strdup (_("Restored"));
    case ALM_OP_ERASE:
      return g_strdup (_("Erased"));
    case ALM_OP_UPD:
    case ALM_OP_RESOLVE:
    default:
      break;
    }

  out = g_string_new (command->op == ALM_OP_RESOLVE ? _("Conflict decided") : NULL);
  for (guint i = 0; i < alm_value_get_size (command->set); i++)
    add_field (out, model, command, alm_value_get_key (command->set, i), language);

  return g_string_free (out, FALSE);
}

/* "Height: 12 m" */
static void
add_value (GString        *out,
           const AlmModel *model,
           const char     *name,
           const AlmValue *value,
           const char     *language)
{
  const AlmField *field = alm_model_find_field (model, name);
  g_autofree char *text = NULL;

  if (field->type == ALM_FIELD_GEOMETRY)
    return;
  if (out->len > 0)
    g_string_append_c (out, '\n');
  text = show_value (field, value, language);
  g_string_append_printf (out, "%s: %s", alm_field_get_title (field, language), text);
}

char *
alm_change_text_compare (const AlmModel *model,
                         const AlmValue *before,
                         const AlmValue *after,
                         const char     *language)
{
  const AlmCommand change = { .set = (AlmValue *) after, .old = (AlmValue *) before };
  guint n = model != NULL ? alm_model_get_n_fields (model) : 0;
  GString *out = g_string_new (NULL);

  /* As a form shows them. */
  for (guint i = 0; i < n; i++)
    {
      const char *name = alm_model_get_field (model, i)->name;
      const AlmValue *old = alm_value_get (before, name);
      const AlmValue *now = alm_value_get (after, name);

      if (before == NULL && now != NULL)
        add_value (out, model, name, now, language);
      else if (before != NULL && (old != NULL || now != NULL) && !alm_value_equal (old, now))
        add_field (out, model, &change, name, language);
    }

  return g_string_free (out, FALSE);
}

const char *
alm_change_text_refusal (const char *code,
                         const char *limit)
{
  static const struct
  {
    const char *code;
    const char *text;
    const char *limit;
  } reasons[] = {
    { "forbidden", N_("You may change these data in your area only, and this object lies "
                      "outside. Ask those responsible for them."), "area" },
    { "forbidden", N_("You may not change one of these fields. Ask those responsible for "
                      "these data."), "field" },
    { "forbidden", N_("You may only read these data now. Ask those responsible for them.") },
    { "unknown-record", N_("The object is no longer there, or you may no longer see it.") },
    { "unknown-kind", N_("The server does not know this kind of object.") },
    { "unknown-scope", N_("The server does not know this area.") },
    { "exists", N_("There is already an object with this id.") },
    { "bad-value", N_("A value does not fit the rules of this kind any more.") },
    { "bad-text", N_("A text holds characters that cannot be kept.") },
    { "too-large", N_("This is too large.") },
    { "mass-delete", N_("So many deletions at once need the word of somebody responsible.") },
    { "erased", N_("What you wanted to change has been erased for good.") },
  };

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].code, code)
        && (reasons[i].limit == NULL || g_strcmp0 (reasons[i].limit, limit) == 0))
      return _(reasons[i].text);

  return _("The server did not take this change.");
}
