/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-assistant.h"
#include "alm-json.h"
#include "alm-test.h"

#include <string.h>

static const char lamp[] =
  "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
  "\"$id\":\"https://daten.example/collections/lamp/schema\",\"title\":\"Leuchte\","
  "\"x-alm-plural\":{\"de\":\"Leuchten\",\"en\":\"Lamps\"},\"x-alm-layer\":\"asset\","
  "\"properties\":{"
  "\"geometry\":{\"format\":\"geometry-point\",\"x-ogc-role\":\"primary-geometry\"},"
  "\"number\":{\"type\":\"string\",\"title\":\"Nummer\"}}}";

typedef struct
{
  char         *dir;
  AlmRecords   *records;
  AlmWorkbench *workbench;
  AlmModel     *model;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlmValue) schema = alm_json_parse (lamp, -1, NULL, &error);

  g_assert_no_error (error);
  fixture->dir = alm_test_make_dir ();
  fixture->records = alm_records_open (fixture->dir, &error);
  g_assert_no_error (error);
  fixture->workbench = alm_workbench_new (fixture->records);
  fixture->model = alm_model_new ("lamp", schema, faults);
  g_assert_nonnull (fixture->model);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  settle ();
  g_clear_pointer (&fixture->model, alm_model_unref);
  g_clear_object (&fixture->workbench);
  g_clear_object (&fixture->records);
  settle ();
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static void
note_gone (gpointer  data,
           GObject  *where)
{
  *(gboolean *) data = TRUE;
}

/* Closing it in the middle of its first reading leaves nothing behind. */
static void
test_it_goes_when_it_is_closed (Fixture       *fixture,
                                gconstpointer  user_data)
{
  GtkWidget *window = alm_import_assistant_begin (fixture->workbench, fixture->model, NULL, NULL);
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (window), note_gone, &gone);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Lamps: Import a List");
  gtk_window_destroy (GTK_WINDOW (window));
  while (!gone)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
says (GtkWidget  *widget,
      const char *words)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && strstr (gtk_label_get_label (GTK_LABEL (widget)), words) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, words))
      return TRUE;

  return FALSE;
}

/* What a file manager drops may lie on a server that is no folder here: a sentence, and
 * one may choose something else. */
static void
test_a_file_on_a_server_has_a_sentence (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("smb://server/share/list.csv");
  GtkWidget *window = alm_import_assistant_begin (fixture->workbench, fixture->model, file, NULL);

  while (!says (window, "copy it to this computer first"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (says (window, "Nothing was changed"));
  g_assert_true (says (window, "Which list?"));
  gtk_window_destroy (GTK_WINDOW (window));
  settle ();
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_setenv ("LANGUAGE", "en", TRUE);

  g_test_add ("/app/import-assistant/closed", Fixture, NULL, set_up,
              test_it_goes_when_it_is_closed, tear_down);
  g_test_add ("/app/import-assistant/on-a-server", Fixture, NULL, set_up,
              test_a_file_on_a_server_has_a_sentence, tear_down);

  return g_test_run ();
}
