/* SPDX-License-Identifier: EUPL-1.2 */

/* Who did what to a record, and the way back.  JSON is written with single quotes here. */

#include "config.h"

#include "alm-desk-fixture.h"
#include "alm-desk-history.h"

#include <string.h>

typedef AlmDeskFixture Fixture;

/* What another desk did. */
static void
tell (GPtrArray  *told,
      gint64      seq,
      const char *user,
      AlmOp       op,
      const char *set,
      const char *old)
{
  AlmHistoryEntry *entry = g_new0 (AlmHistoryEntry, 1);

  entry->seq = seq;
  entry->desk.bytes[0] = 0xd0;
  entry->user = g_strdup (user);
  entry->command = g_new0 (AlmCommand, 1);
  alm_fixture_id (&entry->command->id, 1);
  entry->command->n = seq;
  entry->command->op = op;
  entry->command->set = set != NULL ? alm_fixture_value (set) : NULL;
  entry->command->old = old != NULL ? alm_fixture_value (old) : NULL;
  g_ptr_array_add (told, entry);
}

static GPtrArray *
told_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) alm_history_entry_free);
}

/* Tree 1 as anna made it and bert changed it. */
static GPtrArray *
have_tree (AlmDesk *desk)
{
  g_autofree char *line = alm_fixture_line (1, 4, "{'species':'Linde','height':12}");
  const char *const lines[] = { line, NULL };
  GPtrArray *told = told_new ();

  alm_fixture_page_free (alm_fixture_page (desk, 4, FALSE, NULL, lines));
  tell (told, 3, "anna", ALM_OP_NEW, "{'species':'Linde','height':10}", NULL);
  tell (told, 4, "bert", ALM_OP_UPD, "{'height':12}", "{'height':10}");

  return told;
}

static AlmDeskHistory *
load (AlmDesk   *desk,
      GPtrArray *told)
{
  g_autoptr (GError) error = NULL;
  AlmDeskHistory *history;
  AlmId id;

  alm_fixture_id (&id, 1);
  history = alm_desk_load_history (desk, &id, told, &error);
  g_assert_no_error (error);

  return history;
}

static void
assert_shown (AlmDesk    *desk,
              const char *wanted)
{
  g_autofree char *shown = g_strdelimit (alm_fixture_shown (desk, 1), "\"", '\'');

  g_assert_cmpstr (shown, ==, wanted);
}

static void
test_both_sides_are_put_together (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (AlmDeskHistory) alone = NULL;
  g_autoptr (AlmDeskHistory) history = NULL;
  g_autoptr (AlmDeskHistory) later = NULL;
  AlmHistoryEntry *own;
  gint64 n = alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'species':'Ahorn'}");

  alone = load (fixture->desk, NULL);
  g_assert_cmpuint (alone->entries->len, ==, 1);
  g_assert_false (alone->whole);      /* what others did is not known */

  history = load (fixture->desk, told);
  g_assert_true (history->whole);
  g_assert_cmpuint (history->entries->len, ==, 3);
  own = history->entries->pdata[2];
  g_assert_cmpint (own->k, >, 0);
  g_assert_cmpint (own->state, ==, ALM_HISTORY_WAITING);

  /* Once the server tells of it, it stands there once, and is known as the own one. */
  tell (told, 5, "anna", ALM_OP_UPD, "{'species':'Ahorn'}", "{'species':'Linde'}");
  ((AlmHistoryEntry *) told->pdata[2])->desk = *alm_desk_get_id (fixture->desk);
  ((AlmHistoryEntry *) told->pdata[2])->command->n = n;
  later = load (fixture->desk, told);
  g_assert_cmpuint (later->entries->len, ==, 3);
  g_assert_cmpint (((AlmHistoryEntry *) later->entries->pdata[2])->k, ==, own->k);
  g_assert_cmpint (((AlmHistoryEntry *) later->entries->pdata[0])->k, ==, 0);
}

/* While the desk is behind the server, or before it, no state is offered. */
static void
test_what_does_not_fit_is_not_whole (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (AlmDeskHistory) history = NULL;

  tell (told, 5, "bert", ALM_OP_UPD, "{'height':30}", "{'height':12}");
  history = load (fixture->desk, told);
  g_assert_false (history->whole);
}

