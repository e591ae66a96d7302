/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <gio/gio.h>

#include "alm-import-layer.h"
#include "alm-import-mapping.h"

G_BEGIN_DECLS

/* Over these a file is refused: rows of data, bytes of a format that GDAL reads into
 * memory as a whole (assets-map.md, section 6). */
#define ALM_IMPORT_ROWS_MAX  5000000
#define ALM_IMPORT_WHOLE_MAX (G_GUINT64_CONSTANT (1) << 30)

/* The rows of a foreign file, whatever its format.  The file is read once, to
 * its end and with all of its own checks; after that the rows come from a copy
 * (in memory up to 64 MB, then in an unlinked file).  One thread at a time. */
typedef struct _AlmImportSource AlmImportSource;

/* Valid until the function that is given it returns. */
typedef struct
{
  gint64             line;        /* in a text; else the feature's number */
  guint              n_cells;
  const char *const *cells;       /* UTF-8; NULL = null */
  const guint8      *wkb;         /* the format's own geometry; nullable */
  gsize              wkb_length;
  guint              n_controls;  /* characters taken out */
} AlmImportRow;

typedef gboolean (*AlmImportRowFunc)      (const AlmImportRow *row,
                                           gpointer            user_data,
                                           GError            **error);
/* @done of @total bytes, @rows so far. */
typedef void     (*AlmImportProgressFunc) (guint64             done,
                                           guint64             total,
                                           gint64              rows,
                                           gpointer            user_data);

/* What was understood of the bytes; all borrowed. */
typedef struct
{
  const char *format;           /* "csv" or GDAL's name of the driver */
  const char *encoding;         /* nullable, as the next three */
  const char *encoding_reason;
  char        separator;        /* 0 = does not apply */
  char        quote;
  const char *escape;
  double      dialect_share;    /* of records with the usual number of cells */
  int         header;           /* record that holds it; 0 = none */
  const char *layer;            /* nullable */
  const char *geometry;         /* the format's own type, nullable = has none */
  const char *crs;              /* as the file says, nullable */
  const char *sha256;
  guint64     size;
  gint64      rows;
  gboolean    is_text;          /* its numbers are as people write them */
} AlmImportFacts;

/* @geometry: the kind of geometry wanted ("point"), to choose among layers.
 * @layers: (element-type AlmImportLayer) (nullable): replaced by what the file holds,
 * also where the file is refused because one has to be chosen. */
AlmImportSource *alm_import_source_open     (const char             *path,
                                             const AlmImportMapping *mapping,
                                             const char             *geometry,
                                             GPtrArray              *layers,
                                             AlmImportProgressFunc   progress,
                                             gpointer                progress_data,
                                             GCancellable           *cancellable,
                                             GError                **error);
void             alm_import_source_free     (AlmImportSource        *self);
/* For tests, which do not write five million rows; before anything is opened. */
void             alm_import_source_set_rows_max (gint64              rows);
const AlmImportFacts *
                 alm_import_source_get_facts (AlmImportSource       *self);
/* Names of the columns; "1", "2", … where there is no header. */
GPtrArray       *alm_import_source_get_columns (AlmImportSource     *self);
/* The header as it stands, to find repeated ones; NULL = none */
GPtrArray       *alm_import_source_get_header (AlmImportSource      *self);
/* The data rows, in the file's order. */
gboolean         alm_import_source_each     (AlmImportSource        *self,
                                             AlmImportRowFunc        func,
                                             gpointer                user_data,
                                             GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlmImportSource, alm_import_source_free)

G_END_DECLS
