/* SPDX-License-Identifier: EUPL-1.2 */

/* The laws of the merge, on examples and on random triples.  JSON is written
 * with single quotes here. */

#include "config.h"

#include "alm-json.h"
#include "alm-merge.h"
#include "alm-random.h"

#include <string.h>

#define TRIPLES 20000

static const char schema_text[] =
  "{'type':'object','properties':{"
  " 'reg':{'type':'string'},"
  " 'later':{'type':'string','x-alm-collision':'later'},"
  " 'set':{'type':'array','x-alm-merge':'set'},"
  " 'count':{'type':'number','x-alm-merge':'counter'},"
  " 'max':{'type':'number','x-alm-merge':'max'},"
  " 'newest':{'type':'string','format':'date','x-alm-merge':'max'},"
  " 'text':{'type':'string','x-alm-merge':'text'},"
  " 'json':{'type':'object','x-alm-merge':'json'},"
  " 'article':{'type':'object','x-alm-merge':'article'},"
  " 'street':{'type':'string','x-alm-group':'place'},"
  " 'house':{'type':'string','x-alm-group':'place'}}}";

static AlmValue *
value_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  if (value == NULL)
    g_error ("%s: %s", error->message, json);

  return value;
}

static AlmModel *
model_new (void)
{
  g_autoptr (AlmValue) schema = value_of (schema_text);
  AlmModel *model = alm_model_new ("thing", schema, NULL);

  g_assert_nonnull (model);

  return model;
}

static GPtrArray *
conflicts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) alm_merge_conflict_free);
}

/* "field part base theirs mine", one a line. */
static char *
describe (const GPtrArray *conflicts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < conflicts->len; i++)
    {
      const AlmMergeConflict *conflict = conflicts->pdata[i];

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", conflict->field);
      g_string_append_c (text, ' ');
      alm_value_print (conflict->part, text);
      g_string_append_c (text, ' ');
      alm_value_print (conflict->base, text);
      g_string_append_c (text, ' ');
      alm_value_print (conflict->theirs, text);
      g_string_append_c (text, ' ');
      alm_value_print (conflict->mine, text);
    }
  g_strdelimit (text->str, "\"", '\'');

  return g_string_free (text, FALSE);
}

