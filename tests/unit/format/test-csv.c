/* SPDX-License-Identifier: EUPL-1.2 */

#include "config.h"

#include "alm-csv.h"
#include "alm-format-error.h"
#include "alm-random.h"

#include <string.h>

static const AlmCsvDialect rfc = { ',', '"', ALM_CSV_ESCAPE_DOUBLE };

/* Prints "LINE[cell|cell]" for each record. */
static gboolean
print_record (const AlmCsvRecord  *record,
              gpointer             user_data,
              GError             **error)
{
  GString *out = user_data;

  g_string_append_printf (out, "%" G_GUINT64_FORMAT "[", record->line);
  for (guint i = 0; i < record->n_cells; i++)
    {
      g_assert_true (g_utf8_validate (record->cells[i], -1, NULL));
      g_assert_cmpuint (strlen (record->cells[i]), ==, record->lengths[i]);
      g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", record->cells[i]);
    }
  g_string_append (out, record->terminated ? "]" : "]!");
  if (record->n_controls > 0)
    g_string_append_printf (out, "-%u", record->n_controls);

  return TRUE;
}

static char *
read_text (const AlmCsvDialect  *dialect,
           AlmEncoding           encoding,
           const char           *text,
           gsize                 length,
           gsize                 chunk,
           GError              **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (AlmCsvReader) reader = alm_csv_reader_new (dialect, encoding, print_record, out);

  for (gsize at = 0; at < length; at += chunk)
    if (!alm_csv_reader_feed (reader, text + at, MIN (chunk, length - at), error))
      return NULL;
  if (!alm_csv_reader_finish (reader, error))
    return NULL;

  return g_strdup (out->str);
}

static void
test_records_as_rfc_4180_and_others_write_them (void)
{
  static const struct { char quote; AlmCsvEscape escape; const char *text, *wanted; } cases[] = {
    { '"', ALM_CSV_ESCAPE_DOUBLE, "aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n",
      "1[aaa|bbb|ccc]2[zzz|yyy|xxx]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "aaa,bbb\r\nzzz,yyy", "1[aaa|bbb]2[zzz|yyy]!" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\"aaa\",\"b \r\nbb\",\"ccc\"\r\nzzz",
      "1[aaa|b \r\nbb|ccc]3[zzz]!" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\"a\"\"a\",\"\"\"\",\"\"\n", "1[a\"a|\"|]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, ",,\n,\n", "1[||]2[|]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "a\n\n\r\nb\rc\n", "1[a]4[b]5[c]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\"\"\na\n", "1[]2[a]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, " \"a\",b\"c\"d\n", "1[ \"a\"|b\"c\"d]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\"a\" ,\"b\" c,d\n", "1[a|b\" c|d]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "Fagus 'Purpurea', 'x'\n", "1[Fagus 'Purpurea'| 'x']" },
    { '\'', ALM_CSV_ESCAPE_DOUBLE, "'a,b','it''s'\n", "1[a,b|it's]" },
    { '\0', ALM_CSV_ESCAPE_DOUBLE, "\"a\",b\n", "1[\"a\"|b]" },
    { '"', ALM_CSV_ESCAPE_BACKSLASH, "\"a\\\"b\",c\\,d,\\\\,\\N\n", "1[a\"b|c,d|\\|\\N]" },
    { '"', ALM_CSV_ESCAPE_BACKSLASH, "\"a\\nb\"\nc\\", "1[a\nb]2[c\\]!" },
    { '"', ALM_CSV_ESCAPE_NONE, "\"a \"b\" c\",d\n", "1[a \"b\" c|d]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "a\x01" "b,\xc2\x85" "c,\x7f\n", "1[ab|c|]-3" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\xef\xbb\xbf\"a\",b\n", "1[a|b]" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "", "" },
    { '"', ALM_CSV_ESCAPE_DOUBLE, "\n\n", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize chunk = 1; chunk <= 64; chunk += chunk < 8 ? 1 : 56)
      {
        AlmCsvDialect dialect = { ',', cases[i].quote, cases[i].escape };
        g_autoptr (GError) error = NULL;
        g_autofree char *read = read_text (&dialect, ALM_ENCODING_UTF8, cases[i].text,
                                           strlen (cases[i].text), chunk, &error);

        g_assert_no_error (error);
        g_assert_cmpstr (read, ==, cases[i].wanted);
      }
}

/* A table of cells, one string each; rows of five. */
#define WIDTH 5

static GPtrArray *
make_cells (AlmRandom           *random,
            const AlmCsvDialect *dialect)
{
  static const char *const pieces[] = {
    "a", "Zaun", "ä", "Öß", "ü", " ", "7", ",5", ";", "|", "\t", "\"", "'", "\n", "\r\n", "\\",
    "x\"y",
  };
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 6 * WIDTH; i++)
    {
      g_autoptr (GString) cell = g_string_new (i % WIDTH == 0 ? "r" : NULL);

      for (guint n = alm_random_below (random, 5); n > 0; n--)
        {
          const char *piece = pieces[alm_random_below (random, G_N_ELEMENTS (pieces))];
          char special[] = { dialect->separator, '\n', '\\', '"', '\'', '\0' };

          /* Without a quote, or without an escape, some texts cannot be written. */
          if ((dialect->quote == 0 || dialect->escape == ALM_CSV_ESCAPE_NONE)
              && strpbrk (piece, special) != NULL)
            continue;
          g_string_append (cell, piece);
        }
      g_ptr_array_add (cells, g_string_free (g_steal_pointer (&cell), FALSE));
    }

  return cells;
}

static void
write_cell (GString             *out,
            const AlmCsvDialect *dialect,
            const char          *cell)
{
  if (dialect->quote == 0)
    {
      g_string_append (out, cell);
      return;
    }

  g_string_append_c (out, dialect->quote);
  for (; *cell != '\0'; cell++)
    {
      if (*cell == dialect->quote && dialect->escape == ALM_CSV_ESCAPE_DOUBLE)
        g_string_append_c (out, dialect->quote);
      if ((*cell == dialect->quote || *cell == '\\')
          && dialect->escape == ALM_CSV_ESCAPE_BACKSLASH)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *cell);
    }
  g_string_append_c (out, dialect->quote);
}

