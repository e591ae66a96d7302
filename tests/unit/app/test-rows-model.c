/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-rows-model.h"
#include "alm-test-bench.h"
#include "alm-test-desk.h"

static AlmRowsOrder *
make_order (const gint64 *rids,
            guint         n_rids)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof *rids);

  g_array_append_vals (array, rids, n_rids);

  return alm_rows_order_new (array);
}

/* So many rows that exist nowhere: 1, 2, 3, … */
static AlmRowsOrder *
make_many (guint n_rids)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 rid = 1; rid <= n_rids; rid++)
    g_array_append_val (array, rid);

  return alm_rows_order_new (array);
}

static gboolean
is_loaded (gpointer item)
{
  return alm_row_item_get_row (item) != NULL;
}

static const char *
number_of (AlmRowItem *item)
{
  return alm_value_get_text_of (alm_row_item_get_row (item)->fields, "number");
}

static void
note_change_cb (GListModel *model,
                guint       position,
                guint       removed,
                guint       added,
                GString    *out)
{
  g_string_append_printf (out, "%u-%u+%u ", position, removed, added);
}

static void
test_the_order_is_the_lists (AlmTestBench  *bench,
                             gconstpointer  user_data)
{
  const gint64 rids[] = { bench->rids[2], bench->rids[0], bench->rids[1] };
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  g_autoptr (GString) changes = g_string_new (NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 0));
  g_signal_connect (model, "items-changed", G_CALLBACK (note_change_cb), changes);

  g_assert_true (alm_rows_model_take (model, make_order (rids, 3)));
  g_assert_false (alm_rows_model_take (model, make_order (rids, 3)));    /* the same list */
  g_assert_true (alm_rows_model_take (model, make_order (rids, 2)));
  g_assert_true (alm_rows_model_take (model, make_order (rids, 3)));
  g_assert_cmpstr (changes->str, ==, "0-0+3 2-1+0 2-0+1 ");

  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (alm_rows_model_get_rid (model, i), ==, rids[i]);
      g_assert_cmpuint (alm_rows_model_find (model, rids[i]), ==, i);
    }
  g_assert_cmpuint (alm_rows_model_find (model, bench->rids[3]), ==, GTK_INVALID_LIST_POSITION);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (model)) == ALM_TYPE_ROW_ITEM);

  g_assert_finalize_object (model);
}

static void
test_fields_follow (AlmTestBench  *bench,
                    gconstpointer  user_data)
{
  const gint64 rids[] = { bench->rids[1], 99999, bench->rids[0] };
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  g_autoptr (AlmRowItem) first = NULL;
  g_autoptr (AlmRowItem) gone = NULL;
  g_autoptr (AlmRowItem) last = NULL;

  alm_rows_model_take (model, make_order (rids, 3));
  first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  gone = g_list_model_get_item (G_LIST_MODEL (model), 1);
  last = g_list_model_get_item (G_LIST_MODEL (model), 2);
  g_assert_cmpint (alm_row_item_get_rid (first), ==, rids[0]);
  g_assert_null (alm_row_item_get_row (first));

  alm_test_bench_wait (is_loaded, last);
  g_assert_cmpstr (number_of (last), ==, "B 1");
  g_assert_cmpstr (number_of (first), ==, "B 2");
  g_assert_null (alm_row_item_get_row (gone));       /* and nothing else is wrong */

  alm_test_bench_settle ();
  g_assert_finalize_object (model);
}

static void
count_cb (AlmRowItem *item,
          guint      *n)
{
  ++*n;
}

/* The list only grows and shrinks at its end, and what is shown is told that
 * another row stands there now. */
static void
test_another_order_moves_the_rows (AlmTestBench  *bench,
                                   gconstpointer  user_data)
{
  const gint64 before[] = { bench->rids[0], bench->rids[1], bench->rids[3] };
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autoptr (AlmRowItem) first = NULL;
  g_autoptr (AlmRowItem) shown = NULL;
  g_autoptr (AlmRowItem) same = NULL;
  g_autoptr (AlmRowItem) last = NULL;
  guint n_loaded = 0;

  alm_rows_model_take (model, make_order (before, 3));
  first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  shown = g_list_model_get_item (G_LIST_MODEL (model), 2);
  alm_test_bench_wait (is_loaded, shown);

  g_signal_connect (model, "items-changed", G_CALLBACK (note_change_cb), changes);
  g_signal_connect (shown, "loaded", G_CALLBACK (count_cb), &n_loaded);
  alm_rows_model_take (model, make_order (bench->rids, 4));
  g_assert_cmpstr (changes->str, ==, "3-0+1 ");
  same = g_list_model_get_item (G_LIST_MODEL (model), 2);
  last = g_list_model_get_item (G_LIST_MODEL (model), 3);
  g_assert_true (same == shown);
  g_assert_cmpint (alm_row_item_get_rid (shown), ==, bench->rids[2]);
  g_assert_cmpuint (n_loaded, ==, 1);
  g_assert_null (alm_row_item_get_row (shown));      /* never another row's fields */
  g_assert_cmpstr (number_of (first), ==, "B 1");    /* nothing has changed here */

  alm_test_bench_wait (is_loaded, last);
  g_assert_cmpstr (number_of (shown), ==, "B 3");
  g_assert_cmpstr (number_of (last), ==, "B 4");
  g_assert_cmpuint (n_loaded, ==, 2);

  alm_test_bench_settle ();
  g_assert_finalize_object (model);
}