/* base · theirs · mine · merged · conflicts */
static const char *const cases[][5] = {
  /* Different fields of one record. */
  { "{'reg':'a'}", "{'reg':'a','later':'x'}", "{'reg':'b'}", "{'later':'x','reg':'b'}", "" },
  { "{'reg':'a'}", "{'reg':'b'}", "{'reg':'c'}", "{'reg':'b'}", "reg null 'a' 'b' 'c'" },
  { "{'reg':'a'}", "{'reg':'b'}", "{'reg':null}", "{'reg':'b'}", "reg null 'a' 'b' null" },
  { "{'reg':'a'}", "{}", "{'reg':'c'}", "{}", "reg null 'a' null 'c'" },
  { "{'reg':'a'}", "{'reg':'a'}", "{'reg':null}", "{}", "" },
  { "{}", "{'reg':'b'}", "{'reg':'c'}", "{'reg':'b'}", "reg null null 'b' 'c'" },
  { "{'later':'a'}", "{'later':'b'}", "{'later':'c'}", "{'later':'c'}",
    "later null 'a' 'b' 'c'" },
  { "{'unknown':1}", "{'unknown':2}", "{'unknown':3}", "{'unknown':2}", "unknown null 1 2 3" },
  { "{'article':{'a':1}}", "{'article':{'a':2}}", "{'article':{'b':1}}", "{'article':{'a':2}}",
    "article null {'a':1} {'a':2} {'b':1}" },

  /* Counters add up, in millionths; nothing is 0. */
  { "{'count':5}", "{'count':7}", "{'count':6}", "{'count':8}", "" },
  { "{'count':5}", "{'count':7}", "{'count':7}", "{'count':9}", "" },
  { "{}", "{'count':2}", "{'count':3}", "{'count':5}", "" },
  { "{'count':0.1}", "{'count':0.3}", "{'count':0.4}", "{'count':0.6}", "" },
  { "{'count':5}", "{'count':7}", "{'count':null}", "{'count':2}", "" },
  { "{'count':5}", "{}", "{'count':null}", "{}", "" },
  { "{'count':1}", "{'count':9007199254740991}", "{'count':2}", "{'count':9007199254740991}",
    "count null 1 9007199254740991 2" },

  { "{'count':'x'}", "{'count':2}", "{'count':2}", "{'count':2}", "" },
  { "{'count':'x'}", "{'count':2}", "{'count':3}", "{'count':2}", "count null 'x' 2 3" },

  { "{'max':5}", "{'max':7}", "{'max':6}", "{'max':7}", "" },
  { "{'max':5}", "{'max':6}", "{'max':10}", "{'max':10}", "" },
  { "{'max':500}", "{'max':500}", "{'max':50}", "{'max':50}", "" },
  { "{'max':5}", "{}", "{'max':6}", "{'max':6}", "" },
  { "{'max':5}", "{'max':'x'}", "{'max':6}", "{'max':'x'}", "max null 5 'x' 6" },
  { "{'newest':'2024-01-01'}", "{'newest':'2024-09-01'}", "{'newest':'2024-10-01'}",
    "{'newest':'2024-10-01'}", "" },

  /* Sets: by value, or by id. */
  { "{'set':['a','b']}", "{'set':['a','b','c']}", "{'set':['b']}", "{'set':['b','c']}", "" },
  { "{}", "{'set':['b']}", "{'set':['a']}", "{'set':['a','b']}", "" },
  { "{'set':['a']}", "{'set':[]}", "{'set':['a','b']}", "{'set':['b']}", "" },
  { "{}", "{'set':['a']}", "{'set':[{'id':1}]}", "{'set':['a',{'id':1}]}", "" },
  { "{'set':[{'id':1,'x':1}]}", "{'set':[{'id':1,'x':2}]}", "{'set':[{'id':1,'x':1},{'id':2}]}",
    "{'set':[{'id':1,'x':2},{'id':2}]}", "" },
  { "{'set':[{'id':1,'x':1}]}", "{'set':[{'id':1,'x':2}]}", "{'set':[{'id':1,'x':3}]}",
    "{'set':[{'id':1,'x':2}]}",
    "set {'id':1} {'id':1,'x':1} {'id':1,'x':2} {'id':1,'x':3}" },
  { "{'set':[{'id':1,'x':1}]}", "{'set':[]}", "{'set':[{'id':1,'x':3}]}", "{'set':[]}",
    "set {'id':1} {'id':1,'x':1} null {'id':1,'x':3}" },
  { "{'set':['a']}", "{'set':'a'}", "{'set':['b']}", "{'set':'a'}", "set null ['a'] 'a' ['b']" },

  { "{'text':'Die Linde ist alt.'}", "{'text':'Die Linde ist sehr alt.'}",
    "{'text':'Die kranke Linde ist alt.'}", "{'text':'Die kranke Linde ist sehr alt.'}", "" },
  { "{'text':'alt'}", "{'text':'jung'}", "{'text':'krank'}", "{'text':'jung'}",
    "text null 'alt' 'jung' 'krank'" },
  { "{'text':'alt'}", "{}", "{'text':'krank'}", "{}", "text null 'alt' null 'krank'" },

  { "{'json':{'a':1,'b':{'c':1}}}", "{'json':{'a':2,'b':{'c':1}}}",
    "{'json':{'a':1,'b':{'c':2},'d':1}}", "{'json':{'a':2,'b':{'c':2},'d':1}}", "" },
  { "{'json':{'b':{'c/d':1}}}", "{'json':{'b':{'c/d':2}}}", "{'json':{'b':{'c/d':3}}}",
    "{'json':{'b':{'c/d':2}}}", "json {'path':'/b/c~1d'} 1 2 3" },
  { "{'json':{'a':1}}", "{'json':{}}", "{'json':{'a':2}}", "{'json':{}}",
    "json {'path':'/a'} 1 null 2" },
  { "{'json':{'a':1}}", "{}", "{'json':{'a':2}}", "{}", "json null {'a':1} null {'a':2}" },
  { "{'json':{'a':[1]}}", "{'json':{'a':[1,2]}}", "{'json':{'a':[1,3]}}", "{'json':{'a':[1,2]}}",
    "json {'path':'/a'} [1] [1,2] [1,3]" },

  /* A group has one author, though both changed different members. */
  { "{'house':'1','street':'A'}", "{'house':'2','street':'A'}", "{'street':'B'}",
    "{'house':'2','street':'A'}",
    "place null {'house':'1','street':'A'} {'house':'2','street':'A'} {'house':'1','street':'B'}" },
  { "{'house':'1','street':'A'}", "{'house':'1','street':'A'}", "{'street':'B'}",
    "{'house':'1','street':'B'}", "" },
  { "{'house':'1','street':'A'}", "{'house':'2','street':'B'}", "{'house':'2','street':'B'}",
    "{'house':'2','street':'B'}", "" },
  { "{'house':'1','street':'A'}", "{'house':'1','street':'A'}", "{'house':null,'street':null}",
    "{}", "" },
};