static gboolean
collect_cells (const AlmCsvRecord  *record,
               gpointer             user_data,
               GError             **error)
{
  g_assert_cmpuint (record->n_cells, ==, WIDTH);
  for (guint i = 0; i < record->n_cells; i++)
    g_ptr_array_add (user_data, g_strdup (record->cells[i]));

  return TRUE;
}

static void
check_round_trip (AlmRandom           *random,
                  const AlmCsvDialect *dialect,
                  AlmEncoding          encoding)
{
  const char *charset = encoding == ALM_ENCODING_LATIN1 ? "ISO-8859-1"
                        : encoding == ALM_ENCODING_WINDOWS ? "CP1252"
                        : alm_encoding_to_text (encoding);
  g_autoptr (GPtrArray) cells = make_cells (random, dialect);
  g_autoptr (GPtrArray) read = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (AlmCsvReader) reader = alm_csv_reader_new (dialect, encoding, collect_cells, read);
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  for (guint i = 0; i < cells->len; i++)
    {
      write_cell (text, dialect, cells->pdata[i]);
      g_string_append (text, i % WIDTH < WIDTH - 1 ? (char[]) { dialect->separator, 0 } : "\r\n");
    }
  bytes = g_convert (text->str, (gssize) text->len, charset, "UTF-8", NULL, &length, &error);
  g_assert_no_error (error);

  for (gsize at = 0; at < length;)
    {
      gsize wish = 1 + alm_random_below (random, 9);
      gsize chunk = MIN (wish, length - at);

      alm_csv_reader_feed (reader, bytes + at, chunk, &error);
      g_assert_no_error (error);
      at += chunk;
    }
  g_assert_true (alm_csv_reader_finish (reader, &error));

  g_assert_cmpuint (read->len, ==, cells->len);
  for (guint i = 0; i < cells->len; i++)
    g_assert_cmpstr (read->pdata[i], ==, cells->pdata[i]);
}

