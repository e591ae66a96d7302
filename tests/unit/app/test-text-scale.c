/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-text-scale.h"

static void
test_it_is_what_is_set (void)
{
  GtkSettings *settings = gtk_settings_get_default ();

  g_object_set (settings, "gtk-xft-dpi", 96 * 1024, NULL);
  g_assert_cmpfloat (alm_text_scale_get (settings), ==, 1.0);
  g_object_set (settings, "gtk-xft-dpi", 144 * 1024, NULL);
  g_assert_cmpfloat (alm_text_scale_get (settings), ==, 1.5);
  g_object_set (settings, "gtk-xft-dpi", -1, NULL);
  g_assert_cmpfloat (alm_text_scale_get (settings), ==, 1.0);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/text-scale/set", test_it_is_what_is_set);

  return g_test_run ();
}
