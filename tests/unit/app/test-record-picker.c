/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-record-picker.h"
#include "alm-test-bench.h"

#include <adwaita.h>

static void
picked_cb (GtkWidget  *picker,
           const char *id,
           char      **out)
{
  g_free (*out);
  *out = g_strdup (id);
}

static void
type (GtkWidget  *picker,
      const char *text)
{
  GtkWidget *entry = alm_test_bench_find (picker, GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  g_signal_emit_by_name (entry, "search-changed");
}

static void
test_a_record_of_the_kind_is_found_and_picked (AlmTestBench  *bench,
                                               gconstpointer  user_data)
{
  g_autofree char *picked = NULL;
  g_autofree char *wanted = alm_id_to_text (&bench->ids[1]);
  GtkWidget *picker = alm_record_picker_new (bench->workbench, "tree");
  GtkWidget *window = alm_test_bench_pop_up (picker);

  g_signal_connect (picker, "picked", G_CALLBACK (picked_cb), &picked);
  alm_test_bench_expect (picker, "B 4 Ahorn");        /* all of them, by their labels */
  type (picker, "eiche");
  while (alm_test_bench_says (picker, "B 4 Ahorn"))
    g_main_context_iteration (NULL, TRUE);
  alm_test_bench_expect (picker, "B 2 Eiche");
  g_signal_emit_by_name (alm_test_bench_find (picker, GTK_TYPE_SEARCH_ENTRY), "activate");
  g_assert_cmpstr (picked, ==, wanted);

  alm_test_bench_close (window, picker);
}

static void
test_nothing_found_is_said (AlmTestBench  *bench,
                            gconstpointer  user_data)
{
  GtkWidget *picker = alm_record_picker_new (bench->workbench, NULL);
  GtkWidget *window = alm_test_bench_pop_up (picker);

  alm_test_bench_expect (picker, "Type a part of the name");
  type (picker, "xyzzy");
  alm_test_bench_expect (picker, "Nothing was found.");
  type (picker, "eiche");
  alm_test_bench_expect (picker, "B 2 Eiche");
  gtk_popover_popdown (GTK_POPOVER (picker));

  alm_test_bench_close (window, picker);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add ("/app/record-picker/pick", AlmTestBench, NULL, alm_test_bench_set_up,
              test_a_record_of_the_kind_is_found_and_picked, alm_test_bench_tear_down);
  g_test_add ("/app/record-picker/nothing", AlmTestBench, NULL, alm_test_bench_set_up,
              test_nothing_found_is_said, alm_test_bench_tear_down);

  return g_test_run ();
}
