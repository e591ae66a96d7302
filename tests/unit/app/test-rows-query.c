/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-rows-model.h"
#include "alm-rows-query.h"
#include "alm-test-desk.h"
#include "alm-test.h"

static AlmRowsQuery *
make_query (const char *sort,
            gboolean    descending)
{
  AlmRowsQuery *query = g_new0 (AlmRowsQuery, 1);

  query->kind = g_strdup ("tree");
  query->chips = g_ptr_array_new_with_free_func ((GDestroyNotify) alm_chip_free);
  query->sort = g_strdup (sort);
  query->descending = descending;

  return query;
}

static void
add_chip (AlmRowsQuery *query,
          const char   *field,
          AlmTableOp    op,
          const char   *value)
{
  g_autoptr (AlmValue) parsed = value != NULL ? alm_test_value (value) : NULL;

  g_ptr_array_add (query->chips, alm_chip_new (field, op, parsed));
}

/* The numbers of the trees in the order that @query gives. */
static char *
ask (AlmDesk      *desk,
     AlmRowsQuery *query)
{
  g_autoptr (GError) error = NULL;
  AlmRowsOrder *order = alm_rows_query_read_job (desk, query, &error);
  GString *numbers = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (order->first->len, ==, order->rids->len);
  for (guint i = 0; i < order->rids->len; i++)
    {
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, g_array_index (order->rids, gint64, i),
                                                    &error);

      g_assert_no_error (error);
      g_assert_cmpint (((AlmRow *) g_ptr_array_index (order->first, i))->rid, ==, row->rid);
      g_string_append (numbers, alm_value_get_text_of (row->fields, "number"));
    }
  alm_rows_order_free (order);

  return g_string_free (numbers, FALSE);
}

static void
assert_rows (AlmDesk      *desk,
             AlmRowsQuery *query,
             const char   *expected)
{
  g_autofree char *found = ask (desk, query);

  g_assert_cmpstr (found, ==, expected);
  alm_rows_query_free (query);
}

static AlmDesk *
open_desk (const char *dir)
{
  static const char *const trees[] = {
    "{\"number\":\"A\",\"species\":\"Linde\",\"height\":12}",
    "{\"number\":\"B\",\"species\":\"Ähre\",\"height\":3}",
    "{\"number\":\"C\",\"species\":\"Linde\"}",
  };
  g_autoptr (GError) error = NULL;
  AlmDesk *desk = alm_desk_open (dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);

  g_assert_no_error (error);
  alm_test_add_trees (desk);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    alm_test_edit (desk, ALM_OP_NEW, NULL, NULL, "tree", trees[i]);

  return desk;
}

static void
test_chips_and_order_are_the_stores (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDesk *desk = open_desk (dir);
  AlmRowsQuery *query;

  assert_rows (desk, make_query (NULL, FALSE), "ABC");
  assert_rows (desk, make_query ("species", FALSE), "BAC");
  assert_rows (desk, make_query ("height", TRUE), "ABC");     /* what is empty last */

  query = make_query ("height", FALSE);
  add_chip (query, "species", ALM_TABLE_IS, "\"Linde\"");
  assert_rows (desk, query, "AC");
  query = make_query (NULL, FALSE);
  add_chip (query, "species", ALM_TABLE_IS, "\"Linde\"");
  add_chip (query, "height", ALM_TABLE_FILLED, NULL);
  assert_rows (desk, query, "A");
  query = make_query (NULL, FALSE);
  add_chip (query, "species", ALM_TABLE_CONTAINS, "\"'; drop table record; --\"");
  assert_rows (desk, query, "");
  assert_rows (desk, make_query (NULL, FALSE), "ABC");

  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

static void
test_a_field_that_is_not_there_is_an_error (void)
{
  g_autofree char *dir = alm_test_make_dir ();
  AlmDesk *desk = open_desk (dir);
  AlmRowsQuery *query = make_query (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  add_chip (query, "gone", ALM_TABLE_EMPTY, NULL);
  g_assert_null (alm_rows_query_read_job (desk, query, &error));
  g_assert_nonnull (error);

  alm_rows_query_free (query);
  alm_desk_close (desk);
  alm_test_remove_dir (dir);
}

/* The job has a query of its own, whatever the page does meanwhile. */
static void
test_a_copy_stands_alone (void)
{
  AlmRowsQuery *query = make_query ("height", TRUE);
  AlmRowsQuery *copy;
  AlmChip *chip;

  add_chip (query, "species", ALM_TABLE_IS, "\"Linde\"");
  copy = alm_rows_query_copy (query);
  alm_rows_query_free (query);

  g_assert_cmpstr (copy->kind, ==, "tree");
  g_assert_cmpstr (copy->sort, ==, "height");
  g_assert_true (copy->descending);
  g_assert_cmpuint (copy->chips->len, ==, 1);
  chip = g_ptr_array_index (copy->chips, 0);
  g_assert_cmpstr (chip->field, ==, "species");
  g_assert_cmpint (chip->op, ==, ALM_TABLE_IS);
  g_assert_cmpstr (alm_value_get_text (chip->value), ==, "Linde");
  alm_rows_query_free (copy);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/rows-query/order", test_chips_and_order_are_the_stores);
  g_test_add_func ("/app/rows-query/unknown", test_a_field_that_is_not_there_is_an_error);
  g_test_add_func ("/app/rows-query/copy", test_a_copy_stands_alone);

  return g_test_run ();
}
