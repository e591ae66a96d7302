/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-picture-window.h"
#include "alm-test-bench.h"

static void
test_a_picture_is_shown (AlmTestBench  *bench,
                         gconstpointer  user_data)
{
  g_autofree char *path = g_build_filename (bench->dir, "picture", NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 40, 20);
  GtkWidget *window;
  GtkWidget *stack;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
  window = alm_picture_window_new (NULL, "Foto", path);
  gtk_window_present (GTK_WINDOW (window));
  stack = alm_test_bench_find (window, GTK_TYPE_STACK);
  while (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)), "loading") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "picture");
  gtk_window_destroy (GTK_WINDOW (window));
  alm_test_bench_settle ();
}

static void
test_what_is_none_is_said (AlmTestBench  *bench,
                           gconstpointer  user_data)
{
  GtkWidget *window = alm_picture_window_new (NULL, "Foto", "/nowhere");

  gtk_window_present (GTK_WINDOW (window));
  alm_test_bench_expect (window, "cannot be shown");
  gtk_window_destroy (GTK_WINDOW (window));
  alm_test_bench_settle ();
}

/* Closed before its picture has come. */
static void
test_it_goes_at_once (AlmTestBench  *bench,
                      gconstpointer  user_data)
{
  GtkWidget *window = alm_picture_window_new (NULL, "Foto", "/nowhere");

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, func) \
  g_test_add ("/picture-window/" name, AlmTestBench, NULL, alm_test_bench_set_up, func, \
              alm_test_bench_tear_down)
  ADD ("a-picture-is-shown", test_a_picture_is_shown);
  ADD ("what-is-none-is-said", test_what_is_none_is_said);
  ADD ("it-goes-at-once", test_it_goes_at_once);

  return g_test_run ();
}