static void
test_every_dialect_and_encoding_comes_back_equal (void)
{
  static const char quotes[] = { '"', '\'', '\0' };
  AlmRandom random;

  alm_random_seed (&random, 4180);
  for (const char *separator = ";,\t|"; *separator != '\0'; separator++)
    for (guint q = 0; q < 3; q++)
      for (guint e = ALM_CSV_ESCAPE_DOUBLE; e <= ALM_CSV_ESCAPE_NONE; e++)
        for (guint encoding = ALM_ENCODING_UTF8; encoding <= ALM_ENCODING_UTF16BE; encoding++)
          for (guint n = 0; n < 5; n++)
            check_round_trip (&random, &(AlmCsvDialect) { *separator, quotes[q], e }, encoding);
}

static void
assert_refused (const char    *text,
                gsize          length,
                AlmFormatError code,
                const char    *words)
{
  for (gsize chunk = 1; chunk <= length; chunk += chunk < 3 ? 1 : length)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *read = read_text (&rfc, ALM_ENCODING_UTF8, text, length, chunk, &error);

      g_assert_null (read);
      g_assert_error (error, ALM_FORMAT_ERROR, (int) code);
      if (strstr (error->message, words) == NULL)
        g_error ("\"%s\" does not say \"%s\"", error->message, words);
    }
}

static void
test_what_is_cut_off_or_no_text_is_refused_with_its_line (void)
{
  assert_refused ("a,b\nc,\"d\n\n", 10, ALM_FORMAT_ERROR_SYNTAX,
                  "line 2: the file ends in the middle of a record");
  assert_refused ("a\nb\0c\n", 6, ALM_FORMAT_ERROR_SYNTAX, "line 2: a NUL");
  assert_refused ("a\nb\xe4\nc", 6, ALM_FORMAT_ERROR_SYNTAX, "line 2: not UTF-8");
  assert_refused ("a\nb\xc3", 4, ALM_FORMAT_ERROR_SYNTAX, "line 2: the file ends");
}

static char *
repeat (const char *text,
        gsize       n,
        const char *head,
        const char *tail,
        gsize      *length)
{
  GString *out = g_string_new (head);

  for (gsize i = 0; i < n; i++)
    g_string_append (out, text);
  g_string_append (out, tail);
  *length = out->len;

  return g_string_free (out, FALSE);
}

static void
test_limits_name_line_and_size (void)
{
  gsize length;
  g_autofree char *columns = repeat (",", ALM_CSV_COLUMNS_MAX, "a\n", "\n", &length);

  assert_refused (columns, length, ALM_FORMAT_ERROR_TOO_LARGE, "line 2: more than 1000 columns");
  columns[length - 2] = ' ';
  {
    g_autofree char *fits = read_text (&rfc, ALM_ENCODING_UTF8, columns, length, 100, NULL);

    g_assert_nonnull (fits);
  }
  {
    g_autofree char *cell = repeat ("x", ALM_CSV_CELL_MAX, "a\n", "\n", &length);
    g_autofree char *fits = read_text (&rfc, ALM_ENCODING_UTF8, cell, length, 1000, NULL);

    g_assert_nonnull (fits);
    cell[length - 1] = 'x';
    assert_refused (cell, length, ALM_FORMAT_ERROR_TOO_LARGE,
                    "line 2: more than 65536 bytes in a cell");
  }
  {
    g_autofree char *record = repeat ("0123456789,", 100000, "a\n", "\n", &length);

    assert_refused (record, length, ALM_FORMAT_ERROR_TOO_LARGE, "line 2: more than");
  }
  {
    /* Quotes that never close: memory must not follow the file. */
    g_autofree char *open = repeat ("a\n", 1 << 20, "\"", "", &length);

    assert_refused (open, length, ALM_FORMAT_ERROR_TOO_LARGE, "line 1: more than");
  }
}

