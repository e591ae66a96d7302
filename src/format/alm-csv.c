/* SPDX-License-Identifier: EUPL-1.2 */

/* CSV as German offices write it: any separator, quote and escape, a chunk at
 * a time, with the line of each record.
 *
 * Invariants:
 *   1. The records do not depend on where chunks were cut.
 *   2. At most one record and one chunk are in memory, whatever the file's size.
 *   3. A cell is quoted only if it *starts* with the quote: a cultivar's name
 *      in the middle of a text keeps its signs.
 *   4. Cells are valid UTF-8 without control characters but TAB and line ends.
 * Pure; a reader belongs to one thread. */

#include "config.h"

#include "alm-csv.h"

#include "alm-format-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum {
  AT_CELL,          /* nothing of the cell yet */
  IN_CELL,
  IN_QUOTES,
  AFTER_QUOTE,      /* a quote inside quotes: an end, or half of two */
  AFTER_SPACE,      /* blanks behind a closing quote */
  AFTER_ESCAPE,     /* a backslash, outside quotes */
  AFTER_ESCAPE_IN_QUOTES
} State;

struct _AlmCsvReader
{
  AlmCsvDialect  dialect;
  AlmDecoder     decoder;
  AlmCsvFunc     func;
  gpointer       user_data;

  State          state;
  gboolean       after_cr;      /* a line feed now belongs to the line's end before */
  guint64        line;
  guint64        record_line;
  guint64        quote_line;    /* where the open quotes begin */
  guint64        n_rows;
  gsize          n_bytes;       /* of the record, as decoded */
  guint          n_blanks;      /* behind a closing quote */
  gsize          cell_start;
  gboolean       cell_quoted;
  gboolean       has_high;      /* the cell has bytes above 0x7F */
  gboolean       has_low;       /* or control characters */

  GString       *chunk;         /* decoded */
  GString       *text;          /* all cells, each ended by a NUL */
  GArray        *starts;        /* gsize */
  GArray        *lengths;       /* guint */
  GPtrArray     *cells;
  guint          n_quoted;
  guint          n_flaws;
  guint          n_controls;
};

AlmCsvReader *
alm_csv_reader_new (const AlmCsvDialect *dialect,
                    AlmEncoding          encoding,
                    AlmCsvFunc           func,
                    gpointer             user_data)
{
  AlmCsvReader *self = g_new0 (AlmCsvReader, 1);

  self->dialect = *dialect;
  alm_decoder_init (&self->decoder, encoding);
  self->func = func;
  self->user_data = user_data;
  self->line = self->record_line = 1;
  self->chunk = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->lengths = g_array_new (FALSE, FALSE, sizeof (guint));
  self->cells = g_ptr_array_new ();

  return self;
}

void
alm_csv_reader_free (AlmCsvReader *self)
{
  if (self == NULL)
    return;

  g_string_free (self->chunk, TRUE);
  g_string_free (self->text, TRUE);
  g_array_unref (self->starts);
  g_array_unref (self->lengths);
  g_ptr_array_unref (self->cells);
  g_free (self);
}

static gboolean
refuse_size (AlmCsvReader *self,
             GError      **error,
             const char   *reason)
{
  g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_TOO_LARGE, _("line %lu: %s"),
               (gulong) self->record_line, reason);

  return FALSE;
}

