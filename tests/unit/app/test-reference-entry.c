/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-record-picker.h"
#include "alm-reference-entry.h"
#include "alm-test-bench.h"

#include <adwaita.h>

typedef struct
{
  AlmTestBench  bench;
  AlmId         devices[2];
  AlmModel     *model;
  GtkWidget    *entry;
  GtkWidget    *window;
  GString      *chosen;
} Fixture;

static void
chosen_cb (GtkWidget *entry,
           AlmValue  *value,
           GString   *out)
{
  g_string_append_printf (out, "%s ", value != NULL ? alm_value_get_text (value) : "none");
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  alm_test_bench_set_up (&fixture->bench, NULL);
  alm_test_bench_add_devices (&fixture->bench, fixture->devices);
  fixture->model = alm_records_get_model (fixture->bench.records, "device");
  fixture->entry = alm_reference_entry_new (fixture->bench.workbench,
                                            alm_model_find_field (fixture->model, "tree"));
  fixture->chosen = g_string_new (NULL);
  g_signal_connect (fixture->entry, "chosen", G_CALLBACK (chosen_cb), fixture->chosen);
  fixture->window = alm_test_bench_show (fixture->entry);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  alm_test_bench_close (fixture->window, fixture->entry);
  g_string_free (fixture->chosen, TRUE);
  alm_model_unref (fixture->model);
  alm_test_bench_tear_down (&fixture->bench, NULL);
}

static void
set_tree (Fixture *fixture,
          guint    index)
{
  g_autofree char *id = alm_id_to_text (&fixture->bench.ids[index]);
  g_autoptr (AlmValue) value = alm_value_new_text (id);

  alm_reference_entry_set_value (ALM_REFERENCE_ENTRY (fixture->entry), value);
}

static void
test_it_is_shown_by_its_label_and_opens (Fixture       *fixture,
                                         gconstpointer  user_data)
{
  AlmSelection *selection = alm_workbench_get_selection (fixture->bench.workbench);

  g_assert_true (alm_test_bench_says (fixture->entry, "Not stated"));
  set_tree (fixture, 1);
  alm_test_bench_expect (fixture->entry, "B 2 Eiche");
  g_assert_false (alm_test_bench_says (fixture->entry, "Not stated"));
  alm_test_bench_press (fixture->entry, "B 2 Eiche");
  g_assert_cmpint (alm_selection_get_primary (selection), ==, fixture->bench.rids[1]);
  g_assert_cmpstr (fixture->chosen->str, ==, "");
}

static void
test_what_is_not_here_cannot_be_opened (Fixture       *fixture,
                                        gconstpointer  user_data)
{
  g_autoptr (AlmValue) value = alm_value_new_text ("01931f2e-7c1a-7e3b-9d41-000000004711");
  GtkWidget *button = alm_test_bench_find (fixture->entry, GTK_TYPE_BUTTON);

  alm_reference_entry_set_value (ALM_REFERENCE_ENTRY (fixture->entry), value);
  alm_test_bench_expect (fixture->entry, "01931f2e");
  g_assert_false (gtk_widget_get_sensitive (button));
}

static void
test_another_one_is_picked_and_taken_away (Fixture       *fixture,
                                           gconstpointer  user_data)
{
  g_autofree char *id = alm_id_to_text (&fixture->bench.ids[2]);
  GtkWidget *menu = alm_test_bench_find (fixture->entry, GTK_TYPE_MENU_BUTTON);
  GtkWidget *picker = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (menu)));
  GtkWidget *clear = gtk_widget_get_last_child (fixture->entry);

  set_tree (fixture, 0);
  g_signal_emit_by_name (picker, "picked", id);
  alm_test_bench_expect (fixture->entry, "B 3 Linde");
  g_signal_emit_by_name (clear, "clicked");
  g_assert_true (alm_test_bench_says (fixture->entry, "Not stated"));
  g_assert_true (g_str_has_prefix (fixture->chosen->str, id));
  g_assert_true (g_str_has_suffix (fixture->chosen->str, " none "));
}

#define ADD(name, test) \
  g_test_add ("/app/reference-entry/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  ADD ("label", test_it_is_shown_by_its_label_and_opens);
  ADD ("missing", test_what_is_not_here_cannot_be_opened);
  ADD ("pick", test_another_one_is_picked_and_taken_away);

  return g_test_run ();
}
