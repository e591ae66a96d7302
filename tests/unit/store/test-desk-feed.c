/* SPDX-License-Identifier: EUPL-1.2 */

/* Pages and digests; for packs see test-desk-pack.c. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-digest.h"
#include "alm-format-error.h"
#include "alm-hash.h"
#include "alm-test.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

static void
assert_shown (AlmDesk    *desk,
              guint       number,
              const char *expected)
{
  g_autofree char *shown = alm_fixture_shown (desk, number);

  g_assert_cmpstr (shown, ==, expected);
}

static AlmDeskSyncPage *
page (AlmDesk     *desk,
      gint64       cursor,
      const char  *digest,
      guint        number,
      gint64       ver,
      const char  *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };

  return alm_fixture_page (desk, cursor, FALSE, digest, lines);
}

static gint64
cursor_of (AlmDesk *desk)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, NULL);

  return ((AlmDeskScope *) scopes->pdata[0])->cursor;
}

static const char *
verdict_of (GPtrArray *scopes)
{
  return ((AlmDeskScope *) scopes->pdata[0])->digest;
}

static void
test_a_page_that_is_not_whole_changes_nothing (Fixture       *fixture,
                                               gconstpointer  data)
{
  g_autofree char *line = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *text = g_strconcat (line, "\n{'cursors':{'" ALM_FIXTURE_SCOPE "':3},"
                                       "'more':false,'rights':'r1','digest':{}}", NULL);
  gsize length = strlen (text);

  g_strdelimit (text, "'", '"');
  for (gsize cut = 0; cut < length; cut++)
    {
      g_auto (AlmDeskSyncPage) done = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_desk_sync_take_page (fixture->desk, text, cut, &done, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
  assert_shown (fixture->desk, 1, "-");
  g_assert_cmpint (cursor_of (fixture->desk), ==, 0);
}

static void
test_a_record_never_goes_back (Fixture       *fixture,
                               gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  alm_fixture_page_free (page (desk, 5, NULL, 1, 5, "{'species':'Linde'}"));
  alm_fixture_page_free (page (desk, 6, NULL, 1, 4, "{'species':'Eiche'}"));
  assert_shown (desk, 1, "5 {'species':'Linde'}");

  /* A page from before goes no cursor back. */
  alm_fixture_page_free (page (desk, 3, NULL, 2, 3, "{'species':'Ahorn'}"));
  g_assert_cmpint (cursor_of (desk), ==, 6);
}

static void
test_each_waiting_edit_lies_over_what_comes (Fixture       *fixture,
                                             gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  alm_fixture_page_free (page (desk, 3, NULL, 1, 3, "{'species':'Linde'}"));
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'height':3}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'visits':7}");
  alm_fixture_page_free (page (desk, 5, NULL, 1, 5, "{'species':'Eiche'}"));
  assert_shown (desk, 1, "5 {'height':3,'species':'Eiche','status':'krank','visits':7}*");
}

/* More than are kept in memory while a page is taken (alm-desk-feed.c). */
#define MANY 2100

static void
test_a_long_queue_lies_over_its_records (Fixture       *fixture,
                                         gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) set = alm_fixture_value ("{'species':'Ahorn'}");
  g_autofree AlmEdit *edits = g_new0 (AlmEdit, MANY);
  g_autofree AlmEditResult *results = g_new0 (AlmEditResult, MANY);
  g_autoptr (GError) error = NULL;

  alm_fixture_page_free (page (desk, 3, NULL, 1, 3, "{'species':'Linde'}"));
  alm_fixture_page_free (page (desk, 4, NULL, 2, 4, "{'species':'Buche'}"));
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  for (guint i = 0; i < MANY; i++)
    {
      edits[i] = (AlmEdit) { .op = ALM_OP_NEW, .has_id = TRUE, .scope = ALM_FIXTURE_SCOPE,
                             .kind = "tree", .set = set };
      alm_fixture_id (&edits[i].id, 10 + i);
    }
  g_assert_true (alm_desk_edit (desk, edits, MANY, results, NULL, &error));
  g_assert_no_error (error);

  alm_fixture_page_free (page (desk, 5, NULL, 1, 5, "{'species':'Eiche'}"));
  alm_fixture_page_free (page (desk, 6, NULL, 2, 6, "{'species':'Esche'}"));
  assert_shown (desk, 1, "5 {'species':'Eiche','status':'krank'}*");
  assert_shown (desk, 2, "6 {'species':'Esche'}");
}

