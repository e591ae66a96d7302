/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-work.h"
#include "alm-json.h"
#include "alm-test.h"

#define LIST "number;Rechtswert;Hochwert\nL-1;4475123,5;5643210,2\nL-2;4475223,5;5643310,2\n"

typedef struct
{
  char          *dir;
  char          *file;
  AlmRecords    *records;
  GCancellable  *cancellable;
  AlmImportWork *work;
  guint          n_told;
} Fixture;

static const char lamp[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"$id\":\"https://daten.example/collections/lamp/schema\",\"title\":\"Leuchte\","
  "\"x-alm-layer\":\"asset\",\"x-alm-label\":\"{number}\",\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"}}}";

static gpointer
add_model_job (AlmDesk   *desk,
               gpointer   data,
               GError   **error)
{
  g_autoptr (AlmValue) schema = alm_json_parse (lamp, -1, NULL, error);
  AlmImportOutcome outcome;
  AlmId id;

  g_assert_nonnull (schema);

  return GINT_TO_POINTER (alm_desk_set_model (desk, NULL, "lamp", schema, &id, &outcome, error));
}

static gpointer
count_job (AlmDesk   *desk,
           gpointer   data,
           GError   **error)
{
  g_autoptr (GPtrArray) hits = alm_desk_search (desk, "L-", 10, error);

  return hits != NULL ? GINT_TO_POINTER (hits->len + 1) : NULL;
}

static void
progress_cb (double   share,
             gint64   rows,
             gpointer user_data)
{
  ((Fixture *) user_data)->n_told++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->file = g_build_filename (fixture->dir, "lampen.csv", NULL);
  g_assert_true (g_file_set_contents (fixture->file, user_data != NULL ? user_data : LIST, -1,
                                      NULL));
  fixture->records = alm_records_open (fixture->dir, &error);
  g_assert_no_error (error);
  alm_records_write_async (fixture->records, add_model_job, NULL, NULL, NULL,
                           alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_nonnull (alm_records_write_finish (fixture->records, result, &error));
  g_assert_no_error (error);

  fixture->cancellable = g_cancellable_new ();
  fixture->work = alm_import_work_new (fixture->file, "lamp", NULL, progress_cb, fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->work, alm_import_work_abandon);
  g_assert_finalize_object (fixture->cancellable);
  g_assert_finalize_object (fixture->records);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->file);
}

static gboolean
analyse (Fixture  *fixture,
         GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_import_work_analyse_async (fixture->work, fixture->records, NULL, fixture->cancellable,
                                 alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_import_work_finish (fixture->work, fixture->records, result, error);
}

static gboolean
run (Fixture         *fixture,
     AlmImportFlags   flags,
     GError         **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_import_work_run_async (fixture->work, fixture->records, flags, fixture->cancellable,
                             alm_test_keep_result, &result);
  alm_test_wait_for (&result);

  return alm_import_work_finish (fixture->work, fixture->records, result, error);
}

static guint
count_lamps (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  alm_records_read_async (fixture->records, count_job, NULL, NULL, NULL, NULL,
                          alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  n = GPOINTER_TO_UINT (alm_records_read_finish (fixture->records, result, &error));
  g_assert_no_error (error);

  return n - 1;
}

static void
test_a_file_is_understood_before_anything_happens (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (analyse (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (alm_import_work_get_points (fixture->work)->len, ==, 2);
  g_assert_cmpuint (count_lamps (fixture), ==, 0);
}

static void
test_a_trial_changes_nothing_and_the_import_does (Fixture       *fixture,
                                                  gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  AlmImport *import = alm_import_work_get_import (fixture->work);

  g_assert_true (run (fixture, ALM_IMPORT_DRY_RUN, &error));
  g_assert_no_error (error);
  g_assert_cmpint (alm_value_get_integer_of (alm_import_get_result (import), "new", 0), ==, 2);
  g_assert_cmpuint (count_lamps (fixture), ==, 0);

  g_assert_true (run (fixture, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_lamps (fixture), ==, 2);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_told, >, 0);
}

static void
test_a_broken_file_names_its_line (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (analyse (fixture, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "2"));
  g_assert_cmpuint (count_lamps (fixture), ==, 0);
}

static void
test_an_abandoned_work_is_silent (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  AlmImportWork *work = fixture->work;

  alm_import_work_analyse_async (work, fixture->records, NULL, fixture->cancellable,
                                 alm_test_keep_result, &result);
  g_clear_pointer (&fixture->work, alm_import_work_abandon);
  alm_test_wait_for (&result);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_assert_cmpuint (fixture->n_told, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/app/import-work/analyse", Fixture, NULL, set_up,
              test_a_file_is_understood_before_anything_happens, tear_down);
  g_test_add ("/app/import-work/run", Fixture, NULL, set_up,
              test_a_trial_changes_nothing_and_the_import_does, tear_down);
  g_test_add ("/app/import-work/broken", Fixture, "number;x\n\"L-1;2\n", set_up,
              test_a_broken_file_names_its_line, tear_down);
  g_test_add ("/app/import-work/abandoned", Fixture, NULL, set_up,
              test_an_abandoned_work_is_silent, tear_down);

  return g_test_run ();
}