/* Rows that come with the order are there at once, and nothing is read for them. */
static void
test_the_first_page_comes_along (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  const gint64 rids[] = { bench->rids[1], 99999 };
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  AlmRowsOrder *order = make_order (rids, 2);
  g_autoptr (AlmRowItem) first = NULL;
  g_autoptr (AlmRowItem) gone = NULL;

  order->first = g_ptr_array_new ();
  g_ptr_array_add (order->first, g_new0 (AlmRow, 1));
  ((AlmRow *) g_ptr_array_index (order->first, 0))->fields = alm_test_value ("{\"number\":\"X\"}");
  g_ptr_array_add (order->first, NULL);
  alm_rows_model_take (model, order);
  first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  gone = g_list_model_get_item (G_LIST_MODEL (model), 1);
  g_assert_cmpstr (number_of (first), ==, "X");
  g_assert_null (alm_row_item_get_row (gone));

  alm_test_bench_settle ();
  g_assert_finalize_object (model);
}

static gboolean
is_counted (gpointer n)
{
  return *(guint *) n > 0;
}

static void
test_what_changed_is_read_again (AlmTestBench  *bench,
                                 gconstpointer  user_data)
{
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  g_autoptr (AlmRowItem) item = NULL;
  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n = 0;

  alm_rows_model_take (model, make_order (bench->rids, 2));
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  alm_test_bench_wait (is_loaded, item);
  alm_test_bench_settle ();

  g_signal_connect (item, "loaded", G_CALLBACK (count_cb), &n);
  g_array_append_val (touched, bench->rids[0]);
  alm_rows_model_refresh (model, touched);
  alm_test_bench_wait (is_counted, &n);
  g_assert_cmpstr (number_of (item), ==, "B 1");

  n = 0;
  alm_rows_model_refresh (model, NULL);
  alm_test_bench_wait (is_counted, &n);

  alm_test_bench_settle ();
  g_assert_finalize_object (model);
}

/* Only what was looked at is kept: a walk through all pages, then one more. */
static void
test_a_long_list_keeps_few_pages (AlmTestBench  *bench,
                                  gconstpointer  user_data)
{
  const guint n_rids = 100 * ALM_ROWS_PAGE + 1;
  AlmRowsModel *model = alm_rows_model_new (bench->records);
  gpointer first;

  alm_rows_model_take (model, make_many (n_rids));
  first = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_object_add_weak_pointer (first, &first);
  g_object_unref (first);
  g_assert_nonnull (first);

  for (guint i = 0; i < n_rids; i += ALM_ROWS_PAGE)
    {
      g_autoptr (AlmRowItem) item = g_list_model_get_item (G_LIST_MODEL (model), i);

      g_assert_cmpint (alm_row_item_get_rid (item), ==, i + 1);
    }
  g_assert_null (first);
  g_assert_cmpuint (alm_rows_model_find (model, n_rids), ==, n_rids - 1);

  /* With a hundred answers under way. */
  g_object_run_dispose (G_OBJECT (model));
  g_object_add_weak_pointer (G_OBJECT (model), (gpointer *) &model);
  g_object_unref (model);
  while (model != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, test) \
  g_test_add ("/app/rows-model/" name, AlmTestBench, NULL, alm_test_bench_set_up, test, \
              alm_test_bench_tear_down)
  ADD ("order", test_the_order_is_the_lists);
  ADD ("fields", test_fields_follow);
  ADD ("first-page", test_the_first_page_comes_along);
  ADD ("another-order", test_another_order_moves_the_rows);
  ADD ("refresh", test_what_changed_is_read_again);
  ADD ("long", test_a_long_list_keeps_few_pages);

  return g_test_run ();
}
