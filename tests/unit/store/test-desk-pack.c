/* SPDX-License-Identifier: EUPL-1.2 */

/* Packs, slice by slice. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-digest.h"
#include "alm-format-error.h"
#include "alm-hash.h"
#include "alm-test.h"
#include "alm-zstd.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

/* Three slices. */
#define MANY 7000

static void
assert_shown (AlmDesk    *desk,
              guint       number,
              const char *expected)
{
  g_autofree char *shown = alm_fixture_shown (desk, number);

  g_assert_cmpstr (shown, ==, expected);
}

static AlmDeskScope *
scope_of (AlmDesk *desk)
{
  g_autoptr (GPtrArray) scopes = alm_desk_sync_list_scopes (desk, NULL);

  return g_ptr_array_steal_index (scopes, 0);
}

static gint64
cursor_of (AlmDesk *desk)
{
  g_autoptr (AlmDeskScope) scope = scope_of (desk);

  return scope->cursor;
}

static void
assert_records (AlmDesk *desk,
                gint64   expected)
{
  g_autoptr (AlmDeskScope) scope = scope_of (desk);

  g_assert_cmpint (scope->records, ==, expected);
}

static void
assert_asked (Fixture    *fixture,
              const char *sql,
              const char *expected)
{
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *answer = alm_test_query (path, sql);

  g_assert_cmpstr (answer, ==, expected);
}

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
assert_all_indexed (Fixture    *fixture,
                    const char *rows)
{
  assert_asked (fixture, "SELECT count(*) FROM settings WHERE name = 'unindexed'", "0");
  assert_asked (fixture, "SELECT count(*) FROM v_tree", rows);
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
      assert_all_indexed (fixture, "6000");
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
    "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':9,'epoch':'e1','classes':[],'records':0}\n"
    "{'end':1,'digest':{}}\n",
    "{'pack':1,'scope':'" ALM_FIXTURE_SCOPE "','seq':9,'epoch':'e1','classes':[],'records':0}\n"
    "{'end':0,'digest':{}}\n{}\n",
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

/* Slices */

static gboolean
slice (Fixture          *fixture,
       const char       *path,
       gboolean          first,
       AlmDeskSyncPage  *page,
       GError          **error)
{
  return alm_desk_sync_take_slice (fixture->desk, path, ALM_FIXTURE_SCOPE, first, page, error);
}

/* Looks through a pack of @rows and takes @n slices of it; gives its path. */
static char *
take_slices_of (Fixture *fixture,
                guint    rows,
                guint    n)
{
  g_autofree char *text = make_pack (rows);
  g_autofree char *path = write_pack (fixture, text, (gssize) strlen (text), TRUE);

  for (guint i = 0; i <= n; i++)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };
      g_autoptr (GError) error = NULL;

      slice (fixture, path, i == 0, &page, &error);
      g_assert_no_error (error);
      g_assert_true (page.again);
    }

  return g_steal_pointer (&path);
}

static char *
take_slices (Fixture *fixture,
             guint    n)
{
  return take_slices_of (fixture, MANY, n);
}

static void
take_rest (Fixture    *fixture,
           const char *path)
{
  gboolean again = TRUE;

  while (again)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };
      g_autoptr (GError) error = NULL;

      slice (fixture, path, FALSE, &page, &error);
      g_assert_no_error (error);
      again = page.again;
    }
  while (alm_desk_sync_index (fixture->desk))
    ;
}

/* The server's digest of what make_pack() gives. */
static char *
digest_of_many (AlmDesk *desk)
{
  AlmDigest digest = { 0 };
  g_autofree char *public = NULL;
  g_autofree char *internal = NULL;
  g_autofree char *personal = NULL;

  for (guint i = 1; i <= MANY; i++)
    {
      g_autofree char *text = g_strdup_printf ("{'height':%u,'species':'Linde'}", i);
      g_autoptr (AlmValue) fields = alm_fixture_value (text);
      AlmId id;

      alm_fixture_id (&id, i);
      alm_digest_add (&digest, &id, i + 2, "tree", FALSE, fields,
                      alm_desk_get_model (desk, "tree"), 0);
    }
  public = alm_hash_to_text (digest.sums[ALM_DIGEST_PUBLIC]);
  internal = alm_hash_to_text (digest.sums[ALM_DIGEST_INTERNAL]);
  personal = alm_hash_to_text (digest.sums[ALM_DIGEST_PERSONAL]);

  return g_strdup_printf ("'" ALM_FIXTURE_SCOPE "':{'seq':%d,'n':%d,'public':'%s',"
                          "'internal':'%s','personal':'%s'}", MANY + 2, MANY, public, internal,
                          personal);
}