static void
test_examples (void)
{
  g_autoptr (AlmModel) model = model_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) base = value_of (cases[i][0]);
      g_autoptr (AlmValue) theirs = value_of (cases[i][1]);
      g_autoptr (AlmValue) mine = value_of (cases[i][2]);
      g_autoptr (GPtrArray) conflicts = conflicts_new ();
      g_autoptr (AlmValue) merged = alm_merge_fields (model, base, theirs, mine, conflicts);
      g_autofree char *text = g_strdelimit (alm_value_to_text (merged), "\"", '\'');
      g_autofree char *said = describe (conflicts);

      g_assert_cmpstr (text, ==, cases[i][3]);
      g_assert_cmpstr (said, ==, cases[i][4]);
    }
}

static void
test_without_a_model_all_are_registers (void)
{
  g_autoptr (AlmValue) base = value_of ("{'count':1,'set':[1]}");
  g_autoptr (AlmValue) theirs = value_of ("{'count':2,'set':[1]}");
  g_autoptr (AlmValue) mine = value_of ("{'count':3,'set':[2]}");
  g_autoptr (GPtrArray) conflicts = conflicts_new ();
  g_autoptr (AlmValue) merged = alm_merge_fields (NULL, base, theirs, mine, conflicts);
  g_autofree char *text = alm_value_to_text (merged);

  g_assert_cmpstr (text, ==, "{\"count\":2,\"set\":[2]}");
  g_assert_cmpuint (conflicts->len, ==, 1);
}

static AlmValue *
random_text (AlmRandom *random)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint n = alm_random_below (random, 6); n > 0; n--)
    g_string_append_printf (text, "%c ", 'a' + (char) alm_random_below (random, 4));

  return alm_value_new_text (text->str);
}

static AlmValue *
random_set (AlmRandom *random)
{
  AlmValue *list = alm_value_new_list ();

  for (guint i = 0; i < 5; i++)
    if (alm_random_below (random, 2) == 0)
      alm_value_append (list, alm_value_new_integer (i));

  return list;
}

static AlmValue *
random_json (AlmRandom *random,
             guint      depth)
{
  AlmValue *object;

  if (depth == 0 || alm_random_below (random, 3) == 0)
    return alm_value_new_integer (alm_random_below (random, 3));

  object = alm_value_new_object ();
  for (guint i = 0; i < 3; i++)
    if (alm_random_below (random, 2) == 0)
      {
        char key[] = { 'a' + (char) i, '\0' };

        alm_value_set (object, key, random_json (random, depth - 1));
      }

  return object;
}

/* A small world, so that equal values are frequent; NULL now and then. */
static AlmValue *
random_value (AlmRandom  *random,
              const char *field)
{
  if (alm_random_below (random, 8) == 0)
    return NULL;
  if (strcmp (field, "set") == 0)
    return random_set (random);
  if (strcmp (field, "count") == 0)
    return alm_value_new_double ((double) alm_random_below (random, 40) / 8);
  if (strcmp (field, "max") == 0)
    return alm_value_new_integer (alm_random_below (random, 4));
  if (strcmp (field, "json") == 0 || strcmp (field, "article") == 0)
    return random_json (random, 3);

  return random_text (random);
}

