/* SPDX-License-Identifier: EUPL-1.2 */

/* A record's history is taken line by line or refused with the line's number;
 * each entry that was taken, written as the server writes it, is read as the same. */

#include "config.h"

#include "alm-wire-history.h"
#include "fuzz-target.h"
#include "fuzz-value.h"

static const AlmId record = { { 1 } };

static GString *
print (const GPtrArray *changes)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const AlmHistoryEntry *change = changes->pdata[i];
      const AlmCommand *command = change->command;
      g_autoptr (AlmValue) value = alm_value_new_object ();
      char desk[ALM_ID_TEXT_SIZE];

      alm_id_print (&change->desk, desk);
      alm_value_set_integer (value, "seq", change->seq);
      alm_value_set_integer (value, "n", command->n);
      alm_value_set_text (value, "desk", desk);
      alm_value_set_text (value, "op", alm_op_to_text (command->op));
      alm_value_set_text (value, "user", change->user);
      alm_value_set_text (value, "at", command->at);
      if (command->set != NULL)
        alm_value_set (value, "set", alm_value_ref (command->set));
      if (command->old != NULL)
        alm_value_set (value, "old", alm_value_ref (command->old));
      alm_value_print (value, text);
      g_string_append_c (text, '\n');
    }

  return text;
}

static void
assert_same (const AlmHistoryEntry *a,
             const AlmHistoryEntry *b)
{
  g_assert_cmpint (a->seq, ==, b->seq);
  g_assert_true (alm_id_equal (&a->desk, &b->desk));
  g_assert_cmpstr (a->user, ==, b->user);
  g_assert_cmpint (a->command->n, ==, b->command->n);
  g_assert_cmpint (a->command->op, ==, b->command->op);
  g_assert_cmpstr (a->command->at, ==, b->command->at);
  assert_same_value (a->command->set, b->command->set);
  assert_same_value (a->command->old, b->command->old);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = alm_wire_history_parse (&record, text, size, &error);
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GString) written = NULL;

  if (changes == NULL)
    {
      g_assert_true (g_str_has_prefix (error->message, "line "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_no_error (error);

  for (guint i = 0; i < changes->len; i++)
    {
      const AlmHistoryEntry *change = changes->pdata[i];

      g_assert_cmpint (change->seq, >=, 1);
      g_assert_nonnull (change->user);
      g_assert_true (alm_id_equal (&change->command->id, &record));
    }
  written = print (changes);
  again = alm_wire_history_parse (&record, written->str, written->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, changes->len);
  for (guint i = 0; i < changes->len; i++)
    assert_same (again->pdata[i], changes->pdata[i]);

  return 0;
}
