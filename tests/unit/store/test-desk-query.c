/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-desk.h"
#include "alm-test-desk.h"
#include "alm-test.h"

#include <string.h>

typedef struct
{
  char    *dir;
  AlmDesk *desk;
} Fixture;

static const char *const trees[] = {
  "{\"number\":\"1\",\"species\":\"Linde\",\"height\":12.5,\"vitality\":0,\"planted\":\"196X\"}",
  "{\"number\":\"10\",\"species\":\"linde\",\"height\":3,\"vitality\":1,\"planted\":\"1960\"}",
  "{\"number\":\"2\",\"species\":\"Ahorn\",\"height\":20,\"planted\":\"1999-05\"}",
  "{\"number\":\"a_b\",\"species\":\"Äsche\",\"vitality\":4,\"planted\":\"2020-02-29\"}",
  "{\"number\":\"a%b\",\"tags\":[\"x\"],\"geometry\":{\"type\":\"Point\","
  "\"coordinates\":[11.5,50.9]}}",
  "{}",
};

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = alm_test_make_dir ();
  fixture->desk = alm_desk_open (fixture->dir, ALM_DESK_WRITE | ALM_DESK_CREATE, NULL, &error);
  g_assert_no_error (error);
  alm_test_add_trees (fixture->desk);
  for (gsize i = 0; i < G_N_ELEMENTS (trees); i++)
    alm_test_edit (fixture->desk, ALM_OP_NEW, NULL, NULL, "tree", trees[i]);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_clear_pointer (&fixture->desk, alm_desk_close);
  alm_test_remove_dir (fixture->dir);
  g_free (fixture->dir);
}

static GPtrArray *
query (Fixture          *fixture,
       const AlmFilter  *filter,
       const char       *sort,
       gboolean          descending)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = alm_desk_query_ids (fixture->desk, "tree", filter, sort, descending,
                                                &error);
  GPtrArray *rows;

  g_assert_no_error (error);
  rows = alm_desk_get_rows (fixture->desk, (const gint64 *) rids->data, rids->len, &error);
  g_assert_no_error (error);

  return rows;
}

/* The same rows as the filter finds in memory. */
static void
test_filters_as_in_memory (Fixture       *fixture,
                           gconstpointer  user_data)
{
  static const char *const filters[] = {
    "height > 3", "height >= 3 AND height < 20", "height <> 3", "NOT height = 3",
    "height = 3 OR species = 'Ahorn'", "NOT (height > 5 AND vitality = 0)",
    "species = 'linde'", "CASEI(species) = CASEI('LINDE')", "species IN ('Linde', 'Ahorn')",
    "species NOT IN ('Linde')", "height BETWEEN 3 AND 12.5", "height NOT BETWEEN 3 AND 12.5",
    "species LIKE 'L%'", "species LIKE '_inde'", "species NOT LIKE '%h%'",
    "CASEI(species) LIKE CASEI('ä%')", "number LIKE 'a\\%b'", "number LIKE 'a_b'",
    "height IS NULL", "species IS NOT NULL", "geometry IS NULL", "geometry IS NOT NULL",
    "tags IS NULL", "planted < DATE('1999-05-01')", "planted >= DATE('1960-01-01')",
    "planted = DATE('2020-02-29')", "planted = '1960'", "vitality < 2 OR height IS NULL",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autofree char *reason = NULL;
      g_autoptr (AlmFilter) filter = alm_filter_parse (filters[i], ALM_FILTER_NONE, &reason);
      g_autoptr (GPtrArray) found = NULL;
      guint fits = 0;

      g_assert_cmpstr (reason, ==, NULL);
      found = query (fixture, filter, NULL, FALSE);
      for (gsize t = 0; t < G_N_ELEMENTS (trees); t++)
        {
          g_autoptr (AlmValue) fields = alm_test_value (trees[t]);

          if (!alm_filter_match (filter, fields))
            continue;
          if (fits >= found->len
              || !alm_value_equal (((AlmRow *) found->pdata[fits])->fields, fields))
            g_error ("%s: row %" G_GSIZE_FORMAT " is missing", filters[i], t);
          fits++;
        }
      if (fits != found->len)
        g_error ("%s: %u rows too many", filters[i], found->len - fits);
    }
}