static AlmValue *
merge_one (const AlmModel *model,
           const char     *field,
           AlmValue       *base,
           AlmValue       *theirs,
           AlmValue       *mine,
           GPtrArray      *conflicts)
{
  g_autoptr (AlmValue) b = alm_value_new_object ();
  g_autoptr (AlmValue) t = alm_value_new_object ();
  g_autoptr (AlmValue) m = alm_value_new_object ();
  g_autoptr (AlmValue) merged = NULL;
  AlmValue *value;

  alm_value_set (b, field, base != NULL ? alm_value_ref (base) : NULL);
  alm_value_set (t, field, theirs != NULL ? alm_value_ref (theirs) : NULL);
  alm_value_set (m, field, mine != NULL ? alm_value_ref (mine) : alm_value_new_null ());
  merged = alm_merge_fields (model, b, t, m, conflicts);
  value = alm_value_get (merged, field);

  return value != NULL ? alm_value_ref (value) : NULL;
}

static void
assert_same (const char     *field,
             const AlmValue *a,
             const AlmValue *b)
{
  g_autofree char *left = alm_value_to_text (a);
  g_autofree char *right = alm_value_to_text (b);

  if (strcmp (left, right) != 0)
    g_error ("%s: %s is not %s", field, left, right);
}

static gboolean
contains (const AlmValue *list,
          gint64          number)
{
  for (guint i = 0; i < alm_value_get_size (list); i++)
    if (alm_value_get_integer (alm_value_get_item (list, i)) == number)
      return TRUE;

  return FALSE;
}

/* Set and counter by their definition, written once more. */
static void
check_against_definition (const char     *field,
                          const AlmValue *base,
                          const AlmValue *theirs,
                          const AlmValue *mine,
                          const AlmValue *merged)
{
  if (strcmp (field, "set") == 0)
    for (gint64 i = 0; i < 5; i++)
      {
        gboolean added = contains (mine, i) && !contains (base, i);
        gboolean removed = !contains (mine, i) && contains (base, i);

        g_assert_cmpint (contains (merged, i), ==,
                         !removed && (contains (theirs, i) || added));
      }
  else if (strcmp (field, "count") == 0 && theirs == NULL && mine == NULL)
    g_assert_null (merged);
  else if (strcmp (field, "count") == 0)
    {
      double sum = 0;
      const AlmValue *parts[] = { theirs, mine, base };
      double signs[] = { 1, 1, -1 };

      for (guint i = 0; i < 3; i++)
        sum += parts[i] != NULL ? signs[i] * alm_value_get_double (parts[i]) : 0;
      g_assert_cmpfloat (merged != NULL ? alm_value_get_double (merged) : 0, ==, sum);
    }
}

/* A value that was changed is in the record or in a conflict. */
static void
check_nothing_vanished (const char      *field,
                        const AlmValue  *base,
                        const AlmValue  *theirs,
                        const AlmValue  *mine,
                        const AlmValue  *merged,
                        const GPtrArray *conflicts)
{
  gboolean whole = strcmp (field, "set") != 0 && strcmp (field, "count") != 0
                   && strcmp (field, "max") != 0 && strcmp (field, "newest") != 0
                   && strcmp (field, "text") != 0
                   && strcmp (field, "json") != 0;
  gboolean differ = !alm_value_equal (base, theirs) && !alm_value_equal (base, mine)
                    && !alm_value_equal (theirs, mine);

  if (!differ)
    g_assert_cmpuint (conflicts->len, ==, 0);
  if (whole)
    g_assert_cmpuint (conflicts->len, ==, differ ? 1 : 0);

  for (guint i = 0; i < conflicts->len; i++)
    {
      const AlmMergeConflict *conflict = conflicts->pdata[i];

      g_assert_cmpstr (conflict->field, ==, field);
      g_assert_false (alm_value_equal (conflict->theirs, conflict->mine));
      g_assert_false (alm_value_equal (conflict->base, conflict->mine));
      g_assert_false (alm_value_equal (conflict->base, conflict->theirs));
      if (conflict->part == NULL)
        {
          assert_same (field, conflict->base, base);
          assert_same (field, conflict->theirs, theirs);
          assert_same (field, conflict->mine, mine);
          assert_same (field, merged, strcmp (field, "later") == 0 ? mine : theirs);
        }
    }
}