static void
test_the_dialect_is_guessed (void)
{
  static const struct
  {
    const char  *text;
    char         separator, quote;
    AlmCsvEscape escape;
    guint        n;
  } cases[] = {
    { "a;b;c\n1,5;2,5;x\n1,5;2,5;y\n", ';', '"', ALM_CSV_ESCAPE_DOUBLE, 3 },
    { "a,b\n\"1,5\",2\n\"2,5\",3\n", ',', '"', ALM_CSV_ESCAPE_DOUBLE, 2 },
    { "a\tb\tc\nx, y\tz\tw\n", '\t', '"', ALM_CSV_ESCAPE_DOUBLE, 3 },
    { "a|b\n'x|y'|z\n'x|y'|z\n", '|', '\'', ALM_CSV_ESCAPE_DOUBLE, 2 },
    { "a,b\n\"say \\\"a, b\\\"\",c\n\"x\",c\n", ',', '"', ALM_CSV_ESCAPE_BACKSLASH, 2 },
    { "a;b\nFagus 'Purpurea';x\n'Aurea' Tilia;y\n", ';', '"', ALM_CSV_ESCAPE_DOUBLE, 2 },
    { "a,b\n\"x, y\",1\n\"x, z\",2\n\"v, w\",3\n", ',', '"', ALM_CSV_ESCAPE_DOUBLE, 2 },
    { "a;b\n5\" Rohr;\"x\n6\" Rohr;y\n", ';', '\0', ALM_CSV_ESCAPE_DOUBLE, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AlmCsvGuess guess;

      alm_csv_guess (cases[i].text, strlen (cases[i].text), TRUE, NULL, &guess);
      g_assert_cmpint (guess.dialect.separator, ==, cases[i].separator);
      g_assert_cmpint (guess.dialect.quote, ==, cases[i].quote);
      g_assert_cmpint (guess.dialect.escape, ==, cases[i].escape);
      g_assert_cmpuint (guess.n_columns, ==, cases[i].n);
    }
}

static void
test_formulas_get_a_guard_that_comes_off_again (void)
{
  static const char *const formulas[] = {
    "=1+1", "=", "@SUM(A1)|x", "+cmd|' /C calc'!A0", "-2+3|!"
  };
  static const char *const texts[] = {
    "-12,5", "+49 3641", "@id", "-", "a=b", "'Aurea'", "- a", "", "Straße; \"x\"", " a ",
    "=1+1", "'=1+1", "''=1", "\tx", "'\tx", "@a|b", "zwei\nZeilen", "-1!x",
  };
  AlmCsvDialect dialect = { ';', '"', ALM_CSV_ESCAPE_DOUBLE };

  for (guint i = 0; i < G_N_ELEMENTS (formulas); i++)
    g_assert_true (alm_csv_is_formula (formulas[i]));
  for (guint i = 0; i < 10; i++)
    g_assert_false (alm_csv_is_formula (texts[i]));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
      g_autofree char *read = NULL;

      alm_csv_append_cell (out, &dialect, texts[i]);
      g_string_append (out, ";.\n");
      read = read_text (&dialect, ALM_ENCODING_UTF8, out->str, out->len, 3, NULL);
      g_assert_nonnull (read);
      read[strlen (read) - 3] = '\0';
      g_assert_false (alm_csv_is_formula (read + 2));
      g_assert_cmpstr (alm_csv_skip_guard (read + 2), ==, texts[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/csv/records", test_records_as_rfc_4180_and_others_write_them);
  g_test_add_func ("/format/csv/round-trip", test_every_dialect_and_encoding_comes_back_equal);
  g_test_add_func ("/format/csv/refused", test_what_is_cut_off_or_no_text_is_refused_with_its_line);
  g_test_add_func ("/format/csv/limits", test_limits_name_line_and_size);
  g_test_add_func ("/format/csv/guess", test_the_dialect_is_guessed);
  g_test_add_func ("/format/csv/formulas", test_formulas_get_a_guard_that_comes_off_again);

  return g_test_run ();
}
