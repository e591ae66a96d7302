/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

#include "alm-encoding.h"

G_BEGIN_DECLS

/* Over these a file is refused (assets-map.md, section 6). */
#define ALM_CSV_RECORD_MAX  (1 << 20)
#define ALM_CSV_COLUMNS_MAX 1000
#define ALM_CSV_CELL_MAX    (64 << 10)
#define ALM_CSV_ROWS_MAX    5000000

typedef enum {
  ALM_CSV_ESCAPE_DOUBLE,      /* "" is a quote inside quotes (RFC 4180) */
  ALM_CSV_ESCAPE_BACKSLASH,   /* \" is, \n is a line's end */
  ALM_CSV_ESCAPE_NONE         /* a quote ends a cell only before a separator */
} AlmCsvEscape;

typedef struct
{
  char         separator;
  char         quote;         /* 0 = none */
  AlmCsvEscape escape;
} AlmCsvDialect;

/* One record; valid until the function that is given it returns. */
typedef struct
{
  guint64            line;        /* where it begins, from 1 */
  guint              n_cells;
  const char *const *cells;       /* UTF-8, without control characters */
  const guint       *lengths;
  gboolean           terminated;  /* FALSE: the file ends without a line's end */
  guint              n_quoted;    /* cells that stood in quotes */
  guint              n_flaws;     /* text after a closing quote */
  guint              n_controls;  /* characters taken out */
} AlmCsvRecord;

/* FALSE ends the reading with that error. */
typedef gboolean (*AlmCsvFunc) (const AlmCsvRecord  *record,
                                gpointer             user_data,
                                GError             **error);

typedef struct _AlmCsvReader AlmCsvReader;

AlmCsvReader *alm_csv_reader_new    (const AlmCsvDialect  *dialect,
                                     AlmEncoding           encoding,
                                     AlmCsvFunc            func,
                                     gpointer              user_data);
void          alm_csv_reader_free   (AlmCsvReader         *self);
/* Chunks of any size; after an error only free() is allowed. */
gboolean      alm_csv_reader_feed   (AlmCsvReader         *self,
                                     const char           *bytes,
                                     gsize                 length,
                                     GError              **error);
gboolean      alm_csv_reader_finish (AlmCsvReader         *self,
                                     GError              **error);

/* Text that a spreadsheet would carry out: "=…", or "+ - @" with | or !. */
gboolean      alm_csv_is_formula    (const char           *text);
/* Adds a cell: quoted where it must be, "'" before what would be carried out.
 * A number is written bare whatever it begins with. */
void          alm_csv_append_cell   (GString              *out,
                                     const AlmCsvDialect  *dialect,
                                     const char           *text);
/* The text without the guard that alm_csv_append_cell() has put before it. */
const char   *alm_csv_skip_guard    (const char           *text);

/* What the first bytes say, decoded; @whole: they are all of the file. */
typedef struct
{
  AlmCsvDialect dialect;
  guint         n_columns;
  double        share;        /* of records with that many */
  guint         n_records;
} AlmCsvGuess;

void          alm_csv_guess         (const char           *text,
                                     gsize                 length,
                                     gboolean              whole,
                                     const AlmCsvDialect  *fixed,
                                     AlmCsvGuess          *guess);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmCsvReader, alm_csv_reader_free)

G_END_DECLS
