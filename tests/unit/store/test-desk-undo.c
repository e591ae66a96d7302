/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

typedef struct
{
  char      *dir;
  AlmDesk   *desk;
  GPtrArray *left;
  guint      undone;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  fixture->left = g_ptr_array_new_with_free_func (g_free);
  alm_test_add_trees (fixture->desk);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->desk, alm_desk_close);
  g_ptr_array_unref (fixture->left);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
undo (Fixture    *fixture,
      gint64      n,
      const char *batch)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_ptr_array_set_size (fixture->left, 0);
  done = alm_desk_undo (fixture->desk, n, batch, &fixture->undone, fixture->left, &error);
  g_assert_no_error (error);
  g_assert_true (done);
}

static void
redo (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gboolean done = alm_desk_redo (fixture->desk, &fixture->undone, fixture->left, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_fields (Fixture     *fixture,
               const AlmId *id,
               const char  *wanted)
{
  g_autofree char *fields = alm_test_fields (fixture->desk, id);

  g_assert_cmpstr (fields, ==, wanted);
}

static void
assert_can (Fixture  *fixture,
            gboolean  undo_wanted,
            gboolean  redo_wanted)
{
  g_autoptr (GError) error = NULL;
  gboolean can_undo, can_redo;

  g_assert_true (alm_desk_can_undo (fixture->desk, &can_undo, &can_redo, &error));
  g_assert_no_error (error);
  g_assert_cmpint (can_undo, ==, undo_wanted);
  g_assert_cmpint (can_redo, ==, redo_wanted);
}

/* Ctrl+Z goes back step by step, Ctrl+Shift+Z forward again. */
static void
test_step_by_step (Fixture       *fixture,
                   gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":2,\"number\":\"7\"}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":null}");
  assert_can (fixture, TRUE, FALSE);

  undo (fixture, 0, NULL);
  assert_fields (fixture, &id, "{\"height\":2,\"number\":\"7\"}");
  undo (fixture, 0, NULL);
  assert_fields (fixture, &id, "{\"height\":1}");
  undo (fixture, 0, NULL);
  assert_fields (fixture, &id, "deleted");
  assert_can (fixture, TRUE, TRUE);   /* the model was added, too */

  redo (fixture);
  assert_fields (fixture, &id, "{\"height\":1}");
  redo (fixture);
  assert_fields (fixture, &id, "{\"height\":2,\"number\":\"7\"}");
  undo (fixture, 0, NULL);
  assert_fields (fixture, &id, "{\"height\":1}");
  redo (fixture);
  redo (fixture);
  assert_fields (fixture, &id, "{\"number\":\"7\"}");
  assert_can (fixture, TRUE, FALSE);

  /* What is done anew ends the redoing. */
  undo (fixture, 0, NULL);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"8\"}");
  assert_can (fixture, TRUE, FALSE);
}

static void
test_a_deletion_comes_back (Fixture       *fixture,
                            gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_DEL, &id, NULL, NULL, NULL);
  undo (fixture, 0, NULL);
  assert_fields (fixture, &id, "{\"height\":1}");
  redo (fixture);
  assert_fields (fixture, &id, "deleted");
}

/* One command, whatever came after it in other fields. */
static void
test_one_command (Fixture       *fixture,
                  gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                                  "{\"height\":2}"), ==, 2);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"number\":\"7\"}");
  undo (fixture, 2, NULL);
  assert_fields (fixture, &id, "{\"height\":1,\"number\":\"7\"}");
  g_assert_cmpuint (fixture->undone, ==, 1);
}

static void
test_what_was_changed_since_is_refused (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmId id = { 0 };
  guint undone;

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":2}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":3}");
  g_assert_false (alm_desk_undo (fixture->desk, 2, NULL, &undone, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);
  g_assert_nonnull (strstr (error->message, "field 'height' has been changed since by you"));
  assert_fields (fixture, &id, "{\"height\":3}");

  g_clear_error (&error);
  g_assert_false (alm_desk_undo (fixture->desk, 99, NULL, &undone, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_a_counter_is_counted_back (Fixture       *fixture,
                                gconstpointer  user_data)
{
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"visits\":1}");
  g_assert_cmpint (alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL,
                                  "{\"visits\":5}"), ==, 2);
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"visits\":6}");
  undo (fixture, 2, NULL);
  assert_fields (fixture, &id, "{\"visits\":2}");
}

