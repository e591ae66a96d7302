/* SPDX-License-Identifier: EUPL-1.2 */

/* Handing in, answers, hello: the desk's own words over the server's. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-format-error.h"
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

static void
page (AlmDesk     *desk,
      gint64       cursor,
      gboolean     more,
      guint        number,
      gint64       ver,
      const char  *fields)
{
  g_autofree char *line = alm_fixture_line (number, ver, fields);
  const char *const lines[] = { line, NULL };
  g_autoptr (AlmDeskSyncPage) done = alm_fixture_page (desk, cursor, more, NULL, lines);

  g_assert_cmpuint (done->records, ==, 1);
}

static void
empty_page (AlmDesk  *desk,
            gint64    cursor,
            gboolean  more)
{
  g_autoptr (AlmDeskSyncPage) done = alm_fixture_page (desk, cursor, more, NULL, NULL);

  g_assert_cmpuint (done->records, ==, 0);
}

static guint
count_waiting (AlmDesk *desk)
{
  AlmDeskCounts counts;

  g_assert_true (alm_desk_count (desk, &counts, NULL));

  return counts.waiting;
}

static void
test_push_is_the_head_and_each_command (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autofree char *desk = alm_id_to_text (alm_desk_get_id (fixture->desk));
  g_autofree char *head = g_strdup_printf ("{\"desk\":\"%s\",\"epoch\":\"e1\",\"first\":1}\n",
                                           desk);
  g_auto (GStrv) lines = NULL;
  gint64 first;
  guint count;

  alm_fixture_edit (fixture->desk, ALM_OP_NEW, 1, "{'species':'Linde'}");
  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'status':'aktiv'}");
  g_assert_true (alm_desk_sync_next_push (fixture->desk, 1 << 20, 2000, &body, &first, &count,
                                          NULL));
  g_assert_cmpint (first, ==, 1);
  g_assert_cmpuint (count, ==, 2);
  lines = g_strsplit (g_bytes_get_data (body, NULL), "\n", 0);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (body, NULL), head));
  g_assert_nonnull (strstr (lines[1], "\"op\":\"new\""));
  g_assert_nonnull (strstr (lines[2], "\"n\":2"));
  g_assert_nonnull (strstr (lines[2], "\"set\":{\"status\":\"aktiv\"}"));

  /* The limits, at least one command each. */
  g_assert_true (alm_desk_sync_next_push (fixture->desk, 1, 2000, &again, &first, &count, NULL));
  g_assert_cmpuint (count, ==, 1);
  g_clear_pointer (&again, g_bytes_unref);
  g_assert_true (alm_desk_sync_next_push (fixture->desk, 1 << 20, 1, &again, &first, &count,
                                          NULL));
  g_assert_cmpuint (count, ==, 1);
}

static void
test_an_edit_stays_visible_until_the_feed_has_it (Fixture       *fixture,
                                                  gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  AlmDeskSyncOutcomes outcomes;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde','visits':5}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'visits':7,'status':'krank'}");
  assert_shown (desk, 1, "3 {'species':'Linde','status':'krank','visits':7}*");

  /* Answered, but the feed has not come: nothing goes back. */
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':5}\n{'next':2}\n", &outcomes);
  g_assert_cmpuint (outcomes.ok, ==, 1);
  g_assert_cmpuint (outcomes.waiting, ==, 0);
  assert_shown (desk, 1, "3 {'species':'Linde','status':'krank','visits':7}");

  /* An older state of the feed does not take it away either. */
  page (desk, 4, TRUE, 1, 4, "{'species':'Eiche','visits':6}");
  assert_shown (desk, 1, "4 {'species':'Eiche','status':'krank','visits':8}");

  /* Its own effect comes back: counted once, not twice. */
  page (desk, 5, FALSE, 1, 5, "{'species':'Eiche','status':'krank','visits':8}");
  assert_shown (desk, 1, "5 {'species':'Eiche','status':'krank','visits':8}");
}

