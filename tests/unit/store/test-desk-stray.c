/* SPDX-License-Identifier: EUPL-1.2 */

/* A server came back from a backup: what was lost is handed in again, what only
 * this desk knows is kept, shown, and handed in. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-desk-stray.h"
#include "alm-test.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

/* @began < 0: the scope is not told at all. */
static void
take_hello (AlmDesk    *desk,
            const char *epoch,
            gint64      next,
            gint64      began)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello (epoch, next, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < hello->scopes->len; i++)
    ((AlmWireScope *) hello->scopes->pdata[i])->began = MAX (began, 2);
  ((AlmWireScope *) hello->scopes->pdata[1])->began = began;
  if (began < 0)
    g_ptr_array_remove_index (hello->scopes, 1);
  alm_desk_sync_take_hello (desk, hello, &plan, &error);
  g_assert_no_error (error);
}

/* The end of the feed of both scopes, with @lines. */
static guint
read_all (AlmDesk           *desk,
          gint64             cursor,
          const char *const *lines)
{
  static const char system[] =
    "{'s':'system','v':1,'id':'01931f2e-7c1a-7e3b-9d41-00000000f001','k':'model','f':{"
    "'name':'tree','schema':{'type':'object','properties':{"
    "'species':{'type':'string'},'status':{'type':'string'},"
    "'owner':{'type':'string','x-alm-class':'personal'},"
    "'height':{'type':'number'},"
    "'visits':{'type':'number','x-alm-merge':'counter'},"
    "'tags':{'type':'array','items':{'type':'string'},'x-alm-merge':'set'}}}}}\n"
    "{'s':'system','v':2,'id':'01931f2e-7c1a-7e3b-9d41-00000000f002','k':'scope','f':{"
    "'path':'" ALM_FIXTURE_SCOPE "','title':'Bäume'}}\n";
  g_autoptr (GString) text = g_string_new (system);
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (GError) error = NULL;

  for (; lines != NULL && *lines != NULL; lines++)
    g_string_append_printf (text, "%s\n", *lines);
  g_string_append_printf (text, "{'cursors':{'system':2,'" ALM_FIXTURE_SCOPE "':%" G_GINT64_FORMAT
                          "},'more':false,'rights':'r1','digest':{}}\n", cursor);
  g_strdelimit (text->str, "'", '"');
  alm_desk_sync_take_page (desk, text->str, text->len, &page, &error);
  g_assert_no_error (error);

  return page.revived;
}

static void
give (AlmDesk    *desk,
      gint64      cursor,
      guint       number,
      gint64      ver,
      const char *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, cursor, FALSE, NULL, lines));
}

static void
assert_counts (AlmDesk *desk,
               guint    waiting,
               guint    refused,
               guint    strays)
{
  AlmDeskCounts counts;

  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_assert_cmpuint (counts.waiting, ==, waiting);
  g_assert_cmpuint (counts.refused, ==, refused);
  g_assert_cmpuint (counts.stray, ==, strays);
}

static void
assert_shown (AlmDesk    *desk,
              guint       number,
              const char *expected)
{
  g_autofree char *shown = alm_fixture_shown (desk, number);

  g_assert_cmpstr (shown, ==, expected);
}

static void
assert_pushes (AlmDesk    *desk,
               const char *part)
{
  g_autoptr (GBytes) body = NULL;
  g_autofree char *text = NULL;
  gint64 first;
  guint count;

  g_assert_true (alm_desk_sync_next_push (desk, 1 << 20, 100, &body, &first, &count, NULL));
  g_assert_nonnull (body);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_strdelimit (text, "\"", '\'');
  if (strstr (text, part) == NULL)
    g_error ("no %s in %s", part, text);
}

/* "kind-of-state{fields}" of each, one after the other. */
static void
assert_strays (AlmDesk    *desk,
               const char *expected)
{
  static const char *const names[] = { "new", "change", "differs", "later" };
  g_autoptr (GPtrArray) strays = alm_desk_list_strays (desk, ALM_FIXTURE_SCOPE, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < strays->len; i++)
    {
      const AlmStray *stray = strays->pdata[i];
      g_autofree char *fields = alm_value_to_text (stray->fields);

      g_string_append_printf (text, "%s%s %s", i > 0 ? "; " : "", names[stray->state], fields);
    }
  g_strdelimit (text->str, "\"", '\'');
  g_assert_cmpstr (text->str, ==, expected);
}

