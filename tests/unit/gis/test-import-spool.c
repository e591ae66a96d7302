/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-import-spool.h"

#define ROWS 5000

typedef struct
{
  gint64 n;
  gsize  bytes;
} Seen;

static gboolean
check_row (const AlmImportRow  *row,
           gpointer             user_data,
           GError             **error)
{
  Seen *seen = user_data;
  g_autofree char *wanted = g_strdup_printf ("Zeile %d", (int) seen->n);

  g_assert_cmpint (row->line, ==, seen->n * 2 + 1);
  g_assert_cmpuint (row->n_cells, ==, 3);
  g_assert_cmpstr (row->cells[0], ==, wanted);
  g_assert_null (row->cells[1]);
  g_assert_cmpstr (row->cells[2], ==, "");
  g_assert_cmpuint (row->n_controls, ==, (guint) seen->n % 3);
  if (seen->n % 2 == 0)
    g_assert_cmpmem (row->wkb, row->wkb_length, wanted, 5);
  else
    g_assert_null (row->wkb);
  seen->n++;

  return TRUE;
}

static gboolean
stop_at_once (const AlmImportRow  *row,
              gpointer             user_data,
              GError             **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");

  return FALSE;
}

/* In memory alone, in a file alone, and in both. */
static void
test_rows_come_back_as_often_as_wanted (void)
{
  static const gsize memory[] = { 1 << 30, 1, 1000, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (memory); i++)
    {
      g_autoptr (AlmImportSpool) spool = alm_import_spool_new (memory[i]);
      g_autoptr (GError) error = NULL;

      for (int n = 0; n < ROWS; n++)
        {
          g_autofree char *text = g_strdup_printf ("Zeile %d", n);
          const char *cells[] = { text, NULL, "" };
          AlmImportRow row = {
            .line = n * 2 + 1, .n_cells = 3, .cells = cells, .n_controls = (guint) n % 3,
            .wkb = n % 2 == 0 ? (const guint8 *) text : NULL, .wkb_length = 5,
          };

          g_assert_true (alm_import_spool_add (spool, &row, &error));
        }
      g_assert_cmpint (alm_import_spool_get_n (spool), ==, ROWS);
      for (guint k = 0; k < 2; k++)
        {
          Seen seen = { 0 };

          g_assert_true (alm_import_spool_each (spool, check_row, &seen, &error));
          g_assert_cmpint (seen.n, ==, ROWS);
        }
      g_assert_false (alm_import_spool_each (spool, stop_at_once, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gis/import-spool/rows", test_rows_come_back_as_often_as_wanted);

  return g_test_run ();
}
