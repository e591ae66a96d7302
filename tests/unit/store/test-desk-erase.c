/* SPDX-License-Identifier: EUPL-1.2 */

/* What the server has erased goes out of the profile: tables, search, files. */

#include "config.h"

#include "alm-desk-erase.h"
#include "alm-desk-fixture.h"
#include "alm-test.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

#define SECRET "Geheimwort"
#define FOLDED "geheimwort"

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  alm_desk_fixture_set_up (f, data);
  alm_fixture_give_place (f->desk);
}

/* A page of one line; @more after it. */
static void
page (AlmDesk    *desk,
      gint64      cursor,
      gboolean    more,
      const char *line)
{
  const char *const lines[] = { line, NULL };
  g_autoptr (AlmDeskSyncPage) done = alm_fixture_page (desk, cursor, more, NULL, lines);

  g_assert_nonnull (done);
}

static void
plain_page (AlmDesk    *desk,
            guint       number,
            gint64      ver,
            const char *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);

  page (desk, ver, FALSE, line);
}

/* The record's line with the names of what was erased; @fields NULL: deleted. */
static void
erased_page (AlmDesk    *desk,
             guint       number,
             gint64      ver,
             const char *fields,
             const char *names,
             gboolean    more)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  g_autofree char *whole = g_strdup_printf ("{'erased':%s,%s", names, line + 1);

  page (desk, ver, more, whole);
}

static void
assert_query (Fixture    *f,
              const char *sql,
              const char *expected)
{
  g_autofree char *path = g_build_filename (f->dir, "profile.db", NULL);
  g_autofree char *found = alm_test_query (path, sql);

  g_assert_cmpstr (found, ==, expected);
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
assert_no_secret (Fixture *f)
{
  g_assert_cmpuint (alm_test_count_word (f->dir, SECRET), ==, 0);
  g_assert_cmpuint (alm_test_count_word (f->dir, FOLDED), ==, 0);
}

/* @expected: what is to be confirmed, NULL for nothing */
static void
wipe (AlmDesk    *desk,
      const char *expected)
{
  g_autoptr (AlmValue) seen = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  g_assert_true (alm_desk_wipe (desk, &done, &seen, &error));
  g_assert_no_error (error);
  g_assert_true (done);
  text = seen != NULL ? alm_value_to_text (seen) : NULL;
  g_assert_cmpstr (text, ==, expected);
}

static void
confirm (AlmDesk    *desk,
         const char *seen)
{
  g_autoptr (AlmValue) value = alm_fixture_value (seen);

  g_assert_true (alm_desk_wipe_confirmed (desk, value, NULL));
}

/* Commands in every state that hold the secret: taken, on their way back, refused,
 * dismissed, waiting. */
static void
make_secrets (AlmDesk *desk)
{
  plain_page (desk, 1, 3, "{'species':'" SECRET " eins','status':'aktiv'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'" SECRET " zwei'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  plain_page (desk, 1, 4, "{'species':'" SECRET " zwei','status':'aktiv'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'" SECRET " drei'}");
  alm_fixture_answer (desk, "{'n':2,'r':'refused','code':'bad-value','detail':"
                            "'field \\u0027species\\u0027: " SECRET " is none'}\n{'next':3}\n",
                      NULL);
  g_assert_true (alm_desk_dismiss (desk, 2, NULL));
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'" SECRET " vier'}");
  alm_fixture_answer (desk, "{'n':3,'r':'ok','seq':5}\n{'next':4}\n", NULL);
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'" SECRET " fuenf','height':7}");
  assert_shown (desk, 1, "4 {'height':7,'species':'" SECRET " fuenf','status':'aktiv'}*");
}

