/* SPDX-License-Identifier: EUPL-1.2 */

/* How a record was, told from its history.  JSON is written with single quotes here. */

#include "config.h"

#include "alm-history.h"
#include "alm-json.h"

static const char schema_text[] =
  "{'type':'object','properties':{"
  " 'species':{'type':'string'},'height':{'type':'number'},"
  " 'visits':{'type':'integer','x-alm-merge':'counter'},"
  " 'width':{'type':'number','x-alm-group':'size'},'depth':{'type':'number','x-alm-group':'size'},"
  " 'area':{'type':'number','readOnly':true}}}";

typedef struct
{
  AlmModel   *model;
  GPtrArray  *entries;
  const char *now;
} Fixture;

static AlmValue *
value_of (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  AlmValue *value = alm_json_parse (json, -1, NULL, &error);

  g_assert_no_error (error);

  return value;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (AlmValue) schema = value_of (schema_text);

  fixture->model = alm_model_new ("tree", schema, NULL);
  g_assert_nonnull (fixture->model);
  fixture->now = "{}";
  fixture->entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) alm_history_entry_free);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_ptr_array_unref (fixture->entries);
  alm_model_unref (fixture->model);
}

static AlmHistoryEntry *
add (Fixture    *fixture,
     const char *user,
     AlmOp       op,
     const char *set,
     const char *old)
{
  AlmHistoryEntry *entry = g_new0 (AlmHistoryEntry, 1);

  entry->user = g_strdup (user);
  entry->command = g_new0 (AlmCommand, 1);
  entry->command->op = op;
  entry->command->set = set != NULL ? value_of (set) : NULL;
  entry->command->old = old != NULL ? value_of (old) : NULL;
  g_ptr_array_add (fixture->entries, entry);

  return entry;
}

static void
assert_then (Fixture    *fixture,
             guint       n,
             gboolean    deleted_wanted,
             const char *wanted)
{
  gboolean deleted;
  g_autoptr (AlmValue) now = value_of (fixture->now);
  g_autoptr (AlmValue) fields = alm_history_replay (fixture->model, fixture->entries, n, now,
                                                    &deleted);
  g_autoptr (AlmValue) expected = value_of (wanted);
  g_autofree char *text = alm_value_to_text (fields);
  g_autofree char *expected_text = alm_value_to_text (expected);

  g_assert_cmpstr (text, ==, expected_text);
  g_assert_cmpint (deleted, ==, deleted_wanted);
}

static void
test_each_state_is_told (Fixture       *fixture,
                         gconstpointer  data)
{
  add (fixture, "anna", ALM_OP_NEW, "{'species':'Linde','height':3}", NULL);
  add (fixture, "bert", ALM_OP_UPD, "{'height':5,'width':1}", "{'height':3}");
  add (fixture, "bert", ALM_OP_DEL, NULL, NULL);
  add (fixture, "anna", ALM_OP_UNDEL, NULL, NULL);
  add (fixture, "anna", ALM_OP_UPD, "{'species':null}", "{'species':'Linde'}");
  add (fixture, "chef", ALM_OP_ERASE, NULL, NULL);

  assert_then (fixture, 0, TRUE, "{}");
  assert_then (fixture, 1, FALSE, "{'species':'Linde','height':3}");
  assert_then (fixture, 2, FALSE, "{'species':'Linde','height':5,'width':1}");
  assert_then (fixture, 3, TRUE, "{'species':'Linde','height':5,'width':1}");
  assert_then (fixture, 4, FALSE, "{'species':'Linde','height':5,'width':1}");
  assert_then (fixture, 6, FALSE, "{'height':5,'width':1}");
}

/* An entry says what its author meant, not what became of it. */
static void
test_states_are_merged_as_the_server_did (Fixture       *fixture,
                                          gconstpointer  data)
{
  add (fixture, "anna", ALM_OP_NEW, "{'height':3,'visits':10}", NULL);
  add (fixture, "anna", ALM_OP_UPD, "{'height':4,'visits':12}", "{'height':3,'visits':10}");
  /* Written at the same time: the height collides, both counts count. */
  add (fixture, "bert", ALM_OP_UPD, "{'height':9,'visits':11}", "{'height':3,'visits':10}");
  assert_then (fixture, 3, FALSE, "{'height':4,'visits':13}");

  add (fixture, "bert", ALM_OP_UPD, "{'height':50}", "{'height':4}")->state = ALM_HISTORY_REFUSED;
  assert_then (fixture, 4, FALSE, "{'height':4,'visits':13}");
}