/* Everything is here, once, and the sums say so. */
static void
assert_whole (Fixture *fixture)
{
  g_autofree char *told = digest_of_many (fixture->desk);
  g_autoptr (AlmDeskSyncPage) page = alm_fixture_page (fixture->desk, MANY + 2, FALSE, told, NULL);
  g_autoptr (AlmDeskScope) scope = scope_of (fixture->desk);

  g_assert_cmpuint (page->repairs, ==, 0);
  g_assert_cmpstr (scope->digest, ==, "equal");
  g_assert_cmpint (scope->cursor, ==, MANY + 2);
  assert_all_indexed (fixture, "7000");
}

static void
test_slices_are_counted (Fixture       *fixture,
                         gconstpointer  data)
{
  static const gint64 expected[] = { 0, 3000, 3000, 1000 };
  g_autofree char *text = make_pack (MANY);
  g_autofree char *path = write_pack (fixture, text, (gssize) strlen (text), TRUE);
  gint64 sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };
      g_autoptr (GError) error = NULL;

      slice (fixture, path, i == 0, &page, &error);
      g_assert_no_error (error);
      g_assert_cmpint (alm_value_get_integer_of (page.came, ALM_FIXTURE_SCOPE, 0), ==,
                       expected[i]);
      g_assert_true (page.again == (i < 3));
      sum += expected[i];
      assert_records (fixture->desk, sum);
      g_assert_cmpint (cursor_of (fixture->desk), ==, i < 3 ? 0 : MANY + 2);
    }
  while (alm_desk_sync_index (fixture->desk))
    ;
  assert_whole (fixture);
}

/* What another connection reads between two slices fits together. */
static void
test_between_slices_one_can_read (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *path = take_slices (fixture, 2);
  g_autoptr (AlmDesk) reader = alm_desk_open (fixture->dir, ALM_DESK_READ, NULL, NULL);
  AlmVerifyCounts counts;

  assert_records (reader, 6000);
  assert_asked (fixture, "SELECT count(*) FROM v_tree", "6000");
  assert_shown (reader, 6000, "6002 {'height':6000,'species':'Linde'}");
  assert_shown (reader, 6001, "-");
  g_assert_true (alm_desk_verify (reader, NULL, NULL, &counts, NULL));
  g_assert_cmpuint (counts.problems, ==, 0);
  take_rest (fixture, path);
  assert_whole (fixture);
}

/* One is here already, one comes with a later slice, one with none at all. */
static void
test_an_edit_between_slices_is_laid_over (Fixture       *fixture,
                                          gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *path = take_slices (fixture, 1);

  alm_fixture_edit (desk, ALM_OP_UPD, 5, "{'status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 5000, "{'status':'neu'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 9000, "{'status':'hier'}");
  alm_fixture_edit (desk, ALM_OP_DEL, 7, NULL);
  assert_shown (desk, 5000, "0 {'status':'neu'}*");
  take_rest (fixture, path);

  assert_shown (desk, 5, "7 {'height':5,'species':'Linde','status':'krank'}*");
  assert_shown (desk, 5000, "5002 {'height':5000,'species':'Linde','status':'neu'}*");
  assert_shown (desk, 9000, "0 {'status':'hier'}*");
  assert_shown (desk, 7, "x 9");

  /* Edited on, now that its server's state is known: that is what it was based on. */
  alm_fixture_edit (desk, ALM_OP_UPD, 5000, "{'height':1}");
  assert_asked (fixture, "SELECT group_concat (op || ' ' || base, ', ') FROM (SELECT op, base FROM"
                         " commands ORDER BY n)",
                "upd 7, new 0, new 0, del 9, upd 5002");
}

/* Handed in and answered while the pack was applied; the feed has not brought it yet. */
static void
test_an_answer_between_slices_counts (Fixture       *fixture,
                                      gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *path = take_slices (fixture, 1);

  alm_fixture_edit (desk, ALM_OP_UPD, 5, "{'height':77}");
  alm_fixture_edit (desk, ALM_OP_NEW, 5000, "{'status':'neu'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':8000}\n{'n':2,'r':'ok','seq':8001}\n"
                            "{'next':3}\n", NULL);
  take_rest (fixture, path);
  assert_shown (desk, 5, "7 {'height':77,'species':'Linde'}");
  assert_shown (desk, 5000, "5002 {'height':5000,'species':'Linde','status':'neu'}");
}

/* Three ways on after a crash: the same pack, the feed, a pack after the models have
 * changed (the sums of another day do not count). */
static void
test_a_crash_between_slices_loses_nothing (Fixture       *fixture,
                                           gconstpointer  data)
{
  guint way = GPOINTER_TO_UINT (data);
  g_autofree char *path = take_slices (fixture, 2);
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (GError) error = NULL;

  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 5, "{'status':'krank'}");
  alm_desk_fixture_reopen (fixture);
  g_assert_cmpint (cursor_of (fixture->desk), ==, 0);
  assert_records (fixture->desk, 6000);
  assert_asked (fixture, "SELECT count(*) FROM settings WHERE name = 'unindexed'", "0");

  if (way == 1)
    {
      g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 1; i <= MANY; i++)
        {
          g_autofree char *fields = g_strdup_printf ("{'height':%u,'species':'Linde'}", i);

          g_ptr_array_add (lines, alm_fixture_line (i, i + 2, fields));
        }
      g_ptr_array_add (lines, NULL);
      alm_fixture_page_free (alm_fixture_page (fixture->desk, MANY + 2, FALSE, NULL,
                                               (const char *const *) lines->pdata));
    }
  else
    {
      if (way == 2)
        {
          g_autofree char *models = alm_desk_get_setting (fixture->desk, "models");
          g_autofree char *more = g_strdup_printf ("%d", atoi (models) + 1);

          alm_desk_set_setting (fixture->desk, "models", more, NULL);
          alm_desk_fixture_reopen (fixture);
        }
      alm_desk_sync_take_pack (fixture->desk, path, ALM_FIXTURE_SCOPE, &page, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (page.records, ==, MANY);
    }
  assert_shown (fixture->desk, 5, "7 {'height':5,'species':'Linde','status':'krank'}*");
  assert_whole (fixture);
}