static void
test_a_field_goes_from_everywhere (Fixture       *f,
                                   gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  g_autoptr (GPtrArray) hits = NULL;

  make_secrets (desk);
  g_assert_cmpuint (alm_test_count_word (f->dir, SECRET), >, 0);
  g_assert_cmpuint (alm_test_count_word (f->dir, FOLDED), >, 0);
  erased_page (desk, 1, 6, "{'status':'aktiv'}", "['species']", FALSE);
  assert_shown (desk, 1, "6 {'height':7,'status':'aktiv'}*");
  /* What waits keeps its number and the rest of what it says. */
  assert_query (f, "SELECT group_concat (state || set_ || old_, ' ') FROM commands",
                "acked{\"species\":null}{} dismissed{\"species\":null}{} "
                "acked{\"species\":null}{} waiting{\"height\":7,\"species\":null}{}");
  assert_query (f, "SELECT json_extract (outcome, '$.detail') FROM commands WHERE n = 2",
                "field 'species'");

  wipe (desk, "{\"ksj/baeume\":6}");
  assert_no_secret (f);
  hits = alm_desk_search (desk, "Geheimw", 10, NULL);
  g_assert_cmpuint (hits->len, ==, 0);
}

static void
test_undo_does_not_bring_it_back (Fixture       *f,
                                  gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  guint undone = 0;

  make_secrets (desk);
  erased_page (desk, 1, 6, "{'status':'aktiv'}", "['species']", FALSE);
  for (gint64 n = 4; n >= 1; n--)
    alm_desk_undo (desk, n, NULL, &undone, NULL, NULL);
  assert_shown (desk, 1, "6 {'status':'aktiv'}*");
  wipe (desk, "{\"ksj/baeume\":6}");
  assert_no_secret (f);
}

static void
test_a_whole_record_goes_from_everywhere (Fixture       *f,
                                          gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  make_secrets (desk);
  erased_page (desk, 1, 6, NULL, "[]", FALSE);
  assert_query (f, "SELECT body || del FROM records WHERE ver = 6", "{}0");
  alm_fixture_answer (desk, "{'n':4,'r':'refused','code':'erased','detail':'x'}\n{'next':5}\n",
                      NULL);
  assert_shown (desk, 1, "x 6");
  wipe (desk, "{\"ksj/baeume\":6}");
  assert_no_secret (f);
}

/* A new record says what stands in its row: the text is kept once. */
static void
test_what_a_new_command_says_goes_too (Fixture       *f,
                                       gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  alm_fixture_edit (desk, ALM_OP_NEW, 1, "{'species':'" SECRET "','status':'aktiv'}");
  assert_query (f, "SELECT set_ FROM commands", NULL);
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':3}\n{'next':2}\n", NULL);
  erased_page (desk, 1, 4, "{'status':'aktiv'}", "['species']", FALSE);
  assert_query (f, "SELECT set_ FROM commands", "{\"species\":null,\"status\":\"aktiv\"}");
  wipe (desk, "{\"ksj/baeume\":4}");
  assert_no_secret (f);
}

/* What a deleted record keeps for its coming back. */
static void
test_a_deleted_record_keeps_nothing_of_it (Fixture       *f,
                                           gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  plain_page (desk, 1, 3, "{'species':'" SECRET "','status':'aktiv'}");
  erased_page (desk, 1, 5, NULL, "['species']", FALSE);
  assert_query (f, "SELECT body FROM records WHERE ver = 5", "{\"status\":\"aktiv\"}");
  wipe (desk, "{\"ksj/baeume\":5}");
  assert_no_secret (f);
}

static void
test_strays_go_too (Fixture       *f,
                    gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e2", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };

  plain_page (desk, 1, 9, "{'species':'" SECRET "','status':'aktiv'}");
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &plan, NULL));
  assert_query (f, "SELECT count (*) FROM strays WHERE body LIKE '%Geheim%'", "1");
  erased_page (desk, 1, 3, "{'status':'alt'}", "['species']", FALSE);
  assert_query (f, "SELECT body FROM strays WHERE body LIKE '%aktiv%'", "{\"status\":\"aktiv\"}");
  wipe (desk, "{\"ksj/baeume\":3}");
  assert_no_secret (f);
}

/* The value was another one when the index was made; nothing of either stays. */
static void
test_words_of_former_values_go_too (Fixture       *f,
                                    gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  plain_page (desk, 1, 3, "{'species':'" SECRET "'}");
  plain_page (desk, 2, 4, "{'species':'Linde'}");
  plain_page (desk, 1, 5, "{'species':'Ahorn'}");
  assert_query (f, "SELECT group_concat (word) FROM search_words", FOLDED ",linde,ahorn");
  erased_page (desk, 1, 6, "{}", "['species']", FALSE);
  wipe (desk, "{\"ksj/baeume\":6}");
  assert_query (f, "SELECT group_concat (word) FROM search_words", "linde");
  assert_no_secret (f);
}

