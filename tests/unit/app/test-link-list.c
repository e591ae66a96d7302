/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-link-list.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <adwaita.h>

static void
test_both_ends_are_shown_and_open (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);
  GtkWidget *list = alm_link_list_new (bench->workbench);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = alm_test_bench_show (box);
  AlmId devices[2];
  gint64 device;

  gtk_box_append (GTK_BOX (box), list);
  alm_test_bench_add_devices (bench, devices);
  g_assert_false (gtk_widget_get_visible (list));      /* nothing is said of nothing */

  alm_link_list_show (ALM_LINK_LIST (list), bench->rids[0]);
  alm_test_bench_expect (list, "Slide");
  g_assert_true (alm_test_bench_says (list, "Device, refers to this"));
  alm_test_bench_press (list, "Slide");
  device = alm_selection_get_primary (selection);
  g_assert_cmpint (device, !=, 0);

  alm_link_list_show (ALM_LINK_LIST (list), device);
  g_assert_false (gtk_widget_get_visible (list));
  alm_test_bench_expect (list, "B 1 Linde");
  g_assert_true (alm_test_bench_says (list, "At the tree"));
  alm_test_bench_press (list, "B 1 Linde");
  g_assert_cmpint (alm_selection_get_primary (selection), ==, bench->rids[0]);

  alm_test_bench_close (window, list);
}

static gpointer
add_many_job (AlmDesk   *desk,
              gpointer   data,
              GError   **error)
{
  g_autofree char *tree = alm_id_to_text (data);

  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *set = g_strdup_printf ("{\"name\":\"Bench %u\",\"tree\":\"%s\"}", i, tree);

      alm_test_edit (desk, ALM_OP_NEW, NULL, "local", "device", set);
    }

  return desk;
}

static void
test_of_very_many_all_can_be_shown (AlmTestBench  *bench,
                                    gconstpointer  user_data)
{
  AlmSelection *selection = alm_workbench_get_selection (bench->workbench);
  GtkWidget *list = alm_link_list_new (bench->workbench);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = alm_test_bench_show (box);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AlmId devices[2];

  gtk_box_append (GTK_BOX (box), list);
  alm_test_bench_add_devices (bench, devices);
  alm_records_write_async (bench->records, add_many_job, &bench->ids[0], NULL, NULL,
                           alm_test_keep_result, &result);
  alm_test_wait_for (&result);
  g_assert_nonnull (alm_records_write_finish (bench->records, result, &error));
  g_assert_no_error (error);

  alm_link_list_show (ALM_LINK_LIST (list), bench->rids[0]);
  alm_test_bench_expect (list, "Show all 25");
  g_assert_true (alm_test_bench_says (list, "Bench 18"));
  g_assert_false (alm_test_bench_says (list, "Bench 19"));
  alm_test_bench_press (list, "Show all 25");
  g_assert_cmpuint (alm_selection_get_size (selection), ==, 25);

  alm_test_bench_close (window, list);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/link-list/both-ends", AlmTestBench, NULL, alm_test_bench_set_up,
              test_both_ends_are_shown_and_open, alm_test_bench_tear_down);
  g_test_add ("/app/link-list/many", AlmTestBench, NULL, alm_test_bench_set_up,
              test_of_very_many_all_can_be_shown, alm_test_bench_tear_down);

  return g_test_run ();
}
