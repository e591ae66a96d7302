/* SPDX-License-Identifier: EUPL-1.2 */

/* What becomes of an attached file when records begin and cease to name it. */

#include "config.h"

#include "alm-blob-store.h"
#include "alm-desk-blobs.h"
#include "alm-desk-fixture.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* SHA-256 of "abc", FIPS 180-2. */
#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define PHOTO(sha256, size) "'extra':{'photo':{'sha256':'" sha256 "','size':" size "}}"

typedef AlmDeskFixture Fixture;

static void
apply (Fixture    *f,
       guint       number,
       gint64      ver,
       const char *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };
  g_autoptr (AlmDeskSyncPage) page = alm_fixture_page (f->desk, ver, FALSE, NULL, lines);

  g_assert_nonnull (page);
}

/* "state size arrived" of each, by name. */
static void
assert_blobs (Fixture    *f,
              const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blobs = alm_desk_blob_list (f->desk, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < blobs->len; i++)
    {
      const AlmDeskBlob *blob = blobs->pdata[i];

      g_string_append_printf (found, "%.2s %s %d %d;", blob->sha256,
                              alm_blob_state_to_text (blob->state), (int) blob->size,
                              (int) blob->arrived);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static gboolean
is_here (Fixture    *f,
         const char *sha256)
{
  return alm_blob_store_get_size (f->dir, sha256) >= 0;
}

static void
put (Fixture *f)
{
  g_autofree char *file = g_build_filename (f->dir, "picture.txt", NULL);
  g_autoptr (AlmDeskBlob) blob = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "abc", 3, NULL));
  blob = alm_desk_blob_take (f->dir, file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (blob->sha256, ==, ABC);
  g_assert_cmpstr (blob->type, ==, "text/plain");
  alm_desk_blob_note (f->desk, blob, &error);
  g_assert_no_error (error);
}

static void
news (Fixture     *f,
      const char  *sha256,
      AlmBlobNews  what)
{
  g_autoptr (GError) error = NULL;

  alm_desk_blob_take_news (f->desk, sha256, what, &error);
  g_assert_no_error (error);
}

static void
arrive (Fixture *f)
{
  g_assert_true (alm_blob_store_append (f->dir, ABC, NULL, 0, "abc", 3, NULL));
  g_assert_true (alm_blob_store_check_part (f->dir, ABC, NULL, 3, NULL));
  news (f, ABC, ALM_BLOB_ARRIVED);
}

/* "sha state" of what would be next. */
static void
assert_next (Fixture    *f,
             GHashTable *but,
             const char *expected)
{
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (AlmDeskBlob) blob = NULL;

  g_assert_true (alm_desk_blob_next (f->desk, but != NULL ? but : none, &blob, NULL));
  g_assert_cmpstr (blob != NULL ? blob->sha256 : NULL, ==, expected);
}

static void
assert_waiting (Fixture *f,
                guint    expected)
{
  AlmDeskCounts counts;

  g_assert_true (alm_desk_count (f->desk, &counts, NULL));
  g_assert_cmpuint (counts.blobs, ==, expected);
}

static void
test_what_a_record_names_is_wanted (Fixture       *f,
                                    gconstpointer  data)
{
  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  assert_blobs (f, "ba wanted 3 0;");
  assert_waiting (f, 1);
  g_assert_true (alm_blob_store_append (f->dir, ABC, NULL, 0, "ab", 2, NULL));
  assert_blobs (f, "ba wanted 3 2;");
  assert_next (f, NULL, ABC);
  alm_blob_store_drop_part (f->dir, ABC, NULL);

  arrive (f);
  assert_blobs (f, "ba here 3 0;");
  g_assert_true (is_here (f, ABC));
  assert_waiting (f, 0);
  assert_next (f, NULL, NULL);
}

static void
test_a_large_one_waits_to_be_asked_for (Fixture       *f,
                                        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  apply (f, 1, 3, "{" PHOTO (ABC, "16777217") "}");
  assert_blobs (f, "ba remote 16777217 0;");
  assert_waiting (f, 0);
  g_assert_true (alm_desk_blob_want (f->desk, ABC, &error));
  assert_blobs (f, "ba wanted 16777217 0;");
  g_assert_false (alm_desk_blob_want (f->desk, OTHER, &error));
  g_assert_no_error (error);
}

static void
test_ones_own_is_sent (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr (GHashTable) but = g_hash_table_new (g_str_hash, g_str_equal);

  apply (f, 1, 3, "{}");
  put (f);
  assert_blobs (f, "ba local 3 0;");
  assert_waiting (f, 0);

  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  assert_blobs (f, "ba waiting 3 0;");
  assert_waiting (f, 1);
  assert_next (f, NULL, ABC);
  g_hash_table_add (but, (gpointer) ABC);
  assert_next (f, but, NULL);

  news (f, ABC, ALM_BLOB_SENT);
  assert_blobs (f, "ba here 3 0;");
}

/* The feed brings what names it back; nothing is sent or fetched twice. */
static void
test_it_stays_when_the_command_comes_back (Fixture       *f,
                                           gconstpointer  data)
{
  apply (f, 1, 3, "{}");
  put (f);
  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  news (f, ABC, ALM_BLOB_SENT);
  alm_fixture_answer (f->desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  apply (f, 1, 4, "{" PHOTO (ABC, "3") "}");
  assert_blobs (f, "ba here 3 0;");
  g_assert_true (is_here (f, ABC));
}

static void
test_sent_ones_come_before_others (Fixture       *f,
                                   gconstpointer  data)
{
  apply (f, 1, 3, "{'extra':{'a':{'sha256':'" OTHER "','size':1}}}");
  apply (f, 2, 4, "{}");
  put (f);
  alm_fixture_edit (f->desk, ALM_OP_UPD, 2, "{" PHOTO (ABC, "3") "}");
  assert_next (f, NULL, ABC);
}

static void
test_what_nobody_names_any_more_goes (Fixture       *f,
                                      gconstpointer  data)
{
  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  apply (f, 2, 4, "{" PHOTO (ABC, "3") "}");
  arrive (f);
  apply (f, 1, 5, "{}");
  assert_blobs (f, "ba here 3 0;");
  apply (f, 2, 6, NULL);
  assert_blobs (f, "");
  g_assert_false (is_here (f, ABC));
}

static void
test_what_is_not_wanted_any_more_is_not_fetched (Fixture       *f,
                                                 gconstpointer  data)
{
  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  apply (f, 1, 4, "{" PHOTO (OTHER, "7") "}");
  assert_blobs (f, "01 wanted 7 0;");

  /* It was on its way. */
  g_assert_true (alm_blob_store_append (f->dir, ABC, NULL, 0, "abc", 3, NULL));
  news (f, ABC, ALM_BLOB_ARRIVED);
  assert_blobs (f, "01 wanted 7 0;");
  g_assert_false (is_here (f, ABC));
  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, NULL), ==, 0);
}

