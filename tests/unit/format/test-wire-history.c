/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-format-error.h"
#include "alm-wire-history.h"

#include <string.h>

#define DESK "\"desk\":\"01931f2e-7c1a-7e3b-9d41-00000000d001\""
#define ENTRY(rest) "{\"seq\":7,\"n\":3," DESK rest "}\n"

static GPtrArray *
parse (const char  *text,
       GError     **error)
{
  AlmId id;

  g_assert_true (alm_id_parse (&id, "01931f2e-7c1a-7e3b-9d41-000000000001"));

  return alm_wire_history_parse (&id, text, strlen (text), error);
}

static void
test_entries_are_read_in_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = NULL;
  const AlmHistoryEntry *first, *second;
  g_autofree char *id = NULL;

  changes = parse (ENTRY (",\"user\":\"anna\",\"at\":\"2026-11-23T08:12:00Z\",\"op\":\"upd\","
                          "\"set\":{\"height\":14},\"old\":{\"height\":12},\"more\":[1]")
                   ENTRY (",\"op\":\"rename\"")
                   ENTRY (",\"op\":\"del\""), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 2);      /* what is not known here is passed over */

  first = changes->pdata[0];
  g_assert_cmpint (first->seq, ==, 7);
  g_assert_cmpint (first->command->n, ==, 3);
  g_assert_cmpstr (first->user, ==, "anna");
  g_assert_cmpstr (first->command->at, ==, "2026-11-23T08:12:00Z");
  g_assert_cmpint (first->command->op, ==, ALM_OP_UPD);
  g_assert_cmpint (alm_value_get_integer_of (first->command->set, "height", 0), ==, 14);
  g_assert_cmpint (alm_value_get_integer_of (first->command->old, "height", 0), ==, 12);
  id = alm_id_to_text (&first->command->id);
  g_assert_cmpstr (id, ==, "01931f2e-7c1a-7e3b-9d41-000000000001");

  second = changes->pdata[1];
  g_assert_cmpint (second->command->op, ==, ALM_OP_DEL);
  g_assert_cmpstr (second->user, ==, "");
  g_assert_null (second->command->set);
}

static void
test_an_empty_answer_is_a_record_without_history (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = parse ("", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (changes->len, ==, 0);
}

static void
test_bad_lines_are_named (void)
{
  static const char *const bad[] = {
    "\n", "[]\n", "{\n", "{}\n", ENTRY (""), ENTRY (",\"op\":7"),
    "{\"seq\":0,\"n\":3,\"desk\":\"01931f2e-7c1a-7e3b-9d41-00000000d001\",\"op\":\"upd\"}\n",
    "{\"seq\":7,\"n\":-1,\"desk\":\"01931f2e-7c1a-7e3b-9d41-00000000d001\",\"op\":\"upd\"}\n",
    "{\"seq\":7,\"n\":3,\"desk\":\"here\",\"op\":\"upd\"}\n",
    "{\"seq\":7,\"n\":3,\"op\":\"upd\"}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strconcat (ENTRY (",\"op\":\"del\""), bad[i], NULL);
      g_autoptr (GPtrArray) changes = parse (text, &error);

      if (changes != NULL)
        g_error ("taken: %s", bad[i]);
      g_assert_cmpint ((int) error->domain, ==, (int) ALM_FORMAT_ERROR);
      g_assert_true (g_str_has_prefix (error->message, "line 2: "));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/wire-history/entries", test_entries_are_read_in_order);
  g_test_add_func ("/format/wire-history/empty", test_an_empty_answer_is_a_record_without_history);
  g_test_add_func ("/format/wire-history/bad", test_bad_lines_are_named);

  return g_test_run ();
}