static gboolean
is_control (guint8 byte)
{
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

/* Takes C0, C1 and DEL out of the cell that ends the text. */
static void
drop_controls (AlmCsvReader *self)
{
  char *to = self->text->str + self->cell_start;
  const char *end = self->text->str + self->text->len;

  for (const char *from = to; from < end;)
    {
      guint8 byte = (guint8) *from;
      gsize length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;

      if (is_control (byte) || (byte == 0xc2 && (guint8) from[1] < 0xa0))
        self->n_controls++;
      else
        {
          memmove (to, from, length);
          to += length;
        }
      from += length;
    }
  g_string_truncate (self->text, (gsize) (to - self->text->str));
}

static gboolean
end_cell (AlmCsvReader *self,
          GError      **error)
{
  gsize start = self->cell_start;
  guint length;

  if (self->has_high || self->has_low)
    drop_controls (self);
  if (self->text->len - start > ALM_CSV_CELL_MAX)
    return refuse_size (self, error, _("more than 65536 bytes in a cell"));
  if (self->starts->len >= ALM_CSV_COLUMNS_MAX)
    return refuse_size (self, error, _("more than 1000 columns"));

  length = (guint) (self->text->len - start);
  g_array_append_val (self->starts, start);
  g_array_append_val (self->lengths, length);
  g_string_append_c (self->text, '\0');

  self->n_quoted += self->cell_quoted;
  self->cell_start = self->text->len;
  self->cell_quoted = self->has_high = self->has_low = FALSE;
  self->state = AT_CELL;

  return TRUE;
}

static void
clear_record (AlmCsvReader *self)
{
  g_string_truncate (self->text, 0);
  g_array_set_size (self->starts, 0);
  g_array_set_size (self->lengths, 0);
  g_ptr_array_set_size (self->cells, 0);
  self->cell_start = 0;
  self->n_bytes = 0;
  self->n_quoted = self->n_flaws = self->n_controls = 0;
  self->record_line = self->line;
}

static gboolean
end_record (AlmCsvReader *self,
            gboolean      terminated,
            GError      **error)
{
  AlmCsvRecord record = { .line = self->record_line, .terminated = terminated };
  gboolean is_empty = self->starts->len == 0 && self->state == AT_CELL;

  /* An empty line is no record. */
  if (is_empty)
    {
      clear_record (self);
      return TRUE;
    }
  if (!end_cell (self, error))
    return FALSE;
  if (self->n_rows >= ALM_CSV_ROWS_MAX)
    {
      g_autofree char *reason = g_strdup_printf (_("more than %'ld rows; split the list, more are "
                                                   "not read at once"), (glong) ALM_CSV_ROWS_MAX);

      return refuse_size (self, error, reason);
    }
  self->n_rows++;

  for (guint i = 0; i < self->starts->len; i++)
    g_ptr_array_add (self->cells, self->text->str + g_array_index (self->starts, gsize, i));
  record.n_cells = self->starts->len;
  record.cells = (const char *const *) self->cells->pdata;
  record.lengths = (const guint *) (void *) self->lengths->data;
  record.n_quoted = self->n_quoted;
  record.n_flaws = self->n_flaws;
  record.n_controls = self->n_controls;
  if (!self->func (&record, self->user_data, error))
    return FALSE;
  clear_record (self);

  return TRUE;
}

static void
keep (AlmCsvReader *self,
      guint8        byte)
{
  self->has_high |= byte >= 0x80;
  self->has_low |= is_control (byte);
  g_string_append_c (self->text, (char) byte);
}

static void
open_quotes (AlmCsvReader *self)
{
  self->state = IN_QUOTES;
  self->cell_quoted = TRUE;
  self->quote_line = self->line;
}

static void
keep_escaped (AlmCsvReader *self,
              guint8        byte)
{
  switch (byte)
    {
    case 'n':
      keep (self, '\n');
      break;

    case 'r':
      keep (self, '\r');
      break;

    case 't':
      keep (self, '\t');
      break;

    case 'N':
      /* \N is how MySQL writes NULL. */
      keep (self, '\\');
      keep (self, 'N');
      break;

    default:
      keep (self, byte);
    }
}

/* A byte that follows the closing quote and neither ends nor doubles it. */
static void
reopen (AlmCsvReader *self,
        guint8        byte)
{
  if (self->dialect.escape != ALM_CSV_ESCAPE_NONE)
    self->n_flaws++;
  keep (self, (guint8) self->dialect.quote);
  for (; self->n_blanks > 0; self->n_blanks--)
    keep (self, ' ');
  keep (self, byte);
  self->state = self->dialect.escape == ALM_CSV_ESCAPE_NONE ? IN_QUOTES : IN_CELL;
}

/* A byte that neither separates cells nor ends a line. */
static void
take_plain (AlmCsvReader *self,
            guint8        byte)
{
  gboolean is_quote = self->dialect.quote != 0 && byte == (guint8) self->dialect.quote;
  gboolean is_escape = self->dialect.escape == ALM_CSV_ESCAPE_BACKSLASH && byte == '\\';

  switch (self->state)
    {
    case AT_CELL:
    case IN_CELL:
      if (is_quote && self->state == AT_CELL)
        open_quotes (self);
      else if (is_escape)
        self->state = AFTER_ESCAPE;
      else
        {
          self->state = IN_CELL;
          keep (self, byte);
        }
      break;

    case IN_QUOTES:
      if (is_quote)
        self->state = AFTER_QUOTE;
      else if (is_escape)
        self->state = AFTER_ESCAPE_IN_QUOTES;
      else
        keep (self, byte);
      break;

    case AFTER_QUOTE:
    case AFTER_SPACE:
      if (is_quote && self->state == AFTER_QUOTE
          && self->dialect.escape == ALM_CSV_ESCAPE_DOUBLE)
        {
          keep (self, byte);
          self->state = IN_QUOTES;
        }
      else if (byte == ' ')
        {
          self->n_blanks++;
          self->state = AFTER_SPACE;
        }
      else
        reopen (self, byte);
      break;

    case AFTER_ESCAPE:
    case AFTER_ESCAPE_IN_QUOTES:
      keep_escaped (self, byte);
      self->state = self->state == AFTER_ESCAPE ? IN_CELL : IN_QUOTES;
      break;

    default:
      g_assert_not_reached ();
    }
}

/* Whether a separator or a line's end now is text. */
static gboolean
is_inside (const AlmCsvReader *self)
{
  return self->state == IN_QUOTES || self->state == AFTER_ESCAPE
         || self->state == AFTER_ESCAPE_IN_QUOTES;
}

static gboolean
take_byte (AlmCsvReader *self,
           guint8        byte,
           GError      **error)
{
  gboolean ends_line = byte == '\n' || byte == '\r';
  gboolean doubled = self->after_cr && byte == '\n';

  self->after_cr = byte == '\r';
  if (ends_line && !doubled)
    self->line++;

  if (++self->n_bytes > ALM_CSV_RECORD_MAX)
    return refuse_size (self, error, _("more than 1048576 bytes in a record"));

  if (!is_inside (self) && (byte == (guint8) self->dialect.separator || ends_line))
    {
      self->n_blanks = 0;
      if (!ends_line)
        return end_cell (self, error);
      if (doubled)
        {
          self->record_line = self->line;
          self->n_bytes = 0;
          return TRUE;
        }
      return end_record (self, TRUE, error);
    }

  take_plain (self, byte);
  if (self->text->len - self->cell_start > 2 * ALM_CSV_CELL_MAX)
    return refuse_size (self, error, _("more than 65536 bytes in a cell"));

  return TRUE;
}

/* The bytes that mean nothing in the state of the reader, at once. */
static gsize
take_run (AlmCsvReader *self,
          const guint8 *bytes,
          gsize         length)
{
  guint8 quote = (guint8) (self->dialect.quote != 0 ? self->dialect.quote : '\n');
  gsize n = 0;

  if (self->state != IN_CELL && self->state != IN_QUOTES)
    return 0;

  length = MIN (length, ALM_CSV_CELL_MAX / 2);
  while (n < length && bytes[n] >= 0x20 && bytes[n] < 0x7f
         && bytes[n] != (guint8) self->dialect.separator && bytes[n] != quote
         && bytes[n] != '\\')
    n++;
  if (n == 0)
    return 0;

  self->after_cr = FALSE;
  self->n_bytes += n;
  g_string_append_len (self->text, (const char *) bytes, (gssize) n);

  return n;
}

gboolean
alm_csv_reader_feed (AlmCsvReader *self,
                     const char   *bytes,
                     gsize         length,
                     GError      **error)
{
  const guint8 *at, *end;

  g_return_val_if_fail (self != NULL, FALSE);

  g_string_truncate (self->chunk, 0);
  if (!alm_decoder_feed (&self->decoder, bytes, length, self->chunk, error))
    return FALSE;

  at = (const guint8 *) self->chunk->str;
  end = at + self->chunk->len;
  while (at < end)
    {
      at += take_run (self, at, (gsize) (end - at));
      if (at < end && !take_byte (self, *at++, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
alm_csv_reader_finish (AlmCsvReader *self,
                       GError      **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!alm_decoder_finish (&self->decoder, error))
    return FALSE;
  if (self->state == AFTER_ESCAPE)
    {
      keep (self, '\\');
      self->state = IN_CELL;
    }
  if (is_inside (self))
    {
      g_set_error (error, ALM_FORMAT_ERROR, ALM_FORMAT_ERROR_SYNTAX,
                   _("line %lu: the file ends in the middle of a record "
                     "(inside quotes since line %lu)"),
                   (gulong) self->record_line, (gulong) self->quote_line);
      return FALSE;
    }
  if (self->starts->len == 0 && self->state == AT_CELL)
    return TRUE;

  return end_record (self, FALSE, error);
}

/* A number, so that "-12,5" is not taken for a formula. */
static gboolean
is_number (const char *text)
{
  if (*text == '+' || *text == '-')
    text++;

  return *text != '\0' && strspn (text, "0123456789.,") == strlen (text);
}

gboolean
alm_csv_is_formula (const char *text)
{
  if (text[0] == '=')
    return TRUE;

  return (text[0] == '+' || text[0] == '-' || text[0] == '@') && !is_number (text)
         && strpbrk (text, "|!") != NULL;
}

static gboolean
needs_guard (const char *text)
{
  return text[0] == '\t' || text[0] == '\r' || alm_csv_is_formula (text);
}

const char *
alm_csv_skip_guard (const char *text)
{
  const char *rest = text;

  while (*rest == '\'')
    rest++;

  return rest > text && needs_guard (rest) ? text + 1 : text;
}

void
alm_csv_append_cell (GString             *out,
                     const AlmCsvDialect *dialect,
                     const char          *text)
{
  char special[] = { dialect->separator, '"', '\n', '\r', '\'', '\0' };
  const char *rest = text;

  /* What already bears guards gets one more, or reading would take one off. */
  while (*rest == '\'')
    rest++;
  if (strpbrk (text, special) == NULL && !needs_guard (rest) && text[0] != ' '
      && (text[0] == '\0' || text[strlen (text) - 1] != ' '))
    {
      g_string_append (out, text);
      return;
    }

  g_string_append_c (out, '"');
  if (needs_guard (rest))
    g_string_append_c (out, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}