/* Somebody has put the file in by hand while it was on its way. */
static void
test_what_is_here_already_is_not_kept_twice (Fixture       *f,
                                             gconstpointer  data)
{
  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  g_assert_true (alm_blob_store_append (f->dir, ABC, NULL, 0, "abc", 3, NULL));
  put (f);
  news (f, ABC, ALM_BLOB_ARRIVED);
  assert_blobs (f, "ba waiting 3 0;");
  g_assert_cmpint (alm_blob_store_part_size (f->dir, ABC, NULL), ==, 0);
}

/* Another epoch: who knows what the server has lost. */
static void
test_a_restored_server_is_asked_again (Fixture       *f,
                                       gconstpointer  data)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e2", 1, "g1");
  g_autoptr (AlmWireHello) same = alm_fixture_hello ("e1", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_auto (AlmDeskSyncPlan) again = { 0 };

  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  arrive (f);
  g_assert_true (alm_desk_sync_take_hello (f->desk, same, &plan, NULL));
  g_assert_cmpuint (plan.blobs, ==, 0);
  g_assert_true (alm_desk_sync_take_hello (f->desk, hello, &again, NULL));
  g_assert_cmpuint (again.blobs, ==, 1);
  assert_blobs (f, "ba waiting 3 0;");
}

/* Refused, taken back, or replaced before it was sent. */
static void
test_the_only_copy_stays (Fixture       *f,
                          gconstpointer  data)
{
  apply (f, 1, 3, "{}");
  put (f);
  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{'extra':null}");
  assert_blobs (f, "ba local 3 0;");
  g_assert_true (is_here (f, ABC));
  assert_waiting (f, 0);

  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  assert_blobs (f, "ba waiting 3 0;");
}

static void
test_one_that_is_refused_is_not_sent (Fixture       *f,
                                      gconstpointer  data)
{
  apply (f, 1, 3, "{}");
  put (f);
  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  alm_fixture_answer (f->desk, "{'n':1,'r':'refused','code':'forbidden','detail':'no'}\n"
                      "{'next':2}\n", NULL);
  assert_blobs (f, "ba local 3 0;");
  assert_waiting (f, 0);
}

static void
test_what_is_local_is_not_sent (Fixture       *f,
                                gconstpointer  data)
{
  AlmId id = { 0 };

  put (f);
  alm_test_edit (f->desk, ALM_OP_NEW, &id, "local", "tree",
                 "{\"extra\":{\"photo\":{\"sha256\":\"" ABC "\",\"size\":3}}}");
  assert_blobs (f, "ba local 3 0;");
  alm_test_edit (f->desk, ALM_OP_DEL, &id, NULL, NULL, NULL);
  assert_blobs (f, "ba local 3 0;");
  g_assert_true (is_here (f, ABC));
}

