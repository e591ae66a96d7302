/* SPDX-License-Identifier: EUPL-1.2 */

/* The three-way merge of a record's fields (sync.md, section 4.2).
 *
 * Invariants:
 *   1. A pure function of its arguments: desk and server decide alike.
 *   2. What only one side has changed is taken; what both have changed, and no
 *      kind of merge can join, stays in the record once and stands in a
 *      conflict with all three values.  Nothing vanishes without one.
 *   3. A null and an absent value are the same, and no null is in the result.
 * Any thread. */

#include "config.h"

#include "alm-merge.h"

#include "alm-text-merge.h"

#include <math.h>
#include <string.h>

#define MILLION 1000000

/* Where a value stands, and what happens if both sides have changed it. */
typedef struct
{
  const char *field;
  gboolean    later_wins;
  GPtrArray  *conflicts;
} Place;

void
alm_merge_conflict_free (AlmMergeConflict *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->field);
  g_clear_pointer (&self->part, alm_value_unref);
  g_clear_pointer (&self->base, alm_value_unref);
  g_clear_pointer (&self->theirs, alm_value_unref);
  g_clear_pointer (&self->mine, alm_value_unref);
  g_free (self);
}

/* A new reference, NULL for a null. */
static AlmValue *
keep (const AlmValue *value)
{
  return alm_value_is (value, ALM_VALUE_NULL) ? NULL : alm_value_ref ((AlmValue *) value);
}

/* Both have changed it.  @part: (transfer full) (nullable); returns what the
 * record holds (transfer full) (nullable). */
static AlmValue *
collide (const Place    *place,
         AlmValue       *part,
         const AlmValue *base,
         const AlmValue *theirs,
         const AlmValue *mine)
{
  AlmMergeConflict *conflict = g_new0 (AlmMergeConflict, 1);

  conflict->field = g_strdup (place->field);
  conflict->part = part;
  conflict->base = keep (base);
  conflict->theirs = keep (theirs);
  conflict->mine = keep (mine);
  g_ptr_array_add (place->conflicts, conflict);

  return keep (place->later_wins ? mine : theirs);
}

/* One of the three simple cases; FALSE if both have changed it, differently. */
static gboolean
is_simple (const AlmValue  *base,
           const AlmValue  *theirs,
           const AlmValue  *mine,
           AlmValue       **result)
{
  if (alm_value_equal (theirs, base))
    *result = keep (mine);
  else if (alm_value_equal (mine, base) || alm_value_equal (mine, theirs))
    *result = keep (theirs);
  else
    return FALSE;

  return TRUE;
}

/* The number in millionths; nothing counts as 0.  FALSE for what is no number
 * or too large to be counted. */
static gboolean
to_millionths (const AlmValue *value,
               gint64         *millionths)
{
  double number = alm_value_get_double (value);

  *millionths = 0;
  if (alm_value_is (value, ALM_VALUE_NULL))
    return TRUE;
  if (!(fabs (number) <= (double) ALM_VALUE_INTEGER_MAX / 4096))
    return FALSE;

  *millionths = alm_value_is (value, ALM_VALUE_INTEGER)
                ? alm_value_get_integer (value) * MILLION
                : (gint64) llround (number * MILLION);

  return TRUE;
}

/* theirs + mine − base: two counts are never a conflict. */
static AlmValue *
merge_counter (const Place    *place,
               const AlmValue *base,
               const AlmValue *theirs,
               const AlmValue *mine)
{
  gint64 before, there, here, sum;

  if (alm_value_equal (theirs, base))
    return keep (mine);
  if (alm_value_equal (mine, base))
    return keep (theirs);
  /* Both have taken the count away, not counted down twice. */
  if (alm_value_is (theirs, ALM_VALUE_NULL) && alm_value_is (mine, ALM_VALUE_NULL))
    return NULL;

  if (!to_millionths (base, &before) || !to_millionths (theirs, &there)
      || !to_millionths (mine, &here))
    return alm_value_equal (theirs, mine) ? keep (theirs)
                                          : collide (place, NULL, base, theirs, mine);

  /* Each is below 2^61, so this cannot overflow. */
  sum = there + here - before;

  return sum % MILLION == 0 ? alm_value_new_integer (sum / MILLION)
                            : alm_value_new_double ((double) sum / MILLION);
}

