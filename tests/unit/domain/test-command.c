/* SPDX-License-Identifier: EUPL-1.2 */

/* JSON is written with single quotes here. */

#include "config.h"

#include "alm-command.h"
#include "alm-json.h"
#include "alm-model.h"

#include <string.h>

#define ID "01931f2e-7c1a-7e3b-9d41-5a0f6c2b8e10"
#define HEAD "'cid':'9f0c3a51d2e7b846','id':'" ID "'"

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

/* Read and written again they are the same. */
static const char *const good[] = {
  "{'at':'2026-11-23T08:12:00Z','base':90120,'batch':'" ID "','cid':'9f0c3a51d2e7b846','id':'" ID
  "','n':4711,'old':{'status':'aktiv'},'op':'upd','set':{'status':'gefällt'}}",
  "{" HEAD ",'kind':'tree','op':'new','scope':'ksj/baeume','set':{'a':1}}",
  "{" HEAD ",'kind':'tree','op':'new','scope':'local'}",
  "{" HEAD ",'op':'upd','set':{'a':null}}",
  "{'base':3,'cid':'9f0c3a51d2e7b846','confirm':true,'id':'" ID "','op':'del'}",
  "{" HEAD ",'n':1,'op':'undel'}",
  "{'cid':'9f0c3a51d2e7b846','conflict':'" ID "','id':'" ID "','op':'resolve','set':{'a':1}}",
  "{'cid':'9f0c3a51d2e7b846','fields':['phone'],'id':'" ID "','op':'erase','reason':'Art. 17'}",
  "{" HEAD ",'op':'erase'}",
};

static void
test_commands_come_back_the_same (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (AlmValue) value = value_of (good[i]);
      g_autofree char *reason = NULL;
      const char *code = NULL;
      g_autoptr (AlmCommand) command = alm_command_from_value (value, &code, &reason);
      g_autoptr (AlmCommand) copy = NULL;
      g_autoptr (AlmValue) back = NULL;
      g_autofree char *text = NULL;
      g_autofree char *wanted = alm_value_to_text (value);

      if (command == NULL)
        g_error ("%s: %s: %s", good[i], code, reason);
      copy = alm_command_copy (command);
      back = alm_command_to_value (copy);
      text = alm_value_to_text (back);
      g_assert_cmpstr (text, ==, wanted);
    }
}

static void
test_the_members_are_read (void)
{
  g_autoptr (AlmValue) value = value_of (good[0]);
  g_autoptr (AlmCommand) command = alm_command_from_value (value, NULL, NULL);
  g_autofree char *id = alm_id_to_text (&command->id);

  g_assert_cmpint (command->op, ==, ALM_OP_UPD);
  g_assert_cmpint (command->n, ==, 4711);
  g_assert_cmpint (command->base, ==, 90120);
  g_assert_cmpstr (command->cid, ==, "9f0c3a51d2e7b846");
  g_assert_cmpstr (id, ==, ID);
  g_assert_cmpstr (alm_value_get_text_of (command->set, "status"), ==, "gefällt");
  g_assert_cmpstr (alm_value_get_text_of (command->old, "status"), ==, "aktiv");
  g_assert_false (command->confirm);
  g_assert_null (command->scope);
}

/* text · code · what the reason holds */
static const char *const bad[][3] = {
  { "[]", "bad-value", "an object" },
  { "{" HEAD "}", "unknown-op", "op" },
  { "{" HEAD ",'op':'patch'}", "unknown-op", "\"patch\"" },
  { "{" HEAD ",'op':7}", "unknown-op", "op" },
  { "{" HEAD ",'op':'undel','colour':1}", "bad-value", "unknown member \"colour\"" },
  { "{" HEAD ",'op':'del','set':{'a':1}}", "bad-value", "set: not with op del" },
  { "{" HEAD ",'op':'upd','scope':'a','set':{'a':1}}", "bad-value", "scope: not with op upd" },
  { "{" HEAD ",'op':'upd','set':{'a':1},'confirm':true}", "bad-value", "confirm: not with" },
  { "{'cid':'9f0c3a51d2e7b846','op':'undel'}", "bad-id", "id:" },
  { "{'cid':'9f0c3a51d2e7b846','id':'x','op':'undel'}", "bad-id", "id:" },
  { "{'cid':'9f0c3a51d2e7b846','id':7,'op':'undel'}", "bad-id", "id:" },
  { "{'id':'" ID "','op':'undel'}", "bad-value", "cid:" },
  { "{'cid':'9F0C3A51D2E7B846','id':'" ID "','op':'undel'}", "bad-value", "cid:" },
  { "{'cid':'9f0c3a51d2e7b84','id':'" ID "','op':'undel'}", "bad-value", "cid:" },
  { "{" HEAD ",'op':'undel','n':0}", "bad-value", "n:" },
  { "{" HEAD ",'op':'undel','n':1.5}", "bad-value", "n:" },
  { "{" HEAD ",'op':'undel','n':'1'}", "bad-value", "n:" },
  { "{" HEAD ",'op':'undel','base':-1}", "bad-value", "base:" },
  { "{" HEAD ",'op':'undel','at':7}", "bad-value", "at:" },
  { "{" HEAD ",'op':'undel','batch':'x'}", "bad-id", "batch:" },
  { "{" HEAD ",'op':'del','confirm':1}", "bad-value", "confirm:" },
  { "{" HEAD ",'op':'upd'}", "bad-value", "set:" },
  { "{" HEAD ",'op':'upd','set':{}}", "bad-value", "set:" },
  { "{" HEAD ",'op':'upd','set':[]}", "bad-value", "set:" },
  { "{" HEAD ",'op':'upd','set':{'A':1}}", "bad-value", "\"A\"" },
  { "{" HEAD ",'op':'upd','set':{'a-b':1}}", "bad-value", "\"a-b\"" },
  { "{" HEAD ",'op':'upd','set':{'a':1},'old':{'a':null}}", "bad-value", "old/a" },
  { "{" HEAD ",'op':'upd','set':{'a':1},'old':7}", "bad-value", "old:" },
  { "{" HEAD ",'op':'new','kind':'tree'}", "bad-value", "scope:" },
  { "{" HEAD ",'op':'new','scope':'a/','kind':'tree'}", "bad-value", "scope:" },
  { "{" HEAD ",'op':'new','scope':'a'}", "bad-value", "kind:" },
  { "{" HEAD ",'op':'new','scope':'a','kind':'Tree'}", "bad-value", "kind:" },
  { "{" HEAD ",'op':'resolve','set':{'a':1}}", "bad-id", "conflict:" },
  { "{" HEAD ",'op':'erase','fields':[]}", "bad-value", "fields:" },
  { "{" HEAD ",'op':'erase','fields':['a','B']}", "bad-value", "fields/1" },
  { "{" HEAD ",'op':'erase','fields':'a'}", "bad-value", "fields:" },
  { "{" HEAD ",'op':'erase','reason':7}", "bad-value", "reason:" },
};