static void
test_a_lost_file_is_fetched_again (Fixture       *f,
                                   gconstpointer  data)
{
  apply (f, 1, 3, "{}");
  put (f);
  alm_fixture_edit (f->desk, ALM_OP_UPD, 1, "{" PHOTO (ABC, "3") "}");
  news (f, ABC, ALM_BLOB_LOST);
  assert_blobs (f, "ba wanted 3 0;");
  g_assert_false (is_here (f, ABC));

  /* Somebody puts it there again. */
  put (f);
  assert_blobs (f, "ba waiting 3 0;");
}

static void
count_cb (AlmDesk   *desk,
          AlmChange *change,
          gpointer   user_data)
{
  *(guint *) user_data += change->rids->len;
  alm_change_free (change);
}

static void
test_records_hear_of_their_picture (Fixture       *f,
                                    gconstpointer  data)
{
  guint changes = 0;

  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  alm_desk_set_changed_func (f->desk, count_cb, &changes);
  arrive (f);
  g_assert_cmpuint (changes, ==, 1);
  alm_desk_set_changed_func (f->desk, NULL, NULL);
}

static void
test_nothing_goes_with_a_transaction_that_fails (Fixture       *f,
                                                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  AlmEdit edits[] = {
    { .op = ALM_OP_UPD, .has_id = TRUE, .set = alm_fixture_value ("{'extra':null}") },
    { .op = ALM_OP_UPD, .has_id = TRUE, .set = alm_fixture_value ("{'height':'tall'}") },
  };
  AlmEditResult results[2];

  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  arrive (f);
  alm_fixture_id (&edits[0].id, 1);
  edits[1].id = edits[0].id;
  g_assert_false (alm_desk_edit (f->desk, edits, 2, results, NULL, &error));
  g_assert_nonnull (error);
  assert_blobs (f, "ba here 3 0;");
  g_assert_true (is_here (f, ABC));
  alm_value_unref (edits[0].set);
  alm_value_unref (edits[1].set);
}

/* A profile of the version before knows nothing of what its records name. */
static void
test_an_older_profile_finds_out (Fixture       *f,
                                 gconstpointer  data)
{
  static const char *const back[] = {
    "DROP TABLE blob_refs", "DROP INDEX blobs_moving", "DELETE FROM blobs",
    "PRAGMA user_version = 4",
  };

  apply (f, 1, 3, "{" PHOTO (ABC, "3") "}");
  apply (f, 2, 4, "{" PHOTO (OTHER, "16777217") "}");
  for (guint i = 0; i < G_N_ELEMENTS (back); i++)
    g_free (alm_test_ask (f->desk, back[i]));
  alm_desk_fixture_reopen (f);
  assert_blobs (f, "01 remote 16777217 0;ba wanted 3 0;");
  apply (f, 1, 5, "{}");
  assert_blobs (f, "01 remote 16777217 0;");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add ("/desk-blobs/" name, Fixture, NULL, alm_desk_fixture_set_up, func, \
              alm_desk_fixture_tear_down)
  ADD ("what-a-record-names-is-wanted", test_what_a_record_names_is_wanted);
  ADD ("a-large-one-waits-to-be-asked-for", test_a_large_one_waits_to_be_asked_for);
  ADD ("ones-own-is-sent", test_ones_own_is_sent);
  ADD ("it-stays-when-the-command-comes-back", test_it_stays_when_the_command_comes_back);
  ADD ("sent-ones-come-before-others", test_sent_ones_come_before_others);
  ADD ("what-nobody-names-any-more-goes", test_what_nobody_names_any_more_goes);
  ADD ("what-is-not-wanted-any-more-is-not-fetched",
       test_what_is_not_wanted_any_more_is_not_fetched);
  ADD ("what-is-here-already-is-not-kept-twice", test_what_is_here_already_is_not_kept_twice);
  ADD ("a-restored-server-is-asked-again", test_a_restored_server_is_asked_again);
  ADD ("the-only-copy-stays", test_the_only_copy_stays);
  ADD ("one-that-is-refused-is-not-sent", test_one_that_is_refused_is_not_sent);
  ADD ("what-is-local-is-not-sent", test_what_is_local_is_not_sent);
  ADD ("a-lost-file-is-fetched-again", test_a_lost_file_is_fetched_again);
  ADD ("records-hear-of-their-picture", test_records_hear_of_their_picture);
  ADD ("nothing-goes-with-a-transaction-that-fails",
       test_nothing_goes_with_a_transaction_that_fails);
  ADD ("an-older-profile-finds-out", test_an_older_profile_finds_out);

  return g_test_run ();
}
