/* SPDX-License-Identifier: EUPL-1.2 */

/* CSV of any bytes: no crash; cells are valid UTF-8 within the limits; the
 * records are the same however the bytes are cut into chunks; a refusal names
 * its line.  The first byte chooses encoding and dialect. */

#include "config.h"

#include "alm-csv.h"
#include "fuzz-target.h"

#include <string.h>

static gboolean
print_record (const AlmCsvRecord  *record,
              gpointer             user_data,
              GError             **error)
{
  g_assert_cmpuint (record->n_cells, <=, ALM_CSV_COLUMNS_MAX);
  for (guint i = 0; i < record->n_cells; i++)
    {
      g_assert_true (g_utf8_validate (record->cells[i], -1, NULL));
      g_assert_cmpuint (record->lengths[i], <=, ALM_CSV_CELL_MAX);
      g_assert_cmpuint (strlen (record->cells[i]), ==, record->lengths[i]);
      g_string_append_printf (user_data, "%s|", record->cells[i]);
    }
  g_string_append_printf (user_data, "%" G_GUINT64_FORMAT "\n", record->line);

  return TRUE;
}

static char *
read_all (const AlmCsvDialect *dialect,
          AlmEncoding          encoding,
          const uint8_t       *data,
          size_t               size,
          size_t               chunk)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (AlmCsvReader) reader = alm_csv_reader_new (dialect, encoding, print_record, out);
  g_autoptr (GError) error = NULL;
  gboolean fine = TRUE;

  for (size_t at = 0; at < size && fine; at += chunk)
    fine = alm_csv_reader_feed (reader, (const char *) data + at, MIN (chunk, size - at), &error);
  fine = fine && alm_csv_reader_finish (reader, &error);
  if (!fine)
    {
      g_assert_nonnull (strstr (error->message, "line "));
      /* How much was handed out before depends on the cut. */
      g_string_assign (out, "refused");
    }

  return g_strdup (out->str);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const char separators[] = ";,\t|";
  static const char quotes[] = { '"', '\'', '\0', '"' };
  AlmCsvDialect dialect;
  AlmEncoding encoding;
  AlmEncodingScan scan;
  AlmCsvGuess guess;
  const char *reason;

  if (size < 2)
    return 0;

  encoding = data[0] % 6;
  dialect = (AlmCsvDialect) {
    separators[data[1] % 4], quotes[data[1] / 4 % 4], (data[1] / 16) % 3
  };
  data += 2;
  size -= 2;

  {
    g_autofree char *whole = read_all (&dialect, encoding, data, size, MAX (size, 1));
    g_autofree char *bytes = read_all (&dialect, encoding, data, size, 1);
    g_autofree char *chunks = read_all (&dialect, encoding, data, size, 7);

    g_assert_cmpstr (whole, ==, bytes);
    g_assert_cmpstr (whole, ==, chunks);
  }

  alm_encoding_scan_init (&scan);
  alm_encoding_scan_feed (&scan, (const char *) data, size);
  alm_encoding_scan_guess (&scan, &encoding, &reason, NULL);
  if (g_utf8_validate ((const char *) data, (gssize) size, NULL))
    alm_csv_guess ((const char *) data, size, TRUE, NULL, &guess);

  return 0;
}