/* The greater one; nothing is less than anything. */
static AlmValue *
merge_max (const Place    *place,
           const AlmValue *base,
           const AlmValue *theirs,
           const AlmValue *mine)
{
  const char *their_text = alm_value_get_text (theirs);
  const char *my_text = alm_value_get_text (mine);

  if (alm_value_is (theirs, ALM_VALUE_NULL) || alm_value_is (mine, ALM_VALUE_NULL))
    return keep (alm_value_is (theirs, ALM_VALUE_NULL) ? mine : theirs);
  if (alm_value_is_number (theirs) && alm_value_is_number (mine))
    return keep (alm_value_get_double (theirs) >= alm_value_get_double (mine) ? theirs : mine);
  if (their_text != NULL && my_text != NULL)
    return keep (strcmp (their_text, my_text) >= 0 ? theirs : mine);

  return collide (place, NULL, base, theirs, mine);
}

static AlmValue *
merge_text (const Place    *place,
            const AlmValue *base,
            const AlmValue *theirs,
            const AlmValue *mine)
{
  const char *base_text = alm_value_is (base, ALM_VALUE_NULL) ? "" : alm_value_get_text (base);
  const char *their_text = alm_value_get_text (theirs);
  const char *my_text = alm_value_get_text (mine);
  g_autofree char *merged = NULL;

  if (base_text != NULL && their_text != NULL && my_text != NULL)
    merged = alm_text_merge (base_text, their_text, my_text);

  return merged != NULL ? alm_value_new_text (merged)
                        : collide (place, NULL, base, theirs, mine);
}

/* What an element of a set is known by: the value of its "id", else its own value. */
static char *
element_key (const AlmValue *element)
{
  const AlmValue *id = alm_value_get (element, "id");
  g_autofree char *text = alm_value_to_text (id != NULL ? id : element);

  return g_strconcat (id != NULL ? "i" : "v", text, NULL);
}

static gboolean
is_list_or_nothing (const AlmValue *value)
{
  return alm_value_is (value, ALM_VALUE_LIST) || alm_value_is (value, ALM_VALUE_NULL);
}

/* key → element (borrowed); of doubles the first. */
static GHashTable *
index_elements (const AlmValue *list,
                GHashTable     *keys)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < alm_value_get_size (list); i++)
    {
      AlmValue *element = alm_value_get_item (list, i);
      char *key = element_key (element);

      g_hash_table_add (keys, g_strdup (key));
      if (g_hash_table_contains (index, key))
        g_free (key);
      else
        g_hash_table_insert (index, key, element);
    }

  return index;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

typedef struct
{
  char     *text;
  AlmValue *value;
} Element;

static int
compare_elements (gconstpointer a,
                  gconstpointer b)
{
  return strcmp (((const Element *) a)->text, ((const Element *) b)->text);
}

/* The elements in the order of their canonical text; empties @elements. */
static AlmValue *
sort_elements (GPtrArray *elements)
{
  g_autofree Element *sorted = g_new0 (Element, MAX (elements->len, 1));
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; i < elements->len; i++)
    {
      sorted[i].value = elements->pdata[i];
      sorted[i].text = alm_value_to_text (sorted[i].value);
    }
  qsort (sorted, elements->len, sizeof (Element), compare_elements);

  for (guint i = 0; i < elements->len; i++)
    {
      alm_value_append (list, sorted[i].value);
      g_free (sorted[i].text);
    }
  g_ptr_array_set_size (elements, 0);

  return list;
}

