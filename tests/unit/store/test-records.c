/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-records.h"
#include "alm-store-error.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

typedef struct
{
  char         *dir;
  AlmRecords   *records;
  GCancellable *cancellable;
  guint         changes;       /* that were told */
  guint         rows;
  guint         model_changes;
} Fixture;

static void
changed_cb (AlmRecords *records,
            AlmChange  *change,
            Fixture    *fixture)
{
  fixture->changes++;
  fixture->rows += change->rids->len;
}

static void
models_changed_cb (AlmRecords *records,
                   Fixture    *fixture)
{
  fixture->model_changes++;
}

static gpointer
add_trees (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  alm_test_add_trees (desk);

  return desk;
}

static gpointer
write_and_wait (Fixture     *fixture,
                AlmDeskFunc  func,
                gpointer     data,
                GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_records_write_async (fixture->records, func, data, NULL, NULL,
                           alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_records_write_finish (fixture->records, result, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->records = alm_records_open (fixture->dir, &error);
  g_assert_no_error (error);
  fixture->cancellable = g_cancellable_new ();
  g_signal_connect (fixture->records, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect (fixture->records, "models-changed", G_CALLBACK (models_changed_cb), fixture);
  g_assert_nonnull (write_and_wait (fixture, add_trees, NULL, &error));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->records);
  g_assert_finalize_object (fixture->cancellable);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
edit (Fixture     *fixture,
      AlmEdit     *wanted,
      const char  *set,
      GError     **error)
{
  g_autoptr (AlmValue) fields = alm_test_value (set);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) results = NULL;

  wanted->set = fields;
  alm_records_edit_async (fixture->records, wanted, 1, alm_test_keep_result, &result);
  wanted->set = NULL;
  alm_test_wait_for (&result);
  results = alm_records_edit_finish (fixture->records, result, error);
  if (results != NULL)
    wanted->id = g_array_index (results, AlmEditResult, 0).id;
}

static AlmRow *
get (Fixture      *fixture,
     const AlmId  *id,
     GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_records_get_async (fixture->records, id, fixture->cancellable,
                         alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_records_get_finish (fixture->records, result, error);
}

static void
test_a_read_sees_the_write_before (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmRow) row = NULL;
  AlmEdit new = { .op = ALM_OP_NEW, .kind = "tree" };
  guint changes = fixture->changes;

  edit (fixture, &new, "{\"number\":\"7\"}", &error);
  g_assert_no_error (error);
  /* It was told before the edit's own answer came. */
  g_assert_cmpuint (fixture->changes, ==, changes + 1);

  row = get (fixture, &new.id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (alm_value_get_text_of (row->fields, "number"), ==, "7");
}

static void
test_a_refused_edit_tells_nothing (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmEdit new = { .op = ALM_OP_NEW, .kind = "tree" };
  guint changes = fixture->changes;

  edit (fixture, &new, "{\"height\":700}", &error);
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_CONSTRAINT);
  g_assert_cmpuint (fixture->changes, ==, changes);
}

static void
test_models_are_at_hand (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr (AlmModel) model = alm_records_get_model (fixture->records, "tree");
  g_autoptr (GPtrArray) models = alm_records_list_models (fixture->records);

  g_assert_nonnull (model);
  g_assert_cmpstr (alm_model_get_title (model, "de"), ==, "Baum");
  g_assert_cmpuint (models->len, ==, 1);
  g_assert_cmpuint (fixture->model_changes, ==, 1);
  g_assert_null (alm_records_get_model (fixture->records, "lamp"));
}

/* The readers' connections learn of a model, too: a search needs it. */
static void
test_search (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  AlmEdit new = { .op = ALM_OP_NEW, .kind = "tree" };

  edit (fixture, &new, "{\"number\":\"7\",\"species\":\"Linde\"}", &error);
  alm_records_search_async (fixture->records, "lind", 5, NULL, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  hits = alm_records_search_finish (fixture->records, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpstr (((AlmHit *) hits->pdata[0])->label, ==, "7 Linde");
}

static void
test_cancelled_before_it_starts (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmId id = { { 1 } };

  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (get (fixture, &id, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
count_call (AlmDesk   *desk,
            gpointer   data,
            GError   **error)
{
  return GINT_TO_POINTER (++*(int *) data);
}

/* The reader does not work for nothing. */
static void
test_cancelled_before_its_turn (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  int calls = 0;

  g_cancellable_cancel (fixture->cancellable);
  alm_records_read_async (fixture->records, count_call, &calls, NULL, NULL, fixture->cancellable,
                          alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_null (alm_records_read_finish (fixture->records, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (calls, ==, 0);
}

static gboolean
cancel_first_cb (const AlmRow  *row,
                 gpointer       user_data,
                 GError       **error)
{
  g_cancellable_cancel (user_data);

  return TRUE;
}

static gpointer
walk_all (AlmDesk   *desk,
          gpointer   data,
          GError   **error)
{
  return alm_desk_each (desk, NULL, NULL, TRUE, cancel_first_cb, data, error) ? desk : NULL;
}

/* Cancelled in the middle: the connection stops, and the next read has a sound one. */
static void
test_cancelled_while_it_runs (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) other = g_cancellable_new ();
  g_autoptr (AlmRow) row = NULL;
  AlmEdit new = { .op = ALM_OP_NEW, .kind = "tree" };

  edit (fixture, &new, "{\"number\":\"7\"}", &error);
  alm_records_read_async (fixture->records, walk_all, other, NULL, NULL, other,
                          alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_null (alm_records_read_finish (fixture->records, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  for (guint i = 0; i < 3; i++)
    {
      g_clear_pointer (&row, alm_row_free);
      row = get (fixture, &new.id, &error);
      g_assert_no_error (error);
    }
}

static void
test_a_second_instance_is_told (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (alm_records_open (fixture->dir, &error));
  g_assert_error (error, ALM_STORE_ERROR, ALM_STORE_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "in use by"));
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/records/read-after-write", test_a_read_sees_the_write_before);
  ADD ("/store/records/refused", test_a_refused_edit_tells_nothing);
  ADD ("/store/records/models", test_models_are_at_hand);
  ADD ("/store/records/search", test_search);
  ADD ("/store/records/cancelled-before", test_cancelled_before_it_starts);
  ADD ("/store/records/cancelled-before-its-turn", test_cancelled_before_its_turn);
  ADD ("/store/records/cancelled-while", test_cancelled_while_it_runs);
  ADD ("/store/records/second-instance", test_a_second_instance_is_told);

  return g_test_run ();
}
