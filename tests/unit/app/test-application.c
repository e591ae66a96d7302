/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-application.h"
#include "alm-test-bench.h"
#include "alm-test.h"
#include "alm-window.h"

/* One instance for each profile, however its folder is written. */
static void
test_each_profile_has_an_id (void)
{
  g_autofree char *usual_path = g_build_filename (g_get_user_data_dir (), "allmende", "profile",
                                                  NULL);
  g_autofree char *none = alm_application_id_for (NULL);
  g_autofree char *usual = alm_application_id_for (usual_path);
  g_autofree char *one = alm_application_id_for ("/srv/one");
  g_autofree char *same = alm_application_id_for ("/srv/./two/../one");
  g_autofree char *odd = alm_application_id_for ("/srv/ä b/\xff%s");

  g_assert_cmpstr (none, ==, usual);
  g_assert_cmpstr (one, !=, usual);
  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (one, !=, odd);
  g_assert_true (g_application_id_is_valid (none));
  g_assert_true (g_application_id_is_valid (one));
  g_assert_true (g_application_id_is_valid (odd));
}

static gboolean
quit_cb (gpointer app)
{
  GtkWindow *window = gtk_application_get_active_window (app);

  g_assert_true (ALM_IS_WINDOW (window));
  g_assert_true (g_action_group_has_action (app, "about"));
  /* Once more is the same window. */
  g_application_activate (app);
  g_assert_true (gtk_application_get_active_window (app) == window);
  g_action_group_activate_action (app, "quit", NULL);

  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *app)
{
  g_signal_handlers_disconnect_by_func (app, activated_cb, NULL);
  g_idle_add (quit_cb, app);
}

static void
test_it_opens_a_window_and_quits (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmApplication *app = alm_application_new (dir);
  g_auto (GStrv) keys = NULL;

  g_application_set_flags (G_APPLICATION (app), G_APPLICATION_NON_UNIQUE);
  g_signal_connect_after (app, "activate", G_CALLBACK (activated_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (app), 0, NULL), ==, 0);
  keys = gtk_application_get_accels_for_action (GTK_APPLICATION (app), "win.undo");
  g_assert_cmpuint (g_strv_length (keys), ==, 1);

  alm_test_bench_settle ();
  g_object_unref (app);
  alm_test_remove_dir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LANGUAGE", "en", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/application/id", test_each_profile_has_an_id);
  g_test_add_func ("/app/application/run", test_it_opens_a_window_and_quits);

  return g_test_run ();
}
