/* SPDX-License-Identifier: EUPL-1.2 */

/* The rows behind the table: each comparison, German and uncertain dates, a
 * total order with the empty ones last, and field names that are none. */

#include "config.h"

#include "alm-desk-table.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#define SCOPE "ksj/baeume"

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

/* In this order they get their row numbers; the number names them. */
static const char *const trees[] = {
  "{\"number\":\"1\",\"species\":\"Ölbaum\",\"height\":7.5,\"vitality\":2,"
  "\"planted\":\"1990\"}",
  "{\"number\":\"2\",\"species\":\"Linde\",\"height\":12,\"vitality\":10,"
  "\"planted\":\"1985-03\"}",
  "{\"number\":\"3\",\"species\":\"linde\",\"vitality\":9,\"planted\":\"../1985\"}",
  "{\"number\":\"4\",\"height\":12,\"planted\":\"1990-06-01~\"}",
  "{\"number\":\"5\",\"species\":\"Straßenapfel\",\"height\":0,\"vitality\":0,"
  "\"street\":\"Hof/Tor\"}",
  "{\"number\":\"6\",\"species\":\"Zeder\",\"height\":30,\"vitality\":-1,\"street\":\"?\"}",
};

static void
set_up (Fixture       *self,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  self->dir = alm_test_make_dir ();
  self->desk = alm_desk_open (self->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (self->desk);
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    alm_test_edit (self->desk, ALM_OP_NEW, &(AlmId) { 0 }, SCOPE, "tree", trees[i]);
}

static void
tear_down (Fixture       *self,
           gconstpointer  user_data)
{
  alm_desk_close (self->desk);
  alm_test_remove_dir (self->dir);
  g_free (self->dir);
}

/* The numbers of the trees that come, as one text. */
static char *
ask (AlmDesk              *desk,
     const AlmTableFilter *filters,
     guint                 n_filters,
     const char           *sort,
     gboolean              descending)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) rids = alm_desk_table_rids (desk, "tree", filters, n_filters, sort,
                                                 descending, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (AlmRow) row = alm_desk_get_by_rid (desk, g_array_index (rids, gint64, i), &error);

      g_assert_no_error (error);
      g_string_append (text, alm_value_get_text_of (row->fields, "number"));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_each_comparison (Fixture       *self,
                      gconstpointer  user_data)
{
  static const struct { const char *field; AlmTableOp op; const char *value, *wanted; } cases[] = {
    { "species", ALM_TABLE_IS, "\"LINDE\"", "23" },
    { "species", ALM_TABLE_IS, "\"olbaum\"", "1" },
    { "species", ALM_TABLE_IS_NOT, "\"Linde\"", "1456" },
    { "species", ALM_TABLE_CONTAINS, "\"STRASSE\"", "5" },
    { "species", ALM_TABLE_EMPTY, NULL, "4" },
    { "species", ALM_TABLE_FILLED, NULL, "12356" },
    /* Without letter or digit: as it stands. */
    { "species", ALM_TABLE_CONTAINS, "\"-\"", "" },
    { "species", ALM_TABLE_IS, "\"?\"", "" },
    { "species", ALM_TABLE_IS_NOT, "\"?\"", "123456" },
    { "street", ALM_TABLE_CONTAINS, "\"/\"", "5" },
    { "street", ALM_TABLE_CONTAINS, "\"?\"", "6" },
    { "street", ALM_TABLE_IS, "\"?\"", "6" },
    { "street", ALM_TABLE_CONTAINS, "\"hof/tor\"", "5" },
    { "height", ALM_TABLE_AT_LEAST, "12", "246" },
    { "height", ALM_TABLE_AT_LEAST, "12.01", "6" },
    { "height", ALM_TABLE_AT_MOST, "7.5", "15" },
    { "height", ALM_TABLE_IS, "0", "5" },
    { "height", ALM_TABLE_EMPTY, NULL, "3" },
    /* Whole numbers compare as numbers: 10 is more than 9. */
    { "vitality", ALM_TABLE_AT_LEAST, "9", "23" },
    { "vitality", ALM_TABLE_AT_MOST, "0", "56" },
    /* By the first day, or the last one where the beginning is open. */
    { "planted", ALM_TABLE_AT_LEAST, "\"1990\"", "14" },
    { "planted", ALM_TABLE_AT_MOST, "\"1985-03-01\"", "2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlmValue) value = cases[i].value != NULL ? alm_test_value (cases[i].value) : NULL;
      AlmTableFilter filter = { cases[i].field, cases[i].op, value };
      g_autofree char *got = ask (self->desk, &filter, 1, NULL, FALSE);

      g_test_message ("case %u: %s", i, cases[i].field);
      g_assert_cmpstr (got, ==, cases[i].wanted);
    }
}

static void
test_filters_hold_together (Fixture       *self,
                            gconstpointer  user_data)
{
  g_autoptr (AlmValue) least = alm_test_value ("1");
  g_autoptr (AlmValue) most = alm_test_value ("12");
  AlmTableFilter filters[] = {
    { "height", ALM_TABLE_AT_LEAST, least }, { "height", ALM_TABLE_AT_MOST, most },
    { "species", ALM_TABLE_FILLED, NULL },
  };
  g_autofree char *got = ask (self->desk, filters, G_N_ELEMENTS (filters), NULL, FALSE);

  g_assert_cmpstr (got, ==, "12");
}

static void
test_the_order_is_total_and_empty_ones_are_last (Fixture       *self,
                                                 gconstpointer  user_data)
{
  static const struct { const char *sort; gboolean descending; const char *wanted; } cases[] = {
    { NULL, FALSE, "123456" },
    { "species", FALSE, "231564" }, { "species", TRUE, "651324" },
    { "height", FALSE, "512463" }, { "height", TRUE, "624153" },
    { "vitality", FALSE, "651324" }, { "vitality", TRUE, "231564" },
    { "planted", FALSE, "231456" }, { "planted", TRUE, "413256" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = ask (self->desk, NULL, 0, cases[i].sort, cases[i].descending);

      g_test_message ("case %u: %s", i, cases[i].sort);
      g_assert_cmpstr (got, ==, cases[i].wanted);
    }
}

static void
test_what_is_deleted_is_not_shown (Fixture       *self,
                                   gconstpointer  user_data)
{
  g_autoptr (GArray) rids = alm_desk_table_rids (self->desk, "tree", NULL, 0, NULL, FALSE, NULL);
  g_autoptr (AlmRow) row = alm_desk_get_by_rid (self->desk, g_array_index (rids, gint64, 1), NULL);
  g_autofree char *got = NULL;

  alm_test_edit (self->desk, ALM_OP_DEL, &row->id, NULL, NULL, NULL);
  got = ask (self->desk, NULL, 0, "number", FALSE);
  g_assert_cmpstr (got, ==, "13456");
}

static void
test_a_name_that_is_no_column_is_refused (Fixture       *self,
                                          gconstpointer  user_data)
{
  static const char *const names[] = {
    "", "nothing", "geometry", "rid", "height\" IS NULL OR 1=1 --", "height; DROP TABLE records",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AlmTableFilter filter = { names[i], ALM_TABLE_EMPTY, NULL };
      g_autoptr (GError) sort_error = NULL;
      g_autoptr (GError) filter_error = NULL;

      g_assert_null (alm_desk_table_rids (self->desk, "tree", NULL, 0, names[i], FALSE,
                                          &sort_error));
      g_assert_error (sort_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_null (alm_desk_table_rids (self->desk, "tree", &filter, 1, NULL, FALSE,
                                          &filter_error));
      g_assert_error (filter_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_a_kind_without_a_model_comes_as_it_came (Fixture       *self,
                                              gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = alm_desk_table_rids (self->desk, "bench", NULL, 0, "height", TRUE,
                                                 &error);

  g_assert_no_error (error);
  g_assert_cmpuint (rids->len, ==, 0);
}

/* Not as they came: by what stands at the head of each, numbers by value. */
static void
test_without_a_wish_by_label (Fixture       *self,
                              gconstpointer  user_data)
{
  g_autofree char *got = NULL;

  alm_test_edit (self->desk, ALM_OP_NEW, &(AlmId) { 0 }, SCOPE, "tree", "{\"number\":\"10\"}");
  alm_test_edit (self->desk, ALM_OP_NEW, &(AlmId) { 0 }, SCOPE, "tree", "{\"number\":\"0\"}");
  got = ask (self->desk, NULL, 0, NULL, FALSE);
  g_assert_cmpstr (got, ==, "012345610");
  g_free (got);
  got = ask (self->desk, NULL, 0, NULL, TRUE);
  g_assert_cmpstr (got, ==, "106543210");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/desk-table/comparisons", test_each_comparison);
  ADD ("/desk-table/and", test_filters_hold_together);
  ADD ("/desk-table/order", test_the_order_is_total_and_empty_ones_are_last);
  ADD ("/desk-table/label", test_without_a_wish_by_label);
  ADD ("/desk-table/deleted", test_what_is_deleted_is_not_shown);
  ADD ("/desk-table/names", test_a_name_that_is_no_column_is_refused);
  ADD ("/desk-table/no-model", test_a_kind_without_a_model_comes_as_it_came);
#undef ADD

  return g_test_run ();
}
