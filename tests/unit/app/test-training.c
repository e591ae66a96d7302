/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-paths.h"
#include "alm-test.h"
#include "alm-training.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct
{
  char         *dir;
  char         *folder;     /* where the town is wanted */
  char         *program;    /* one that does badly; NULL until written */
  GAsyncResult *result;
  guint         n_steps;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->dir = alm_test_make_dir ();
  fixture->folder = g_build_filename (fixture->dir, "share", "training", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  const char *argv[] = { "rm", "-r", fixture->dir, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->result);
  g_free (fixture->program);
  g_free (fixture->folder);
  g_free (fixture->dir);
}

static void
write_program (Fixture    *fixture,
               const char *script)
{
  g_autoptr (GError) error = NULL;

  fixture->program = g_build_filename (fixture->dir, "allmendectl", NULL);
  g_file_set_contents_full (fixture->program, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
}

static void
step_cb (guint    step,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (step, ==, fixture->n_steps);
  fixture->n_steps++;
}

static void
built_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  alm_test_keep_result (source, result, &((Fixture *) user_data)->result);
}

static gboolean
build (Fixture       *fixture,
       const char    *program,
       GCancellable  *cancellable,
       GError       **error)
{
  alm_training_build_async (program, fixture->folder, step_cb, cancellable, built_cb, fixture);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  alm_test_wait_for (&fixture->result);

  return alm_training_build_finish (fixture->result, error);
}

/* How much lies beside the town and is not it. */
static guint
count_left_over (Fixture *fixture)
{
  g_autofree char *share = g_path_get_dirname (fixture->folder);
  g_autoptr (GDir) dir = g_dir_open (share, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    n += !g_str_equal (name, "training");

  return n;
}

static void
test_the_town_is_built_and_named (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autofree char *program = alm_path_command ("src/cli/allmendectl");
  g_autofree char *town = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (alm_training_is_there (fixture->folder));
  build (fixture, program, NULL, &error);
  g_assert_no_error (error);

  g_assert_true (alm_training_is_there (fixture->folder));
  town = alm_training_town (fixture->folder);
  g_assert_cmpstr (town, ==, "Kranichfurt");
  g_assert_cmpuint (fixture->n_steps, ==, 2);
  g_assert_cmpuint (count_left_over (fixture), ==, 0);
}

static void
test_a_failure_says_why_and_leaves_nothing (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  write_program (fixture, "#!/bin/sh\nmkdir $6 || exit 3\necho half > $6/records.ndjson\n"
                          "echo 'allmendectl: no room' >&2\nexit 1\n");
  g_assert_false (build (fixture, fixture->program, NULL, &error));

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "allmendectl: no room");
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_left_over (fixture), ==, 0);
}

static void
test_a_missing_program_is_said (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (build (fixture, "/nowhere/allmendectl", NULL, &error));

  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  g_assert_cmpuint (count_left_over (fixture), ==, 0);
}

/* The program would never end by itself. */
static void
test_cancelling_stops_the_program_and_leaves_nothing (Fixture       *fixture,
                                                      gconstpointer  user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  write_program (fixture, "#!/bin/sh\nmkdir $6\nexec tail -f /dev/null\n");
  g_assert_false (build (fixture, fixture->program, cancellable, &error));

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_left_over (fixture), ==, 0);
}

/* Both programs do well, and yet somebody's file stays. */
static void
test_what_is_no_town_is_not_replaced (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  g_autofree char *database = g_build_filename (fixture->folder, "profile.db", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (fixture->folder, 0700));
  g_assert_true (g_file_set_contents (database, "real", -1, NULL));
  write_program (fixture, "#!/bin/sh\nif [ $2 = install ]; then mkdir $5; fi\n");

  g_assert_false (alm_training_is_there (fixture->folder));
  g_assert_false (build (fixture, fixture->program, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY);
  g_assert_true (g_file_get_contents (database, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "real");
  g_assert_cmpuint (count_left_over (fixture), ==, 0);
}

/* What a killed program leaves: a room with files in it, beside things that are not ours. */
static void
leave_behind (Fixture *fixture)
{
  g_autofree char *room = g_strconcat (fixture->folder, ".Ab12cd/town", NULL);
  g_autofree char *half = g_build_filename (room, "records.ndjson", NULL);
  g_autofree char *other = g_strconcat (fixture->folder, ".old", NULL);

  g_assert_no_errno (g_mkdir_with_parents (room, 0700));
  g_assert_true (g_file_set_contents (half, "half", -1, NULL));
  g_assert_no_errno (g_mkdir_with_parents (other, 0700));
  g_assert_no_errno (g_mkdir_with_parents (fixture->folder, 0700));
}

static void
sweep (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;

  alm_training_sweep_async (fixture->folder, alm_test_keep_result, &result);
  alm_test_wait_for (&result);
}

static void
test_what_a_killed_program_left_goes_at_the_next_start (Fixture       *fixture,
                                                        gconstpointer  user_data)
{
  g_autofree char *other = g_strconcat (fixture->folder, ".old", NULL);

  sweep (fixture);   /* there is no folder at all */
  leave_behind (fixture);
  g_assert_cmpuint (count_left_over (fixture), ==, 2);
  sweep (fixture);

  g_assert_cmpuint (count_left_over (fixture), ==, 1);
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_DIR));
  g_assert_true (g_file_test (fixture->folder, G_FILE_TEST_IS_DIR));
}

static void
test_a_town_under_work_is_not_cleared_away (Fixture       *fixture,
                                            gconstpointer  user_data)
{
  g_autofree char *share = g_path_get_dirname (fixture->folder);
  int fd;

  leave_behind (fixture);
  fd = open (share, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (flock (fd, LOCK_SH));
  sweep (fixture);
  g_assert_cmpuint (count_left_over (fixture), ==, 2);

  g_assert_no_errno (close (fd));
  sweep (fixture);
  g_assert_cmpuint (count_left_over (fixture), ==, 1);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/app/training/built", test_the_town_is_built_and_named);
  ADD ("/app/training/failure", test_a_failure_says_why_and_leaves_nothing);
  ADD ("/app/training/missing", test_a_missing_program_is_said);
  ADD ("/app/training/cancel", test_cancelling_stops_the_program_and_leaves_nothing);
  ADD ("/app/training/other", test_what_is_no_town_is_not_replaced);
  ADD ("/app/training/left-over", test_what_a_killed_program_left_goes_at_the_next_start);
  ADD ("/app/training/under-work", test_a_town_under_work_is_not_cleared_away);

  return g_test_run ();
}
