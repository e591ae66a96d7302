/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-start-page.h"
#include "alm-test.h"
#include "alm-training.h"

#include <glib/gstdio.h>

static char *data_home;

typedef struct
{
  char      *share;       /* where the town would be made in */
  char      *training;
  GtkWidget *page;
  GtkWidget *window;
  char      *wanted;      /* what "training" said */
} Fixture;

static void
training_cb (Fixture    *fixture,
             const char *profile)
{
  g_assert_null (fixture->wanted);
  fixture->wanted = g_strdup (profile);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autofree char *profile = g_build_filename (data_home, "profile", NULL);

  fixture->share = g_build_filename (data_home, "allmende", NULL);
  fixture->training = g_build_filename (fixture->share, "training", NULL);
  fixture->page = alm_start_page_new (profile);
  g_signal_connect_swapped (fixture->page, "training", G_CALLBACK (training_cb), fixture);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->page);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_free (fixture->wanted);
  g_free (fixture->training);
  g_free (fixture->share);
}

static gpointer
child (Fixture    *fixture,
       const char *name)
{
  return gtk_widget_get_template_child (fixture->page, ALM_TYPE_START_PAGE, name);
}

static void
wait_for (Fixture    *fixture,
          const char *name)
{
  while (g_strcmp0 (gtk_stack_get_visible_child_name (child (fixture, "stack")), name) != 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
choose_town (Fixture *fixture)
{
  g_signal_emit_by_name (child (fixture, "town_row"), "activated");
}

static void
test_a_town_that_is_there_is_opened_at_once (Fixture       *fixture,
                                             gconstpointer  user_data)
{
  g_autofree char *mark = g_build_filename (fixture->training, "training.json", NULL);
  g_autofree char *database = g_build_filename (fixture->training, "profile.db", NULL);

  g_assert_no_errno (g_mkdir_with_parents (fixture->training, 0700));
  g_assert_true (g_file_set_contents (mark, "{}", -1, NULL));
  g_assert_true (g_file_set_contents (database, "", -1, NULL));

  choose_town (fixture);
  g_assert_cmpstr (fixture->wanted, ==, fixture->training);

  alm_test_remove_dir (fixture->training);
  alm_test_remove_dir (fixture->share);
}

static void
test_a_failure_says_what_to_do_and_why (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  const char *text;

  g_assert_true (g_file_set_contents (fixture->share, "a file, no folder", -1, NULL));
  choose_town (fixture);
  wait_for (fixture, "town-error");

  text = adw_status_page_get_description (child (fixture, "town_error_page"));
  g_assert_nonnull (strstr (text, "try again"));
  text = gtk_label_get_text (child (fixture, "town_reason_label"));
  g_assert_nonnull (strstr (text, fixture->share));
  g_assert_null (fixture->wanted);
  g_assert_no_errno (g_unlink (fixture->share));
}

static void
test_cancelling_leads_back_and_leaves_nothing (Fixture       *fixture,
                                               gconstpointer  user_data)
{
  choose_town (fixture);
  wait_for (fixture, "working");
  g_signal_emit_by_name (child (fixture, "cancel_button"), "clicked");
  wait_for (fixture, "choose");

  g_assert_null (fixture->wanted);
  g_assert_no_errno (g_rmdir (fixture->share));
}

/* The page is held until nothing is left to clear up. */
static void
test_closing_the_window_cancels (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  gpointer page = g_object_ref (fixture->page);

  choose_town (fixture);
  gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
  while (G_OBJECT (page)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (fixture->wanted);
  g_assert_no_errno (g_rmdir (fixture->share));
  g_assert_finalize_object (page);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  int status;

  data_home = alm_test_make_dir ();
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/start-page/there", test_a_town_that_is_there_is_opened_at_once);
  ADD ("/app/start-page/failure", test_a_failure_says_what_to_do_and_why);
  ADD ("/app/start-page/cancel", test_cancelling_leads_back_and_leaves_nothing);
  ADD ("/app/start-page/close", test_closing_the_window_cancels);

  status = g_test_run ();
  alm_test_remove_dir (data_home);
  g_free (data_home);

  return status;
}
