/* SPDX-License-Identifier: EUPL-1.2 */

/* A schema either has faults, each with a place, or is a model; a model may
 * become itself, checks any value, and makes a label of any record.  The input
 * is a schema, or {"schema", "fields"}. */

#include "config.h"

#include "alm-json.h"
#include "alm-model.h"
#include "fuzz-target.h"

static void
try_model (const AlmModel *model,
           const AlmValue *fields)
{
  g_autofree char *name = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *label = alm_model_format_label (model, fields);

  g_assert (alm_model_can_become (model, model, NULL));
  g_assert (g_utf8_validate (label, -1, NULL));
  if (!alm_model_check_fields (model, fields, &name, &reason))
    g_assert (name != NULL && reason != NULL && g_utf8_validate (reason, -1, NULL));
  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);

      g_assert (alm_model_find_field (model, field->name) == field);
      g_assert (alm_field_get_title (field, "de") != NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmValue) value = size > 0 ? alm_json_parse ((const char *) data, (gssize) size, NULL,
                                                          NULL) : NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmModel) model = NULL;
  AlmValue *schema;

  if (value == NULL)
    return 0;

  schema = alm_value_get (value, "schema");
  model = alm_model_new ("thing", schema != NULL ? schema : value, faults);
  g_assert ((model == NULL) == (faults->len > 0));
  for (guint i = 0; i < faults->len; i++)
    g_assert (g_str_has_prefix (faults->pdata[i], "/")
              && g_utf8_validate (faults->pdata[i], -1, NULL));
  if (model != NULL)
    try_model (model, alm_value_get (value, "fields") != NULL ? alm_value_get (value, "fields")
                                                              : value);

  return 0;
}