static void
test_the_cursor_alone_does_not_end_an_edit (Fixture       *fixture,
                                            gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':5}\n{'next':2}\n", NULL);

  /* The record has moved on to 9, which is on the next page. */
  empty_page (desk, 7, TRUE);
  assert_shown (desk, 1, "3 {'species':'Linde','status':'krank'}");
  page (desk, 9, FALSE, 1, 9, "{'species':'Linde','status':'krank','height':3}");
  assert_shown (desk, 1, "9 {'height':3,'species':'Linde','status':'krank'}");

  /* What changed nothing ends with the feed. */
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'aktiv'}");
  alm_fixture_answer (desk, "{'n':2,'r':'conflict','seq':11,'conflicts':[{'field':'status',"
                      "'id':'01931f2e-7c1a-7e3b-9d41-00000000c001'}]}\n{'next':3}\n", NULL);
  assert_shown (desk, 1, "9 {'height':3,'species':'Linde','status':'aktiv'}");
  empty_page (desk, 11, FALSE);
  assert_shown (desk, 1, "9 {'height':3,'species':'Linde','status':'krank'}");
}

static void
test_the_feed_may_be_faster_than_the_answer (Fixture       *fixture,
                                             gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde','visits':5}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'visits':6}");
  page (desk, 4, FALSE, 1, 4, "{'species':'Linde','visits':6}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  assert_shown (desk, 1, "4 {'species':'Linde','visits':6}");
}

static void
test_other_fields_are_merged_and_the_same_one_shows_theirs (Fixture       *fixture,
                                                            gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde','status':'aktiv','tags':['a']}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'species':'Eiche','tags':['a','b']}");
  page (desk, 4, FALSE, 1, 4, "{'species':'Linde','status':'krank','tags':['a','c']}");
  assert_shown (desk, 1, "4 {'species':'Eiche','status':'krank','tags':['a','b','c']}*");

  page (desk, 5, FALSE, 1, 5, "{'species':'Ahorn','status':'krank','tags':['c']}");
  assert_shown (desk, 1, "5 {'species':'Ahorn','status':'krank','tags':['b','c']}*");
}

static void
test_a_refused_command_goes_from_the_record_but_is_kept (Fixture       *fixture,
                                                         gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autofree char *path = g_build_filename (fixture->dir, "profile.db", NULL);
  g_autofree char *said = NULL;
  AlmDeskSyncOutcomes outcomes;
  AlmDeskCounts counts;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'status':'neu'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 3, "{'species':'Ahorn'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 4, "{'species':'Eibe'}");
  alm_fixture_answer (desk,
                      "{'n':1,'r':'refused','code':'forbidden','detail':'nur lesen'}\n"
                      "{'n':2,'r':'refused','code':'bad-value'}\n"
                      "{'n':3,'r':'refused','code':'unknown-record'}\n"
                      "{'n':4,'r':'ok','seq':4}\n"
                      "{'n':5,'r':'refused','code':'forbidden'}\n{'next':6}\n", &outcomes);
  g_assert_cmpuint (outcomes.refused, ==, 4);
  g_assert_cmpuint (outcomes.ok, ==, 1);
  assert_shown (desk, 1, "3 {'species':'Linde'}");
  assert_shown (desk, 2, "-");
  assert_shown (desk, 3, "0 {'species':'Ahorn'}");
  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_assert_cmpuint (counts.refused, ==, 4);
  g_assert_cmpuint (counts.waiting, ==, 0);

  /* Its record is gone, what it said is not. */
  assert_shown (desk, 4, "-");
  said = alm_test_query (path, "SELECT set_ FROM commands WHERE n = 5");
  g_assert_cmpstr (said, ==, "{\"species\":\"Eibe\"}");
}

static void
test_a_torn_or_foreign_answer_changes_nothing (Fixture       *fixture,
                                               gconstpointer  data)
{
  static const char *const answers[] = {
    "",
    "{\"n\":1,\"r\":\"ok\",\"seq\":4}\n",
    "{\"n\":1,\"r\":\"ok\",\"seq\":4}\n{\"next\":3",
    "{\"n\":1,\"r\":\"ok\",\"seq\":4}\n{\"next\":3}\n",
    "{\"n\":2,\"r\":\"ok\",\"seq\":4}\n{\"n\":1,\"r\":\"ok\",\"seq\":4}\n{\"next\":3}\n",
    "{\"n\":1,\"r\":\"ok\",\"seq\":4}\n{\"n\":2,\"r\":\"ok\",\"seq\":4}\n"
    "{\"n\":3,\"r\":\"ok\",\"seq\":4}\n{\"next\":4}\n",
    "{\"n\":1,\"r\":\"ok\",\"seq\":4}\n{\"n\":2,\"r\":\"done\",\"seq\":4}\n{\"next\":3}\n",
    "<html>502</html>",
  };
  AlmDesk *desk = fixture->desk;
  AlmDeskSyncOutcomes outcomes;

  alm_fixture_edit (desk, ALM_OP_NEW, 1, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (alm_desk_sync_take_outcomes (desk, answers[i], strlen (answers[i]), 1, 2,
                                                   &outcomes, &error));
      g_assert_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX);
      g_assert_cmpuint (count_waiting (desk), ==, 2);
    }
}