/* Records 1 and 2 are in the backup (version 3 and 4), 3 and a change of 2 came later. */
static void
come_from_a_backup (AlmDesk *desk)
{
  give (desk, 3, 1, 3, "{'species':'Linde'}");
  give (desk, 4, 2, 4, "{'species':'Eiche'}");
  give (desk, 5, 3, 5, "{'species':'Ahorn','owner':'Frau K.'}");
  give (desk, 6, 2, 6, "{'species':'Eiche','status':'krank'}");
  take_hello (desk, "e2", 1, 4);
}

static void
test_what_is_only_here_is_handed_in (Fixture       *fixture,
                                     gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *two = alm_fixture_line (2, 4, "{'species':'Eiche'}");
  const char *const lines[] = { one, two, NULL };
  guint rescued, left;

  come_from_a_backup (desk);
  assert_strays (desk, "later {'species':'Eiche','status':'krank'};"
                       " later {'owner':'Frau K.','species':'Ahorn'}");
  g_assert_true (alm_desk_rescue (desk, NULL, &rescued, &left, NULL));
  g_assert_cmpuint (rescued, ==, 0);
  g_assert_cmpuint (left, ==, 2);

  read_all (desk, 4, lines);
  assert_shown (desk, 3, "-");
  assert_shown (desk, 2, "4 {'species':'Eiche'}");
  assert_strays (desk, "change {'species':'Eiche','status':'krank'};"
                       " new {'owner':'Frau K.','species':'Ahorn'}");

  g_assert_true (alm_desk_rescue (desk, "no/such", &rescued, &left, NULL));
  g_assert_cmpuint (rescued + left, ==, 0);
  g_assert_true (alm_desk_rescue (desk, ALM_FIXTURE_SCOPE, &rescued, &left, NULL));
  g_assert_cmpuint (rescued, ==, 2);
  g_assert_cmpuint (left, ==, 0);
  assert_counts (desk, 2, 0, 0);
  assert_shown (desk, 2, "4 {'species':'Eiche','status':'krank'}*");
  assert_shown (desk, 3, "0 {'owner':'Frau K.','species':'Ahorn'}*");
  assert_pushes (desk, "'op':'upd','set':{'status':'krank'}");
}