static AlmValue *
merge_set (const Place    *place,
           const AlmValue *base,
           const AlmValue *theirs,
           const AlmValue *mine)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GHashTable) there = NULL;
  g_autoptr (GHashTable) here = NULL;
  g_autoptr (GPtrArray) elements = g_ptr_array_new ();
  g_autofree gpointer *order = NULL;
  guint n;

  if (!is_list_or_nothing (base) || !is_list_or_nothing (theirs) || !is_list_or_nothing (mine))
    return collide (place, NULL, base, theirs, mine);

  before = index_elements (base, keys);
  there = index_elements (theirs, keys);
  here = index_elements (mine, keys);

  /* By key, so that conflicts come in one order everywhere. */
  order = g_hash_table_get_keys_as_array (keys, &n);
  qsort (order, n, sizeof *order, compare_texts);
  for (guint i = 0; i < n; i++)
    {
      const AlmValue *old = g_hash_table_lookup (before, order[i]);
      const AlmValue *their = g_hash_table_lookup (there, order[i]);
      const AlmValue *my = g_hash_table_lookup (here, order[i]);
      AlmValue *element;

      if (!is_simple (old, their, my, &element))
        {
          AlmValue *part = alm_value_new_object ();
          const AlmValue *any = their != NULL ? their : my;

          alm_value_set (part, "id", alm_value_ref (alm_value_get (any, "id")));
          element = collide (place, part, old, their, my);
        }
      if (element != NULL)
        g_ptr_array_add (elements, element);
    }

  if (elements->len == 0 && (alm_value_is (theirs, ALM_VALUE_NULL)
                             || alm_value_is (mine, ALM_VALUE_NULL)))
    return NULL;

  return sort_elements (elements);
}

static char *
extend_path (const char *path,
             const char *key)
{
  g_autoptr (GString) longer = g_string_new (path);

  g_string_append_c (longer, '/');
  for (const char *c = key; *c != '\0'; c++)
    if (*c == '~')
      g_string_append (longer, "~0");
    else if (*c == '/')
      g_string_append (longer, "~1");
    else
      g_string_append_c (longer, *c);

  return g_string_free (g_steal_pointer (&longer), FALSE);
}

static gboolean
is_object_or_nothing (const AlmValue *value)
{
  return alm_value_is (value, ALM_VALUE_OBJECT) || alm_value_is (value, ALM_VALUE_NULL);
}

static void
add_keys (const AlmValue *object,
          AlmValue       *keys)
{
  for (guint i = 0; i < alm_value_get_size (object); i++)
    alm_value_set (keys, alm_value_get_key (object, i), alm_value_new_null ());
}

/* Objects member by member; all else is one value.  @path: of this value. */
static AlmValue *
merge_json (const Place    *place,
            const char     *path,
            const AlmValue *base,
            const AlmValue *theirs,
            const AlmValue *mine)
{
  g_autoptr (AlmValue) keys = alm_value_new_object ();
  AlmValue *result;

  if (is_simple (base, theirs, mine, &result))
    return result;

  if (!is_object_or_nothing (base) || !alm_value_is (theirs, ALM_VALUE_OBJECT)
      || !alm_value_is (mine, ALM_VALUE_OBJECT))
    {
      AlmValue *part = NULL;

      if (*path != '\0')
        {
          part = alm_value_new_object ();
          alm_value_set_text (part, "path", path);
        }
      return collide (place, part, base, theirs, mine);
    }

  add_keys (base, keys);
  add_keys (theirs, keys);
  add_keys (mine, keys);
  result = alm_value_new_object ();
  for (guint i = 0; i < alm_value_get_size (keys); i++)
    {
      const char *key = alm_value_get_key (keys, i);
      g_autofree char *longer = extend_path (path, key);

      alm_value_set (result, key, merge_json (place, longer, alm_value_get (base, key),
                                              alm_value_get (theirs, key),
                                              alm_value_get (mine, key)));
    }

  return result;
}