static void
test_foreign_scopes_are_passed_over (Fixture       *fixture,
                                     gconstpointer  data)
{
  static const char text[] =
    "{\"s\":\"x/y\",\"v\":1,\"id\":\"01931f2e-7c1a-7e3b-9d41-000000000009\",\"k\":\"tree\","
    "\"f\":{}}\n{\"cursors\":{\"x/y\":1},\"more\":false,\"rights\":\"r1\",\"digest\":{}}\n";
  g_auto (AlmDeskSyncPage) done = { 0 };

  g_assert_true (alm_desk_sync_take_page (fixture->desk, text, strlen (text), &done, NULL));
  assert_shown (fixture->desk, 9, "-");
  g_assert_null (alm_value_get (done.plan.cursors, "x/y"));
}

/* As the server says it. */
static char *
digest_of (AlmDesk    *desk,
           gint64      seq,
           guint       number,
           gint64      ver,
           gboolean    deleted,
           const char *fields)
{
  AlmDigest digest = { 0 };
  g_autoptr (AlmValue) value = alm_fixture_value (fields);
  g_autofree char *public = NULL;
  g_autofree char *internal = NULL;
  g_autofree char *personal = NULL;
  AlmId id;

  alm_fixture_id (&id, number);
  alm_digest_add (&digest, &id, ver, "tree", deleted, value, alm_desk_get_model (desk, "tree"), 0);
  public = alm_hash_to_text (digest.sums[ALM_DIGEST_PUBLIC]);
  internal = alm_hash_to_text (digest.sums[ALM_DIGEST_INTERNAL]);
  personal = alm_hash_to_text (digest.sums[ALM_DIGEST_PERSONAL]);

  return g_strdup_printf ("'" ALM_FIXTURE_SCOPE "':{'seq':%" G_GINT64_FORMAT ",'n':%d,"
                          "'public':'%s','internal':'%s','personal':'%s'}",
                          seq, !deleted, public, internal, personal);
}

static void
assert_verdict (AlmDesk    *desk,
                const char *expected)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, NULL);

  g_assert_cmpstr (verdict_of (scopes), ==, expected);
}

static void
test_digests_agree_through_edits_and_deletions (Fixture       *fixture,
                                                gconstpointer  data)
{
  static const char first[] = "{'species':'Linde','owner':'Frau K.','height':3.5}";
  static const char second[] = "{'species':'Eiche','owner':'Frau K.','height':4}";
  AlmDesk *desk = fixture->desk;
  g_autofree char *one = digest_of (desk, 3, 1, 3, FALSE, first);
  g_autofree char *two = digest_of (desk, 4, 1, 4, FALSE, second);
  g_autofree char *three = digest_of (desk, 5, 1, 5, TRUE, second);
  g_autoptr (AlmDeskSyncPage) done = page (desk, 3, one, 1, 3, first);

  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "equal");

  /* Own words over it do not count. */
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Ahorn'}");
  g_clear_pointer (&done, alm_fixture_page_free);
  done = page (desk, 4, two, 1, 4, second);
  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "equal");

  alm_desk_fixture_reopen (fixture);
  desk = fixture->desk;
  g_clear_pointer (&done, alm_fixture_page_free);
  done = page (desk, 5, three, 1, 5, NULL);
  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "equal");
}

/* The server lets this desk's user see more since a moment; the hello that says so
 * is still to come. */
static void
test_a_class_just_given_is_no_difference (Fixture       *fixture,
                                          gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *right = digest_of (desk, 4, 1, 4, FALSE, "{'species':'Linde'}");
  g_autofree char *inner = g_strndup (right, strlen (right) - 1);
  g_autofree char *more = g_strconcat (inner, ",'confidential':'0000000000000001'}", NULL);
  g_autoptr (AlmDeskSyncPage) done = page (desk, 4, more, 1, 4, "{'species':'Linde'}");

  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "equal");
}

