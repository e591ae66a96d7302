/* SPDX-License-Identifier: EUPL-1.2 */

/* Pages, packs, digests. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-digest.h"
#include "alm-format-error.h"
#include "alm-hash.h"
#include "alm-test.h"
#include "alm-zstd.h"

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

/* Packs */

static char *
write_pack (Fixture     *fixture,
            const char  *text,
            gssize       length,
            gboolean     packed)
{
  char *path = g_build_filename (fixture->dir, "pack.part", NULL);
  g_autofree char *json = g_strdelimit (g_strndup (text, (gsize) length), "'", '"');
  g_autoptr (GBytes) bytes = packed ? alm_zstd_pack (json, strlen (json), 3)
                                    : g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);

  return path;
}

static char *
make_pack (guint count)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':%u,'epoch':'e1',"
                          "'classes':['public','internal'],'records':%u}\n", count + 2, count);
  for (guint i = 1; i <= count; i++)
    {
      g_autofree char *fields = g_strdup_printf ("{'height':%u,'species':'Linde'}", i);
      g_autofree char *line = alm_fixture_line (i, i + 2, fields);

      g_string_append_printf (text, "%s\n", line);
    }
  g_string_append_printf (text, "{'end':%u,'digest':{}}\n", count);

  return g_string_free (text, FALSE);
}

/* So many are indexed after their own transaction. */
static void
assert_all_indexed (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *left = alm_test_query (path, "SELECT (SELECT count(*) FROM settings WHERE"
                                                " name = 'unindexed') || ' ' || (SELECT count(*)"
                                                " FROM v_tree)");

  g_assert_cmpstr (left, ==, "0 6000");
}

static void
test_a_pack_is_a_frozen_feed (Fixture       *fixture,
                              gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  for (int packed = 0; packed < 2; packed++)
    {
      g_autofree char *text = make_pack (6000);
      g_autofree char *path = write_pack (fixture, text, (gssize) strlen (text), packed);
      g_auto (AlmDeskSyncPage) done = { 0 };
      g_autoptr (GError) error = NULL;

      if (packed)
        {
          alm_desk_fixture_tear_down (fixture, NULL);
          alm_desk_fixture_set_up (fixture, NULL);
          desk = fixture->desk;
          g_free (path);
          path = write_pack (fixture, text, (gssize) strlen (text), packed);
        }
      alm_fixture_edit (desk, ALM_OP_NEW, 7, "{'height':1,'status':'krank'}");
      alm_desk_sync_take_pack (desk, path, ALM_FIXTURE_SCOPE, &done, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (done.records, ==, 6000);
      g_assert_true (done.more);
      g_assert_cmpint (cursor_of (desk), ==, 6002);
      assert_shown (desk, 6000, "6002 {'height':6000,'species':'Linde'}");
      assert_shown (desk, 7, "9 {'height':7,'species':'Linde','status':'krank'}*");
      assert_all_indexed (fixture);
    }
}

static void
test_a_torn_pack_changes_nothing (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *text = make_pack (20);
  gsize length = strlen (text);

  for (gsize cut = 0; cut + 1 < length; cut += 41)
    for (int packed = 0; packed < 2; packed++)
      {
        g_autofree char *path = write_pack (fixture, text, (gssize) cut, packed);
        g_auto (AlmDeskSyncPage) done = { 0 };
        g_autoptr (GError) error = NULL;

        g_assert_false (alm_desk_sync_take_pack (fixture->desk, path, ALM_FIXTURE_SCOPE, &done,
                                                 &error));
        g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
        g_assert_cmpint (cursor_of (fixture->desk), ==, 0);
      }
  assert_shown (fixture->desk, 1, "-");
}

static void
test_a_pack_of_another_time_is_refused (Fixture       *fixture,
                                        gconstpointer  data)
{
  static const char *const packs[] = {
    "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':9,'epoch':'e0','classes':[],'records':0}\n"
    "{'end':0,'digest':{}}\n",
    "{'pack':1,'scope':'x/y','seq':9,'epoch':'e1','classes':[],'records':0}\n"
    "{'end':0,'digest':{}}\n",
    "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':9,'epoch':'e1','classes':[],'records':1}\n"
    "{'end':0,'digest':{}}\n",
    "{'pack':2,'scope':'" ALM_FIXTURE_SCOPE "','seq':9,'epoch':'e1','classes':[],'records':0}\n"
    "{'end':0,'digest':{}}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (packs); i++)
    {
      g_autofree char *path = write_pack (fixture, packs[i], (gssize) strlen (packs[i]), TRUE);
      g_auto (AlmDeskSyncPage) done = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_desk_sync_take_pack (fixture->desk, path, ALM_FIXTURE_SCOPE, &done,
                                               &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
    }
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
  ADD ("/store/desk-feed/foreign-scopes-are-passed-over", test_foreign_scopes_are_passed_over);
  ADD ("/store/desk-feed/digests-agree-through-edits-and-deletions",
       test_digests_agree_through_edits_and_deletions);
  ADD ("/store/desk-feed/a-class-just-given-is-no-difference",
       test_a_class_just_given_is_no_difference);
  ADD ("/store/desk-feed/a-difference-is-read-again-once",
       test_a_difference_is_read_again_once);
  ADD ("/store/desk-feed/a-model-counts-for-what-follows-it",
       test_a_model_counts_for_what_follows_it);
  ADD ("/store/desk-feed/a-pack-is-a-frozen-feed", test_a_pack_is_a_frozen_feed);
  ADD ("/store/desk-feed/a-torn-pack-changes-nothing", test_a_torn_pack_changes_nothing);
  ADD ("/store/desk-feed/a-pack-of-another-time-is-refused",
       test_a_pack_of_another_time_is_refused);

  return g_test_run ();
}