/* Records that were brought along, or whose first years are told to nobody. */
static void
test_a_history_may_begin_late (Fixture       *fixture,
                               gconstpointer  data)
{
  fixture->now = "{'species':'Linde','height':6,'width':2}";
  add (fixture, "anna", ALM_OP_UPD, "{'height':5}", "{'height':3}");
  add (fixture, "bert", ALM_OP_UPD, "{'height':6,'width':2}", "{'height':5}");

  assert_then (fixture, 0, FALSE, "{'species':'Linde','height':3}");
  assert_then (fixture, 1, FALSE, "{'species':'Linde','height':5}");
  assert_then (fixture, 2, FALSE, "{'species':'Linde','height':6,'width':2}");
}

static void
assert_difference (Fixture    *fixture,
                   const char *now_text,
                   const char *then_text,
                   const char *wanted)
{
  g_autoptr (AlmValue) now = value_of (now_text);
  g_autoptr (AlmValue) then = value_of (then_text);
  g_autoptr (AlmValue) expected = value_of (wanted);
  g_autoptr (AlmValue) set = alm_history_difference (fixture->model, now, then);
  g_autofree char *text = alm_value_to_text (set);
  g_autofree char *expected_text = alm_value_to_text (expected);

  g_assert_cmpstr (text, ==, expected_text);
}

static void
test_what_differs_is_set (Fixture       *fixture,
                          gconstpointer  data)
{
  assert_difference (fixture, "{'height':3,'species':'Linde'}", "{'height':4,'width':2}",
                     "{'height':4,'width':2,'species':null}");
  assert_difference (fixture, "{'height':3}", "{'height':3}", "{}");
  /* What only the server writes, and what the model does not know any more. */
  assert_difference (fixture, "{'area':3,'gone':1}", "{'area':4,'gone':2}", "{}");
  assert_difference (fixture, "{'area':3,'gone':1}", "{}", "{}");
}

static void
test_who_came_later_is_found (Fixture       *fixture,
                              gconstpointer  data)
{
  add (fixture, "anna", ALM_OP_NEW, "{'height':3,'width':1}", NULL);
  add (fixture, "bert", ALM_OP_UPD, "{'height':5}", "{'height':3}");
  add (fixture, "cleo", ALM_OP_UPD, "{'depth':5}", NULL);
  add (fixture, "dora", ALM_OP_DEL, NULL, NULL);
  add (fixture, "emil", ALM_OP_UPD, "{'height':6}", "{'height':5}")->state = ALM_HISTORY_REFUSED;

#define LATER(index, field) \
  alm_history_find_later (fixture->model, fixture->entries, index, field)
  g_assert_cmpstr (LATER (0, "height"), ==, "bert");
  g_assert_cmpstr (LATER (1, "height"), ==, NULL);
  g_assert_cmpstr (LATER (0, "size"), ==, "cleo");    /* the group */
  g_assert_cmpstr (LATER (0, "species"), ==, NULL);
#undef LATER
}

static void
test_a_copy_is_whole (Fixture       *fixture,
                      gconstpointer  data)
{
  AlmHistoryEntry *entry = add (fixture, "anna", ALM_OP_UPD, "{'height':5}", "{'height':3}");
  g_autoptr (AlmHistoryEntry) copy = NULL;

  entry->seq = 7;
  entry->k = 8;
  entry->state = ALM_HISTORY_WAITING;
  copy = alm_history_entry_copy (entry);
  g_ptr_array_set_size (fixture->entries, 0);

  g_assert_cmpint (copy->seq, ==, 7);
  g_assert_cmpint (copy->k, ==, 8);
  g_assert_cmpstr (copy->user, ==, "anna");
  g_assert_cmpint (copy->state, ==, ALM_HISTORY_WAITING);
  g_assert_cmpint (alm_value_get_integer_of (copy->command->set, "height", 0), ==, 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/domain/history/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("replay", test_each_state_is_told);
  ADD ("replay/merged", test_states_are_merged_as_the_server_did);
  ADD ("replay/late", test_a_history_may_begin_late);
  ADD ("difference", test_what_differs_is_set);
  ADD ("later", test_who_came_later_is_found);
  ADD ("copy", test_a_copy_is_whole);

  return g_test_run ();
}