static void
test_a_difference_is_read_again_once (Fixture       *fixture,
                                      gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *right = digest_of (desk, 4, 1, 4, FALSE, "{'species':'Linde'}");
  g_autoptr (AlmDeskSyncPage) done = NULL;

  /* The server has a 4 that never came. */
  g_test_expect_message ("alm-store", G_LOG_LEVEL_MESSAGE, "*differs from the server's*");
  alm_fixture_page_free (page (desk, 3, NULL, 2, 3, "{'species':'Eiche'}"));
  done = alm_fixture_page (desk, 4, FALSE, right, NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (done->repairs, ==, 1);
  g_assert_cmpint (alm_value_get_integer_of (done->plan.cursors, ALM_FIXTURE_SCOPE, -1), ==, 0);

  g_clear_pointer (&done, alm_fixture_page_free);
  done = page (desk, 4, right, 1, 4, "{'species':'Linde'}");
  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "repaired");
  assert_shown (desk, 2, "-");

  /* A server that says nonsense does not make a desk read for ever. */
  g_clear_pointer (&done, alm_fixture_page_free);
  done = alm_fixture_page (desk, 4, FALSE, "'" ALM_FIXTURE_SCOPE "':{'seq':4,'n':7}", NULL);
  g_assert_cmpuint (done->repairs, ==, 0);
  assert_verdict (desk, "unknown");
}

static void
test_a_model_counts_for_what_follows_it (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const char text[] =
    "{'s':'system','v':3,'id':'01931f2e-7c1a-7e3b-9d41-00000000f003','k':'model','f':{"
    "'name':'lamp','schema':{'type':'object','properties':{"
    "'keeper':{'type':'string','x-alm-class':'personal'}}}}}\n"
    "{'s':'" ALM_FIXTURE_SCOPE "','v':3,'id':'01931f2e-7c1a-7e3b-9d41-000000000001',"
    "'k':'lamp','f':{'keeper':'Frau K.'}}\n"
    "{'cursors':{'system':3,'" ALM_FIXTURE_SCOPE "':3},'more':false,'rights':'r1','digest':{}}\n";
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *personal = NULL;
  g_auto (AlmDeskSyncPage) done = { 0 };
  g_autoptr (GError) error = NULL;

  alm_desk_sync_take_page (fixture->desk, json, strlen (json), &done, &error);
  g_assert_no_error (error);
  personal = alm_test_query (path, "SELECT body_p FROM records WHERE id ="
                                   " x'01931f2e7c1a7e3b9d41000000000001'");
  g_assert_cmpstr (personal, ==, "{\"keeper\":\"Frau K.\"}");
}

#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, alm_desk_fixture_set_up, function, alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/store/desk-feed/a-page-that-is-not-whole-changes-nothing",
       test_a_page_that_is_not_whole_changes_nothing);
  ADD ("/store/desk-feed/a-record-never-goes-back", test_a_record_never_goes_back);
  ADD ("/store/desk-feed/each-waiting-edit-lies-over-what-comes",
       test_each_waiting_edit_lies_over_what_comes);
  ADD ("/store/desk-feed/a-long-queue-lies-over-its-records",
       test_a_long_queue_lies_over_its_records);
  ADD ("/store/desk-feed/foreign-scopes-are-passed-over", test_foreign_scopes_are_passed_over);
  ADD ("/store/desk-feed/digests-agree-through-edits-and-deletions",
       test_digests_agree_through_edits_and_deletions);
  ADD ("/store/desk-feed/a-class-just-given-is-no-difference",
       test_a_class_just_given_is_no_difference);
  ADD ("/store/desk-feed/a-difference-is-read-again-once",
       test_a_difference_is_read_again_once);
  ADD ("/store/desk-feed/a-model-counts-for-what-follows-it",
       test_a_model_counts_for_what_follows_it);

  return g_test_run ();
}