static void
assert_refused (const AlmValue *value,
                const char     *wanted_code,
                const char     *holds)
{
  const char *code = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (AlmCommand) command = alm_command_from_value (value, &code, &reason);

  g_assert_null (command);
  g_assert_cmpstr (code, ==, wanted_code);
  if (strstr (reason, holds) == NULL)
    g_error ("%s does not hold %s", reason, holds);
  g_assert_true (g_utf8_validate (reason, -1, NULL));
}

static void
test_bad_commands_are_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (AlmValue) value = value_of (bad[i][0]);

      assert_refused (value, bad[i][1], bad[i][2]);
    }
}

static AlmValue *
update_of (AlmValue *set)
{
  AlmValue *value = value_of ("{" HEAD ",'op':'upd'}");

  alm_value_set (value, "set", set);

  return value;
}

static void
test_sizes_are_limited (void)
{
  g_autofree char *large = g_strnfill (ALM_FIELD_SIZE_MAX - 1, 'a');
  g_autofree char *fits = g_strnfill (ALM_FIELD_SIZE_MAX - 100, 'a');
  AlmValue *many = alm_value_new_object ();
  AlmValue *one = alm_value_new_object ();
  AlmValue *three = alm_value_new_object ();
  g_autoptr (AlmValue) many_fields = update_of (many);
  g_autoptr (AlmValue) large_field = update_of (one);
  g_autoptr (AlmValue) large_record = update_of (three);
  g_autoptr (AlmCommand) command = NULL;

  for (guint i = 0; i < ALM_RECORD_FIELDS_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("f%u", i);

      alm_value_set_integer (many, name, 1);
    }
  command = alm_command_from_value (many_fields, NULL, NULL);
  g_assert_nonnull (command);
  alm_value_set_integer (many, "over", 1);
  assert_refused (many_fields, "too-large", "more than 500");

  alm_value_set_text (one, "text", large);
  assert_refused (large_field, "too-large", "set/text");

  alm_value_set_text (three, "a", fits);
  alm_value_set_text (three, "b", fits);
  alm_value_set_text (three, "c", fits);
  assert_refused (large_record, "too-large", "set:");
}

/* A message may cut a name, but not a character. */
static void
test_reasons_are_text (void)
{
  g_autoptr (GString) key = g_string_new ("x");
  g_autoptr (AlmValue) value = value_of ("{" HEAD ",'op':'undel'}");

  for (guint i = 0; i < 100; i++)
    g_string_append (key, "ä");
  alm_value_set_integer (value, key->str, 1);
  assert_refused (value, "bad-value", "unknown member");
}

static void
test_ops_have_names (void)
{
  AlmOp op;

  for (int i = ALM_OP_NEW; i <= ALM_OP_ERASE; i++)
    {
      g_assert_true (alm_op_from_text (alm_op_to_text ((AlmOp) i), &op));
      g_assert_cmpint (op, ==, i);
    }
  g_assert_false (alm_op_from_text ("NEW", &op));
  g_assert_false (alm_op_from_text (NULL, &op));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/domain/command/round", test_commands_come_back_the_same);
  g_test_add_func ("/domain/command/members", test_the_members_are_read);
  g_test_add_func ("/domain/command/bad", test_bad_commands_are_refused);
  g_test_add_func ("/domain/command/limits", test_sizes_are_limited);
  g_test_add_func ("/domain/command/reasons", test_reasons_are_text);
  g_test_add_func ("/domain/command/ops", test_ops_have_names);

  return g_test_run ();
}
