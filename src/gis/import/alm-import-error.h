/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody may insist on, has to choose or may try again; everything else that is
 * wrong with a file is a G_IO_ERROR or an ALM_FORMAT_ERROR.
 *
 * The messages of all errors about a file are for people, in their language: what is
 * wrong, and where; one repairs a list by them. */
#define ALM_IMPORT_ERROR (alm_import_error_quark ())
GQuark alm_import_error_quark (void);

typedef enum {
  ALM_IMPORT_ERROR_AGAIN,     /* the same bytes were imported before */
  ALM_IMPORT_ERROR_LOSSES,    /* too many rows without a place, or rejected */
  ALM_IMPORT_ERROR_FORMULA,   /* a cell that a spreadsheet would carry out */
  ALM_IMPORT_ERROR_LAYER,     /* several layers or tables */
  ALM_IMPORT_ERROR_SYSTEM,    /* the reference system is not known */
  ALM_IMPORT_ERROR_GONE       /* the file went away, changed or broke while it was read */
} AlmImportError;

G_END_DECLS