static void
test_what_others_did_is_taken_back (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (AlmDeskHistory) history = load (fixture->desk, told);
  g_autoptr (GError) error = NULL;
  gboolean undone;

  g_assert_true (alm_desk_undo_entry (fixture->desk, history->entries, 1, &undone, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (undone);
  assert_shown (fixture->desk, "4 {'height':10,'species':'Linde'}*");

  /* A second time there is nothing left of it. */
  g_assert_true (alm_desk_undo_entry (fixture->desk, history->entries, 1, &undone, NULL, &error));
  g_assert_false (undone);

  /* It is an ordinary change of this desk: Ctrl+Z takes it back in turn. */
  g_assert_true (alm_desk_undo (fixture->desk, 0, NULL, NULL, NULL, &error));
  assert_shown (fixture->desk, "4 {'height':12,'species':'Linde'}*");
}

static void
test_what_was_changed_since_stays (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *line = alm_fixture_line (1, 5, "{'species':'Linde','height':13}");
  const char *const lines[] = { line, NULL };
  g_autoptr (AlmDeskHistory) history = NULL;
  g_autoptr (GError) error = NULL;
  gboolean undone;

  tell (told, 5, "cleo", ALM_OP_UPD, "{'height':13}", "{'height':12}");
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 5, FALSE, NULL, lines));
  history = load (fixture->desk, told);

  g_assert_false (alm_desk_undo_entry (fixture->desk, history->entries, 1, &undone, left,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
  g_assert_cmpstr (error->message, ==, "field 'height' has been changed since by cleo");
  g_assert_false (undone);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_true (g_str_has_suffix (left->pdata[0], " height cleo"));
  assert_shown (fixture->desk, "5 {'height':13,'species':'Linde'}");

  /* The same for a record that somebody has made: it is not deleted. */
  g_clear_error (&error);
  g_assert_false (alm_desk_undo_entry (fixture->desk, history->entries, 0, &undone, NULL,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
}

static void
test_making_and_deleting_are_taken_back (Fixture       *fixture,
                                         gconstpointer  data)
{
  g_autofree char *line = alm_fixture_line (1, 3, "{'species':'Linde'}");
  g_autofree char *gone = alm_fixture_line (1, 5, NULL);
  const char *const lines[] = { line, NULL };
  const char *const gone_lines[] = { gone, NULL };
  g_autoptr (GPtrArray) told = told_new ();
  g_autoptr (GError) error = NULL;
  gboolean undone;

  /* The change and the deletion come together: of the first this desk sees nothing. */
  tell (told, 3, "anna", ALM_OP_NEW, "{'species':'Linde'}", NULL);
  tell (told, 4, "bert", ALM_OP_UPD, "{'height':9}", NULL);
  tell (told, 5, "bert", ALM_OP_DEL, NULL, NULL);
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 3, FALSE, NULL, lines));
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 5, FALSE, NULL, gone_lines));
  assert_shown (fixture->desk, "x 5");

  g_assert_true (alm_desk_undo_entry (fixture->desk, told, 2, &undone, NULL, &error));
  g_assert_no_error (error);
  assert_shown (fixture->desk, "5 {'height':9,'species':'Linde'}*");
  g_assert_true (alm_desk_undo_entry (fixture->desk, told, 1, &undone, NULL, &error));
  g_assert_no_error (error);
  assert_shown (fixture->desk, "5 {'species':'Linde'}*");
  g_assert_true (alm_desk_undo_entry (fixture->desk, told, 0, &undone, NULL, &error));
  g_assert_no_error (error);
  assert_shown (fixture->desk, "x 5");
}

/* One that others have changed and deleted comes back as it really was. */
static void
test_a_deleted_record_is_known_by_its_history (Fixture       *fixture,
                                               gconstpointer  data)
{
  g_autofree char *line = alm_fixture_line (1, 3, "{'species':'Linde','height':4}");
  g_autofree char *gone = alm_fixture_line (1, 5, NULL);
  const char *const lines[] = { line, NULL };
  const char *const gone_lines[] = { gone, NULL };
  g_autoptr (GPtrArray) told = told_new ();
  g_autoptr (GPtrArray) commands = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *old = NULL;
  gboolean same;

  tell (told, 3, "anna", ALM_OP_NEW, "{'species':'Linde','height':4}", NULL);
  tell (told, 4, "bert", ALM_OP_UPD, "{'height':9}", "{'height':4}");
  tell (told, 5, "bert", ALM_OP_DEL, NULL, NULL);
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 3, FALSE, NULL, lines));
  alm_fixture_page_free (alm_fixture_page (fixture->desk, 5, FALSE, NULL, gone_lines));

  g_assert_true (alm_desk_return (fixture->desk, told, 1, NULL, NULL, &same, &error));
  g_assert_no_error (error);
  assert_shown (fixture->desk, "5 {'height':4,'species':'Linde'}*");

  /* The server is told what is changed, although this desk never saw a 9. */
  commands = alm_desk_list_commands (fixture->desk, ALM_COMMANDS_WAITING, NULL, &error);
  g_assert_cmpuint (commands->len, ==, 2);
  old = alm_value_to_text (((AlmStoredCommand *) commands->pdata[1])->command->old);
  g_assert_cmpstr (old, ==, "{\"height\":9}");
}

