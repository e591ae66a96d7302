/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-desk-recent.h"

#include <string.h>

/* Far enough back for all that a test does, and far enough ahead for nothing. */
#define LONG_AGO G_GINT64_CONSTANT (0)

static gint64
tomorrow (void)
{
  return g_get_real_time () + G_TIME_SPAN_DAY;
}

/* Today's hello: the desk has read what it has read. */
static void
say_hello (AlmDesk *desk)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e1", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_autoptr (GError) error = NULL;

  alm_desk_sync_take_hello (desk, hello, &plan, &error);
  g_assert_no_error (error);
}

static void
hear (AlmDesk    *desk,
      guint       number,
      gint64      ver,
      const char *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, ver, FALSE, NULL, lines));
}

/* "own: 000001×1; others: 000002" by the ends of the ids. */
static void
assert_recent (AlmDesk    *desk,
               gint64      since_us,
               guint       most,
               const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRecents) recents = alm_desk_list_recent (desk, since_us, most, &error);
  g_autoptr (GString) text = g_string_new ("own:");

  g_assert_no_error (error);
  for (guint i = 0; i < recents->own->len; i++)
    {
      const AlmRecent *recent = recents->own->pdata[i];
      g_autofree char *id = alm_id_to_text (&recent->row->id);

      g_assert_nonnull (recent->command);
      g_string_append_printf (text, " %s×%u", id + strlen (id) - 2, recent->n);
    }
  g_string_append (text, " others:");
  for (guint i = 0; i < recents->others->len; i++)
    {
      const AlmRecent *recent = recents->others->pdata[i];
      g_autofree char *id = alm_id_to_text (&recent->row->id);

      g_assert_null (recent->command);
      g_string_append_printf (text, " %s%s", id + strlen (id) - 2,
                              recent->row->deleted ? "x" : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_a_first_copy_is_no_news (AlmDeskFixture *fixture,
                              gconstpointer   data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRecents) recents = NULL;

  say_hello (fixture->desk);
  hear (fixture->desk, 1, 6, "{'species':'Linde'}");
  assert_recent (fixture->desk, tomorrow (), 8, "own: others:");

  say_hello (fixture->desk);       /* from now on it is known where the server stood */
  assert_recent (fixture->desk, tomorrow (), 8, "own: others:");
  recents = alm_desk_list_recent (fixture->desk, tomorrow (), 8, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (recents->day), ==, strlen ("2026-11-23"));
}

static void
test_what_others_did_since_is_listed (AlmDeskFixture *fixture,
                                      gconstpointer   data)
{
  hear (fixture->desk, 1, 6, "{'species':'Linde'}");
  say_hello (fixture->desk);
  hear (fixture->desk, 2, 7, "{'species':'Eiche'}");
  hear (fixture->desk, 3, 8, "{'species':'Ahorn'}");
  hear (fixture->desk, 1, 9, NULL);
  say_hello (fixture->desk);       /* the same day: its note stays */

  assert_recent (fixture->desk, tomorrow (), 8, "own: others: 01x 03 02");
  assert_recent (fixture->desk, tomorrow (), 2, "own: others: 01x 03");
}

static void
test_ones_own_are_told_apart (AlmDeskFixture *fixture,
                              gconstpointer   data)
{
  AlmDesk *desk = fixture->desk;

  hear (desk, 1, 6, "{'species':'Linde'}");
  hear (desk, 2, 7, "{'species':'Eiche'}");
  say_hello (desk);
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'height':12}");
  alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'height':3}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'height':13}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':8}\n{'n':2,'r':'ok','seq':9}\n"
                            "{'n':3,'r':'ok','seq':10}\n{'next':4}\n", NULL);
  hear (desk, 1, 10, "{'species':'Linde','height':13}");
  hear (desk, 3, 11, "{'species':'Ahorn'}");

  assert_recent (desk, LONG_AGO, 8, "own: 01×1 02×1 others: 03");
  alm_fixture_edit (desk, ALM_OP_UPD, 3, "{'height':4}");
  alm_fixture_answer (desk, "{'n':4,'r':'refused','code':'forbidden'}\n{'next':5}\n", NULL);
  assert_recent (desk, LONG_AGO, 8, "own: 01×1 02×1 others: 03");
  assert_recent (desk, LONG_AGO, 1, "own: 01×1 others: 03");
  assert_recent (desk, tomorrow (), 8, "own: others: 03 01");
}

static void
test_a_batch_is_one_line (AlmDeskFixture *fixture,
                          gconstpointer   data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmValue) set = alm_fixture_value ("{'species':'Linde'}");
  AlmEditResult results[3];
  AlmEdit edits[3];

  for (guint i = 0; i < 3; i++)
    {
      edits[i] = (AlmEdit) { .op = ALM_OP_NEW, .has_id = TRUE, .scope = "local", .kind = "tree",
                             .set = set, .batch = "01931f2e-7c1a-7e3b-9d41-00000000b001" };
      alm_fixture_id (&edits[i].id, 17 + i);
    }
  alm_desk_edit (fixture->desk, edits, 3, results, NULL, &error);
  g_assert_no_error (error);

  assert_recent (fixture->desk, LONG_AGO, 8, "own: 13×3 others:");
}

#define ADD(name, function) \
  g_test_add ("/store/desk-recent/" name, AlmDeskFixture, NULL, alm_desk_fixture_set_up, \
              function, alm_desk_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("first-copy", test_a_first_copy_is_no_news);
  ADD ("others", test_what_others_did_since_is_listed);
  ADD ("own", test_ones_own_are_told_apart);
  ADD ("batch", test_a_batch_is_one_line);

  return g_test_run ();
}