/* The rows of the slices before have gone with the scope: the next one alone would
 * leave a hole. */
static void
test_a_scope_that_is_left_between_slices (Fixture       *fixture,
                                          gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *path = take_slices (fixture, 2);

  g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, FALSE, NULL));
  assert_records (desk, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (slice (fixture, path, FALSE, &page, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
      assert_records (desk, 0);
      if (i == 0)
        {
          g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, TRUE, NULL));
          g_free (path);
          path = take_slices (fixture, 2);
          g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, FALSE, NULL));
          g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, TRUE, NULL));
        }
    }
  g_free (path);
  path = take_slices (fixture, 1);
  take_rest (fixture, path);
  assert_whole (fixture);
}

/* Its third slice has a bad line: what came stays, the feed brings the rest. */
static void
test_a_bad_line_ends_it_in_the_middle (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autofree char *text = make_pack (MANY);
  g_autofree char *path = NULL;
  g_auto (AlmDeskSyncPage) page = { 0 };
  g_autoptr (GError) error = NULL;

  memcpy (strstr (text, "'height':6500"), "'height':65x0", 13);
  path = write_pack (fixture, text, (gssize) strlen (text), TRUE);
  g_assert_false (alm_desk_sync_take_pack (fixture->desk, path, ALM_FIXTURE_SCOPE, &page,
                                           &error));
  g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
  assert_records (fixture->desk, 6000);
  g_assert_cmpint (cursor_of (fixture->desk), ==, 0);
  assert_all_indexed (fixture, "6000");
}

static void
count_cb (AlmDesk    *desk,
          AlmChange  *change,
          gpointer    user_data)
{
  GString *told = user_data;

  g_string_append_printf (told, "%s:%s ", (char *) change->kinds->pdata[0],
                          change->all ? "all" : "named");
  alm_change_free (change);
}

/* At the first slice, when there is twice as much, and at the end. */
static void
test_readers_are_told_when_it_has_doubled (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autofree char *text = make_pack (16000);
  g_autofree char *path = write_pack (fixture, text, (gssize) strlen (text), TRUE);
  g_autoptr (GString) told = g_string_new (NULL);
  gboolean again = TRUE;

  alm_desk_set_changed_func (fixture->desk, count_cb, told);
  for (guint i = 0; again; i++)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };

      g_assert_true (slice (fixture, path, i == 0, &page, NULL));
      g_string_append_printf (told, "%u ", i);
      again = page.again;
    }
  g_assert_cmpstr (told->str, ==, "0 tree:named 1 tree:named 2 3 tree:all 4 5 tree:all 6 ");
  alm_desk_set_changed_func (fixture->desk, NULL, NULL);
}

/* Who leaves a pack in the middle says what was kept back. */
static void
test_what_was_kept_back_is_told_at_last (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *text = make_pack (16000);
  g_autofree char *path = write_pack (fixture, text, (gssize) strlen (text), TRUE);
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < 4; i++)
    {
      g_auto (AlmDeskSyncPage) page = { 0 };

      g_assert_true (slice (fixture, path, i == 0, &page, NULL));
    }
  alm_desk_set_changed_func (fixture->desk, count_cb, told);
  while (alm_desk_sync_index (fixture->desk))
    ;
  g_assert_cmpstr (told->str, ==, "tree:all ");
  alm_desk_set_changed_func (fixture->desk, NULL, NULL);
}