static void
test_what_the_server_has_lost_waits_again (Fixture       *fixture,
                                           gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (GBytes) body = NULL;
  guint waiting;
  gint64 first;
  guint count;

  for (guint i = 1; i <= 3; i++)
    alm_fixture_edit (desk, ALM_OP_NEW, i, "{'species':'Linde'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':3}\n{'n':2,'r':'refused','code':'exists'}\n"
                      "{'n':3,'r':'ok','seq':4}\n{'next':4}\n", NULL);
  g_assert_true (alm_desk_sync_requeue (desk, 2, &waiting, NULL));
  g_assert_cmpuint (waiting, ==, 2);
  g_assert_true (alm_desk_sync_next_push (desk, 1 << 20, 2000, &body, &first, &count, NULL));
  g_assert_cmpint (first, ==, 2);
  g_assert_cmpuint (count, ==, 2);
}

static void
take_hello (AlmDesk      *desk,
            const char   *epoch,
            gint64        next,
            const char   *grant,
            const char   *without,
            AlmValue    **cursors)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello (epoch, next, grant);
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; without != NULL && i < hello->scopes->len; i++)
    if (strcmp (((AlmWireScope *) hello->scopes->pdata[i])->scope, without) == 0)
      g_ptr_array_remove_index (hello->scopes, i--);
  alm_desk_sync_take_hello (desk, hello, &plan, &error);
  g_assert_no_error (error);
  *cursors = alm_value_ref (plan.cursors);
}

/* For the page of those who manage: what the server has told last. */
static void
test_the_roles_are_kept (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e1", 1, "g1");
  g_auto (AlmDeskSyncPlan) plan = { 0 };
  g_auto (AlmDeskSyncPlan) later = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *roles = NULL;
  g_autofree char *none = NULL;

  alm_value_append (hello->roles, alm_value_new_text ("manager"));
  alm_desk_sync_take_hello (fixture->desk, hello, &plan, &error);
  g_assert_no_error (error);
  roles = alm_desk_get_setting (fixture->desk, "roles");
  g_assert_cmpstr (roles, ==, "editor manager");

  alm_value_unref (hello->roles);
  hello->roles = alm_value_new_list ();
  alm_desk_sync_take_hello (fixture->desk, hello, &later, &error);
  g_assert_no_error (error);
  none = alm_desk_get_setting (fixture->desk, "roles");
  g_assert_null (none);
}

static void
test_a_lost_scope_hands_in_before_it_goes (Fixture       *fixture,
                                           gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) cursors = NULL;
  AlmDeskCounts counts;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  page (desk, 4, FALSE, 2, 4, "{'species':'Eiche'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");

  take_hello (desk, "e1", 1, "g1", ALM_FIXTURE_SCOPE, &cursors);
  g_assert_cmpuint (alm_value_get_size (cursors), ==, 1);
  assert_shown (desk, 2, "4 {'species':'Eiche'}");

  alm_fixture_answer (desk, "{'n':1,'r':'refused','code':'forbidden'}\n{'next':2}\n", NULL);
  assert_shown (desk, 1, "-");
  assert_shown (desk, 2, "-");
  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_assert_cmpuint (counts.refused, ==, 1);
}

/* What was taken, and was never seen in the feed, goes with its scope. */
static void
test_a_lost_scope_takes_what_was_just_sent (Fixture       *fixture,
                                            gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) cursors = NULL;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  assert_shown (desk, 2, "0 {'species':'Eiche'}");

  take_hello (desk, "e1", 2, "g1", ALM_FIXTURE_SCOPE, &cursors);
  assert_shown (desk, 1, "-");
  assert_shown (desk, 2, "-");
}

/* A deleted record keeps its fields, but none that its reader may not see any more. */
static void
test_other_rights_hide_what_is_deleted (Fixture       *fixture,
                                        gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e1", 1, "g2");
  AlmWireScope *scope = (AlmWireScope *) alm_wire_hello_find (hello, ALM_FIXTURE_SCOPE);
  g_auto (AlmDeskSyncPlan) plan = { 0 };

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde','owner':'Frau K.'}");
  page (desk, 4, FALSE, 1, 4, NULL);

  alm_value_unref (scope->classes);
  scope->classes = alm_fixture_value ("['public','internal']");
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &plan, NULL));
  page (desk, 4, FALSE, 1, 4, NULL);
  alm_fixture_edit (desk, ALM_OP_UNDEL, 1, NULL);
  assert_shown (desk, 1, "4 {'species':'Linde'}*");
}