/* A whole import: what was touched since stays and is named. */
static void
test_an_import (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr (AlmValue) fields = alm_test_value ("{\"number\":\"1\",\"height\":3}");
  g_autoptr (AlmValue) about = alm_test_value ("{\"file\":\"liste.csv\"}");
  g_autoptr (GError) error = NULL;
  g_autofree char *batch = NULL;
  g_autofree char *wanted = NULL;
  AlmId ids[3] = { { { 1 } }, { { 2 } }, { { 3 } } };
  AlmImportCounts counts;
  AlmDeskImport *import = alm_desk_import_begin (fixture->desk, &error);

  for (guint i = 0; i < 3; i++)
    g_assert_true (alm_desk_import_add (import, &ids[i], "ksj/baeume", "tree", fields, NULL,
                                        &error));
  g_assert_true (alm_desk_import_commit (import, about, &counts, &error));
  alm_test_edit (fixture->desk, ALM_OP_UPD, &ids[1], NULL, NULL, "{\"height\":4}");

  batch = alm_id_to_text (&counts.id);
  undo (fixture, 0, batch);
  g_assert_cmpuint (fixture->undone, ==, 2);
  g_assert_cmpuint (fixture->left->len, ==, 1);
  wanted = g_strdup ("02000000-0000-0000-0000-000000000000 height you");
  g_assert_cmpstr (fixture->left->pdata[0], ==, wanted);
  assert_fields (fixture, &ids[0], "deleted");
  assert_fields (fixture, &ids[1], "{\"height\":4,\"number\":\"1\"}");
  assert_fields (fixture, &counts.id, "deleted");
  redo (fixture);
  assert_fields (fixture, &ids[0], "{\"height\":3,\"number\":\"1\"}");
}

static void
test_the_queue (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) queue = NULL;
  g_autoptr (GPtrArray) history = NULL;
  AlmDeskCounts counts;
  AlmId id = { 0 };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, "ksj/baeume", "tree", "{\"height\":1}");
  alm_test_edit (fixture->desk, ALM_OP_UPD, &id, NULL, NULL, "{\"height\":2}");
  queue = alm_desk_list_commands (fixture->desk, ALM_COMMANDS_QUEUE, NULL, &error);
  g_assert_cmpuint (queue->len, ==, 2);
  g_assert_cmpint (((AlmStoredCommand *) queue->pdata[1])->command->n, ==, 2);

  /* Only what was refused can be put aside. */
  g_assert_false (alm_desk_dismiss (fixture->desk, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  {
    g_autofree char *none = alm_test_ask (fixture->desk,
                                          "UPDATE commands SET state = 'refused' WHERE n = 1");
  }
  g_assert_true (alm_desk_count (fixture->desk, &counts, &error));
  g_assert_cmpuint (counts.refused, ==, 1);
  g_assert_cmpuint (counts.waiting, ==, 1);
  g_assert_true (alm_desk_dismiss (fixture->desk, 1, &error));
  g_assert_true (alm_desk_count (fixture->desk, &counts, &error));
  g_assert_cmpuint (counts.refused, ==, 0);
  history = alm_desk_list_commands (fixture->desk, ALM_COMMANDS_ALL, &id, &error);
  g_assert_cmpuint (history->len, ==, 2);
  g_assert_cmpstr (((AlmStoredCommand *) history->pdata[0])->state, ==, "dismissed");
}

static void
test_moving_out_of_local (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmId id = { 0 };
  guint moved;

  alm_test_edit (fixture->desk, ALM_OP_NEW, &id, NULL, "tree", "{\"height\":1}");
  g_assert_true (alm_desk_move (fixture->desk, "ksj/baeume", &id, 1, &moved, &error));
  g_assert_cmpuint (moved, ==, 1);
  assert_fields (fixture, &id, "{\"height\":1}");
  {
    /* It says what stands in the record. */
    g_autofree char *set = alm_test_ask (fixture->desk, "SELECT coalesce (set_, 'the record''s')"
                                                        " FROM commands WHERE n = 1");

    g_assert_cmpstr (set, ==, "the record's");
  }
  g_assert_false (alm_desk_move (fixture->desk, "ksj/wege", &id, 1, &moved, &error));
  g_assert_cmpuint (moved, ==, 0);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/undo/steps", test_step_by_step);
  ADD ("/store/undo/deletion", test_a_deletion_comes_back);
  ADD ("/store/undo/one", test_one_command);
  ADD ("/store/undo/collision", test_what_was_changed_since_is_refused);
  ADD ("/store/undo/counter", test_a_counter_is_counted_back);
  ADD ("/store/undo/import", test_an_import);
  ADD ("/store/undo/queue", test_the_queue);
  ADD ("/store/undo/move", test_moving_out_of_local);

  return g_test_run ();
}
