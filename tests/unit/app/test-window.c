/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-test-desk.h"
#include "alm-test.h"
#include "alm-window.h"



typedef struct
{
  char      *dir;
  AlmId      tree;
  GtkWidget *window;
} Fixture;

static void
make_profile (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmDesk) desk = NULL;

  desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (desk);
  alm_test_edit (desk, ALM_OP_NEW, &fixture->tree, "ksj/baeume", "tree",
                 "{\"number\":\"7\",\"species\":\"Linde\",\"height\":12}");
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->dir = alm_test_make_dir ();
  make_profile (fixture);
  fixture->window = alm_window_new (NULL, fixture->dir);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

/* Answers may still be on their way and hold what they are for. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  AlmWorkbench *workbench = alm_window_get_workbench (ALM_WINDOW (fixture->window));

  g_object_add_weak_pointer (G_OBJECT (workbench), (gpointer *) &workbench);
  g_object_ref (fixture->window);
  gtk_window_close (GTK_WINDOW (fixture->window));
  while (G_OBJECT (fixture->window)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (fixture->window);
  while (workbench != NULL)
    g_main_context_iteration (NULL, TRUE);

  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
test_each_page_stands_and_goes (Fixture       *fixture,
                                gconstpointer  user_data)
{
  static const char *const pages[] = { "overview", "assets", "conflicts", "refused", "overview" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      alm_window_go (ALM_WINDOW (fixture->window), pages[i]);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

typedef struct
{
  GArray *results;
  guint   n_said;
  char   *said;
} Heard;

static void
edited_cb (GObject      *owner,
           GArray       *results,
           const GError *error,
           gpointer      user_data)
{
  Heard *heard = user_data;

  g_assert_no_error (error);
  heard->results = g_array_ref (results);
}

static void
say_cb (Heard      *heard,
        const char *text)
{
  g_free (heard->said);
  heard->said = g_strdup (text);
  heard->n_said++;
}

static void
wait_for_words (Heard *heard,
                guint  n)
{
  while (heard->n_said < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_an_edit_is_undone_and_done_again_by_its_name (Fixture       *fixture,
                                                   gconstpointer  user_data)
{
  AlmWorkbench *workbench = alm_window_get_workbench (ALM_WINDOW (fixture->window));
  g_autoptr (AlmValue) set = alm_test_value ("{\"height\":13}");
  AlmEdit edit = { .op = ALM_OP_UPD, .has_id = TRUE, .id = fixture->tree, .set = set };
  Heard heard = { NULL };

  g_signal_connect_swapped (workbench, "say", G_CALLBACK (say_cb), &heard);
  alm_workbench_edit (workbench, "Height changed", &edit, 1, NULL, edited_cb, &heard);
  while (heard.results == NULL)
    g_main_context_iteration (NULL, TRUE);

  alm_workbench_undo (workbench);
  wait_for_words (&heard, 1);
  g_assert_cmpstr (heard.said, ==, "Undone: Height changed");
  alm_workbench_redo (workbench);
  wait_for_words (&heard, 2);
  g_assert_cmpstr (heard.said, ==, "Done again: Height changed");
  alm_workbench_redo (workbench);
  wait_for_words (&heard, 3);
  g_assert_cmpstr (heard.said, ==, "There is nothing to do again");

  g_signal_handlers_disconnect_by_data (workbench, &heard);
  g_array_unref (heard.results);
  g_free (heard.said);
}

static void
test_a_training_town_says_so (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autofree char *mark = g_build_filename (fixture->dir, "training.json", NULL);
  GtkWidget *window;

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Allmende");

  g_assert_true (g_file_set_contents (mark, "{\"town\":\"Kranichfurt\"}", -1, NULL));
  window = g_object_ref_sink (alm_window_new (NULL, fixture->dir));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "TRAINING – Kranichfurt");
  g_assert_true (gtk_widget_has_css_class (
    GTK_WIDGET (gtk_widget_get_template_child (window, ALM_TYPE_WINDOW, "root_stack")),
    "training"));

  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("/app/window/pages", test_each_page_stands_and_goes);
  ADD ("/app/window/undo", test_an_edit_is_undone_and_done_again_by_its_name);
  ADD ("/app/window/training", test_a_training_town_says_so);

  return g_test_run ();
}