static void
test_other_rights_read_again_and_sweep (Fixture       *fixture,
                                        gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) cursors = NULL;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde','owner':'Frau K.'}");
  page (desk, 4, FALSE, 2, 4, "{'species':'Eiche'}");
  page (desk, 5, FALSE, 3, 5, "{'species':'Ahorn'}");
  alm_fixture_edit (desk, ALM_OP_UPD, 1, "{'status':'krank'}");

  take_hello (desk, "e1", 1, "g2", NULL, &cursors);
  g_assert_cmpint (alm_value_get_integer_of (cursors, ALM_FIXTURE_SCOPE, -1), ==, 0);
  alm_desk_fixture_reopen (fixture);
  desk = fixture->desk;

  /* Same version, fewer fields; 2 does not come again, 3 on the second page. */
  page (desk, 3, TRUE, 1, 3, "{'species':'Linde'}");
  assert_shown (desk, 1, "3 {'species':'Linde','status':'krank'}*");
  assert_shown (desk, 2, "4 {'species':'Eiche'}");
  page (desk, 5, FALSE, 3, 5, "{'species':'Ahorn'}");
  assert_shown (desk, 1, "3 {'species':'Linde','status':'krank'}*");
  assert_shown (desk, 2, "-");
  assert_shown (desk, 3, "5 {'species':'Ahorn'}");
}

/* A page that was made while they were others shows less, or more, than they allow; and
 * the hello after it tells the same as the one before. */
static void
test_rights_that_came_and_went (Fixture       *fixture,
                                gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmWireHello) hello = alm_fixture_hello ("e1", 1, "g1");
  g_auto (AlmDeskSyncPlan) before = { 0 };
  g_auto (AlmDeskSyncPlan) after = { 0 };
  g_auto (AlmDeskSyncPlan) again = { 0 };

  hello->rights = g_strdup ("r1");      /* as in the pages of page() */
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &before, NULL));
  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &after, NULL));
  g_assert_cmpint (alm_value_get_integer_of (after.cursors, ALM_FIXTURE_SCOPE, -1), ==, 3);

  g_free (hello->rights);
  hello->rights = g_strdup ("r0");
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &again, NULL));
  page (desk, 4, FALSE, 1, 4, "{'species':'Linde'}");
  alm_desk_fixture_reopen (fixture);
  desk = fixture->desk;
  alm_desk_sync_plan_clear (&again);
  g_assert_true (alm_desk_sync_take_hello (desk, hello, &again, NULL));
  g_assert_cmpint (alm_value_get_integer_of (again.cursors, ALM_FIXTURE_SCOPE, -1), ==, 0);
}

static void
test_a_new_epoch_loses_nothing (Fixture       *fixture,
                                gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) cursors = NULL;
  AlmDeskCounts counts;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  alm_fixture_edit (desk, ALM_OP_NEW, 2, "{'species':'Eiche'}");
  alm_fixture_answer (desk, "{'n':1,'r':'ok','seq':4}\n{'next':2}\n", NULL);
  page (desk, 4, FALSE, 2, 4, "{'species':'Eiche'}");

  /* The restored server knows none of it. */
  take_hello (desk, "e2", 1, "g1", NULL, &cursors);
  g_assert_cmpint (alm_value_get_integer_of (cursors, ALM_FIXTURE_SCOPE, -1), ==, 0);
  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_assert_cmpuint (counts.waiting, ==, 1);
  g_assert_cmpuint (counts.stray, ==, 2 + 2);

  /* What comes back as it was is no stray; what does not is swept, but kept apart. */
  page (desk, 2, FALSE, 2, 2, "{'species':'Eiche'}");
  g_assert_true (alm_desk_count (desk, &counts, NULL));
  g_assert_cmpuint (counts.stray, ==, 1 + 2);
  assert_shown (desk, 1, "-");
}