/* Who searches beside the writer has the words in mind. */
static void
test_a_reader_reads_the_words_anew (Fixture       *f,
                                    gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  g_autoptr (AlmDesk) reader = alm_desk_open (f->dir, ALM_DESK_READ, NULL, NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  plain_page (desk, 1, 3, "{'species':'" SECRET "'}");
  before = alm_desk_search (reader, "Geheimwrt", 10, NULL);
  g_assert_cmpuint (before->len, ==, 1);
  erased_page (desk, 1, 4, "{}", "['species']", FALSE);
  wipe (desk, "{\"ksj/baeume\":4}");
  /* Its number is given to the next word. */
  plain_page (desk, 2, 5, "{'species':'Kastanie'}");
  after = alm_desk_search (reader, "Kastnie", 10, NULL);
  g_assert_cmpuint (after->len, ==, 1);
}

static gboolean
wipe_meanwhile_cb (const AlmRow  *row,
                   gpointer       user_data,
                   GError       **error)
{
  g_autoptr (AlmValue) seen = NULL;
  gboolean done = TRUE;

  g_assert_true (alm_desk_wipe (user_data, &done, &seen, NULL));
  g_assert_false (done);
  g_assert_null (seen);

  return TRUE;
}

static void
test_a_reader_is_waited_for (Fixture       *f,
                             gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  g_autoptr (AlmDesk) reader = alm_desk_open (f->dir, ALM_DESK_READ, NULL, NULL);

  plain_page (desk, 1, 3, "{'species':'" SECRET "'}");
  erased_page (desk, 1, 4, "{'status':'aktiv'}", "['species']", FALSE);
  g_assert_true (alm_desk_each (reader, NULL, "tree", FALSE, wipe_meanwhile_cb, desk, NULL));
  wipe (desk, "{\"ksj/baeume\":4}");
  assert_no_secret (f);
}

/* The word is given once everything that may lie further on in the feed has come. */
static void
test_the_end_of_the_feed_is_waited_for (Fixture       *f,
                                        gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  erased_page (desk, 1, 4, "{'status':'aktiv'}", "['species']", TRUE);
  wipe (desk, NULL);
  plain_page (desk, 2, 7, "{'species':'Linde'}");
  wipe (desk, "{\"ksj/baeume\":7}");
}

static void
test_a_word_is_given_until_it_is_heard (Fixture       *f,
                                        gconstpointer  data)
{
  erased_page (f->desk, 1, 4, "{'status':'aktiv'}", "['species']", FALSE);
  wipe (f->desk, "{\"ksj/baeume\":4}");
  alm_desk_fixture_reopen (f);
  wipe (f->desk, "{\"ksj/baeume\":4}");
  /* Meanwhile there was another one. */
  erased_page (f->desk, 2, 6, "{'status':'aktiv'}", "['species']", FALSE);
  confirm (f->desk, "{'ksj/baeume':4}");
  wipe (f->desk, "{\"ksj/baeume\":6}");
  confirm (f->desk, "{'ksj/baeume':6}");
  wipe (f->desk, NULL);
  assert_query (f, "SELECT value FROM settings WHERE name = 'wipe'", NULL);
}

/* Hello, with this scope or without it, and what the desk owes. */
static void
hello (AlmDesk    *desk,
       gboolean    readable,
       gint64      seq,
       gboolean   *due)
{
  g_autoptr (AlmWireHello) told = alm_fixture_hello ("e1", 9, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  AlmWireErasure *erasure = g_new0 (AlmWireErasure, 1);

  if (!readable)
    g_ptr_array_remove_index (told->scopes, 1);
  erasure->scope = g_strdup (ALM_FIXTURE_SCOPE);
  erasure->seq = seq;
  erasure->fields = alm_fixture_value ("['species']");
  alm_fixture_id (&erasure->id, 1);
  g_ptr_array_add (told->erased, erasure);
  g_assert_true (alm_desk_sync_take_hello (desk, told, &plan, NULL));
  *due = plan.wipe;
}

static void
test_hello_tells_where_no_feed_does (Fixture       *f,
                                     gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  gboolean due;

  make_secrets (desk);
  alm_fixture_answer (desk, "{'n':4,'r':'refused','code':'forbidden','detail':'x'}\n"
                            "{'next':5}\n", NULL);
  hello (desk, FALSE, 6, &due);
  g_assert_true (due);
  assert_shown (desk, 1, "-");
  wipe (desk, "{\"ksj/baeume\":6}");
  assert_no_secret (f);
}

/* A lost scope whose last command still waits. */
static void
test_hello_takes_it_out_of_what_still_waits (Fixture       *f,
                                             gconstpointer  data)
{
  AlmDesk *desk = f->desk;
  gboolean due;

  make_secrets (desk);
  hello (desk, FALSE, 6, &due);
  g_assert_true (due);
  assert_shown (desk, 1, "4 {'height':7,'status':'aktiv'}*");
  wipe (desk, "{\"ksj/baeume\":6}");
  assert_no_secret (f);
}

static void
test_hello_leaves_to_the_feed_what_is_its (Fixture       *f,
                                           gconstpointer  data)
{
  gboolean due;

  make_secrets (f->desk);
  hello (f->desk, TRUE, 6, &due);
  g_assert_false (due);
  erased_page (f->desk, 1, 6, "{'status':'aktiv'}", "['species']", FALSE);
  confirm (f->desk, "{'ksj/baeume':9}");
  /* The server has not heard it, or lost it. */
  hello (f->desk, TRUE, 6, &due);
  g_assert_true (due);
  wipe (f->desk, "{\"ksj/baeume\":6}");
}

/* Nothing was erased, but nobody here may know it any more. */
static void
test_a_scope_that_is_left_leaves_no_word (Fixture       *f,
                                          gconstpointer  data)
{
  AlmDesk *desk = f->desk;

  plain_page (desk, 1, 3, "{'species':'" SECRET "'}");
  g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, FALSE, NULL));
  assert_shown (desk, 1, "-");
  wipe (desk, NULL);
  assert_query (f, "SELECT group_concat (word) FROM search_words", NULL);
  assert_no_secret (f);
  assert_query (f, "SELECT value FROM settings WHERE name = 'wipe'", NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/desk-erase/" path, Fixture, NULL, set_up, func, alm_desk_fixture_tear_down)

  ADD ("a-field-goes-from-everywhere", test_a_field_goes_from_everywhere);
  ADD ("undo-does-not-bring-it-back", test_undo_does_not_bring_it_back);
  ADD ("a-whole-record-goes-from-everywhere", test_a_whole_record_goes_from_everywhere);
  ADD ("what-a-new-command-says-goes-too", test_what_a_new_command_says_goes_too);
  ADD ("a-deleted-record-keeps-nothing", test_a_deleted_record_keeps_nothing_of_it);
  ADD ("strays-go-too", test_strays_go_too);
  ADD ("words-of-former-values-go-too", test_words_of_former_values_go_too);
  ADD ("a-reader-reads-the-words-anew", test_a_reader_reads_the_words_anew);
  ADD ("a-reader-is-waited-for", test_a_reader_is_waited_for);
  ADD ("the-end-of-the-feed-is-waited-for", test_the_end_of_the_feed_is_waited_for);
  ADD ("a-word-is-given-until-it-is-heard", test_a_word_is_given_until_it_is_heard);
  ADD ("hello-tells-where-no-feed-does", test_hello_tells_where_no_feed_does);
  ADD ("hello-takes-it-out-of-what-still-waits", test_hello_takes_it_out_of_what_still_waits);
  ADD ("hello-leaves-to-the-feed-what-is-its", test_hello_leaves_to_the_feed_what_is_its);
  ADD ("a-scope-that-is-left-leaves-no-word", test_a_scope_that_is_left_leaves_no_word);

  return g_test_run ();
}
