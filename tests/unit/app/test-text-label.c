/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-test-bench.h"
#include "alm-text-label.h"

static int
get_width (GtkWidget *label)
{
  int minimum;

  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  return minimum;
}

static void
test_one_long_word_does_not_widen_the_page (void)
{
  GtkWidget *shorter = g_object_ref_sink (alm_text_label_new ("Grünflächen", NULL));
  GtkWidget *longer = g_object_ref_sink (
    alm_text_label_new ("Grünflächenunterhaltungspflichtübertragung", NULL));

  g_assert_cmpint (get_width (longer), <=, get_width (shorter));
  g_object_unref (shorter);
  g_object_unref (longer);
}

static void
test_it_has_its_class_if_any (void)
{
  GtkWidget *plain = g_object_ref_sink (alm_text_label_new ("a", NULL));
  GtkWidget *dim = g_object_ref_sink (alm_text_label_new ("b", "dim-label"));

  g_assert_false (gtk_widget_has_css_class (plain, "dim-label"));
  g_assert_true (gtk_widget_has_css_class (dim, "dim-label"));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (dim)), ==, "b");
  g_assert_cmpfloat (gtk_label_get_xalign (GTK_LABEL (dim)), ==, 0);
  g_object_unref (plain);
  g_object_unref (dim);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/text-label/long-word", test_one_long_word_does_not_widen_the_page);
  g_test_add_func ("/app/text-label/class", test_it_has_its_class_if_any);

  return g_test_run ();
}