/* @field: NULL for one that no model knows */
static AlmValue *
merge_field (const AlmField *field,
             const Place    *place,
             const AlmValue *base,
             const AlmValue *theirs,
             const AlmValue *mine)
{
  AlmMergeKind kind = field != NULL ? field->merge : ALM_MERGE_REG;
  AlmValue *result;

  if (kind == ALM_MERGE_COUNTER)
    return merge_counter (place, base, theirs, mine);
  if (is_simple (base, theirs, mine, &result))
    return result;

  switch (kind)
    {
    case ALM_MERGE_SET:
      return merge_set (place, base, theirs, mine);

    case ALM_MERGE_MAX:
      return merge_max (place, base, theirs, mine);

    case ALM_MERGE_TEXT:
      return merge_text (place, base, theirs, mine);

    case ALM_MERGE_JSON:
      return merge_json (place, "", base, theirs, mine);

    case ALM_MERGE_REG:
    case ALM_MERGE_COUNTER:
    case ALM_MERGE_ARTICLE:
    default:
      return collide (place, NULL, base, theirs, mine);
    }
}

/* The members of @group in @fields as one object; NULL if there are none. */
static AlmValue *
take_tuple (const AlmModel *model,
            const char     *group,
            const AlmValue *fields,
            const AlmValue *over)
{
  g_autoptr (AlmValue) tuple = alm_value_new_object ();

  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);
      const AlmValue *value;

      if (g_strcmp0 (field->group, group) != 0)
        continue;
      value = alm_value_get (over, field->name);
      if (value == NULL)
        value = alm_value_get (fields, field->name);
      alm_value_set (tuple, field->name, keep (value));
    }

  return alm_value_get_size (tuple) > 0 ? g_steal_pointer (&tuple) : NULL;
}

/* Fields that belong together are one value: of one author, or of the other. */
static void
merge_group (const AlmModel *model,
             const AlmField *member,
             const AlmValue *base,
             const AlmValue *theirs,
             const AlmValue *mine,
             GPtrArray      *conflicts,
             AlmValue       *result)
{
  Place place = { member->group, member->later_wins, conflicts };
  g_autoptr (AlmValue) before = take_tuple (model, member->group, base, NULL);
  g_autoptr (AlmValue) there = take_tuple (model, member->group, theirs, NULL);
  g_autoptr (AlmValue) here = take_tuple (model, member->group, base, mine);
  g_autoptr (AlmValue) tuple = NULL;

  if (!is_simple (before, there, here, &tuple))
    tuple = collide (&place, NULL, before, there, here);

  for (guint i = 0; i < alm_model_get_n_fields (model); i++)
    {
      const AlmField *field = alm_model_get_field (model, i);

      if (g_strcmp0 (field->group, member->group) == 0)
        alm_value_set (result, field->name, keep (alm_value_get (tuple, field->name)));
    }
}

AlmValue *
alm_merge_fields (const AlmModel *model,
                  const AlmValue *base,
                  const AlmValue *theirs,
                  const AlmValue *mine,
                  GPtrArray      *conflicts)
{
  g_autoptr (GPtrArray) own_conflicts
    = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
  g_autoptr (GHashTable) groups = g_hash_table_new (g_str_hash, g_str_equal);
  AlmValue *result;

  result = alm_value_is (theirs, ALM_VALUE_OBJECT) ? alm_value_copy (theirs)
                                                   : alm_value_new_object ();
  if (conflicts == NULL)
    conflicts = own_conflicts;

  for (guint i = 0; alm_value_is (mine, ALM_VALUE_OBJECT) && i < alm_value_get_size (mine); i++)
    {
      const char *name = alm_value_get_key (mine, i);
      const AlmField *field = model != NULL ? alm_model_find_field (model, name) : NULL;
      Place place = { name, field != NULL && field->later_wins, conflicts };

      if (field != NULL && field->group != NULL)
        {
          if (g_hash_table_add (groups, field->group))
            merge_group (model, field, base, theirs, mine, conflicts, result);
        }
      else
        alm_value_set (result, name, merge_field (field, &place, alm_value_get (base, name),
                                                  alm_value_get (theirs, name),
                                                  alm_value_get_item (mine, i)));
    }

  return result;
}
