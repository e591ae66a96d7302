/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-profile-notice.h"
#include "alm-test-bench.h"
#include "alm-test.h"

#include <adwaita.h>

static void
test_an_import_that_was_broken_off_is_told_once (AlmTestBench  *bench,
                                                 gconstpointer  user_data)
{
  g_autofree char *path = g_build_filename (bench->dir, "profile.db", NULL);
  GtkWidget *place = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  g_autofree char *left = NULL;

  g_free (alm_test_query (path, "INSERT INTO settings VALUES"
                          " ('import_running', '0 abc tree local Bäume 2026.csv')"));
  alm_profile_notice_show (bench->workbench, GTK_BOX (place));
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (bench->said->str, ==, "The import of Bäume 2026.csv was not completed. "
                                         "Nothing of it was kept.\n");
  left = alm_test_query (path, "SELECT count(*) FROM settings WHERE name = 'import_running'");
  g_assert_cmpstr (left, ==, "0");
  g_assert_null (gtk_widget_get_first_child (place));
  g_object_unref (place);
}

static void
test_a_damaged_profile_says_so_and_can_be_read (AlmTestBench  *bench,
                                                gconstpointer  user_data)
{
  g_autoptr (AlmRecords) records = NULL;
  g_autoptr (AlmWorkbench) workbench = NULL;
  g_autofree char *dir = alm_test_make_dir ();
  g_autofree char *from = g_build_filename (bench->dir, "profile.db", NULL);
  g_autofree char *to = g_build_filename (dir, "profile.db", NULL);
  g_autofree char *backup = g_strdup_printf ("VACUUM INTO '%s'", to);
  GtkWidget *place = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window;
  g_autoptr (GError) error = NULL;

  g_free (alm_test_query (from, backup));
  alm_test_spoil (to, "derived");
  records = alm_records_open (dir, &error);
  g_assert_no_error (error);
  workbench = alm_workbench_new (records);

  alm_profile_notice_show (workbench, GTK_BOX (place));
  window = alm_test_bench_show (place);
  g_assert_true (alm_test_bench_says (place, "It can be looked at and exported, but not changed."));
  alm_test_bench_close (window, place);

  g_clear_object (&workbench);
  g_clear_object (&records);
  alm_test_bench_settle ();
  alm_test_remove_dir (dir);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/profile-notice/import", AlmTestBench, NULL, alm_test_bench_set_up,
              test_an_import_that_was_broken_off_is_told_once, alm_test_bench_tear_down);
  g_test_add ("/app/profile-notice/damaged", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_damaged_profile_says_so_and_can_be_read, alm_test_bench_tear_down);

  return g_test_run ();
}