static void
test_an_unwanted_scope_goes_and_comes_back (Fixture       *fixture,
                                            gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;
  g_autoptr (AlmValue) cursors = NULL;
  g_autoptr (AlmValue) again = NULL;
  g_autoptr (GPtrArray) scopes = NULL;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, FALSE, NULL));
  assert_shown (desk, 1, "-");
  take_hello (desk, "e1", 1, "g1", NULL, &cursors);
  g_assert_null (alm_value_get (cursors, ALM_FIXTURE_SCOPE));

  g_assert_true (alm_desk_sync_subscribe (desk, ALM_FIXTURE_SCOPE, TRUE, NULL));
  take_hello (desk, "e1", 1, "g1", NULL, &again);
  g_assert_cmpint (alm_value_get_integer_of (again, ALM_FIXTURE_SCOPE, -1), ==, 0);
  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  assert_shown (desk, 1, "3 {'species':'Linde'}");

  g_assert_false (alm_desk_sync_subscribe (desk, "system", FALSE, NULL));
  g_assert_false (alm_desk_sync_subscribe (desk, "no/such", FALSE, NULL));
  scopes = alm_desk_sync_list_scopes (desk, NULL);
  g_assert_cmpuint (scopes->len, ==, 2);
  g_assert_cmpint (((AlmDeskScope *) scopes->pdata[0])->records, ==, 1);
}

static void
test_deletions_on_both_sides (Fixture       *fixture,
                              gconstpointer  data)
{
  AlmDesk *desk = fixture->desk;

  page (desk, 3, FALSE, 1, 3, "{'species':'Linde'}");
  page (desk, 4, FALSE, 2, 4, "{'species':'Eiche'}");
  alm_fixture_edit (desk, ALM_OP_DEL, 1, NULL);
  alm_fixture_edit (desk, ALM_OP_UPD, 2, "{'status':'krank'}");
  assert_shown (desk, 1, "x 3");

  /* Somebody has edited what I delete: it stays. */
  page (desk, 5, FALSE, 1, 5, "{'species':'Linde','height':4}");
  assert_shown (desk, 1, "5 {'height':4,'species':'Linde'}*");

  /* Somebody has deleted what I edit: it comes back with the edit. */
  page (desk, 6, FALSE, 2, 6, NULL);
  assert_shown (desk, 2, "6 {'species':'Eiche','status':'krank'}*");
}

#define ADD(name, function) \
  g_test_add (name, Fixture, NULL, alm_desk_fixture_set_up, function, alm_desk_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/store/desk-sync/push-is-the-head-and-each-command",
       test_push_is_the_head_and_each_command);
  ADD ("/store/desk-sync/an-edit-stays-visible-until-the-feed-has-it",
       test_an_edit_stays_visible_until_the_feed_has_it);
  ADD ("/store/desk-sync/the-cursor-alone-does-not-end-an-edit",
       test_the_cursor_alone_does_not_end_an_edit);
  ADD ("/store/desk-sync/the-feed-may-be-faster-than-the-answer",
       test_the_feed_may_be_faster_than_the_answer);
  ADD ("/store/desk-sync/other-fields-are-merged-and-the-same-one-shows-theirs",
       test_other_fields_are_merged_and_the_same_one_shows_theirs);
  ADD ("/store/desk-sync/a-refused-command-goes-from-the-record-but-is-kept",
       test_a_refused_command_goes_from_the_record_but_is_kept);
  ADD ("/store/desk-sync/a-torn-or-foreign-answer-changes-nothing",
       test_a_torn_or_foreign_answer_changes_nothing);
  ADD ("/store/desk-sync/what-the-server-has-lost-waits-again",
       test_what_the_server_has_lost_waits_again);
  ADD ("/store/desk-sync/roles", test_the_roles_are_kept);
  ADD ("/store/desk-sync/a-lost-scope-hands-in-before-it-goes",
       test_a_lost_scope_hands_in_before_it_goes);
  ADD ("/store/desk-sync/a-lost-scope-takes-what-was-just-sent",
       test_a_lost_scope_takes_what_was_just_sent);
  ADD ("/store/desk-sync/other-rights-hide-what-is-deleted",
       test_other_rights_hide_what_is_deleted);
  ADD ("/store/desk-sync/other-rights-read-again-and-sweep",
       test_other_rights_read_again_and_sweep);
  ADD ("/store/desk-sync/rights-that-came-and-went", test_rights_that_came_and_went);
  ADD ("/store/desk-sync/a-new-epoch-loses-nothing", test_a_new_epoch_loses_nothing);
  ADD ("/store/desk-sync/an-unwanted-scope-goes-and-comes-back",
       test_an_unwanted_scope_goes_and_comes_back);
  ADD ("/store/desk-sync/deletions-on-both-sides", test_deletions_on_both_sides);

  return g_test_run ();
}
