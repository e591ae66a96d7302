/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-login-dialog.h"
#include "alm-test-bench.h"

typedef struct
{
  GtkEditable *server;
  GtkEditable *user;
  GtkEditable *password;
} Entries;

/* In the order in which they stand: server, user; the password is of its own kind. */
static void
collect (GtkWidget *widget,
         Entries   *entries)
{
  if (GTK_IS_PASSWORD_ENTRY (widget))
    entries->password = GTK_EDITABLE (widget);
  else if (GTK_IS_ENTRY (widget) && entries->server == NULL)
    entries->server = GTK_EDITABLE (widget);
  else if (GTK_IS_ENTRY (widget))
    entries->user = GTK_EDITABLE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, entries);
}

static void
test_all_three_are_asked_for (AlmTestBench  *bench,
                              gconstpointer  user_data)
{
  GtkWidget *dialog = alm_login_dialog_begin (bench->workbench, NULL);
  Entries entries = { NULL };

  collect (dialog, &entries);
  gtk_editable_set_text (entries.server, "https://daten.example");
  gtk_editable_set_text (entries.user, "anna");
  gtk_widget_activate_action (dialog, "login.begin", NULL);
  alm_test_bench_expect (dialog, "Please fill in address, user name and password.");
  g_assert_null (alm_sync_driver_get_user (alm_workbench_get_sync (bench->workbench)));

  alm_test_bench_close (dialog, dialog);
}

/* The port is closed: an answer comes, the password is gone, nothing has changed. */
static void
test_a_server_that_does_not_answer_is_told (AlmTestBench  *bench,
                                            gconstpointer  user_data)
{
  GtkWidget *dialog = alm_login_dialog_begin (bench->workbench, NULL);
  GtkWidget *label;
  Entries entries = { NULL };

  collect (dialog, &entries);
  gtk_editable_set_text (entries.server, "http://127.0.0.1:1");
  gtk_editable_set_text (entries.user, "anna");
  gtk_editable_set_text (entries.password, "geheim");
  gtk_widget_activate_action (dialog, "login.begin", NULL);
  g_assert_cmpstr (gtk_editable_get_text (entries.password), ==, "");
  label = GTK_WIDGET (gtk_widget_get_template_child (dialog, ALM_TYPE_LOGIN_DIALOG,
                                                     "error_label"));
  while (!gtk_widget_get_visible (label))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), !=, "");
  g_assert_null (alm_sync_driver_get_user (alm_workbench_get_sync (bench->workbench)));
  g_assert_cmpstr (bench->said->str, ==, "");

  alm_test_bench_close (dialog, dialog);
}

static void
test_the_servers_address_is_kept (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  AlmSyncDriver *driver = alm_workbench_get_sync (bench->workbench);
  GtkWidget *dialog;
  Entries entries = { NULL };

  while (alm_sync_driver_get_server (driver) == NULL)
    g_main_context_iteration (NULL, TRUE);
  dialog = alm_login_dialog_begin (bench->workbench, NULL);
  collect (dialog, &entries);
  g_assert_cmpstr (gtk_editable_get_text (entries.server), ==, "http://127.0.0.1:1");

  /* Closed while it is asking. */
  gtk_editable_set_text (entries.user, "anna");
  gtk_editable_set_text (entries.password, "geheim");
  gtk_widget_activate_action (dialog, "login.begin", NULL);
  alm_test_bench_close (dialog, dialog);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/login-dialog/asked", AlmTestBench, NULL, alm_test_bench_set_up,
              test_all_three_are_asked_for, alm_test_bench_tear_down);
  g_test_add ("/app/login-dialog/no-answer", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_server_that_does_not_answer_is_told, alm_test_bench_tear_down);
  g_test_add ("/app/login-dialog/kept", AlmTestBench, NULL, alm_test_bench_set_up_with_server,
              test_the_servers_address_is_kept, alm_test_bench_tear_down);

  return g_test_run ();
}
