/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-sync-progress.h"

#include <adwaita.h>

static void
test_a_bar_shows_how_far_it_is (void)
{
  GtkWidget *bar = g_object_ref_sink (gtk_progress_bar_new ());
  AlmSyncStatus status = { .copy_done = 250, .copy_total = 1000, .copy_left_s = 90 };
  g_autofree char *words = alm_sync_progress_show (GTK_PROGRESS_BAR (bar), &status);

  g_assert_cmpstr (words, ==, "250 of 1000 objects, about 2 minutes left");
  g_assert_true (gtk_widget_get_visible (bar));
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, 0.25);
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (bar),
                                                   GTK_ACCESSIBLE_PROPERTY_LABEL));
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "250 of 1000 objects, about 2 minutes left");
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.25);

  status.copy_total = 0;
  g_assert_null (alm_sync_progress_show (GTK_PROGRESS_BAR (bar), &status));
  g_assert_false (gtk_widget_get_visible (bar));
  g_object_unref (bar);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/app/sync-progress/bar", test_a_bar_shows_how_far_it_is);

  return g_test_run ();
}
