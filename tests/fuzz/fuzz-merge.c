/* SPDX-License-Identifier: EUPL-1.2 */

/* The laws of the merge on any three objects of fields, [base, theirs, mine]:
 * a side that has changed nothing changes nothing, no null is left, and a
 * collision names a value that both have changed. */

#include "config.h"

#include "alm-json.h"
#include "alm-merge.h"
#include "fuzz-target.h"

static const char schema[] =
  "{\"type\":\"object\",\"properties\":{"
  "\"a\":{\"type\":\"string\"},"
  "\"b\":{\"type\":\"string\",\"x-alm-collision\":\"later\"},"
  "\"c\":{\"type\":\"number\",\"x-alm-merge\":\"counter\"},"
  "\"g\":{\"type\":\"string\",\"x-alm-group\":\"gh\"},"
  "\"h\":{\"type\":\"string\",\"x-alm-group\":\"gh\"},"
  "\"j\":{\"type\":\"object\",\"x-alm-merge\":\"json\"},"
  "\"m\":{\"type\":\"number\",\"x-alm-merge\":\"max\"},"
  "\"s\":{\"type\":\"array\",\"x-alm-merge\":\"set\"},"
  "\"t\":{\"type\":\"string\",\"x-alm-merge\":\"text\"}}}";

static AlmModel *
get_model (void)
{
  static AlmModel *model;

  if (model == NULL)
    {
      g_autoptr (AlmValue) value = alm_json_parse (schema, -1, NULL, NULL);

      model = alm_model_new ("thing", value, NULL);
      g_assert (model != NULL);
    }

  return model;
}

static void
check_merge (const AlmValue *base,
             const AlmValue *theirs,
             const AlmValue *mine)
{
  g_autoptr (GPtrArray) conflicts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmValue) merged = alm_merge_fields (get_model (), base, theirs, mine, conflicts);
  g_autoptr (GPtrArray) none
    = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (AlmValue) unchanged = alm_merge_fields (get_model (), base, theirs, base, none);
  g_autofree char *text = alm_value_to_text (merged);
  g_autoptr (AlmValue) back = alm_json_parse (text, -1, NULL, NULL);

  g_assert (none->len == 0);
  g_assert (back != NULL && alm_value_equal (merged, back));
  for (guint i = 0; i < alm_value_get_size (mine); i++)
    g_assert (alm_value_get (merged, alm_value_get_key (mine, i)) == NULL
              || !alm_value_is (alm_value_get (merged, alm_value_get_key (mine, i)),
                                ALM_VALUE_NULL));
  for (guint i = 0; i < conflicts->len; i++)
    {
      const AlmMergeConflict *conflict = conflicts->pdata[i];

      g_assert (!alm_value_equal (conflict->theirs, conflict->mine));
      g_assert (!alm_value_equal (conflict->theirs, conflict->base));
      g_assert (!alm_value_equal (conflict->mine, conflict->base));
    }
  for (guint i = 0; i < alm_value_get_size (base); i++)
    {
      const char *key = alm_value_get_key (base, i);

      g_assert (alm_value_equal (alm_value_get (unchanged, key), alm_value_get (theirs, key)));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (AlmValue) triple = size > 0 ? alm_json_parse ((const char *) data, (gssize) size, NULL,
                                                           NULL) : NULL;

  if (!alm_value_is (triple, ALM_VALUE_LIST) || alm_value_get_size (triple) != 3)
    return 0;
  for (guint i = 0; i < 3; i++)
    if (!alm_value_is (alm_value_get_item (triple, i), ALM_VALUE_OBJECT))
      return 0;

  check_merge (alm_value_get_item (triple, 0), alm_value_get_item (triple, 1),
               alm_value_get_item (triple, 2));

  return 0;
}
