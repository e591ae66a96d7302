/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-history-work.h"
#include "alm-test-desk.h"
#include "alm-test.h"

typedef struct
{
  char    *dir;
  AlmDesk *desk;
  AlmId    id;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (fixture->desk);
  alm_test_edit (fixture->desk, ALM_OP_NEW, &fixture->id, "local", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &fixture->id, NULL, NULL, "{\"height\":2}");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  alm_desk_close (fixture->desk);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static AlmHistoryPlace *
find_place (Fixture *fixture,
            guint    index)
{
  AlmHistoryPlace *place = alm_history_place_new (&fixture->id, NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDeskHistory) history = alm_history_load_job (fixture->desk, place, &error);

  g_assert_no_error (error);
  alm_history_place_free (place);
  g_assert_true (history->whole);

  return alm_history_place_new (&fixture->id, history->entries, index);
}

/* What stands in the way of an undo is an answer, not an error. */
static void
test_what_is_in_the_way_is_named (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmHistoryUndone) answer = NULL;
  AlmHistoryPlace *place;

  alm_test_edit (fixture->desk, ALM_OP_UPD, &fixture->id, NULL, NULL, "{\"height\":3}");
  place = find_place (fixture, 1);
  answer = alm_history_undo_job (fixture->desk, place, &error);
  g_assert_no_error (error);
  g_assert_false (answer->undone);
  g_assert_cmpuint (answer->left->len, ==, 1);
  g_clear_pointer (&answer, alm_history_undone_free);

  place->index = 2;
  answer = alm_history_undo_job (fixture->desk, place, &error);
  g_assert_no_error (error);
  g_assert_true (answer->undone);
  alm_history_place_free (place);
}

/* What was shown is done, and nothing else. */
static void
test_a_plan_is_kept (Fixture       *fixture,
                     gconstpointer  data)
{
  AlmHistoryPlace *place = find_place (fixture, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *fields = NULL;

  place->plan = alm_history_plan_job (fixture->desk, place, &error);
  g_assert_no_error (error);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &fixture->id, NULL, NULL, "{\"height\":5}");
  g_assert_null (alm_history_return_job (fixture->desk, place, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);

  g_clear_error (&error);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &fixture->id, NULL, NULL, "{\"height\":2}");
  g_assert_nonnull (alm_history_return_job (fixture->desk, place, &error));
  g_assert_no_error (error);
  fields = alm_test_fields (fixture->desk, &fixture->id);
  g_assert_cmpstr (fields, ==, "{\"height\":1}");
  alm_history_place_free (place);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/app/history-work/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("undo/in-the-way", test_what_is_in_the_way_is_named);
  ADD ("return/as-planned", test_a_plan_is_kept);

  return g_test_run ();
}
