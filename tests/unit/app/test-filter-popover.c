/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-filter-popover.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

#include <adwaita.h>

static void
added_cb (AlmFilterPopover *popover,
          AlmChip          *chip,
          GString          *out)
{
  g_autofree char *value = chip->value != NULL ? alm_value_to_text (chip->value) : g_strdup ("-");

  g_string_append_printf (out, "%s %d %s\n", chip->field, chip->op, value);
}

/* The drop-downs in their order: field, comparison. */
static GtkDropDown *
find_choice (GtkWidget *popover,
             guint      index)
{
  GtkWidget *box = gtk_popover_get_child (GTK_POPOVER (popover));

  for (GtkWidget *child = gtk_widget_get_first_child (box);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_DROP_DOWN (child) && index-- == 0)
      return GTK_DROP_DOWN (child);

  g_assert_not_reached ();
}

static void
choose (GtkWidget  *popover,
        guint       index,
        const char *title)
{
  GtkDropDown *choice = find_choice (popover, index);
  GListModel *titles = gtk_drop_down_get_model (choice);

  for (guint i = 0; i < g_list_model_get_n_items (titles); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (titles, i);

      if (g_str_equal (gtk_string_object_get_string (item), title))
        {
          gtk_drop_down_set_selected (choice, i);
          return;
        }
    }
  g_error ("%s is not offered", title);
}

static void
test_a_chip_is_made (AlmTestBench  *bench,
                     gconstpointer  user_data)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = alm_filter_popover_new ();
  GtkWidget *window;
  g_autoptr (GString) added = g_string_new (NULL);
  GtkWidget *entry;

  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  window = alm_test_bench_show (button);
  g_signal_connect (popover, "added", G_CALLBACK (added_cb), added);
  alm_filter_popover_set_model (ALM_FILTER_POPOVER (popover), bench->model);

  choose (popover, 0, "Höhe");
  choose (popover, 1, "from");
  entry = alm_test_bench_find (gtk_popover_get_child (GTK_POPOVER (popover)), GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "hoch");
  g_signal_emit_by_name (entry, "activate");
  g_assert_false (gtk_widget_get_sensitive (
    alm_test_bench_find (gtk_widget_get_last_child (gtk_popover_get_child (
      GTK_POPOVER (popover))), GTK_TYPE_BUTTON)));
  gtk_editable_set_text (GTK_EDITABLE (entry), "12");
  g_signal_emit_by_name (entry, "activate");
  alm_test_bench_press (gtk_popover_get_child (GTK_POPOVER (popover)), "Add filter");

  choose (popover, 0, "Art");
  choose (popover, 1, "is not stated");
  alm_test_bench_press (gtk_popover_get_child (GTK_POPOVER (popover)), "Add filter");
  g_assert_cmpstr (added->str, ==, "height 3 12\nspecies 5 -\n");

  alm_filter_popover_set_model (ALM_FILTER_POPOVER (popover), NULL);
  alm_test_bench_close (window, popover);
}

static void
test_chips_are_said (AlmTestBench  *bench,
                     gconstpointer  user_data)
{
  static const struct
  {
    const char *field;
    AlmTableOp  op;
    const char *value;
    const char *expected;
  } cases[] = {
    { "species", ALM_TABLE_IS, "\"Linde\"", "Art is Linde" },
    { "species", ALM_TABLE_CONTAINS, "\"%s%n\"", "Art contains %s%n" },
    { "height", ALM_TABLE_AT_MOST, "12.5", "Höhe up to 12.5" },
    { "planted", ALM_TABLE_AT_LEAST, "\"1950~\"", "Gepflanzt from about 1950" },
    { "height", ALM_TABLE_EMPTY, NULL, "Höhe is not stated" },
    { "gone", ALM_TABLE_EMPTY, NULL, "gone" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = cases[i].value != NULL ? alm_test_value (cases[i].value)
                                                          : NULL;
      AlmChip *chip = alm_chip_new (cases[i].field, cases[i].op, value);
      g_autofree char *said = alm_filter_popover_say_chip (bench->model, chip);

      g_assert_cmpstr (said, ==, cases[i].expected);
      alm_chip_free (chip);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/filter-popover/add", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_chip_is_made, alm_test_bench_tear_down);
  g_test_add ("/app/filter-popover/say", AlmTestBench, NULL, alm_test_bench_set_up,
              test_chips_are_said, alm_test_bench_tear_down);

  return g_test_run ();
}