static void
assert_order (Fixture    *fixture,
              const char *sort,
              gboolean    descending,
              const char *wanted)
{
  g_autoptr (GPtrArray) rows = query (fixture, NULL, sort, descending);
  g_autoptr (GString) numbers = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const char *number = alm_value_get_text_of (((AlmRow *) rows->pdata[i])->fields, "number");

      g_string_append_printf (numbers, "%s ", number != NULL ? number : "-");
    }
  g_assert_cmpstr (numbers->str, ==, wanted);
}

/* What is empty stands last both ways. */
static void
test_order (Fixture       *fixture,
            gconstpointer  user_data)
{
  assert_order (fixture, NULL, FALSE, "1 10 2 a_b a%b - ");
  assert_order (fixture, "number", FALSE, "1 2 10 a%b a_b - ");
  assert_order (fixture, "number", TRUE, "a_b a%b 10 2 1 - ");
  assert_order (fixture, "height", FALSE, "10 1 2 a_b a%b - ");
  assert_order (fixture, "height", TRUE, "2 1 10 a_b a%b - ");
  assert_order (fixture, "species", FALSE, "2 a_b 1 10 a%b - ");
  assert_order (fixture, "geometry", FALSE, "1 10 2 a_b a%b - ");
}

static void
test_what_does_not_fit_is_refused (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlmFilter) filter = alm_filter_parse ("girth > 3", ALM_FILTER_NONE, NULL);

  g_assert_null (alm_desk_query_ids (fixture->desk, "tree", filter, NULL, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (alm_desk_query_ids (fixture->desk, "lamp", NULL, NULL, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static gboolean
add_line_cb (const char  *line,
             gsize        length,
             gpointer     user_data,
             GError     **error)
{
  g_string_append_len (user_data, line, (gssize) length);

  return TRUE;
}

/* Sorted by id, canonical, without what is not named. */
static void
test_export (Fixture       *fixture,
             gconstpointer  user_data)
{
  static const char *const scopes[] = { "ksj/baeume", NULL };
  static const char *const none[] = { "nowhere", NULL };
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  AlmId ids[2] = { { { 2 } }, { { 1 } } };

  alm_test_edit (fixture->desk, ALM_OP_NEW, &ids[0], "ksj/baeume", "tree",
                 "{\"species\":\"Äsche\",\"inspector\":\"M\",\"height\":1.50}");
  alm_test_edit (fixture->desk, ALM_OP_NEW, &ids[1], "ksj/baeume", "tree", "{}");
  alm_test_edit (fixture->desk, ALM_OP_DEL, &ids[1], NULL, NULL, NULL);

  g_assert_true (alm_desk_export (fixture->desk, NULL, NULL, 0, add_line_cb, lines, &error));
  g_assert_cmpstr (lines->str, ==,
                   "{\"fields\":{\"height\":1.5,\"inspector\":\"M\",\"species\":\"Äsche\"},"
                   "\"id\":\"02000000-0000-0000-0000-000000000000\",\"kind\":\"tree\","
                   "\"scope\":\"ksj/baeume\"}\n");

  g_string_truncate (lines, 0);
  g_assert_true (alm_desk_export (fixture->desk, scopes, NULL, ALM_EXPORT_DELETED, add_line_cb,
                                  lines, &error));
  g_assert_true (g_str_has_prefix (lines->str, "{\"deleted\":true,\"fields\":{},\"id\":\"0100"));

  g_string_truncate (lines, 0);
  g_assert_true (alm_desk_export (fixture->desk, none, NULL, 0, add_line_cb, lines, &error));
  g_assert_cmpstr (lines->str, ==, "");
}

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/store/query/filters", test_filters_as_in_memory);
  ADD ("/store/query/order", test_order);
  ADD ("/store/query/refused", test_what_does_not_fit_is_refused);
  ADD ("/store/query/export", test_export);

  return g_test_run ();
}
