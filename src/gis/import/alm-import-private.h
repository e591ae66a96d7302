/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import-spool.h"
#include "alm-import.h"

G_BEGIN_DECLS

struct _AlmImport
{
  char                  *file;
  char                  *kind;
  char                  *scope;
  AlmImportMapping      *mapping;         /* as given */
  AlmImportProgressFunc  progress;
  gpointer               progress_data;

  AlmModel              *model;
  const AlmField        *geometry;        /* of the model; NULL = has none */
  AlmImportCity          city;
  gboolean               use_saved;
  AlmImportSaved        *saved;           /* taken over; its mapping is part of ours */
  GPtrArray             *layers;          /* AlmImportLayer */
  AlmImportSource       *source;
  GPtrArray             *sample;          /* AlmImportSample */
  AlmImportColumnStats  *stats;
  char                   decimal;
  AlmImportPlaces       *places;
  GPtrArray             *uses;            /* AlmImportUse */
  AlmValue              *result;

  /* between the two steps of a run */
  AlmImportSpool        *ready;           /* rows for the writer */
  AlmImportStamp         stamp;           /* of the records they were matched with */
  AlmImportFlags         flags;
  guint                  n_earlier;       /* imports of the same bytes */
  gint64                 began;           /* g_get_monotonic_time() */
};

/* Everything but reading the file: from the sample. */
gboolean  alm_import_understand   (AlmImport            *self,
                                   GError              **error);
/* One row as the fields of a record; issues are noted.  NULL: rejected. */
AlmValue *alm_import_convert      (AlmImport            *self,
                                   const AlmImportRow   *row,
                                   AlmImportReport      *report,
                                   AlmImportSpot        *spot);
/* Whether a row is a data row at all; the code of what is wrong, or NULL. */
const char *alm_import_check_shape (AlmImport           *self,
                                    const AlmImportRow  *row);
/* "line 3, column "Name": …" where a cell is a formula. */
gboolean  alm_import_check_formulas (AlmImport          *self,
                                     const AlmImportRow *row,
                                     GError            **error);

G_END_DECLS
