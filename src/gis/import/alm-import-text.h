/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include "alm-model.h"

G_BEGIN_DECLS

/* What a cell of a foreign table means.  Pure functions. */

/* Why a text could not become the value of a field; issue codes of
 * assets-map.md, section 4.8, NULL = it could. */
typedef const char *AlmImportFault;

/* Without blanks (also U+00A0) at both ends; (transfer full) */
char          *alm_import_trim         (const char       *text);
/* empty, NULL, \N, "k. A." */
gboolean       alm_import_is_null      (const char       *text);
/* @decimal: '.' or ','; a grouping sign only before groups of three */
gboolean       alm_import_parse_number (const char       *text,
                                        char              decimal,
                                        double           *value);
/* D.M.YYYY, YYYY-MM-DD, YYYYMMDD, with or without a time; "YYYY-MM-DD" */
char          *alm_import_parse_date   (const char       *text);
gboolean       alm_import_parse_boolean (const char      *text,
                                        gboolean         *value);

/* Lower case, ä → ae, letters and digits only; (transfer full) */
char          *alm_import_fold_name    (const char       *text);
/* "name,C,40" → "name"; (transfer full) */
char          *alm_import_clean_header (const char       *text);
/* The unit at a header's end ("Höhe [m]", "hoehe_cm", "stammumfangCM"), and the
 * header without it; NULL = none */
const char    *alm_import_find_unit    (const char       *header,
                                        char            **rest);
/* The factor from one unit of length to another; 0 = no such way */
double         alm_import_unit_factor  (const char       *from,
                                        const char       *to);
/* At most one letter more, less or other. */
gboolean       alm_import_is_near_name (const char       *a,
                                        const char       *b);

typedef struct
{
  const AlmField *field;
  char            decimal;
  double          scale;     /* 1 = none */
  const AlmValue *codes;     /* object: text → value; nullable */
} AlmImportRule;

/* @text: trimmed and no NULL word.  NULL with *fault set where it does not fit. */
AlmValue      *alm_import_read_value   (const AlmImportRule *rule,
                                        const char       *text,
                                        AlmImportFault   *fault);

G_END_DECLS