static void
assert_found (AlmDesk    *desk,
              const char *words,
              guint       expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = alm_desk_search (desk, words, 10, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, expected);
}

/* Between two steps of the index a record is made, one changed, one taken away; also
 * after a crash between them. */
static void
test_edits_between_the_steps_of_the_index (Fixture       *fixture,
                                           gconstpointer  data)
{
  gboolean crash = GPOINTER_TO_INT (data);
  g_autofree char *path = NULL;
  g_auto (AlmDeskSyncPage) page = { 0 };
  guint step = 0;
  gboolean again;

  alm_fixture_give_place (fixture->desk);
  path = take_slices_of (fixture, 11000, 3);
  g_assert_true (slice (fixture, path, FALSE, &page, NULL));
  g_assert_false (page.again);

  do
    {
      g_autofree char *changed = g_strdup_printf ("{'species':'Ginkgo%u'}", step);
      g_autofree char *made = g_strdup_printf ("{'species':'Robinie%u'}", step);

      again = alm_desk_sync_index (fixture->desk);
      alm_fixture_edit (fixture->desk, ALM_OP_UPD, 100 + step, changed);
      alm_fixture_edit (fixture->desk, ALM_OP_NEW, 20000 + step, made);
      alm_fixture_edit (fixture->desk, ALM_OP_UPD, 10900 + step, "{'species':'Eibe'}");
      alm_fixture_edit (fixture->desk, ALM_OP_DEL, 200 + step, NULL);
      step++;
      if (crash && step == 2)
        {
          assert_asked (fixture, "SELECT count(*) FROM settings WHERE name = 'unindexed'", "1");
          alm_desk_fixture_reopen (fixture);
          again = FALSE;
        }
    }
  while (again);

  g_assert_cmpuint (step, ==, crash ? 2 : 3);
  assert_all_indexed (fixture, "11000");
  assert_asked (fixture, "INSERT INTO records_fts (records_fts, rank)"
                         " VALUES ('integrity-check', 1)", NULL);
  for (guint i = 0; i < step; i++)
    {
      g_autofree char *changed = g_strdup_printf ("Ginkgo%u", i);
      g_autofree char *made = g_strdup_printf ("Robinie%u", i);

      assert_found (fixture->desk, changed, 1);
      assert_found (fixture->desk, made, 1);
    }
  assert_found (fixture->desk, "Eibe", step);
}

#define ADD(name, function) ADD_WITH (name, NULL, function)
#define ADD_WITH(name, data, function) \
  g_test_add ("/store/desk-pack/" name, Fixture, data, alm_desk_fixture_set_up, function, \
              alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a-pack-is-a-frozen-feed", test_a_pack_is_a_frozen_feed);
  ADD ("a-torn-pack-changes-nothing", test_a_torn_pack_changes_nothing);
  ADD ("a-pack-of-another-time-is-refused", test_a_pack_of_another_time_is_refused);
  ADD ("slices-are-counted", test_slices_are_counted);
  ADD ("between-slices-one-can-read", test_between_slices_one_can_read);
  ADD ("an-edit-between-slices-is-laid-over", test_an_edit_between_slices_is_laid_over);
  ADD ("an-answer-between-slices-counts", test_an_answer_between_slices_counts);
  ADD ("a-crash-between-slices/pack", test_a_crash_between_slices_loses_nothing);
  ADD_WITH ("a-crash-between-slices/feed", GUINT_TO_POINTER (1),
            test_a_crash_between_slices_loses_nothing);
  ADD_WITH ("a-crash-between-slices/models", GUINT_TO_POINTER (2),
            test_a_crash_between_slices_loses_nothing);
  ADD ("a-scope-that-is-left-between-slices", test_a_scope_that_is_left_between_slices);
  ADD ("a-bad-line-ends-it-in-the-middle", test_a_bad_line_ends_it_in_the_middle);
  ADD ("readers-are-told-when-it-has-doubled", test_readers_are_told_when_it_has_doubled);
  ADD ("what-was-kept-back-is-told-at-last", test_what_was_kept_back_is_told_at_last);
  ADD ("edits-between-the-steps-of-the-index", test_edits_between_the_steps_of_the_index);
  ADD_WITH ("a-crash-between-the-steps-of-the-index", GINT_TO_POINTER (TRUE),
            test_edits_between_the_steps_of_the_index);

  return g_test_run ();
}