/* Leaves of an object as "/a/b" → text; an object without members is a leaf. */
static void
collect_leaves (const AlmValue *value,
                const char     *path,
                GHashTable     *leaves)
{
  if (!alm_value_is (value, ALM_VALUE_OBJECT))
    {
      if (value != NULL)
        g_hash_table_insert (leaves, g_strdup (path), alm_value_to_text (value));
      return;
    }

  for (guint i = 0; i < alm_value_get_size (value); i++)
    {
      g_autofree char *longer = g_strconcat (path, "/", alm_value_get_key (value, i), NULL);

      collect_leaves (alm_value_get_item (value, i), longer, leaves);
    }
}

/* Each leaf that one side has set is in the result, or below a conflict's path. */
static void
check_leaves (const AlmValue  *base,
              const AlmValue  *side,
              const AlmValue  *merged,
              const GPtrArray *conflicts)
{
  g_autoptr (GHashTable) before = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) after = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer path, text;

  collect_leaves (base, "", before);
  collect_leaves (side, "", there);
  collect_leaves (merged, "", after);
  g_hash_table_iter_init (&iter, there);
  while (g_hash_table_iter_next (&iter, &path, &text))
    {
      gboolean found = g_strcmp0 (g_hash_table_lookup (before, path), text) == 0
                       || g_strcmp0 (g_hash_table_lookup (after, path), text) == 0;

      for (guint i = 0; !found && i < conflicts->len; i++)
        {
          const AlmMergeConflict *conflict = conflicts->pdata[i];
          const char *at = alm_value_get_text_of (conflict->part, "path");

          found = at == NULL || g_str_has_prefix (path, at);
        }
      if (!found)
        g_error ("%s = %s has vanished", (char *) path, (char *) text);
    }
}

static void
check_triple (const AlmModel *model,
              const char     *field,
              AlmRandom      *random)
{
  g_autoptr (AlmValue) b = random_value (random, field);
  g_autoptr (AlmValue) x = random_value (random, field);
  g_autoptr (AlmValue) y = random_value (random, field);
  g_autoptr (GPtrArray) none = conflicts_new ();
  g_autoptr (GPtrArray) conflicts = conflicts_new ();
  g_autoptr (GPtrArray) swapped_conflicts = conflicts_new ();
  g_autoptr (AlmValue) theirs_only = merge_one (model, field, b, x, b, none);
  g_autoptr (AlmValue) mine_only = merge_one (model, field, b, b, x, none);
  g_autoptr (AlmValue) merged = merge_one (model, field, b, x, y, conflicts);
  g_autoptr (AlmValue) swapped = merge_one (model, field, b, y, x, swapped_conflicts);
  gboolean sums = strcmp (field, "count") == 0;

  assert_same (field, theirs_only, x);
  assert_same (field, mine_only, x);
  if (!sums)
    {
      g_autoptr (AlmValue) both = merge_one (model, field, b, x, x, none);

      assert_same (field, both, x);
    }
  g_assert_cmpuint (none->len, ==, 0);

  if (sums || strcmp (field, "set") == 0 || strcmp (field, "max") == 0)
    {
      assert_same (field, merged, swapped);
      check_against_definition (field, b, x, y, merged);
    }
  g_assert_cmpuint (conflicts->len, ==, swapped_conflicts->len);
  check_nothing_vanished (field, b, x, y, merged, conflicts);
  if (strcmp (field, "json") == 0)
    {
      check_leaves (b, x, merged, conflicts);
      check_leaves (b, y, merged, conflicts);
    }
}

static void
test_laws (gconstpointer data)
{
  const char *field = data;
  g_autoptr (AlmModel) model = model_new ();
  guint64 seed = (guint32) g_test_rand_int ();
  AlmRandom random;

  g_test_message ("seed %" G_GUINT64_FORMAT, seed);
  alm_random_seed_by (&random, seed, field);
  for (guint i = 0; i < TRIPLES; i++)
    check_triple (model, field, &random);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const fields[] = {
    "reg", "later", "set", "count", "max", "newest", "text", "json", "article", "unknown"
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/merge/examples", test_examples);
  g_test_add_func ("/domain/merge/no-model", test_without_a_model_all_are_registers);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *path = g_strconcat ("/domain/merge/laws/", fields[i], NULL);

      g_test_add_data_func (path, fields[i], test_laws);
    }

  return g_test_run ();
}