/* Somebody else's journal brings it back, or somebody has gone on without it. */
static void
test_what_comes_back_is_none (Fixture       *fixture,
                              gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *two = alm_fixture_line (2, 5, "{'species':'Eiche','status':'tot'}");
  const char *const lines[] = { one, two, NULL };
  g_autoptr (GPtrArray) strays = NULL;
  g_autoptr (GError) error = NULL;
  guint rescued, left;
  AlmId id;

  come_from_a_backup (desk);
  read_all (desk, 5, lines);
  assert_strays (desk, "differs {'species':'Eiche','status':'krank'};"
                       " new {'owner':'Frau K.','species':'Ahorn'}");
  give (desk, 6, 3, 6, "{'species':'Ahorn','owner':'Frau K.'}");
  assert_strays (desk, "differs {'species':'Eiche','status':'krank'}");
  g_assert_true (alm_desk_rescue (desk, NULL, &rescued, &left, NULL));
  g_assert_cmpuint (rescued, ==, 0);
  g_assert_cmpuint (left, ==, 1);

  /* Who has looked at it may hand it in all the same. */
  alm_fixture_id (&id, 2);
  g_assert_false (alm_desk_rescue_one (desk, &id, 5, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (alm_desk_rescue_one (desk, &id, 6, &error));
  assert_counts (desk, 1, 0, 0);
  assert_shown (desk, 2, "5 {'species':'Eiche','status':'krank'}*");
  assert_pushes (desk, "'old':{'status':'tot'},'op':'upd','set':{'status':'krank'}");
}

static void
test_one_is_put_aside (Fixture       *fixture,
                       gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  AlmId id;

  come_from_a_backup (desk);
  alm_fixture_id (&id, 2);
  g_assert_true (alm_desk_drop_stray (desk, &id, 6, NULL));
  assert_counts (desk, 0, 0, 1);
}

/* What was deleted since by somebody else is not brought back by itself; what the backup
 * shows as deleted is. */
static void
test_deleted_on_either_side (Fixture       *fixture,
                             gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *two = alm_fixture_line (2, 4, NULL);
  g_autofree char *three = alm_fixture_line (3, 7, NULL);
  const char *const lines[] = { one, two, three, NULL };
  guint rescued, left;

  come_from_a_backup (desk);
  read_all (desk, 7, lines);
  g_assert_true (alm_desk_rescue (desk, NULL, &rescued, &left, NULL));
  g_assert_cmpuint (rescued, ==, 1);
  g_assert_cmpuint (left, ==, 1);
  assert_shown (desk, 2, "4 {'species':'Eiche','status':'krank'}*");
  assert_shown (desk, 3, "x 7");
}

/* Of one record both lost states are kept, and a person says which. */
static void
test_two_restores (Fixture       *fixture,
                   gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *two = alm_fixture_line (2, 4, "{'species':'Eiche'}");
  const char *const lines[] = { one, two, NULL };
  guint rescued, left;

  come_from_a_backup (desk);
  read_all (desk, 4, lines);
  give (desk, 5, 2, 5, "{'species':'Eiche','status':'tot'}");
  assert_counts (desk, 0, 0, 2);
  take_hello (desk, "e3", 1, 3);
  read_all (desk, 3, (const char *const[]) { one, NULL });
  assert_strays (desk, "new {'species':'Eiche','status':'tot'};"
                       " new {'species':'Eiche','status':'krank'};"
                       " new {'owner':'Frau K.','species':'Ahorn'}");
  g_assert_true (alm_desk_rescue (desk, NULL, &rescued, &left, NULL));
  g_assert_cmpuint (rescued, ==, 1);
  g_assert_cmpuint (left, ==, 2);
}

/* The next change at the server gets a number that was seen here for another one. */
static void
test_nobody_has_seen_what_is_lost (Fixture       *fixture,
                                   gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *two = alm_fixture_line (2, 4, "{'species':'Eiche'}");
  const char *const lines[] = { two, NULL };

  give (desk, 4, 2, 4, "{'species':'Eiche'}");
  give (desk, 9, 2, 9, "{'species':'Eiche','status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_DEL, 2, NULL);
  take_hello (desk, "e2", 1, 4);
  assert_pushes (desk, "'base':4,");
  assert_shown (desk, 2, "x 4");

  /* Nor before the feed has come round. */
  alm_desk_undo (desk, 1, NULL, NULL, NULL, NULL);
  alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'height':7}");
  {
    g_autoptr (GPtrArray) commands = alm_desk_list_commands (desk, ALM_COMMANDS_WAITING, NULL,
                                                             NULL);

    for (guint i = 0; i < commands->len; i++)
      g_assert_cmpint (((AlmStoredCommand *) commands->pdata[i])->command->base, <=, 4);
  }
  read_all (desk, 4, lines);
  assert_shown (desk, 2, "4 {'height':7,'species':'Eiche'}*");
}

/* My change of a record that a colleague has made since the backup, and whose desk has
 * not been there yet. */
static void
test_who_comes_too_early_tries_again (Fixture       *fixture,
                                      gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  give (desk, 5, 3, 5, "{'species':'Ahorn'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 3, "{'status':'krank'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':6}\n{'next':2}\n", NULL);
  give (desk, 6, 3, 6, "{'species':'Ahorn','status':'krank'}");

  take_hello (desk, "e2", 1, 4);
  assert_counts (desk, 1, 0, 1);
  alm_fixture_answer (desk, "{'n':1,'r':'refused','code':'unknown-record'}\n{'next':2}\n", NULL);
  g_assert_cmpuint (read_all (desk, 4, NULL), ==, 0);
  assert_counts (desk, 0, 1, 1);
  assert_shown (desk, 3, "-");
  alm_desk_fixture_reopen (fixture);
  desk = fixture->desk;

  /* The colleague's desk brings it back. */
  {
    g_autofree char *three = alm_fixture_line (3, 5, "{'species':'Ahorn'}");
    const char *const lines[] = { three, NULL };
    AlmDeskSyncPage *page = alm_fixture_page (desk, 5, FALSE, NULL, lines);

    g_assert_cmpuint (page->revived, ==, 1);
    alm_fixture_page_free (page);
  }
  assert_counts (desk, 1, 0, 1);
  assert_shown (desk, 3, "5 {'species':'Ahorn','status':'krank'}*");
  assert_pushes (desk, "'n':2,");
  alm_fixture_answer (desk, "{'n':2,'r':'ok','seq':6}\n{'next':3}\n", NULL);
  give (desk, 6, 3, 6, "{'species':'Ahorn','status':'krank'}");
  assert_counts (desk, 0, 0, 0);
}

/* What was refused for good is not tried again. */
static void
test_a_refusal_that_stays (Fixture       *fixture,
                           gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  give (desk, 3, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  take_hello (desk, "e2", 1, 3);
  alm_fixture_answer (desk, "{'n':1,'r':'refused','code':'forbidden'}\n{'next':2}\n", NULL);
  g_assert_cmpuint (read_all (desk, 3, NULL), ==, 0);
  give (desk, 4, 1, 4, "{'species':'Linde'}");
  assert_counts (desk, 0, 1, 0);
}

/* The scope itself was made after the backup; its maker's desk comes after this one. */
static void
test_a_scope_that_is_lost (Fixture       *fixture,
                           gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = alm_fixture_line (1, 1, "{'species':'Linde'}");
  const char *const lines[] = { one, NULL };

  give (desk, 3, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  give (desk, 4, 2, 4, "{'species':'Eiche'}");

  take_hello (desk, "e2", 1, -1);
  assert_counts (desk, 1, 0, 2);
  alm_fixture_answer (desk, "{'n':1,'r':'refused','code':'unknown-scope'}\n{'next':2}\n", NULL);
  assert_shown (desk, 1, "-");
  assert_shown (desk, 2, "-");
  assert_strays (desk, "later {'species':'Linde'}; later {'species':'Eiche'}");

  take_hello (desk, "e2", 2, 0);
  g_assert_cmpuint (read_all (desk, 1, lines), ==, 1);
  assert_counts (desk, 1, 0, 1);
  assert_shown (desk, 1, "1 {'species':'Linde'}");
  assert_shown (desk, 2, "0 {'species':'Eiche'}*");
}

/* Who may not read the scope any more has nothing of it, also not what is only here. */
static void
test_a_scope_that_is_taken_away (Fixture       *fixture,
                                 gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  come_from_a_backup (desk);
  assert_counts (desk, 0, 0, 2);
  take_hello (desk, "e2", 1, -1);
  assert_counts (desk, 0, 0, 0);
  assert_shown (desk, 1, "-");
}

/* They come again by themselves when what collided is handed in. */
static void
test_conflicts_are_no_strays (Fixture       *fixture,
                              gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  static const char line[] =
    "{'s':'" ALM_FIXTURE_SCOPE "','v':6,'id':'01931f2e-7c1a-7e3b-9d41-00000000c001',"
    "'k':'conflict','f':{'record':'01931f2e-7c1a-7e3b-9d41-000000000001','kind':'tree',"
    "'field':'species','state':'open'}}";
  const char *const lines[] = { line, NULL };

  alm_fixture_page_free (alm_fixture_page (desk, 6, FALSE, NULL, lines));
  take_hello (desk, "e2", 1, 4);
  assert_counts (desk, 0, 0, 0);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, alm_desk_fixture_set_up, func, alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/stray/rescue", test_what_is_only_here_is_handed_in);
  ADD ("/store/stray/comes-back", test_what_comes_back_is_none);
  ADD ("/store/stray/put-aside", test_one_is_put_aside);
  ADD ("/store/stray/deleted", test_deleted_on_either_side);
  ADD ("/store/stray/two-restores", test_two_restores);
  ADD ("/store/stray/unseen", test_nobody_has_seen_what_is_lost);
  ADD ("/store/stray/early", test_who_comes_too_early_tries_again);
  ADD ("/store/stray/refused", test_a_refusal_that_stays);
  ADD ("/store/stray/lost-scope", test_a_scope_that_is_lost);
  ADD ("/store/stray/taken-away", test_a_scope_that_is_taken_away);
  ADD ("/store/stray/conflict", test_conflicts_are_no_strays);

  return g_test_run ();
}
