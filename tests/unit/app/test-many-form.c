/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-many-form.h"
#include "alm-test-bench.h"

#include <adwaita.h>
#include <string.h>

static GtkWidget *
open_form (AlmTestBench  *bench,
           guint          n,
           GtkWidget    **window)
{
  GtkWidget *form = alm_many_form_new (bench->workbench);

  *window = alm_test_bench_show (form);
  alm_selection_set (alm_workbench_get_selection (bench->workbench), bench->rids, n, 0);
  alm_many_form_read (ALM_MANY_FORM (form));

  return form;
}

static void
wait_for_toast (AlmTestBench *bench)
{
  while (bench->said->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_field (AlmTestBench *bench,
              guint         index,
              const char   *expected)
{
  g_autofree char *fields = alm_test_bench_fields (bench, &bench->ids[index]);

  g_assert_nonnull (strstr (fields, expected));
}

static void
test_one_field_is_changed_in_all (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *form = open_form (bench, 3, &window);
  GtkWidget *entry;

  alm_test_bench_expect (form, "3 objects selected");
  g_assert_true (alm_test_bench_says (form, "3 Baum"));
  /* The first field is the number. */
  entry = alm_test_bench_find (form, GTK_TYPE_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "neu");
  g_signal_emit_by_name (entry, "activate");
  alm_test_bench_press (form, "Change in all");
  wait_for_toast (bench);
  g_assert_cmpstr (bench->said->str, ==, "Nummer changed in 3 objects\n");
  assert_field (bench, 0, "\"number\":\"neu\"");
  assert_field (bench, 2, "\"number\":\"neu\"");
  assert_field (bench, 3, "\"number\":\"B 4\"");

  alm_test_bench_close (window, form);
}

static void
test_all_are_deleted_in_one_step (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  GtkWidget *window;
  GtkWidget *form = open_form (bench, 2, &window);

  alm_test_bench_expect (form, "2 objects selected");
  alm_test_bench_press (form, "Delete all that are selected");
  wait_for_toast (bench);
  g_assert_cmpstr (bench->said->str, ==, "2 objects deleted\n");
  assert_field (bench, 0, "deleted");
  assert_field (bench, 1, "deleted");
  assert_field (bench, 2, "B 3");

  g_string_truncate (bench->said, 0);
  alm_workbench_undo (bench->workbench);
  wait_for_toast (bench);
  assert_field (bench, 0, "B 1");
  assert_field (bench, 1, "B 2");

  alm_test_bench_close (window, form);
}

/* Those that are gone meanwhile do not count. */
static void
test_what_is_gone_does_not_count (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  const gint64 rids[] = { bench->rids[0], 99998, 99999 };
  GtkWidget *window;
  GtkWidget *form = open_form (bench, 2, &window);

  alm_test_bench_expect (form, "2 objects selected");
  alm_selection_set (alm_workbench_get_selection (bench->workbench), rids, 3, 0);
  alm_many_form_read (ALM_MANY_FORM (form));
  alm_test_bench_expect (form, "1 object selected");
  alm_selection_clear (alm_workbench_get_selection (bench->workbench));
  alm_many_form_read (ALM_MANY_FORM (form));
  alm_test_bench_expect (form, "0 objects selected");

  alm_many_form_read (ALM_MANY_FORM (form));
  alm_test_bench_close (window, form);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(name, test) \
  g_test_add ("/app/many-form/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("change", test_one_field_is_changed_in_all);
  ADD ("delete", test_all_are_deleted_in_one_step);
  ADD ("gone", test_what_is_gone_does_not_count);

  return g_test_run ();
}