static void
test_a_state_comes_back (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (AlmDeskHistory) history = NULL;
  g_autoptr (AlmDeskReturn) plan = NULL;
  g_autoptr (AlmDeskReturn) stale = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *set = NULL;
  gboolean same;

  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'species':null,'height':20}");
  history = load (fixture->desk, told);
  plan = alm_desk_plan_return (fixture->desk, history->entries, 1, &error);
  g_assert_no_error (error);
  set = alm_value_to_text (plan->set);
  g_assert_cmpstr (set, ==, "{\"height\":10,\"species\":\"Linde\"}");
  g_assert_false (plan->deleted);
  g_assert_false (alm_desk_return_is_idle (plan));

  /* What was shown is what is done, or nothing. */
  alm_fixture_edit (fixture->desk, ALM_OP_UPD, 1, "{'height':21}");
  stale = g_steal_pointer (&plan);
  alm_value_set_integer (stale->set, "height", 11);
  g_assert_false (alm_desk_return (fixture->desk, history->entries, 1, stale, NULL, &same,
                                   &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
  g_clear_error (&error);
  assert_shown (fixture->desk, "4 {'height':21}*");

  g_assert_true (alm_desk_return (fixture->desk, history->entries, 1, NULL, NULL, &same, &error));
  g_assert_no_error (error);
  g_assert_false (same);
  assert_shown (fixture->desk, "4 {'height':10,'species':'Linde'}*");

  g_assert_true (alm_desk_return (fixture->desk, history->entries, 1, NULL, NULL, &same, &error));
  g_assert_true (same);

  g_assert_true (alm_desk_undo (fixture->desk, 0, NULL, NULL, NULL, &error));
  assert_shown (fixture->desk, "4 {'height':21}*");
}

/* A record that is gone comes back with its fields of then; one that was gone goes. */
static void
test_being_there_is_a_part_of_the_state (Fixture       *fixture,
                                         gconstpointer  data)
{
  static const char batch[] = "01931f2e-7c1a-7e3b-9d41-0000000000ba";
  g_autoptr (GPtrArray) told = have_tree (fixture->desk);
  g_autoptr (GError) error = NULL;
  gboolean same;

  alm_fixture_edit (fixture->desk, ALM_OP_DEL, 1, NULL);
  assert_shown (fixture->desk, "x 4");
  g_assert_true (alm_desk_return (fixture->desk, told, 1, NULL, batch, &same, &error));
  g_assert_no_error (error);
  assert_shown (fixture->desk, "4 {'height':10,'species':'Linde'}*");

  /* Both commands are taken back by one undo. */
  g_assert_true (alm_desk_undo (fixture->desk, 0, NULL, NULL, NULL, &error));
  assert_shown (fixture->desk, "x 4");
  g_assert_true (alm_desk_redo (fixture->desk, NULL, NULL, &error));

  tell (told, 5, "bert", ALM_OP_DEL, NULL, NULL);
  g_assert_true (alm_desk_return (fixture->desk, told, 3, NULL, NULL, &same, &error));
  g_assert_no_error (error);
  g_assert_false (same);
  assert_shown (fixture->desk, "x 4");
  g_assert_true (alm_desk_return (fixture->desk, told, 3, NULL, NULL, &same, &error));
  g_assert_true (same);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/store/desk-history/" name, Fixture, NULL, alm_desk_fixture_set_up, test, \
              alm_desk_fixture_tear_down)
  ADD ("load", test_both_sides_are_put_together);
  ADD ("load/out-of-step", test_what_does_not_fit_is_not_whole);
  ADD ("undo/others", test_what_others_did_is_taken_back);
  ADD ("undo/changed-since", test_what_was_changed_since_stays);
  ADD ("undo/new-and-del", test_making_and_deleting_are_taken_back);
  ADD ("return", test_a_state_comes_back);
  ADD ("return/by-others", test_a_deleted_record_is_known_by_its_history);
  ADD ("return/deleted", test_being_there_is_a_part_of_the_state);

  return g_test_run ();
}
