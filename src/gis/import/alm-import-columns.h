/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-import-place.h"
#include "alm-model.h"

G_BEGIN_DECLS

/* What becomes of a column, and why. */
typedef struct
{
  char           *name;
  const AlmField *field;       /* of the model; NULL = none */
  gboolean        to_extra;    /* kept as text in the field `extra` */
  gboolean        is_place;
  double          scale;
  AlmValue       *codes;       /* nullable */
  char            decimal;
  const char     *reason;      /* English, static */
  char           *samples[3];  /* nullable */
} AlmImportUse;

/* Counts of numbers in every column; @fallback: the decimal sign where a column
 * does not tell. */
AlmImportColumnStats *alm_import_columns_count (GPtrArray              *sample,
                                                guint                   n_columns,
                                                const AlmImportMapping *mapping,
                                                char                    fallback,
                                                char                   *decimal);
/* (element-type AlmImportUse); NULL where the mapping names what is not there. */
GPtrArray            *alm_import_columns_guess (const AlmModel         *model,
                                                const AlmImportMapping *mapping,
                                                GPtrArray              *columns,
                                                const AlmImportColumnStats *stats,
                                                GPtrArray              *sample,
                                                AlmImportPlaces        *places,
                                                GError                **error);

G_END_DECLS
